/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A plan out of a difference: operation by operation, with SQL, reverse and hazard. What may not be done, and what this
 * database has no way to do, stands at its end as what only differs. */
#include "evolve/planner.h"

#include "base/error.h"
#include "engine/connection.h"
#include "evolve/gather.h"
#include "evolve/scratch.h"
#include "render/ddl.h"

#include <string.h>

/* --- tables */

static gboolean
has_own_change (const CormDiff *diff, const CormTable *table, const CormForeignKey *key)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    const CormForeignKey *other = change->part;
    if (change->kind == CORM_OP_ADD_FOREIGN_KEY && change->live == NULL &&
        strcmp (change->table->name, table->name) == 0 &&
        g_strv_equal ((const char *const *) other->columns, (const char *const *) key->columns) &&
        strcmp (other->target_table, key->target_table) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The table with those foreign keys only that no later change adds; enum types have operations of their own. */
static gboolean
create_table (const CormPlanner *planner, const CormDiff *diff, const CormTable *table, GPtrArray *sql,
              GError **error)
{
  const CormTable *wanted = corm_planner_wanted_table (planner, table);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  CormTable copy = *wanted;
  /* The database's own text says more than the parts can: comments, spaces, conflict clauses. */
  if (wanted->sql != NULL && planner->dialect->rebuild != NULL) {
    g_ptr_array_add (sql, g_strdup (wanted->sql));
    return TRUE;
  }
  for (guint i = 0; i < wanted->foreign_keys->len; i++)
    if (!has_own_change (diff, wanted, wanted->foreign_keys->pdata[i]))
      g_ptr_array_add (keys, wanted->foreign_keys->pdata[i]);
  for (guint i = 0; i < wanted->columns->len; i++) {
    const CormTableColumn *column = wanted->columns->pdata[i];
    if (column->enum_type != NULL)
      g_hash_table_add (known, g_strdup (column->enum_type));
  }
  copy.foreign_keys = keys;
  if (!corm_render_create_table (sql, planner->dialect, &copy, CORM_DDL_FOREIGN_KEYS, known, error))
    return FALSE;
  corm_render_table_comments (sql, planner->dialect, wanted);
  corm_render_constraint_comments (sql, planner->dialect, &copy);
  return TRUE;
}

/* --- the rest */

static void
create_enum (const CormPlanner *planner, const CormChange *change, GPtrArray *sql)
{
  corm_render_create_enum (sql, planner->dialect, corm_planner_wanted_column (planner, change), NULL);
}

/* An index over partitions is not made or dropped beside others' work. */
static gboolean
is_partitioned (const CormTable *table)
{
  return table->options != NULL && strstr (table->options, "PARTITION BY") != NULL;
}

static gboolean
create_index (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, char *mark,
              GError **error)
{
  const CormTable *wanted = corm_planner_wanted_table (planner, change->table);
  const CormTableIndex *index = change->part;
  gboolean online = planner->online && change->live != NULL && !is_partitioned (change->live);
  const char *template = corm_render_alter_template (planner->dialect, CORM_OP_CREATE_INDEX, online, mark);
  for (guint i = 0; i < wanted->indexes->len; i++)
    if (strcmp (((CormTableIndex *) wanted->indexes->pdata[i])->name, change->name) == 0)
      index = wanted->indexes->pdata[i];
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);
  if (!corm_render_create_index (made, planner->dialect, wanted, index, error))
    return FALSE;
  const char *whole = made->pdata[0];
  const char *rest = strstr (whole, "INDEX ") + strlen ("INDEX ");
  g_autofree char *head =
      g_strndup (whole + strlen ("CREATE "), (gsize) (rest - whole) - strlen ("CREATE INDEX "));
  const CormAlterParts parts = {
    .table = wanted->name, .name = index->name, .place = head, .definition = rest
  };
  if (template != NULL)
    corm_render_alter (sql, planner->dialect, template, &parts);
  else
    g_ptr_array_add (sql, g_ptr_array_steal_index (made, 0));
  corm_render_index_comment (sql, planner->dialect, wanted, index);
  return TRUE;
}

