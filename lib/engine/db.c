/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A CormDb: where the database is, its models, its options, its pool. It lives until it is freed and all of its
 * connections have been given back. */
#include "base/uri.h"
#include "engine/detector.h"
#include "engine/drivers.h"
#include "engine/pool.h"
#include "engine/private.h"
#include "engine/topology.h"

struct _CormDb {
  CormUri *uri;
  CormRegistry *registry;
  CormDbOptions options;
  const CormDriver *driver;
  CormPool *pool;
  CormTopology *topology;
  gboolean sole; /* see CormLink.sole */
  CormDbTransact transact;
  GHashTable *told; /* see corm_detector_share() */
  gint references;  /* the owner's and one per taken connection; atomic */
};

#ifdef CORM_TINY
static const CormDbOptions defaults = { .pool_size = 1, .statement_cache = 3 };
#else
static const CormDbOptions defaults = { .pool_size = 8, .statement_cache = 64 };
#endif

static void
fill (guint *option, guint value)
{
  if (*option == 0)
    *option = value;
}

CormDbOptions
corm_db_options_complete (const CormDbOptions *options)
{
  CormDbOptions all = options != NULL ? *options : (CormDbOptions){ 0 };
  fill (&all.pool_size, defaults.pool_size);
  fill (&all.pool_wait_ms, 30 * 1000);
  fill (&all.idle_check_ms, 30 * 1000);
  fill (&all.max_age_ms, 3600 * 1000);
  fill (&all.busy_timeout_ms, 5 * 1000);
  fill (&all.statement_cache, defaults.statement_cache);
  return all;
}

static void
unref (CormDb *db)
{
  if (!g_atomic_int_dec_and_test (&db->references))
    return;
  if (db->topology != NULL)
    corm_topology_free (db->topology);
  if (db->pool != NULL)
    corm_pool_free (db->pool);
  if (db->registry != NULL)
    corm_registry_free (db->registry);
  corm_turn_clear (&db->transact.writer);
  g_hash_table_unref (db->told);
  corm_uri_free (db->uri);
  g_free (db);
}

static void
give_back (CormConnection *conn)
{
  CormDb *db = conn->db;
  if (conn->reader != NULL) {
    corm_topology_give (db->topology, conn);
  } else {
    gboolean stopped = conn->options.read_only && !db->options.read_only; /* see connect_sole() */
    if (stopped && corm_connection_tidy (conn))
      corm_connection_resume_writing (conn);
    corm_pool_give (db->pool, conn);
  }
  unref (db);
}

CormConnection *
corm_db_open_connection (CormDb *db, const CormUri *uri, const CormDbOptions *options, GError **error)
{
  CormConnection *conn = corm_connection_new (uri, db->registry, options, error);
  if (conn == NULL)
    return NULL;
  conn->db = db;
  conn->give_back = give_back;
  corm_detector_share (conn, db->told);
  return conn;
}

static CormConnection *
open_writer (gpointer data, GError **error)
{
  CormDb *db = data;
  CormConnection *conn = corm_db_open_connection (db, db->uri, &db->options, error);
  if (conn != NULL)
    conn->traces = corm_topology_get_traces (db->topology);
  return conn;
}

CormDb *
corm_db_open (const char *uri, CormRegistry *registry, GError **error)
{
  return corm_db_open_full (uri, registry, NULL, error);
}

CormDb *
corm_db_open_full (const char *uri, CormRegistry *registry, const CormDbOptions *options, GError **error)
{
  g_return_val_if_fail (uri != NULL, NULL);
  g_autoptr (CormUri) parsed = corm_uri_parse (uri, error);
  const CormDriver *driver = parsed != NULL ? corm_driver_find (parsed, error) : NULL;
  if (driver == NULL)
    return NULL;
  CormDb *db = g_new0 (CormDb, 1);
  db->uri = g_steal_pointer (&parsed);
  db->registry = registry != NULL ? corm_registry_ref (registry) : NULL;
  db->options = corm_db_options_complete (options);
  db->driver = driver;
  db->references = 1;
  corm_turn_init (&db->transact.writer);
  db->told = corm_detector_new_told ();
  db->pool = corm_pool_new (&db->options, corm_uri_get_public_text (db->uri), open_writer, db);
  db->topology = corm_topology_new (db, db->uri, &db->options, error);
  db->options.readers = NULL; /* the caller's */
  CormConnection *first = db->topology != NULL ? corm_db_connect (db, error) : NULL;
  if (first == NULL || !corm_topology_check (db->topology, first, error)) {
    corm_connection_free (first);
    unref (db);
    return NULL;
  }
  db->sole = first->link.sole;
  db->options.must_exist = true; /* a file that goes is not made anew, empty, by the next connection */
  corm_connection_free (first);
  return db;
}

void
corm_db_free (CormDb *db)
{
  if (db == NULL)
    return;
  gint taken = g_atomic_int_get (&db->references) - 1;
  if (taken > 0)
    g_critical ("%s: closed while %d of its connections are taken; it stays open until they are freed",
                corm_db_get_uri (db), taken);
  unref (db);
}

CormConnection *
corm_db_connect (CormDb *db, GError **error)
{
  g_return_val_if_fail (db != NULL, NULL);
  CormConnection *conn = corm_pool_take (db->pool, error);
  if (conn != NULL)
    g_atomic_int_inc (&db->references);
  return conn;
}

/* A database in memory has one connection: it is the reader too. */
static CormConnection *
connect_sole (CormDb *db, GError **error)
{
  CormConnection *conn = corm_db_connect (db, error);
  if (conn == NULL || conn->options.read_only || corm_connection_stop_writing (conn, error))
    return conn;
  corm_connection_free (conn);
  return NULL;
}

CormConnection *
corm_db_connect_read (CormDb *db, const char *position, GError **error)
{
  g_return_val_if_fail (db != NULL, NULL);
  if (!corm_topology_check_position (db->topology, position, error))
    return NULL;
  if (db->sole)
    return connect_sole (db, error);
  CormConnection *conn = corm_topology_take (db->topology, position, error);
  if (conn != NULL)
    g_atomic_int_inc (&db->references);
  return conn;
}

gboolean
corm_db_has_replicas (CormDb *db)
{
  return corm_topology_get_traces (db->topology) != 0;
}

void
corm_db_expect_on_readers (CormDb *db)
{
  corm_topology_expect (db->topology);
}

char *
corm_db_get_position (CormDb *db, const char *since, GError **error)
{
  g_return_val_if_fail (db != NULL, NULL);
  return corm_topology_get_position (db->topology, since, error);
}

const char *
corm_db_get_uri (CormDb *db)
{
  return corm_uri_get_public_text (db->uri);
}

CormRegistry *
corm_db_get_registry (CormDb *db)
{
  return db->registry;
}

const char *
corm_db_get_dialect (CormDb *db)
{
  return db->driver->dialect->name;
}

CormDbTransact *
corm_db_get_transact (CormDb *db)
{
  return &db->transact;
}

const CormDriver *
corm_db_get_driver (CormDb *db)
{
  return db->driver;
}

const CormDbOptions *
corm_db_get_options (CormDb *db)
{
  return &db->options;
}
