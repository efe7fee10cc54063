/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A schema in the server's own words: made in a scratch place by the same plan that would make it for good, and read
 * back by the same introspection. What a scratch place cannot show is taken from the schema itself. Invariant: however
 * it ends, the scratch place is closed, and the database is as before. */
#include "base/error.h"
#include "engine/connection.h"
#include "engine/lock.h"
#include "evolve/planner.h"
#include "evolve/scratch.h"
#include "render/fit.h"

#include <string.h>

/* Runs @sql where it may fail and nothing comes of it: what stands there is taken as it was given. */
static gboolean
try_to_run (CormConnection *place, const char *sql)
{
  gboolean undoes = (corm_connection_get_dialect (place)->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (CormTransaction) attempt =
      undoes ? corm_transaction_begin (place, CORM_TRANSACTION_DEFAULT, &error) : NULL;
  if ((attempt != NULL || !undoes) && corm_connection_run (place, sql, &error) &&
      (!undoes || corm_transaction_commit (attempt, &error)))
    return TRUE;
  corm_debug ("compared as it was given: %s", error->message);
  return FALSE;
}

/* Those of @attempts that succeed leave it. @still: takes events that were kept from running. */
static gboolean
run_all (CormConnection *place, const GPtrArray *statements, GHashTable *attempts, GPtrArray *still,
         GError **error)
{
  for (guint i = 0; i < statements->len; i++) {
    const char *sql = statements->pdata[i];
    char *quiet = corm_scratch_keep_still (sql);
    if (quiet != NULL)
      g_ptr_array_add (still, quiet);
    if (attempts == NULL || !g_hash_table_contains (attempts, sql)) {
      if (!corm_connection_run (place, quiet != NULL ? quiet : sql, error))
        return corm_error_prefix (error, "try in a scratch place: %s", sql);
    } else if (try_to_run (place, quiet != NULL ? quiet : sql)) {
      g_hash_table_remove (attempts, sql);
    }
  }
  return TRUE;
}

/* @attempts (nullable): those of @statements that may fail; those that did remain in it. */
static CormSchema *
make (CormConnection *conn, const GPtrArray *statements, GHashTable *attempts, GError **error)
{
  const CormDriver *driver = corm_connection_get_driver (conn);
  CormConnection *other = NULL;
  if (driver->scratch_begin == NULL || driver->inspect == NULL) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
        "compare with the database: the driver %s has no scratch place; open the database through its native "
        "driver",
        driver->name);
    return NULL;
  }
  if (!driver->scratch_begin (conn, &other, error)) {
    corm_error_prefix (error, "open a scratch place");
    return NULL;
  }
  CormConnection *place = other != NULL ? other : conn;
  g_autoptr (GPtrArray) still = g_ptr_array_new_with_free_func (g_free);
  gboolean ok = run_all (place, statements, attempts, still, error);
  CormSchema *schema = ok ? corm_evolve_inspect (place, TRUE, error) : NULL;
  if (schema != NULL)
    corm_scratch_wake (schema, still);
  driver->scratch_end (conn, other);
  return schema;
}

CormSchema *
corm_evolve_make (CormConnection *conn, const GPtrArray *statements, GError **error)
{
  return make (conn, statements, NULL, error);
}

void
corm_evolve_restate (const CormSchema *schema, GPtrArray *sql)
{
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    g_ptr_array_add (sql, g_strdup (table->sql));
    for (guint k = 0; k < table->indexes->len; k++)
      g_ptr_array_add (sql, g_strdup (((CormTableIndex *) table->indexes->pdata[k])->sql));
  }
  for (guint i = 0; i < schema->objects->len; i++)
    g_ptr_array_add (sql, g_strdup (((CormSchemaObject *) schema->objects->pdata[i])->sql));
}

static const CormTableIndex *
find_index (const CormTable *table, const char *name)
{
  for (guint i = 0; name != NULL && i < table->indexes->len; i++) {
    const CormTableIndex *index = table->indexes->pdata[i];
    if (g_ascii_strcasecmp (index->name, name) == 0)
      return index;
  }
  return NULL;
}

/* A unique index that the catalogue lists as a constraint is an index again. */
static void
restore_unique_indexes (CormTable *table, const CormTable *wanted)
{
  for (guint i = 0; i < table->uniques->len;) {
    CormKey *key = table->uniques->pdata[i];
    const CormTableIndex *index = find_index (wanted, key->name);
    if (index == NULL || find_index (table, key->name) != NULL) {
      i++;
      continue;
    }
    CormTableIndex *copy = corm_table_add_index (table, key->name);
    copy->unique = TRUE;
    for (char **column = key->columns; *column != NULL; column++)
      corm_index_add_part (copy, *column);
    g_ptr_array_remove_index (table->uniques, i);
  }
}

