/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A thread per connection copies bytes both ways. A COMMIT is a packet that ends with that word, or has a NUL behind it:
 * what the tests send holds it nowhere else. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem () */
#endif
#include "proxy.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct _Proxy {
  char *folder, *path, *server, *uri;
  int listener;
  GThread *thread;
  gint fault;      /* ProxyFault; atomic */
  gint stopping;   /* atomic */
  gint generation; /* counts calls of proxy_cut(); atomic */
  gint n_open;     /* atomic */
  GMutex mutex;
  gint64 refuse_until; /* guarded */
  guint refuse_ms;     /* from the next cut on; guarded */
};

typedef struct {
  Proxy *proxy;
  int client, server;
} Pair;

/* --- addresses -------------------------------------------------------------------------------------------------- */

/* The value behind @name in @uri. */
static char *
find_value (const char *uri, const char *name)
{
  const char *at = strstr (uri, name);
  if (at == NULL)
    return NULL;
  at += strlen (name);
  return g_strndup (at, strcspn (at, "&"));
}

static struct sockaddr_un
address_of (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  return address;
}

static int
connect_to (const char *path)
{
  struct sockaddr_un address = address_of (path);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
    return fd;
  close (fd);
  return -1;
}

/* --- one connection --------------------------------------------------------------------------------------------- */

static gboolean
send_all (int fd, const char *data, gssize size)
{
  while (size > 0) {
    gssize n = send (fd, data, (gsize) size, MSG_NOSIGNAL);
    if (n <= 0)
      return FALSE;
    data += n;
    size -= n;
  }
  return TRUE;
}

static gboolean
is_commit (const char *data, gssize size)
{
  const char *at = memmem (data, (gsize) size, "COMMIT", 6);
  return at != NULL && (at + 6 == data + size || at[6] == '\0');
}

static void
note_cut (Proxy *proxy)
{
  g_mutex_lock (&proxy->mutex);
  if (proxy->refuse_ms > 0)
    proxy->refuse_until = proxy->refuse_ms == G_MAXUINT
                              ? G_MAXINT64
                              : g_get_monotonic_time () + proxy->refuse_ms * G_GINT64_CONSTANT (1000);
  proxy->refuse_ms = 0;
  g_mutex_unlock (&proxy->mutex);
}

/* What is to be done with a COMMIT. FALSE: nothing more passes on this connection. */
static gboolean
pass_commit (Pair *pair, const char *data, gssize size)
{
  char answer[4096];
  ProxyFault fault = (ProxyFault) g_atomic_int_get (&pair->proxy->fault);
  g_atomic_int_set (&pair->proxy->fault, PROXY_PASS);
  if (fault == PROXY_PASS)
    return send_all (pair->server, data, size);
  note_cut (pair->proxy);
  if (fault == PROXY_CUT_AND_COMMIT_LATE) {
    shutdown (pair->client, SHUT_RDWR);
    g_usleep (500 * 1000);
  }
  if (fault != PROXY_CUT_BEFORE_COMMIT && send_all (pair->server, data, size))
    if (recv (pair->server, answer, sizeof answer, 0) <= 0)
      g_warning ("proxy: the server did not answer");
  return FALSE;
}

static gboolean
pass (Pair *pair, int from, int to)
{
  char data[16384];
  gssize size = recv (from, data, sizeof data, 0);
  if (size <= 0)
    return FALSE;
  if (from == pair->client && is_commit (data, size))
    return pass_commit (pair, data, size);
  return send_all (to, data, size);
}

static gpointer
serve (gpointer data)
{
  Pair *pair = data;
  Proxy *proxy = pair->proxy;
  struct pollfd fds[2] = { { .fd = pair->client, .events = POLLIN },
                           { .fd = pair->server, .events = POLLIN } };
  gint generation = g_atomic_int_get (&proxy->generation);
  gboolean open = TRUE;
  while (open && !g_atomic_int_get (&proxy->stopping) &&
         g_atomic_int_get (&proxy->generation) == generation) {
    if (poll (fds, 2, 5) <= 0)
      continue;
    if (fds[0].revents != 0)
      open = pass (pair, pair->client, pair->server);
    if (open && fds[1].revents != 0)
      open = pass (pair, pair->server, pair->client);
  }
  close (pair->client);
  close (pair->server);
  g_atomic_int_add (&proxy->n_open, -1);
  g_free (pair);
  return NULL;
}

