/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Each call of a driver fails, stalls or loses its answer once, in each scenario of faulty.c. CORM_TEST_FAULTS=all tries every
 * call, else a number of them. */
#include "config.h"

#include "trial.h"

#include "../lib/place.h"

enum { N_NATIVE = 3 };
static const guint few[N_NATIVE] = { 4, 2, 1 };

static Places *places[N_NATIVE];
static guint backend; /* the one that is tried */

static char *
take (void)
{
  return places_take (places[backend]);
}

static gboolean
is_failed (G_GNUC_UNUSED const Stage *stage, const Outcome *outcome)
{
  return outcome->code == CORM_ERROR_CONNECTION || strstr (outcome->message, "disk I/O error") != NULL ||
         (outcome->code == CORM_ERROR_UNKNOWN_OUTCOME &&
          strstr (outcome->message, "broke before its answer came") != NULL);
}

static gboolean
is_lost (G_GNUC_UNUSED const Stage *stage, const Outcome *outcome)
{
  return outcome->code == CORM_ERROR_CONNECTION ||
         (outcome->code == CORM_ERROR_UNKNOWN_OUTCOME &&
          strstr (outcome->message, "broke before its answer came") != NULL);
}

static gboolean
is_stalled (G_GNUC_UNUSED const Stage *stage, const Outcome *outcome)
{
  return outcome->code == CORM_ERROR_CANCELLED;
}

static const Fault faults[] = {
  { .name = "fails", .seam = SEAM_FAIL, .is_known = is_failed },
  { .name = "loses its answer", .seam = SEAM_LOSE, .is_known = is_lost },
  { .name = "stalls", .seam = SEAM_STALL, .is_known = is_stalled, .rarity = 3 },
};

static void
each_call (void **state)
{
  guint at = GPOINTER_TO_UINT (*state);
  const char *missing = NULL;
  backend = at / n_scenarios;
  if (places[backend] == NULL && suite_runs_on (backend))
    places[backend] = places_new (backend, &missing);
  if (places[backend] == NULL) {
    print_message ("# skip %s is not here\n", places_backends ()[backend]);
    skip ();
  }
  const Site site = { .backend = places_backends ()[backend],
                      .in_process = backend == 0,
                      .take = take,
                      .wait = seam_wait_for_sessions,
                      .few = few[backend] };
  trial_run (&scenarios[at % n_scenarios], &site, faults, G_N_ELEMENTS (faults));
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
  const struct CMUnitTest last = cmocka_unit_test (trial_every_fault_struck);
  if (g_getenv ("CORM_TEST_CASES") == NULL)
    g_array_append_val (tests, last);
  int failed = _cmocka_run_group_tests ("faults", (const struct CMUnitTest *) (gpointer) tests->data,
                                        tests->len, NULL, NULL);
  for (guint i = 0; i < N_NATIVE; i++)
    g_clear_pointer (&places[i], places_free);
  return failed;
}
