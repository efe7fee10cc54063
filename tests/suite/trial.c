/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See trial.h. */
#include "trial.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_MS = 100 };

typedef struct {
  guint n_tried, n_struck, n_before, n_after, n_between, n_unknown;
} Tally;

typedef struct {
  const Scenario *scenario;
  const Site *site;
  const Fault *fault;
  char *before, *after;
  gboolean in_steps; /* a failure may leave it between */
  Tally tally;
} Trial;

/* --- one attempt ----------------------------------------------------------------------------------------------- */

static void
arm (const Fault *fault, Stage *stage, guint nth)
{
  if (fault->is_early && nth > 0)
    fault->strike (stage);
  if (fault->seam == SEAM_CALL && !fault->is_early)
    seam_arm_call (fault->strike, stage, nth);
  else
    seam_arm (fault->is_early ? SEAM_PASS : fault->seam, nth);
}

static void
attempt (const Trial *trial, Stage *stage, guint nth, Outcome *outcome)
{
  g_autoptr (GError) error = NULL;
  arm (trial->fault, stage, nth);
  outcome->ok = trial->scenario->work (stage, &error);
  outcome->n_calls = seam_disarm ();
  outcome->commit = seam_get_commit ();
  g_strlcpy (outcome->struck, seam_get_struck (), sizeof outcome->struck);
  if (outcome->ok == (error != NULL))
    g_error ("%s: success and failure at once", trial->scenario->name);
  if (error != NULL) {
    outcome->code = error->domain == CORM_ERROR ? error->code : -1;
    g_strlcpy (outcome->message, error->message, sizeof outcome->message);
  }
  if (nth > 0 && trial->fault->mend != NULL)
    trial->fault->mend (stage);
  g_autoptr (GError) spoilt = NULL;
  if (!stage_check_pools (stage, &spoilt))
    g_strlcpy (outcome->left, spoilt->message, sizeof outcome->left);
  stage_clear (stage);
  g_autofree char *left = seam_find_left ();
  if (left != NULL)
    g_strlcpy (outcome->left, left, sizeof outcome->left);
}

/* In a process of its own, which the fault ends. FALSE: it did. */
static gboolean
attempt_apart (const Trial *trial, Stage *stage, guint nth, Outcome *outcome)
{
  int status = 0;
  fflush (NULL);
  pid_t pid = fork ();
  if (pid == 0) {
    attempt (trial, stage, nth, outcome);
    _exit (0);
  }
  assert_int_equal (waitpid (pid, &status, 0), pid);
  if (WIFSIGNALED (status))
    assert_int_equal (WTERMSIG (status), SIGKILL);
  return WIFEXITED (status);
}

/* --- its judge ------------------------------------------------------------------------------------------------- */

static void
fail_with (const Trial *trial, guint nth, const Outcome *outcome, const char *what)
{
  fail_msg ("%s, call %u %s, %s: %s\n  it said: %s (%s)", trial->scenario->name, nth, trial->fault->name,
            outcome->struck, what, outcome->ok ? "success" : outcome->message,
            outcome->ok ? "-" : corm_error_name (outcome->code));
}

static void
judge (Trial *trial, const Stage *stage, guint nth, const Outcome *outcome, gboolean ended, const char *now)
{
  gboolean is_before = strcmp (now, trial->before) == 0, is_after = strcmp (now, trial->after) == 0;
  if (!is_before && !is_after && !trial->in_steps)
    fail_with (trial, nth, outcome, now);
  if (ended && outcome->left[0] != '\0')
    fail_with (trial, nth, outcome, outcome->left);
  if (ended && outcome->ok && !is_after)
    fail_with (trial, nth, outcome, "it is not as after");
  if (ended && !outcome->ok) {
    gboolean unknown = outcome->code == CORM_ERROR_UNKNOWN_OUTCOME;
    if (!trial->fault->is_known (stage, outcome))
      fail_with (trial, nth, outcome, "the error does not say what happened");
    if (!unknown && !is_before && !trial->in_steps)
      fail_with (trial, nth, outcome, "it is not as before");
    trial->tally.n_unknown += unknown;
  }
  trial->tally.n_tried++;
  trial->tally.n_struck += !ended || !outcome->ok;
  *(is_before ? &trial->tally.n_before : is_after ? &trial->tally.n_after : &trial->tally.n_between) += 1;
}

/* As a user would, until it is as after; what was done needs nothing. */
static void
go_on (Trial *trial, Stage *stage, guint nth, const Outcome *outcome)
{
  g_autoptr (GError) error = NULL;
  if (!trial->scenario->go_on (stage, &error))
    fail_with (trial, nth, outcome, error->message);
  stage_clear (stage);
  g_autofree char *then = stage_observe (stage, trial->site->wait);
  if (strcmp (then, trial->after) != 0)
    fail_with (trial, nth, outcome, then);
}

/* --- all of them ----------------------------------------------------------------------------------------------- */

