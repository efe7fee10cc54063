/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Random views, triggers, sequences, functions and domains. */
#include "property.h"

#include <string.h>

static char *
list_columns (Gen *gen, const CormTable *table, const char *alias)
{
  GString *list = g_string_new (NULL);
  for (guint i = 0; i < table->columns->len; i++) {
    g_autofree char *column =
        texts_quote (gen->dialect, ((const CormTableColumn *) table->columns->pdata[i])->name);
    if (list->len == 0 || random_chance (&gen->random, 40))
      g_string_append_printf (list, "%s%s%s", list->len > 0 ? ", " : "", alias, column);
  }
  return g_string_free (list, FALSE);
}

static const CormSchemaObject *
pick_view (Gen *gen)
{
  for (guint i = 0; i < gen->schema->objects->len; i++) {
    const CormSchemaObject *object = gen->schema->objects->pdata[i];
    if (strstr (object->kind, "view") != NULL && random_chance (&gen->random, 50))
      return object;
  }
  return NULL;
}

void
generate_view (Gen *gen)
{
  const GPtrArray *tables = gen->schema->tables;
  const CormTable *table = tables->pdata[random_below (&gen->random, tables->len)];
  const CormSchemaObject *below = pick_view (gen);
  gboolean material = gen->texts->materialized != NULL && generate_wants (gen, "materialized", 20);
  g_autofree char *name = generate_name (gen, "v");
  g_autofree char *quoted = texts_quote (gen->dialect, name);
  g_autofree char *from = texts_quote (gen->dialect, below != NULL ? below->name : table->name);
  g_autofree char *list = below != NULL ? g_strdup ("count(*) AS n") : list_columns (gen, table, "");
  g_autofree char *first =
      texts_quote (gen->dialect, ((const CormTableColumn *) table->columns->pdata[0])->name);
  g_autofree char *where = below == NULL && random_chance (&gen->random, 40)
                               ? g_strdup_printf (" WHERE %s IS NOT NULL", first)
                               : g_strdup ("");
  CormSchemaObject *view =
      corm_schema_add_object (gen->schema, material ? "materialized view" : "view", name);
  view->sql = g_strdup_printf ("CREATE %sVIEW %s AS SELECT %s FROM %s%s", material ? "MATERIALIZED " : "",
                               quoted, list, from, where);
}

static void
add_trigger_function (Gen *gen, const char *name, const char *log)
{
  g_autofree char *quoted = texts_quote (gen->dialect, name);
  g_autofree char *signature = g_strconcat (quoted, "()", NULL);
  CormSchemaObject *function = corm_schema_add_object (gen->schema, "function", signature);
  function->sql = texts_fill (gen->texts->trigger_function, "n", quoted, "l", log, NULL);
}

/* Over a column or a view. */
static void
generate_other_trigger (Gen *gen, const CormTable *table)
{
  const char *text = random_word (&gen->random, gen->texts->other_triggers);
  const CormTableColumn *column = table->columns->pdata[random_below (&gen->random, table->columns->len)];
  const CormSchemaObject *view = pick_view (gen);
  g_autofree char *name = generate_name (gen, "tr");
  if (view == NULL && strstr (text, "{v}") != NULL)
    return;
  g_autofree char *quoted = texts_quote (gen->dialect, name);
  g_autofree char *log = texts_quote (gen->dialect, AUDIT);
  g_autofree char *on = texts_quote (gen->dialect, table->name);
  g_autofree char *of = texts_quote (gen->dialect, column->name);
  g_autofree char *above = view != NULL ? texts_quote (gen->dialect, view->name) : g_strdup ("");
  CormSchemaObject *trigger = corm_schema_add_object (gen->schema, "trigger", name);
  trigger->table = g_strdup (strstr (text, "ON {t}") != NULL ? table->name : view->name);
  trigger->sql = texts_fill (text, "n", quoted, "t", on, "l", log, "c", of, "v", above, NULL);
}

void
generate_trigger (Gen *gen)
{
  const GPtrArray *tables = gen->schema->tables;
  if (tables->len < 2)
    return;
  const CormTable *table = tables->pdata[1 + random_below (&gen->random, tables->len - 1)];
  if (gen->texts->other_triggers != NULL && random_chance (&gen->random, 50)) {
    generate_other_trigger (gen, table);
    return;
  }
  const char *event = random_chance (&gen->random, 50) ? "INSERT" : "DELETE";
  g_autofree char *log = texts_quote (gen->dialect, AUDIT);
  g_autofree char *on = texts_quote (gen->dialect, table->name);
  g_autofree char *function = generate_name (gen, "f");
  g_autofree char *quoted_function = texts_quote (gen->dialect, function);
  g_autofree char *name = generate_name (gen, "tr");
  g_autofree char *quoted = texts_quote (gen->dialect, name);
  if (gen->texts->trigger_function != NULL)
    add_trigger_function (gen, function, log);
  CormSchemaObject *trigger = corm_schema_add_object (gen->schema, "trigger", name);
  trigger->table = g_strdup (table->name);
  trigger->sql = texts_fill (gen->texts->trigger, "n", quoted, "e", event, "t", on, "l", log, "f",
                             quoted_function, NULL);
}

static void
add_object (Gen *gen, const char *kind, const char *template, const char *arguments)
{
  g_autofree char *name = generate_name (gen, "o");
  g_autofree char *quoted = texts_quote (gen->dialect, name);
  g_autofree char *signature = arguments != NULL ? g_strconcat (quoted, arguments, NULL) : g_strdup (name);
  g_autofree char *number = g_strdup_printf ("%u", 1 + random_below (&gen->random, 9));
  CormSchemaObject *object = corm_schema_add_object (gen->schema, kind, signature);
  object->sql = texts_fill (template, "n", quoted, "v", number, NULL);
}

void
generate_objects (Gen *gen)
{
  if (gen->texts->sequence != NULL && generate_wants (gen, "sequence", 20))
    add_object (gen, "sequence", gen->texts->sequence, NULL);
  if (gen->texts->domain != NULL && generate_wants (gen, "domain", 15))
    add_object (gen, "domain", gen->texts->domain, NULL);
  if (gen->texts->function != NULL && generate_wants (gen, "function", 20))
    add_object (gen, "function", gen->texts->function, gen->texts->function_arguments);
  for (guint i = 0; i < 3; i++)
    if (generate_wants (gen, "view", 30))
      generate_view (gen);
  for (guint i = 0; i < 2; i++)
    if (generate_wants (gen, "trigger", 25))
      generate_trigger (gen);
}
