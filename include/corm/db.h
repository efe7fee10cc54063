/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A database, its pool of connections, transactions, and SQL written by hand.
 *
 * A CormDb may be used from any thread. A CormConnection belongs to one thread at a time. */
#pragma once

#include <corm/detect.h>
#include <corm/registry.h>

G_BEGIN_DECLS

/* Options of corm_db_open_full; 0 means the default. Times are milliseconds. */
typedef struct {
  guint pool_size;     /* connections at most; default 8; 1 for sqlite::memory: */
  guint pool_overflow; /* more that are opened in a rush, and closed when they are given back; default none */
  guint pool_wait_ms;  /* how long corm_db_connect() waits for one; default 30 000 */
  guint idle_check_ms; /* a connection idle for longer is asked before use; default 30 000 */
  guint max_age_ms;    /* an older one is closed instead of kept; default 3 600 000 */
  guint busy_timeout_ms; /* how long a statement waits for a lock; default 5 000 */
  guint statement_cache; /* prepared statements kept per connection; default 64 */
  bool read_only;        /* nothing can be written through this CormDb */
  bool must_exist; /* SQLite: a missing file is an error instead of a new database; once open it always is */
  /* Replicas of the database that corm_db_open() is given, which is the writer: URIs, ended by NULL; copied. */
  const char *const *readers;
  guint
      reader_wait_ms; /* how long corm_db_connect_read() waits for a replica to catch up; default: not at all */
  guint reader_lag_ms; /* a replica further behind is not read from, whoever asks; default: no limit */
  /* A query that one place runs so many times within one unit of work (a transaction, or what is between two) is
   * reported. Default: 10 in a library configured with --enable-detect, or with CORM_DETECT=1 (or a number) in the
   * environment, else never; G_MAXUINT: never. on_repeat NULL: a message on stderr. */
  guint detect_repeats;
  CormRepeatFunc on_repeat;
  gpointer on_repeat_data;
  /* Told of every statement before it is sent, as the database gets it, without the values of its parameters (of a bulk load: its
   * table); on the thread that sends it. Must not use the connection. */
  void (*on_statement) (const char *sql, gpointer data);
  gpointer on_statement_data;
} CormDbOptions;

/**
 * corm_db_open: (constructor)
 * @uri: sqlite:PATH, sqlite::memory:, postgresql://…, mysql://…, mariadb://… or dbi:DRIVER?option=value
 * @registry: (nullable): the models; the db keeps a reference
 * @error: where to put an error
 *
 * Opens a first connection, so that a wrong URI, password or file is said here.
 * Errors: INVALID (the URI), CONNECTION, DENIED, UNSUPPORTED (the driver is not built in or not installed).
 */
CORM_PUBLIC CormDb *corm_db_open (const char *uri, CormRegistry *registry, GError **error) CORM_MUST_USE;
CORM_PUBLIC CormDb *corm_db_open_full (const char *uri, CormRegistry *registry, const CormDbOptions *options,
                                       GError **error) CORM_MUST_USE;
/* Closes the connections; all taken ones must have been given back. */
CORM_PUBLIC void corm_db_free (CormDb *db);
/* The URI without its password; borrowed. */
CORM_PUBLIC const char *corm_db_get_uri (CormDb *db);
CORM_PUBLIC CormRegistry *corm_db_get_registry (CormDb *db);
/* The dialect's name: "sqlite3", "pgsql", "mysql", "generic". */
CORM_PUBLIC const char *corm_db_get_dialect (CormDb *db);

/* Takes a connection from the pool. Errors: BUSY (none free within pool_wait_ms), CONNECTION. */
CORM_PUBLIC CormConnection *corm_db_connect (CormDb *db, GError **error) CORM_MUST_USE;
/**
 * corm_db_connect_read:
 * @position: (nullable): also behind this one, from corm_db_get_position(); NULL or "": this thread's own writes only
 *
 * A connection that only reads: to a replica that has replayed all that the calling thread did on connections of
 * corm_db_connect(), else to the writer. Without #CormDbOptions.readers always to the writer. Writing on it is an error
 * (DENIED). A replica that is down or refuses is left alone for a while, a second at first, a minute at most.
 * Errors: those of corm_db_connect(), INVALID (@position).
 */
CORM_PUBLIC CormConnection *corm_db_connect_read (CormDb *db, const char *position,
                                                  GError **error) CORM_MUST_USE;
/**
 * corm_db_get_position:
 * @since: (nullable): the position that was carried so far; the result covers it too
 *
 * How far the database had come behind the calling thread's last write, for corm_db_connect_read() of another thread or
 * process: a short text of letters, digits, '-', '/' and ','; empty when there is nothing to wait for. Free with g_free().
 * Errors: those of corm_db_connect(), INVALID (@since).
 */
CORM_PUBLIC char *corm_db_get_position (CormDb *db, const char *since, GError **error) CORM_MUST_USE;
/* Gives it back: open transactions are rolled back, open cursors must be closed before. */
CORM_PUBLIC void corm_connection_free (CormConnection *conn);
/* Asks the server whether it is there. */
CORM_PUBLIC gboolean corm_connection_ping (CormConnection *conn, GError **error);
/* "PostgreSQL 15.18", "SQLite 3.40.1", …; borrowed. */
CORM_PUBLIC const char *corm_connection_get_server (CormConnection *conn);
/* Whose rows the connection reads and writes, until it is given back: every insert into a model with a column of
 * CORM_ROLE_TENANT fills it, every query, update and delete of one is confined to it. corm_value_null(): nobody's, and such a
 * model is an error. SQL written by hand is not confined. @tenant is copied. */
