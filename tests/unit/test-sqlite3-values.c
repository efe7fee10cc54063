/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite: values come back as they went in, what others wrote is read where nothing is lost, and the rest is refused
 * by name; constraints say which; corm_like() and the order of decimals. */
#include "engine.h"

#include "engine/statement.h"

#include <math.h>

static CormDb *db;
static CormConnection *conn;

static int
set_up (G_GNUC_UNUSED void **state)
{
  db = test_open ("sqlite::memory:", NULL);
  conn = test_connect (db);
  return 0;
}

static int
tear_down (G_GNUC_UNUSED void **state)
{
  corm_connection_free (conn);
  corm_db_free (db);
  return 0;
}

static void
append_type (GString *sql, const CormSqlType *type)
{
  const CormTableColumn column = { .type = *type };
  corm_connection_get_link (conn)->driver->dialect->append_type (sql, &column);
}

/* Writes @value into a column of @type and reads it again as that type. */
static void
round_trip (CormSqlType type, CormValue value)
{
  g_autoptr (GString) create = g_string_new ("CREATE TABLE t (a ");
  value.type = type.type;
  append_type (create, &type);
  g_string_append (create, ")");
  test_run (conn, "DROP TABLE IF EXISTS t");
  test_run (conn, create->str);
  CormStatementKey key = { 0 };
  CormStatementSpec insert = { .sql = "INSERT INTO t VALUES (?)", .n_params = 1, .params = &type };
  CormStatementSpec select = { .sql = "SELECT a FROM t", .n_columns = 1, .columns = &type };
  const CormValue *row;
  {
    g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &insert, NULL);
    assert_ok (corm_statement_execute (statement, &value, FALSE, error));
  }
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &select, NULL);
  assert_ok (corm_statement_execute (statement, NULL, FALSE, error));
  assert_ok (corm_statement_step (statement, &row, error) == CORM_STEP_ROW);
  if (!corm_value_equal (&row[0], &value)) {
    g_autoptr (GString) text = g_string_new (NULL);
    corm_value_append_text (&value, text);
    g_string_append (text, " came back as ");
    corm_value_append_text (&row[0], text);
    fail_msg ("%s: %s", create->str, text->str);
  }
}

#define US_0001 (G_GINT64_CONSTANT (-62135596800000000))
#define US_9999 (G_GINT64_CONSTANT (253402300799999999))

static void
values_come_back (G_GNUC_UNUSED void **state)
{
  const CormSqlType boolean = { .type = CORM_TYPE_BOOLEAN }, text = { .type = CORM_TYPE_TEXT };
  const CormSqlType int64 = { .type = CORM_TYPE_INT64 }, int16 = { .type = CORM_TYPE_INT16 };
  const CormSqlType float64 = { .type = CORM_TYPE_FLOAT64 }, float32 = { .type = CORM_TYPE_FLOAT32 };
  const CormSqlType bytes = { .type = CORM_TYPE_BYTES }, uuid = { .type = CORM_TYPE_UUID };
  const CormSqlType timestamp = { .type = CORM_TYPE_TIMESTAMP }, time = { .type = CORM_TYPE_TIME };
  const CormSqlType local = { .type = CORM_TYPE_LOCAL_TIMESTAMP }, date = { .type = CORM_TYPE_DATE };
  round_trip (boolean, corm_value_bool (false));
  round_trip (boolean, corm_value_bool (true));
  round_trip (int16, corm_value_int (G_MININT16));
  round_trip (int64, corm_value_int (G_MININT64));
  round_trip (int64, corm_value_int (G_MAXINT64));
  round_trip (int64, corm_value_int ((G_GINT64_CONSTANT (1) << 53) + 1));
  round_trip (float64, corm_value_double (0.1 + 0.2));
  round_trip (float64, corm_value_double (3)); /* stored as an integer, read as a float */
  round_trip (float64, corm_value_double (9007199254740993.0));
  round_trip (float64, corm_value_double (5e-324));
  round_trip (float64, corm_value_double (-INFINITY));
  round_trip (float32, corm_value_double ((double) 0.1f));
  round_trip (text, corm_value_text (""));
  round_trip (text, corm_value_text ("007 \xf0\x9f\x90\xa7"));
  round_trip ((CormSqlType){ .type = CORM_TYPE_TEXT, .length = 5 }, corm_value_text ("1e2"));
  round_trip (bytes, corm_value_bytes ((CormBytes){ (const guint8 *) "a\0b\xff", 4 }));
  round_trip (bytes, corm_value_bytes ((CormBytes){ (const guint8 *) "", 0 }));
  round_trip (date, corm_value_date ((CormDate){ -719162 }));
  round_trip (date, corm_value_date ((CormDate){ 2932896 }));
  round_trip (time, corm_value_time ((CormTime){ 86399999999 }));
  round_trip (time, corm_value_time ((CormTime){ 0 }));
  round_trip (timestamp, corm_value_timestamp ((CormTimestamp){ US_0001 }));
  round_trip (timestamp, corm_value_timestamp ((CormTimestamp){ US_9999 }));
  round_trip (timestamp, corm_value_timestamp ((CormTimestamp){ 1700000000000001 }));
  round_trip (local, corm_value_local_timestamp ((CormLocalTimestamp){ -1 }));
  for (int i = 0; i < 16; i++) /* all digits, or with an e: never a number */
    round_trip (uuid,
                corm_value_uuid ((CormUuid){ { 0x12, 0x34, 0x56, 0x78, 0x12, 0xe4, [15] = (guint8) i } }));
  round_trip ((CormSqlType){ .type = CORM_TYPE_JSON }, corm_value_text ("12"));
  round_trip ((CormSqlType){ .type = CORM_TYPE_ENUM }, corm_value_text ("1"));
  CormValue null = { .is_null = true };
  round_trip (int64, null);
  round_trip (text, null);
}

