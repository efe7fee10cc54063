/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A program is run without a shell; what is secret goes by its environment, or by a file that only its owner may read and
 * that is gone when the program ends. */
#include "upkeep/tool.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SECRET "{secret}"

CormTool *
corm_tool_new (void)
{
  CormTool *tool = g_new0 (CormTool, 1);
  tool->argv = g_ptr_array_new_with_free_func (g_free);
  tool->env = g_ptr_array_new_with_free_func (g_free);
  return tool;
}

void
corm_tool_free (CormTool *tool)
{
  g_ptr_array_unref (tool->argv);
  g_ptr_array_unref (tool->env);
  g_free (tool->secret);
  g_free (tool);
}

char *
corm_tool_show (const CormTool *tool, const char *input)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < tool->env->len; i++) {
    g_auto (GStrv) pair = g_strsplit (tool->env->pdata[i], "=", 2);
    g_string_append_printf (text, "%s=*** ", pair[0]);
  }
  for (guint i = 0; i < tool->argv->len; i++) {
    g_autoptr (GString) argument = g_string_new (tool->argv->pdata[i]);
    g_string_replace (argument, SECRET, "OPTIONS", 0);
    gboolean is_plain =
        strspn (argument->str, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:,") ==
        argument->len;
    g_autofree char *quoted = is_plain ? g_strdup (argument->str) : g_shell_quote (argument->str);
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", quoted);
  }
  if (tool->reads_file && input != NULL) {
    g_autofree char *quoted = g_shell_quote (input);
    g_string_append_printf (text, " < %s", quoted);
  }
  return g_string_free (text, FALSE);
}

/* The path of a file with the secret, mode 600; NULL with an error. */
static char *
write_secret (const CormTool *tool, GError **error)
{
  GError *local = NULL;
  char *path = NULL;
  int fd = g_file_open_tmp ("corm-XXXXXX.cnf", &path, &local);
  gsize size = strlen (tool->secret);
  if (fd >= 0 && write (fd, tool->secret, size) == (gssize) size && close (fd) == 0)
    return path;
  g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "cannot write a file for the options of %s%s%s",
               (char *) tool->argv->pdata[0], local != NULL ? ": " : "", local != NULL ? local->message : "");
  g_clear_error (&local);
  if (path != NULL)
    g_unlink (path);
  g_free (path);
  return NULL;
}

static GSubprocess *
start (const CormTool *tool, const char *secret, const char *input, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  for (guint i = 0; i < tool->argv->len; i++) {
    g_autoptr (GString) argument = g_string_new (tool->argv->pdata[i]);
    if (secret != NULL)
      g_string_replace (argument, SECRET, secret, 0);
    g_ptr_array_add (argv, g_strdup (argument->str));
  }
  g_ptr_array_add (argv, NULL);
  for (guint i = 0; i < tool->env->len; i++) {
    g_auto (GStrv) pair = g_strsplit (tool->env->pdata[i], "=", 2);
    g_subprocess_launcher_setenv (launcher, pair[0], pair[1], TRUE);
  }
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  if (tool->reads_file)
    g_subprocess_launcher_set_stdin_file_path (launcher, input);
  GSubprocess *process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &local);
  if (process == NULL)
    g_set_error (error, CORM_ERROR,
                 g_error_matches (local, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT) ? CORM_ERROR_UNSUPPORTED
                                                                             : CORM_ERROR_FAILED,
                 "cannot run %s: %s; it comes with the package %s", (char *) tool->argv->pdata[0],
                 local->message, tool->package);
  return process;
}

static gboolean
run (const CormTool *tool, const char *secret, const char *input, GError **error)
{
  g_autofree char *said = NULL;
  g_autoptr (GSubprocess) process = start (tool, secret, input, error);
  if (process == NULL)
    return FALSE;
  g_autoptr (GBytes) bytes = NULL;
  gboolean ended = g_subprocess_communicate (process, NULL, NULL, NULL, &bytes, NULL);
  if (ended && g_subprocess_get_successful (process))
    return TRUE;
  gsize size = bytes != NULL ? g_bytes_get_size (bytes) : 0;
  said = size > 0 ? g_strndup (g_bytes_get_data (bytes, NULL), size) : g_strdup ("");
  g_autofree char *words = g_utf8_make_valid (g_strstrip (said), -1);
  g_set_error (error, CORM_ERROR, CORM_ERROR_FAILED, "%s failed: %s", (char *) tool->argv->pdata[0],
               *words != '\0' ? words : "it said nothing");
  return FALSE;
}

gboolean
corm_tool_run (const CormTool *tool, const char *input, GError **error)
{
  g_autofree char *secret = NULL;
  if (tool->secret != NULL) {
    secret = write_secret (tool, error);
    if (secret == NULL)
      return FALSE;
  }
  gboolean ok = run (tool, secret, input, error);
  if (secret != NULL)
    g_unlink (secret);
  return ok;
}
