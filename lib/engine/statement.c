/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Prepared statements and their cache. A statement is in the cache's table and queue, or a spare that dies on release;
 * one in use stays in the cache but is never handed out nor evicted. */
#include "engine/statement.h"

#include "base/error.h"
#include "engine/control.h"
#include "engine/fork.h"
#include "engine/private.h"

#include <string.h>

/* What the cache looks for. Two texts that are alike but send or read other types are two statements. */
typedef struct {
  CormStatementKey key;
  CormStatementSpec spec;
} Identity;

struct _CormStatement {
  Identity identity; /* first: it is the key of the table */
  CormConnection *conn;
  gpointer native;
  guint n_columns;
  guint row_size;
  CormValue *row;
  gboolean cached;
  gboolean in_use;
  gboolean executed; /* the driver's reset() is due */
  gboolean writes;   /* as far as its words tell */
  gboolean alone;    /* it was sent in no transaction, and writes */
  GList link;        /* in the queue */
};

static guint
hash_identity (gconstpointer data)
{
  const CormStatementKey *key = &((const Identity *) data)->key;
  if (key->owner == NULL)
    return g_str_hash (key->sql);
  return g_direct_hash (key->owner) * 31 + key->tag * 7919 + (guint) key->mask + (guint) (key->mask >> 32);
}

static gboolean
same_types (const CormSqlType *a, const CormSqlType *b, guint n)
{
  return n == 0 || memcmp (a, b, n * sizeof *a) == 0;
}

static gboolean
equal_identity (gconstpointer a, gconstpointer b)
{
  const Identity *x = a, *y = b;
  if (x->key.owner != y->key.owner)
    return FALSE;
  if (x->key.owner != NULL)
    return x->key.tag == y->key.tag && x->key.mask == y->key.mask;
  return strcmp (x->key.sql, y->key.sql) == 0 && x->spec.n_params == y->spec.n_params &&
         x->spec.n_columns == y->spec.n_columns &&
         same_types (x->spec.params, y->spec.params, x->spec.n_params) &&
         same_types (x->spec.columns, y->spec.columns, x->spec.n_columns);
}

static CormStatement *
take (CormStatement *statement)
{
  CormStatementCache *cache = &statement->conn->statements;
  statement->in_use = TRUE;
  if (cache->recent != statement) {
    g_queue_unlink (&cache->used, &statement->link);
    g_queue_push_head_link (&cache->used, &statement->link);
    cache->recent = statement;
  }
  return statement;
}

/* Also one in use, which is then not for the caller. */
static CormStatement *
look_up (CormConnection *conn, const Identity *identity)
{
  CormStatement *recent = conn->statements.recent;
  if (recent != NULL && equal_identity (&recent->identity, identity))
    return recent;
  return conn->statements.table != NULL ? g_hash_table_lookup (conn->statements.table, identity) : NULL;
}

CormStatement *
corm_statement_find (CormConnection *conn, const CormStatementKey *key)
{
  Identity identity = { .key = *key };
  CormStatement *found = look_up (conn, &identity);
  return found != NULL && !found->in_use ? take (found) : NULL;
}

/* FALSE in a child of the process that made the connection: then its driver is not called. */
static gboolean
is_ours (const CormConnection *conn)
{
  return conn->generation == corm_fork_generation;
}

static void
finalize (CormStatement *statement)
{
  const CormLink *link = &statement->conn->link;
  if (statement->native != NULL && is_ours (statement->conn))
    link->driver->finalize (&statement->conn->link, statement->native);
  g_free ((char *) statement->identity.spec.sql);
  g_free ((CormSqlType *) statement->identity.spec.params);
  g_free ((CormSqlType *) statement->identity.spec.columns);
  g_free (statement->row);
  g_free (statement);
}

static void
drop (CormStatementCache *cache, CormStatement *statement)
{
  g_hash_table_remove (cache->table, &statement->identity);
  g_queue_unlink (&cache->used, &statement->link);
  if (cache->recent == statement)
    cache->recent = cache->used.head != NULL ? cache->used.head->data : NULL;
  finalize (statement);
}

/* Makes room for one more. FALSE when all are in use. */
static gboolean
make_room (CormStatementCache *cache, guint limit)
{
  GList *next;
  for (GList *item = cache->used.tail; item != NULL && cache->used.length >= limit; item = next) {
    next = item->prev;
    CormStatement *statement = item->data;
    if (!statement->in_use)
      drop (cache, statement);
  }
  return cache->used.length < limit;
}

