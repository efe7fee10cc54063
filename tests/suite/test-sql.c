/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQL written by hand: named parameters of every type, and what comes back without a model saying what it is: of whatever
 * type the database gives it, it converts exactly to the value that went in. */
#include "every.h"

/* --- every type */

static const Every full = {
  .id = 1,
  .boolean = CORM_SOME (true),
  .int16 = CORM_SOME (-32768),
  .int32 = CORM_SOME (2147483647),
  .int64 = CORM_SOME (G_GINT64_CONSTANT (-9007199254740993)),
  .float32 = CORM_SOME (0.1f),
  .float64 = CORM_SOME (0.1 + 0.2),
  .decimal15 = { "-12345.67" },
  .decimal38 = { "1234567890123456789012345678.0123456789" },
  .decimal = { "0.000000000000000000000000001" },
  .text = "it's 😀 \\ 5",
  .varchar = "12",
  .bytes = { (const guint8 *) "a\0\xff'", 4 },
  .date = { true, { -719162 } },
  .time = { true, { G_GINT64_CONSTANT (86399999999) } },
  .timestamp = { true, { G_GINT64_CONSTANT (1700000000123456) } },
  .local = { true, { G_GINT64_CONSTANT (-62135596800000000) } },
  .uuid = { true,
            { { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32,
                0x10 } } },
  .json = { "{\"a\": [1, 2.50]}" },
  .label = CORM_SOME (4),
  .enumeration = CORM_SOME (1),
  .raw = "::1",
};

/* The neutral type of a column. */
static CormSqlType
type_of (const CormColumn *column)
{
  static const CormType types[] = {
    [CORM_C_BOOL] = CORM_TYPE_BOOLEAN,   [CORM_C_INT16] = CORM_TYPE_INT16,
    [CORM_C_INT32] = CORM_TYPE_INT32,    [CORM_C_UINT32] = CORM_TYPE_TEXT,
    [CORM_C_INT64] = CORM_TYPE_INT64,    [CORM_C_FLOAT] = CORM_TYPE_FLOAT32,
    [CORM_C_DOUBLE] = CORM_TYPE_FLOAT64, [CORM_C_TEXT] = CORM_TYPE_TEXT,
    [CORM_C_BYTES] = CORM_TYPE_BYTES,    [CORM_C_DECIMAL] = CORM_TYPE_DECIMAL,
    [CORM_C_JSON] = CORM_TYPE_JSON,      [CORM_C_DATE] = CORM_TYPE_DATE,
    [CORM_C_TIME] = CORM_TYPE_TIME,      [CORM_C_TIMESTAMP] = CORM_TYPE_TIMESTAMP,
    [CORM_C_UUID] = CORM_TYPE_UUID,      [CORM_C_LOCAL_TIMESTAMP] = CORM_TYPE_LOCAL_TIMESTAMP,
  };
  return (CormSqlType){ .type = types[column->ctype & ~CORM_C_OPT] };
}

/* What the member is in SQL: a label instead of its number. */
static CormValue
sql_value_of (const CormColumn *column, const Every *row)
{
  CormValue value = every_value_of (column, row);
  if (column->labels != NULL && !value.is_null)
    return corm_value_text (column->labels[value.i]);
  return value;
}

static void
assert_converts (const CormColumn *column, const CormValue *got, const Every *row)
{
  CormSqlType type = type_of (column);
  CormValue want = sql_value_of (column, row), is;
  g_autoptr (GString) scratch = g_string_new (NULL);
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  corm_value_append_text (got, shown);
  if (want.is_null != got->is_null)
    fail_msg ("%s: %s", column->name, shown->str);
  if (want.is_null)
    return;
  if (!corm_value_convert (got, &type, scratch, &is, &error))
    fail_msg ("%s: %s", column->name, error->message);
  want.type = is.type;
  if (!corm_value_equal (&is, &want))
    fail_msg ("%s: %s", column->name, shown->str);
}

static void
what_a_model_wrote_is_read_by_hand (Suite *suite)
{
  Every rows[] = { full, { .id = 2 } };
  assert_ok (corm_bulk_insert (Every, suite->conn, rows, 2, error));
  g_autoptr (CormCursor) cursor = NULL;
  assert_ok ((cursor = corm_query (suite->conn, "SELECT * FROM every ORDER BY id", NULL, error)) != NULL);
  assert_int_equal (corm_cursor_get_n_columns (cursor), G_N_ELEMENTS (every_columns));
  for (guint r = 0; r < 2; r++) {
    assert_ok (corm_cursor_next (cursor, error));
    for (guint i = 0; i < G_N_ELEMENTS (every_columns); i++) {
      assert_string_equal (corm_cursor_get_name (cursor, i), every_columns[i].name);
      assert_converts (&every_columns[i], corm_cursor_get_value (cursor, i), &rows[r]);
    }
  }
  g_autoptr (GError) error = NULL;
  assert_false (corm_cursor_next (cursor, &error));
  assert_null (error);
}

