/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite's result codes (https://sqlite.org/rescode.html) as error codes of Corm, with a next step where there is one. */
#include "sqlite3.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static CormError
classify_constraint (int extended)
{
  switch (extended) {
  case SQLITE_CONSTRAINT_UNIQUE:
  case SQLITE_CONSTRAINT_PRIMARYKEY:
  case SQLITE_CONSTRAINT_ROWID:
    return CORM_ERROR_UNIQUE;
  case SQLITE_CONSTRAINT_FOREIGNKEY:
    return CORM_ERROR_FOREIGN_KEY;
  case SQLITE_CONSTRAINT_NOTNULL:
    return CORM_ERROR_NOT_NULL;
  case SQLITE_CONSTRAINT_DATATYPE:
    return CORM_ERROR_CONVERSION;
  default: /* CHECK, and RAISE (ABORT, …) of a trigger */
    return CORM_ERROR_CHECK;
  }
}

/* SQLITE_ERROR says all that is wrong with a statement; its words tell which. */
static CormError
classify_words (const char *words)
{
  static const struct {
    const char *part;
    CormError code;
  } known[] = {
    { "no such table", CORM_ERROR_SCHEMA },        { "no such column", CORM_ERROR_SCHEMA },
    { "no such index", CORM_ERROR_SCHEMA },        { "has no column named", CORM_ERROR_SCHEMA },
    { "already exists", CORM_ERROR_SCHEMA },       { "foreign key mismatch", CORM_ERROR_SCHEMA },
    { "duplicate column", CORM_ERROR_SCHEMA },     { "syntax error", CORM_ERROR_SYNTAX },
    { "incomplete input", CORM_ERROR_SYNTAX },     { "unrecognized token", CORM_ERROR_SYNTAX },
    { "no such function", CORM_ERROR_SYNTAX },     { "wrong number of arguments", CORM_ERROR_SYNTAX },
    { "integer overflow", CORM_ERROR_CONVERSION }, { "out of range", CORM_ERROR_CONVERSION },
    { "too many digits", CORM_ERROR_CONVERSION },  { "no decimal number", CORM_ERROR_CONVERSION },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strstr (words, known[i].part) != NULL)
      return known[i].code;
  return CORM_ERROR_FAILED;
}

/* Seen by us in front of a commit, by SQLite itself where it writes no log ahead, or behind what it stumbles over. */
static gboolean
is_gone (CormLink *link, int extended)
{
  int primary = extended & 0xff;
  return extended == SQLITE_CONSTRAINT_COMMITHOOK || extended == SQLITE_READONLY_DBMOVED ||
         ((primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) && !corm_sqlite3_is_alive (link));
}

static gboolean
is_read_only (sqlite3 *handle)
{
  const char *path = sqlite3_db_filename (handle, NULL);
  return path != NULL && access (path, W_OK) != 0 && errno == EROFS;
}

static CormError
classify (sqlite3 *handle, int extended)
{
  switch (extended & 0xff) {
  case SQLITE_CONSTRAINT:
    return classify_constraint (extended);
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return CORM_ERROR_BUSY;
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return CORM_ERROR_DENIED;
  case SQLITE_FULL:
  case SQLITE_NOMEM:
    return CORM_ERROR_FULL;
  case SQLITE_IOERR: /* the shared memory of WAL runs into a full disk as an I/O error */
    return sqlite3_system_errno (handle) == ENOSPC || sqlite3_system_errno (handle) == EDQUOT
               ? CORM_ERROR_FULL
               : CORM_ERROR_STORAGE;
  case SQLITE_CORRUPT:
    return CORM_ERROR_STORAGE;
  case SQLITE_CANTOPEN:
    return is_read_only (handle) ? CORM_ERROR_DENIED : CORM_ERROR_CONNECTION;
  case SQLITE_NOTADB:
    return CORM_ERROR_CONNECTION;
  case SQLITE_MISMATCH:
  case SQLITE_TOOBIG:
    return CORM_ERROR_CONVERSION;
  case SQLITE_INTERRUPT:
    return CORM_ERROR_CANCELLED;
  case SQLITE_SCHEMA:
    return CORM_ERROR_SCHEMA;
  case SQLITE_ERROR:
    return classify_words (sqlite3_errmsg (handle));
  default:
    return CORM_ERROR_FAILED;
  }
}

