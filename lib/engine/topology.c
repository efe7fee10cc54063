/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Invariant: a connection to a replica is handed out only when all up to the position that its taker needs can be read
 * on it; whatever goes wrong with a replica leads to the next one, and in the end to the writer. The mutex is held for
 * looking at numbers only. */
#include "engine/topology.h"

#include "base/error.h"
#include "base/uri.h"
#include "engine/drivers.h"
#include "engine/fork.h"
#include "engine/pool.h"
#include "engine/private.h"
#include "engine/samples.h"

#define MS 1000 /* µs */

/* For how long a replica that failed is left alone: doubled each time that it fails again. */
enum { FIRST_PAUSE_MS = 1000, LAST_PAUSE_MS = 60 * 1000 };

struct _CormReader {
  CormTopology *topology;
  const CormUri *uri;
  CormUri *own_uri; /* of a replica */
  CormPool *pool;
  guint pause_ms;  /* 0: all is well */
  gint64 ask_next; /* µs, monotonic; while pause_ms is not 0 */
};

struct _CormTopology {
  CormDb *db;
  const CormDriver *driver;
  CormDbOptions options; /* of those who read */
  CormReader writer;
  GPtrArray *replicas; /* CormReader */
  guint traces;
  GMutex mutex; /* for all below, and the pauses of readers */
  guint turn;
  CormSamples samples;
  char *expected;   /* of all threads: a position, NULL: none */
  gboolean expects; /* it is not known yet */
};

/* --- making --- */

static CormConnection *
open_reader (gpointer data, GError **error)
{
  CormReader *reader = data;
  CormTopology *topology = reader->topology;
  CormConnection *conn = corm_db_open_connection (topology->db, reader->uri, &topology->options, error);
  if (conn != NULL)
    conn->reader = reader;
  return conn;
}

static void
reader_init (CormReader *reader, CormTopology *topology, const CormUri *uri)
{
  reader->topology = topology;
  reader->uri = uri;
  reader->pool = corm_pool_new (&topology->options, corm_uri_get_public_text (uri), open_reader, reader);
}

static void
free_replica (gpointer data)
{
  CormReader *reader = data;
  corm_pool_free (reader->pool);
  corm_uri_free (reader->own_uri);
  g_free (reader);
}

static gboolean
add_replica (CormTopology *topology, const char *text, GError **error)
{
  g_autoptr (CormUri) uri = corm_uri_parse (text, error);
  const CormDriver *its = uri != NULL ? corm_driver_find (uri, error) : NULL;
  if (its == NULL)
    return FALSE;
  if (its != topology->driver) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "reader %s: a replica is the same kind of database as its writer, %s, and its URI begins alike",
        corm_uri_get_public_text (uri), corm_uri_get_public_text (topology->writer.uri));
    return FALSE;
  }
  CormReader *reader = g_new0 (CormReader, 1);
  reader->own_uri = g_steal_pointer (&uri);
  reader_init (reader, topology, reader->own_uri);
  g_ptr_array_add (topology->replicas, reader);
  return TRUE;
}

static gboolean
add_replicas (CormTopology *topology, const char *const *readers, GError **error)
{
  if (readers == NULL || readers[0] == NULL)
    return TRUE;
  if (topology->driver->position == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                 "%s: this kind of database has no replicas; leave readers out: corm_db_connect_read() reads "
                 "from the database itself",
                 corm_uri_get_public_text (topology->writer.uri));
    return FALSE;
  }
  for (guint i = 0; readers[i] != NULL; i++)
    if (!add_replica (topology, readers[i], error))
      return FALSE;
  topology->traces = corm_position_new_traces ();
  return TRUE;
}

