/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Connections outside a pool, what the store keeps on one, statements without parameters. */
#include "engine.h"

#include "base/uri.h"
#include "engine/connection.h"

static void
one_outside_a_pool (G_GNUC_UNUSED void **state)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_connection_open_uri ("sqlite::memory:", error)) != NULL);
  assert_null (corm_connection_get_registry (conn));
  assert_string_equal (corm_connection_get_driver (conn)->name, "sqlite3");
  assert_ptr_equal (corm_connection_get_dialect (conn), corm_connection_get_driver (conn)->dialect);
  assert_ok (corm_connection_ping (conn, error));
  assert_ok (corm_connection_run (conn, "CREATE TABLE t (a)", error));
  assert_fails (corm_connection_run (conn, "CREATE TABLE t (a)", error), CORM_ERROR_SCHEMA, "CREATE TABLE t");
  corm_connection_free (conn);
  corm_connection_free (NULL);
  assert_fails (corm_connection_open_uri ("sqlite:", error) != NULL, CORM_ERROR_INVALID, "sqlite:PATH");
  assert_fails (corm_connection_open_uri ("sqlite:/no/such/folder/x.db", error) != NULL,
                CORM_ERROR_CONNECTION, "/no/such/folder");
}

static void
the_uri_outlives_it (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormUri) uri = corm_uri_parse ("sqlite::memory:", NULL);
  const CormDbOptions options = { .statement_cache = 1, .busy_timeout_ms = 77 };
  g_autoptr (CormConnection) conn = NULL;
  assert_ok ((conn = corm_connection_open (uri, NULL, &options, error)) != NULL);
  assert_int_equal (test_number (conn, "PRAGMA busy_timeout"), 77);
  assert_ptr_equal (corm_connection_get_link (conn)->uri, uri);
}

static void
open_transactions_end_with_it (G_GNUC_UNUSED void **state)
{
  g_autofree char *text = test_new_uri ("connection.db");
  CormConnection *conn = corm_connection_open_uri (text, NULL);
  test_run (conn, "CREATE TABLE t (a)");
  assert_false (corm_connection_in_transaction (conn));
  CormTransaction *transaction = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, NULL);
  assert_true (corm_connection_in_transaction (conn));
  test_run (conn, "INSERT INTO t VALUES (1)");
  corm_connection_free (conn);
  corm_transaction_free (transaction);
  g_autoptr (CormConnection) again = corm_connection_open_uri (text, NULL);
  assert_int_equal (test_number (again, "SELECT count(*) FROM t"), 0);
}

static void
count_free (gpointer counter)
{
  (*(int *) counter)++;
}

static void
what_the_store_keeps_is_freed_with_it (G_GNUC_UNUSED void **state)
{
  int first = 0, second = 0;
  CormConnection *conn = corm_connection_open_uri ("sqlite::memory:", NULL);
  assert_null (corm_connection_get_store (conn));
  corm_connection_set_store (conn, &first, count_free);
  assert_ptr_equal (corm_connection_get_store (conn), &first);
  corm_connection_set_store (conn, &second, count_free);
  corm_connection_free (conn);
  assert_int_equal (first, 1);
  assert_int_equal (second, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (one_outside_a_pool),
    cmocka_unit_test (the_uri_outlives_it),
    cmocka_unit_test (open_transactions_end_with_it),
    cmocka_unit_test (what_the_store_keeps_is_freed_with_it),
  };
  return cmocka_run_group_tests_name ("connection", tests, NULL, NULL);
}
