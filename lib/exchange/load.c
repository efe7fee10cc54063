/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rows that were kept, into their tables: a bulk load per batch, under a savepoint. A batch that the database refuses is
 * undone and tried again row by row (load-row.c). */
#include "exchange/load.h"

#include "base/error.h"
#include "render/sql.h"

#ifdef CORM_TINY
enum { BATCH_ROWS = 3 };
#else
enum { BATCH_ROWS = 5000 };
#endif

static void
load_clear (CormLoad *load)
{
  g_free (load->places);
  g_free (load->names);
  g_free (load->types);
  g_free (load->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormLoad, load_clear)

/* --- a batch --------------------------------------------------------------------------------------------------- */

/* Reads on from @place as long as the rows send the same columns; *@n rows, of which *@n_sent were sent. */
static gboolean
send_batch (CormLoad *load, CormSpoolPlace *place, guint64 *n, guint64 *n_sent, GError **error)
{
  const CormValue *row;
  g_autoptr (GError) failed = NULL;
  g_autoptr (CormBulk) bulk = NULL;
  CormSpoolPlace next = *place;
  for (*n = *n_sent = 0; *n < BATCH_ROWS; (*n)++, *place = next) {
    row = corm_spool_next (load->import->spool, &next, NULL, &failed);
    if (row != NULL && corm_twice_has (load->target, load->state->rows + *n))
      continue;
    if (row == NULL || !corm_load_shape (load, row, bulk == NULL))
      if (row == NULL || bulk != NULL)
        break;
    if (bulk == NULL && (bulk = corm_load_open_bulk (load, error)) == NULL)
      return FALSE;
    if (!corm_load_check_missing (load, row, error) ||
        !corm_bulk_row (bulk, corm_load_sent (load, row), error)) {
      *place = next;
      (*n)++;
      return FALSE;
    }
    (*n_sent)++;
  }
  if (failed != NULL) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  return bulk == NULL || corm_bulk_end_all (g_steal_pointer (&bulk), error);
}

static gboolean
repeat (CormLoad *load, CormSpoolPlace *place, guint64 n, GError **error)
{
  guint64 line = 0;
  const CormValue *row;
  guint64 updated = load->target->report->updated;
  for (guint64 i = 0; i < n; i++) {
    row = corm_spool_next (load->import->spool, place, &line, error);
    if (row == NULL ||
        (!corm_twice_has (load->target, load->state->rows + i) && !corm_load_row (load, row, line, error)))
      return FALSE;
  }
  load->one_by_one = load->target->report->updated > updated;
  return TRUE;
}

static gboolean
load_batch (CormLoad *load, CormSpoolPlace *place, guint64 *n, GError **error)
{
  guint64 n_sent = 0;
  CormSpoolPlace start = *place;
  g_autoptr (GError) why = NULL;
  if (load->one_by_one) {
    *n = MIN (BATCH_ROWS, load->target->part.n_rows - load->state->rows);
    return repeat (load, place, *n, error);
  }
  g_autoptr (CormTransaction) savepoint =
      corm_transaction_begin (load->import->conn, CORM_TRANSACTION_DEFAULT, error);
  if (savepoint == NULL)
    return FALSE;
  if (send_batch (load, place, n, &n_sent, &why) && corm_transaction_commit (savepoint, &why)) {
    load->target->report->rows += n_sent;
    return TRUE;
  }
  if (!corm_error_is_about_row (why)) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  if (!corm_transaction_rollback (savepoint, error))
    return FALSE;
  *place = start;
  return repeat (load, place, *n, error);
}

/* Rows without a key would be doubled by a second import, and nothing would tell. */
static gboolean
check_keyless (CormLoad *load, GError **error)
{
  const CormTable *table = load->target->table;
  if (load->target->n_keys > 0 || load->target->part.n_rows == 0)
    return TRUE;
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (load->import->conn));
  g_string_append (sql->text, "SELECT count(*) FROM ");
  corm_sql_append_name (sql, table->name);
  g_autoptr (CormCursor) cursor = corm_query (load->import->conn, sql->text->str, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  gint64 count = corm_cursor_get_value (cursor, 0)->i;
  if (count == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
               "%s has no primary key and holds %" G_GINT64_FORMAT
               " rows: whether those of the file are among them, nobody can tell; empty it first",
               table->name, count);
  return FALSE;
}

static gboolean
load_target (CormImport *import, CormTarget *target, CormProgress *state, GError **error)
{
  guint64 n = 0;
  g_auto (CormLoad) load = {
    .import = import,
    .target = target,
    .state = state,
    .n = G_MAXUINT,
    .places = g_new0 (guint, target->n + 1),
    .names = g_new0 (const char *, target->n + 1),
    .types = g_new0 (CormSqlType, target->n + 1),
    .values = g_new0 (CormValue, target->n + 1),
  };
  CormSpoolPlace place = corm_spool_begin (&target->part);
  state->table = target->table->name;
  state->rows_total = target->part.n_rows;
  if (!check_keyless (&load, error))
    return FALSE;
  for (state->rows = 0; state->rows < target->part.n_rows; state->rows += n, state->all_rows += n) {
    if (!load_batch (&load, &place, &n, error))
      return FALSE;
    if (import->options->progress != NULL)
      import->options->progress (state, import->options->data);
  }
  const CormDriver *driver = corm_connection_get_driver (import->conn);
  return target->part.n_rows == 0 || driver->after_load == NULL ||
         driver->after_load (import->conn, target->table, 0, error);
}

/* --- all tables ------------------------------------------------------------------------------------------------ */

static CormTarget *
find_target (const CormImport *import, const CormTable *table)
{
  for (guint i = 0; i < import->targets->len; i++)
    if (((CormTarget *) import->targets->pdata[i])->table == table)
      return import->targets->pdata[i];
  return NULL;
}

gboolean
corm_import_load (CormImport *import, GPtrArray *ordered, GError **error)
{
  CormProgress state = { .phase = CORM_PORT_ROWS };
  for (guint i = 0; i < import->targets->len; i++)
    state.all_total += ((const CormTarget *) import->targets->pdata[i])->part.n_rows;
  for (guint i = 0; i < ordered->len; i++) {
    CormTarget *target = find_target (import, ordered->pdata[i]);
    if (target != NULL && !load_target (import, target, &state, error))
      return FALSE;
  }
  return TRUE;
}
