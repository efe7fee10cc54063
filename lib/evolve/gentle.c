/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Who waits for a strong lock makes all others wait who come behind, so a statement waits for a moment only, lets them
 * pass and asks again. One whose wait is in nobody's way waits as long as it takes: when CREATE INDEX CONCURRENTLY gives up,
 * it leaves half an index behind. Rows are filled a few pages at a time, so few that nobody waits long for one of them.
 * Invariant: no lock is held between two attempts, nor between two parts of the rows. */
#include "evolve/gentle.h"

#include "base/error.h"
#include "engine/connection.h"
#include "evolve/runner.h"
#include "render/alter.h"
#include "schema/words.h"

enum {
  USUAL_WAIT_MS = 1000,
  PATIENCE_S = 60,
  ATTEMPTS = 10,
  PAUSE_MS = 100,
  LONGEST_PAUSE_MS = 800,
  WAY_WAIT_MS = 3000
};
enum { LEAST_PAGES = 4, MOST_PAGES = 16384, PART_US = 50000, PASSES = 10, PAUSE_PART = 16 };

typedef struct {
  CormConnection *conn;
  CormMigratorLock *lock;
  guint usual_ms; /* that a statement waits for a lock */
  const CormOp *const *ops;
  guint n_ops;
  const CormOp *op; /* whose turn it is */
  const char *sql;  /* NULL: all that the operations have as one transaction */
  guint64 n_rows;   /* that it has changed */
  gint64 wait_ms;   /* that the connection has been told; -1: nothing */
} Piece;

/* --- how long a statement waits for its lock */

static gboolean
set_wait (Piece *piece, guint ms, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (piece->conn);
  g_autofree char *value = g_strdup_printf ("%u", ms);
  const CormAlterParts parts = { .value = value };
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  if (dialect->lock_wait == NULL || piece->wait_ms == ms)
    return TRUE;
  corm_render_alter (sql, dialect, dialect->lock_wait, &parts);
  piece->wait_ms = ms;
  return corm_connection_run (piece->conn, sql->pdata[0], error);
}

/* Whether nobody has to wait because this statement does. */
static gboolean
is_harmless (CormConnection *conn, const char *sql)
{
  const char *const *harmless = corm_connection_get_dialect (conn)->lock_harmless;
  g_autoptr (GPtrArray) words = harmless != NULL ? corm_words_split (sql) : NULL;
  for (; harmless != NULL && *harmless != NULL; harmless++)
    if (g_ptr_array_find_with_equal_func (words, *harmless, g_str_equal, NULL))
      return TRUE;
  return FALSE;
}

void
corm_gentle_end (CormConnection *conn)
{
  const char *end = corm_connection_get_dialect (conn)->lock_wait_end;
  g_autoptr (GError) error = NULL;
  if (end != NULL && !corm_connection_run (conn, end, &error))
    corm_debug ("%s: %s", end, error->message);
}

/* --- asking again */

static gboolean
run_all (Piece *piece, GError **error)
{
  for (guint i = 0; i < piece->n_ops; i++) {
    piece->op = piece->ops[i];
    for (guint s = 0; s < piece->op->sql->len; s++)
      if (!corm_lock_run (piece->lock, piece->op->sql->pdata[s], error))
        return FALSE;
  }
  return TRUE;
}

static gboolean
attempt (Piece *piece, GError **error)
{
  if (piece->sql != NULL && piece->op->repeat)
    return corm_lock_check (piece->lock, error) &&
           corm_execute (piece->conn, piece->sql, NULL, &piece->n_rows, error);
  if (piece->sql != NULL)
    return corm_lock_run (piece->lock, piece->sql, error);
  g_autoptr (CormTransaction) transaction =
      corm_transaction_begin (piece->conn, CORM_TRANSACTION_WRITE, error);
  return transaction != NULL && run_all (piece, error) && corm_transaction_commit (transaction, error);
}

/* Asks for a lock that is in nobody's way, but in that of the server's own work on the table, which then ends. */
static void
make_way (Piece *piece)
{
  const CormDialect *dialect = corm_connection_get_dialect (piece->conn);
  const CormAlterParts parts = { .table = piece->op->table };
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  if (dialect->make_way == NULL || piece->op->table == NULL || !set_wait (piece, WAY_WAIT_MS, NULL))
    return;
  corm_render_alter (sql, dialect, dialect->make_way, &parts);
  g_autoptr (CormTransaction) transaction =
      corm_transaction_begin (piece->conn, CORM_TRANSACTION_WRITE, &error);
  if (transaction == NULL || !corm_lock_run (piece->lock, sql->pdata[0], &error) ||
      !corm_transaction_commit (transaction, &error))
    corm_debug ("%s: %s", (char *) sql->pdata[0], error->message);
}

/* An index that is built beside the users and did not get its locks is there already, and is not valid. */
static gboolean
try_once (Piece *piece, gboolean harmless, gboolean again, GError **error)
{
  if (again && piece->op->alone &&
      (!set_wait (piece, piece->usual_ms, error) ||
       !corm_doubt_drop_invalid (piece->conn, piece->sql, error)))
    return FALSE;
  return set_wait (piece, harmless ? 0 : piece->usual_ms, error) && attempt (piece, error);
}

