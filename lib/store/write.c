/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One row in: insert, upsert, update, delete; one row out: get by key. The hot path: choose the fields, find the
 * prepared statement, read the members into the connection's value buffer, execute, write back what the database made. */
#include "base/error.h"
#include "engine/detector.h"
#include "store/check.h"
#include "store/select.h"
#include "store/plan.h"
#include "store/upsert.h"

#define READING_BACK "the row is written, and what the database made of it can't be read"

/* --- steps ------------------------------------------------------------------------------------------------- */

/* The write of a model whose columns may have roles. */
static CormWrite *
begin (CormConnection *conn, CormWriteKind kind, const CormMapping *mapping, CormStampKind stamp,
       GError **error)
{
  CormWrite *write = corm_write_begin (conn, kind, mapping);
  return !mapping->has_roles || corm_stamp_init (&write->stamp, stamp, conn, mapping, error) ? write : NULL;
}

/* The first fault was found; the message names them all. */
static gboolean
explain (const CormWrite *write, const guint *fields, guint n_fields, gconstpointer row, GError **error)
{
  g_clear_error (error);
  return corm_row_check (&write->stamp, write->mapping, fields, n_fields, row, error);
}

static gboolean
add_values (CormWrite *write, const guint *fields, guint n_fields, guint at, gconstpointer row,
            GError **error)
{
  const CormMapping *mapping = write->mapping;
  for (guint i = 0; i < n_fields; i++)
    if (!corm_stamp_get (&write->stamp, mapping, fields[i], row, &write->values[at + i], error))
      return explain (write, fields, n_fields, row, error);
  return TRUE;
}

/* What the WHERE asks for: the key, and what the roles add to it. */
static gboolean
add_key (CormWrite *write, gconstpointer row, GError **error)
{
  const CormMapping *mapping = write->mapping;
  guint at = write->n_sent + mapping->n_keys;
  if (!add_values (write, mapping->keys, mapping->n_keys, write->n_sent, row, error))
    return FALSE;
  if ((write->match & CORM_MATCH_VERSION) != 0 &&
      !corm_field_get (mapping, corm_mapping_find_role (mapping, CORM_ROLE_VERSION), row,
                       &write->values[at++], error))
    return FALSE;
  if (mapping->roles[CORM_ROLE_TENANT] >= 0)
    write->values[at] = write->stamp.tenant;
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
  if (refused > write->n_sent + write->mapping->n_keys)
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
      return write->kind == CORM_WRITE_GET ? FALSE : corm_error_prefix (error, READING_BACK);
  while (step == CORM_STEP_ROW)
    step = corm_statement_step (statement, &values, error);
  *n_changed = corm_statement_get_n_changed (statement);
  return step == CORM_STEP_DONE;
}

static gboolean
missing_row (const CormMapping *mapping, gconstpointer row, GError **error)
{
  g_autofree char *key = corm_mapping_describe_key (mapping, row);
  g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "no row in %s with %s", mapping->model->table, key);
  return FALSE;
}

gboolean
corm_write_missed (CormConnection *conn, const CormMapping *mapping, guint matched, gconstpointer row,
                   GError **error)
{
  const CormField *version = corm_mapping_find_role (mapping, CORM_ROLE_VERSION);
  if ((matched & CORM_MATCH_VERSION) == 0)
    return missing_row (mapping, row, error);
  CormValue was;
  const CormValue *values = NULL;
  CormWrite *get = begin (conn, CORM_WRITE_GET, mapping, CORM_STAMP_UPDATE, error);
  if (get == NULL || !corm_field_get (mapping, version, row, &was, error))
    return FALSE;
  get->match = matched & CORM_MATCH_LIVE;
  corm_write_return (get, (guint) mapping->roles[CORM_ROLE_VERSION]);
  get->mask = G_GUINT64_CONSTANT (1) << (mapping->roles[CORM_ROLE_VERSION] & 63);
  g_autoptr (CormStatement) statement = NULL;
  if (!add_key (get, row, error) || (statement = corm_write_prepare (conn, get, error)) == NULL ||
      !execute (conn, statement, get, error))
    return FALSE;
  CormStep step = corm_statement_step (statement, &values, error);
  if (step != CORM_STEP_ROW)
    return step == CORM_STEP_DONE ? missing_row (mapping, row, error) : FALSE;
  g_autofree char *key = corm_mapping_describe_key (mapping, row);
  g_set_error (error, CORM_ERROR, CORM_ERROR_STALE,
               "the row with %s has version %" G_GINT64_FORMAT
               " by now and was read at version %" G_GINT64_FORMAT ": somebody changed it; read it again",
               key, values[0].i, was.i);
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
    if (!corm_field_is_left_out (field, row))
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
  CormWrite *get = begin (conn, CORM_WRITE_GET, mapping, CORM_STAMP_UPDATE, error);
  for (guint i = 0; get != NULL && i < n_made; i++) {
    corm_write_return (get, made[i]);
    get->mask |= G_GUINT64_CONSTANT (1) << (made[i] & 63);
  }
  return get != NULL && add_key (get, row, error) && run (conn, get, row, &n_changed, error);
}