static char *
make_hint (const CormLink *link, int extended, CormError code, gboolean gone)
{
  if (gone)
    return g_strdup_printf (
        "its file %s, or the log beside it, had been removed or replaced: nothing was committed; take "
        "a new connection",
        corm_uri_get_database (link->uri));
  switch (extended & 0xff) {
  case SQLITE_BUSY:
    if (extended == SQLITE_BUSY_SNAPSHOT)
      return g_strdup (
          "another connection wrote since this transaction read; roll back and try again, or begin with "
          "CORM_TRANSACTION_WRITE");
    if (link->deadline != 0)
      return g_strdup_printf ("another process or connection holds the lock on %s; try again, or wait longer",
                              corm_uri_get_database (link->uri));
    return g_strdup_printf (
        "another process or connection holds the lock on %s for longer than %u ms; try again, or "
        "raise busy_timeout_ms",
        corm_uri_get_database (link->uri), link->options->busy_timeout_ms);
  case SQLITE_READONLY:
    if (link->options->read_only)
      return g_strdup ("this connection only reads: it was opened with read_only, or comes from "
                       "corm_db_connect_read()");
    return g_strdup (sqlite3_db_readonly (corm_sqlite3_handle (link), "main") == 1
                         ? "make the file and its folder writable for this user"
                         : "the transaction is a CORM_TRANSACTION_READ_ONLY one");
  case SQLITE_NOTADB:
    return g_strdup ("it is another kind of file, or encrypted");
  case SQLITE_CORRUPT:
    return g_strdup ("the file is damaged: \"corm doctor\" says where; restore a backup, or save what can be "
                     "read with the command .recover of sqlite3");
  case SQLITE_NOMEM:
    return g_strdup ("this process got no memory from the system; nothing of this statement was kept");
  case SQLITE_CANTOPEN:
    if (is_read_only (corm_sqlite3_handle (link)))
      return g_strdup (
          "its file system is read-only, and SQLite makes files beside it even to read; copy it elsewhere");
    return g_strdup ("check that file and folder are readable and writable for this user");
  case SQLITE_IOERR:
    if (code != CORM_ERROR_FULL && link->data == NULL) /* while it is opened */
      return g_strdup ("where its -wal or -shm was removed while it was open, close what has it open first");
    G_GNUC_FALLTHROUGH;
  default:
    if (code != CORM_ERROR_FULL)
      return NULL;
    return g_strdup_printf ("make room on the disk; nothing of this %s was kept",
                            sqlite3_get_autocommit (corm_sqlite3_handle (link)) ? "transaction"
                                                                                : "statement");
  }
}

void
corm_sqlite3_set_error (CormLink *link, const char *sql, GError **error)
{
  sqlite3 *handle = corm_sqlite3_handle (link);
  int extended = sqlite3_extended_errcode (handle);
  gboolean gone = is_gone (link, extended);
  CormError code = gone ? CORM_ERROR_CONNECTION : classify (handle, extended);
  if (sql == NULL && (code == CORM_ERROR_FAILED || code == CORM_ERROR_STORAGE))
    code = CORM_ERROR_CONNECTION;
  g_autofree char *words = g_strdup (sqlite3_errmsg (handle));
  g_autofree char *doing = sql != NULL
                               ? corm_driver_describe (sql)
                               : g_strdup_printf ("cannot open %s", corm_uri_get_public_text (link->uri));
  g_autofree char *hint = make_hint (link, extended, code, gone);
  link->again = link->again || (extended & 0xff) == SQLITE_BUSY;
  /* SQLite calls what the hook refuses a constraint. */
  gboolean is_hook = extended == SQLITE_CONSTRAINT_COMMITHOOK;
  corm_driver_error (error, code, doing, is_hook ? hint : words, is_hook ? NULL : hint);
}
