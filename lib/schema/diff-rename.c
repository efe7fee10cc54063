/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Names that change because the new schema says what a table or column was called before. Everything else is compared,
 * and done, with the new names: the live schema is copied with them in every place that names a table or a column, as
 * the database itself will say it when the renames have run. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

static void
replace (char **text, const char *name)
{
  char *copy = g_strdup (name);
  g_free (*text);
  *text = copy;
}

static void
replace_name (const CormDiff *diff, char **text, const char *was, const char *name)
{
  if (*text != NULL && corm_diff_same_name (diff, *text, was))
    replace (text, name);
}

static void
replace_names (const CormDiff *diff, GStrv names, const char *was, const char *name)
{
  for (; names != NULL && *names != NULL; names++)
    replace_name (diff, names, was, name);
}

/* The word @was in an expression, quoted or not. Strings stay. */
static void
replace_word (const CormDiff *diff, char **sql, const char *was, const char *name)
{
  if (*sql == NULL)
    return;
  g_autofree char *changed = corm_words_rename (*sql, diff->dialect, was, name);
  replace (sql, changed);
}

static void
rename_in_index (const CormDiff *diff, CormTableIndex *index, const char *was, const char *name)
{
  replace_word (diff, &index->where, was, name);
  replace_names (diff, index->include, was, name);
  for (guint i = 0; i < index->parts->len; i++) {
    CormIndexPart *part = index->parts->pdata[i];
    if (part->is_expression)
      replace_word (diff, &part->sql, was, name);
    else
      replace_name (diff, &part->sql, was, name);
  }
}

static void
rename_column (CormDiff *diff, CormTable *live, const char *was, const char *name)
{
  for (guint i = 0; i < live->columns->len; i++) {
    CormTableColumn *column = live->columns->pdata[i];
    replace_name (diff, &column->name, was, name);
    replace_word (diff, &column->generated_sql, was, name);
  }
  if (live->primary_key != NULL)
    replace_names (diff, live->primary_key->columns, was, name);
  for (guint i = 0; i < live->uniques->len; i++)
    replace_names (diff, ((CormKey *) live->uniques->pdata[i])->columns, was, name);
  for (guint i = 0; i < live->checks->len; i++)
    replace_word (diff, &((CormCheck *) live->checks->pdata[i])->sql, was, name);
  for (guint i = 0; i < live->indexes->len; i++)
    rename_in_index (diff, live->indexes->pdata[i], was, name);
  for (guint i = 0; i < live->foreign_keys->len; i++)
    replace_names (diff, ((CormForeignKey *) live->foreign_keys->pdata[i])->columns, was, name);
  for (guint i = 0; i < diff->renamed->tables->len; i++) {
    const CormTable *other = diff->renamed->tables->pdata[i];
    for (guint k = 0; k < other->foreign_keys->len; k++) {
      CormForeignKey *key = other->foreign_keys->pdata[k];
      if (corm_diff_same_name (diff, key->target_table, live->name))
        replace_names (diff, key->target_columns, was, name);
    }
  }
}

static void
rename_table (CormDiff *diff, CormTable *live, const char *name)
{
  g_autofree char *was = g_strdup (live->name);
  replace (&live->name, name);
  for (guint i = 0; i < diff->renamed->tables->len; i++) {
    const CormTable *other = diff->renamed->tables->pdata[i];
    for (guint k = 0; k < other->foreign_keys->len; k++)
      replace_name (diff, &((CormForeignKey *) other->foreign_keys->pdata[k])->target_table, was, name);
  }
  for (guint i = 0; i < diff->renamed->objects->len; i++) {
    CormSchemaObject *object = diff->renamed->objects->pdata[i];
    replace_name (diff, &object->table, was, name);
  }
}

/* The live table that @table was, when it has not its new name yet. */
static const CormTable *
former_table (const CormDiff *diff, const CormTable *table)
{
  if (table->was == NULL || corm_diff_find_table (diff, diff->before, table->name) != NULL)
    return NULL;
  return corm_diff_find_table (diff, diff->before, table->was);
}

static const CormTableColumn *
former_column (const CormDiff *diff, const CormTable *live, const CormTableColumn *column)
{
  if (column->was == NULL || corm_diff_find_column (diff, live, column->name) != NULL)
    return NULL;
  return corm_diff_find_column (diff, live, column->was);
}

/* The copy, made when the first name changes. */
static CormTable *
copied (CormDiff *diff, const CormTable *live)
{
  guint at;
  if (diff->renamed == NULL) {
    g_autofree char *json = corm_schema_to_json (diff->before);
    g_autoptr (GError) error = NULL;
    diff->renamed = corm_schema_from_json (json, &error);
    if (diff->renamed == NULL)
      g_error ("a schema is not read back: %s", error->message);
    diff->from = diff->renamed;
  }
  gboolean found = g_ptr_array_find (diff->before->tables, live, &at);
  g_assert (found);
  return diff->renamed->tables->pdata[at];
}

static void
say_column (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableColumn *column,
            const char *was)
{
  CormChange *change =
      corm_diff_add (diff, CORM_OP_RENAME_COLUMN, live, table, column, NULL, column->name,
                     g_strdup_printf ("rename column %s.%s to %s", table->name, was, column->name));
  change->was = was;
  change->difference = g_strdup_printf ("column %s.%s: is still called %s", table->name, column->name, was);
}

static void
rename_columns (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    const CormTableColumn *was = former_column (diff, live, column);
    if (was == NULL)
      continue;
    CormTable *copy = copied (diff, live);
    rename_column (diff, copy, was->name, column->name);
    say_column (diff, copy, table, column, was->name);
  }
}

void
corm_diff_rename (CormDiff *diff)
{
  for (guint i = 0; i < diff->to->tables->len; i++) {
    const CormTable *table = diff->to->tables->pdata[i];
    const CormTable *was = former_table (diff, table);
    const CormTable *live = was != NULL ? was : corm_diff_find_table (diff, diff->before, table->name);
    if (was != NULL) {
      CormTable *copy = copied (diff, was);
      rename_table (diff, copy, table->name);
      CormChange *change = corm_diff_add (diff, CORM_OP_RENAME_TABLE, copy, table, NULL, NULL, NULL,
                                          g_strdup_printf ("rename table %s to %s", was->name, table->name));
      change->was = was->name;
      change->difference = g_strdup_printf ("table %s: is still called %s", table->name, was->name);
    }
    if (live != NULL)
      rename_columns (diff, live, table);
  }
}