/* A name that the server could have made up may still be the one that was asked for. */
static void
restore_unique_names (CormTable *table, const CormTable *wanted)
{
  for (guint i = 0; i < table->uniques->len; i++) {
    CormKey *key = table->uniques->pdata[i];
    for (guint k = 0; key->name == NULL && k < wanted->uniques->len; k++) {
      const CormKey *like = wanted->uniques->pdata[k];
      if (g_strv_equal ((const char *const *) key->columns, (const char *const *) like->columns))
        key->name = g_strdup (like->name);
    }
  }
}

/* Indexes that the server made by itself are nobody's wish. */
static void
drop_own_indexes (CormTable *table, const CormTable *wanted)
{
  for (guint i = 0; i < table->indexes->len;) {
    const CormTableIndex *index = table->indexes->pdata[i];
    if (find_index (wanted, index->name) != NULL)
      i++;
    else
      g_ptr_array_remove_index (table->indexes, i);
  }
}

/* Temporary tables have no foreign keys in some databases. */
static void
restore_foreign_keys (CormTable *table, const CormTable *wanted)
{
  for (guint i = 0; table->foreign_keys->len < wanted->foreign_keys->len && i < wanted->foreign_keys->len;
       i++) {
    const CormForeignKey *key = wanted->foreign_keys->pdata[i];
    CormForeignKey *copy = corm_table_add_foreign_key (table, key->name);
    copy->columns = g_strdupv (key->columns);
    copy->target_table = g_strdup (key->target_table);
    copy->target_columns = g_strdupv (key->target_columns);
    copy->on_delete = key->on_delete;
    copy->on_update = key->on_update;
    copy->deferrable = key->deferrable;
  }
}

static void
restore_names (CormTable *table, const CormTable *wanted)
{
  g_free (table->was);
  table->was = g_strdup (wanted->was);
  for (guint i = 0; i < table->columns->len; i++) {
    CormTableColumn *column = table->columns->pdata[i];
    const CormTableColumn *like = corm_table_find_column (wanted, column->name);
    g_free (column->was);
    column->was = g_strdup (like != NULL ? like->was : NULL);
    g_free (column->convert);
    column->convert = g_strdup (like != NULL ? like->convert : NULL);
  }
}

/* In a new table no row is older than a constraint, so that NOT VALID says nothing there. */
static void
restore_not_valid (CormTable *table, const CormTable *wanted)
{
  for (guint i = 0; i < table->checks->len; i++) {
    CormCheck *check = table->checks->pdata[i];
    for (guint k = 0; k < wanted->checks->len; k++) {
      const CormCheck *like = wanted->checks->pdata[k];
      if (g_strcmp0 (like->name, check->name) == 0)
        check->not_valid |= like->not_valid;
    }
  }
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    CormForeignKey *key = table->foreign_keys->pdata[i];
    for (guint k = 0; k < wanted->foreign_keys->len; k++) {
      const CormForeignKey *like = wanted->foreign_keys->pdata[k];
      if (g_strcmp0 (like->name, key->name) == 0)
        key->not_valid |= like->not_valid;
    }
  }
}

/* A function's name has its arguments behind it, which a server spells in its own way, as it quotes names. */
static char *
bare_name (const char *name)
{
  const char *arguments = g_str_has_suffix (name, ")") ? strrchr (name, '(') : NULL;
  GString *bare = g_string_new_len (name, arguments != NULL ? arguments - name : (gssize) strlen (name));
  if (arguments != NULL)
    g_string_replace (bare, "\"", "", 0);
  return g_string_free (bare, FALSE);
}

