/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reading without replicas: a second pool beside the writer's; in memory the one connection, with its right to write taken
 * away for the while. Replicas themselves are in tests/suite/test-replicas.c. */
#include "engine.h"

static CormConnection *
connect_read (CormDb *db)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_db_connect_read (db, NULL, error)) != NULL);
  return conn;
}

static void
a_file_has_two_pools (G_GNUC_UNUSED void **state)
{
  g_autofree char *uri = test_new_uri ("two-pools.db");
  g_autoptr (CormDb) db = test_open (uri, &(CormDbOptions){ .pool_size = 1, .pool_wait_ms = 20 });
  g_autoptr (CormConnection) writer = test_connect (db);
  test_run (writer, "CREATE TABLE t (a)");
  CormConnection *reader = connect_read (db);
  test_run (writer, "INSERT INTO t VALUES (1)");
  assert_int_equal (test_number (reader, "SELECT count(*) FROM t"), 1);
  assert_fails (corm_execute (reader, "INSERT INTO t VALUES (2)", NULL, NULL, error), CORM_ERROR_DENIED,
                "corm_db_connect_read()");
  assert_fails (corm_db_connect_read (db, NULL, error), CORM_ERROR_BUSY, "all 1 of the pool");
  corm_connection_free (reader);
  CormConnection *again = connect_read (db);
  assert_ptr_equal (again, reader);
  corm_connection_free (again);
}

static void
memory_lends_its_one_connection (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = test_open ("sqlite::memory:", &(CormDbOptions){ .pool_wait_ms = 20 });
  for (int i = 0; i < 3; i++) {
    CormConnection *conn = test_connect (db);
    test_run (conn, i == 0 ? "CREATE TABLE t (a)" : "INSERT INTO t VALUES (1)");
    assert_fails (corm_db_connect_read (db, NULL, error), CORM_ERROR_BUSY, "memory");
    corm_connection_free (conn);
    conn = connect_read (db);
    assert_int_equal (test_number (conn, "SELECT count(*) FROM t"), i);
    assert_fails (corm_execute (conn, "INSERT INTO t VALUES (2)", NULL, NULL, error), CORM_ERROR_DENIED,
                  "only reads");
    g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_READ_ONLY, NULL);
    assert_ok (corm_transaction_commit (transaction, error)); /* and it only reads still */
    assert_fails (corm_execute (conn, "INSERT INTO t VALUES (2)", NULL, NULL, error), CORM_ERROR_DENIED,
                  "only reads");
    assert_fails (corm_db_connect (db, error), CORM_ERROR_BUSY, "memory");
    corm_connection_free (conn);
  }
}

/* Given back in the middle of it all, it may write again. */
static void
memory_forgets_that_it_only_read (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = test_open ("sqlite::memory:", NULL);
  CormConnection *conn = connect_read (db);
  CormTransaction *transaction = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, NULL);
  assert_non_null (transaction);
  corm_connection_free (conn); /* logs that it is rolled back */
  corm_transaction_free (transaction);
  conn = test_connect (db);
  test_run (conn, "CREATE TABLE t (a)");
  corm_connection_free (conn);
}

static void
read_only_memory_stays_so (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = test_open ("sqlite::memory:", &(CormDbOptions){ .read_only = true });
  corm_connection_free (connect_read (db));
  g_autoptr (CormConnection) conn = test_connect (db);
  assert_fails (corm_execute (conn, "CREATE TABLE t (a)", NULL, NULL, error), CORM_ERROR_DENIED,
                "only reads");
}

static CormDb *
try (const char *const *readers, GError **error)
{
  return corm_db_open_full ("sqlite::memory:", NULL, &(CormDbOptions){ .readers = readers }, error);
}

static void
sqlite_has_no_replicas (G_GNUC_UNUSED void **state)
{
  static const char *const one[] = { "sqlite:other.db", NULL }, *const none[] = { NULL };
  assert_fails (try (one, error), CORM_ERROR_UNSUPPORTED, "corm_db_connect_read()");
  CormDb *db = NULL;
  assert_ok ((db = try (none, error)) != NULL);
  g_autofree char *position = NULL;
  assert_ok ((position = corm_db_get_position (db, NULL, error)) != NULL);
  assert_string_equal (position, "");
  assert_fails (corm_db_connect_read (db, "0/1", error), CORM_ERROR_INVALID, "of another database");
  assert_fails (corm_db_get_position (db, "0/1", error), CORM_ERROR_INVALID, "of another database");
  corm_db_free (db);
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_file_has_two_pools),
    cmocka_unit_test (memory_lends_its_one_connection),
    cmocka_unit_test (memory_forgets_that_it_only_read),
    cmocka_unit_test (read_only_memory_stays_so),
    cmocka_unit_test (sqlite_has_no_replicas),
  };
  return cmocka_run_group_tests_name ("topology", tests, NULL, NULL);
}
