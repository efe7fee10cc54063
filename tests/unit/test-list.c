/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Column lists and references as models write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/list.h"

/* Each part as "sql", with " desc" where it is descending and "expr:" where it is an expression. */
static void
assert_parts (const char *text, const char *expected)
{
  const char *fault = NULL;
  g_autoptr (GPtrArray) parts = corm_list_parse (text, &fault);
  g_autoptr (GString) said = g_string_new (NULL);
  for (guint i = 0; parts != NULL && i < parts->len; i++) {
    const CormListPart *part = parts->pdata[i];
    g_string_append_printf (said, "%s[%s%s%s]", i > 0 ? " " : "", part->is_expression ? "expr:" : "",
                            part->sql, part->descending ? " desc" : "");
  }
  assert_string_equal (parts != NULL ? said->str : fault, expected);
}

static void
lists (G_GNUC_UNUSED void **state)
{
  assert_parts ("status", "[status]");
  assert_parts ("status,created_at desc", "[status] [created_at desc]");
  assert_parts (" a  ,\tb DESC , c asc ", "[a] [b desc] [c]");
  assert_parts ("(lower (name)) desc, (coalesce (a, b))",
                "[expr:(lower (name)) desc] [expr:(coalesce (a, b))]");
  assert_parts ("(replace (name, '(,', \"x)\"))", "[expr:(replace (name, '(,', \"x)\"))]");
  assert_parts ("description", "[description]");
  assert_parts ("two words desc", "[two words desc]");
  assert_parts ("desc", "[desc]");
}

static void
broken_lists (G_GNUC_UNUSED void **state)
{
  assert_parts ("", "a column is missing");
  assert_parts ("a,", "a column is missing");
  assert_parts (",a", "a column is missing");
  assert_parts ("a,,b", "a column is missing");
  assert_parts ("(a", "a parenthesis or a quote is left open");
  assert_parts ("a)", "a parenthesis or a quote is left open");
  assert_parts ("('a)", "a parenthesis or a quote is left open");
}

static void
assert_reference (const char *text, const char *expected)
{
  g_autofree char *table = NULL;
  g_auto (GStrv) columns = NULL;
  if (!corm_reference_parse (text, &table, &columns)) {
    assert_null (expected);
    assert_null (table);
    assert_null (columns);
    return;
  }
  g_autofree char *list = g_strjoinv ("|", columns);
  g_autofree char *said = g_strdup_printf ("%s: %s", table, list);
  assert_non_null (expected);
  assert_string_equal (said, expected);
}

static void
references (G_GNUC_UNUSED void **state)
{
  assert_reference ("clusters.id", "clusters: id");
  assert_reference ("clusters (id)", "clusters: id");
  assert_reference ("members(team_id,user_id)", "members: team_id|user_id");
  assert_reference (" members ( team_id , user_id )", "members: team_id|user_id");
  assert_reference ("a.b.id", "a.b: id");
}

static void
broken_references (G_GNUC_UNUSED void **state)
{
  assert_reference ("", NULL);
  assert_reference ("clusters", NULL);
  assert_reference (".id", NULL);
  assert_reference ("clusters.", NULL);
  assert_reference ("clusters (", NULL);
  assert_reference ("clusters ()", NULL);
  assert_reference ("(id)", NULL);
  assert_reference ("clusters (id,)", NULL);
  assert_reference ("clusters (id) x", NULL);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (lists), cmocka_unit_test (broken_lists),
                                      cmocka_unit_test (references), cmocka_unit_test (broken_references) };
  return cmocka_run_group_tests_name ("list", tests, NULL, NULL);
}
