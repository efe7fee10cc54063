/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the tests of lib/engine share: a database in memory or in the test's folder, and short ways to run and to read. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <corm/sys/driver.h>

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

/* sqlite:FOLDER/NAME in the program's own folder; free with g_free(). */
static inline G_GNUC_UNUSED char *
test_uri (const char *name)
{
  const char *folder = g_getenv ("CORM_TEST_TMP");
  return g_strdup_printf ("sqlite:%s/%s", folder != NULL ? folder : g_get_tmp_dir (), name);
}

/* A file that is not there yet. */
static inline G_GNUC_UNUSED char *
test_new_uri (const char *name)
{
  char *uri = test_uri (name);
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = g_strconcat (uri + strlen ("sqlite:"), endings[i], NULL);
    remove (path);
  }
  return uri;
}

static inline G_GNUC_UNUSED CormDb *
test_open (const char *uri, const CormDbOptions *options)
{
  CormDb *db = NULL;
  CormDbOptions roomy = { .pool_size = 4 };
  assert_ok ((db = corm_db_open_full (uri, NULL, options != NULL ? options : &roomy, error)) != NULL);
  return db;
}

static inline G_GNUC_UNUSED CormConnection *
test_connect (CormDb *db)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  return conn;
}

static inline G_GNUC_UNUSED void
test_run (CormConnection *conn, const char *sql)
{
  assert_ok (corm_execute (conn, sql, NULL, NULL, error));
}

/* The number that @sql gives. */
static inline G_GNUC_UNUSED gint64
test_number (CormConnection *conn, const char *sql)
{
  g_autoptr (CormCursor) cursor = NULL;
  assert_ok ((cursor = corm_query (conn, sql, NULL, error)) != NULL);
  assert_ok (corm_cursor_next (cursor, error));
  return corm_cursor_get_value (cursor, 0)->i;
}

/* The text that @sql gives; free with g_free(). */
static inline G_GNUC_UNUSED char *
test_text (CormConnection *conn, const char *sql)
{
  g_autoptr (CormCursor) cursor = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  assert_ok ((cursor = corm_query (conn, sql, NULL, error)) != NULL);
  assert_ok (corm_cursor_next (cursor, error));
  corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
  return g_strdup (text->str);
}
