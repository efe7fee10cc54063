/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The generic driver's URIs are made of those of tests/lib/servers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "generic-fixture.h"

#include <gmodule.h>

#include <string.h>

/* libdbi's SQLite driver leaks the message of each failed statement. */
G_MODULE_EXPORT const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libsqlite3.so\n";
}

static const char *const names[] = { "sqlite3", "pgsql", "mysql" };

/* What stands behind "name=" in @uri's parameters, up to the next '&'. */
static char *
parameter (const char *uri, const char *name)
{
  const char *found = strstr (uri, name);
  assert_non_null (found);
  found += strlen (name);
  return g_strndup (found, strcspn (found, "&"));
}

char *
generic_uri (const char *name)
{
  if (g_str_equal (name, "sqlite3"))
    return g_strdup ("dbi:sqlite3?path=:memory:");
  gboolean is_pgsql = g_str_equal (name, "pgsql");
  const char *native = g_getenv (is_pgsql ? "CORM_TEST_PGSQL" : "CORM_TEST_MYSQL");
  if (native == NULL) {
    print_message ("# skipped over %s: there is no server\n", name);
    return NULL;
  }
  g_autofree char *socket = parameter (native, is_pgsql ? "host=" : "socket=");
  return is_pgsql
             ? g_strdup_printf ("dbi:pgsql?host=%s&dbname=corm_test&user=corm", socket)
             : g_strdup_printf (
                   "dbi:mysql?host=localhost&socket=%s&dbname=corm_test&user=corm&password=secret", socket);
}

void
generic_for_each (void (*test) (CormConnection *conn, const char *name))
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *uri = generic_uri (names[i]);
    if (uri == NULL)
      continue;
    g_autoptr (GError) error = NULL;
    g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, &error);
    if (conn == NULL)
      fail_msg ("%s: %s", uri, error->message);
    test (conn, names[i]);
  }
}

void
generic_run (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  if (!corm_execute (conn, sql, NULL, NULL, &error))
    fail_msg ("%s: %s", sql, error->message);
}

char *
generic_read (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, &error);
  GString *text = g_string_new (NULL);
  if (cursor == NULL)
    fail_msg ("%s: %s", sql, error->message);
  while (corm_cursor_next (cursor, &error)) {
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      const CormValue *value = corm_cursor_get_value (cursor, i);
      g_string_append (text, i > 0 ? "|" : "");
      if (value->is_null)
        g_string_append (text, "NULL");
      else
        corm_value_append_text (value, text);
    }
    g_string_append_c (text, '\n');
  }
  if (error != NULL)
    fail_msg ("%s: %s", sql, error->message);
  return g_string_free (text, FALSE);
}
