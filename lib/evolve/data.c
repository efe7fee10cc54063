/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One query for each constraint to come, over the rows that are there: the first one that breaks it is named, with the
 * statement that lists them all. A constraint over a column that is not there yet is left to the database. */
#include "evolve/data.h"

#include "base/error.h"
#include "engine/connection.h"
#include "schema/words.h"

#include <string.h>

typedef struct {
  CormConnection *conn;
  const CormDialect *dialect;
  const CormChange *change;
  const CormTable *before; /* change->live with the names that it has now; columns stand in the same places */
} Look;

static const char *
name_now (const Look *look, const char *column)
{
  const GPtrArray *columns = look->change->live->columns;
  for (guint i = 0; i < columns->len; i++)
    if (strcmp (((const CormTableColumn *) columns->pdata[i])->name, column) == 0)
      return ((const CormTableColumn *) look->before->columns->pdata[i])->name;
  return column;
}

static void
append_name (const Look *look, GString *sql, const char *alias, const char *name)
{
  if (alias != NULL)
    g_string_append_printf (sql, "%s.", alias);
  corm_sql_append_identifier (sql, look->dialect, name);
}

/* "a.x, a.y" */
static void
append_list (const Look *look, GString *sql, const char *alias, const char *const *names,
             const char *separator, const char *behind)
{
  for (guint i = 0; names[i] != NULL; i++) {
    if (i > 0)
      g_string_append (sql, separator);
    append_name (look, sql, alias, name_now (look, names[i]));
    g_string_append (sql, behind);
  }
}

/* The primary key's columns, which tell which row it is. */
static void
append_key (const Look *look, GString *sql)
{
  const CormKey *key = look->change->live->primary_key;
  if (key != NULL && key->columns != NULL && key->columns[0] != NULL)
    append_list (look, sql, NULL, (const char *const *) key->columns, ", ", "");
  else
    g_string_append_c (sql, '1');
}

/* The first row as "a = 'x', b = 'y'", NULL in *@row when there is none. */
static gboolean
first_row (const Look *look, const char *sql, char **row, GError **error)
{
  GError *local = NULL;
  g_autofree char *limited = g_strconcat (sql, " LIMIT 1", NULL);
  g_autoptr (CormCursor) cursor = corm_query (look->conn, limited, NULL, error);
  *row = NULL;
  if (cursor == NULL)
    return corm_error_prefix (error, "%s: look for rows that break it", look->change->text);
  if (corm_cursor_next (cursor, &local)) {
    g_autoptr (GString) text = g_string_new (NULL);
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      g_autoptr (GString) value = g_string_new (NULL);
      corm_value_append_text (corm_cursor_get_value (cursor, i), value);
      g_autofree char *quoted = corm_error_quote (value->str, (gssize) value->len);
      g_string_append_printf (text, "%s%s = %s", i > 0 ? ", " : "", corm_cursor_get_name (cursor, i), quoted);
    }
    *row = g_string_free (g_steal_pointer (&text), FALSE);
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return corm_error_prefix (error, "%s: look for rows that break it", look->change->text);
}

static gboolean
refuse (const Look *look, CormError code, const char *row, const char *what, const char *sql, GError **error)
{
  g_set_error (error, CORM_ERROR, code, "%s: table %s has a row %s (%s); mend such rows first: %s",
               look->change->text, look->before->name, what, row, sql);
  return FALSE;
}

/* All of @names stand in the table as it is. */
static gboolean
are_there (const CormTable *live, const char *const *names)
{
  for (; *names != NULL; names++)
    if (corm_table_find_column (live, *names) == NULL)
      return FALSE;
  return TRUE;
}

/* NULLs in a column that may have none from now on. */
static gboolean
look_for_nulls (const Look *look, GError **error)
{
  const CormTableColumn *column = look->change->part;
  g_autofree char *row = NULL;
  if (column->convert != NULL || column->auto_increment)
    return TRUE;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  append_key (look, sql);
  g_string_append (sql, " FROM ");
  append_name (look, sql, NULL, look->before->name);
  g_string_append (sql, " WHERE ");
  append_name (look, sql, NULL, name_now (look, column->name));
  g_string_append (sql, " IS NULL");
  if (!first_row (look, sql->str, &row, error))
    return FALSE;
  return row == NULL || refuse (look, CORM_ERROR_NOT_NULL, row,
                                "that has NULL there; .convert gives such rows a value", sql->str, error);
}

