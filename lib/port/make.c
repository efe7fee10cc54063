/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A port that makes its tables. What is to be done stands in the ledger, step by step, before the first row moves; a step
 * and the ledger's word of it commit together. So a kill at any moment leaves a port that says how far it is, and is either
 * taken up there or dropped. */
#include "port/build.h"
#include "port/object.h"
#include "port/resume.h"
#include "port/sift.h"
#include "port/source.h"

#include "base/error.h"
#include "engine/lock.h"

#include <string.h>
#include <unistd.h>

#ifdef CORM_TINY
enum { DEFAULT_BATCH = 5, ROWS_PER_RANGE = 20 };
#else
enum { DEFAULT_BATCH = 200000, ROWS_PER_RANGE = 100000 };
#endif

typedef struct {
  CormPortJob *job;
  CormMigratorLock *lock;
  CormPortRecord record;
  GPtrArray *steps; /* CormPortStep */
  CormCopy copy;
  CormRejects *rejects;
  GPtrArray *filled; /* CormPair of what is copied, by the positions of job->pairs */
  gboolean begun;    /* the ledger is there, and is ours */
} Make;

static void
make_clear (Make *make)
{
  const CormDialect *dialect = corm_connection_get_dialect (make->job->to);
  if (dialect->keys_on != NULL && !corm_connection_in_transaction (make->job->to))
    (void) corm_connection_run (make->job->to, dialect->keys_on, NULL);
  g_clear_pointer (&make->rejects, corm_rejects_free);
  g_clear_pointer (&make->steps, g_ptr_array_unref);
  g_clear_pointer (&make->filled, g_ptr_array_unref);
  g_clear_pointer (&make->lock, corm_lock_free);
  corm_port_record_clear (&make->record);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Make, make_clear)

static CormBuild
build_on (Make *make, CormConnection *from, CormConnection *conn, GPtrArray *notes)
{
  return (CormBuild){
    .conn = conn,
    .from = from,
    .source = make->job->source,
    .schema = make->job->target,
    .translated = g_strcmp0 (make->job->source->dialect, corm_connection_get_dialect (conn)->name) != 0,
    .not_moved = notes,
    .report = make->job->report,
    .mark = corm_lock_get_mark (make->lock),
  };
}

/* --- the steps ----------------------------------------------------------------------------------------------- */

/* One range, or several of about ROWS_PER_RANGE rows where more than one hand waits for them. */
static gboolean
add_ranges (Make *make, const CormPair *pair, guint64 n_rows, GError **error)
{
  CormWalk walk;
  CormPortJob *job = make->job;
  gint64 least = 0, greatest = 0;
  gboolean any = FALSE;
  corm_walk_init (&walk, pair, corm_connection_get_dialect (job->from));
  guint64 n = job->crew->hands->len > 1 && walk.is_integer ? n_rows / ROWS_PER_RANGE : 1;
  if (n > 1 && !corm_source_ends (job->from, pair->source, corm_walk_key_name (&walk, 0), &least, &greatest,
                                  &any, error))
    return FALSE;
  guint64 span = (guint64) greatest - (guint64) least;
  n = any ? MIN (n, MAX (1, span)) : 1;
  g_autofree char *after = NULL;
  for (guint64 i = 0; i < n; i++) {
    CormPortStep *step = corm_port_step_new (CORM_STEP_ROWS, pair->target->name, (guint) i);
    step->after = g_steal_pointer (&after);
    if (i + 1 < n)
      step->until = corm_walk_key_of_int ((gint64) ((guint64) least + span / n * (i + 1)));
    after = g_strdup (step->until);
    g_ptr_array_add (make->steps, step);
  }
  return TRUE;
}

static gboolean
plan (Make *make, GError **error)
{
  CormPortJob *job = make->job;
  CormBuild build = build_on (make, job->from, job->to, job->report->not_moved);
  make->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_port_step_free);
  for (guint i = 0; !job->options->schema_only && i < job->pairs->len; i++)
    if (!add_ranges (make, g_ptr_array_index (make->filled, i),
                     ((CormTableReport *) g_ptr_array_index (job->report->tables, i))->source_rows, error))
      return FALSE;
  if (job->options->rejects != NULL && !job->options->schema_only)
    corm_sift_plan (job, make->steps);
  corm_build_plan (&build, make->steps);
  return TRUE;
}

