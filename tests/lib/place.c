/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where the cases of the compliance suite work: a new file, a schema of its own in PostgreSQL's test database, a database
 * of its own in MariaDB; through the native driver or the generic one. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "place.h"

#include <corm/sys/driver.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#ifdef HAVE_SQLITE3
#define NO_SQLITE3 NULL
#else
#define NO_SQLITE3 "built without the native driver of SQLite"
#endif
#ifdef HAVE_PGSQL
#define NO_PGSQL NULL
#else
#define NO_PGSQL "built without the native driver of PostgreSQL"
#endif
#ifdef HAVE_MYSQL
#define NO_MYSQL NULL
#else
#define NO_MYSQL "built without the native driver of MariaDB"
#endif

typedef enum { FILES, SCHEMAS, DATABASES } Kind;

static const struct {
  const char *name;
  Kind kind;
  const char *missing;   /* why this build has none */
  const char *server;    /* environment: the server's URI … */
  const char *no_server; /* … or why there is none */
  const char *dbi;       /* libdbi's driver, for the generic way; NULL: the native one */
} backends[] = {
  { "sqlite3", FILES, NO_SQLITE3, NULL, NULL, NULL },
  { "pgsql", SCHEMAS, NO_PGSQL, "CORM_TEST_PGSQL", "CORM_TEST_PGSQL_MISSING", NULL },
  { "mysql", DATABASES, NO_MYSQL, "CORM_TEST_MYSQL", "CORM_TEST_MYSQL_MISSING", NULL },
  { "dbi:sqlite3", FILES, NULL, NULL, NULL, "sqlite3" },
  { "dbi:pgsql", SCHEMAS, NULL, "CORM_TEST_PGSQL", "CORM_TEST_PGSQL_MISSING", "pgsql" },
  { "dbi:mysql", DATABASES, NULL, "CORM_TEST_MYSQL", "CORM_TEST_MYSQL_MISSING", "mysql" },
};

const char *const *
places_backends (void)
{
  static const char *names[G_N_ELEMENTS (backends) + 1];
  for (guint i = 0; i < G_N_ELEMENTS (backends); i++)
    names[i] = backends[i].name;
  return names;
}

struct _Places {
  guint backend;
  const char *server;    /* URI; NULL: files */
  CormConnection *admin; /* on it */
  char *folder;          /* of files */
  char *name;            /* of the place that is taken; NULL: none */
  char *role;            /* of places_lend(); NULL: none yet */
  guint n;
};

/* --- URIs ----------------------------------------------------------------------------------------------------- */

static void
add_option (GString *uri, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_autofree char *escaped = g_uri_escape_string (value, "/", FALSE);
  g_string_append_printf (uri, "%c%s=%s", strchr (uri->str, '?') == NULL ? '?' : '&', name, escaped);
}

char *
places_change_uri (const char *uri, const char *user, const char *password, const char *database)
{
  g_autoptr (GUri) old = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD, NULL);
  g_autofree char *path =
      database != NULL ? g_strconcat ("/", database, NULL) : g_strdup (g_uri_get_path (old));
  return g_uri_join_with_user (G_URI_FLAGS_NONE, g_uri_get_scheme (old),
                               user != NULL ? user : g_uri_get_user (old),
                               password != NULL ? password : g_uri_get_password (old), NULL,
                               g_uri_get_host (old), g_uri_get_port (old), path, g_uri_get_query (old), NULL);
}

/* The server's URI with another database, or with another schema before all others. */
static char *
native_uri (const char *server, const char *database, const char *schema)
{
  g_autofree char *uri = places_change_uri (server, NULL, NULL, database);
  if (schema == NULL)
    return g_steal_pointer (&uri);
  g_autofree char *search = g_strconcat ("-csearch_path=", schema, NULL);
  GString *text = g_string_new (uri);
  add_option (text, "options", search);
  return g_string_free (text, FALSE);
}

