/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What gives automatic keys, against the keys that are there: a load, or a hand, may have gone past it. */
#include "upkeep/sequences.h"
#include "upkeep/choose.h"

#include "render/alter.h"

static void
next_key_free (gpointer data)
{
  CormNextKey *key = data;
  g_free (key->table);
  g_free (key->column);
  g_free (key->sequence);
  g_free (key);
}

static const CormTableColumn *
find_column (const CormLook *look, const CormTable *table, const CormNextKey *key)
{
  if (key->column != NULL)
    return corm_look_find_column (look, table, key->column);
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    if (column->auto_increment)
      return column;
  }
  return NULL;
}

/* The last key of the column; 0 where there is none. */
static gboolean
last_key (CormLook *look, const CormTable *table, const CormTableColumn *column, gint64 *last, GError **error)
{
  GError *local = NULL;
  g_autoptr (GString) sql = g_string_new ("SELECT max(");
  *last = 0;
  corm_look_append_name (look, sql, NULL, column->name);
  g_string_append (sql, ") FROM ");
  corm_sql_append_identifier (sql, look->dialect, table->name);
  g_auto (CormSight) sight = { 0 };
  if (corm_sight_open (&sight, look, sql->str, &local) && corm_cursor_next (sight.cursor, &local))
    *last = corm_upkeep_get_number (sight.cursor, 0, 0);
  corm_sight_clear (&sight);
  g_autofree char *what = g_strdup_printf ("the last key of %s", table->name);
  return local == NULL || corm_look_unseen (look, local, what, error);
}

static char *
set_sql (const CormLook *look, const CormTable *table, const CormNextKey *key, gint64 last)
{
  g_autofree char *taken = g_strdup_printf ("%" G_GINT64_FORMAT, last);
  g_autofree char *next = g_strdup_printf ("%" G_GINT64_FORMAT, last + 1);
  const CormAlterParts parts = { .table = table->name,
                                 .comment = key->sequence != NULL ? key->sequence : table->name,
                                 .value = taken,
                                 .convert = next };
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  corm_render_alter (sql, look->dialect, look->sql->set_next, &parts);
  return g_strdup (sql->pdata[0]);
}

/* Behind the last possible key nothing comes. */
static gboolean
look_at (CormLook *look, const CormTable *table, const CormNextKey *key, CormLateFunc late, gpointer data,
         GError **error)
{
  gint64 last;
  const CormTableColumn *column = find_column (look, table, key);
  if (column == NULL)
    return TRUE;
  if (!last_key (look, table, column, &last, error))
    return FALSE;
  if (last < key->next || last == G_MAXINT64)
    return TRUE;
  CormLate found = { table, column, key, last, set_sql (look, table, key, last) };
  gboolean ok = late (look, &found, data, error);
  g_free (found.sql);
  return ok;
}

gboolean
corm_sequences_each_late (CormLook *look, const GPtrArray *tables, CormLateFunc late, gpointer data,
                          GError **error)
{
  GError *local = NULL;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (next_key_free);
  if (look->sql->next_keys == NULL)
    return TRUE;
  if (!look->sql->next_keys (look->conn, keys, &local))
    return corm_look_unseen (look, local, "what gives automatic keys", error);
  for (guint i = 0; i < keys->len; i++) {
    const CormNextKey *key = keys->pdata[i];
    const CormTable *table = corm_look_find_table (look, look->live, key->table);
    if (table != NULL && g_ptr_array_find ((GPtrArray *) tables, table, NULL) &&
        !look_at (look, table, key, late, data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
report (CormLook *look, const CormLate *late, G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED GError **error)
{
  const char *const columns[] = { late->column->name, NULL };
  CormAilment *ailment =
      corm_look_add (look, CORM_AILMENT_SEQUENCE_BEHIND, late->table, columns, late->key->sequence,
                     g_strdup_printf ("the next automatic key is %" G_GINT64_FORMAT
                                      ", and keys up to %" G_GINT64_FORMAT " are taken",
                                      late->key->next, late->last),
                     g_strdup_printf ("--fix sequences: %s", late->sql));
  ailment->count = late->last - late->key->next + 1;
  g_ptr_array_add (ailment->keys, g_strdup_printf ("%s=%" G_GINT64_FORMAT, late->column->name, late->last));
  return TRUE;
}

gboolean
corm_look_for_late_sequences (CormLook *look, const GPtrArray *tables, GError **error)
{
  return corm_sequences_each_late (look, tables, report, NULL, error);
}
