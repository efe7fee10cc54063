/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The predicate that soft delete and tenant put on every query of a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query/filter.h"

#include <corm/error.h>
#include <string.h>

typedef struct {
  gint64 id;
  CormOptTimestamp deleted;
  gint32 tenant;
} Doc;

static const CormColumn doc_columns[] = {
  CORM_COLUMN (Doc, id, .primary_key = true),
  CORM_COLUMN (Doc, deleted, .role = CORM_ROLE_DELETED_AT),
  CORM_COLUMN (Doc, tenant, .role = CORM_ROLE_TENANT),
};
static const CormModel Doc_model = CORM_MODEL (Doc, "docs", CORM_COLUMNS (doc_columns));

typedef struct {
  gint64 id;
} Plain;
static const CormColumn plain_columns[] = { CORM_COLUMN (Plain, id, .primary_key = true) };
static const CormModel Plain_model = CORM_MODEL (Plain, "plain", CORM_COLUMNS (plain_columns));

static void
a_model_without_roles_has_none (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Plain_model);
  CormFilter filter = { 0 };
  CormFilterExpr parts;
  CormExpr where = CORM_EQ (Plain, id, 5);
  assert_true (corm_filter_make (&filter, mapping, &Plain_model, &parts, NULL));
  assert_int_equal (parts.n, 0);
  assert_null (corm_filter_join (&parts, NULL));
  assert_int_equal (corm_filter_join (&parts, &where)->kind, CORM_EXPR_EQ);
}

static void
both_roles_and_the_where_are_joined (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Doc_model);
  CormValue tenant = corm_value_int (7);
  CormFilter filter = { .tenant = &tenant };
  CormFilterExpr parts;
  CormExpr where = CORM_EQ (Doc, id, 5);
  assert_true (corm_filter_make (&filter, mapping, &Doc_model, &parts, NULL));
  assert_int_equal (parts.n, 2);
  const CormExpr *all = corm_filter_join (&parts, &where);
  assert_int_equal (all->kind, CORM_EXPR_ALL);
  assert_int_equal (all->operands[0].kind, CORM_EXPR_EQ);
  assert_int_equal (all->operands[0].offset, offsetof (Doc, tenant));
  assert_int_equal (all->operands[0].value.i, 7);
  assert_int_equal (all->operands[1].kind, CORM_EXPR_IS_NULL);
  assert_int_equal (all->operands[1].offset, offsetof (Doc, deleted));
  assert_int_equal (all->operands[2].offset, offsetof (Doc, id));
  assert_int_equal (all->operands[3].kind, CORM_EXPR_END);
}

static void
deleted_rows_can_be_asked_for (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Doc_model);
  CormValue tenant = corm_value_int (7);
  CormFilter filter = { .tenant = &tenant, .with_deleted = TRUE };
  CormFilterExpr parts;
  assert_true (corm_filter_make (&filter, mapping, &Doc_model, &parts, NULL));
  assert_int_equal (parts.n, 1);
  assert_int_equal (corm_filter_join (&parts, NULL)->kind, CORM_EXPR_EQ);
}

static void
no_tenant_is_an_error (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&Doc_model);
  g_autoptr (GError) error = NULL;
  CormFilter filter = { 0 };
  CormFilterExpr parts;
  assert_false (corm_filter_make (&filter, mapping, &Doc_model, &parts, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_INVALID));
  assert_non_null (strstr (error->message, "corm_connection_set_tenant()"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_model_without_roles_has_none),
    cmocka_unit_test (both_roles_and_the_where_are_joined),
    cmocka_unit_test (deleted_rows_can_be_asked_for),
    cmocka_unit_test (no_tenant_is_an_error),
  };
  return cmocka_run_group_tests_name ("filter", tests, NULL, NULL);
}
