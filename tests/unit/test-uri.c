/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every form of URI comes apart into its parts; a wrong one says why. (Passwords in messages: test-redact.c.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/uri.h"

#include <string.h>

typedef struct {
  const char *text;
  const char *driver;
  const char *host;
  const char *user;
  const char *password;
  const char *database;
  int port;
} Expected;

static void
check_text (const char *what, const char *uri, const char *got, const char *expected)
{
  if (g_strcmp0 (got, expected) != 0)
    fail_msg ("%s of %s is %s instead of %s", what, uri, got, expected);
}

static void
check (const Expected *e)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormUri) uri = corm_uri_parse (e->text, &error);
  if (uri == NULL)
    fail_msg ("%s", error->message);
  check_text ("driver", e->text, corm_uri_get_driver (uri), e->driver);
  check_text ("host", e->text, corm_uri_get_host (uri), e->host);
  check_text ("user", e->text, corm_uri_get_user (uri), e->user);
  check_text ("password", e->text, corm_uri_get_password (uri), e->password);
  check_text ("database", e->text, corm_uri_get_database (uri), e->database);
  assert_int_equal (corm_uri_get_port (uri), e->port);
}

static void
files (G_GNUC_UNUSED void **state)
{
  static const Expected expected[] = {
    { "sqlite:jobs.db", "sqlite3", .database = "jobs.db" },
    { "sqlite3:jobs.db", "sqlite3", .database = "jobs.db" },
    { "SQLite:jobs.db", "sqlite3", .database = "jobs.db" },
    { "sqlite:../a/b.db", "sqlite3", .database = "../a/b.db" },
    { "sqlite:/var/b.db", "sqlite3", .database = "/var/b.db" },
    { "sqlite:///var/b.db", "sqlite3", .database = "/var/b.db" },
    { "sqlite://localhost/var/b.db", "sqlite3", .database = "/var/b.db" },
    { "sqlite::memory:", "sqlite3", .database = ":memory:" },
    { "sqlite:///:memory:", "sqlite3", .database = ":memory:" },
    { "sqlite:a%20b%3F%25.db?mode=ro", "sqlite3", .database = "a b?%.db" },
    { "sqlite:me@home:1.db", "sqlite3", .database = "me@home:1.db" },
    { "sqlite:\u00e9.db", "sqlite3", .database = "\u00e9.db" },
  };
  g_autofree char *here = g_get_current_dir ();
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    Expected e = expected[i];
    gboolean is_relative = *e.database != '/' && strcmp (e.database, ":memory:") != 0;
    g_autofree char *whole = is_relative ? g_build_filename (here, e.database, NULL) : g_strdup (e.database);
    e.database = whole;
    check (&e);
  }
}

static void
servers (G_GNUC_UNUSED void **state)
{
  static const Expected expected[] = {
    { "postgresql://", "pgsql", .host = NULL },
    { "postgresql:///db", "pgsql", .database = "db" },
    { "postgres://h", "pgsql", .host = "h" },
    { "postgresql://h/", "pgsql", .host = "h" },
    { "postgresql://u@h/db", "pgsql", .host = "h", .user = "u", .database = "db" },
    { "postgresql://u:@h/db", "pgsql", .host = "h", .user = "u", .password = "", .database = "db" },
    { "postgresql://u:p@h:5433/db", "pgsql", "h", "u", "p", "db", 5433 },
    { "postgresql://u:p@h:/db", "pgsql", "h", "u", "p", "db", 0 },
    { "postgresql://u:p%40%3A%2F%3F%23%25@h/db", "pgsql", "h", "u", "p@:/?#%", "db", 0 },
    { "postgresql://u:p@w:x@h/db", "pgsql", "h", "u", "p@w:x", "db", 0 },
    { "postgresql://u%40x:p@h/d%2Fb", "pgsql", "h", "u@x", "p", "d/b", 0 },
    { "postgresql://[::1]:5433/db", "pgsql", .host = "::1", .database = "db", .port = 5433 },
    { "postgresql://u:p@[fe80::1%25eth0]/db", "pgsql", "fe80::1%eth0", "u", "p", "db", 0 },
    { "postgresql://%2Frun%2Fpg/db", "pgsql", .host = "/run/pg", .database = "db" },
    { "postgresql:///db?host=/run/pg&port=5433&user=u&password=p", "pgsql", "/run/pg", "u", "p", "db", 5433 },
    { "postgresql://h/db?dbname=other", "pgsql", .host = "h", .database = "other" },
    { "postgresql://a:1,b:2/db", "pgsql", .host = "a,b", .database = "db" },
    { "postgresql://a,b/db", "pgsql", .host = "a,b", .database = "db" },
    { "mysql://u:p@h:3307/db", "mysql", "h", "u", "p", "db", 3307 },
    { "mariadb://u@h/db", "mysql", .host = "h", .user = "u", .database = "db" },
    { "dbi:pgsql?host=h&username=u&password=p&dbname=d&port=99", "dbi", "h", "u", "p", "d", 99 },
    { "dbi:sqlite3", "dbi", .host = NULL },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    check (&expected[i]);
}

static void
parameters_come_in_order (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormUri) uri = corm_uri_parse (
      "postgresql://h/db?sslmode=require&user=u&options=-c%20a%3Db&&empty=&sslmode=disable", NULL);
  const char *name, *value;
  g_autoptr (GString) all = g_string_new (NULL);
  for (guint i = 0; corm_uri_get_nth_parameter (uri, i, &name, &value); i++)
    g_string_append_printf (all, "%s[%s] ", name, value);
  assert_string_equal (all->str, "sslmode[require] options[-c a=b] empty[] sslmode[disable] ");
  assert_string_equal (corm_uri_get_parameter (uri, "sslmode"), "disable");
  assert_null (corm_uri_get_parameter (uri, "user"));
  assert_string_equal (corm_uri_get_user (uri), "u");
}

