/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows that point to no row, as a condition. */
#include "render/sql.h"
#include "schema/diff.h"

#include <string.h>

static void
append_column (GString *sql, const CormDialect *dialect, const char *table, const char *name)
{
  corm_sql_append_identifier (sql, dialect, table);
  g_string_append_c (sql, '.');
  corm_sql_append_identifier (sql, dialect, name);
}

static gboolean
are_there (const CormTable *table, const char *const *names)
{
  for (; names != NULL && *names != NULL; names++)
    if (corm_table_find_column (table, *names) == NULL)
      return FALSE;
  return names != NULL;
}

/* "a IS NOT NULL AND b IS NOT NULL": only then does it point at all; with MATCH FULL one is enough. */
static void
append_points (GString *sql, const CormDialect *dialect, const CormTable *table, const CormForeignKey *key)
{
  for (guint i = 0; key->columns[i] != NULL; i++) {
    g_string_append (sql, i == 0 ? "(" : key->match_full ? " OR " : " AND ");
    append_column (sql, dialect, table->name, key->columns[i]);
    g_string_append (sql, " IS NOT NULL");
  }
  g_string_append_c (sql, ')');
}

gboolean
corm_sql_append_orphans (GString *condition, const CormDialect *dialect, const CormTable *table,
                         const CormForeignKey *key, const CormTable *target)
{
  if (!are_there (table, (const char *const *) key->columns))
    return FALSE;
  append_points (condition, dialect, table, key);
  if (target == NULL)
    return TRUE;
  const char *const *targets = corm_foreign_key_targets (key, target);
  if (!are_there (target, targets) || g_strv_length ((GStrv) targets) != g_strv_length ((GStrv) key->columns))
    return FALSE;
  g_string_append (condition, " AND NOT EXISTS (SELECT 1 FROM ");
  corm_sql_append_rows_of (condition, dialect, target);
  g_string_append (condition, " AS corm_target WHERE ");
  for (guint i = 0; targets[i] != NULL; i++) {
    g_string_append (condition, i > 0 ? " AND " : "");
    append_column (condition, dialect, "corm_target", targets[i]);
    g_string_append (condition, " = ");
    append_column (condition, dialect, table->name, key->columns[i]);
  }
  g_string_append_c (condition, ')');
  return TRUE;
}
