/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Named parameters become placeholders, and only they do. */
#include "engine.h"

#include "engine/parameters.h"

static const CormDialect question = { .placeholder = CORM_PLACEHOLDER_QUESTION, .lexis = CORM_LEX_BACKTICK };
static const CormDialect dollar = { .placeholder = CORM_PLACEHOLDER_DOLLAR,
                                    .lexis = CORM_LEX_DOLLAR_QUOTE | CORM_LEX_ESCAPE_STRING };

/* Values are written behind the text: "SQL | 1 2". */
static char *
resolve (const CormDialect *dialect, const char *sql, const CormParam *params)
{
  g_auto (CormParameters) out = { 0 };
  assert_ok (corm_parameters_resolve (&out, dialect, sql, params, error));
  g_autoptr (GString) text = g_string_new (out.sql->str);
  assert_int_equal (out.values->len, out.types->len);
  for (guint i = 0; i < out.values->len; i++) {
    g_string_append (text, i == 0 ? " | " : " ");
    corm_value_append_text (&g_array_index (out.values, CormValue, i), text);
    assert_int_equal (g_array_index (out.types, CormSqlType, i).type,
                      g_array_index (out.values, CormValue, i).type);
  }
  return g_strdup (text->str);
}

static void
names_become_placeholders (G_GNUC_UNUSED void **state)
{
  const CormParam *ab = CORM_PARAMS (CORM_PARAM ("a", 1), CORM_PARAM ("ab_2", "two"));
  static const struct {
    const char *sql, *question, *dollar;
  } cases[] = {
    { "x = :a and y=:ab_2", "x = ? and y=? | 1 two", "x = $1 and y=$2 | 1 two" },
    { ":ab_2 :a", "? ? | two 1", "$1 $2 | two 1" },
    { ":a :ab_2 :a", "? ? ? | 1 two 1", "$1 $2 $1 | 1 two" },
    { ":a::int, (:ab_2)::text", "?::int, (?)::text | 1 two", "$1::int, ($2)::text | 1 two" },
    { ":a || ':a' || \":a\" || :ab_2 -- :b", "? || ':a' || \":a\" || ? -- :b | 1 two",
      "$1 || ':a' || \":a\" || $2 -- :b | 1 two" },
    { ":a /* :b */ :ab_2, x := 1, y[1: 2]", "? /* :b */ ?, x := 1, y[1: 2] | 1 two",
      "$1 /* :b */ $2, x := 1, y[1: 2] | 1 two" },
    { "('?', :a, :ab_2, \"?\")", "('?', ?, ?, \"?\") | 1 two", "('?', $1, $2, \"?\") | 1 two" },
    { "name'x:a' like :a||:ab_2", "name'x:a' like ?||? | 1 two", "name'x:a' like $1||$2 | 1 two" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *q = resolve (&question, cases[i].sql, ab);
    g_autofree char *d = resolve (&dollar, cases[i].sql, ab);
    assert_string_equal (q, cases[i].question);
    assert_string_equal (d, cases[i].dollar);
  }
}

static void
quoting_is_the_dialects (G_GNUC_UNUSED void **state)
{
  const CormParam *a = CORM_PARAMS (CORM_PARAM ("a", 1));
  g_autofree char *d = resolve (&dollar, "$$:x$$ || E'\\':x' || :a || '{\"k\"?}' ? 'k'", a);
  assert_string_equal (d, "$$:x$$ || E'\\':x' || $1 || '{\"k\"?}' ? 'k' | 1");
  g_autofree char *q = resolve (&question, "`:x` = :a", a);
  assert_string_equal (q, "`:x` = ? | 1");
  g_autofree char *word = resolve (&dollar, "name':x' = :a", a); /* the e of a word starts no E'…' */
  assert_string_equal (word, "name':x' = $1 | 1");
  g_autofree char *none = resolve (&question, "select 1", NULL);
  assert_string_equal (none, "select 1");
}

static gboolean
try (const char *sql, const CormParam *params, GError **error)
{
  g_auto (CormParameters) out = { 0 };
  return corm_parameters_resolve (&out, &question, sql, params, error);
}

static void
mismatches_are_named (G_GNUC_UNUSED void **state)
{
  const CormParam *a = CORM_PARAMS (CORM_PARAM ("a", 1));
  const CormParam *twice = CORM_PARAMS (CORM_PARAM ("a", 1), CORM_PARAM ("a", 2));
  assert_fails (try (":a :b", a, error), CORM_ERROR_INVALID, ":b");
  assert_fails (try (":ab", a, error), CORM_ERROR_INVALID, ":ab");
  assert_fails (try (":b", NULL, error), CORM_ERROR_INVALID, ":b");
  assert_fails (try ("select 1", a, error), CORM_ERROR_INVALID, ":a");
  assert_fails (try ("':a'", a, error), CORM_ERROR_INVALID, ":a");
  assert_fails (try (":a", twice, error), CORM_ERROR_INVALID, "twice");
  assert_fails (try ("x = ? or y = :a", a, error), CORM_ERROR_INVALID, "'?'");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (names_become_placeholders),
    cmocka_unit_test (quoting_is_the_dialects),
    cmocka_unit_test (mismatches_are_named),
  };
  return cmocka_run_group_tests_name ("parameters", tests, NULL, NULL);
}
