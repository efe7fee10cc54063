/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Both ways over one stream. Each says who it is and what it has; then the one whose name is smaller sends first, so that never both wait for
 * each other. What comes goes to a file first: no transaction waits for a network. */
#include "sync/line.h"

#include "base/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_TIMEOUT_MS = 30000, CHUNK = 65536 };

typedef struct {
  CormSync *sync;
  int fd;
  guint timeout_ms;
  CormSyncSpool *spool;
  char *hello; /* theirs, as they said it */
  CormSyncLine *them;
  FILE *file; /* of this step, and nowhere else */
  CormSyncReport *report;
} Exchange;

static FILE *
open_file (char **path, GError **error)
{
  GError *local = NULL;
  int fd = g_file_open_tmp ("corm-sync-XXXXXX", path, &local);
  FILE *file = fd >= 0 ? fdopen (fd, "w+") : NULL;
  if (file != NULL)
    return file;
  g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "sync: cannot keep a message: %s",
               local != NULL ? local->message : g_strerror (errno));
  g_clear_error (&local);
  return NULL;
}

/* --- sending ----------------------------------------------------------------------------------------------------- */

static gboolean
write_hello (CormSyncWork *work, gpointer data, GError **error)
{
  Exchange *exchange = data;
  return fseek (exchange->file, 0, SEEK_SET) == 0 && ftruncate (fileno (exchange->file), 0) == 0 &&
         corm_sync_write_hello (work, exchange->file, error);
}

static gboolean
write_changes (CormSyncWork *work, gpointer data, GError **error)
{
  Exchange *exchange = data;
  g_autoptr (GHashTable) mine = corm_sync_have_read (work, error);
  return mine != NULL && corm_sync_check_have (work, mine, exchange->them->have, error) &&
         fseek (exchange->file, 0, SEEK_SET) == 0 && ftruncate (fileno (exchange->file), 0) == 0 &&
         corm_sync_write_changes (work, exchange->file, exchange->them->have, error);
}

static gboolean
send_file (Exchange *exchange, GError **error)
{
  char chunk[CHUNK];
  gsize n;
  rewind (exchange->file);
  while ((n = fread (chunk, 1, sizeof chunk, exchange->file)) > 0)
    if (!corm_sync_send_all (exchange->fd, exchange->timeout_ms, chunk, n, error))
      return FALSE;
  return TRUE;
}

static gboolean
tell (Exchange *exchange, CormSyncFunc write, GError **error)
{
  g_autofree char *path = NULL;
  CormSyncReport report;
  exchange->file = open_file (&path, error);
  if (exchange->file == NULL)
    return FALSE;
  gboolean ok =
      corm_sync_work (exchange->sync, write, exchange, &report, error) && send_file (exchange, error);
  fclose (exchange->file);
  g_unlink (path);
  exchange->report->sent += ok ? report.sent : 0;
  return ok;
}

/* --- receiving --------------------------------------------------------------------------------------------------- */

static CormSyncLine *
next_line (Exchange *exchange, const char **text, gsize *size, GError **error)
{
  GError *local = NULL;
  *text = corm_sync_spool_next (exchange->spool, size, &local);
  if (*text == NULL && local == NULL)
    g_set_error (&local, CORM_ERROR, CORM_ERROR_CONNECTION,
                 "the other side has ended the connection before its message was whole");
  CormSyncLine *line = local == NULL ? corm_sync_line_parse (*text, *size, &local) : NULL;
  if (line != NULL)
    return line;
  g_propagate_error (error, local);
  corm_error_prefix (error, "sync: line %" G_GUINT64_FORMAT " of the other side",
                     MAX (corm_sync_spool_get_line (exchange->spool), 1));
  return NULL;
}

static gboolean
copy_lines (Exchange *exchange, FILE *file, GError **error)
{
  gboolean ended = FALSE;
  gboolean ok = fputs (exchange->hello, file) >= 0;
  while (ok && !ended) {
    const char *text;
    gsize size;
    g_autoptr (CormSyncLine) line = next_line (exchange, &text, &size, error);
    if (line == NULL)
      return FALSE;
    ended = line->kind == CORM_SYNC_END;
    ok = fputc ('\n', file) >= 0 && fwrite (text, 1, size, file) == size;
  }
  if (ok && fflush (file) == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "sync: cannot keep the message: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
listen_to (Exchange *exchange, GError **error)
{
  g_autofree char *path = NULL;
  CormSyncReport report = { 0 };
  FILE *file = open_file (&path, error);
  if (file == NULL)
    return FALSE;
  gboolean ok =
      copy_lines (exchange, file, error) && corm_sync_receive (exchange->sync, path, &report, error);
  fclose (file);
  g_unlink (path);
  guint64 sent = exchange->report->sent;
  if (ok)
    *exchange->report = report;
  exchange->report->sent = sent;
  return ok;
}

static gboolean
meet (Exchange *exchange, GError **error)
{
  const char *text;
  gsize size;
  if (!tell (exchange, write_hello, error) ||
      (exchange->them = next_line (exchange, &text, &size, error)) == NULL)
    return FALSE;
  exchange->hello = g_strndup (text, size);
  if (exchange->them->kind == CORM_SYNC_HELLO && strcmp (exchange->them->peer, exchange->sync->peer) != 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "sync: %s",
               exchange->them->kind != CORM_SYNC_HELLO
                   ? "the other side does not say who it is: it is no peer"
                   : "the other side has this peer's name: one of the two databases is a copy; open it once "
                     "with new_peer");
  return FALSE;
}

gboolean
corm_sync_exchange (CormSync *sync, int fd, guint timeout_ms, CormSyncReport *report, GError **error)
{
  CormSyncReport none;
  g_return_val_if_fail (sync != NULL && fd >= 0, FALSE);
  Exchange exchange = { .sync = sync, .fd = fd, .report = report != NULL ? report : &none };
  exchange.timeout_ms = timeout_ms > 0 ? timeout_ms : DEFAULT_TIMEOUT_MS;
  exchange.spool = corm_sync_spool_new (fd, exchange.timeout_ms);
  *exchange.report = (CormSyncReport){ 0 };
  gboolean ok = meet (&exchange, error);
  if (ok && strcmp (sync->peer, exchange.them->peer) < 0)
    ok = tell (&exchange, write_changes, error) && listen_to (&exchange, error);
  else if (ok)
    ok = listen_to (&exchange, error) && tell (&exchange, write_changes, error);
  corm_sync_spool_free (exchange.spool);
  g_clear_pointer (&exchange.them, corm_sync_line_free);
  g_free (exchange.hello);
  return ok;
}