/* What an upsert would not have changed a trigger may leave alone. */
static gboolean
check_written (CormConnection *conn, const CormWrite *write, gconstpointer row, guint64 n_changed,
               guint64 written, GError **error)
{
  const CormModel *model = write->mapping->model;
  if (G_UNLIKELY (n_changed == 0) && write->kind == CORM_WRITE_UPSERT) {
    gpointer there = corm_get_row (model, conn, row, NULL);
    corm_row_free (there);
    n_changed = there != NULL;
  }
  return corm_connection_check_inserted (conn, model->table, n_changed, written, error);
}

/* Executes the insert or upsert whose fields are chosen, and reads what the database made. What was sent and not inserted must not
 * have the key of the row before it, nor be thought to be there. */
static gboolean
insert_chosen (CormConnection *conn, CormWrite *write, gpointer row, GError **error)
{
  guint64 n_changed = 0;
  const CormMapping *mapping = write->mapping;
  const CormDriver *driver = corm_connection_get_driver (conn);
  guint64 written = corm_connection_get_n_writes (conn);
  gboolean only_key = write->n_returned == 1 && (int) write->returned[0] == mapping->auto_key;
  gboolean returning =
      (driver->dialect->caps & CORM_CAP_RETURNING) != 0 && !(only_key && driver->last_id != NULL);
  if (returning || write->n_returned == 0)
    return add_values (write, write->sent, write->n_sent, 0, row, error) &&
           run (conn, write, row, &n_changed, error) &&
           check_written (conn, write, row, n_changed, written, error);

  guint n_made = write->n_returned;
  g_autofree guint *more = only_key ? NULL : g_memdup2 (write->returned, n_made * sizeof (guint));
  guint key = write->returned[0];
  write->n_returned = 0;
  return add_values (write, write->sent, write->n_sent, 0, row, error) &&
         run (conn, write, row, &n_changed, error) &&
         check_written (conn, write, row, n_changed, written, error) &&
         (n_changed == 0 || fetch_made (conn, mapping, more != NULL ? more : &key, n_made, row, error) ||
          corm_error_prefix (error, READING_BACK));
}

static gboolean
insert (CormConnection *conn, CormWriteKind kind, const CormMapping *mapping, gpointer row, GError **error)
{
  CormWrite *write = begin (conn, kind, mapping, CORM_STAMP_INSERT, error);
  if (write == NULL)
    return FALSE;
  choose_fields (write, row);
  if (!mapping->has_roles)
    return insert_chosen (conn, write, row, error);
  CormStamp stamp = write->stamp; /* the buffer is used again for what the database made */
  if (!insert_chosen (conn, write, row, error))
    return FALSE;
  corm_stamp_write_back (&stamp, mapping, row);
  return TRUE;
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

/* An update that names no members leaves alone what only inserts and deletes set, and the version, which its SQL counts. */
static gboolean
is_updated (const CormField *field)
{
  return field->column->role == CORM_ROLE_NONE || field->column->role == CORM_ROLE_UPDATED_AT;
}

/* All but the key; with @only_set without what an insert would leave to the database. */
static void
choose_all (CormWrite *write, gconstpointer row, gboolean only_set)
{
  for (guint i = 0; i < write->mapping->n_fields; i++) {
    const CormField *field = &write->mapping->fields[i];
    if (!field->is_key && is_updated (field) &&
        !(only_set && field->has_default && corm_field_is_unset (field, row)))
      corm_write_send (write, i);
  }
}

/* In the order of the fields, each once, whatever the order of @members: the prepared statement is found by the set of them. */
static gboolean
choose_members (CormWrite *write, const gsize *members, GError **error)
{
  const CormMapping *mapping = write->mapping;
  guint *chosen = write->returned; /* an update returns nothing */
  memset (chosen, 0, mapping->n_fields * sizeof *chosen);
  for (; *members != G_MAXSIZE; members++) {
    const CormField *field = corm_mapping_find_field (mapping, *members);
    CormRole role = field != NULL ? field->column->role : CORM_ROLE_NONE;
    gboolean kept = role == CORM_ROLE_VERSION || role == CORM_ROLE_TENANT;
    if (field == NULL || field->is_key || kept) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is %s and can't be updated",
                   field != NULL ? field->column->member : "a member",
                   field == NULL   ? "no column of the model"
                   : field->is_key ? "the key of the row"
                                   : "kept by its role");
      return FALSE;
    }
    if (role == CORM_ROLE_DELETED_AT) /* named by a program that brings a row back */
      write->match &= ~(guint) CORM_MATCH_LIVE;
    chosen[field - mapping->fields] = 1;
  }
  if (mapping->roles[CORM_ROLE_UPDATED_AT] >= 0)
    chosen[mapping->roles[CORM_ROLE_UPDATED_AT]] = 1;
  for (guint i = 0; i < mapping->n_fields; i++)
    if (chosen[i] != 0)
      corm_write_send (write, i);
  return TRUE;
}

