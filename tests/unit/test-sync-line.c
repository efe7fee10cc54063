/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A line of a message that is written is read as the same, and a line with bytes that are wrong is refused or means what it
 * says; never a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/line.h"

#define PEER "11111111-1111-4111-8111-111111111111"

static const char *const lines[] = {
  "{\"corm_sync\":1,\"peer\":\"" PEER
  "\",\"version\":3,\"capabilities\":[\"tasks\",\"notes\"],\"have\":{\"" PEER "\":9007199254740991}}",
  "{\"peer\":\"" PEER
  "\",\"seq\":12,\"clock\":\"0195f3a2b4c50001\",\"table\":\"tasks\",\"row\":\"r \\\" \\\\ 1\","
  "\"op\":\"create\",\"set\":{\"content\":\"Buy milk\\n\",\"due\":null}}",
  "{\"peer\":\"" PEER
  "\",\"seq\":13,\"clock\":\"7fffffffffffffff\",\"table\":\"t\",\"row\":\"1\",\"op\":\"update\","
  "\"set\":{\"a b\":\"\"}}",
  "{\"peer\":\"" PEER
  "\",\"seq\":14,\"clock\":\"0000000000000001\",\"table\":\"t\",\"row\":\"1\",\"op\":\"delete\"}",
  "{\"end\":2,\"from\":{},\"to\":{\"" PEER "\":14}}",
  "{\"end\":2,\"from\":{},\"to\":{\"" PEER "\":14},\"clocks\":{\"" PEER
  "\":\"0195f3a2b4c50001\"},\"sum\":\"abc\"}",
};

static void
there_and_back (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormSyncLine) line = corm_sync_line_parse (lines[i], strlen (lines[i]), &error);
    if (line == NULL)
      fail_msg ("%s: %s", lines[i], error->message);
    g_autofree char *text = corm_sync_line_to_text (line);
    assert_string_equal (text, lines[i]);
  }
}

static void
an_escaped_backslash_is_no_nul (G_GNUC_UNUSED void **state)
{
  static const char text[] =
      "{\"peer\":\"" PEER "\",\"seq\":1,\"clock\":\"0000000000000001\",\"table\":\"t\",\"row\":"
      "\"\\\\u0000\",\"op\":\"delete\"}";
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSyncLine) line = corm_sync_line_parse (text, strlen (text), &error);
  assert_non_null (line);
  assert_string_equal (line->row, "\\u0000");
}

/* Some bytes are changed, put in or cut off. What is still read is written in a form that is read as the same. */
static void
broken_lines (G_GNUC_UNUSED void **state)
{
  static const char spice[] = "\"{}[],:\\/u0019eE+-. \t\x01\x80\xff"
                              "aflnst";
  guint32 seed = g_random_int ();
  guint n_read = 0;
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  print_message ("# seed %u\n", seed);
  for (guint round = 0; round < 20000; round++) {
    g_autoptr (GString) text = g_string_new (lines[g_rand_int_range (rand, 0, G_N_ELEMENTS (lines))]);
    for (guint i = (guint) g_rand_int_range (rand, 1, 4); i > 0 && text->len > 0; i--) {
      gssize at = g_rand_int_range (rand, 0, (gint32) text->len);
      char byte = spice[g_rand_int_range (rand, 0, sizeof spice)];
      if (g_rand_boolean (rand))
        text->str[at] = byte;
      else if (g_rand_boolean (rand))
        g_string_insert_c (text, at, byte);
      else
        g_string_truncate (text, (gsize) at);
    }
    g_autoptr (GError) error = NULL;
    g_autoptr (CormSyncLine) line = corm_sync_line_parse (text->str, text->len, &error);
    assert_true ((line == NULL) == (error != NULL));
    if (line == NULL)
      continue;
    g_autofree char *once = corm_sync_line_to_text (line);
    g_autoptr (CormSyncLine) again = corm_sync_line_parse (once, strlen (once), NULL);
    assert_non_null (again);
    g_autofree char *twice = corm_sync_line_to_text (again);
    assert_string_equal (once, twice);
    n_read++;
  }
  assert_in_range (n_read, 100, 19900);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (there_and_back),
    cmocka_unit_test (an_escaped_backslash_is_no_nul),
    cmocka_unit_test (broken_lines),
  };
  return cmocka_run_group_tests_name ("sync-line", tests, NULL, NULL);
}
