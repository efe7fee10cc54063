/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One row in: insert, upsert, update, delete; one row out: get by key. The hot path: choose the fields, find the
 * prepared statement, read the members into the connection's value buffer, execute, write back what the database made. */
#include "base/error.h"
#include "store/select.h"
#include "store/plan.h"

/* --- steps ------------------------------------------------------------------------------------------------- */

static gboolean
add_values (CormWrite *write, const guint *fields, guint n_fields, guint at, gconstpointer row,
            GError **error)
{
  const CormMapping *mapping = write->mapping;
  for (guint i = 0; i < n_fields; i++)
    if (!corm_field_get (mapping, &mapping->fields[fields[i]], row, &write->values[at + i], error))
      return FALSE;
  return TRUE;
}

static gboolean
execute (CormConnection *conn, CormStatement *statement, const CormWrite *write, GError **error)
{
  if (corm_statement_execute (statement, write->values, FALSE, error))
    return TRUE;
  guint refused = corm_connection_get_refused (conn);
  if (refused == 0)
    return FALSE;
  guint field =
      refused <= write->n_sent ? write->sent[refused - 1] : write->mapping->keys[refused - 1 - write->n_sent];
  return corm_error_prefix (error, "column %s", write->mapping->fields[field].name);
}

/* Executes and reads the returned fields, where there are some, into @row. */
static gboolean
run (CormConnection *conn, CormWrite *write, gpointer row, guint64 *n_changed, GError **error)
{
  const CormValue *values = NULL;
  g_autoptr (CormStatement) statement = corm_write_prepare (conn, write, error);
  if (statement == NULL || !execute (conn, statement, write, error))
    return FALSE;
  CormStep step = corm_statement_step (statement, &values, error);
  for (guint i = 0; step == CORM_STEP_ROW && i < write->n_returned; i++)
    if (!corm_field_set (write->mapping, &write->mapping->fields[write->returned[i]], row, &values[i], NULL,
                         error))
      return FALSE;
  while (step == CORM_STEP_ROW)
    step = corm_statement_step (statement, &values, error);
  *n_changed = corm_statement_get_n_changed (statement);
  return step == CORM_STEP_DONE;
}

static gboolean
missing_row (const CormWrite *write, gconstpointer row, GError **error)
{
  const CormMapping *mapping = write->mapping;
  g_autoptr (GString) key = g_string_new (NULL);
  for (guint i = 0; i < mapping->n_keys; i++) {
    const CormField *field = &mapping->fields[mapping->keys[i]];
    CormValue value;
    g_autoptr (GString) text = g_string_new (NULL);
    if (corm_field_get (mapping, field, row, &value, NULL))
      corm_value_append_text (&value, text);
    g_autofree char *quoted = corm_error_quote (text->str, (gssize) text->len);
    g_string_append_printf (key, "%s%s = %s", i > 0 ? ", " : "", field->name, quoted);
  }
  g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "no row in %s with %s", mapping->model->table,
               key->str);
  return FALSE;
}

/* --- insert ------------------------------------------------------------------------------------------------ */

static gboolean
can_write_back (const CormField *field)
{
  return field->ctype != CORM_C_TEXT && field->ctype != CORM_C_BYTES && field->ctype != CORM_C_DECIMAL &&
         field->ctype != CORM_C_JSON;
}

/* What is not set and has a default is left to the database; what it makes of it comes back where it can. */
static void
choose_fields (CormWrite *write, gconstpointer row)
{
  const CormMapping *mapping = write->mapping;
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    gboolean automatic = field->has_default || (int) i == mapping->auto_key;
    if (!automatic || !corm_field_is_unset (field, row))
      corm_write_send (write, i);
    else if (can_write_back (field))
      corm_write_return (write, i);
  }
}

/* Without RETURNING: the key from the connection, the rest by a get. */
static gboolean
fetch_made (CormConnection *conn, const CormMapping *mapping, const guint *made, guint n_made, gpointer row,
            GError **error)
{
  guint64 n_changed;
  const CormDriver *driver = corm_connection_get_driver (conn);
  for (guint i = 0; i < n_made; i++)
    if ((int) made[i] == mapping->auto_key && driver->last_id != NULL) {
      CormValue id = corm_value_int (driver->last_id (corm_connection_get_link (conn)));
      if (!corm_field_set (mapping, &mapping->fields[made[i]], row, &id, NULL, error))
        return FALSE;
      if (n_made == 1)
        return TRUE;
    }
  CormWrite *get = corm_write_begin (conn, CORM_WRITE_GET, mapping);
  for (guint i = 0; i < n_made; i++) {
    corm_write_return (get, made[i]);
    get->mask |= G_GUINT64_CONSTANT (1) << (made[i] & 63);
  }
  return add_values (get, mapping->keys, mapping->n_keys, 0, row, error) &&
         run (conn, get, row, &n_changed, error);
}

