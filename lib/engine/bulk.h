/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Bulk load into one table: the driver's own way, else prepared inserts. Inside the caller's transaction. Behind an error
 * corm_connection_get_refused_rows () says which rows of the load it may be of. */
#pragma once

#include "engine/connection.h"

/* How many rows go into a database in this process by one prepared statement, where at least so many are to come: a block of 16 takes
 * three quarters of the time of 16 statements, and one of 64 no less; preparing it costs what 85 rows save. */
#ifdef CORM_TINY
enum { CORM_BLOCK_ROWS = 3, CORM_BLOCK_LEAST = 4 };
#else
enum { CORM_BLOCK_ROWS = 16, CORM_BLOCK_LEAST = 256 };
#endif

/* Whether @n_rows of @width columns are better sent so. */
gboolean corm_connection_takes_blocks (CormConnection *conn, guint width, gsize n_rows);

typedef struct _CormBulk CormBulk;

CormBulk *corm_bulk_begin (CormConnection *conn, const char *table, const char *const *columns,
                           const CormSqlType *types, guint n_columns, GError **error);
gboolean corm_bulk_row (CormBulk *bulk, const CormValue *row, GError **error);
/* About @n_rows are to come: how many of them are best given to corm_bulk_rows () at once. */
guint corm_bulk_expect (CormBulk *bulk, gsize n_rows);
/* @n rows, the values side by side; they are sent when it returns, or the driver has copied them. */
gboolean corm_bulk_rows (CormBulk *bulk, const CormValue *rows, guint n, GError **error);
/* Ends and frees it. @n_rows: how many the database inserted. */
gboolean corm_bulk_end (CormBulk *bulk, guint64 *n_rows, GError **error);
/* The same; CHECK where it inserted fewer than were sent. */
gboolean corm_bulk_end_all (CormBulk *bulk, GError **error);
/* Gives up and frees it: what was sent is undone only by the transaction's rollback. */
void corm_bulk_free (CormBulk *bulk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormBulk, corm_bulk_free)
