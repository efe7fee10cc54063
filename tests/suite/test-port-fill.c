/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows into tables that hold some: one whose key is taken, or that refers to nothing there, is rejected by itself, and all
 * others arrive; without a reject file the port stops with that row's name, and the target is as before. */
#include "../lib/suite.h"
#include "porting.h"

#include <glib/gstdio.h>

typedef struct {
  Suite *suite;
  char *path;
  char *rejects;
  CormDb *source;
  CormConnection *there; /* to the source */
  guint n;               /* rows of people */
} Filling;

/* In the source nothing but the primary keys is unique; the last row has the first one's address. */
static void
filling_init (Filling *filling, Suite *suite, guint n)
{
  filling->suite = suite;
  filling->path = porting_make_source (50);
  filling->rejects = g_strconcat (filling->path, ".rejects", NULL);
  filling->source = porting_open (filling->path);
  filling->there = suite_connect (filling->source);
  filling->n = n;
  suite_sql (filling->there, "PRAGMA foreign_keys = OFF");
  g_autofree char *people = g_strdup_printf (
      "INSERT INTO people WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %u) "
      "SELECT i, CASE WHEN i = %u THEN 'p1' ELSE 'p' || i END, i / 100, i %% 100 FROM c",
      n, n);
  suite_sql (filling->there,
             "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(40), room INT, seat INT)");
  suite_sql (filling->there,
             "CREATE TABLE orders (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id))");
  suite_sql (filling->there, people);
  suite_sql (filling->there, "INSERT INTO orders VALUES (1, 3), (2, 50), (3, 1), (4, NULL), (5, 999999)");
  suite_sql (suite->conn, "CREATE TABLE people (id BIGINT PRIMARY KEY, mail VARCHAR(40), room INT, seat INT, "
                          "UNIQUE (room, seat))");
  suite_sql (suite->conn, "CREATE UNIQUE INDEX ux_mail ON people (mail)");
  suite_sql (suite->conn, "CREATE TABLE orders (id BIGINT PRIMARY KEY, person BIGINT, "
                          "FOREIGN KEY (person) REFERENCES people (id))");
}

static void
filling_clear (Filling *filling)
{
  corm_connection_free (filling->there);
  corm_db_free (filling->source);
  g_unlink (filling->path);
  g_unlink (filling->rejects);
  g_free (filling->path);
  g_free (filling->rejects);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filling, filling_clear)

static CormPortReport *
fill (Filling *filling, const CormPortOptions *options, GError **error)
{
  g_autoptr (CormDb) target = suite_open (filling->suite, NULL);
  return corm_port (filling->source, target, options, error);
}

static gboolean
fails (Filling *filling, const CormPortOptions *options, GError **error)
{
  g_autoptr (CormPortReport) report = fill (filling, options, error);
  return report != NULL;
}

static const CormTableReport *
report_of (const CormPortReport *report, const char *table)
{
  for (guint i = 0; i < report->tables->len; i++)
    if (strcmp (((const CormTableReport *) g_ptr_array_index (report->tables, i))->table, table) == 0)
      return g_ptr_array_index (report->tables, i);
  fail_msg ("no report of %s", table);
  return NULL;
}

/* One line of the file has all @parts (ended by NULL). */
static void
assert_line (const char *text, ...)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    va_list parts;
    gboolean has_all = *lines[i] != '\0';
    va_start (parts, text);
    for (const char *part = va_arg (parts, const char *); part != NULL; part = va_arg (parts, const char *))
      has_all &= strstr (lines[i], part) != NULL;
    va_end (parts);
    if (has_all)
      return;
  }
  va_list parts;
  va_start (parts, text);
  const char *first = va_arg (parts, const char *);
  va_end (parts);
  fail_msg ("no line of %s:\n%s", first, text);
}