/* The same as options of libdbi. */
char *
places_dbi_uri (const char *driver, const char *server, const char *database, const char *schema)
{
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_HAS_PASSWORD, NULL);
  g_autoptr (GHashTable) options = g_uri_parse_params (
      g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "", -1, "&", G_URI_PARAMS_NONE, NULL);
  const char *host = g_uri_get_host (uri), *user = g_uri_get_user (uri);
  g_autofree char *search = schema != NULL ? g_strconcat ("-csearch_path=", schema, NULL) : NULL;
  GString *text = g_string_new (NULL);
  g_string_printf (text, "dbi:%s", driver);
  g_autofree char *port = g_strdup_printf ("%d", g_uri_get_port (uri));
  add_option (text, "port", g_uri_get_port (uri) > 0 ? port : NULL);
  add_option (text, "host", host != NULL && *host != '\0' ? host : g_hash_table_lookup (options, "host"));
  add_option (text, "username", user != NULL ? user : g_hash_table_lookup (options, "user"));
  add_option (text, "password", g_uri_get_password (uri));
  add_option (text, "dbname", database != NULL ? database : g_uri_get_path (uri) + 1);
  add_option (text, "mysql_unix_socket", g_hash_table_lookup (options, "socket"));
  add_option (text, "pgsql_options", search);
  return g_string_free (text, FALSE);
}

static char *
server_uri (const Places *places, const char *database, const char *schema)
{
  const char *driver = backends[places->backend].dbi;
  return driver != NULL ? places_dbi_uri (driver, places->server, database, schema)
                        : native_uri (places->server, database, schema);
}

static char *
file_uri (const Places *places, const char *name)
{
  const char *driver = backends[places->backend].dbi;
  if (driver == NULL)
    return g_strdup_printf ("sqlite:%s/%s", places->folder, name);
  GString *text = g_string_new (NULL);
  g_string_printf (text, "dbi:%s", driver);
  add_option (text, "sqlite3_dbdir", places->folder);
  add_option (text, "dbname", name);
  return g_string_free (text, FALSE);
}

/* --- places --------------------------------------------------------------------------------------------------- */

static void run (const Places *places, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
run (const Places *places, const char *format, ...)
{
  va_list args;
  g_autoptr (GError) error = NULL;
  va_start (args, format);
  g_autofree char *sql = g_strdup_vprintf (format, args);
  va_end (args);
  if (!corm_execute (places->admin, sql, NULL, NULL, &error))
    fail_msg ("%s: %s", sql, error->message);
}

/* Why a backend is not here, as far as this build and the environment know. */
static const char *
find_missing (guint backend)
{
  const char *server = backends[backend].server;
  if (backends[backend].missing != NULL || server == NULL || g_getenv (server) != NULL)
    return backends[backend].missing;
  const char *why = g_getenv (backends[backend].no_server);
  return why != NULL ? why : "no server: see tests/README.md";
}

Places *
places_new (guint backend, const char **missing)
{
  *missing = find_missing (backend);
  if (*missing != NULL)
    return NULL;
  const char *tmp = g_getenv ("CORM_TEST_TMP");
  g_autoptr (GError) error = NULL;
  Places *places = g_new0 (Places, 1);
  places->backend = backend;
  places->server = backends[backend].server != NULL ? g_getenv (backends[backend].server) : NULL;
  places->folder = tmp != NULL ? g_strdup (tmp) : g_dir_make_tmp ("corm-suite-XXXXXX", NULL);
  g_autofree char *uri =
      places->server != NULL ? server_uri (places, NULL, NULL) : file_uri (places, "first.db");
  places->admin = corm_connection_open_uri (uri, &error);
  if (places->admin != NULL)
    return places;
  /* libdbi's driver is a package of its own. */
  if (error->code != CORM_ERROR_UNSUPPORTED || backends[backend].dbi == NULL)
    fail_msg ("%s", error->message);
  *missing = g_intern_string (error->message);
  places_free (places);
  return NULL;
}

void
places_reconnect (Places *places)
{
  g_autofree char *uri = server_uri (places, NULL, NULL);
  g_autoptr (GError) error = NULL;
  corm_connection_free (places->admin);
  places->admin = corm_connection_open_uri (uri, &error);
  if (places->admin == NULL)
    fail_msg ("%s", error->message);
}

/* --- a role that owns nothing ------------------------------------------------------------------------------------- */

static const char *const role_variables[] = { NULL, "CORM_TEST_PGSQL_ADMIN", "CORM_TEST_MYSQL_ADMIN" };

/* As the superuser. {r} is the role, {p} the place. */
static void
run_as_admin (const Places *places, const char *const *statements)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormConnection) admin =
      corm_connection_open_uri (g_getenv (role_variables[backends[places->backend].kind]), &error);
  for (; admin != NULL && *statements != NULL && error == NULL; statements++) {
    g_autoptr (GString) sql = g_string_new (*statements);
    g_string_replace (sql, "{r}", places->role, 0);
    g_string_replace (sql, "{p}", places->name != NULL ? places->name : "", 0);
    corm_execute (admin, sql->str, NULL, NULL, &error);
  }
  if (error != NULL)
    fail_msg ("%s", error->message);
}