static gboolean
run_piece (Piece *piece, GError **error)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_TIME_SPAN_SECOND;
  gboolean harmless = piece->sql != NULL && is_harmless (piece->conn, piece->sql);
  gint pause = PAUSE_MS;
  for (guint n = 1;; n++) {
    GError *local = NULL;
    if (try_once (piece, harmless, n > 1, &local))
      return TRUE;
    if (!g_error_matches (local, CORM_ERROR, CORM_ERROR_BUSY) ||
        (harmless ? n == ATTEMPTS : g_get_monotonic_time () > end)) {
      g_propagate_error (error, local);
      return FALSE;
    }
    corm_debug ("%s; trying again", local->message);
    g_error_free (local);
    g_usleep ((gulong) g_random_int_range (pause, 2 * pause) * 1000);
    pause = MIN (pause * 3 / 2, LONGEST_PAUSE_MS);
    if (n % 4 == 0)
      make_way (piece);
  }
}

/* --- rows, a part of them each time */

static gboolean
count_pages (CormConnection *conn, const CormOp *op, gint64 *n, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  const CormAlterParts parts = { .table = op->table, .comment = op->table };
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);
  corm_render_alter (sql, dialect, dialect->count_pages, &parts);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->pdata[0], NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
  *n = g_ascii_strtoll (text->str, NULL, 10);
  return TRUE;
}

static char *
within_pages (CormConnection *conn, const char *sql, gint64 first, gint64 behind)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autofree char *from = g_strdup_printf ("%" G_GINT64_FORMAT, first);
  g_autofree char *to = g_strdup_printf ("%" G_GINT64_FORMAT, behind);
  const CormAlterParts parts = { .place = from, .value = to };
  g_autoptr (GPtrArray) condition = g_ptr_array_new_with_free_func (g_free);
  corm_render_alter (condition, dialect, dialect->within_pages, &parts);
  return g_strconcat (sql, condition->pdata[0], NULL);
}

/* Once through the table: as many pages at a time as take a moment, and others get theirs between two of them. */
static gboolean
pass_over (Piece *piece, const char *sql, guint64 *n_rows, GError **error)
{
  gint64 n_pages = 0, pages = LEAST_PAGES;
  *n_rows = 0;
  if (!count_pages (piece->conn, piece->op, &n_pages, error))
    return FALSE;
  for (gint64 at = 0; at < n_pages;) {
    g_autofree char *part = within_pages (piece->conn, sql, at, at + pages);
    gint64 begin = g_get_monotonic_time ();
    piece->sql = part;
    if (!run_piece (piece, error))
      return FALSE;
    gint64 took = MAX (g_get_monotonic_time () - begin, 1);
    *n_rows += piece->n_rows;
    at += pages;
    pages = CLAMP (pages * PART_US / took, pages / 4, pages * 4);
    pages = CLAMP (pages, LEAST_PAGES, MOST_PAGES);
    g_usleep ((gulong) MIN (took, PART_US) / PAUSE_PART);
  }
  return TRUE;
}

/* Until no row is left that it changes; a program that goes on making such rows is left to what comes next. */
static gboolean
fill_rows (Piece *piece, const char *sql, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (piece->conn);
  guint64 n_rows = 1;
  for (guint pass = 0; pass < PASSES && n_rows > 0 && dialect->within_pages != NULL; pass++)
    if (!pass_over (piece, sql, &n_rows, error))
      return FALSE;
  for (piece->sql = sql, piece->n_rows = 1; piece->n_rows > 0 && dialect->within_pages == NULL;)
    if (!run_piece (piece, error))
      return FALSE;
  return TRUE;
}

static gboolean
run_each (Piece *piece, GError **error)
{
  for (guint i = 0; i < piece->n_ops; i++) {
    piece->op = piece->ops[i];
    for (guint s = 0; s < piece->op->sql->len; s++) {
      piece->sql = piece->op->sql->pdata[s];
      if (!(piece->op->repeat ? fill_rows (piece, piece->sql, error) : run_piece (piece, error)))
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
corm_gentle_run (CormConnection *conn, CormMigratorLock *lock, guint wait_ms, const CormOp *const *ops,
                 guint n, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  guint usual_ms = wait_ms != 0                 ? wait_ms
                   : dialect->lock_wait_ms != 0 ? dialect->lock_wait_ms
                                                : USUAL_WAIT_MS;
  Piece piece = { conn, lock, usual_ms, ops, n, ops[0], NULL, 0, -1 };
  gboolean one = (n > 1 || ops[0]->sql->len > 1) && !ops[0]->alone && !ops[0]->repeat &&
                 (dialect->caps & CORM_CAP_TRANSACTIONAL_DDL);
  if (one ? run_piece (&piece, error) : run_each (&piece, error))
    return TRUE;
  return corm_error_prefix (error, "%s", piece.op->text);
}
