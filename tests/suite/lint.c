/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The ways to see harm that all databases share. */
#include "lint.h"

static gboolean
run_on (CormConnection *conn, const char *sql, GString *log)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = corm_connection_get_link (conn);
  if (link->driver->run (link, sql, &error))
    return TRUE;
  g_string_append_printf (log, "%s: %s\n", sql, error->message);
  return FALSE;
}

gboolean
lint_run (LintPlace *place, const char *sql)
{
  return run_on (place->conn, sql, place->log);
}

gboolean
lint_run_script (LintPlace *place, const char *script)
{
  g_auto (GStrv) parts = g_strsplit (script, ";\n", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0' && !lint_run (place, parts[i]))
      return FALSE;
  return TRUE;
}

/* The first value as text; NULL when the query fails or has no row. */
static char *
read_text (LintPlace *place, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (CormCursor) cursor = corm_query (place->conn, sql, NULL, &error);
  if (cursor == NULL || !corm_cursor_next (cursor, &error)) {
    g_string_append_printf (place->log, "%s: %s\n", sql, error != NULL ? error->message : "no row");
    return NULL;
  }
  corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
  return g_strdup (text->str);
}

gboolean
lint_is_refused (LintPlace *place, const char *script)
{
  gboolean refused = !lint_run_script (place, script);
  if (refused && place->dialect[0] != 'm')
    g_free (read_text (place, "SELECT 1"));
  return refused;
}

gboolean
lint_breaks (LintPlace *place, const char *script)
{
  if (!lint_run_script (place, script))
    return FALSE;
  g_autofree char *text = read_text (place, place->harm->probe);
  return text == NULL;
}

gboolean
lint_shows (LintPlace *place, const char *script)
{
  g_autofree char *head = g_strdup (place->harm->probe);
  char *last = strrchr (head, '\n') != NULL ? strrchr (head, '\n') + 1 : head;
  if (!lint_run_script (place, script))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  if (last != head) {
    last[-1] = '\0';
    g_autofree char *before = g_strconcat (head, "\n", NULL);
    if (!lint_run_script (place, before))
      return FALSE;
  }
  g_autofree char *text = read_text (place, last);
  g_string_append_printf (place->log, "%s: %s\n", last, text != NULL ? text : "nothing");
  return text != NULL && strcmp (text, "0") != 0 && strcmp (text, "false") != 0;
}

gboolean
lint_changes (LintPlace *place, const char *script)
{
  g_autofree char *before = read_text (place, place->harm->probe);
  if (before == NULL)
    fail_msg ("%s: the probe does not run: %s", place->harm->rule, place->log->str);
  if (!lint_run_script (place, script))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  g_autofree char *after = read_text (place, place->harm->probe);
  g_string_append_printf (place->log, "before %s, after %s\n", before, after != NULL ? after : "nothing");
  return g_strcmp0 (before, after) != 0;
}

gboolean
lint_plan_has (LintPlace *place, const char *script)
{
  g_auto (GStrv) parts = g_strsplit (place->harm->probe, "|", 2);
  const CormDialect *dialect = corm_connection_get_link (place->conn)->driver->dialect;
  g_autofree char *explain = g_strconcat (dialect->explain, parts[1], NULL);
  g_autoptr (GError) error = NULL;
  if (!lint_run_script (place, script))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  if (strcmp (place->dialect, "pgsql") == 0)
    lint_run (place, "SET enable_seqscan = off"); /* it is read as a whole only where there is no other way */
  g_autoptr (CormCursor) cursor = corm_query (place->conn, explain, NULL, &error);
  g_autoptr (GString) plan = g_string_new (NULL);
  while (cursor != NULL && corm_cursor_next (cursor, &error)) {
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      corm_value_append_text (corm_cursor_get_value (cursor, i), plan);
      g_string_append_c (plan, ' ');
    }
    g_string_append_c (plan, '\n');
  }
  if (error != NULL)
    fail_msg ("%s: %s", explain, error->message);
  g_string_append (place->log, plan->str);
  return strstr (plan->str, parts[0]) != NULL;
}

