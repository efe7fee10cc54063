/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The database and its version: migrations that lie in the program, applied when it starts; what was applied when; the way
 * back; and whether the tables are what the migrations make. */
#include "nexus.h"

#include <string.h>

#define MIGRATIONS "/corm/examples/nexus-core/migrations"

static guint
to_number (const char *version)
{
  return (guint) g_ascii_strtoull (version, NULL, 10);
}

/* --- migrations --------------------------------------------------------------------------------------------------- */

static char *
describe (Nexus *nexus, guint version, GError **error)
{
  g_autoptr (GPtrArray) list = corm_migrations_list (nexus->migrations, NULL, error);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    const CormMigrationInfo *info = list->pdata[i];
    if (to_number (info->version) == version)
      return g_strdelimit (g_strdup (info->name), "_", ' ');
  }
  return NULL;
}

/* Behind each migration, in its transaction where there is one: the table that the description asks for. */
static gboolean
record_version (CormConnection *conn, const char *text, gboolean is_down, gpointer data, GError **error)
{
  guint version = to_number (text);
  g_autofree char *description = describe (data, version, error);
  g_autofree char *now = corm_timestamp_to_text (corm_timestamp_now ());
  const CormParam which[] = { CORM_PARAM ("version", version), { 0 } };
  const CormParam row[] = { CORM_PARAM ("version", version),
                            CORM_PARAM ("now", (const char *) now),
                            CORM_PARAM ("description", (const char *) description),
                            { 0 } };
  if (is_down && version == 1) /* the table went with it */
    return TRUE;
  return corm_execute (conn, "DELETE FROM schema_version WHERE version = :version", which, NULL, error) &&
         (is_down || corm_execute (conn,
                                   "INSERT INTO schema_version (version, applied_at, description) "
                                   "VALUES (:version, :now, :description)",
                                   row, NULL, error));
}

static void
tell (const CormMigrationProgress *progress, G_GNUC_UNUSED gpointer data)
{
  if (progress->statement == 0)
    g_printerr ("%s %s %s\n", progress->is_down ? "took back" : "applied", progress->version, progress->name);
}

static gboolean
migrate (Nexus *nexus, CormDb *db, const char *target, gboolean down, GError **error)
{
  CormMigrationOptions options = { .before_run = corm_sync_pause, /* its triggers hold on to columns */
                                   .after_each = record_version,
                                   .on_progress = tell,
                                   .data = nexus };
  return down ? corm_migrations_downgrade (nexus->migrations, db, target, &options, error)
              : corm_migrations_upgrade (nexus->migrations, db, target, &options, error);
}

