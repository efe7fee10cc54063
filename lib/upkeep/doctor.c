/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The doctor: the structure is read, each look asks the server, the mends run, and if there were any all is looked at
 * again. */
#include "base/error.h"
#include "engine/connection.h"
#include "upkeep/choose.h"
#include "upkeep/mend.h"

typedef gboolean (*LookFunc) (CormLook *look, const CormTable *table, GError **error);

static const LookFunc looks[] = {
  corm_look_for_orphans,         corm_look_for_duplicates,     corm_look_for_misfits,
  corm_look_for_missing_indexes, corm_look_for_double_indexes,
};

static gboolean
look_at_all (CormLook *look, const GPtrArray *tables, GError **error)
{
  if (!corm_look_for_damage (look, error))
    return FALSE;
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
  g_clear_pointer (&look->wanted, corm_schema_free);
  g_clear_pointer (&look->diagnosis, corm_diagnosis_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormLook, look_clear)

static gboolean
names_a_mend (const CormDoctorOptions *options)
{
  return options->orphans != CORM_ORPHANS_LEAVE || options->sequences || options->indexes;
}

/* What the mends left, in place of what was there before them. */
static gboolean
look_again (CormLook *look, GError **error)
{
  g_ptr_array_set_size (look->diagnosis->ailments, 0);
  g_ptr_array_set_size (look->diagnosis->unseen, 0);
  g_clear_pointer (&look->live, corm_schema_free);
  look->live = corm_schema_inspect (look->conn, error);
  if (look->live == NULL)
    return FALSE;
  g_autoptr (GPtrArray) tables = corm_choose_tables (look->live, look->options->tables, error);
  return tables != NULL && look_at_all (look, tables, error);
}

static gboolean
examine (CormLook *look, GError **error)
{
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
  look.live = corm_schema_inspect (conn, error);
  if (look.live == NULL)
    return NULL;
  if (look.options->schema != NULL) {
    look.wanted = corm_schema_canonical (conn, look.options->schema, error);
    if (look.wanted == NULL)
      return NULL;
  }
  return examine (&look, error) ? g_steal_pointer (&look.diagnosis) : NULL;
}