static void
make_role (Places *places)
{
  static const char *const make[][2] = { { NULL },
                                         { "CREATE ROLE {r} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE" },
                                         { "CREATE USER {r}@localhost" } };
  places->role = g_strdup_printf ("corm_app_%d_%u", (int) getpid (), places->backend);
  run_as_admin (places, make[backends[places->backend].kind]);
}

static void
drop_role (Places *places)
{
  static const char *const drop[][3] = { { NULL },
                                         { "DROP OWNED BY {r}", "DROP ROLE {r}" },
                                         { "DROP USER {r}@localhost" } };
  run_as_admin (places, drop[backends[places->backend].kind]);
  g_clear_pointer (&places->role, g_free);
}

char *
places_lend (Places *places, const char *uri)
{
  static const char *const grants[][5] = {
    { NULL },
    { "GRANT USAGE ON SCHEMA {p} TO {r}",
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {p} TO {r}",
      "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {p} TO {r}" },
    { "GRANT SELECT, INSERT, UPDATE, DELETE ON {p}.* TO {r}@localhost" },
  };
  static const char *const users[][2] = { { "user=corm", "user=" },
                                          { "//corm:secret@", "//" },
                                          { "username=corm&password=secret", "username=" },
                                          { "username=corm", "username=" } };
  if (places->server == NULL)
    return g_strdup (uri);
  if (places->role == NULL)
    make_role (places);
  run_as_admin (places, grants[backends[places->backend].kind]);
  g_autoptr (GString) text = g_string_new (uri);
  for (guint i = 0, n = 0; n == 0; i++) {
    g_assert (i < G_N_ELEMENTS (users));
    g_autofree char *own = g_strconcat (users[i][1], places->role, i == 1 ? "@" : "", NULL);
    n = g_string_replace (text, users[i][0], own, 1);
  }
  return g_strdup (text->str);
}

static void
remove_files (const Places *places, const char *name)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = g_strconcat (places->folder, "/", name, endings[i], NULL);
    g_remove (path);
  }
}

void
places_free (Places *places)
{
  places_drop (places);
  if (places->role != NULL)
    drop_role (places);
  if (places->admin != NULL)
    corm_connection_free (places->admin);
  remove_files (places, "first.db");
  if (g_getenv ("CORM_TEST_TMP") == NULL)
    g_rmdir (places->folder);
  g_free (places->folder);
  g_free (places);
}

char *
places_take (Places *places)
{
  places_drop (places);
  places->name = g_strdup_printf ("corm_suite_%d_%u_%u", (int) getpid (), places->backend, places->n++);
  switch (backends[places->backend].kind) {
  case FILES:
    return file_uri (places, places->name);
  case SCHEMAS:
    run (places, "CREATE SCHEMA %s", places->name);
    return server_uri (places, NULL, places->name);
  case DATABASES:
    run (places, "CREATE DATABASE %s", places->name);
    return server_uri (places, places->name, NULL);
  }
  g_assert_not_reached ();
}

void
places_drop (Places *places)
{
  if (places->name == NULL)
    return;
  switch (backends[places->backend].kind) {
  case FILES:
    remove_files (places, places->name);
    break;
  case SCHEMAS:
    run (places, "DROP SCHEMA %s CASCADE", places->name);
    break;
  case DATABASES:
    run (places, "DROP DATABASE %s", places->name);
    break;
  }
  g_clear_pointer (&places->name, g_free);
}

void
places_forget (Places *places)
{
  g_clear_pointer (&places->name, g_free);
}

gboolean
places_have_server (const Places *places)
{
  return places->server != NULL;
}

gint64
places_ask_number (Places *places, CormConnection *conn)
{
  static const char *const ask[] = { NULL, "SELECT pg_backend_pid()", "SELECT connection_id()" };
  const char *sql = ask[backends[places->backend].kind];
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, &error);
  if (cursor == NULL || !corm_cursor_next (cursor, &error))
    fail_msg ("%s: %s", sql, error->message);
  return corm_cursor_get_value (cursor, 0)->i;
}

void
places_cut_number (Places *places, gint64 id)
{
  static const char *const end[] = { NULL, "SELECT pg_terminate_backend(%d)", "KILL %d" };
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  g_autoptr (GString) sql = g_string_new (end[backends[places->backend].kind]);
  g_string_replace (sql, "%d", number, 1);
  run (places, "%s", sql->str);
  g_usleep (50 * 1000);
}

void
places_cut (Places *places, CormConnection *conn)
{
  places_cut_number (places, places_ask_number (places, conn));
}
