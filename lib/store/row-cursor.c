/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows one by one: the same struct is filled again for each. */
#include "store/row-cursor.h"

#include "base/error.h"

static void
row_cursor_free (gpointer data)
{
  CormRowCursor *cursor = data;
  corm_arena_free (cursor->arena);
  corm_result_clear (&cursor->result);
  g_clear_pointer (&cursor->own, corm_arena_free);
  g_free (cursor->row);
  g_free (cursor);
}

CormCursor *
corm_row_cursor_new (CormStatement *statement, const CormModel *model, const CormResult *result,
                     CormArena *own)
{
  CormCursor *cursor = corm_cursor_new (statement);
  CormRowCursor *data = g_new0 (CormRowCursor, 1);
  data->model = model;
  data->result = *result;
  data->arena = corm_arena_new ();
  data->own = own;
  data->row = g_malloc0 (model->size);
  corm_cursor_set_data (cursor, data, row_cursor_free);
  return cursor;
}

gconstpointer
corm_cursor_next_row (CormCursor *cursor, const CormModel *model, GError **error)
{
  CormRowCursor *data = corm_cursor_get_data (cursor);
  g_return_val_if_fail (model != NULL, NULL);
  if (data == NULL || corm_model_resolve (data->model) != corm_model_resolve (model)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "the cursor is not one of corm_cursor (%s, …): its rows are of %s", model->type,
                 data != NULL ? data->model->type : "no model; read them with corm_cursor_next()");
    return NULL;
  }
  if (!corm_cursor_next (cursor, error)) {
    corm_error_prefix (error, "select from %s", data->model->table);
    return NULL;
  }
  corm_arena_clear (data->arena);
  memset (data->row, 0, data->model->size);
  if (!corm_result_fill (&data->result, data->row, corm_cursor_get_row (cursor), data->arena, error)) {
    corm_error_prefix (error, "select from %s", data->model->table);
    return NULL;
  }
  return data->row;
}