static void
drop_index (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, char *mark)
{
  gboolean online = planner->online && change->live != NULL && !is_partitioned (change->live);
  const char *template = corm_render_alter_template (planner->dialect, CORM_OP_DROP_INDEX, online, mark);
  const CormTable *table = change->table != NULL ? change->table : change->live;
  const CormAlterParts parts = { .table = table->name, .name = change->name };
  if (template != NULL)
    corm_render_alter (sql, planner->dialect, template, &parts);
  else
    corm_render_drop_index (sql, planner->dialect, table, change->name);
}

/* A sequence that is there is told to be another: it keeps its count. */
static void
create_object (const CormPlanner *planner, const CormChange *change, GPtrArray *sql)
{
  const CormSchemaObject *object = change->part;
  gboolean sequence = strcmp (object->kind, "sequence") == 0, alters = change->is != NULL && sequence;
  if (sequence && !alters && corm_planner_may_be_there (planner, object) &&
      g_ascii_strncasecmp (object->sql, "CREATE SEQUENCE ", 16) == 0)
    g_ptr_array_add (sql, g_strconcat ("CREATE SEQUENCE IF NOT EXISTS ", object->sql + 16, NULL));
  else if (alters && g_ascii_strncasecmp (object->sql, "CREATE ", 7) == 0)
    g_ptr_array_add (sql, g_strconcat ("ALTER ", object->sql + 7, NULL));
  else if (object->sql != NULL) /* one whose text was hidden does not come back */
    g_ptr_array_add (sql, g_strdup (object->sql));
}

/* Where an expression cannot be set. */
static gboolean
make_anew (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  CormChange step = *change;
  char mark;
  step.kind = CORM_OP_DROP_COLUMN;
  if (!corm_planner_alter (planner, &step, sql, &mark, error))
    return FALSE;
  step.kind = CORM_OP_ADD_COLUMN;
  return corm_planner_alter (planner, &step, sql, &mark, error);
}

/* FALSE without an error: this database has no such change. */
static gboolean
write_change (const CormPlanner *planner, const CormDiff *diff, const CormChange *change, GPtrArray *sql,
              char *mark, GError **error)
{
  *mark = 0;
  gboolean done;
  if (!corm_planner_modify (planner, change, sql, &done, error) || done)
    return done;
  switch (change->kind) {
  case CORM_OP_CREATE_ENUM:
    create_enum (planner, change, sql);
    return TRUE;
  case CORM_OP_CHANGE_ENUM:
    return corm_planner_change_enum (planner, change, sql, error);
  case CORM_OP_CREATE_TABLE:
    return create_table (planner, diff, change->table, sql, error);
  case CORM_OP_CREATE_INDEX:
    return create_index (planner, change, sql, mark, error);
  case CORM_OP_DROP_INDEX:
    drop_index (planner, change, sql, mark);
    return TRUE;
  case CORM_OP_CREATE_OBJECT:
    create_object (planner, change, sql);
    return TRUE;
  case CORM_OP_DROP_OBJECT:
    corm_render_drop_object (sql, planner->dialect, change->is);
    return TRUE;
  case CORM_OP_DIFFERS:
    return FALSE;
  case CORM_OP_SET_GENERATED:
    return corm_planner_alter (planner, change, sql, mark, error) || make_anew (planner, change, sql, error);
  default:
    return corm_planner_alter (planner, change, sql, mark, error);
  }
}

/* The default that was there before has stepped aside by an operation of its own, which gives it back. */
static gboolean
took_no_place (const CormDiff *diff, const CormChange *change)
{
  for (guint i = 0; change->kind == CORM_OP_SET_DEFAULT && i < diff->changes->len; i++) {
    const CormChange *other = diff->changes->pdata[i];
    if (other->kind == CORM_OP_DROP_DEFAULT && other->live == change->live && other->part == change->part)
      return TRUE;
  }
  return FALSE;
}

