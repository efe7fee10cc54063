/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite databases as nobody would make them: names that are SQL, with quotes and line breaks; a thousand columns; a default
 * of 64 KB, a type's name of 10 000 bytes; every storage class in every column. They are inspected, examined, exported and
 * ported to every backend. What succeeds is compared equal; what does not says which table, and the target is as before. */
#include "../lib/fresh.h"

#include <glib/gstdio.h>

typedef struct {
  const char *what;
  const char *const *sql;
  guint n_columns;    /* of a table "wide" that is made beside */
  const char *blamed; /* what every refusal names; NULL: nothing is refused */
} Oddity;

static const char *const names_sql[] = {
  "CREATE TABLE \"it's \"\"quoted\"\"\" (\"a'b\" integer PRIMARY KEY, \"c\"\"d\" text, \"`e`\" text, \"[f]\" "
  "text)",
  "INSERT INTO \"it's \"\"quoted\"\"\" VALUES (1, 'x', 'y', 'z')",
  "CREATE TABLE \"DROP TABLE kept; --\" (\"SELECT\" integer PRIMARY KEY, \"; DELETE FROM kept\" text DEFAULT "
  "'; --')",
  "INSERT INTO \"DROP TABLE kept; --\" VALUES (1, '/*')",
  "CREATE TABLE \"a\nb\" (\"c\nd\" integer PRIMARY KEY, \"e\tf\" text)",
  "INSERT INTO \"a\nb\" VALUES (1, '\n')",
  "CREATE TABLE \"$$ :x ? %s\" (\"$1\" integer PRIMARY KEY, \":x\" text, \"?\" text, \"%n\" text, \"{t}\" "
  "text)",
  "INSERT INTO \"$$ :x ? %s\" VALUES (1, ':x', '?', '%n', '{t}')",
  "CREATE TABLE \"\u2019\u02bc\u00e9\" (\"\u202e\" integer PRIMARY KEY, \"\u2019\" text)",
  "CREATE INDEX \"i'; DROP TABLE kept\" ON \"it's \"\"quoted\"\"\" (\"c\"\"d\")",
  "CREATE VIEW \"v'\n\" AS SELECT \"a'b\" AS \"x\"\"y\" FROM \"it's \"\"quoted\"\"\"",
  NULL
};
static const CormDbOptions roomy = { .pool_size = 4 };

static const char *const plain_sql[] = { "CREATE TABLE small (id integer PRIMARY KEY)", NULL };
static const char *const types_sql[] = { "CREATE TABLE typeless (id, a, b)",
                                         "INSERT INTO typeless VALUES (1, 'x', x'00'), (2.5, NULL, 'y')",
                                         "CREATE TABLE \"odd types\" (id integer PRIMARY KEY, a \"VAR'CHAR\" "
                                         "(3), b FLOATING POINT, c \"DROP TABLE kept\", d INT8 UNSIGNED, "
                                         "e VARCHAR (0), f DECIMAL (99, 98), g NVARCHAR (999999999))",
                                         "INSERT INTO \"odd types\" (id, a, d) VALUES (1, 'abcdef', -1)",
                                         NULL };
static const char *const values_sql[] = {
  "CREATE TABLE v (n integer PRIMARY KEY, i integer, t text, r real, b blob, u numeric, o boolean, d date, w "
  "datetime, c varchar "
  "(3), p decimal (5, 2), x)",
  "WITH RECURSIVE vals (n, v) AS (VALUES (1, NULL), (2, 7), (3, -9223372036854775807 - 1), (4, 2.5), (5, "
  "9e999), (6, 'text'), "
  "(7, ''), (8, x'00ff'), (9, CAST (x'ff41' AS text)), (10, CAST (x'610062' AS text)), (11, '12.345'), (12, "
  "1e300), (13, '2026-02-30')) "
  "INSERT INTO v SELECT n, v, v, v, v, v, v, v, v, v, v, v FROM vals",
  NULL
};

static const Oddity oddities[] = {
  { "names", names_sql, 0, NULL },
  { "1000 columns", plain_sql, 1000, "create table wide: " },
  { "long defaults and types", plain_sql, 2, "create table wide: " },
  { "odd types", types_sql, 0, "create table odd types: " },
  { "every storage class in every column", values_sql, 0, "v, n = '" },
};

