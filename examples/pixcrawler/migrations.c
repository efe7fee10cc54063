/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The files of the folder migrations, compiled in, and what is looked at before one of them runs. */
#include "migrations.h"

#include <string.h>

/* 003 makes foreign keys: rows that point to no row would stop it, on MariaDB in the middle. So they are looked for first,
 * and all of them are named. */
static gboolean
refuse_orphans (CormConnection *conn, const char *version, gboolean is_down, gpointer registry,
                GError **error)
{
  if (is_down || strcmp (version, "003") != 0)
    return TRUE;
  g_autoptr (CormSchema) wanted = corm_schema_from_registry (registry);
  const CormDoctorOptions look = { .schema = wanted };
  g_autoptr (CormDiagnosis) diagnosis = corm_doctor (conn, &look, error);
  g_autoptr (GString) list = g_string_new (NULL);
  for (guint i = 0; diagnosis != NULL && i < diagnosis->ailments->len; i++) {
    const CormAilment *ailment = diagnosis->ailments->pdata[i];
    if (ailment->kind != CORM_AILMENT_ORPHANS)
      continue;
    g_string_append_printf (list, "\n  %s.%s: %d", ailment->table, ailment->columns[0], (int) ailment->count);
    for (guint k = 0; k < ailment->keys->len; k++)
      g_string_append_printf (list, "%s %s", k == 0 ? ":" : ",", (const char *) ailment->keys->pdata[k]);
  }
  if (diagnosis == NULL || list->len == 0)
    return diagnosis != NULL;
  g_set_error (error, CORM_ERROR, CORM_ERROR_FOREIGN_KEY,
               "rows point to no row:%s\nnothing was changed; \"doctor --models models: --fix orphans=move\" "
               "keeps them "
               "in tables of their own, orphans=delete deletes them",
               list->str);
  return FALSE;
}

CormMigrations *
pix_migrations_open (CormRegistry *registry, GError **error)
{
  const CormMigrationOptions hooks = { .before_each = refuse_orphans, .data = registry };
  CormMigrations *migrations = corm_migrations_open_resource ("/org/example/pixcrawler/migrations", error);
  if (migrations != NULL)
    corm_migrations_set_hooks (migrations, &hooks);
  return migrations;
}
