/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Mixed work of some threads on one pool, for a second or, with CORM_TEST_SOAK, for so many; now and then a session ends itself in
 * the middle, as by an administrator's hand. At the end no row is lost or half written, every connection of the pool can be
 * had, memory is what it was at a quarter of the time, and no file handle is left behind. */
#include "config.h"

#include "people.h"

#include <unistd.h>

enum { N_THREADS = 4, POOL = 3, N_ACCOUNTS = 50, START_SCORE = 1000, MOST_FAULTS = 300 };

typedef struct {
  Suite *suite;
  CormDb *db;
  gint64 ends;
  gint n_kills, n_done, n_broken, serial; /* atomic */
  gint failed;                            /* atomic: message is set */
  GMutex mutex;
  char *message; /* the first error that no kill explains */
} Soak;

typedef struct {
  Soak *soak;
  GRand *rand;
  guint number;
  gint64 n_teams; /* committed by this thread, as far as it was told */
} Worker;

/* What a killed session may lead to. */
static gboolean
is_expected (const GError *error)
{
  return error->domain == CORM_ERROR &&
         (error->code == CORM_ERROR_CONNECTION || error->code == CORM_ERROR_UNKNOWN_OUTCOME ||
          error->code == CORM_ERROR_BUSY);
}

static void
note (Soak *soak, const char *what, GError *error)
{
  g_autoptr (GError) own = error;
  if (own != NULL && is_expected (own)) {
    g_atomic_int_inc (&soak->n_broken);
    return;
  }
  g_mutex_lock (&soak->mutex);
  if (soak->message == NULL)
    soak->message =
        g_strdup_printf ("%s: %s", what, own != NULL ? own->message : "it should have failed, and did not");
  g_mutex_unlock (&soak->mutex);
  g_atomic_int_set (&soak->failed, 1);
}

/* Ends its own session, a time in some hundred. */
static void
maybe_die (Worker *worker, CormConnection *conn)
{
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  if (dialect->in_process || g_rand_int_range (worker->rand, 0, MOST_FAULTS) != 0)
    return;
  g_atomic_int_inc (&worker->soak->n_kills);
  gboolean is_pgsql = strcmp (dialect->name, "pgsql") == 0;
  (void) corm_execute (conn,
                       is_pgsql ? "SELECT pg_terminate_backend(pg_backend_pid())" : "KILL CONNECTION_ID()",
                       NULL, NULL, NULL);
}

/* --- what is done ---------------------------------------------------------------------------------------------- */

static gboolean
move_score (CormConnection *conn, gpointer data, GError **error)
{
  Worker *worker = data;
  gint32 from = g_rand_int_range (worker->rand, 1, N_ACCOUNTS), to = from + 1;
  g_autoptr (CormRows) pair = corm_find (
      Member, conn, error, .order = CORM_ORDER (CORM_ASC (Member, weight)),
      .where = CORM_ANY (CORM_EQ (Member, weight, (double) from), CORM_EQ (Member, weight, (double) to)));
  if (pair == NULL)
    return FALSE;
  Member *giver = corm_rows_get (pair, 0), *taker = corm_rows_get (pair, 1);
  gint32 wish = g_rand_int_range (worker->rand, 1, 5), sum = MIN (giver->score, wish);
  giver->score -= sum;
  taker->score += sum;
  if (!member_update (conn, giver, error))
    return FALSE;
  maybe_die (worker, conn);
  return member_update (conn, taker, error);
}

static void
transfer (Worker *worker)
{
  GError *error = NULL;
  const CormTransactOptions options = { .token = worker->number % 2 == 0,
                                        .isolation = CORM_ISOLATION_SERIALIZABLE };
  if (!corm_transact (worker->soak->db, move_score, worker, &options, &error))
    note (worker->soak, "transfer", error);
}

static void
flush_a_team (Worker *worker, CormConnection *conn)
{
  GError *error = NULL;
  g_autofree char *name = g_strdup_printf ("team %d", g_atomic_int_add (&worker->soak->serial, 1));
  Team team = { .name = name };
  Badge badge = { .motto = "ever on", .team = &team };
  Member members[5] = { 0 };
  g_autoptr (CormSession) session = corm_session_new (conn);
  gboolean ok =
      corm_session_add (Team, session, &team, &error) && corm_session_add (Badge, session, &badge, &error);
  for (guint i = 0; ok && i < G_N_ELEMENTS (members); i++) {
    members[i] = (Member){ .name = "m", .score = 1, .team = &team };
    ok = corm_session_add (Member, session, &members[i], &error);
  }
  ok = ok && corm_session_flush (session, &error);
  if (ok)
    maybe_die (worker, conn);
  if (ok && corm_session_commit (session, &error))
    worker->n_teams++;
  else
    note (worker->soak, "flush", error);
}

