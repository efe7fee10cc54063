/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A migrator that is killed in front of each statement that it sends, and at odd moments, with and without transactions: the
 * next run goes on by itself, each statement has run once, and the history says so. */
#include "config.h"

#include "../lib/folder.h"
#include "../lib/suite.h"

#include "../lib/knife.h"

/* Of each way; with CORM_TEST_MOMENTS in front of every statement, and at so many odd moments. */
enum { N_KILLS = 4, N_ODD_MOMENTS = 2 };

/* Were one of them run twice, or not at all, the sums would tell. */
static const char body[] = "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, n INTEGER);\n"
                           "INSERT INTO a (id, n) VALUES (1, 1), (2, 2);\n"
                           "UPDATE a SET n = n + 10;\n"
                           "CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY, a_id INTEGER);\n"
                           "ALTER TABLE a ADD COLUMN extra VARCHAR(10);\n"
                           "INSERT INTO b (id, a_id) SELECT id, n FROM a;\n"
                           "UPDATE a SET n = n * 2;\n"
                           "CREATE INDEX idx_b_a ON b (a_id);\n"
                           "CREATE VIEW v AS SELECT id FROM b;\n"
                           "DROP VIEW v;\n"
                           "-- corm:down\n"
                           "UPDATE b SET a_id = a_id + 1;\n"
                           "ALTER TABLE a DROP COLUMN extra;\n"
                           "CREATE TABLE left_over (n INTEGER);\n"
                           "INSERT INTO left_over (n) SELECT a_id FROM b;\n"
                           "DROP TABLE b;\n"
                           "DROP TABLE a;\n";

typedef struct {
  Suite *suite;
  char *folder;
  gboolean stepwise, down;
} Work;

/* --- the killing ------------------------------------------------------------------------------------------------ */

static gboolean
migrate (const Work *work, CormDb *db, gboolean down, GError **error)
{
  const CormMigrationOptions options = { .mode = work->stepwise ? CORM_MIGRATION_NONE : CORM_MIGRATION_EACH };
  g_autoptr (CormMigrations) set = corm_migrations_open_folder (work->folder, error);
  if (set == NULL)
    return FALSE;
  return down ? corm_migrations_downgrade (set, db, "base", &options, error)
              : corm_migrations_upgrade (set, db, NULL, &options, error);
}

static gboolean
migrate_until (gconstpointer data, guint fatal, GError **error)
{
  const Work *work = data;
  const CormDbOptions one = { .pool_size = 1 };
  g_autoptr (CormDb) db = corm_db_open_full (work->suite->uri, NULL, &one, error);
  CormConnection *conn = db != NULL ? corm_db_connect (db, error) : NULL;
  if (conn == NULL)
    return FALSE;
  CormLink *link = corm_connection_get_link (conn);
  knife_put (conn, fatal);
  corm_connection_free (conn); /* the pool gives it out again */
  gboolean ok = migrate (work, db, work->down, error);
  knife_take (link);
  return ok;
}

/* --- what has to be ---------------------------------------------------------------------------------------------- */

static gint64
ask (Work *work, const char *sql)
{
  return suite_number (work->suite->conn, sql);
}

static void
go_on_and_judge (Work *work, gboolean down)
{
  assert_ok (migrate (work, work->suite->db, down, error));
  if (down) {
    assert_int_equal (ask (work, "SELECT count(*) FROM corm_migrations"), 0);
    assert_int_equal (ask (work, "SELECT sum(n) * 10 + count(*) FROM left_over"), 252);
    assert_false (corm_execute (work->suite->conn, "SELECT 1 FROM b WHERE 1 = 0", NULL, NULL, NULL));
    return;
  }
  assert_int_equal (
      ask (work, "SELECT count(*) FROM corm_migrations WHERE state = 'applied' AND doing IS NULL"), 1);
  assert_int_equal (ask (work, "SELECT sum(n) FROM a"), 46);
  assert_int_equal (ask (work, "SELECT sum(a_id) * 10 + count(*) FROM b"), 232);
  assert_false (corm_execute (work->suite->conn, "SELECT 1 FROM v WHERE 1 = 0", NULL, NULL, NULL));
}

/* Back to where the way starts. */
static void
reset (Work *work, gboolean down)
{
  static const char *const tables[] = { "left_over", "b", "a", "corm_migrations" };
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *sql = g_strdup_printf ("DROP TABLE IF EXISTS %s", tables[i]);
    suite_sql (work->suite->conn, sql);
  }
  if (down)
    assert_ok (migrate (work, work->suite->db, FALSE, error));
}

static guint
n_odd_moments (void)
{
  const char *wanted = g_getenv ("CORM_TEST_MOMENTS");
  return wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : N_ODD_MOMENTS;
}

static void
kill_on_the_way (Work *work, gboolean down)
{
  guint n_killed = 0, n_tried = 0, n_odd = n_odd_moments ();
  work->down = down;
  reset (work, down);
  gint64 start = g_get_monotonic_time ();
  assert_ok (migrate_until (work, 0, error));
  gulong duration = (gulong) (g_get_monotonic_time () - start);
  guint n = knife.seen;
  go_on_and_judge (work, down);
  guint step = g_getenv ("CORM_TEST_MOMENTS") == NULL ? MAX (n / N_KILLS, 1) : 1;
  for (guint fatal = 1 + n % step; fatal <= n; fatal += step, n_tried++) {
    reset (work, down);
    assert_true (knife_work_and_die (migrate_until, work, fatal, 0));
    go_on_and_judge (work, down);
  }
  for (guint i = 0; i < n_odd; i++) {
    reset (work, down);
    n_killed += knife_work_and_die (migrate_until, work, 0, duration * (i + 1) / (n_odd + 1));
    go_on_and_judge (work, down);
  }
  print_message (
      "# %s, %s, %s: %u statements, killed in front of %u of them, and at %u of %u odd moments: each "
      "time the next run went on\n",
      work->suite->backend, work->stepwise ? "stepwise" : "in a transaction where there is one",
      down ? "down" : "up", n, n_tried, n_killed, n_odd);
}

/* A case that is skipped is not torn down. */
static void
leave_out (Suite *suite, const char *reason)
{
  suite_close (suite);
  suite_skip (reason);
}

static void
kill_both_ways (Suite *suite, gboolean stepwise)
{
  if (g_str_has_prefix (suite->backend, "dbi:") && g_getenv ("CORM_TEST_MOMENTS") == NULL)
    leave_out (suite, "the same migrator as on the native driver; CORM_TEST_MOMENTS runs it");
  Work work = { .suite = suite, .folder = folder_new (), .stepwise = stepwise };
  folder_write (work.folder, "0001_all.sql", body);
  kill_on_the_way (&work, FALSE);
  kill_on_the_way (&work, TRUE);
  reset (&work, FALSE);
  folder_free (work.folder);
}

static void
killed_in_transactions (Suite *suite)
{
  kill_both_ways (suite, FALSE);
}

static void
killed_without_transactions (Suite *suite)
{
  if (!(suite->caps & CORM_CAP_TRANSACTIONAL_DDL))
    leave_out (suite, "here the other case is without them already");
  kill_both_ways (suite, TRUE);
}

static const SuiteCase cases[] = {
  { "killed in transactions", killed_in_transactions, 0 },
  { "killed without transactions", killed_without_transactions, 0 },
};

int
main (void)
{
  return SUITE_RUN (NULL, cases);
}
