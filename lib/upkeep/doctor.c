/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The doctor: the structure is read, each look asks the server, the mends run, and if there were any all is looked at
 * again. */
#include "base/error.h"
#include "engine/connection.h"
#include "engine/unfinished.h"
#include "upkeep/choose.h"
#include "upkeep/mend.h"

typedef gboolean (*LookFunc) (CormLook *look, const CormTable *table, GError **error);

static const LookFunc looks[] = {
  corm_look_for_orphans,         corm_look_for_duplicates,     corm_look_for_misfits,
  corm_look_for_missing_indexes, corm_look_for_double_indexes,
};

static gboolean
names_a_mend (const CormDoctorOptions *options)
{
  return options->orphans != CORM_ORPHANS_LEAVE || options->sequences || options->indexes;
}

/* The structure, without the tables of a port that is not done. */
static gboolean
read_live (CormLook *look, GError **error)
{
  GError *local = NULL;
  g_clear_pointer (&look->live, corm_schema_free);
  g_clear_pointer (&look->unfinished, g_free);
  look->live = corm_schema_inspect (look->conn, error);
  if (look->live == NULL)
    return FALSE;
  if (!corm_unfinished_find (look->conn, look->live, &look->unfinished, &local)) {
    if (names_a_mend (look->options)) {
      g_propagate_error (error, local);
      return FALSE;
    }
    if (!corm_look_unseen (look, local, "whether a port is unfinished", error))
      return FALSE;
  }
  corm_unfinished_leave_out (look->live);
  return TRUE;
}

/* Rows that are on their way would be taken for orphans. */
static gboolean
check_whole (const CormLook *look, GError **error)
{
  if (look->unfinished == NULL)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA, "nothing is mended: the database holds %s",
               look->unfinished);
  return FALSE;
}

static gboolean
look_at_all (CormLook *look, const GPtrArray *tables, GError **error)
{
  if (!corm_look_for_damage (look, error))
    return FALSE;
  if (look->unfinished != NULL)
    corm_look_add (look, CORM_AILMENT_UNFINISHED_PORT, NULL, NULL, NULL, g_strdup (look->unfinished),
                   g_strdup ("until then rows, indexes and keys may be missing, and nothing is mended"));
  for (guint i = 0; i < tables->len; i++)
    for (guint n = 0; n < G_N_ELEMENTS (looks); n++)
      if (!looks[n](look, tables->pdata[i], error))
        return FALSE;
  return corm_look_for_late_sequences (look, tables, error) &&
         corm_look_for_unused_indexes (look, tables, error);
}

static void
look_clear (CormLook *look)
{
  g_clear_pointer (&look->live, corm_schema_free);
  g_clear_pointer (&look->unfinished, g_free);
  g_clear_pointer (&look->wanted, corm_schema_free);
  g_clear_pointer (&look->diagnosis, corm_diagnosis_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormLook, look_clear)

/* What the mends left, in place of what was there before them. */
static gboolean
look_again (CormLook *look, GError **error)
{
  g_ptr_array_set_size (look->diagnosis->ailments, 0);
  g_ptr_array_set_size (look->diagnosis->unseen, 0);
  if (!read_live (look, error))
    return FALSE;
  g_autoptr (GPtrArray) tables = corm_choose_tables (look->live, look->options->tables, error);
  return tables != NULL && look_at_all (look, tables, error);
}

static gboolean
examine (CormLook *look, GError **error)
{
  if (names_a_mend (look->options) && !check_whole (look, error))
    return FALSE;
  g_autoptr (GPtrArray) tables = corm_choose_tables (look->live, look->options->tables, error);
  if (tables == NULL || !look_at_all (look, tables, error))
    return FALSE;
  if (!names_a_mend (look->options))
    return TRUE;
  return corm_mend (look, tables, error) && (look->options->dry_run || look_again (look, error));
}

CormDiagnosis *
corm_doctor (CormConnection *conn, const CormDoctorOptions *options, GError **error)
{
  static const CormDoctorOptions plain;
  g_return_val_if_fail (conn != NULL, NULL);
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_auto (CormLook) look = { .conn = conn,
                             .dialect = dialect,
                             .sql = corm_upkeep_sql (dialect),
                             .options = options != NULL ? options : &plain,
                             .diagnosis = corm_diagnosis_new () };
  if (!read_live (&look, error))
    return NULL;
  if (look.options->schema != NULL) {
    look.wanted = corm_schema_canonical (conn, look.options->schema, error);
    if (look.wanted == NULL)
      return NULL;
  }
  return examine (&look, error) ? g_steal_pointer (&look.diagnosis) : NULL;
}
