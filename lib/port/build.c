/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The target's structure in two halves. An expression that came from another dialect (a check, an index's predicate) and a
 * foreign key to what is no key (SQLite takes it) are tried under a savepoint: the target either understands them or
 * they are listed as not moved, with its words. What the rows break stops the port. */
#include "port/build.h"

#include "base/error.h"
#include "render/ddl.h"

static gboolean
run_all (CormConnection *conn, GPtrArray *sql, GError **error)
{
  for (guint i = 0; i < sql->len; i++)
    if (!corm_connection_run (conn, g_ptr_array_index (sql, i), error))
      return FALSE;
  return TRUE;
}

/* The database does not understand the words; the data have nothing to do with it. */
static gboolean
is_foreign_language (const GError *error)
{
  return error->domain == CORM_ERROR &&
         (error->code == CORM_ERROR_SYNTAX || error->code == CORM_ERROR_SCHEMA ||
          error->code == CORM_ERROR_UNSUPPORTED || error->code == CORM_ERROR_FAILED);
}

/* TRUE also when the part was left out: then @what stands in not_moved. */
static gboolean
try_part (CormBuild *build, GPtrArray *sql, gboolean may_leave_out, const char *what, GError **error)
{
  g_autoptr (GError) refused = NULL;
  if (!may_leave_out)
    return run_all (build->conn, sql, error) || corm_error_prefix (error, "%s", what);
  g_autoptr (CormTransaction) savepoint =
      corm_transaction_begin (build->conn, CORM_TRANSACTION_DEFAULT, error);
  if (savepoint == NULL)
    return FALSE;
  if (run_all (build->conn, sql, &refused))
    return corm_transaction_commit (savepoint, error);
  if (!is_foreign_language (refused)) {
    g_propagate_prefixed_error (error, g_steal_pointer (&refused), "%s: ", what);
    return FALSE;
  }
  g_ptr_array_add (build->not_moved, g_strdup_printf ("%s (%s)", what, refused->message));
  return corm_transaction_rollback (savepoint, error);
}

/* @table with its checks and foreign keys, or without them. */
static gboolean
create_as (CormBuild *build, const CormTable *table, gboolean with_checks, gboolean with_keys,
           GHashTable *known, GPtrArray *sql, GError **error)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  CormTable bare = *table; /* shares everything but the checks */
  if (!with_checks)
    bare.checks = none;
  return corm_render_create_table (sql, corm_connection_get_dialect (build->conn), &bare,
                                   with_keys ? CORM_DDL_FOREIGN_KEYS : 0, known, error);
}

/* Where checks can't be added later: all of them with the table, or, when the target does not understand them, none. */
static gboolean
create_checked (CormBuild *build, const CormTable *table, GHashTable *known, GError **error)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) plain = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *what = g_strdup_printf ("the %u checks of %s", table->checks->len, table->name);
  guint before = build->not_moved->len;
  if (!create_as (build, table, TRUE, TRUE, known, sql, error) ||
      !try_part (build, sql, build->translated && table->checks->len > 0, what, error))
    return FALSE;
  return build->not_moved->len == before ||
         (create_as (build, table, FALSE, TRUE, known, plain, error) && run_all (build->conn, plain, error));
}

static gboolean
create_table (CormBuild *build, const CormTable *table, GHashTable *known, GError **error)
{
  gboolean done;
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  if ((corm_connection_get_dialect (build->conn)->caps & CORM_CAP_ALTER_ADD_CONSTRAINT) != 0)
    done = create_as (build, table, FALSE, FALSE, known, sql, error) && run_all (build->conn, sql, error);
  else
    done = create_checked (build, table, known, error);
  return done || corm_error_prefix (error, "create table %s", table->name);
}

gboolean
corm_build_tables (CormBuild *build, GError **error)
{
  const char *defer = corm_connection_get_dialect (build->conn)->defer_keys;
  if (defer != NULL && !corm_connection_run (build->conn, defer, error))
    return FALSE;
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < build->schema->tables->len; i++)
    if (!create_table (build, g_ptr_array_index (build->schema->tables, i), known, error))
      return FALSE;
  return TRUE;
}

static gboolean
add_constraint (CormBuild *build, const CormTable *table, const GString *constraint, gboolean may_leave_out,
                const char *what, GError **error)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new ("ALTER TABLE ");
  corm_sql_append_identifier (text, corm_connection_get_dialect (build->conn), table->name);
  g_string_append_printf (text, " ADD %s", constraint->str);
  g_ptr_array_add (sql, g_string_free (g_steal_pointer (&text), FALSE));
  return try_part (build, sql, may_leave_out, what, error);
}

static gboolean
add_checks (CormBuild *build, const CormTable *table, GError **error)
{
  for (guint i = 0; i < table->checks->len; i++) {
    const CormCheck *check = g_ptr_array_index (table->checks, i);
    g_autofree char *what = g_strdup_printf ("check of %s: %s", table->name, check->sql);
    g_autoptr (GString) text = g_string_new (NULL);
    corm_render_check (text, corm_connection_get_dialect (build->conn), check);
    if (!add_constraint (build, table, text, build->translated, what, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_indexes (CormBuild *build, const CormTable *table, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  for (guint i = 0; i < table->indexes->len; i++) {
    const CormTableIndex *index = g_ptr_array_index (table->indexes, i);
    g_autofree char *what =
        g_strdup_printf ("index %s of %s%s%s", index->name, table->name,
                         index->where != NULL ? " where " : "", index->where != NULL ? index->where : "");
    g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
    gboolean has_words = index->where != NULL;
    for (guint p = 0; p < index->parts->len; p++)
      has_words |= ((const CormIndexPart *) g_ptr_array_index (index->parts, p))->is_expression;
    if (!corm_render_create_index (sql, dialect, table, index, error) ||
        !try_part (build, sql, build->translated && has_words, what, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_foreign_keys (CormBuild *build, const CormTable *table, GError **error)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
    g_autofree char *columns = g_strjoinv (", ", key->columns);
    g_autofree char *what =
        g_strdup_printf ("foreign key of %s (%s) to %s", table->name, columns, key->target_table);
    g_autoptr (GString) text = g_string_new (NULL);
    corm_render_foreign_key (text, corm_connection_get_dialect (build->conn), key);
    if (!add_constraint (build, table, text, build->translated, what, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_build_settle (CormBuild *build, const CormTable *table, GError **error)
{
  const CormDriver *driver = corm_connection_get_driver (build->conn);
  return driver->after_load == NULL || driver->after_load (build->conn, table, error);
}

gboolean
corm_build_rest (CormBuild *build, GError **error)
{
  const CormDriver *driver = corm_connection_get_driver (build->conn);
  gboolean can_alter = (driver->dialect->caps & CORM_CAP_ALTER_ADD_CONSTRAINT) != 0;
  for (guint i = 0; i < build->schema->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (build->schema->tables, i);
    if (!add_indexes (build, table, error) || (can_alter && !add_checks (build, table, error)))
      return FALSE;
  }
  for (guint i = 0; can_alter && i < build->schema->tables->len; i++)
    if (!add_foreign_keys (build, g_ptr_array_index (build->schema->tables, i), error))
      return FALSE;
  for (guint i = 0; i < build->schema->tables->len; i++)
    if (!corm_build_settle (build, g_ptr_array_index (build->schema->tables, i), error))
      return FALSE;
  return TRUE;
}