static void
read_teams (Worker *worker, CormConnection *conn)
{
  GError *error = NULL;
  g_autoptr (CormRows) teams = corm_find (Team, conn, &error, .order = CORM_ORDER (CORM_DESC (Team, id)),
                                          .limit = 20, .with = CORM_WITH (Team, members, badge));
  if (teams == NULL) {
    note (worker->soak, "read", error);
    return;
  }
  CORM_FOREACH (Team, team, teams)
    if (strcmp (team->name, "taken") != 0 &&
        (team->badge == NULL || corm_rows_get_length (team->members) != 5))
      note (worker->soak, "a team without its badge or members", NULL);
}

/* A cursor that is dropped in the middle. */
static void
walk_a_little (Worker *worker, CormConnection *conn)
{
  GError *error = NULL;
  g_autoptr (CormCursor) cursor = corm_cursor (Member, conn, &error, .limit = 0);
  for (guint i = 0; cursor != NULL && i < 30 && error == NULL; i++)
    if (corm_next (Member, cursor, &error) == NULL)
      break;
  if (error != NULL)
    note (worker->soak, "walk", error);
}

static void
load_words (Worker *worker, CormConnection *conn)
{
  GError *error = NULL;
  Word words[40];
  char names[G_N_ELEMENTS (words)][32];
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_snprintf (names[i], sizeof names[i], "%u %d", worker->number,
                g_atomic_int_add (&worker->soak->serial, 1));
    words[i] = (Word){ .word = names[i], .count = 1 };
  }
  if (!corm_bulk_insert (Word, conn, words, G_N_ELEMENTS (words), &error))
    note (worker->soak, "bulk", error);
}

/* Other words each time, so that statements come and go. */
static void
run_by_hand (Worker *worker, CormConnection *conn)
{
  GError *error = NULL;
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) + %d FROM members WHERE score > :s",
                                          g_atomic_int_add (&worker->soak->serial, 1));
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, CORM_PARAMS (CORM_PARAM ("s", 2)), &error);
  if (cursor == NULL || !corm_cursor_next (cursor, &error))
    note (worker->soak, "query", error);
}

static void
make_mistakes (Worker *worker, CormConnection *conn)
{
  GError *error = NULL;
  Member bad = { .name = "bad", .score = -1 };
  Team twice = { .name = "taken" };
  if (member_insert (conn, &bad, &error) || error->code != CORM_ERROR_CHECK)
    note (worker->soak, "a check", error);
  else
    g_error_free (error);
  error = NULL;
  if (team_insert (conn, &twice, &error) || error->code != CORM_ERROR_UNIQUE)
    note (worker->soak, "a taken name", error);
  else
    g_error_free (error);
  error = NULL;
  if (corm_execute (conn, "SELEKT 1", NULL, NULL, &error) || error->code != CORM_ERROR_SYNTAX)
    note (worker->soak, "no SQL", error);
  else
    g_error_free (error);
}

static gpointer
work (gpointer data)
{
  static void (*const works[]) (Worker * worker, CormConnection * conn) = {
    flush_a_team, read_teams, walk_a_little, load_words, run_by_hand, make_mistakes,
  };
  Worker *worker = data;
  Soak *soak = worker->soak;
  while (g_get_monotonic_time () < soak->ends && !g_atomic_int_get (&soak->failed)) {
    GError *error = NULL;
    guint which = (guint) g_rand_int_range (worker->rand, 0, G_N_ELEMENTS (works) + 1);
    if (which == G_N_ELEMENTS (works)) {
      transfer (worker);
    } else {
      g_autoptr (CormConnection) conn = corm_db_connect (soak->db, &error);
      if (conn != NULL)
        works[which](worker, conn);
      else
        note (soak, "connect", error);
    }
    g_atomic_int_inc (&soak->n_done);
    g_usleep (500);
  }
  return NULL;
}

/* --- what is left ---------------------------------------------------------------------------------------------- */

