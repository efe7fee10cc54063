/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Views, triggers, functions and whatever else is kept as text: by kind and name, and then word by word. Models can't say
 * them, so that a schema made of models has nothing to say about them. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

enum { EARLY_CREATE = 6, LATE_DROP = 23 };

static gboolean
is_one_of (const char *kind, const char *const *kinds)
{
  return g_strv_contains (kinds, kind);
}

/* What columns are made of: it is there before the tables and goes behind them. */
static gboolean
is_type (const char *kind)
{
  static const char *const kinds[] = { "sequence",  "enum",  "domain",    "type",
                                       "composite", "range", "collation", NULL };
  return is_one_of (kind, kinds);
}

static gboolean
is_routine (const char *kind)
{
  static const char *const kinds[] = { "function", "procedure", "aggregate", "package", "operator", NULL };
  return is_one_of (kind, kinds);
}

/* Rows, or a counter, would go with it. */
static gboolean
holds_data (const char *kind)
{
  static const char *const kinds[] = { "sequence", "virtual table", NULL };
  return is_one_of (kind, kinds);
}

static const CormSchemaObject *
find_object (const CormDiff *diff, const CormSchema *schema, const CormSchemaObject *like)
{
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    if (strcmp (object->kind, like->kind) == 0 && corm_diff_same_name (diff, object->name, like->name) &&
        (object->table == NULL || like->table == NULL ||
         corm_diff_same_name (diff, object->table, like->table)))
      return object;
  }
  return NULL;
}

/* The name of a function without its arguments. */
static gboolean
is_mentioned (const char *sql, const CormSchemaObject *object)
{
  g_autofree char *bare = g_strndup (object->name, strcspn (object->name, "("));
  return sql != NULL && corm_words_mention (sql, bare);
}

/* A column, a check or a type of @schema is written with it; a type may be in anything. */
static gboolean
is_used (const CormSchema *schema, const CormSchemaObject *object)
{
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    for (guint c = 0; c < table->columns->len; c++) {
      const CormTableColumn *column = table->columns->pdata[c];
      if (is_mentioned (column->type_sql, object) || is_mentioned (column->default_sql, object) ||
          is_mentioned (column->default_text, object) || is_mentioned (column->generated_sql, object))
        return TRUE;
    }
    for (guint c = 0; c < table->checks->len; c++)
      if (is_mentioned (((CormCheck *) table->checks->pdata[c])->sql, object))
        return TRUE;
  }
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *other = schema->objects->pdata[i];
    if (other != object && (is_type (other->kind) || is_type (object->kind)) &&
        is_mentioned (other->sql, object))
      return TRUE;
  }
  return FALSE;
}

gboolean
corm_schema_object_is_early (const CormSchema *schema, const CormSchemaObject *object)
{
  return is_type (object->kind) || (is_routine (object->kind) && is_used (schema, object));
}

void
corm_diff_order_object (CormChange *change, const CormSchema *schema, const CormSchemaObject *object)
{
  guint at = 0;
  g_ptr_array_find (schema->objects, object, &at);
  change->order = change->kind == CORM_OP_DROP_OBJECT ? G_MAXUINT - at : at;
}

static CormChange *
create (CormDiff *diff, const CormSchemaObject *object, const CormSchemaObject *is)
{
  CormChange *change = corm_diff_add (
      diff, CORM_OP_CREATE_OBJECT, NULL, NULL, object, is, object->name,
      g_strdup_printf ("%s %s %s", is != NULL ? "change" : "create", object->kind, object->name));
  if (corm_schema_object_is_early (diff->to, object))
    change->phase = EARLY_CREATE;
  if (is != NULL)
    change->approval = CORM_APPROVAL_CHANGE;
  corm_diff_order_object (change, diff->to, object);
  return change;
}

static CormChange *
drop (CormDiff *diff, const CormSchemaObject *is)
{
  CormChange *change = corm_diff_add (diff, CORM_OP_DROP_OBJECT, NULL, NULL, NULL, is, is->name,
                                      g_strdup_printf ("drop %s %s", is->kind, is->name));
  if (is_type (is->kind) || is_routine (is->kind))
    change->phase = LATE_DROP;
  corm_diff_order_object (change, diff->before, is);
  return change;
}

/* A statement that takes the place of what is there, or can be told to. */
static gboolean
can_replace (const CormSchemaObject *object)
{
  g_autoptr (GPtrArray) words = corm_words_split (object->sql);
  return strcmp (object->kind, "sequence") == 0 ||
         (words->len > 2 && strcmp (words->pdata[1], "or") == 0 && strcmp (words->pdata[2], "replace") == 0);
}

static void
change_object (CormDiff *diff, const CormSchemaObject *is, const CormSchemaObject *should)
{
  g_autofree char *what = g_strdup_printf ("%s %s", should->kind, should->name);
  if (is_type (should->kind) && !can_replace (should) && is_used (diff->to, should)) {
    corm_diff_differs (diff, NULL, NULL, should->name, what, is->sql, should->sql);
    return;
  }
  CormChange *made = create (diff, should, can_replace (should) ? is : NULL);
  corm_change_says (diff, made, what, is->sql, should->sql);
  if (can_replace (should))
    return;
  CormChange *gone = drop (diff, is);
  gone->difference = g_strdup ("");
  gone->approval = holds_data (is->kind) ? CORM_APPROVAL_DESTRUCTIVE : CORM_APPROVAL_CHANGE;
  gone->phase = MIN (gone->phase, made->phase - 1); /* its name has to be free */
  corm_diff_join (diff, gone, made);
}

/* It goes with its table. */
static gboolean
follows_its_table (const CormDiff *diff, const CormSchemaObject *is, const char *table)
{
  return is->table != NULL && corm_diff_find_table (diff, diff->from, table) != NULL &&
         corm_diff_find_table (diff, diff->to, table) == NULL;
}

/* Its text was kept from the role that looked, so nobody can say what differs, and nobody could make it again. */
static void
leave_hidden (CormDiff *diff, const CormSchemaObject *is, const CormSchemaObject *should)
{
  if (is != NULL && is->sql == NULL && should->sql == NULL)
    return;
  CormChange *change = corm_diff_add (diff, CORM_OP_DIFFERS, NULL, NULL, NULL, NULL, should->name, NULL);
  change->text = g_strdup_printf (
      "%s %s: the role that read the schema may not see its text: %s", should->kind, should->name,
      is == NULL ? "it cannot be made" : "it is not compared, and stays as it is");
  change->difference = g_strdup (change->text);
}

void
corm_diff_objects (CormDiff *diff)
{
  for (guint i = 0; i < diff->to->objects->len; i++) {
    const CormSchemaObject *should = diff->to->objects->pdata[i];
    const CormSchemaObject *is = find_object (diff, diff->from, should);
    guint at;
    if (should->sql == NULL || (is != NULL && is->sql == NULL)) {
      leave_hidden (diff, is, should);
    } else if (is == NULL) {
      create (diff, should, NULL);
    } else if (!corm_words_equal (is->sql, should->sql)) {
      g_ptr_array_find (diff->from->objects, is, &at);
      change_object (diff, diff->before->objects->pdata[at], should);
    }
  }
  for (guint i = diff->from->objects->len; i-- > 0 && !diff->to->from_models;) {
    const CormSchemaObject *is = diff->from->objects->pdata[i];
    g_autofree char *what = g_strdup_printf ("%s %s", is->kind, is->name);
    if (find_object (diff, diff->to, is) == NULL && !follows_its_table (diff, is, is->table))
      corm_change_says (diff, drop (diff, diff->before->objects->pdata[i]), what, NULL, NULL);
  }
}
