/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See sift.h. The target looks for them by its own idea of true and equal. A row that goes may leave others behind that
 * referred to it: tables come in the order of their keys, and one that refers to itself is looked at again. */
#include "port/sift.h"

#include "base/error.h"
#include "engine/cursor.h"
#include "port/build-work.h"
#include "port/canonical.h"
#include "port/hash.h"
#include "port/source.h"
#include "render/sql.h"
#include "schema/diff.h"
#include "value/check.h"

#include <string.h>

/* What rows of a table may break. */
typedef struct {
  char *condition; /* of rows that break it */
  char *reason;
  const char *const *columns; /* that break it; NULL: it does not say which */
} Breach;

static void
breach_free (gpointer data)
{
  Breach *breach = data;
  g_free (breach->condition);
  g_free (breach->reason);
  g_free (breach);
}

static Breach *
breach_of_check (const CormCheck *check)
{
  Breach *breach = g_new0 (Breach, 1);
  breach->condition = g_strdup_printf ("NOT (%s)", check->sql);
  breach->reason = g_strdup_printf ("it breaks the check %s", check->sql);
  return breach;
}

/* Columns that compare as values of one kind: else the target may not take the key at all. */
static gboolean
are_alike (const CormTable *table, const CormForeignKey *key, const CormTable *target)
{
  const char *const *targets = corm_foreign_key_targets (key, target);
  for (guint i = 0; targets != NULL && targets[i] != NULL && key->columns[i] != NULL; i++) {
    const CormTableColumn *from = corm_table_find_column (table, key->columns[i]);
    const CormTableColumn *to = corm_table_find_column (target, targets[i]);
    if (from == NULL || to == NULL ||
        (from->type.type != to->type.type &&
         !(corm_type_is_integer (from->type.type) && corm_type_is_integer (to->type.type))))
      return FALSE;
  }
  return TRUE;
}

/* NULL: the key is none that a row could break. */
static Breach *
breach_of_key (const CormDialect *dialect, const CormSchema *schema, const CormTable *table,
               const CormForeignKey *key)
{
  const CormTable *target = corm_find_table_any_case (schema, key->target_table);
  g_autoptr (GString) condition = g_string_new (NULL);
  if (target == NULL || !are_alike (table, key, target) ||
      !corm_sql_append_orphans (condition, dialect, table, key, target))
    return NULL;
  Breach *breach = g_new0 (Breach, 1);
  breach->condition = g_string_free (g_steal_pointer (&condition), FALSE);
  breach->reason = g_strdup_printf ("it refers to no row of %s", key->target_table);
  breach->columns = (const char *const *) key->columns;
  return breach;
}

/* But what the source took without a look at its rows. */
static GPtrArray *
find_breaches (const CormDialect *dialect, const CormSchema *schema, const CormTable *table)
{
  GPtrArray *breaches = g_ptr_array_new_with_free_func (breach_free);
  gboolean has_checks = (dialect->caps & CORM_CAP_ALTER_ADD_CONSTRAINT) == 0; /* they came with the table */
  for (guint i = 0; !has_checks && i < table->checks->len; i++) {
    const CormCheck *check = g_ptr_array_index (table->checks, i);
    if (!check->not_valid)
      g_ptr_array_add (breaches, breach_of_check (check));
  }
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
    Breach *breach = key->not_valid ? NULL : breach_of_key (dialect, schema, table, key);
    if (breach != NULL)
      g_ptr_array_add (breaches, breach);
  }
  return breaches;
}

/* --- out of the target ------------------------------------------------------------------------------------------- */

void
corm_sift_plan (const CormPortJob *job, GPtrArray *steps)
{
  const CormDialect *dialect = corm_connection_get_dialect (job->to);
  g_autoptr (GPtrArray) tables = corm_tables_order (job->target->tables);
  for (guint i = 0; i < tables->len; i++) {
    const CormTable *table = g_ptr_array_index (tables, i);
    g_autoptr (GPtrArray) breaches = find_breaches (dialect, job->target, table);
    if (breaches->len > 0)
      g_ptr_array_add (steps, corm_port_step_new (CORM_STEP_SIFT, table->name, 0));
  }
}

typedef struct {
  CormConnection *to;
  const CormPair *pair;
  CormPortStep *step;
  GPtrArray *found; /* CormReject */
} Sift;

