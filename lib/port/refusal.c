/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See refusal.h. The target is asked, by its own idea of equal, key by key; what it does not tell so (an index over an
 * expression, a check) is told in its own words. */
#include "port/refusal.h"

#include "base/error.h"
#include "engine/statement.h"
#include "port/hash.h"
#include "render/sql.h"

#include <string.h>

typedef struct {
  guint n;
  guint *columns; /* positions in the pair */
  char *reason;
} Refusal;

static void
refusal_clear (Refusal *refusal)
{
  g_free (refusal->columns);
  g_free (refusal->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Refusal, refusal_clear)

/* FALSE when the row that is sent has not got them all, or a NULL among them: no key looks at it then. */
static gboolean
find_columns (const CormFlow *flow, const char *const *names, Refusal *refusal)
{
  const CormPair *pair = flow->pair;
  g_clear_pointer (&refusal->columns, g_free);
  refusal->columns = g_new0 (guint, g_strv_length ((GStrv) names) + 1);
  for (refusal->n = 0; names[refusal->n] != NULL; refusal->n++) {
    guint i = 0;
    while (i < pair->n_columns && strcmp (pair->target_columns[i]->name, names[refusal->n]) != 0)
      i++;
    if (i == pair->n_columns || flow->values[i].is_null)
      return FALSE;
    refusal->columns[refusal->n] = i;
  }
  return refusal->n > 0;
}

/* Rows of @table whose columns @names hold what the row has in @refusal's; -1: the database does not say. */
static gint64
count (CormFlow *flow, const char *table, const char *const *names, const Refusal *refusal)
{
  CormConnection *to = flow->hand->to;
  const CormValue *row = NULL;
  g_autoptr (CormTransaction) savepoint = corm_transaction_begin (to, CORM_TRANSACTION_DEFAULT, NULL);
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (to));
  g_string_append (sql->text, "SELECT count(*) FROM ");
  corm_sql_append_name (sql, table);
  for (guint k = 0; k < refusal->n; k++) {
    guint i = refusal->columns[k];
    g_string_append (sql->text, k > 0 ? " AND " : " WHERE ");
    corm_sql_append_name (sql, names[k]);
    g_string_append (sql->text, " = ");
    corm_sql_append_param (sql, names[k], &flow->pair->target_columns[i]->type, &flow->values[i]);
  }
  CormStatementSpec spec = corm_sql_get_spec (sql);
  CormStatementKey key = { .sql = sql->text->str };
  g_autoptr (CormStatement) statement =
      savepoint != NULL ? corm_statement_prepare (to, &key, &spec, NULL) : NULL;
  if (statement == NULL ||
      !corm_statement_execute (statement, (const CormValue *) (gconstpointer) sql->params->data, FALSE,
                               NULL) ||
      corm_statement_step (statement, &row, NULL) != CORM_STEP_ROW)
    return -1;
  return row[0].i;
}

/* "room = '5', number = '7'"; free with g_free(). */
static char *
describe (const CormFlow *flow, const Refusal *refusal)
{
  GString *text = g_string_new (NULL);
  for (guint k = 0; k < refusal->n; k++) {
    g_autoptr (GString) value = g_string_new (NULL);
    corm_value_append_text (&flow->values[refusal->columns[k]], value);
    g_autofree char *quoted = corm_error_quote (value->str, (gssize) value->len);
    g_string_append_printf (text, "%s%s = %s", k > 0 ? ", " : "",
                            flow->pair->target_columns[refusal->columns[k]]->name, quoted);
  }
  return g_string_free (text, FALSE);
}

static gboolean
is_taken (CormFlow *flow, const char *const *names, Refusal *refusal)
{
  const char *table = flow->pair->target->name;
  if (!find_columns (flow, names, refusal) || count (flow, table, names, refusal) <= 0)
    return FALSE;
  g_autofree char *key = describe (flow, refusal);
  refusal->reason = g_strdup_printf ("%s has a row with %s already", table, key);
  return TRUE;
}

static gboolean
is_index_taken (CormFlow *flow, const CormTableIndex *index, Refusal *refusal)
{
  g_autofree const char **names = g_new0 (const char *, index->parts->len + 1);
  if (!index->unique || index->where != NULL)
    return FALSE;
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = g_ptr_array_index (index->parts, i);
    if (part->is_expression || part->prefix > 0 || part->collation != NULL)
      return FALSE;
    names[i] = part->sql;
  }
  return is_taken (flow, names, refusal);
}

