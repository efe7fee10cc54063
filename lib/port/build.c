/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The target's structure in two halves. An expression that came from another dialect (a check, an index's predicate) and a
 * foreign key to what is no key (SQLite takes it) are tried under a savepoint: the target either understands them or
 * they are listed as not moved, with its words. What the rows break stops the port. */
#include "port/build.h"

#include "base/error.h"
#include "engine/cursor.h"
#include "port/build-object.h"
#include "render/ddl.h"

#include <string.h>

gboolean
corm_build_run (const CormBuild *build, GPtrArray *sql, GError **error)
{
  for (guint i = 0; i < sql->len; i++) {
    g_autofree char *marked =
        g_strconcat (build->mark != NULL ? build->mark : "", g_ptr_array_index (sql, i), NULL);
    if (!corm_connection_run (build->conn, marked, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_build_is_foreign (const GError *error)
{
  return error->domain == CORM_ERROR &&
         (error->code == CORM_ERROR_SYNTAX || error->code == CORM_ERROR_SCHEMA ||
          error->code == CORM_ERROR_UNSUPPORTED || error->code == CORM_ERROR_FAILED);
}

/* TRUE also when the part was left out: then @what stands in not_moved. */
gboolean
corm_build_try (CormBuild *build, GPtrArray *sql, gboolean may_leave_out, const char *what, GError **error)
{
  g_autoptr (GError) refused = NULL;
  gboolean can_undo = (corm_connection_get_dialect (build->conn)->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  g_autoptr (CormTransaction) savepoint =
      can_undo ? corm_transaction_begin (build->conn, CORM_TRANSACTION_DEFAULT, error) : NULL;
  if (can_undo && savepoint == NULL)
    return FALSE;
  if (corm_build_run (build, sql, &refused))
    return savepoint == NULL || corm_transaction_commit (savepoint, error);
  if (!may_leave_out || !corm_build_is_foreign (refused)) {
    g_propagate_prefixed_error (error, g_steal_pointer (&refused), "%s: ", what);
    return FALSE;
  }
  g_ptr_array_add (build->not_moved, g_strdup_printf ("%s (%s)", what, refused->message));
  return savepoint == NULL || corm_transaction_rollback (savepoint, error);
}

/* @table with @checks (nullable) of its checks, and with its foreign keys or without. */
static gboolean
create_as (CormBuild *build, const CormTable *table, GPtrArray *checks, gboolean with_keys, GHashTable *known,
           GPtrArray *sql, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  CormTable bare = *table; /* shares everything but what comes later */
  bare.checks = checks != NULL ? checks : none;
  if ((dialect->caps & CORM_CAP_LATE_KEYS) != 0) {
    bare.primary_key = NULL;
    bare.uniques = none;
  }
  return corm_render_create_table (sql, dialect, &bare, with_keys ? CORM_DDL_FOREIGN_KEYS : 0, known, error);
}

/* Whether the target understands @check, as the only one of @table: what is made for that is undone. */
static gboolean
try_check (CormBuild *build, const CormTable *table, CormCheck *check, GHashTable *known,
           gboolean *understood, GError **error)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free), alone = g_ptr_array_new ();
  g_autofree char *what = g_strdup_printf ("check of %s: %s", table->name, check->sql);
  guint before = build->not_moved->len;
  g_ptr_array_add (alone, check);
  g_autoptr (CormTransaction) trial = corm_transaction_begin (build->conn, CORM_TRANSACTION_DEFAULT, error);
  if (trial == NULL || !create_as (build, table, alone, TRUE, known, sql, error) ||
      !corm_build_try (build, sql, TRUE, what, error))
    return FALSE;
  *understood = build->not_moved->len == before;
  return corm_transaction_rollback (trial, error);
}

/* Where checks can't be added later: all of them with the table, or those that the target understands by themselves. */
static gboolean
create_checked (CormBuild *build, const CormTable *table, GHashTable *known, GError **error)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) fewer = g_ptr_array_new_with_free_func (g_free), checks = g_ptr_array_new ();
  g_autofree char *what = g_strdup_printf ("the %u checks of %s", table->checks->len, table->name);
  guint before = build->not_moved->len;
  if (!create_as (build, table, table->checks, TRUE, known, sql, error))
    return FALSE;
  if (table->checks->len == 0)
    return corm_build_run (build, sql, error);
  if (!corm_build_try (build, sql, build->translated, what, error))
    return FALSE;
  if (build->not_moved->len == before)
    return TRUE;
  g_ptr_array_set_size (build->not_moved, (gint) before);
  for (guint i = 0; i < table->checks->len; i++) {
    gboolean understood = FALSE;
    if (!try_check (build, table, table->checks->pdata[i], known, &understood, error))
      return FALSE;
    if (understood)
      g_ptr_array_add (checks, table->checks->pdata[i]);
  }
  return create_as (build, table, checks, TRUE, known, fewer, error) && corm_build_run (build, fewer, error);
}

static gboolean
create_table (CormBuild *build, const CormTable *table, GHashTable *known, GError **error)
{
  gboolean done;
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  if ((corm_connection_get_dialect (build->conn)->caps & CORM_CAP_ALTER_ADD_CONSTRAINT) != 0)
    done = create_as (build, table, NULL, FALSE, known, sql, error) && corm_build_run (build, sql, error);
  else
    done = create_checked (build, table, known, error);
  return done || corm_error_prefix (error, "create table %s", table->name);
}

/* Types of labels need nothing, and other types, domains and functions may need them. */
static gboolean
create_enums (CormBuild *build, GHashTable *known, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < build->schema->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (build->schema->tables, i);
    for (guint c = 0; c < table->columns->len; c++)
      corm_render_create_enum (sql, dialect, table->columns->pdata[c], known);
  }
  return corm_build_run (build, sql, error);
}

