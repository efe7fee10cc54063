/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Types of expressions, and what is refused before any SQL is made. */
#include "../lib/jobs.h"

#include "query/typing.h"

static gboolean
check (const CormExpr *expr, guint allow, CormTyping *typing, GError **error)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Job_model);
  CormScopeTable table;
  const CormScope scope = corm_scope_of (mapping, &table);
  gboolean ok = corm_expr_check (&scope, expr, allow, typing, error);
  typing->field = NULL;
  return ok;
}

static void
is_of (CormExpr expr, CormType type)
{
  CormTyping typing;
  GError *error = NULL;
  if (!check (&expr, CORM_ALLOW_AGGREGATE | CORM_ALLOW_WINDOW, &typing, &error))
    fail_msg ("%s", error->message);
  assert_string_equal (corm_type_name (typing.type.type), corm_type_name (type));
}

#define TYPE(e, t) is_of (CORM_BARE (e), CORM_TYPE_##t)

static void
refuses (CormExpr expr, guint allow, const char *message)
{
  CormTyping typing;
  GError *error = NULL;
  assert_false (check (&expr, allow, &typing, &error));
  assert_invalid (error, message);
}

static void
numbers_combine (G_GNUC_UNUSED void **state)
{
  TYPE (CORM_PLUS (CORM_COL (Job, priority), CORM_COL (Job, priority)), INT64);
  TYPE (CORM_PLUS (CORM_COL (Job, priority), CORM_COL (Job, cost)), DECIMAL);
  TYPE (CORM_PLUS (CORM_COL (Job, load), CORM_COL (Job, cost)), FLOAT64);
  TYPE (CORM_DIVIDED (CORM_COL (Job, id), 2), INT64);
  TYPE (CORM_DIVIDED (CORM_COL (Job, id), 2.0), FLOAT64);
  TYPE (CORM_SUM (CORM_COL (Job, priority)), DECIMAL);
  TYPE (CORM_AVG (CORM_COL (Job, priority)), FLOAT64);
  TYPE (CORM_AVG (CORM_COL (Job, cost)), DECIMAL);
  TYPE (CORM_MAX (CORM_COL (Job, priority)), INT16);
  TYPE (CORM_COALESCE (CORM_COL (Job, cluster_id), 0), INT64);
  TYPE (CORM_TO_DECIMAL (CORM_COL (Job, load), 10, 2), DECIMAL);
}

static void
other_families (G_GNUC_UNUSED void **state)
{
  TYPE (CORM_LENGTH (CORM_COL (Job, name)), INT64);
  TYPE (CORM_LOWER (CORM_COL (Job, name)), TEXT);
  TYPE (CORM_EQUAL (CORM_COL (Job, name), "a"), BOOLEAN);
  TYPE (CORM_IF (CORM_EQUAL (CORM_COL (Job, status), 1), "a", CORM_COL (Job, name)), TEXT);
  TYPE (CORM_TO_TEXT (CORM_COL (Job, status)), TEXT);
  TYPE (CORM_OVER (CORM_ROW_NUMBER (), .order = CORM_ORDER (CORM_ASC (Job, id))), INT64);
  TYPE (CORM_DATE_OF (CORM_CURRENT ()), DATE);
}

static void
enums (G_GNUC_UNUSED void **state)
{
  TYPE (CORM_COALESCE (CORM_COL (Job, status), 1), ENUM);
  refuses (CORM_BARE (CORM_PLUS (CORM_COL (Job, status), 1)), 0,
           "query of jobs: CORM_PLUS takes numbers, and an enum's labels are none; operand 1 is column "
           "status of type "
           "enum");
  refuses (CORM_EQUAL (CORM_COL (Job, status), 2), 0,
           "query of jobs: column jobs.status: 2 is none of the model's 2 labels, which are numbered from 0");
  refuses (CORM_EQUAL (CORM_COL (Job, status), CORM_COL (Job, priority)), 0,
           "query of jobs: CORM_EQUAL puts column priority of type int16 beside enum: an enum goes with its "
           "labels' "
           "numbers and with a column of the same labels; CORM_TO_TEXT makes text of it");
}

