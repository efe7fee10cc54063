/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What an operation costs: locks and hazards of its kind, where rows may be there. A dialect knows its own; what is true
 * of every database stands here. */
#include "evolve/planner.h"

static const guint standard[CORM_N_OP_KINDS] = {
  [CORM_OP_CHANGE_ENUM] = CORM_HAZARD_REWRITES | CORM_HAZARD_BLOCKS_READS | CORM_HAZARD_BLOCKS_WRITES |
                          CORM_HAZARD_DATA_DEPENDENT,
  [CORM_OP_RENAME_TABLE] = CORM_HAZARD_INCOMPATIBLE,
  [CORM_OP_RENAME_COLUMN] = CORM_HAZARD_INCOMPATIBLE,
  [CORM_OP_DROP_TABLE] = CORM_HAZARD_LOSES_DATA | CORM_HAZARD_INCOMPATIBLE,
  [CORM_OP_DROP_COLUMN] = CORM_HAZARD_LOSES_DATA | CORM_HAZARD_INCOMPATIBLE,
  [CORM_OP_SET_TYPE] = CORM_HAZARD_REWRITES | CORM_HAZARD_BLOCKS_WRITES | CORM_HAZARD_DATA_DEPENDENT,
  [CORM_OP_BACKFILL] = CORM_HAZARD_REWRITES,
  [CORM_OP_SET_NOT_NULL] = CORM_HAZARD_SCANS | CORM_HAZARD_BLOCKS_WRITES | CORM_HAZARD_DATA_DEPENDENT,
  [CORM_OP_SET_GENERATED] = CORM_HAZARD_REWRITES | CORM_HAZARD_BLOCKS_WRITES,
  [CORM_OP_ADD_PRIMARY_KEY] = CORM_HAZARD_SCANS | CORM_HAZARD_BLOCKS_WRITES | CORM_HAZARD_DATA_DEPENDENT,
  [CORM_OP_ADD_UNIQUE] = CORM_HAZARD_SCANS | CORM_HAZARD_BLOCKS_WRITES | CORM_HAZARD_DATA_DEPENDENT,
  [CORM_OP_ADD_FOREIGN_KEY] = CORM_HAZARD_SCANS | CORM_HAZARD_BLOCKS_WRITES | CORM_HAZARD_DATA_DEPENDENT,
  [CORM_OP_ADD_CHECK] = CORM_HAZARD_SCANS | CORM_HAZARD_BLOCKS_WRITES | CORM_HAZARD_DATA_DEPENDENT,
  [CORM_OP_VALIDATE] = CORM_HAZARD_SCANS | CORM_HAZARD_DATA_DEPENDENT,
  [CORM_OP_CREATE_INDEX] = CORM_HAZARD_SCANS | CORM_HAZARD_BLOCKS_WRITES,
};

static const struct {
  CormHazard hazard;
  const char *words;
} sentences[] = {
  { CORM_HAZARD_LOSES_DATA, "what it holds is lost" },
  { CORM_HAZARD_REWRITES, "every row is written" },
  { CORM_HAZARD_SCANS, "every row is read" },
  { CORM_HAZARD_BLOCKS_READS, "readers of the table wait" },
  { CORM_HAZARD_BLOCKS_WRITES, "writers of the table wait" },
  { CORM_HAZARD_DATA_DEPENDENT, "rows that are there may refuse it" },
  { CORM_HAZARD_INCOMPATIBLE, "programs that know the old form fail" },
};

static char *
describe (guint hazards)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (hazards & sentences[i].hazard)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", sentences[i].words);
  return g_string_free (text, text->len == 0);
}

/* Whether the value of a new column has to be worked out for every row. */
static gboolean
writes_rows (const CormChange *change)
{
  const CormTableColumn *column = change->part;
  return change->kind == CORM_OP_ADD_COLUMN &&
         (column->default_kind == CORM_DEFAULT_SQL || column->generated_stored || column->auto_increment);
}

static const char *
object_lock (const CormDialect *dialect, const char *kind)
{
  for (const char *const *pair = dialect->object_locks; pair != NULL && pair[0] != NULL; pair += 2)
    if (g_str_equal (pair[0], kind))
      return pair[1];
  return NULL;
}

static const char *
lock_of (const CormPlanner *planner, const CormOp *op)
{
  const CormDialect *dialect = planner->dialect;
  if (op->object != NULL)
    return object_lock (dialect, op->object);
  if (op->kind == CORM_OP_SET_OPTIONS && dialect->options_lock != NULL)
    return dialect->options_lock (op->sql);
  return planner->online && dialect->locks_online[op->kind] != NULL ? dialect->locks_online[op->kind]
                                                                    : dialect->locks[op->kind];
}

static guint
hazards_of (const CormPlanner *planner, CormOpKind kind)
{
  const CormDialect *dialect = planner->dialect;
  guint usual = dialect->hazards[kind] != 0 ? dialect->hazards[kind] : standard[kind];
  return planner->online && dialect->alter_online[kind] != NULL ? dialect->hazards_online[kind] : usual;
}

static gboolean
keeps_rows (const CormPlanner *planner, const CormChange *change)
{
  const CormTableColumn *should = change->part;
  return change->kind == CORM_OP_SET_TYPE && planner->dialect->keeps_rows != NULL &&
         should->convert == NULL && planner->dialect->keeps_rows (change->is, should);
}

void
corm_planner_weigh (const CormPlanner *planner, const CormChange *change, CormOp *op)
{
  if (change->live == NULL && op->object == NULL)
    return;
  op->lock = g_strdup (lock_of (planner, op));
  op->hazards |= keeps_rows (planner, change) ? 0 : hazards_of (planner, op->kind);
  if (writes_rows (change))
    op->hazards |= CORM_HAZARD_REWRITES;
  if (op->approval == CORM_APPROVAL_DESTRUCTIVE && op->object == NULL)
    op->hazards |= CORM_HAZARD_LOSES_DATA;
  if (op->hazard == NULL && op->hazards != 0)
    op->hazard = describe (op->hazards);
}
