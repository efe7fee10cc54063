/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The builder: what its calls leave in the query, and the fault that waits. */
#include "../lib/jobs.h"

#include "query/query.h"

static CormSelect
get_select (CormQuery *query)
{
  CormSelect select;
  GError *error = NULL;
  if (!corm_query_get_select (query, CORM_SELECT_ROWS, NULL, &select, &error))
    fail_msg ("%s", error->message);
  return select;
}

static void
fresh (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  const CormSelect select = get_select (query);
  assert_ptr_equal (corm_query_get_model (query), &Job_model);
  assert_null (select.where);
  assert_null (select.order);
  assert_null (corm_query_get_with (query));
  assert_int_equal (select.limit, 0);
  assert_int_equal (select.offset, 0);
  corm_query_free (NULL);
}

static void
one_where (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  corm_query_where (query, CORM_EQ (Job, id, 5));
  assert_int_equal (get_select (query).where->kind, CORM_EXPR_EQ);
  corm_query_where (query, (CormExpr){ .kind = CORM_EXPR_NONE });
  assert_int_equal (get_select (query).where->kind, CORM_EXPR_EQ);
}

static void
many_wheres_are_joined (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  for (gint64 i = 0; i < 100; i++) {
    g_autofree char *name = g_strdup_printf ("job %d", (int) i);
    corm_query_where (query, CORM_ANY (CORM_EQ (Job, name, name), CORM_IN (Job, id, i, i + 1)));
  }
  const CormSelect select = get_select (query);
  assert_int_equal (select.where->kind, CORM_EXPR_ALL);
  gsize n = 0;
  for (const CormExpr *expr = select.where->operands; expr->kind != CORM_EXPR_END; expr++, n++) {
    g_autofree char *name = g_strdup_printf ("job %d", (int) n);
    assert_string_equal (expr->operands[0].value.data, name);
    assert_int_equal (((const gint64 *) expr->operands[1].list)[1], n + 1);
  }
  assert_int_equal (n, 100);
}

static void
chained (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  CormQuery *same = corm_query_offset (
      corm_query_limit (
          corm_query_with (corm_query_order (corm_query_order (query, (CormOrder) CORM_DESC (Job, name)),
                                             (CormOrder) CORM_ASC (Job, id)),
                           offsetof (Job, cluster)),
          20),
      5);
  assert_ptr_equal (same, query);
  const CormSelect select = get_select (query);
  assert_int_equal (select.limit, 20);
  assert_int_equal (select.offset, 5);
  assert_int_equal (select.order[0].offset, offsetof (Job, name));
  assert_true (select.order[0].descending);
  assert_int_equal (select.order[1].offset, offsetof (Job, id));
  assert_null (select.order[2].model);
  assert_int_equal (corm_query_get_with (query)[0], offsetof (Job, cluster));
  assert_true (corm_query_get_with (query)[1] == G_MAXSIZE);
}

/* The copies check out against the mapping that the query runs with, which is another one. */
static void
passes_the_check (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Job_model);
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  corm_query_where (query, CORM_LIKE (Job, name, "scf%"));
  corm_query_where (query, CORM_EQ (Job, status, JOB_RUNNING));
  CormSelect select;
  assert_true (corm_query_get_select (query, CORM_SELECT_COUNT, mapping, &select, NULL));
  assert_int_equal (select.kind, CORM_SELECT_COUNT);
  assert_ptr_equal (select.mapping, mapping);
  assert_true (corm_select_check (&select, NULL));
}

static void
first_fault_waits (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  CormSelect select;
  corm_query_with (query, offsetof (Job, name));
  corm_query_order (query, (CormOrder){ 0 });
  corm_query_where (query, CORM_IN (Job, cached, 1));
  for (int i = 0; i < 2; i++) {
    GError *error = NULL;
    assert_false (corm_query_get_select (query, CORM_SELECT_ROWS, NULL, &select, &error));
    assert_invalid (
        error,
        "query of jobs: the member at byte 8 of Job is no relation of the model; name one of CORM_RELATIONS");
  }
}

static void
no_relation (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  CormSelect select;
  GError *error = NULL;
  corm_query_with (query, offsetof (Job, name));
  assert_false (corm_query_get_select (query, CORM_SELECT_ROWS, NULL, &select, &error));
  assert_invalid (
      error,
      "query of jobs: the member at byte 8 of Job is no relation of the model; name one of CORM_RELATIONS");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (fresh),
    cmocka_unit_test (one_where),
    cmocka_unit_test (many_wheres_are_joined),
    cmocka_unit_test (chained),
    cmocka_unit_test (passes_the_check),
    cmocka_unit_test (first_fault_waits),
    cmocka_unit_test (no_relation),
  };
  return cmocka_run_group_tests_name ("query", tests, NULL, NULL);
}
