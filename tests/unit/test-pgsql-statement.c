/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Prepared statements of the PostgreSQL driver on a real server: every type there and back, streams, errors. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/pgsql-link.h"
#include "../lib/watched.h"

#include <math.h>
#include <string.h>
#include <sys/resource.h>

#define DRIVER (&corm_pgsql_driver)

static CormLink *link_of_tests;

#define NEEDS_SERVER() \
  if (link_of_tests == NULL) { \
    print_message ("# skip %s\n", g_getenv ("CORM_TEST_PGSQL_MISSING") \
                                      ? g_getenv ("CORM_TEST_PGSQL_MISSING") \
                                      : "CORM_TEST_PGSQL is not set"); \
    skip (); \
  }

static int
open_link (G_GNUC_UNUSED void **state)
{
  link_of_tests = pgsql_link_open (NULL, NULL);
  return 0;
}

static int
close_link (G_GNUC_UNUSED void **state)
{
  pgsql_link_close (link_of_tests);
  return 0;
}

static void
run (const char *sql)
{
  g_autoptr (GError) error = NULL;
  if (!DRIVER->run (link_of_tests, sql, &error))
    fail_msg ("%s", error->message);
}

static gpointer
prepare (const char *sql, guint n_params, const CormSqlType *params, guint n_columns,
         const CormSqlType *columns)
{
  g_autoptr (GError) error = NULL;
  const CormStatementSpec spec = { sql, n_params, params, n_columns, columns, false };
  gpointer statement = DRIVER->prepare (link_of_tests, &spec, &error);
  if (statement == NULL)
    fail_msg ("%s", error->message);
  return statement;
}

static void
execute (gpointer statement, const CormValue *params, gboolean stream)
{
  g_autoptr (GError) error = NULL;
  if (!DRIVER->execute (link_of_tests, statement, params, stream, &error))
    fail_msg ("%s", error->message);
}

/* The code of the error that @sql gives. */
static int
error_of (const char *sql, char **message)
{
  g_autoptr (GError) error = NULL;
  const CormStatementSpec spec = { .sql = sql };
  gpointer statement = DRIVER->prepare (link_of_tests, &spec, &error);
  if (statement != NULL) {
    CormValue row[8];
    if (DRIVER->execute (link_of_tests, statement, NULL, FALSE, &error))
      DRIVER->step (link_of_tests, statement, row, &error);
    DRIVER->finalize (link_of_tests, statement);
  }
  assert_non_null (error);
  assert_int_equal (error->domain, CORM_ERROR);
  if (message != NULL)
    *message = g_strdup (error->message);
  return error->code;
}

/* --- types --- */

static void
comes_back (CormSqlType type, const CormValue *value, const char *column_type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) sent = g_string_new (NULL), got = g_string_new (NULL);
  g_autofree char *sql =
      g_strdup_printf ("INSERT INTO pg_temp.types_%s (v) VALUES ($1) RETURNING v", column_type);
  gpointer statement = prepare (sql, 1, &type, 1, &type);
  CormValue row;
  for (int stream = 0; stream < 2; stream++) {
    execute (statement, value, stream);
    if (DRIVER->step (link_of_tests, statement, &row, &error) != CORM_STEP_ROW)
      fail_msg ("%s: %s", column_type, error ? error->message : "no row");
    corm_value_append_text (value, sent);
    corm_value_append_text (&row, got);
    if (!corm_value_equal (value, &row))
      fail_msg ("%s: %s came back as %s (%s)", column_type, sent->str, got->str, corm_type_name (row.type));
    assert_int_equal (DRIVER->step (link_of_tests, statement, &row, &error), CORM_STEP_DONE);
    assert_int_equal (DRIVER->n_changed (link_of_tests, statement), 1);
    DRIVER->reset (link_of_tests, statement);
  }
  DRIVER->finalize (link_of_tests, statement);
}

static void
make_table (const char *type)
{
  g_autofree char *sql =
      g_strdup_printf ("CREATE TEMPORARY TABLE IF NOT EXISTS \"types_%s\" (v %s)", type, type);
  run (sql);
}

#define TEXTUAL(t, s) \
  { \
    .type = (t), .data = (s), .size = sizeof (s) - 1 \
  }

