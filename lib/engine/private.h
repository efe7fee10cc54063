/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a connection is made of; for the files of this folder only. */
#pragma once

#include "model/mapping.h"

#include <corm/sys/driver.h>

#include "engine/line.h"
#include "engine/position.h"

typedef struct _CormStatement CormStatement;
typedef struct _CormReader CormReader;
typedef struct _CormWatch CormWatch;

/* The prepared statements of a connection. */
typedef struct {
  GHashTable *table;     /* CormStatement, by its key */
  GQueue used;           /* the same, most recently used first */
  CormStatement *recent; /* the head of it, asked first */
} CormStatementCache;

struct _CormConnection {
  CormLink link;
  CormUri *own_uri; /* of a connection that has no CormDb */
  CormDbOptions options;
  CormRegistry *registry;
  const CormMapping
      *mapping; /* the one that was asked for last, as most calls are of one model; NULL: none yet */
  CormDb *db;
  CormReader *reader;                       /* of db's topology, for a connection that only reads */
  char *replayed;                           /* of a replica: a position up to which all can be read here */
  guint traces;                             /* see engine/position.h; 0: nobody asks what is done here */
  void (*give_back) (CormConnection *conn); /* to the pool; NULL: freeing closes */
  CormStatementCache statements;
  CormStatement *holder;        /* its rows are open */
  CormTransaction *transaction; /* the innermost */
  gboolean lost;                /* the database ended our transaction by itself */
  gboolean ended;               /* and so did a statement inside of it, which may have committed it */
  gboolean given_back;          /* freed by its user while rows were open: done when they are */
  CormStatement *left_open;     /* a cursor that outlived the transaction it was opened in */
  gboolean is_lent;             /* to the function of a corm_transact(), which must not free it */
  GPtrArray *tokens;            /* of committed transactions, whose rows can be deleted; NULL: none */
  CormWatch *watches;           /* of sessions that go on when a transaction is undone; NULL: none */
  guint64 n_begun;              /* transactions and savepoints */
  guint64 n_statements;
  gint64 born; /* µs, monotonic */
  gint64 idle_since;
  guint generation; /* see corm_fork_generation */
  CormValue tenant; /* whose rows it sees; borrows tenant_data */
  gboolean has_tenant;
  char *tenant_data;
  struct _CormDetector *detector; /* NULL: queries in a loop are nobody's business */
  gpointer store;
  GDestroyNotify free_store;
};

/* What the transactions of a CormDb share. */
typedef struct {
  CormTurn writer; /* where the database has one at a time */
  gint has_tokens; /* the table of tokens was seen; atomic */
} CormDbTransact;
CormDbTransact *corm_db_get_transact (CormDb *db);
const CormDriver *corm_db_get_driver (CormDb *db);
const CormDbOptions *corm_db_get_options (CormDb *db);

/* Fills in the defaults of what is 0. */
CormDbOptions corm_db_options_complete (const CormDbOptions *options);
/* Opens; @uri outlives the connection unless own_uri is set. */
CormConnection *corm_connection_new (const CormUri *uri, CormRegistry *registry, const CormDbOptions *options,
                                     GError **error);
/* The same for @db, to which it is given back. */
CormConnection *corm_db_open_connection (CormDb *db, const CormUri *uri, const CormDbOptions *options,
                                         GError **error);
/* Closes for good. One of another process is abandoned: not a byte is sent, its memory stays. */
void corm_connection_close (CormConnection *conn);
/* Rolls back whatever is open. FALSE when the connection can't be used again. */
gboolean corm_connection_tidy (CormConnection *conn);
/* CANCELLED when link.deadline has passed. */
gboolean corm_connection_check_deadline (CormConnection *conn, GError **error);
/* Called after every error of the database: notices that it ended the transaction. */
void corm_connection_notice_error (CormConnection *conn);
/* Behind every statement that may have changed something. */
static inline void
corm_connection_trace (const CormConnection *conn)
{
  if (G_UNLIKELY (conn->traces != 0))
    corm_position_touch (conn->traces);
}

/* @sql is about to be sent. */
static inline void
corm_connection_count (CormConnection *conn, const char *sql)
{
  conn->n_statements++;
  if (G_UNLIKELY (conn->options.on_statement != NULL))
    conn->options.on_statement (sql, conn->options.on_statement_data);
}

/* One statement, whatever state the transaction is in. */
gboolean corm_connection_send (CormConnection *conn, const char *sql, GError **error);

void corm_statement_cache_clear (CormConnection *conn);
/* Ends the open rows, if any, so that the connection is free; their cursor then says so. */
void corm_statement_cut (CormConnection *conn);

/* Takes the right to write from @conn, and gives it back; outside a transaction, by what the dialect has for one. */
gboolean corm_connection_stop_writing (CormConnection *conn, GError **error);
void corm_connection_resume_writing (CormConnection *conn);

/* Rolls back all open transactions of @conn and parts their guards from it. */
gboolean corm_transaction_end_all (CormConnection *conn, GError **error);
