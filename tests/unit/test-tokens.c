/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What stands in quotes or comments is never taken for SQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lint/tokens.h"

static const CormDialect standard = { .name = "standard",
                                      .quote = '"',
                                      .lexis = CORM_LEX_DOLLAR_QUOTE | CORM_LEX_ESCAPE_STRING |
                                               CORM_LEX_NESTED_COMMENT };
static const CormDialect ticks = { .name = "ticks",
                                   .quote = '`',
                                   .lexis = CORM_LEX_BACKTICK | CORM_LEX_HASH_COMMENT };
static const CormDialect brackets = { .name = "brackets",
                                      .quote = '"',
                                      .lexis = CORM_LEX_BACKTICK | CORM_LEX_BRACKET };

/* Each token as its kind's letter and its text, parted by bars. */
static void
expect (const CormDialect *dialect, const char *sql, const char *wanted)
{
  g_autoptr (GPtrArray) tokens = corm_tokens_split (dialect, sql);
  g_autoptr (GString) text = g_string_new (NULL);
  guint last = 0;
  for (guint i = 0; i < tokens->len; i++) {
    const CormToken *token = tokens->pdata[i];
    assert_true (token->from >= last && token->to > token->from && token->to <= strlen (sql));
    last = token->to;
    g_string_append_printf (text, "%s%c:%s", i > 0 ? "|" : "", "wns0+"[token->kind], token -> text);
  }
  assert_string_equal (text->str, wanted);
}

static void
words_fold_and_names_do_not (G_GNUC_UNUSED void **state)
{
  expect (&standard, "", "");
  expect (&standard, "DROP Table \"My \"\"T\"", "w:drop|w:table|n:My \"T");
  expect (&standard, "a.b=1.5", "w:a|+:.|w:b|+:=|0:1.5");
  expect (&standard, "x::text[]", "w:x|+:::|w:text|+:[|+:]");
  expect (&standard, "größe", "w:größe");
  expect (&ticks, "`a``b` \"c\"", "n:a`b|s:\"c\"");
  expect (&brackets, "[a b] `c` \"d\"", "n:a b|n:c|n:d");
}

static void
quotes_and_comments_hide_sql (G_GNUC_UNUSED void **state)
{
  expect (&standard, "'DROP -- ' -- TABLE\n x", "s:'DROP -- '|w:x");
  expect (&standard, "/* a /* b */ c */ d", "w:d");
  expect (&standard, "$t$ DROP $$ $t$ $1", "s:$t$ DROP $$ $t$|w:$1");
  expect (&standard, "E'\\' DROP' e", "s:E'\\' DROP'|w:e");
  expect (&ticks, "# DROP\n a", "w:a");
  expect (&ticks, "a # b", "w:a");
}

static void
comments_that_run_are_read (G_GNUC_UNUSED void **state)
{
  expect (&ticks, "/*!40101 DROP TABLE */ t", "w:drop|w:table|w:t");
  expect (&ticks, "/*M!100100 a */ b /* c */", "w:a|w:b");
  expect (&standard, "/*! a */ b", "w:b");
}

static void
what_is_not_finished_ends_with_the_text (G_GNUC_UNUSED void **state)
{
  expect (&standard, "'abc", "s:'abc");
  expect (&standard, "\"abc", "n:abc");
  expect (&standard, "/* abc", "");
  expect (&standard, "$x$ abc", "s:$x$ abc");
  expect (&ticks, "/*!", "");
}

static void
joined_as_written (G_GNUC_UNUSED void **state)
{
  const char *sql = "a  (b ,c)/* d */ 'E  f'";
  g_autoptr (GPtrArray) tokens = corm_tokens_split (&standard, sql);
  g_autofree char *text = corm_tokens_join (sql, tokens, 0, tokens->len);
  g_autofree char *none = corm_tokens_join (sql, tokens, 3, 2);
  assert_string_equal (text, "a (b ,c) 'E  f'");
  assert_string_equal (none, "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (words_fold_and_names_do_not),
    cmocka_unit_test (quotes_and_comments_hide_sql),
    cmocka_unit_test (comments_that_run_are_read),
    cmocka_unit_test (what_is_not_finished_ends_with_the_text),
    cmocka_unit_test (joined_as_written),
  };
  return cmocka_run_group_tests_name ("tokens", tests, NULL, NULL);
}
