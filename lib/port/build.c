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

static gboolean
run_all (const CormBuild *build, GPtrArray *sql, GError **error)
{
  for (guint i = 0; i < sql->len; i++) {
    g_autofree char *marked =
        g_strconcat (build->mark != NULL ? build->mark : "", g_ptr_array_index (sql, i), NULL);
    if (!corm_connection_run (build->conn, marked, error))
      return FALSE;
  }
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
    return run_all (build, sql, error) || corm_error_prefix (error, "%s", what);
  gboolean can_undo = (corm_connection_get_dialect (build->conn)->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  g_autoptr (CormTransaction) savepoint =
      can_undo ? corm_transaction_begin (build->conn, CORM_TRANSACTION_DEFAULT, error) : NULL;
  if (can_undo && savepoint == NULL)
    return FALSE;
  if (run_all (build, sql, &refused))
    return savepoint == NULL || corm_transaction_commit (savepoint, error);
  if (!is_foreign_language (refused)) {
    g_propagate_prefixed_error (error, g_steal_pointer (&refused), "%s: ", what);
    return FALSE;
  }
  g_ptr_array_add (build->not_moved, g_strdup_printf ("%s (%s)", what, refused->message));
  return savepoint == NULL || corm_transaction_rollback (savepoint, error);
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
         (create_as (build, table, FALSE, TRUE, known, plain, error) && run_all (build, plain, error));
}

static gboolean
create_table (CormBuild *build, const CormTable *table, GHashTable *known, GError **error)
{
  gboolean done;
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  if ((corm_connection_get_dialect (build->conn)->caps & CORM_CAP_ALTER_ADD_CONSTRAINT) != 0)
    done = create_as (build, table, FALSE, FALSE, known, sql, error) && run_all (build, sql, error);
  else
    done = create_checked (build, table, known, error);
  return done || corm_error_prefix (error, "create table %s", table->name);
}

gboolean
corm_build_tables (CormBuild *build, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!corm_build_early_objects (build, error))
    return FALSE;
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
add_check (CormBuild *build, const CormTable *table, const CormCheck *check, GError **error)
{
  g_autofree char *what = g_strdup_printf ("check of %s: %s", table->name, check->sql);
  g_autoptr (GString) text = g_string_new (NULL);
  corm_render_check (text, corm_connection_get_dialect (build->conn), check);
  return add_constraint (build, table, text, build->translated, what, error);
}

static gboolean
add_index (CormBuild *build, const CormTable *table, const CormTableIndex *index, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  g_autofree char *what =
      g_strdup_printf ("index %s of %s%s%s", index->name, table->name, index->where != NULL ? " where " : "",
                       index->where != NULL ? index->where : "");
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  gboolean has_words = index->where != NULL;
  for (guint p = 0; p < index->parts->len; p++)
    has_words |= ((const CormIndexPart *) g_ptr_array_index (index->parts, p))->is_expression;
  g_autoptr (GError) unsayable = NULL;
  if (!corm_render_create_index (sql, dialect, table, index, &unsayable)) {
    g_ptr_array_add (build->not_moved, g_strdup_printf ("%s (%s)", what, unsayable->message));
    return TRUE;
  }
  if (dialect->before_index != NULL && corm_connection_in_transaction (build->conn) &&
      !corm_connection_run (build->conn, dialect->before_index, error))
    return FALSE;
  return try_part (build, sql, build->translated && has_words, what, error);
}

static gboolean
add_foreign_key (CormBuild *build, const CormTable *table, const CormForeignKey *key, GError **error)
{
  g_autofree char *columns = g_strjoinv (", ", key->columns);
  g_autofree char *what =
      g_strdup_printf ("foreign key of %s (%s) to %s", table->name, columns, key->target_table);
  g_autoptr (GString) text = g_string_new (NULL);
  corm_render_foreign_key (text, corm_connection_get_dialect (build->conn), key);
  return add_constraint (build, table, text, build->translated, what, error);
}

gboolean
corm_build_settle (CormBuild *build, const CormTable *table, GError **error)
{
  const CormDriver *driver = corm_connection_get_driver (build->conn);
  return driver->after_load == NULL || driver->after_load (build->conn, table, error);
}

/* --- one by one ------------------------------------------------------------------------------------------------ */

static gboolean
can_alter (const CormBuild *build)
{
  return (corm_connection_get_dialect (build->conn)->caps & CORM_CAP_ALTER_ADD_CONSTRAINT) != 0;
}

static guint
count_parts (const CormBuild *build, const CormTable *table, CormStepKind kind)
{
  switch (kind) {
  case CORM_STEP_INDEX:
    return table->indexes->len;
  case CORM_STEP_CHECK:
    return can_alter (build) ? table->checks->len : 0;
  case CORM_STEP_KEY:
    return can_alter (build) ? table->foreign_keys->len : 0;
  case CORM_STEP_SETTLE:
    return 1;
  default:
    return 0;
  }
}

/* What making an index takes, more or less: texts are compared with more work than numbers. */
static guint64
weigh_index (const CormBuild *build, const CormPortStep *step)
{
  const CormTable *table = corm_schema_find_table (build->schema, step->table);
  const CormTableIndex *index = g_ptr_array_index (table->indexes, step->part);
  guint64 rows = 1, weight = 0;
  for (guint i = 0; build->report != NULL && i < build->report->tables->len; i++) {
    const CormTableReport *of = g_ptr_array_index (build->report->tables, i);
    rows = g_ascii_strcasecmp (of->table, table->name) == 0 ? MAX (1, of->source_rows) : rows;
  }
  for (guint p = 0; p < index->parts->len; p++) {
    const CormIndexPart *part = g_ptr_array_index (index->parts, p);
    const CormTableColumn *column = part->is_expression ? NULL : corm_table_find_column (table, part->sql);
    weight += column != NULL && column->type.type != CORM_TYPE_TEXT ? 1 : 4;
  }
  return rows * weight;
}

static int
compare_weights (gconstpointer a, gconstpointer b, gpointer data)
{
  guint64 first = weigh_index (data, *(const CormPortStep *const *) a);
  guint64 second = weigh_index (data, *(const CormPortStep *const *) b);
  return (second > first) - (second < first);
}

void
corm_build_plan (const CormBuild *build, GPtrArray *steps)
{
  static const CormStepKind kinds[] = { CORM_STEP_INDEX, CORM_STEP_CHECK, CORM_STEP_KEY, CORM_STEP_SETTLE };
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    g_autoptr (GPtrArray) of_kind = g_ptr_array_new ();
    for (guint i = 0; i < build->schema->tables->len; i++) {
      const CormTable *table = g_ptr_array_index (build->schema->tables, i);
      for (guint part = 0; part < count_parts (build, table, kinds[k]); part++)
        g_ptr_array_add (of_kind, corm_port_step_new (kinds[k], table->name, part));
    }
    if (kinds[k] == CORM_STEP_INDEX)
      g_ptr_array_sort_with_data (of_kind, compare_weights, (gpointer) build);
    g_ptr_array_extend (steps, of_kind, NULL, NULL);
  }
  corm_build_plan_objects (build, steps);
}

