/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A cursor: holds its statement, and with it the connection, from the first row until it is freed. */
#include "engine/cursor.h"

struct _CormCursor {
  CormStatement *statement;
  const CormValue *row;
  gboolean ended;
  GStrv names; /* NULL: the database's */
  gpointer data;
  GDestroyNotify free_data;
};

CormCursor *
corm_cursor_new (CormStatement *statement)
{
  CormCursor *cursor = g_new0 (CormCursor, 1);
  cursor->statement = statement;
  corm_statement_hold (statement);
  return cursor;
}

void
corm_cursor_free (CormCursor *cursor)
{
  if (cursor == NULL)
    return;
  if (cursor->free_data != NULL)
    cursor->free_data (cursor->data);
  corm_statement_release (cursor->statement);
  g_strfreev (cursor->names);
  g_free (cursor);
}

void
corm_cursor_set_data (CormCursor *cursor, gpointer data, GDestroyNotify free_data)
{
  if (cursor->free_data != NULL)
    cursor->free_data (cursor->data);
  cursor->data = data;
  cursor->free_data = free_data;
}

gpointer
corm_cursor_get_data (CormCursor *cursor)
{
  return cursor->data;
}

void
corm_cursor_set_names (CormCursor *cursor, char **names)
{
  g_strfreev (cursor->names);
  cursor->names = names;
}

guint
corm_cursor_get_n_columns (CormCursor *cursor)
{
  g_return_val_if_fail (cursor != NULL, 0);
  return corm_statement_get_n_columns (cursor->statement);
}

const char *
corm_cursor_get_name (CormCursor *cursor, guint column)
{
  g_return_val_if_fail (cursor != NULL, NULL);
  g_return_val_if_fail (column < corm_statement_get_n_columns (cursor->statement), NULL);
  return cursor->names != NULL ? cursor->names[column]
                               : corm_statement_get_column_name (cursor->statement, column);
}

gboolean
corm_cursor_next (CormCursor *cursor, GError **error)
{
  g_return_val_if_fail (cursor != NULL, FALSE);
  cursor->row = NULL;
  if (cursor->ended)
    return FALSE;
  CormStep step = corm_statement_step (cursor->statement, &cursor->row, error);
  cursor->ended = step != CORM_STEP_ROW;
  return step == CORM_STEP_ROW;
}

const CormValue *
corm_cursor_get_row (CormCursor *cursor)
{
  return cursor->row;
}

const CormValue *
corm_cursor_get_value (CormCursor *cursor, guint column)
{
  g_return_val_if_fail (cursor != NULL && cursor->row != NULL, NULL);
  g_return_val_if_fail (column < corm_statement_get_n_columns (cursor->statement), NULL);
  return &cursor->row[column];
}

char *
corm_cursor_dup_text (CormCursor *cursor, guint column)
{
  const CormValue *value = corm_cursor_get_value (cursor, column);
  if (value == NULL || value->is_null)
    return NULL;
  GString *text = g_string_new (NULL);
  corm_value_append_text (value, text);
  return g_string_free (text, FALSE);
}