static void
numbers_come_back (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const struct {
    const char *column;
    CormValue value;
  } cases[] = {
    { "bool", { .type = CORM_TYPE_BOOLEAN, .i = 1 } },
    { "bool", { .type = CORM_TYPE_BOOLEAN, .i = 0 } },
    { "int2", { .type = CORM_TYPE_INT16, .i = G_MININT16 } },
    { "int2", { .type = CORM_TYPE_INT16, .i = G_MAXINT16 } },
    { "int4", { .type = CORM_TYPE_INT32, .i = G_MININT32 } },
    { "int4", { .type = CORM_TYPE_INT32, .i = G_MAXINT32 } },
    { "int8", { .type = CORM_TYPE_INT64, .i = G_MININT64 } },
    { "int8", { .type = CORM_TYPE_INT64, .i = G_MAXINT64 } },
    { "int8", { .type = CORM_TYPE_INT64, .i = (1LL << 53) + 1 } },
    { "int8", { .type = CORM_TYPE_INT64, .is_null = true } },
    { "int4", { .type = CORM_TYPE_INT64, .i = -5 } },
    { "float4", { .type = CORM_TYPE_FLOAT32, .d = 0.1f } },
    { "float4", { .type = CORM_TYPE_FLOAT32, .d = -0.0f } },
    { "float8", { .type = CORM_TYPE_FLOAT64, .d = 0.1 } },
    { "float8", { .type = CORM_TYPE_FLOAT64, .d = -0.0 } },
    { "float8", { .type = CORM_TYPE_FLOAT64, .d = 5e-324 } },
    { "float8", { .type = CORM_TYPE_FLOAT64, .d = 1.7976931348623157e308 } },
    { "float8", { .type = CORM_TYPE_FLOAT64, .d = INFINITY } },
    { "float8", { .type = CORM_TYPE_FLOAT64, .d = NAN } },
    { "numeric", TEXTUAL (CORM_TYPE_DECIMAL, "-99999999999999999999.999999999999999999") },
    { "numeric", TEXTUAL (CORM_TYPE_DECIMAL, "1.50") },
    { "numeric", TEXTUAL (CORM_TYPE_DECIMAL, "NaN") },
    { "date", { .type = CORM_TYPE_DATE, .i = -719162 } },
    { "date", { .type = CORM_TYPE_DATE, .i = 2932896 } },
    { "time", { .type = CORM_TYPE_TIME, .i = 86399999999 } },
    { "timestamp", { .type = CORM_TYPE_LOCAL_TIMESTAMP, .i = -62135596800000000 } },
    { "timestamp", { .type = CORM_TYPE_LOCAL_TIMESTAMP, .i = 253402300799999999 } },
    { "timestamptz", { .type = CORM_TYPE_TIMESTAMP, .i = 1 } },
    { "timestamptz", { .type = CORM_TYPE_TIMESTAMP, .i = 253402300799999999 } },
    { "uuid",
      { .type = CORM_TYPE_UUID, .uuid = { { 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 } } } },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    make_table (cases[i].column);
    comes_back ((CormSqlType){ .type = cases[i].value.type }, &cases[i].value, cases[i].column);
  }
}

static void
texts_come_back (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const struct {
    const char *column;
    CormValue value;
  } cases[] = {
    { "text", TEXTUAL (CORM_TYPE_TEXT, "") },
    { "text", TEXTUAL (CORM_TYPE_TEXT, "a'b\\c\n\t\xf0\x9f\x98\x80") },
    { "varchar", TEXTUAL (CORM_TYPE_TEXT, "plain") },
    { "bytea", TEXTUAL (CORM_TYPE_BYTES, "") },
    { "bytea", TEXTUAL (CORM_TYPE_BYTES, "a\0b\xff\\") },
    { "json", TEXTUAL (CORM_TYPE_JSON, "{\"a\" : [1, null]}") },
    { "jsonb", TEXTUAL (CORM_TYPE_JSON, "{\"a\": [1, null]}") },
    { "colour", TEXTUAL (CORM_TYPE_ENUM, "red") },
    { "inet", TEXTUAL (CORM_TYPE_RAW, "10.0.0.0/8") },
    { "_int4", TEXTUAL (CORM_TYPE_RAW, "{1,2,NULL}") },
    { "int4range", TEXTUAL (CORM_TYPE_RAW, "[1,5)") },
    { "interval", TEXTUAL (CORM_TYPE_RAW, "1 day 02:03:04") },
    { "point", TEXTUAL (CORM_TYPE_RAW, "(1,2)") },
    { "int4", TEXTUAL (CORM_TYPE_RAW, "42") },
  };
  run ("CREATE TYPE pg_temp.colour AS ENUM ('red', 'green')");
  run ("SET search_path TO pg_temp, public");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    make_table (cases[i].column);
    comes_back ((CormSqlType){ .type = cases[i].value.type }, &cases[i].value, cases[i].column);
  }
  run ("SET search_path TO public");
}

