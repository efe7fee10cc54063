/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whether a database has all that it was asked for. An empty difference does not say so: what is neither written nor
 * read would be missing on both sides. Texts that servers say in their own words are only looked at for being there. */
#include "property.h"

#include <string.h>

static char *
lack (const CormTable *table, const char *part, const char *what)
{
  return g_strdup_printf ("table %s, %s: %s", table->name, part != NULL ? part : "with no name", what);
}

static gboolean
same_text (const char *a, const char *b)
{
  return g_ascii_strcasecmp (a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static gboolean
same_names (GStrv a, GStrv b)
{
  static const char *const none[] = { NULL };
  return g_strv_equal (a != NULL ? (const char *const *) a : none,
                       b != NULL ? (const char *const *) b : none);
}

static gboolean
has_default (const CormTableColumn *column)
{
  return column->default_kind != CORM_DEFAULT_NONE && column->default_kind != CORM_DEFAULT_NULL;
}

static char *
find_in_column (const CormTable *table, const CormTableColumn *wanted, const CormTableColumn *is)
{
  if (is == NULL)
    return lack (table, wanted->name, "no such column");
  if (wanted->not_null != is->not_null && !is->auto_increment)
    return lack (table, wanted->name, "whether it may be NULL");
  if (wanted->auto_increment && !is->auto_increment)
    return lack (table, wanted->name, "it does not number itself");
  if ((wanted->generated_sql != NULL) != (is->generated_sql != NULL) ||
      (wanted->generated_sql != NULL && wanted->generated_stored != is->generated_stored))
    return lack (table, wanted->name, "its expression");
  if (!wanted->auto_increment && has_default (wanted) != has_default (is) && wanted->generated_sql == NULL)
    return lack (table, wanted->name, "its default");
  if (wanted->collation != NULL && !same_text (wanted->collation, is->collation) &&
      g_ascii_strcasecmp (wanted->collation, "BINARY") != 0)
    return lack (table, wanted->name, "its collation");
  return g_strcmp0 (wanted->comment, is->comment) == 0 ? NULL : lack (table, wanted->name, "its comment");
}

static char *
find_in_unique (const CormTable *table, const CormKey *wanted)
{
  for (guint i = 0; i < table->uniques->len; i++) {
    const CormKey *is = table->uniques->pdata[i];
    if (same_names (wanted->columns, is->columns) && wanted->deferrable == is->deferrable)
      return NULL;
  }
  return lack (table, wanted->name, "no such unique constraint");
}

/* Where no key is ever checked later, RESTRICT and NO ACTION are one thing. */
static CormAction
action_of (const CormDialect *dialect, CormAction action)
{
  return action == CORM_RESTRICT && !(dialect->caps & CORM_CAP_DEFERRABLE) ? CORM_NO_ACTION : action;
}

static char *
find_in_foreign_key (const CormDialect *dialect, const CormTable *table, const CormForeignKey *wanted)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *is = table->foreign_keys->pdata[i];
    if (same_names (wanted->columns, is->columns) &&
        same_names (wanted->target_columns, is->target_columns) &&
        g_strcmp0 (wanted->target_table, is->target_table) == 0 && wanted->deferrable == is->deferrable &&
        wanted->match_full == is->match_full &&
        action_of (dialect, wanted->on_delete) == action_of (dialect, is->on_delete) &&
        action_of (dialect, wanted->on_update) == action_of (dialect, is->on_update))
      return NULL;
  }
  return lack (table, wanted->name, "no such foreign key");
}

static char *
find_in_part (const CormDialect *dialect, const CormTable *table, const CormTableIndex *index,
              const CormIndexPart *wanted, const CormIndexPart *is)
{
  if (wanted->is_expression != is->is_expression)
    return lack (table, index->name, "whether it is an expression");
  if ((dialect->caps & CORM_CAP_DESCENDING_INDEX) && wanted->descending != is->descending)
    return lack (table, index->name, "its direction");
  if (wanted->nulls_otherwise != is->nulls_otherwise)
    return lack (table, index->name, "where NULLs stand");
  return wanted->collation == NULL || is->collation != NULL ? NULL
                                                            : lack (table, index->name, "its collation");
}

