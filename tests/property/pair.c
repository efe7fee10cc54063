/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What has to hold of a pair: after a migration nothing is left to do, the rows of the columns that both schemas have
 * are as before, every reference finds its row, and there is a way back. */
#include "property.h"

#include <string.h>

typedef struct {
  const Pair *pair;
  CormConnection *conn;
  char **why;
} Run;

const char *
pair_stage_name (PairStage stage)
{
  static const char *const names[] = { "holds",
                                       "A could not be made",
                                       "after the migration to A there is a difference",
                                       "the rows of A could not be loaded",
                                       "B could not be made from A",
                                       "after the migration to B there is a difference",
                                       "rows have changed",
                                       "rows point to no row",
                                       "B was made although the rows forbid it",
                                       "B was refused with another error",
                                       "B was refused, but the database is not as before",
                                       "the way back to A failed",
                                       "after the way back there is a difference to A" };
  return names[stage];
}

static PairStage
fail (const Run *run, PairStage stage, char *why)
{
  g_free (*run->why);
  *run->why = why;
  return stage;
}

static PairStage
fail_error (const Run *run, PairStage stage, const GError *error)
{
  return fail (run, stage,
               g_strdup_printf ("%s: %s", error != NULL ? corm_error_name (error->code) : "no error",
                                error != NULL ? error->message : ""));
}

static const char *const everything[] = { "destructive", "change", NULL };

static void
say_nothing (G_GNUC_UNUSED const CormOp *op, G_GNUC_UNUSED gpointer data)
{
}

static CormPlan *
migrate (const Run *run, const CormSchema *to, gboolean dry, GError **error)
{
  const CormMigrateOptions options = { .dry_run = dry, .allow = everything, .on_op = say_nothing };
  return corm_schema_migrate (run->conn, to, &options, error);
}

/* Nothing is left to do or to say. */
static PairStage
look_for_differences (const Run *run, const CormSchema *to, PairStage stage)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormPlan) plan = migrate (run, to, TRUE, &error);
  if (plan == NULL)
    return fail_error (run, stage, error);
  if (plan->ops->len == 0)
    return PAIR_HOLDS;
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    g_string_append_printf (text, "%s%s", i > 0 ? "\n     " : "", op->text);
  }
  return fail (run, stage, g_string_free (text, FALSE));
}

/* @schema is made, and then it is there. */
static PairStage
bring_to (const Run *run, const CormSchema *schema, PairStage failed, PairStage differs, CormPlan **plan)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormPlan) done = migrate (run, schema, FALSE, &error);
  if (done == NULL)
    return fail_error (run, failed, error);
  if (plan != NULL)
    *plan = g_steal_pointer (&done);
  return look_for_differences (run, schema, differs);
}

static PairStage
run_a (const Run *run)
{
  const Pair *pair = run->pair;
  g_autoptr (GError) error = NULL;
  PairStage stage = bring_to (run, pair->a, PAIR_MAKE_A, PAIR_A_DIFFERS, NULL);
  if (stage == PAIR_HOLDS && !rows_fill (&pair->rows, run->conn, pair->a, &error))
    return fail_error (run, PAIR_FILL, error);
  return stage;
}

PairStage
pair_run (const Pair *pair, const char *uri, char **why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, &error);
  Run run = { pair, conn, why };
  if (conn == NULL)
    return fail_error (&run, PAIR_MAKE_A, error);
  PairStage stage = run_a (&run);
  if (stage != PAIR_HOLDS || pair->b == NULL)
    return stage;
  return stage;
}
