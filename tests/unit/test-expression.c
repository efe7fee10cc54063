/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Expressions from SQLite's words to another database's: names are quoted there, and what would mean something else is
 * not taken over. */
#include "port/expression.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const odd[] = { "||", "like", NULL };
static const char *const from_reserved[] = { "like", "order", NULL };
static const char *const reserved[] = { "order", NULL };
static const CormDialect from = { .name = "a",
                                  .quote = '"',
                                  .reserved = from_reserved,
                                  .loose_types = true,
                                  .lexis = CORM_LEX_BACKTICK | CORM_LEX_BRACKET };
static const CormDialect to = { .name = "b", .quote = '`', .reserved = reserved, .other_meaning = odd };

static CormSchema *
make_schema (void)
{
  CormSchema *schema = corm_schema_new ("a");
  CormTable *table = corm_schema_add_table (schema, "t");
  static const struct {
    const char *name;
    CormType type;
  } columns[] = {
    { "Price", CORM_TYPE_FLOAT64 }, { "n", CORM_TYPE_INT64 },          { "order", CORM_TYPE_TEXT },
    { "like", CORM_TYPE_TEXT },     { "od\"d name", CORM_TYPE_INT64 }, { "small", CORM_TYPE_INT16 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    corm_table_add_column (table, columns[i].name)->type.type = columns[i].type;
  return schema;
}

static void
words_change (void **state)
{
  (void) state;
  static const struct {
    const char *sql, *expected, *exact;
  } cases[] = {
    { "price > 0", "`Price` > 0", "`Price` > 0" },
    { "[PRICE]==`n`", "`Price`=n", "`Price`=n" },
    { "\"order\" <> 'it''s'", "`order` <> 'it''s'", "`order` <> 'it''s'" },
    { "n != \"two\"", "n <> 'two'", "n <> 'two'" },
    { "n IN (1, 2)", "n IN (1, 2)", "n IN (1, 2)" },
    { "\"od\"\"d name\" + 1", "`od\"d name` + 1", "`od\"d name` + 1" },
    { "n || 'x'", NULL, NULL },
    { "\"order\" LIKE 'a%'", NULL, NULL },
    { "\"like\" = 'like'", "like = 'like'", "like = 'like'" },
    { "lower(\"order\") = 'x'", "lower(`order`) = 'x'", NULL },
    { "n /* a ' comment */ > 1", "n  > 1", "n  > 1" },
    { "`nobody` = 1", NULL, NULL },
    { "n & 1", "n & 1", NULL },
    { "", "", "" },
  };
  g_autoptr (CormSchema) schema = make_schema ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const CormTable *table = corm_schema_find_table (schema, "t");
    g_autofree char *text = corm_expression_translate (cases[i].sql, &from, &to, table, FALSE);
    g_autofree char *exact = corm_expression_translate (cases[i].sql, &from, &to, table, TRUE);
    if (g_strcmp0 (text, cases[i].expected) != 0 || g_strcmp0 (exact, cases[i].exact) != 0)
      fail_msg ("%s: %s, exact %s", cases[i].sql, text, exact);
  }
}

static void
arithmetic (void **state)
{
  (void) state;
  g_autoptr (CormSchema) schema = make_schema ();
  const CormTable *table = corm_schema_find_table (schema, "t");
  assert_true (corm_expression_is_arithmetic ("n * 2", &from, table));
  assert_true (corm_expression_is_arithmetic ("Price * 1.5", &from, table));
  assert_true (corm_expression_is_arithmetic ("(\"od\"\"d name\" + n)", &from, table));
  assert_false (corm_expression_is_arithmetic ("n * 1.5", &from, table));
  assert_false (corm_expression_is_arithmetic ("small * small", &from, table));
  assert_false (corm_expression_is_arithmetic ("n + '1'", &from, table));
  assert_false (corm_expression_is_arithmetic ("abs(n)", &from, table));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (words_change),
    cmocka_unit_test (arithmetic),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
