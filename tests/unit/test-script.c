/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A script falls into its statements, whatever hides a semicolon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "evolve/script.h"

static const CormDialect plain = { .name = "plain" };
static const CormDialect dollar = {
  .name = "dollar", .lexis = CORM_LEX_DOLLAR_QUOTE | CORM_LEX_ESCAPE_STRING | CORM_LEX_NESTED_COMMENT
};
static const CormDialect hash = { .name = "hash", .lexis = CORM_LEX_HASH_COMMENT | CORM_LEX_BACKTICK };

/* @statements: parted by '|'. */
static void
expect (const CormDialect *dialect, const char *script, const char *statements)
{
  g_autoptr (GPtrArray) list = corm_script_split (dialect, script);
  g_ptr_array_add (list, NULL);
  g_autofree char *text = g_strjoinv ("|", (char **) list->pdata);
  assert_string_equal (text, statements);
}

static void
statements_end_at_semicolons (G_GNUC_UNUSED void **state)
{
  expect (&plain, "", "");
  expect (&plain, " ;; \n;", "");
  expect (&plain, "a;b", "a|b");
  expect (&plain, " a ;\n b;\n", "a|b");
  expect (&plain, "BEGIN; a; COMMIT;", "BEGIN|a|COMMIT");
}

static void
quotes_hide_them (G_GNUC_UNUSED void **state)
{
  expect (&plain, "a ';'; b", "a ';'|b");
  expect (&plain, "a 'it''s;'; b \";\"", "a 'it''s;'|b \";\"");
  expect (&dollar, "f $$ ; $$; g $x$ $$ ; $x$; E'\\';'", "f $$ ; $$|g $x$ $$ ; $x$|E'\\';'");
  expect (&hash, "a `;`; b", "a `;`|b");
}

static void
comments_hide_them_and_go_from_the_ends (G_GNUC_UNUSED void **state)
{
  expect (&plain, "-- a; b\n c; -- d", "c");
  expect (&plain, "/* a; */ b /* c; */; d", "b /* c; */|d");
  expect (&dollar, "a /* /* ; */ ; */; b", "a /* /* ; */ ; */|b");
  expect (&hash, "# a;\nb; c", "b|c");
  expect (&plain, "-- only a comment;", "");
}

static void
a_body_stays_whole (G_GNUC_UNUSED void **state)
{
  const char *trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET x = CASE WHEN 1 THEN 2 END; "
                        "DELETE FROM c; END";
  g_autofree char *script = g_strconcat (trigger, "; SELECT 1;", NULL);
  g_autofree char *expected = g_strconcat (trigger, "|SELECT 1", NULL);
  expect (&plain, script, expected);
  expect (&hash, "create procedure p() begin if a then b; end if; case c when 1 then d; end case; end; e",
          "create procedure p() begin if a then b; end if; case c when 1 then d; end case; end|e");
  expect (&dollar, "create trigger t after insert on a execute function f(); b",
          "create trigger t after insert on a execute function f()|b");
  expect (&plain, "create view v as select case when a then b end; c",
          "create view v as select case when a then b end|c");
}

static void
a_delimiter_can_be_set (G_GNUC_UNUSED void **state)
{
  expect (&hash, "a;\nDELIMITER //\nb; c //\nDELIMITER ;\n d;", "a|b; c|d");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (statements_end_at_semicolons),
    cmocka_unit_test (quotes_hide_them),
    cmocka_unit_test (comments_hide_them_and_go_from_the_ends),
    cmocka_unit_test (a_body_stays_whole),
    cmocka_unit_test (a_delimiter_can_be_set),
  };
  return cmocka_run_group_tests_name ("script", tests, NULL, NULL);
}
