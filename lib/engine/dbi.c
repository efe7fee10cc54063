/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One libdbi instance per process, made at the first use and kept. libdbi locks nothing inside an instance, so every
 * call that touches its lists of drivers and connections happens under one mutex. */
#include "engine/dbi.h"

#include "engine/fork.h"

#include <dbi/dbi.h>

static GMutex mutex;
static dbi_inst instance;

/* NULL when libdbi itself does not work. Call it with the mutex held. */
static dbi_inst
get_instance (void)
{
  if (instance != NULL)
    return instance;
  if (dbi_initialize_r (NULL, &instance) < 0)
    return NULL;
  dbi_set_verbosity_r (0, instance);
  return instance;
}

static dbi_conn
new_connection (const char *name)
{
  static gsize guarded;
  if (g_once_init_enter (&guarded)) {
    corm_fork_guard (&mutex);
    g_once_init_leave (&guarded, 1);
  }
  g_mutex_lock (&mutex);
  dbi_inst inst = get_instance ();
  dbi_conn conn = inst != NULL ? dbi_conn_new_r (name, inst) : NULL;
  g_mutex_unlock (&mutex);
  return conn;
}

static void
set_option (const char *name, const char *text, int number, gpointer data)
{
  if (text != NULL)
    dbi_conn_set_option (data, name, text);
  else
    dbi_conn_set_option_numeric (data, name, number);
}

/* Connects; else returns libdbi's words. */
static char *
connect_or_say (dbi_conn conn)
{
  const char *words = NULL;
  g_mutex_lock (&mutex);
  int status = dbi_conn_connect (conn);
  if (status < 0)
    dbi_conn_error (conn, &words);
  char *text =
      status < 0 ? g_strdup (words != NULL ? words : "libdbi could not establish a connection") : NULL;
  g_mutex_unlock (&mutex);
  return text;
}

static void
explain (const CormLink *link, const char *words, GError **error)
{
  if (link->driver->explain != NULL) {
    link->driver->explain (link->uri, link->options, words, error);
    return;
  }
  g_autofree char *doing = g_strdup_printf ("cannot open %s", corm_uri_get_public_text (link->uri));
  corm_driver_error (error, CORM_ERROR_CONNECTION, doing, words, NULL);
}

gboolean
corm_dbi_open (CormLink *link, const char *name, GError **error)
{
  link->dbi = new_connection (name);
  if (link->dbi == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                 "cannot open %s: libdbi has no driver \"%s\" on this machine; install it (Debian's package "
                 "is libdbd-%s)",
                 corm_uri_get_public_text (link->uri), name, name);
    return FALSE;
  }
  if (link->driver->configure != NULL &&
      !link->driver->configure (link->uri, link->options, set_option, link->dbi, error)) {
    corm_dbi_close (link);
    return FALSE;
  }
  g_autofree char *words = connect_or_say (link->dbi);
  if (words == NULL)
    return TRUE;
  corm_dbi_close (link);
  explain (link, words, error);
  return FALSE;
}

void
corm_dbi_close (CormLink *link)
{
  g_mutex_lock (&mutex);
  dbi_conn_close (link->dbi);
  g_mutex_unlock (&mutex);
  link->dbi = NULL;
  link->handle = NULL;
}
