/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Opening PostgreSQL: parameters reach libpq as they were given, the session has its defaults, a failure says why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/pgsql-link.h"

#include <string.h>

#define NEEDS_SERVER() \
  if (g_getenv ("CORM_TEST_PGSQL") == NULL) { \
    print_message ("# skip %s\n", g_getenv ("CORM_TEST_PGSQL_MISSING") \
                                      ? g_getenv ("CORM_TEST_PGSQL_MISSING") \
                                      : "CORM_TEST_PGSQL is not set"); \
    skip (); \
  }

static void
shows (CormLink *link, const char *setting, const char *expected)
{
  g_autofree char *sql = g_strdup_printf ("SELECT pg_catalog.current_setting('%s')", setting);
  g_autofree char *text = pgsql_link_get_text (link, sql);
  assert_string_equal (text, expected);
}

static void
the_session_has_its_defaults (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  const CormDbOptions options = { .busy_timeout_ms = 1234, .read_only = true };
  CormLink *link =
      pgsql_link_open ("&options=-c%20TimeZone%3DAsia/Tokyo%20-c%20DateStyle%3DGerman", &options);
  shows (link, "TimeZone", "UTC");
  shows (link, "DateStyle", "ISO, YMD");
  shows (link, "client_encoding", "UTF8");
  shows (link, "extra_float_digits", "3");
  shows (link, "lock_timeout", "1234ms");
  assert_true (g_str_has_prefix (link->server, "PostgreSQL 1"));
  g_autoptr (GError) error = NULL;
  assert_false (link->driver->run (link, "CREATE TABLE never (i int)", &error));
  assert_int_equal (error->code, CORM_ERROR_DENIED);
  pgsql_link_close (link);
}

static void
parameters_arrive_as_given (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  CormLink *link =
      pgsql_link_open ("&application_name=it%27s%20a%20%5C%20%22name%22&connect_timeout=3", NULL);
  shows (link, "application_name", "it's a \\ \"name\"");
  pgsql_link_close (link);
}

static void
a_password_opens_and_a_wrong_one_does_not (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (GError) error = NULL;
  const char *uri = g_getenv ("CORM_TEST_PGSQL_PASSWORD");
  CormLink *link = pgsql_link_open_uri (uri, NULL, &error);
  assert_non_null (link);
  pgsql_link_close (link);
  g_auto (GStrv) parts = g_strsplit (uri, "secret", 2);
  g_autofree char *wrong = g_strjoinv ("it%27s%20wr%20ong", parts);
  assert_null (pgsql_link_open_uri (wrong, NULL, &error));
  assert_int_equal (error->code, CORM_ERROR_DENIED);
  assert_non_null (strstr (error->message, "password authentication failed"));
  assert_null (strstr (error->message, "wr ong"));
  assert_null (strstr (error->message, "wr%20ong"));
}

