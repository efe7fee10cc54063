/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files of this folder share. Not SQLite's own header, which is <sqlite3.h>. */
#pragma once

#include "../dialects.h"

#include <sqlite3.h>

/* CormLink.handle */
static inline sqlite3 *
corm_sqlite3_handle (const CormLink *link)
{
  return link->handle;
}

/* connection.c */
gboolean corm_sqlite3_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set,
                                 gpointer data, GError **error);
void corm_sqlite3_explain (const CormUri *uri, const CormDbOptions *options, const char *text,
                           GError **error);
gboolean corm_sqlite3_connect (CormLink *link, GError **error);
void corm_sqlite3_disconnect (CormLink *link);
gboolean corm_sqlite3_is_alive (CormLink *link);
gboolean corm_sqlite3_ping (CormLink *link, GError **error);
gboolean corm_sqlite3_in_transaction (CormLink *link);
gboolean corm_sqlite3_set_deadline (CormLink *link, guint ms, GError **error);
gboolean corm_sqlite3_run (CormLink *link, const char *sql, GError **error);

/* error.c: the handle's last error. @sql may be NULL: then @error says that opening failed. */
void corm_sqlite3_set_error (CormLink *link, const char *sql, GError **error);

/* function.c: what SQLite lacks, corm_like() and the collation corm_decimal. */
int corm_sqlite3_add_functions (sqlite3 *handle);
/* arithmetic.c, total.c: exact numbers. */
int corm_sqlite3_add_arithmetic (sqlite3 *handle);
int corm_sqlite3_add_totals (sqlite3 *handle);

/* decode.c: a cell as @type (NULL: as it is stored). What has to be made is put into *scratch, which is made when
 * NULL. */
gboolean corm_sqlite3_decode (sqlite3_value *cell, const CormSqlType *type, GString **scratch,
                              CormValue *value, GError **error);

/* statement.c */
gpointer corm_sqlite3_prepare (CormLink *link, const CormStatementSpec *spec, GError **error);
gboolean corm_sqlite3_execute (CormLink *link, gpointer statement, const CormValue *params, gboolean stream,
                               GError **error);
guint corm_sqlite3_n_columns (CormLink *link, gpointer statement);
const char *corm_sqlite3_column_name (CormLink *link, gpointer statement, guint column);
CormStep corm_sqlite3_step (CormLink *link, gpointer statement, CormValue *row, GError **error);
guint64 corm_sqlite3_n_changed (CormLink *link, gpointer statement);
gint64 corm_sqlite3_last_id (CormLink *link);
guint64 corm_sqlite3_n_writes (CormLink *link);
gboolean corm_sqlite3_is_view (CormLink *link, const char *table);
void corm_sqlite3_reset (CormLink *link, gpointer statement);
void corm_sqlite3_finalize (CormLink *link, gpointer statement);
