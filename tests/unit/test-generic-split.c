/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Only what is a placeholder is taken for one, and only words that stand bare are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/generic/split.h"

/* "a{0}b": the pieces with their parameters' numbers between them. */
static char *
describe (const CormDialect *dialect, const char *sql)
{
  g_autofree guint *order = NULL;
  g_auto (GStrv) pieces = corm_generic_split (dialect, sql, &order);
  GString *text = g_string_new (pieces[0]);
  for (guint i = 0; pieces[i + 1] != NULL; i++)
    g_string_append_printf (text, "{%u}%s", order[i], pieces[i + 1]);
  return g_string_free (text, FALSE);
}

static void
placeholders_are_found (G_GNUC_UNUSED void **state)
{
  static const struct {
    const CormDialect *dialect;
    const char *sql, *pieces;
  } cases[] = {
    { &corm_sqlite3_dialect, "", "" },
    { &corm_sqlite3_dialect, "?", "{0}" },
    { &corm_sqlite3_dialect, "a = ? AND b IN (?,?)", "a = {0} AND b IN ({1},{2})" },
    { &corm_sqlite3_dialect, "'?' \"?\" `?` [?] -- ?\n ? /* ? */", "'?' \"?\" `?` [?] -- ?\n {0} /* ? */" },
    { &corm_mysql_dialect, "`?` # ?\n?", "`?` # ?\n{0}" },
    { &corm_pgsql_dialect, "$1 $2 $1 $10", "{0} {1} {0} {9}" },
    { &corm_pgsql_dialect, "'$1' $tag$ $1 $tag$ $$ $2 $$ a$1 $1::text ? 'x'",
      "'$1' $tag$ $1 $tag$ $$ $2 $$ a$1 {0}::text ? 'x'" },
    { &corm_pgsql_dialect, "E'\\'$1' /* /* $1 */ $1 */ $1", "E'\\'$1' /* /* $1 */ $1 */ {0}" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *pieces = describe (cases[i].dialect, cases[i].sql);
    assert_string_equal (pieces, cases[i].pieces);
  }
}

static void
words_are_found_where_they_stand_bare (G_GNUC_UNUSED void **state)
{
  static const char *const words[] = { "SELECT", "INSERT", NULL };
  const CormDialect *dialect = &corm_sqlite3_dialect;
  assert_string_equal (corm_generic_first_word (dialect, " -- insert\n select 1", words), "SELECT");
  assert_string_equal (
      corm_generic_first_word (dialect, "WITH q AS (SELECT 1) INSERT INTO t SELECT 1", words), "INSERT");
  assert_null (corm_generic_first_word (dialect, "'select' \"insert\" selection (select) `insert`", words));
  assert_true (corm_generic_has_word (dialect, "DELETE FROM t Returning id", "RETURNING"));
  assert_false (corm_generic_has_word (dialect, "SELECT returning_id, 'RETURNING' FROM t", "RETURNING"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (placeholders_are_found),
    cmocka_unit_test (words_are_found_where_they_stand_bare),
  };
  return cmocka_run_group_tests_name ("generic-split", tests, NULL, NULL);
}
