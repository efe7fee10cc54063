/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* COPY through the driver: what goes in stands in the table, by the table's types; what doesn't fit names its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/pgsql-link.h"

#include <string.h>

#define DRIVER (&corm_pgsql_driver)
#define TEXTUAL(t, s) \
  { \
    .type = (t), .data = (s), .size = sizeof (s) - 1 \
  }

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

static void
reads (const char *sql, const char *expected)
{
  g_autofree char *text = pgsql_link_get_text (link_of_tests, sql);
  assert_string_equal (text != NULL ? text : "(null)", expected);
}

static gpointer
begin (const char *table, const char *const *columns, guint n)
{
  g_autoptr (GError) error = NULL;
  CormSqlType types[16] = { { 0 } };
  gpointer bulk = DRIVER->bulk_begin (link_of_tests, table, columns, types, n, &error);
  if (bulk == NULL)
    fail_msg ("%s", error->message);
  return bulk;
}

static const char *const names[] = { "b", "i2", "i8", "f4", "n", "t", "y", "d", "ts", "u", "j", "m", "x" };
#define TABLE \
  "(b bool, i2 int2, i8 int8, f4 float4, n numeric, t text, y bytea, d date, ts timestamptz, u uuid, j " \
  "jsonb, m mood, x "
static const CormValue full_row[] = {
  { .type = CORM_TYPE_BOOLEAN, .i = 1 },
  { .type = CORM_TYPE_INT64, .i = -7 },
  { .type = CORM_TYPE_INT64, .i = G_MININT64 },
  { .type = CORM_TYPE_FLOAT32, .d = 0.1f },
  TEXTUAL (CORM_TYPE_DECIMAL, "-12345678901234567890.50"),
  TEXTUAL (CORM_TYPE_TEXT, "tab\t, back\\slash, \\N, line\r\nend '\xc3\xa9'"),
  TEXTUAL (CORM_TYPE_BYTES, "a\0\xff\\"),
  { .type = CORM_TYPE_DATE, .i = -719162 },
  { .type = CORM_TYPE_TIMESTAMP, .i = 1 },
  { .type = CORM_TYPE_UUID, .uuid = { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } } },
  TEXTUAL (CORM_TYPE_JSON, "{\"k\": \"\\\\\"}"),
  TEXTUAL (CORM_TYPE_ENUM, "ok"),
  TEXTUAL (CORM_TYPE_RAW, "5"),
};

static void
load_full_row (const char *table, gboolean address)
{
  g_autoptr (GError) error = NULL;
  CormValue nulls[13] = { { 0 } };
  guint64 n_rows = 0;
  CormValue row[13];
  memcpy (row, full_row, sizeof row);
  if (address)
    row[12] = (CormValue) TEXTUAL (CORM_TYPE_RAW, "10.0.0.1");
  for (guint i = 0; i < 13; i++)
    nulls[i] = (CormValue){ .is_null = true };
  gpointer bulk = begin (table, names, 13);
  if (!DRIVER->bulk_row (link_of_tests, bulk, row, &error) ||
      !DRIVER->bulk_row (link_of_tests, bulk, nulls, &error) ||
      !DRIVER->bulk_end (link_of_tests, bulk, TRUE, &n_rows, &error))
    fail_msg ("%s", error->message);
  assert_int_equal (n_rows, 2);
}

/* The same row by INSERT with literals: were anything lost, it would be another row. */
static void
every_type_is_loaded (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const char literals[] =
      "(true, -7, -9223372036854775808, 0.1, -12345678901234567890.50, "
      "E'tab\\t, back\\\\slash, \\\\N, line\\r\\nend ''\xc3\xa9''', '\\x6100ff5c', '0001-01-01', "
      "'1970-01-01 00:00:00.000001+00', '01020304-0506-0708-090a-0b0c0d0e0f10', '{\"k\": \"\\\\\"}', 'ok', ";
  /* The second has no binary form in the driver: the whole table goes as text. */
  static const char *const forms[][2] = { { "int4", "5" }, { "inet", "'10.0.0.1'" } };
  run ("CREATE TYPE pg_temp.mood AS ENUM ('sad', 'ok')");
  run ("SET search_path TO pg_temp, public");
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autofree char *table = g_strdup_printf ("form_%s", forms[i][0]);
    g_autofree char *create = g_strdup_printf ("CREATE TABLE %s " TABLE "%s)", table, forms[i][0]);
    g_autofree char *insert = g_strdup_printf ("INSERT INTO %s VALUES %s%s)", table, literals, forms[i][1]);
    g_autofree char *count =
        g_strdup_printf ("SELECT count(*) || ' ' || count(DISTINCT r::text) FROM %s r WHERE b", table);
    run (create);
    load_full_row (table, i == 1);
    run (insert);
    reads (count, "2 1");
  }
  run ("SET search_path TO public");
}

static void
rows_beyond_the_buffer_are_loaded (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const char *const columns[] = { "i", "t" };
  g_autofree char *large = g_strnfill (400 * 1000, 'x');
  guint64 n_rows = 0;
  run ("CREATE TEMPORARY TABLE large (i int4, t text)");
  gpointer bulk = begin ("large", columns, 2);
  for (gint64 i = 1; i <= 50000; i++) {
    const CormValue row[] = {
      { .type = CORM_TYPE_INT64, .i = i },
      { .type = CORM_TYPE_TEXT, .data = large, .size = i % 10000 == 0 ? 400 * 1000 : i % 50 }
    };
    assert_true (DRIVER->bulk_row (link_of_tests, bulk, row, NULL));
  }
  assert_true (DRIVER->bulk_end (link_of_tests, bulk, TRUE, &n_rows, NULL));
  assert_int_equal (n_rows, 50000);
  reads ("SELECT count(*) || ' ' || sum(i) || ' ' || max(length(t)) FROM large WHERE length(t) = "
         "CASE WHEN i % 10000 = 0 THEN 400000 ELSE i % 50 END",
         "50000 1250025000 400000");
}

