/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What says how tables are made: SQLite's stored statements beside what SQLite itself makes of them, types and defaults in
 * the words of a catalogue, snapshots and plans as JSON. */
#include "config.h"

#include "target.h"

#include "../../drivers/mysql/catalogue.h"
#include "../../drivers/sqlite3/edit.h"
#include "render/ddl.h"
#include "schema/words.h"

#include <corm/corm.h>

#include <string.h>

static const CormDialect *const dialects[] = { &corm_sqlite3_dialect, &corm_pgsql_dialect,
                                               &corm_mysql_dialect };

/* --- CREATE TABLE and CREATE INDEX ----------------------------------------------------------------------------------- */

static void
check_span (const CormSqlite3Table *table, CormSqlite3Span span, const char *text)
{
  if (span.first > span.last || span.last > table->tokens->len)
    fuzz_complain ("a place that is not in the statement", text);
}

static void
check_places (const CormSqlite3Table *table, const char *text)
{
  if (table->open >= table->close || table->close >= table->tokens->len || table->body_end > strlen (text) ||
      table->columns_end > table->body_end)
    fuzz_complain ("parentheses that are not in the statement", text);
  for (guint i = 0; i < table->columns->len; i++) {
    const CormSqlite3Column *column = table->columns->pdata[i];
    check_span (table, column->all, text);
    check_span (table, column->type, text);
    check_span (table, column->expression, text);
    for (guint c = 0; c < column->clauses->len; c++) {
      check_span (table, g_array_index (column->clauses, CormSqlite3Clause, c).all, text);
      check_span (table, g_array_index (column->clauses, CormSqlite3Clause, c).value, text);
    }
    if (column->name == NULL || corm_sqlite3_table_find_column (table, column->name) > (int) i)
      fuzz_complain ("a column is not found", text);
  }
  for (guint i = 0; i < table->constraints->len; i++) {
    const CormSqlite3Constraint *constraint = table->constraints->pdata[i];
    check_span (table, constraint->all, text);
    check_span (table, constraint->expression, text);
    check_span (table, constraint->names, text);
    if (constraint->column >= (int) table->columns->len)
      fuzz_complain ("a constraint of no column", text);
  }
}

#ifdef HAVE_SQLITE3
#include <sqlite3.h>

/* CREATE of tables in this database, and what that does by itself; nothing else. */
static int
allow (void *data G_GNUC_UNUSED, int action, const char *a G_GNUC_UNUSED, const char *b G_GNUC_UNUSED,
       const char *c G_GNUC_UNUSED, const char *d G_GNUC_UNUSED)
{
  return action == SQLITE_ATTACH || action == SQLITE_SELECT || action == SQLITE_CREATE_VTABLE ? SQLITE_DENY
                                                                                              : SQLITE_OK;
}

/* The first column of each row, a line each, or NULL where @sql is refused. */
static char *
ask (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  g_autoptr (GString) rows = g_string_new (NULL);
  int status = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);
  while (status == SQLITE_OK && (status = sqlite3_step (statement)) == SQLITE_ROW) {
    g_string_append_printf (rows, "%s\n", (const char *) sqlite3_column_text (statement, 0));
    status = SQLITE_OK;
  }
  gboolean is_done = statement != NULL && status == SQLITE_DONE;
  sqlite3_finalize (statement);
  return is_done ? g_string_free (g_steal_pointer (&rows), FALSE) : NULL;
}

static char *
names_of (const CormSqlite3Table *table)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < table->columns->len; i++)
    g_string_append_printf (names, "%s\n", ((CormSqlite3Column *) table->columns->pdata[i])->name);
  return g_string_free (names, FALSE);
}

static sqlite3 *
new_database (void)
{
  sqlite3 *db = NULL;
  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  sqlite3_limit (db, SQLITE_LIMIT_EXPR_DEPTH, 100);
  sqlite3_exec (db, "PRAGMA foreign_keys = OFF", NULL, NULL, NULL);
  return db;
}