/* The last one that is applied. */
static gboolean
read_version (Nexus *nexus, CormDb *db, GError **error)
{
  g_autoptr (GPtrArray) list = corm_migrations_list (nexus->migrations, db, error);
  nexus->version = 0;
  for (guint i = 0; list != NULL && i < list->len; i++) {
    const CormMigrationInfo *info = list->pdata[i];
    if (info->state != CORM_MIGRATION_PENDING)
      nexus->version = to_number (info->version);
  }
  return list != NULL;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static gboolean
bring_up (Nexus *nexus, GError **error)
{
  g_autofree char *target = g_strdup_printf ("%u", nexus->client);
  g_autoptr (CormDb) db = corm_db_open (nexus->uri, NULL, error);
  return db != NULL && read_version (nexus, db, error) &&
         (nexus->manual || nexus->version >= nexus->client || migrate (nexus, db, target, FALSE, error)) &&
         read_version (nexus, db, error);
}

static gboolean
start_sync (Nexus *nexus, GError **error)
{
  static const char *const abilities[][3] = { { "tasks", NULL },
                                              { "tasks", "priority", NULL },
                                              { "tasks", "priority", "notes" } };
  const char *capabilities[4] = { NULL };
  if (nexus->version == 0)
    return TRUE;
  memcpy (capabilities, abilities[MIN (nexus->version, VERSION_NOTES) - 1], sizeof abilities[0]);
  CormSyncOptions options = { .tables = "lists,tasks,notes",
                              .version = nexus->version,
                              .capabilities = capabilities,
                              .new_peer = nexus->new_peer };
  nexus->new_peer = FALSE; /* a migration opens it once more */
  nexus->sync = corm_sync_open (nexus->db, &options, error);
  return nexus->sync != NULL;
}

gboolean
nexus_open (Nexus *nexus, GError **error)
{
  if (nexus->migrations == NULL)
    nexus->migrations = corm_migrations_open_resource (MIGRATIONS, error);
  if (nexus->migrations == NULL || !bring_up (nexus, error))
    return FALSE;
  nexus->registry = nexus->version >= VERSION_PRIORITY
                        ? corm_registry_new (error, &List_model, &Task_model, &Note_model, NULL)
                        : corm_registry_new (error, &List_model, &OldTask_model, NULL);
  const CormDbOptions options = { .pool_size = 2 }; /* one connection for the program, one for the sync */
  nexus->db =
      nexus->registry != NULL ? corm_db_open_full (nexus->uri, nexus->registry, &options, error) : NULL;
  if (nexus->db == NULL || !start_sync (nexus, error))
    return FALSE;
  nexus->conn = corm_db_connect (nexus->db, error);
  return nexus->conn != NULL;
}

void
nexus_close (Nexus *nexus)
{
  g_clear_pointer (&nexus->sync, corm_sync_free);
  g_clear_pointer (&nexus->conn, corm_connection_free);
  g_clear_pointer (&nexus->db, corm_db_free);
  g_clear_pointer (&nexus->registry, corm_registry_free);
  g_clear_pointer (&nexus->migrations, corm_migrations_free);
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

int
nexus_current (Nexus *nexus, G_GNUC_UNUSED char **arguments, G_GNUC_UNUSED GError **error)
{
  g_print ("Current schema version: %u\n", nexus->version);
  return 0;
}

int
nexus_history (Nexus *nexus, G_GNUC_UNUSED char **arguments, GError **error)
{
  if (nexus->version == 0)
    return 0;
  g_autoptr (CormCursor) cursor =
      corm_query (nexus->conn, "SELECT version, description, applied_at FROM schema_version ORDER BY version",
                  NULL, error);
  while (cursor != NULL && corm_cursor_next (cursor, error))
    g_print ("v%" G_GINT64_FORMAT ": %s (applied: %s)\n", corm_cursor_get_value (cursor, 0)->i,
             corm_cursor_get_value (cursor, 1)->data, corm_cursor_get_value (cursor, 2)->data);
  return *error != NULL;
}

/* What the program has open borrows tables that are about to change. */
static int
run_migrations (Nexus *nexus, const char *target, gboolean down, GError **error)
{
  g_autofree char *to = g_strdup (target);
  nexus_close (nexus);
  nexus->manual = TRUE;
  g_autoptr (CormDb) db = corm_db_open (nexus->uri, NULL, error);
  nexus->migrations = db != NULL ? corm_migrations_open_resource (MIGRATIONS, error) : NULL;
  if (nexus->migrations == NULL || !migrate (nexus, db, to, down, error) || !nexus_open (nexus, error))
    return 1;
  return nexus_current (nexus, NULL, error);
}

int
nexus_migrate (Nexus *nexus, char **arguments, GError **error)
{
  return run_migrations (nexus, arguments[0] != NULL ? arguments[0] : "head", FALSE, error);
}

int
nexus_downgrade (Nexus *nexus, char **arguments, GError **error)
{
  int status = run_migrations (nexus, arguments[0], TRUE, error);
  if (status == 0 && nexus->version < nexus->client)
    g_printerr ("the next command brings it up again, unless --manual or --client says otherwise\n");
  return status;
}

/* The live tables against what the migrations make in a scratch place. */
int
nexus_validate (Nexus *nexus, G_GNUC_UNUSED char **arguments, GError **error)
{
  static const char *const own[] = { "corm_*", "trigger:corm_*", "function:corm_*", NULL };
  g_autofree char *version = g_strdup_printf ("%u", nexus->version);
  g_autofree char *script = corm_migrations_to_sql (nexus->migrations, nexus->uri, NULL, version, error);
  g_autoptr (CormSchema) wanted = script != NULL ? corm_schema_from_sql (nexus->conn, script, error) : NULL;
  g_autoptr (CormSchema) live = wanted != NULL ? corm_schema_inspect (nexus->conn, error) : NULL;
  if (live == NULL)
    return 1;
  corm_schema_filter (live, NULL, own);
  g_autoptr (CormPlan) plan = corm_schema_diff (nexus->conn, live, wanted, error);
  if (plan == NULL)
    return 1;
  for (guint i = 0; i < plan->ops->len; i++)
    g_print ("differs: %s\n", ((const CormOp *) plan->ops->pdata[i])->text);
  if (plan->ops->len == 0)
    g_print ("The schema is that of version %u.\n", nexus->version);
  return plan->ops->len > 0;
}
