/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reads a URI into its parts. Written by hand, because GUri refuses what libpq's URIs may hold (several hosts), and
 * because no message may cite a piece of the text other than through corm_uri_redact(). */
#include "base/uri.h"

#include <string.h>

typedef struct {
  char *name;
  char *value;
} Parameter;

struct _CormUri {
  const char *driver;
  char *dbi_driver;
  char *host;
  char *user;
  char *password;
  char *database;
  int port;
  GArray *parameters;
  char *public_text;
};

static const char known_forms[] = "known are sqlite:PATH, postgresql://USER:PASSWORD@HOST:PORT/NAME, "
                                  "mysql://USER:PASSWORD@HOST:PORT/NAME (or mariadb://) and "
                                  "dbi:DRIVER?OPTION=VALUE&OPTION=VALUE";

static gboolean
fail (const CormUri *uri, GError **error, const char *reason)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "database URI '%s': %s", uri->public_text, reason);
  return FALSE;
}

static void
parameter_clear (gpointer data)
{
  Parameter *parameter = data;
  g_free (parameter->name);
  g_free (parameter->value);
}

static void
add_parameter (CormUri *uri, char *name, char *value)
{
  Parameter parameter = { name, value };
  g_array_append_val (uri->parameters, parameter);
}

static void
set (char **part, char *value)
{
  g_free (*part);
  *part = value;
}

static gboolean
decode (const CormUri *uri, const char *text, gsize size, char **part, GError **error)
{
  g_autofree char *raw = g_strndup (text, size);
  char *decoded = g_uri_unescape_string (raw, NULL);
  if (decoded == NULL)
    return fail (uri, error,
                 "a '%' must be followed by two hexadecimal digits (and not 00); write a '%' itself as %25");
  set (part, decoded);
  return TRUE;
}

static gboolean
set_port (CormUri *uri, const char *text, GError **error)
{
  guint64 port;
  if (!g_ascii_string_to_unsigned (text, 10, 1, 65535, &port, NULL))
    return fail (uri, error,
                 "the port is no number from 1 to 65535; in a user name or password write ':' as %3A, "
                 "'@' as %40, '/' as %2F, '?' as %3F and '#' as %23");
  uri->port = (int) port;
  return TRUE;
}

/* A parameter that is a part of its own. */
static gboolean
set_part (CormUri *uri, const char *name, const char *value, gboolean *is_part, GError **error)
{
  *is_part = TRUE;
  if (strcmp (name, "host") == 0)
    set (&uri->host, g_strdup (value));
  else if (strcmp (name, "user") == 0)
    set (&uri->user, g_strdup (value));
  else if (strcmp (name, "password") == 0)
    set (&uri->password, g_strdup (value));
  else if (strcmp (name, "dbname") == 0)
    set (&uri->database, g_strdup (value));
  else if (strcmp (name, "port") == 0 && strchr (value, ',') == NULL)
    return set_port (uri, value, error);
  else
    *is_part = FALSE;
  return TRUE;
}

static gboolean
parse_parameter (CormUri *uri, const char *text, gsize size, GError **error)
{
  const char *equals = memchr (text, '=', size);
  if (equals == NULL || equals == text)
    return fail (uri, error, "a parameter is written NAME=VALUE, and parameters are parted by '&'");
  g_autofree char *name = NULL;
  g_autofree char *value = NULL;
  if (!decode (uri, text, (gsize) (equals - text), &name, error) ||
      !decode (uri, equals + 1, size - (gsize) (equals - text) - 1, &value, error))
    return FALSE;
  gboolean is_dbi = uri->dbi_driver != NULL, is_file = strcmp (uri->driver, "sqlite3") == 0, is_part = FALSE;
  const char *part = is_dbi && strcmp (name, "username") == 0 ? "user" : name;
  if (!is_file && !set_part (uri, part, value, &is_part, error))
    return FALSE;
  if (is_dbi || !is_part)
    add_parameter (uri, g_steal_pointer (&name), g_steal_pointer (&value));
  return TRUE;
}

static gboolean
parse_parameters (CormUri *uri, const char *query, GError **error)
{
  while (*query != '\0') {
    gsize size = strcspn (query, "&");
    if (size > 0 && !parse_parameter (uri, query, size, error))
      return FALSE;
    query += size + (query[size] == '&');
  }
  return TRUE;
}

