/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Maintenance: the dialect's statements for each task, table by table. What cannot be done is said, with the reason. */
#include "upkeep/choose.h"

#include "base/error.h"
#include "engine/connection.h"

#include <string.h>

typedef struct {
  CormConnection *conn;
  const CormDialect *dialect;
  const CormUpkeepSql *sql;
  GPtrArray *tables; /* CormTable, chosen */
  GPtrArray *steps;  /* CormMaintained */
  gboolean damaged;
} Work;

static void
maintained_free (gpointer data)
{
  CormMaintained *step = data;
  g_free (step->table);
  g_free (step->sql);
  g_free (step->words);
  g_free (step);
}

static CormMaintained *
add_step (Work *work, guint task, const char *table, CormOutcome outcome, const char *words)
{
  CormMaintained *step = g_new0 (CormMaintained, 1);
  step->task = task;
  step->table = g_strdup (table);
  step->outcome = outcome;
  step->words = g_strdup (words);
  g_ptr_array_add (work->steps, step);
  return step;
}

/* The answer of a statement that has rows. */
static CormOutcome
read_answer (const Work *work, guint task, CormCursor *cursor, GString *words, GError **error)
{
  CormOutcome outcome = CORM_MAINTAINED_DONE;
  GError *local = NULL;
  while (corm_cursor_next (cursor, &local)) {
    g_autoptr (GString) said = g_string_new (NULL);
    CormAnswer answer = work->sql->answer != NULL ? work->sql->answer (task, cursor, said) : CORM_ANSWER_FINE;
    if (said->len > 0)
      g_string_append_printf (words, "%s%s", words->len > 0 ? "; " : "", said->str);
    if (answer == CORM_ANSWER_DAMAGED)
      outcome = CORM_MAINTAINED_DAMAGED;
    else if (answer == CORM_ANSWER_FAILED && outcome == CORM_MAINTAINED_DONE)
      outcome = CORM_MAINTAINED_FAILED;
  }
  if (local != NULL)
    g_propagate_error (error, local);
  return outcome;
}

static CormOutcome
run_statement (const Work *work, const CormMaintainSql *one, const char *sql, GString *words, GError **error)
{
  if (!one->answers) {
    corm_connection_run (work->conn, sql, error);
    return CORM_MAINTAINED_DONE;
  }
  g_autoptr (CormCursor) cursor = corm_query (work->conn, sql, NULL, error);
  return cursor != NULL ? read_answer (work, one->task, cursor, words, error) : CORM_MAINTAINED_FAILED;
}

/* FALSE: the connection is gone. */
static gboolean
run_step (Work *work, const CormMaintainSql *one, const char *table, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GString) words = g_string_new (NULL);
  CormMaintained *step = add_step (work, one->task, table, CORM_MAINTAINED_DONE, NULL);
  step->sql = corm_upkeep_fill (work->dialect, one->sql, table, NULL);
  gint64 began = g_get_monotonic_time ();
  step->outcome = run_statement (work, one, step->sql, words, &local);
  step->us = g_get_monotonic_time () - began;
  if (local != NULL) {
    /* A check that breaks off has found enough. */
    gboolean found = one->task == CORM_MAINTAIN_CHECK && corm_error_may_be_damage (local);
    step->outcome = found ? CORM_MAINTAINED_DAMAGED : CORM_MAINTAINED_FAILED;
    g_string_append_printf (words, "%s%s", words->len > 0 ? "; " : "", local->message);
  }
  step->words = words->len > 0 ? g_utf8_make_valid (words->str, (gssize) words->len) : NULL;
  work->damaged |= step->outcome == CORM_MAINTAINED_DAMAGED;
  if (local == NULL || local->code != CORM_ERROR_CONNECTION)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Why this role may not; NULL: it may, or the database says it by itself. */
static char *
ask_why_not (const Work *work, const char *table)
{
  const char *const queries[] = { work->sql->may_not, NULL };
  if (work->sql->may_not == NULL)
    return NULL;
  g_autoptr (CormCursor) cursor = corm_upkeep_query (work->conn, queries, table, NULL);
  return cursor != NULL && corm_cursor_next (cursor, NULL) ? corm_upkeep_get_text (cursor, 0) : NULL;
}

static gboolean
run_on_tables (Work *work, const CormMaintainSql *one, GError **error)
{
  for (guint i = 0; i < work->tables->len; i++) {
    const CormTable *table = work->tables->pdata[i];
    g_autofree char *why = ask_why_not (work, table->name);
    if (why != NULL)
      add_step (work, one->task, table->name, CORM_MAINTAINED_SKIPPED, why);
    else if (!run_step (work, one, table->name, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run_one (Work *work, const CormMaintainSql *one, GError **error)
{
  if (one->sql == NULL) {
    add_step (work, one->task, NULL, CORM_MAINTAINED_SKIPPED, one->why);
    return TRUE;
  }
  if (work->damaged && one->task != CORM_MAINTAIN_CHECK) {
    add_step (work, one->task, NULL, CORM_MAINTAINED_SKIPPED, "the check found damage: mend that first");
    return TRUE;
  }
  gboolean is_of_tables = strstr (one->sql, "{t}") != NULL || strstr (one->sql, "{c}") != NULL;
  return is_of_tables ? run_on_tables (work, one, error) : run_step (work, one, NULL, error);
}

static gboolean
check_outside (CormConnection *conn, GError **error)
{
  if (!corm_connection_in_transaction (conn))
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "maintenance cannot run inside a transaction: end it first");
  return FALSE;
}

GPtrArray *
corm_maintain (CormConnection *conn, const CormMaintainOptions *options, GError **error)
{
  static const CormMaintainOptions plain;
  g_return_val_if_fail (conn != NULL, NULL);
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  if (options == NULL)
    options = &plain;
  guint tasks = options->tasks != 0 ? options->tasks : CORM_MAINTAIN_CHECK | CORM_MAINTAIN_ANALYZE;
  g_autoptr (CormSchema) schema = check_outside (conn, error) ? corm_schema_inspect (conn, error) : NULL;
  if (schema == NULL)
    return NULL;
  g_autoptr (GPtrArray) tables = corm_choose_tables (schema, options->tables, error);
  if (tables == NULL)
    return NULL;
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (maintained_free);
  Work work = { conn, dialect, corm_upkeep_sql (dialect), tables, steps, FALSE };
  const CormMaintainSql *one = work.sql->maintain;
  for (; one != NULL && one->task != 0; one++)
    if ((one->task & tasks) != 0 && !run_one (&work, one, error))
      return NULL;
  return g_steal_pointer (&steps);
}