static gboolean
begin_ledger (Make *make, GError **error)
{
  CormPortJob *job = make->job;
  CormBuild build = build_on (make, job->from, job->to, job->report->not_moved);
  make->record.source = g_strdup (corm_uri_get_public_text (corm_connection_get_link (job->from)->uri));
  make->record.fingerprint = corm_resume_fingerprint (job);
  make->record.began = corm_timestamp_to_text (corm_timestamp_now ());
  make->record.made = corm_build_undo (&build, error);
  return make->record.made != NULL && plan (make, error) &&
         corm_ledger_begin (job->to, &make->record, make->steps, error);
}

/* The ledger and the tables, in one transaction where DDL can be in one. */
static gboolean
begin (Make *make, GError **error)
{
  CormPortJob *job = make->job;
  CormBuild build = build_on (make, job->from, job->to, job->report->not_moved);
  gboolean whole = (corm_connection_get_dialect (job->to)->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  g_autoptr (CormTransaction) write =
      whole ? corm_transaction_begin (job->to, CORM_TRANSACTION_WRITE, error) : NULL;
  if (whole && write == NULL)
    return FALSE;
  if (!begin_ledger (make, error)) {
    make->begun = !whole && corm_ledger_is_there (job->to);
    return FALSE;
  }
  make->begun = !whole;
  if (!corm_build_tables (&build, error) || !corm_ledger_set_tables (job->to, error) ||
      (whole && !corm_transaction_commit (write, error)))
    return FALSE;
  make->begun = TRUE;
  return TRUE;
}

/* --- what a hand does ----------------------------------------------------------------------------------------- */

static gboolean
copy_step (Make *make, CormHand *hand, CormPortStep *step, GError **error)
{
  for (guint i = 0; i < make->filled->len; i++) {
    const CormPair *pair = g_ptr_array_index (make->filled, i);
    const CormTableReport *report = g_ptr_array_index (make->job->report->tables, i);
    if (strcmp (pair->target->name, step->table) != 0)
      continue;
    gint64 began = g_get_monotonic_time ();
    gboolean done = corm_copy_range (&make->copy, hand, pair, report->source_rows, step, error);
    step->spent += g_get_monotonic_time () - began;
    return done;
  }
  g_set_error (error, CORM_ERROR, CORM_ERROR_STALE, "the port's steps speak of a table %s that is not moved",
               step->table);
  return FALSE;
}

/* A part that was left out is remembered with its step: a port that is taken up tells of it too. */
static gboolean
build_step (Make *make, CormHand *hand, CormPortStep *step, GError **error)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  CormBuild build = build_on (make, hand->from, hand->to, notes);
  gboolean whole = (corm_connection_get_dialect (hand->to)->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  g_autoptr (CormTransaction) write =
      whole ? corm_transaction_begin (hand->to, CORM_TRANSACTION_WRITE, error) : NULL;
  if ((whole && write == NULL) || !corm_build_step (&build, step, error))
    return FALSE;
  step->state = CORM_STEP_FINISHED;
  step->last = notes->len > 0 ? g_strdup (g_ptr_array_index (notes, 0)) : NULL;
  corm_meter_tell (&make->job->meter, CORM_PORT_INDEXES, step->table, 0, 0, 0, 0);
  return corm_ledger_save (hand->to, step, error) && (!whole || corm_transaction_commit (write, error));
}

static gboolean
work (CormHand *hand, gpointer piece, gpointer data, GError **error)
{
  Make *make = data;
  CormPortStep *step = piece;
  return step->kind == CORM_STEP_ROWS ? copy_step (make, hand, step, error)
                                      : build_step (make, hand, step, error);
}

/* Rows that come in the order of the primary key are in no order for other keys: there two hands lock each other's gaps, where
 * keys are there before the rows. */
static gboolean
has_early_uniques (const Make *make, const char *name)
{
  const CormTable *table = corm_schema_find_table (make->job->target, name);
  gboolean late = (corm_connection_get_dialect (make->job->to)->caps & CORM_CAP_LATE_KEYS) != 0;
  return !late && table != NULL && table->uniques->len > 0;
}

static gboolean
clash (gconstpointer piece, gconstpointer other, gpointer data)
{
  const Make *make = data;
  const CormBuild build = { .conn = make->job->to, .schema = make->job->target };
  const CormPortStep *step = piece, *at_it = other;
  if (step->kind != CORM_STEP_ROWS)
    return corm_build_clash (&build, piece, other);
  return strcmp (step->table, at_it->table) == 0 && has_early_uniques (make, step->table);
}

/* What is too many is said when it has been written down. */
static gboolean
sift (Make *make, GError **error)
{
  guint64 n_rows = 0;
  return corm_sift_tables (make->job, make->steps, &n_rows, error) &&
         (make->rejects == NULL || corm_rejects_count (make->rejects, n_rows, error));
}

/* Kind by kind: keys need the indexes, and both the rows. Objects need each other, and come one by one. */
static gboolean
run_kind (Make *make, CormStepKind kind, GError **error)
{
  g_autoptr (GPtrArray) pieces = g_ptr_array_new ();
  for (guint i = 0; i < make->steps->len; i++) {
    CormPortStep *step = g_ptr_array_index (make->steps, i);
    if (step->kind != kind || step->state == CORM_STEP_FINISHED)
      continue;
    g_ptr_array_add (pieces, step);
    if (kind == CORM_STEP_OBJECT && !corm_crew_run (make->job->crew, pieces, work, NULL, make, error))
      return FALSE;
    g_ptr_array_set_size (pieces, kind == CORM_STEP_OBJECT ? 0 : (gint) pieces->len);
  }
  return corm_crew_run (make->job->crew, pieces, work, clash, make, error);
}

static gboolean
run_steps (Make *make, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (make->job->to);
  make->copy = (CormCopy){
    .crew = make->job->crew,
    .meter = &make->job->meter,
    .rejects = make->rejects,
    .batch = make->job->options->batch > 0 ? make->job->options->batch : DEFAULT_BATCH,
  };
  gboolean has_keys = (dialect->caps & CORM_CAP_ALTER_ADD_CONSTRAINT) == 0; /* they came with their tables */
  for (guint i = 0; has_keys && dialect->keys_off != NULL && i < make->job->crew->hands->len; i++)
    if (!corm_connection_run (((CormHand *) g_ptr_array_index (make->job->crew->hands, i))->to,
                              dialect->keys_off, error))
      return FALSE;
  if (!run_kind (make, CORM_STEP_ROWS, error) || !sift (make, error))
    return FALSE;
  for (CormStepKind kind = CORM_STEP_INDEX; kind <= CORM_STEP_OBJECT; kind++)
    if (!run_kind (make, kind, error))
      return FALSE;
  return corm_build_check_keys (make->job->to, error);
}

/* --- the end --------------------------------------------------------------------------------------------------- */

static void
report_steps (Make *make)
{
  CormPortReport *report = make->job->report;
  for (guint t = 0; t < report->tables->len; t++) {
    CormTableReport *table = g_ptr_array_index (report->tables, t);
    const CormPair *pair = g_ptr_array_index (make->filled, t);
    table->source_rows = table->target_rows = table->rejected = table->bytes = 0;
    for (guint i = 0; i < make->steps->len; i++) {
      const CormPortStep *step = g_ptr_array_index (make->steps, i);
      gboolean has_rows = step->kind == CORM_STEP_ROWS || step->kind == CORM_STEP_SIFT;
      if (!has_rows || strcmp (step->table, pair->target->name) != 0)
        continue;
      table->source_rows += step->rows;
      table->rejected += step->rejected;
      table->bytes += step->bytes;
      table->seconds += (double) step->spent / G_USEC_PER_SEC;
    }
    table->target_rows = table->source_rows - table->rejected;
  }
  for (guint i = 0; i < make->steps->len; i++) {
    const CormPortStep *step = g_ptr_array_index (make->steps, i);
    if (step->kind > CORM_STEP_SIFT && step->last != NULL)
      g_ptr_array_add (report->not_moved, g_strdup (step->last));
  }
  corm_port_settle_steps (make->job, make->steps);
}

static gboolean
write_rejects (Make *make, GError **error)
{
  if (make->rejects == NULL)
    return TRUE;
  int fd = corm_rejects_create (make->rejects, error);
  return fd >= 0 &&
         corm_ledger_write_rejects (make->job->to, fd, corm_rejects_get_path (make->rejects), error) &&
         corm_rejects_close (g_steal_pointer (&make->rejects), error);
}

/* A port that stopped is dropped, or stays to be taken up; the error says which. */
static gboolean
stop (Make *make, GError *why, GError **error)
{
  g_autoptr (GError) undo = NULL;
  if (!make->begun) {
    g_propagate_prefixed_error (error, why, "nothing was changed in the target: ");
    return FALSE;
  }
  if (corm_error_may_pass (why)) {
    g_propagate_error (error, why);
    g_prefix_error (error, "the port is half-done (resume it, or restart to drop what it made): ");
    return FALSE;
  }
  if (make->rejects != NULL && corm_rejects_any (make->rejects) && !write_rejects (make, &undo)) {
    g_prefix_error (&why, "%s; ", undo->message);
    g_clear_error (&undo);
  }
  if (corm_ledger_undo (make->job->to, &make->record, &undo)) {
    g_propagate_prefixed_error (error, why, "nothing was changed in the target: ");
    return FALSE;
  }
  g_propagate_error (error, why);
  g_prefix_error (error, "the target still has what the port made (%s); restart to drop it: ", undo->message);
  return FALSE;
}

static gboolean
finish (Make *make, GError **error)
{
  CormPortJob *job = make->job;
  report_steps (make);
  if (job->options->verify && !job->options->schema_only) {
    if (!corm_sift_remember (job->to, job->pairs, error) || !corm_port_prove (job, error))
      return FALSE;
    if (!job->report->equal)
      return corm_ledger_undo (job->to, &make->record, error);
  }
  return write_rejects (make, error) && corm_ledger_drop (job->to, error);
}

/* --- the beginning --------------------------------------------------------------------------------------------- */

/* *@resume: whether there is a port to go on with. */
static gboolean
look (Make *make, CormSchema **live, gboolean *resume, GError **error)
{
  gboolean found = FALSE;
  CormPortJob *job = make->job;
  *live = corm_schema_inspect (job->to, error);
  if (*live == NULL || !corm_ledger_find (job->to, *live, &make->record, &found, error))
    return FALSE;
  if (found && make->record.has_tables && corm_schema_find_table (*live, "corm_port_steps") == NULL) {
    found = FALSE; /* killed behind its last step */
    if (!corm_ledger_drop (job->to, error))
      return FALSE;
  }
  if (found && !job->options->resume && !job->options->restart)
    return corm_ledger_refuse (&make->record, error);
  gboolean has_begun = found && make->record.made != NULL;
  *resume = has_begun && job->options->resume && make->record.has_tables;
  if (!found || *resume)
    return TRUE;
  if (!corm_ledger_undo (job->to, &make->record, error))
    return FALSE;
  corm_port_record_clear (&make->record);
  g_clear_pointer (live, corm_schema_free);
  *live = corm_schema_inspect (job->to, error);
  return *live != NULL;
}

static gboolean
take_up (Make *make, const CormSchema *live, GError **error)
{
  CormPortJob *job = make->job;
  g_autofree char *now = corm_resume_fingerprint (job);
  if (g_strcmp0 (now, make->record.fingerprint) != 0) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_STALE,
        "the port of %s was begun with other tables, options or structure of the source than now: give "
        "the same, or restart to drop what it made",
        make->record.source);
    return FALSE;
  }
  make->steps = corm_ledger_take (job->to, error);
  if (make->steps == NULL)
    return FALSE;
  CormBuild build = build_on (make, job->from, job->to, job->report->not_moved);
  for (guint i = 0; i < make->steps->len; i++) {
    CormPortStep *step = g_ptr_array_index (make->steps, i);
    if (step->state != CORM_STEP_FINISHED && corm_build_is_done (&build, step, live))
      step->state = CORM_STEP_FINISHED;
    if (make->rejects != NULL && !corm_rejects_count (make->rejects, step->rejected, error))
      return FALSE;
  }
  return corm_resume_check (job, make->filled, make->steps, error);
}