static void
decimals_come_back (G_GNUC_UNUSED void **state)
{
  static const struct {
    guint precision, scale;
    const char *text;
  } cases[] = {
    { 15, 2, "1234567890123.45" },
    { 15, 2, "-0.10" },
    { 10, 0, "7" },
    { 15, 15, "0.123456789012345" },
    { 38, 10, "1234567890123456789012345678.0123456789" },
    { 0, 0, "-1234567890123456789012345678901234567890.5" },
    { 17, 1, "9007199254740993.0" },
    { 12, 2, "100.00" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    round_trip (
        (CormSqlType){ .type = CORM_TYPE_DECIMAL, .precision = cases[i].precision, .scale = cases[i].scale },
        corm_value_decimal ((CormDecimal){ cases[i].text }));
}

static gboolean
write_value (CormValue value, GError **error)
{
  test_run (conn, "CREATE TABLE IF NOT EXISTS w (a)");
  return corm_execute (conn, "INSERT INTO w VALUES (:a)", CORM_PARAMS ({ "a", value }), NULL, error);
}

/* A REAL column would make it a 0; one without a type keeps it, where the caller knows that it has none. */
static void
a_negative_zero_needs_no_type (G_GNUC_UNUSED void **state)
{
  const CormSqlType none = { .type = CORM_TYPE_NONE };
  const CormValue zero = corm_value_double (-0.0);
  const CormStatementSpec spec = { .sql = "INSERT INTO z VALUES (?)", .n_params = 1, .params = &none };
  const CormStatementKey key = { .sql = spec.sql };
  test_run (conn, "CREATE TABLE z (a)");
  g_autoptr (CormStatement) statement = NULL;
  assert_ok ((statement = corm_statement_prepare (conn, &key, &spec, error)) != NULL);
  assert_ok (corm_statement_execute (statement, &zero, FALSE, error));
  g_clear_pointer (&statement, corm_statement_release);
  g_autoptr (CormCursor) cursor = NULL;
  assert_ok ((cursor = corm_query (conn, "SELECT a FROM z", NULL, error)) != NULL);
  assert_ok (corm_cursor_next (cursor, error));
  assert_true (corm_cursor_get_value (cursor, 0)->type == CORM_TYPE_FLOAT64);
  assert_true (signbit (corm_cursor_get_value (cursor, 0)->d) != 0);
}

static void
what_sqlite_cannot_hold_is_refused (G_GNUC_UNUSED void **state)
{
  CormValue nul = { .type = CORM_TYPE_TEXT, .data = "a\0b", .size = 3 };
  assert_fails (write_value (corm_value_double (NAN), error), CORM_ERROR_CONVERSION, "NaN");
  assert_fails (write_value (corm_value_double (-0.0), error), CORM_ERROR_CONVERSION, "-0.0");
  assert_fails (write_value (nul, error), CORM_ERROR_CONVERSION, "NUL");
  assert_ok (write_value (corm_value_double (0.0), error));
  assert_int_equal (test_number (conn, "SELECT count(*) FROM w"), 1);
}

/* What @sql gives, read as @type, is @want, or an error with @want in it when it starts with '!'. */
static void
reads (const char *sql, CormType type, const char *want)
{
  const CormSqlType asked = { .type = type };
  CormStatementKey key = { 0 };
  CormStatementSpec spec = { .sql = sql, .n_columns = 1, .columns = &asked };
  const CormValue *row;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, &error);
  assert_null (error);
  assert_true (corm_statement_execute (statement, NULL, FALSE, &error));
  if (corm_statement_step (statement, &row, &error) == CORM_STEP_ROW) {
    assert_int_equal (row[0].type, type);
    corm_value_append_text (&row[0], text);
  } else {
    assert_int_equal (error->code, CORM_ERROR_CONVERSION);
    if (*want != '!' || strstr (error->message, want + 1) == NULL ||
        strstr (error->message, "column a: ") == NULL)
      fail_msg ("%s as %s: %s", sql, corm_type_name (type), error->message);
    return;
  }
  if (strcmp (text->str, want) != 0)
    fail_msg ("%s as %s: %s", sql, corm_type_name (type), text->str);
}

static void
what_others_wrote_is_read_where_nothing_is_lost (G_GNUC_UNUSED void **state)
{
  reads ("SELECT 1 AS a", CORM_TYPE_BOOLEAN, "true");
  reads ("SELECT 2 AS a", CORM_TYPE_BOOLEAN, "!2");
  reads ("SELECT '5' AS a", CORM_TYPE_INT32, "5");
  reads ("SELECT 5.0 AS a", CORM_TYPE_INT64, "5");
  reads ("SELECT 5.5 AS a", CORM_TYPE_INT64, "!5.5");
  reads ("SELECT 'five' AS a", CORM_TYPE_INT64, "!five");
  reads ("SELECT 40000 AS a", CORM_TYPE_INT16, "!40000");
  reads ("SELECT 3000000000 AS a", CORM_TYPE_INT32, "!3000000000");
  reads ("SELECT 3 AS a", CORM_TYPE_FLOAT64, "3.0");
  reads ("SELECT 9007199254740993 AS a", CORM_TYPE_FLOAT64, "!9007199254740993");
  reads ("SELECT 0.1 AS a", CORM_TYPE_FLOAT32, "!0.1");
  reads ("SELECT 12.5 AS a", CORM_TYPE_DECIMAL, "12.5");
  reads ("SELECT 12 AS a", CORM_TYPE_TEXT, "12");
  reads ("SELECT x'616263' AS a", CORM_TYPE_TEXT, "abc");
  reads ("SELECT x'ff' AS a", CORM_TYPE_TEXT, "!");
  reads ("SELECT CAST (x'610062' AS TEXT) AS a", CORM_TYPE_TEXT, "!NUL");
  reads ("SELECT 'abc' AS a", CORM_TYPE_BYTES, "616263");
  reads ("SELECT '2024-02-29' AS a", CORM_TYPE_DATE, "2024-02-29");
  reads ("SELECT '2024-02-30' AS a", CORM_TYPE_DATE, "!2024-02-30");
  reads ("SELECT '2024-02-29T10:20:30+01:00' AS a", CORM_TYPE_TIMESTAMP, "2024-02-29T09:20:30Z");
  reads ("SELECT datetime ('2024-02-29') AS a", CORM_TYPE_TIMESTAMP, "2024-02-29T00:00:00Z");
  reads ("SELECT 1700000000 AS a", CORM_TYPE_TIMESTAMP, "!unit");
  reads ("SELECT 2460000.5 AS a", CORM_TYPE_DATE, "!unit");
  reads ("SELECT x'00112233445566778899aabbccddeeff' AS a", CORM_TYPE_UUID,
         "00112233-4455-6677-8899-aabbccddeeff");
  reads ("SELECT 12 AS a", CORM_TYPE_JSON, "12");
  reads ("SELECT 12 AS a", CORM_TYPE_RAW, "12");
  reads ("SELECT NULL AS a", CORM_TYPE_UUID, "NULL");
}

/* A second conversion in the row must not move the first one's bytes. */
static void
converted_cells_stay_apart (G_GNUC_UNUSED void **state)
{
  const CormSqlType text[] = { { .type = CORM_TYPE_TEXT }, { .type = CORM_TYPE_TEXT } };
  CormStatementKey key = { 0 };
  CormStatementSpec spec = { .sql = "SELECT 123456789, 987654321.25", .n_columns = 2, .columns = text };
  const CormValue *row;
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, NULL);
  assert_ok (corm_statement_execute (statement, NULL, FALSE, error));
  assert_ok (corm_statement_step (statement, &row, error) == CORM_STEP_ROW);
  assert_memory_equal (row[0].data, "123456789", 9);
  assert_memory_equal (row[1].data, "987654321.25", 12);
}

