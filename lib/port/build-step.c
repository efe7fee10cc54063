/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What comes behind the rows, part by part: indexes and keys, checks, foreign keys, statistics. A database whose rows lie in
 * no order makes its keys here too: one pass over sorted keys is less work than a place for each row as it comes. */
#include "port/build.h"

#include "base/error.h"
#include "port/build-object.h"
#include "port/sift.h"
#include "port/numbers.h"
#include "port/tables.h"
#include "render/alter.h"
#include "render/ddl.h"

#include <string.h>

/* --- one of each ------------------------------------------------------------------------------------------------ */

static gboolean
add_constraint (CormBuild *build, const CormTable *table, const GString *constraint, gboolean may_leave_out,
                const char *what, GError **error)
{
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new ("ALTER TABLE ");
  corm_sql_append_identifier (text, corm_connection_get_dialect (build->conn), table->name);
  g_string_append_printf (text, " ADD %s", constraint->str);
  g_ptr_array_add (sql, g_string_free (g_steal_pointer (&text), FALSE));
  return corm_build_try (build, sql, may_leave_out, what, error);
}

static gboolean
add_check (CormBuild *build, const CormTable *table, const CormCheck *check, GError **error)
{
  g_autofree char *what = g_strdup_printf ("check of %s: %s", table->name, check->sql);
  g_autoptr (GString) text = g_string_new (NULL);
  corm_render_check (text, corm_connection_get_dialect (build->conn), check);
  if (add_constraint (build, table, text, build->translated, what, error))
    return TRUE;
  corm_sift_name_check (build->conn, table, check, error);
  return FALSE;
}

/* Memory for sorting, until the transaction ends. */
static gboolean
prepare_sort (CormBuild *build, GError **error)
{
  const char *sql = corm_connection_get_dialect (build->conn)->before_index;
  return sql == NULL || !corm_connection_in_transaction (build->conn) ||
         corm_connection_run (build->conn, sql, error);
}

char *
corm_build_describe_index (const CormTable *table, const CormTableIndex *index)
{
  GString *text = g_string_new (NULL);
  g_string_printf (text, "index %s of %s: %s", index->name, table->name, index->unique ? "UNIQUE " : "");
  for (guint p = 0; p < index->parts->len; p++) {
    const CormIndexPart *part = g_ptr_array_index (index->parts, p);
    g_string_append_printf (text, "%s%s%s", p > 0 ? ", " : "(", part->sql, part->descending ? " DESC" : "");
  }
  g_string_append_printf (text, ")%s%s", index->where != NULL ? " where " : "",
                          index->where != NULL ? index->where : "");
  return g_string_free (text, FALSE);
}

static gboolean
add_index (CormBuild *build, const CormTable *table, const CormTableIndex *index, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  g_autofree char *what = corm_build_describe_index (table, index);
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  gboolean has_words = index->where != NULL;
  for (guint p = 0; p < index->parts->len; p++)
    has_words |= ((const CormIndexPart *) g_ptr_array_index (index->parts, p))->is_expression;
  g_autoptr (GError) unsayable = NULL;
  if (!corm_render_create_index (sql, dialect, table, index, &unsayable)) {
    g_ptr_array_add (build->not_moved, g_strdup_printf ("%s (%s)", what, unsayable->message));
    return TRUE;
  }
  /* Between equal dialects it may still need what the target's server does not have: an extension, a place. */
  gboolean may_leave_out = build->translated ? has_words : !index->unique;
  return prepare_sort (build, error) && corm_build_try (build, sql, may_leave_out, what, error);
}

static gboolean
add_foreign_key (CormBuild *build, const CormTable *table, const CormForeignKey *key, GError **error)
{
  g_autofree char *columns = g_strjoinv (", ", key->columns);
  g_autofree char *what =
      g_strdup_printf ("foreign key of %s (%s) to %s", table->name, columns, key->target_table);
  g_autoptr (GString) text = g_string_new (NULL);
  corm_render_foreign_key (text, corm_connection_get_dialect (build->conn), key);
  if (add_constraint (build, table, text, build->translated, what, error))
    return TRUE;
  corm_sift_name_key (build->conn, build->schema, table, key, error);
  return FALSE;
}