static gboolean
insert (CormConnection *conn, CormWriteKind kind, const CormMapping *mapping, gpointer row, GError **error)
{
  guint64 n_changed;
  const CormDriver *driver = corm_connection_get_driver (conn);
  CormWrite *write = corm_write_begin (conn, kind, mapping);
  choose_fields (write, row);
  gboolean only_key = write->n_returned == 1 && (int) write->returned[0] == mapping->auto_key;
  gboolean returning =
      (driver->dialect->caps & CORM_CAP_RETURNING) != 0 && !(only_key && driver->last_id != NULL);
  if (returning || write->n_returned == 0)
    return add_values (write, write->sent, write->n_sent, 0, row, error) &&
           run (conn, write, row, &n_changed, error);

  guint n_made = write->n_returned;
  g_autofree guint *more = only_key ? NULL : g_memdup2 (write->returned, n_made * sizeof (guint));
  guint key = write->returned[0];
  write->n_returned = 0;
  return add_values (write, write->sent, write->n_sent, 0, row, error) &&
         run (conn, write, row, &n_changed, error) &&
         fetch_made (conn, mapping, more != NULL ? more : &key, n_made, row, error);
}

gboolean
corm_insert_row (const CormModel *model, CormConnection *conn, gpointer row, GError **error)
{
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL, FALSE);
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  if (mapping == NULL)
    return FALSE;
  return insert (conn, CORM_WRITE_INSERT, mapping, row, error) ||
         corm_error_prefix (error, "insert into %s", model->table);
}

/* --- update ------------------------------------------------------------------------------------------------ */

/* All but the key; with @only_set without what an insert would leave to the database. */
static void
choose_all (CormWrite *write, gconstpointer row, gboolean only_set)
{
  for (guint i = 0; i < write->mapping->n_fields; i++) {
    const CormField *field = &write->mapping->fields[i];
    if (!field->is_key && !(only_set && field->has_default && corm_field_is_unset (field, row)))
      corm_write_send (write, i);
  }
}

static gboolean
choose_members (CormWrite *write, const gsize *members, GError **error)
{
  const CormMapping *mapping = write->mapping;
  for (; *members != G_MAXSIZE; members++) {
    const CormField *field = corm_mapping_find_field (mapping, *members);
    if (field == NULL || field->is_key) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is %s and can't be updated",
                   field != NULL ? field->column->member : "a member",
                   field != NULL ? "the key of the row" : "no column of the model");
      return FALSE;
    }
    corm_write_send (write, (guint) (field - mapping->fields));
  }
  return TRUE;
}

/* Executes the update whose fields are chosen. */
static gboolean
update (CormConnection *conn, CormWrite *write, gconstpointer row, guint64 *n_changed, GError **error)
{
  const CormMapping *mapping = write->mapping;
  if (write->n_sent == 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "there is no column beside the key to update");
    return FALSE;
  }
  return add_values (write, write->sent, write->n_sent, 0, row, error) &&
         add_values (write, mapping->keys, mapping->n_keys, write->n_sent, row, error) &&
         run (conn, write, NULL, n_changed, error);
}

gboolean
corm_update_row (const CormModel *model, CormConnection *conn, gconstpointer row, const gsize *members,
                 GError **error)
{
  guint64 n_changed = 0;
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL, FALSE);
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  if (mapping == NULL)
    return FALSE;
  CormWrite *write = corm_write_begin (conn, CORM_WRITE_UPDATE, mapping);
  if (members == NULL)
    choose_all (write, row, FALSE);
  else if (!choose_members (write, members, error))
    return corm_error_prefix (error, "update %s", model->table);
  return (update (conn, write, row, &n_changed, error) &&
          (n_changed > 0 || missing_row (write, row, error))) ||
         corm_error_prefix (error, "update %s", model->table);
}

/* --- upsert ------------------------------------------------------------------------------------------------ */

