/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The migrator's lock. It belongs to a connection of its own (a file of the kernel's, on SQLite), so that it stays
 * through transactions that come and go on the connection that migrates, and ends when the process is killed. It is tried
 * again and again, never waited for inside the server: a statement that waits there would hold back CREATE INDEX
 * CONCURRENTLY of the one who has it, and keep a pooler's connection.
 * Invariant: while a lock exists, its connection does nothing but hold it. */
#include "engine/lock.h"

#include "base/error.h"
#include "engine/connection.h"

#include <string.h>
#include <unistd.h>

enum { FIRST_SLEEP_MS = 10, LONGEST_SLEEP_MS = 250, TELL_AFTER_MS = 1000, ORPHANS_MS = 1500, FULL_MS = 3000 };

struct _CormLock {
  CormConnection *conn; /* that migrates */
  const CormLockSql *sql;
  CormConnection *own; /* that holds it; NULL: the driver does, or nobody can */
  gpointer data;       /* the driver's */
  char *name;          /* what is locked */
  char *mark;          /* in front of each statement */
  guint depth;
};

/* Those of this process, by the connection that migrates. */
static GMutex mutex;
static GHashTable *locks;

/* --- asking */

/* The first column of the first row as text; NULL without an error: no row. */
static char *
ask (CormConnection *conn, const char *sql, const char *param, const char *value, GError **error)
{
  const CormParam params[] = { CORM_PARAM (param, value), { 0 } };
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, param != NULL ? params : NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
  return g_strdup (text->str);
}

static gboolean
is_one (const char *text)
{
  return text != NULL && strcmp (text, "1") == 0;
}

static char *
make_label (void)
{
  const char *program = g_get_prgname () != NULL ? g_get_prgname () : "corm";
  return g_strdup_printf ("%.20s, process %d on %.24s", program, (int) getpid (), g_get_host_name ());
}

/* --- what a killed holder left behind */

static GPtrArray *
list_orphans (CormMigratorLock *lock)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  const CormParam *params = CORM_PARAMS (CORM_PARAM ("mark", lock->mark));
  g_autoptr (CormCursor) cursor = corm_query (lock->conn, lock->sql->orphans, params, &error);
  while (cursor != NULL && corm_cursor_next (cursor, &error)) {
    const CormValue *value = corm_cursor_get_value (cursor, 0);
    g_ptr_array_add (list, g_strndup (value->data, value->size));
  }
  if (error != NULL)
    corm_debug ("look for statements of a killed migrator: %s", error->message);
  return list;
}

/* The server may need a while to see that a client is gone, and its statement keeps its locks until then. Asked outside the
 * lock's transaction, which would see the same list again and again. */
static void
end_orphans (CormMigratorLock *lock)
{
  gint64 end = g_get_monotonic_time () + ORPHANS_MS * G_TIME_SPAN_MILLISECOND;
  if (lock->sql->orphans == NULL)
    return;
  for (gboolean told = FALSE;; told = TRUE) {
    g_autoptr (GPtrArray) list = list_orphans (lock);
    if (list->len == 0 || g_get_monotonic_time () > end)
      return;
    if (!told)
      corm_note ("a migrator that is gone has left a statement running, which is ended");
    for (guint i = 0; i < list->len; i++)
      g_free (ask (lock->conn, list->pdata[i], NULL, NULL, NULL));
    g_usleep (20000);
  }
}

/* --- taking */

static gboolean
run_optional (CormConnection *conn, const char *sql, GError **error)
{
  return sql == NULL || corm_connection_run (conn, sql, error);
}

/* The lock is there: now it has to last. */
static gboolean
settle (CormMigratorLock *lock, const char *label, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (lock->sql->publish != NULL) {
    g_autofree char *answer = ask (lock->own, lock->sql->publish, "label", label, error);
    if (answer == NULL)
      return FALSE;
  }
  if (!run_optional (lock->own, lock->sql->settle, error))
    return FALSE;
  end_orphans (lock);
  if (!run_optional (lock->conn, lock->sql->work, &local))
    corm_debug ("%s: %s", lock->sql->work, local->message);
  return TRUE;
}

/* On a connection of its own, which is closed again when somebody else has it. */
static gboolean
attempt_on_server (CormMigratorLock *lock, gboolean *got, GError **error)
{
  g_autofree char *probed = ask (lock->conn, lock->sql->probe, "name", lock->name, error);
  if (!is_one (probed))
    return probed != NULL;
  lock->own = corm_connection_open_again (lock->conn, error);
  if (lock->own == NULL)
    return corm_error_prefix (error, "open a connection for it");
  if (!run_optional (lock->own, lock->sql->begin, error))
    return FALSE;
  g_autofree char *answer = ask (lock->own, lock->sql->attempt, "name", lock->name, error);
  *got = is_one (answer);
  return *got || (answer != NULL && run_optional (lock->own, lock->sql->give_up, error));
}