/* One of the hosts: appends to the lists. */
static gboolean
parse_host (CormUri *uri, const char *text, gsize size, GString *hosts, GString *ports, GError **error)
{
  const char *end = text + size;
  const char *host = text;
  const char *host_end = memchr (text, ':', size);
  if (size > 0 && *text == '[') {
    host++;
    host_end = memchr (text, ']', size);
    if (host_end == NULL)
      return fail (uri, error, "the ']' behind an IPv6 address is missing");
  }
  if (host_end == NULL)
    host_end = end;
  g_autofree char *decoded = NULL;
  if (!decode (uri, host, (gsize) (host_end - host), &decoded, error))
    return FALSE;
  g_string_append (hosts, decoded);
  const char *port = host_end + (host_end < end && *host_end == ']');
  if (port == end || port + 1 == end) /* "host" and "host:" */
    return port == end || *port == ':' || fail (uri, error, "behind ']' a ':' and the port may stand");
  if (*port != ':')
    return fail (uri, error, "behind ']' a ':' and the port may stand");
  g_autofree char *number = g_strndup (port + 1, (gsize) (end - port - 1));
  g_string_append (ports, number);
  return set_port (uri, number, error);
}

static gboolean
parse_hosts (CormUri *uri, const char *text, gsize size, GError **error)
{
  g_autoptr (GString) hosts = g_string_new (NULL);
  g_autoptr (GString) ports = g_string_new (NULL);
  guint n = 0;
  for (gsize at = 0; at <= size; n++) {
    const char *comma = memchr (text + at, ',', size - at);
    gsize length = comma != NULL ? (gsize) (comma - text) - at : size - at;
    if (n > 0) {
      g_string_append_c (hosts, ',');
      g_string_append_c (ports, ',');
    }
    if (!parse_host (uri, text + at, length, hosts, ports, error))
      return FALSE;
    at += length + 1;
  }
  if (hosts->len > 0)
    set (&uri->host, g_strdup (hosts->str));
  if (n > 1 && uri->port != 0)
    add_parameter (uri, g_strdup ("port"), g_strdup (ports->str));
  if (n > 1)
    uri->port = 0;
  return TRUE;
}

/* USER:PASSWORD@HOST:PORT */
static gboolean
parse_authority (CormUri *uri, const char *text, gsize size, GError **error)
{
  const char *at = g_strrstr_len (text, (gssize) size, "@");
  if (at != NULL) {
    const char *colon = memchr (text, ':', (gsize) (at - text));
    const char *user_end = colon != NULL ? colon : at;
    if (user_end > text && !decode (uri, text, (gsize) (user_end - text), &uri->user, error))
      return FALSE;
    if (colon != NULL && !decode (uri, colon + 1, (gsize) (at - colon - 1), &uri->password, error))
      return FALSE;
    size -= (gsize) (at + 1 - text);
    text = at + 1;
  }
  return parse_hosts (uri, text, size, error);
}

static gboolean
parse_server (CormUri *uri, const char *rest, GError **error)
{
  if (!g_str_has_prefix (rest, "//"))
    return fail (uri, error, "'//' is missing behind the first ':'");
  rest += 2;
  gsize authority = strcspn (rest, "/?");
  const char *path = rest + authority;
  gsize path_size = strcspn (path, "?");
  if (memchr (path, '@', path_size) != NULL)
    return fail (uri, error,
                 "a '@' in the database's name is written %40, a '/' in a user name or password %2F");
  if (!parse_authority (uri, rest, authority, error))
    return FALSE;
  if (path_size > 1 && !decode (uri, path + 1, path_size - 1, &uri->database, error))
    return FALSE;
  return path[path_size] == '\0' || parse_parameters (uri, path + path_size + 1, error);
}