gboolean
lint_loses (LintPlace *place, const char *script)
{
  g_auto (GStrv) probes = g_strsplit (place->harm->probe, "|", 2);
  g_autofree char *before = read_text (place, probes[0]);
  if (before == NULL || !lint_run_script (place, script))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  g_autofree char *after = read_text (place, probes[0]);
  g_autofree char *other = read_text (place, probes[1]);
  return g_strcmp0 (before, after) != 0 && g_strcmp0 (before, other) != 0;
}

gboolean
lint_breaks_after (LintPlace *place, const char *script)
{
  g_auto (GStrv) probes = g_strsplit (place->harm->probe, "|", 2);
  if (!lint_run_script (place, script) || !lint_run_script (place, probes[0]))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  return !lint_run_script (place, probes[1]);
}

gboolean
lint_breaks_either (LintPlace *place, const char *script)
{
  g_auto (GStrv) probes = g_strsplit (place->harm->probe, "|", 2);
  if (!lint_run_script (place, script))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  g_autofree char *one = read_text (place, probes[0]);
  g_autofree char *other = read_text (place, probes[1]);
  return one == NULL && other == NULL;
}

gboolean
lint_survives_rollback (LintPlace *place, const char *script)
{
  gboolean begins = strstr (script, "BEGIN") != NULL;
  g_autofree char *text = g_strdup (script);
  if (g_str_has_suffix (text, "\nCOMMIT;"))
    text[strlen (text) - strlen ("\nCOMMIT;")] = '\0';
  if ((!begins && !lint_run (place, "BEGIN")) || !lint_run_script (place, text))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  lint_run (place, "ROLLBACK"); /* it may have ended */
  g_autofree char *left = read_text (place, place->harm->probe);
  return g_strcmp0 (left, "0") != 0;
}

gboolean
lint_breaks_others (LintPlace *place, const char *script)
{
  g_autoptr (GError) error = NULL;
  if (!lint_run_script (place, script))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  g_autoptr (CormConnection) other = corm_connection_open_uri (place->uri, &error);
  gboolean ran = other != NULL && corm_execute (other, place->harm->probe, NULL, NULL, &error);
  g_string_append_printf (place->log, "%s\n", error != NULL ? error->message : "it ran");
  return !ran;
}

gboolean
lint_finds (LintPlace *place, const char *script)
{
  g_autoptr (GPtrArray) findings = NULL;
  CormLintOptions options = { .dialect = place->dialect };
  assert_ok ((findings = corm_lint_sql (script, &options, error)) != NULL);
  for (guint i = 0; i < findings->len; i++)
    if (strcmp (((const CormFinding *) findings->pdata[i])->rule->name, place->harm->probe) == 0)
      return TRUE;
  return FALSE;
}

/* --- MariaDB ------------------------------------------------------------------------------------------------------ */

gboolean
lint_locks_out (LintPlace *place, const char *script)
{
  g_auto (GStrv) parts = g_strsplit (script, ";\n", -1);
  gboolean refused = FALSE;
  for (guint i = 0; parts[i] != NULL && !refused; i++) {
    gboolean alter = g_str_has_prefix (g_strstrip (parts[i]), "ALTER");
    if (g_str_has_suffix (parts[i], ";"))
      parts[i][strlen (parts[i]) - 1] = '\0';
    gboolean said = strstr (parts[i], "LOCK=") != NULL;
    g_autofree char *sql = alter && !said ? g_strconcat (parts[i], ", LOCK=NONE", NULL) : g_strdup (parts[i]);
    refused = *sql != '\0' && !lint_run (place, sql);
  }
  return refused && strstr (place->log->str, "LOCK=NONE") != NULL &&
         strstr (place->log->str, "is not supported") != NULL;
}

gboolean
lint_holds (LintPlace *place, const char *script)
{
  g_autoptr (CormConnection) other = suite_connect (place->db);
  suite_sql (other, "SET lock_wait_timeout = 0");
  suite_sql (other, "SET innodb_lock_wait_timeout = 0");
  if (!lint_run_script (place, script))
    fail_msg ("%s: the example does not run: %s", place->harm->rule, place->log->str);
  gboolean ran = run_on (other, place->harm->probe, place->log);
  lint_run (place, "UNLOCK TABLES");
  return !ran;
}
