/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite's online backup (https://sqlite.org/backup.html): pages in steps, so that writers get in between. A writer in
 * another process makes it begin anew; when that happened often enough, the rest is one step. */
#include "sqlite3.h"

#include <corm/sys/upkeep.h>

#include <string.h>

enum { PAGES = 512, PAUSE_MS = 20, PATIENCE = 5 };

static CormError
classify (int rc)
{
  switch (rc & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return CORM_ERROR_BUSY;
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return CORM_ERROR_DENIED;
  case SQLITE_FULL:
    return CORM_ERROR_FULL;
  case SQLITE_CANTOPEN:
    return CORM_ERROR_CONNECTION;
  default:
    return CORM_ERROR_FAILED;
  }
}

static const char *
hint_for (int rc)
{
  switch (rc & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return "somebody else works on it for longer than busy_timeout_ms; try again";
  case SQLITE_READONLY:
    return "is it writable, and are its pages of the same size? Else restore to a new file";
  case SQLITE_FULL:
    return "make room on the disk; nothing was changed";
  case SQLITE_CORRUPT:
    return "the file is damaged: \"corm doctor\" says where; save what can be read with .recover of sqlite3";
  default:
    return NULL;
  }
}

static gboolean
refuse (const CormLink *link, sqlite3 *to, const char *path, int rc, GError **error)
{
  const char *from = corm_uri_get_database (link->uri);
  g_autofree char *doing = g_strdup_printf ("copying %s to %s", from, path);
  corm_driver_error (error, classify (rc), doing,
                     rc == sqlite3_errcode (to) ? sqlite3_errmsg (to) : sqlite3_errstr (rc), hint_for (rc));
  return FALSE;
}

/* All pages; the result code. */
static int
copy_pages (const CormLink *link, sqlite3_backup *backup, CormCopyFunc progress, gpointer data)
{
  int rc, before = G_MAXINT;
  guint restarts = 0;
  gint64 give_up = 0;
  do {
    rc = sqlite3_backup_step (backup, restarts < PATIENCE ? PAGES : -1);
    int left = sqlite3_backup_remaining (backup), total = sqlite3_backup_pagecount (backup);
    if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED) {
      gint64 now = g_get_monotonic_time ();
      give_up = give_up == 0 ? now + (gint64) link->options->busy_timeout_ms * 1000 : give_up;
      if (now >= give_up)
        return rc;
      g_usleep (PAUSE_MS * 1000);
      rc = SQLITE_OK;
      continue;
    }
    give_up = 0;
    restarts += left > before ? 1 : 0;
    before = left;
    if (progress != NULL)
      progress (total - left, total, data);
  } while (rc == SQLITE_OK);
  return rc;
}

static gboolean
check_copy (const CormLink *link, sqlite3 *to, const char *path, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  g_autofree char *said = NULL;
  if (sqlite3_prepare_v2 (to, "PRAGMA integrity_check(1)", -1, &stmt, NULL) == SQLITE_OK &&
      sqlite3_step (stmt) == SQLITE_ROW)
    said = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  if (said == NULL)
    said = g_strdup (sqlite3_errmsg (to));
  sqlite3_finalize (stmt);
  /* Rows that break their own table's rules are the original's, and no damage. */
  if (strcmp (said, "ok") == 0 || g_str_has_prefix (said, "NULL value in ") ||
      g_str_has_prefix (said, "CHECK constraint failed in "))
    return TRUE;
  g_autofree char *doing =
      g_strdup_printf ("copying %s to %s: the copy is damaged", corm_uri_get_database (link->uri), path);
  corm_driver_error (error, CORM_ERROR_FAILED, doing, said, hint_for (SQLITE_CORRUPT));
  return FALSE;
}

gboolean
corm_sqlite3_copy (CormLink *link, const char *path, CormCopyFunc progress, gpointer data, GError **error)
{
  sqlite3 *to = NULL;
  int rc = sqlite3_open_v2 (path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_busy_timeout (to, (int) link->options->busy_timeout_ms);
  sqlite3_backup *backup =
      rc == SQLITE_OK ? sqlite3_backup_init (to, "main", corm_sqlite3_handle (link), "main") : NULL;
  if (backup != NULL) {
    rc = copy_pages (link, backup, progress, data);
    int finished = sqlite3_backup_finish (backup);
    rc = rc == SQLITE_DONE ? finished : rc;
  } else if (rc == SQLITE_OK)
    rc = sqlite3_errcode (to);
  gboolean ok = rc == SQLITE_OK ? check_copy (link, to, path, error) : refuse (link, to, path, rc, error);
  sqlite3_close (to);
  return ok;
}
