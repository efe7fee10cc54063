/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A plan out of a difference: operation by operation, with SQL, reverse and hazard. */
#include "evolve/planner.h"

#include "engine/connection.h"
#include "render/ddl.h"

#include <string.h>

static const char *
hazard_of (const CormChange *change)
{
  const CormTableColumn *column = change->part;
  switch (change->live != NULL ? change->kind : CORM_OP_CREATE_TABLE) {
  case CORM_OP_ADD_COLUMN:
    return column->default_kind == CORM_DEFAULT_SQL || column->generated_stored
               ? "may write every row of the table"
               : NULL;
  case CORM_OP_ADD_UNIQUE:
  case CORM_OP_CREATE_INDEX:
    return "writers of the table wait while its rows are sorted";
  case CORM_OP_ADD_FOREIGN_KEY:
    return "reads every row; writers of both tables wait";
  case CORM_OP_ADD_CHECK:
    return "reads every row; writers of the table wait";
  default:
    return NULL;
  }
}

/* "ALTER TABLE name VERB …" */
static GString *
alter (const CormPlanner *planner, const CormChange *change, const char *verb)
{
  GString *text = g_string_new ("ALTER TABLE ");
  corm_sql_append_identifier (text, planner->dialect,
                              change->live != NULL ? change->live->name : change->table->name);
  g_string_append_printf (text, " %s ", verb);
  return text;
}

static void
take (GPtrArray *sql, GString *statement)
{
  g_ptr_array_add (sql, g_string_free (statement, FALSE));
}

