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
                                       "something of A was not made",
                                       "the rows of A could not be loaded",
                                       "B could not be made from A",
                                       "after the migration to B there is a difference",
                                       "rows have changed",
                                       "rows point to no row",
                                       "B was made although the rows forbid it",
                                       "B was refused with another error",
                                       "B was refused, but the database is not as before",
                                       "the way back to A failed",
                                       "after the way back there is a difference to A",
                                       "rows have changed on the way back" };
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
look_for_losses (const Run *run, const CormSchema *wanted, PairStage stage)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) live = corm_schema_inspect (run->conn, &error);
  if (live == NULL)
    return fail_error (run, stage, error);
  char *lost = faithful_find_loss (run->pair->rows.dialect, wanted, live);
  return lost == NULL ? PAIR_HOLDS : fail (run, stage, lost);
}

static PairStage
run_a (const Run *run)
{
  const Pair *pair = run->pair;
  g_autoptr (GError) error = NULL;
  PairStage stage = bring_to (run, pair->a, PAIR_MAKE_A, PAIR_A_DIFFERS, NULL);
  if (stage == PAIR_HOLDS)
    stage = look_for_losses (run, pair->a, PAIR_A_LACKS);
  if (stage == PAIR_HOLDS && !rows_fill (&pair->rows, run->conn, pair->a, &error))
    return fail_error (run, PAIR_FILL, error);
  return stage;
}

/* --- rows */

/* What the rows of a table are before and after: of the columns that both have. Where the change converts, the rows that
 * are there say what it gives. */
typedef struct {
  const CormTable *before, *after;
  GPtrArray *expressions; /* over the table as it was */
  GPtrArray *names;       /* over the table as it is */
  GPtrArray *rows;
} Shared;

static void
shared_free (gpointer data)
{
  Shared *shared = data;
  g_ptr_array_unref (shared->expressions);
  g_ptr_array_unref (shared->names);
  g_clear_pointer (&shared->rows, g_ptr_array_unref);
  g_free (shared);
}

/* What is generated is compared where its expression is the same, and nothing that it may read was converted. */
static gboolean
is_comparable (const CormTable *table, const CormTableColumn *before, const CormTableColumn *after)
{
  if (before->generated_sql == NULL && after->generated_sql == NULL)
    return TRUE;
  for (guint i = 0; i < table->columns->len; i++)
    if (((const CormTableColumn *) table->columns->pdata[i])->convert != NULL)
      return FALSE;
  return g_strcmp0 (before->generated_sql, after->generated_sql) == 0;
}

static Shared *
share (const Run *run, const CormTable *before, const CormTable *after)
{
  const CormDialect *dialect = run->pair->rows.dialect;
  Shared *shared = g_new0 (Shared, 1);
  *shared = (Shared){ before, after, g_ptr_array_new_with_free_func (g_free),
                      g_ptr_array_new_with_free_func (g_free), NULL };
  for (guint i = 0; i < before->columns->len; i++) {
    const CormTableColumn *column = before->columns->pdata[i];
    const CormTableColumn *next = schema_find_next_column (after, before, column);
    if (next == NULL || !is_comparable (after, column, next))
      continue;
    g_ptr_array_add (shared->expressions,
                     next->convert != NULL ? g_strdup (next->convert) : texts_quote (dialect, column->name));
    g_ptr_array_add (shared->names, texts_quote (dialect, next->name));
  }
  return shared;
}

/* The rows of all tables that both schemas have, as they are now. */
static GPtrArray *
remember (const Run *run, const CormSchema *from, const CormSchema *to, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (shared_free);
  for (guint i = 0; i < from->tables->len; i++) {
    const CormTable *before = from->tables->pdata[i];
    const CormTable *after = schema_find_successor (to, from, before);
    if (after == NULL)
      continue;
    Shared *shared = share (run, before, after);
    g_ptr_array_add (all, shared);
    shared->rows = read_rows (run->conn, before->name, shared->expressions, error);
    if (shared->rows == NULL)
      return NULL;
  }
  return g_steal_pointer (&all);
}

static PairStage
compare_table (const Run *run, const Shared *shared, PairStage stage)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = read_rows (run->conn, shared->after->name, shared->names, &error);
  if (rows == NULL)
    return fail_error (run, stage, error);
  if (rows->len != shared->rows->len)
    return fail (run, stage,
                 g_strdup_printf ("table %s has %u rows, and had %u", shared->after->name, rows->len,
                                  shared->rows->len));
  for (guint i = 0; i < rows->len; i++)
    if (strcmp (rows->pdata[i], shared->rows->pdata[i]) != 0)
      return fail (run, stage,
                   g_strdup_printf ("a row of table %s was\n     %s\n  and is\n     %s", shared->after->name,
                                    (char *) shared->rows->pdata[i], (char *) rows->pdata[i]));
  return PAIR_HOLDS;
}

static PairStage
compare_rows (const Run *run, const GPtrArray *remembered, PairStage stage)
{
  PairStage result = PAIR_HOLDS;
  for (guint i = 0; result == PAIR_HOLDS && i < remembered->len; i++)
    result = compare_table (run, remembered->pdata[i], stage);
  return result;
}

static PairStage
look_for_orphans (const Run *run, const CormSchema *schema)
{
  g_autoptr (GError) error = NULL;
  gint64 n = 0;
  if (!read_orphans (run->conn, schema, &n, &error))
    return fail_error (run, PAIR_ORPHANS, error);
  return n == 0 ? PAIR_HOLDS : fail (run, PAIR_ORPHANS, g_strdup_printf ("%d of them", (int) n));
}

/* --- to B */

