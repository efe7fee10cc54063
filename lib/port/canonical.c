/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See canonical.h. */
#include "port/canonical.h"

#include <math.h>

CormCanonical *
corm_canonical_new (const CormPair *pair, gboolean of_target)
{
  CormCanonical *canonical = g_new0 (CormCanonical, 1);
  canonical->pair = pair;
  canonical->of_target = of_target;
  canonical->cells = corm_cells_new (pair->n_columns);
  canonical->values = g_new0 (CormValue, pair->n_columns + 1);
  return canonical;
}

void
corm_canonical_free (CormCanonical *canonical)
{
  corm_cells_free (canonical->cells);
  g_free (canonical->values);
  g_free (canonical);
}

/* A number that the target's own type would hold elsewhere. */
static gboolean
is_lacking (const CormPair *pair, guint i, const CormValue *value)
{
  gboolean is_bare = corm_column_is_bare (pair->target_columns[i]);
  if (pair->lacks == 0 || value->is_null ||
      (value->type != CORM_TYPE_FLOAT64 && value->type != CORM_TYPE_FLOAT32))
    return FALSE;
  return ((pair->lacks & CORM_CAP_NAN) != 0 && isnan (value->d)) ||
         ((pair->lacks & CORM_CAP_INFINITY) != 0 && isinf (value->d)) ||
         ((pair->lacks & CORM_CAP_NEGATIVE_ZERO) != 0 && !is_bare && value->d == 0 && signbit (value->d));
}

const CormValue *
corm_canonical_row (CormCanonical *canonical, const CormValue *row)
{
  canonical->fits = TRUE;
  const CormPair *pair = canonical->pair;
  for (guint i = 0; i < pair->n_columns; i++) {
    GString *text = canonical->cells->texts[i];
    CormValue *value = &canonical->values[i];
    if (canonical->of_target ? corm_cell_convert (&row[i], pair->target_columns[i], text, value, NULL)
                             : corm_cell_move (pair, i, &row[i], text, value, NULL)) {
      if (is_lacking (pair, i, value))
        canonical->fits = FALSE;
      continue;
    }
    canonical->values[i] = row[i];
    canonical->fits = FALSE;
  }
  return canonical->values;
}
