/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The table rebuild, for what ALTER TABLE cannot add. The stored CREATE TABLE gets the additions in the right places
 * and stays byte for byte what it was elsewhere. The rows wait in a temporary table without column types, so that
 * no affinity touches them, while the table is dropped and made again under its own name: nothing is ever renamed,
 * so SQLite rewrites no view, trigger or foreign key that names it (sqlite.org/lang_altertable.html, "making other
 * kinds of table schema changes", warns of that). Runs inside one transaction with foreign keys off. */
#include "../dialects.h"
#include "ddl.h"

#include <string.h>

static void
append_name (GString *sql, const char *name)
{
  corm_sql_append_identifier (sql, &corm_sqlite3_dialect, name);
}

static void
append_string (GString *sql, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "'", -1);
  g_autofree char *doubled = g_strjoinv ("''", parts);
  g_string_append_printf (sql, "'%s'", doubled);
}

static void
take (GPtrArray *sql, GString *statement)
{
  g_ptr_array_add (sql, g_string_free (statement, FALSE));
}

/* --- the new CREATE TABLE -------------------------------------------------------------------------------------------- */

/* What stands between a comma and the last column: a new line with its indent, or one space. */
static char *
find_gap (const char *sql, const CormSqlite3Table *ddl)
{
  const CormSqlite3Column *last = ddl->columns->pdata[ddl->columns->len - 1];
  for (gsize i = last->gap; i < last->start; i++)
    if (!g_ascii_isspace (sql[i]))
      return g_strdup (" ");
  g_autofree char *gap = g_strndup (sql + last->gap, last->start - last->gap);
  return strchr (gap, '\n') != NULL ? g_steal_pointer (&gap) : g_strdup (" ");
}

static char *
edit (const char *sql, const CormSqlite3Table *ddl, const CormTableEdit *edits, guint n_edits)
{
  g_autofree char *gap = find_gap (sql, ddl);
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autoptr (GString) constraints = g_string_new (NULL);
  for (guint i = 0; i < n_edits; i++)
    g_string_append_printf (edits[i].kind == CORM_OP_ADD_COLUMN ? columns : constraints, ",%s%s", gap,
                            edits[i].definition);
  GString *text = g_string_new_len (sql, (gssize) ddl->columns_end);
  g_string_append (text, columns->str);
  g_string_append_len (text, sql + ddl->columns_end, (gssize) (ddl->body_end - ddl->columns_end));
  g_string_append (text, constraints->str);
  g_string_append (text, sql + ddl->body_end);
  return g_string_free (text, FALSE);
}

/* --- the rows ---------------------------------------------------------------------------------------------------------- */

static gboolean
has_column (const CormSqlite3Table *ddl, const char *name)
{
  for (guint i = 0; i < ddl->columns->len; i++)
    if (g_ascii_strcasecmp (((const CormSqlite3Column *) ddl->columns->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* A name for the rowid, where it is not one of the columns; NULL where there is none to keep. */
static const char *
find_rowid (const CormSqlite3Table *ddl)
{
  static const char *const names[] = { "rowid", "_rowid_", "oid" };
  if (ddl->without_rowid || corm_sqlite3_table_rowid_column (ddl) != NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!has_column (ddl, names[i]))
      return names[i];
  return NULL;
}

/* "rowid, a, b": what has to be carried over; generated columns make themselves. */
static char *
list_columns (const CormSqlite3Table *ddl, guint *n)
{
  GString *list = g_string_new (find_rowid (ddl));
  *n = list->len > 0 ? 1 : 0;
  for (guint i = 0; i < ddl->columns->len; i++) {
    const CormSqlite3Column *column = ddl->columns->pdata[i];
    if (column->generated != NULL)
      continue;
    if (list->len > 0)
      g_string_append (list, ", ");
    append_name (list, column->name);
    (*n)++;
  }
  return g_string_free (list, FALSE);
}

static void
save_rows (GPtrArray *sql, const char *table, const char *columns, guint n)
{
  GString *create = g_string_new ("CREATE TEMP TABLE corm_rebuild (");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (create, "%sc%u", i > 0 ? ", " : "", i);
  g_string_append_c (create, ')');
  take (sql, create);
  GString *insert = g_string_new (NULL);
  g_string_printf (insert, "INSERT INTO temp.corm_rebuild SELECT %s FROM main.", columns);
  append_name (insert, table);
  take (sql, insert);
}

/* OR ABORT overrides an ON CONFLICT of the table's: no row may vanish. */
static void
restore_rows (GPtrArray *sql, const char *table, const char *columns)
{
  GString *insert = g_string_new ("INSERT OR ABORT INTO main.");
  append_name (insert, table);
  g_string_append_printf (insert, " (%s) SELECT * FROM temp.corm_rebuild ORDER BY rowid", columns);
  take (sql, insert);
  g_ptr_array_add (sql, g_strdup ("DROP TABLE temp.corm_rebuild"));
}

static void
save_sequence (GPtrArray *sql, const char *table)
{
  GString *save = g_string_new (
      "CREATE TEMP TABLE corm_rebuild_sequence AS SELECT name, seq FROM main.sqlite_sequence WHERE name = ");
  append_string (save, table);
  take (sql, save);
}

static void
restore_sequence (GPtrArray *sql, const char *table)
{
  GString *clear = g_string_new ("DELETE FROM main.sqlite_sequence WHERE name = ");
  append_string (clear, table);
  take (sql, clear);
  g_ptr_array_add (sql, g_strdup ("INSERT INTO main.sqlite_sequence (name, seq) "
                                  "SELECT name, seq FROM temp.corm_rebuild_sequence"));
  g_ptr_array_add (sql, g_strdup ("DROP TABLE temp.corm_rebuild_sequence"));
}

/* --- what hangs on the table ------------------------------------------------------------------------------------------- */

static void
restore_dependents (GPtrArray *sql, const CormSchema *live, const CormTable *table)
{
  for (guint i = 0; i < table->indexes->len; i++)
    g_ptr_array_add (sql, g_strdup (((const CormTableIndex *) table->indexes->pdata[i])->sql));
  for (guint i = 0; i < live->objects->len; i++) {
    const CormSchemaObject *object = live->objects->pdata[i];
    if (g_str_equal (object->kind, "trigger") && g_ascii_strcasecmp (object->table, table->name) == 0)
      g_ptr_array_add (sql, g_strdup (object->sql));
  }
}

gboolean
corm_sqlite3_rebuild (const CormSchema *live, const CormTable *table, const CormTableEdit *edits,
                      guint n_edits, GPtrArray *sql, G_GNUC_UNUSED GPtrArray *reverse, GError **error)
{
  guint n;
  g_autoptr (CormSqlite3Table) ddl = table->sql != NULL ? corm_sqlite3_table_parse (table->sql, error) : NULL;
  if (ddl == NULL) {
    if (table->sql == NULL)
      g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                   "the schema does not hold its SQL: read it from the database");
    g_prefix_error (error, "rebuilding table %s: ", table->name);
    return FALSE;
  }
  g_autofree char *columns = list_columns (ddl, &n);
  save_rows (sql, table->name, columns, n);
  if (ddl->autoincrement)
    save_sequence (sql, table->name);
  GString *drop = g_string_new ("DROP TABLE main.");
  append_name (drop, table->name);
  take (sql, drop);
  g_ptr_array_add (sql, edit (table->sql, ddl, edits, n_edits));
  restore_rows (sql, table->name, columns);
  if (ddl->autoincrement)
    restore_sequence (sql, table->name);
  restore_dependents (sql, live, table);
  return TRUE;
}
