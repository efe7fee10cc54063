/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a query is refused for before any SQL is made of it. */
#include "../lib/jobs.h"

#include <string.h>

static gboolean
check (const CormMapping *mapping, const CormExpr *where, const CormOrder *order, GError **error)
{
  const CormSelect select = { .mapping = mapping, .where = where, .order = order };
  return corm_select_check (&select, error);
}

static void
takes (CormExpr where)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Job_model);
  GError *error = NULL;
  if (!check (mapping, &where, NULL, &error))
    fail_msg ("%s", error->message);
}

static void
refuses (CormExpr where, const char *message)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Job_model);
  GError *error = NULL;
  assert_false (check (mapping, &where, NULL, &error));
  assert_invalid (error, message);
}

static void
good_ones (G_GNUC_UNUSED void **state)
{
  const char *const names[] = { "a", "b" };
  const guint8 data[] = { 0xff };
  takes ((CormExpr){ .kind = CORM_EXPR_NONE });
  takes (CORM_ALL (CORM_EQ (Job, id, 5), CORM_NE (Job, name, ""), CORM_LT (Job, load, 0.5),
                   CORM_LE (Job, priority, 5), CORM_GT (Job, cost, ((CormDecimal){ "1.5" })),
                   CORM_GE (Job, cluster_id, -1)));
  takes (CORM_ANY (CORM_BETWEEN (Job, priority, -5, 5), CORM_IN (Job, status, JOB_PENDING, JOB_RUNNING),
                   CORM_IN_ARRAY (Job, name, names, 2), CORM_IN_ARRAY (Job, name, names, 0),
                   CORM_LIKE (Job, name, "100\\%")));
  takes (CORM_NOT (CORM_ANY (CORM_IS_NULL (Job, name), CORM_IS_NOT_NULL (Job, cluster_id))));
  takes (CORM_EQ (Job, log, ((CormBytes){ data, 1 })));
  takes (CORM_ALL ());
}

static void
null_values (G_GNUC_UNUSED void **state)
{
  const char *const names[] = { "a", NULL };
  refuses (CORM_EQ (Job, name, NULL), "query of jobs: column name is compared with NULL, which is never "
                                      "true; use CORM_IS_NULL or CORM_IS_NOT_NULL");
  refuses (CORM_BETWEEN (Job, name, "a", NULL), "query of jobs: column name is compared with NULL, which is "
                                                "never true; use CORM_IS_NULL or CORM_IS_NOT_NULL");
  refuses (CORM_LIKE (Job, name, NULL), "query of jobs: column name is compared with NULL, which is never "
                                        "true; use CORM_IS_NULL or CORM_IS_NOT_NULL");
  refuses (CORM_NE (Job, cost, (CormDecimal){ NULL }),
           "query of jobs: column cost is compared with NULL, which is never true; use CORM_IS_NULL or "
           "CORM_IS_NOT_NULL");
  refuses (CORM_IN_ARRAY (Job, name, names, 2),
           "query of jobs: column name IN has NULL at place 1, which never matches; use CORM_IS_NULL");
}

static void
other_models_and_members (G_GNUC_UNUSED void **state)
{
  refuses (CORM_EQ (Cluster, id, 5),
           "query of jobs: a part of it is about model Cluster; the query reads Job, use members of that");
  refuses ((CormExpr){ .kind = CORM_EXPR_EQ },
           "query of jobs: a part of it is about model (none); the query reads Job, use members of that");
  refuses (CORM_ALL (CORM_EQ (Job, id, 5), CORM_NOT (CORM_EQ (Job, cached, 5))),
           "query of jobs: the member at byte 72 of Job is no column of the model; add a CORM_COLUMN for it");
  refuses (CORM_IS_NULL (Job, cluster),
           "query of jobs: 'cluster' is a relation, which has no column; use its key");
}