static void
set_up (const Trial *trial, Stage *stage)
{
  *stage = (Stage){ .busy_ms = trial->site->busy_ms };
  stage->uri = trial->site->take ();
  assert_ok (trial->scenario->prepare (stage, error));
  stage_clear (stage);
  stage->deadline_ms = trial->fault->seam == SEAM_STALL ? DEADLINE_MS : 0;
}

static void
try_one (Trial *trial, guint nth)
{
  Stage stage;
  gboolean ended = TRUE;
  Outcome *outcome = mmap (NULL, sizeof *outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  set_up (trial, &stage);
  if (trial->fault->seam == SEAM_LOSE && (trial->site->in_process || stage.other != NULL))
    ended = attempt_apart (trial, &stage, nth, outcome);
  else
    attempt (trial, &stage, nth, outcome);
  g_autofree char *now = stage_observe (&stage, trial->site->wait);
  judge (trial, &stage, nth, outcome, ended, now);
  if (strcmp (now, trial->after) != 0)
    go_on (trial, &stage, nth, outcome);
  stage_end (&stage);
  munmap (outcome, sizeof *outcome);
}

/* How many calls of @n are tried: one in so many. */
static guint
get_step (const Trial *trial, guint n)
{
  const char *text = g_getenv ("CORM_TEST_FAULTS");
  guint wanted = text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : trial->site->few;
  if (g_strcmp0 (text, "all") == 0)
    return trial->site->most > 0 ? MAX (n / trial->site->most, 1) : 1;
  wanted /= MAX (trial->fault->rarity, 1);
  return MAX (n / MAX (wanted, 1), 1);
}

static gboolean
has_ddl_in_transactions (const char *uri)
{
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  return (corm_connection_get_link (conn)->driver->dialect->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
}

/* The work without a fault: what is before and after it. */
static void
rehearse (Trial *trial, Outcome *clean)
{
  static const Fault none = { .name = "passes", .seam = SEAM_PASS };
  Stage stage;
  trial->fault = &none;
  set_up (trial, &stage);
  trial->in_steps =
      trial->scenario->in_steps || (trial->scenario->changes_tables && !has_ddl_in_transactions (stage.uri));
  trial->before = stage_observe (&stage, trial->site->wait);
  attempt (trial, &stage, 0, clean);
  if (!clean->ok || clean->left[0] != '\0')
    fail_with (trial, 0, clean, clean->left);
  trial->after = stage_observe (&stage, trial->site->wait);
  stage_end (&stage);
}

/* A fault that never comes would be survived by everything. */
static GHashTable *unseen;

static void
note_struck (const Trial *trial)
{
  if (unseen == NULL)
    unseen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  char *name = g_strdup_printf ("%s: a call %s", trial->site->backend, trial->fault->name);
  gboolean is_new = !g_hash_table_contains (unseen, name);
  gboolean was_seen = !is_new && GPOINTER_TO_INT (g_hash_table_lookup (unseen, name)) == 0;
  g_hash_table_replace (unseen, name, GINT_TO_POINTER (!was_seen && trial->tally.n_struck == 0));
}

void
trial_every_fault_struck (G_GNUC_UNUSED void **state)
{
  GHashTableIter iter;
  gpointer name, is_unseen;
  if (unseen == NULL)
    skip ();
  g_hash_table_iter_init (&iter, unseen);
  while (g_hash_table_iter_next (&iter, &name, &is_unseen))
    if (is_unseen != NULL)
      fail_msg ("%s: nothing failed in any scenario, so that it was no test", (const char *) name);
  g_clear_pointer (&unseen, g_hash_table_unref);
}

static void
try_fault (Trial *trial, const Outcome *clean)
{
  guint step = trial->fault->is_early ? clean->n_calls : get_step (trial, clean->n_calls);
  trial->tally = (Tally){ 0 };
  for (guint nth = 1 + step / 2; nth <= clean->n_calls; nth += step)
    try_one (trial, nth);
  if (step > 1 && clean->commit > 0 && trial->fault->rarity == 0 && !trial->fault->is_early)
    try_one (trial, clean->commit);
  print_message ("# %s: %s: a call of %u %s: %u tried, %u as before, %u as after, %u to be taken up; "
                 "%u unknown\n",
                 trial->site->backend, trial->scenario->name, clean->n_calls, trial->fault->name,
                 trial->tally.n_tried, trial->tally.n_before, trial->tally.n_after, trial->tally.n_between,
                 trial->tally.n_unknown);
  note_struck (trial);
}

void
trial_run (const Scenario *scenario, const Site *site, const Fault *faults, guint n_faults)
{
  Outcome clean = { 0 };
  Trial trial = { .scenario = scenario, .site = site };
  rehearse (&trial, &clean);
  for (guint i = 0; i < n_faults; i++) {
    trial.fault = &faults[i];
    try_fault (&trial, &clean);
  }
  g_free (trial.before);
  g_free (trial.after);
}
