/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Two schemas, table by table. Only what adds becomes an operation; everything else is named and left alone. What the
 * comparison may not do is to see a difference where there is none: it would be reported for ever. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

static void
change_free (gpointer data)
{
  CormChange *change = data;
  g_free (change->text);
  g_free (change->hazard);
  g_free (change);
}

/* Keys before the foreign keys that point to them, and unique indexes may be such keys. */
static guint
phase_of (CormOpKind kind, gconstpointer part)
{
  static const guint phases[] = {
    [CORM_OP_CREATE_ENUM] = 0,  [CORM_OP_CREATE_TABLE] = 1,    [CORM_OP_ADD_COLUMN] = 2,
    [CORM_OP_ADD_UNIQUE] = 3,   [CORM_OP_ADD_FOREIGN_KEY] = 5, [CORM_OP_ADD_CHECK] = 6,
    [CORM_OP_CREATE_INDEX] = 7, [CORM_OP_DIFFERS] = 8,
  };
  if (kind == CORM_OP_CREATE_INDEX && ((const CormTableIndex *) part)->unique)
    return 4;
  return phases[kind];
}

CormChange *
corm_diff_add (CormDiff *diff, CormOpKind kind, const CormTable *live, const CormTable *table,
               gconstpointer part, const char *name, char *text)
{
  CormChange *change = g_new0 (CormChange, 1);
  change->kind = kind;
  change->live = live;
  change->table = table;
  change->part = part;
  change->name = name;
  change->text = text;
  change->phase = phase_of (kind, part);
  guint at = diff->changes->len;
  while (at > 0 && ((CormChange *) diff->changes->pdata[at - 1])->phase > change->phase)
    at--;
  g_ptr_array_insert (diff->changes, (gint) at, change);
  return change;
}

void
corm_diff_differs (CormDiff *diff, const CormTable *live, const CormTable *table, const char *name,
                   const char *what, const char *is, const char *should)
{
  char *text =
      is == NULL ? g_strdup_printf ("%s: is not in the %s", what, diff->to->from_models ? "models" : "schema")
                 : g_strdup_printf ("%s: %s, the %s %s", what, is,
                                    diff->to->from_models ? "models say" : "schema says", should);
  corm_diff_add (diff, CORM_OP_DIFFERS, live, table, NULL, name, text);
}

gboolean
corm_diff_same_name (const CormDiff *diff, const char *a, const char *b)
{
  return diff->dialect->names_fold ? g_ascii_strcasecmp (a, b) == 0 : strcmp (a, b) == 0;
}

static gboolean
has_name (const CormDiff *diff, const char *const *names, const char *name)
{
  for (; *names != NULL; names++)
    if (corm_diff_same_name (diff, *names, name))
      return TRUE;
  return FALSE;
}

gboolean
corm_diff_same_names (const CormDiff *diff, const char *const *a, const char *const *b, gboolean ordered)
{
  if (a == NULL || b == NULL || g_strv_length ((GStrv) a) != g_strv_length ((GStrv) b))
    return FALSE;
  for (guint i = 0; a[i] != NULL; i++)
    if (ordered ? !corm_diff_same_name (diff, a[i], b[i]) : !has_name (diff, b, a[i]))
      return FALSE;
  return TRUE;
}

const CormTable *
corm_diff_find_table (const CormDiff *diff, const CormSchema *schema, const char *name)
{
  const CormTable *table = corm_schema_find_table (schema, name);
  for (guint i = 0; table == NULL && i < schema->tables->len; i++)
    if (corm_diff_same_name (diff, ((CormTable *) schema->tables->pdata[i])->name, name))
      table = schema->tables->pdata[i];
  return table;
}

const CormTableColumn *
corm_diff_find_column (const CormDiff *diff, const CormTable *table, const char *name)
{
  const CormTableColumn *column = corm_table_find_column (table, name);
  for (guint i = 0; column == NULL && i < table->columns->len; i++)
    if (corm_diff_same_name (diff, ((CormTableColumn *) table->columns->pdata[i])->name, name))
      column = table->columns->pdata[i];
  return column;
}