static void
a_failure_says_why (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  const char *base = g_getenv ("CORM_TEST_PGSQL");
  g_autofree char *query = g_strdup (strchr (base, '?'));
  g_autofree char *host = g_strdup (strstr (base, "host="));
  host[strcspn (host, "&")] = '\0';
  const struct {
    char *uri;
    CormError code;
    const char *words;
  } cases[] = {
    { g_strconcat ("postgresql:///no_such_database", query, NULL), CORM_ERROR_CONNECTION,
      "createdb no_such_database" },
    { g_strconcat ("postgresql:///corm_test?user=nobody_here&", host, NULL), CORM_ERROR_DENIED,
      "nobody_here" },
    { g_strdup ("postgresql://127.0.0.1:1/x"), CORM_ERROR_CONNECTION, "server running" },
    { g_strdup ("postgresql:///x?host=/no/such/folder"), CORM_ERROR_CONNECTION, "server running" },
    { g_strdup ("postgresql://no-such-host.invalid/x"), CORM_ERROR_CONNECTION, "no-such-host.invalid" },
    { g_strdup ("postgresql:///x?sslmod=require"), CORM_ERROR_INVALID, "sslmod" },
    { g_strdup ("postgresql:///x?sslmode=perhaps"), CORM_ERROR_INVALID, "perhaps" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    assert_null (pgsql_link_open_uri (cases[i].uri, NULL, &error));
    if (error->code != (int) cases[i].code || strstr (error->message, cases[i].words) == NULL)
      fail_msg ("%s: %s: %s", cases[i].uri, corm_error_name (error->code), error->message);
    g_free (cases[i].uri);
  }
}

/* The server process of @victim ends, as when the server is shut down. */
static void
end_server_of (CormLink *victim)
{
  g_autofree char *pid = pgsql_link_get_text (victim, "SELECT pg_backend_pid()");
  g_autofree char *sql = g_strdup_printf ("SELECT pg_terminate_backend(%s, 5000)", pid);
  CormLink *other = pgsql_link_open (NULL, NULL);
  g_autofree char *done = pgsql_link_get_text (other, sql);
  assert_string_equal (done, "true");
  pgsql_link_close (other);
}

static void
a_server_that_went_away_is_noticed (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (GError) error = NULL;
  CormLink *link = pgsql_link_open (NULL, NULL);
  assert_true (link->driver->is_alive (link));
  assert_true (link->driver->ping (link, &error));
  end_server_of (link);
  assert_false (link->driver->is_alive (link));
  assert_false (link->driver->ping (link, &error));
  assert_int_equal (error->code, CORM_ERROR_CONNECTION);
  pgsql_link_close (link);
}

static void
a_server_that_goes_away_in_a_statement_is_an_error (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (GError) error = NULL;
  CormLink *link = pgsql_link_open (NULL, NULL);
  end_server_of (link);
  assert_false (link->driver->run (link, "BEGIN", &error));
  assert_int_equal (error->code, CORM_ERROR_CONNECTION);
  assert_non_null (strstr (error->message, "take a new connection"));
  assert_false (link->driver->is_alive (link));
  pgsql_link_close (link);
}

static void
a_lock_is_waited_for_so_long (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (GError) error = NULL;
  const CormDbOptions options = { .busy_timeout_ms = 50 };
  CormLink *one = pgsql_link_open (NULL, NULL), *two = pgsql_link_open (NULL, &options);
  assert_true (one->driver->run (one, "DROP TABLE IF EXISTS locked; CREATE TABLE locked (i int)", NULL));
  assert_true (one->driver->run (one, "BEGIN; LOCK TABLE locked", NULL));
  assert_false (two->driver->run (two, "INSERT INTO locked VALUES (1)", &error));
  assert_int_equal (error->code, CORM_ERROR_BUSY);
  assert_true (one->driver->run (one, "DROP TABLE locked; COMMIT", NULL));
  pgsql_link_close (one);
  pgsql_link_close (two);
}

/* --- pooler=transaction */

/* What a query with parameters of many types gives, as text. */
static char *
answer (CormConnection *conn)
{
  const CormParam *params =
      CORM_PARAMS (CORM_PARAM ("i", (gint64) G_MAXINT64), CORM_PARAM ("t", "it's"), CORM_PARAM ("f", 0.1),
                   CORM_PARAM ("b", (bool) true), CORM_PARAM ("at", (CormTimestamp){ 1 }));
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (CormCursor) cursor = corm_query (
      conn,
      "SELECT :i::bigint, :t::text, :f::double precision, :b::boolean, :at::timestamptz, NULL::integer, "
      "1.50::numeric, "
      "'\\x6100ff'::bytea, DATE '2026-01-02', '{1,2}'::integer[], n FROM generate_series (1, 3) n",
      params, &error);
  while (cursor != NULL && corm_cursor_next (cursor, &error))
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      const CormValue *value = corm_cursor_get_value (cursor, i);
      g_string_append_printf (text, "%s %d:", corm_cursor_get_name (cursor, i), (int) value->type);
      corm_value_append_text (value, text);
      g_string_append_c (text, '|');
    }
  if (error != NULL)
    fail_msg ("%s", error->message);
  return g_strdup (text->str);
}

static CormConnection *
open_uri (const char *uri)
{
  g_autoptr (GError) error = NULL;
  CormConnection *conn = corm_connection_open_uri (uri, &error);
  if (conn == NULL)
    fail_msg ("%s", error->message);
  return conn;
}

static void
behind_a_pooler_all_is_the_same (G_GNUC_UNUSED void **state)
{
  const char *uri = g_getenv ("CORM_TEST_PGSQL_POOLED");
  if (uri == NULL) {
    print_message ("# skip pgbouncer or PostgreSQL is not installed\n");
    skip ();
  }
  g_autoptr (CormConnection) direct = open_uri (g_getenv ("CORM_TEST_PGSQL"));
  g_autofree char *expected = answer (direct);
  g_autoptr (CormConnection) a = open_uri (uri);
  g_autoptr (CormConnection) b = open_uri (uri);
  CormLink *link = corm_connection_get_link (a);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *one = answer (a), *two = answer (b);
    assert_string_equal (one, expected);
    assert_string_equal (two, expected);
    /* b's session of a moment ago goes to a, which holds on to it; b gets another one. */
    assert_true (link->driver->run (link, "BEGIN", NULL));
    g_autofree char *wait = pgsql_link_get_text (link, "SELECT pg_catalog.current_setting('lock_timeout')");
    assert_string_equal (wait, "5s");
    g_autofree char *three = answer (b);
    assert_string_equal (three, expected);
    assert_true (link->driver->run (link, "COMMIT", NULL));
  }
}

static void
what_a_pooler_cannot_give_is_refused (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  const CormDbOptions options = { .read_only = true };
  assert_null (
      corm_db_open_full ("postgresql:///d?host=/nonexistent&pooler=transaction", NULL, &options, &error));
  assert_int_equal (error->code, CORM_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  assert_null (corm_db_open ("postgresql:///d?host=/nonexistent&pooler=statement", NULL, &error));
  assert_int_equal (error->code, CORM_ERROR_INVALID);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_session_has_its_defaults),
    cmocka_unit_test (parameters_arrive_as_given),
    cmocka_unit_test (a_password_opens_and_a_wrong_one_does_not),
    cmocka_unit_test (a_failure_says_why),
    cmocka_unit_test (a_server_that_went_away_is_noticed),
    cmocka_unit_test (a_server_that_goes_away_in_a_statement_is_an_error),
    cmocka_unit_test (a_lock_is_waited_for_so_long),
    cmocka_unit_test (behind_a_pooler_all_is_the_same),
    cmocka_unit_test (what_a_pooler_cannot_give_is_refused),
  };
  return cmocka_run_group_tests_name ("pgsql-connection", tests, NULL, NULL);
}
