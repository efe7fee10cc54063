/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Copies of a database and the way back. What is written is written beside its place, brought to the disk, and then gets
 * its name: nothing half-done looks done. Over an SQLite file that is there, the online backup writes in one transaction. */
#include "upkeep/choose.h"
#include "upkeep/tool.h"

#include "base/error.h"
#include "base/uri.h"
#include "engine/drivers.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const char *uri_text;
  CormUri *uri;
  const CormUpkeepSql *sql;
  char *file; /* absolute */
  const CormBackupOptions *options;
} Job;

static void
job_clear (Job *job)
{
  g_clear_pointer (&job->uri, corm_uri_free);
  g_clear_pointer (&job->file, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static gboolean
job_init (Job *job, const char *uri, const char *file, const CormBackupOptions *options, GError **error)
{
  static const CormBackupOptions plain;
  *job = (Job){ .uri_text = uri, .options = options != NULL ? options : &plain };
  job->uri = corm_uri_parse (uri, error);
  const CormDriver *driver = job->uri != NULL ? corm_driver_find (job->uri, error) : NULL;
  if (driver == NULL)
    return FALSE;
  job->sql = corm_upkeep_sql (driver->dialect);
  job->file = g_canonicalize_filename (file, NULL);
  if (corm_uri_get_dbi_driver (job->uri) == NULL && (job->sql->copy != NULL || job->sql->tool != NULL))
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
               "%s: copies are made through the native drivers: sqlite:PATH, postgresql://…, mariadb://…",
               corm_uri_get_public_text (job->uri));
  return FALSE;
}

/* --- files -------------------------------------------------------------------------------------------------------------- */

static gboolean
refuse_file (GError **error, const char *doing, const char *path, int number)
{
  CormError code = number == EACCES || number == EPERM || number == EROFS ? CORM_ERROR_DENIED
                   : number == ENOSPC || number == EDQUOT                 ? CORM_ERROR_FULL
                                                                          : CORM_ERROR_FAILED;
  g_set_error (error, CORM_ERROR, code, "cannot %s %s: %s", doing, path, g_strerror (number));
  return FALSE;
}

static gboolean
refuse_existing (GError **error, const char *path)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s is there already, and nothing is written over it; name another file, or use --force",
               path);
  return FALSE;
}

/* An empty file beside @path, readable by its owner alone. */
static char *
make_beside (const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (path, ".corm-XXXXXX", NULL);
  int fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) {
    refuse_file (error, "write beside", path, errno);
    return NULL;
  }
  close (fd);
  return g_steal_pointer (&name);
}

/* What a database that is closed may have left beside its file. */
static void
remove_logs (const Job *job, const char *path)
{
  for (guint i = 0; job->sql->logs != NULL && job->sql->logs[i] != NULL; i++) {
    g_autofree char *log = g_strconcat (path, job->sql->logs[i], NULL);
    g_unlink (log);
  }
}

static gboolean
sync_path (const char *path, int flags, GError **error)
{
  int fd = g_open (path, flags | O_CLOEXEC, 0);
  gboolean ok = fd >= 0 && fsync (fd) == 0;
  int number = errno;
  if (fd >= 0)
    close (fd);
  return ok || refuse_file (error, "bring to the disk", path, number);
}

/* Gives the file its name, only now that all of it is on the disk. Without @force never over another one. */
static gboolean
publish (const char *beside, const char *path, gboolean force, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  if (!sync_path (beside, O_RDONLY, error))
    return FALSE;
  if (!force && link (beside, path) == 0)
    g_unlink (beside);
  else if (!force && errno == EEXIST)
    return refuse_existing (error, path);
  else if (g_rename (beside, path) != 0)
    return refuse_file (error, "rename to", path, errno);
  return sync_path (folder, O_RDONLY | O_DIRECTORY, error);
}

/* --- by the database's own means ------------------------------------------------------------------------------------------ */

static gboolean
copy_from (const Job *job, const char *uri, const char *path, GError **error)
{
  CormDbOptions how = { .must_exist = true, .read_only = true };
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, &how, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  return conn != NULL && job->sql->copy (corm_connection_get_link (conn), path, job->options->progress,
                                         job->options->data, error);
}