static void
constraints_say_which (G_GNUC_UNUSED void **state)
{
  test_run (conn, "CREATE TABLE parent (id INTEGER PRIMARY KEY)");
  test_run (conn, "CREATE TABLE child (a TEXT NOT NULL, b TEXT UNIQUE, c INTEGER REFERENCES parent, "
                  "d INTEGER CONSTRAINT positive CHECK (d > 0))");
  test_run (conn, "CREATE TABLE strict (a INTEGER) STRICT");
  test_run (conn, "INSERT INTO parent VALUES (1)");
  test_run (conn, "INSERT INTO child VALUES ('x', 'y', 1, 1)");
#define FAILS(sql, code, part) assert_fails (corm_execute (conn, sql, NULL, NULL, error), code, part)
  FAILS ("INSERT INTO parent VALUES (1)", CORM_ERROR_UNIQUE, "parent.id");
  FAILS ("INSERT INTO child VALUES ('x', 'y', 1, 1)", CORM_ERROR_UNIQUE, "child.b");
  FAILS ("INSERT INTO child VALUES (NULL, 'z', 1, 1)", CORM_ERROR_NOT_NULL, "child.a");
  FAILS ("INSERT INTO child VALUES ('x', 'z', 9, 1)", CORM_ERROR_FOREIGN_KEY, "FOREIGN KEY");
  FAILS ("INSERT INTO child VALUES ('x', 'z', 1, 0)", CORM_ERROR_CHECK, "positive");
  FAILS ("DELETE FROM parent", CORM_ERROR_FOREIGN_KEY, "DELETE FROM parent");
  FAILS ("INSERT INTO strict VALUES ('x')", CORM_ERROR_CONVERSION, "strict.a");
  FAILS ("INSERT INTO parent VALUES ('x')", CORM_ERROR_CONVERSION, "mismatch");
  FAILS ("INSERT INTO nowhere VALUES (1)", CORM_ERROR_SCHEMA, "nowhere");
  FAILS ("INSERT INTO child (zzz) VALUES (1)", CORM_ERROR_SCHEMA, "zzz");
  FAILS ("CREATE TABLE child (a)", CORM_ERROR_SCHEMA, "already exists");
  FAILS ("INSERT child", CORM_ERROR_SYNTAX, "syntax error");
  FAILS ("SELECT nofunction (1)", CORM_ERROR_SYNTAX, "nofunction");
#undef FAILS
}

