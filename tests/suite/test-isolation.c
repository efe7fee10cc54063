/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What each level of isolation lets through in each database, as two transactions side by side see it. What was seen is
 * written to isolation-table.md in the build folder; `make isolation-table` brings it into the manual. */
#include "people.h"

#include <glib/gstdio.h>

enum { N_LEVELS = 3, N_ANOMALIES = 5 };

static const CormIsolation tested_levels[N_LEVELS] = { CORM_ISOLATION_READ_COMMITTED,
                                                       CORM_ISOLATION_REPEATABLE_READ,
                                                       CORM_ISOLATION_SERIALIZABLE };
static const char *const level_names[N_LEVELS] = { "read committed", "repeatable read", "serializable" };
static const char *const anomaly_names[N_ANOMALIES] = { "dirty read", "non-repeatable read", "phantom",
                                                        "lost update", "write skew" };

/* Two connections, each in a transaction. A statement that waits for the other one gives up soon: then the anomaly was
 * prevented by a lock. */
typedef struct {
  CormDb *db;
  CormConnection *conns[2];
  CormTransaction *guards[2];
  gint64 ids[2];
} Pair;

typedef enum { PREVENTED, SEEN } Verdict;

static gint64
number (CormConnection *conn, const char *sql)
{
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, NULL);
  return cursor != NULL && corm_cursor_next (cursor, NULL) ? corm_cursor_get_value (cursor, 0)->i : -1;
}

static gint64
score_of (CormConnection *conn, gint64 id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT score FROM members WHERE id = %" G_GINT64_FORMAT, id);
  return number (conn, sql);
}

static gboolean
set_score (CormConnection *conn, gint64 id, gint64 score)
{
  return corm_execute (conn, "UPDATE members SET score = :score WHERE id = :id",
                       CORM_PARAMS (CORM_PARAM ("score", score), CORM_PARAM ("id", id)), NULL, NULL);
}

/* Transactions of one that read: what they write is written by the second, or tried by both. */
static Pair
begin_pair (Suite *suite, CormIsolation level)
{
  CormDbOptions options = { .pool_size = 2, .busy_timeout_ms = 100 };
  Pair pair = { .db = suite_open (suite, &options) };
  suite_sql (suite->conn, "DELETE FROM members");
  for (guint i = 0; i < 2; i++) {
    pair.ids[i] = add_member (suite->conn, i == 0 ? "a" : "b", 10, 0);
    pair.conns[i] = suite_connect (pair.db);
  }
  for (guint i = 0; i < 2; i++)
    assert_ok ((pair.guards[i] = corm_transaction_begin_at (pair.conns[i], CORM_TRANSACTION_DEFAULT, level,
                                                            error)) != NULL);
  return pair;
}

static void
end_pair (Pair *pair)
{
  for (guint i = 0; i < 2; i++)
    corm_transaction_free (pair->guards[i]);
  for (guint i = 0; i < 2; i++)
    corm_connection_free (pair->conns[i]);
  corm_db_free (pair->db);
}

static gboolean
commit (Pair *pair, guint i)
{
  gboolean ok = corm_transaction_commit (pair->guards[i], NULL);
  g_clear_pointer (&pair->guards[i], corm_transaction_free);
  return ok;
}

/* --- the anomalies: Berenson and others, A Critique of ANSI SQL Isolation Levels (1995) -------------------------- */

/* What the other one wrote is seen before it is committed. */
static Verdict
dirty_read (Pair *pair)
{
  set_score (pair->conns[1], pair->ids[0], 99);
  return score_of (pair->conns[0], pair->ids[0]) == 99 ? SEEN : PREVENTED;
}

/* The same row, read twice, has changed. */
static Verdict
non_repeatable_read (Pair *pair)
{
  gint64 before = score_of (pair->conns[0], pair->ids[0]);
  set_score (pair->conns[1], pair->ids[0], 99);
  commit (pair, 1);
  gint64 after = score_of (pair->conns[0], pair->ids[0]);
  return before != -1 && after != -1 && before != after ? SEEN : PREVENTED;
}

