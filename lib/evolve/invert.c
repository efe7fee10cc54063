/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The way back: each kind has one that undoes it, and both sides change places. */
#include "evolve/planner.h"
#include "render/ddl.h"

#include <string.h>

static const CormOpKind inverses[CORM_N_OP_KINDS] = {
  [CORM_OP_CREATE_ENUM] = CORM_OP_DROP_ENUM,
  [CORM_OP_ADD_LABEL] = CORM_OP_CHANGE_ENUM,
  [CORM_OP_CHANGE_ENUM] = CORM_OP_CHANGE_ENUM,
  [CORM_OP_DROP_ENUM] = CORM_OP_CREATE_ENUM,
  [CORM_OP_CREATE_TABLE] = CORM_OP_DROP_TABLE,
  [CORM_OP_RENAME_TABLE] = CORM_OP_RENAME_TABLE,
  [CORM_OP_DROP_TABLE] = CORM_OP_CREATE_TABLE,
  [CORM_OP_SET_OPTIONS] = CORM_OP_SET_OPTIONS,
  [CORM_OP_ADD_COLUMN] = CORM_OP_DROP_COLUMN,
  [CORM_OP_RENAME_COLUMN] = CORM_OP_RENAME_COLUMN,
  [CORM_OP_DROP_COLUMN] = CORM_OP_ADD_COLUMN,
  [CORM_OP_SET_TYPE] = CORM_OP_SET_TYPE,
  [CORM_OP_BACKFILL] = CORM_OP_DIFFERS, /* which rows had none is not known any more */
  [CORM_OP_SET_NOT_NULL] = CORM_OP_DROP_NOT_NULL,
  [CORM_OP_DROP_NOT_NULL] = CORM_OP_SET_NOT_NULL,
  [CORM_OP_SET_DEFAULT] = CORM_OP_SET_DEFAULT,
  [CORM_OP_DROP_DEFAULT] = CORM_OP_SET_DEFAULT,
  [CORM_OP_SET_GENERATED] = CORM_OP_SET_GENERATED,
  [CORM_OP_DROP_GENERATED] = CORM_OP_SET_GENERATED,
  [CORM_OP_SET_IDENTITY] = CORM_OP_SET_IDENTITY,
  [CORM_OP_ADD_PRIMARY_KEY] = CORM_OP_DROP_PRIMARY_KEY,
  [CORM_OP_DROP_PRIMARY_KEY] = CORM_OP_ADD_PRIMARY_KEY,
  [CORM_OP_ADD_UNIQUE] = CORM_OP_DROP_UNIQUE,
  [CORM_OP_DROP_UNIQUE] = CORM_OP_ADD_UNIQUE,
  [CORM_OP_ADD_FOREIGN_KEY] = CORM_OP_DROP_FOREIGN_KEY,
  [CORM_OP_DROP_FOREIGN_KEY] = CORM_OP_ADD_FOREIGN_KEY,
  [CORM_OP_ADD_CHECK] = CORM_OP_DROP_CHECK,
  [CORM_OP_DROP_CHECK] = CORM_OP_ADD_CHECK,
  [CORM_OP_VALIDATE] = CORM_OP_DIFFERS,
  [CORM_OP_CREATE_INDEX] = CORM_OP_DROP_INDEX,
  [CORM_OP_DROP_INDEX] = CORM_OP_CREATE_INDEX,
  [CORM_OP_SET_COMMENT] = CORM_OP_SET_COMMENT,
  [CORM_OP_CREATE_OBJECT] = CORM_OP_DROP_OBJECT,
  [CORM_OP_DROP_OBJECT] = CORM_OP_CREATE_OBJECT,
  [CORM_OP_DIFFERS] = CORM_OP_DIFFERS,
};

gboolean
corm_change_invert (const CormChange *change, CormChange *inverse)
{
  *inverse = *change;
  inverse->kind = inverses[change->kind];
  inverse->table = change->live;
  inverse->live = change->table;
  inverse->part = change->is;
  inverse->is = change->part;
  if (change->kind == CORM_OP_RENAME_COLUMN || change->kind == CORM_OP_RENAME_TABLE) {
    inverse->name = change->was;
    inverse->was = change->name != NULL ? change->name : change->table->name;
  }
  if (inverse->kind == CORM_OP_SET_DEFAULT && !corm_diff_has_default (change->is))
    inverse->kind = CORM_OP_DROP_DEFAULT;
  if (inverse->kind == CORM_OP_SET_GENERATED && ((const CormTableColumn *) change->is)->generated_sql == NULL)
    inverse->kind = CORM_OP_DROP_GENERATED;
  if (inverse->kind == CORM_OP_SET_COMMENT) {
    inverse->comment = change->was;
    inverse->was = change->comment;
  }
  /* An object that took the place of another gives it back. */
  if (change->kind == CORM_OP_CREATE_OBJECT && change->is != NULL)
    inverse->kind = CORM_OP_CREATE_OBJECT;
  return inverse->kind != CORM_OP_DIFFERS;
}

void
corm_planner_invert (const CormPlanner *planner, const CormDiff *diff, CormPlanner *back)
{
  *back = *planner;
  back->live = planner->to;
  back->to = back->wanted = diff->from;
}

/* --- what hangs on a table that comes back */

static gboolean
drops_object (const CormDiff *diff, const char *kind, const char *name)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    const CormSchemaObject *is = change->is;
    if (change->kind == CORM_OP_DROP_OBJECT && strcmp (is->kind, kind) == 0 && strcmp (is->name, name) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The triggers that no other operation has dropped. */
static void
restore_triggers (const CormDiff *diff, const CormTable *table, GPtrArray *sql)
{
  for (guint i = 0; i < diff->from->objects->len; i++) {
    const CormSchemaObject *object = diff->from->objects->pdata[i];
    if (object->table != NULL && object->sql != NULL &&
        corm_diff_same_name (diff, object->table, table->name) &&
        !drops_object (diff, object->kind, object->name))
      g_ptr_array_add (sql, g_strdup (object->sql));
  }
}

void
corm_planner_restore (const CormPlanner *planner, const CormDiff *diff, const CormTable *table,
                      GPtrArray *sql, GError **error)
{
  for (guint i = 0; i < table->indexes->len; i++)
    if (!corm_render_create_index (sql, planner->dialect, table, table->indexes->pdata[i], error))
      return;
  restore_triggers (diff, table, sql);
}
