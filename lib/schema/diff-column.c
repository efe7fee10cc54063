/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Columns of a table that is there: new ones are added; of the others every trait that differs is named, in the
 * server's own words on both sides. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

static const char *
type_words (const CormTableColumn *column)
{
  return column->type_sql == NULL      ? corm_type_name (column->type.type)
         : column->type_sql[0] == '\0' ? "none"
                                       : column->type_sql;
}

/* Where a type is a hint only, what counts is the family. */
static CormType
family (CormType type)
{
  switch (type) {
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
    return CORM_TYPE_INT64;
  case CORM_TYPE_FLOAT32:
    return CORM_TYPE_FLOAT64;
  case CORM_TYPE_ENUM:
    return CORM_TYPE_TEXT;
  case CORM_TYPE_LOCAL_TIMESTAMP:
    return CORM_TYPE_TIMESTAMP;
  default:
    return type;
  }
}

static gboolean
is_same_type (const CormDiff *diff, const CormTableColumn *a, const CormTableColumn *b)
{
  if (corm_words_equal (type_words (a), type_words (b)))
    return TRUE;
  return diff->dialect->loose_types && a->type.type != CORM_TYPE_RAW &&
         family (a->type.type) == family (b->type.type);
}

static const char *
default_words (const CormTableColumn *column)
{
  if (column->default_kind == CORM_DEFAULT_NONE || column->default_kind == CORM_DEFAULT_NULL)
    return "none";
  if (column->default_sql != NULL)
    return column->default_sql;
  return column->default_kind == CORM_DEFAULT_NOW ? "now" : column->default_text;
}

/* true is 1 and 1.50 is 1.5, for a column of that type. */
static gboolean
is_same_literal (const CormTableColumn *a, const CormTableColumn *b)
{
  CormValue left, right;
  if (strcmp (a->default_text, b->default_text) == 0)
    return TRUE;
  return corm_value_parse (&b->type, a->default_text, -1, &left, NULL) &&
         corm_value_parse (&b->type, b->default_text, -1, &right, NULL) && corm_value_equal (&left, &right);
}

/* DEFAULT NULL is no default, and every way to say now says the same. */
static gboolean
is_same_default (const CormTableColumn *a, const CormTableColumn *b)
{
  CormDefaultKind left = a->default_kind == CORM_DEFAULT_NULL ? CORM_DEFAULT_NONE : a->default_kind;
  CormDefaultKind right = b->default_kind == CORM_DEFAULT_NULL ? CORM_DEFAULT_NONE : b->default_kind;
  if (left != right)
    return a->default_sql != NULL && corm_words_equal (a->default_sql, b->default_sql);
  if (left == CORM_DEFAULT_LITERAL)
    return is_same_literal (a, b);
  return left != CORM_DEFAULT_SQL || corm_words_equal (a->default_text, b->default_text);
}

static void
differs (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *column,
         const char *trait, const char *is, const char *should)
{
  g_autofree char *what = g_strdup_printf ("column %s.%s", table->name, column->name);
  g_autofree char *sentence = g_strdup_printf ("%s is %s", trait, is);
  corm_diff_differs (diff, live, table, column->name, what, sentence, should);
}

static void
says (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *column,
      const char *is, const char *should)
{
  g_autofree char *what = g_strdup_printf ("column %s.%s", table->name, column->name);
  corm_diff_differs (diff, live, table, column->name, what, is, should);
}

static void
diff_labels (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *is,
             const CormTableColumn *should)
{
  if (is->labels == NULL || should->labels == NULL || is->enum_type == NULL || should->enum_type == NULL ||
      g_strv_equal ((const char *const *) is->labels, (const char *const *) should->labels))
    return;
  g_autofree char *left = g_strjoinv (", ", is->labels);
  g_autofree char *right = g_strjoinv (", ", should->labels);
  differs (diff, live, table, should, "list of labels", left, right);
}

static void
diff_generated (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *is,
                const CormTableColumn *should)
{
  if (!corm_words_equal (is->generated_sql, should->generated_sql))
    differs (diff, live, table, should, "its expression",
             is->generated_sql != NULL ? is->generated_sql : "none",
             should->generated_sql != NULL ? should->generated_sql : "none");
  else if (is->generated_sql != NULL && is->generated_stored != should->generated_stored)
    says (diff, live, table, should, is->generated_stored ? "is STORED" : "is VIRTUAL",
          should->generated_stored ? "STORED" : "VIRTUAL");
}