/* A relative path is meant from where the program is now, wherever it goes then. */
static gboolean
parse_file (CormUri *uri, const char *rest, GError **error)
{
  if (g_str_has_prefix (rest, "//")) {
    rest += 2;
    if (g_str_has_prefix (rest, "localhost/"))
      rest += strlen ("localhost");
    if (*rest != '/' && *rest != '\0')
      return fail (uri, error,
                   "a file on another host; write sqlite:PATH, or sqlite:///PATH for an absolute one");
    if (g_str_has_prefix (rest, "/:memory:"))
      rest++;
  }
  gsize size = strcspn (rest, "?");
  if (size == 0)
    return fail (uri, error, "no file; write sqlite:PATH or sqlite::memory:");
  if (!decode (uri, rest, size, &uri->database, error))
    return FALSE;
  if (!g_path_is_absolute (uri->database) && strcmp (uri->database, ":memory:") != 0) {
    g_autofree char *here = g_get_current_dir ();
    set (&uri->database, g_build_filename (here, uri->database, NULL));
  }
  return rest[size] == '\0' || parse_parameters (uri, rest + size + 1, error);
}

static gboolean
parse_dbi (CormUri *uri, const char *rest, GError **error)
{
  gsize size = strspn (rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
  uri->dbi_driver = g_strndup (rest, size);
  if (size == 0 || (rest[size] != '\0' && rest[size] != '?'))
    return fail (uri, error, "write dbi:DRIVER?OPTION=VALUE&OPTION=VALUE");
  return rest[size] == '\0' || parse_parameters (uri, rest + size + 1, error);
}

static const struct {
  const char *scheme;
  const char *driver;
  gboolean (*parse) (CormUri *uri, const char *rest, GError **error);
} schemes[] = {
  { "sqlite:", "sqlite3", parse_file },
  { "sqlite3:", "sqlite3", parse_file },
  { "postgresql:", "pgsql", parse_server },
  { "postgres:", "pgsql", parse_server },
  { "mysql:", "mysql", parse_server },
  { "mariadb:", "mysql", parse_server },
  { "dbi:", "dbi", parse_dbi },
};

CormUri *
corm_uri_parse (const char *text, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);
  g_autoptr (CormUri) uri = g_new0 (CormUri, 1);
  uri->parameters = g_array_new (FALSE, FALSE, sizeof (Parameter));
  g_array_set_clear_func (uri->parameters, parameter_clear);
  uri->public_text = corm_uri_redact (text);
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++) {
    gsize size = strlen (schemes[i].scheme);
    if (g_ascii_strncasecmp (text, schemes[i].scheme, size) != 0)
      continue;
    uri->driver = schemes[i].driver;
    return schemes[i].parse (uri, text + size, error) ? g_steal_pointer (&uri) : NULL;
  }
  fail (uri, error, known_forms);
  return NULL;
}

void
corm_uri_free (CormUri *uri)
{
  if (uri == NULL)
    return;
  g_free (uri->dbi_driver);
  g_free (uri->host);
  g_free (uri->user);
  g_free (uri->password);
  g_free (uri->database);
  g_array_unref (uri->parameters);
  g_free (uri->public_text);
  g_free (uri);
}

const char *
corm_uri_get_driver (const CormUri *uri)
{
  return uri->driver;
}

const char *
corm_uri_get_dbi_driver (const CormUri *uri)
{
  return uri->dbi_driver;
}

const char *
corm_uri_get_host (const CormUri *uri)
{
  return uri->host;
}

const char *
corm_uri_get_user (const CormUri *uri)
{
  return uri->user;
}

const char *
corm_uri_get_password (const CormUri *uri)
{
  return uri->password;
}

const char *
corm_uri_get_database (const CormUri *uri)
{
  return uri->database;
}

int
corm_uri_get_port (const CormUri *uri)
{
  return uri->port;
}

const char *
corm_uri_get_parameter (const CormUri *uri, const char *name)
{
  for (guint i = uri->parameters->len; i > 0; i--) {
    const Parameter *parameter = &g_array_index (uri->parameters, Parameter, i - 1);
    if (strcmp (parameter->name, name) == 0)
      return parameter->value; /* of two the last one */
  }
  return NULL;
}

gboolean
corm_uri_get_nth_parameter (const CormUri *uri, guint i, const char **name, const char **value)
{
  if (i >= uri->parameters->len)
    return FALSE;
  const Parameter *parameter = &g_array_index (uri->parameters, Parameter, i);
  *name = parameter->name;
  *value = parameter->value;
  return TRUE;
}

const char *
corm_uri_get_public_text (const CormUri *uri)
{
  return uri->public_text;
}