static void
values_that_do_not_fit (G_GNUC_UNUSED void **state)
{
  refuses (CORM_EQ (Job, status, 2),
           "query of jobs: column jobs.status: 2 is none of the model's 2 labels, which are numbered from 0");
  refuses (CORM_IN (Job, status, JOB_PENDING, 7),
           "query of jobs: column jobs.status: 7 has no label; the 2 labels are numbered from 0");
  refuses (CORM_EQ (Job, priority, 40000),
           "query of jobs: column jobs.priority: 40000 is outside -32768 to 32767, what the member holds");
  CormExpr mixed = CORM_BETWEEN (Job, priority, 1, 5);
  mixed.value2 = corm_value_text ("5");
  refuses (mixed, "query of jobs: column jobs.priority: a value of type text for a column of type int16");
}

static void
text_that_is_not_utf8 (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Job_model);
  const CormExpr wheres[] = { CORM_EQ (Job, name, "\xff"), CORM_LIKE (Job, name, "%\xff"),
                              CORM_IN (Job, name, "a", "\xff") };
  for (guint i = 0; i < G_N_ELEMENTS (wheres); i++) {
    g_autoptr (GError) error = NULL;
    assert_false (check (mapping, &wheres[i], NULL, &error));
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_INVALID));
    assert_non_null (strstr (error->message, "query of jobs: column jobs.name: "));
    assert_non_null (strstr (error->message, "is not UTF-8"));
  }
}

static void
like (G_GNUC_UNUSED void **state)
{
  CormExpr expr = CORM_EQ (Job, priority, 1);
  expr.kind = CORM_EXPR_LIKE;
  refuses (expr, "query of jobs: column priority of type int16 takes no LIKE, which is for text");
  refuses (
      CORM_LIKE (Job, name, "a\\"),
      "query of jobs: the LIKE pattern of column name ends in a single \\, which escapes nothing; double it");
  takes (CORM_LIKE (Job, name, "a\\\\"));
}

static void
operands (G_GNUC_UNUSED void **state)
{
  refuses ((CormExpr){ .kind = CORM_EXPR_ALL },
           "query of jobs: ALL has no list of operands; end one with CORM_EXPR_END");
  refuses ((CormExpr){ .kind = CORM_EXPR_ANY },
           "query of jobs: ANY has no list of operands; end one with CORM_EXPR_END");
  refuses ((CormExpr){ .kind = CORM_EXPR_NOT, .operands = CORM_OPERANDS () },
           "query of jobs: NOT has 0 operands and takes one");
  refuses ((CormExpr){ .kind = CORM_EXPR_NOT, .operands = CORM_OPERANDS (CORM_ALL (), CORM_ALL ()) },
           "query of jobs: NOT has 2 operands and takes one");
  refuses (CORM_ALL ((CormExpr){ .kind = CORM_EXPR_NONE }),
           "query of jobs: an operand of it is empty; fill it or leave it out");
  refuses ((CormExpr){ .kind = 99 }, "query of jobs: 99 is no kind of expression");
  CormExpr in = CORM_IN (Job, priority, 1, 2);
  in.list = NULL;
  refuses (in, "query of jobs: column priority IN has no list; give it an array of n_list values");
}

static void
order (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Job_model);
  GError *error = NULL;
  assert_true (check (mapping, NULL, CORM_ORDER (CORM_ASC (Job, name), CORM_DESC (Job, id)), NULL));
  assert_false (check (mapping, NULL, CORM_ORDER (CORM_ASC (Job, name), CORM_DESC (Cluster, id)), &error));
  assert_invalid (
      error, "query of jobs: a part of it is about model Cluster; the query reads Job, use members of that");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (good_ones),
    cmocka_unit_test (null_values),
    cmocka_unit_test (other_models_and_members),
    cmocka_unit_test (values_that_do_not_fit),
    cmocka_unit_test (text_that_is_not_utf8),
    cmocka_unit_test (like),
    cmocka_unit_test (operands),
    cmocka_unit_test (order),
  };
  return cmocka_run_group_tests_name ("select", tests, NULL, NULL);
}