/* Executes the update whose fields are chosen. */
static gboolean
update (CormConnection *conn, CormWrite *write, gconstpointer row, guint64 *n_changed, GError **error)
{
  if (write->n_sent == 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "there is no column beside the key to update");
    return FALSE;
  }
  return add_values (write, write->sent, write->n_sent, 0, row, error) && add_key (write, row, error) &&
         run (conn, write, NULL, n_changed, error);
}

/* The roles' part of the WHERE of an update or delete of a row that was read. */
static guint
match_of (const CormMapping *mapping)
{
  return (mapping->roles[CORM_ROLE_VERSION] >= 0 ? CORM_MATCH_VERSION : 0) |
         (mapping->roles[CORM_ROLE_DELETED_AT] >= 0 ? CORM_MATCH_LIVE : 0);
}

static gboolean
update_stamped (CormConnection *conn, const CormMapping *mapping, gpointer row, const gsize *members,
                GError **error)
{
  guint64 n_changed = 0;
  CormWrite *write = begin (conn, CORM_WRITE_UPDATE, mapping, CORM_STAMP_UPDATE, error);
  if (write == NULL)
    return FALSE;
  write->match = match_of (mapping);
  if ((write->match & CORM_MATCH_VERSION) != 0 && !corm_stamp_check_version (mapping, row, error))
    return FALSE;
  if (members == NULL)
    choose_all (write, row, FALSE);
  else if (!choose_members (write, members, error))
    return FALSE;
  if (!update (conn, write, row, &n_changed, error))
    return FALSE;
  if (n_changed == 0)
    return corm_write_missed (conn, mapping, write->match, row, error);
  if (mapping->has_roles)
    corm_stamp_write_back (&write->stamp, mapping, row);
  return TRUE;
}

gboolean
corm_update_row (const CormModel *model, CormConnection *conn, gpointer row, const gsize *members,
                 GError **error)
{
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL, FALSE);
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  return mapping != NULL && (update_stamped (conn, mapping, row, members, error) ||
                             corm_error_prefix (error, "update %s", model->table));
}

/* --- upsert ------------------------------------------------------------------------------------------------ */

/* Where there is no ON CONFLICT on a chosen key (MariaDB's ON DUPLICATE KEY would also change a row that collides on
 * another unique key): update by key, and insert when there was no such row. */
typedef struct {
  CormConnection *conn;
  const CormMapping *mapping;
  gpointer row;
} Upsert;

static gboolean
update_set (gpointer data, guint64 *n_changed, GError **error)
{
  const Upsert *upsert = data;
  const CormMapping *mapping = upsert->mapping;
  CormWrite *write = begin (upsert->conn, CORM_WRITE_UPDATE, mapping, CORM_STAMP_UPDATE, error);
  if (write == NULL)
    return FALSE;
  choose_all (write, upsert->row, TRUE);
  /* An upsert brings a row back, or marks it, as the row says. */
  if (mapping->roles[CORM_ROLE_DELETED_AT] >= 0)
    corm_write_send (write, (guint) mapping->roles[CORM_ROLE_DELETED_AT]);
  if (write->n_sent == 0) { /* nothing but a key: setting it to itself finds out whether the row is there */
    corm_write_send (write, mapping->keys[0]);
  }
  return update (upsert->conn, write, upsert->row, n_changed, error);
}

/* What the roles' columns are by now. */
static gboolean
fetch_roles (gpointer data, G_GNUC_UNUSED gboolean inserted, GError **error)
{
  const Upsert *upsert = data;
  const CormMapping *mapping = upsert->mapping;
  guint made[CORM_N_ROLES], n_made = 0;
  guint64 n_changed;
  if (!mapping->has_roles)
    return TRUE;
  for (guint i = CORM_ROLE_VERSION; i < CORM_N_ROLES; i++)
    if (mapping->roles[i] >= 0 && can_write_back (&mapping->fields[mapping->roles[i]]))
      made[n_made++] = (guint) mapping->roles[i];
  CormWrite *get = begin (upsert->conn, CORM_WRITE_GET, mapping, CORM_STAMP_UPDATE, error);
  for (guint i = 0; get != NULL && i < n_made; i++) {
    corm_write_return (get, made[i]);
    get->mask |= G_GUINT64_CONSTANT (1) << (made[i] & 63);
  }
  return get != NULL && (n_made == 0 || (add_key (get, upsert->row, error) &&
                                         run (upsert->conn, get, upsert->row, &n_changed, error)));
}

