/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Changes of columns, and changes that the rows forbid. */
#include "property.h"

#include <string.h>

static CormTableColumn *
pick_plain (Mutation *mutation, CormTable **table)
{
  *table = mutate_pick_table (mutation);
  return *table != NULL ? column_pick (&mutation->gen, *table, column_is_free) : NULL;
}

static gboolean
has_rows_without_it (Mutation *mutation, const CormTable *table, const CormTableColumn *column)
{
  const CormTable *before;
  const CormTableColumn *former = mutate_find_former (mutation, table, column, &before);
  for (guint i = 0; former != NULL && i < mutation->rows->n_rows; i++) {
    g_autofree char *value = rows_value (mutation->rows, mutation->a, before, former, i);
    if (value == NULL)
      return TRUE;
  }
  return FALSE;
}

static gboolean
add_column (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL)
    return FALSE;
  CormTableColumn *column = generate_column (&mutation->gen, table);
  if (column->default_kind == CORM_DEFAULT_NONE || column->default_kind == CORM_DEFAULT_NULL)
    column->not_null = FALSE;
  return TRUE;
}

/* One that is not generated goes with those that are made of it: another one has to stay. */
static gboolean
may_go (const CormTable *table, const CormTableColumn *column)
{
  guint n = 0;
  for (guint i = 0; i < table->columns->len; i++)
    n += ((const CormTableColumn *) table->columns->pdata[i])->generated_sql == NULL;
  return n > 1 || column->generated_sql != NULL;
}

static gboolean
drop_column (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || table->columns->len < 3)
    return FALSE;
  CormTableColumn *column = table->columns->pdata[random_below (&mutation->gen.random, table->columns->len)];
  if (!may_go (table, column))
    return FALSE;
  schema_remove_column (mutation->gen.dialect, mutation->gen.schema, table, column);
  return TRUE;
}

static gboolean
rename_column (Mutation *mutation)
{
  const CormTable *before;
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL)
    return FALSE;
  CormTableColumn *column = table->columns->pdata[random_below (&mutation->gen.random, table->columns->len)];
  const CormTableColumn *former = mutate_find_former (mutation, table, column, &before);
  if (former == NULL || column->was != NULL)
    return FALSE;
  g_autofree char *name = generate_name (&mutation->gen, "c");
  column->was = g_strdup (former->name);
  schema_rename_column (mutation->gen.dialect, mutation->gen.schema, table, column, name);
  return TRUE;
}

/* --- traits */

static gboolean
widen (CormTableColumn *column)
{
  CormSqlType *type = &column->type;
  switch (type->type) {
  case CORM_TYPE_INT16:
    type->type = CORM_TYPE_INT32;
    return TRUE;
  case CORM_TYPE_INT32:
    type->type = CORM_TYPE_INT64;
    return TRUE;
  case CORM_TYPE_FLOAT32:
    type->type = CORM_TYPE_FLOAT64;
    return TRUE;
  case CORM_TYPE_DECIMAL:
    *type =
        (CormSqlType){ .type = CORM_TYPE_DECIMAL, .precision = type->precision == 10 ? 12 : 36, .scale = 14 };
    type->scale = type->precision == 12 ? 2 : 14;
    return TRUE;
  case CORM_TYPE_TEXT:
    type->length = type->length == 20 ? 60 : type->length == 0 ? 50 : 0;
    return TRUE;
  default:
    return FALSE;
  }
}

/* A generated column reads it, and that is not mastered. */
static gboolean
is_tied (Mutation *mutation, const CormTable *table, const CormTableColumn *column)
{
  for (guint i = 0; i < table->columns->len; i++)
    if (texts_mention (mutation->gen.dialect,
                       ((const CormTableColumn *) table->columns->pdata[i])->generated_sql, column->name))
      return !generate_wants (&mutation->gen, "type_under_generated", 100);
  return FALSE;
}

static gboolean
change_type (Mutation *mutation)
{
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  if (column == NULL || table->strict || column->type_sql != NULL || is_tied (mutation, table, column))
    return FALSE;
  return widen (column);
}

/* A number becomes a text; a text that says so, or a date, does not become a number. */
static gboolean
change_family (Mutation *mutation)
{
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  if (column == NULL || table->strict ||
      (column->type.type != CORM_TYPE_INT32 && column->type.type != CORM_TYPE_INT64 &&
       column->type.type != CORM_TYPE_UUID))
    return FALSE;
  schema_forget_column (mutation->gen.dialect, mutation->gen.schema, table, column->name);
  schema_repair (mutation->gen.schema);
  const CormTable *before;
  if (mutate_find_former (mutation, table, column, &before) == NULL)
    column->not_null = FALSE; /* rows would have nothing in a new one without a default */
  column->type = (CormSqlType){ .type = CORM_TYPE_TEXT, .length = 50 };
  column->default_kind = CORM_DEFAULT_NONE;
  g_clear_pointer (&column->default_text, g_free);
  return TRUE;
}