/* The primary key is the first of them, where there is one; then those that are unique. */
static guint
count_keys (const CormTable *table)
{
  const CormKey *primary = table->primary_key;
  return (primary != NULL && primary->columns != NULL && primary->columns[0] != NULL) + table->uniques->len;
}

static const CormKey *
get_key (const CormTable *table, guint i)
{
  guint n_primary = count_keys (table) - table->uniques->len;
  return i < n_primary ? table->primary_key : g_ptr_array_index (table->uniques, i - n_primary);
}

static gboolean
add_key (CormBuild *build, const CormTable *table, const CormKey *key, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  g_autofree char *columns = g_strjoinv (", ", key->columns);
  g_autofree char *what = g_strdup_printf (
      "%s of %s (%s)", key == table->primary_key ? "primary key" : "unique key", table->name, columns);
  g_autoptr (GString) text = g_string_new (NULL);
  if (key == table->primary_key)
    corm_render_primary_key (text, dialect, key);
  else
    corm_render_unique (text, dialect, key);
  return prepare_sort (build, error) && add_constraint (build, table, text, FALSE, what, error);
}

/* Behind @column's rows, and behind the last key that it gave in the source, whose row may be deleted. */
static gboolean
go_on (CormBuild *build, const CormTable *table, const CormTableColumn *column, GError **error)
{
  gint64 last = 0;
  const char *name = table->was != NULL ? table->was : table->name;
  const CormTable *source = build->source != NULL ? corm_schema_find_table (build->source, name) : NULL;
  const CormTableColumn *from =
      source != NULL ? corm_pair_find_column (source, column->was != NULL ? column->was : column->name)
                     : NULL;
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  CormTable alone = *table;
  g_ptr_array_add (columns, (gpointer) column);
  alone.columns = columns;
  if (build->from != NULL && from != NULL && from->auto_increment &&
      !corm_numbers_last (build, source, from, &last, error))
    return FALSE;
  return corm_connection_get_driver (build->conn)->after_load (build->conn, &alone, last, error);
}

gboolean
corm_build_settle (CormBuild *build, const CormTable *table, GError **error)
{
  const CormDriver *driver = corm_connection_get_driver (build->conn);
  gboolean any = FALSE;
  for (guint i = 0; driver->after_load != NULL && i < table->columns->len; i++) {
    const CormTableColumn *column = g_ptr_array_index (table->columns, i);
    if (!column->auto_increment)
      continue;
    any = TRUE;
    if (!go_on (build, table, column, error))
      return FALSE;
  }
  return any || driver->after_load == NULL || driver->after_load (build->conn, table, 0, error);
}

/* Behind all parts, which have comments too. */
static gboolean
add_comments (const CormBuild *build, const CormTable *table, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (build->conn);
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  corm_render_table_comments (sql, dialect, table);
  corm_render_constraint_comments (sql, dialect, table);
  for (guint i = 0; i < table->indexes->len; i++)
    corm_render_index_comment (sql, dialect, table, g_ptr_array_index (table->indexes, i));
  return corm_build_run (build, sql, error);
}

/* --- one by one ------------------------------------------------------------------------------------------------ */

/* Of indexes: first those of the schema, then the keys, where they did not come with their table. */
static guint
count_parts (const CormBuild *build, const CormTable *table, CormStepKind kind)
{
  guint64 caps = corm_connection_get_dialect (build->conn)->caps;
  gboolean can_alter = (caps & CORM_CAP_ALTER_ADD_CONSTRAINT) != 0;
  switch (kind) {
  case CORM_STEP_INDEX:
    return table->indexes->len + ((caps & CORM_CAP_LATE_KEYS) != 0 ? count_keys (table) : 0);
  case CORM_STEP_CHECK:
    return can_alter ? table->checks->len : 0;
  case CORM_STEP_KEY:
    return can_alter ? table->foreign_keys->len : 0;
  case CORM_STEP_SETTLE:
    return 1;
  default:
    return 0;
  }
}

/* @name: of a column, or an expression. Texts are compared with more work than numbers. */
static guint
weigh_name (const CormTable *table, const char *name)
{
  const CormTableColumn *column = name != NULL ? corm_table_find_column (table, name) : NULL;
  return column != NULL && column->type.type != CORM_TYPE_TEXT ? 1 : 4;
}