static gboolean
write_reverse (const CormPlanner *planner, const CormDiff *diff, const CormChange *change, GPtrArray *sql)
{
  CormPlanner back;
  CormChange inverse;
  char mark;
  g_autoptr (GError) error = NULL;
  corm_planner_invert (planner, diff, &back);
  back.undoes = change;
  if (!corm_change_invert (change, &inverse))
    return TRUE;
  if (took_no_place (diff, change))
    inverse.kind = CORM_OP_DROP_DEFAULT;
  if (!write_change (&back, diff, &inverse, sql, &mark, &error))
    g_ptr_array_set_size (sql, 0);
  if (change->kind == CORM_OP_DROP_TABLE)
    corm_planner_restore (&back, diff, change->live, sql, &error);
  return error == NULL;
}

/* --- the plan */

static const char *
table_name (const CormChange *change)
{
  const CormSchemaObject *object = change->part != NULL ? change->part : change->is;
  if (change->kind == CORM_OP_CREATE_OBJECT || change->kind == CORM_OP_DROP_OBJECT)
    return object->table;
  return change->table != NULL ? change->table->name : change->live != NULL ? change->live->name : NULL;
}

static CormOp *
add_op (CormPlan *plan, const CormChange *change)
{
  const CormSchemaObject *object = change->part != NULL ? change->part : change->is;
  CormOp *op = corm_plan_add (plan, change->kind, table_name (change), change->name, g_strdup (change->text));
  if (change->kind == CORM_OP_CREATE_OBJECT || change->kind == CORM_OP_DROP_OBJECT)
    op->object = g_strdup (object->kind);
  op->approval = change->approval;
  op->group = change->group;
  op->hazard = g_strdup (change->hazard);
  return op;
}

static void
leave_alone (GPtrArray *left, const CormChange *change)
{
  if (change->difference == NULL || change->difference[0] != '\0')
    g_ptr_array_add (left, (gpointer) change);
}

/* The changes of one table's rebuild. */
static GPtrArray *
collect (const CormPlanner *planner, const CormDiff *diff, const CormChange *first)
{
  GPtrArray *changes = g_ptr_array_new ();
  for (guint i = 0; i < diff->changes->len; i++) {
    CormChange *change = diff->changes->pdata[i];
    if (corm_change_is_rebuild (change) && change->live == first->live &&
        corm_planner_allows (planner, diff, change))
      g_ptr_array_add (changes, change);
  }
  return changes;
}

/* Writes one change; FALSE with an error, or without one where there is no way. */
static gboolean
write_op (const CormPlanner *planner, const CormDiff *diff, const CormChange *change, CormOp *op,
          GError **error)
{
  if (planner->dialect->rebuild != NULL && corm_change_is_rebuild (change)) {
    g_autoptr (GPtrArray) together = collect (planner, diff, change);
    return together->pdata[0] != change || corm_planner_rebuild (planner, diff, together, op, error);
  }
  char mark;
  if (!write_change (planner, diff, change, op->sql, &mark, error))
    return FALSE;
  op->alone = mark == '!';
  op->repeat = mark == '*';
  write_reverse (planner, diff, change, op->reverse);
  return TRUE;
}

