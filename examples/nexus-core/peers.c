/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What was changed here and there, brought together: by files, or over a socket. */
#include "nexus.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
report (const CormSyncReport *did)
{
  g_print ("peer %s, version %u: sent %" G_GUINT64_FORMAT ", received %" G_GUINT64_FORMAT
           ", known %" G_GUINT64_FORMAT ", aside %" G_GUINT64_FORMAT "%s%s\n",
           did->peer, did->version, did->sent, did->received, did->known, did->aside,
           did->has_gap ? "; an earlier message is missing, ask for another one" : "",
           did->resync_advised ? "; consider a full resync" : "");
  return 0;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

int
nexus_write (Nexus *nexus, char **arguments, GError **error)
{
  CormSyncReport did;
  if (!corm_sync_write (nexus->sync, arguments[0], nexus->peer, &did, error))
    return 1;
  g_print ("%" G_GUINT64_FORMAT " changes written\n", did.sent);
  return 0;
}

int
nexus_read (Nexus *nexus, char **arguments, GError **error)
{
  CormSyncReport did;
  return corm_sync_read (nexus->sync, arguments[0], &did, error) ? report (&did) : 1;
}

/* --- a socket ----------------------------------------------------------------------------------------------------- */

static gboolean
fail (GError **error, const char *doing, const char *path)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONNECTION, "cannot %s %s: %s", doing, path, g_strerror (errno));
  return FALSE;
}

static int
open_socket (const char *path, struct sockaddr_un *address, GError **error)
{
  *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
  if (g_strlcpy (address->sun_path, path, sizeof address->sun_path) >= sizeof address->sun_path) {
    errno = ENAMETOOLONG;
    fail (error, "use the socket", path);
    return -1;
  }
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    fail (error, "open", path);
  return fd;
}

static int
exchange (Nexus *nexus, int fd, GError **error)
{
  CormSyncReport did;
  gboolean ok = corm_sync_exchange (nexus->sync, fd, 0, &did, error);
  close (fd);
  return ok ? report (&did) : 1;
}

/* One peer. */
int
nexus_serve (Nexus *nexus, char **arguments, GError **error)
{
  struct sockaddr_un address;
  int fd = open_socket (arguments[0], &address, error), peer = -1;
  if (fd < 0)
    return 1;
  if (bind (fd, (struct sockaddr *) &address, sizeof address) != 0 || listen (fd, 1) != 0 ||
      (peer = accept (fd, NULL, NULL)) < 0)
    fail (error, "listen on", arguments[0]);
  else
    unlink (arguments[0]);
  close (fd);
  return peer < 0 ? 1 : exchange (nexus, peer, error);
}

int
nexus_connect (Nexus *nexus, char **arguments, GError **error)
{
  struct sockaddr_un address;
  int fd = open_socket (arguments[0], &address, error);
  if (fd < 0)
    return 1;
  if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
    return exchange (nexus, fd, error);
  fail (error, "connect to", arguments[0]);
  close (fd);
  return 1;
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

int
nexus_peers (Nexus *nexus, G_GNUC_UNUSED char **arguments, GError **error)
{
  g_autoptr (GPtrArray) peers = corm_sync_list_peers (nexus->sync, error);
  if (peers == NULL)
    return 1;
  g_print ("%s  version %u, this one\n", corm_sync_get_peer (nexus->sync), nexus->version);
  for (guint i = 0; i < peers->len; i++) {
    const CormSyncPeer *peer = peers->pdata[i];
    g_autofree char *capabilities = g_strjoinv (" ", peer->capabilities);
    g_print ("%s  version %u, can %s; heard %s, then %" G_GINT64_FORMAT " changes behind\n", peer->peer,
             peer->version, capabilities, peer->heard_at, peer->behind);
  }
  return 0;
}

int
nexus_aside (Nexus *nexus, G_GNUC_UNUSED char **arguments, GError **error)
{
  g_autoptr (GPtrArray) list = corm_sync_list_aside (nexus->sync, error);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    const CormSyncAside *aside = list->pdata[i];
    g_print ("%s%s%s: %" G_GUINT64_FORMAT "\n", aside->table, aside->column != NULL ? "." : "",
             aside->column != NULL ? aside->column : "", aside->count);
  }
  return list == NULL;
}

int
nexus_compact (Nexus *nexus, G_GNUC_UNUSED char **arguments, GError **error)
{
  guint64 n;
  if (!corm_sync_compact (nexus->sync, &n, error))
    return 1;
  g_print ("%" G_GUINT64_FORMAT " operations dropped\n", n);
  return 0;
}