/* A log that lies beside @path belongs to what was there; the database would read it as part of the copy. */
static gboolean
check_logs (const Job *job, const char *path, GError **error)
{
  for (guint i = 0; job->sql->logs != NULL && job->sql->logs[i] != NULL; i++) {
    GStatBuf found;
    g_autofree char *log = g_strconcat (path, job->sql->logs[i], NULL);
    if (g_stat (log, &found) != 0 || found.st_size == 0)
      continue;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_BUSY,
        "%s is there: a program has %s open, or was killed with it; name another file, or remove both "
        "when nobody needs them",
        log, path);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_other_file (const Job *job, GError **error)
{
  GStatBuf from, to;
  const char *path = corm_uri_get_database (job->uri);
  if (path == NULL || g_stat (path, &from) != 0 || g_stat (job->file, &to) != 0 || from.st_dev != to.st_dev ||
      from.st_ino != to.st_ino)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is the database itself: name another file",
               job->file);
  return FALSE;
}

/* A new file, or in place of the one that is there. */
static gboolean
copy_to_new (const Job *job, const char *uri, const char *path, gboolean force, GError **error)
{
  g_autofree char *beside = check_logs (job, path, error) ? make_beside (path, error) : NULL;
  if (beside == NULL)
    return FALSE;
  gboolean ok = copy_from (job, uri, beside, error);
  remove_logs (job, beside);
  ok = ok && publish (beside, path, force, error);
  if (!ok)
    g_unlink (beside);
  return ok;
}

/* The URI of the copy, of the same kind. */
static char *
file_uri (const Job *job)
{
  g_autofree char *escaped = g_uri_escape_string (job->file, "/", TRUE);
  gsize scheme = strcspn (job->uri_text, ":");
  return g_strdup_printf ("%.*s:%s", (int) scheme, job->uri_text, escaped);
}

/* Nothing is replaced by what is damaged. */
static gboolean
check_file (const Job *job, const char *uri, GError **error)
{
  GError *local = NULL;
  CormDbOptions how = { .must_exist = true, .read_only = true };
  g_autofree char *fault = NULL;
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, &how, &local);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, &local) : NULL;
  g_autoptr (CormCursor) cursor = conn != NULL && job->sql->integrity != NULL
                                      ? corm_query (conn, job->sql->integrity, NULL, &local)
                                      : NULL;
  while (cursor != NULL && fault == NULL && corm_cursor_next (cursor, &local)) {
    g_autofree char *said = corm_upkeep_get_text (cursor, 0);
    if (g_strcmp0 (said, "ok") != 0)
      fault = g_steal_pointer (&said);
  }
  if (local == NULL && fault == NULL)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is no whole copy: %s; nothing was restored",
               job->file, fault != NULL ? fault : local->message);
  g_clear_error (&local);
  return FALSE;
}

/* Over the file that is there, for those too who have it open; where it is past that, in its place. */
static gboolean
copy_over (const Job *job, const char *uri, const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (copy_from (job, uri, path, &local))
    return TRUE;
  if (!corm_error_may_be_damage (local)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  g_autofree char *beside = make_beside (path, error);
  if (beside == NULL)
    return FALSE;
  gboolean ok = copy_from (job, uri, beside, error);
  remove_logs (job, beside);
  if (ok)
    remove_logs (job, path);
  ok = ok && publish (beside, path, TRUE, error);
  if (!ok)
    g_unlink (beside);
  return ok;
}

static char *
restore_copy (const Job *job, GError **error)
{
  const char *path = corm_uri_get_database (job->uri);
  g_autofree char *uri = file_uri (job);
  gboolean exists = path != NULL && g_file_test (path, G_FILE_TEST_EXISTS);
  g_autofree char *command = g_strdup_printf ("%s from %s to %s", job->sql->copy_name, job->file, path);
  if (job->options->dry_run)
    return g_steal_pointer (&command);
  if (exists && !job->options->force) {
    refuse_existing (error, path);
    return NULL;
  }
  if (!check_file (job, uri, error))
    return NULL;
  gboolean ok = exists ? copy_over (job, uri, path, error) : copy_to_new (job, uri, path, FALSE, error);
  return ok ? g_steal_pointer (&command) : NULL;
}

/* --- by a tool --------------------------------------------------------------------------------------------------------------- */

static CormTool *
make_tool (const Job *job, const char *file, gboolean restore, GError **error)
{
  g_autoptr (CormTool) tool = corm_tool_new ();
  return job->sql->tool (job->uri, file, restore, job->options->force, tool, error) ? g_steal_pointer (&tool)
                                                                                    : NULL;
}

/* The end of @path has the words that a whole copy ends with. */
static gboolean
check_ending (const CormTool *tool, const char *path, GError **error)
{
  char end[400];
  if (tool->ending == NULL)
    return TRUE;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  off_t size = fd >= 0 ? lseek (fd, 0, SEEK_END) : -1;
  off_t from = size > (off_t) sizeof end ? size - (off_t) sizeof end : 0;
  gssize n = size >= 0 ? pread (fd, end, sizeof end, from) : -1;
  int number = errno;
  if (fd >= 0)
    close (fd);
  if (n < 0)
    return refuse_file (error, "read", path, number);
  if (g_strstr_len (end, n, tool->ending) != NULL)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is no whole copy: it does not end in \"%s\"", path,
               tool->ending);
  return FALSE;
}

