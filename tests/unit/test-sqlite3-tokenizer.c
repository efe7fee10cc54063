/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQL text is cut where SQLite cuts it, and whatever the text, no byte is read behind its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/sqlite3/ddl.h"

#include <string.h>

/* "W:a O:( S:'x'" */
static char *
describe (const char *sql)
{
  static const char letters[] = { '$', 'W', 'Q', 'S', 'B', 'N', 'V', 'O' };
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (sql);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < tokens->len; i++) {
    const CormSqlite3Token *token = &g_array_index (tokens, CormSqlite3Token, i);
    assert_true (token->end <= strlen (sql) && token->start <= token->end);
    if (token->kind == CORM_SQLITE3_END) {
      assert_int_equal (i, tokens->len - 1);
      break;
    }
    g_string_append_printf (text, "%s%c:%.*s", i > 0 ? " " : "", letters[token->kind],
                            (int) (token->end - token->start), sql + token->start);
  }
  return g_string_free (text, FALSE);
}

static void
texts_are_cut_as_sqlite_cuts_them (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *sql, *tokens;
  } cases[] = {
    { "", "" },
    { " \t\n\r\f\v", "" },
    { "-- all comment", "" },
    { "a -- b\nc", "W:a W:c" },
    { "a/* b */c", "W:a W:c" },
    { "a/* never closed", "W:a" },
    { "a/ *b", "W:a O:/ O:* W:b" },
    { "'it''s'", "S:'it''s'" },
    { "'open", "S:'open" },
    { "\"a\"\"b\" `c``d` [e]]", "Q:\"a\"\"b\" Q:`c``d` Q:[e] O:]" },
    { "'-- no comment' '/* nor this */'", "S:'-- no comment' S:'/* nor this */'" },
    { "x'0A' X'ff' x 'a' xa", "B:x'0A' B:X'ff' W:x S:'a' W:xa" },
    { "1 1.5 .5 1e3 1.5E-3 0x1F 1e", "N:1 N:1.5 N:.5 N:1e3 N:1.5E-3 N:0x1F N:1e" },
    { "? ?12 :a @b $c", "V:? V:?12 V::a V:@b V:$c" },
    { "a||b<>c!=d<=e>=f==g", "W:a O:|| W:b O:<> W:c O:!= W:d O:<= W:e O:>= W:f O:== W:g" },
    { "j->'a'->>'b'<<1>>2", "W:j O:-> S:'a' O:->> S:'b' O:<< N:1 O:>> N:2" },
    { "a-1 a--1", "W:a O:- N:1 W:a" },
    { "größe_2$x", "W:größe_2$x" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *tokens = describe (cases[i].sql);
    assert_string_equal (tokens, cases[i].tokens);
  }
}

static void
every_beginning_of_a_text_is_read_to_its_end (G_GNUC_UNUSED void **state)
{
  static const char sql[] =
      "CREATE TABLE \"a\"\"b\" ([c d] x'00', `e``f` -- g\n, 'h''i' /* j */ CHECK (k->>'l' <> .5e-7))";
  for (gsize size = 0; size <= strlen (sql); size++) {
    g_autofree char *beginning = g_strndup (sql, size);
    g_autofree char *tokens = describe (beginning);
    assert_non_null (tokens);
  }
}

static void
names_lose_their_quotes (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *sql, *name;
  } cases[] = {
    { "plain", "plain" }, { "\"a\"\"b\"", "a\"b" }, { "`a``b`", "a`b" }, { "[a\"b]", "a\"b" },
    { "'a''b'", "a'b" },  { "\"\"", "" },           { "[]", "" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GArray) tokens = corm_sqlite3_tokenize (cases[i].sql);
    g_autofree char *name =
        corm_sqlite3_token_name (cases[i].sql, &g_array_index (tokens, CormSqlite3Token, 0));
    assert_string_equal (name, cases[i].name);
  }
}

static char *
write_expression (const char *sql)
{
  static const char *const columns[] = { "status", "Work Dir", "order", "n", NULL };
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (sql);
  return corm_sqlite3_expression (sql, tokens, 0, tokens->len - 1, columns);
}

static void
expressions_that_mean_the_same_read_the_same (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *sql, *text;
  } cases[] = {
    { "status in('a','b')", "status IN ('a', 'b')" },
    { "\"status\" IN ( 'a' /* x */ ,\n 'b' )", "status IN ('a', 'b')" },
    { "STATUS is not null AND n>0", "status IS NOT NULL AND n > 0" },
    { "[work dir]<>''", "\"Work Dir\" <> ''" },
    { "`order`+-1", "\"order\" + -1" },
    { "n- -1", "n - -1" },
    { "- - n", "- -n" },
    { "-(-1)", "-(-1)" },
    { "not(n=1)or -n<~1", "NOT (n = 1) OR -n < ~1" },
    { "Length( trim(status) )<=n", "Length(trim(status)) <= n" },
    { "cast( n as text )||'x'", "CAST(n AS text) || 'x'" },
    { "case when n then- 1 else null-1 end-1", "CASE WHEN n THEN -1 ELSE NULL - 1 END - 1" },
    { "\"no such\" = \"status\"", "\"no such\" = status" },
    { "t . n = 1", "t.n = 1" },
    { "status('x')", "status('x')" },
    { "n between 1 and 2", "n BETWEEN 1 AND 2" },
    { "json->>'$.a' = x'00'", "json ->> '$.a' = x'00'" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = write_expression (cases[i].sql);
    assert_string_equal (text, cases[i].text);
    g_autofree char *again = write_expression (text);
    assert_string_equal (again, text);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (texts_are_cut_as_sqlite_cuts_them),
    cmocka_unit_test (every_beginning_of_a_text_is_read_to_its_end),
    cmocka_unit_test (names_lose_their_quotes),
    cmocka_unit_test (expressions_that_mean_the_same_read_the_same),
  };
  return cmocka_run_group_tests_name ("sqlite3-tokenizer", tests, NULL, NULL);
}