static void
keep (CormConnection *conn, CormStatement *statement)
{
  CormStatementCache *cache = &conn->statements;
  if (cache->table == NULL)
    cache->table = g_hash_table_new (hash_identity, equal_identity);
  if (!make_room (cache, conn->options.statement_cache))
    return;
  statement->cached = TRUE;
  g_hash_table_add (cache->table, statement);
  g_queue_push_head_link (&cache->used, &statement->link);
  cache->recent = statement;
}

static CormSqlType *
copy_types (const CormSqlType *types, guint n)
{
  return g_memdup2 (types, n * sizeof *types);
}

static CormStatement *
new_statement (CormConnection *conn, const Identity *identity)
{
  const CormStatementSpec *spec = &identity->spec;
  CormStatement *statement = g_new0 (CormStatement, 1);
  statement->identity = *identity;
  statement->identity.spec.sql = g_strdup (spec->sql);
  statement->identity.key.sql = statement->identity.spec.sql;
  statement->identity.spec.params = copy_types (spec->params, spec->n_params);
  statement->identity.spec.columns = copy_types (spec->columns, spec->n_columns);
  statement->writes = corm_control_writes (conn->link.driver->dialect, spec->sql);
  statement->conn = conn;
  statement->link.data = statement;
  statement->in_use = TRUE;
  statement->row_size = spec->n_columns;
  statement->row = g_new0 (CormValue, spec->n_columns);
  return statement;
}

CormStatement *
corm_statement_prepare (CormConnection *conn, const CormStatementKey *key, const CormStatementSpec *spec,
                        GError **error)
{
  Identity identity = { .key = *key, .spec = *spec };
  identity.key.sql = spec->sql;
  CormStatement *found = look_up (conn, &identity);
  if (found != NULL && !found->in_use)
    return take (found);
  if (!corm_connection_check_free (conn, error))
    return NULL;
  CormStatement *statement = new_statement (conn, &identity);
  statement->native = conn->link.driver->prepare (&conn->link, &statement->identity.spec, error);
  if (statement->native == NULL) {
    finalize (statement);
    corm_connection_notice_error (conn);
    return NULL;
  }
  if (found == NULL && !key->once)
    keep (conn, statement);
  return statement;
}

static void
reset (CormStatement *statement)
{
  if (statement->executed && is_ours (statement->conn)) {
    statement->conn->link.driver->reset (&statement->conn->link, statement->native);
    corm_connection_trace (statement->conn); /* an INSERT … RETURNING is committed when its rows end */
  }
  statement->executed = FALSE;
}

/* A SELECT * may have got more columns since it was prepared. */
static void
fit_row (CormStatement *statement)
{
  CormLink *link = &statement->conn->link;
  statement->n_columns = link->driver->n_columns (link, statement->native);
  if (statement->n_columns <= statement->row_size)
    return;
  statement->row_size = statement->n_columns;
  statement->row = g_renew (CormValue, statement->row, statement->row_size);
}

/* Its answer alone will say whether it is committed, as that of a COMMIT does. In front of it nothing is in doubt yet. */
static gboolean
check_alone (CormStatement *statement, GError **error)
{
  CormConnection *conn = statement->conn;
  const CormDriver *driver = conn->link.driver;
  statement->alone = statement->writes && conn->transaction == NULL &&
                     (driver->in_transaction == NULL || !driver->in_transaction (&conn->link) ||
                      corm_control_is_transaction (driver->dialect, statement->identity.spec.sql));
  if (!statement->alone || !corm_connection_is_broken (conn))
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONNECTION,
               "%s: nothing was done: %s before the statement was sent; take a new connection",
               corm_uri_get_public_text (conn->link.uri), corm_connection_describe_break (conn));
  return FALSE;
}

static void
doubt_alone (const CormStatement *statement, GError **error)
{
  if (!statement->alone || statement->conn->link.driver->dialect->in_process || error == NULL ||
      !g_error_matches (*error, CORM_ERROR, CORM_ERROR_CONNECTION))
    return;
  (*error)->code = CORM_ERROR_UNKNOWN_OUTCOME;
  corm_error_prefix (error,
                     "the statement was sent in no transaction, and the connection broke before its answer "
                     "came: it has done its work, or nothing; look before it is run again, or let "
                     "corm_transact() find out (option token)");
}