static const char *
filler_of (const CormTableColumn *column)
{
  switch (column->type.type) {
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    return "17";
  case CORM_TYPE_TEXT:
    return "'it''s 17'";
  default:
    return NULL;
  }
}

/* Rows that all get the same value would break it. */
static gboolean
has_unique_index (const CormTable *table, const char *name)
{
  for (guint i = 0; i < table->indexes->len; i++) {
    const CormTableIndex *index = table->indexes->pdata[i];
    for (guint p = 0; index->unique && p < index->parts->len; p++)
      if (strcmp (((const CormIndexPart *) index->parts->pdata[p])->sql, name) == 0)
        return TRUE;
  }
  return FALSE;
}

static gboolean
change_nullability (Mutation *mutation)
{
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  const CormTable *before;
  const CormTableColumn *former =
      column != NULL ? mutate_find_former (mutation, table, column, &before) : NULL;
  if (former == NULL)
    return FALSE;
  if (!column->not_null && has_rows_without_it (mutation, table, column)) {
    const char *filler = filler_of (column);
    if (filler == NULL || former->type.type != column->type.type || has_unique_index (table, column->name))
      return FALSE;
    g_autofree char *quoted = texts_quote (mutation->gen.dialect, former->name);
    g_free (column->convert);
    column->convert = g_strdup_printf ("coalesce(%s, %s)", quoted, filler);
  }
  column->not_null = !column->not_null;
  if (column->not_null && column->default_kind == CORM_DEFAULT_NULL)
    column->default_kind = CORM_DEFAULT_NONE;
  return TRUE;
}

static gboolean
change_default (Mutation *mutation)
{
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  if (column == NULL || (column->not_null && column->default_kind != CORM_DEFAULT_NONE))
    return FALSE;
  generate_default (&mutation->gen, column);
  return TRUE;
}

static gboolean
change_column_comment (Mutation *mutation)
{
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  if (column == NULL || !mutation->gen.texts->comments || !generate_wants (&mutation->gen, "comment", 100))
    return FALSE;
  g_free (column->comment);
  column->comment =
      random_chance (&mutation->gen.random, 30) ? NULL : g_strdup ("changed; it's \"so\" -- \\");
  return TRUE;
}

static gboolean
change_collation (Mutation *mutation)
{
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  if (column == NULL || column->type.type != CORM_TYPE_TEXT ||
      !generate_wants (&mutation->gen, "collation", 100))
    return FALSE;
  g_free (column->collation);
  column->collation = random_chance (&mutation->gen.random, 25)
                          ? NULL
                          : g_strdup (random_word (&mutation->gen.random, mutation->gen.texts->collations));
  return TRUE;
}

/* --- labels: no row has what is taken away */

static gboolean
is_used (Mutation *mutation, const CormTable *table, const CormTableColumn *column, const char *label)
{
  const CormTable *before;
  const CormTableColumn *former = mutate_find_former (mutation, table, column, &before);
  for (guint i = 0; former != NULL && i < mutation->rows->n_rows; i++) {
    g_autofree char *value = rows_value (mutation->rows, mutation->a, before, former, i);
    if (g_strcmp0 (value, label) == 0)
      return TRUE;
  }
  return g_strcmp0 (column->default_text, label) == 0;
}

static gboolean
change_labels (Mutation *mutation)
{
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  if (column == NULL || column->type.type != CORM_TYPE_ENUM)
    return FALSE;
  guint n = g_strv_length (column->labels);
  const char *last = column->labels[n - 1];
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  guint kind = random_below (&mutation->gen.random, 3);
  if (kind == 0) /* in front: another order */
    g_strv_builder_add (labels, "Before, it's");
  for (guint i = 0; i < n; i++)
    if (i + 1 < n || kind != 1 || n == 1 || is_used (mutation, table, column, last))
      g_strv_builder_add (labels, column->labels[i]);
  if (kind == 2)
    g_strv_builder_add (labels, "Behind");
  g_strfreev (column->labels);
  column->labels = g_strv_builder_end (labels);
  return TRUE;
}

/* --- generated columns */

static gboolean
change_generated (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  for (guint i = 0; table != NULL && i < table->columns->len; i++) {
    CormTableColumn *column = table->columns->pdata[i];
    if (column->generated_sql == NULL)
      continue;
    if ((mutation->gen.dialect->caps & CORM_CAP_VIRTUAL_COLUMN) &&
        random_chance (&mutation->gen.random, 50)) {
      column->generated_stored = !column->generated_stored;
      return TRUE;
    }
    char *sql = column->type.type == CORM_TYPE_INT64 ? g_strdup_printf ("(%s) + 1", column->generated_sql)
                                                     : g_strdup_printf ("lower(%s)", column->generated_sql);
    g_free (column->generated_sql);
    column->generated_sql = sql;
    return TRUE;
  }
  return FALSE;
}

