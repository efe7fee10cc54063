/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the database itself says: that it is damaged, that nobody reads an index. */
#include "upkeep/look.h"
#include "upkeep/choose.h"

#include "base/error.h"
#include "render/ddl.h"

#include <string.h>

enum { ENOUGH_READS = 100 }; /* of a table, before an index of it counts as unused */

static char *
repair_text (const CormLook *look)
{
  const CormUri *uri = corm_connection_get_link (look->conn)->uri;
  const char *database = corm_uri_get_database (uri);
  g_autoptr (GString) text =
      g_string_new (look->sql->repair != NULL ? look->sql->repair : "restore a backup");
  g_autofree char *quoted = g_shell_quote (database != NULL ? database : "the database");
  g_string_replace (text, "{c}", quoted, 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A line of the answer; headings say nothing. */
static void
add_line (CormLook *look, CormAilment **ailment, const char *line)
{
  if (*line == '\0' || strcmp (line, "ok") == 0 || g_str_has_prefix (line, "***"))
    return;
  if (*ailment == NULL)
    *ailment = corm_look_add (look, CORM_AILMENT_DAMAGE, NULL, NULL, NULL,
                              g_strdup ("the database finds itself damaged"), repair_text (look));
  (*ailment)->count++;
  if ((*ailment)->keys->len < corm_look_n_keys (look))
    g_ptr_array_add ((*ailment)->keys, g_utf8_make_valid (line, -1));
}

/* Where the damage is bad enough, the check itself breaks off. */
gboolean
corm_look_for_damage (CormLook *look, GError **error)
{
  GError *local = NULL;
  CormAilment *ailment = NULL;
  if (look->sql->integrity == NULL)
    return TRUE;
  g_autoptr (CormCursor) cursor = corm_query (look->conn, look->sql->integrity, NULL, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local)) {
    g_autofree char *text = corm_upkeep_get_text (cursor, 0);
    g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
      add_line (look, &ailment, lines[i]);
  }
  if (local == NULL || !corm_error_may_be_damage (local))
    return local == NULL || corm_look_unseen (look, local, "whether the database is damaged", error);
  if (ailment == NULL)
    add_line (look, &ailment, local->message);
  g_error_free (local);
  return TRUE;
}

/* --- unused indexes ---------------------------------------------------------------------------------------------------- */

static const CormTableIndex *
find_index (const CormTable *table, const char *name)
{
  for (guint i = 0; table != NULL && i < table->indexes->len; i++) {
    const CormTableIndex *index = table->indexes->pdata[i];
    if (g_strcmp0 (index->name, name) == 0)
      return index;
  }
  return NULL;
}

/* It holds something, or a foreign key leans on it: reads are not what it is for. */
static gboolean
has_another_use (const CormTable *table, const CormTableIndex *index)
{
  const CormIndexPart *first = index->parts->len > 0 ? index->parts->pdata[0] : NULL;
  for (guint i = 0; first != NULL && i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    if (g_strcmp0 (key->index, index->name) == 0 ||
        g_strv_contains ((const char *const *) key->columns, first->sql))
      return TRUE;
  }
  return index->unique || index->invalid;
}

static void
look_at_index (CormLook *look, const GPtrArray *tables, CormCursor *cursor)
{
  g_autofree char *table_name = corm_upkeep_get_text (cursor, 0), *name = corm_upkeep_get_text (cursor, 1);
  const CormTable *table = corm_look_find_table (look, look->live, table_name);
  const CormTableIndex *index = find_index (table, name);
  gint64 all = corm_upkeep_get_number (cursor, 3, 0);
  if (table == NULL || index == NULL || corm_upkeep_get_number (cursor, 2, -1) != 0 || all < ENOUGH_READS ||
      has_another_use (table, index) || !g_ptr_array_find ((GPtrArray *) tables, table, NULL))
    return;
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) columns = corm_look_index_columns (index);
  corm_render_drop_index (sql, look->dialect, table, index->name);
  corm_look_add (
      look, CORM_AILMENT_UNUSED_INDEX, table, (const char *const *) columns, index->name,
      g_strdup_printf ("never read, in %" G_GINT64_FORMAT
                       " reads of the table since the server began to count; every write pays for it",
                       all),
      g_strdup_printf ("when no yearly job and no replica reads it: %s", (char *) sql->pdata[0]));
}

/* An index that was not built to its end. */
static void
look_for_invalid (CormLook *look, const CormTable *table)
{
  for (guint i = 0; i < table->indexes->len; i++) {
    const CormTableIndex *index = table->indexes->pdata[i];
    if (!index->invalid)
      continue;
    g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
    g_auto (GStrv) columns = corm_look_index_columns (index);
    corm_render_drop_index (sql, look->dialect, table, index->name);
    corm_look_add (look, CORM_AILMENT_UNUSED_INDEX, table, (const char *const *) columns, index->name,
                   g_strdup ("it was not built to its end: no query reads it, every write pays for it"),
                   g_strdup_printf ("%s, and make it again", (char *) sql->pdata[0]));
  }
}

/* The first query that the database answers with anything. None: it does not count, or not for this role. */
gboolean
corm_look_for_unused_indexes (CormLook *look, const GPtrArray *tables, GError **error)
{
  const char *const *queries = look->sql->index_use;
  for (guint i = 0; i < tables->len; i++)
    look_for_invalid (look, tables->pdata[i]);
  for (; queries != NULL && *queries != NULL; queries++) {
    g_autoptr (GError) local = NULL;
    g_autoptr (CormCursor) cursor = corm_query (look->conn, *queries, NULL, &local);
    gboolean answered = FALSE;
    while (cursor != NULL && corm_cursor_next (cursor, &local)) {
      look_at_index (look, tables, cursor);
      answered = TRUE;
    }
    if (local == NULL && answered)
      return TRUE;
    if (local == NULL)
      continue;
    if (g_error_matches (local, CORM_ERROR, CORM_ERROR_CONNECTION)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  }
  return TRUE;
}
