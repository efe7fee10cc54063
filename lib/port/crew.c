/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See crew.h. */
#include "port/crew.h"

#include "base/error.h"
#include "engine/cursor.h"
#include "engine/transaction.h"
#include "render/sql.h"

#include <string.h>

#define MOST_ATTEMPTS 20

/* --- one moment of the source ------------------------------------------------------------------------------- */

static gboolean
begin (CormHand *hand, const char *snapshot, GError **error)
{
  hand->read = corm_transaction_begin_at (hand->from, CORM_TRANSACTION_READ_ONLY,
                                          CORM_ISOLATION_REPEATABLE_READ, error);
  return hand->read != NULL && (snapshot == NULL || corm_connection_run (hand->from, snapshot, error)) &&
         corm_transaction_see_all (hand->from, error);
}

static void
end (CormCrew *crew)
{
  for (guint i = 0; i < crew->hands->len; i++)
    g_clear_pointer (&((CormHand *) g_ptr_array_index (crew->hands, i))->read, corm_transaction_free);
}

static char *
ask (CormConnection *conn, const char *sql, GError **error)
{
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, error);
  return cursor != NULL && corm_cursor_next (cursor, error) ? corm_cursor_dup_text (cursor, 0) : NULL;
}

/* The first hand tells its snapshot, the others take it. */
static gboolean
begin_shared (CormCrew *crew, const CormDialect *dialect, GError **error)
{
  CormHand *first = g_ptr_array_index (crew->hands, 0);
  g_autofree char *snapshot =
      begin (first, NULL, error) ? ask (first->from, dialect->share_snapshot, error) : NULL;
  if (snapshot == NULL)
    return FALSE;
  g_autoptr (GString) literal = g_string_new (NULL), take = g_string_new (dialect->take_snapshot);
  CormValue value = corm_value_text (snapshot);
  if (!corm_sql_append_literal (literal, dialect, &value, error))
    return FALSE;
  g_string_replace (take, "{v}", literal->str, 1);
  for (guint i = 1; i < crew->hands->len; i++)
    if (!begin (g_ptr_array_index (crew->hands, i), take->str, error))
      return FALSE;
  return TRUE;
}

/* All begin between two looks that see no commit of anybody; else once more. */
static gboolean
begin_between_commits (CormCrew *crew, const CormDialect *dialect, GError **error)
{
  CormHand *first = g_ptr_array_index (crew->hands, 0);
  g_autoptr (CormConnection) probe = corm_connection_open_again (first->from, error);
  if (probe == NULL)
    return FALSE;
  for (guint attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    g_autofree char *before = ask (probe, dialect->commit_mark, error);
    gboolean begun = before != NULL;
    for (guint i = 0; begun && i < crew->hands->len; i++)
      begun = begin (g_ptr_array_index (crew->hands, i), dialect->take_snapshot, error);
    g_autofree char *after = begun ? ask (probe, dialect->commit_mark, error) : NULL;
    if (after == NULL)
      return FALSE;
    if (strcmp (before, after) == 0)
      return TRUE;
    end (crew);
  }
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_BUSY,
      "others write to the source all the time, so that several readers never see the same moment of it: "
      "port with one job, or when it is quiet");
  return FALSE;
}

/* --- the crew ----------------------------------------------------------------------------------------------- */

static CormHand *
add_hand (CormCrew *crew, CormConnection *from, CormConnection *to)
{
  CormHand *hand = g_new0 (CormHand, 1);
  *hand = (CormHand){ .crew = crew, .from = from, .to = to };
  g_ptr_array_add (crew->hands, hand);
  return hand;
}

static const char *
find_obstacle (CormConnection *from, CormConnection *to)
{
  const CormDialect *source = corm_connection_get_dialect (from), *target = corm_connection_get_dialect (to);
  if (corm_connection_get_link (from)->sole)
    return "a source in memory has one connection";
  if (target->in_process || corm_connection_get_link (to)->sole)
    return "the target takes one writer at a time";
  if (source->share_snapshot == NULL && source->commit_mark == NULL)
    return "the source can't show several connections the same moment";
  return NULL;
}

CormCrew *
corm_crew_new (CormConnection *from, CormConnection *to, guint n, const char **why, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (from);
  g_autoptr (CormCrew) crew = g_new0 (CormCrew, 1);
  crew->hands = g_ptr_array_new_with_free_func (g_free);
  CormHand *first = add_hand (crew, from, to);
  *why = n > 1 ? find_obstacle (from, to) : NULL;
  if (n <= 1 || *why != NULL)
    return begin (first, dialect->commit_mark != NULL ? dialect->take_snapshot : NULL, error)
               ? g_steal_pointer (&crew)
               : NULL;
  for (guint i = 1; i < n; i++) {
    CormHand *hand = add_hand (crew, NULL, NULL);
    hand->from = corm_connection_open_again (from, error);
    hand->to = hand->from != NULL ? corm_connection_open_again (to, error) : NULL;
    if (hand->to == NULL)
      return NULL;
  }
  if (!(dialect->share_snapshot != NULL ? begin_shared (crew, dialect, error)
                                        : begin_between_commits (crew, dialect, error)))
    return NULL;
  return g_steal_pointer (&crew);
}