static gint64
resident_kb (void)
{
  g_autofree char *text = NULL;
  long pages = 0;
  assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  assert_int_equal (sscanf (text, "%*d %ld", &pages), 1);
  return pages * sysconf (_SC_PAGESIZE) / 1024;
}

static guint
count_files (void)
{
  guint n = 0;
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* The most memory of a quarter of the time, while the others work; the tables that grow are the server's. */
static gint64
watch (const Soak *soak, gint64 until)
{
  gint64 most = 0;
  while (g_get_monotonic_time () < until && !g_atomic_int_get (&soak->failed)) {
    most = MAX (most, resident_kb ());
    g_usleep (20 * 1000);
  }
  return most;
}

static void
judge (Soak *soak, const Worker *workers)
{
  CormConnection *all[POOL];
  gint64 told = 0;
  for (guint i = 0; i < POOL; i++) {
    all[i] = suite_connect (soak->db);
    assert_int_equal (suite_number (all[i], "SELECT 7"), 7);
  }
  for (guint i = 0; i < N_THREADS; i++)
    told += workers[i].n_teams;
  gint64 teams = suite_number (all[0], "SELECT count(*) FROM teams WHERE name <> 'taken'");
  assert_true (teams >= told && teams <= told + soak->n_broken);
  assert_int_equal (suite_number (all[0], "SELECT count(*) FROM badges"), teams);
  assert_int_equal (suite_number (all[0], "SELECT count(*) FROM members WHERE weight = 0"), 5 * teams);
  assert_int_equal (suite_number (all[0], "SELECT sum(score) FROM members WHERE weight > 0"),
                    N_ACCOUNTS * START_SCORE);
  assert_int_equal (suite_number (all[0], "SELECT count(*) FROM words") % 40, 0);
  for (guint i = 0; i < POOL; i++)
    corm_connection_free (all[i]);
}

static void
mixed_work_with_kills (Suite *suite)
{
  const char *text = g_getenv ("CORM_TEST_SOAK");
  gint64 seconds = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 1,
         quarter = seconds * G_USEC_PER_SEC / 4;
  const CormDbOptions options = { .pool_size = POOL, .pool_wait_ms = 30000, .busy_timeout_ms = 30000 };
  Soak soak = { .suite = suite, .serial = 1 };
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];
  for (guint i = 1; i <= N_ACCOUNTS; i++) {
    Member member = { .name = "account", .score = START_SCORE, .weight = i };
    assert_ok (member_insert (suite->conn, &member, error));
  }
  add_team (suite->conn, "taken");
  suite_close (suite); /* SQLite keeps handles for a file as long as anybody here has it open */
  guint n_files = count_files ();
  soak.db = suite_open (suite, &options);
  g_mutex_init (&soak.mutex);
  gint64 begins = g_get_monotonic_time ();
  soak.ends = begins + 4 * quarter;
  for (guint i = 0; i < N_THREADS; i++) {
    workers[i] = (Worker){ .soak = &soak, .rand = g_rand_new_with_seed (i + 1), .number = i };
    threads[i] = g_thread_new ("soak", work, &workers[i]);
  }
  watch (&soak, begins + quarter);
  gint64 early = watch (&soak, begins + 2 * quarter);
  watch (&soak, begins + 3 * quarter);
  gint64 late = watch (&soak, soak.ends);
  for (guint i = 0; i < N_THREADS; i++) {
    g_thread_join (threads[i]);
    g_rand_free (workers[i].rand);
  }
  if (soak.message != NULL)
    fail_msg ("%s", soak.message);
  judge (&soak, workers);
  corm_db_free (soak.db);
  print_message (
      "# %s: %d s, %d pieces of work, %d sessions killed, %d errors from that; %d MB at most in the "
      "second quarter, %d in the last\n",
      suite->backend, (int) seconds, soak.n_done, soak.n_kills, soak.n_broken, (int) (early / 1024),
      (int) (late / 1024));
  assert_int_equal (count_files (), n_files);
#ifndef CORM_SANITIZED /* which keeps what is freed, to watch it; a client keeps room for the most that it read at once */
  assert_true (late <= early + early / 20 + POOL * 2048);
#endif
  g_mutex_clear (&soak.mutex);
}

static const SuiteCase cases[] = {
  { "mixed work with kills", mixed_work_with_kills, 0 },
};

int
main (void)
{
  return SUITE_RUN (people, cases);
}
