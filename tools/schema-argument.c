/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SCHEMA arguments. A database speaks for itself; models, SQL files and snapshots are read in the words of a database:
 * that on the other side of the command, or an SQLite database in memory. */
#include "app.h"

#include <corm/sys/driver.h>
#include <gmodule.h>
#include <string.h>

static void
close_module (gpointer module)
{
  g_module_close (module);
}

static void
free_registry (gpointer registry)
{
  corm_registry_free (registry);
}

CormRegistry *
app_load_models (App *app, const char *path, GError **error)
{
  gpointer symbol = NULL;
  if (path == NULL || *path == '\0') {
    if (app->registry == NULL)
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "models: wants the path of a shared library, models:LIB.so, that exports corm_models");
    return app->registry;
  }
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  GModule *module = g_module_open (absolute, G_MODULE_BIND_LOCAL);
  if (module == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "models:%s: %s", path, g_module_error ());
    return NULL;
  }
  app_keep (app, module, close_module);
  if (!g_module_symbol (module, "corm_models", &symbol)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "models:%s does not export corm_models; add: CORM_EXPORT_MODELS (&…_model);", path);
    return NULL;
  }
  CormRegistry *registry = corm_registry_new_array (symbol, error);
  if (registry == NULL)
    g_prefix_error (error, "models:%s: ", path);
  else
    app_keep (app, registry, free_registry);
  return registry;
}

static gboolean
read_file (AppSchema *schema, const char *path, GError **error)
{
  gsize size = 0;
  g_autofree char *text = NULL;
  g_autoptr (GError) why = NULL;
  if (!g_file_get_contents (path, &text, &size, &why)) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_INVALID, why->message);
    return FALSE;
  }
  if (!g_utf8_validate_len (text, size, NULL)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is not UTF-8 text", path);
    return FALSE;
  }
  if (g_str_has_suffix (path, ".json"))
    schema->snapshot = corm_schema_from_json (text, error);
  else
    schema->script = g_steal_pointer (&text);
  if (schema->snapshot == NULL && schema->script == NULL)
    g_prefix_error (error, "%s: ", path);
  return schema->snapshot != NULL || schema->script != NULL;
}

AppSchema *
app_schema_open (App *app, const char *argument, GError **error)
{
  g_autoptr (AppSchema) schema = g_new0 (AppSchema, 1);
  schema->text = argument;
  if (g_str_has_prefix (argument, "models:")) {
    schema->registry = app_load_models (app, argument + strlen ("models:"), error);
    return schema->registry != NULL ? g_steal_pointer (&schema) : NULL;
  }
  if (g_str_has_prefix (argument, "file:"))
    return read_file (schema, argument + strlen ("file:"), error) ? g_steal_pointer (&schema) : NULL;
  if (g_str_has_prefix (argument, "dir:")) {
    schema->set = corm_migrations_open_folder (argument + strlen ("dir:"), error);
    return schema->set != NULL ? g_steal_pointer (&schema) : NULL;
  }
  if (strchr (argument, ':') == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "'%s' is no schema: give the URI of a database, models:LIB.so, file:SCHEMA.sql, "
                 "file:SNAPSHOT.json or "
                 "dir:FOLDER",
                 argument);
    return NULL;
  }
  CormDbOptions options = { .must_exist = true, .read_only = true };
  schema->db = corm_db_open_full (argument, NULL, &options, error);
  schema->conn = schema->db != NULL ? corm_db_connect (schema->db, error) : NULL;
  return schema->conn != NULL ? g_steal_pointer (&schema) : NULL;
}

void
app_schema_free (AppSchema *schema)
{
  g_clear_pointer (&schema->conn, corm_connection_free);
  g_clear_pointer (&schema->db, corm_db_free);
  g_clear_pointer (&schema->snapshot, corm_schema_free);
  g_clear_pointer (&schema->set, corm_migrations_free);
  g_free (schema->script);
  g_free (schema);
}

/* They run for good in a database of their own. */
static CormSchema *
migrate_in_memory (CormMigrations *set, const char *target, GError **error)
{
  g_autoptr (CormDb) db = corm_db_open ("sqlite::memory:", NULL, error);
  if (db == NULL || !corm_migrations_upgrade (set, db, target, NULL, error))
    return NULL;
  g_autoptr (CormConnection) conn = corm_db_connect (db, error);
  return conn != NULL ? corm_schema_inspect (conn, error) : NULL;
}

