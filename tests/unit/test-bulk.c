/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Bulk load through prepared inserts: all rows, quoted names, and nothing after a failure and a rollback. */
#include "engine.h"

#include "engine/bulk.h"

static const char *const columns[] = { "order", "name" };
static const CormSqlType types[] = { { .type = CORM_TYPE_INT64 }, { .type = CORM_TYPE_TEXT } };

static CormBulk *
begin (CormConnection *conn)
{
  CormBulk *bulk = NULL;
  assert_ok ((bulk = corm_bulk_begin (conn, "My table", columns, types, 2, error)) != NULL);
  return bulk;
}

static gboolean
send (CormBulk *bulk, gint64 number, const char *name, GError **error)
{
  CormValue row[] = { corm_value_int (number), corm_value_text (name) };
  return corm_bulk_row (bulk, row, error);
}

static void
rows_arrive (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = test_open ("sqlite::memory:", NULL);
  g_autoptr (CormConnection) conn = test_connect (db);
  test_run (conn, "CREATE TABLE \"My table\" (\"order\" INTEGER UNIQUE, name TEXT)");
  CormBulk *bulk = begin (conn);
  for (int i = 0; i < 1000; i++)
    assert_ok (send (bulk, i, i % 2 == 0 ? "even" : NULL, error));
  guint64 n = 0;
  assert_ok (corm_bulk_end (bulk, &n, error));
  assert_int_equal (n, 1000);
  assert_int_equal (
      test_number (conn, "SELECT count(*) FROM \"My table\" WHERE name IS NULL AND \"order\" % 2 = 1"), 500);
}

static void
a_failure_undoes_with_the_transaction (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = test_open ("sqlite::memory:", NULL);
  g_autoptr (CormConnection) conn = test_connect (db);
  test_run (conn, "CREATE TABLE \"My table\" (\"order\" INTEGER UNIQUE, name TEXT)");
  {
    G_GNUC_UNUSED g_autoptr (CormTransaction) transaction =
        corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, NULL);
    g_autoptr (CormBulk) bulk = begin (conn);
    assert_ok (send (bulk, 1, "one", error));
    assert_fails (send (bulk, 1, "again", error), CORM_ERROR_UNIQUE, "My table.order");
  }
  assert_int_equal (test_number (conn, "SELECT count(*) FROM \"My table\""), 0);
  assert_fails (corm_bulk_begin (conn, "missing", columns, types, 2, error) != NULL, CORM_ERROR_SCHEMA,
                "missing");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (rows_arrive),
    cmocka_unit_test (a_failure_undoes_with_the_transaction),
  };
  return cmocka_run_group_tests_name ("bulk", tests, NULL, NULL);
}