static void
diff_table (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  g_autofree char *what = g_strconcat ("table ", table->name, NULL);
  if (table->strict && !live->strict)
    corm_diff_differs (diff, live, table, NULL, what, "is not STRICT", "STRICT");
  if (table->without_rowid && !live->without_rowid)
    corm_diff_differs (diff, live, table, NULL, what, "has rowids", "WITHOUT ROWID");
  corm_diff_columns (diff, live, table);
  corm_diff_keys (diff, live, table);
  corm_diff_foreign_keys (diff, live, table);
  corm_diff_checks (diff, live, table);
  corm_diff_indexes (diff, live, table);
}

static void
create_table (CormDiff *diff, const CormTable *table)
{
  const CormTable *former = table->was != NULL ? corm_diff_find_table (diff, diff->from, table->was) : NULL;
  if (former != NULL) {
    g_autoptr (GString) sql = g_string_new ("ALTER TABLE ");
    corm_sql_append_identifier (sql, diff->dialect, former->name);
    g_string_append (sql, " RENAME TO ");
    corm_sql_append_identifier (sql, diff->dialect, table->name);
    corm_diff_add (diff, CORM_OP_DIFFERS, NULL, table, NULL, NULL,
                   g_strdup_printf ("table %s: is still called %s; rename it first: %s", table->name,
                                    former->name, sql->str));
    return;
  }
  corm_diff_add (diff, CORM_OP_CREATE_TABLE, NULL, table, NULL, NULL,
                 g_strdup_printf ("create table %s", table->name));
  corm_diff_columns (diff, NULL, table); /* their enum types */
  corm_diff_foreign_keys (diff, NULL, table);
  corm_diff_indexes (diff, NULL, table);
}

/* The former name of a table that should have another one: said there already. */
static gboolean
is_former (const CormDiff *diff, const CormTable *live)
{
  for (guint i = 0; i < diff->to->tables->len; i++) {
    const CormTable *table = diff->to->tables->pdata[i];
    if (table->was != NULL && corm_diff_same_name (diff, table->was, live->name) &&
        corm_diff_find_table (diff, diff->from, table->name) == NULL)
      return TRUE;
  }
  return FALSE;
}

static const CormSchemaObject *
find_object (const CormDiff *diff, const CormSchema *schema, const CormSchemaObject *like)
{
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    if (strcmp (object->kind, like->kind) == 0 && corm_diff_same_name (diff, object->name, like->name))
      return object;
  }
  return NULL;
}

static void
diff_objects (CormDiff *diff)
{
  for (guint i = 0; i < diff->to->objects->len; i++) {
    const CormSchemaObject *object = diff->to->objects->pdata[i];
    const CormSchemaObject *live = find_object (diff, diff->from, object);
    g_autofree char *what = g_strdup_printf ("%s %s", object->kind, object->name);
    if (live == NULL)
      corm_diff_differs (diff, NULL, NULL, object->name, what, "is not in the database", "there is one");
    else if (!corm_words_equal (live->sql, object->sql))
      corm_diff_differs (diff, NULL, NULL, object->name, what, live->sql, object->sql);
  }
  for (guint i = 0; i < diff->from->objects->len && !diff->to->from_models; i++) {
    const CormSchemaObject *live = diff->from->objects->pdata[i];
    g_autofree char *what = g_strdup_printf ("%s %s", live->kind, live->name);
    if (find_object (diff, diff->to, live) == NULL)
      corm_diff_differs (diff, NULL, NULL, live->name, what, NULL, NULL);
  }
}

GPtrArray *
corm_schema_compare (const CormDialect *dialect, const CormSchema *from, const CormSchema *to)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func (change_free);
  CormDiff diff = { dialect, from, to, changes };
  g_autoptr (GPtrArray) ordered = corm_tables_order (to->tables);
  for (guint i = 0; i < ordered->len; i++) {
    const CormTable *table = ordered->pdata[i];
    const CormTable *live = corm_diff_find_table (&diff, from, table->name);
    if (live != NULL)
      diff_table (&diff, live, table);
    else
      create_table (&diff, table);
  }
  for (guint i = 0; i < from->tables->len; i++) {
    const CormTable *live = from->tables->pdata[i];
    g_autofree char *what = g_strconcat ("table ", live->name, NULL);
    if (corm_diff_find_table (&diff, to, live->name) == NULL && !is_former (&diff, live))
      corm_diff_differs (&diff, live, NULL, NULL, what, NULL, NULL);
  }
  diff_objects (&diff);
  return changes;
}
