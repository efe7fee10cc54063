/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Two spellings of one expression are equal, two expressions are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/words.h"

typedef struct {
  const char *a, *b;
  gboolean equal;
} Pair;

static const Pair pairs[] = {
  { "a > 0", "(a>0)", TRUE },
  { "STATUS in ('A', 'B')", "status IN ('A','B')", TRUE },
  { "\"status\" = `status`", "status = [status]", TRUE },
  { "a > 0 -- positive", "a /* was b */ > 0", TRUE },
  { "((status)::text = ANY ((ARRAY['A'::character varying, 'B'::character varying])::text[]))",
    "((status)::text = ANY (ARRAY[('A'::character varying)::text, ('B'::character varying)::text]))", TRUE },
  { "(total)::numeric(10,2) > (0)::numeric", "total > 0", TRUE },
  { "a = '::text'", "a = ''", FALSE },
  { "a = 'A'", "a = 'a'", FALSE },
  { "\"Status\" = 1", "status = 1", FALSE },
  { "a in (1)", "a in (1, 2)", FALSE },
  { "lower(a) = b", "lower a = b", FALSE },
  { "(a or b) and c", "a or (b and c)", FALSE },
  { "a = 1.5", "a = 15", FALSE },
  { "x'00'", "x '00'", FALSE },
  { NULL, "a", FALSE },
  { NULL, NULL, TRUE },
};

static void
spelling_does_not_matter_and_meaning_does (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (corm_words_equal (pairs[i].a, pairs[i].b) != pairs[i].equal)
      fail_msg ("%s | %s", pairs[i].a, pairs[i].b);
}

static void
only_whole_parentheses_are_taken_off (G_GNUC_UNUSED void **state)
{
  g_autofree char *inner = corm_words_unwrap (" ((a) + (b)) ");
  g_autofree char *outer = corm_words_unwrap ("(')') || (a)");
  assert_string_equal (inner, "(a) + (b)");
  assert_string_equal (outer, "(')') || (a)");
  assert_int_equal (corm_words_quoted_length ("'it''s' x"), 7);
  assert_int_equal (corm_words_quoted_length ("'open"), 0);
}

/* A quote that is doubled is one of the name; what stands in a constant is none. */
static void
names_are_found_in_their_quotes (G_GNUC_UNUSED void **state)
{
  static const char sql[] = "SELECT \"qu\"\"ote\", `ba``ck`, 'in \"it\"' FROM Plain";
  assert_true (corm_words_mention (sql, "qu\"ote"));
  assert_true (corm_words_mention (sql, "ba`ck"));
  assert_true (corm_words_mention (sql, "plain"));
  assert_false (corm_words_mention (sql, "qu"));
  assert_false (corm_words_mention (sql, "ote"));
  assert_false (corm_words_mention (sql, "qu\"\"ote"));
  assert_false (corm_words_mention (sql, "it"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (spelling_does_not_matter_and_meaning_does),
    cmocka_unit_test (only_whole_parentheses_are_taken_off),
    cmocka_unit_test (names_are_found_in_their_quotes),
  };
  return cmocka_run_group_tests_name ("words", tests, NULL, NULL);
}