static PairStage
expect_refusal (const Run *run)
{
  g_autoptr (GError) error = NULL, other = NULL;
  g_autofree char *before = read_all (run->conn, &other);
  g_autoptr (CormPlan) plan = migrate (run, run->pair->b, FALSE, &error);
  if (plan != NULL)
    return fail (run, PAIR_NOT_REFUSED, g_strdup (corm_error_name (run->pair->refusal)));
  if (error->code != (int) run->pair->refusal)
    return fail_error (run, PAIR_REFUSED_OTHERWISE, error);
  g_autofree char *after = read_all (run->conn, &other);
  return g_strcmp0 (before, after) == 0 ? PAIR_HOLDS : fail_error (run, PAIR_NOT_AS_BEFORE, error);
}

static PairStage
run_b (const Run *run, CormPlan **plan)
{
  const Pair *pair = run->pair;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) remembered = remember (run, pair->a, pair->b, &error);
  if (remembered == NULL)
    return fail_error (run, PAIR_FILL, error);
  PairStage stage = bring_to (run, pair->b, PAIR_MAKE_B, PAIR_B_DIFFERS, plan);
  if (stage == PAIR_HOLDS)
    stage = compare_rows (run, remembered, PAIR_ROWS);
  return stage == PAIR_HOLDS ? look_for_orphans (run, pair->b) : stage;
}

/* --- and back */

/* Something of A is not in B, or is something else there: what is lost does not come back. */
static gboolean
is_lossy (const Pair *pair)
{
  for (guint i = 0; i < pair->a->tables->len; i++) {
    const CormTable *before = pair->a->tables->pdata[i];
    const CormTable *after = schema_find_successor (pair->b, pair->a, before);
    for (guint c = 0; after != NULL && c < before->columns->len; c++) {
      const CormTableColumn *column = before->columns->pdata[c];
      const CormTableColumn *next = schema_find_next_column (after, before, column);
      if (column->generated_sql == NULL &&
          (next == NULL || next->convert != NULL || next->generated_sql != NULL))
        return TRUE;
    }
    if (after == NULL)
      return TRUE;
  }
  return FALSE;
}

/* A, told what its tables and columns are called in B. */
static CormSchema *
turn_round (const Pair *pair)
{
  CormSchema *back = schema_copy (pair->a);
  for (guint i = 0; i < pair->a->tables->len; i++) {
    const CormTable *before = pair->a->tables->pdata[i];
    const CormTable *after = schema_find_successor (pair->b, pair->a, before);
    CormTable *table = back->tables->pdata[i];
    if (after != NULL && strcmp (after->name, before->name) != 0)
      table->was = g_strdup (after->name);
    for (guint c = 0; after != NULL && c < before->columns->len; c++) {
      const CormTableColumn *column = before->columns->pdata[c];
      const CormTableColumn *next = schema_find_next_column (after, before, column);
      if (next != NULL && strcmp (next->name, column->name) != 0)
        ((CormTableColumn *) table->columns->pdata[c])->was = g_strdup (next->name);
    }
  }
  return back;
}

static gboolean
run_text (const Run *run, const char *sql, GError **error)
{
  if (sql == NULL || corm_execute (run->conn, sql, NULL, NULL, error))
    return TRUE;
  g_prefix_error (error, "%s: ", sql);
  return FALSE;
}

/* The reverse of each operation, the last first. */
static gboolean
run_reverse (const Run *run, const CormPlan *plan, GError **error)
{
  const CormDialect *dialect = run->pair->rows.dialect;
  gboolean transaction = (dialect->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  gboolean ok =
      run_text (run, dialect->before_rebuild, error) && run_text (run, transaction ? "BEGIN" : NULL, error);
  for (guint i = plan->ops->len; ok && i-- > 0;) {
    const CormOp *op = plan->ops->pdata[i];
    for (guint s = 0; ok && s < op->reverse->len; s++)
      ok = run_text (run, op->reverse->pdata[s], error);
    if (!ok)
      g_prefix_error (error, "reverse of \"%s\": ", op->text);
  }
  return ok && run_text (run, transaction ? "COMMIT" : NULL, error) &&
         run_text (run, dialect->after_rebuild, error);
}

static PairStage
run_back (const Run *run, const CormPlan *plan)
{
  const Pair *pair = run->pair;
  g_autoptr (GError) error = NULL;
  gboolean lossy = is_lossy (pair);
  g_autoptr (CormSchema) back = turn_round (pair);
  if (lossy && !rows_empty (run->conn, pair->b, &error))
    return fail_error (run, PAIR_BACK, error);
  g_autoptr (GPtrArray) remembered = remember (run, pair->b, back, &error);
  if (remembered == NULL)
    return fail_error (run, PAIR_BACK, error);
  if (pair->by_reverse && !run_reverse (run, plan, &error))
    return fail_error (run, PAIR_BACK, error);
  PairStage stage = pair->by_reverse ? look_for_differences (run, pair->a, PAIR_BACK_DIFFERS)
                                     : bring_to (run, back, PAIR_BACK, PAIR_BACK_DIFFERS, NULL);
  return stage == PAIR_HOLDS ? compare_rows (run, remembered, PAIR_BACK_ROWS) : stage;
}

PairStage
pair_run (const Pair *pair, const char *uri, char **why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormPlan) plan = NULL;
  g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, &error);
  Run run = { pair, conn, why };
  if (conn == NULL)
    return fail_error (&run, PAIR_MAKE_A, error);
  PairStage stage = run_a (&run);
  if (stage != PAIR_HOLDS || pair->b == NULL)
    return stage;
  if (pair->refusal != 0)
    return expect_refusal (&run);
  stage = run_b (&run, &plan);
  return stage == PAIR_HOLDS ? run_back (&run, plan) : stage;
}