CormTopology *
corm_topology_new (CormDb *db, const CormUri *uri, const CormDbOptions *options, GError **error)
{
  const CormDriver *driver = corm_driver_find (uri, error);
  if (driver == NULL)
    return NULL;
  CormTopology *topology = g_new0 (CormTopology, 1);
  topology->db = db;
  topology->driver = driver;
  topology->options = *options;
  topology->options.read_only = TRUE;
  topology->options.readers = NULL;
  topology->replicas = g_ptr_array_new_with_free_func (free_replica);
  g_mutex_init (&topology->mutex);
  corm_fork_guard (&topology->mutex);
  reader_init (&topology->writer, topology, uri);
  if (add_replicas (topology, options->readers, error))
    return topology;
  corm_topology_free (topology);
  return NULL;
}

void
corm_topology_free (CormTopology *topology)
{
  g_ptr_array_unref (topology->replicas);
  corm_pool_free (topology->writer.pool);
  corm_fork_unguard (&topology->mutex);
  g_mutex_clear (&topology->mutex);
  corm_position_forget (topology->traces);
  corm_samples_clear (&topology->samples);
  g_free (topology->expected);
  g_free (topology);
}

guint
corm_topology_get_traces (const CormTopology *topology)
{
  return topology->traces;
}

gboolean
corm_topology_check (CormTopology *topology, CormConnection *conn, GError **error)
{
  if (topology->replicas->len == 0)
    return TRUE;
  g_autofree char *position = topology->driver->position (conn, error);
  if (position == NULL)
    g_prefix_error (error, "%s, as a writer with readers: ", corm_uri_get_public_text (topology->writer.uri));
  corm_position_forget (topology->traces);
  return position != NULL;
}

/* --- positions --- */

static gboolean
is_alive (CormConnection *conn)
{
  const CormDriver *driver = conn->link.driver;
  return driver->is_alive == NULL || driver->is_alive (&conn->link);
}

/* What one thread was told by the writer helps others. */
static void
keep_sample (CormTopology *topology, const char *position, gint64 time)
{
  g_mutex_lock (&topology->mutex);
  corm_samples_keep (&topology->samples, position, time);
  g_mutex_unlock (&topology->mutex);
}

static char *
find_sample (CormTopology *topology, gint64 time)
{
  g_mutex_lock (&topology->mutex);
  char *position = g_strdup (corm_samples_find (&topology->samples, time));
  g_mutex_unlock (&topology->mutex);
  return position;
}

/* Behind all that was committed so far. Connections that died in the pool are passed over. */
static char *
ask_writer (CormTopology *topology, GError **error)
{
  char *position = NULL;
  for (guint i = 0; position == NULL && i <= topology->options.pool_size; i++) {
    g_autoptr (GError) failure = NULL;
    CormConnection *conn = corm_pool_take (topology->writer.pool, error);
    if (conn == NULL)
      break;
    gint64 time = g_get_monotonic_time ();
    position = topology->driver->position (conn, &failure);
    gboolean again = position == NULL && !is_alive (conn) && i < topology->options.pool_size;
    corm_pool_give (topology->writer.pool, conn);
    if (position != NULL)
      keep_sample (topology, position, time);
    if (position != NULL || again)
      continue;
    g_propagate_error (error, g_steal_pointer (&failure));
    break;
  }
  if (position == NULL)
    g_prefix_error (error, "cannot find out how far the writer has come: ");
  return position;
}

/* Makes *covered cover @position too. */
static gboolean
cover (const CormTopology *topology, const char *position, char **covered, GError **error)
{
  if (position == NULL || *position == '\0')
    return TRUE;
  char *both = topology->driver->later (position, *covered, error);
  if (both == NULL)
    return FALSE;
  g_free (*covered);
  *covered = both;
  return TRUE;
}

/* What this thread wrote. */
static gboolean
cover_own (CormTopology *topology, char **covered, GError **error)
{
  gint64 touched = corm_position_get_touch (topology->traces);
  if (touched != 0) {
    char *position = find_sample (topology, touched);
    if (position == NULL)
      position = ask_writer (topology, error);
    if (position == NULL)
      return FALSE;
    corm_position_set (topology->traces, position);
  }
  return cover (topology, corm_position_get (topology->traces), covered, error);
}