static void
types_of_the_database_without_a_wish (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const struct {
    const char *sql;
    CormType type;
    const char *text;
  } cases[] = {
    { "SELECT 5::int2", CORM_TYPE_INT16, "5" },
    { "SELECT count(*) FROM generate_series (1, 3)", CORM_TYPE_INT64, "3" },
    { "SELECT sum(x) FROM generate_series (1::int8, 3) x", CORM_TYPE_DECIMAL, "6" },
    { "SELECT 'abc'::name", CORM_TYPE_TEXT, "abc" },
    { "SELECT 'x'::\"char\"", CORM_TYPE_TEXT, "x" },
    { "SELECT 'a'", CORM_TYPE_TEXT, "a" },
    { "SELECT 4000000000::oid", CORM_TYPE_INT64, "4000000000" },
    { "SELECT true", CORM_TYPE_BOOLEAN, "true" },
    { "SELECT 'ab'::char(5)", CORM_TYPE_TEXT, "ab" },
    { "SELECT 'ab'::char(5), ARRAY[1]", CORM_TYPE_TEXT, "ab" },
    { "SELECT ARRAY[1,2]", CORM_TYPE_RAW, "{1,2}" },
    { "SELECT 'pg_class'::regclass", CORM_TYPE_RAW, "pg_class" },
    { "SELECT '1.50'::numeric", CORM_TYPE_DECIMAL, "1.50" },
    { "SELECT '1.50'::numeric, ARRAY[1]", CORM_TYPE_DECIMAL, "1.50" },
    { "SELECT '\\x00ff'::bytea, ARRAY[1]", CORM_TYPE_BYTES, NULL },
    { "SELECT false, ARRAY[1]", CORM_TYPE_BOOLEAN, "false" },
    { "SELECT timestamptz '2026-01-02 03:04:05.5+00', ARRAY[1]", CORM_TYPE_TIMESTAMP, NULL },
    { "SELECT date '2026-01-02', ARRAY[1]", CORM_TYPE_DATE, "2026-01-02" },
    { "SELECT 'NaN'::float8, ARRAY[1]", CORM_TYPE_FLOAT64, "NaN" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GString) text = g_string_new (NULL);
    CormValue row[2];
    gpointer statement = prepare (cases[i].sql, 0, NULL, 0, NULL);
    execute (statement, NULL, FALSE);
    assert_int_equal (DRIVER->step (link_of_tests, statement, row, &error), CORM_STEP_ROW);
    if (row[0].type == CORM_TYPE_DECIMAL)
      g_string_append_len (text, row[0].data, row[0].size);
    else
      corm_value_append_text (&row[0], text);
    if (row[0].type != cases[i].type || (cases[i].text != NULL && strcmp (cases[i].text, text->str) != 0))
      fail_msg ("%s: %s %s", cases[i].sql, corm_type_name (row[0].type), text->str);
    DRIVER->finalize (link_of_tests, statement);
  }
}

static void
wanted_types_are_converted_or_refused (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const struct {
    const char *sql;
    CormType wanted;
    const char *text; /* NULL: refused */
  } cases[] = {
    { "SELECT 7::int2 AS c", CORM_TYPE_INT64, "7" },
    { "SELECT 7::int8 AS c", CORM_TYPE_INT16, "7" },
    { "SELECT 70000::int8 AS c", CORM_TYPE_INT16, NULL },
    { "SELECT 'red'::text AS c", CORM_TYPE_ENUM, "red" },
    { "SELECT '12'::text AS c", CORM_TYPE_INT32, "12" },
    { "SELECT 'x'::text AS c", CORM_TYPE_INT32, NULL },
    { "SELECT 12.00 AS c", CORM_TYPE_INT32, "12" },
    { "SELECT 12.5 AS c", CORM_TYPE_INT32, NULL },
    { "SELECT 12 AS c", CORM_TYPE_RAW, "12" },
    { "SELECT '10.0.0.1'::inet AS c", CORM_TYPE_TEXT, "10.0.0.1" },
    { "SELECT 'infinity'::timestamptz AS c", CORM_TYPE_TIMESTAMP, NULL },
    { "SELECT '0044-03-15 BC'::date AS c", CORM_TYPE_DATE, NULL },
    { "SELECT '10000-01-01'::date AS c", CORM_TYPE_DATE, NULL },
    { "SELECT '24:00:00'::time AS c", CORM_TYPE_TIME, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GString) text = g_string_new (NULL);
    CormSqlType wanted = { .type = cases[i].wanted };
    CormValue row;
    gpointer statement = prepare (cases[i].sql, 0, NULL, 1, &wanted);
    execute (statement, NULL, FALSE);
    CormStep step = DRIVER->step (link_of_tests, statement, &row, &error);
    if (cases[i].text == NULL) {
      assert_int_equal (step, CORM_STEP_ERROR);
      assert_int_equal (error->code, CORM_ERROR_CONVERSION);
      assert_non_null (strstr (error->message, "column c:"));
    } else {
      if (step != CORM_STEP_ROW)
        fail_msg ("%s: %s", cases[i].sql, error->message);
      corm_value_append_text (&row, text);
      assert_int_equal (row.type, wanted.type);
      assert_string_equal (text->str, cases[i].text);
    }
    DRIVER->finalize (link_of_tests, statement);
  }
}