static void
a_taken_key_is_rejected (Suite *suite)
{
  g_auto (Filling) filling = { 0 };
  filling_init (&filling, suite, porting_number ("CORM_TEST_FILL_ROWS", 7500));
  const CormPortOptions append = { .append = true, .rejects = filling.rejects, .tables = "people,orders" };
  g_autoptr (CormPortReport) report = NULL;
  g_autofree char *text = NULL, *last = g_strdup_printf ("\"key\":{\"id\":\"%u\"}", filling.n);
  suite_sql (suite->conn, "INSERT INTO people VALUES (3, 'x', -1, -1), (1000000, 'p50', -2, -2), "
                          "(1000001, 'y', 70, 7)");
  assert_ok ((report = fill (&filling, &append, error)) != NULL);
  assert_ok (g_file_get_contents (filling.rejects, &text, NULL, error));
  assert_line (text, "\"people\"", "\"key\":{\"id\":\"3\"}", "\"column\":\"id\",\"value\":\"3\"",
               "people has a row with id = '3' already", NULL);
  assert_line (text, "\"key\":{\"id\":\"50\"}", "\"column\":\"mail\",\"value\":\"p50\"", "already", NULL);
  assert_line (text, "\"key\":{\"id\":\"7007\"}", "\"column\":null", "{\"room\":\"70\",\"seat\":\"7\"}",
               NULL);
  assert_line (text, last, "\"column\":\"mail\",\"value\":\"p1\"", NULL);
  assert_line (text, "\"orders\"", "\"key\":{\"id\":\"2\"}", "\"column\":\"person\",\"value\":\"50\"",
               "refers to no row of people", NULL);
  assert_line (text, "\"key\":{\"id\":\"5\"}", "\"person\"", "999999", NULL);
  const CormTableReport *people = report_of (report, "people"), *orders = report_of (report, "orders");
  assert_int_equal (people->rejected, 4);
  assert_int_equal (people->source_rows, filling.n);
  assert_int_equal (people->target_rows, filling.n - 4);
  assert_int_equal (orders->rejected, 2);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM people"), filling.n - 1);
  assert_int_equal (suite_number (suite->conn, "SELECT sum(id) FROM orders"), 1 + 3 + 4);
  g_autofree char *kept = suite_text (suite->conn, "SELECT mail FROM people WHERE id = 3");
  assert_string_equal (kept, "x");
}

static void
every_row_may_be_taken (Suite *suite)
{
  g_auto (Filling) filling = { 0 };
  filling_init (&filling, suite, 120);
  CormPortOptions data = { .data_only = true,
                           .rejects = filling.rejects,
                           .tables = "people",
                           .verify = true },
                  append = { .append = true, .rejects = filling.rejects, .tables = "people" };
  g_autoptr (CormPortReport) first = NULL, second = NULL;
  assert_ok ((first = fill (&filling, &data, error)) != NULL);
  assert_int_equal (report_of (first, "people")->rejected, 1);
  assert_true (first->equal); /* what was rejected is no difference */
  g_unlink (filling.rejects);
  assert_ok ((second = fill (&filling, &append, error)) != NULL);
  assert_int_equal (report_of (second, "people")->rejected, 120);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM people"), 119);
  g_unlink (filling.rejects);
  append.max_rejects = 100;
  assert_fails (fails (&filling, &append, error), CORM_ERROR_CONVERSION, "more than 100",
                "nothing was changed");
}

static void
without_a_reject_file_it_stops_at_the_row (Suite *suite)
{
  g_auto (Filling) filling = { 0 };
  filling_init (&filling, suite, 90);
  const CormPortOptions append = { .append = true, .tables = "people" },
                        orders = { .append = true, .tables = "orders" };
  suite_sql (suite->conn, "INSERT INTO people VALUES (1000000, 'p50', -2, -2)");
  assert_fails (fails (&filling, &append, error), CORM_ERROR_UNIQUE, "nothing was changed",
                "people, id = '50'", "mail = 'p50' already", "reject file");
  assert_fails (fails (&filling, &orders, error), CORM_ERROR_FOREIGN_KEY, "orders, id = '1'",
                "person = '3' refers to no row of people", "bring that one");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM people"), 1);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM orders"), 0);
}

/* Rows of a table that refers to itself, hostile names, and a key of which one part is NULL. */
static void
tables_that_refer_to_themselves (Suite *suite)
{
  g_auto (Filling) filling = { 0 };
  const CormDialect *dialect = corm_connection_get_link (suite->conn)->driver->dialect;
  filling_init (&filling, suite, 3);
  g_autoptr (GString) table = g_string_new (NULL), a = g_string_new (NULL), sql = g_string_new (NULL);
  corm_sql_append_identifier (table, dialect, "Select \"é");
  corm_sql_append_identifier (a, dialect, "it's, two");
  suite_sql (filling.there,
             "CREATE TABLE \"Select \"\"é\" (id INTEGER PRIMARY KEY, up INTEGER, \"it's, two\" INT, b "
             "INT)");
  suite_sql (filling.there,
             "INSERT INTO \"Select \"\"é\" VALUES (1, NULL, NULL, 1), (2, 1, NULL, 1), (3, 2, 7, 8), "
             "(4, 3, 7, 8), (5, 3, 7, NULL)");
  g_string_printf (sql,
                   "CREATE TABLE %s (id BIGINT PRIMARY KEY, up BIGINT, %s INT, b INT, UNIQUE (%s, b), "
                   "FOREIGN KEY (up) REFERENCES %s (id))",
                   table->str, a->str, a->str, table->str);
  suite_sql (suite->conn, sql->str);
  g_string_printf (sql, "INSERT INTO %s (id) VALUES (2)", table->str);
  suite_sql (suite->conn, sql->str);
  const CormPortOptions append = { .append = true, .rejects = filling.rejects, .tables = "Select*" };
  g_autoptr (CormPortReport) report = NULL;
  g_autofree char *text = NULL;
  assert_ok ((report = fill (&filling, &append, error)) != NULL);
  assert_ok (g_file_get_contents (filling.rejects, &text, NULL, error));
  assert_line (text, "\"key\":{\"id\":\"2\"}", "\"column\":\"id\"", NULL);
  assert_line (text, "\"key\":{\"id\":\"4\"}", "{\"it's, two\":\"7\",\"b\":\"8\"}", NULL);
  assert_int_equal (report_of (report, "Select \"é")->rejected, 2);
  g_string_printf (sql, "SELECT sum(id) FROM %s", table->str);
  assert_int_equal (suite_number (suite->conn, sql->str), 1 + 2 + 3 + 5);
}