static gboolean
add_generated (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  guint n = table != NULL ? table->columns->len : 0;
  if (table != NULL)
    generate_generated (&mutation->gen, table);
  return table != NULL && table->columns->len > n;
}

const EditFunc mutate_column_edits[] = { add_column,
                                         drop_column,
                                         rename_column,
                                         change_type,
                                         change_family,
                                         change_default,
                                         change_nullability,
                                         change_labels,
                                         change_collation,
                                         change_generated,
                                         change_column_comment,
                                         add_generated,
                                         NULL };

/* --- what the rows forbid */

static gboolean
demand_a_value (Mutation *mutation)
{
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  if (column == NULL || column->not_null || column->convert != NULL ||
      column->default_kind != CORM_DEFAULT_NONE || !has_rows_without_it (mutation, table, column))
    return FALSE;
  column->not_null = TRUE;
  mutation->refusal = CORM_ERROR_NOT_NULL;
  return TRUE;
}

static gboolean
add_a_column_without_values (Mutation *mutation)
{
  const CormTable *before;
  CormTable *table = mutate_pick_shared (mutation, &before);
  if (table == NULL || table->strict)
    return FALSE;
  g_autofree char *name = generate_name (&mutation->gen, "c");
  CormTableColumn *column = corm_table_add_column (table, name);
  column->type.type = CORM_TYPE_INT32;
  column->not_null = TRUE;
  mutation->refusal = CORM_ERROR_NOT_NULL;
  return TRUE;
}

static gboolean
forbid_a_value (Mutation *mutation)
{
  const CormTable *before;
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  const CormTableColumn *former =
      column != NULL ? mutate_find_former (mutation, table, column, &before) : NULL;
  if (former == NULL || column->type.type != CORM_TYPE_INT32 || former->type.type != CORM_TYPE_INT32)
    return FALSE;
  g_autofree char *value = rows_value (mutation->rows, mutation->a, before, former, 0);
  if (value == NULL)
    return FALSE;
  g_autofree char *quoted = texts_quote (mutation->gen.dialect, column->name);
  g_autofree char *sql = g_strdup_printf ("%s <> %s", quoted, value);
  corm_table_add_check (table, "forbidden", sql);
  mutation->refusal = CORM_ERROR_CHECK;
  return TRUE;
}

static gboolean
forbid_doubles (Mutation *mutation)
{
  const CormTable *before;
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  const CormTableColumn *former =
      column != NULL ? mutate_find_former (mutation, table, column, &before) : NULL;
  if (former == NULL || !former->not_null || column->type.type != CORM_TYPE_BOOLEAN ||
      mutation->rows->n_rows < 3)
    return FALSE;
  CormKey *key = corm_table_add_unique (table, "never_twice");
  key->columns = g_new0 (char *, 2);
  key->columns[0] = g_strdup (column->name);
  mutation->refusal = CORM_ERROR_UNIQUE;
  return TRUE;
}

/* To itself, from a column whose values are no keys: keys that number themselves are positive. */
static gboolean
point_to_nothing (Mutation *mutation)
{
  const CormTable *before;
  CormTable *table;
  CormTableColumn *column = pick_plain (mutation, &table);
  const CormTableColumn *former =
      column != NULL ? mutate_find_former (mutation, table, column, &before) : NULL;
  if (former == NULL || former->type.type != CORM_TYPE_UUID || column->type.type != CORM_TYPE_UUID ||
      !former->not_null)
    return FALSE;
  for (guint i = 1; i < mutation->gen.schema->tables->len; i++) {
    const CormTable *target = mutation->gen.schema->tables->pdata[i];
    if (target->primary_key == NULL || target->primary_key->columns[1] != NULL ||
        corm_table_find_column (target, target->primary_key->columns[0])->type.type != CORM_TYPE_UUID)
      continue;
    CormForeignKey *key = corm_table_add_foreign_key (table, "nowhere");
    key->columns = g_new0 (char *, 2);
    key->columns[0] = g_strdup (column->name);
    key->target_table = g_strdup (target->name);
    key->target_columns = g_strdupv (target->primary_key->columns);
    mutation->refusal = CORM_ERROR_FOREIGN_KEY;
    return TRUE;
  }
  return FALSE;
}

const EditFunc mutate_breaches[] = { demand_a_value,   add_a_column_without_values,
                                     forbid_a_value,   forbid_doubles,
                                     point_to_nothing, NULL };