static char *
backup_by_tool (const Job *job, GError **error)
{
  g_autoptr (CormTool) shown = make_tool (job, job->file, FALSE, error);
  if (shown == NULL || job->options->dry_run)
    return shown != NULL ? corm_tool_show (shown, NULL) : NULL;
  g_autofree char *beside = make_beside (job->file, error);
  g_autoptr (CormTool) tool = beside != NULL ? make_tool (job, beside, FALSE, error) : NULL;
  gboolean ok = tool != NULL && corm_tool_run (tool, NULL, error) && check_ending (tool, beside, error) &&
                publish (beside, job->file, job->options->force, error);
  if (!ok && beside != NULL)
    g_unlink (beside);
  return ok ? corm_tool_show (shown, NULL) : NULL;
}

static gboolean
check_empty (const Job *job, GError **error)
{
  CormDbOptions how = { .must_exist = true, .read_only = true };
  g_autoptr (CormDb) db = corm_db_open_full (job->uri_text, NULL, &how, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  g_autoptr (CormCursor) cursor =
      conn != NULL ? corm_query (conn, job->sql->count_objects, NULL, error) : NULL;
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  gint64 count = corm_upkeep_get_number (cursor, 0, 0);
  if (count == 0 || job->options->force)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s is not empty: it has %" G_GINT64_FORMAT
               " tables and the like; name an empty database, or use --force",
               corm_uri_get_public_text (job->uri), count);
  return FALSE;
}

static char *
restore_by_tool (const Job *job, GError **error)
{
  g_autoptr (CormTool) tool = make_tool (job, job->file, TRUE, error);
  if (tool == NULL || job->options->dry_run)
    return tool != NULL ? corm_tool_show (tool, job->file) : NULL;
  if (g_access (job->file, R_OK) != 0) {
    refuse_file (error, "read", job->file, errno);
    return NULL;
  }
  if (!check_ending (tool, job->file, error) || !check_empty (job, error))
    return NULL;
  if (corm_tool_run (tool, job->file, error))
    return corm_tool_show (tool, job->file);
  if (tool->reads_file)
    corm_error_prefix (error, "%s is restored in part only, and is no database to work with",
                       corm_uri_get_public_text (job->uri));
  return NULL;
}

/* --- the public face -------------------------------------------------------------------------------------------------------- */

char *
corm_backup (const char *uri, const char *file, const CormBackupOptions *options, GError **error)
{
  g_auto (Job) job = { 0 };
  g_return_val_if_fail (uri != NULL && file != NULL, NULL);
  if (!job_init (&job, uri, file, options, error))
    return NULL;
  if (!job.options->dry_run && !job.options->force && g_file_test (job.file, G_FILE_TEST_EXISTS)) {
    refuse_existing (error, job.file);
    return NULL;
  }
  if (job.sql->copy == NULL)
    return backup_by_tool (&job, error);
  g_autofree char *command =
      g_strdup_printf ("%s from %s to %s", job.sql->copy_name, corm_uri_get_database (job.uri), job.file);
  if (!check_other_file (&job, error) ||
      (!job.options->dry_run && !copy_to_new (&job, uri, job.file, job.options->force, error)))
    return NULL;
  return g_steal_pointer (&command);
}

char *
corm_restore (const char *uri, const char *file, const CormBackupOptions *options, GError **error)
{
  g_auto (Job) job = { 0 };
  g_return_val_if_fail (uri != NULL && file != NULL, NULL);
  if (!job_init (&job, uri, file, options, error))
    return NULL;
  return job.sql->copy != NULL ? restore_copy (&job, error) : restore_by_tool (&job, error);
}