static void
like_is_exact (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *text, *pattern;
    gint64 match;
  } cases[] = {
    { "scf run", "scf%", 1 },
    { "SCF run", "scf%", 0 },
    { "", "", 1 },
    { "", "%", 1 },
    { "a", "", 0 },
    { "abc", "a_c", 1 },
    { "aèc", "a_c", 1 },
    { "ac", "a_c", 0 },
    { "aXbXc", "a%b%c", 1 },
    { "aXbX", "a%b%c", 0 },
    { "100%", "100\\%", 1 },
    { "1000", "100\\%", 0 },
    { "a_b", "a\\_b", 1 },
    { "axb", "a\\_b", 0 },
    { "a\\b", "a\\\\b", 1 },
    { "mississippi", "%iss%pi", 1 },
    { "aaaaaaaaab", "%a%a%a%b", 1 },
    { "aaa", "%b%", 0 },
    { "abc", "%", 1 },
    { "abc", "___", 1 },
    { "abc", "____", 0 },
    { "a%c", "a\\%%", 1 },
    { "Æ", "æ", 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormCursor) cursor = corm_query (
        conn, "SELECT corm_like (:text, :pattern)",
        CORM_PARAMS (CORM_PARAM ("text", cases[i].text), CORM_PARAM ("pattern", cases[i].pattern)), NULL);
    assert_ok (corm_cursor_next (cursor, error));
    if (corm_cursor_get_value (cursor, 0)->i != cases[i].match)
      fail_msg ("'%s' LIKE '%s'", cases[i].text, cases[i].pattern);
  }
  assert_int_equal (test_number (conn, "SELECT corm_like (NULL, '%') IS NULL"), 1);
}