static void
nulls_and_patterns (G_GNUC_UNUSED void **state)
{
  const char *nothing = NULL;
  TYPE (CORM_SAME (CORM_COL (Job, name), nothing), BOOLEAN);
  refuses (CORM_EQUAL (CORM_COL (Job, name), nothing), 0,
           "query of jobs: column name is compared with NULL, which is never true; use CORM_MISSING, "
           "CORM_PRESENT or "
           "CORM_SAME");
  refuses (
      CORM_MATCHES (CORM_COL (Job, name), "a\\"), 0,
      "query of jobs: the pattern of CORM_MATCHES ends in a single \\, which escapes nothing; double it");
  refuses (CORM_EQUAL (CORM_COL (Job, name), "\xff"), 0, "query of jobs: a text in it is not UTF-8");
}

static void
places (G_GNUC_UNUSED void **state)
{
  refuses (CORM_GREATER (CORM_SUM (CORM_COL (Job, id)), 5), 0,
           "query of jobs: CORM_SUM computes over many rows, which a WHERE, an ON and another aggregate "
           "cannot; use "
           "corm_query_having () or an output");
  refuses (CORM_BARE (CORM_SUM (CORM_SUM (CORM_COL (Job, id)))), CORM_ALLOW_AGGREGATE,
           "query of jobs: CORM_SUM computes over many rows, which a WHERE, an ON and another aggregate "
           "cannot; use "
           "corm_query_having () or an output");
  refuses (CORM_BARE (CORM_RANK ()), CORM_ALLOW_AGGREGATE | CORM_ALLOW_WINDOW,
           "query of jobs: CORM_RANK counts rows of a window; put it into CORM_OVER");
  refuses (CORM_EQUAL (CORM_OVER (CORM_RANK (), .order = CORM_ORDER (CORM_ASC (Job, id))), 1), 0,
           "query of jobs: CORM_RANK in CORM_OVER stands in a condition, which cannot see a window; select "
           "it in a query "
           "and read that by corm_query_new_from ()");
}

static void
tuples (G_GNUC_UNUSED void **state)
{
  TYPE (CORM_EQUAL (CORM_TUPLE (CORM_COL (Job, id), CORM_COL (Job, name)), CORM_TUPLE (1, "a")), BOOLEAN);
  refuses (CORM_EQUAL (CORM_TUPLE (CORM_COL (Job, id), CORM_COL (Job, name)), CORM_TUPLE (1)), 0,
           "query of jobs: CORM_EQUAL compares a tuple of 2 with one of another length; both need the same "
           "length");
  refuses (CORM_EQUAL (CORM_TUPLE (CORM_COL (Job, id)), CORM_TUPLE ("a")), 0,
           "query of jobs: CORM_EQUAL puts a value of type text beside int64, which is of another kind; use "
           "CORM_CAST");
}

static void
made_by_hand (G_GNUC_UNUSED void **state)
{
  const CormExpr none = { .kind = CORM_EXPR_CALL, .function = 9999 };
  const CormExpr bare = { .kind = CORM_EXPR_CALL, .function = CORM_FUNCTION_LOWER };
  const CormExpr number = { .kind = CORM_EXPR_CALL,
                            .function = CORM_FUNCTION_LOWER,
                            .operands = CORM_OPERANDS (CORM_BARE (CORM_COL (Job, id))) };
  refuses (none, 0, "query of jobs: 9999 is no function");
  refuses (bare, 0, "query of jobs: CORM_LOWER takes 1 operands and has 0");
  refuses (number, 0, "query of jobs: CORM_LOWER takes text; operand 1 is column id of type int64");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (numbers_combine),    cmocka_unit_test (other_families), cmocka_unit_test (enums),
    cmocka_unit_test (nulls_and_patterns), cmocka_unit_test (places),         cmocka_unit_test (tuples),
    cmocka_unit_test (made_by_hand),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
