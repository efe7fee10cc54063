/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Each call of a driver fails, stalls or loses its answer once, in each scenario of faulty.c: the database is as before or as
 * after, the error says which, nothing is left behind, and the work goes on. CORM_TEST_FAULTS=all tries every call, else a
 * number of them. */
#include "config.h"

#include "faulty.h"

#include "../lib/place.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SQLITE3, N_NATIVE = 3, DEADLINE_MS = 100 };
static const guint few[N_NATIVE] = { 4, 2, 1 };

static Places *places[N_NATIVE];

/* How the work ended; shared with the process that did it. */
typedef struct {
  gboolean ok;
  int code; /* of an error of the domain CORM_ERROR */
  guint n_calls, commit;
  char message[600], struck[100], left[200];
} Outcome;

typedef struct {
  guint n_tried, n_before, n_after, n_between, n_unknown;
} Tally;

/* --- one attempt ----------------------------------------------------------------------------------------------- */

/* Both connections of each pool are to be had, and answer. */
static void
check_pools (Stage *stage, Outcome *outcome)
{
  for (guint i = 0; i < G_N_ELEMENTS (stage->db); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormConnection) one = stage->db[i] != NULL ? corm_db_connect (stage->db[i], &error) : NULL;
    g_autoptr (CormConnection) other = one != NULL ? corm_db_connect (stage->db[i], &error) : NULL;
    if (other != NULL && corm_connection_ping (one, &error))
      corm_connection_ping (other, &error);
    if (error != NULL)
      g_strlcpy (outcome->left, error->message, sizeof outcome->left);
  }
}

static void
attempt (const Scenario *scenario, Stage *stage, guint nth, Outcome *outcome)
{
  g_autoptr (GError) error = NULL;
  seam_arm (stage->fault, nth);
  outcome->ok = scenario->work (stage, &error);
  outcome->n_calls = seam_disarm ();
  outcome->commit = seam_get_commit ();
  g_strlcpy (outcome->struck, seam_get_struck (), sizeof outcome->struck);
  if (outcome->ok == (error != NULL))
    g_error ("%s: success and failure at once", scenario->name);
  if (error != NULL) {
    outcome->code = error->domain == CORM_ERROR ? error->code : -1;
    g_strlcpy (outcome->message, error->message, sizeof outcome->message);
  }
  check_pools (stage, outcome);
  stage_clear (stage);
  g_autofree char *left = seam_find_left ();
  if (left != NULL)
    g_strlcpy (outcome->left, left, sizeof outcome->left);
}

/* In a process of its own, which the fault ends. FALSE: it did. */
static gboolean
attempt_apart (const Scenario *scenario, Stage *stage, guint nth, Outcome *outcome)
{
  int status = 0;
  fflush (NULL);
  pid_t pid = fork ();
  if (pid == 0) {
    attempt (scenario, stage, nth, outcome);
    _exit (0);
  }
  assert_int_equal (waitpid (pid, &status, 0), pid);
  if (WIFSIGNALED (status))
    assert_int_equal (WTERMSIG (status), SIGKILL);
  return WIFEXITED (status);
}

/* --- its judge ------------------------------------------------------------------------------------------------- */

static void
fail_with (const Scenario *scenario, guint nth, const Outcome *outcome, const char *what)
{
  fail_msg ("%s, call %u, %s: %s\n  it said: %s (%s)", scenario->name, nth, outcome->struck, what,
            outcome->ok ? "success" : outcome->message, outcome->ok ? "-" : corm_error_name (outcome->code));
}

/* The codes that a fault may have, and what the words have to hold. */
static void
check_words (const Scenario *scenario, const Stage *stage, guint nth, const Outcome *outcome)
{
  gboolean on_disk = strstr (outcome->message, "disk I/O error") != NULL;
  gboolean known = FALSE;
  switch (outcome->code) {
  case CORM_ERROR_CONNECTION:
    known = stage->fault != SEAM_STALL;
    break;
  case CORM_ERROR_UNKNOWN_OUTCOME:
    known = stage->fault != SEAM_STALL && strstr (outcome->message, "broke before its answer came") != NULL;
    break;
  case CORM_ERROR_CANCELLED:
    known = stage->fault == SEAM_STALL;
    break;
  default:
    known = stage->fault == SEAM_FAIL && on_disk;
  }
  if (!known)
    fail_with (scenario, nth, outcome, "the error does not say what happened");
}

typedef struct {
  const Scenario *scenario;
  char *before, *after;
  gboolean in_steps; /* a failure may leave it between */
  Tally tally;
} Trial;

static void
judge (Trial *trial, const Stage *stage, guint nth, const Outcome *outcome, gboolean ended, const char *now)
{
  gboolean is_before = strcmp (now, trial->before) == 0, is_after = strcmp (now, trial->after) == 0;
  const Scenario *scenario = trial->scenario;
  if (!is_before && !is_after && !trial->in_steps)
    fail_with (scenario, nth, outcome, now);
  if (ended && outcome->left[0] != '\0')
    fail_with (scenario, nth, outcome, outcome->left);
  if (ended && outcome->ok && !is_after)
    fail_with (scenario, nth, outcome, "it is not as after");
  if (ended && !outcome->ok) {
    check_words (scenario, stage, nth, outcome);
    gboolean unknown = outcome->code == CORM_ERROR_UNKNOWN_OUTCOME;
    if (!unknown && !is_before && !trial->in_steps)
      fail_with (scenario, nth, outcome, "it is not as before");
    trial->tally.n_unknown += unknown;
  }
  trial->tally.n_tried++;
  *(is_before ? &trial->tally.n_before : is_after ? &trial->tally.n_after : &trial->tally.n_between) += 1;
}