gboolean
corm_statement_execute (CormStatement *statement, const CormValue *params, gboolean stream, GError **error)
{
  CormConnection *conn = statement->conn;
  reset (statement);
  if (conn->holder == statement)
    conn->holder = NULL;
  if (!corm_connection_check_free (conn, error))
    return FALSE;
  if (!corm_connection_check_deadline (conn, error) || !check_alone (statement, error))
    return FALSE;
  corm_connection_count (conn, statement->identity.spec.sql);
  statement->executed = TRUE;
  conn->link.refused = 0;
  gboolean ok = conn->link.driver->execute (&conn->link, statement->native, params, stream, error);
  corm_connection_trace (conn);
  if (!ok) {
    corm_connection_notice_error (conn);
    doubt_alone (statement, error);
    return FALSE;
  }
  fit_row (statement);
  return TRUE;
}

guint
corm_statement_get_n_columns (CormStatement *statement)
{
  return statement->n_columns;
}

const char *
corm_statement_get_column_name (CormStatement *statement, guint column)
{
  CormLink *link = &statement->conn->link;
  return link->driver->column_name (link, statement->native, column);
}

CormStep
corm_statement_step (CormStatement *statement, const CormValue **row, GError **error)
{
  CormLink *link = &statement->conn->link;
  *row = NULL;
  if (G_UNLIKELY (!is_ours (statement->conn))) {
    corm_connection_check_free (statement->conn, error);
    return CORM_STEP_ERROR;
  }
  if (G_UNLIKELY (!statement->executed)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "there are no more rows: the transaction in which they were read has ended");
    return CORM_STEP_ERROR;
  }
  CormStep step = link->driver->step (link, statement->native, statement->row, error);
  if (step == CORM_STEP_ROW)
    *row = statement->row;
  if (G_UNLIKELY (step == CORM_STEP_ERROR)) {
    corm_connection_notice_error (statement->conn);
    doubt_alone (statement, error);
  }
  return step;
}

guint64
corm_statement_get_n_changed (CormStatement *statement)
{
  CormLink *link = &statement->conn->link;
  return link->driver->n_changed (link, statement->native);
}

guint64
corm_connection_get_n_writes (CormConnection *conn)
{
  const CormDriver *driver = conn->link.driver;
  return driver->n_writes != NULL ? driver->n_writes (&conn->link) : 0;
}

gboolean
corm_statement_fail_left_out (GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_CHECK,
               "the database took the row and inserted nothing: a trigger, a rule or a conflict clause of "
               "the table left it out");
  return FALSE;
}

gboolean
corm_connection_is_view (CormConnection *conn, const char *table)
{
  const CormDriver *driver = conn->link.driver;
  return driver->is_view != NULL && driver->is_view (&conn->link, table);
}

gboolean
corm_connection_check_inserted (CormConnection *conn, const char *table, guint64 n_changed, guint64 written,
                                GError **error)
{
  return G_LIKELY (n_changed > 0) ||
         (corm_connection_get_n_writes (conn) != written && corm_connection_is_view (conn, table)) ||
         corm_statement_fail_left_out (error);
}

void
corm_statement_hold (CormStatement *statement)
{
  statement->conn->holder = statement;
}

void
corm_statement_cut (CormConnection *conn)
{
  if (conn->holder != NULL)
    reset (conn->holder);
  conn->holder = NULL;
}

void
corm_statement_release (CormStatement *statement)
{
  CormConnection *conn = statement->conn;
  reset (statement);
  statement->in_use = FALSE;
  if (conn->holder == statement)
    conn->holder = NULL;
  if (conn->left_open == statement)
    conn->left_open = NULL;
  if (!statement->cached)
    finalize (statement);
  if (G_UNLIKELY (conn->given_back && conn->holder == NULL)) {
    conn->given_back = FALSE;
    corm_connection_free (conn);
  }
}

void
corm_statement_cache_clear (CormConnection *conn)
{
  CormStatementCache *cache = &conn->statements;
  while (cache->used.head != NULL)
    drop (cache, cache->used.head->data);
  g_clear_pointer (&cache->table, g_hash_table_unref);
}
