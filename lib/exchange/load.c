/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rows that were kept, into their tables: a bulk load per batch, under a savepoint. A batch that the database refuses is
 * undone and tried again row by row; then the row that it refuses has a name, and with upsert the row that is there
 * already takes the new values. No SQL here knows what an upsert is called in which database. */
#include "config.h"

#include "base/error.h"
#include "engine/bulk.h"
#include "engine/statement.h"
#include "exchange/target.h"
#include "render/sql.h"

#include <string.h>

#ifdef CORM_TINY
enum { BATCH_ROWS = 3 };
#else
enum { BATCH_ROWS = 5000 };
#endif

typedef struct {
  CormImport *import;
  CormTarget *target;
  CormProgress *state;
  guint n; /* columns that are sent, */
  guint *places;
  const char **names;
  CormSqlType *types;
  CormValue *values;
  gboolean one_by_one; /* the last batch held rows that are there already */
  const char *missing; /* column for want of which the row can't be inserted */
} Load;

static void
load_clear (Load *load)
{
  g_free (load->places);
  g_free (load->names);
  g_free (load->types);
  g_free (load->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Load, load_clear)

/* As it is sent: a column about which nothing is said keeps each value as it is. */
static CormSqlType
type_of (const CormTableColumn *column)
{
  return corm_form_is_untyped (column) ? (CormSqlType){ .type = CORM_TYPE_NONE } : column->type;
}

/* The data's fault, not the connection's. */
static gboolean
is_about_data (const GError *error)
{
  return error->domain == CORM_ERROR &&
         (error->code == CORM_ERROR_UNIQUE || error->code == CORM_ERROR_FOREIGN_KEY ||
          error->code == CORM_ERROR_NOT_NULL || error->code == CORM_ERROR_CHECK ||
          error->code == CORM_ERROR_CONVERSION);
}

static gboolean
is_sent (const CormTarget *target, const CormValue *row, guint i)
{
  return !target->computed[i] && (guint) row[i].type != CORM_SPOOL_ABSENT;
}

/* A row that is not there has what the table demands. */
static gboolean
check_missing (Load *load, const CormValue *row, GError **error)
{
  const CormTarget *target = load->target;
  for (guint i = 0; i < target->n; i++) {
    if (!target->required[i] || (guint) row[i].type != CORM_SPOOL_ABSENT)
      continue;
    load->missing = target->columns[i]->name;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_NOT_NULL,
        "the column is missing, and the table has no row with that key that would keep its value; it "
        "takes no NULL and has no default");
    return FALSE;
  }
  return TRUE;
}

/* The columns of @row that are sent; TRUE: they are those of the last one. */
static gboolean
shape (Load *load, const CormValue *row, gboolean change)
{
  guint n = 0;
  gboolean same = TRUE;
  for (guint i = 0; i < load->target->n; i++) {
    if (!is_sent (load->target, row, i))
      continue;
    same &= n < load->n && load->places[n] == i;
    if (change) {
      const CormTableColumn *column = load->target->table->columns->pdata[i];
      load->places[n] = i;
      load->names[n] = column->name;
      load->types[n] = type_of (column);
    }
    n++;
  }
  same &= n == load->n;
  load->n = change ? n : load->n;
  return same;
}

static const CormValue *
sent (Load *load, const CormValue *row)
{
  for (guint i = 0; i < load->n; i++)
    load->values[i] = row[load->places[i]];
  return load->values;
}

static CormBulk *
open_bulk (Load *load, GError **error)
{
  return corm_bulk_begin (load->import->conn, load->target->table->name, load->names, load->types, load->n,
                          error);
}

/* --- one row --------------------------------------------------------------------------------------------------- */

static char *
shown (const CormValue *value)
{
  GString *text = g_string_new (NULL);
  if ((guint) value->type != CORM_SPOOL_ABSENT)
    corm_value_append_text (value, text);
  return g_string_free (text, FALSE);
}

