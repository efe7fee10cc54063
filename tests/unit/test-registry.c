/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The registry as a whole: what it finds, how long it lives, and that it reports all models at once. What it says
 * about each part is in test-model, test-layout, test-parts, test-reference, test-relation, test-order, test-unique-names. */
#include "../lib/faults.h"

#include "model/mapping.h"

typedef struct {
  gint64 id;
} Cluster;

typedef struct {
  gint64 id;
  gint64 cluster_id;
} Job;

static const CormColumn cluster_columns[] = { CORM_COLUMN (Cluster, id, .primary_key = true) };
static const CormModel cluster = CORM_MODEL (Cluster, "clusters", CORM_COLUMNS (cluster_columns));
static const CormColumn job_columns[] = { CORM_COLUMN (Job, id, .primary_key = true),
                                          CORM_COLUMN (Job, cluster_id, .references = "clusters.id") };
static const CormModel job = CORM_MODEL (Job, "jobs", CORM_COLUMNS (job_columns));

static void
finds (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &job, &cluster, NULL);
  assert_non_null (registry);
  const CormModel *const *models = corm_registry_get_models (registry);
  assert_ptr_equal (models[0], &cluster);
  assert_ptr_equal (models[1], &job);
  assert_null (models[2]);

  const CormMapping *mapping = corm_registry_find_mapping (registry, &job);
  assert_ptr_equal (mapping->model, &job);
  assert_ptr_equal (corm_registry_find_table (registry, "jobs"), mapping);
  assert_null (corm_registry_find_table (registry, "job"));
  const CormModel copy = job;
  assert_null (corm_registry_find_mapping (registry, &copy));
}

static void
empty (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, NULL);
  assert_non_null (registry);
  assert_null (corm_registry_get_models (registry)[0]);
}

static void
lives_as_long_as_its_references (G_GNUC_UNUSED void **state)
{
  CormRegistry *registry = corm_registry_new (NULL, &cluster, NULL);
  assert_ptr_equal (corm_registry_ref (registry), registry);
  corm_registry_free (registry);
  assert_ptr_equal (corm_registry_get_models (registry)[0], &cluster);
  corm_registry_free (registry);
  corm_registry_free (NULL);
}

static void
registered_twice (G_GNUC_UNUSED void **state)
{
  assert_faults ("model Cluster (table clusters): it is registered twice; name each model once", &cluster,
                 &cluster);
}

static void
all_models_are_reported (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = { CORM_COLUMN (Cluster, id) };
  const CormModel first = CORM_MODEL (Cluster, "firsts", CORM_COLUMNS (columns));
  const CormModel second = CORM_MODEL (Cluster, "seconds", CORM_COLUMNS (columns));
  assert_faults ("model Cluster (table firsts): no column is the primary key; give one .primary_key = true\n"
                 "model Cluster (table seconds): no column is the primary key; give one .primary_key = true",
                 &first, &second);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (finds),
    cmocka_unit_test (empty),
    cmocka_unit_test (lives_as_long_as_its_references),
    cmocka_unit_test (registered_twice),
    cmocka_unit_test (all_models_are_reported),
  };
  return cmocka_run_group_tests_name ("registry", tests, NULL, NULL);
}
