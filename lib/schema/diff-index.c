/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Indexes go by name and by content. One of another name that does the same work is as good: a second one would only
 * cost; it is neither made nor reported. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

static gboolean
is_same_part (const CormDiff *diff, const CormIndexPart *a, const CormIndexPart *b)
{
  if (a->descending != b->descending || a->is_expression != b->is_expression)
    return FALSE;
  return a->is_expression ? corm_words_equal (a->sql, b->sql) : corm_diff_same_name (diff, a->sql, b->sql);
}

static gboolean
is_same_index (const CormDiff *diff, const CormTableIndex *a, const CormTableIndex *b)
{
  if (a->unique != b->unique || a->parts->len != b->parts->len || !corm_words_equal (a->where, b->where))
    return FALSE;
  for (guint i = 0; i < a->parts->len; i++)
    if (!is_same_part (diff, a->parts->pdata[i], b->parts->pdata[i]))
      return FALSE;
  return TRUE;
}

static const CormTableIndex *
find_same (const CormDiff *diff, const CormTable *table, const CormTableIndex *like)
{
  for (guint i = 0; i < table->indexes->len; i++)
    if (is_same_index (diff, table->indexes->pdata[i], like))
      return table->indexes->pdata[i];
  return NULL;
}

static const CormTableIndex *
find_name (const CormDiff *diff, const CormTable *table, const char *name)
{
  for (guint i = 0; i < table->indexes->len; i++)
    if (corm_diff_same_name (diff, ((CormTableIndex *) table->indexes->pdata[i])->name, name))
      return table->indexes->pdata[i];
  return NULL;
}

/* A constraint of @table that holds what the unique @index holds. */
static gboolean
is_constraint (const CormDiff *diff, const CormTable *table, const CormTableIndex *index)
{
  g_auto (GStrv) names = corm_index_key_columns (index);
  if (names == NULL)
    return FALSE;
  if (table->primary_key != NULL && table->primary_key->columns != NULL &&
      corm_diff_same_names (diff, (const char *const *) table->primary_key->columns,
                            (const char *const *) names, FALSE))
    return TRUE;
  for (guint i = 0; i < table->uniques->len; i++)
    if (corm_diff_same_names (diff, (const char *const *) ((CormKey *) table->uniques->pdata[i])->columns,
                              (const char *const *) names, FALSE))
      return TRUE;
  return FALSE;
}

/* Some databases make an index for a foreign key by themselves, and take one that begins with its columns as well. */
static gboolean
backs_foreign_key (const CormDiff *diff, const CormTable *table, const CormTableIndex *index)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    guint n = g_strv_length (key->columns);
    gboolean same = !index->unique && index->where == NULL && index->parts->len == n;
    for (guint c = 0; same && c < n; c++)
      same = corm_diff_same_name (diff, ((CormIndexPart *) index->parts->pdata[c])->sql, key->columns[c]);
    if (same && (key->name == NULL || corm_diff_same_name (diff, key->name, index->name)))
      return TRUE;
  }
  return FALSE;
}

static char *
index_words (const CormTableIndex *index)
{
  GString *text = g_string_new (index->unique ? "UNIQUE (" : "(");
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    g_string_append_printf (text, "%s%s%s", i > 0 ? ", " : "", part->sql, part->descending ? " desc" : "");
  }
  g_string_append_c (text, ')');
  if (index->where != NULL)
    g_string_append_printf (text, " where %s", index->where);
  return g_string_free (text, FALSE);
}

static void
want_index (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableIndex *index)
{
  const CormTableIndex *is = live != NULL ? find_name (diff, live, index->name) : NULL;
  if (live != NULL && (find_same (diff, live, index) != NULL || is_constraint (diff, live, index)))
    return;
  g_autofree char *right = index_words (index);
  if (is == NULL) {
    corm_diff_add (diff, CORM_OP_CREATE_INDEX, live, table, index, index->name,
                   g_strdup_printf ("create index %s on %s %s", index->name, table->name, right));
    return;
  }
  g_autofree char *what = g_strdup_printf ("index %s of %s", index->name, table->name);
  g_autofree char *words = index_words (is);
  g_autofree char *left = g_strconcat ("is on ", words, NULL);
  corm_diff_differs (diff, live, table, index->name, what, left, right);
}

static gboolean
is_wanted (const CormDiff *diff, const CormTable *table, const CormTableIndex *index)
{
  return find_same (diff, table, index) != NULL || find_name (diff, table, index->name) != NULL ||
         is_constraint (diff, table, index) || backs_foreign_key (diff, table, index);
}

void
corm_diff_indexes (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  for (guint i = 0; i < table->indexes->len; i++)
    want_index (diff, live, table, table->indexes->pdata[i]);
  for (guint i = 0; live != NULL && i < live->indexes->len; i++) {
    const CormTableIndex *index = live->indexes->pdata[i];
    g_autofree char *words = index_words (index);
    g_autofree char *what = g_strdup_printf ("index %s of %s %s", index->name, live->name, words);
    if (!is_wanted (diff, table, index))
      corm_diff_differs (diff, live, table, index->name, what, NULL, NULL);
  }
}