/* @at: the column whose value the driver refuses, counted from 1; 0: the database refuses the row. */
static gboolean
refused (Load *load, const CormValue *row, guint64 line, guint at, const GError *why, GError **error)
{
  CormTarget *target = load->target;
  CormImport *import = load->import;
  g_autofree CormKeyPart *parts = g_new0 (CormKeyPart, target->n_keys + 1);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  for (guint k = 0; k < target->n_keys; k++) {
    const CormValue *value = &row[target->keys[k]];
    g_ptr_array_add (texts, shown (value));
    parts[k].name = target->columns[target->keys[k]]->name;
    parts[k].value = value->is_null || (guint) value->type == CORM_SPOOL_ABSENT ? NULL : texts->pdata[k];
  }
  gboolean may_upsert =
      why->code == CORM_ERROR_UNIQUE && import->options->on_conflict == CORM_CONFLICT_REFUSE;
  g_autofree char *reason =
      load->missing != NULL
          ? g_strdup (why->message)
          : g_strdup_printf ("the database refuses the row%s: %s",
                             may_upsert ? ", whose key is taken (--on-conflict upsert updates what is there)"
                                        : "",
                             why->message);
  CormFault fault = { .line = line, .table = target->table->name, .reason = reason };
  g_autofree char *value = at > 0 && at <= load->n ? shown (&row[load->places[at - 1]]) : NULL;
  fault.column = value != NULL ? load->names[at - 1] : load->missing;
  fault.value = value;
  target->report->rejected++;
  return corm_import_fault (import, (CormError) why->code, &fault, parts, target->n_keys, error) &&
         import->rejects != NULL;
}

static gboolean
run_sql (Load *load, const CormSql *sql, CormValue *first, GError **error)
{
  CormStatementSpec spec = corm_sql_get_spec (sql);
  CormStatementKey key = { .sql = sql->text->str };
  const CormValue *row = NULL;
  g_autoptr (CormStatement) statement = corm_statement_prepare (load->import->conn, &key, &spec, error);
  if (statement == NULL ||
      !corm_statement_execute (statement, (const CormValue *) (gconstpointer) sql->params->data, FALSE,
                               error))
    return FALSE;
  if (first == NULL)
    return TRUE;
  if (corm_statement_step (statement, &row, error) != CORM_STEP_ROW)
    return FALSE;
  *first = row[0];
  return TRUE;
}

static void
append_pair (Load *load, CormSql *sql, const CormValue *row, guint i, const char *before)
{
  const CormTableColumn *column = load->target->table->columns->pdata[i];
  g_string_append (sql->text, before);
  corm_sql_append_name (sql, column->name);
  g_string_append (sql->text, " = ");
  const CormSqlType type = type_of (column);
  corm_sql_append_param (sql, column->name, &type, &row[i]);
}

static void
append_where (Load *load, CormSql *sql, const CormValue *row)
{
  for (guint k = 0; k < load->target->n_keys; k++)
    append_pair (load, sql, row, load->target->keys[k], k > 0 ? " AND " : " WHERE ");
}

static gboolean
is_there (Load *load, const CormValue *row, gboolean *there, GError **error)
{
  const CormTarget *target = load->target;
  CormValue count = { .i = 0 };
  *there = FALSE;
  for (guint k = 0; k < target->n_keys; k++)
    if (row[target->keys[k]].is_null || (guint) row[target->keys[k]].type == CORM_SPOOL_ABSENT)
      return TRUE;
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (load->import->conn));
  g_string_append (sql->text, "SELECT count(*) FROM ");
  corm_sql_append_name (sql, target->table->name);
  append_where (load, sql, row);
  if (!run_sql (load, sql, &count, error))
    return FALSE;
  *there = count.i > 0;
  return TRUE;
}

static gboolean
is_key (const CormTarget *target, guint i)
{
  for (guint k = 0; k < target->n_keys; k++)
    if (target->keys[k] == i)
      return TRUE;
  return FALSE;
}

static gboolean
update (Load *load, const CormValue *row, GError **error)
{
  const CormTarget *target = load->target;
  gboolean any = FALSE;
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (load->import->conn));
  g_string_append (sql->text, "UPDATE ");
  corm_sql_append_name (sql, target->table->name);
  for (guint i = 0; i < target->n; i++) {
    if (!is_sent (target, row, i) || is_key (target, i))
      continue;
    append_pair (load, sql, row, i, any ? ", " : " SET ");
    any = TRUE;
  }
  append_where (load, sql, row);
  return !any || run_sql (load, sql, NULL, error);
}

