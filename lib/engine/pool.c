/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Invariant: idle + taken = n_open <= size, all made by this process; of those given back pool_size are kept at most. The mutex is never held while a connection is
 * opened, asked or closed, which may take long. After a fork the child starts with an empty pool. */
#include "engine/pool.h"

#include "engine/fork.h"
#include "engine/line.h"
#include "engine/private.h"

#define MS 1000 /* µs */

struct _CormPool {
  const CormDbOptions *options;
  const char *where; /* for messages */
  CormPoolOpen open;
  gpointer data;
  GMutex mutex;
  CormLine waiting; /* empty while one is idle or could be opened */
  GQueue idle;      /* last used first */
  guint n_open;
  guint size;
  gboolean sole; /* the one connection is the database (see CormLink.sole) */
  guint generation;
};

CormPool *
corm_pool_new (const CormDbOptions *options, const char *where, CormPoolOpen open, gpointer data)
{
  CormPool *pool = g_new0 (CormPool, 1);
  pool->options = options;
  pool->where = where;
  pool->open = open;
  pool->data = data;
  pool->size = options->pool_size + options->pool_overflow;
  pool->generation = corm_fork_generation;
  g_mutex_init (&pool->mutex);
  g_queue_init (&pool->idle);
  corm_fork_guard (&pool->mutex);
  return pool;
}

void
corm_pool_free (CormPool *pool)
{
  corm_fork_unguard (&pool->mutex);
  CormConnection *conn;
  while ((conn = g_queue_pop_head (&pool->idle)) != NULL)
    corm_connection_close (conn);
  g_mutex_clear (&pool->mutex);
  g_free (pool);
}

/* In a child: what the pool holds is the parent's. Returns it, to be abandoned. Call with the mutex held. */
static GQueue
leave_to_parent (CormPool *pool)
{
  GQueue inherited = G_QUEUE_INIT;
  if (pool->generation == corm_fork_generation)
    return inherited;
  inherited = pool->idle;
  g_queue_init (&pool->idle);
  pool->waiting = (CormLine) CORM_LINE_INIT;
  pool->n_open = 0;
  pool->generation = corm_fork_generation;
  return inherited;
}

/* FALSE in a child, when the database itself stayed with the parent. Call with the mutex held. */
static gboolean
check_sole (const CormPool *pool, GError **error)
{
  if (!pool->sole || pool->generation == corm_fork_generation)
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_CONNECTION,
      "%s lives in the memory of the process that opened it: a child after fork() has to open its own CormDb",
      pool->where);
  return FALSE;
}

/* An idle connection, or the right to open one (*conn NULL), or FALSE when the time is over. */
static gboolean
wait_for_turn (CormPool *pool, gint64 deadline, CormConnection **conn)
{
  gpointer gift = NULL;
  *conn = g_queue_pop_head (&pool->idle);
  if (*conn != NULL)
    return TRUE;
  if (pool->n_open < pool->size) {
    pool->n_open++;
    return TRUE;
  }
  gboolean called = corm_line_wait (&pool->waiting, &pool->mutex, deadline, &gift);
  *conn = gift;
  return called;
}

static void
forget_one (CormPool *pool)
{
  g_mutex_lock (&pool->mutex);
  if (!corm_line_call (&pool->waiting, NULL)) /* else the right to open goes to that one */
    pool->n_open--;
  g_mutex_unlock (&pool->mutex);
}

static gboolean
is_too_old (const CormPool *pool, const CormConnection *conn, gint64 now)
{
  return !pool->sole && now - conn->born > (gint64) pool->options->max_age_ms * MS;
}

/* Whether an idle connection may be used again. */
static gboolean
is_fit (const CormPool *pool, CormConnection *conn)
{
  gint64 now = g_get_monotonic_time ();
  if (is_too_old (pool, conn, now) || corm_connection_is_broken (conn))
    return FALSE;
  if (pool->sole || now - conn->idle_since <= (gint64) pool->options->idle_check_ms * MS)
    return TRUE;
  return corm_connection_ping (conn, NULL);
}

static CormConnection *
open_one (CormPool *pool, GError **error)
{
  CormConnection *conn = pool->open (pool->data, error);
  if (conn == NULL) {
    forget_one (pool);
    return NULL;
  }
  if (conn->link.sole) {
    g_mutex_lock (&pool->mutex);
    pool->sole = TRUE;
    pool->size = 1;
    g_mutex_unlock (&pool->mutex);
  }
  return conn;
}

static gboolean
set_busy (const CormPool *pool, guint wait_ms, GError **error)
{
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_BUSY,
      "%s: no connection came free within %u ms, all %u of the pool are taken; free connections sooner, or "
      "raise pool_size%s",
      pool->where, wait_ms, pool->size,
      pool->sole ? " (not for a database in memory, which has one connection)" : "");
  return FALSE;
}

/* As wait_for_turn(), with the mutex and the parent's connections seen to. */
static gboolean
get_turn (CormPool *pool, gint64 deadline, guint wait_ms, CormConnection **conn, GError **error)
{
  GQueue parents = G_QUEUE_INIT;
  g_mutex_lock (&pool->mutex);
  gboolean ok = check_sole (pool, error);
  if (ok) {
    parents = leave_to_parent (pool);
    ok = wait_for_turn (pool, deadline, conn) || set_busy (pool, wait_ms, error);
  }
  g_mutex_unlock (&pool->mutex);
  CormConnection *old;
  while ((old = g_queue_pop_head (&parents)) != NULL)
    corm_connection_close (old);
  return ok;
}

CormConnection *
corm_pool_take (CormPool *pool, GError **error)
{
  return corm_pool_take_within (pool, pool->options->pool_wait_ms, error);
}

CormConnection *
corm_pool_take_within (CormPool *pool, guint wait_ms, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) wait_ms * MS;
  CormConnection *conn = NULL;
  while (get_turn (pool, deadline, wait_ms, &conn, error)) {
    if (conn == NULL)
      return open_one (pool, error);
    if (is_fit (pool, conn))
      return conn;
    corm_connection_close (conn);
    forget_one (pool);
  }
  return NULL;
}

void
corm_pool_give (CormPool *pool, CormConnection *conn)
{
  gboolean reusable =
      corm_connection_tidy (conn) || (conn->link.sole && conn->generation == corm_fork_generation);
  gint64 now = g_get_monotonic_time ();
  if (!reusable || is_too_old (pool, conn, now)) {
    gboolean counted = conn->generation == corm_fork_generation;
    corm_connection_close (conn);
    if (counted)
      forget_one (pool);
    return;
  }
  conn->idle_since = now;
  gboolean left_over = FALSE;
  g_mutex_lock (&pool->mutex);
  if (!corm_line_call (&pool->waiting, conn)) {
    left_over = !pool->sole && pool->n_open > pool->options->pool_size;
    if (left_over)
      pool->n_open--;
    else
      g_queue_push_head (&pool->idle, conn);
  }
  g_mutex_unlock (&pool->mutex);
  if (left_over)
    corm_connection_close (conn);
}
