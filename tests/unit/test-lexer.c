/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Quotes and comments end where the dialect ends them; what is none is not passed over. */
#include "engine.h"

typedef struct {
  guint lexis;
  const char *text;
  gsize length; /* that is passed over; the rest is code again */
} Case;

static const Case cases[] = {
  { 0, "'a:b' x", 5 },
  { 0, "'it''s' x", 7 },
  { 0, "'a\\' x", 4 },
  { CORM_LEX_BACKSLASH, "'a\\' x' y", 7 },
  { CORM_LEX_BACKSLASH, "\"a\\\" x\" y", 7 },
  { 0, "\"a\"\"b\" x", 6 },
  { 0, "'unended", 8 },
  { CORM_LEX_BACKSLASH, "'ends in \\", 10 },
  { 0, "-- a:b\nx", 6 },
  { 0, "-- last", 7 },
  { 0, "- x", 0 },
  { 0, "--x\ny", 3 },
  { CORM_LEX_DASH_BLANK, "--x\ny", 0 },
  { CORM_LEX_DASH_BLANK, "-- x\ny", 4 },
  { CORM_LEX_DASH_BLANK, "--\tx", 4 },
  { CORM_LEX_DASH_BLANK, "--", 2 },
  { 0, "/* a */ x", 7 },
  { 0, "/* a /* b */ c */", 12 },
  { CORM_LEX_NESTED_COMMENT, "/* a /* b */ c */ x", 17 },
  { 0, "/*/ x */ y", 8 },
  { 0, "/ x", 0 },
  { 0, "`a`", 0 },
  { CORM_LEX_BACKTICK, "`a``b` x", 6 },
  { 0, "[a]", 0 },
  { CORM_LEX_BRACKET, "[a'b] x", 5 },
  { CORM_LEX_BRACKET, "[a", 2 },
  { 0, "# x\ny", 0 },
  { CORM_LEX_HASH_COMMENT, "# x\ny", 3 },
  { CORM_LEX_ESCAPE_STRING, "E'a\\'b' x", 7 },
  { CORM_LEX_ESCAPE_STRING, "e'a' x", 4 },
  { CORM_LEX_ESCAPE_STRING, "else", 0 },
  { 0, "$$a$$", 0 },
  { CORM_LEX_DOLLAR_QUOTE, "$$a:b$$ x", 7 },
  { CORM_LEX_DOLLAR_QUOTE, "$f$ $$ $g$ $f$ x", 14 },
  { CORM_LEX_DOLLAR_QUOTE, "$f$ unended", 11 },
  { CORM_LEX_DOLLAR_QUOTE, "$1 + $2", 0 },
  { CORM_LEX_DOLLAR_QUOTE, "$a", 0 },
  { 0, "x", 0 },
  { 0, "", 0 },
};

static void
passes_over_what_is_no_code (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    CormDialect dialect = { .lexis = cases[i].lexis };
    gsize length = (gsize) (corm_lexer_skip (&dialect, cases[i].text) - cases[i].text);
    if (length != cases[i].length)
      fail_msg ("%s: %zu instead of %zu", cases[i].text, length, cases[i].length);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (passes_over_what_is_no_code) };
  return cmocka_run_group_tests_name ("lexer", tests, NULL, NULL);
}
