/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Opening a connection: libdbi's options for a URI, why it failed, and the session's settings. TLS, which libdbi's
 * driver knows nothing of, goes in as a connection string of MariaDB Connector/C in place of the host's name. */
#include "mysql.h"

#include <dbi/dbi-dev.h>
#include <dbi/dbi.h>
#include <poll.h>
#include <string.h>

/* The server keeps the room that a connection's largest statement took, and from then on sends rows in pieces of that size. Pieces that
 * are larger than half a Unix socket's buffer (208 KB) make client and server wait for each other: reading takes a quarter longer. */
enum { PART_BYTES = 64 << 10 };

static const char known_parameters[] = "socket, connect_timeout, compress, ssl_ca, ssl_capath, ssl_cert, "
                                       "ssl_key, ssl_cipher, ssl_crl, ssl_crlpath, "
                                       "ssl_enforce, ssl_verify_server_cert, ssl_fp, tls_version";

/* URI parameters that a connection string has, with '-' for '_'. */
static const char *const tls_parameters[] = {
  "ssl_ca",      "ssl_capath",  "ssl_cert",
  "ssl_key",     "ssl_cipher",  "ssl_crl",
  "ssl_crlpath", "ssl_enforce", "ssl_verify_server_cert",
  "ssl_fp",      "tls_version", NULL,
};

static gboolean
invalid (const CormUri *uri, const char *name, const char *what, GError **error)
{
  /* What stands behind a '?' in a password is no name. */
  const char *shown = corm_uri_get_public_text (uri);
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s: parameter %s: %s; known parameters: %s", shown,
               strstr (shown, name) != NULL ? name : "***", what, known_parameters);
  return FALSE;
}

static gboolean
read_number (const CormUri *uri, const char *name, const char *value, guint max, guint *number,
             GError **error)
{
  guint64 n;
  if (!g_ascii_string_to_unsigned (value, 10, 0, max, &n, NULL))
    return invalid (uri, name, "a number is expected", error);
  *number = (guint) n;
  return TRUE;
}

typedef struct {
  char *host; /* or a connection string */
  const char *socket;
  guint timeout; /* seconds, 0: the library's */
  guint compress;
  gboolean tls;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->host);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
read_parameter (const CormUri *uri, Options *options, GString *tls, const char *name, const char *value,
                GError **error)
{
  if (strcmp (name, "socket") == 0) {
    options->socket = value;
    return TRUE;
  }
  if (strcmp (name, "connect_timeout") == 0)
    return read_number (uri, name, value, G_MAXINT, &options->timeout, error);
  if (strcmp (name, "compress") == 0)
    return read_number (uri, name, value, 1, &options->compress, error);
  if (!g_strv_contains (tls_parameters, name))
    return invalid (uri, name, "unknown", error);
  if (strpbrk (value, ";{}") != NULL)
    return invalid (uri, name, "';', '{' and '}' cannot be passed on", error);
  g_autofree char *key = g_strdelimit (g_strdup (name), "_", '-');
  g_string_append_printf (tls, ";%s=%s", strcmp (key, "tls-version") == 0 ? "tls_version" : key, value);
  return TRUE;
}

static gboolean
read_options (const CormUri *uri, Options *options, GError **error)
{
  g_autoptr (GString) tls = g_string_new (NULL);
  const char *name, *value, *host = corm_uri_get_host (uri);
  for (guint i = 0; corm_uri_get_nth_parameter (uri, i, &name, &value); i++)
    if (!read_parameter (uri, options, tls, name, value != NULL ? value : "", error))
      return FALSE;
  if (host != NULL && strpbrk (host, ";={}") != NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s: that is no host's name",
                 corm_uri_get_public_text (uri));
    return FALSE;
  }
  options->tls = tls->len > 0;
  if (options->tls)
    options->host = g_strdup_printf ("host=%s%s", host != NULL ? host : "localhost", tls->str);
  else
    options->host = g_strdup (host);
  return TRUE;
}

static void
set_text (CormSetOption set, gpointer data, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    set (name, text, 0, data);
}

gboolean
corm_mysql_configure (const CormUri *uri, const CormDbOptions *db_options G_GNUC_UNUSED, CormSetOption set,
                      gpointer data, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!read_options (uri, &options, error))
    return FALSE;
  set_text (set, data, "host", options.host);
  set_text (set, data, "username", corm_uri_get_user (uri));
  set_text (set, data, "password", corm_uri_get_password (uri));
  set_text (set, data, "dbname", corm_uri_get_database (uri));
  set_text (set, data, "mysql_unix_socket", options.socket);
  if (corm_uri_get_port (uri) > 0)
    set ("port", NULL, corm_uri_get_port (uri), data);
  if (options.timeout > 0)
    set ("timeout", NULL, (int) options.timeout, data);
  if (options.compress > 0)
    set ("mysql_compression", NULL, 1, data);
  /* An UPDATE that changes nothing has found its row all the same. */
  set ("mysql_client_found_rows", NULL, 1, data);
  return TRUE;
}