/* Some types of PostgreSQL take no text without being told so. */
static gboolean
needs_a_cast (const CormColumn *column)
{
  return column->raw != NULL || column->enum_type != NULL;
}

/* With the column's name, quoted, in place of {}; free with g_free(). */
static char *
sql_about (const char *template, CormConnection *conn, const CormColumn *column)
{
  g_autoptr (GString) name = g_string_new (NULL);
  GString *sql = g_string_new (template);
  corm_sql_append_identifier (name, corm_connection_get_link (conn)->driver->dialect, column->name);
  g_string_replace (sql, "{}", name->str, 1);
  return g_string_free (sql, FALSE);
}

static void
what_is_written_by_hand_is_read_by_a_model (Suite *suite)
{
  Every empty = { .id = 1 };
  assert_ok (corm_bulk_insert (Every, suite->conn, &empty, 1, error));
  for (guint i = 1; i < G_N_ELEMENTS (every_columns); i++) {
    const CormColumn *column = &every_columns[i];
    const CormParam params[] = { { "v", sql_value_of (column, &full) }, { "id", corm_value_int (1) }, { 0 } };
    if (needs_a_cast (column))
      continue;
    g_autofree char *sql = sql_about ("UPDATE every SET {} = :v WHERE id = :id", suite->conn, column);
    g_autoptr (GError) error = NULL;
    guint64 n = 0;
    if (!corm_execute (suite->conn, sql, params, &n, &error))
      fail_msg ("%s: %s", column->name, error->message);
    assert_int_equal (n, 1);
  }
  Every *out = corm_get_row (&Every_model, suite->conn, &empty, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (every_columns); i++)
    if (!needs_a_cast (&every_columns[i]) && !every_same (&every_columns[i], &full, out))
      fail_msg ("%s did not come back", every_columns[i].name);
  corm_row_free (out);
}

static void
values_find_rows (Suite *suite)
{
  Every row = full;
  assert_ok (corm_insert_row (&Every_model, suite->conn, &row, error));
  for (guint i = 1; i < G_N_ELEMENTS (every_columns); i++) {
    const CormColumn *column = &every_columns[i];
    const CormParam params[] = { { "v", sql_value_of (column, &full) }, { 0 } };
    if (needs_a_cast (column) || column->ctype == CORM_C_JSON || column->ctype == CORM_C_FLOAT)
      continue; /* a json has no operators; a float32 is compared with a float64 */
    g_autofree char *sql = sql_about ("SELECT id FROM every WHERE {} = :v", suite->conn, column);
    g_autoptr (GError) error = NULL;
    g_autoptr (CormCursor) cursor = corm_query (suite->conn, sql, params, &error);
    if (cursor == NULL || !corm_cursor_next (cursor, &error))
      fail_msg ("%s: %s", column->name, error != NULL ? error->message : "not found");
  }
}

/* --- expressions, whose types nobody declared */

static void
reads (CormConnection *conn, const char *sql, const char *want)
{
  g_autofree char *text = suite_text (conn, sql);
  if (!g_str_equal (text, want))
    fail_msg ("%s: %s instead of %s", sql, text, want);
}

static void
expressions (Suite *suite)
{
  CormConnection *conn = suite->conn;
  Every rows[] = { { .id = 1, .int64 = CORM_SOME (5000000000), .text = "abc", .float64 = CORM_SOME (0.5) },
                   { .id = 2, .int64 = CORM_SOME (-1), .text = "x", .float64 = CORM_SOME (0.25) } };
  assert_ok (corm_bulk_insert (Every, conn, rows, 2, error));
  reads (conn, "SELECT 1", "1");
  reads (conn, "SELECT -9223372036854775807", "-9223372036854775807");
  reads (conn, "SELECT 'text'", "text");
  reads (conn, "SELECT ''", "");
  reads (conn, "SELECT NULL", "NULL");
  reads (conn, "SELECT count(*) FROM every", "2");
  reads (conn, "SELECT max(int64) AS m FROM every", "5000000000");
  reads (conn, "SELECT min(int64) FROM every", "-1");
  reads (conn, "SELECT sum(int64) FROM every", "4999999999");
  reads (conn, "SELECT sum(float64) FROM every", "0.75");
  reads (conn, "SELECT max(int64) FROM every WHERE id > 5", "NULL");
  reads (conn, "SELECT CASE WHEN id = 1 THEN 'one' ELSE 'more' END FROM every ORDER BY id", "one");
  reads (conn, "SELECT length(text) FROM every WHERE id = 1", "3");
  reads (conn, "SELECT upper(text) FROM every WHERE id = 1", "ABC");
  reads (conn, "SELECT coalesce(NULL, text) FROM every WHERE id = 2", "x");
  reads (conn, "SELECT (SELECT text FROM every WHERE id = 2)", "x");
  reads (conn, "SELECT a.id + b.id FROM every a JOIN every b ON b.id = a.id + 1", "3");
  reads (conn, "WITH big AS (SELECT id FROM every WHERE int64 > 0) SELECT count(*) FROM big", "1");
  reads (conn, "SELECT id FROM every UNION ALL SELECT 7 ORDER BY 1 DESC", "7");
}

