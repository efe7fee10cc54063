/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tables of PostgreSQL that are read with the rows of others, and those of other schemas: no row moves twice, and none is
 * left without a word. */
#include "../lib/sides.h"

#include <glib/gstdio.h>
#include <unistd.h>

static const char *const cities[] = {
  "CREATE TABLE city (id int PRIMARY KEY, name text)",
  "CREATE TABLE capital (country text) INHERITS (city)",
  "CREATE TABLE {}.village (n int) INHERITS (city)",
  "CREATE TABLE {}.\"Alone\" (id int PRIMARY KEY)",
  "CREATE TABLE {}.parted (id int) PARTITION BY LIST (id)",
  "CREATE TABLE {}.parted_1 PARTITION OF {}.parted FOR VALUES IN (1, 2)",
  "CREATE TABLE log (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
  "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
  "CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY HASH "
  "(id)",
  "CREATE TABLE log_2a PARTITION OF log_2 FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
  "CREATE TABLE {}.log_3 PARTITION OF log DEFAULT",
  "CREATE TABLE here PARTITION OF {}.parted FOR VALUES IN (3)",
  "INSERT INTO city VALUES (1, 'Jena'), (2, 'Gera')",
  "INSERT INTO capital VALUES (3, 'Weimar', 'Thüringen')",
  "INSERT INTO {}.village VALUES (9, 'Ort', 1)",
  "INSERT INTO {}.\"Alone\" SELECT generate_series(1, 5)",
  "INSERT INTO {}.parted VALUES (1), (2), (3)",
  "INSERT INTO log VALUES (1, '2020-05-05'), (2, '2021-05-05'), (3, '2022-05-05')",
  "ANALYZE {}.\"Alone\"",
  "ANALYZE {}.parted_1",
  "ANALYZE here",
  NULL
};

/* @sql with @elsewhere, a schema, in place of each {}. */
static void
run_there (CormConnection *conn, const char *sql, const char *elsewhere)
{
  g_autoptr (GString) text = g_string_new (sql);
  g_string_replace (text, "{}", elsewhere, 0);
  suite_sql (conn, text->str);
}

static char *
make_cities (CormConnection *conn)
{
  static guint count;
  char *elsewhere = g_strdup_printf ("corm_elsewhere_%d_%u", (int) getpid (), ++count);
  run_there (conn, "CREATE SCHEMA {}", elsewhere);
  for (guint i = 0; cities[i] != NULL; i++)
    run_there (conn, cities[i], elsewhere);
  return elsewhere;
}

static void
end_cities (CormConnection *conn, char *elsewhere)
{
  suite_sql (conn, "DROP TABLE IF EXISTS capital, city, log CASCADE");
  run_there (conn, "DROP SCHEMA {} CASCADE", elsewhere);
  g_free (elsewhere);
}

static void
assert_rows (const CormPortReport *report, const char *table, guint64 n)
{
  const CormTableReport *found = sides_find_report (report, table);
  assert_non_null (found);
  assert_int_equal (found->source_rows, n);
  assert_int_equal (found->target_rows, n);
}

static void
assert_said (const CormPortReport *report, const char *elsewhere)
{
  g_autofree char *alone = g_strdup_printf ("table %s.\"Alone\" (5 rows by statistics)", elsewhere);
  g_autofree char *village = g_strdup_printf ("table %s.village (", elsewhere);
  g_autofree char *parted = g_strdup_printf ("table %s.parted (3 rows by statistics)", elsewhere);
  sides_assert_line (report->not_moved, alone, "stands in another schema; set search_path");
  sides_assert_line (report->not_moved, village, "another schema");
  sides_assert_line (report->not_moved, parted, "another schema");
  sides_assert_line (report->not_moved, "capital", "INHERITS (city)");
  sides_assert_line (report->not_moved, "log", "PARTITION BY RANGE (day)");
  sides_assert_line (report->not_moved, "partition log_1: CREATE TABLE", "its rows move with log");
  sides_assert_line (report->not_moved, "partition log_2a: CREATE TABLE", "its rows move with log)");
  sides_assert_line (report->not_moved, "partition here: CREATE TABLE", "nor are its rows");
  assert_null (sides_find_line (report->not_moved, "parted_1"));
  assert_null (sides_find_line (report->not_moved, "log_3"));
}

