/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Bulk load of the MariaDB driver: every type, many rows in bounded memory, errors that name the row, giving up. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/mysql-fixture.h"
#include "../lib/watched.h"

#include <string.h>
#include <sys/resource.h>

static gpointer
begin (const char *const *columns, const CormSqlType *types, guint n)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  gpointer bulk = link->driver->bulk_begin (link, "bulk t", columns, types, n, &error);
  if (bulk == NULL)
    fail_msg ("%s", error->message);
  return bulk;
}

static void
add (gpointer bulk, const CormValue *row)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  if (!link->driver->bulk_row (link, bulk, row, &error))
    fail_msg ("%s", error->message);
}

static guint64
end (gpointer bulk)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  guint64 n = 0;
  if (!link->driver->bulk_end (link, bulk, TRUE, &n, &error))
    fail_msg ("%s", error->message);
  return n;
}

static void
every_type (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const char *const columns[] = { "b", "i", "f", "g", "d", "t", "y", "a", "m", "s", "u", "j" };
  static const CormSqlType types[] = {
    { .type = CORM_TYPE_BOOLEAN },
    { .type = CORM_TYPE_INT64 },
    { .type = CORM_TYPE_FLOAT32 },
    { .type = CORM_TYPE_FLOAT64 },
    { .type = CORM_TYPE_DECIMAL, .precision = 10, .scale = 2 },
    { .type = CORM_TYPE_TEXT },
    { .type = CORM_TYPE_BYTES },
    { .type = CORM_TYPE_DATE },
    { .type = CORM_TYPE_TIME },
    { .type = CORM_TYPE_TIMESTAMP },
    { .type = CORM_TYPE_UUID },
    { .type = CORM_TYPE_JSON },
  };
  enum { N = G_N_ELEMENTS (types) };
  CormValue row[N] = {
    { .type = CORM_TYPE_BOOLEAN, .i = 1 },
    { .type = CORM_TYPE_INT64, .i = G_MININT64 },
    { .type = CORM_TYPE_FLOAT32, .d = 0.1f },
    { .type = CORM_TYPE_FLOAT64, .d = 0.1 },
    corm_value_decimal ((CormDecimal){ "-1.25" }),
    corm_value_text ("a'\\\xf0\x9f\x98\x80"),
    corm_value_bytes ((CormBytes){ (const guint8 *) "a\0b", 3 }),
    corm_value_date ((CormDate){ -719162 }),
    corm_value_time ((CormTime){ 86399999999 }),
    corm_value_timestamp ((CormTimestamp){ 253402300799999999 }),
    { .type = CORM_TYPE_UUID, .uuid = { { 1, 2, 3 } } },
    corm_value_json ((CormJson){ "[1]" }),
  };
  CormValue nothing[N], got[N];
  CormLink *link = mysql_fixture_link ();
  mysql_run ("CREATE OR REPLACE TABLE `bulk t` (b boolean, i bigint, f float, g double, d decimal(10,2), t "
             "longtext, "
             "y longblob, a date, m time(6), s datetime(6), u uuid, j json)");
  for (guint i = 0; i < N; i++)
    nothing[i] = (CormValue){ .type = types[i].type, .is_null = true };
  gpointer bulk = begin (columns, types, N);
  add (bulk, row);
  add (bulk, nothing);
  add (bulk, row);
  assert_int_equal (end (bulk), 3);
  const CormStatementSpec spec = { .sql = "SELECT * FROM `bulk t`", .n_columns = N, .columns = types };
  gpointer statement = link->driver->prepare (link, &spec, NULL);
  assert_true (link->driver->execute (link, statement, NULL, FALSE, NULL));
  for (guint r = 0; r < 3; r++) {
    assert_int_equal (link->driver->step (link, statement, got, NULL), CORM_STEP_ROW);
    for (guint i = 0; i < N; i++)
      if (!corm_value_equal (r == 1 ? &nothing[i] : &row[i], &got[i]))
        fail_msg ("row %u, column %s", r, columns[i]);
  }
  link->driver->finalize (link, statement);
}

static const char *const two_columns[] = { "id", "v" };
static const CormSqlType two_types[] = { { .type = CORM_TYPE_INT32 }, { .type = CORM_TYPE_TEXT } };

static void
many_rows_in_little_memory (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  struct rusage before, after;
  mysql_run ("CREATE OR REPLACE TABLE `bulk t` (id int PRIMARY KEY, v longtext)");
  gpointer bulk = begin (two_columns, two_types, 2);
  g_autofree char *text = g_strnfill (1000, 'x');
  for (int i = 0; i < 20000; i++) {
    if (i == 5000)
      getrusage (RUSAGE_SELF, &before);
    add (bulk, (CormValue[]){ corm_value_int (i), corm_value_text (text + i % 1000) });
  }
  getrusage (RUSAGE_SELF, &after);
  assert_int_equal (end (bulk), 20000);
  g_autofree char *sum = mysql_text_of ("SELECT concat(count(*), ' ', sum(length(v))) FROM `bulk t`");
  assert_string_equal (sum, "20000 10010000");
  assert_true (after.ru_maxrss - before.ru_maxrss < 4096 || !has_own_memory ());
}

