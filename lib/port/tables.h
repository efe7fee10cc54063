/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which tables and columns are to be moved or compared, and what each is on the other side. */
#pragma once

#include <corm/port.h>
#include <corm/sys/driver.h>

/* A table on both sides. Columns stand pairwise: source[i] and target[i] hold the same thing. */
typedef struct {
  const CormTable *source;
  const CormTable *target;
  guint n_columns;
  const CormTableColumn **source_columns;
  const CormTableColumn **target_columns;
  guint *conversions; /* CormConversion, what is done to the source's values first */
  guint n_keys;
  guint *keys; /* positions of the primary key's columns; none: no key */
  GArray *
      refused; /* guint64, in order: key hashes of rows that the target refused; a comparison leaves them out; NULL: none */
  guint lacks; /* CormCaps for values that the target has no place for: CORM_CAP_NAN and its like */
} CormPair;

CormPair *corm_pair_new (const CormTable *source, const CormTable *target);
/* The same pair once more, with the conversions that were chosen. */
CormPair *corm_pair_copy (const CormPair *pair);
/* Takes out the columns that the target computes by itself: they can be compared, but not filled. */
void corm_pair_drop_generated (CormPair *pair);
void corm_pair_free (CormPair *pair);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormPair, corm_pair_free)

/* TRUE when @name is chosen by @globs: "job*,!jobs_old"; NULL: all. */
gboolean corm_globs_match (const char *globs, const char *name);
/* Nothing was said about what it holds, so it holds each value as it is. */
static inline gboolean
corm_column_is_bare (const CormTableColumn *column)
{
  return column->type.type == CORM_TYPE_NONE && (column->type_sql == NULL || *column->type_sql == '\0');
}
/* Column of @table by name; case does not matter where there is no exact match. */
const CormTableColumn *corm_pair_find_column (const CormTable *table, const char *name);

/* The target's column for a column of the source, which may have another name there: that which was called so, else by name. */
const CormTableColumn *corm_pair_find_target (const CormTable *target, const char *name);

/* Likewise a table of a schema. */
const CormTable *corm_find_table_any_case (const CormSchema *schema, const char *name);
const CormTable *corm_find_target_table (const CormSchema *target, const char *name);

CormPortReport *corm_port_report_new (void);
CormTableReport *corm_port_report_add (CormPortReport *report, const char *table);
