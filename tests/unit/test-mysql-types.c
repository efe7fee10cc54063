/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Values of every type, there and back through the binary protocol, and what MariaDB cannot hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/mysql-fixture.h"

#include <math.h>
#include <string.h>

typedef struct {
  const char *column;
  CormValue value;
} Case;

#define TEXTUAL(t, s) \
  { \
    .type = (t), .data = (s), .size = sizeof (s) - 1 \
  }

static gpointer
prepare (const char *sql, guint n_params, const CormSqlType *params, guint n_columns,
         const CormSqlType *columns)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  const CormStatementSpec spec = { sql, n_params, params, n_columns, columns, false };
  gpointer statement = link->driver->prepare (link, &spec, &error);
  if (statement == NULL)
    fail_msg ("%s", error->message);
  return statement;
}

static void
execute (gpointer statement, const CormValue *params)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  if (!link->driver->execute (link, statement, params, FALSE, &error))
    fail_msg ("%s", error->message);
}

static void
is_row (gpointer statement, const CormValue *expected)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  CormValue row[2];
  if (link->driver->step (link, statement, row, &error) != CORM_STEP_ROW)
    fail_msg ("%s", error != NULL ? error->message : "no row");
  if (!corm_value_equal (expected, &row[0])) {
    g_autoptr (GString) sent = g_string_new (NULL), got = g_string_new (NULL);
    corm_value_append_text (expected, sent);
    corm_value_append_text (&row[0], got);
    fail_msg ("%s %s came back as %s %s", corm_type_name (expected->type), sent->str,
              corm_type_name (row[0].type), got->str);
  }
  /* A text ends with a NUL for those who print it. */
  if (!row[0].is_null && row[0].type == CORM_TYPE_TEXT)
    assert_int_equal (row[0].data[row[0].size], '\0');
}

/* Written, found by its value, read back as the wanted type and by itself. */
static void
comes_back (const Case *c, const char *column_type)
{
  CormLink *link = mysql_fixture_link ();
  const CormSqlType type = { .type = c->value.type };
  g_autofree char *make =
      g_strdup_printf ("CREATE OR REPLACE TABLE one (v %s, w int DEFAULT 5)", column_type);
  mysql_run (make);
  gpointer insert = prepare ("INSERT INTO one (v) VALUES (?) RETURNING v, w", 1, &type, 1, &type);
  gpointer select = prepare ("SELECT v, w FROM one WHERE v <=> ?", 1, &type, 1, &type);
  execute (insert, &c->value);
  is_row (insert, &c->value);
  assert_int_equal (link->driver->n_changed (link, insert), 1);
  link->driver->reset (link, insert);
  execute (select, &c->value);
  is_row (select, &c->value);
  link->driver->finalize (link, insert);
  link->driver->finalize (link, select);
}