static guint
count_executions (void)
{
  g_autofree char *text = mysql_text_of (
      "SELECT CAST(sum(variable_value) AS SIGNED) FROM information_schema.session_status WHERE "
      "variable_name = 'COM_STMT_BULK_EXECUTE' OR variable_name = 'COM_STMT_EXECUTE'");
  return (guint) g_ascii_strtoull (text, NULL, 10);
}

/* On a Unix socket: the server would send in large pieces what is read behind it. */
static void
parts_fit_the_socket (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  enum { ROWS = 1000, PART = 64 << 10 };
  mysql_run ("CREATE OR REPLACE TABLE `bulk t` (id int PRIMARY KEY, v longtext)");
  guint before = count_executions ();
  gpointer bulk = begin (two_columns, two_types, 2);
  g_autofree char *text = g_strnfill (1000, 'x');
  for (int i = 0; i < ROWS; i++)
    add (bulk, (CormValue[]){ corm_value_int (i), corm_value_text (text) });
  assert_int_equal (end (bulk), ROWS);
  guint n = count_executions () - before;
  assert_in_range (n, ROWS * 1000 / PART, ROWS + 2); /* the counting is one too */
}

/* Values larger than what is collected at a time. */
static void
large_rows (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  mysql_run ("CREATE OR REPLACE TABLE `bulk t` (id int PRIMARY KEY, v longtext)");
  gpointer bulk = begin (two_columns, two_types, 2);
  g_autofree char *text = g_strnfill (3 << 20, 'x');
  for (int i = 0; i < 3; i++)
    add (bulk, (CormValue[]){ corm_value_int (i), corm_value_text (i == 1 ? text : "small") });
  assert_int_equal (end (bulk), 3);
  g_autofree char *sum = mysql_text_of ("SELECT sum(length(v)) FROM `bulk t`");
  assert_string_equal (sum, "3145738");
}

/* What the server would end the connection for is refused before it is sent; what is a little smaller arrives. */
static void
rows_about_as_large_as_a_request (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const guint less[] = { 200, 100, 88, 64, 30, 26, 24, 8, 1, 0 };
  mysql_run ("CREATE OR REPLACE TABLE `bulk t` (id int PRIMARY KEY, v longtext)");
  g_autofree char *limit = mysql_text_of ("SELECT @@max_allowed_packet");
  gsize most = (gsize) g_ascii_strtoull (limit, NULL, 10);
  g_autofree char *text = g_strnfill (most, 'x');
  CormLink *link = mysql_fixture_link ();
  for (guint i = 0; i < G_N_ELEMENTS (less); i++) {
    g_autoptr (GError) error = NULL;
    CormValue row[] = { corm_value_int (i), corm_value_text (text) };
    row[1].size = most - less[i];
    gpointer bulk = begin (two_columns, two_types, 2);
    gboolean taken = link->driver->bulk_row (link, bulk, row, &error);
    if (!taken && (error->code != CORM_ERROR_CONVERSION || link->refused != 2))
      fail_msg ("%u bytes less: %s", less[i], error->message);
    if (taken)
      assert_int_equal (end (bulk), 1);
    else
      assert_true (link->driver->bulk_end (link, bulk, FALSE, NULL, NULL));
    assert_int_equal (taken, less[i] >= 88);
  }
}

static void
refusals_name_the_place (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  mysql_run ("CREATE OR REPLACE TABLE `bulk t` (id int PRIMARY KEY, v varchar(3))");
  gpointer bulk = begin (two_columns, two_types, 2);
  add (bulk, (CormValue[]){ corm_value_int (1), corm_value_text ("a") });
  assert_false (link->driver->bulk_row (
      link, bulk, (CormValue[]){ corm_value_text ("x"), corm_value_text ("b") }, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
  assert_int_equal (link->refused, 1);
  g_clear_error (&error);
  assert_true (link->driver->bulk_end (link, bulk, FALSE, NULL, NULL));
  g_autofree char *none = mysql_text_of ("SELECT count(*) FROM `bulk t`");
  assert_string_equal (none, "0");

  static const struct {
    const char *text;
    CormError code;
  } cases[] = { { "a", CORM_ERROR_UNIQUE },
                { "abcd", CORM_ERROR_CONVERSION },
                { "abc  ", CORM_ERROR_CONVERSION } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    bulk = begin (two_columns, two_types, 2);
    add (bulk, (CormValue[]){ corm_value_int (1), corm_value_text ("a") });
    add (bulk, (CormValue[]){ corm_value_int (cases[i].code == CORM_ERROR_UNIQUE ? 1 : 2),
                              corm_value_text (cases[i].text) });
    assert_false (link->driver->bulk_end (link, bulk, TRUE, NULL, &error));
    if (error->code != (int) cases[i].code || strstr (error->message, "bulk t") == NULL)
      fail_msg ("%s: %s: %s", cases[i].text, corm_error_name (error->code), error->message);
    g_clear_error (&error);
    g_autofree char *left = mysql_text_of ("SELECT count(*) FROM `bulk t`");
    assert_string_equal (left, "0");
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_type),
    cmocka_unit_test (many_rows_in_little_memory),
    cmocka_unit_test (parts_fit_the_socket),
    cmocka_unit_test (large_rows),
    cmocka_unit_test (rows_about_as_large_as_a_request),
    cmocka_unit_test (refusals_name_the_place),
  };
  return cmocka_run_group_tests_name ("mysql bulk", tests, NULL, mysql_fixture_close);
}
