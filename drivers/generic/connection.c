/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Opening and keeping a connection: the URI's parameters are libdbi's options under their own names, with a few friendly
 * ones beside them. */
#include "generic.h"

#include <string.h>

static const struct {
  const char *friendly, *option;
} aliases[] = { { "user", "username" }, { "database", "dbname" }, { "socket", "mysql_unix_socket" } };

static const char *
find_option (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_str_equal (aliases[i].friendly, name))
      return aliases[i].option;
  return name;
}

static gboolean
is_known (const CormGenericFlavor *flavor, const char *option)
{
  if (flavor->options == NULL || g_strv_contains (flavor->options, option))
    return TRUE;
  gsize size = strlen (flavor->dbi_name);
  return strncmp (option, flavor->dbi_name, size) == 0 && option[size] == '_';
}

/* libdbi's drivers ask for some options as numbers only. */
static gboolean
is_number (const char *option, const char *value)
{
  gboolean numeric = g_str_equal (option, "port") || g_str_has_suffix (option, "timeout") ||
                     g_str_equal (option, "mysql_compression") || g_str_has_prefix (option, "mysql_client_");
  return numeric && *value != '\0' && strspn (value, "0123456789") == strlen (value) && strlen (value) < 10;
}

gboolean
corm_generic_set_options (const CormGenericFlavor *flavor, const CormUri *uri, CormSetOption set,
                          gpointer data, GError **error)
{
  const char *name, *value;
  for (guint i = 0; corm_uri_get_nth_parameter (uri, i, &name, &value); i++) {
    const char *option = find_option (name);
    if (!is_known (flavor, option)) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "cannot open %s: libdbi's driver %s has no option \"%s\"", corm_uri_get_public_text (uri),
                   flavor->dbi_name, strstr (corm_uri_get_public_text (uri), name) != NULL ? name : "***");
      return FALSE;
    }
    if (is_number (option, value))
      set (option, NULL, (int) g_ascii_strtoll (value, NULL, 10), data);
    else
      set (option, value, 0, data);
  }
  return TRUE;
}

void
corm_generic_explain (const CormUri *uri, G_GNUC_UNUSED const CormDbOptions *options, const char *text,
                      GError **error)
{
  g_autofree char *doing = g_strdup_printf ("cannot open %s", corm_uri_get_public_text (uri));
  corm_driver_error (
      error, CORM_ERROR_CONNECTION, doing, text,
      "libdbi says no more: check that the server runs, and host, port, name, user and password");
}

static char *
read_server (CormLink *link, GError **error)
{
  const CormGenericFlavor *flavor = corm_generic_flavor (link);
  if (flavor->version == NULL)
    return g_strdup (flavor->server);
  g_autoptr (GPtrArray) texts = corm_generic_send_for_texts (link, flavor->version, error);
  if (texts == NULL)
    return NULL;
  const char *version = texts->len > 0 && texts->pdata[0] != NULL ? texts->pdata[0] : "";
  const char *server = strstr (version, "MariaDB") != NULL ? "MariaDB" : flavor->server;
  return g_strdup_printf ("%s %.*s", server, (int) strspn (version, "0123456789."), version);
}

gboolean
corm_generic_connect (CormLink *link, GError **error)
{
  const CormGenericFlavor *flavor = corm_generic_flavor (link);
  link->data = g_new0 (CormGenericLink, 1);
  g_autoptr (GError) local = NULL;
  if (flavor->set_up == NULL || flavor->set_up (link, &local))
    link->server = read_server (link, &local);
  if (local == NULL)
    return TRUE;
  if (local->code == CORM_ERROR_FAILED || local->code == CORM_ERROR_STORAGE)
    local->code = CORM_ERROR_CONNECTION;
  g_propagate_prefixed_error (error, g_steal_pointer (&local),
                              "cannot open %s: ", corm_uri_get_public_text (link->uri));
  corm_generic_disconnect (link);
  return FALSE;
}

void
corm_generic_disconnect (CormLink *link)
{
  CormGenericLink *self = link->data;
  if (self != NULL)
    corm_file_unmark (self->file);
  g_clear_pointer (&link->data, g_free);
}

/* dbi_conn_ping() would open a new connection under the old one's name, without its session. */
gboolean
corm_generic_ping (CormLink *link, GError **error)
{
  const char *version = corm_generic_flavor (link)->version;
  if (version == NULL)
    return dbi_conn_ping (link->dbi) != 0;
  return corm_generic_run (link, version, error);
}

gboolean
corm_generic_is_alive (CormLink *link)
{
  CormGenericLink *self = link->data;
  int fd = link->driver->dialect->in_process ? -1 : dbi_conn_get_socket (link->dbi);
  self->dead = self->dead || corm_socket_is_closed (fd);
  return !self->dead && corm_file_is_there (self->file);
}

gboolean
corm_generic_in_transaction (CormLink *link)
{
  const CormGenericLink *self = link->data;
  return self->in_transaction && !self->dead;
}

gboolean
corm_generic_run (CormLink *link, const char *sql, GError **error)
{
  const char *const statements[] = { sql, NULL };
  return corm_generic_send_all (link, statements, error);
}
