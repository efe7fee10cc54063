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
  if (a->descending != b->descending || a->is_expression != b->is_expression ||
      a->nulls_otherwise != b->nulls_otherwise || a->prefix != b->prefix ||
      g_strcmp0 (a->collation, b->collation) != 0 || g_strcmp0 (a->operator_class, b->operator_class) != 0)
    return FALSE;
  return a->is_expression ? corm_words_equal (a->sql, b->sql) : corm_diff_same_name (diff, a->sql, b->sql);
}

static gboolean
is_same_include (const CormDiff *diff, const CormTableIndex *a, const CormTableIndex *b)
{
  return (a->include == NULL && b->include == NULL) ||
         corm_diff_same_names (diff, (const char *const *) a->include, (const char *const *) b->include,
                               TRUE);
}

static gboolean
is_same_index (const CormDiff *diff, const CormTableIndex *a, const CormTableIndex *b)
{
  if (a->unique != b->unique || a->parts->len != b->parts->len || !corm_words_equal (a->where, b->where) ||
      g_strcmp0 (a->method, b->method) != 0 || !corm_words_equal (a->options, b->options) ||
      a->invalid != b->invalid || !is_same_include (diff, a, b))
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

/* An index of @live that does the work of @like, and does not make room for one of its name that does other work. */
static const CormTableIndex *
find_staying (const CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableIndex *like)
{
  for (guint i = 0; i < live->indexes->len; i++) {
    const CormTableIndex *is = live->indexes->pdata[i];
    const CormTableIndex *namesake = find_name (diff, table, is->name);
    if (is_same_index (diff, is, like) && (namesake == NULL || is_same_index (diff, is, namesake)))
      return is;
  }
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

/* With all that may be the only difference between two. */
static void
append_part (GString *text, const CormDiff *diff, const CormIndexPart *part)
{
  gboolean nulls_first = part->descending == diff->dialect->nulls_largest;
  g_string_append (text, part->sql);
  if (part->prefix > 0)
    g_string_append_printf (text, "(%u)", part->prefix);
  if (part->collation != NULL)
    g_string_append_printf (text, " collate %s", part->collation);
  if (part->operator_class != NULL)
    g_string_append_printf (text, " %s", part->operator_class);
  if (part->descending)
    g_string_append (text, " desc");
  if (part->nulls_otherwise)
    g_string_append (text, nulls_first ? " nulls last" : " nulls first");
}

static char *
index_words (const CormDiff *diff, const CormTableIndex *index)
{
  GString *text = g_string_new (index->unique ? "UNIQUE (" : "(");
  for (guint i = 0; i < index->parts->len; i++) {
    g_string_append (text, i > 0 ? ", " : "");
    append_part (text, diff, index->parts->pdata[i]);
  }
  g_string_append_c (text, ')');
  if (index->method != NULL)
    g_string_append_printf (text, " using %s", index->method);
  if (index->include != NULL) {
    g_autofree char *include = g_strjoinv (", ", index->include);
    g_string_append_printf (text, " include (%s)", include);
  }
  if (index->options != NULL)
    g_string_append_printf (text, " %s", index->options);
  if (index->where != NULL)
    g_string_append_printf (text, " where %s", index->where);
  return g_string_free (text, FALSE);
}

/* One of that name that does other work, or was not built to its end, makes room. */
static void
replace_index (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableIndex *is,
               CormChange *create, const char *right)
{
  g_autofree char *what = g_strdup_printf ("index %s of %s", is->name, table->name);
  g_autofree char *words = index_words (diff, is);
  g_autofree char *left =
      is->invalid ? g_strdup ("was not built to its end") : g_strconcat ("is on ", words, NULL);
  CormChange *drop = corm_diff_add (diff, CORM_OP_DROP_INDEX, live, table, NULL, is, is->name,
                                    g_strconcat ("drop ", what, NULL));
  corm_change_says (diff, drop, what, left, right);
  drop->approval = is->invalid ? CORM_APPROVAL_NONE : drop->approval;
  create->difference = g_strdup ("");
  corm_diff_join (diff, drop, create);
}

static void
want_index (CormDiff *diff, const CormTable *live, const CormTable *table, const CormTableIndex *index)
{
  const CormTableIndex *is = live != NULL ? find_name (diff, live, index->name) : NULL;
  const CormTableIndex *same = live != NULL ? find_staying (diff, live, table, index) : NULL;
  if (same != NULL) {
    corm_diff_comment (diff, CORM_COMMENT_ON_INDEX, live, table, index, same->name, same->comment,
                       index->comment);
    return;
  }
  if (live != NULL && is_constraint (diff, live, index))
    return;
  g_autofree char *right = index_words (diff, index);
  CormChange *create =
      corm_diff_add (diff, CORM_OP_CREATE_INDEX, live, table, index, NULL, index->name,
                     g_strdup_printf ("create index %s on %s %s", index->name, table->name, right));
  if (is != NULL)
    replace_index (diff, live, table, is, create, right);
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
    g_autofree char *words = index_words (diff, index);
    g_autofree char *what = g_strdup_printf ("index %s of %s %s", index->name, live->name, words);
    if (is_wanted (diff, table, index))
      continue;
    CormChange *drop = corm_diff_add (diff, CORM_OP_DROP_INDEX, live, table, NULL, index, index->name,
                                      g_strdup_printf ("drop index %s of %s", index->name, live->name));
    corm_change_says (diff, drop, what, NULL, NULL);
  }
}
