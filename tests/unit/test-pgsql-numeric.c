/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The binary form of numeric, byte by byte and there and back. (The bytes are what PostgreSQL 15 sends.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/pgsql/pgsql.h"

#include <string.h>

static char *
hex (const GString *bytes)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < bytes->len; i++)
    g_string_append_printf (text, "%02x", (guint8) bytes->str[i]);
  return g_string_free (text, FALSE);
}

static char *
encode (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  if (corm_pgsql_numeric_encode (text, strlen (text), out) != NULL)
    return g_strdup ("refused");
  return hex (out);
}

static char *
there_and_back (const char *text)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autoptr (GString) back = g_string_new (NULL);
  if (corm_pgsql_numeric_encode (text, strlen (text), bytes) != NULL)
    return g_strdup ("refused");
  assert_null (corm_pgsql_numeric_decode (bytes->str, (int) bytes->len, back));
  return g_strndup (back->str, back->len);
}

static void
the_bytes_are_the_servers (G_GNUC_UNUSED void **state)
{
  static const char *const cases[][2] = {
    { "0", "0000000000000000" },
    { "0.00", "0000000000000002" },
    { "-0.0", "0000000000000001" },
    { "1", "00010000000000000001" },
    { "-12.50", "0002000040000002000c1388" },
    { "10000", "00010001000000000001" },
    { "0.0001", "0001ffff000000040001" },
    { "0.00001", "0001fffe0000000503e8" },
    { "12345678.9", "000300010000000104d2162e2328" },
    { "NaN", "00000000c0000000" },
    { "Infinity", "00000000d0000000" },
    { "-Infinity", "00000000f0000000" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *bytes = encode (cases[i][0]);
    assert_string_equal (bytes, cases[i][1]);
  }
}

static void
every_digit_comes_back (G_GNUC_UNUSED void **state)
{
  static const char *const cases[] = { "0",
                                       "1",
                                       "-1",
                                       "9999",
                                       "10000",
                                       "100000000",
                                       "0.1",
                                       "-0.10",
                                       "0.0001",
                                       "0.00010000",
                                       "0.00000000000000000001",
                                       "99999999999999999999999999999999999999",
                                       "-9999999999999999999.9999999999999999999",
                                       "1000000000000000000000000.000000000000000000001",
                                       "NaN" };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *back = there_and_back (cases[i]);
    assert_string_equal (back, cases[i]);
  }
}

static void
other_spellings_come_back_canonical (G_GNUC_UNUSED void **state)
{
  static const char *const cases[][2] = { { "+1.5", "1.5" },  { "007", "7" },     { ".5", "0.5" },
                                          { "5.", "5" },      { "-0", "0" },      { "1.5e3", "1500" },
                                          { "25E-1", "2.5" }, { "-0.00", "0.00" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *back = there_and_back (cases[i][0]);
    assert_string_equal (back, cases[i][1]);
  }
}

static void
what_is_no_number_is_refused (G_GNUC_UNUSED void **state)
{
  static const char *const cases[] = { "", "-", ".", "1,5", "1.2.3", "abc", "1e", " 1", "0x10", "--1" };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *bytes = encode (cases[i]);
    assert_string_equal (bytes, "refused");
  }
}

static void
every_number_of_digits_comes_back (G_GNUC_UNUSED void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260102);
  for (guint n = 0; n < 2000; n++) {
    g_autoptr (GString) text = g_string_new (g_rand_boolean (random) ? "-" : "");
    guint before = g_rand_int_range (random, 1, 60), behind = g_rand_int_range (random, 0, 60);
    g_string_append_c (text, '1' + g_rand_int_range (random, 0, 9));
    for (guint i = 1; i < before; i++)
      g_string_append_c (text,
                         g_rand_int_range (random, 0, 3) ? '0' : '0' + g_rand_int_range (random, 0, 10));
    if (behind > 0)
      g_string_append_c (text, '.');
    for (guint i = 0; i < behind; i++)
      g_string_append_c (text,
                         g_rand_int_range (random, 0, 3) ? '0' : '0' + g_rand_int_range (random, 0, 10));
    g_autofree char *back = there_and_back (text->str);
    assert_string_equal (back, text->str);
  }
}

static void
cut_bytes_are_malformed (G_GNUC_UNUSED void **state)
{
  g_autoptr (GString) bytes = g_string_new (NULL), out = g_string_new (NULL);
  assert_null (corm_pgsql_numeric_encode ("123456.789", 10, bytes));
  for (gsize size = 0; size < bytes->len; size++)
    assert_non_null (corm_pgsql_numeric_decode (bytes->str, (int) size, out));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_bytes_are_the_servers),           cmocka_unit_test (every_digit_comes_back),
    cmocka_unit_test (other_spellings_come_back_canonical), cmocka_unit_test (what_is_no_number_is_refused),
    cmocka_unit_test (every_number_of_digits_comes_back),   cmocka_unit_test (cut_bytes_are_malformed),
  };
  return cmocka_run_group_tests_name ("pgsql-numeric", tests, NULL, NULL);
}