static gboolean
find_taken (CormFlow *flow, Refusal *refusal)
{
  const CormTable *target = flow->pair->target;
  if (target->primary_key != NULL &&
      is_taken (flow, (const char *const *) target->primary_key->columns, refusal))
    return TRUE;
  for (guint i = 0; i < target->uniques->len; i++)
    if (is_taken (flow,
                  (const char *const *) ((const CormKey *) g_ptr_array_index (target->uniques, i))->columns,
                  refusal))
      return TRUE;
  for (guint i = 0; i < target->indexes->len; i++)
    if (is_index_taken (flow, g_ptr_array_index (target->indexes, i), refusal))
      return TRUE;
  return FALSE;
}

static gboolean
find_orphan (CormFlow *flow, Refusal *refusal)
{
  const CormTable *target = flow->pair->target;
  for (guint i = 0; i < target->foreign_keys->len; i++) {
    const CormForeignKey *key = g_ptr_array_index (target->foreign_keys, i);
    const char *const *there = (const char *const *) key->target_columns;
    if (there == NULL || g_strv_length (key->target_columns) != g_strv_length (key->columns))
      continue;
    if (!find_columns (flow, (const char *const *) key->columns, refusal) ||
        count (flow, key->target_table, there, refusal) != 0)
      continue;
    g_autofree char *words = describe (flow, refusal);
    refusal->reason = g_strdup_printf ("%s refers to no row of %s there", words, key->target_table);
    return TRUE;
  }
  return FALSE;
}

static const char *
next_step (const CormFlow *flow, const GError *why)
{
  if (why->code == CORM_ERROR_UNIQUE)
    return "take one of the two out, or pass a reject file";
  if (why->code != CORM_ERROR_FOREIGN_KEY)
    return "mend it in the source, or pass a reject file";
  if (flow->copy->ahead)
    return "it may be among those behind it: bring the rows that others refer to first";
  return "bring that one along first, or pass a reject file";
}

gboolean
corm_refusal_is (const GError *error)
{
  return error->domain == CORM_ERROR &&
         (error->code == CORM_ERROR_UNIQUE || error->code == CORM_ERROR_FOREIGN_KEY ||
          error->code == CORM_ERROR_CHECK);
}

/* For a comparison behind the port. The values are as the target has them, so the hash is that of a canonical row. */
static void
remember (const CormFlow *flow, CormReject *reject)
{
  g_autoptr (GString) scratch = g_string_new (NULL);
  const CormPair *pair = flow->pair;
  if (pair->source->primary_key == NULL || pair->n_keys == 0)
    return;
  reject->has_key = TRUE;
  reject->key = corm_hash_key (flow->values, pair->keys, pair->n_keys, pair->n_columns, scratch);
  if (flow->copy->refused != NULL)
    g_array_append_val (flow->copy->refused, reject->key);
}

gboolean
corm_flow_refuse (CormFlow *flow, const CormValue *row, guint64 number, const GError *why, GError **error)
{
  g_auto (Refusal) refusal = { 0 };
  gboolean is_known = (why->code == CORM_ERROR_UNIQUE && find_taken (flow, &refusal)) ||
                      (why->code == CORM_ERROR_FOREIGN_KEY && find_orphan (flow, &refusal));
  if (!is_known) {
    refusal.n = 0;
    refusal.reason = g_strdup (why->message);
  }
  if (flow->copy->rejects != NULL && !(why->code == CORM_ERROR_FOREIGN_KEY && flow->copy->ahead)) {
    CormReject *reject = corm_reject_new (
        corm_reject_columns_line (flow->pair, row, refusal.columns, refusal.n, number, refusal.reason));
    flow->step->rejected++;
    remember (flow, reject);
    g_ptr_array_add (flow->lines, reject);
    return TRUE;
  }
  g_autofree char *key = corm_cell_key_text (flow->pair, row, number);
  flow->has_stopped = TRUE;
  g_set_error (error, why->domain, why->code, "%s, %s: the target refuses the row: %s; %s",
               flow->pair->source->name, key, refusal.reason, next_step (flow, why));
  return FALSE;
}