/* What making an index takes, more or less. */
static guint64
weigh_index (const CormBuild *build, const CormPortStep *step)
{
  const CormTable *table = corm_schema_find_table (build->schema, step->table);
  guint64 rows = 1, weight = 0;
  for (guint i = 0; build->report != NULL && i < build->report->tables->len; i++) {
    const CormTableReport *of = g_ptr_array_index (build->report->tables, i);
    rows = g_ascii_strcasecmp (of->table, table->name) == 0 ? MAX (1, of->source_rows) : rows;
  }
  if (step->part >= table->indexes->len) {
    const CormKey *key = get_key (table, step->part - table->indexes->len);
    for (char **name = key->columns; *name != NULL; name++)
      weight += weigh_name (table, *name);
    return rows * weight;
  }
  const CormTableIndex *index = g_ptr_array_index (table->indexes, step->part);
  for (guint p = 0; p < index->parts->len; p++) {
    const CormIndexPart *part = g_ptr_array_index (index->parts, p);
    weight += weigh_name (table, part->is_expression ? NULL : part->sql);
  }
  return rows * weight;
}

static gboolean
is_key_step (const CormBuild *build, const CormPortStep *step)
{
  return step->part >= corm_schema_find_table (build->schema, step->table)->indexes->len;
}

/* Keys go first: each has its table to itself, and an index that was begun would have to end before. */
static int
compare_weights (gconstpointer a, gconstpointer b, gpointer data)
{
  const CormBuild *build = data;
  const CormPortStep *first = *(const CormPortStep *const *) a, *second = *(const CormPortStep *const *) b;
  gboolean first_is_key = is_key_step (build, first), second_is_key = is_key_step (build, second);
  if (first_is_key != second_is_key)
    return first_is_key ? -1 : 1;
  guint64 one = weigh_index (build, first), other = weigh_index (build, second);
  return (other > one) - (other < one);
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

/* The other table that a foreign key locks; NULL: @step locks its own alone. */
static const char *
find_other_table (const CormBuild *build, const CormPortStep *step)
{
  const CormTable *table = corm_schema_find_table (build->schema, step->table);
  if (step->kind != CORM_STEP_KEY || table == NULL || step->part >= table->foreign_keys->len)
    return NULL;
  return ((const CormForeignKey *) g_ptr_array_index (table->foreign_keys, step->part))->target_table;
}

gboolean
corm_build_clash (const CormBuild *build, const CormPortStep *a, const CormPortStep *b)
{
  const char *const first[] = { a->table, find_other_table (build, a) };
  const char *const second[] = { b->table, find_other_table (build, b) };
  gboolean at_once = (corm_connection_get_dialect (build->conn)->caps & CORM_CAP_INDEXES_AT_ONCE) != 0 &&
                     a->kind == CORM_STEP_INDEX && b->kind == CORM_STEP_INDEX && !is_key_step (build, a) &&
                     !is_key_step (build, b);
  /* MariaDB locks the tables that refer to either of them too. */
  gboolean one_key = (corm_connection_get_dialect (build->conn)->caps & CORM_CAP_INDEXES_AT_ONCE) == 0;
  if (one_key && a->kind == CORM_STEP_KEY && b->kind == CORM_STEP_KEY)
    return TRUE;
  for (guint i = 0; i < 2; i++)
    for (guint k = 0; k < 2; k++)
      if (first[i] != NULL && second[k] != NULL && strcmp (first[i], second[k]) == 0)
        return !at_once;
  return FALSE;
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
    return step->part < table->indexes->len
               ? add_index (build, table, g_ptr_array_index (table->indexes, step->part), error)
               : add_key (build, table, get_key (table, step->part - table->indexes->len), error);
  case CORM_STEP_CHECK:
    return add_check (build, table, g_ptr_array_index (table->checks, step->part), error);
  case CORM_STEP_KEY:
    return add_foreign_key (build, table, g_ptr_array_index (table->foreign_keys, step->part), error);
  default:
    return corm_build_settle (build, table, error) && add_comments (build, table, error);
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
  if (step->kind == CORM_STEP_INDEX && step->part < wanted->indexes->len)
    return has_index (table, g_ptr_array_index (wanted->indexes, step->part));
  if (step->kind == CORM_STEP_KEY)
    return has_key (table, g_ptr_array_index (wanted->foreign_keys, step->part));
  if (step->kind == CORM_STEP_CHECK) /* they are made in their order */
    return table->checks->len > step->part;
  return FALSE;
}
