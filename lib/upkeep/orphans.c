/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every foreign key is looked at, whether the database holds to it or not: SQLite may have had them off, PostgreSQL knows
 * keys that it never validated, and a load may have switched both off. */
#include "upkeep/orphans.h"

#include "schema/diff.h"

#include <string.h>

static gboolean
are_there (const CormTable *table, const char *const *names)
{
  for (; names != NULL && *names != NULL; names++)
    if (corm_table_find_column (table, *names) == NULL)
      return FALSE;
  return names != NULL;
}

gboolean
corm_orphans_condition (const CormLook *look, const CormTable *table, const CormForeignKey *key,
                        GString *condition)
{
  const CormTable *target = corm_look_find_table (look, look->live, key->target_table);
  return (target != NULL || look->sql->keys_dangle) &&
         corm_sql_append_orphans (condition, look->dialect, table, key, target);
}

static gboolean
has_key (const CormLook *look, const CormTable *table, const CormForeignKey *like)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    if (g_strv_equal ((const char *const *) key->columns, (const char *const *) like->columns) &&
        (strcmp (key->target_table, like->target_table) == 0 ||
         (look->dialect->names_fold && g_ascii_strcasecmp (key->target_table, like->target_table) == 0)))
      return TRUE;
  }
  return FALSE;
}

GPtrArray *
corm_orphans_keys (const CormLook *look, const CormTable *table)
{
  GPtrArray *keys = g_ptr_array_new ();
  const CormTable *wanted = corm_look_find_table (look, look->wanted, table->name);
  for (guint i = 0; i < table->foreign_keys->len; i++)
    g_ptr_array_add (keys, table->foreign_keys->pdata[i]);
  for (guint i = 0; wanted != NULL && i < wanted->foreign_keys->len; i++)
    if (!has_key (look, table, wanted->foreign_keys->pdata[i]))
      g_ptr_array_add (keys, wanted->foreign_keys->pdata[i]);
  return keys;
}

static char *
explain (const CormLook *look, const CormTable *table, const CormForeignKey *key)
{
  g_autofree char *columns = corm_look_join ((const char *const *) key->columns);
  gboolean is_there = g_ptr_array_find (table->foreign_keys, key, NULL);
  if (corm_look_find_table (look, look->live, key->target_table) == NULL)
    return g_strdup_printf ("%s points to the table %s, which is not there", columns, key->target_table);
  return g_strdup_printf ("%s points to no row of %s%s", columns, key->target_table,
                          !is_there        ? "; the key is wanted and not in the database yet"
                          : key->not_valid ? "; the key was never validated"
                                           : "");
}

/* A key that fits nothing in its target, which SQLite takes as it is written. */
static void
note_unseen (CormLook *look, const CormTable *table, const CormForeignKey *key, const char *what)
{
  if (corm_look_find_table (look, look->live, key->target_table) == NULL ||
      !are_there (table, (const char *const *) key->columns))
    return;
  g_autofree char *targets =
      key->target_columns != NULL ? corm_look_join ((const char *const *) key->target_columns) : NULL;
  g_ptr_array_add (
      look->diagnosis->unseen,
      g_strdup_printf ("%s: the key points to %s (%s), and there is no such key; mend the definition", what,
                       key->target_table, targets != NULL ? targets : "its primary key"));
}

static gboolean
look_at (CormLook *look, const CormTable *table, const CormForeignKey *key, GError **error)
{
  gint64 count;
  const char *const *columns = (const char *const *) key->columns;
  g_autofree char *list = corm_look_join (columns);
  g_autofree char *what = g_strdup_printf ("orphans of %s (%s)", table->name, list);
  g_autoptr (GString) condition = g_string_new (NULL);
  if (!corm_orphans_condition (look, table, key, condition)) {
    note_unseen (look, table, key, what);
    return TRUE;
  }
  if (!corm_look_count (look, table, condition->str, what, &count, error))
    return FALSE;
  if (count <= 0)
    return TRUE;
  CormAilment *ailment = corm_look_add (
      look, CORM_AILMENT_ORPHANS, table, columns, key->name, explain (look, table, key),
      g_strdup_printf (
          "--fix orphans=move keeps such rows in %s_orphans; =set-null keeps them where they are; "
          "=delete deletes them; or insert what is missing in %s",
          table->name, key->target_table));
  ailment->count = count;
  return corm_look_keys (look, ailment, table, condition->str, columns, error);
}

gboolean
corm_look_for_orphans (CormLook *look, const CormTable *table, GError **error)
{
  g_autoptr (GPtrArray) keys = corm_orphans_keys (look, table);
  for (guint i = 0; i < keys->len; i++)
    if (!look_at (look, table, keys->pdata[i], error))
      return FALSE;
  return TRUE;
}
