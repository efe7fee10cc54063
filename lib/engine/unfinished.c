/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See unfinished.h. The tables themselves are made and kept by port/ledger.c. */
#include "engine/unfinished.h"

#include "engine/cursor.h"

#include <string.h>

static const struct {
  const char *table;
  const char *columns[5]; /* the first ones, which no table of somebody else's has together */
} ledger[] = {
  { "corm_port", { "source", "fingerprint", "began", "made", "has_tables" } },
  { "corm_port_steps", { "number", "kind", "table_name", "part", "state" } },
  { "corm_port_rejects", { "step", "line", NULL, NULL, NULL } },
};

gboolean
corm_unfinished_owns (const CormTable *table)
{
  for (guint i = 0; i < G_N_ELEMENTS (ledger); i++) {
    gboolean all = strcmp (ledger[i].table, table->name) == 0;
    for (guint c = 0; all && c < G_N_ELEMENTS (ledger[i].columns) && ledger[i].columns[c] != NULL; c++)
      all = corm_table_find_column (table, ledger[i].columns[c]) != NULL;
    if (all)
      return TRUE;
  }
  return FALSE;
}

void
corm_unfinished_leave_out (CormSchema *schema)
{
  for (guint i = schema->tables->len; i-- > 0;)
    if (corm_unfinished_owns (schema->tables->pdata[i]))
      g_ptr_array_remove_index (schema->tables, i);
}

/* Behind its last step a port drops its steps first: one without them, but with its tables, is done. */
static char *
describe (CormCursor *cursor, gboolean has_steps)
{
  g_autofree char *source = corm_cursor_dup_text (cursor, 0), *began = corm_cursor_dup_text (cursor, 1),
                  *has_tables = corm_cursor_dup_text (cursor, 2);
  if (g_strcmp0 (has_tables, "1") == 0 && !has_steps)
    return NULL;
  return g_strdup_printf ("an unfinished port of %s, begun %s: port with --resume to go on with it, or with "
                          "--restart to drop what it made and begin anew",
                          source, began);
}

gboolean
corm_unfinished_find (CormConnection *conn, const CormSchema *live, char **says, GError **error)
{
  const CormTable *whole = corm_schema_find_table (live, ledger[0].table);
  const CormTable *steps = corm_schema_find_table (live, ledger[1].table);
  g_autoptr (GError) local = NULL;
  *says = NULL;
  if (whole == NULL || !corm_unfinished_owns (whole))
    return TRUE;
  g_autoptr (CormCursor) cursor =
      corm_query (conn, "SELECT source, began, has_tables FROM corm_port", NULL, error);
  if (cursor == NULL)
    return FALSE;
  if (corm_cursor_next (cursor, &local))
    *says = describe (cursor, steps != NULL);
  else if (local == NULL)
    *says = g_strdup ("a port that was stopped before its first step: port with --restart to begin anew");
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
corm_unfinished_refuse (CormConnection *conn, const CormSchema *live, const char *who, const char *why,
                        GError **error)
{
  g_autofree char *says = NULL;
  if (!corm_unfinished_find (conn, live, &says, error))
    return FALSE;
  if (says != NULL)
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA, "%s holds %s; %s", who, says, why);
  return says == NULL;
}

gboolean
corm_port_find_unfinished (CormConnection *conn, char **says, GError **error)
{
  g_return_val_if_fail (conn != NULL && says != NULL, FALSE);
  g_autoptr (CormSchema) live = corm_schema_inspect (conn, error);
  return live != NULL && corm_unfinished_find (conn, live, says, error);
}