static void
decimals_sort_as_numbers (G_GNUC_UNUSED void **state)
{
  test_run (conn, "CREATE TABLE d (a DECIMAL_TEXT (38, 2))");
  test_run (conn, "INSERT INTO d VALUES ('10.00'), ('9.00'), ('-3.50'), ('12345678901234567890123.00')");
  g_autofree char *order =
      test_text (conn, "SELECT group_concat (a, ' ') FROM (SELECT a FROM d ORDER BY a COLLATE "
                       "corm_decimal)");
  assert_string_equal (order, "-3.50 9.00 10.00 12345678901234567890123.00");
  assert_int_equal (test_number (conn, "SELECT count(*) FROM d WHERE a COLLATE corm_decimal > '9.5'"), 2);
}

static void
now_is_a_timestamp_without_trailing_zeros (G_GNUC_UNUSED void **state)
{
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  g_autofree char *sql =
      g_strdup_printf ("CREATE TABLE n (a INTEGER, at TIMESTAMP DEFAULT %s)", dialect->now);
  test_run (conn, sql);
  test_run (conn, "INSERT INTO n (a) VALUES (1)");
  const CormSqlType type = { .type = CORM_TYPE_TIMESTAMP };
  CormStatementKey key = { 0 };
  CormStatementSpec spec = { .sql = "SELECT at FROM n", .n_columns = 1, .columns = &type };
  const CormValue *row;
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, NULL);
  assert_ok (corm_statement_execute (statement, NULL, FALSE, error));
  assert_ok (corm_statement_step (statement, &row, error) == CORM_STEP_ROW);
  gint64 distance = corm_timestamp_now ().us - row[0].i;
  assert_in_range (distance + 2000, 0, 10 * 1000 * 1000);
  CormTimestamp at = { row[0].i };
  corm_statement_release (g_steal_pointer (&statement));
  g_autoptr (CormCursor) found =
      corm_query (conn, "SELECT count(*) FROM n WHERE at = :at", CORM_PARAMS (CORM_PARAM ("at", at)), NULL);
  assert_ok (corm_cursor_next (found, error));
  assert_int_equal (corm_cursor_get_value (found, 0)->i, 1);
}

/* A statement that was kept; SQLite prepares it anew when the schema has changed under it. */
static void
a_table_grows_under_a_statement (G_GNUC_UNUSED void **state)
{
  test_run (conn, "CREATE TABLE g (a INTEGER)");
  test_run (conn, "INSERT INTO g VALUES (1), (2)");
  for (guint n = 1; n < 40; n++) {
    gint64 rows = 0;
    g_autoptr (CormCursor) cursor = corm_query (conn, "SELECT * FROM g ORDER BY a", NULL, NULL);
    assert_non_null (cursor);
    while (corm_cursor_next (cursor, NULL)) {
      rows++;
      assert_int_equal (corm_cursor_get_n_columns (cursor), n);
      assert_int_equal (corm_cursor_get_value (cursor, 0)->i, rows);
      for (guint i = 1; i < n; i++)
        assert_int_equal (corm_cursor_get_value (cursor, i)->i, i);
    }
    assert_int_equal (rows, 2);
    g_clear_pointer (&cursor, corm_cursor_free);
    g_autofree char *add = g_strdup_printf ("ALTER TABLE g ADD COLUMN c%u INTEGER DEFAULT %u", n, n);
    test_run (conn, add);
  }
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    CASE (values_come_back),
    CASE (decimals_come_back),
    CASE (what_sqlite_cannot_hold_is_refused),
    CASE (a_negative_zero_needs_no_type),
    CASE (what_others_wrote_is_read_where_nothing_is_lost),
    CASE (converted_cells_stay_apart),
    CASE (constraints_say_which),
    CASE (like_is_exact),
    CASE (decimals_sort_as_numbers),
    CASE (now_is_a_timestamp_without_trailing_zeros),
    CASE (a_table_grows_under_a_statement),
  };
  return cmocka_run_group_tests_name ("sqlite3-values", tests, NULL, NULL);
}
