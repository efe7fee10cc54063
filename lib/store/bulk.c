/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many rows in. Rows that leave the same members to the database's defaults go in one load; a row that differs starts
 * the next one, so that bulk insert and insert mean the same. */
#include "engine/bulk.h"

#include "base/error.h"
#include "store/select.h"
#include "store/stamp.h"

typedef struct {
  const CormMapping *mapping;
  CormStamp stamp;
  guint *fields; /* sent in this load */
  guint n_fields;
  const char **names;
  CormSqlType *types;
  CormValue *values; /* of a block of rows */
} Load;

static void
load_clear (Load *load)
{
  g_free (load->fields);
  g_free (load->names);
  g_free (load->types);
  g_free (load->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Load, load_clear)

static void
load_shape (Load *load, gconstpointer row)
{
  load->n_fields = 0;
  for (guint i = 0; i < load->mapping->n_fields; i++) {
    if (corm_field_is_left_out (&load->mapping->fields[i], row))
      continue;
    load->fields[load->n_fields] = i;
    load->names[load->n_fields] = load->mapping->fields[i].name;
    load->types[load->n_fields++] = load->mapping->fields[i].type;
  }
}

static gboolean
has_shape (const Load *load, gconstpointer row)
{
  guint at = 0;
  for (guint i = 0; i < load->mapping->n_fields; i++) {
    gboolean sent = at < load->n_fields && load->fields[at] == i;
    if (load->mapping->fields[i].is_made && corm_field_is_left_out (&load->mapping->fields[i], row) == sent)
      return FALSE;
    at += sent ? 1 : 0;
  }
  return TRUE;
}

/* @first: the load's first row. A driver may fail at a row behind those that are to blame; a deadline that passes, or a full disk, is
 * none's. */
static gboolean
name_rows (CormConnection *conn, gsize first, GError **error)
{
  guint64 at;
  guint64 n = corm_connection_get_refused_rows (conn, &at);
  if (error == NULL || !(corm_error_is_about_row (*error) || (*error)->code == CORM_ERROR_FAILED))
    return FALSE;
  if (n > 1)
    return corm_error_prefix (error, "one of the rows %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                              first + at, first + at + n - 1);
  return n == 1 ? corm_error_prefix (error, "row %" G_GUINT64_FORMAT, first + at) : FALSE;
}

/* The values of rows from *@next on, of @most at most and as long as they have the shape of row @first. */
static gboolean
read_rows (Load *load, const char *rows, gsize n, gsize first, guint most, gsize *next, GError **error)
{
  CormValue *value = load->values;
  for (gsize end = MIN (n, *next + most); *next < end; ++*next) {
    const char *row = rows + *next * load->mapping->model->size;
    if (*next > first && !has_shape (load, row))
      break;
    for (guint i = 0; i < load->n_fields; i++)
      if (!corm_stamp_get (&load->stamp, load->mapping, load->fields[i], row, value++, error))
        return corm_error_prefix (error, "row %" G_GSIZE_FORMAT, *next);
  }
  return TRUE;
}

/* Loads rows from *@next on, as long as they have the shape of the first. */
static gboolean
load_run (CormConnection *conn, Load *load, const char *rows, gsize n, gsize *next, GError **error)
{
  gsize first = *next, before;
  load_shape (load, rows + first * load->mapping->model->size);
  g_autoptr (CormBulk) bulk =
      corm_bulk_begin (conn, load->mapping->model->table, (const char *const *) load->names, load->types,
                       load->n_fields, error);
  if (bulk == NULL)
    return FALSE;
  guint most = corm_bulk_expect (bulk, n - first);
  load->values = g_renew (CormValue, load->values, (gsize) most * load->n_fields + 1);
  do {
    before = *next;
    if (!read_rows (load, rows, n, first, most, next, error))
      return FALSE;
    if (!corm_bulk_rows (bulk, load->values, (guint) (*next - before), error))
      return name_rows (conn, first, error);
  } while (*next > before);
  return corm_bulk_end_all (g_steal_pointer (&bulk), error) || name_rows (conn, first, error);
}

gboolean
corm_insert_rows (const CormModel *model, CormConnection *conn, gconstpointer rows, gsize n, GError **error)
{
  g_return_val_if_fail (model != NULL && conn != NULL && (rows != NULL || n == 0), FALSE);
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  if (mapping == NULL)
    return FALSE;
  g_auto (Load) load = {
    .mapping = mapping,
    .fields = g_new (guint, mapping->n_fields),
    .names = g_new (const char *, mapping->n_fields),
    .types = g_new (CormSqlType, mapping->n_fields),
  };
  if (!corm_stamp_init (&load.stamp, CORM_STAMP_INSERT, conn, mapping, error))
    return corm_error_prefix (error, "bulk insert into %s", model->table);
  g_autoptr (CormTransaction) guard = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  if (guard == NULL)
    return FALSE;
  for (gsize next = 0; next < n;)
    if (!load_run (conn, &load, rows, n, &next, error))
      return corm_error_prefix (error, "bulk insert into %s", model->table);
  return corm_transaction_commit (guard, error);
}
