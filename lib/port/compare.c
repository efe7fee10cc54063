/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A merge of two streams in key order. Memory: one row of each side. */
#include "port/compare.h"

#include "base/error.h"
#include "port/canonical.h"
#include "port/source.h"
#include "value/text.h"

#include <string.h>

typedef struct {
  CormStatement *statement;
  CormCanonical *canonical;
  gboolean skip_misfits;
  const CormValue *row; /* canonical; NULL at the end */
  guint64 number;
} Side;

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->statement, corm_statement_release);
  g_clear_pointer (&side->canonical, corm_canonical_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Side, side_clear)

static gboolean
side_next (Side *side, GError **error)
{
  CormStep step;
  const CormValue *row = NULL;
  do {
    step = corm_statement_step (side->statement, &row, error);
    side->row = step == CORM_STEP_ROW ? corm_canonical_row (side->canonical, row) : NULL;
    side->number++;
  } while (side->row != NULL && side->skip_misfits && !side->canonical->fits);
  return step != CORM_STEP_ERROR;
}

static gboolean
side_open (Side *side, CormConnection *conn, const CormPair *pair, gboolean of_target, GError **error)
{
  side->canonical = corm_canonical_new (pair);
  side->statement = corm_source_open (conn, pair, of_target, TRUE, error);
  return side->statement != NULL && side_next (side, error);
}

static int
compare_bytes (const CormValue *a, const CormValue *b)
{
  int order = memcmp (a->data, b->data, MIN (a->size, b->size));
  return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static int
compare_values (const CormValue *a, const CormValue *b)
{
  if (a->is_null || b->is_null)
    return (int) b->is_null - (int) a->is_null;
  if (a->type != b->type)
    return (a->type > b->type) - (a->type < b->type);
  switch (a->type) {
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    return (a->d > b->d) - (a->d < b->d);
  case CORM_TYPE_DECIMAL:
    return corm_decimal_compare (a->data, a->size, b->data, b->size);
  case CORM_TYPE_UUID:
    return memcmp (a->uuid.bytes, b->uuid.bytes, sizeof a->uuid.bytes);
  case CORM_TYPE_TEXT:
  case CORM_TYPE_BYTES:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    return compare_bytes (a, b);
  default:
    return (a->i > b->i) - (a->i < b->i);
  }
}

static int
compare_keys (const CormPair *pair, const CormValue *a, const CormValue *b)
{
  int order = 0;
  for (guint k = 0; order == 0 && k < pair->n_keys; k++)
    order = compare_values (&a[pair->keys[k]], &b[pair->keys[k]]);
  return order;
}

/* The texts of the values, not their types: that a database has no booleans of its own is no difference. */
static gboolean
same_value (const CormValue *a, const CormValue *b)
{
  if (a->is_null || b->is_null || a->type == b->type)
    return corm_value_equal (a, b);
  g_autoptr (GString) one = g_string_new (NULL);
  g_autoptr (GString) other = g_string_new (NULL);
  corm_value_append_text (a, one);
  corm_value_append_text (b, other);
  return g_string_equal (one, other);
}

static void
append_shown (GString *text, const CormValue *value)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  if (value->is_null) {
    g_string_append (text, "NULL");
    return;
  }
  corm_value_append_text (value, shown);
  g_autofree char *quoted = corm_error_quote (shown->str, (gssize) shown->len);
  g_string_append (text, quoted);
}

static void
add_difference (CormTableReport *report, char *text)
{
  if (report->differences->len < CORM_MAX_DIFFERENCES)
    g_ptr_array_add (report->differences, text);
  else
    g_free (text);
}

static void
add_one_sided (CormTableReport *report, const CormPair *pair, const Side *side, const char *where)
{
  g_autofree char *key = corm_cell_key_text (pair, side->row, side->number);
  add_difference (report, g_strdup_printf ("%s: only in the %s", key, where));
}

static void
compare_rows (CormTableReport *report, const CormPair *pair, const Side *source, const Side *target)
{
  GString *text = NULL;
  for (guint i = 0; i < pair->n_columns; i++) {
    if (same_value (&source->row[i], &target->row[i]))
      continue;
    if (text == NULL) {
      g_autofree char *key = corm_cell_key_text (pair, source->row, source->number);
      text = g_string_new (key);
      g_string_append (text, ": ");
    } else
      g_string_append (text, "; ");
    g_string_append_printf (text, "%s is ", pair->source_columns[i]->name);
    append_shown (text, &source->row[i]);
    g_string_append (text, " in the source, ");
    append_shown (text, &target->row[i]);
    g_string_append (text, " in the target");
  }
  if (text != NULL)
    add_difference (report, g_string_free (text, FALSE));
}

gboolean
corm_compare_pair (CormVerify *verify, const CormPair *pair, CormTableReport *report, GError **error)
{
  g_auto (Side) source = { .skip_misfits = verify->skip_misfits };
  g_auto (Side) target = { 0 };
  if (pair->n_keys == 0) {
    add_difference (report, g_strdup ("the rows differ; without a primary key they can't be named"));
    return TRUE;
  }
  if (!side_open (&source, verify->source, pair, FALSE, error) ||
      !side_open (&target, verify->target, pair, TRUE, error))
    return FALSE;
  while ((source.row != NULL || target.row != NULL) && report->differences->len < CORM_MAX_DIFFERENCES) {
    int order = source.row == NULL   ? 1
                : target.row == NULL ? -1
                                     : compare_keys (pair, source.row, target.row);
    if (order < 0)
      add_one_sided (report, pair, &source, "source");
    else if (order > 0)
      add_one_sided (report, pair, &target, "target");
    else
      compare_rows (report, pair, &source, &target);
    if ((order <= 0 && !side_next (&source, error)) || (order >= 0 && !side_next (&target, error)))
      return FALSE;
  }
  if (report->differences->len == 0)
    add_difference (
        report, g_strdup ("the rows differ, but not in the order of the key: is it unique on both sides?"));
  return TRUE;
}