void
corm_topology_expect (CormTopology *topology)
{
  g_mutex_lock (&topology->mutex);
  topology->expects = topology->replicas->len > 0;
  g_mutex_unlock (&topology->mutex);
}

static gboolean
cover_expected (CormTopology *topology, char **covered, GError **error)
{
  g_mutex_lock (&topology->mutex);
  gboolean is_due = topology->expects;
  g_mutex_unlock (&topology->mutex);
  g_autofree char *position = is_due ? ask_writer (topology, error) : NULL;
  if (is_due && position == NULL)
    return FALSE;
  g_mutex_lock (&topology->mutex);
  if (is_due) {
    g_free (topology->expected);
    topology->expected = g_steal_pointer (&position);
    topology->expects = FALSE;
  }
  position = g_strdup (topology->expected);
  g_mutex_unlock (&topology->mutex);
  return cover (topology, position, covered, error);
}

/* What the writer had reader_lag_ms ago, or a little later. It is asked every half of that time. */
static gboolean
cover_lag (CormTopology *topology, char **covered, GError **error)
{
  gint64 lag = (gint64) topology->options.reader_lag_ms * MS, now = g_get_monotonic_time ();
  if (lag == 0)
    return TRUE;
  g_autofree char *recent = find_sample (topology, now - lag / 2);
  if (recent == NULL)
    recent = ask_writer (topology, error);
  if (recent == NULL)
    return FALSE;
  g_autofree char *bound = find_sample (topology, now - lag);
  return cover (topology, bound != NULL ? bound : recent, covered, error);
}

gboolean
corm_topology_check_position (CormTopology *topology, const char *position, GError **error)
{
  if (position == NULL || *position == '\0')
    return TRUE;
  if (topology->driver->later != NULL) {
    g_autofree char *same = topology->driver->later (position, NULL, error);
    return same != NULL;
  }
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s has no positions: this one is of another database",
               corm_uri_get_public_text (topology->writer.uri));
  return FALSE;
}

char *
corm_topology_get_position (CormTopology *topology, const char *since, GError **error)
{
  g_autofree char *covered = NULL;
  if (!corm_topology_check_position (topology, since, error) || !cover (topology, since, &covered, error))
    return NULL;
  if (topology->traces != 0) {
    if (!cover_own (topology, &covered, error))
      return NULL;
  } else if (topology->driver->position != NULL) { /* nobody counts what is written */
    g_autofree char *position = ask_writer (topology, error);
    if (position == NULL || !cover (topology, position, &covered, error))
      return NULL;
  }
  return covered != NULL ? g_steal_pointer (&covered) : g_strdup ("");
}

/* --- replicas that fail --- */

/* Not while it is left alone. When that time is over one thread tries, and the others go on leaving it alone. */
static gboolean
may_ask (CormReader *reader)
{
  CormTopology *topology = reader->topology;
  gint64 now = g_get_monotonic_time ();
  g_mutex_lock (&topology->mutex);
  gboolean may = reader->pause_ms == 0 || now >= reader->ask_next;
  if (may && reader->pause_ms > 0) {
    reader->pause_ms = MIN (reader->pause_ms * 2, LAST_PAUSE_MS);
    reader->ask_next = now + (gint64) reader->pause_ms * MS;
  }
  g_mutex_unlock (&topology->mutex);
  return may;
}

static void
set_aside (CormReader *reader, const char *why)
{
  CormTopology *topology = reader->topology;
  g_mutex_lock (&topology->mutex);
  gboolean is_news = reader->pause_ms == 0;
  if (is_news)
    reader->pause_ms = FIRST_PAUSE_MS;
  reader->ask_next = g_get_monotonic_time () + (gint64) reader->pause_ms * MS;
  g_mutex_unlock (&topology->mutex);
  if (is_news)
    corm_note ("%s is left alone for a while, others are read from: %s",
               corm_uri_get_public_text (reader->uri), why);
}

