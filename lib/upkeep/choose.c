/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the doctor, maintenance and figures share. */
#include "upkeep/choose.h"

#include "engine/connection.h"
#include "render/alter.h"

/* The globs of a list with commas: those to take and those, with '!', to leave. */
static void
split_globs (const char *text, GStrvBuilder *include, GStrvBuilder *exclude)
{
  g_auto (GStrv) globs = g_strsplit (text != NULL ? text : "", ",", -1);
  for (guint i = 0; globs[i] != NULL; i++) {
    const char *glob = g_strstrip (globs[i]);
    if (*glob == '!')
      g_strv_builder_add (exclude, glob + 1);
    else if (*glob != '\0')
      g_strv_builder_add (include, glob);
  }
}

static gboolean
matches (const GStrv globs, const char *name)
{
  for (guint i = 0; globs[i] != NULL; i++)
    if (g_pattern_match_simple (globs[i], name))
      return TRUE;
  return FALSE;
}

static gboolean
check_globs (const CormSchema *schema, const GStrv globs, GError **error)
{
  for (guint g = 0; globs[g] != NULL; g++) {
    gboolean found = FALSE;
    for (guint i = 0; !found && i < schema->tables->len; i++)
      found = g_pattern_match_simple (globs[g], ((CormTable *) schema->tables->pdata[i])->name);
    if (found)
      continue;
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "no table has a name like '%s'; \"corm inspect\" lists them", globs[g]);
    return FALSE;
  }
  return TRUE;
}

GPtrArray *
corm_choose_tables (const CormSchema *schema, const char *globs, GError **error)
{
  g_autoptr (GStrvBuilder) take = g_strv_builder_new (), leave = g_strv_builder_new ();
  split_globs (globs, take, leave);
  g_auto (GStrv) include = g_strv_builder_end (take);
  g_auto (GStrv) exclude = g_strv_builder_end (leave);
  if (!check_globs (schema, include, error))
    return NULL;
  GPtrArray *chosen = g_ptr_array_new ();
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    if ((include[0] == NULL || matches (include, table->name)) && !matches (exclude, table->name))
      g_ptr_array_add (chosen, (gpointer) table);
  }
  return chosen;
}

const CormUpkeepSql *
corm_upkeep_sql (const CormDialect *dialect)
{
  static const CormUpkeepSql nothing;
  return dialect->upkeep != NULL ? dialect->upkeep : &nothing;
}

char *
corm_upkeep_fill (const CormDialect *dialect, const char *template, const char *table, const char *column)
{
  const CormAlterParts parts = { .table = table, .name = column, .comment = table };
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  corm_render_alter (sql, dialect, template, &parts);
  return g_strdup (sql->pdata[0]);
}

CormCursor *
corm_upkeep_query (CormConnection *conn, const char *const *queries, const char *table, GError **error)
{
  for (; queries != NULL && *queries != NULL; queries++) {
    g_autoptr (GError) local = NULL;
    g_autofree char *sql = corm_upkeep_fill (corm_connection_get_dialect (conn), *queries, table, NULL);
    CormCursor *cursor = corm_query (conn, sql, NULL, &local);
    if (cursor != NULL)
      return cursor;
    if (local->code != CORM_ERROR_CONNECTION && local->code != CORM_ERROR_CANCELLED)
      continue;
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  return NULL;
}

gint64
corm_upkeep_get_number (CormCursor *cursor, guint column, gint64 none)
{
  g_autofree char *text = corm_upkeep_get_text (cursor, column);
  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : none;
}

char *
corm_upkeep_get_text (CormCursor *cursor, guint column)
{
  const CormValue *value = corm_cursor_get_value (cursor, column);
  GString *text = g_string_new (NULL);
  if (value->is_null) {
    g_string_free (text, TRUE);
    return NULL;
  }
  corm_value_append_text (value, text);
  return g_string_free (text, FALSE);
}
