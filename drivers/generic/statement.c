/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Statements. libdbi fetches a result whole, so a row borrows from the result until the statement is reset. Columns of
 * rendered SQL carry the dialect's casts; a query written by hand is wrapped in one that casts. */
#include "generic.h"

#include "split.h"

static void
column_free (gpointer data)
{
  CormGenericColumn *column = data;
  g_free (column->name);
  g_free (column);
}

CormGenericColumn *
corm_generic_add_column (GPtrArray *columns, const char *name, const CormSqlType *type)
{
  CormGenericColumn *column = g_new0 (CormGenericColumn, 1);
  column->name = g_strdup (name);
  if (type != NULL)
    column->type = *type;
  g_ptr_array_add (columns, column);
  return column;
}

/* What the statement does, by the first word that says it: WITH may stand in front of any. */
static void
look (CormGenericStatement *statement, const CormDialect *dialect, const char *sql)
{
  static const char *const queries[] = { "SELECT", "VALUES", "TABLE", "PRAGMA", NULL };
  static const char *const shows[] = { "EXPLAIN", "SHOW", "DESCRIBE", NULL };
  static const char *const changes[] = { "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", NULL };
  static const char *const all[] = { "SELECT",   "VALUES", "TABLE",  "PRAGMA", "EXPLAIN", "SHOW",
                                     "DESCRIBE", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE",
                                     "CREATE",   "DROP",   "ALTER",  "SET",    NULL };
  const char *verb = corm_generic_first_word (dialect, sql, all);
  if (verb == NULL)
    return;
  statement->counts = g_strv_contains (changes, verb);
  statement->query = g_strv_contains (queries, verb) ||
                     (statement->counts && corm_generic_has_word (dialect, sql, "RETURNING"));
  statement->rows = statement->query || g_strv_contains (shows, verb);
}

gpointer
corm_generic_prepare (CormLink *link, const CormStatementSpec *spec, G_GNUC_UNUSED GError **error)
{
  const CormDialect *dialect = link->driver->dialect;
  CormGenericStatement *statement = g_new0 (CormGenericStatement, 1);
  statement->pieces = corm_generic_split (dialect, spec->sql, &statement->order);
  statement->params = g_memdup2 (spec->params, spec->n_params * sizeof *spec->params);
  statement->types = g_memdup2 (spec->columns, spec->n_columns * sizeof *spec->columns);
  statement->n_types = spec->n_columns;
  statement->as_found = spec->as_found;
  statement->columns = g_ptr_array_new_with_free_func (column_free);
  look (statement, dialect, spec->sql);
  return statement;
}

static char *
fill_in (CormLink *link, const CormGenericStatement *statement, const CormValue *params, GError **error)
{
  g_autoptr (GString) sql = g_string_new (statement->pieces[0]);
  for (guint i = 0; statement->pieces[i + 1] != NULL; i++) {
    guint n = statement->order[i];
    if (!corm_generic_append_param (sql, link, &params[n], &statement->params[n], error)) {
      link->refused = n + 1;
      return NULL;
    }
    g_string_append (sql, statement->pieces[i + 1]);
  }
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/* What is known of the columns: from the spec, from wrap(), else what libdbi says. */
static void
name_columns (CormGenericStatement *statement, gboolean wrapped)
{
  guint n = dbi_result_get_numfields (statement->result);
  if (n == DBI_FIELD_ERROR)
    n = 0;
  if (!wrapped)
    for (guint i = 0; i < n; i++) {
      gboolean typed = i < statement->n_types;
      CormGenericColumn *column =
          corm_generic_add_column (statement->columns, dbi_result_get_field_name (statement->result, i + 1),
                                   typed ? &statement->types[i] : NULL);
      column->plain = !typed;
      column->is_asked = typed;
      column->as_found = statement->as_found;
    }
  g_assert (statement->columns->len == n);
  statement->scratch = g_new0 (GString *, 2 * n + 1);
}

static gboolean
send (CormLink *link, CormGenericStatement *statement, const char *sql, gboolean wrapped, GError **error)
{
  const CormGenericFlavor *flavor = corm_generic_flavor (link);
  g_autoptr (GString) text = g_string_new (sql);
  if (flavor->finish != NULL && (statement->rows || statement->n_types > 0) && !flavor->finish (text, error))
    return FALSE;
  statement->result = corm_generic_send (link, text->str, error);
  if (statement->result == NULL)
    return FALSE;
  name_columns (statement, wrapped);
  gboolean counts = statement->counts || statement->n_types > 0;
  statement->n_changed = counts ? dbi_result_get_numrows_affected (statement->result) : 0;
  return TRUE;
}

gboolean
corm_generic_execute (CormLink *link, gpointer data, const CormValue *params, G_GNUC_UNUSED gboolean stream,
                      GError **error)
{
  CormGenericStatement *statement = data;
  const CormGenericFlavor *flavor = corm_generic_flavor (link);
  g_autoptr (GError) local = NULL;
  corm_generic_reset (link, statement);
  g_autofree char *sql = fill_in (link, statement, params, error);
  if (sql == NULL)
    return FALSE;
  g_autofree char *wrapped = NULL;
  CormGenericLink *self = link->data;
  self->asked = sql;
  if (statement->query && statement->n_types == 0 && flavor->wrap != NULL)
    wrapped = flavor->wrap (link, sql, statement->columns, &local);
  gboolean ok =
      local == NULL && send (link, statement, wrapped != NULL ? wrapped : sql, wrapped != NULL, &local);
  if (statement->query && statement->n_types == 0 && flavor->unwrap != NULL)
    flavor->unwrap (link);
  self->asked = NULL;
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&local));
  return ok;
}