static void
numbers_come_back (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const Case cases[] = {
    { "tinyint(1)", { .type = CORM_TYPE_BOOLEAN, .i = 1 } },
    { "tinyint(1)", { .type = CORM_TYPE_BOOLEAN, .i = 0 } },
    { "smallint", { .type = CORM_TYPE_INT16, .i = G_MININT16 } },
    { "smallint", { .type = CORM_TYPE_INT16, .i = G_MAXINT16 } },
    { "int", { .type = CORM_TYPE_INT32, .i = G_MININT32 } },
    { "int", { .type = CORM_TYPE_INT32, .i = G_MAXINT32 } },
    { "mediumint", { .type = CORM_TYPE_INT32, .i = -8388608 } },
    { "bigint", { .type = CORM_TYPE_INT64, .i = G_MININT64 } },
    { "bigint", { .type = CORM_TYPE_INT64, .i = G_MAXINT64 } },
    { "bigint", { .type = CORM_TYPE_INT64, .i = (1LL << 53) + 1 } },
    { "bigint", { .type = CORM_TYPE_INT64, .is_null = true } },
    { "int", { .type = CORM_TYPE_INT64, .i = -5 } },
    { "float", { .type = CORM_TYPE_FLOAT32, .d = 0.1f } },
    { "float", { .type = CORM_TYPE_FLOAT32, .d = 3.4028234e38f } },
    { "float", { .type = CORM_TYPE_FLOAT32, .d = 1.1754944e-38f } },
    { "double", { .type = CORM_TYPE_FLOAT64, .d = 0.1 } },
    { "double", { .type = CORM_TYPE_FLOAT64, .d = 1.7976931348623157e308 } },
    { "double", { .type = CORM_TYPE_FLOAT64, .d = 2.2250738585072014e-308 } },
    { "double", { .type = CORM_TYPE_FLOAT64, .d = 9007199254740993.0 } },
    { "decimal(10,2)", TEXTUAL (CORM_TYPE_DECIMAL, "-12345678.9") },
    { "decimal(65,27)", TEXTUAL (CORM_TYPE_DECIMAL, "99999999999999999999999999999999999999.0625") },
    { "decimal(65,27)", TEXTUAL (CORM_TYPE_DECIMAL, "-0.000000000000000000000000001") },
    { "decimal(65,27)", TEXTUAL (CORM_TYPE_DECIMAL, "0") },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    comes_back (&cases[i], cases[i].column);
}

static void
times_come_back (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const Case cases[] = {
    { "date", { .type = CORM_TYPE_DATE, .i = -719162 } },
    { "date", { .type = CORM_TYPE_DATE, .i = 2932896 } },
    { "time(6)", { .type = CORM_TYPE_TIME, .i = 0 } },
    { "time(6)", { .type = CORM_TYPE_TIME, .i = 86399999999 } },
    { "datetime(6)", { .type = CORM_TYPE_LOCAL_TIMESTAMP, .i = -62135596800000000 } },
    { "datetime(6)", { .type = CORM_TYPE_LOCAL_TIMESTAMP, .i = 253402300799999999 } },
    { "datetime(6)", { .type = CORM_TYPE_TIMESTAMP, .i = -1 } },
    { "datetime(6)", { .type = CORM_TYPE_TIMESTAMP, .i = 253402300799999999 } },
    { "timestamp(6) NULL", { .type = CORM_TYPE_TIMESTAMP, .i = 1000000 } },
    { "uuid",
      { .type = CORM_TYPE_UUID, .uuid = { { 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 } } } },
    { "uuid", { .type = CORM_TYPE_UUID, .uuid = { { 0 } } } },
    { "uuid", { .type = CORM_TYPE_UUID, .is_null = true } },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    comes_back (&cases[i], cases[i].column);
}

static void
texts_come_back (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
#define BIN " COLLATE utf8mb4_nopad_bin"
  static const Case cases[] = {
    { "longtext CHARACTER SET utf8mb4" BIN, TEXTUAL (CORM_TYPE_TEXT, "") },
    { "longtext CHARACTER SET utf8mb4" BIN, TEXTUAL (CORM_TYPE_TEXT, "a'b\\c\n\t\xf0\x9f\x98\x80") },
    { "longtext CHARACTER SET utf8mb4" BIN, TEXTUAL (CORM_TYPE_TEXT, "with a\0NUL") },
    { "longtext CHARACTER SET utf8mb4" BIN, TEXTUAL (CORM_TYPE_TEXT, "blank at the end ") },
    { "varchar(20) CHARACTER SET utf8mb4" BIN,
      TEXTUAL (CORM_TYPE_TEXT, "twenty \xf0\x9f\x98\x80 1234567890 ") },
    { "varchar(255) CHARACTER SET utf8mb4" BIN, TEXTUAL (CORM_TYPE_ENUM, "RUNNING") },
    { "enum('a','b''c')", TEXTUAL (CORM_TYPE_ENUM, "b'c") },
    { "longblob", TEXTUAL (CORM_TYPE_BYTES, "") },
    { "longblob", TEXTUAL (CORM_TYPE_BYTES, "a\0b\xff\\' ") },
    { "json", TEXTUAL (CORM_TYPE_JSON, "{\"a\" : [1, null, \"\xf0\x9f\x98\x80\"]}") },
    { "inet6", TEXTUAL (CORM_TYPE_RAW, "::1") },
    { "set('x','y')", TEXTUAL (CORM_TYPE_RAW, "x,y") },
    { "longtext", { .type = CORM_TYPE_TEXT, .is_null = true } },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    comes_back (&cases[i], cases[i].column);
}

static void
long_values_come_back (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const gsize sizes[] = { 250, 251, 65535, 65536, 3 << 20 };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *bytes = g_malloc (sizes[i]);
    memset (bytes, 'x', sizes[i]);
    const Case c = { "longblob", { .type = CORM_TYPE_BYTES, .data = bytes, .size = sizes[i] } };
    comes_back (&c, "longblob");
  }
}

/* Without wanted types a column comes as what it is. */
static void
natural_types (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const struct {
    const char *sql;
    CormType type;
    const char *text;
  } cases[] = {
    { "b tinyint(1) = 1", CORM_TYPE_BOOLEAN, "true" },
    { "b tinyint(1) = 5", CORM_TYPE_INT16, "5" },
    { "b tinyint unsigned = 255", CORM_TYPE_INT16, "255" },
    { "b smallint unsigned = 65535", CORM_TYPE_INT32, "65535" },
    { "b int unsigned = 4294967295", CORM_TYPE_INT64, "4294967295" },
    { "b bigint unsigned = 9223372036854775807", CORM_TYPE_INT64, "9223372036854775807" },
    { "b bigint unsigned = 18446744073709551615", CORM_TYPE_DECIMAL, "18446744073709551615" },
    { "b bit = 1", CORM_TYPE_BOOLEAN, "true" },
    { "b bit(10) = 513", CORM_TYPE_INT64, "513" },
    { "b bit(64) = 18446744073709551615", CORM_TYPE_DECIMAL, "18446744073709551615" },
    { "b year = 2024", CORM_TYPE_INT16, "2024" },
    { "b decimal(5,2) = 1.5", CORM_TYPE_DECIMAL, "1.5" },
    { "b time(3) = '-12:30:00.5'", CORM_TYPE_TEXT, "-12:30:00.500000" },
    { "b time = '100:00:00'", CORM_TYPE_TEXT, "100:00:00" },
    { "b time = '10:00:00'", CORM_TYPE_TIME, "10:00:00" },
    { "b json = '{}'", CORM_TYPE_JSON, "{}" },
    { "b uuid = '00000000-0000-0000-0000-00000000000a'", CORM_TYPE_UUID,
      "00000000-0000-0000-0000-00000000000a" },
    { "b timestamp = '2020-01-01 00:00:00'", CORM_TYPE_TIMESTAMP, "2020-01-01T00:00:00Z" },
    { "b datetime = '2020-01-01 00:00:00'", CORM_TYPE_LOCAL_TIMESTAMP, "2020-01-01T00:00:00" },
    { "b char(4) charset latin1 = 'ab'", CORM_TYPE_TEXT, "ab" },
    { "b binary(2) = 'ab'", CORM_TYPE_BYTES, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) parts = g_strsplit (cases[i].sql, " = ", 2);
    g_autofree char *make = g_strdup_printf ("CREATE OR REPLACE TABLE one (%s)", parts[0]);
    g_autofree char *fill = g_strdup_printf ("INSERT INTO one VALUES (%s)", parts[1]);
    mysql_run (make);
    mysql_run (fill);
    g_autoptr (CormCursor) cursor = corm_query (mysql_fixture (), "SELECT * FROM one", NULL, NULL);
    assert_true (corm_cursor_next (cursor, NULL));
    g_autoptr (GString) text = g_string_new (NULL);
    corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
    assert_string_equal (corm_type_name (corm_cursor_get_value (cursor, 0)->type),
                         corm_type_name (cases[i].type));
    if (cases[i].text != NULL)
      assert_string_equal (text->str, cases[i].text);
  }
}

/* What a column holds and the wanted type cannot. */
static void
refuses_to_read (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const struct {
    const char *expression;
    CormType wanted;
  } cases[] = {
    { "18446744073709551615", CORM_TYPE_INT64 },
    { "70000", CORM_TYPE_INT16 },
    { "5", CORM_TYPE_BOOLEAN },
    { "'x'", CORM_TYPE_INT32 },
    { "1.5", CORM_TYPE_INT64 },
    { "CAST('-10:00:00' AS TIME)", CORM_TYPE_TIME },
    { "x'ff00'", CORM_TYPE_TEXT },
    { "0.1e0", CORM_TYPE_FLOAT32 },
  };
  CormLink *link = mysql_fixture_link ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *sql = g_strdup_printf ("SELECT %s AS told", cases[i].expression);
    const CormSqlType wanted = { .type = cases[i].wanted };
    CormValue row;
    gpointer statement = prepare (sql, 0, NULL, 1, &wanted);
    execute (statement, NULL);
    assert_int_equal (link->driver->step (link, statement, &row, &error), CORM_STEP_ERROR);
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
    assert_non_null (strstr (error->message, "told"));
    link->driver->finalize (link, statement);
  }
}

/* A date that no value holds comes as the server's text, and where a date is asked for that is an error. */
static void
zero_date_is_text_and_no_date (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const struct {
    const char *sql;
    CormType type;
    const char *text;
  } cases[] = {
    { "SELECT d AS told FROM one", CORM_TYPE_DATE, "0000-00-00" },
    { "SELECT e AS told FROM one", CORM_TYPE_LOCAL_TIMESTAMP, "2024-00-10 10:00:00" },
  };
  mysql_run ("CREATE OR REPLACE TABLE one (d date, e datetime)");
  mysql_run ("SET SESSION sql_mode = ''");
  mysql_run ("INSERT INTO one VALUES ('0000-00-00', '2024-00-10 10:00:00')");
  CormLink *link = mysql_fixture_link ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormCursor) cursor = corm_query (mysql_fixture (), cases[i].sql, NULL, NULL);
    assert_true (corm_cursor_next (cursor, &error));
    const CormValue *value = corm_cursor_get_value (cursor, 0);
    assert_int_equal (value->type, CORM_TYPE_TEXT);
    assert_int_equal (value->size, strlen (cases[i].text));
    assert_memory_equal (value->data, cases[i].text, value->size);
    g_clear_pointer (&cursor, corm_cursor_free);

    const CormSqlType wanted = { .type = cases[i].type };
    CormValue row;
    gpointer statement = prepare (cases[i].sql, 0, NULL, 1, &wanted);
    execute (statement, NULL);
    assert_int_equal (link->driver->step (link, statement, &row, &error), CORM_STEP_ERROR);
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
    assert_non_null (strstr (error->message, "told"));
    link->driver->finalize (link, statement);
  }
  mysql_fixture_close (NULL); /* with its sql_mode */
}

