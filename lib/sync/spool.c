/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A stream, line by line. Whoever sends may be slow, silent or without end: a line has a longest length, and each wait its
 * time. */
#include "sync/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 65536, MAX_LINE = 64 << 20 };

struct _CormSyncSpool {
  int fd;
  gboolean owns_fd;
  guint timeout_ms; /* 0: for ever */
  GString *bytes;   /* read and not handed out, from start on; … */
  gsize start;
  gsize searched; /* … without a newline so far, behind it */
  gboolean at_end;
  guint64 line;
};

CormSyncSpool *
corm_sync_spool_new (int fd, guint timeout_ms)
{
  CormSyncSpool *spool = g_new0 (CormSyncSpool, 1);
  spool->fd = fd;
  spool->timeout_ms = timeout_ms;
  spool->bytes = g_string_new (NULL);
  return spool;
}

CormSyncSpool *
corm_sync_spool_open (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "cannot read it: %s", g_strerror (errno));
    return NULL;
  }
  CormSyncSpool *spool = corm_sync_spool_new (fd, 0);
  spool->owns_fd = TRUE;
  return spool;
}

void
corm_sync_spool_free (CormSyncSpool *spool)
{
  if (spool->owns_fd)
    close (spool->fd);
  g_string_free (spool->bytes, TRUE);
  g_free (spool);
}

guint64
corm_sync_spool_get_line (const CormSyncSpool *spool)
{
  return spool->line;
}

/* Until @fd is ready for @events. */
static gboolean
wait_for (int fd, short events, guint timeout_ms, GError **error)
{
  struct pollfd one = { .fd = fd, .events = events };
  int n;
  do
    n = poll (&one, 1, timeout_ms > 0 ? (int) MIN (timeout_ms, G_MAXINT) : -1);
  while (n < 0 && errno == EINTR);
  if (n > 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONNECTION, "sync: %s",
               n == 0 ? "the other side has been silent for too long" : g_strerror (errno));
  return FALSE;
}

static gboolean
read_more (CormSyncSpool *spool, GError **error)
{
  char chunk[CHUNK];
  ssize_t n;
  g_string_erase (spool->bytes, 0, (gssize) spool->start);
  spool->searched -= spool->start;
  spool->start = 0;
  if (spool->bytes->len > MAX_LINE) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "line %" G_GUINT64_FORMAT " is longer than 64 MiB",
                 spool->line + 1);
    return FALSE;
  }
  do {
    if (!spool->owns_fd && !wait_for (spool->fd, POLLIN, spool->timeout_ms, error))
      return FALSE;
    n = read (spool->fd, chunk, sizeof chunk);
  } while (n < 0 && (errno == EINTR || errno == EAGAIN));
  if (n < 0) {
    g_set_error (error, CORM_ERROR, spool->owns_fd ? CORM_ERROR_DENIED : CORM_ERROR_CONNECTION,
                 "sync: cannot read on: %s", g_strerror (errno));
    return FALSE;
  }
  spool->at_end = n == 0;
  g_string_append_len (spool->bytes, chunk, n);
  return TRUE;
}

/* The line from start on; @size of it, and @more bytes to pass over. */
static const char *
hand_out (CormSyncSpool *spool, gsize length, gsize more, gsize *size)
{
  const char *line = spool->bytes->str + spool->start;
  spool->start += length + more;
  spool->searched = spool->start;
  spool->line++;
  *size = length;
  return line;
}

const char *
corm_sync_spool_next (CormSyncSpool *spool, gsize *size, GError **error)
{
  for (;;) {
    const char *from = spool->bytes->str + spool->searched;
    const char *newline = memchr (from, '\n', spool->bytes->len - spool->searched);
    if (newline != NULL)
      return hand_out (spool, (gsize) (newline - spool->bytes->str) - spool->start, 1, size);
    spool->searched = spool->bytes->len;
    if (spool->at_end && spool->bytes->len > spool->start)
      return hand_out (spool, spool->bytes->len - spool->start, 0, size);
    if (spool->at_end || !read_more (spool, error))
      return NULL;
  }
}

gboolean
corm_sync_send_all (int fd, guint timeout_ms, const char *bytes, gsize size, GError **error)
{
  while (size > 0) {
    if (!wait_for (fd, POLLOUT, timeout_ms, error))
      return FALSE;
    ssize_t n = send (fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
      continue;
    if (n < 0) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_CONNECTION, "sync: cannot send: %s", g_strerror (errno));
      return FALSE;
    }
    bytes += n;
    size -= (gsize) n;
  }
  return TRUE;
}