static void
params_that_do_not_fit_are_refused (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const struct {
    CormType type;
    CormValue value;
  } cases[] = {
    { CORM_TYPE_INT16, { .type = CORM_TYPE_INT64, .i = 40000 } },
    { CORM_TYPE_FLOAT32, { .type = CORM_TYPE_FLOAT64, .d = 0.1 } },
    { CORM_TYPE_DATE, { .type = CORM_TYPE_DATE, .i = 2932897 } },
    { CORM_TYPE_TIMESTAMP, { .type = CORM_TYPE_TIMESTAMP, .i = G_MAXINT64 } },
    { CORM_TYPE_DECIMAL, TEXTUAL (CORM_TYPE_DECIMAL, "1,5") },
    { CORM_TYPE_INT32, TEXTUAL (CORM_TYPE_TEXT, "five") },
    { CORM_TYPE_TEXT, TEXTUAL (CORM_TYPE_TEXT, "a\0b") },
    { CORM_TYPE_ENUM, TEXTUAL (CORM_TYPE_ENUM, "a\0b") },
    { CORM_TYPE_TEXT, TEXTUAL (CORM_TYPE_TEXT, "\xff\xfe") },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    CormSqlType type = { .type = cases[i].type };
    gpointer statement = prepare ("SELECT $1", 1, &type, 0, NULL);
    assert_false (DRIVER->execute (link_of_tests, statement, &cases[i].value, FALSE, &error));
    assert_int_equal (error->code, CORM_ERROR_CONVERSION);
    DRIVER->finalize (link_of_tests, statement);
  }
}

/* --- streams --- */

static void
a_stream_holds_one_row (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (GError) error = NULL;
  CormValue row[2];
  struct rusage before, after;
  gint64 sum = 0;
  gpointer statement =
      prepare ("SELECT i, repeat('x', 100) FROM generate_series (1, 300000) i", 0, NULL, 0, NULL);
  getrusage (RUSAGE_SELF, &before);
  execute (statement, NULL, TRUE);
  CormStep step;
  while ((step = DRIVER->step (link_of_tests, statement, row, &error)) == CORM_STEP_ROW)
    sum += row[0].i;
  getrusage (RUSAGE_SELF, &after);
  assert_int_equal (step, CORM_STEP_DONE);
  assert_int_equal (sum, 300000LL * 300001 / 2);
  /* KiB; the rows are 33 MB */
  assert_true (after.ru_maxrss - before.ru_maxrss < 8 * 1024 || !has_own_memory ());
  DRIVER->finalize (link_of_tests, statement);
}

static void
a_stream_left_in_the_middle_frees_the_connection (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  CormValue row[2];
  gpointer statement = prepare ("SELECT generate_series (1, 3000000000)", 0, NULL, 0, NULL);
  for (guint n = 0; n < 3; n++) {
    execute (statement, NULL, TRUE);
    for (guint i = 0; i < n * 10; i++)
      assert_int_equal (DRIVER->step (link_of_tests, statement, row, NULL), CORM_STEP_ROW);
    DRIVER->reset (link_of_tests, statement);
    g_autofree char *text = pgsql_link_get_text (link_of_tests, "SELECT 'fine'");
    assert_string_equal (text, "fine");
  }
  DRIVER->finalize (link_of_tests, statement);
}

