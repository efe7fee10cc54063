/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files of this folder share. One driver for every database that libdbi can open; what differs from one to the
 * next is a CormGenericFlavor. Values travel as text in both directions: into the SQL as literals, out of it as columns
 * that the SQL itself has turned into text, so that none of libdbi's guesses about types is ever relied upon. */
#pragma once

#include "../dialects.h"

#include <dbi/dbi.h>

/* A column of a result. */
typedef struct {
  char *name;
  CormSqlType type;  /* what it comes back as; NONE: as it is */
  gboolean plain;    /* no cast stands around it */
  gboolean is_asked; /* the caller says the type */
  gboolean as_found; /* and takes what it can't hold as text */
} CormGenericColumn;

typedef struct {
  char **pieces;       /* the SQL, cut at its placeholders */
  guint *order;        /* the parameter that stands behind each piece but the last */
  CormSqlType *params; /* a copy of the spec's */
  CormSqlType *types;
  guint n_types;     /* 0: SQL written by hand */
  gboolean as_found; /* of the spec */
  gboolean rows;     /* may give rows */
  gboolean query;    /* and is no SHOW or EXPLAIN */
  gboolean counts;   /* changes rows */

  dbi_result result;
  GPtrArray *columns; /* CormGenericColumn, of the result */
  GString **scratch;  /* two a column, for values that have to be made */
  guint64 n_changed;
} CormGenericStatement;

/* CormLink.data */
typedef struct {
  gboolean dead;           /* the server went away */
  gboolean in_transaction; /* begun and not ended */
  gboolean failed;         /* a statement failed in it: PostgreSQL will not commit */
  gboolean query_only;     /* SQLite refuses writes, also to temporary views */
  CormFileMark *file;      /* of SQLite; NULL: none */
  const char *asked;       /* what the caller wants run, for messages; NULL: what is sent */
} CormGenericLink;

typedef struct {
  const char *dbi_name;       /* of libdbi's driver; NULL: any other */
  const char *server;         /* "SQLite" */
  const char *version;        /* a query for its version, one row and column; NULL: none */
  const char *guard;          /* a comment in front of every statement; NULL: none */
  gboolean structure_commits; /* CREATE TABLE and the like end a transaction */
  gboolean aborts;            /* after an error nothing works but a rollback */

  const char *const *options; /* that a URI may set, beside dbi_name_…; NULL: any */
  gboolean (*set_up) (CormLink *link, GError **error); /* the session; NULL: nothing */
  CormError (*classify) (int number, const char *words);
  gboolean (*again) (int number, const char *words); /* see CormLink.again; NULL: never */
  /* After an error: whether the transaction is still there. NULL: yes. */
  gboolean (*kept_transaction) (CormLink *link, int number);

  /* A literal of @value for a parameter of @type. */
  gboolean (*append_literal) (GString *sql, const CormDialect *dialect, const CormValue *value,
                              const CormSqlType *type, GError **error);
  /* Makes a query whose columns come safely from @sql, a query written by hand, and says in @columns what they are.
   * Returns NULL with @error unset for running it as it is. unwrap() undoes what was made for it. */
  char *(*wrap) (CormLink *link, const char *sql, GPtrArray *columns, GError **error);
  void (*unwrap) (CormLink *link);
  /* Changes the finished text of a query, or refuses it. NULL: nothing to do. */
  gboolean (*finish) (GString *sql, GError **error);
  /* The text of a cell as a value; scratch[0] and scratch[1] are the column's. */
  gboolean (*decode) (const char *text, gsize size, const CormGenericColumn *column, GString **scratch,
                      CormValue *value, GError **error);
} CormGenericFlavor;

static inline const CormGenericFlavor *
corm_generic_flavor (const CormLink *link)
{
  return link->driver->detail;
}

extern const CormGenericFlavor corm_generic_sqlite3, corm_generic_pgsql, corm_generic_mysql,
    corm_generic_ansi;