/* --- the source --------------------------------------------------------------------------------------------------- */

static void
make_wide (CormConnection *conn, guint n_columns)
{
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE wide (id integer PRIMARY KEY");
  if (n_columns == 2) {
    g_autofree char *value = g_strnfill (65536, 'd');
    g_autofree char *type = g_strnfill (10000, 'T');
    g_string_append_printf (sql, ", a text DEFAULT '%s', b %s)", value, type);
  } else {
    for (guint i = 1; i < n_columns; i++)
      g_string_append_printf (sql, ", c%u integer", i);
    g_string_append_c (sql, ')');
  }
  fresh_run (conn, sql->str);
  fresh_run (conn, "INSERT INTO wide (id) VALUES (1), (2)");
}

static CormDb *
make_source (const Oddity *made, const char *path)
{
  CormDb *db = NULL;
  g_autoptr (CormConnection) conn = NULL;
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_unlink (path);
  assert_ok ((db = corm_db_open_full (uri, NULL, &roomy, error)) != NULL);
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  for (guint i = 0; made->sql[i] != NULL; i++)
    fresh_run (conn, made->sql[i]);
  if (made->n_columns > 0)
    make_wide (conn, made->n_columns);
  return db;
}

/* --- what is done with it ------------------------------------------------------------------------------------------- */

static guint n_done, n_refused, n_ported;
static const Oddity *oddity; /* that is being looked at */

/* Says of which of this database's tables, and which row if it is about one. */
static gboolean
refused (const char *what, gboolean ok, GError *error)
{
  if (ok != (error == NULL))
    fail_msg ("%s: a result and an error, or neither", what);
  if (ok) {
    n_done++;
    return FALSE;
  }
  gboolean named = oddity->blamed != NULL && strstr (error->message, oddity->blamed) != NULL &&
                   strstr (error->message, "the 0 ") == NULL; /* what it does not have is not to blame */
  if (error->domain != CORM_ERROR || !named)
    fail_msg ("%s of %s: %s", what, oddity->what, error->message);
  n_refused++;
  return TRUE;
}

static char *
state_of (CormConnection *conn)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  return corm_schema_to_json (schema);
}

static void
look_at (CormDb *db, const char *out)
{
  GError *error = NULL;
  g_autoptr (CormConnection) conn = NULL;
  g_autoptr (CormSchema) schema = NULL;
  assert_true ((conn = corm_db_connect (db, NULL)) != NULL);
  assert_true ((schema = corm_schema_inspect (conn, NULL)) != NULL);
  g_autofree char *json = corm_schema_to_json (schema);
  g_autoptr (CormSchema) again = corm_schema_from_json (json, &error);
  if (again == NULL)
    fail_msg ("the snapshot cannot be read: %s", error->message);
  g_autofree char *same = corm_schema_to_json (again);
  assert_string_equal (json, same);
  g_autoptr (CormDiagnosis) diagnosis = corm_doctor (conn, NULL, &error);
  refused ("doctor", diagnosis != NULL, error);
  g_clear_error (&error);
  g_autoptr (CormPortReport) report = corm_verify (db, db, NULL, &error);
  if (!refused ("verify", report != NULL, error))
    assert_true (report->equal);
  g_clear_error (&error);
  g_autoptr (CormExchangeReport) exported = corm_export (db, out, NULL, &error);
  refused ("export", exported != NULL, error);
  g_clear_error (&error);
  g_unlink (out);
}

static void
port_to (CormDb *db, const char *uri)
{
  g_autoptr (GError) refusal = NULL;
  g_autoptr (CormDb) target = NULL;
  g_autoptr (CormConnection) conn = NULL;
  const CormPortOptions options = { .verify = true };
  assert_ok ((target = corm_db_open_full (uri, NULL, &roomy, error)) != NULL);
  assert_ok ((conn = corm_db_connect (target, error)) != NULL);
  fresh_run (conn, "CREATE TABLE kept (a integer)");
  fresh_run (conn, "INSERT INTO kept VALUES (1), (2)");
  g_autofree char *was = state_of (conn);
  g_autoptr (CormPortReport) report = corm_port (db, target, &options, &refusal);
  g_autofree char *kept = fresh_text (conn, "SELECT sum(a) FROM kept");
  assert_string_equal (kept, "3");
  if (refused ("port", report != NULL, refusal)) {
    g_autofree char *is = state_of (conn);
    assert_string_equal (was, is);
    return;
  }
  assert_true (report->equal);
  n_ported++;
}

