/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The builder: what its calls leave in the query, and the fault that waits. */
#include "../lib/jobs.h"

#include "query/query.h"

CORM_ALIAS (Job, Other)
typedef struct {
  const char *name;
  gint64 n;
} Named;
CORM_SHAPE (Named, name, n)

static void
assert_refused (CormQuery *query, const char *message)
{
  for (int i = 0; i < 2; i++) {
    GError *error = NULL;
    assert_false (corm_query_check_made (query, &error));
    assert_invalid (error, message);
  }
}

static void
fresh (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  assert_true (corm_query_check_made (query, NULL));
  assert_ptr_equal (query->model, &Job_model);
  assert_int_equal (query->sources.n, 1);
  assert_int_equal (query->where.n + query->order.n + query->outputs.n + query->with.n, 0);
  assert_int_equal (corm_query_get_n_outputs (query), 8);
  corm_query_free (NULL);
}

static void
wheres_are_copied (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  corm_query_where (query, (CormExpr){ .kind = CORM_EXPR_NONE });
  assert_int_equal (query->where.n, 0);
  for (gint64 i = 0; i < 100; i++) {
    g_autofree char *name = g_strdup_printf ("job %d", (int) i);
    corm_query_where (query, CORM_ANY (CORM_EQ (Job, name, name), CORM_IN (Job, id, i, i + 1)));
  }
  const CormExpr *where = query->where.items;
  for (gsize i = 0; i < 100; i++) {
    g_autofree char *name = g_strdup_printf ("job %d", (int) i);
    assert_string_equal (where[i].operands[0].value.data, name);
    assert_int_equal (((const gint64 *) where[i].operands[1].list)[1], i + 1);
  }
  assert_int_equal (query->where.n, 100);
  assert_int_equal (where[100].kind, CORM_EXPR_END);
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
  assert_int_equal (query->limit, 20);
  assert_int_equal (query->offset, 5);
  const CormOrder *order = query->order.items;
  assert_int_equal (order[0].offset, offsetof (Job, name));
  assert_true (order[0].descending);
  assert_int_equal (order[1].offset, offsetof (Job, id));
  assert_null (order[2].model);
  assert_int_equal (((const gsize *) query->with.items)[0], offsetof (Job, cluster));
  assert_true (((const gsize *) query->with.items)[1] == G_MAXSIZE);
}

static void
first_fault_waits (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  corm_query_with (query, offsetof (Job, name));
  corm_query_order (query, (CormOrder){ 0 });
  corm_query_where (query, CORM_IN (Job, cached, 1));
  assert_refused (
      query,
      "query of jobs: the member at byte 8 of Job is no relation of the model; name one of CORM_RELATIONS");
}

static void
joins (G_GNUC_UNUSED void **state)
{
  const CormExpr on = CORM_EQ (Job, id, 1), none = { .kind = CORM_EXPR_NONE };
  g_autoptr (CormQuery) twice = corm_query_new (&Job_model);
  corm_query_join (corm_query_join (twice, CORM_INNER_JOIN, &Other_model, on), CORM_LEFT_JOIN, &Other_model,
                   on);
  assert_refused (twice,
                  "query of jobs: Other is joined twice; give it another name with CORM_ALIAS (Job, …)");
  g_autoptr (CormQuery) bare = corm_query_new (&Job_model);
  corm_query_join (bare, CORM_INNER_JOIN, &Cluster_model, none);
  assert_refused (bare,
                  "query of jobs: the join with Cluster has no condition; give one, or use CORM_CROSS_JOIN");
  g_autoptr (CormQuery) cross = corm_query_new (&Job_model);
  corm_query_join (cross, CORM_CROSS_JOIN, &Cluster_model, on);
  assert_refused (cross, "query of jobs: a cross join with Cluster takes no condition; use CORM_INNER_JOIN");
  g_autoptr (CormQuery) unknown = corm_query_new (&Job_model);
  corm_query_join (unknown, (CormJoin) 77, &Cluster_model, on);
  assert_refused (unknown, "query of jobs: 77 is no kind of join");
}

static void
empty_lists (G_GNUC_UNUSED void **state)
{
  static const CormExpr nothing[] = { { .kind = CORM_EXPR_END } };
  g_autoptr (CormQuery) group = corm_query_new (&Job_model);
  assert_refused (corm_query_group (group, nothing),
                  "query of jobs: GROUP BY has an empty list; name an expression, CORM_EXPRS (…)");
  g_autoptr (CormQuery) outputs = corm_query_new (&Job_model);
  assert_refused (corm_query_select (outputs, (const CormOutput[]){ { 0 } }),
                  "query of jobs: it selects nothing; name an output, CORM_OUTPUTS (…)");
  g_autoptr (CormQuery) page = corm_query_new (&Job_model);
  assert_refused (corm_query_page (page, NULL, 0), "query of jobs: a page of no rows; give its limit");
}

static void
outputs (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormQuery) mixed = corm_query_new (&Job_model);
  corm_query_select (mixed, CORM_OUTPUTS (CORM_OUTPUT (Named, name, CORM_COL (Job, name)), CORM_AS ("n", 5)));
  assert_refused (
      mixed, "query of jobs: its outputs mix Named and names; name members of one shape, or names alone");
  g_autoptr (CormQuery) twice = corm_query_new (&Job_model);
  corm_query_select (twice, CORM_OUTPUTS (CORM_AS ("n", CORM_COL (Job, id)), CORM_AS ("n", 5)));
  assert_refused (twice, "query of jobs: outputs 1 and 2 are the same name; give each its own");
  g_autoptr (CormQuery) defined = corm_query_new (&Job_model);
  assert_refused (corm_query_define (defined, &Cluster_model, mixed),
                  "query of jobs: Cluster is a table; define a shape, CORM_SHAPE (Cluster, …)");
  g_autoptr (CormQuery) self = corm_query_new (&Job_model);
  assert_refused (corm_query_combine (self, CORM_UNION, self),
                  "query of jobs: it is combined with itself; make a second query");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (fresh),   cmocka_unit_test (wheres_are_copied),
    cmocka_unit_test (chained), cmocka_unit_test (first_fault_waits),
    cmocka_unit_test (joins),   cmocka_unit_test (empty_lists),
    cmocka_unit_test (outputs),
  };
  return cmocka_run_group_tests_name ("query", tests, NULL, NULL);
}