/* What SQLite has stored, we read, with the same columns. */
static void
check_beside_sqlite (const char *text)
{
  if (g_ascii_strncasecmp (text, "create", 6) != 0)
    return;
  sqlite3 *db = new_database ();
  sqlite3_set_authorizer (db, allow, NULL);
  g_autofree char *made = ask (db, text);
  sqlite3_set_authorizer (db, NULL, NULL);
  g_autofree char *stored =
      ask (db, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' LIMIT 1");
  g_autofree char *names =
      ask (db, "SELECT x.name FROM sqlite_schema s, pragma_table_xinfo (s.name) x WHERE s.type = 'table' "
               "AND s.name NOT LIKE 'sqlite%'");
  sqlite3_close (db);
  if (made == NULL || stored == NULL || *stored == '\0')
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSqlite3Table) table = corm_sqlite3_table_parse (stored, &error);
  if (table == NULL)
    fuzz_complain (error->message, stored);
  g_autofree char *ours = names_of (table);
  fuzz_check_same ("other columns than SQLite has", names, ours, stored);
}
#else
static void
check_beside_sqlite (const char *text G_GNUC_UNUSED)
{
}
#endif

/* "CREATE TABLE main.(a)" is read, and has an error too. Nothing stores such a text. */
static gboolean
lacks_name (const CormSqlite3Table *table, const char *text)
{
  return table->open > 0 &&
         corm_sqlite3_token_is (text, &g_array_index (table->tokens, CormSqlite3Token, table->open - 1), ".");
}

static void
check_table (const guint8 *data, gsize size)
{
  static const char *const columns[] = { "id", "Name", "a", NULL };
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL, index_error = NULL;
  g_autoptr (CormSqlite3Table) table = corm_sqlite3_table_parse (text, &error);
  if (table != NULL && lacks_name (table, text))
    return;
  fuzz_check_error (table != NULL, error, text);
  if (table != NULL) {
    check_places (table, text);
    corm_sqlite3_table_rowid_column (table);
    CormSqlite3Patches patches;
    corm_patches_init (&patches, text, table->tokens);
    g_autofree char *same = corm_patches_apply (&patches);
    fuzz_check_same ("a change of nothing", same, text, text);
  }
  g_autoptr (CormSchema) schema = corm_schema_new ("sqlite3");
  CormTableIndex *index = corm_table_add_index (corm_schema_add_table (schema, "t"), "i");
  gboolean ok = corm_sqlite3_index_parse (text, columns, index, &index_error);
  fuzz_check_error (ok, index_error, text);
  if (ok && index->parts->len == 0)
    fuzz_complain ("an index of nothing", text);
  check_beside_sqlite (text);
}

/* --- a catalogue's words ------------------------------------------------------------------------------------------------ */

static CormTableColumn *
new_column (CormSchema *schema)
{
  return corm_table_add_column (corm_schema_add_table (schema, "t"), "c");
}

/* As a dialect writes the type, it is read, and written, again: the same words. */
static void
check_written_type (const CormSqlType *type, const char *text)
{
  for (guint d = 0; d < G_N_ELEMENTS (dialects); d++) {
    g_autoptr (CormSchema) schema = corm_schema_new (dialects[d]->name);
    g_autoptr (GString) first = g_string_new (NULL), second = g_string_new (NULL);
    CormTableColumn *column = new_column (schema);
    column->type = *type;
    corm_render_type (first, dialects[d], column);
    column->type = corm_sql_type_parse (first->str);
    if (column->type.type == CORM_TYPE_RAW || column->type.type == CORM_TYPE_ENUM)
      continue;
    corm_render_type (second, dialects[d], column);
    column->type = corm_sql_type_parse (second->str);
    g_string_truncate (first, 0);
    corm_render_type (first, dialects[d], column);
    fuzz_check_same ("another type each time", first->str, second->str, text);
  }
}

static void
check_mysql_type (const char *data_type, const char *column_type, const char *text)
{
  g_autoptr (CormSchema) schema = corm_schema_new ("mysql");
  CormTableColumn *column = new_column (schema);
  corm_mysql_set_type (column, data_type, column_type);
  if (column->type_sql == NULL || column->type.type >= CORM_N_TYPES)
    fuzz_complain ("no type", text);
  if (column->type.type == CORM_TYPE_ENUM && column->labels == NULL)
    fuzz_complain ("an enum without labels", text);
  g_autofree char *sql = corm_mysql_standard_sql (column_type, "`db`.");
  g_autofree char *plain = corm_mysql_standard_sql (column_type, NULL);
  if (sql == NULL || plain == NULL)
    fuzz_complain ("no SQL", text);
}