/* --- all of them ------------------------------------------------------------------------------------------------ */

static gboolean
is_refusing (Proxy *proxy)
{
  g_mutex_lock (&proxy->mutex);
  gboolean refuses = g_get_monotonic_time () < proxy->refuse_until;
  g_mutex_unlock (&proxy->mutex);
  return refuses;
}

static void
take_one (Proxy *proxy)
{
  int client = accept (proxy->listener, NULL, NULL);
  int server = client >= 0 && !is_refusing (proxy) ? connect_to (proxy->server) : -1;
  if (server < 0) {
    if (client >= 0)
      close (client);
    return;
  }
  Pair *pair = g_new (Pair, 1);
  *pair = (Pair){ .proxy = proxy, .client = client, .server = server };
  g_atomic_int_inc (&proxy->n_open);
  g_thread_unref (g_thread_new ("proxy", serve, pair));
}

static gpointer
listen_on (gpointer data)
{
  Proxy *proxy = data;
  struct pollfd fd = { .fd = proxy->listener, .events = POLLIN };
  while (!g_atomic_int_get (&proxy->stopping))
    if (poll (&fd, 1, 20) > 0)
      take_one (proxy);
  return NULL;
}

Proxy *
proxy_new (const char *uri)
{
  g_autofree char *host = find_value (uri, "host=/"), *path = find_value (uri, "socket=");
  if (host == NULL && path == NULL)
    return NULL;
  Proxy *proxy = g_new0 (Proxy, 1);
  g_autoptr (GString) changed = g_string_new (uri);
  proxy->folder = g_dir_make_tmp ("corm-proxy-XXXXXX", NULL);
  if (path != NULL) {
    proxy->server = g_strdup (path);
    proxy->path = g_build_filename (proxy->folder, "mysql.sock", NULL);
    g_string_replace (changed, path, proxy->path, 1);
  } else {
    proxy->server = g_strdup_printf ("/%s/.s.PGSQL.5432", host);
    proxy->path = g_build_filename (proxy->folder, ".s.PGSQL.5432", NULL);
    g_string_replace (changed, host, proxy->folder + 1, 1);
  }
  proxy->uri = g_strdup (changed->str);
  g_mutex_init (&proxy->mutex);
  struct sockaddr_un address = address_of (proxy->path);
  proxy->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind (proxy->listener, (struct sockaddr *) &address, sizeof address) != 0 ||
      listen (proxy->listener, 32) != 0)
    g_error ("proxy: cannot listen on %s", proxy->path);
  proxy->thread = g_thread_new ("proxies", listen_on, proxy);
  return proxy;
}

const char *
proxy_get_uri (const Proxy *proxy)
{
  return proxy->uri;
}

void
proxy_arm (Proxy *proxy, ProxyFault fault)
{
  g_atomic_int_set (&proxy->fault, (gint) fault);
}

void
proxy_refuse (Proxy *proxy, guint ms)
{
  g_mutex_lock (&proxy->mutex);
  proxy->refuse_ms = ms;
  g_mutex_unlock (&proxy->mutex);
}

void
proxy_cut (Proxy *proxy)
{
  g_atomic_int_inc (&proxy->generation);
  while (g_atomic_int_get (&proxy->n_open) > 0)
    g_usleep (1000);
}

void
proxy_free (Proxy *proxy)
{
  g_atomic_int_set (&proxy->stopping, TRUE);
  g_thread_join (proxy->thread);
  while (g_atomic_int_get (&proxy->n_open) > 0)
    g_usleep (1000);
  close (proxy->listener);
  g_unlink (proxy->path);
  g_rmdir (proxy->folder);
  g_mutex_clear (&proxy->mutex);
  g_free (proxy->folder);
  g_free (proxy->path);
  g_free (proxy->server);
  g_free (proxy->uri);
  g_free (proxy);
}
