/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The invariant of all migrations, on random pairs of schemas with random rows. A failure is made as small as it gets,
 * and printed with its seed.
 *
 * CORM_TEST_PAIRS=N: so many pairs on a file, three tenths of it on a server. CORM_TEST_SEED=N: this pair alone.
 * CORM_TEST_FIRST=N: from this seed on.
 * CORM_TEST_WITHOUT=check,view: nothing of these kinds. CORM_TEST_BACKENDS=sqlite3,pgsql: on these only. */
#include "../lib/fresh.h"

#include "property.h"

static guint64
number_of (const char *variable, guint64 otherwise)
{
  const char *text = g_getenv (variable);
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
be_quiet (G_GNUC_UNUSED const char *domain, G_GNUC_UNUSED GLogLevelFlags level,
          G_GNUC_UNUSED const char *message, G_GNUC_UNUSED gpointer data)
{
}

static char *
place_of (gpointer state)
{
  return fresh_uri (state);
}

static void
make_pair (Pair *pair, const CormDialect *dialect, guint64 seed)
{
  *pair = (Pair){ .a = generate_schema (dialect, seed, 0),
                  .rows = { dialect, seed, seed % 7 },
                  .by_reverse = seed % 2 };
  if (seed % 8 == 0)
    pair->b = generate_schema (dialect, random_mix (seed), 5000);
  else
    pair->b = mutate_schema (dialect, pair->a, &pair->rows, &pair->refusal);
}

/* The seed, and the smallest pair that still fails so. */
static void
report (void **state, guint64 seed, Pair *pair, PairStage stage, const char *why)
{
  g_autofree char *smaller = NULL;
  print_message ("# seed %" G_GUINT64_FORMAT ": %s: %s\n", seed, pair_stage_name (stage), why);
  pair_shrink (pair, stage, why, (guint) number_of ("CORM_TEST_SHRINK", 20), place_of, state);
  g_autofree char *uri = fresh_uri (state);
  pair_run (pair, uri, &smaller);
  g_autofree char *place = fresh_uri (state);
  g_autofree char *text = pair_print (pair, place);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  print_message ("# the smallest pair: %s\n", smaller);
  for (char **line = lines; *line != NULL; line++)
    print_message ("#   %s\n", *line);
}

static gboolean
pair_holds (void **state, const CormDialect *dialect, guint64 seed)
{
  g_autofree char *uri = fresh_uri (state);
  g_autofree char *why = NULL;
  Pair pair;
  make_pair (&pair, dialect, seed);
  PairStage stage = pair_run (&pair, uri, &why);
  if (stage != PAIR_HOLDS)
    report (state, seed, &pair, stage, why);
  pair_clear (&pair);
  return stage == PAIR_HOLDS;
}

static gboolean
is_wanted (guint backend)
{
  const char *list = g_getenv ("CORM_TEST_BACKENDS");
  g_auto (GStrv) names = g_strsplit (list != NULL ? list : "", ",", -1);
  return list == NULL || g_strv_contains ((const char *const *) names, places_backends ()[backend]);
}

static void
pairs_hold (void **state)
{
  if (!is_wanted (GPOINTER_TO_UINT (*state)))
    skip ();
  g_autofree char *first = fresh_uri (state);
  g_autoptr (CormConnection) conn = corm_connection_open_uri (first, NULL);
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  gboolean has_server = places_have_server (fresh_places[GPOINTER_TO_UINT (*state)]);
  guint n = (guint) number_of ("CORM_TEST_PAIRS", 100) * (has_server ? 3 : 10) / 10;
  guint64 only = number_of ("CORM_TEST_SEED", 0);
  guint64 first_seed = only != 0 ? only : number_of ("CORM_TEST_FIRST", 1);
  if (only != 0)
    n = 1;
  if (g_getenv ("CORM_TEST_WITHOUT") == NULL && texts_of (dialect)->left_out != NULL)
    print_message ("# skip on %s, as no migration masters it yet: %s\n", dialect->name,
                   texts_of (dialect)->left_out);
  guint failures = 0;
  for (guint64 seed = first_seed; seed < first_seed + n; seed++)
    failures += pair_holds (state, dialect, seed) ? 0 : 1;
  print_message ("# %s: seeds %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ", %u of %u pairs hold\n",
                 dialect->name, first_seed, first_seed + n - 1, n - failures, n);
  if (failures > 0)
    fail_msg ("%u of %u pairs failed", failures, n);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { FRESH_ON (pairs_hold, 0), FRESH_ON (pairs_hold, 1),
                                      FRESH_ON (pairs_hold, 2) };
  g_log_set_handler (NULL, G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO, be_quiet, NULL);
  return cmocka_run_group_tests_name ("property", tests, NULL, fresh_end);
}