/* SQLite's columns without a type keep each number, -0.0 too, which every other one makes a 0. */
static void
a_column_without_a_type_keeps_numbers (Suite *suite)
{
  g_auto (Filling) filling = { 0 };
  if (strcmp (suite->backend, "sqlite3") != 0)
    suite_leave_out ("it has no such column");
  filling_init (&filling, suite, 3);
  suite_sql (filling.there, "CREATE TABLE bare (id INTEGER PRIMARY KEY, v)");
  suite_sql (filling.there,
             "INSERT INTO bare VALUES (1, -1 * 0.0), (2, 0.0), (3, 0), (4, '5'), (5, x'35'), (6, 9e999), "
             "(7, 9007199254740993), (8, 0.1)");
  const CormPortOptions make = { .verify = true, .tables = "bare" },
                        fill_in = { .truncate = true, .verify = true, .tables = "bare" },
                        append = { .append = true, .rejects = filling.rejects, .tables = "bare" };
  g_autoptr (CormPortReport) made = NULL, filled = NULL, appended = NULL, compared = NULL;
  assert_ok ((made = fill (&filling, &make, error)) != NULL);
  assert_true (made->equal);
  assert_ok ((filled = fill (&filling, &fill_in, error)) != NULL);
  assert_true (filled->equal);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM bare WHERE typeof(v) = 'text'"), 1);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM bare WHERE typeof(v) = 'integer'"), 2);
  suite_sql (suite->conn, "UPDATE bare SET v = 0.0 WHERE id = 1");
  g_autoptr (CormDb) target = suite_open (suite, NULL);
  assert_ok ((compared = corm_verify (filling.source, target, &make, error)) != NULL);
  assert_false (compared->equal);
  suite_sql (suite->conn, "DROP TABLE bare");
  suite_sql (suite->conn, "CREATE TABLE bare (id INTEGER PRIMARY KEY, v INTEGR)");
  assert_ok ((appended = fill (&filling, &append, error)) != NULL);
  assert_int_equal (report_of (appended, "bare")->rejected, 1);
}

/* It keeps its rows as they are, whatever its key says of those that go. */
static void
a_table_that_stays_is_named (Suite *suite)
{
  g_auto (Filling) filling = { 0 };
  const CormPortOptions truncate = { .truncate = true, .tables = "people" };
  filling_init (&filling, suite, 20);
  suite_sql (filling.there, "UPDATE people SET mail = 'last' WHERE id = 20");
  suite_sql (suite->conn, "INSERT INTO people (id) VALUES (77)");
  suite_sql (suite->conn, "INSERT INTO orders VALUES (1, 77)");
  assert_fails (fails (&filling, &truncate, error), CORM_ERROR_FOREIGN_KEY, "nothing was changed", "orders",
                "people");
  suite_sql (suite->conn, "DROP TABLE orders");
  suite_sql (suite->conn, "CREATE TABLE orders (id BIGINT PRIMARY KEY, person BIGINT, "
                          "FOREIGN KEY (person) REFERENCES people (id) ON DELETE CASCADE)");
  suite_sql (suite->conn, "INSERT INTO orders VALUES (1, 77), (2, 77), (3, NULL)");
  assert_fails (fails (&filling, &truncate, error), CORM_ERROR_FOREIGN_KEY,
                "orders (person) refers to people, and its 2 rows would be deleted");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM orders"), 3);
  suite_sql (suite->conn, "UPDATE orders SET person = NULL");
  g_autoptr (CormPortReport) report = NULL;
  assert_ok ((report = fill (&filling, &truncate, error)) != NULL);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM people"), 20);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "a_taken_key_is_rejected", a_taken_key_is_rejected, 0 },
    { "every_row_may_be_taken", every_row_may_be_taken, 0 },
    { "without_a_reject_file_it_stops_at_the_row", without_a_reject_file_it_stops_at_the_row, 0 },
    { "tables_that_refer_to_themselves", tables_that_refer_to_themselves, 0 },
    { "a_table_that_stays_is_named", a_table_that_stays_is_named, 0 },
    { "a_column_without_a_type_keeps_numbers", a_column_without_a_type_keeps_numbers, 0 },
  };
  return SUITE_RUN (NULL, cases);
}