static gboolean
look_for_rows (const Look *look, GError **error)
{
  const CormTableColumn *column = look->change->part;
  g_autofree char *row = NULL;
  if (!column->not_null || column->auto_increment || column->generated_sql != NULL ||
      column->convert != NULL ||
      (column->default_kind != CORM_DEFAULT_NONE && column->default_kind != CORM_DEFAULT_NULL))
    return TRUE;
  g_autoptr (GString) sql = g_string_new ("SELECT 1 FROM ");
  append_name (look, sql, NULL, look->before->name);
  if (!first_row (look, sql->str, &row, error))
    return FALSE;
  if (row == NULL)
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_NOT_NULL,
      "%s: it is NOT NULL without a default, and table %s has rows that would have nothing there; give it a "
      "default (.default_value), a value for these rows (.convert), or let it be NULL",
      look->change->text, look->before->name);
  return FALSE;
}

/* @where: of a partial index. */
static gboolean
look_for_doubles (const Look *look, const char *const *columns, const char *where, GError **error)
{
  g_autofree char *row = NULL;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  if (!are_there (look->change->live, columns))
    return TRUE;
  append_list (look, sql, NULL, columns, ", ", "");
  g_string_append (sql, " FROM ");
  append_name (look, sql, NULL, look->before->name);
  g_string_append (sql, " WHERE ");
  if (where != NULL)
    g_string_append_printf (sql, "(%s) AND ", where);
  append_list (look, sql, NULL, columns, " AND ", " IS NOT NULL");
  g_string_append (sql, " GROUP BY ");
  append_list (look, sql, NULL, columns, ", ", "");
  g_string_append (sql, " HAVING count(*) > 1");
  if (!first_row (look, sql->str, &row, error))
    return FALSE;
  return row == NULL || refuse (look, CORM_ERROR_UNIQUE, row, "more than once", sql->str, error);
}

/* It speaks of a column that is added with it. */
static gboolean
names_new_column (const CormChange *change, const char *sql)
{
  for (guint i = 0; i < change->table->columns->len; i++) {
    const char *name = ((const CormTableColumn *) change->table->columns->pdata[i])->name;
    if (corm_table_find_column (change->live, name) == NULL && corm_words_mention (sql, name))
      return TRUE;
  }
  return FALSE;
}

static gboolean
look_for_double_parts (const Look *look, GError **error)
{
  const CormTableIndex *index = look->change->part;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  if (index->where != NULL && names_new_column (look->change, index->where))
    return TRUE;
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    if (!index->unique || part->is_expression)
      return TRUE;
    g_strv_builder_add (names, part->sql);
  }
  g_auto (GStrv) columns = g_strv_builder_end (names);
  return look_for_doubles (look, (const char *const *) columns, index->where, error);
}

/* Rows that point to nothing; every row that points at all where the target is not there yet. */
static gboolean
look_for_orphans (const Look *look, const CormSchema *from, GError **error)
{
  const CormForeignKey *key = look->change->part;
  const CormTable *target = corm_schema_find_table (from, key->target_table);
  const char *const *targets = corm_foreign_key_targets (key, target);
  g_autofree char *row = NULL;
  if (!are_there (look->change->live, (const char *const *) key->columns) ||
      (target != NULL && !are_there (target, targets)))
    return TRUE;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  append_list (look, sql, "a", (const char *const *) key->columns, ", ", "");
  g_string_append (sql, " FROM ");
  append_name (look, sql, NULL, look->before->name);
  g_string_append (sql, " a WHERE ");
  append_list (look, sql, "a", (const char *const *) key->columns, " AND ", " IS NOT NULL");
  if (target != NULL) {
    g_string_append (sql, " AND NOT EXISTS (SELECT 1 FROM ");
    append_name (look, sql, NULL, target->name);
    g_string_append (sql, " b WHERE ");
    for (guint i = 0; targets[i] != NULL; i++) {
      append_name (look, sql, i > 0 ? " AND b" : "b", targets[i]);
      g_string_append (sql, " = ");
      append_name (look, sql, "a", key->columns[i]);
    }
    g_string_append_c (sql, ')');
  }
  if (!first_row (look, sql->str, &row, error))
    return FALSE;
  g_autofree char *what = g_strdup_printf ("that points to no row of %s", key->target_table);
  return row == NULL || refuse (look, CORM_ERROR_FOREIGN_KEY, row, what, sql->str, error);
}

static gboolean
look_for_breaches (const Look *look, GError **error)
{
  const CormCheck *check = look->change->part;
  g_autofree char *row = NULL;
  if (names_new_column (look->change, check->sql))
    return TRUE;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  append_key (look, sql);
  g_string_append (sql, " FROM ");
  append_name (look, sql, NULL, look->before->name);
  g_string_append_printf (sql, " WHERE NOT (%s)", check->sql);
  if (!first_row (look, sql->str, &row, error))
    return FALSE;
  return row == NULL || refuse (look, CORM_ERROR_CHECK, row, "that breaks it", sql->str, error);
}

