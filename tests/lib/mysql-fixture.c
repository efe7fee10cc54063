/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tables of one test program stay out of the way of the others': every program works in a database of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mysql-fixture.h"

#include <stdio.h>
#include <unistd.h>

static CormConnection *conn;

CormConnection *
mysql_fixture (void)
{
  g_autoptr (GError) error = NULL;
  const char *uri = g_getenv ("CORM_TEST_MYSQL");
  const char *missing = g_getenv ("CORM_TEST_MYSQL_MISSING");
  if (conn != NULL)
    return conn;
  if (uri == NULL) {
    print_message ("# skip %s\n", missing != NULL ? missing : "CORM_TEST_MYSQL is not set");
    return NULL;
  }
  conn = corm_connection_open_uri (uri, &error);
  if (conn == NULL)
    fail_msg ("%s", error->message);
  g_autofree char *name = g_strdup_printf ("corm_unit_%d", (int) getpid ());
  g_autofree char *drop = g_strdup_printf ("DROP DATABASE IF EXISTS `%s`", name);
  g_autofree char *create = g_strdup_printf ("CREATE DATABASE `%s`", name);
  g_autofree char *use = g_strdup_printf ("USE `%s`", name);
  mysql_run (drop);
  mysql_run (create);
  mysql_run (use);
  return conn;
}

CormLink *
mysql_fixture_link (void)
{
  return corm_connection_get_link (mysql_fixture ());
}

int
mysql_fixture_close (G_GNUC_UNUSED void **state)
{
  if (conn == NULL)
    return 0;
  g_autofree char *name = mysql_text_of ("SELECT DATABASE()");
  g_autofree char *drop = g_strdup_printf ("DROP DATABASE `%s`", name);
  mysql_run (drop);
  g_clear_pointer (&conn, corm_connection_free);
  return 0;
}

void
mysql_run (const char *sql)
{
  g_autoptr (GError) error = NULL;
  if (!corm_execute (conn, sql, NULL, NULL, &error))
    fail_msg ("%s: %s", sql, error->message);
}

int
mysql_error_of (const char *sql, char **message)
{
  g_autoptr (GError) error = NULL;
  if (corm_execute (conn, sql, NULL, NULL, &error))
    fail_msg ("%s: no error", sql);
  assert_int_equal (error->domain, CORM_ERROR);
  if (message != NULL)
    *message = g_strdup (error->message);
  return error->code;
}

char *
mysql_text_of (const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, &error);
  if (cursor == NULL)
    fail_msg ("%s: %s", sql, error->message);
  if (!corm_cursor_next (cursor, &error) || corm_cursor_get_value (cursor, 0)->is_null)
    return NULL;
  GString *text = g_string_new (NULL);
  corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
  return g_string_free (text, FALSE);
}
