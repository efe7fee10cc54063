/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Conversions: each gives the moment that was meant, or refuses. */
#include "port/conversion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
assert_gives (const char *name, CormValue from, const char *expected)
{
  CormValue to;
  guint conversion;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) scratch = g_string_new (NULL), text = g_string_new (NULL);
  assert_true (corm_conversion_parse (name, &conversion));
  gboolean done = corm_conversion_apply (conversion, &from, scratch, &to, &error);
  if (done)
    corm_value_append_text (&to, text);
  else
    g_string_assign (text, error->message);
  if (strstr (text->str, expected) == NULL || (done && strcmp (text->str, expected) != 0))
    fail_msg ("%s: '%s' instead of '%s'", name, text->str, expected);
}

static void
moments (void **state)
{
  (void) state;
  assert_gives ("unix-seconds", corm_value_int (0), "1970-01-01T00:00:00");
  assert_gives ("unix-seconds", corm_value_int (-1), "1969-12-31T23:59:59");
  assert_gives ("unix-seconds", corm_value_double (1.25), "1970-01-01T00:00:01.25");
  assert_gives ("unix-seconds", corm_value_text ("1700000000"), "2023-11-14T22:13:20");
  assert_gives ("unix-seconds", corm_value_text ("2024-01-01"), "2024-01-01");
  assert_gives ("unix-seconds", corm_value_double (0.0000001), "between two microseconds");
  assert_gives ("unix-seconds", corm_value_int (G_MAXINT64), "no time");
  assert_gives ("unix-seconds", corm_value_int (G_MININT64), "no time");
  assert_gives ("unix-milliseconds", corm_value_int (1700000000123), "2023-11-14T22:13:20.123");
  assert_gives ("unix-microseconds", corm_value_int (-1), "1969-12-31T23:59:59.999999");
  assert_gives ("julian", corm_value_double (2440587.5), "1970-01-01T00:00:00");
  assert_gives ("julian", corm_value_int (2451545), "2000-01-01T12:00:00");
  assert_gives ("julian", corm_value_double (2451545.1234567891), "whole millisecond");
  assert_gives ("julian", corm_value_double (1e300), "no Julian day");
  assert_gives ("julian, unix-seconds", corm_value_int (1), "1970-01-01T00:00:01");
  assert_gives ("julian, unix-seconds", corm_value_double (2440587.5), "1970-01-01T00:00:00");
  assert_gives ("unix-seconds", corm_value_null (), "NULL");
}

static void
texts (void **state)
{
  (void) state;
  CormValue to, bytes = corm_value_bytes ((CormBytes){ (const guint8 *) "\x00\xff", 2 });
  g_autoptr (GString) scratch = g_string_new (NULL);
  CormValue blank = corm_value_text ("  ");
  assert_gives ("trim", corm_value_text (" a b\n"), "a b");
  assert_gives ("trim", corm_value_int (5), "5");
  assert_gives ("text", bytes, "00ff");
  assert_gives ("text", corm_value_double (0.1), "0.1");
  assert_true (
      corm_conversion_apply (CORM_CONVERSION_TRIM | CORM_CONVERSION_EMPTY, &blank, scratch, &to, NULL));
  assert_true (to.is_null);
  assert_true (corm_conversion_apply (CORM_CONVERSION_EMPTY, &blank, scratch, &to, NULL));
  assert_false (to.is_null);
}

static void
names (void **state)
{
  (void) state;
  guint conversion;
  assert_false (corm_conversion_parse ("unix-seconds, unix-milliseconds", &conversion));
  assert_false (corm_conversion_parse ("seconds", &conversion));
  assert_false (corm_conversion_parse ("trim,", &conversion));
  assert_true (corm_conversion_parse (" empty-to-null ,trim", &conversion));
  g_autofree char *name = corm_conversion_name (conversion);
  assert_string_equal (name, "trim, empty-to-null");
  assert_null (corm_conversion_name (0));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (moments),
    cmocka_unit_test (texts),
    cmocka_unit_test (names),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