/* --- why it could not be opened --- */

static char *
where (const CormUri *uri, const Options *options)
{
  const char *host = corm_uri_get_host (uri);
  if (options->socket != NULL)
    return g_strdup_printf ("socket %s", options->socket);
  if (host == NULL || strcmp (host, "localhost") == 0)
    return g_strdup ("this machine's default socket (another: ?socket=PATH; by TCP: host 127.0.0.1)");
  return g_strdup_printf ("%s port %d", host, corm_uri_get_port (uri) > 0 ? corm_uri_get_port (uri) : 3306);
}

static char *
open_hint (guint number, const CormUri *uri, const Options *options)
{
  const char *database = corm_uri_get_database (uri);
  switch (number) {
  case 1045:
  case 1698:
    return g_strdup ("check the user's name and password");
  case 1044:
    return g_strdup_printf ("an administrator can: GRANT ALL ON `%s`.* TO the user",
                            database ? database : "*");
  case 1049:
    return g_strdup_printf ("make it first: CREATE DATABASE `%s`", database ? database : "");
  case 2002:
  case 2003:
  case 2005: {
    g_autofree char *place = where (uri, options);
    return g_strdup_printf ("is the server running at %s?", place);
  }
  default:
    return NULL;
  }
}

void
corm_mysql_explain (const CormUri *uri, const CormDbOptions *db_options G_GNUC_UNUSED, const char *text,
                    GError **error)
{
  g_auto (Options) options = { 0 };
  g_autofree char *doing = g_strdup_printf ("cannot open %s", corm_uri_get_public_text (uri));
  if (!read_options (uri, &options, error))
    return;
  MYSQL *handle = mysql_init (NULL);
  guint timeout = options.timeout > 0 ? options.timeout : 10;
  mysql_options (handle, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
  if (mysql_real_connect (handle, options.host, corm_uri_get_user (uri), corm_uri_get_password (uri),
                          corm_uri_get_database (uri), (guint) MAX (corm_uri_get_port (uri), 0),
                          options.socket, 0) != NULL) {
    corm_driver_error (error, CORM_ERROR_CONNECTION, doing, text, "the server answers now: try again");
  } else {
    guint number = mysql_errno (handle);
    g_autofree char *hint = open_hint (number, uri, &options);
    corm_driver_error (error, corm_mysql_error_code (number, mysql_sqlstate (handle)), doing,
                       mysql_error (handle), hint);
  }
  mysql_close (handle);
}

/* --- the session --- */

static gboolean
set_session (CormLink *link, CormMysqlLink *self, GError **error)
{
  guint seconds = (link->options->busy_timeout_ms + 999) / 1000;
  g_autofree char *waits =
      g_strdup_printf ("SET SESSION innodb_lock_wait_timeout = %u, lock_wait_timeout = %u", seconds, seconds);
  if (mysql_set_character_set (self->handle, "utf8mb4") != 0)
    return corm_mysql_fail (self, NULL, "set the connection's character set", error);
  if (!corm_mysql_send (self, corm_mysql_session, "set up the session", error) ||
      !corm_mysql_send (self, waits, "set up the session", error))
    return FALSE;
  if (mariadb_connection (self->handle) &&
      !corm_mysql_send (self, "SET SESSION collation_connection = utf8mb4_nopad_bin", "set up the session",
                        error))
    return FALSE;
  return !link->options->read_only ||
         corm_mysql_send (self, "SET SESSION TRANSACTION READ ONLY", "set up the session", error);
}

static gboolean
read_limits (CormLink *link, CormMysqlLink *self, GError **error)
{
  static const char query[] = "SELECT @@max_allowed_packet";
  if (mysql_real_query (self->handle, query, strlen (query)) != 0)
    return corm_mysql_fail (self, NULL, "read max_allowed_packet", error);
  MYSQL_RES *rows = mysql_store_result (self->handle);
  MYSQL_ROW row = rows != NULL ? mysql_fetch_row (rows) : NULL;
  self->max_packet = row != NULL && row[0] != NULL ? strtoul (row[0], NULL, 10) : 1 << 20;
  mysql_free_result (rows);
  link->part_bytes = self->max_packet / 4; /* a part of many numbers has more bytes than its values */
  if (self->handle->unix_socket != NULL)
    link->part_bytes = MIN (link->part_bytes, PART_BYTES);
  gulong capabilities = 0;
  mariadb_get_infov (self->handle, MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &capabilities);
  self->has_arrays = (capabilities & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32)) != 0;
  return TRUE;
}

