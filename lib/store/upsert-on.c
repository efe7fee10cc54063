/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Upsert on a unique key of the program's choice: UPDATE by that key, INSERT where there was no row. A row that collides on
 * another key is an error on every database. */
#include "query/query.h"

#include "base/error.h"
#include "model/list.h"
#include "store/select.h"
#include "store/stamp.h"
#include "store/upsert.h"

#include <corm/error.h>

typedef struct {
  CormConnection *conn;
  const CormMapping *mapping;
  gpointer row;
  const CormUpsertOn *on;
} Upsert;

/* --- the key ------------------------------------------------------------------------------------------------- */

static guint
count (const gsize *members)
{
  guint n = 0;
  while (members != NULL && members[n] != G_MAXSIZE)
    n++;
  return n;
}

static gboolean
contains (const gsize *members, gsize offset)
{
  for (; *members != G_MAXSIZE; members++)
    if (*members == offset)
      return TRUE;
  return FALSE;
}

/* Whether "a, b" are exactly the columns of the key. */
static gboolean
lists_key (const CormMapping *mapping, const char *columns, const gsize *key)
{
  const char *fault;
  g_autoptr (GPtrArray) parts = corm_list_parse (columns, &fault);
  if (parts == NULL || parts->len != count (key))
    return FALSE;
  for (guint i = 0; i < parts->len; i++) {
    const CormListPart *part = parts->pdata[i];
    const CormField *field = part->is_expression ? NULL : corm_mapping_find_name (mapping, part->sql);
    if (field == NULL || !contains (key, field->column->offset))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_primary (const CormMapping *mapping, const gsize *key)
{
  for (guint i = 0; i < mapping->n_keys; i++)
    if (!contains (key, mapping->fields[mapping->keys[i]].column->offset))
      return FALSE;
  return mapping->n_keys == count (key);
}

static gboolean
is_unique (const CormMapping *mapping, const gsize *key)
{
  const CormModel *model = mapping->model;
  if (is_primary (mapping, key))
    return TRUE;
  if (count (key) == 1 && corm_mapping_find_field (mapping, key[0])->column->unique)
    return TRUE;
  for (gsize i = 0; i < model->n_indexes; i++)
    if (model->indexes[i].unique && model->indexes[i].where == NULL &&
        lists_key (mapping, model->indexes[i].columns, key))
      return TRUE;
  for (gsize i = 0; i < model->n_constraints; i++)
    if (model->constraints[i].references == NULL && lists_key (mapping, model->constraints[i].columns, key))
      return TRUE;
  return FALSE;
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, CORM_ERROR, CORM_ERROR_INVALID, reason);
  return FALSE;
}

static gboolean
check (const Upsert *upsert, GError **error)
{
  const CormMapping *mapping = upsert->mapping;
  const gsize *key = upsert->on->key;
  if (count (key) == 0)
    return refuse (error, "it has no key; name one, .key = CORM_MEMBERS (…)");
  for (const gsize *member = key; *member != G_MAXSIZE; member++)
    if (corm_mapping_find_field (mapping, *member) == NULL)
      return refuse (error, "a member of its key is no column of the model");
  if (!is_unique (mapping, key))
    return refuse (error, "its key is not unique: name the members of the primary key, of a unique column, "
                          "index or constraint");
  for (const gsize *member = upsert->on->set; member != NULL && *member != G_MAXSIZE; member++) {
    const CormField *field = corm_mapping_find_field (mapping, *member);
    if (field == NULL || contains (key, *member))
      return refuse (error, "a member of its set is no column of the model, or one of the key");
    if (field->column->role == CORM_ROLE_VERSION || field->column->role == CORM_ROLE_TENANT)
      return refuse (error, "a member of its set is kept by its role: leave out version and tenant");
  }
  return TRUE;
}

/* --- steps --------------------------------------------------------------------------------------------------- */

/* The row with the key of this one, one that is marked as deleted too. A tenant need not be set in the struct. */
static CormQuery *
query_key (const Upsert *upsert, GError **error)
{
  const CormMapping *mapping = upsert->mapping;
  CormStamp stamp = { 0 };
  if (mapping->has_roles && !corm_stamp_init (&stamp, CORM_STAMP_UPDATE, upsert->conn, mapping, error))
    return NULL;
  g_autoptr (CormQuery) query = corm_query_with_deleted (corm_query_new (mapping->model));
  for (const gsize *member = upsert->on->key; *member != G_MAXSIZE; member++) {
    const CormField *field = corm_mapping_find_field (mapping, *member);
    CormExpr equal = { .kind = CORM_EXPR_EQ, .model = mapping->model, .offset = *member };
    if (field->column->role == CORM_ROLE_TENANT
            ? !corm_stamp_get (&stamp, mapping, (guint) (field - mapping->fields), upsert->row, &equal.value,
                               error)
            : !corm_field_get (mapping, field, upsert->row, &equal.value, error))
      return NULL;
    if (equal.value.is_null) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "column %s of its key is NULL, which equals no row's", field->name);
      return NULL;
    }
    corm_query_where (query, equal);
  }
  return g_steal_pointer (&query);
}