/* Positions in the pair of the columns that a breach names; of all where there is no key to tell the row by. */
static guint
find_columns (const CormPair *pair, const char *const *names, guint *columns)
{
  guint n = 0;
  for (; pair->n_keys == 0 && n < pair->n_columns; n++)
    columns[n] = n;
  if (n > 0)
    return n;
  for (; names != NULL && names[n] != NULL; n++) {
    guint i = 0;
    while (i < pair->n_columns && strcmp (pair->target_columns[i]->name, names[n]) != 0)
      i++;
    if (i == pair->n_columns)
      return 0;
    columns[n] = i;
  }
  return n;
}

static gboolean
find_rows (Sift *sift, const Breach *breach, GError **error)
{
  CormStep step;
  const CormValue *row = NULL;
  const CormPair *pair = sift->pair;
  g_autofree guint *columns = g_new0 (guint, pair->n_columns + 1);
  guint n = find_columns (pair, breach->columns, columns);
  g_autoptr (GString) scratch = g_string_new (NULL);
  g_autoptr (CormCanonical) canonical = corm_canonical_new (pair, TRUE);
  g_autoptr (CormStatement) statement = corm_source_open_where (sift->to, pair, breach->condition, error);
  if (statement == NULL)
    return FALSE;
  while ((step = corm_statement_step (statement, &row, error)) == CORM_STEP_ROW) {
    const CormValue *values = corm_canonical_row (canonical, row);
    CormReject *reject =
        corm_reject_new (corm_reject_columns_line (pair, values, columns, n, 0, breach->reason));
    reject->has_key = TRUE;
    reject->key = corm_hash_key (values, pair->keys, pair->n_keys, pair->n_columns, scratch);
    g_ptr_array_add (sift->found, reject);
  }
  return step == CORM_STEP_DONE;
}

static gboolean
take_out (Sift *sift, const Breach *breach, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("DELETE FROM ");
  corm_sql_append_rows_of (sql, corm_connection_get_dialect (sift->to), sift->pair->target);
  g_string_append_printf (sql, " WHERE %s", breach->condition);
  if (sift->found->len == 0)
    return TRUE;
  for (guint i = 0; i < sift->found->len; i++)
    if (!corm_ledger_reject (sift->to, sift->step, g_ptr_array_index (sift->found, i), error))
      return FALSE;
  return corm_connection_run (sift->to, sql->str, error);
}

/* What the target does not understand is told when it is made. */
static gboolean
sift_by (Sift *sift, const Breach *breach, guint *n_removed, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_ptr_array_set_size (sift->found, 0);
  g_autoptr (CormTransaction) savepoint = corm_transaction_begin (sift->to, CORM_TRANSACTION_DEFAULT, error);
  if (savepoint == NULL)
    return FALSE;
  if (find_rows (sift, breach, &why) && take_out (sift, breach, &why)) {
    *n_removed += sift->found->len;
    return corm_transaction_commit (savepoint, error);
  }
  if (corm_build_is_foreign (why))
    return corm_transaction_rollback (savepoint, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return corm_error_prefix (error, "table %s, rows of which %s", sift->pair->source->name, breach->reason);
}

static const CormPair *
find_pair (const CormPortJob *job, const char *table)
{
  for (guint i = 0; i < job->pairs->len; i++)
    if (strcmp (((const CormPair *) g_ptr_array_index (job->pairs, i))->target->name, table) == 0)
      return g_ptr_array_index (job->pairs, i);
  return NULL;
}

static gboolean
sift_table (const CormPortJob *job, CormPortStep *step, guint *n_all, GError **error)
{
  CormConnection *to = job->to;
  guint n_removed = 0;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (corm_reject_free);
  Sift sift = { to, find_pair (job, step->table), step, found };
  if (sift.pair == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_STALE,
                 "the port's steps speak of a table %s that is not moved", step->table);
    return FALSE;
  }
  g_autoptr (GPtrArray) breaches =
      find_breaches (corm_connection_get_dialect (to), job->target, sift.pair->target);
  g_autoptr (CormTransaction) write = corm_transaction_begin (to, CORM_TRANSACTION_WRITE, error);
  if (write == NULL)
    return FALSE;
  do {
    n_removed = 0;
    for (guint i = 0; i < breaches->len; i++)
      if (!sift_by (&sift, g_ptr_array_index (breaches, i), &n_removed, error))
        return FALSE;
    step->rejected += n_removed;
    *n_all += n_removed;
  } while (n_removed > 0);
  step->state = CORM_STEP_RUNNING;
  return corm_ledger_save (to, step, error) && corm_transaction_commit (write, error);
}

