/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What all threads of a program share: the registry of its models, the pool, and transactions that are run again. 32 threads
 * begin at once and meet there; ThreadSanitizer looks on in scripts/check. */
#include "people.h"

enum { N_THREADS = 32, N_WORDS = 2 };

typedef struct {
  CormDb *db;
  CormRegistry *registry; /* one reference for each worker */
  const char *uri;
  guint number;
  GError *error;
} Worker;

typedef gboolean (*Round) (Worker *worker, guint i, GError **error);

/* --- all at once */

static GMutex mutex;
static GCond cond;
static guint n_ready;
static Round run_round;
static guint n_rounds;

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  g_mutex_lock (&mutex);
  if (++n_ready == N_THREADS)
    g_cond_broadcast (&cond);
  while (n_ready < N_THREADS)
    g_cond_wait (&cond, &mutex);
  g_mutex_unlock (&mutex);
  for (guint i = 0; i < n_rounds; i++)
    if (!run_round (worker, i, &worker->error))
      break;
  return NULL;
}

static void
work_all (CormDb *db, CormRegistry *registry, const char *uri, Round round, guint n)
{
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];
  n_ready = 0;
  run_round = round;
  n_rounds = n;
  for (guint i = 0; i < N_THREADS; i++) {
    workers[i] = (Worker){ .db = db, .registry = registry, .uri = uri, .number = i };
    threads[i] = g_thread_new ("worker", work, &workers[i]);
  }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < N_THREADS; i++)
    if (workers[i].error != NULL)
      fail_msg ("thread %u: %s", i, workers[i].error->message);
}

/* --- the pool */

static void
count_repeats (G_GNUC_UNUSED const CormRepeat *repeat, gpointer data)
{
  g_atomic_int_inc ((gint *) data);
}

/* Queries in a loop, each in a place of its own that the pool's connections remember together. */
static gboolean
count_twice (CormConnection *conn, gint64 team, GError **error)
{
  guint64 n = 0;
  for (guint i = 0; i < 2; i++)
    if (!corm_count (Seat, conn, &n, error) || !corm_count (Tag, conn, &n, error) ||
        !corm_count (Word, conn, &n, error) || !corm_count (Ticket, conn, &n, error) ||
        !corm_count (Team, conn, &n, error, .where = CORM_EQ (Team, id, team)))
      return FALSE;
  return n == 1;
}

/* Three connections of few, one after the other. */
static gboolean
insert_and_look (Worker *worker, guint i, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%u-%u", worker->number, i);
  Team team = { .name = name };
  Member member = { .name = name };
  CormConnection *conn = corm_db_connect (worker->db, error);
  gboolean ok = conn != NULL && team_insert (conn, &team, error);
  if (conn != NULL)
    corm_connection_free (conn);
  if (!ok || (conn = corm_db_connect_read (worker->db, NULL, error)) == NULL)
    return FALSE;
  ok = count_twice (conn, team.id, error);
  corm_connection_free (conn);
  if (!ok || (conn = corm_db_connect (worker->db, error)) == NULL)
    return FALSE;
  member.team_id = (CormOptInt64){ .is_set = TRUE, .value = team.id };
  ok = member_insert (conn, &member, error);
  corm_connection_free (conn);
  return ok;
}

static void
share_a_pool (Suite *suite)
{
  gint n_repeats = 0;
  CormDbOptions options = { .pool_size = 4,
                            .pool_overflow = 2,
                            .busy_timeout_ms = 30000,
                            .idle_check_ms = 1,
                            .max_age_ms = 20,
                            .detect_repeats = 2,
                            .on_repeat = count_repeats,
                            .on_repeat_data = &n_repeats };
  CormDb *db = suite_open (suite, &options);
  work_all (db, NULL, NULL, insert_and_look, 3);
  corm_db_free (db);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 3 * N_THREADS);
  assert_int_equal (suite_number (suite->conn, "SELECT count(DISTINCT team_id) FROM members"), 3 * N_THREADS);
  assert_int_equal (n_repeats, 5);
}

/* --- transactions that are run again */