static void
what_does_not_fit_names_its_place (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const char *const columns[] = { "a", "b" };
  static const struct {
    CormValue row[2];
    guint column;
  } cases[] = {
    { { { .type = CORM_TYPE_INT64, .i = 40000 }, { .is_null = true } }, 1 },
    { { TEXTUAL (CORM_TYPE_TEXT, "five"), { .is_null = true } }, 1 },
    { { { .type = CORM_TYPE_FLOAT64, .d = 1.5 }, { .is_null = true } }, 1 },
    { { { .is_null = true }, TEXTUAL (CORM_TYPE_TEXT, "2026-13-01") }, 2 },
  };
  run ("CREATE TEMPORARY TABLE narrow (a int2, b date)");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    gpointer bulk = begin ("narrow", columns, 2);
    const CormValue good[] = { { .type = CORM_TYPE_INT64, .i = 1 }, TEXTUAL (CORM_TYPE_TEXT, "2026-01-02") };
    assert_true (DRIVER->bulk_row (link_of_tests, bulk, good, NULL));
    assert_false (DRIVER->bulk_row (link_of_tests, bulk, cases[i].row, &error));
    assert_int_equal (error->code, CORM_ERROR_CONVERSION);
    assert_int_equal (link_of_tests->refused, cases[i].column);
    DRIVER->bulk_end (link_of_tests, bulk, FALSE, NULL, NULL);
  }
  reads ("SELECT count(*) FROM narrow", "0");
}

/* What the server would round or cut without a word, in both formats. */
static void
nothing_is_rounded (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const char *const columns[] = { "n", "v", "t", "c" };
  static const struct {
    guint column;
    CormValue value;
    gboolean fits;
  } cases[] = {
    { 0, TEXTUAL (CORM_TYPE_DECIMAL, "12345.67"), TRUE },
    { 0, TEXTUAL (CORM_TYPE_DECIMAL, "1.50000"), TRUE },
    { 0, TEXTUAL (CORM_TYPE_DECIMAL, "1.005"), FALSE },
    { 0, TEXTUAL (CORM_TYPE_DECIMAL, "123456.7"), FALSE },
    { 0, { .type = CORM_TYPE_INT64, .i = 99999 }, TRUE },
    { 0, { .type = CORM_TYPE_INT64, .i = 100000 }, FALSE },
    { 1, TEXTUAL (CORM_TYPE_TEXT, "\xc3\xa9\xc3\xa9\xc3\xa9"), TRUE },
    { 1, TEXTUAL (CORM_TYPE_TEXT, "ab  "), FALSE },
    { 2, { .type = CORM_TYPE_TIMESTAMP, .i = 1000 }, TRUE },
    { 2, { .type = CORM_TYPE_TIMESTAMP, .i = -1500 }, FALSE },
    { 3, TEXTUAL (CORM_TYPE_TEXT, "abcd"), FALSE },
    { 3, TEXTUAL (CORM_TYPE_TEXT, "ab"), TRUE },
    { 3, TEXTUAL (CORM_TYPE_TEXT, "ab "), FALSE },
  };
  for (guint format = 0; format < 2; format++) {
    g_autofree char *create = g_strdup_printf (
        "CREATE TEMPORARY TABLE exact%u (n numeric(7,2), v varchar(3), t timestamptz(3), c char(3), x inet)",
        format);
    g_autofree char *table = g_strdup_printf ("exact%u", format);
    run (create);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
      g_autoptr (GError) error = NULL;
      const char *const loaded[] = { columns[cases[i].column], "x" };
      const CormValue row[] = { cases[i].value, { .is_null = true } };
      gpointer bulk = begin (table, loaded, 1 + format);
      gboolean fits = DRIVER->bulk_row (link_of_tests, bulk, row, &error);
      DRIVER->bulk_end (link_of_tests, bulk, FALSE, NULL, NULL);
      if (fits != cases[i].fits)
        fail_msg ("case %u of %s: %s", i, table, error != NULL ? error->message : "taken");
    }
  }
}

static void
the_servers_refusal_is_said_and_undone (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  static const char *const columns[] = { "id" };
  g_autoptr (GError) error = NULL;
  const CormValue row[] = { { .type = CORM_TYPE_INT64, .i = 1 } };
  run ("CREATE TEMPORARY TABLE once (id int PRIMARY KEY)");
  gpointer bulk = begin ("once", columns, 1);
  for (guint i = 0; i < 100000; i++)
    assert_true (DRIVER->bulk_row (link_of_tests, bulk, row, NULL));
  assert_false (DRIVER->bulk_end (link_of_tests, bulk, TRUE, NULL, &error));
  assert_int_equal (error->code, CORM_ERROR_UNIQUE);
  assert_non_null (strstr (error->message, "line 2"));
  reads ("SELECT count(*) FROM once", "0");
  g_clear_error (&error);
  assert_null (DRIVER->bulk_begin (link_of_tests, "no_such", columns, NULL, 1, &error));
  assert_int_equal (error->code, CORM_ERROR_SCHEMA);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_type_is_loaded),
    cmocka_unit_test (rows_beyond_the_buffer_are_loaded),
    cmocka_unit_test (what_does_not_fit_names_its_place),
    cmocka_unit_test (nothing_is_rounded),
    cmocka_unit_test (the_servers_refusal_is_said_and_undone),
  };
  return cmocka_run_group_tests_name ("pgsql-bulk", tests, open_link, close_link);
}