static void
refuses_to_write (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const struct {
    const char *column;
    CormSqlType type;
    CormValue value;
  } cases[] = {
    { "double", { .type = CORM_TYPE_FLOAT64 }, { .type = CORM_TYPE_FLOAT64, .d = NAN } },
    { "double", { .type = CORM_TYPE_FLOAT64 }, { .type = CORM_TYPE_FLOAT64, .d = -INFINITY } },
    { "double", { .type = CORM_TYPE_FLOAT64 }, { .type = CORM_TYPE_FLOAT64, .d = -0.0 } },
    { "decimal(10,2)",
      { .type = CORM_TYPE_DECIMAL, .precision = 10, .scale = 2 },
      TEXTUAL (CORM_TYPE_DECIMAL, "1.239") },
    { "decimal(10,2)", { .type = CORM_TYPE_NONE }, TEXTUAL (CORM_TYPE_DECIMAL, "1.239") },
    { "decimal(10,2)", { .type = CORM_TYPE_DECIMAL }, TEXTUAL (CORM_TYPE_DECIMAL, "1.239") },
    { "decimal(65,27)",
      { .type = CORM_TYPE_DECIMAL },
      TEXTUAL (CORM_TYPE_DECIMAL, "0.0000000000000000000000000001") },
    { "decimal(65,27)",
      { .type = CORM_TYPE_DECIMAL },
      TEXTUAL (CORM_TYPE_DECIMAL, "999999999999999999999999999999999999999") },
    { "varchar(3)", { .type = CORM_TYPE_TEXT }, TEXTUAL (CORM_TYPE_TEXT, "abc ") },
    { "varchar(3)", { .type = CORM_TYPE_TEXT }, TEXTUAL (CORM_TYPE_TEXT, "abcd") },
    { "tinyint", { .type = CORM_TYPE_INT16 }, { .type = CORM_TYPE_INT16, .i = 200 } },
    { "smallint", { .type = CORM_TYPE_TEXT }, TEXTUAL (CORM_TYPE_TEXT, "x") },
    { "timestamp(6)",
      { .type = CORM_TYPE_TIMESTAMP },
      { .type = CORM_TYPE_TIMESTAMP, .i = 253402300799999999 } },
    { "enum('a')", { .type = CORM_TYPE_ENUM }, TEXTUAL (CORM_TYPE_ENUM, "b") },
  };
  CormLink *link = mysql_fixture_link ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *make = g_strdup_printf ("CREATE OR REPLACE TABLE one (v %s)", cases[i].column);
    mysql_run (make);
    gpointer statement = prepare ("INSERT INTO one VALUES (?)", 1, &cases[i].type, 0, NULL);
    if (link->driver->execute (link, statement, &cases[i].value, FALSE, &error))
      fail_msg ("%s, case %u: written", cases[i].column, i);
    if (!g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION))
      fail_msg ("%s, case %u: %s", cases[i].column, i, error->message);
    link->driver->finalize (link, statement);
    g_autofree char *left = mysql_text_of ("SELECT count(*) FROM one");
    assert_string_equal (left, "0"); /* no cut value stays behind */
  }
}

/* A decimal is compared as one, not as a double. */
static void
decimals_compare_exactly (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  mysql_run ("CREATE OR REPLACE TABLE one (v decimal(40,2))");
  mysql_run ("INSERT INTO one VALUES (12345678901234567890.01), (12345678901234567890.02)");
  g_autoptr (CormCursor) cursor =
      corm_query (mysql_fixture (), "SELECT count(*) FROM one WHERE v = :v",
                  CORM_PARAMS (CORM_PARAM ("v", ((CormDecimal){ "12345678901234567890.01" }))), NULL);
  assert_true (corm_cursor_next (cursor, NULL));
  assert_int_equal (corm_cursor_get_value (cursor, 0)->i, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (numbers_come_back),
    cmocka_unit_test (times_come_back),
    cmocka_unit_test (texts_come_back),
    cmocka_unit_test (long_values_come_back),
    cmocka_unit_test (natural_types),
    cmocka_unit_test (refuses_to_read),
    cmocka_unit_test (refuses_to_write),
    cmocka_unit_test (decimals_compare_exactly),
    cmocka_unit_test (zero_date_is_text_and_no_date),
  };
  return cmocka_run_group_tests_name ("mysql types", tests, NULL, mysql_fixture_close);
}
