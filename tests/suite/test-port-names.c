/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Names that the target can't have: too long, or alike but for their case. They become others, the same ones in every run,
 * which the report tells and a later comparison finds by itself; or those that a mapping file gives. */
#include "../lib/sides.h"

#include <glib/gstdio.h>

#define LONG "a_name_that_goes_on_and_on_and_on_and_on_and_on_and_on_until_its_end_" /* 69 bytes */
#define WORD "это_имя_слишком_длинное_для_postgresql_и_других"

static const char *const long_names[] = { "CREATE TABLE " LONG "one (" LONG "id INTEGER PRIMARY KEY, " LONG
                                          "a INTEGER, " LONG "b INTEGER, CHECK (" LONG "a < " LONG "b))",
                                          "CREATE TABLE " LONG "two (id INTEGER PRIMARY KEY, \"" WORD
                                          "\" INTEGER REFERENCES " LONG "one (" LONG "id))",
                                          "CREATE INDEX " LONG "three ON " LONG "one (" LONG "a) WHERE " LONG
                                          "b > 0",
                                          "CREATE VIEW v AS SELECT o." LONG "a AS a, t.\"" WORD
                                          "\" AS word FROM " LONG "one o JOIN " LONG "two t ON t.\"" WORD
                                          "\" = o." LONG "id",
                                          "INSERT INTO " LONG "one VALUES (1, 2, 3), (2, 4, 5)",
                                          "INSERT INTO " LONG "two VALUES (1, 1), (2, 1), (3, NULL)",
                                          NULL };

/* The tables' names, and their columns', in the order of bytes. */
static char *
names_of (CormConnection *conn)
{
  g_autoptr (CormSchema) schema = NULL;
  GString *text = g_string_new (NULL);
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (schema->tables, i);
    g_string_append_printf (text, "%s(", table->name);
    for (guint c = 0; c < table->columns->len; c++)
      g_string_append_printf (text, "%s ",
                              ((const CormTableColumn *) g_ptr_array_index (table->columns, c))->name);
    g_string_append (text, ") ");
  }
  return g_string_free (text, FALSE);
}

/* A later comparison needs no word of what was changed. */
static void
assert_later_equal (Sides *sides, guint n_tables)
{
  g_autoptr (CormPortReport) later = NULL;
  assert_ok ((later = corm_verify (sides->source, sides->target, NULL, error)) != NULL);
  sides_assert_equal (later);
  assert_int_equal (later->tables->len, n_tables);
}

static void
long_names_to (Side side)
{
  const CormPortOptions options = { .verify = true };
  g_autofree char *first = NULL;
  for (guint round = 0; round < 2; round++) {
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_SQLITE3, side))
      return;
    sides_run (sides.from, long_names);
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    assert_int_equal (report->tables->len, 3);
    sides_assert_line (report->notes, "table " LONG "one: it is a_name_that", "in the target");
    sides_assert_line (report->notes, "column " LONG "two." WORD, "in the target");
    assert_later_equal (&sides, 2);
    g_autoptr (CormSchema) schema = NULL;
    assert_ok ((schema = corm_schema_inspect (sides.to, error)) != NULL);
    guint n_keys = 0, n_checks = 0;
    for (guint i = 0; i < schema->tables->len; i++) {
      n_keys += ((const CormTable *) g_ptr_array_index (schema->tables, i))->foreign_keys->len;
      n_checks += ((const CormTable *) g_ptr_array_index (schema->tables, i))->checks->len;
    }
    assert_int_equal (n_keys, 1);
    assert_int_equal (n_checks, 1);
    g_autofree char *names = names_of (sides.to);
    if (first == NULL)
      first = g_steal_pointer (&names);
    else
      assert_string_equal (first, names);
  }
}

static void
long_names_to_pgsql (void **state)
{
  (void) state;
  long_names_to (SIDE_PGSQL);
}

static void
long_names_to_mysql (void **state)
{
  (void) state;
  long_names_to (SIDE_MYSQL);
}