static void
names_of_columns (Suite *suite)
{
  g_autoptr (CormCursor) cursor = NULL;
  assert_ok ((cursor = corm_query (suite->conn, "SELECT 1 AS one, id, text AS other FROM every", NULL,
                                   error)) != NULL);
  assert_int_equal (corm_cursor_get_n_columns (cursor), 3);
  assert_string_equal (corm_cursor_get_name (cursor, 0), "one");
  assert_string_equal (corm_cursor_get_name (cursor, 1), "id");
  assert_string_equal (corm_cursor_get_name (cursor, 2), "other");
}

/* --- parameters */

static void
parameters (Suite *suite)
{
  guint64 n = 0;
  assert_ok (corm_execute (suite->conn,
                           "INSERT INTO every (id, text, json) VALUES (:id, :t, '\":t -- :id\"')",
                           CORM_PARAMS (CORM_PARAM ("id", 5), CORM_PARAM ("t", "v")), &n, error));
  assert_int_equal (n, 1);
  reads (suite->conn, "SELECT json FROM every WHERE id = 5", "\":t -- :id\"");
  assert_ok (corm_execute (suite->conn, "UPDATE every SET text = :v WHERE id = :id AND text <> :v /* :no */",
                           CORM_PARAMS (CORM_PARAM ("v", "w"), CORM_PARAM ("id", 5)), &n, error));
  assert_int_equal (n, 1);
  reads (suite->conn, "SELECT text FROM every WHERE id = 5", "w");
  assert_fails (corm_execute (suite->conn, "DELETE FROM every WHERE id = :id", NULL, NULL, error),
                CORM_ERROR_INVALID, ":id");
  assert_fails (corm_execute (suite->conn, "DELETE FROM every WHERE id = :id",
                              CORM_PARAMS (CORM_PARAM ("id", 5), CORM_PARAM ("more", 6)), NULL, error),
                CORM_ERROR_INVALID, ":more");
  assert_ok (corm_execute (suite->conn, "DELETE FROM every WHERE id = :id",
                           CORM_PARAMS (CORM_PARAM ("id", 6)), &n, error));
  assert_int_equal (n, 0);
}

/* A driver that cannot give the rows refuses before it writes. */
static void
returning (Suite *suite)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (CormCursor) cursor =
      corm_query (suite->conn, "INSERT INTO every (id, text) VALUES (:id, 'x') RETURNING id, text",
                  CORM_PARAMS (CORM_PARAM ("id", 8)), &fault);
  if (cursor == NULL && fault->code == CORM_ERROR_UNSUPPORTED) {
    reads (suite->conn, "SELECT count(*) FROM every", "0");
    return;
  }
  assert_null (fault);
  assert_true (corm_cursor_next (cursor, &fault));
  assert_int_equal (corm_cursor_get_value (cursor, 0)->i, 8);
  assert_false (corm_cursor_next (cursor, &fault));
  assert_null (fault);
  g_clear_pointer (&cursor, corm_cursor_free);
  reads (suite->conn, "SELECT count(*) FROM every", "1");
}

static void
no_rows (Suite *suite)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor =
      corm_query (suite->conn, "SELECT id, text FROM every WHERE 1 = 0", NULL, &error);
  assert_non_null (cursor);
  assert_int_equal (corm_cursor_get_n_columns (cursor), 2);
  assert_false (corm_cursor_next (cursor, &error));
  assert_null (error);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "what a model wrote is read by hand", what_a_model_wrote_is_read_by_hand, 0 },
    { "what is written by hand is read by a model", what_is_written_by_hand_is_read_by_a_model, 0 },
    { "values find rows", values_find_rows, 0 },
    { "expressions", expressions, 0 },
    { "names of columns", names_of_columns, 0 },
    { "parameters", parameters, 0 },
    { "returning", returning, CORM_CAP_RETURNING },
    { "no rows", no_rows, 0 },
  };
  return SUITE_RUN (every_models, cases);
}