static void
from_pgsql (Side side)
{
  g_auto (Sides) sides = { 0 };
  CormPortOptions verify = { .verify = true }, again = { .truncate = true, .verify = true },
                  some = { .tables = "city", .plan_only = true };
  if (!sides_begin (&sides, SIDE_PGSQL, side))
    return;
  char *elsewhere = make_cities (sides.from);
  g_autoptr (CormPortReport) report = sides_port (&sides, &verify);
  sides_assert_equal (report);
  assert_int_equal (report->tables->len, 3);
  assert_rows (report, "city", 2);
  assert_rows (report, "capital", 1);
  assert_rows (report, "log", 3);
  assert_said (report, elsewhere);
  g_autoptr (CormPortReport) compared = NULL;
  assert_ok ((compared = corm_verify (sides.source, sides.target, NULL, error)) != NULL);
  sides_assert_equal (compared);
  sides_assert_line (compared->notes, "not compared: table ", elsewhere);
  g_autoptr (CormPortReport) filled = sides_port (&sides, &again);
  sides_assert_equal (filled);
  sides_assert_line (filled->not_moved, elsewhere, "another schema");
  suite_sql (sides.to, "DROP TABLE city");
  g_autoptr (CormPortReport) plan = sides_port (&sides, &some);
  assert_null (sides_find_line (plan->not_moved, elsewhere));
  end_cities (sides.from, elsewhere);
}

static void
heirs_and_other_schemas_to_sqlite (G_GNUC_UNUSED void **state)
{
  from_pgsql (SIDE_SQLITE3);
}

static void
heirs_and_other_schemas_to_pgsql (G_GNUC_UNUSED void **state)
{
  from_pgsql (SIDE_PGSQL);
}

/* Into tables that are there, of which one inherits: what is emptied is the table alone. */
static void
a_target_with_heirs_is_filled_and_compared (G_GNUC_UNUSED void **state)
{
  g_auto (Sides) sides = { 0 };
  CormPortOptions truncate = { .truncate = true, .tables = "city", .verify = true };
  if (!sides_begin (&sides, SIDE_SQLITE3, SIDE_PGSQL))
    return;
  suite_sql (sides.from, "CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT)");
  suite_sql (sides.from, "INSERT INTO city VALUES (5, 'Erfurt'), (6, 'Suhl'), (7, 'Ilmenau')");
  char *elsewhere = make_cities (sides.to);
  g_autoptr (CormPortReport) report = sides_port (&sides, &truncate);
  sides_assert_equal (report);
  assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM ONLY city"), 3);
  assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM capital"), 1);
  end_cities (sides.to, elsewhere);
}

static void
an_export_has_each_row_once (G_GNUC_UNUSED void **state)
{
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_SQLITE3))
    return;
  char *elsewhere = make_cities (sides.from);
  const char *folder = g_getenv ("CORM_TEST_TMP");
  g_autofree char *file =
      g_strdup_printf ("%s/heirs-%d.jsonl", folder != NULL ? folder : g_get_tmp_dir (), (int) getpid ());
  g_autofree char *text = NULL;
  g_autoptr (CormExchangeReport) report = NULL;
  assert_ok ((report = corm_export (sides.source, file, NULL, error)) != NULL);
  assert_ok (g_file_get_contents (file, &text, NULL, error));
  assert_non_null (strstr (text, "{\"rows\":6}"));
  g_unlink (file);
  end_cities (sides.from, elsewhere);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (heirs_and_other_schemas_to_sqlite),
    cmocka_unit_test (heirs_and_other_schemas_to_pgsql),
    cmocka_unit_test (a_target_with_heirs_is_filled_and_compared),
    cmocka_unit_test (an_export_has_each_row_once),
  };
  int status = cmocka_run_group_tests (tests, NULL, NULL);
  sides_end ();
  return status;
}