static void
a_stream_left_in_a_transaction_keeps_the_transaction (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  CormValue row[2];
  gpointer statement = prepare ("SELECT i FROM generate_series (1, 100000) i", 0, NULL, 0, NULL);
  run ("BEGIN");
  run ("CREATE TEMPORARY TABLE kept (i int) ON COMMIT DROP");
  execute (statement, NULL, TRUE);
  assert_int_equal (DRIVER->step (link_of_tests, statement, row, NULL), CORM_STEP_ROW);
  assert_true (DRIVER->in_transaction (link_of_tests));
  DRIVER->reset (link_of_tests, statement);
  run ("INSERT INTO kept VALUES (1)");
  run ("COMMIT");
  assert_false (DRIVER->in_transaction (link_of_tests));
  DRIVER->finalize (link_of_tests, statement);
}

/* Where the first row was enough, what comes behind it may still end the transaction: it is run again all the same. */
static void
a_failure_behind_the_last_row_that_was_wanted (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  CormValue row[1];
  run ("BEGIN");
  run ("CREATE FUNCTION pg_temp.fails(i int) RETURNS text LANGUAGE plpgsql AS $$BEGIN IF i = 5000 THEN RAISE "
       "EXCEPTION 'in the way' USING ERRCODE = '40001'; END IF; RETURN repeat('x', 100); END$$");
  gpointer statement = prepare ("SELECT pg_temp.fails(i) FROM generate_series (1, 9000) i", 0, NULL, 0, NULL);
  execute (statement, NULL, TRUE);
  assert_int_equal (DRIVER->step (link_of_tests, statement, row, NULL), CORM_STEP_ROW);
  assert_false (link_of_tests->again);
  DRIVER->reset (link_of_tests, statement);
  assert_true (link_of_tests->again);
  link_of_tests->again = false;
  g_autoptr (GError) next = NULL, commit = NULL, later = NULL;
  assert_false (DRIVER->run (link_of_tests, "SELECT 1", &next));
  assert_int_equal (next->code, CORM_ERROR_BUSY);
  assert_false (DRIVER->run (link_of_tests, "COMMIT", &commit));
  assert_int_equal (commit->code, CORM_ERROR_BUSY);
  run ("BEGIN"); /* another transaction fails for its own reasons */
  assert_false (DRIVER->run (link_of_tests, "SELECT 1 / 0", NULL));
  assert_false (DRIVER->run (link_of_tests, "SELECT 1", &later));
  assert_int_equal (later->code, CORM_ERROR_FAILED);
  run ("ROLLBACK");
  DRIVER->finalize (link_of_tests, statement);
}

static void
a_streamed_insert_is_never_undone (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  CormValue row[1];
  run ("CREATE TEMPORARY TABLE streamed (i int)");
  gpointer statement =
      prepare ("INSERT INTO streamed SELECT generate_series (1, 50000) RETURNING i", 0, NULL, 0, NULL);
  execute (statement, NULL, TRUE);
  assert_int_equal (DRIVER->step (link_of_tests, statement, row, NULL), CORM_STEP_ROW);
  DRIVER->finalize (link_of_tests, statement);
  g_autofree char *count = pgsql_link_get_text (link_of_tests, "SELECT count(*) FROM streamed");
  assert_string_equal (count, "50000");
}

static void
an_error_behind_the_first_rows_is_said (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (GError) error = NULL;
  CormValue row[1];
  gpointer statement = prepare ("SELECT 1 / (1000 - i) FROM generate_series (1, 2000) i", 0, NULL, 0, NULL);
  execute (statement, NULL, TRUE);
  CormStep step;
  guint n = 0;
  while ((step = DRIVER->step (link_of_tests, statement, row, &error)) == CORM_STEP_ROW)
    n++;
  assert_int_equal (step, CORM_STEP_ERROR);
  assert_int_equal (n, 999);
  assert_non_null (strstr (error->message, "division by zero"));
  DRIVER->finalize (link_of_tests, statement);
  run ("SELECT 1");
}

/* --- errors --- */

