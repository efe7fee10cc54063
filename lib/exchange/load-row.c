/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One row into its table, so that it has a name when the database refuses it; with upsert the row that is there already
 * takes the new values. No SQL here knows what an upsert is called in which database. */
#include "exchange/load.h"

#include "base/error.h"
#include "engine/statement.h"
#include "render/sql.h"

#include <string.h>

/* As it is sent: a column about which nothing is said keeps each value as it is. */
static CormSqlType
type_of (const CormTableColumn *column)
{
  return corm_form_is_untyped (column) ? (CormSqlType){ .type = CORM_TYPE_NONE } : column->type;
}

static gboolean
is_sent (const CormTarget *target, const CormValue *row, guint i)
{
  return !target->computed[i] && (guint) row[i].type != CORM_SPOOL_ABSENT;
}

gboolean
corm_load_check_missing (CormLoad *load, const CormValue *row, GError **error)
{
  const CormTarget *target = load->target;
  for (guint i = 0; i < target->n; i++) {
    if (!target->required[i] || (guint) row[i].type != CORM_SPOOL_ABSENT)
      continue;
    load->at_fault = target->columns[i]->name;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_NOT_NULL,
        "the column is missing, and the table has no row with that key that would keep its value; it "
        "takes no NULL and has no default");
    return FALSE;
  }
  return TRUE;
}

gboolean
corm_load_shape (CormLoad *load, const CormValue *row, gboolean change)
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

const CormValue *
corm_load_sent (CormLoad *load, const CormValue *row)
{
  for (guint i = 0; i < load->n; i++)
    load->values[i] = row[load->places[i]];
  return load->values;
}

CormBulk *
corm_load_open_bulk (CormLoad *load, GError **error)
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
refused (CormLoad *load, const CormValue *row, guint64 line, guint at, const GError *why, GError **error)
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
      load->at_fault != NULL
          ? g_strdup (why->message)
          : g_strdup_printf ("the database refuses the row%s: %s",
                             may_upsert ? ", whose key is taken (--on-conflict upsert updates what is there)"
                                        : "",
                             why->message);
  CormFault fault = { .line = line, .table = target->table->name, .reason = reason };
  g_autofree char *value = at > 0 && at <= load->n ? shown (&row[load->places[at - 1]]) : NULL;
  fault.column = value != NULL ? load->names[at - 1] : load->at_fault;
  fault.value = value;
  target->report->rejected++;
  return corm_import_fault (import, (CormError) why->code, &fault, parts, target->n_keys, error) &&
         import->rejects != NULL;
}

static CormStatement *
open_sql (CormLoad *load, const CormSql *sql, GError **error)
{
  CormStatementSpec spec = corm_sql_get_spec (sql);
  CormStatementKey key = { .sql = sql->text->str };
  g_autoptr (CormStatement) statement = corm_statement_prepare (load->import->conn, &key, &spec, error);
  if (statement == NULL ||
      !corm_statement_execute (statement, (const CormValue *) (gconstpointer) sql->params->data, FALSE,
                               error))
    return NULL;
  return g_steal_pointer (&statement);
}

static void
append_pair (CormLoad *load, CormSql *sql, const CormValue *row, guint i, const char *before)
{
  const CormTableColumn *column = load->target->table->columns->pdata[i];
  g_string_append (sql->text, before);
  corm_sql_append_name (sql, column->name);
  g_string_append (sql->text, " = ");
  const CormSqlType type = type_of (column);
  corm_sql_append_param (sql, column->name, &type, &row[i]);
}

static void
append_where (CormLoad *load, CormSql *sql, const CormValue *row)
{
  for (guint k = 0; k < load->target->n_keys; k++)
    append_pair (load, sql, row, load->target->keys[k], k > 0 ? " AND " : " WHERE ");
}

static gsize
size_without_blanks (const CormValue *text)
{
  gsize size = text->size;
  while (size > 0 && text->data[size - 1] == ' ')
    size--;
  return size;
}

