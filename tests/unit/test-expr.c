/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Copies of expressions outlive what they were made from. */
#include "../lib/jobs.h"

#include <corm/query.h>

#include <string.h>

static CormExpr *
copy (CormArena *arena, const CormExpr *expr)
{
  GError *error = NULL;
  CormExpr *made = corm_expr_copy (expr, arena, &error);
  if (made == NULL)
    fail_msg ("%s", error->message);
  return made;
}

static void
values (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  char low[] = "a", high[] = "b";
  const CormExpr expr = CORM_BETWEEN (Job, name, low, high);
  const CormExpr *made = copy (arena, &expr);
  low[0] = high[0] = '?';
  assert_int_equal (made->kind, CORM_EXPR_BETWEEN);
  assert_ptr_equal (made->model, &Job_model);
  assert_int_equal (made->offset, offsetof (Job, name));
  assert_string_equal (made->value.data, "a");
  assert_string_equal (made->value2.data, "b");
}

static void
numbers_and_null (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  const CormExpr number = CORM_EQ (Job, id, 5), null = CORM_EQ (Job, name, NULL);
  assert_true (copy (arena, &number)->value.i == 5);
  assert_true (copy (arena, &null)->value.is_null);
}

static void
list_of_numbers (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  gint16 priorities[] = { 1, -2, 3 };
  const CormExpr expr = CORM_IN_ARRAY (Job, priority, priorities, 3);
  const CormExpr *made = copy (arena, &expr);
  memset (priorities, 0, sizeof priorities);
  assert_int_equal (made->n_list, 3);
  assert_int_equal (((const gint16 *) made->list)[1], -2);
  assert_int_equal (((const gint16 *) made->list)[2], 3);
}

static void
lists_of_text (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  char first[] = "first", cost[] = "1.5";
  guint8 data[] = { 0, 1 };
  const char *names[] = { first, NULL };
  const CormDecimal costs[] = { { cost } };
  const CormBytes logs[] = { { data, 2 }, { NULL, 0 } };
  const CormExpr by_name = CORM_IN_ARRAY (Job, name, names, 2), by_cost = CORM_IN_ARRAY (Job, cost, costs, 1),
                 by_log = CORM_IN_ARRAY (Job, log, logs, 2);
  const char *const *name = copy (arena, &by_name)->list;
  const CormDecimal *decimal = copy (arena, &by_cost)->list;
  const CormBytes *log = copy (arena, &by_log)->list;
  first[0] = cost[0] = '?';
  data[1] = 9;
  names[0] = NULL;
  assert_string_equal (name[0], "first");
  assert_null (name[1]);
  assert_string_equal (decimal[0].text, "1.5");
  assert_memory_equal (log[0].data, "\0\1", 2);
  assert_null (log[1].data);
}

static void
list_of_values (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  char name[] = "first";
  CormValue given[] = { corm_value_text (name), corm_value_null () };
  const CormExpr expr = {
    .kind = CORM_EXPR_IN_VALUES,
    .model = &Job_model,
    .offset = offsetof (Job, name),
    .list = given,
    .n_list = 2,
  };
  const CormValue *made = copy (arena, &expr)->list;
  name[0] = '?';
  memset (given, 0, sizeof given);
  assert_string_equal (made[0].data, "first");
  assert_true (made[1].is_null);
}

static void
operands (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  char name[] = "scf";
  CormExpr inner[] = { CORM_EQ (Job, name, name), CORM_IS_NULL (Job, cluster_id), { .kind = CORM_EXPR_END } };
  const CormExpr any = { .kind = CORM_EXPR_ANY, .operands = inner };
  const CormExpr expr = CORM_NOT (any);
  const CormExpr *made = copy (arena, &expr);
  name[0] = '?';
  memset (inner, 0, sizeof inner);
  assert_int_equal (made->kind, CORM_EXPR_NOT);
  assert_int_equal (made->operands[0].kind, CORM_EXPR_ANY);
  assert_int_equal (made->operands[1].kind, CORM_EXPR_END);
  const CormExpr *copied = made->operands[0].operands;
  assert_string_equal (copied[0].value.data, "scf");
  assert_int_equal (copied[1].kind, CORM_EXPR_IS_NULL);
  assert_int_equal (copied[2].kind, CORM_EXPR_END);
}

static void
width_unknown (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  const CormExpr no_column = CORM_NOT (CORM_IN (Job, cached, 1));
  GError *error = NULL;
  assert_null (corm_expr_copy (&no_column, arena, &error));
  assert_invalid (error, "the member at byte 72 of Job is no column of the model; add a CORM_COLUMN for it");
}

/* What a window points to is copied too. */
static void
windows (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  CormExpr partition[] = { CORM_COL (Job, status).expr, { .kind = CORM_EXPR_END } };
  CormOrder order[] = { CORM_DESC_EXPR (CORM_COL (Job, id)), { 0 } };
  const CormExpr expr = CORM_OVER (CORM_ROW_NUMBER (), .partition = partition, .order = order).expr;
  const CormExpr *made = copy (arena, &expr);
  memset (partition, 0, sizeof partition);
  memset (order, 0, sizeof order);
  assert_int_equal (made->window->partition[0].offset, offsetof (Job, status));
  assert_int_equal (made->window->partition[1].kind, CORM_EXPR_END);
  assert_int_equal (made->window->order[0].expr->offset, offsetof (Job, id));
  assert_true (made->window->order[0].descending);
  assert_null (made->window->order[1].expr);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (values),        cmocka_unit_test (numbers_and_null), cmocka_unit_test (list_of_numbers),
    cmocka_unit_test (lists_of_text), cmocka_unit_test (list_of_values),   cmocka_unit_test (operands),
    cmocka_unit_test (width_unknown), cmocka_unit_test (windows),
  };
  return cmocka_run_group_tests_name ("expr", tests, NULL, NULL);
}