/* As a user would, until it is as after; what was done needs nothing. */
static void
go_on (Trial *trial, Stage *stage, guint nth, const Outcome *outcome)
{
  g_autoptr (GError) error = NULL;
  if (!trial->scenario->go_on (stage, &error))
    fail_with (trial->scenario, nth, outcome, error->message);
  stage_clear (stage);
  g_autofree char *then = stage_observe (stage, seam_wait_for_sessions);
  if (strcmp (then, trial->after) != 0)
    fail_with (trial->scenario, nth, outcome, then);
}

/* --- all of them ----------------------------------------------------------------------------------------------- */

static void
set_up (const Scenario *scenario, Stage *stage, guint backend, SeamFault fault)
{
  *stage = (Stage){ .backend = backend, .fault = fault };
  stage->uri = places_take (places[backend]);
  assert_ok (scenario->prepare (stage, error));
  stage_clear (stage);
  stage->deadline_ms = fault == SEAM_STALL ? DEADLINE_MS : 0;
}

static void
try_one (Trial *trial, guint backend, SeamFault fault, guint nth)
{
  Stage stage;
  gboolean ended = TRUE;
  Outcome *outcome = mmap (NULL, sizeof *outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  set_up (trial->scenario, &stage, backend, fault);
  if (fault == SEAM_LOSE && (backend == SQLITE3 || stage.other != NULL))
    ended = attempt_apart (trial->scenario, &stage, nth, outcome);
  else
    attempt (trial->scenario, &stage, nth, outcome);
  g_autofree char *now = stage_observe (&stage, seam_wait_for_sessions);
  judge (trial, &stage, nth, outcome, ended, now);
  if (strcmp (now, trial->after) != 0)
    go_on (trial, &stage, nth, outcome);
  stage_end (&stage);
  munmap (outcome, sizeof *outcome);
}

/* How many calls of @n are tried. */
static guint
get_step (guint backend, SeamFault fault, guint n)
{
  const char *text = g_getenv ("CORM_TEST_FAULTS");
  guint wanted = text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : few[backend];
  if (g_strcmp0 (text, "all") == 0)
    return 1;
  if (fault == SEAM_STALL)
    wanted = wanted / 3;
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

static void
try_all (const Scenario *scenario, guint backend)
{
  static const char *const names[] = { "", "fails", "loses its answer", "stalls" };
  Stage stage;
  Outcome clean = { 0 };
  Trial trial = { .scenario = scenario };
  set_up (scenario, &stage, backend, SEAM_PASS);
  trial.in_steps = scenario->in_steps || (scenario->changes_tables && !has_ddl_in_transactions (stage.uri));
  trial.before = stage_observe (&stage, seam_wait_for_sessions);
  attempt (scenario, &stage, 0, &clean);
  if (!clean.ok || clean.left[0] != '\0')
    fail_with (scenario, 0, &clean, clean.left);
  trial.after = stage_observe (&stage, seam_wait_for_sessions);
  stage_end (&stage);
  for (SeamFault fault = SEAM_FAIL; fault < SEAM_N_FAULTS; fault++) {
    guint step = get_step (backend, fault, clean.n_calls);
    trial.tally = (Tally){ 0 };
    for (guint nth = 1 + step / 2; nth <= clean.n_calls; nth += step)
      try_one (&trial, backend, fault, nth);
    if (step > 1 && clean.commit > 0 && fault != SEAM_STALL)
      try_one (&trial, backend, fault, clean.commit);
    print_message ("# %s: %s: a call of %u %s: %u tried, %u as before, %u as after, %u to be taken up; "
                   "%u unknown\n",
                   places_backends ()[backend], scenario->name, clean.n_calls, names[fault],
                   trial.tally.n_tried, trial.tally.n_before, trial.tally.n_after, trial.tally.n_between,
                   trial.tally.n_unknown);
  }
  g_free (trial.before);
  g_free (trial.after);
}

static void
each_call (void **state)
{
  guint at = GPOINTER_TO_UINT (*state), backend = at / n_scenarios;
  const char *missing = NULL;
  if (places[backend] == NULL && suite_runs_on (backend))
    places[backend] = places_new (backend, &missing);
  if (places[backend] == NULL) {
    print_message ("# skip %s is not here\n", places_backends ()[backend]);
    skip ();
  }
  try_all (&scenarios[at % n_scenarios], backend);
}

int
main (void)
{
  g_autoptr (GArray) tests = g_array_new (FALSE, TRUE, sizeof (struct CMUnitTest));
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < N_NATIVE * n_scenarios; i++) {
    const char *name = scenarios[i % n_scenarios].name;
    g_ptr_array_add (names, g_strdup_printf ("%s: %s", places_backends ()[i / n_scenarios], name));
    const struct CMUnitTest test = { .name = names->pdata[i],
                                     .test_func = each_call,
                                     .initial_state = GUINT_TO_POINTER (i) };
    if (g_getenv ("CORM_TEST_CASES") == NULL || g_pattern_match_simple (g_getenv ("CORM_TEST_CASES"), name))
      g_array_append_val (tests, test);
  }
  int failed = _cmocka_run_group_tests ("faults", (const struct CMUnitTest *) (gpointer) tests->data,
                                        tests->len, NULL, NULL);
  for (guint i = 0; i < N_NATIVE; i++)
    g_clear_pointer (&places[i], places_free);
  return failed;
}