/* Values that the database would cut or round without a word. */
static gboolean
look_for_losses (const Look *look, GError **error)
{
  const CormTableColumn *is = look->change->is, *should = look->change->part;
  g_autoptr (GString) condition = g_string_new (NULL);
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *row = NULL;
  append_name (look, name, NULL, name_now (look, should->name));
  if (look->dialect->append_loss == NULL || should->convert != NULL ||
      !look->dialect->append_loss (condition, name->str, is, should))
    return TRUE;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  append_key (look, sql);
  g_string_append (sql, " FROM ");
  append_name (look, sql, NULL, look->before->name);
  g_string_append_printf (sql, " WHERE %s", condition->str);
  if (!first_row (look, sql->str, &row, error))
    return FALSE;
  return row == NULL ||
         refuse (look, CORM_ERROR_CONVERSION, row, "whose value would become another one", sql->str, error);
}

static gboolean
look (const Look *look_at, const CormSchema *from, GError **error)
{
  const CormChange *change = look_at->change;
  const CormKey *key = change->part;
  switch (change->kind) {
  case CORM_OP_ADD_COLUMN:
    return look_for_rows (look_at, error);
  case CORM_OP_SET_NOT_NULL:
    return look_for_nulls (look_at, error);
  case CORM_OP_SET_TYPE:
    return look_for_losses (look_at, error);
  case CORM_OP_ADD_PRIMARY_KEY:
  case CORM_OP_ADD_UNIQUE:
    return look_for_doubles (look_at, (const char *const *) key->columns, NULL, error);
  case CORM_OP_CREATE_INDEX:
    return look_for_double_parts (look_at, error);
  case CORM_OP_ADD_FOREIGN_KEY:
    return look_for_orphans (look_at, from, error);
  case CORM_OP_ADD_CHECK:
    return look_for_breaches (look_at, error);
  default:
    return TRUE;
  }
}

/* @live as it is called now; NULL: nobody knows. */
static const CormTable *
table_now (const CormDiff *diff, const CormTable *live)
{
  guint at;
  if (diff->renamed == NULL)
    return live;
  return g_ptr_array_find (diff->from->tables, live, &at) ? diff->before->tables->pdata[at] : NULL;
}

static gboolean
keeps_its_names (const CormDiff *diff, const CormTable *live)
{
  const CormTable *before = table_now (diff, live);
  gboolean same = before != NULL && strcmp (before->name, live->name) == 0;
  for (guint i = 0; same && i < live->columns->len; i++)
    same = strcmp (((CormTableColumn *) before->columns->pdata[i])->name,
                   ((CormTableColumn *) live->columns->pdata[i])->name) == 0;
  return same;
}

/* A text speaks in the names to come, and so does a foreign key of its target. */
static gboolean
can_be_said_now (const CormDiff *diff, const CormChange *change)
{
  const CormForeignKey *key = change->part;
  const CormTable *target = NULL;
  switch (change->kind) {
  case CORM_OP_CREATE_INDEX:
    return ((const CormTableIndex *) change->part)->where == NULL || keeps_its_names (diff, change->live);
  case CORM_OP_ADD_CHECK:
    return keeps_its_names (diff, change->live);
  case CORM_OP_ADD_FOREIGN_KEY:
    target = corm_diff_find_table (diff, diff->from, key->target_table);
    return keeps_its_names (diff, change->live) && (target == NULL || keeps_its_names (diff, target));
  default:
    return TRUE;
  }
}

/* Put back as it was: the rows bear it. */
static gboolean
is_put_back (const CormChange *change)
{
  return change->approval == CORM_APPROVAL_NONE && change->difference != NULL &&
         change->difference[0] == '\0';
}

gboolean
corm_data_check (CormConnection *conn, const CormPlanner *planner, const CormDiff *diff, GError **error)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    const CormTable *before = change->live != NULL ? table_now (diff, change->live) : NULL;
    Look look_at = { conn, corm_connection_get_dialect (conn), change, before };
    if (before != NULL && corm_planner_allows (planner, diff, change) && !is_put_back (change) &&
        can_be_said_now (diff, change) && !look (&look_at, diff->before, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_data_look (CormConnection *conn, const CormSchema *live, const CormChange *change, GError **error)
{
  Look look_at = { conn, corm_connection_get_dialect (conn), change, change->live };
  return look (&look_at, live, error);
}