/* The same condition, asked twice, holds for more rows. */
static Verdict
phantom (Pair *pair)
{
  static const char sql[] = "SELECT count(*) FROM members WHERE score >= 10";
  Member member = { .name = "c", .score = 11 };
  gint64 before = number (pair->conns[0], sql);
  member_insert (pair->conns[1], &member, NULL);
  commit (pair, 1);
  gint64 after = number (pair->conns[0], sql);
  return before != -1 && after != -1 && before != after ? SEEN : PREVENTED;
}

/* Both add to what they read, and one addition is gone. */
static Verdict
lost_update (Pair *pair)
{
  gint64 first = score_of (pair->conns[0], pair->ids[0]), second = score_of (pair->conns[1], pair->ids[0]);
  gboolean theirs = second != -1 && set_score (pair->conns[1], pair->ids[0], second + 1) && commit (pair, 1);
  gboolean ours = first != -1 && set_score (pair->conns[0], pair->ids[0], first + 1) && commit (pair, 0);
  return theirs && ours && first == second ? SEEN : PREVENTED;
}

/* Each makes sure that the sum stays, and takes from another row: together they take too much. */
static Verdict
write_skew (Pair *pair)
{
  static const char sql[] = "SELECT CAST(sum(score) AS decimal(10)) FROM members";
  gboolean done[2], read[2];
  for (guint i = 0; i < 2; i++) {
    g_autoptr (CormCursor) cursor = corm_query (pair->conns[i], sql, NULL, NULL);
    read[i] = cursor != NULL && corm_cursor_next (cursor, NULL);
  }
  for (guint i = 0; i < 2; i++)
    done[i] = read[i] && set_score (pair->conns[i], pair->ids[i], 0);
  for (guint i = 0; i < 2; i++)
    done[i] = done[i] && commit (pair, i);
  return done[0] && done[1] ? SEEN : PREVENTED;
}

static Verdict (*const anomalies[N_ANOMALIES]) (Pair *) = { dirty_read, non_repeatable_read, phantom,
                                                            lost_update, write_skew };

/* --- the table -------------------------------------------------------------------------------------------------- */

/* What the standard, or Corm's manual, promises of every database. */
static const gboolean promised[N_LEVELS][N_ANOMALIES] = {
  { TRUE, FALSE, FALSE, FALSE, FALSE },
  { TRUE, TRUE, FALSE, FALSE, FALSE },
  { TRUE, TRUE, TRUE, TRUE, TRUE },
};

static GString *table;

static void
each_level_keeps_its_promise (Suite *suite)
{
  for (guint level = 0; level < N_LEVELS; level++) {
    g_string_append_printf (table, "| %s | %s |", suite->backend, level_names[level]);
    for (guint i = 0; i < N_ANOMALIES; i++) {
      Pair pair = begin_pair (suite, tested_levels[level]);
      Verdict verdict = anomalies[i](&pair);
      end_pair (&pair);
      g_string_append (table, verdict == SEEN ? " happens |" : " no |");
      if (verdict == SEEN && promised[level][i])
        fail_msg ("%s: a %s at %s", suite->backend, anomaly_names[i], level_names[level]);
    }
    g_string_append_c (table, '\n');
  }
  suite_sql (suite->conn, "DELETE FROM members");
}

/* The test can fail: each anomaly is seen somewhere, where a server lets it. */
static void
write_table (void)
{
  g_autoptr (GString) text = g_string_new (
      "# What the levels of isolation let through\n\nWritten by `tests/suite/test-isolation` from what it "
      "saw (SQLite 3.40, "
      "PostgreSQL 15, MariaDB 10.11); see [transactions.md](transactions.md).\n\n| database | level |");
  for (guint i = 0; i < N_ANOMALIES; i++)
    g_string_append_printf (text, " %s |", anomaly_names[i]);
  g_string_append (text, "\n| --- | --- |");
  for (guint i = 0; i < N_ANOMALIES; i++)
    g_string_append (text, " --- |");
  g_string_append_printf (text, "\n%s", table->str);
  const char *folder = g_getenv ("CORM_TEST_BUILDDIR");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : ".", "isolation-table.md", NULL);
  if (!g_file_set_contents (path, text->str, -1, NULL))
    g_printerr ("# cannot write %s\n", path);
}

int
main (void)
{
  static const SuiteCase cases[] = { { "each level keeps its promise", each_level_keeps_its_promise, 0 } };
  table = g_string_new (NULL);
  int status = SUITE_RUN (people, cases);
  write_table ();
  g_string_free (table, TRUE);
  return status;
}