/* For some databases a unique index and a unique constraint are one thing. */
static gboolean
is_constraint (const CormTable *table, const char *name)
{
  for (guint i = 0; i < table->uniques->len; i++)
    if (g_strcmp0 (((const CormKey *) table->uniques->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

static char *
find_in_index (const CormDialect *dialect, const CormTable *table, const CormTableIndex *wanted)
{
  const CormTableIndex *is = NULL;
  for (guint i = 0; i < table->indexes->len; i++)
    if (strcmp (((const CormTableIndex *) table->indexes->pdata[i])->name, wanted->name) == 0)
      is = table->indexes->pdata[i];
  if (is == NULL)
    return wanted->unique && is_constraint (table, wanted->name)
               ? NULL
               : lack (table, wanted->name, "no such index");
  if (wanted->unique != is->unique || wanted->parts->len != is->parts->len)
    return lack (table, wanted->name, "its parts");
  if ((dialect->caps & CORM_CAP_PARTIAL_INDEX) && (wanted->where != NULL) != (is->where != NULL))
    return lack (table, wanted->name, "its condition");
  if (wanted->method != NULL && !same_text (wanted->method, is->method))
    return lack (table, wanted->name, "its method");
  if (!same_names (wanted->include, is->include))
    return lack (table, wanted->name, "the columns that it carries along");
  if (wanted->options != NULL && is->options == NULL)
    return lack (table, wanted->name, "its options");
  char *lost = NULL;
  for (guint i = 0; lost == NULL && i < is->parts->len; i++)
    lost = find_in_part (dialect, table, wanted, wanted->parts->pdata[i], is->parts->pdata[i]);
  return lost;
}

/* Said twice, a check is as good as once. */
static guint
count_checks (const CormTable *table)
{
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < table->checks->len; i++)
    g_hash_table_add (texts, ((const CormCheck *) table->checks->pdata[i])->sql);
  return g_hash_table_size (texts);
}

static char *
find_in_constraints (const CormDialect *dialect, const CormTable *wanted, const CormTable *is)
{
  char *lost = NULL;
  if (wanted->primary_key != NULL &&
      (is->primary_key == NULL || !same_names (wanted->primary_key->columns, is->primary_key->columns)))
    return lack (wanted, NULL, "its primary key");
  if (is->checks->len < count_checks (wanted))
    return lack (wanted, NULL, "one of its checks");
  for (guint i = 0; lost == NULL && i < wanted->uniques->len; i++)
    lost = find_in_unique (is, wanted->uniques->pdata[i]);
  for (guint i = 0; lost == NULL && i < wanted->foreign_keys->len; i++)
    lost = find_in_foreign_key (dialect, is, wanted->foreign_keys->pdata[i]);
  for (guint i = 0; lost == NULL && i < wanted->indexes->len; i++)
    lost = find_in_index (dialect, is, wanted->indexes->pdata[i]);
  return lost;
}

static char *
find_in_table (const CormDialect *dialect, const CormTable *wanted, const CormTable *is)
{
  char *lost = NULL;
  if (is == NULL)
    return lack (wanted, "the table", "it is not there");
  if (wanted->strict != is->strict || wanted->without_rowid != is->without_rowid)
    return lack (wanted, "the table", "STRICT or WITHOUT ROWID");
  if (g_strcmp0 (wanted->comment, is->comment) != 0)
    return lack (wanted, "the table", "its comment");
  if (wanted->columns->len != is->columns->len)
    return lack (wanted, "the table", "the number of its columns");
  for (guint i = 0; lost == NULL && i < wanted->columns->len; i++) {
    const CormTableColumn *column = wanted->columns->pdata[i];
    lost = find_in_column (wanted, column, corm_table_find_column (is, column->name));
  }
  return lost != NULL ? lost : find_in_constraints (dialect, wanted, is);
}

/* A server quotes only those names that have to be. */
static gboolean
has_object (const CormSchema *schema, const CormSchemaObject *like)
{
  g_autofree char *name = g_strdup (like->name);
  texts_replace (&name, "\"", "");
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    g_autofree char *other = g_strdup (object->name);
    texts_replace (&other, "\"", "");
    if (strcmp (object->kind, like->kind) == 0 && strcmp (other, name) == 0)
      return TRUE;
  }
  return FALSE;
}

char *
faithful_find_loss (const CormDialect *dialect, const CormSchema *wanted, const CormSchema *is)
{
  char *lost = NULL;
  for (guint i = 0; lost == NULL && i < wanted->tables->len; i++) {
    const CormTable *table = wanted->tables->pdata[i];
    lost = find_in_table (dialect, table, corm_schema_find_table (is, table->name));
  }
  for (guint i = 0; lost == NULL && i < wanted->objects->len; i++) {
    const CormSchemaObject *object = wanted->objects->pdata[i];
    if (!has_object (is, object))
      lost = g_strdup_printf ("there is no %s %s", object->kind, object->name);
  }
  return lost;
}