guint
corm_generic_n_columns (G_GNUC_UNUSED CormLink *link, gpointer data)
{
  const CormGenericStatement *statement = data;
  return statement->columns->len;
}

const char *
corm_generic_column_name (G_GNUC_UNUSED CormLink *link, gpointer data, guint column)
{
  const CormGenericStatement *statement = data;
  return ((const CormGenericColumn *) statement->columns->pdata[column])->name;
}

/* What is cast on the way has a name that says nothing. */
static void
prefix_column (const CormGenericStatement *statement, guint i, GError **error)
{
  const CormGenericColumn *column = statement->columns->pdata[i];
  if (g_str_has_prefix (column->name, "corm:"))
    g_prefix_error (error, "column %u of the result: ", i + 1);
  else
    g_prefix_error (error, "column %s: ", column->name);
}

/* A column that came in a type of libdbi's own. */
static gboolean
read_direct (CormGenericStatement *statement, guint i, const CormGenericColumn *column, CormValue *value,
             GError **error)
{
  CormValue from;
  GString **scratch = &statement->scratch[2 * i];
  if (!corm_generic_decode_direct (statement->result, i + 1, &from, error))
    return FALSE;
  *value = from;
  if (column->type.type == CORM_TYPE_NONE || column->type.type == from.type)
    return TRUE;
  if (*scratch == NULL)
    *scratch = g_string_new (NULL);
  return corm_value_convert (&from, &column->type, *scratch, value, error);
}

static gboolean
read_cell (const CormGenericFlavor *flavor, CormGenericStatement *statement, guint i, CormValue *value,
           GError **error)
{
  const CormGenericColumn *column = statement->columns->pdata[i];
  if (dbi_result_field_is_null_idx (statement->result, i + 1)) {
    *value = (CormValue){ .type = column->type.type, .is_null = true };
    return TRUE;
  }
  if (dbi_result_get_field_type_idx (statement->result, i + 1) != DBI_TYPE_STRING)
    return read_direct (statement, i, column, value, error);
  const char *text = dbi_result_get_string_idx (statement->result, i + 1);
  gsize size = dbi_result_get_field_length_idx (statement->result, i + 1);
  return flavor->decode (text, size, column, &statement->scratch[2 * i], value, error);
}

CormStep
corm_generic_step (CormLink *link, gpointer data, CormValue *row, GError **error)
{
  CormGenericStatement *statement = data;
  const CormGenericFlavor *flavor = corm_generic_flavor (link);
  if (statement->result == NULL || statement->columns->len == 0 || !dbi_result_next_row (statement->result))
    return CORM_STEP_DONE;
  for (guint i = 0; i < statement->columns->len; i++)
    if (!read_cell (flavor, statement, i, &row[i], error)) {
      prefix_column (statement, i, error);
      return CORM_STEP_ERROR;
    }
  return CORM_STEP_ROW;
}

guint64
corm_generic_n_changed (G_GNUC_UNUSED CormLink *link, gpointer data)
{
  const CormGenericStatement *statement = data;
  return statement->n_changed;
}

gint64
corm_generic_last_id (CormLink *link)
{
  return (gint64) dbi_conn_sequence_last (link->dbi, NULL);
}

void
corm_generic_reset (G_GNUC_UNUSED CormLink *link, gpointer data)
{
  CormGenericStatement *statement = data;
  for (guint i = 0; statement->scratch != NULL && i < 2 * statement->columns->len; i++)
    if (statement->scratch[i] != NULL)
      g_string_free (statement->scratch[i], TRUE);
  g_clear_pointer (&statement->scratch, g_free);
  g_ptr_array_set_size (statement->columns, 0);
  if (statement->result != NULL)
    dbi_result_free (statement->result);
  statement->result = NULL;
  statement->n_changed = 0;
}

void
corm_generic_finalize (CormLink *link, gpointer data)
{
  CormGenericStatement *statement = data;
  corm_generic_reset (link, statement);
  g_strfreev (statement->pieces);
  g_free (statement->order);
  g_free (statement->params);
  g_free (statement->types);
  g_ptr_array_unref (statement->columns);
  g_free (statement);
}
