/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Opening a MariaDB database: what is said when it cannot be done, and what a session is like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/mysql-fixture.h"

#include <string.h>

/* The test server's URI with another user, password, database or parameters. */
static char *
uri_with (const char *user, const char *database, const char *more)
{
  const char *socket = strchr (g_getenv ("CORM_TEST_MYSQL"), '?');
  return g_strdup_printf ("mysql://%s@localhost/%s%s%s", user, database, socket, more);
}

static void
is_refused (const char *uri, CormError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  CormConnection *conn = corm_connection_open_uri (uri, &error);
  if (conn != NULL)
    fail_msg ("%s: opened", uri);
  if (error->code != (int) code || strstr (error->message, words) == NULL)
    fail_msg ("%s: %s: %s", uri, corm_error_name (error->code), error->message);
  assert_null (strstr (error->message, "w0rd"));
}

static void
says_why (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autofree char *password = uri_with ("corm:w0rd", "corm_test", "");
  g_autofree char *user = uri_with ("nobody:w0rd", "corm_test", "");
  g_autofree char *database = uri_with ("corm:secret", "corm_nosuch", "");
  g_autofree char *denied = uri_with ("corm_plain:secret", "mysql", "");
  is_refused (password, CORM_ERROR_DENIED, "check the user's name and password");
  is_refused (user, CORM_ERROR_DENIED, "nobody");
  is_refused (database, CORM_ERROR_CONNECTION, "CREATE DATABASE `corm_nosuch`");
  is_refused (denied, CORM_ERROR_DENIED, "GRANT");
  is_refused ("mysql://u:w0rd@localhost/d?socket=/nosuch/socket", CORM_ERROR_CONNECTION,
              "is the server running at socket /nosuch/socket");
  is_refused ("mysql://u:w0rd@127.0.0.1:1/d", CORM_ERROR_CONNECTION,
              "is the server running at 127.0.0.1 port 1");
}

static void
wrong_parameters (G_GNUC_UNUSED void **state)
{
  is_refused ("mysql://u:w0rd@h/d?sokcet=/x", CORM_ERROR_INVALID, "known parameters: socket");
  is_refused ("mysql://u:w0rd@h/d?connect_timeout=soon", CORM_ERROR_INVALID, "a number is expected");
  is_refused ("mysql://u:w0rd@h/d?compress=2", CORM_ERROR_INVALID, "a number is expected");
  is_refused ("mysql://u:w0rd@h/d?ssl_ca=/x;host=evil", CORM_ERROR_INVALID, "ssl_ca");
}

static void
parameters_work (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = uri_with ("corm:secret", "corm_test", "&connect_timeout=3&compress=1");
  g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, &error);
  if (conn == NULL)
    fail_msg ("%s", error->message);
  g_autoptr (CormCursor) cursor = corm_query (conn, "SHOW STATUS LIKE 'Compression'", NULL, NULL);
  assert_true (corm_cursor_next (cursor, NULL));
  assert_string_equal (corm_cursor_get_value (cursor, 1)->data, "ON");
  assert_true (g_str_has_prefix (corm_connection_get_server (conn), "M"));
}

/* The cells of a compressed connection's rows end with a NUL too, and none eats the next packet's first byte. */
static void
compressed_rows_are_whole (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autofree char *uri = uri_with ("corm:secret", "corm_test", "&compress=1");
  g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, NULL);
  g_autoptr (CormCursor) cursor =
      corm_query (conn, "SELECT CAST(seq AS CHAR), CAST(seq AS CHAR) FROM seq_1_to_20000", NULL, NULL);
  for (int i = 1; i <= 20000; i++) {
    g_autofree char *expected = g_strdup_printf ("%d", i);
    assert_true (corm_cursor_next (cursor, NULL));
    assert_string_equal (corm_cursor_get_value (cursor, 0)->data, expected);
    assert_string_equal (corm_cursor_get_value (cursor, 1)->data, expected);
  }
}

static void
session (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const struct {
    const char *sql, *expected;
  } cases[] = {
    { "SELECT @@time_zone", "+00:00" },
    { "SELECT @@character_set_client", "utf8mb4" },
    { "SELECT @@character_set_results", "utf8mb4" },
    { "SELECT @@collation_connection", "utf8mb4_nopad_bin" },
    { "SELECT 'a' = 'A' OR 'a' = 'a '", "0" },
    { "SELECT 'a\\b' = concat('a', char(92 USING utf8mb4), 'b')", "1" },
    { "SELECT @@innodb_lock_wait_timeout", "5" },
    { "SELECT @@sql_mode LIKE '%STRICT_ALL_TABLES%'", "1" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = mysql_text_of (cases[i].sql);
    assert_string_equal (text, cases[i].expected);
  }
}

static void
reads_only (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  const CormDbOptions options = { .read_only = true };
  g_autoptr (GError) error = NULL;
  mysql_run ("CREATE OR REPLACE TABLE corm_test.only_read (a int)");
  g_autoptr (CormDb) db = corm_db_open_full (g_getenv ("CORM_TEST_MYSQL"), NULL, &options, NULL);
  g_autoptr (CormConnection) conn = corm_db_connect (db, NULL);
  assert_true (corm_execute (conn, "SELECT * FROM only_read", NULL, NULL, NULL));
  static const char *const writes[] = { "INSERT INTO only_read VALUES (1)", "DROP TABLE only_read",
                                        "DELETE FROM only_read" };
  for (guint i = 0; i < G_N_ELEMENTS (writes); i++) {
    g_clear_error (&error);
    assert_false (corm_execute (conn, writes[i], NULL, NULL, &error));
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_DENIED));
  }
  mysql_run ("DROP TABLE corm_test.only_read");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (says_why),        cmocka_unit_test (wrong_parameters),
    cmocka_unit_test (parameters_work), cmocka_unit_test (compressed_rows_are_whole),
    cmocka_unit_test (session),         cmocka_unit_test (reads_only),
  };
  return cmocka_run_group_tests_name ("mysql open", tests, NULL, mysql_fixture_close);
}
