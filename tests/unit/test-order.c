/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The order of models: referenced ones first; circles of keys that cannot be NULL. */
#include "../lib/faults.h"

/* Three tables of one shape; what each references comes as an option. */
typedef struct {
  gint64 id;
  gint64 strict_id;
  CormOptInt64 weak_id;
} Node;

#define NODES(name, strict, weak) \
  static const CormColumn name##_columns[] = { \
    CORM_COLUMN (Node, id, .primary_key = true), \
    CORM_COLUMN (Node, strict_id, .references = strict), \
    CORM_COLUMN (Node, weak_id, .references = weak), \
  }; \
  static const CormModel name = CORM_MODEL (Node, #name, CORM_COLUMNS (name##_columns));

static void
assert_order (const CormModel *const *models, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new_array (models, &error);
  assert_null (error);
  g_autoptr (GString) tables = g_string_new (NULL);
  for (const CormModel *const *model = corm_registry_get_models (registry); *model != NULL; model++)
    g_string_append_printf (tables, "%s%s", tables->len > 0 ? " " : "", (*model)->table);
  assert_string_equal (tables->str, expected);
}

#define ORDER(expected, ...) assert_order ((const CormModel *const[]){ __VA_ARGS__, NULL }, expected)

static void
as_registered_where_free (G_GNUC_UNUSED void **state)
{
  NODES (b, NULL, NULL)
  NODES (c, NULL, NULL)
  NODES (a, NULL, NULL)
  ORDER ("b c a", &b, &c, &a);
}

static void
referenced_first (G_GNUC_UNUSED void **state)
{
  NODES (a, "b.id", NULL)
  NODES (b, "c.id", NULL)
  NODES (c, NULL, NULL)
  ORDER ("c b a", &a, &b, &c);
}

static void
weak_references_count_too (G_GNUC_UNUSED void **state)
{
  NODES (a, NULL, "b.id")
  NODES (b, NULL, NULL)
  ORDER ("b a", &a, &b);
}

static void
weak_ones_break_a_circle (G_GNUC_UNUSED void **state)
{
  NODES (a, "b.id", NULL)
  NODES (b, "c.id", NULL)
  NODES (c, NULL, "a.id")
  ORDER ("c b a", &a, &b, &c);
}

static void
own_table (G_GNUC_UNUSED void **state)
{
  NODES (a, NULL, "a.id")
  ORDER ("a", &a);
  NODES (b, "b.id", NULL)
  assert_faults ("model Node (table b): foreign keys that cannot be NULL go round in a circle, b -> b, so "
                 "that no first row can "
                 "be inserted; make one of the members a CormOpt… type",
                 &b);
}

static void
circle (G_GNUC_UNUSED void **state)
{
  NODES (first, "a.id", NULL)
  NODES (a, "b.id", NULL)
  NODES (b, "c.id", NULL)
  NODES (c, "a.id", NULL)
  assert_faults ("model Node (table a): foreign keys that cannot be NULL go round in a circle, a -> b -> c "
                 "-> a, so that no "
                 "first row can be inserted; make one of the members a CormOpt… type",
                 &first, &a, &b, &c);
}

static void
two_circles_two_lines (G_GNUC_UNUSED void **state)
{
  NODES (a, "b.id", NULL)
  NODES (b, "a.id", NULL)
  NODES (c, "c.id", NULL)
  assert_faults ("model Node (table a): foreign keys that cannot be NULL go round in a circle, a -> b -> a, "
                 "so that no first row "
                 "can be inserted; make one of the members a CormOpt… type\n"
                 "model Node (table c): foreign keys that cannot be NULL go round in a circle, c -> c, so "
                 "that no first row can "
                 "be inserted; make one of the members a CormOpt… type",
                 &a, &b, &c);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (as_registered_where_free),
    cmocka_unit_test (referenced_first),
    cmocka_unit_test (weak_references_count_too),
    cmocka_unit_test (weak_ones_break_a_circle),
    cmocka_unit_test (own_table),
    cmocka_unit_test (circle),
    cmocka_unit_test (two_circles_two_lines),
  };
  return cmocka_run_group_tests_name ("order", tests, NULL, NULL);
}
