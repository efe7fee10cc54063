/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A connection: the link to the database, its prepared statements, its transaction state. */
#pragma once

#include "model/mapping.h"

#include <corm/sys/driver.h>

/* A connection outside any pool, for scratch places and tools; freed with corm_connection_free(). @uri outlives it. */
CormConnection *corm_connection_open (const CormUri *uri, CormRegistry *registry,
                                      const CormDbOptions *options, GError **error);
const CormDialect *corm_connection_get_dialect (CormConnection *conn);
const CormDriver *corm_connection_get_driver (CormConnection *conn);
CormRegistry *corm_connection_get_registry (CormConnection *conn);
/* NULL: the connection's registry has no such model. */
const CormMapping *corm_connection_find_mapping (CormConnection *conn, const CormModel *model);
/* From now on no thread reads from a replica that lacks what the writer has by now: the tables, after a migration. */
void corm_db_expect_on_readers (CormDb *db);
gboolean corm_db_has_replicas (CormDb *db);
/* One statement without parameters and rows. */
gboolean corm_connection_run (CormConnection *conn, const char *sql, GError **error);
gboolean corm_connection_in_transaction (CormConnection *conn);
/* TRUE when nothing that is sent will arrive. */
gboolean corm_connection_is_broken (CormConnection *conn);
/* What has become of one that is, for messages: "the connection had broken". */
const char *corm_connection_describe_break (const CormConnection *conn);
/* BUSY, saying what to do, while a cursor is open on @conn. Every statement asks this first. */
gboolean corm_connection_check_free (CormConnection *conn, GError **error);
/* Behind an execution or a bulk row that failed: which value the driver refused, counted from 1; 0: none. */
guint corm_connection_get_refused (CormConnection *conn);
/* Of how many rows of a bulk load its error may be, from *@first on, counted from 0; 0: of none, or nobody knows. */
guint64 corm_connection_get_refused_rows (CormConnection *conn, guint64 *first);
/* What corm_connection_set_tenant() said; NULL: nothing. */
const CormValue *corm_connection_get_tenant (CormConnection *conn);
/* For the store: memory that it keeps per connection (plans), freed with the connection. */
gpointer corm_connection_get_store (CormConnection *conn);
void corm_connection_set_store (CormConnection *conn, gpointer store, GDestroyNotify free_store);