/* "MariaDB 10.11.19" out of "5.5.5-10.11.19-MariaDB-0+deb12u1". */
static char *
server_name (MYSQL *handle)
{
  gulong version = mysql_get_server_version (handle);
  return g_strdup_printf ("%s %lu.%lu.%lu", mariadb_connection (handle) ? "MariaDB" : "MySQL",
                          version / 10000, version / 100 % 100, version % 100);
}

/* Unknown keys of a connection string are ignored, so what was asked for is looked at. */
static gboolean
check_tls (CormLink *link, MYSQL *handle, GError **error)
{
  g_auto (Options) options = { 0 };
  if (!read_options (link->uri, &options, error))
    return FALSE;
  if (!options.tls || mysql_get_ssl_cipher (handle) != NULL || handle->unix_socket != NULL)
    return TRUE;
  corm_driver_error (error, CORM_ERROR_CONNECTION, "open a connection with TLS", "the server offered none",
                     NULL);
  return FALSE;
}

gboolean
corm_mysql_connect (CormLink *link, GError **error)
{
  my_bool off = 0;
  CormMysqlLink *self = g_new0 (CormMysqlLink, 1);
  self->handle = ((dbi_conn_t *) link->dbi)->connection;
  self->closed = g_ptr_array_new ();
  self->again = &link->again;
  link->handle = self->handle;
  link->data = self;
  /* A connection made anew behind our back would have lost its transaction and its session. */
  mysql_options (self->handle, MYSQL_OPT_RECONNECT, &off);
  if (!check_tls (link, self->handle, error) || !set_session (link, self, error) ||
      !read_limits (link, self, error)) {
    corm_mysql_disconnect (link);
    return FALSE;
  }
  link->server = server_name (self->handle);
  return TRUE;
}

void
corm_mysql_disconnect (CormLink *link)
{
  CormMysqlLink *self = link->data;
  if (self == NULL)
    return;
  for (guint i = 0; i < self->closed->len; i++)
    mysql_stmt_close (g_ptr_array_index (self->closed, i));
  g_ptr_array_unref (self->closed);
  g_free (self);
  link->data = NULL;
}

gboolean
corm_mysql_ping (CormLink *link, GError **error)
{
  CormMysqlLink *self = link->data;
  if (self->reading != NULL) /* its rows arrive: the server is there */
    return TRUE;
  return mysql_ping (self->handle) == 0 || corm_mysql_fail (self, NULL, "ping", error);
}

/* Looks at the socket too: a server says nothing unasked but its goodbye. With TLS it may (session tickets). */
gboolean
corm_mysql_is_alive (CormLink *link)
{
  CormMysqlLink *self = link->data;
  struct pollfd socket = { .fd = (int) mysql_get_socket (self->handle), .events = POLLIN };
  if (self->lost || self->reading != NULL)
    return !self->lost;
  if (mysql_get_ssl_cipher (self->handle) != NULL) /* whose bytes need not be words of the server */
    self->lost = corm_socket_is_closed (socket.fd);
  else
    self->lost = poll (&socket, 1, 0) > 0;
  return !self->lost;
}

gboolean
corm_mysql_in_transaction (CormLink *link)
{
  const CormMysqlLink *self = link->data;
  return !self->lost && (self->handle->server_status & SERVER_STATUS_IN_TRANS) != 0;
}

/* MySQL stops queries only. */
gboolean
corm_mysql_set_deadline (CormLink *link, guint ms, GError **error)
{
  CormMysqlLink *self = link->data;
  char sql[80];
  if (self->lost || corm_mysql_in_transaction (link))
    return TRUE;
  if (!mariadb_connection (self->handle))
    g_snprintf (sql, sizeof sql, "SET SESSION max_execution_time = %u", ms);
  else if (ms > 0)
    g_snprintf (sql, sizeof sql, "SET SESSION max_statement_time = %u.%03u", ms / 1000, ms % 1000);
  else
    g_snprintf (sql, sizeof sql, "SET SESSION max_statement_time = DEFAULT");
  return corm_mysql_send (self, sql, "set the time that a statement may take", error);
}

gboolean
corm_mysql_run (CormLink *link, const char *sql, GError **error)
{
  CormMysqlLink *self = link->data;
  gboolean own = FALSE;
  if (!corm_mysql_link_check (self, sql, error))
    return FALSE;
  if (!corm_mysql_sql_writes (sql)) {
    if (!corm_mysql_send (self, sql, NULL, error))
      return FALSE;
    self->spoiled = FALSE; /* if it was, this has been a rollback */
    return TRUE;
  }
  if (!corm_mysql_guard_begin (self, &own, error))
    return FALSE;
  g_autofree char *doing = corm_driver_describe (sql);
  gboolean ok = corm_mysql_send (self, sql, doing, error) &&
                (mysql_warning_count (self->handle) == 0 || corm_mysql_guard_check (self, doing, error));
  return corm_mysql_guard_end (self, own, ok, ok ? error : NULL);
}