CormSchema *
app_schema_from_migrations (CormMigrations *set, CormConnection *conn, const char *target, GError **error)
{
  const CormLink *link = corm_connection_get_link (conn);
  if (link->driver->dialect->in_process)
    return migrate_in_memory (set, target, error);
  const char *uri = corm_uri_get_public_text (link->uri);
  g_autofree char *script = corm_migrations_to_sql (set, uri, NULL, target, error);
  /* Nobody else works there, and a scratch place may be inside a transaction. */
  g_autoptr (GRegex) online = g_regex_new ("\\bINDEX\\s+CONCURRENTLY\\b", G_REGEX_CASELESS, 0, NULL);
  g_autofree char *plain =
      script != NULL ? g_regex_replace_literal (online, script, -1, 0, "INDEX", 0, NULL) : NULL;
  return plain != NULL ? corm_schema_from_sql (conn, plain, error) : NULL;
}

CormSchema *
app_schema_read (AppSchema *schema, CormConnection *conn, const CormSchema *live, GError **error)
{
  g_autoptr (CormSchema) neutral = NULL;
  CormSchema *read;
  if (schema->set != NULL) {
    read = app_schema_from_migrations (schema->set, conn, "head", error);
  } else if (schema->script != NULL) {
    read = corm_schema_from_sql (conn, schema->script, error);
  } else {
    if (schema->registry != NULL)
      neutral = corm_schema_from_registry (schema->registry);
    else if (schema->conn != NULL)
      neutral = corm_schema_inspect (schema->conn, error);
    if (schema->conn != NULL && (neutral == NULL || schema->conn == conn))
      return g_steal_pointer (&neutral);
    const CormSchema *said = schema->snapshot != NULL ? schema->snapshot : neutral;
    read = live != NULL ? corm_schema_canonical_like (conn, said, live, error)
                        : corm_schema_canonical (conn, said, error);
  }
  if (read == NULL)
    g_prefix_error (error, "%s: ", schema->conn != NULL ? corm_db_get_uri (schema->db) : schema->text);
  return read;
}

/* Whether a glob alone leaves anything. */
static gboolean
matches (const CormSchema *schema, const char *glob)
{
  const char *const globs[] = { glob, NULL };
  g_autofree char *json = schema != NULL ? corm_schema_to_json (schema) : NULL;
  g_autoptr (CormSchema) copy = json != NULL ? corm_schema_from_json (json, NULL) : NULL;
  if (copy == NULL)
    return FALSE;
  corm_schema_filter (copy, globs, NULL);
  return copy->tables->len + copy->objects->len > 0;
}

gboolean
app_schema_filter (CormSchema *a, CormSchema *b, const GStrv include, const GStrv exclude, GError **error)
{
  for (guint i = 0; include != NULL && include[i] != NULL; i++) {
    if (matches (a, include[i]) || matches (b, include[i]))
      continue;
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "--include %s: no table, view or other object has such a name; corm inspect lists them",
                 include[i]);
    return FALSE;
  }
  corm_schema_filter (a, (const char *const *) include, (const char *const *) exclude);
  if (b != NULL)
    corm_schema_filter (b, (const char *const *) include, (const char *const *) exclude);
  return TRUE;
}

static void
free_connection (gpointer conn)
{
  corm_connection_free (conn);
}

static void
free_db (gpointer db)
{
  corm_db_free (db);
}

CormConnection *
app_scratch_connection (App *app, GError **error)
{
  CormDb *db = corm_db_open ("sqlite::memory:", NULL, error);
  if (db == NULL)
    return NULL;
  app_keep (app, db, free_db);
  CormConnection *conn = corm_db_connect (db, error);
  if (conn != NULL)
    app_keep (app, conn, free_connection);
  return conn;
}

/* The file that a URI of SQLite names; NULL: none, or not in so many words. */
static char *
sqlite_file (const char *uri)
{
  static const char *const heads[] = { "sqlite://", "sqlite:", "dbi:sqlite3?path=" };
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
    if (!g_str_has_prefix (uri, heads[i]))
      continue;
    const char *path = uri + strlen (heads[i]);
    g_autofree char *part = g_strndup (path, strcspn (path, "?&"));
    return g_uri_unescape_string (part, NULL);
  }
  return NULL;
}

CormDb *
app_open_unchanged (const char *uri, const CormDbOptions *options, GError **error)
{
  CormDbOptions how = *options;
  g_autofree char *path = sqlite_file (uri);
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
  gboolean is_new = path != NULL && *path != '\0' && strcmp (path, ":memory:") != 0 &&
                    !g_file_test (path, G_FILE_TEST_EXISTS) && g_file_test (folder, G_FILE_TEST_IS_DIR);
  how.must_exist = true;
  return corm_db_open_full (is_new ? "sqlite::memory:" : uri, NULL, &how, error);
}
