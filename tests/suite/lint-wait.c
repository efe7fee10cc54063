/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Harm that takes several connections to PostgreSQL: one works on the schema, one holds it up, one goes on working. */
#include "lint.h"

#define IMPATIENT "SET lock_timeout = '200ms'"

/* Another connection, impatient, that runs the probe. */
static gboolean
is_blocked (LintPlace *place)
{
  g_autoptr (CormConnection) other = suite_connect (place->db);
  g_autoptr (GError) error = NULL;
  suite_sql (other, IMPATIENT);
  gboolean ran = corm_execute (other, place->harm->probe, NULL, NULL, &error);
  if (!ran && error->code != CORM_ERROR_BUSY)
    fail_msg ("%s: %s", place->harm->probe, error->message);
  suite_sql (other, "RESET lock_timeout");
  return !ran;
}

static gint64
count_read (LintPlace *place)
{
  return suite_number (place->conn, "SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_xact_user_tables");
}

static gboolean
has_word (const char *sql, const char *word)
{
  return strstr (sql, word) != NULL;
}

/* What commits by itself, as these do, cannot be stopped before its end: somebody who writes holds it up. */
typedef struct {
  LintPlace *place;
  const char *script;
} Work;

static gpointer
work (gpointer data)
{
  Work *job = data;
  return GINT_TO_POINTER (lint_run_script (job->place, job->script));
}

/* Up to two seconds, until the place's connection waits for a lock. */
static void
wait_until_it_waits (CormConnection *watch)
{
  const char *ask = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
                    "WHERE NOT l.granted AND a.datname = current_database()";
  for (int i = 0; i < 400; i++) {
    if (suite_number (watch, ask) > 0)
      return;
    g_usleep (5 * 1000);
  }
}

static gboolean
blocks_beside (LintPlace *place, const char *script, const char *hold)
{
  g_autoptr (CormConnection) holder = suite_connect (place->db);
  g_autoptr (CormConnection) watch = suite_connect (place->db);
  Work job = { place, script };
  suite_sql (holder, "BEGIN");
  suite_sql (holder, hold);
  g_autoptr (GThread) thread = g_thread_new ("work", work, &job);
  wait_until_it_waits (watch);
  gboolean blocked = is_blocked (place);
  suite_sql (holder, "ROLLBACK");
  g_thread_join (g_steal_pointer (&thread));
  return blocked;
}

gboolean
lint_queues (LintPlace *place, const char *script)
{
  return blocks_beside (place, script, "SELECT count(*) FROM jobs");
}

/* One statement in a transaction that is not yet at its end. */
static gboolean
blocks_inside (LintPlace *place, const char *sql, gboolean must_read, gboolean begin)
{
  gint64 before =
      must_read ? count_read (place) : 0; /* what other transactions read is counted a while longer */
  if (begin)
    suite_sql (place->conn, "BEGIN");
  if (!lint_run (place, sql))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  gint64 n = must_read ? count_read (place) - before : 1;
  gboolean blocked = n > 0 && is_blocked (place);
  g_string_append_printf (place->log, "%s: read %" G_GINT64_FORMAT ", blocked %d\n", sql, n, blocked);
  if (begin)
    suite_sql (place->conn, "COMMIT");
  return blocked;
}

static gboolean
blocks (LintPlace *place, const char *script, gboolean must_read)
{
  g_auto (GStrv) parts = g_strsplit (script, ";\n", -1);
  gboolean begun = FALSE, blocked = FALSE;
  for (guint i = 0; parts[i] != NULL; i++) {
    const char *sql = g_strstrip (parts[i]);
    gboolean ends = g_str_has_prefix (sql, "COMMIT");
    if (*sql == '\0')
      continue;
    begun = begun || g_str_has_prefix (sql, "BEGIN");
    if (has_word (sql, "CONCURRENTLY") || has_word (sql, "VACUUM"))
      blocked = blocked || blocks_beside (place, sql, "UPDATE jobs SET pid = pid WHERE id = 1");
    else if (!ends)
      blocked = blocks_inside (place, sql, must_read, !begun) || blocked;
    else
      lint_run (place, sql);
    begun = begun && !ends;
  }
  return blocked;
}

gboolean
lint_blocks (LintPlace *place, const char *script)
{
  return blocks (place, script, FALSE);
}

gboolean
lint_blocks_and_reads (LintPlace *place, const char *script)
{
  return blocks (place, script, TRUE);
}
