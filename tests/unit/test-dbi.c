/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* libdbi keeps its connections in lists without a lock: opening and closing from many threads must not tear them. */
#include "engine.h"

#include "base/uri.h"
#include "engine/dbi.h"
#include "engine/drivers.h"

#define N_THREADS 6
#define N_ROUNDS 30

static gpointer
open_and_close (gpointer uri)
{
  for (int i = 0; i < N_ROUNDS; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, &error);
    g_autoptr (CormCursor) cursor = conn != NULL ? corm_query (conn, "SELECT 1", NULL, &error) : NULL;
    if (cursor == NULL || !corm_cursor_next (cursor, &error))
      return g_strdup (error->message);
  }
  return NULL;
}

static void
threads_open_and_close (G_GNUC_UNUSED void **state)
{
  g_autofree char *uri = test_new_uri ("dbi.db");
  CormConnection *first = NULL;
  assert_ok ((first = corm_connection_open_uri (uri, error)) != NULL);
  GThread *threads[N_THREADS];
  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("opener", open_and_close, uri);
  for (int i = 0; i < N_THREADS; i++) {
    g_autofree char *failure = g_thread_join (threads[i]);
    if (failure != NULL)
      fail_msg ("%s", failure);
  }
  corm_connection_free (first);
}

static gboolean
open_as (const char *text, const char *name, GError **error)
{
  g_autoptr (CormUri) uri = corm_uri_parse (text, error);
  const CormDbOptions options = { .busy_timeout_ms = 1 };
  CormLink link = { .driver = corm_driver_by_name ("sqlite3"), .uri = uri, .options = &options };
  gboolean ok = corm_dbi_open (&link, name, error);
  assert_true ((link.dbi != NULL) == ok);
  if (ok)
    corm_dbi_close (&link);
  assert_null (link.dbi);
  return ok;
}

static void
a_failure_leaves_nothing_open (G_GNUC_UNUSED void **state)
{
  assert_ok (open_as ("sqlite::memory:", "sqlite3", error));
  assert_fails (open_as ("sqlite::memory:", "nosuch", error), CORM_ERROR_UNSUPPORTED, "libdbd-nosuch");
  assert_fails (open_as ("sqlite:/no/such/folder/x.db", "sqlite3", error), CORM_ERROR_CONNECTION,
                "/no/such/folder");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (threads_open_and_close),
    cmocka_unit_test (a_failure_leaves_nothing_open),
  };
  return cmocka_run_group_tests_name ("dbi", tests, NULL, NULL);
}
