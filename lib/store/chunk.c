/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How many rows one statement takes, and sending it. It is not kept among the prepared ones: the next has other rows. */
#include "store/chunk.h"

#include "base/error.h"
#include "value/check.h"

#ifdef CORM_TINY
enum { MAX_ROWS = 3, MAX_BYTES = 256 };
#else
enum { MAX_ROWS = 20000, MAX_BYTES = 4 * 1024 * 1024 };
#endif

enum { PLACEHOLDER_BYTES = 4 };

void
corm_chunk_init (CormChunk *chunk, CormConnection *conn, guint width, gboolean single)
{
  guint params = corm_connection_get_dialect (conn)->max_params - 1; /* one is kept for the tenant */
  gsize part = corm_connection_get_link (conn)->part_bytes;
  *chunk = (CormChunk){
    .conn = conn,
    .sql = corm_sql_new (corm_connection_get_dialect (conn)),
    .values = g_array_new (FALSE, FALSE, sizeof (CormValue)),
    .width = MAX (width, 1),
    .most_bytes = part > 0 ? MIN (part, MAX_BYTES) : MAX_BYTES,
    .most = single ? 1 : CLAMP (params / MAX (width, 1), 1, MAX_ROWS),
  };
}

void
corm_chunk_clear (CormChunk *chunk)
{
  g_clear_pointer (&chunk->sql, corm_sql_free);
  g_clear_pointer (&chunk->values, g_array_unref);
}

gboolean
corm_chunk_has_room (const CormChunk *chunk)
{
  return chunk->n_rows < chunk->most && chunk->bytes < chunk->most_bytes;
}

void
corm_chunk_add (CormChunk *chunk, const CormValue *value)
{
  chunk->bytes += PLACEHOLDER_BYTES;
  if (!value->is_null)
    chunk->bytes += corm_type_has_data (value->type) ? value->size : sizeof value->i;
  g_array_append_vals (chunk->values, value, 1);
}

static gboolean
execute (CormChunk *chunk, CormStatement *statement, GError **error)
{
  chunk->failed = chunk->n_rows;
  if (corm_statement_execute (statement, (const CormValue *) (gpointer) chunk->values->data, FALSE, error))
    return TRUE;
  guint refused = corm_connection_get_refused (chunk->conn);
  if (refused == 0 || refused > chunk->n_rows * chunk->width)
    return FALSE;
  chunk->failed = (refused - 1) / chunk->width;
  return corm_error_prefix (error, "column %s", (const char *) chunk->sql->names->pdata[refused - 1]);
}

gboolean
corm_chunk_send (CormChunk *chunk, CormChunkFunc func, gpointer data, guint64 *n_changed, GError **error)
{
  const CormValue *values = NULL;
  CormStep step;
  CormStatementSpec spec = corm_sql_get_spec (chunk->sql);
  CormStatementKey key = { .sql = spec.sql, .once = chunk->n_rows > 1 };
  g_autoptr (CormStatement) statement = corm_statement_prepare (chunk->conn, &key, &spec, error);
  if (statement == NULL || !execute (chunk, statement, error))
    return FALSE;
  while ((step = corm_statement_step (statement, &values, error)) == CORM_STEP_ROW)
    if (func != NULL && !func (values, data, error))
      return FALSE;
  *n_changed = corm_statement_get_n_changed (statement);
  return step == CORM_STEP_DONE;
}