void
corm_crew_free (CormCrew *crew)
{
  end (crew);
  for (guint i = 1; i < crew->hands->len; i++) {
    CormHand *hand = g_ptr_array_index (crew->hands, i);
    g_clear_pointer (&hand->from, corm_connection_free);
    g_clear_pointer (&hand->to, corm_connection_free);
  }
  g_ptr_array_unref (crew->hands);
  g_free (crew);
}

/* --- the work ------------------------------------------------------------------------------------------------ */

typedef struct {
  CormCrew *crew;
  GPtrArray *pieces;
  CormCrewWork work;
  CormCrewClash clash;
  gpointer data;
  GMutex mutex;
  GCond ended;      /* a piece */
  gboolean *taken;  /* of each piece */
  guint first;      /* not taken yet */
  GPtrArray *at_it; /* the pieces under way */
  GError *error;    /* the first */
} Run;

typedef struct {
  Run *run;
  CormHand *hand;
} Task;

gboolean
corm_crew_is_stopped (CormCrew *crew)
{
  return g_atomic_int_get (&crew->stopped) != 0;
}

static void
stop (Run *run, GError *error)
{
  g_mutex_lock (&run->mutex);
  if (run->error == NULL)
    run->error = error;
  else
    g_error_free (error);
  g_atomic_int_set (&run->crew->stopped, 1);
  g_mutex_unlock (&run->mutex);
}

static gboolean
is_free (const Run *run, gconstpointer piece)
{
  for (guint i = 0; run->clash != NULL && i < run->at_it->len; i++)
    if (run->clash (piece, run->at_it->pdata[i], run->data))
      return FALSE;
  return TRUE;
}

/* The next piece that clashes with none; NULL: there is none left, or the crew has stopped. */
static gpointer
take (Run *run)
{
  gpointer piece = NULL;
  g_mutex_lock (&run->mutex);
  while (piece == NULL && !corm_crew_is_stopped (run->crew)) {
    while (run->first < run->pieces->len && run->taken[run->first])
      run->first++;
    if (run->first == run->pieces->len)
      break;
    for (guint i = run->first; piece == NULL && i < run->pieces->len; i++)
      if (!run->taken[i] && is_free (run, run->pieces->pdata[i])) {
        run->taken[i] = TRUE;
        piece = run->pieces->pdata[i];
        g_ptr_array_add (run->at_it, piece);
      }
    if (piece == NULL)
      g_cond_wait (&run->ended, &run->mutex);
  }
  g_mutex_unlock (&run->mutex);
  return piece;
}

static gpointer
work (gpointer data)
{
  const Task *task = data;
  Run *run = task->run;
  gpointer piece;
  while ((piece = take (run)) != NULL) {
    GError *error = NULL;
    if (!run->work (task->hand, piece, run->data, &error))
      stop (run, error);
    g_mutex_lock (&run->mutex);
    g_ptr_array_remove_fast (run->at_it, piece);
    g_cond_broadcast (&run->ended);
    g_mutex_unlock (&run->mutex);
  }
  return NULL;
}

gboolean
corm_crew_run (CormCrew *crew, GPtrArray *pieces, CormCrewWork function, CormCrewClash clash, gpointer data,
               GError **error)
{
  Run run = { .crew = crew, .pieces = pieces, .work = function, .clash = clash, .data = data };
  g_autofree gboolean *taken = g_new0 (gboolean, pieces->len + 1);
  g_autoptr (GPtrArray) at_it = g_ptr_array_new ();
  run.taken = taken;
  run.at_it = at_it;
  guint n = MIN (crew->hands->len, MAX (1, pieces->len));
  g_autofree Task *tasks = g_new0 (Task, n);
  g_autofree GThread **threads = g_new0 (GThread *, n);
  g_mutex_init (&run.mutex);
  g_cond_init (&run.ended);
  g_atomic_int_set (&crew->stopped, 0);
  for (guint i = 0; i < n; i++)
    tasks[i] = (Task){ .run = &run, .hand = g_ptr_array_index (crew->hands, i) };
  for (guint i = 1; i < n; i++)
    threads[i] = g_thread_new ("corm-port", work, &tasks[i]);
  work (&tasks[0]);
  for (guint i = 1; i < n; i++)
    g_thread_join (threads[i]);
  g_mutex_clear (&run.mutex);
  g_cond_clear (&run.ended);
  if (run.error == NULL)
    return TRUE;
  g_propagate_error (error, run.error);
  return FALSE;
}