static void
diff_column (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *is,
             const CormTableColumn *should)
{
  if (!is_same_type (diff, is, should))
    differs (diff, live, table, should, "type", type_words (is), type_words (should));
  if (is->not_null != should->not_null && !(is->auto_increment && should->auto_increment))
    says (diff, live, table, should, is->not_null ? "is NOT NULL" : "may be NULL",
          should->not_null ? "NOT NULL" : "it may be NULL");
  if (is->auto_increment != should->auto_increment)
    says (diff, live, table, should, is->auto_increment ? "numbers itself" : "does not number itself",
          should->auto_increment ? "it does" : "it does not");
  else if (!is->auto_increment && !is_same_default (is, should))
    differs (diff, live, table, should, "default", default_words (is), default_words (should));
  if (should->collation != NULL && g_strcmp0 (is->collation, should->collation) != 0)
    differs (diff, live, table, should, "collation", is->collation != NULL ? is->collation : "the database's",
             should->collation);
  diff_generated (diff, live, table, is, should);
  diff_labels (diff, live, table, is, should);
}

static void
add_column (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *column)
{
  const CormTableColumn *former =
      column->was != NULL ? corm_diff_find_column (diff, live, column->was) : NULL;
  if (former != NULL) {
    g_autoptr (GString) sql = g_string_new ("ALTER TABLE ");
    corm_sql_append_identifier (sql, diff->dialect, live->name);
    g_string_append (sql, " RENAME COLUMN ");
    corm_sql_append_identifier (sql, diff->dialect, former->name);
    g_string_append (sql, " TO ");
    corm_sql_append_identifier (sql, diff->dialect, column->name);
    corm_diff_add (diff, CORM_OP_DIFFERS, live, table, NULL, column->name,
                   g_strdup_printf ("column %s.%s: is still called %s; rename it first: %s", table->name,
                                    column->name, former->name, sql->str));
    return;
  }
  if (table->primary_key != NULL && table->primary_key->columns != NULL &&
      g_strv_contains ((const char *const *) table->primary_key->columns, column->name)) {
    says (diff, live, table, column, "is missing", "it is part of the primary key");
    return;
  }
  corm_diff_add (diff, CORM_OP_ADD_COLUMN, live, table, column, column->name,
                 g_strdup_printf ("add column %s.%s", table->name, column->name));
}

/* The former name of a column that should have another one: said there already. */
static gboolean
is_former (const CormDiff *diff, const CormTable *live, const CormTable *table, const char *name)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    if (column->was != NULL && corm_diff_same_name (diff, column->was, name) &&
        corm_diff_find_column (diff, live, column->name) == NULL)
      return TRUE;
  }
  return FALSE;
}

static void
extra_column (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *column)
{
  gboolean blocks = column->not_null && column->default_kind == CORM_DEFAULT_NONE &&
                    !column->auto_increment && column->generated_sql == NULL;
  char *text = g_strdup_printf ("column %s.%s: is not in the %s", live->name, column->name,
                                diff->to->from_models ? "models" : "schema");
  CormChange *change = corm_diff_add (diff, CORM_OP_DIFFERS, live, table, NULL, column->name, text);
  if (blocks)
    change->hazard = g_strdup ("it is NOT NULL without a default: rows cannot be inserted without it");
}

/* An enum type is made once, before the first table that has it. */
static void
add_enum (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *column)
{
  if (column->enum_type == NULL || column->labels == NULL || !(diff->dialect->caps & CORM_CAP_NATIVE_ENUM))
    return;
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    if (change->kind == CORM_OP_CREATE_ENUM && strcmp (change->name, column->enum_type) == 0)
      return;
  }
  for (guint i = 0; i < diff->from->tables->len; i++) {
    const CormTable *other = diff->from->tables->pdata[i];
    for (guint j = 0; j < other->columns->len; j++)
      if (g_strcmp0 (((CormTableColumn *) other->columns->pdata[j])->enum_type, column->enum_type) == 0)
        return;
  }
  corm_diff_add (diff, CORM_OP_CREATE_ENUM, live, table, column, column->enum_type,
                 g_strdup_printf ("create type %s", column->enum_type));
}

void
corm_diff_columns (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    const CormTableColumn *is = live != NULL ? corm_diff_find_column (diff, live, column->name) : NULL;
    if (is == NULL)
      add_enum (diff, live, table, column);
    if (is != NULL)
      diff_column (diff, live, table, is, column);
    else if (live != NULL)
      add_column (diff, live, table, column);
  }
  for (guint i = 0; live != NULL && i < live->columns->len; i++) {
    const CormTableColumn *column = live->columns->pdata[i];
    if (corm_diff_find_column (diff, table, column->name) == NULL &&
        !is_former (diff, live, table, column->name))
      extra_column (diff, live, table, column);
  }
}