/* A text that only the database takes for the same: which of the two is meant, nobody can tell, and two rows of the file
 * may mean one. Blanks at its end come and go with types of fixed length. */
static gboolean
check_spelling (CormLoad *load, const CormValue *row, const CormValue *there, GError **error)
{
  const CormTarget *target = load->target;
  for (guint k = 0; k < target->n_keys; k++) {
    const CormValue *wanted = &row[target->keys[k]];
    gsize size = there[k].type == CORM_TYPE_TEXT ? size_without_blanks (&there[k]) : 0;
    if (wanted->type != CORM_TYPE_TEXT || there[k].type != CORM_TYPE_TEXT || there[k].is_null ||
        (size == size_without_blanks (wanted) && memcmp (wanted->data, there[k].data, size) == 0))
      continue;
    g_autofree char *quoted = corm_error_quote (there[k].data, (gssize) there[k].size);
    load->at_fault = target->columns[target->keys[k]]->name;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_UNIQUE,
        "to the database this key is the same as %s, which is there already; write it so if that row is "
        "meant",
        quoted);
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_there (CormLoad *load, const CormValue *row, gboolean *there, GError **error)
{
  const CormTarget *target = load->target;
  const CormDialect *dialect = corm_connection_get_dialect (load->import->conn);
  const CormValue *found = NULL;
  *there = FALSE;
  for (guint k = 0; k < target->n_keys; k++)
    if (row[target->keys[k]].is_null || (guint) row[target->keys[k]].type == CORM_SPOOL_ABSENT)
      return TRUE;
  g_autoptr (CormSql) sql = corm_sql_new (dialect);
  for (guint k = 0; k < target->n_keys; k++) {
    const CormTableColumn *column = target->table->columns->pdata[target->keys[k]];
    g_autoptr (GString) name = g_string_new (NULL);
    corm_sql_append_identifier (name, dialect, column->name);
    g_string_append (sql->text, k > 0 ? ", " : "SELECT ");
    corm_sql_append_typed (sql, &column->type, name->str);
  }
  g_string_append (sql->text, " FROM ");
  corm_sql_append_name (sql, target->table->name);
  append_where (load, sql, row);
  g_autoptr (CormStatement) statement = open_sql (load, sql, error);
  CormStep step = statement != NULL ? corm_statement_step (statement, &found, error) : CORM_STEP_ERROR;
  *there = step == CORM_STEP_ROW;
  return step == CORM_STEP_DONE || (*there && check_spelling (load, row, found, error));
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
update (CormLoad *load, const CormValue *row, GError **error)
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
  g_autoptr (CormStatement) statement = any ? open_sql (load, sql, error) : NULL;
  return !any || statement != NULL;
}

static gboolean
insert (CormLoad *load, const CormValue *row, GError **error)
{
  g_autoptr (CormBulk) bulk = NULL;
  corm_load_shape (load, row, TRUE);
  bulk = corm_load_open_bulk (load, error);
  return bulk != NULL && corm_bulk_row (bulk, corm_load_sent (load, row), error) &&
         corm_bulk_end_all (g_steal_pointer (&bulk), error);
}

/* The row under a savepoint of its own. */
static gboolean
write_row (CormLoad *load, const CormValue *row, guint *at, GError **error)
{
  gboolean there = FALSE;
  g_autoptr (CormTransaction) savepoint =
      corm_transaction_begin (load->import->conn, CORM_TRANSACTION_DEFAULT, error);
  if (savepoint == NULL)
    return FALSE;
  if (load->import->options->on_conflict == CORM_CONFLICT_UPSERT && !is_there (load, row, &there, error))
    return FALSE;
  if (!there && !corm_load_check_missing (load, row, error))
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

gboolean
corm_load_row (CormLoad *load, const CormValue *row, guint64 line, GError **error)
{
  guint at = 0;
  g_autoptr (GError) why = NULL;
  load->at_fault = NULL;
  if (write_row (load, row, &at, &why))
    return TRUE;
  if (corm_error_is_about_row (why))
    return refused (load, row, line, at, why, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}