/* FALSE: an error. A change that cannot be made joins @left. */
static gboolean
plan_change (const CormPlanner *planner, const CormDiff *diff, const CormChange *change, CormPlan *plan,
             GPtrArray *left, GError **error)
{
  GError *local = NULL;
  CormOp *op = add_op (plan, change);
  gboolean written = write_op (planner, diff, change, op, &local);
  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  corm_planner_weigh (planner, change, op);
  if (planner->conn != NULL && change->live != NULL)
    corm_planner_measure (planner, diff, change, op);
  /* A dialect that spells its enums out in the column has no type to create; options may be those of a numbering that
   * another operation has set. */
  gboolean nothing = (op->kind == CORM_OP_CREATE_ENUM ||
                      (op->kind == CORM_OP_SET_OPTIONS && planner->dialect->rebuild == NULL)) &&
                     op->sql->len == 0;
  if (!written)
    leave_alone (left, change);
  if (!written || nothing)
    g_ptr_array_remove_index (plan->ops, plan->ops->len - 1);
  return TRUE;
}

static void
add_differences (CormPlan *plan, const GPtrArray *left)
{
  for (guint i = 0; i < left->len; i++) {
    const CormChange *change = left->pdata[i];
    const char *text = change->difference != NULL ? change->difference : change->text;
    CormOp *op = corm_plan_add (plan, CORM_OP_DIFFERS, table_name (change), change->name, g_strdup (text));
    op->approval = change->approval;
    op->hazard = g_strdup (change->hazard);
  }
}

/* --- renames, tried out where the words that they lead to are the database's own affair */

static CormSchema *
try_renames (const CormPlanner *planner, const CormDiff *renames, GError **error)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  char mark;
  corm_evolve_restate (planner->live, sql);
  for (guint i = 0; i < renames->changes->len; i++) {
    const CormChange *change = renames->changes->pdata[i];
    if ((change->kind == CORM_OP_RENAME_TABLE || change->kind == CORM_OP_RENAME_COLUMN) &&
        !corm_planner_alter (planner, change, sql, &mark, error))
      return NULL;
  }
  return corm_evolve_make (planner->conn, sql, error);
}

static CormDiff *
compare (const CormPlanner *planner, GError **error)
{
  g_autoptr (CormDiff) diff = corm_diff_new (planner->dialect, planner->live, planner->to, NULL);
  if (planner->dialect->rebuild == NULL || planner->conn == NULL || diff->renamed == NULL)
    return g_steal_pointer (&diff);
  CormSchema *renamed = try_renames (planner, diff, error);
  return renamed != NULL ? corm_diff_new (planner->dialect, planner->live, planner->to, renamed) : NULL;
}

CormPlan *
corm_planner_plan (const CormPlanner *planner, CormDiff **diff, GError **error)
{
  g_autoptr (CormPlan) plan = corm_plan_new (planner->dialect->name);
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  g_autoptr (CormDiff) all = compare (planner, error);
  CormPlanner own = *planner;
  own.diff = all;
  for (guint i = 0; all != NULL && i < all->changes->len; i++) {
    const CormChange *change = all->changes->pdata[i];
    if (!corm_planner_allows (&own, all, change))
      leave_alone (left, change);
    else if (own.online && corm_planner_is_filled (&own, change)
                 ? !corm_planner_plan_filled (&own, all, change, plan, error)
                 : !plan_change (&own, all, change, plan, left, error))
      return NULL;
  }
  if (all == NULL)
    return NULL;
  if (own.online)
    corm_plan_gather (plan);
  add_differences (plan, left);
  if (diff != NULL)
    *diff = g_steal_pointer (&all);
  return g_steal_pointer (&plan);
}

CormPlan *
corm_schema_diff (CormConnection *conn, const CormSchema *from, const CormSchema *to, GError **error)
{
  g_return_val_if_fail (conn != NULL && from != NULL && to != NULL, NULL);
  CormPlanner planner = { .dialect = corm_connection_get_dialect (conn),
                          .live = from,
                          .to = to,
                          .wanted = to,
                          .level = CORM_APPROVAL_DESTRUCTIVE,
                          .conn = conn };
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
  CormPlan *plan = corm_planner_plan (&planner, NULL, error);
  if (plan != NULL) {
    plan->from = corm_schema_fingerprint (from);
    plan->to = corm_schema_fingerprint (to);
  }
  return plan;
}
