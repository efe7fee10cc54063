/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* No password ever shows, least of all in an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/uri.h"

#include <string.h>

/* Of every URI, good or bad, neither the public text nor the message may hold "geheim" or a part of it. */
static void
passwords_never_show (G_GNUC_UNUSED void **state)
{
  static const char *const uris[] = {
    "postgresql://u:geheim@h/db",
    "postgresql://:geheim@h/db",
    "postgresql://u:geheim@/db?host=/run",
    "postgresql://u:ge@heim@h/db",
    "postgresql://u:ge:heim@h/db",
    "postgresql://u:ge/heim@h/db",
    "postgresql://u:ge?heim@h/db",
    "postgresql://u:ge#heim@h/db",
    "postgresql://u:12?heim=geheim@h/db",
    "postgresql://u:12/geheim@h/db",
    "postgresql://u:gehei%m@h/db",
    "postgresql://u:geheim@h:port/db",
    "postgresql://u:geheim@[::1/db",
    "postgresql://[u:geheim@h",
    "postgresql://u:geheim",
    "postgresql://u:geheim/db",
    "postgresql:u:geheim@h/db",
    "postgres://u:geheim@a:1,b:2/db",
    "mysql://u:geheim@h:x/db",
    "MYSQL://u:geheim@h/db",
    "mariadb://u:geheim@h/db?password=geheim",
    "postgresql://h/db?password=geheim",
    "postgresql://h/db?user=u&PassWord=geheim&sslmode=disable",
    "postgresql://h/db?pass%77ord=geheim",
    "postgresql://h/db?sslpassword=geheim",
    "postgresql://h/db?password=geheim&port=x",
    "postgresql://h/db?password=ge%zzheim",
    "postgresql://h/db?password=geheim&b",
    "mysql://h/db?ssl_key_passwd=geheim",
    "dbi:pgsql?username=u&password=geheim",
    "dbi:pgsql&password=geheim",
    "dbi:mysql://u:geheim@h/db",
    "oracle://u:geheim@h/db",
    "u:geheim@h/db",
    "u:geheim://@h/db",
    "host=h user=u password=geheim",
    "host=h;pwd=geheim heim;user=u",
    "sqlite:x.db?password=geheim",
    "sqlite://u:geheim@h/db",
    "postgresql://h:5432/db?password=x@geheim",
    "postgresql://h/db?password=geheim&Xgeheim",
    "postgresql://h/db?pass=geheim",
    "host=h password = geheim",
    "--database=postgresql://u:geheim",
    "postgresql+psycopg://u:geheim@h",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormUri) uri = corm_uri_parse (uris[i], &error);
    const char *shown = uri != NULL ? corm_uri_get_public_text (uri) : error->message;
    if (strstr (shown, "geh") != NULL || strstr (shown, "heim") != NULL)
      fail_msg ("%s shows as %s", uris[i], shown);
  }
}

static void
the_rest_of_a_uri_shows (G_GNUC_UNUSED void **state)
{
  static const char *const shown[][2] = {
    { "postgresql://u:p@h:5433/db?sslmode=require", "postgresql://u:***@h:5433/db?sslmode=require" },
    { "postgresql://u@h:5433/db", "postgresql://u@h:5433/db" },
    { "postgresql://[::1]:5433/db", "postgresql://[::1]:5433/db" },
    { "postgresql://a:1,b:2/db", "postgresql://a:1,b:2/db" },
    { "postgresql://h/db?password=p&sslmode=require", "postgresql://h/db?password=***&sslmode=require" },
    { "sqlite:/home/me:x@y/a.db", "sqlite:/home/me:x@y/a.db" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++) {
    g_autoptr (CormUri) uri = corm_uri_parse (shown[i][0], NULL);
    assert_non_null (uri);
    assert_string_equal (corm_uri_get_public_text (uri), shown[i][1]);
  }
}

static void
public_text_is_utf8 (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormUri) uri = corm_uri_parse ("sqlite:/\xff.db", NULL);
  assert_string_equal (corm_uri_get_database (uri), "/\xff.db");
  assert_true (g_utf8_validate (corm_uri_get_public_text (uri), -1, NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (passwords_never_show),
    cmocka_unit_test (the_rest_of_a_uri_shows),
    cmocka_unit_test (public_text_is_utf8),
  };
  return cmocka_run_group_tests_name ("redact", tests, NULL, NULL);
}