/* In the second line what MariaDB has in the column of that name. */
static void
check_type (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 2);
  const char *first = lines[0] != NULL ? lines[0] : "";
  CormSqlType type = corm_sql_type_parse (first);
  if (type.type == CORM_TYPE_NONE || type.type >= CORM_N_TYPES)
    fuzz_complain ("no type", text);
  if (type.type != CORM_TYPE_RAW && type.type != CORM_TYPE_ENUM)
    check_written_type (&type, text);
  check_mysql_type (first, lines[0] != NULL && lines[1] != NULL ? lines[1] : first, text);
}

static void
check_words (const char *text)
{
  g_autofree char *bare = corm_words_unwrap (text);
  g_autofree char *twice = corm_words_unwrap (bare);
  g_autoptr (GPtrArray) words = corm_words_split (text);
  if (words == NULL)
    fuzz_complain ("no words", text);
  fuzz_check_same ("unwrapped twice", bare, twice, text);
  if (!corm_words_equal (text, text))
    fuzz_complain ("not the same as itself", text);
  for (guint d = 0; d < G_N_ELEMENTS (dialects); d++) {
    g_autofree char *sql = corm_words_rename (text, dialects[d], "nobody_is_called_so", "x");
    fuzz_check_same ("a name that is not there", sql, text, text);
  }
  corm_words_mention (text, "a");
}

static void
check_default (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (CormSchema) schema = corm_schema_new ("pgsql");
  CormTableColumn *column = new_column (schema);
  check_words (text);
  corm_column_set_default (column, text);
  gboolean has_text =
      column->default_kind == CORM_DEFAULT_LITERAL || column->default_kind == CORM_DEFAULT_SQL;
  fuzz_check_same ("other words than the catalogue's", column->default_sql, text, text);
  if (has_text != (column->default_text != NULL))
    fuzz_complain ("a default without its text, or with one", text);
  CormDefaultKind kind = column->default_kind;
  g_autofree char *was = g_strdup (column->default_text);
  corm_column_set_default (column, column->default_sql);
  fuzz_check_same ("another default", column->default_text, was, text);
  if (column->default_kind != kind)
    fuzz_complain ("another kind of default", text);
}

/* --- JSON --------------------------------------------------------------------------------------------------------------- */

static void
check_snapshot (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) schema = corm_schema_from_json (text, &error);
  fuzz_check_error (schema != NULL, error, text);
  if (schema == NULL)
    return;
  g_autofree char *json = corm_schema_to_json (schema);
  g_autoptr (CormSchema) again = corm_schema_from_json (json, &error);
  if (again == NULL)
    fuzz_complain (error->message, text);
  g_autofree char *json_again = corm_schema_to_json (again);
  fuzz_check_same ("another snapshot", json, json_again, text);
  g_autofree char *sum = corm_schema_fingerprint (schema);
  g_autofree char *sum_again = corm_schema_fingerprint (again);
  fuzz_check_same ("another fingerprint", sum, sum_again, text);
  g_autofree char *of_rows = corm_schema_to_json_schema (schema);
  if (of_rows == NULL)
    fuzz_complain ("no JSON Schema", text);
}

static void
check_plan (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (CormPlan) plan = corm_plan_from_json (text, &error);
  fuzz_check_error (plan != NULL, error, text);
  if (plan == NULL)
    return;
  g_autofree char *json = corm_plan_to_json (plan);
  g_autoptr (CormPlan) again = corm_plan_from_json (json, &error);
  if (again == NULL)
    fuzz_complain (error->message, text);
  g_autofree char *json_again = corm_plan_to_json (again);
  fuzz_check_same ("another plan", json, json_again, text);
  g_autofree char *sql = corm_plan_to_sql (plan);
  if (sql == NULL)
    fuzz_complain ("no script", text);
}

const FuzzTarget fuzz_schema_targets[] = {
  { "table", check_table, NULL, "CREATE TABLE t (a INT CHECK (" },
  { "type", check_type, NULL, "decimal" },
  { "default", check_default, NULL, NULL },
  { "snapshot", check_snapshot, NULL, "{\"corm_schema\": 1, \"tables\": " },
  { "plan", check_plan, NULL, "{\"ops\": " },
  { NULL, NULL, NULL, NULL },
};
