/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Runs tests/lib/servers for one program. A shell waits beside it, to stop the servers when the program could not: a crash,
 * a timeout. */
#include "own-servers.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *folder;

static char *
get_script (void)
{
  return g_build_filename (g_getenv ("CORM_TEST_SRCDIR"), "tests", "lib", "servers", NULL);
}

gboolean
own_servers (const char *verb, const char *name)
{
  g_autofree char *script = get_script ();
  char *argv[] = { script, (char *) verb, folder, (char *) name, NULL };
  int status = -1;
  g_autoptr (GError) error = NULL;
  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error))
    g_error ("%s", error->message);
  return status == 0;
}

static void
watch_over (void)
{
  g_autofree char *script = get_script (), *pid = g_strdup_printf ("%d", (int) getpid ());
  char *argv[] = { (char *) "/bin/sh",
                   (char *) "-c",
                   (char *) "while kill -0 $1; do sleep 1; done; [ -d $3 ] && $2 stop $3; rm -rf $3",
                   (char *) "watch",
                   pid,
                   script,
                   folder,
                   NULL };
  g_spawn_async (NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                 NULL);
}

gboolean
own_servers_start (gboolean replicate)
{
  g_autofree char *path = g_strdup ("/tmp/corm-servers-XXXXXX");
  gboolean none = g_getenv ("CORM_TEST_PGSQL") == NULL && g_getenv ("CORM_TEST_MYSQL") == NULL;
  if (none || g_getenv ("CORM_TEST_SRCDIR") == NULL || g_mkdtemp (path) == NULL)
    return FALSE;
  folder = g_steal_pointer (&path);
  watch_over ();
  if (!own_servers ("start", NULL) || (replicate && !own_servers ("replicate", NULL)))
    g_error ("%s: the servers did not start", folder);
  return TRUE;
}

void
own_servers_stop (void)
{
  if (folder == NULL)
    return;
  own_servers ("stop", NULL);
  char *argv[] = { (char *) "/bin/rm", (char *) "-rf", folder, NULL };
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, NULL, NULL);
  g_clear_pointer (&folder, g_free);
}

char *
own_servers_get (const char *name)
{
  g_autofree char *env = g_build_filename (folder, "env", NULL), *text = NULL;
  g_autofree char *start = g_strdup_printf ("export %s='", name);
  if (!g_file_get_contents (env, &text, NULL, NULL))
    return NULL;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], start))
      return g_strndup (lines[i] + strlen (start), strlen (lines[i]) - strlen (start) - 1);
  return NULL;
}