static void
odd_databases (void **state)
{
  const char *tmp = g_getenv ("CORM_TEST_TMP");
  g_autofree char *path = g_build_filename (tmp != NULL ? tmp : g_get_tmp_dir (), "odd.db", NULL);
  g_autofree char *out = g_strconcat (path, ".jsonl", NULL);
  gboolean has_less_room = FALSE; /* a row of MariaDB, and a default; but it knows the odd types */
  n_done = n_refused = n_ported = 0;
  for (guint i = 0; i < G_N_ELEMENTS (oddities); i++) {
    g_autofree char *uri = fresh_uri (state);
    oddity = &oddities[i];
    g_autoptr (CormDb) db = make_source (oddity, path);
    look_at (db, out);
    port_to (db, uri);
    has_less_room |= g_str_has_prefix (uri, "mysql:") || g_str_has_prefix (uri, "dbi:mysql?");
  }
  g_unlink (path);
  print_message ("# %u databases: %u calls done, %u refused by name\n", (guint) G_N_ELEMENTS (oddities),
                 n_done, n_refused);
  assert_int_equal (n_done - n_ported, 14); /* all but one of the exports */
  assert_int_equal (n_ported, has_less_room ? 2 : 3);
}

/* --- into structs ----------------------------------------------------------------------------------------------------- */

typedef struct {
  gint64 n;
  CormOptInt64 i;
  const char *t;
  CormOptDouble r;
} Value;

static const CormColumn value_columns[] = {
  CORM_COLUMN (Value, n, .primary_key = true),
  CORM_COLUMN (Value, i),
  CORM_COLUMN (Value, t),
  CORM_COLUMN (Value, r),
};
static const CormModel Value_model = CORM_MODEL (Value, "v", CORM_COLUMNS (value_columns));

/* A value that the member cannot hold is an error that names it, never another value. */
static void
values_into_structs (G_GNUC_UNUSED void **state)
{
  const char *tmp = g_getenv ("CORM_TEST_TMP");
  g_autofree char *path = g_build_filename (tmp != NULL ? tmp : g_get_tmp_dir (), "values.db", NULL);
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  const CormModel *const models[] = { &Value_model, NULL };
  g_autoptr (CormRegistry) registry = NULL;
  g_autoptr (CormDb) db = NULL;
  g_autoptr (CormConnection) conn = NULL;
  corm_db_free (make_source (&oddities[G_N_ELEMENTS (oddities) - 1], path));
  assert_ok ((registry = corm_registry_new_array (models, error)) != NULL);
  assert_ok ((db = corm_db_open_full (uri, registry, &roomy, error)) != NULL);
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  guint n_read = 0;
  for (gint64 n = 1; n <= 13; n++) {
    g_autoptr (GError) why = NULL;
    const Value key = { .n = n };
    Value *row = corm_get_row (&Value_model, conn, &key, &why);
    if (row == NULL &&
        (why->code != CORM_ERROR_CONVERSION || strstr (why->message, "from v: column") == NULL))
      fail_msg ("row %d: %s", (int) n, why->message);
    if (row != NULL && n == 2)
      assert_true (row->i.value == 7 && strcmp (row->t, "7") == 0 && row->r.value == 7.0);
    n_read += row != NULL;
    if (row != NULL)
      corm_row_free (row);
  }
  print_message ("# 13 rows: %u read, %u refused by name\n", n_read, 13 - n_read);
  assert_int_equal (n_read, 3);
  g_unlink (path);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { FRESH (odd_databases), cmocka_unit_test (values_into_structs) };
  return cmocka_run_group_tests_name ("hostile schemas", tests, NULL, fresh_end);
}