static gboolean
insert (Load *load, const CormValue *row, GError **error)
{
  g_autoptr (CormBulk) bulk = NULL;
  shape (load, row, TRUE);
  bulk = open_bulk (load, error);
  return bulk != NULL && corm_bulk_row (bulk, sent (load, row), error) &&
         corm_bulk_end (g_steal_pointer (&bulk), NULL, error);
}

/* The row under a savepoint of its own. */
static gboolean
write_row (Load *load, const CormValue *row, guint *at, GError **error)
{
  gboolean there = FALSE;
  g_autoptr (CormTransaction) savepoint =
      corm_transaction_begin (load->import->conn, CORM_TRANSACTION_DEFAULT, error);
  if (savepoint == NULL)
    return FALSE;
  if (load->import->options->on_conflict == CORM_CONFLICT_UPSERT && !is_there (load, row, &there, error))
    return FALSE;
  if (!there && !check_missing (load, row, error))
    return FALSE;
  if (!(there ? update : insert) (load, row, error)) {
    *at = there ? 0 : corm_connection_get_refused (load->import->conn);
    return FALSE;
  }
  if (!corm_transaction_commit (savepoint, error))
    return FALSE;
  load->target->report->updated += there;
  load->target->report->rows += !there;
  return TRUE;
}

static gboolean
load_row (Load *load, const CormValue *row, guint64 line, GError **error)
{
  guint at = 0;
  g_autoptr (GError) why = NULL;
  load->missing = NULL;
  if (write_row (load, row, &at, &why))
    return TRUE;
  if (is_about_data (why))
    return refused (load, row, line, at, why, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

/* --- a batch --------------------------------------------------------------------------------------------------- */

/* Reads on from @place as long as the rows send the same columns; *@n rows, of which *@n_sent were sent. */
static gboolean
send_batch (Load *load, CormSpoolPlace *place, guint64 *n, guint64 *n_sent, GError **error)
{
  const CormValue *row;
  g_autoptr (GError) failed = NULL;
  g_autoptr (CormBulk) bulk = NULL;
  CormSpoolPlace next = *place;
  for (*n = *n_sent = 0; *n < BATCH_ROWS; (*n)++, *place = next) {
    row = corm_spool_next (load->import->spool, &next, NULL, &failed);
    if (row != NULL && corm_twice_has (load->target, load->state->rows + *n))
      continue;
    if (row == NULL || !shape (load, row, bulk == NULL))
      if (row == NULL || bulk != NULL)
        break;
    if (bulk == NULL && (bulk = open_bulk (load, error)) == NULL)
      return FALSE;
    if (!check_missing (load, row, error) || !corm_bulk_row (bulk, sent (load, row), error)) {
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
  return bulk == NULL || corm_bulk_end (g_steal_pointer (&bulk), NULL, error);
}

static gboolean
repeat (Load *load, CormSpoolPlace *place, guint64 n, GError **error)
{
  guint64 line = 0;
  const CormValue *row;
  guint64 updated = load->target->report->updated;
  for (guint64 i = 0; i < n; i++) {
    row = corm_spool_next (load->import->spool, place, &line, error);
    if (row == NULL ||
        (!corm_twice_has (load->target, load->state->rows + i) && !load_row (load, row, line, error)))
      return FALSE;
  }
  load->one_by_one = load->target->report->updated > updated;
  return TRUE;
}

static gboolean
load_batch (Load *load, CormSpoolPlace *place, guint64 *n, GError **error)
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
  if (!is_about_data (why)) {
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
check_keyless (Load *load, GError **error)
{
  const CormTable *table = load->target->table;
  CormValue count = { .i = 0 };
  if (load->target->n_keys > 0 || load->target->part.n_rows == 0)
    return TRUE;
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (load->import->conn));
  g_string_append (sql->text, "SELECT count(*) FROM ");
  corm_sql_append_name (sql, table->name);
  if (!run_sql (load, sql, &count, error))
    return FALSE;
  if (count.i == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
               "%s has no primary key and holds %" G_GINT64_FORMAT
               " rows: whether those of the file are among them, nobody can tell; empty it first",
               table->name, count.i);
  return FALSE;
}

static gboolean
load_target (CormImport *import, CormTarget *target, CormProgress *state, GError **error)
{
  guint64 n = 0;
  g_auto (Load) load = {
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
         driver->after_load (import->conn, target->table, error);
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