static void
errors_have_their_class (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const struct {
    const char *sql;
    CormError code;
    const char *words;
  } cases[] = {
    { "SELEC 1", CORM_ERROR_SYNTAX, "syntax error" },
    { "SELECT * FROM no_such_table", CORM_ERROR_SCHEMA, "no_such_table" },
    { "INSERT INTO errors VALUES (1, 1, 1)", CORM_ERROR_UNIQUE, "Key (id)=(1) already exists" },
    { "INSERT INTO errors VALUES (NULL, 1, 1)", CORM_ERROR_NOT_NULL, "column \"id\"" },
    { "INSERT INTO errors VALUES (2, 9, 1)", CORM_ERROR_FOREIGN_KEY, "constraint \"errors_parent_fkey\"" },
    { "INSERT INTO errors VALUES (2, 1, -1)", CORM_ERROR_CHECK, "constraint \"errors_n_check\"" },
    { "SELECT 'x'::int", CORM_ERROR_CONVERSION, "invalid input syntax" },
    { "SELECT 100000::int2", CORM_ERROR_CONVERSION, "out of range" },
    { "CREATE ROLE somebody PASSWORD 'hunter2'", CORM_ERROR_DENIED, "permission denied" },
    { "COPY errors FROM STDIN", CORM_ERROR_UNSUPPORTED, "COPY" },
    { "COPY errors TO STDOUT", CORM_ERROR_UNSUPPORTED, "COPY" },
  };
  run ("CREATE TEMPORARY TABLE errors (id int PRIMARY KEY, parent int REFERENCES errors, n int CHECK (n > "
       "0))");
  run ("INSERT INTO errors VALUES (1, 1, 1)");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *message = NULL;
    int code = error_of (cases[i].sql, &message);
    if (code != (int) cases[i].code || strstr (message, cases[i].words) == NULL ||
        strstr (message, "hunter2"))
      fail_msg ("%s: %s: %s", cases[i].sql, corm_error_name (code), message);
  }
  run ("DROP TABLE errors");
}

static void
a_commit_that_rolls_back_is_an_error (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (GError) error = NULL;
  run ("BEGIN");
  assert_int_equal (error_of ("SELECT 1 / 0", NULL), CORM_ERROR_CONVERSION);
  assert_int_equal (error_of ("SELECT 1", NULL), CORM_ERROR_FAILED);
  assert_false (DRIVER->run (link_of_tests, "COMMIT", &error));
  assert_non_null (strstr (error->message, "rolled the transaction back"));
  assert_false (DRIVER->in_transaction (link_of_tests));
}

static void
a_plan_that_is_gone_is_made_again (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  CormValue row[3];
  run ("CREATE TEMPORARY TABLE plans (a int)");
  run ("INSERT INTO plans VALUES (1)");
  gpointer statement = prepare ("SELECT * FROM plans", 0, NULL, 0, NULL);
  execute (statement, NULL, FALSE);
  run ("ALTER TABLE plans ADD COLUMN b text DEFAULT 'new'");
  execute (statement, NULL, FALSE);
  assert_int_equal (DRIVER->n_columns (link_of_tests, statement), 2);
  assert_int_equal (DRIVER->step (link_of_tests, statement, row, NULL), CORM_STEP_ROW);
  assert_string_equal (row[1].data, "new");
  assert_string_equal (DRIVER->column_name (link_of_tests, statement, 1), "b");
  run ("DEALLOCATE ALL");
  execute (statement, NULL, TRUE);
  assert_int_equal (DRIVER->step (link_of_tests, statement, row, NULL), CORM_STEP_ROW);
  DRIVER->finalize (link_of_tests, statement);
}

static void
finalized_statements_do_not_pile_up (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  for (guint i = 0; i < 100; i++)
    DRIVER->finalize (link_of_tests, prepare ("SELECT 1", 0, NULL, 0, NULL));
  g_autofree char *count = pgsql_link_get_text (link_of_tests, "SELECT count(*) FROM pg_prepared_statements");
  assert_true (g_ascii_strtoull (count, NULL, 10) < 12);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (numbers_come_back),
    cmocka_unit_test (texts_come_back),
    cmocka_unit_test (types_of_the_database_without_a_wish),
    cmocka_unit_test (wanted_types_are_converted_or_refused),
    cmocka_unit_test (params_that_do_not_fit_are_refused),
    cmocka_unit_test (a_stream_holds_one_row),
    cmocka_unit_test (a_stream_left_in_the_middle_frees_the_connection),
    cmocka_unit_test (a_stream_left_in_a_transaction_keeps_the_transaction),
    cmocka_unit_test (a_failure_behind_the_last_row_that_was_wanted),
    cmocka_unit_test (a_streamed_insert_is_never_undone),
    cmocka_unit_test (an_error_behind_the_first_rows_is_said),
    cmocka_unit_test (errors_have_their_class),
    cmocka_unit_test (a_commit_that_rolls_back_is_an_error),
    cmocka_unit_test (a_plan_that_is_gone_is_made_again),
    cmocka_unit_test (finalized_statements_do_not_pile_up),
  };
  return cmocka_run_group_tests_name ("pgsql-statement", tests, open_link, close_link);
}
