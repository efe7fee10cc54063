/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The cache of prepared statements: what is found again, what never is, what makes room. */
#include "engine.h"

#include "engine/statement.h"

typedef struct {
  CormDb *db;
  CormConnection *conn;
} Fixture;

static int
set_up (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);
  f->db = test_open ("sqlite::memory:", &(CormDbOptions){ .statement_cache = 2 });
  f->conn = test_connect (f->db);
  test_run (f->conn, "CREATE TABLE t (a INTEGER, b TEXT)");
  *state = f;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;
  corm_connection_free (f->conn);
  corm_db_free (f->db);
  g_free (f);
  return 0;
}

static CormStatement *
prepare (Fixture *f, gconstpointer owner, guint tag, const char *sql)
{
  CormStatementKey key = { .owner = owner, .tag = tag };
  CormStatementSpec spec = { .sql = sql };
  CormStatement *statement = NULL;
  assert_ok ((statement = corm_statement_prepare (f->conn, &key, &spec, error)) != NULL);
  return statement;
}

static CormStatement *
find (Fixture *f, gconstpointer owner, guint tag, guint64 mask)
{
  return corm_statement_find (f->conn, &(CormStatementKey){ .owner = owner, .tag = tag, .mask = mask });
}

static void
found_by_owner_tag_and_mask (void **state)
{
  Fixture *f = *state;
  int one = 0, two = 0;
  assert_null (find (f, &one, 1, 0));
  CormStatement *statement = prepare (f, &one, 1, "SELECT 1");
  assert_null (find (f, &one, 1, 0)); /* in use */
  corm_statement_release (statement);
  assert_null (find (f, &two, 1, 0));
  assert_null (find (f, &one, 2, 0));
  assert_null (find (f, &one, 1, G_GUINT64_CONSTANT (1) << 40));
  assert_ptr_equal (find (f, &one, 1, 0), statement);
  corm_statement_release (statement);
}

static void
found_by_text_and_types (void **state)
{
  Fixture *f = *state;
  const CormSqlType number = { .type = CORM_TYPE_INT64 }, text = { .type = CORM_TYPE_TEXT };
  CormStatementKey key = { 0 };
  CormStatementSpec as_number = { .sql = "SELECT ?", .n_params = 1, .params = &number };
  CormStatementSpec as_text = { .sql = "SELECT ?", .n_params = 1, .params = &text };
  CormStatement *a = corm_statement_prepare (f->conn, &key, &as_number, NULL);
  corm_statement_release (a);
  CormStatement *b = corm_statement_prepare (f->conn, &key, &as_text, NULL);
  assert_ptr_not_equal (a, b);
  corm_statement_release (b);
  CormStatement *again = corm_statement_prepare (f->conn, &key, &as_number, NULL);
  assert_ptr_equal (a, again);
  corm_statement_release (again);
}

static void
in_use_is_never_shared (void **state)
{
  Fixture *f = *state;
  CormStatement *first = prepare (f, NULL, 0, "SELECT 1");
  CormStatement *second = prepare (f, NULL, 0, "SELECT 1");
  assert_ptr_not_equal (first, second);
  corm_statement_release (second); /* a spare: gone */
  corm_statement_release (first);
  CormStatement *again = prepare (f, NULL, 0, "SELECT 1");
  assert_ptr_equal (again, first);
  corm_statement_release (again);
}

static void
least_recently_used_goes (void **state)
{
  Fixture *f = *state;
  int owner = 0;
  corm_statement_release (prepare (f, &owner, 1, "SELECT 1"));
  corm_statement_release (prepare (f, &owner, 2, "SELECT 2"));
  corm_statement_release (find (f, &owner, 1, 0));
  corm_statement_release (prepare (f, &owner, 3, "SELECT 3"));
  assert_null (find (f, &owner, 2, 0));
  CormStatement *one = find (f, &owner, 1, 0), *three = find (f, &owner, 3, 0);
  assert_non_null (one);
  assert_non_null (three);
  CormStatement *four = prepare (f, &owner, 4, "SELECT 4"); /* all in use: not kept */
  corm_statement_release (four);
  assert_null (find (f, &owner, 4, 0));
  corm_statement_release (one);
  corm_statement_release (three);
}

static void
many_statements_through_a_small_cache (void **state)
{
  Fixture *f = *state;
  for (gint64 i = 0; i < 200; i++) {
    g_autofree char *sql = g_strdup_printf ("SELECT %d", (int) (i % 7));
    assert_int_equal (test_number (f->conn, sql), i % 7);
  }
}

static void
executed_again_without_release (void **state)
{
  Fixture *f = *state;
  const CormSqlType types[] = { { .type = CORM_TYPE_INT64 }, { .type = CORM_TYPE_TEXT } };
  CormStatementKey key = { 0 };
  CormStatementSpec spec = { .sql = "INSERT INTO t VALUES (?, ?)", .n_params = 2, .params = types };
  g_autoptr (CormStatement) insert = corm_statement_prepare (f->conn, &key, &spec, NULL);
  for (int i = 0; i < 3; i++) {
    CormValue row[] = { corm_value_int (i), corm_value_text ("x") };
    assert_ok (corm_statement_execute (insert, row, FALSE, error));
    assert_int_equal (corm_statement_get_n_changed (insert), 1);
  }
  assert_int_equal (test_number (f->conn, "SELECT count(*) FROM t"), 3);
}

