/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which tables take part, and why one cannot: whatever only holds of a database as a whole (unique values, references,
 * numbers given in turn) two peers may break together without either of them doing wrong. */
#include "sync/sync.h"

#include <string.h>

void
corm_sync_table_free (gpointer data)
{
  CormSyncTable *table = data;
  g_ptr_array_unref (table->columns);
  g_free (table->trigger);
  g_free (table);
}

const CormSyncTable *
corm_sync_find_table (const CormSync *sync, const char *name)
{
  for (guint i = 0; i < sync->tables->len; i++) {
    const CormSyncTable *table = sync->tables->pdata[i];
    if (strcmp (table->table->name, name) == 0)
      return table;
  }
  return NULL;
}

const CormTableColumn *
corm_sync_find_column (const CormSyncTable *table, const char *name)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    if (strcmp (column->name, name) == 0)
      return column;
  }
  return NULL;
}

static gboolean
is_matched (const CormSync *sync, const char *name)
{
  g_auto (GStrv) globs = g_strsplit (sync->globs != NULL ? sync->globs : "*", ",", -1);
  gboolean any = FALSE, included = FALSE;
  if (g_str_has_prefix (name, "corm_"))
    return FALSE;
  for (guint i = 0; globs[i] != NULL; i++) {
    const char *glob = g_strstrip (globs[i]);
    if (*glob == '!' && g_pattern_match_simple (glob + 1, name))
      return FALSE;
    any |= *glob != '!';
    included |= *glob != '!' && g_pattern_match_simple (glob, name);
  }
  return included || !any;
}

/* NULL: nothing. */
static const char *
find_fault (const CormTable *table, const CormTableColumn *key)
{
  switch (key->type.type) {
  case CORM_TYPE_TEXT:
  case CORM_TYPE_UUID:
    break;
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    if (key->auto_increment)
      return "its key is counted up by the database, and two peers would give the same one: take a UUID";
    break;
  default:
    return "its key is neither a text nor a UUID nor a whole number";
  }
  if (table->uniques->len > 0)
    return "it has a unique constraint, which two peers may break together: take it off, or make it the key";
  for (guint i = 0; i < table->indexes->len; i++)
    if (((const CormTableIndex *) table->indexes->pdata[i])->unique)
      return "it has a unique index, which two peers may break together: take it off, or make it the key";
  if (table->foreign_keys->len > 0)
    return "it has a foreign key, and a peer may delete what another one comes to refer to: take it off, and "
           "let queries "
           "leave out what refers to nothing";
  for (guint i = 0; i < table->columns->len; i++)
    if (((const CormTableColumn *) table->columns->pdata[i])->type.type == CORM_TYPE_NONE)
      return "it has a column without a type";
  return NULL;
}

static char *
name_trigger (const CormTable *table)
{
  g_autoptr (GString) text = g_string_new ("2");
  for (guint i = 0; i < table->columns->len; i++)
    g_string_append_printf (text, "/%s", ((const CormTableColumn *) table->columns->pdata[i])->name);
  g_string_append_printf (text, "/%s/%s", table->name, table->primary_key->columns[0]);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
  return g_strdup_printf ("corm_sync_%.16s", sum);
}

static void
add_table (CormSync *sync, const CormTable *table, const CormTableColumn *key)
{
  CormSyncTable *added = g_new0 (CormSyncTable, 1);
  added->table = table;
  added->key = key;
  added->columns = g_ptr_array_new ();
  for (guint i = 0; i < table->columns->len; i++) {
    CormTableColumn *column = table->columns->pdata[i];
    if (column != key && column->generated_sql == NULL)
      g_ptr_array_add (added->columns, column);
  }
  added->trigger = name_trigger (table);
  g_ptr_array_add (sync->tables, added);
}

gboolean
corm_sync_choose_tables (CormSync *sync, GError **error)
{
  g_autoptr (GString) faults = g_string_new (NULL);
  for (guint i = 0; i < sync->schema->tables->len; i++) {
    const CormTable *table = sync->schema->tables->pdata[i];
    const CormKey *key = table->primary_key;
    if (!is_matched (sync, table->name) || (key == NULL && sync->globs == NULL))
      continue;
    const CormTableColumn *column = key != NULL && g_strv_length (key->columns) == 1
                                        ? corm_table_find_column (table, key->columns[0])
                                        : NULL;
    const char *fault = column != NULL ? find_fault (table, column) : "its primary key is not one column";
    if (fault != NULL)
      g_string_append_printf (faults, "%s%s: %s", faults->len > 0 ? "; " : "", table->name, fault);
    else
      add_table (sync, table, column);
  }
  if (faults->len == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "sync: tables that cannot be synchronised: %s; or leave the table out (\"*,!NAME\")",
               faults->str);
  return FALSE;
}
