/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An empty database of each backend for a case that opens it by itself, with models of its own. A case asks for
 * capabilities, never for a name.
 *
 *   static void case (void **state) { g_autofree char *uri = fresh_uri (state); … }
 *   const struct CMUnitTest tests[] = { FRESH (case), FRESH (another) };
 *   return cmocka_run_group_tests_name ("noun", tests, NULL, fresh_end);
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "place.h"

#include <corm/sys/driver.h>
#include <gmodule.h>

/* libdbi's SQLite driver leaks the message of each failed statement. */
G_MODULE_EXPORT const char *__lsan_default_suppressions (void);

G_MODULE_EXPORT const char *
__lsan_default_suppressions (void)
{
  return "leak:libsqlite3.so\n";
}

#define FRESH_N 6
#define FRESH_ON(f, i) \
  { \
#f "@" #i, f, NULL, NULL, GUINT_TO_POINTER(i) \
  }
#define FRESH(f) \
  FRESH_ON (f, 0), FRESH_ON (f, 1), FRESH_ON (f, 2), FRESH_ON (f, 3), FRESH_ON (f, 4), FRESH_ON (f, 5)

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

static Places *fresh_places[FRESH_N];

/* NULL, and why, where the backend is not here. */
static inline Places *
fresh_find (guint backend, const char **missing)
{
  *missing = NULL;
  if (fresh_places[backend] == NULL)
    fresh_places[backend] = places_new (backend, missing);
  return fresh_places[backend];
}

/* The URI of the case's database, empty; the one before it is gone. Skips where there is none. Free with g_free(). */
static inline char *
fresh_uri (void **state)
{
  const char *missing;
  guint backend = GPOINTER_TO_UINT (*state);
  Places *places = fresh_find (backend, &missing);
  if (places == NULL) {
    print_message ("# skip %s: %s\n", places_backends ()[backend], missing);
    skip ();
  }
  return places_take (places);
}

static inline int
fresh_end (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < FRESH_N; i++)
    g_clear_pointer (&fresh_places[i], places_free);
  return 0;
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
