/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The connection, the session scope, and the commands about the schema: init, migrate, reset, test, create, check. */
#include "morag.h"

#include <stdio.h>
#include <string.h>

static gboolean force;

/* --- connections and sessions ------------------------------------------------------------------------------------- */

static void
tell_statement (const char *sql, G_GNUC_UNUSED gpointer data)
{
  g_printerr ("sql: %s\n", sql);
}

CormDb *
morag_open (const char *uri, CormRegistry *registry, GError **error)
{
  const char *debug = g_getenv ("SQL_DEBUG");
  CormDbOptions options = {
    .pool_size = 10, .pool_overflow = 20, .idle_check_ms = 1, .max_age_ms = 3600 * 1000
  };
  if (debug != NULL && g_ascii_strcasecmp (debug, "true") == 0)
    options.on_statement = tell_statement;
  return corm_db_open_full (uri, registry, &options, error);
}

typedef struct {
  MoragWork work;
  gpointer data;
} Scope;

static gboolean
work_in_session (CormConnection *conn, gpointer data, GError **error)
{
  const Scope *scope = data;
  g_autoptr (CormSession) session = corm_session_new (conn);
  return scope->work (session, scope->data, error) && corm_session_commit (session, error);
}

gboolean
morag_in_session (CormDb *db, MoragWork work, gpointer data, GError **error)
{
  Scope scope = { work, data };
  CormTransactOptions options = { .isolation = CORM_ISOLATION_SERIALIZABLE };
  return corm_transact (db, work_in_session, &scope, &options, error);
}

/* --- migrations ------------------------------------------------------------------------------------------------------ */

static char *
describe (CormMigrations *set, const char *version)
{
  g_autoptr (GPtrArray) list = corm_migrations_list (set, NULL, NULL);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    const CormMigrationInfo *info = list->pdata[i];
    if (strcmp (info->version, version) == 0)
      return g_strdelimit (g_strdup (info->name), "_", ' ');
  }
  return NULL;
}

/* In the migration's transaction: behind its statements, or in front of those that take it back. */
static gboolean
record (CormConnection *conn, const char *version, G_GNUC_UNUSED gboolean is_down, gpointer set,
        GError **error)
{
  g_autofree char *description = describe (set, version);
  SchemaMigration row = { .version = version, .description = description };
  return is_down || schema_migration_upsert (conn, &row, error);
}

static gboolean
strike (CormConnection *conn, const char *version, gboolean is_down, G_GNUC_UNUSED gpointer set,
        GError **error)
{
  SchemaMigration row = { .version = version };
  return !is_down || schema_migration_delete (conn, &row, error);
}

static void
tell_migration (const CormMigrationProgress *progress, G_GNUC_UNUSED gpointer data)
{
  if (progress->statement == 0)
    g_print ("%s %s %s\n", progress->is_down ? "down" : "up", progress->version, progress->name);
}

static gboolean
migrate_to (Morag *morag, const char *target, GError **error)
{
  g_autoptr (CormMigrations) set = corm_migrations_open_folder (morag->folder, error);
  CormMigrationOptions options = {
    .after_each = record, .before_each = strike, .on_progress = tell_migration, .data = set
  };
  if (set == NULL)
    return FALSE;
  return strcmp (target, "base") == 0 ? corm_migrations_downgrade (set, morag->db, target, &options, error)
                                      : corm_migrations_upgrade (set, morag->db, target, &options, error);
}

/* --- commands -------------------------------------------------------------------------------------------------------- */

static gboolean
test (Morag *morag, GError **error)
{
  g_autoptr (CormConnection) conn = corm_db_connect (morag->db, error);
  if (conn == NULL || !corm_connection_ping (conn, error))
    return FALSE;
  g_print ("%s\n", corm_connection_get_server (conn));
  return TRUE;
}

static gboolean
migrate (Morag *morag, GError **error)
{
  return migrate_to (morag, "head", error);
}

static gboolean
init (Morag *morag, GError **error)
{
  return test (morag, error) && migrate (morag, error);
}

static const GOptionEntry reset_options[] = {
  { "force", 0, 0, G_OPTION_ARG_NONE, &force, "Without asking", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
reset (Morag *morag, GError **error)
{
  char answer[8] = "";
  if (!force) {
    g_print ("This will delete all data. Are you sure? (yes/no): ");
    fflush (stdout);
    if (fgets (answer, sizeof answer, stdin) == NULL || strcmp (g_strchomp (answer), "yes") != 0) {
      g_print ("cancelled\n");
      return FALSE;
    }
  }
  return migrate_to (morag, "base", error) && migrate_to (morag, "head", error);
}

/* The library's verbs do these two; status 1 of check: models and migrations differ. */
static gboolean
create (Morag *morag, G_GNUC_UNUSED GError **error)
{
  const char *argv[] = { "morag", "revision", "--dir", morag->folder, "-m", morag->args[0], NULL };
  return corm_main (G_N_ELEMENTS (argv) - 1, (char **) argv, morag->registry, NULL) == 0;
}

static gboolean
check (Morag *morag, G_GNUC_UNUSED GError **error)
{
  const char *argv[] = { "morag", "diff", morag->uri, "models:", "--exclude", "corm_migrations", NULL };
  return corm_main (G_N_ELEMENTS (argv) - 1, (char **) argv, morag->registry, NULL) == 0;
}

const MoragCommand database_commands[] = {
  { .name = "test", .summary = "Does the database answer?", .run = test },
  { .name = "init", .summary = "The same, and migrate", .run = init },
  { .name = "migrate", .summary = "Run the migrations that the database lacks", .run = migrate },
  { .name = "reset",
    .summary = "Drop all tables and make them anew; asks first",
    .options = reset_options,
    .run = reset },
  { .name = "create", .arguments = "TEXT", .summary = "A new migration file", .n_args = 1, .run = create },
  { .name = "check", .summary = "Are the tables what the program's models say?", .run = check },
  { 0 },
};