static void
several_hosts_give_several_ports (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormUri) uri = corm_uri_parse ("postgresql://u:p@a:1,[::1],c:3/db", NULL);
  assert_string_equal (corm_uri_get_host (uri), "a,::1,c");
  assert_string_equal (corm_uri_get_parameter (uri, "port"), "1,,3");
  assert_int_equal (corm_uri_get_port (uri), 0);
}

static void
options_of_libdbi_keep_their_names (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormUri) uri = corm_uri_parse ("dbi:sqlite3?sqlite3_dbdir=/tmp&dbname=x.db", NULL);
  assert_string_equal (corm_uri_get_dbi_driver (uri), "sqlite3");
  assert_string_equal (corm_uri_get_parameter (uri, "sqlite3_dbdir"), "/tmp");
  assert_string_equal (corm_uri_get_parameter (uri, "dbname"), "x.db");
  assert_string_equal (corm_uri_get_database (uri), "x.db");
}

static void
wrong_uris_say_why (G_GNUC_UNUSED void **state)
{
  static const char *const wrong[][2] = {
    { "", "sqlite:PATH" },
    { "jobs.db", "sqlite:PATH" },
    { "oracle://h/db", "dbi:DRIVER" },
    { "sqlite:", "no file" },
    { "sqlite://", "no file" },
    { "sqlite://server/x.db", "another host" },
    { "sqlite:a%2", "%25" },
    { "sqlite:a%zz", "%25" },
    { "sqlite:a%00b", "%25" },
    { "sqlite:x.db?mode", "NAME=VALUE" },
    { "sqlite:x.db?=ro", "NAME=VALUE" },
    { "postgresql:h/db", "'//'" },

    { "postgresql://h:0/db", "port" },
    { "postgresql://h:65536/db", "port" },

    { "postgresql://h/db?port=many", "port" },
    { "postgresql://[::1/db", "IPv6" },
    { "postgresql://[::1]5432/db", "':' and the port" },
    { "dbi:", "OPTION=VALUE" },
    { "dbi:my driver?x=y", "OPTION=VALUE" },
    { "dbi:mysql://h/db", "OPTION=VALUE" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormUri) uri = corm_uri_parse (wrong[i][0], &error);
    if (uri != NULL)
      fail_msg ("%s is taken", wrong[i][0]);
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_INVALID));
    if (strstr (error->message, wrong[i][1]) == NULL || strstr (error->message, wrong[i][0]) == NULL)
      fail_msg ("%s", error->message);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (files),
    cmocka_unit_test (servers),
    cmocka_unit_test (parameters_come_in_order),
    cmocka_unit_test (several_hosts_give_several_ports),
    cmocka_unit_test (options_of_libdbi_keep_their_names),
    cmocka_unit_test (wrong_uris_say_why),
  };
  return cmocka_run_group_tests_name ("uri", tests, NULL, NULL);
}