/* @got: FALSE without an error: somebody else has it, who in *@holder. */
static gboolean
attempt (CormMigratorLock *lock, const char *label, gboolean *got, char **holder, GError **error)
{
  GError *local = NULL;
  if (lock->sql == NULL) {
    g_clear_pointer (holder, g_free);
    lock->data = corm_connection_get_driver (lock->conn)->lock_try (lock->conn, label, holder, &local);
    *got = lock->data != NULL;
  } else {
    attempt_on_server (lock, got, &local);
    if (!*got)
      g_clear_pointer (&lock->own, corm_connection_free);
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

/* Where all who wait tried at once, the server may have no connection left for a moment. */
static gboolean
attempt_patiently (CormMigratorLock *lock, const char *label, gboolean *got, char **holder,
                   gint64 *full_since, GError **error)
{
  GError *local = NULL;
  gint64 now = g_get_monotonic_time ();
  if (attempt (lock, label, got, holder, &local)) {
    *full_since = 0;
    return TRUE;
  }
  *full_since = *full_since != 0 ? *full_since : now;
  if (lock->sql != NULL && now - *full_since < FULL_MS * G_TIME_SPAN_MILLISECOND &&
      corm_connection_ping (lock->conn, NULL)) {
    g_error_free (local);
    return TRUE;
  }
  g_propagate_error (error, local);
  return FALSE;
}

static void
find_holder (CormMigratorLock *lock, char **holder)
{
  if (lock->sql == NULL || lock->sql->holder == NULL)
    return;
  g_free (*holder);
  *holder = ask (lock->conn, lock->sql->holder, "name", lock->name, NULL);
}

static gboolean
give_up (CormMigratorLock *lock, char **holder, guint wait_ms, GError **error)
{
  find_holder (lock, holder);
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_BUSY,
      "another migration of this database did not end within %.3g seconds; it is run by %s; try again when "
      "it is done",
      wait_ms / 1000.0, *holder != NULL ? *holder : "a process that nobody here knows");
  return FALSE;
}

static gboolean
wait_for (CormMigratorLock *lock, const char *label, guint wait_ms, GError **error)
{
  g_autofree char *holder = NULL;
  gint64 start = g_get_monotonic_time (), full_since = 0;
  gboolean told = FALSE, got = FALSE;
  guint sleep_ms = FIRST_SLEEP_MS;
  for (;;) {
    if (!attempt_patiently (lock, label, &got, &holder, &full_since, error))
      return FALSE;
    if (got)
      return TRUE;
    gint64 waited_ms = (g_get_monotonic_time () - start) / G_TIME_SPAN_MILLISECOND;
    if (waited_ms >= wait_ms)
      return give_up (lock, &holder, wait_ms, error);
    if (!told && waited_ms >= TELL_AFTER_MS) {
      find_holder (lock, &holder);
      corm_note ("wait for another migration of this database, %.3g seconds at most; it is run by %s",
                 wait_ms / 1000.0, holder != NULL ? holder : "a process that nobody here knows");
      told = TRUE;
    }
    g_usleep (MIN (sleep_ms, wait_ms - waited_ms) * 1000 + (guint) g_random_int_range (0, 10000));
    sleep_ms = MIN (sleep_ms * 3 / 2, LONGEST_SLEEP_MS);
  }
}

/* What is locked. */
static gboolean
prepare (CormMigratorLock *lock, GError **error)
{
  if (lock->sql == NULL)
    return TRUE;
  lock->name = ask (lock->conn, lock->sql->name, NULL, NULL, error);
  if (lock->name == NULL)
    return FALSE;
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA1, lock->name, -1);
  lock->mark = g_strdup_printf ("/* corm:migrate %.16s */ ", sum);
  return TRUE;
}

static void
lock_close (CormMigratorLock *lock)
{
  g_autoptr (GError) error = NULL;
  if (lock->data != NULL)
    corm_connection_get_driver (lock->conn)->lock_free (lock->data);
  if (lock->own != NULL && lock->sql->give_up != NULL &&
      !corm_connection_run (lock->own, lock->sql->give_up, &error))
    corm_debug ("give back the migrator's lock: %s", error->message);
  g_clear_pointer (&lock->own, corm_connection_free);
  g_free (lock->name);
  g_free (lock->mark);
  g_free (lock);
}

/* The lock that @conn holds already, once more. */
static CormMigratorLock *
find_held (CormConnection *conn)
{
  g_mutex_lock (&mutex);
  CormMigratorLock *lock = locks != NULL ? g_hash_table_lookup (locks, conn) : NULL;
  if (lock != NULL)
    lock->depth++;
  g_mutex_unlock (&mutex);
  return lock;
}

static void
remember (CormMigratorLock *lock)
{
  g_mutex_lock (&mutex);
  if (locks == NULL)
    locks = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (locks, lock->conn, lock);
  g_mutex_unlock (&mutex);
}

