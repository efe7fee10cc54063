/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A schema as text for a person. */
#include "app.h"

static void
append_column (GString *text, const CormTable *table, const CormTableColumn *column, int name_width,
               int type_width)
{
  gboolean is_key = table->primary_key != NULL &&
                    g_strv_contains ((const char *const *) table->primary_key->columns, column->name);
  const char *type = column->type_sql != NULL && *column->type_sql != '\0'
                         ? column->type_sql
                         : corm_type_name (column->type.type);
  app_append (text, "  %-*s  %-*s", name_width, column->name, type_width, type);
  g_string_append (text, is_key ? "  key" : "");
  g_string_append (text, column->auto_increment ? "  automatic" : "");
  g_string_append (text, column->not_null && !is_key ? "  not null" : "");
  if (column->default_sql != NULL)
    app_append (text, "  default %s", column->default_sql);
  if (column->generated_sql != NULL)
    app_append (text, "  generated as (%s)", column->generated_sql);
  if (column->collation != NULL)
    app_append (text, "  collate %s", column->collation);
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

static void
append_action (GString *text, const char *event, CormAction action)
{
  static const char *const words[] = { NULL, "restrict", "cascade", "set null", "set default" };
  if (words[action] != NULL)
    app_append (text, " on %s %s", event, words[action]);
}

static void
append_keys (GString *text, const CormTable *table)
{
  for (guint i = 0; i < table->uniques->len; i++) {
    const CormKey *key = g_ptr_array_index (table->uniques, i);
    g_autofree char *columns = g_strjoinv (", ", key->columns);
    app_append (text, "  unique (%s)\n", columns);
  }
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
    g_autofree char *columns = g_strjoinv (", ", key->columns);
    g_autofree char *targets =
        key->target_columns != NULL ? g_strjoinv (", ", key->target_columns) : g_strdup ("");
    app_append (text, "  foreign key (%s) to %s (%s)", columns, key->target_table, targets);
    append_action (text, "delete", key->on_delete);
    append_action (text, "update", key->on_update);
    g_string_append_c (text, '\n');
  }
  for (guint i = 0; i < table->checks->len; i++)
    app_append (text, "  check (%s)\n", ((const CormCheck *) g_ptr_array_index (table->checks, i))->sql);
}

static void
append_indexes (GString *text, const CormTable *table)
{
  for (guint i = 0; i < table->indexes->len; i++) {
    const CormTableIndex *index = g_ptr_array_index (table->indexes, i);
    app_append (text, "  %sindex %s (", index->unique ? "unique " : "", index->name);
    for (guint p = 0; p < index->parts->len; p++) {
      const CormIndexPart *part = g_ptr_array_index (index->parts, p);
      app_append (text, "%s%s%s", p > 0 ? ", " : "", part->sql, part->descending ? " desc" : "");
    }
    g_string_append_c (text, ')');
    if (index->where != NULL)
      app_append (text, " where %s", index->where);
    g_string_append_c (text, '\n');
  }
}

static void
append_table (GString *text, const CormTable *table)
{
  int name_width = 0, type_width = 0;
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = g_ptr_array_index (table->columns, i);
    name_width = MAX (name_width, (int) g_utf8_strlen (column->name, -1));
    if (column->type_sql != NULL)
      type_width = MIN (MAX (type_width, (int) g_utf8_strlen (column->type_sql, -1)), 40);
  }
  app_append (text, "%s\n", table->name);
  for (guint i = 0; i < table->columns->len; i++)
    append_column (text, table, g_ptr_array_index (table->columns, i), name_width, type_width);
  append_keys (text, table);
  append_indexes (text, table);
}

char *
app_emit_table (const CormSchema *schema)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < schema->tables->len; i++) {
    append_table (text, g_ptr_array_index (schema->tables, i));
    g_string_append_c (text, '\n');
  }
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = g_ptr_array_index (schema->objects, i);
    app_append (text, "%s %s\n", object->kind, object->name);
  }
  app_append (text, "%u %s, %u other %s\n", schema->tables->len,
              schema->tables->len == 1 ? "table" : "tables", schema->objects->len,
              schema->objects->len == 1 ? "object" : "objects");
  return g_string_free (text, FALSE);
}
