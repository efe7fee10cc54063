/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Short ways to bring a fresh database to models and to look at it. */
#pragma once

#include "fresh.h"

static inline G_GNUC_UNUSED CormDb *
open_models (const char *uri, const CormModel *const *models)
{
  CormRegistry *registry = NULL;
  CormDb *db = NULL;
  CormDbOptions options = { .pool_size = 4 }; /* a case may hold a connection while it migrates */
  assert_ok ((registry = corm_registry_new_array (models, error)) != NULL);
  assert_ok ((db = corm_db_open_full (uri, registry, &options, error)) != NULL);
  corm_registry_free (registry);
  return db;
}

static inline G_GNUC_UNUSED CormConnection *
connect_to (CormDb *db)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  return conn;
}

static inline G_GNUC_UNUSED void
collect (const CormOp *op, gpointer data)
{
  g_string_append_printf (data, "%s\n", op->text);
}

/* Migrates and returns the lines that it told; free with g_free(). */
static inline G_GNUC_UNUSED char *
migrate (CormDb *db)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  CormMigrateOptions options = { .on_op = collect, .data = lines };
  assert_ok (corm_db_migrate (db, &options, error));
  return g_strdup (lines->str);
}

/* Nothing is left to do, and nothing to say. */
static inline G_GNUC_UNUSED void
assert_in_step (CormDb *db)
{
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_db_plan (db, error)) != NULL);
  g_autofree char *sql = corm_plan_to_sql (plan);
  if (plan->ops->len > 0)
    fail_msg ("the plan after the migration is not empty:\n%s", sql);
}

static inline G_GNUC_UNUSED char *
structure (CormDb *db)
{
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  return corm_schema_to_json (schema);
}

static inline G_GNUC_UNUSED void
run_on (CormDb *db, const char *sql)
{
  g_autoptr (CormConnection) conn = connect_to (db);
  fresh_run (conn, sql);
}

static inline G_GNUC_UNUSED char *
text_of (CormDb *db, const char *sql)
{
  g_autoptr (CormConnection) conn = connect_to (db);
  return fresh_text (conn, sql);
}