static void
welcome (CormReader *reader)
{
  g_mutex_lock (&reader->topology->mutex);
  reader->pause_ms = 0;
  g_mutex_unlock (&reader->topology->mutex);
}

/* --- taking and giving --- */

/* Whether all up to @wanted can be read on @conn; it keeps what it learns. */
static gboolean
has_replayed (CormConnection *conn, const char *wanted, guint wait_ms, gboolean *replayed, GError **error)
{
  const CormDriver *driver = conn->link.driver;
  g_autofree char *known = NULL;
  *replayed = wanted == NULL;
  if (*replayed)
    return TRUE;
  known = driver->later (wanted, conn->replayed, error);
  if (known == NULL)
    return FALSE;
  *replayed = g_strcmp0 (known, conn->replayed) == 0;
  if (*replayed)
    return TRUE;
  if (!driver->has_replayed (conn, wanted, wait_ms, replayed, error))
    return FALSE;
  if (*replayed) {
    g_free (conn->replayed);
    conn->replayed = g_steal_pointer (&known);
  }
  return TRUE;
}

/* NULL: not this one. Connections that died in the pool are passed over. */
static CormConnection *
try_replica (CormReader *reader, const char *wanted, guint wait_ms)
{
  if (!may_ask (reader))
    return NULL;
  for (guint i = 0; i <= reader->topology->options.pool_size; i++) {
    g_autoptr (GError) error = NULL;
    gboolean replayed = FALSE;
    CormConnection *conn = corm_pool_take_within (reader->pool, 0, &error);
    if (conn == NULL) {
      if (error->code != CORM_ERROR_BUSY)
        set_aside (reader, error->message);
      return NULL;
    }
    gboolean answers = is_alive (conn) && has_replayed (conn, wanted, wait_ms, &replayed, &error);
    if (answers)
      welcome (reader);
    if (replayed)
      return conn;
    gboolean is_dead = !is_alive (conn);
    corm_pool_give (reader->pool, conn);
    if (!answers && !is_dead)
      set_aside (reader, error->message);
    if (!is_dead)
      return NULL;
  }
  return NULL;
}

/* Each in turn, so that all are read from. The first that is there has all of the time to catch up. */
static CormConnection *
try_replicas (CormTopology *topology, const char *wanted, guint wait_ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) wait_ms * MS;
  CormConnection *conn = NULL;
  g_mutex_lock (&topology->mutex);
  guint first = topology->turn++, n = topology->replicas->len;
  g_mutex_unlock (&topology->mutex);
  for (guint i = 0; conn == NULL && i < n; i++) {
    gint64 left = wait_ms > 0 ? end - g_get_monotonic_time () : 0;
    if (left >= 0)
      conn = try_replica (topology->replicas->pdata[(first + i) % n], wanted, (guint) (left / MS));
  }
  return conn;
}

CormConnection *
corm_topology_take (CormTopology *topology, const char *position, GError **error)
{
  g_autofree char *wanted = NULL;
  CormConnection *conn = NULL;
  if (topology->replicas->len > 0) {
    if (!cover (topology, position, &wanted, error) || !cover_own (topology, &wanted, error) ||
        !cover_expected (topology, &wanted, error) || !cover_lag (topology, &wanted, error))
      return NULL;
    conn = try_replicas (topology, wanted, 0);
    if (conn == NULL && wanted != NULL && topology->options.reader_wait_ms > 0)
      conn = try_replicas (topology, wanted, topology->options.reader_wait_ms);
  }
  return conn != NULL ? conn : corm_pool_take (topology->writer.pool, error);
}

void
corm_topology_give (CormTopology *topology, CormConnection *conn)
{
  CormReader *reader = conn->reader;
  if (reader != &topology->writer && conn->generation == corm_fork_generation) {
    if (!is_alive (conn))
      set_aside (reader, "a connection to it was lost");
    else if (conn->link.set_aside)
      set_aside (reader, "it gave up a statement to go on replaying");
    conn->link.set_aside = FALSE;
  }
  corm_pool_give (reader->pool, conn);
}