static gboolean
prepare (Make *make, GError **error)
{
  gboolean resume = FALSE;
  CormPortJob *job = make->job;
  g_autoptr (CormSchema) live = NULL;
  if (!look (make, &live, &resume, error) || !corm_port_settle (job, live, resume, error))
    return FALSE;
  make->filled = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_pair_free);
  for (guint i = 0; i < job->pairs->len; i++) {
    const CormPair *pair = g_ptr_array_index (job->pairs, i);
    CormTableReport *table = g_ptr_array_index (job->report->tables, i);
    CormPair *filled = corm_pair_copy (pair);
    corm_pair_drop_generated (filled);
    g_ptr_array_add (make->filled, filled);
    if (!corm_source_count (job->from, pair->source, &table->source_rows, error))
      return FALSE;
    job->meter.state.all_total += table->source_rows;
  }
  if (job->options->rejects != NULL &&
      (make->rejects = corm_rejects_new (job->options->rejects, job->options->max_rejects, error)) == NULL)
    return FALSE;
  if (!resume)
    return begin (make, error);
  return take_up (make, live, error);
}

gboolean
corm_port_make (CormPortJob *job, GError **error)
{
  g_auto (Make) make = { .job = job };
  GError *why = NULL;
  make.lock = corm_lock_take (job->to, 0, error);
  if (make.lock == NULL)
    return FALSE;
  if (!prepare (&make, &why)) {
    if (make.begun)
      return stop (&make, why, error);
    g_propagate_error (error, why);
    return FALSE;
  }
  make.begun = TRUE;
  return (run_steps (&make, &why) && finish (&make, &why)) || stop (&make, why, error);
}
