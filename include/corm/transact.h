/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A transaction given as a function, which is run again when the database asks for it. */
#pragma once

#include <corm/db.h>

G_BEGIN_DECLS

/**
 * CormTransactFunc:
 * @conn: the transaction's connection, lent for the call: neither freed nor kept
 *
 * The work of a transaction. TRUE commits it; FALSE, with @error set, rolls it back. It may be called several times, so
 * that what it changes outside of the database must bear that: values it counts up, mail it sends.
 */
typedef gboolean (*CormTransactFunc) (CormConnection *conn, gpointer data, GError **error);

/* Options of corm_transact(); what is 0 or false is the default. Times are milliseconds. */
typedef struct {
  CormIsolation isolation;
  bool
      read_only; /* nothing can be written; by a replica, as corm_db_connect_read() chooses, unless serializable */
  bool
      deferrable; /* PostgreSQL, serializable and read only: waits for a snapshot that cannot fail. Elsewhere nothing */
  bool token;            /* finds out by itself what became of a COMMIT whose answer was lost: see below */
  guint attempts;        /* 1: never again; default: as many as retry_ms allows */
  guint retry_ms;        /* no new attempt later than this after the start; default 30 000 */
  guint first_wait_ms;   /* before the second attempt; doubled each time, and scattered; default 2 */
  guint longest_wait_ms; /* default 500 */
  guint
      deadline_ms; /* the whole call; default: none. A statement under way is stopped where the database can */
} CormTransactOptions;

/**
 * corm_transact:
 * @db: a database
 * @function: the work
 * @data: for @function
 * @options: (nullable): isolation, retry, deadline
 * @error: where to put an error
 *
 * Runs @function in a transaction on a connection of the pool, and commits. After a deadlock, a serialization failure or a
 * lock that was not to be had (SQLSTATE 40001 and 40P01; MariaDB's errors 1213, 1205 and 1020; SQLITE_BUSY) all of it is
 * rolled back and run again, after a pause; after any other error it is not. On SQLite one that may write takes the
 * write lock at the start; those of one CormDb queue for it, so that nobody starves.
 *
 * Called by a @function for the same @db, in the same thread, it joins: it works on the same connection, in a savepoint,
 * which is rolled back when the inner function fails. It is never run again by itself: pass its error on, and the
 * outermost call runs all of it again. Of its options only the isolation counts, which must not be stricter than the
 * outermost one's (CORM_ERROR_INVALID).
 *
 * Errors: those of @function and of the database. CORM_ERROR_BUSY: every attempt failed. CORM_ERROR_CANCELLED: the
 * deadline passed; nothing was committed. CORM_ERROR_UNKNOWN_OUTCOME: the connection broke between COMMIT and its answer,
 * and the transaction may be committed or not. It is not run again then. With the option token a row with the
 * transaction's own random key is written along with it, into the table corm_transactions (made at the first use,
 * kept small), and after a lost answer another connection finds out by that key: the call then returns TRUE, or runs
 * @function again, and the outcome is unknown only when the server does not come back within retry_ms.
 * CORM_ERROR_INVALID: @function left a cursor or a transaction open, or ended the transaction by SQL of its own.
 * CORM_ERROR_UNSUPPORTED: the database's transactions have no isolation level.
 */
CORM_PUBLIC gboolean corm_transact (CormDb *db, CormTransactFunc function, gpointer data,
                                    const CormTransactOptions *options, GError **error);

G_END_DECLS
