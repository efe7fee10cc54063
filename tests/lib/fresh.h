/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An empty database of each backend for one case of the suite. A backend is a line of data here; a case asks for
 * capabilities, never for a name.
 *
 *   static void case (void **state) { g_autofree char *uri = fresh_uri (state); … }
 *   const struct CMUnitTest tests[] = { FRESH (case), FRESH (another) };
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <corm/corm.h>
#include <corm/sys/driver.h>

typedef struct {
  const char *name;
  const char *uri_variable;     /* NULL: a new file in the test's folder */
  const char *missing_variable; /* says why there is no server */
  const char *reset[3];         /* statements that empty the database */
} FreshBackend;

static const FreshBackend fresh_backends[] = {
  { "sqlite3", NULL, NULL, { NULL } },
  { "pgsql",
    "CORM_TEST_PGSQL",
    "CORM_TEST_PGSQL_MISSING",
    { "DROP SCHEMA public CASCADE", "CREATE SCHEMA public", NULL } },
  { "mysql",
    "CORM_TEST_MYSQL",
    "CORM_TEST_MYSQL_MISSING",
    { "DROP DATABASE corm_test", "CREATE DATABASE corm_test", NULL } },
};

#define FRESH_ON(f, i) \
  { \
#f "@" #i, f, NULL, NULL, (void *) &fresh_backends[i] \
  }
#define FRESH(f) FRESH_ON (f, 0), FRESH_ON (f, 1), FRESH_ON (f, 2)

#define assert_ok(call) \
  do { \
    g_autoptr (GError) assert_error = NULL; \
    GError **error = &assert_error; \
    if (!(call) || assert_error != NULL) \
      fail_msg ("%s: %s", #call, assert_error != NULL ? assert_error->message : "FALSE without an error"); \
  } while (0)

/* @call fails with @want_code and a message that holds @part. It writes its error to `error`. */
#define assert_fails(call, want_code, part) \
  do { \
    g_autoptr (GError) assert_error = NULL; \
    GError **error = &assert_error; \
    if (call) \
      fail_msg ("%s: no failure", #call); \
    if (assert_error == NULL) \
      fail_msg ("%s: no error", #call); \
    if (assert_error->code != (int) (want_code) || strstr (assert_error->message, (part)) == NULL) \
      fail_msg ("%s: %s: %s", #call, corm_error_name (assert_error->code), assert_error->message); \
  } while (0)

static inline char *
fresh_file (void)
{
  static guint n;
  const char *folder = g_getenv ("CORM_TEST_TMP");
  char *uri = g_strdup_printf ("sqlite:%s/fresh-%d-%u.db", folder != NULL ? folder : g_get_tmp_dir (),
                               (int) getpid (), n++);
  remove (uri + strlen ("sqlite:"));
  return uri;
}

/* Skips where the build leaves the backend's native driver out. */
static inline void
fresh_needs_driver (const FreshBackend *backend, const char *uri)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, &why);
  if (conn != NULL || !g_error_matches (why, CORM_ERROR, CORM_ERROR_UNSUPPORTED))
    return;
  print_message ("# skip %s: the build leaves its native driver out\n", backend->name);
  g_clear_error (&why);
  skip ();
}

/* The URI of the case's database, now empty. Skips where there is no server. Free with g_free(). */
static inline char *
fresh_uri (void **state)
{
  const FreshBackend *backend = *state;
  if (backend->uri_variable == NULL) {
    fresh_needs_driver (backend, "sqlite::memory:");
    return fresh_file ();
  }
  const char *uri = g_getenv (backend->uri_variable);
  if (uri == NULL) {
    const char *why = g_getenv (backend->missing_variable);
    print_message ("# skip %s: %s\n", backend->name, why != NULL ? why : "no server was started");
    skip ();
  }
  fresh_needs_driver (backend, uri);
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_connection_open_uri (uri, error)) != NULL);
  for (guint i = 0; backend->reset[i] != NULL; i++)
    assert_ok (corm_execute (conn, backend->reset[i], NULL, NULL, error));
  corm_connection_free (conn);
  return g_strdup (uri);
}

static inline guint
fresh_caps (CormConnection *conn)
{
  return corm_connection_get_link (conn)->driver->dialect->caps;
}

static inline void
fresh_run (CormConnection *conn, const char *sql)
{
  assert_ok (corm_execute (conn, sql, NULL, NULL, error));
}

/* The first value that @sql gives, as text; free with g_free(). */
static inline char *
fresh_text (CormConnection *conn, const char *sql)
{
  g_autoptr (CormCursor) cursor = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  assert_ok ((cursor = corm_query (conn, sql, NULL, error)) != NULL);
  assert_ok (corm_cursor_next (cursor, error));
  corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
  return g_strdup (text->str);
}
