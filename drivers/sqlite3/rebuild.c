/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The table rebuild, for what ALTER TABLE cannot change. The stored CREATE TABLE gets the edits in the right places and
 * stays byte for byte what it was elsewhere. The rows wait in a temporary table without column types, so that no
 * affinity touches them, while the table is dropped and made again under its own name: but for a rename that was asked
 * for nothing is ever renamed, so SQLite rewrites no view, trigger or foreign key that names it
 * (sqlite.org/lang_altertable.html, "making other kinds of table schema changes", warns of that). Renames are SQLite's
 * own (rename.c) and come first. Runs inside one transaction with foreign keys off. */
#include "rebuild.h"

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

static void
say (GPtrArray *sql, const char *statement)
{
  g_ptr_array_add (sql, g_strdup (statement));
}

/* --- the rows: out, and in again ------------------------------------------------------------------------------------- */

static void
save_rows (GPtrArray *sql, const char *table, const CormSqlite3Rows *rows)
{
  GString *create = g_string_new ("CREATE TEMP TABLE corm_rebuild (");
  GString *insert = g_string_new ("INSERT INTO temp.corm_rebuild SELECT ");
  for (guint i = 0; i < rows->saved->len; i++) {
    g_string_append_printf (create, "%sc%u", i > 0 ? ", " : "", i);
    g_string_append_printf (insert, "%s%s", i > 0 ? ", " : "", (char *) rows->saved->pdata[i]);
  }
  g_string_append_c (create, ')');
  g_string_append (insert, " FROM main.");
  append_name (insert, table);
  take (sql, create);
  take (sql, insert);
}

/* OR ABORT overrides an ON CONFLICT of the table's: no row may vanish. */
static void
restore_rows (GPtrArray *sql, const char *table, const CormSqlite3Rows *rows)
{
  GString *insert = g_string_new ("INSERT OR ABORT INTO main.");
  append_name (insert, table);
  for (guint i = 0; i < rows->columns->len; i++)
    g_string_append_printf (insert, "%s%s", i > 0 ? ", " : " (", (char *) rows->columns->pdata[i]);
  g_string_append (insert, ") SELECT ");
  for (guint i = 0; i < rows->values->len; i++)
    g_string_append_printf (insert, "%s%s", i > 0 ? ", " : "", (char *) rows->values->pdata[i]);
  g_string_append (insert, " FROM temp.corm_rebuild ORDER BY rowid");
  take (sql, insert);
  say (sql, "DROP TABLE temp.corm_rebuild");
}

static void
save_sequence (GPtrArray *sql, const char *table)
{
  GString *save = g_string_new (
      "CREATE TEMP TABLE corm_rebuild_sequence AS SELECT seq FROM main.sqlite_sequence WHERE name = ");
  append_string (save, table);
  take (sql, save);
}

static void
restore_sequence (GPtrArray *sql, const char *table)
{
  GString *clear = g_string_new ("DELETE FROM main.sqlite_sequence WHERE name = ");
  GString *restore = g_string_new ("INSERT INTO main.sqlite_sequence (name, seq) SELECT ");
  append_string (clear, table);
  take (sql, clear);
  append_string (restore, table);
  g_string_append (restore, ", seq FROM temp.corm_rebuild_sequence");
  take (sql, restore);
  say (sql, "DROP TABLE temp.corm_rebuild_sequence");
}

/* With foreign keys on, DROP TABLE deletes the rows first, and the children's with them: better nothing than that. */
static void
guard_children (GPtrArray *sql)
{
  say (sql, "CREATE TEMP TABLE corm_rebuild_guard (foreign_keys_are_off CHECK (foreign_keys_are_off))");
  say (sql, "INSERT INTO temp.corm_rebuild_guard SELECT foreign_keys = 0 FROM pragma_foreign_keys");
  say (sql, "DROP TABLE temp.corm_rebuild_guard");
}

static gboolean
has_children (const CormSchema *schema, const char *name)
{
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    for (guint k = 0; k < table->foreign_keys->len; k++)
      if (g_ascii_strcasecmp (((CormForeignKey *) table->foreign_keys->pdata[k])->target_table, name) == 0)
        return TRUE;
  }
  return FALSE;
}

/* --- what hangs on the table ------------------------------------------------------------------------------------------- */