/* With .set those, else all that an update would send: not the keys, and not what is unset and has a default. The mark of a
 * deleted row becomes what the row says. */
static gboolean
is_set (const Upsert *upsert, const CormField *field)
{
  if (field->column->role == CORM_ROLE_DELETED_AT)
    return TRUE;
  if (upsert->on->set != NULL)
    return contains (upsert->on->set, field->column->offset);
  return !field->is_key && !contains (upsert->on->key, field->column->offset) &&
         field->column->role == CORM_ROLE_NONE &&
         !(field->has_default && corm_field_is_unset (field, upsert->row));
}

static gboolean
get_sets (const Upsert *upsert, GArray *sets, GError **error)
{
  const CormMapping *mapping = upsert->mapping;
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    CormSet set = { .model = mapping->model,
                    .offset = field->column->offset,
                    .expr = { .kind = CORM_EXPR_VALUE } };
    if (!is_set (upsert, field))
      continue;
    if (!corm_field_get (mapping, field, upsert->row, &set.expr.value, error))
      return FALSE;
    g_array_append_val (sets, set);
  }
  if (sets->len > 0)
    return TRUE;
  /* nothing but a key: setting it to itself finds out whether the row is there */
  const CormSet self = {
    .model = mapping->model,
    .offset = upsert->on->key[0],
    .expr = { .kind = CORM_EXPR_COLUMN, .model = mapping->model, .offset = upsert->on->key[0] }
  };
  g_array_append_val (sets, self);
  return TRUE;
}

static gboolean
update (gpointer data, guint64 *n_changed, GError **error)
{
  const Upsert *upsert = data;
  g_autoptr (GArray) sets = g_array_new (TRUE, TRUE, sizeof (CormSet));
  g_autoptr (CormQuery) query = query_key (upsert, error);
  return query != NULL && get_sets (upsert, sets, error) &&
         corm_query_update (query, upsert->conn, (const CormSet *) (gpointer) sets->data, n_changed, error);
}

/* Within a savepoint: on PostgreSQL an error would end the transaction around it. */
static gboolean
insert (gpointer data, GError **error)
{
  const Upsert *upsert = data;
  g_autoptr (CormTransaction) guard = corm_transaction_begin (upsert->conn, CORM_TRANSACTION_DEFAULT, error);
  return guard != NULL && corm_insert_row (upsert->mapping->model, upsert->conn, upsert->row, error) &&
         corm_transaction_commit (guard, error);
}

/* What the row has in the database goes into the struct, textual members apart. */
static gboolean
read_back (gpointer data, gboolean inserted, GError **error)
{
  const Upsert *upsert = data;
  if (inserted)
    return TRUE;
  const CormMapping *mapping = upsert->mapping;
  g_autoptr (CormQuery) query = query_key (upsert, error);
  g_autoptr (CormRows) rows = query != NULL ? corm_query_find (query, upsert->conn, error) : NULL;
  for (guint i = 0; rows != NULL && rows->n_rows > 0 && i < mapping->n_fields; i++) {
    CormValue value;
    if (!corm_field_get (mapping, &mapping->fields[i], rows->rows[0], &value, error) ||
        !corm_field_set (mapping, &mapping->fields[i], upsert->row, &value, NULL, error))
      return FALSE;
  }
  return rows != NULL;
}

gboolean
corm_upsert_row_on (const CormModel *model, CormConnection *conn, gpointer row, GError **error,
                    const CormUpsertOn *on)
{
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL && on != NULL, FALSE);
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  if (mapping == NULL)
    return FALSE;
  static const CormUpsertSteps steps = { update, insert, read_back };
  Upsert upsert = { conn, mapping, row, on };
  return (check (&upsert, error) && corm_upsert_run (conn, &steps, &upsert, error)) ||
         corm_error_prefix (error, "upsert into %s", model->table);
}
