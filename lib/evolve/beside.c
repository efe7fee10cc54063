/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A scratch place for a role that may make none: tables under names of their own beside those that are there, empty, read
 * back and dropped. They live under the migrator's lock, so one that is found when the lock has been got was left by a
 * killed process, and goes. Foreign keys are not made: nothing may point at these tables, or from them.
 * Invariant: nobody else sees them; corm_evolve_inspect() passes over the prefix. */
#include "base/error.h"
#include "engine/connection.h"
#include "engine/lock.h"
#include "evolve/scratch.h"
#include "render/ddl.h"

#include <string.h>

#define PREFIX "corm_scratch_"

typedef struct {
  CormConnection *conn;
  const CormDialect *dialect;
  GHashTable *names; /* made up -> wanted */
} Beside;

gboolean
corm_evolve_is_beside (const char *table)
{
  return g_str_has_prefix (table, PREFIX);
}

/* Gives *@name another one that is nobody's. */
static void
disguise (Beside *beside, char **name)
{
  if (*name == NULL)
    return;
  char *other = g_strdup_printf (PREFIX "%u", g_hash_table_size (beside->names));
  g_hash_table_insert (beside->names, other, *name);
  *name = g_strdup (other);
}

static void
uncover (Beside *beside, char **name)
{
  const char *wanted = *name != NULL ? g_hash_table_lookup (beside->names, *name) : NULL;
  if (wanted == NULL)
    return;
  g_free (*name);
  *name = g_strdup (wanted);
}

/* Names that share a space with those of the tables that are there. */
static void
rename_table (Beside *beside, CormTable *table, void (*change) (Beside *, char **))
{
  change (beside, &table->name);
  for (guint i = 0; i < table->uniques->len; i++)
    change (beside, &((CormKey *) table->uniques->pdata[i])->name);
  for (guint i = 0; i < table->indexes->len; i++)
    change (beside, &((CormTableIndex *) table->indexes->pdata[i])->name);
}

/* The check that holds a column to its labels is there, under the table's own name. */
static void
settle_labels (const Beside *beside, CormTable *table)
{
  for (guint i = 0; i < table->columns->len; i++) {
    CormTableColumn *column = table->columns->pdata[i];
    if (column->labels == NULL || column->type_sql != NULL)
      continue;
    g_autoptr (GString) type = g_string_new (NULL);
    corm_render_type (type, beside->dialect, column);
    column->type_sql = g_strdup (type->str);
  }
}

static gboolean
make_table (Beside *beside, CormTable *table, GError **error)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  settle_labels (beside, table);
  rename_table (beside, table, disguise);
  if (!corm_render_create_table (sql, beside->dialect, table, CORM_DDL_INDEXES, NULL, error))
    return FALSE;
  for (guint i = 0; i < sql->len; i++)
    if (!corm_connection_run (beside->conn, sql->pdata[i], error))
      return corm_error_prefix (error, "try in a scratch table: %s", (char *) sql->pdata[i]);
  return TRUE;
}

static gboolean
drop_all (const Beside *beside, GError **error)
{
  g_autoptr (CormSchema) live = corm_evolve_inspect_all (beside->conn, FALSE, error);
  for (guint i = 0; live != NULL && i < live->tables->len; i++) {
    const CormTable *table = live->tables->pdata[i];
    g_autoptr (GString) sql = g_string_new ("DROP TABLE ");
    corm_sql_append_identifier (sql, beside->dialect, table->name);
    if (corm_evolve_is_beside (table->name) && !corm_connection_run (beside->conn, sql->str, error))
      return corm_error_prefix (error, "drop a scratch table");
  }
  return live != NULL;
}

/* What was made, and nothing else, under the names that were wanted. */
static CormSchema *
read_back (Beside *beside, GError **error)
{
  CormSchema *schema = corm_evolve_inspect_all (beside->conn, FALSE, error);
  for (guint i = 0; schema != NULL && i < schema->tables->len;) {
    CormTable *table = schema->tables->pdata[i];
    if (!corm_evolve_is_beside (table->name)) {
      g_ptr_array_remove_index (schema->tables, i);
      continue;
    }
    rename_table (beside, table, uncover);
    i++;
  }
  if (schema != NULL)
    g_ptr_array_set_size (schema->objects, 0);
  return schema;
}

static CormSchema *
make_and_read (Beside *beside, CormSchema *copy, GError **error)
{
  gboolean ok = drop_all (beside, error);
  for (guint i = 0; ok && i < copy->tables->len; i++)
    ok = make_table (beside, copy->tables->pdata[i], error);
  CormSchema *schema = ok ? read_back (beside, error) : NULL;
  g_autoptr (GError) left = NULL;
  if (!drop_all (beside, &left))
    corm_warn ("%s", left->message);
  return schema;
}

CormSchema *
corm_evolve_make_beside (CormConnection *conn, const CormSchema *wanted, GError **error)
{
  g_autofree char *json = corm_schema_to_json (wanted);
  g_autoptr (CormSchema) copy = corm_schema_from_json (json, error);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Beside beside = { conn, corm_connection_get_dialect (conn), names };
  g_autoptr (CormMigratorLock) lock = copy != NULL ? corm_lock_take (conn, 0, error) : NULL;
  return lock != NULL ? make_and_read (&beside, copy, error) : NULL;
}