gboolean
corm_build_tables (CormBuild *build, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!create_enums (build, known, error) || !corm_build_early_objects (build, error))
    return FALSE;
  for (guint i = 0; i < build->schema->tables->len; i++)
    if (!create_table (build, g_ptr_array_index (build->schema->tables, i), known, error))
      return FALSE;
  return TRUE;
}

gboolean
corm_build_find_orphan (CormConnection *conn, char **row, GError **error)
{
  const char *sql = corm_connection_get_dialect (conn)->check_rebuild;
  g_autoptr (GError) local = NULL;
  g_autoptr (CormCursor) cursor = sql != NULL ? corm_query (conn, sql, NULL, error) : NULL;
  *row = NULL;
  if (cursor == NULL)
    return sql == NULL;
  if (!corm_cursor_next (cursor, &local)) {
    if (local == NULL)
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < MIN (3, corm_cursor_get_n_columns (cursor)); i++) {
    g_string_append_printf (text, "%s%s ", i > 0 ? ", " : "", corm_cursor_get_name (cursor, i));
    corm_value_append_text (corm_cursor_get_value (cursor, i), text);
  }
  *row = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
}

/* Those who made the rows did not look at their keys: now all are looked at. */
gboolean
corm_build_check_keys (CormConnection *conn, GError **error)
{
  g_autofree char *row = NULL;
  if (!corm_build_find_orphan (conn, &row, error))
    return FALSE;
  if (row != NULL)
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_FOREIGN_KEY,
        "rows of the source refer to rows that are not there (%s): mend them in the source, as corm doctor "
        "can, or pass a reject file",
        row);
  return row == NULL;
}

/* --- back ------------------------------------------------------------------------------------------------------ */

static void
append_types (GString *text, const CormBuild *build, GHashTable *known)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  for (guint i = 0; i < build->schema->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (build->schema->tables, i);
    for (guint c = 0; c < table->columns->len; c++) {
      const CormTableColumn *column = g_ptr_array_index (table->columns, c);
      g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
      corm_render_create_enum (sql, dialect, column, known);
      if (sql->len == 0)
        continue;
      g_string_append (text, "DROP TYPE IF EXISTS ");
      corm_sql_append_identifier (text, dialect, column->enum_type);
      g_string_append (text, CORM_LEDGER_END);
    }
  }
}

/* Where keys can't be set aside, all tables go in one statement: they may refer to each other. */
char *
corm_build_undo (const CormBuild *build, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  g_autoptr (GString) text = g_string_new (NULL);
  if (!corm_build_undo_objects (build, FALSE, text, error))
    return NULL;
  for (guint i = 0; i < build->schema->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (build->schema->tables, i);
    if (strstr (table->name, CORM_LEDGER_END) != NULL) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED, "table %s: a name with a control character",
                   table->name);
      return NULL;
    }
    gboolean is_first = i == 0 || dialect->keys_off != NULL;
    g_string_append (text, is_first ? "DROP TABLE IF EXISTS " : ", ");
    corm_sql_append_identifier (text, dialect, table->name);
    if (dialect->keys_off != NULL || i + 1 == build->schema->tables->len)
      g_string_append (text, CORM_LEDGER_END);
  }
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!corm_build_undo_objects (build, TRUE, text, error))
    return NULL;
  append_types (text, build, known);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
