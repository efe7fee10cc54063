/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* JSON as RFC 8259 has it, no more and no less; one text for one value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "value/json.h"

#include <string.h>

static void
well_formed (G_GNUC_UNUSED void **state)
{
  static const char *const good[] = { "null",
                                      " true ",
                                      "\tfalse\r\n",
                                      "0",
                                      "-0",
                                      "1.5e-3",
                                      "1E+2",
                                      "\"\"",
                                      "[]",
                                      "[ ]",
                                      "{}",
                                      "{ }",
                                      "[1,[2,{\"a\":null}]]",
                                      "\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
                                      "\"\u00e9\U0001f600\"",
                                      "{\"\":1}",
                                      "\"\x7f\"" };
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    const char *reason;
    gsize at;
    if (!corm_json_check (good[i], strlen (good[i]), &reason, &at))
      fail_msg ("%s: %s", good[i], reason);
  }
}

static void
malformed (G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = { "",
                                       " ",
                                       "nul",
                                       "nullx",
                                       "True",
                                       "NaN",
                                       "Infinity",
                                       "01",
                                       "-",
                                       "+1",
                                       ".5",
                                       "1.",
                                       "1e",
                                       "0x1",
                                       "'a'",
                                       "\"",
                                       "\"\\\"",
                                       "\"\\x\"",
                                       "\"\\u12\"",
                                       "\"\\ud83d\"",
                                       "\"\\ude00\"",
                                       "\"\\ud83d\\u0041\"",
                                       "\"a\nb\"",
                                       "[",
                                       "[1",
                                       "[1,",
                                       "[1,]",
                                       "[,1]",
                                       "[1 2]",
                                       "]",
                                       "{",
                                       "{\"a\"",
                                       "{\"a\":",
                                       "{\"a\":1,",
                                       "{\"a\":1,}",
                                       "{a:1}",
                                       "{1:1}",
                                       "{\"a\" 1}",
                                       "1 2",
                                       "// x\n1",
                                       "/* */ 1",
                                       "\"\xff\"",
                                       "\xef\xbb\xbf[]" };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    const char *reason = NULL;
    gsize at;
    if (corm_json_check (wrong[i], strlen (wrong[i]), &reason, &at))
      fail_msg ("%s is taken", wrong[i]);
    assert_non_null (reason);
    assert_true (at <= strlen (wrong[i]));
  }
  const char *reason;
  gsize at;
  assert_false (corm_json_check ("1\0", 2, &reason, &at));
  assert_false (corm_json_check ("\"a\0b\"", 5, &reason, &at));
  assert_false (corm_json_check ("[1,2 3]", 7, &reason, &at));
  assert_int_equal (at, 5);
}

static void
deep_nesting_is_an_error_and_no_crash (G_GNUC_UNUSED void **state)
{
  const char *reason;
  gsize at;
  g_autofree char *deep = g_strnfill (4000, '[');
  memset (deep + 2000, ']', 2000);
  assert_true (corm_json_check (deep, 4000, &reason, &at));
  g_autofree char *deeper = g_strnfill (1000000, '[');
  assert_false (corm_json_check (deeper, 1000000, &reason, &at));
  assert_non_null (strstr (reason, "deep"));
}

static void
check_canonical (const char *text, const char *expected)
{
  g_autoptr (GString) out = g_string_new ("<");
  corm_json_append_canonical (text, strlen (text), out);
  g_string_append_c (out, '>');
  g_autofree char *framed = g_strdup_printf ("<%s>", expected);
  assert_string_equal (out->str, framed);
}

static void
canonical_form (G_GNUC_UNUSED void **state)
{
  check_canonical (" { \"b\" : [ 1 , 2.50 , 1e2 ] , \"a\" : null } ", "{\"a\":null,\"b\":[1,2.5,100]}");
  check_canonical ("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}");
  check_canonical ("{\"z\":1,\"y\":2,\"x\":3,\"aa\":4,\"a\":5}",
                   "{\"a\":5,\"aa\":4,\"x\":3,\"y\":2,\"z\":1}");
  check_canonical ("\"\\u00e9\\/\\u0041\\u0001\\u000a\\u007f\"", "\"\u00e9/A\\u0001\\n\x7f\"");
  check_canonical ("\"\\ud83d\\ude00\"", "\"\U0001f600\"");
  check_canonical ("\"\\u0000\"", "\"\\u0000\"");
  check_canonical ("-0.0", "0");
  check_canonical ("1e999999", "1e999999");
  check_canonical ("[{},[]]", "[{},[]]");
  check_canonical ("{\"a\":1,\"b\":{\"d\":[{\"f\":1,\"e\":2}],\"c\":3}}",
                   "{\"a\":1,\"b\":{\"c\":3,\"d\":[{\"e\":2,\"f\":1}]}}");
}

static void
what_is_no_json_stays_as_it_is (G_GNUC_UNUSED void **state)
{
  check_canonical ("{\"b\":1, \"a\":", "{\"b\":1, \"a\":");
  check_canonical ("", "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (well_formed),
    cmocka_unit_test (malformed),
    cmocka_unit_test (deep_nesting_is_an_error_and_no_crash),
    cmocka_unit_test (canonical_form),
    cmocka_unit_test (what_is_no_json_stays_as_it_is),
  };
  return cmocka_run_group_tests_name ("json", tests, NULL, NULL);
}
