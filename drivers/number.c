/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Automatic keys: which column has them, and a number that a database is asked for. */
#include "dialects.h"

const CormTableColumn *
corm_driver_numbered_column (const CormTable *table)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    if (column->auto_increment)
      return column;
  }
  return NULL;
}

gboolean
corm_driver_ask_number (CormConnection *conn, const char *sql, const CormParam *params, gint64 *number,
                        GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, params, error);
  *number = 0;
  if (cursor == NULL)
    return FALSE;
  if (corm_cursor_next (cursor, &why)) {
    g_autoptr (GString) text = g_string_new (NULL);
    const CormValue *value = corm_cursor_get_value (cursor, 0);
    if (!value->is_null)
      corm_value_append_text (value, text);
    *number = g_ascii_strtoll (text->str, NULL, 10);
  }
  if (why == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}