/* Where there is no ON CONFLICT on a chosen key (MariaDB's ON DUPLICATE KEY would also change a row that collides on
 * another unique key): update by key, and insert when there was no such row. Somebody who inserts it in between makes
 * the insert fail on the key, and the update is tried once more. */
static gboolean
update_set (CormConnection *conn, const CormMapping *mapping, gconstpointer row, guint64 *n_changed,
            GError **error)
{
  CormWrite *write = corm_write_begin (conn, CORM_WRITE_UPDATE, mapping);
  choose_all (write, row, TRUE);
  if (write->n_sent == 0) { /* nothing but a key: setting it to itself finds out whether the row is there */
    corm_write_send (write, mapping->keys[0]);
  }
  return update (conn, write, row, n_changed, error);
}

static gboolean
update_or_insert (CormConnection *conn, const CormMapping *mapping, gpointer row, GError **error)
{
  g_autoptr (GError) clash = NULL;
  guint64 n_changed = 0;
  g_autoptr (CormTransaction) guard = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error);
  if (guard == NULL || !update_set (conn, mapping, row, &n_changed, error))
    return FALSE;
  if (n_changed == 0 && !insert (conn, CORM_WRITE_INSERT, mapping, row, &clash)) {
    gboolean again = g_error_matches (clash, CORM_ERROR, CORM_ERROR_UNIQUE);
    if (again && !update_set (conn, mapping, row, &n_changed, error))
      return FALSE;
    if (n_changed == 0) {
      g_propagate_error (error, g_steal_pointer (&clash));
      return FALSE;
    }
  }
  return corm_transaction_commit (guard, error);
}

gboolean
corm_upsert_row (const CormModel *model, CormConnection *conn, gpointer row, GError **error)
{
  gboolean done;
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL, FALSE);
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  if (mapping == NULL)
    return FALSE;
  gboolean has_key = TRUE;
  for (guint i = 0; i < mapping->n_keys; i++)
    has_key &= (int) mapping->keys[i] != mapping->auto_key ||
               !corm_field_is_unset (&mapping->fields[mapping->keys[i]], row);
  if (!has_key)
    done = insert (conn, CORM_WRITE_INSERT, mapping, row, error);
  else if (corm_connection_get_dialect (conn)->upsert == CORM_UPSERT_ON_CONFLICT)
    done = insert (conn, CORM_WRITE_UPSERT, mapping, row, error);
  else
    done = update_or_insert (conn, mapping, row, error);
  return done || corm_error_prefix (error, "upsert into %s", model->table);
}

/* --- delete, get ------------------------------------------------------------------------------------------- */

gboolean
corm_delete_row (const CormModel *model, CormConnection *conn, gconstpointer row, GError **error)
{
  guint64 n_changed = 0;
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL, FALSE);
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  if (mapping == NULL)
    return FALSE;
  CormWrite *write = corm_write_begin (conn, CORM_WRITE_DELETE, mapping);
  return (add_values (write, mapping->keys, mapping->n_keys, 0, row, error) &&
          run (conn, write, NULL, &n_changed, error) && (n_changed > 0 || missing_row (write, row, error))) ||
         corm_error_prefix (error, "delete from %s", model->table);
}

gpointer
corm_get_row (const CormModel *model, CormConnection *conn, gconstpointer key, GError **error)
{
  const CormValue *values = NULL;
  g_return_val_if_fail (model != NULL && conn != NULL && key != NULL, NULL);
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  if (mapping == NULL)
    return NULL;
  CormWrite *write = corm_write_begin (conn, CORM_WRITE_GET, mapping);
  for (guint i = 0; i < mapping->n_fields; i++)
    corm_write_return (write, i);
  g_autoptr (CormStatement) statement = NULL;
  if (!add_values (write, mapping->keys, mapping->n_keys, 0, key, error) ||
      (statement = corm_write_prepare (conn, write, error)) == NULL ||
      !execute (conn, statement, write, error)) {
    corm_error_prefix (error, "get from %s", model->table);
    return NULL;
  }
  CormStep step = corm_statement_step (statement, &values, error);
  gpointer row = step == CORM_STEP_ROW ? corm_row_new (mapping, values, error) : NULL;
  if (row != NULL)
    return row;
  if (step == CORM_STEP_DONE)
    missing_row (write, key, error);
  corm_error_prefix (error, "get from %s", model->table);
  return NULL;
}