static void
columns_come_as_asked (void **state)
{
  Fixture *f = *state;
  test_run (f->conn, "INSERT INTO t VALUES (7, '2024-02-29')");
  const CormSqlType types[] = { { .type = CORM_TYPE_INT16 }, { .type = CORM_TYPE_DATE } };
  CormStatementKey key = { 0 };
  CormStatementSpec spec = { .sql = "SELECT a, b FROM t", .n_columns = 2, .columns = types };
  const CormValue *row;
  g_autoptr (CormStatement) select = corm_statement_prepare (f->conn, &key, &spec, NULL);
  assert_ok (corm_statement_execute (select, NULL, FALSE, error));
  assert_int_equal (corm_statement_step (select, &row, NULL), CORM_STEP_ROW);
  assert_int_equal (row[0].type, CORM_TYPE_INT16);
  assert_int_equal (row[0].i, 7);
  assert_int_equal (row[1].type, CORM_TYPE_DATE);
  assert_int_equal (row[1].i, 19782);
  assert_int_equal (corm_statement_step (select, &row, NULL), CORM_STEP_DONE);
  assert_null (row);
}

static void
a_wider_table_is_read_wider (void **state)
{
  Fixture *f = *state;
  test_run (f->conn, "INSERT INTO t VALUES (1, 'x')");
  assert_int_equal (test_number (f->conn, "SELECT * FROM t"), 1);
  test_run (f->conn, "ALTER TABLE t ADD COLUMN c INTEGER DEFAULT 9");
  g_autoptr (CormCursor) cursor = corm_query (f->conn, "SELECT * FROM t", NULL, NULL);
  assert_ok (corm_cursor_next (cursor, error));
  assert_int_equal (corm_cursor_get_n_columns (cursor), 3);
  assert_string_equal (corm_cursor_get_name (cursor, 2), "c");
  assert_int_equal (corm_cursor_get_value (cursor, 2)->i, 9);
}

static void
an_open_cursor_holds_the_connection (void **state)
{
  Fixture *f = *state;
  test_run (f->conn, "INSERT INTO t VALUES (1, 'x'), (2, 'y')");
  CormCursor *cursor = corm_query (f->conn, "SELECT a FROM t", NULL, NULL);
  assert_ok (corm_cursor_next (cursor, error));
  assert_fails (corm_execute (f->conn, "DELETE FROM t", NULL, NULL, error), CORM_ERROR_BUSY, "cursor");
  assert_fails (corm_transaction_begin (f->conn, CORM_TRANSACTION_DEFAULT, error) != NULL, CORM_ERROR_BUSY,
                "cursor");
  assert_ok (corm_cursor_next (cursor, error));
  g_autoptr (GError) none = NULL;
  assert_false (corm_cursor_next (cursor, &none));
  assert_false (corm_cursor_next (cursor, &none)); /* it stays at the end */
  assert_null (none);
  corm_cursor_free (cursor);
  test_run (f->conn, "DELETE FROM t");
}

static void
what_cannot_be_prepared_is_not_kept (void **state)
{
  Fixture *f = *state;
  for (int i = 0; i < 3; i++)
    assert_fails (corm_execute (f->conn, "SELEC 1", NULL, NULL, error), CORM_ERROR_SYNTAX, "SELEC");
  assert_fails (corm_execute (f->conn, "SELECT 1; SELECT 2", NULL, NULL, error), CORM_ERROR_INVALID,
                "one by one");
  assert_fails (corm_execute (f->conn, " -- nothing", NULL, NULL, error), CORM_ERROR_INVALID, "no statement");
  assert_fails (corm_execute (f->conn, "SELECT a FROM missing", NULL, NULL, error), CORM_ERROR_SCHEMA,
                "missing");
  test_run (f->conn, "SELECT 1; -- with a comment behind it");
}

static void
rows_changed_are_counted (void **state)
{
  Fixture *f = *state;
  guint64 n = 99;
  assert_ok (corm_execute (f->conn, "INSERT INTO t VALUES (1, 'x'), (2, 'y')", NULL, &n, error));
  assert_int_equal (n, 2);
  assert_ok (corm_execute (f->conn, "UPDATE t SET b = 'z' WHERE a > :a", CORM_PARAMS (CORM_PARAM ("a", 5)),
                           &n, error));
  assert_int_equal (n, 0);
  assert_ok (corm_execute (f->conn, "/* all */ DELETE FROM t RETURNING a", NULL, &n, error));
  assert_int_equal (n, 2);
  assert_ok (corm_execute (f->conn, "CREATE TABLE u (a)", NULL, &n, error));
  assert_int_equal (n, 0);
  assert_ok (corm_execute (f->conn, "SELECT 1", NULL, &n, error));
  assert_int_equal (n, 0);
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    CASE (found_by_owner_tag_and_mask),
    CASE (found_by_text_and_types),
    CASE (in_use_is_never_shared),
    CASE (least_recently_used_goes),
    CASE (many_statements_through_a_small_cache),
    CASE (executed_again_without_release),
    CASE (columns_come_as_asked),
    CASE (a_wider_table_is_read_wider),
    CASE (an_open_cursor_holds_the_connection),
    CASE (what_cannot_be_prepared_is_not_kept),
    CASE (rows_changed_are_counted),
  };
  return cmocka_run_group_tests_name ("statement", tests, NULL, NULL);
}
