/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Prepared statements, kept per connection by key, least recently used out first.
 *
 * prepare() finds or makes one and takes it in use; release() gives it back to the cache. A statement in use is
 * never evicted nor handed out twice: a second prepare() of the same key makes a second one, closed on release. */
#pragma once

#include "engine/connection.h"

typedef struct _CormStatement CormStatement;

/* What a cached statement is found by: an owner with a tag and a mask (store: model, operation, fields), which is
 * cheap to look up, or with owner NULL the SQL text. */
typedef struct {
  gconstpointer owner;
  guint tag;
  guint64 mask;
  const char *sql;
  gboolean once; /* too long to be kept: closed on release */
} CormStatementKey;

/* In use when found; NULL when not cached. Only for keys with an owner, so that no SQL has to be rendered. */
CormStatement *corm_statement_find (CormConnection *conn, const CormStatementKey *key);
/* Finds by key, else prepares @spec and caches it. */
CormStatement *corm_statement_prepare (CormConnection *conn, const CormStatementKey *key,
                                       const CormStatementSpec *spec, GError **error);
/* Sends it with @params (n_params of the spec). @stream: see CormDriver.execute. Checks that the connection is free. */
gboolean corm_statement_execute (CormStatement *statement, const CormValue *params, gboolean stream,
                                 GError **error);
guint corm_statement_get_n_columns (CormStatement *statement);
const char *corm_statement_get_column_name (CormStatement *statement, guint column);
/* The next row: *row borrows until the next step, execute or release. */
CormStep corm_statement_step (CormStatement *statement, const CormValue **row, GError **error);
guint64 corm_statement_get_n_changed (CormStatement *statement);
/* Rows written on the connection until now, by triggers too; 0: the driver does not know. */
guint64 corm_connection_get_n_writes (CormConnection *conn);
/* CHECK: the database took a row and did not insert it. */
gboolean corm_statement_fail_left_out (GError **error);
/* Whether a trigger writes what is inserted into @table, so that the rows do not count as inserted. */
gboolean corm_connection_is_view (CormConnection *conn, const char *table);
/* Behind an INSERT into @table that should have changed a row: CHECK where it changed none (@n_changed), nor a view's trigger wrote
 * anything in its place (no more than @written, which corm_connection_get_n_writes () said before). */
gboolean corm_connection_check_inserted (CormConnection *conn, const char *table, guint64 n_changed,
                                         guint64 written, GError **error);
/* Ends the rows and gives it back. */
void corm_statement_release (CormStatement *statement);
/* Marks the connection as taken by @statement's open rows until its release (a cursor). */
void corm_statement_hold (CormStatement *statement);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormStatement, corm_statement_release)
