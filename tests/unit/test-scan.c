/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* JSON's tokens, byte by byte: what RFC 8259 allows is read, to the digit; everything else is an error with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exchange/scan.h"

#include <corm/error.h>
#include <glib/gstdio.h>
#include <string.h>

/* An input of these bytes. */
static CormInput *
input_of (const char *text, gsize size)
{
  const char *folder = g_getenv ("CORM_TEST_TMP");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : g_get_tmp_dir (), "scan.json", NULL);
  g_autoptr (GError) error = NULL;
  assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
  CormInput *input = corm_input_open (path, &error);
  if (input == NULL)
    fail_msg ("%s", error->message);
  g_unlink (path);
  return input;
}

typedef gboolean (*Scan) (CormInput *input, GString *text, GError **error);

/* What @token makes of @json; NULL and *@said: it refuses. */
static char *
scan (Scan token, const char *json, char **said)
{
  g_autoptr (CormInput) input = input_of (json, strlen (json));
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);
  gboolean ok = token (input, text, &error);
  assert_true (ok == (error == NULL));
  assert_true (ok || error->code == CORM_ERROR_INVALID);
  *said = ok ? NULL : g_strdup (error->message);
  return g_string_free (text, !ok);
}

static void
strings (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *json, *text; /* NULL: refused */
  } cases[] = {
    { "\"\"", "" },
    { " \t\r\n\"a\"", "a" },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
    { "\"\\u00e9\\u20ac\\ud83d\\udea2\"", "é€🚢" },
    { "\"é🚢\"", "é🚢" },
    { "\"a", NULL },
    { "\"a\\", NULL },
    { "\"\\x\"", NULL },
    { "\"\\u12g4\"", NULL },
    { "\"\\ud83d\"", NULL },
    { "\"\\udea2\"", NULL },
    { "\"\\ud83d\\u0041\"", NULL },
    { "\"a\nb\"", NULL },
    { "'a'", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *said = NULL, *got = scan (corm_scan_string, cases[i].json, &said);
    if (cases[i].text == NULL ? got != NULL : g_strcmp0 (got, cases[i].text) != 0)
      fail_msg ("%s: %s", cases[i].json, got != NULL ? got : said);
    if (said != NULL && strstr (said, "line ") == NULL)
      fail_msg ("'%s' says no line", said);
  }
}

static void
words (G_GNUC_UNUSED void **state)
{
  static const char *const right[] = { "true",  "false", "null", "0", "-0.0", "9007199254740993",
                                       "1e300", "1E+5",  "0.10" };
  static const char *const wrong[] = { "01",  "+1",  "1.",       ".5",   "1e",  "--1", "True",
                                       "nul", "NaN", "Infinity", "0x10", "1_0", "]" };
  for (guint i = 0; i < G_N_ELEMENTS (right); i++) {
    g_autofree char *said = NULL, *got = scan (corm_scan_word, right[i], &said);
    assert_string_equal (got != NULL ? got : said, right[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *said = NULL, *got = scan (corm_scan_word, wrong[i], &said);
    if (got != NULL && strcmp (got, wrong[i]) == 0)
      fail_msg ("%s is taken", wrong[i]);
  }
}

static void
nested_values (G_GNUC_UNUSED void **state)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autofree char *said = NULL, *why_deep = NULL;
  g_autofree char *got =
      scan (corm_scan_raw, "{ \"a\" : [ 1.50, \"x\\u0001\\\"\", null ], \"b\": {} }", &said);
  assert_string_equal (got, "{\"a\":[1.50,\"x\\u0001\\\"\",null],\"b\":{}}");
  for (guint i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_autofree char *none = scan (corm_scan_raw, deep->str, &why_deep);
  assert_null (none);
  assert_non_null (strstr (why_deep, "too deep"));
  static const char *const wrong[] = { "[1,]", "[1 2]", "{1:2}", "{\"a\"}", "{\"a\":1,}", "[", "{\"a\":" };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *why = NULL, *taken = scan (corm_scan_raw, wrong[i], &why);
    if (taken != NULL)
      fail_msg ("%s is taken", wrong[i]);
  }
}

/* Lines and bytes are counted across the buffer's end. */
static void
places (G_GNUC_UNUSED void **state)
{
  g_autoptr (GString) json = g_string_new (NULL), text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < 70000; i++)
    g_string_append (json, i % 10 == 9 ? "\n" : " ");
  g_string_append (json, "   !");
  g_autoptr (CormInput) input = input_of (json->str, json->len);
  assert_false (corm_scan_string (input, text, &error));
  assert_non_null (strstr (error->message, "line 7001, byte 4: "));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (strings),
    cmocka_unit_test (words),
    cmocka_unit_test (nested_values),
    cmocka_unit_test (places),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
