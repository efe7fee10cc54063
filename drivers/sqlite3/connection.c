/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Opening a file: what libdbi would only call "could not establish a connection", or would silently create, is looked
 * at first. Then the session's defaults. */
#include "sqlite3.h"

#include <dbi/dbi-dev.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
is_memory (const CormUri *uri)
{
  return g_strcmp0 (corm_uri_get_database (uri), ":memory:") == 0;
}

static gboolean refuse (const CormUri *uri, CormError code, GError **error, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

static gboolean
refuse (const CormUri *uri, CormError code, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *why = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *doing = g_strdup_printf ("cannot open %s", corm_uri_get_public_text (uri));
  corm_driver_error (error, code, doing, why, NULL);
  return FALSE;
}

static gboolean
check_parameters (const CormUri *uri, GError **error)
{
  const char *name, *value;
  if (!corm_uri_get_nth_parameter (uri, 0, &name, &value))
    return TRUE;
  return refuse (uri, CORM_ERROR_INVALID, error,
                 "a sqlite URI takes no parameter, but it has '%s'; options go into CormDbOptions", name);
}

static gboolean
check_folder (const CormUri *uri, const char *folder, GError **error)
{
  struct stat info;
  if (stat (folder, &info) != 0)
    return refuse (uri, errno == EACCES ? CORM_ERROR_DENIED : CORM_ERROR_CONNECTION, error,
                   errno == ENOENT ? "the folder %s does not exist; create it first" : "the folder %s: %s",
                   folder, g_strerror (errno));
  if (!S_ISDIR (info.st_mode))
    return refuse (uri, CORM_ERROR_CONNECTION, error, "%s is not a folder", folder);
  if (faccessat (AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0)
    return refuse (uri, CORM_ERROR_DENIED, error, "no file can be created in the folder %s: %s", folder,
                   g_strerror (errno));
  return TRUE;
}

static gboolean
check_log (const CormUri *uri, const char *path, GError **error)
{
  g_autofree char *log = corm_file_find_strange_log (path);
  g_autofree char *why = log != NULL ? corm_file_explain_strange_log (log) : NULL;
  return log == NULL || refuse (uri, CORM_ERROR_CONNECTION, error, "%s", why);
}

static gboolean
check_file (const CormUri *uri, const CormDbOptions *options, const char *path, const char *folder,
            GError **error)
{
  struct stat info;
  if (stat (path, &info) != 0) {
    if (errno == EACCES)
      return refuse (uri, CORM_ERROR_DENIED, error, "%s", g_strerror (errno));
    if (options->must_exist || options->read_only)
      return refuse (uri, CORM_ERROR_CONNECTION, error, "there is no file %s", path);
    return check_folder (uri, folder, error);
  }
  if (S_ISDIR (info.st_mode))
    return refuse (uri, CORM_ERROR_CONNECTION, error, "%s is a folder, not a database file", path);
  if (!S_ISREG (info.st_mode))
    return refuse (uri, CORM_ERROR_CONNECTION, error, "%s is not a regular file", path);
  if (faccessat (AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
    return refuse (uri, CORM_ERROR_DENIED, error, "%s cannot be read: %s", path, g_strerror (errno));
  return check_log (uri, path, error);
}

gboolean
corm_sqlite3_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set, gpointer data,
                        GError **error)
{
  const char *path = corm_uri_get_database (uri);
  if (!check_parameters (uri, error))
    return FALSE;
  if (path == NULL || *path == '\0')
    return refuse (uri, CORM_ERROR_INVALID, error, "it names no file: sqlite:PATH or sqlite::memory:");
  set ("sqlite3_timeout", NULL, (int) options->busy_timeout_ms, data);
  if (is_memory (uri)) {
    set ("dbname", path, 0, data);
    return TRUE;
  }
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  if (!check_file (uri, options, path, folder, error))
    return FALSE;
  set ("sqlite3_dbdir", folder, 0, data);
  set ("dbname", name, 0, data);
  return TRUE;
}

void
corm_sqlite3_explain (const CormUri *uri, G_GNUC_UNUSED const CormDbOptions *options, const char *text,
                      GError **error)
{
  refuse (uri, CORM_ERROR_CONNECTION, error, "%s", text);
}

static gboolean
is_wal (sqlite3 *handle)
{
  sqlite3_stmt *stmt;
  gboolean wal = FALSE;
  if (sqlite3_prepare_v2 (handle, "PRAGMA journal_mode = WAL", -1, &stmt, NULL) == SQLITE_OK &&
      sqlite3_step (stmt) == SQLITE_ROW)
    wal = g_strcmp0 ((const char *) sqlite3_column_text (stmt, 0), "wal") == 0;
  sqlite3_finalize (stmt);
  return wal;
}

/* Readers and a writer side by side where the medium allows it. NORMAL is safe with a write-ahead log only: without
 * one, a power failure could damage the file, so that SQLite's own FULL stays. */
static void
choose_journal (sqlite3 *handle)
{
  if (is_wal (handle))
    sqlite3_exec (handle, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
}

/* Nothing of the file may change: neither by a statement, nor by the checkpoint of a log that somebody left behind. */
static int
make_read_only (sqlite3 *handle, const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  struct stat info;
  if (stat (log, &info) == 0 && info.st_size > 0)
    sqlite3_db_config (handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  return sqlite3_exec (handle, "PRAGMA query_only = 1", NULL, NULL, NULL);
}

static gboolean
set_defaults (CormLink *link)
{
  sqlite3 *handle = corm_sqlite3_handle (link);
  /* A misspelt "name" is an error and not the text 'name'. In the schema's own SQL both stay allowed. */
  sqlite3_db_config (handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  if (sqlite3_exec (handle, "PRAGMA foreign_keys = 1", NULL, NULL, NULL) != SQLITE_OK ||
      corm_sqlite3_add_functions (handle) != SQLITE_OK)
    return FALSE;
  if (link->options->read_only)
    return make_read_only (handle, corm_uri_get_database (link->uri)) == SQLITE_OK;
  if (!is_memory (link->uri))
    choose_journal (handle);
  return TRUE;
}

/* libdbi opens a handle that locks a mutex in each call: a tenth of the time of a SELECT. A link is used by one thread at a
 * time, so that a handle without one takes its place; libdbi closes that. A database in memory is its handle, and stays. */
static sqlite3 *
take_handle (CormLink *link)
{
  enum { FLAGS = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX };
  dbi_conn_t *dbi = link->dbi;
  sqlite3 *opened = dbi->connection, *handle = NULL;
  const char *path = sqlite3_db_filename (opened, NULL);
  if (is_memory (link->uri) || path == NULL || *path == '\0')
    return opened;
  if (sqlite3_open_v2 (path, &handle, FLAGS, NULL) != SQLITE_OK) {
    sqlite3_close (handle);
    return opened;
  }
  sqlite3_close (opened);
  return dbi->connection = handle;
}

/* CormLink.data; NULL: in memory. */
typedef struct {
  CormFileMark *file;
  sqlite3_file *log; /* as long as SQLite writes ahead into it; NULL: it does not */
} Watch;

static sqlite3_file *
find_journal (sqlite3 *handle)
{
  sqlite3_file *journal = NULL;
  sqlite3_file_control (handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal);
  return journal;
}

static gboolean
has_moved (sqlite3 *handle, const char *schema)
{
  int moved = 0;
  return sqlite3_file_control (handle, schema, SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

/* Not 0: nothing is committed. What went into a file without a name would be lost when it is closed. */
static int
refuse_to_lose (void *data)
{
  CormLink *link = data;
  sqlite3 *handle = corm_sqlite3_handle (link);
  const char *attached;
  for (int i = 2; (attached = sqlite3_db_name (handle, i)) != NULL; i++)
    if (sqlite3_txn_state (handle, attached) == SQLITE_TXN_WRITE && has_moved (handle, attached))
      return 1;
  return !corm_sqlite3_is_alive (link);
}

/* By its name as it was asked for; the file that is open must be the one that has it. */
static gboolean
mark_file (CormLink *link, GError **error)
{
  sqlite3 *handle = corm_sqlite3_handle (link);
  CormFileMark *file = corm_file_mark (corm_uri_get_database (link->uri));
  Watch *watch = g_new0 (Watch, 1);
  watch->file = file;
  link->data = watch;
  if (file != NULL && !has_moved (handle, "main"))
    return TRUE;
  corm_sqlite3_disconnect (link);
  return refuse (link->uri, CORM_ERROR_CONNECTION, error,
                 "the file was removed or replaced while it was opened; try again");
}

gboolean
corm_sqlite3_connect (CormLink *link, GError **error)
{
  sqlite3 *handle = take_handle (link);
  link->handle = handle;
  sqlite3_extended_result_codes (handle, 1);
  sqlite3_busy_timeout (handle, (int) link->options->busy_timeout_ms);
  /* SQLite opens lazily: the first read finds out whether the file is a database. */
  if (sqlite3_exec (handle, "PRAGMA schema_version", NULL, NULL, NULL) != SQLITE_OK || !set_defaults (link)) {
    corm_sqlite3_set_error (link, NULL, error);
    return FALSE;
  }
  link->server = g_strconcat ("SQLite ", sqlite3_libversion (), NULL);
  link->sole = is_memory (link->uri);
  if (!link->sole && !mark_file (link, error))
    return FALSE;
  sqlite3_commit_hook (handle, refuse_to_lose, link);
  return TRUE;
}

void
corm_sqlite3_disconnect (CormLink *link)
{
  Watch *watch = link->data;
  if (watch != NULL)
    corm_file_unmark (watch->file);
  g_clear_pointer (&link->data, g_free);
}

gboolean
corm_sqlite3_is_alive (CormLink *link)
{
  Watch *watch = link->data;
  sqlite3 *handle = corm_sqlite3_handle (link);
  if (watch == NULL)
    return TRUE;
  sqlite3_file *journal = find_journal (handle);
  if (watch->log != NULL && watch->log != journal) { /* the program gave it up */
    corm_file_forget_log (watch->file);
    watch->log = NULL;
  }
  if (!corm_file_is_there (watch->file))
    return FALSE;
  if (watch->log == NULL && corm_file_has_log (watch->file))
    watch->log = journal;
  return corm_file_is_log_there (watch->file);
}

gboolean
corm_sqlite3_ping (CormLink *link, GError **error)
{
  return corm_sqlite3_run (link, "PRAGMA schema_version", error);
}

gboolean
corm_sqlite3_in_transaction (CormLink *link)
{
  return !sqlite3_get_autocommit (corm_sqlite3_handle (link));
}

/* Called between the steps of a statement that takes long. */
static int
is_over (void *data)
{
  const CormLink *link = data;
  return g_get_monotonic_time () >= link->deadline;
}

gboolean
corm_sqlite3_set_deadline (CormLink *link, guint ms, G_GNUC_UNUSED GError **error)
{
  enum { STEPS = 1000 };
  sqlite3 *handle = corm_sqlite3_handle (link);
  guint patience = link->options->busy_timeout_ms;
  sqlite3_progress_handler (handle, ms > 0 ? STEPS : 0, ms > 0 ? is_over : NULL, link);
  sqlite3_busy_timeout (handle, (int) (ms > 0 ? MIN (ms, patience) : patience));
  return TRUE;
}

gboolean
corm_sqlite3_run (CormLink *link, const char *sql, GError **error)
{
  if (sqlite3_exec (corm_sqlite3_handle (link), sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  corm_sqlite3_set_error (link, sql, error);
  return FALSE;
}
