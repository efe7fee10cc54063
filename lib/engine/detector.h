/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Counts queries by the place that runs them, on one connection, within one unit of work: a transaction, or what is
 * between two, while the connection is taken from the pool. */
#pragma once

#include "model/mapping.h"

#include <corm/db.h>
#include <corm/expr.h>

/* NULL when @options want none. */
typedef struct _CormDetector CormDetector;
CormDetector *corm_detector_new (const CormDbOptions *options);
void corm_detector_free (CormDetector *detector);
/* The places that have been reported, for all connections of a CormDb; free with g_hash_table_unref(). */
GHashTable *corm_detector_new_told (void);
void corm_detector_share (CormConnection *conn, GHashTable *told);
/* What detect_repeats is when it is 0; 0: never. */
guint corm_detector_get_default (void);
/* A unit of work has ended. */
void corm_detector_reset (CormConnection *conn);

/* For the public functions that run queries: where they were called from, unless corm_connection_at() has said more. */
#define CORM_DETECTOR_CALLED(conn) corm_detector_called ((conn), __builtin_return_address (0))
void corm_detector_called (CormConnection *conn, gconstpointer caller);
/* A query of @mapping's table runs: @sql with the predicate @where, both NULL for one by primary key. */
void corm_detector_note (CormConnection *conn, const CormMapping *mapping, const CormExpr *where,
                         const char *sql);