gboolean
corm_sqlite3_edits_drop_named (const CormSqlite3Edits *edits, CormOpKind kind, const char *name)
{
  for (guint i = 0; i < edits->n_edits; i++)
    if (edits->edits[i].kind == kind && edits->edits[i].name != NULL &&
        g_ascii_strcasecmp (edits->edits[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

/* The index stands on columns that go: 1; on others too: -1; on none of them: 0. */
static int
stands_on_dropped (const CormSqlite3Edits *edits, const CormSqlite3Table *was, const CormSqlite3Table *is,
                   const char *sql)
{
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (sql);
  CormSqlite3Span span = { 0, tokens->len - 1 };
  guint dropped = 0, kept = 0;
  while (span.first < span.last &&
         !corm_sqlite3_token_is (sql, &g_array_index (tokens, CormSqlite3Token, span.first), "("))
    span.first++;
  for (guint i = 0; i < was->columns->len; i++) {
    const char *name = ((const CormSqlite3Column *) was->columns->pdata[i])->name;
    if (!corm_sqlite3_names_column (sql, tokens, span, name))
      continue;
    if (corm_sqlite3_edits_drop (edits, i) && corm_sqlite3_table_find_column (is, name) < 0)
      dropped++;
    else
      kept++;
  }
  return dropped == 0 ? 0 : kept > 0 ? -1 : 1;
}

/* @is: the table after the edits; NULL: all indexes come back. */
static gboolean
restore_indexes (GPtrArray *sql, const CormSqlite3Edits *edits, const CormTable *table,
                 const CormSqlite3Table *was, const CormSqlite3Table *is, GError **error)
{
  for (guint i = 0; i < table->indexes->len; i++) {
    const CormTableIndex *index = table->indexes->pdata[i];
    int goes = is != NULL ? stands_on_dropped (edits, was, is, index->sql) : 0;
    if (corm_sqlite3_edits_drop_named (edits, CORM_OP_DROP_INDEX, index->name))
      continue;
    if (goes < 0) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                   "dropping a column of table %s: index %s stands on it and on others: %s; drop that first",
                   table->name, index->name, index->sql);
      return FALSE;
    }
    if (goes == 0)
      say (sql, index->sql);
  }
  return TRUE;
}

/* The column that a trigger waits for, "UPDATE OF a, b ON t", and that is no more; NULL: there is none. SQLite takes such a
 * trigger, and never runs it. */
static char *
find_event_without_column (const CormSqlite3Table *was, const CormSqlite3Table *is, const char *sql)
{
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (sql);
  CormDdlReader reader = { .sql = sql, .tokens = tokens };
  while (!corm_ddl_at_end (&reader) && !corm_ddl_at (&reader, "BEGIN") &&
         !corm_ddl_at_pair (&reader, "UPDATE", "OF"))
    reader.at++;
  if (!corm_ddl_accept (&reader, "UPDATE"))
    return NULL;
  do {
    reader.at++;
    g_autofree char *name = corm_ddl_name (&reader);
    if (name == NULL)
      return NULL;
    if (corm_sqlite3_table_find_column (was, name) >= 0 && corm_sqlite3_table_find_column (is, name) < 0)
      return g_steal_pointer (&name);
  } while (corm_ddl_at (&reader, ","));
  return NULL;
}

/* @is: the table after the edits; NULL: all triggers come back. */
static gboolean
restore_triggers (GPtrArray *sql, const CormSqlite3Edits *edits, const CormSchema *schema,
                  const CormTable *table, const CormSqlite3Table *was, const CormSqlite3Table *is,
                  GError **error)
{
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    if (!g_str_equal (object->kind, "trigger") || g_ascii_strcasecmp (object->table, table->name) != 0 ||
        corm_sqlite3_edits_drop_named (edits, CORM_OP_DROP_OBJECT, object->name))
      continue;
    g_autofree char *missing = is != NULL ? find_event_without_column (was, is, object->sql) : NULL;
    if (missing != NULL) {
      g_set_error (
          error, CORM_ERROR, CORM_ERROR_SCHEMA,
          "dropping column %s of table %s: trigger %s waits for its updates; drop it first, or change "
          "it with the table",
          missing, table->name, object->name);
      return FALSE;
    }
    say (sql, object->sql);
  }
  return TRUE;
}

/* --- the way there and the way back -------------------------------------------------------------------------------------- */

static void
drop (GPtrArray *sql, const char *table)
{
  GString *text = g_string_new ("DROP TABLE main.");
  append_name (text, table);
  take (sql, text);
}

/* The rows of @from, which @renames turn into @name, go into a table that @text makes. */
static void
remake (GPtrArray *sql, const CormSqlite3Rebuild *rebuild, const char *from, const GPtrArray *renames,
        const char *name, const char *text, const CormSqlite3Rows *rows)
{
  gboolean sequence = rebuild->was->autoincrement && rebuild->is->autoincrement;
  if (has_children (rebuild->schema, rebuild->table->name))
    guard_children (sql);
  save_rows (sql, from, rows);
  if (sequence)
    save_sequence (sql, from);
  for (guint i = 0; renames != NULL && i < renames->len; i++)
    say (sql, renames->pdata[i]);
  drop (sql, name);
  say (sql, text);
  restore_rows (sql, name, rows);
  if (sequence)
    restore_sequence (sql, name);
}

static gboolean
write_rebuild (const CormSqlite3Rebuild *rebuild, const CormSqlite3Renames *renames, const char *text,
               GPtrArray *sql, GPtrArray *reverse, GError **error)
{
  const CormSqlite3Edits *edits = &rebuild->edits;
  const CormTable *live = edits->live;
  g_autoptr (CormSqlite3Rows) there = corm_sqlite3_rows_there (rebuild);
  g_autoptr (CormSqlite3Rows) back = corm_sqlite3_rows_back (rebuild);
  remake (sql, rebuild, live->name, renames->sql, rebuild->table->name, text, there);
  if (!restore_indexes (sql, edits, rebuild->table, rebuild->was, rebuild->is, error))
    return FALSE;
  if (!restore_triggers (sql, edits, rebuild->schema, rebuild->table, rebuild->was, rebuild->is, error))
    return FALSE;
  for (guint i = 0; i < renames->reverse->len; i++)
    say (reverse, renames->reverse->pdata[i]);
  remake (reverse, rebuild, live->name, NULL, live->name, live->sql, back);
  return restore_triggers (reverse, edits, rebuild->live, live, rebuild->old, NULL, error) &&
         restore_indexes (reverse, edits, live, rebuild->old, NULL, error);
}

static gboolean
is_rename (CormOpKind kind)
{
  return kind == CORM_OP_RENAME_TABLE || kind == CORM_OP_RENAME_COLUMN || kind == CORM_OP_DROP_INDEX ||
         kind == CORM_OP_DROP_OBJECT;
}

static gboolean
only_renames (const CormSqlite3Edits *edits)
{
  for (guint i = 0; i < edits->n_edits; i++)
    if (!is_rename (edits->edits[i].kind))
      return FALSE;
  return TRUE;
}

static void
say_all (GPtrArray *sql, const GPtrArray *statements)
{
  for (guint i = 0; i < statements->len; i++)
    say (sql, statements->pdata[i]);
}

static gboolean
plan (CormSqlite3Rebuild *rebuild, const CormSqlite3Renames *renames, GPtrArray *sql, GPtrArray *reverse,
      GError **error)
{
  const CormSqlite3Edits *edits = &rebuild->edits;
  if (only_renames (edits)) {
    say_all (sql, renames->sql);
    say_all (reverse, renames->reverse);
    return TRUE;
  }
  g_autofree char *text = corm_sqlite3_edit (edits, rebuild->table->sql, error);
  g_autoptr (CormSqlite3Table) is = text != NULL ? corm_sqlite3_table_parse (text, error) : NULL;
  g_autoptr (CormSqlite3Table) old = is != NULL ? corm_sqlite3_table_parse (edits->live->sql, error) : NULL;
  g_autoptr (CormSqlite3Table) was =
      old != NULL ? corm_sqlite3_table_parse (rebuild->table->sql, error) : NULL;
  rebuild->old = old;
  rebuild->was = was;
  rebuild->is = is;
  rebuild->aside = renames->aside;
  return was != NULL && write_rebuild (rebuild, renames, text, sql, reverse, error);
}

gboolean
corm_sqlite3_rebuild (const CormSchema *live, const CormTable *table, const CormTableEdit *edits,
                      guint n_edits, GPtrArray *sql, GPtrArray *reverse, GError **error)
{
  CormSqlite3Rebuild rebuild = {
    .edits = { table, edits, n_edits }, .live = live, .schema = live, .table = table
  };
  g_auto (CormSqlite3Renames) renames = { 0 };
  gboolean ok = FALSE;
  if (table->sql == NULL)
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "the schema does not hold its SQL: read it from the database");
  else
    ok = corm_sqlite3_renames_plan (&rebuild, &renames, error) &&
         plan (&rebuild, &renames, sql, reverse, error) &&
         corm_sqlite3_renames_prove (&rebuild, sql, reverse, error);
  if (!ok)
    g_prefix_error (error, "rebuilding table %s: ", table->name);
  return ok;
}
