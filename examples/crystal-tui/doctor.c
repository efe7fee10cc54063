/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Commands about the database itself: its version, and what ails it. */
#include "crystal.h"

/* --- version, create-v1 ----------------------------------------------------------------------------------------------- */

static gboolean
show_version (Crystal *crystal, GError **error)
{
  gint32 version = 0;
  if (!crystal_get_version (crystal->conn, &version, error))
    return FALSE;
  g_print ("%d\n", version);
  return TRUE;
}

static gboolean
create_v1 (Crystal *crystal, GError **error)
{
  CormDb *db = crystal_open (crystal->uri, crystal_v1_models, 1, crystal->verbose, error);
  if (db != NULL)
    corm_db_free (db);
  return db != NULL;
}

/* --- doctor ------------------------------------------------------------------------------------------------------------ */

/* What the next start will add: tables, columns, indexes. */
static gboolean
look_for_missing (CormDb *db, gboolean *is_whole, GError **error)
{
  g_autoptr (CormPlan) plan = corm_db_plan (db, error);
  for (guint i = 0; plan != NULL && i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    g_print ("%s: %s\n", op->kind == CORM_OP_DIFFERS ? "differs" : "missing", op->text);
    *is_whole &= op->kind == CORM_OP_DIFFERS;
  }
  if (plan != NULL && !*is_whole)
    g_print ("  the next command adds what is missing; nothing that is there changes\n");
  return plan != NULL;
}

/* A row that points nowhere has to be refused; what becomes of it is undone. */
static gboolean
look_at_foreign_keys (CormConnection *conn, gboolean *is_well, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  g_autoptr (CormTransaction) trial = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  RemoteJob nowhere = { .job_id = -1, .cluster_id = -1, .remote_handle = "", .working_directory = "" };
  if (trial == NULL)
    return FALSE;
  gboolean enforced = !remote_job_insert (conn, &nowhere, &refusal) &&
                      g_error_matches (refusal, CORM_ERROR, CORM_ERROR_FOREIGN_KEY);
  g_print ("foreign keys: %s\n", enforced ? "enforced" : "not enforced");
  *is_well &= enforced;
  return TRUE;
}

/* What the library finds: orphans, values outside their words, and advice about indexes, which is no ailment of rows. The
 * keys of schema_version come from the program, so that their numbering does not matter. */
static gboolean
look_at_rows (CormDb *db, CormConnection *conn, gboolean *is_well, GError **error)
{
  g_autoptr (CormSchema) models = corm_schema_from_registry (corm_db_get_registry (db));
  CormDoctorOptions options = { .schema = models, .tables = "!schema_version" };
  g_autoptr (CormDiagnosis) found = corm_doctor (conn, &options, error);
  for (guint i = 0; found != NULL && i < found->ailments->len; i++) {
    const CormAilment *ailment = found->ailments->pdata[i];
    gboolean is_advice = ailment->kind >= CORM_AILMENT_MISSING_INDEX;
    g_print ("%s%s %s: %s\n", is_advice ? "advice: " : "", corm_ailment_kind_name (ailment->kind),
             ailment->table != NULL ? ailment->table : "", ailment->reason);
    for (guint k = 0; k < ailment->keys->len; k++)
      g_print ("  %s\n", (char *) ailment->keys->pdata[k]);
    *is_well &= is_advice;
  }
  return found != NULL;
}

static gboolean
list_indexes (CormConnection *conn, GError **error)
{
  g_autoptr (CormSchema) schema = corm_schema_inspect (conn, error);
  for (guint t = 0; schema != NULL && t < schema->tables->len; t++) {
    const CormTable *table = schema->tables->pdata[t];
    for (guint i = 0; i < table->indexes->len; i++)
      g_print ("index: %s of %s\n", ((CormTableIndex *) table->indexes->pdata[i])->name, table->name);
  }
  return schema != NULL;
}

static gboolean
doctor (Crystal *crystal, GError **error)
{
  gboolean is_whole = TRUE, is_well = TRUE;
  CormDbOptions options = { .pool_size = 2, .must_exist = true };
  g_autoptr (CormRegistry) registry = corm_registry_new_array (crystal_models, error);
  g_autoptr (CormDb) db =
      registry != NULL ? corm_db_open_full (crystal->uri, registry, &options, error) : NULL;
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  if (conn == NULL || !list_indexes (conn, error) || !look_for_missing (db, &is_whole, error) ||
      (is_whole && !look_at_foreign_keys (conn, &is_well, error)) ||
      !look_at_rows (db, conn, &is_well, error))
    return FALSE;
  return is_whole && is_well;
}

const CrystalCommand doctor_commands[] = {
  { .name = "version", .summary = "Of the database, behind the upgrade", .run = show_version },
  { .name = "create-v1",
    .summary = "A database as version 1 made it, to see it upgraded",
    .opens_itself = TRUE,
    .run = create_v1 },
  { .name = "doctor",
    .summary = "Indexes, what is missing, foreign keys, rows; changes nothing; status 1 when something ails",
    .opens_itself = TRUE,
    .run = doctor },
  { 0 },
};