gboolean
corm_build_step (CormBuild *build, const CormPortStep *step, GError **error)
{
  if (step->kind == CORM_STEP_OBJECT)
    return corm_build_object (build, step, error);
  const CormTable *table = corm_schema_find_table (build->schema, step->table);
  if (table == NULL || step->part >= count_parts (build, table, step->kind)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_STALE, "the port's steps speak of what is not in table %s",
                 step->table);
    return FALSE;
  }
  switch (step->kind) {
  case CORM_STEP_INDEX:
    return add_index (build, table, g_ptr_array_index (table->indexes, step->part), error);
  case CORM_STEP_CHECK:
    return add_check (build, table, g_ptr_array_index (table->checks, step->part), error);
  case CORM_STEP_KEY:
    return add_foreign_key (build, table, g_ptr_array_index (table->foreign_keys, step->part), error);
  default:
    return corm_build_settle (build, table, error);
  }
}

static gboolean
has_key (const CormTable *table, const CormForeignKey *key)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *there = g_ptr_array_index (table->foreign_keys, i);
    if (g_strv_equal ((const char *const *) there->columns, (const char *const *) key->columns) &&
        g_ascii_strcasecmp (there->target_table, key->target_table) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_index (const CormTable *table, const CormTableIndex *index)
{
  for (guint i = 0; i < table->indexes->len; i++)
    if (strcmp (((const CormTableIndex *) g_ptr_array_index (table->indexes, i))->name, index->name) == 0)
      return TRUE;
  return FALSE;
}

gboolean
corm_build_is_done (const CormBuild *build, const CormPortStep *step, const CormSchema *live)
{
  if (step->kind == CORM_STEP_OBJECT)
    return corm_build_has_object (build, step, live);
  const CormTable *wanted = corm_schema_find_table (build->schema, step->table);
  const CormTable *table = corm_schema_find_table (live, step->table);
  if (wanted == NULL || table == NULL || step->part >= count_parts (build, wanted, step->kind))
    return FALSE;
  if (step->kind == CORM_STEP_INDEX)
    return has_index (table, g_ptr_array_index (wanted->indexes, step->part));
  if (step->kind == CORM_STEP_KEY)
    return has_key (table, g_ptr_array_index (wanted->foreign_keys, step->part));
  if (step->kind == CORM_STEP_CHECK) /* they are made in their order */
    return table->checks->len > step->part;
  return FALSE;
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
    g_set_error (error, CORM_ERROR, CORM_ERROR_FOREIGN_KEY,
                 "rows of the source refer to rows that are not there (%s): mend them in the source first",
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
  append_types (text, build, known);
  if (!corm_build_undo_objects (build, TRUE, text, error))
    return NULL;
  return g_string_free (g_steal_pointer (&text), FALSE);
}