static gboolean
has_own_change (const GPtrArray *changes, const CormTable *table, const CormForeignKey *key)
{
  for (guint i = 0; i < changes->len; i++) {
    const CormChange *change = changes->pdata[i];
    const CormForeignKey *other = change->part;
    if (change->kind == CORM_OP_ADD_FOREIGN_KEY && strcmp (change->table->name, table->name) == 0 &&
        g_strv_equal ((const char *const *) other->columns, (const char *const *) key->columns) &&
        strcmp (other->target_table, key->target_table) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The table with those foreign keys only that no later change adds; enum types have operations of their own. */
static gboolean
plan_table (const CormPlanner *planner, const GPtrArray *changes, const CormChange *change, CormOp *op,
            GError **error)
{
  const CormTable *wanted = corm_planner_wanted_table (planner, change);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  CormTable copy = *wanted;
  for (guint i = 0; i < wanted->foreign_keys->len; i++)
    if (!has_own_change (changes, wanted, wanted->foreign_keys->pdata[i]))
      g_ptr_array_add (keys, wanted->foreign_keys->pdata[i]);
  for (guint i = 0; i < wanted->columns->len; i++) {
    const CormTableColumn *column = wanted->columns->pdata[i];
    if (column->enum_type != NULL)
      g_hash_table_add (known, g_strdup (column->enum_type));
  }
  copy.foreign_keys = keys;
  GString *drop = g_string_new ("DROP TABLE ");
  corm_sql_append_identifier (drop, planner->dialect, wanted->name);
  take (op->reverse, drop);
  return corm_render_create_table (op->sql, planner->dialect, &copy, CORM_DDL_FOREIGN_KEYS, known, error);
}

static void
plan_enum (const CormPlanner *planner, const CormChange *change, CormOp *op)
{
  const CormTable *wanted = corm_planner_wanted_table (planner, change);
  const CormTableColumn *column = change->part;
  const CormTableColumn *found = corm_table_find_column (wanted, column->name);
  corm_render_create_enum (op->sql, planner->dialect, found != NULL ? found : column, NULL);
  GString *drop = g_string_new ("DROP TYPE ");
  corm_sql_append_identifier (drop, planner->dialect, change->name);
  take (op->reverse, drop);
}

static gboolean
plan_index (const CormPlanner *planner, const CormChange *change, CormOp *op, GError **error)
{
  const CormTable *wanted = corm_planner_wanted_table (planner, change);
  const CormTableIndex *index = change->part;
  for (guint i = 0; i < wanted->indexes->len; i++)
    if (strcmp (((CormTableIndex *) wanted->indexes->pdata[i])->name, change->name) == 0)
      index = wanted->indexes->pdata[i];
  CormTable copy = *wanted;
  if (change->live != NULL)
    copy.name = change->live->name;
  corm_render_drop_index (op->reverse, planner->dialect, &copy, index->name);
  return corm_render_create_index (op->sql, planner->dialect, &copy, index, error);
}

static gboolean
plan_addition (const CormPlanner *planner, const CormChange *change, CormOp *op, GError **error)
{
  gboolean is_column = change->kind == CORM_OP_ADD_COLUMN;
  g_autofree char *definition = corm_planner_definition (planner, change, error);
  if (definition == NULL)
    return FALSE;
  GString *add = alter (planner, change, is_column ? "ADD COLUMN" : "ADD");
  g_string_append (add, definition);
  take (op->sql, add);
  if (change->name == NULL)
    return TRUE;
  GString *drop = alter (planner, change, is_column ? "DROP COLUMN" : "DROP CONSTRAINT");
  corm_sql_append_identifier (drop, planner->dialect, change->name);
  take (op->reverse, drop);
  return TRUE;
}

/* The first of several additions to one table brings them all where they are one rebuild. */
static gboolean
is_first_addition (const GPtrArray *changes, const CormChange *change)
{
  for (guint i = 0; i < changes->len && changes->pdata[i] != change; i++) {
    const CormChange *other = changes->pdata[i];
    if (corm_change_is_addition (other) && other->live == change->live)
      return FALSE;
  }
  return TRUE;
}

static gboolean
plan_change (const CormPlanner *planner, const GPtrArray *changes, const CormChange *change, CormOp *op,
             GError **error)
{
  switch (change->kind) {
  case CORM_OP_CREATE_ENUM:
    plan_enum (planner, change, op);
    return TRUE;
  case CORM_OP_CREATE_TABLE:
    return plan_table (planner, changes, change, op, error);
  case CORM_OP_CREATE_INDEX:
    return plan_index (planner, change, op, error);
  case CORM_OP_DIFFERS:
    return TRUE;
  default:
    break;
  }
  if (planner->dialect->rebuild == NULL)
    return plan_addition (planner, change, op, error);
  return !is_first_addition (changes, change) ||
         corm_planner_add_to_table (planner, changes, change, op, error);
}

static const char *
table_name (const CormChange *change)
{
  return change->table != NULL ? change->table->name : change->live != NULL ? change->live->name : NULL;
}

CormPlan *
corm_planner_plan (const CormPlanner *planner, GPtrArray **changes, GError **error)
{
  g_autoptr (CormPlan) plan = corm_plan_new (planner->dialect->name);
  g_autoptr (GPtrArray) all = corm_schema_compare (planner->dialect, planner->live, planner->to);
  for (guint i = 0; i < all->len; i++) {
    const CormChange *change = all->pdata[i];
    CormOp *op =
        corm_plan_add (plan, change->kind, table_name (change), change->name, g_strdup (change->text));
    op->hazard = g_strdup (change->hazard != NULL ? change->hazard : hazard_of (change));
    if (!plan_change (planner, all, change, op, error))
      return NULL;
    /* A dialect that spells its enums out in the column has no type to create. */
    if (op->kind == CORM_OP_CREATE_ENUM && op->sql->len == 0)
      g_ptr_array_remove_index (plan->ops, plan->ops->len - 1);
  }
  if (changes != NULL)
    *changes = g_steal_pointer (&all);
  return g_steal_pointer (&plan);
}

CormPlan *
corm_schema_diff (CormConnection *conn, const CormSchema *from, const CormSchema *to, GError **error)
{
  g_return_val_if_fail (conn != NULL && from != NULL && to != NULL, NULL);
  CormPlanner planner = { corm_connection_get_dialect (conn), from, to, to };
  if (g_strcmp0 (from->dialect, planner.dialect->name) != 0 ||
      g_strcmp0 (to->dialect, planner.dialect->name) != 0) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "compare schemas: one is in the words of %s, the other of %s, the connection speaks %s; bring both "
        "there with corm_schema_canonical()",
        from->dialect != NULL ? from->dialect : "the models",
        to->dialect != NULL ? to->dialect : "the models", planner.dialect->name);
    return NULL;
  }
  return corm_planner_plan (&planner, NULL, error);
}