/* With roles on any database, some of which take no other statement after a failed one; without them on MariaDB. */
static gboolean
insert_guarded (gpointer data, GError **error)
{
  const Upsert *upsert = data;
  g_autoptr (CormTransaction) guard = NULL;
  if (!upsert->mapping->has_roles)
    return insert (upsert->conn, CORM_WRITE_INSERT, upsert->mapping, upsert->row, error);
  guard = corm_transaction_begin (upsert->conn, CORM_TRANSACTION_DEFAULT, error);
  return guard != NULL && insert (upsert->conn, CORM_WRITE_INSERT, upsert->mapping, upsert->row, error) &&
         corm_transaction_commit (guard, error);
}

gboolean
corm_upsert_row (const CormModel *model, CormConnection *conn, gpointer row, GError **error)
{
  static const CormUpsertSteps steps = { update_set, insert_guarded, fetch_roles };
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
  else if (corm_connection_get_dialect (conn)->upsert == CORM_UPSERT_ON_CONFLICT && !mapping->has_roles)
    done = insert (conn, CORM_WRITE_UPSERT, mapping, row, error);
  else
    done = corm_upsert_run (conn, &steps, &(Upsert){ conn, mapping, row }, error);
  return done || corm_error_prefix (error, "upsert into %s", model->table);
}

/* --- delete, get ------------------------------------------------------------------------------------------- */

/* Marks the row as deleted where the model has a column for that and @really is not asked for. */
static gboolean
delete_stamped (CormConnection *conn, const CormMapping *mapping, gconstpointer row, gboolean really,
                GError **error)
{
  guint64 n_changed = 0;
  gboolean mark = !really && mapping->roles[CORM_ROLE_DELETED_AT] >= 0;
  CormWrite *write =
      begin (conn, mark ? CORM_WRITE_UPDATE : CORM_WRITE_DELETE, mapping, CORM_STAMP_MARK, error);
  if (write == NULL)
    return FALSE;
  write->match = really ? match_of (mapping) & CORM_MATCH_VERSION : match_of (mapping);
  if (mark)
    corm_write_send (write, (guint) mapping->roles[CORM_ROLE_DELETED_AT]);
  if (mark && mapping->roles[CORM_ROLE_UPDATED_AT] >= 0)
    corm_write_send (write, (guint) mapping->roles[CORM_ROLE_UPDATED_AT]);
  return add_values (write, write->sent, write->n_sent, 0, row, error) && add_key (write, row, error) &&
         run (conn, write, NULL, &n_changed, error) &&
         (n_changed > 0 || corm_write_missed (conn, mapping, write->match, row, error));
}

static gboolean
delete_row (const CormModel *model, CormConnection *conn, gconstpointer row, gboolean really, GError **error)
{
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  return mapping != NULL && (delete_stamped (conn, mapping, row, really, error) ||
                             corm_error_prefix (error, "delete from %s", model->table));
}

gboolean
corm_delete_row (const CormModel *model, CormConnection *conn, gconstpointer row, GError **error)
{
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL, FALSE);
  return delete_row (model, conn, row, FALSE, error);
}

gboolean
corm_erase_row (const CormModel *model, CormConnection *conn, gconstpointer row, GError **error)
{
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL, FALSE);
  return delete_row (model, conn, row, TRUE, error);
}

gpointer
corm_get_row (const CormModel *model, CormConnection *conn, gconstpointer key, GError **error)
{
  const CormValue *values = NULL;
  g_return_val_if_fail (model != NULL && conn != NULL && key != NULL, NULL);
  CORM_DETECTOR_CALLED (conn);
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  if (mapping == NULL)
    return NULL;
  corm_detector_note (conn, mapping, NULL, NULL);
  CormWrite *write = begin (conn, CORM_WRITE_GET, mapping, CORM_STAMP_UPDATE, error);
  for (guint i = 0; write != NULL && i < mapping->n_fields; i++)
    corm_write_return (write, i);
  if (write != NULL)
    write->match = match_of (mapping) & CORM_MATCH_LIVE;
  g_autoptr (CormStatement) statement = NULL;
  if (write == NULL || !add_key (write, key, error) ||
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
    missing_row (mapping, key, error);
  corm_error_prefix (error, "get from %s", model->table);
  return NULL;
}