static gboolean
has_object (const CormSchema *schema, const CormSchemaObject *like)
{
  g_autofree char *name = bare_name (like->name);
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    g_autofree char *other = bare_name (object->name);
    if (strcmp (object->kind, like->kind) == 0 && strcmp (other, name) == 0 &&
        g_strcmp0 (object->table, like->table) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_of (gpointer sql G_GNUC_UNUSED, gpointer of, gpointer object)
{
  return of == object;
}

/* Objects that could not be made there are what they were given as. @failed: statement to object. */
static void
restore_objects (CormSchema *schema, const CormSchema *wanted, GHashTable *failed)
{
  for (guint i = 0; i < wanted->objects->len; i++) {
    CormSchemaObject *object = wanted->objects->pdata[i];
    if (g_hash_table_find (failed, is_of, object) == NULL && has_object (schema, object))
      continue;
    CormSchemaObject *copy = corm_schema_add_object (schema, object->kind, object->name);
    copy->table = g_strdup (object->table);
    copy->sql = g_strdup (object->sql);
    copy->comment = g_strdup (object->comment);
  }
}

/* What the catalogue of the scratch place does not say, or says otherwise than it was meant. */
static void
restore (CormSchema *schema, const CormSchema *wanted, GHashTable *failed)
{
  schema->from_models = wanted->from_models;
  for (guint i = 0; i < schema->tables->len; i++) {
    CormTable *table = schema->tables->pdata[i];
    const CormTable *like = corm_schema_find_table (wanted, table->name);
    if (like == NULL)
      continue;
    restore_unique_names (table, like);
    restore_unique_indexes (table, like);
    drop_own_indexes (table, like);
    restore_foreign_keys (table, like);
    restore_names (table, like);
    restore_not_valid (table, like);
  }
  restore_objects (schema, wanted, failed);
}

static gpointer
find_object_of (const CormSchema *schema, const CormOp *op)
{
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    if (strcmp (object->kind, op->object) == 0 && g_strcmp0 (object->name, op->name) == 0 &&
        g_strcmp0 (object->table, op->table) == 0)
      return schema->objects->pdata[i];
  }
  return NULL;
}

/* The statements that make @wanted where nothing is. Those of objects are @attempts, with the object, where the server
 * has words of its own for them; elsewhere they are compared as they were given. */
static GPtrArray *
statements_of (const CormDialect *dialect, const CormSchema *wanted, GHashTable *attempts, GError **error)
{
  g_autoptr (CormSchema) nothing = corm_schema_new (dialect->name);
  CormPlanner planner = { .dialect = dialect, .live = nothing, .to = wanted, .wanted = wanted };
  g_autoptr (CormPlan) plan = corm_planner_plan (&planner, NULL, error);
  if (plan == NULL)
    return NULL;
  GPtrArray *statements = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    gboolean skipped = op->object != NULL && dialect->rebuild != NULL;
    for (guint s = 0; s < op->sql->len && !skipped; s++) {
      char *sql = g_strdup (op->sql->pdata[s]);
      g_ptr_array_add (statements, sql);
      if (op->object != NULL)
        g_hash_table_insert (attempts, sql, find_object_of (wanted, op));
    }
  }
  return statements;
}

/* A role that may make no scratch place can still have tables beside the others, where they need no types of their own
 * and where no transaction would be committed by them. */
static gboolean
may_make_beside (CormConnection *conn, const GError *error)
{
  return g_error_matches (error, CORM_ERROR, CORM_ERROR_DENIED) && !corm_connection_in_transaction (conn) &&
         !corm_lock_is_transaction (conn) && !corm_connection_get_link (conn)->options->read_only &&
         !(corm_connection_get_dialect (conn)->caps & CORM_CAP_NATIVE_ENUM);
}

static CormSchema *
make_wanted (CormConnection *conn, const CormSchema *wanted, GHashTable *attempts, GError **error)
{
  GError *local = NULL;
  g_autoptr (GPtrArray) statements =
      statements_of (corm_connection_get_dialect (conn), wanted, attempts, error);
  CormSchema *schema = statements != NULL ? make (conn, statements, attempts, &local) : NULL;
  if (local == NULL)
    return schema;
  if (!may_make_beside (conn, local)) {
    g_propagate_error (error, local);
    return NULL;
  }
  corm_debug ("%s; comparing with tables beside the others instead", local->message);
  g_error_free (local);
  return corm_evolve_make_beside (conn, wanted, error);
}

CormSchema *
corm_evolve_canonical (CormConnection *conn, const CormSchema *schema, CormSchema **wanted, GPtrArray *notes,
                       GError **error)
{
  g_autoptr (CormSchema) fitted = corm_schema_fit (schema, corm_connection_get_dialect (conn), notes, error);
  g_autoptr (GHashTable) attempts = g_hash_table_new (NULL, NULL);
  CormSchema *canonical = fitted != NULL ? make_wanted (conn, fitted, attempts, error) : NULL;
  if (canonical == NULL)
    return NULL;
  restore (canonical, fitted, attempts);
  if (wanted != NULL)
    *wanted = g_steal_pointer (&fitted);
  return canonical;
}

static CormSchema *
log_notes (CormSchema *canonical, const GPtrArray *notes)
{
  for (guint i = 0; i < notes->len; i++)
    corm_note ("%s", (char *) notes->pdata[i]);
  return canonical;
}

CormSchema *
corm_schema_canonical (CormConnection *conn, const CormSchema *schema, GError **error)
{
  g_return_val_if_fail (conn != NULL && schema != NULL, NULL);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  return log_notes (corm_evolve_canonical (conn, schema, NULL, notes, error), notes);
}

CormSchema *
corm_schema_canonical_like (CormConnection *conn, const CormSchema *schema, const CormSchema *live,
                            GError **error)
{
  g_return_val_if_fail (conn != NULL && schema != NULL && live != NULL, NULL);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  return log_notes (corm_evolve_canonical_like (conn, schema, live, NULL, notes, error), notes);
}