CormMigratorLock *
corm_lock_take (CormConnection *conn, guint wait_ms, GError **error)
{
  CormMigratorLock *lock = find_held (conn);
  if (lock != NULL)
    return lock;
  lock = g_new0 (CormMigratorLock, 1);
  lock->conn = conn;
  lock->sql = corm_connection_get_dialect (conn)->lock;
  lock->depth = 1;
  g_autofree char *label = make_label ();
  GError *local = NULL;
  gboolean has_one = lock->sql != NULL || corm_connection_get_driver (conn)->lock_try != NULL;
  if (has_one && (!prepare (lock, &local) ||
                  !wait_for (lock, label, wait_ms > 0 ? wait_ms : CORM_LOCK_WAIT_MS, &local) ||
                  (lock->own != NULL && !settle (lock, label, &local)))) {
    g_propagate_error (error, local);
    corm_error_prefix (error, "wait for the migrator's lock");
    lock_close (lock);
    return NULL;
  }
  remember (lock);
  return lock;
}

/* --- having */

/* By the server's word, or by its transaction, which nothing is run in: a query would leave a snapshot behind that others
 * wait for. */
static gboolean
is_held (CormMigratorLock *lock, GError **error)
{
  CormLink *link = corm_connection_get_link (lock->own);
  if (lock->sql->check == NULL)
    return link->driver->ping (link, error) &&
           (link->driver->in_transaction == NULL || link->driver->in_transaction (link));
  g_autofree char *answer = ask (lock->own, lock->sql->check, "name", lock->name, error);
  return is_one (answer);
}

gboolean
corm_lock_check (CormMigratorLock *lock, GError **error)
{
  const CormDriver *driver = corm_connection_get_driver (lock->conn);
  g_autoptr (GError) local = NULL;
  gboolean held = TRUE;
  if (lock->data != NULL) {
    held = driver->lock_check (lock->data);
  } else if (lock->own != NULL) {
    held = is_held (lock, &local);
  }
  if (held)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONNECTION,
               "the migrator's lock was lost%s%s: another migration may be at work, so nothing more is run; "
               "look at what was done, then start again",
               local != NULL ? ": " : "", local != NULL ? local->message : "");
  return FALSE;
}

const char *
corm_lock_get_mark (CormMigratorLock *lock)
{
  return lock->mark != NULL ? lock->mark : "";
}

gboolean
corm_lock_run (CormMigratorLock *lock, const char *sql, GError **error)
{
  g_autofree char *marked = lock->mark != NULL ? g_strconcat (lock->mark, sql, NULL) : NULL;
  return corm_lock_check (lock, error) &&
         corm_connection_run (lock->conn, marked != NULL ? marked : sql, error);
}

CormConnection *
corm_lock_get_connection (CormMigratorLock *lock)
{
  return lock->own;
}

void
corm_lock_free (CormMigratorLock *lock)
{
  if (lock == NULL)
    return;
  g_mutex_lock (&mutex);
  gboolean last = --lock->depth == 0;
  if (last && locks != NULL)
    g_hash_table_remove (locks, lock->conn);
  g_mutex_unlock (&mutex);
  if (!last)
    return;
  g_autoptr (GError) error = NULL;
  if (lock->own != NULL && !run_optional (lock->conn, lock->sql->work_end, &error))
    corm_debug ("%s: %s", lock->sql->work_end, error->message);
  lock_close (lock);
}

gboolean
corm_lock_is_transaction (CormConnection *conn)
{
  return corm_connection_get_dialect (conn)->in_process;
}

/* Until @end at the longest, where the database itself would wait for longer. */
static CormTransaction *
try_begin (CormConnection *conn, gint64 end, GError **error)
{
  CormLink *link = corm_connection_get_link (conn);
  gint64 left = (end - g_get_monotonic_time ()) / G_TIME_SPAN_MILLISECOND;
  gboolean is_limited =
      corm_lock_is_transaction (conn) && link->driver->set_deadline != NULL && link->deadline == 0;
  if (is_limited) {
    link->deadline = end;
    link->driver->set_deadline (link, (guint) MAX (left, 1), NULL);
  }
  CormTransaction *transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  if (is_limited) {
    link->deadline = 0;
    link->driver->set_deadline (link, 0, NULL);
  }
  return transaction;
}

CormTransaction *
corm_lock_begin (CormConnection *conn, guint wait_ms, GError **error)
{
  enum { PAUSE_US = 20000 };
  gint64 patience = !corm_lock_is_transaction (conn) ? 0 : wait_ms > 0 ? wait_ms : CORM_LOCK_WAIT_MS;
  gint64 end = g_get_monotonic_time () + patience * G_TIME_SPAN_MILLISECOND;
  for (;;) {
    GError *local = NULL;
    CormTransaction *transaction = try_begin (conn, end, &local);
    if (transaction != NULL)
      return transaction;
    if (!g_error_matches (local, CORM_ERROR, CORM_ERROR_BUSY) || g_get_monotonic_time () >= end) {
      g_propagate_error (error, local);
      if (patience > 0)
        corm_error_prefix (error, "wait of %u ms for the migrator's lock", (guint) patience);
      return NULL;
    }
    g_error_free (local);
    g_usleep (PAUSE_US);
  }
}
