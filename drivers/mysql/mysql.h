/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files of this driver share. Cells are read straight out of the network buffer, through the result callback
 * of MariaDB Connector/C, so a row lives until the next fetch on the same connection. Invariant: at most one statement
 * of a link has rows on the wire, link->data's @reading; whoever sends something else is told so. */
#pragma once

#include "../dialects.h"

#include <mysql.h>

typedef struct _CormMysqlStatement CormMysqlStatement;

/* A request's bytes beside the texts of @n_values, at most: its head, and of each value a type, a length or a number, a bit. */
static inline gsize
corm_mysql_frame_bytes (gsize n_values)
{
  return 64 + 12 * n_values;
}

typedef struct {
  MYSQL *handle;
  gulong max_packet;           /* bytes that the server takes in one go */
  gboolean has_arrays;         /* the server takes arrays of parameters */
  CormMysqlStatement *reading; /* whose rows are on the wire; NULL: none */
  GPtrArray *closed;           /* MYSQL_STMT, finalized while another one's rows were on the wire */
  gboolean spoiled;            /* the open transaction holds a cut value: only a rollback leads on */
  gboolean lost;               /* the server went away */
  bool *again;                 /* CormLink.again */
  gint64 last_id;
} CormMysqlLink;

/* --- parameters (encode.c) --- */

typedef struct {
  union {
    gint64 i;
    double d;
    float f;
    MYSQL_TIME time;
    char text[CORM_TEXT_MAX];
  };
  gulong length;
  my_bool is_null;
  char indicator; /* of a row in an array of parameters */
} CormMysqlParam;

/* How a value of @type travels. */
enum enum_field_types corm_mysql_wire_type (CormType type);
/* TRUE for values that are in @data and @size. */
gboolean corm_mysql_is_textual (CormType type);
/* -0.0 becomes 0.0 on its way: CONVERSION for a value that is to be stored. */
gboolean corm_mysql_check_zero (const CormValue *value, GError **error);
/* Points @bind at @value, by way of @param where bytes have to be made. @type: of the target, TYPE_NONE: unknown.
 * @may_be_cut is set when the server could drop a part of the value with no more than a note. Errors: CONVERSION. */
gboolean corm_mysql_encode (const CormSqlType *type, const CormValue *value, CormMysqlParam *param,
                            MYSQL_BIND *bind, gboolean *may_be_cut, GError **error);

/* --- columns (decode.c) --- */

typedef struct _CormMysqlColumn CormMysqlColumn;
typedef gboolean (*CormMysqlDecode) (CormMysqlColumn *column, const guint8 *data, gsize size,
                                     CormValue *value, GError **error);
struct _CormMysqlColumn {
  char *name;
  int fixed_size; /* of a cell; -1: its length stands before it */
  CormMysqlDecode decode;
  CormType natural; /* what decode gives, NULL too */
  gboolean is_unsigned;
  CormSqlType wanted; /* TYPE_NONE: as it comes */
  MYSQL_FIELD field;  /* as it was when the members above were set; its pointers are not kept */
  GString *scratch;   /* the cell's text where it has none of its own */
  GString *made;      /* what a conversion made of it */
};

/* Whether @field is what init() saw. */
gboolean corm_mysql_column_is (const CormMysqlColumn *column, const MYSQL_FIELD *field);
void corm_mysql_column_init (CormMysqlColumn *column, const MYSQL_FIELD *field);
void corm_mysql_column_clear (CormMysqlColumn *column);
/* One cell, in the wanted type. Errors: CONVERSION, naming the column. */
gboolean corm_mysql_column_read (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value,
                                 GError **error);

/* --- statements (statement.c) --- */

gpointer corm_mysql_prepare (CormLink *link, const CormStatementSpec *spec, GError **error);
gboolean corm_mysql_execute (CormLink *link, gpointer statement, const CormValue *params, gboolean stream,
                             GError **error);
guint corm_mysql_n_columns (CormLink *link, gpointer statement);
const char *corm_mysql_column_name (CormLink *link, gpointer statement, guint column);
CormStep corm_mysql_step (CormLink *link, gpointer statement, CormValue *row, GError **error);
guint64 corm_mysql_n_changed (CormLink *link, gpointer statement);
gint64 corm_mysql_last_id (CormLink *link);
void corm_mysql_reset (CormLink *link, gpointer statement);
void corm_mysql_finalize (CormLink *link, gpointer statement);

/* --- guard against silently cut values (guard.c) --- */

/* TRUE for INSERT, UPDATE and REPLACE: statements that put values into columns. */
gboolean corm_mysql_sql_writes (const char *sql);
/* FALSE while rows of another statement are on the wire or the transaction is spoiled. */
gboolean corm_mysql_link_check (CormMysqlLink *link, const char *sql, GError **error);
/* Opens a transaction around one statement, where none is open; @own says so. */
gboolean corm_mysql_guard_begin (CormMysqlLink *link, gboolean *own, GError **error);
/* After a statement that left warnings: CONVERSION when one of them says that a value was cut. */
gboolean corm_mysql_guard_check (CormMysqlLink *link, const char *doing, GError **error);
/* Ends it: commits when @keep, else rolls back and leaves @error alone. */
gboolean corm_mysql_guard_end (CormMysqlLink *link, gboolean own, gboolean keep, GError **error);

/* --- errors (error.c) --- */

CormError corm_mysql_error_code (guint number, const char *sqlstate);
/* The handle's last error, or the statement's; marks the link as lost where it is. Always FALSE. */
gboolean corm_mysql_fail (CormMysqlLink *link, MYSQL_STMT *statement, const char *doing, GError **error);
/* The same, with the statement's text as what was being done. */
gboolean corm_mysql_fail_sql (CormMysqlLink *link, MYSQL_STMT *statement, const char *sql, GError **error);
/* Text protocol, no rows. @doing NULL: the statement's text. */
gboolean corm_mysql_send (CormMysqlLink *link, const char *sql, const char *doing, GError **error);

/* --- connections (connection.c), bulk load (bulk.c) --- */

gboolean corm_mysql_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set,
                               gpointer data, GError **error);
void corm_mysql_explain (const CormUri *uri, const CormDbOptions *options, const char *text, GError **error);
gboolean corm_mysql_connect (CormLink *link, GError **error);
void corm_mysql_disconnect (CormLink *link);
gboolean corm_mysql_ping (CormLink *link, GError **error);
gboolean corm_mysql_is_alive (CormLink *link);
gboolean corm_mysql_in_transaction (CormLink *link);
gboolean corm_mysql_set_deadline (CormLink *link, guint ms, GError **error);
gboolean corm_mysql_run (CormLink *link, const char *sql, GError **error);

gpointer corm_mysql_bulk_begin (CormLink *link, const char *table, const char *const *columns,
                                const CormSqlType *types, guint n_columns, GError **error);
gboolean corm_mysql_bulk_row (CormLink *link, gpointer bulk, const CormValue *row, GError **error);
gboolean corm_mysql_bulk_end (CormLink *link, gpointer bulk, gboolean keep, guint64 *n_rows, GError **error);

extern const CormDriver corm_mysql_driver;