CORM_PUBLIC void corm_connection_set_tenant (CormConnection *conn, CormValue tenant);
/* Statements sent on this connection so far, for tests and logs. */
CORM_PUBLIC guint64 corm_connection_get_n_statements (CormConnection *conn);

/* A named parameter of SQL written by hand: CORM_PARAMS (CORM_PARAM ("id", 5), CORM_PARAM ("name", "scf")). */
typedef struct {
  const char *name; /* without the colon */
  CormValue value;
} CormParam;

#ifndef __cplusplus
/* clang-format off */
#define CORM_PARAM(n, v) { .name = (n), .value = _Generic ((v), \
  bool: corm_value_bool, int: corm_value_int, unsigned int: corm_value_int, long: corm_value_int, \
  long long: corm_value_int, short: corm_value_int, double: corm_value_double, float: corm_value_double, \
  char *: corm_value_text, const char *: corm_value_text, CormBytes: corm_value_bytes, CormDecimal: corm_value_decimal, \
  CormJson: corm_value_json, CormDate: corm_value_date, CormTime: corm_value_time, CormTimestamp: corm_value_timestamp, \
  CormLocalTimestamp: corm_value_local_timestamp, CormUuid: corm_value_uuid) (v) }
#define CORM_PARAMS(...) ((const CormParam[]) { __VA_ARGS__, { 0 } })
/* clang-format on */
#endif

/**
 * corm_execute:
 * @sql: one statement; :name stands for a parameter (not inside quotes and comments, and not ::type)
 * @params: (nullable): CORM_PARAMS (…)
 * @n_changed: (out) (nullable): rows inserted, updated or deleted
 *
 * Errors: INVALID (a parameter missing or left over), SYNTAX, UNKNOWN_OUTCOME (it writes, in no transaction, and the connection
 * broke before its answer came), and those of the statement.
 */
CORM_PUBLIC gboolean corm_execute (CormConnection *conn, const char *sql, const CormParam *params,
                                   guint64 *n_changed, GError **error);
/* The same for a statement with rows, streamed. While the cursor is open the connection takes no other statement
 * (CORM_ERROR_BUSY), whatever the database. */
CORM_PUBLIC CormCursor *corm_query (CormConnection *conn, const char *sql, const CormParam *params,
                                    GError **error) CORM_MUST_USE;
CORM_PUBLIC void corm_cursor_free (CormCursor *cursor);
CORM_PUBLIC guint corm_cursor_get_n_columns (CormCursor *cursor);
CORM_PUBLIC const char *corm_cursor_get_name (CormCursor *cursor, guint column);
/* Moves on to the next row: FALSE at the end, then @error is unset, or on an error. */
CORM_PUBLIC gboolean corm_cursor_next (CormCursor *cursor, GError **error);
/* The value of the row that the cursor stands on; borrowed until the next move. */
CORM_PUBLIC const CormValue *corm_cursor_get_value (CormCursor *cursor, guint column);

typedef enum {
  CORM_TRANSACTION_DEFAULT,
  CORM_TRANSACTION_WRITE, /* takes the write lock at once where there is one (SQLite: BEGIN IMMEDIATE) */
  CORM_TRANSACTION_READ_ONLY,
} CormTransactionMode;

/* How much a transaction sees of others that run beside it. A level that the database lacks is its next stricter one;
 * doc/manual/transactions.md says what each one lets through, in each database. */
typedef enum {
  CORM_ISOLATION_DEFAULT, /* the database's */
  CORM_ISOLATION_READ_COMMITTED,
  CORM_ISOLATION_REPEATABLE_READ,
  CORM_ISOLATION_SERIALIZABLE,
} CormIsolation;

/**
 * corm_transaction_begin:
 *
 * With g_autoptr (CormTransaction) it is rolled back when the scope is left without a commit. Begun inside another
 * one it is a savepoint of it. Errors: BUSY, CONNECTION.
 */
CORM_PUBLIC CormTransaction *corm_transaction_begin (CormConnection *conn, CormTransactionMode mode,
                                                     GError **error) CORM_MUST_USE;
/* The same at a level of isolation. Inside another one it must not be stricter than that. Errors: also INVALID, and
 * UNSUPPORTED where a transaction has no such level. */
CORM_PUBLIC CormTransaction *corm_transaction_begin_at (CormConnection *conn, CormTransactionMode mode,
                                                        CormIsolation isolation,
                                                        GError **error) CORM_MUST_USE;
/* Commits and ends it; the guard still has to be freed. Errors: BUSY, CONNECTION (nothing was committed), UNKNOWN_OUTCOME
 * (the connection broke behind COMMIT, before the answer), and deferred constraints. */
CORM_PUBLIC gboolean corm_transaction_commit (CormTransaction *transaction, GError **error);
/* Errors: INVALID, when a statement inside of it has ended it, and may have committed it. */
CORM_PUBLIC gboolean corm_transaction_rollback (CormTransaction *transaction, GError **error);
/* Rolls back when still open. */
CORM_PUBLIC void corm_transaction_free (CormTransaction *transaction);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormDb, corm_db_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormConnection, corm_connection_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormTransaction, corm_transaction_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormCursor, corm_cursor_free)

G_END_DECLS
