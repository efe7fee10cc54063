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

void
corm_plan_weigh (CormOp *op, const CormDialect *dialect, const CormChange *change)
{
  if (change->live == NULL && change->kind != CORM_OP_DROP_OBJECT)
    return;
  op->lock = g_strdup (dialect->locks[op->kind]);
  op->hazards |= dialect->hazards[op->kind] != 0 ? dialect->hazards[op->kind] : standard[op->kind];
  if (writes_rows (change))
    op->hazards |= CORM_HAZARD_REWRITES;
  if (op->approval == CORM_APPROVAL_DESTRUCTIVE)
    op->hazards |= CORM_HAZARD_LOSES_DATA;
  if (op->hazard == NULL && op->hazards != 0)
    op->hazard = describe (op->hazards);
}