gboolean
corm_sift_tables (const CormPortJob *job, GPtrArray *steps, guint64 *n_rows, GError **error)
{
  guint n_removed;
  *n_rows = 0;
  do {
    n_removed = 0;
    for (guint i = 0; i < steps->len; i++) {
      CormPortStep *step = g_ptr_array_index (steps, i);
      if (step->kind == CORM_STEP_SIFT && step->state != CORM_STEP_FINISHED &&
          !sift_table (job, step, &n_removed, error))
        return FALSE;
    }
    *n_rows += n_removed;
  } while (n_removed > 0);
  for (guint i = 0; i < steps->len; i++) {
    CormPortStep *step = g_ptr_array_index (steps, i);
    if (step->kind != CORM_STEP_SIFT)
      continue;
    step->state = CORM_STEP_FINISHED;
    if (!corm_ledger_save (job->to, step, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_sift_remember (CormConnection *to, GPtrArray *pairs, GError **error)
{
  for (guint i = 0; i < pairs->len; i++) {
    CormPair *pair = g_ptr_array_index (pairs, i);
    g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (guint64));
    if (!corm_ledger_read_refused (to, pair->target->name, keys, error))
      return FALSE;
    g_array_sort (keys, corm_hash_compare_keys);
    g_clear_pointer (&pair->refused, g_array_unref);
    pair->refused = keys->len > 0 ? g_steal_pointer (&keys) : NULL;
  }
  return TRUE;
}

/* --- into the error ---------------------------------------------------------------------------------------------- */

/* The columns of @list that are not among @but (nullable) too, behind those in @sql. */
static void
append_names (GString *sql, const CormDialect *dialect, const char *const *list, const char *const *but)
{
  for (; list != NULL && *list != NULL; list++) {
    if (but != NULL && g_strv_contains (but, *list))
      continue;
    g_string_append (sql, sql->len > 0 ? ", " : "");
    corm_sql_append_identifier (sql, dialect, *list);
  }
}

/* "id = '5', owner = '7'" of the first row; NULL: it could not be asked. Free with g_free(). */
static char *
describe_first (CormConnection *conn, const CormTable *table, const Breach *breach)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  const char *const *keys =
      table->primary_key != NULL ? (const char *const *) table->primary_key->columns : NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  append_names (names, dialect, keys, NULL);
  g_autofree char *order = g_strdup (names->str);
  append_names (names, dialect, breach->columns, keys);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_string_append_printf (sql, "%s FROM ", names->len > 0 ? names->str : "*");
  corm_sql_append_rows_of (sql, dialect, table);
  g_string_append_printf (sql, " WHERE %s%s%s LIMIT 1", breach->condition, *order != '\0' ? " ORDER BY " : "",
                          order);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, NULL);
  if (cursor == NULL || !corm_cursor_next (cursor, NULL))
    return NULL;
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
    g_autofree char *value = corm_cursor_dup_text (cursor, i);
    g_autofree char *quoted = value != NULL ? corm_error_quote (value, -1) : g_strdup ("NULL");
    g_string_append_printf (text, "%s%s = %s", i > 0 ? ", " : "", corm_cursor_get_name (cursor, i), quoted);
  }
  return g_string_free (text, FALSE);
}

static gint64
count (CormConnection *conn, const CormTable *table, const Breach *breach)
{
  g_autoptr (GString) sql = g_string_new ("SELECT count(*) FROM ");
  corm_sql_append_rows_of (sql, corm_connection_get_dialect (conn), table);
  g_string_append_printf (sql, " WHERE %s", breach->condition);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, NULL);
  return cursor != NULL && corm_cursor_next (cursor, NULL) ? corm_cursor_get_value (cursor, 0)->i : 0;
}

static void
name_row (CormConnection *conn, const CormTable *table, const Breach *breach, GError **error)
{
  g_autofree char *row = describe_first (conn, table, breach);
  gint64 n = row != NULL ? count (conn, table, breach) : 0;
  if (n == 0)
    return;
  g_prefix_error (
      error, "%s, %s: %s (%" G_GINT64_FORMAT " such %s); mend it in the source%s, or pass a reject file: ",
      table->name, row, breach->reason, n, n == 1 ? "row" : "rows",
      breach->columns != NULL ? ", as corm doctor can" : "");
}

void
corm_sift_name_check (CormConnection *conn, const CormTable *table, const CormCheck *check, GError **error)
{
  Breach *breach = breach_of_check (check);
  name_row (conn, table, breach, error);
  breach_free (breach);
}

void
corm_sift_name_key (CormConnection *conn, const CormSchema *schema, const CormTable *table,
                    const CormForeignKey *key, GError **error)
{
  Breach *breach = breach_of_key (corm_connection_get_dialect (conn), schema, table, key);
  if (breach == NULL)
    return;
  name_row (conn, table, breach, error);
  breach_free (breach);
}