/* --- the flavors' own: sqlite3.c, pgsql.c, mysql.c, ansi.c ------------------------------------------------------------ */
void corm_generic_fill_sqlite3 (CormDialect *dialect);
void corm_generic_fill_pgsql (CormDialect *dialect);
void corm_generic_fill_mysql (CormDialect *dialect);
void corm_generic_fill_ansi (CormDialect *dialect);
gboolean corm_generic_sqlite3_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set,
                                         gpointer data, GError **error);
gboolean corm_generic_pgsql_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set,
                                       gpointer data, GError **error);
gboolean corm_generic_mysql_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set,
                                       gpointer data, GError **error);
gboolean corm_generic_ansi_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set,
                                      gpointer data, GError **error);
gboolean corm_generic_sqlite3_scratch_begin (CormConnection *conn, CormConnection **other, GError **error);

/* --- connection.c --------------------------------------------------------------------------------------------------- */
/* Each parameter of @uri as an option of libdbi's. Errors: INVALID. */
gboolean corm_generic_set_options (const CormGenericFlavor *flavor, const CormUri *uri, CormSetOption set,
                                   gpointer data, GError **error);
void corm_generic_explain (const CormUri *uri, const CormDbOptions *options, const char *text,
                           GError **error);
gboolean corm_generic_connect (CormLink *link, GError **error);
void corm_generic_disconnect (CormLink *link);
gboolean corm_generic_ping (CormLink *link, GError **error);
gboolean corm_generic_is_alive (CormLink *link);
gboolean corm_generic_in_transaction (CormLink *link);
gboolean corm_generic_run (CormLink *link, const char *sql, GError **error);

/* --- send.c: every statement goes through here ------------------------------------------------------------------------ */
/* Sends @sql. NULL with @error on failure; free the result with dbi_result_free(). */
dbi_result corm_generic_send (CormLink *link, const char *sql, GError **error);
/* The same for a query of which the first column is wanted, as text; g_free() each. */
GPtrArray *corm_generic_send_for_texts (CormLink *link, const char *sql, GError **error);

/* Sends each of @statements (ended by NULL). */
gboolean corm_generic_send_all (CormLink *link, const char *const *statements, GError **error);

/* --- literal.c ------------------------------------------------------------------------------------------------------- */
void corm_generic_append_quoted (GString *sql, const char *text, gsize size);
/* @value as @type where it is another one and nothing is lost; else as it is. */
gboolean corm_generic_append_param (GString *sql, const CormLink *link, const CormValue *value,
                                    const CormSqlType *type, GError **error);

/* --- decode.c ---------------------------------------------------------------------------------------------------------- */
gboolean corm_generic_decode (const char *text, gsize size, const CormGenericColumn *column,
                              GString **scratch, CormValue *value, GError **error);
/* A cell that no cast has made safe, by libdbi's own type; refuses what libdbi would change. @column from 1. */
gboolean corm_generic_decode_direct (dbi_result result, guint column, CormValue *value, GError **error);
/* "00ff" as bytes in *scratch, made when NULL. */
gboolean corm_generic_unhex (const char *text, gsize size, GString **scratch, CormValue *value,
                             GError **error);

/* --- statement.c --------------------------------------------------------------------------------------------------------- */
CormGenericColumn *corm_generic_add_column (GPtrArray *columns, const char *name, const CormSqlType *type);
gpointer corm_generic_prepare (CormLink *link, const CormStatementSpec *spec, GError **error);
gboolean corm_generic_execute (CormLink *link, gpointer statement, const CormValue *params, gboolean stream,
                               GError **error);
guint corm_generic_n_columns (CormLink *link, gpointer statement);
const char *corm_generic_column_name (CormLink *link, gpointer statement, guint column);
CormStep corm_generic_step (CormLink *link, gpointer statement, CormValue *row, GError **error);
guint64 corm_generic_n_changed (CormLink *link, gpointer statement);
gint64 corm_generic_last_id (CormLink *link);
void corm_generic_reset (CormLink *link, gpointer statement);
void corm_generic_finalize (CormLink *link, gpointer statement);