/* PostgreSQL tells "Item" from item; others do not, of tables or of columns. */
static void
names_that_differ_in_case (void **state)
{
  static const char *const statements[] = {
    "CREATE TABLE item (id bigint PRIMARY KEY, \"A\" bigint, a bigint)",
    "CREATE TABLE \"Item\" (id bigint PRIMARY KEY, item bigint REFERENCES item (id))",
    "INSERT INTO item VALUES (1, 2, 3), (4, 5, 6)", "INSERT INTO \"Item\" VALUES (7, 1)", NULL
  };
  static const Side targets[] = { SIDE_SQLITE3, SIDE_MYSQL };
  (void) state;
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++) {
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, targets[i]))
      continue;
    sides_run (sides.from, statements);
    const CormPortOptions options = { .verify = true };
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    sides_assert_line (report->notes, "column item.a: it is a_", "in the target");
    assert_int_equal (sides_find_line (report->notes, "table item: it is item_") != NULL,
                      targets[i] == SIDE_SQLITE3);
    assert_later_equal (&sides, 2);
  }
}

/* An index and a key of a table may be called as those of another in MariaDB, not in PostgreSQL. */
static void
names_of_indexes (void **state)
{
  static const char *const statements[] = {
    "CREATE TABLE a (id bigint PRIMARY KEY, n bigint, m bigint, KEY by_n (n), UNIQUE KEY one (m))",
    "CREATE TABLE b (id bigint PRIMARY KEY, n bigint, m bigint, KEY by_n (n), UNIQUE KEY one (m))",
    "CREATE TABLE by_n (id bigint PRIMARY KEY, n bigint, KEY a (n))", NULL
  };
  (void) state;
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_MYSQL, SIDE_PGSQL))
    return;
  sides_run (sides.from, statements);
  g_autoptr (CormPortReport) report = sides_port (&sides, NULL);
  assert_int_equal (report->not_moved->len, 0);
  sides_assert_line (report->notes, "index by_n of b: it is ix_b_by_n", "in the target");
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (sides.to, error)) != NULL);
  for (guint i = 0; i < 2; i++) {
    const CormTable *table = corm_schema_find_table (schema, i == 0 ? "a" : "b");
    assert_int_equal (table->indexes->len, 1);
    assert_int_equal (table->uniques->len, 1);
  }
}

static void
names_by_the_mapping (void **state)
{
  static const char *const statements[] = {
    "CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT, n INTEGER, CHECK (n > 0))",
    "INSERT INTO t VALUES (1, 'one', 2)", "CREATE VIEW v AS SELECT word FROM t WHERE n = 2", NULL
  };
  g_auto (Sides) sides = { 0 };
  g_autofree char *path = NULL;
  (void) state;
  int fd = g_file_open_tmp ("corm-names-XXXXXX.yaml", &path, NULL);
  assert_true (fd >= 0);
  g_close (fd, NULL);
  CormPortOptions options = { .verify = true, .mapping = path };
  if (sides_begin (&sides, SIDE_SQLITE3, SIDE_PGSQL)) {
    sides_run (sides.from, statements);
    assert_ok (
        g_file_set_contents (path,
                             "tables:\n  t:\n    name: words\n    columns:\n      n: { name: number }\n"
                             "      word: { name: text, type: varchar(9) }\n",
                             -1, error));
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM words WHERE text = 'one' AND number = 2"),
                      1);
    assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM v WHERE word = 'one'"), 1);
    g_autoptr (CormPortReport) later = NULL;
    assert_ok ((later = corm_verify (sides.source, sides.target, &options, error)) != NULL);
    sides_assert_equal (later);
    assert_ok (g_file_set_contents (path, "tables:\n  nowhere:\n    name: words\n", -1, error));
    options.restart = true;
    suite_sql (sides.to, "DROP VIEW v");
    suite_sql (sides.to, "DROP TABLE words");
    assert_fails (corm_port (sides.source, sides.target, &options, error), CORM_ERROR_INVALID, "line 3",
                  "nowhere");
  }
  g_unlink (path);
}

static int
end (void **state)
{
  (void) state;
  sides_end ();
  return 0;
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (long_names_to_pgsql),       cmocka_unit_test (long_names_to_mysql),
    cmocka_unit_test (names_that_differ_in_case), cmocka_unit_test (names_of_indexes),
    cmocka_unit_test (names_by_the_mapping),
  };
  return cmocka_run_group_tests_name ("port names", tests, NULL, end);
}