static gboolean
raise_words (CormConnection *conn, gpointer data, GError **error)
{
  const Worker *worker = data;
  for (guint i = 0; i < N_WORDS; i++) {
    guint nth = worker->number % 2 == 0 ? i : N_WORDS - 1 - i;
    g_autofree char *text = g_strdup_printf ("word %u", nth);
    g_autoptr (Word) word = corm_get (Word, conn, error, .word = text);
    if (word == NULL)
      return FALSE;
    word->count++;
    if (!word_update (conn, word, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
raise_once (Worker *worker, G_GNUC_UNUSED guint i, GError **error)
{
  CormTransactOptions options = { .isolation = CORM_ISOLATION_SERIALIZABLE,
                                  .token = worker->number % 3 == 0 };
  return corm_transact (worker->db, raise_words, worker, &options, error);
}

static void
share_rows (Suite *suite)
{
  CormDbOptions options = { .pool_size = 8, .pool_wait_ms = 120000, .busy_timeout_ms = 120000 };
  for (guint i = 0; i < N_WORDS; i++) {
    g_autofree char *text = g_strdup_printf ("word %u", i);
    Word word = { .word = text };
    assert_ok (word_insert (suite->conn, &word, error));
  }
  CormDb *db = suite_open (suite, &options);
  work_all (db, NULL, NULL, raise_once, 1);
  corm_db_free (db);
  assert_int_equal (suite_number (suite->conn, "SELECT min(count) FROM words"), N_THREADS);
  assert_int_equal (suite_number (suite->conn, "SELECT max(count) FROM words"), N_THREADS);
}

/* --- the registry */

/* Each opens a database of its own, of models that nobody has used before, and drops its reference with the last round. */
static gboolean
use_and_drop (Worker *worker, guint i, GError **error)
{
  const CormModel *const *models = corm_registry_get_models (worker->registry);
  guint n = 0;
  while (models[n] != NULL)
    n++;
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (people) - 1);
  CormDbOptions options = { .pool_size = 1, .busy_timeout_ms = 30000 };
  CormDb *db = corm_db_open_full (worker->uri, worker->registry, &options, error);
  CormConnection *conn = db != NULL ? corm_db_connect (db, error) : NULL;
  Seat seat = { .room = (gint32) worker->number, .number = (gint32) i };
  gboolean ok = conn != NULL && seat_insert (conn, &seat, error);
  if (conn != NULL)
    corm_connection_free (conn);
  if (db != NULL)
    corm_db_free (db);
  if (!ok || i + 1 == n_rounds)
    corm_registry_free (worker->registry);
  return ok;
}

static void
share_a_registry (Suite *suite)
{
  CormRegistry *registry = NULL;
  assert_ok ((registry = corm_registry_new_array (people, error)) != NULL);
  for (guint i = 1; i < N_THREADS; i++)
    corm_registry_ref (registry);
  work_all (NULL, registry, suite->uri, use_and_drop, 2);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM seats"), 2 * N_THREADS);
}

/* --- scratch places, which a driver keeps by connection */

static gboolean
make_schema (Worker *worker, G_GNUC_UNUSED guint i, GError **error)
{
  CormConnection *conn = corm_db_connect (worker->db, error);
  if (conn == NULL)
    return FALSE;
  g_autoptr (CormSchema) schema = corm_schema_from_sql (conn, "CREATE TABLE scratched (a integer)", error);
  corm_connection_free (conn);
  return schema != NULL;
}

static void
share_scratch_places (Suite *suite)
{
  CormDbOptions options = { .pool_size = 8, .busy_timeout_ms = 30000 };
  CormDb *db = suite_open (suite, &options);
  work_all (db, NULL, NULL, make_schema, 1);
  corm_db_free (db);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "32 threads on a pool of four", share_a_pool, 0 },
    { "32 threads on the same rows", share_rows, 0 },
    { "32 threads with one registry", share_a_registry, 0 },
    { "32 threads in scratch places", share_scratch_places, 0 },
  };
  return SUITE_RUN (people, cases);
}
