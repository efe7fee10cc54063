/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Primary keys, unique constraints and foreign keys, compared by what they hold: a name that the database made up is no
 * difference. A unique constraint and a plain unique index over the same columns hold the same. */
#include "schema/diff.h"

#include <string.h>

GStrv
corm_index_key_columns (const CormTableIndex *index)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  if (!index->unique || index->where != NULL)
    return NULL;
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    if (part->is_expression)
      return NULL;
    g_strv_builder_add (names, part->sql);
  }
  return g_strv_builder_end (names);
}

/* Both are there, and hold the same set of columns. */
static gboolean
holds (const CormDiff *diff, GStrv a, GStrv b)
{
  return a != NULL && b != NULL &&
         corm_diff_same_names (diff, (const char *const *) a, (const char *const *) b, FALSE);
}

static gboolean
is_unique (const CormDiff *diff, const CormTable *table, GStrv columns, gboolean with_primary_key)
{
  if (with_primary_key && table->primary_key != NULL && holds (diff, table->primary_key->columns, columns))
    return TRUE;
  for (guint i = 0; i < table->uniques->len; i++)
    if (holds (diff, ((CormKey *) table->uniques->pdata[i])->columns, columns))
      return TRUE;
  for (guint i = 0; i < table->indexes->len; i++) {
    g_auto (GStrv) names = corm_index_key_columns (table->indexes->pdata[i]);
    if (holds (diff, names, columns))
      return TRUE;
  }
  return FALSE;
}

static char *
list_of (GStrv names)
{
  g_autofree char *list = names != NULL ? g_strjoinv (", ", names) : g_strdup ("");
  return g_strdup_printf ("(%s)", list);
}

static void
diff_primary_key (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  const CormKey *is = live->primary_key;
  const CormKey *should = table->primary_key;
  if ((is == NULL && should == NULL) ||
      (is != NULL && should != NULL && holds (diff, is->columns, should->columns)))
    return;
  g_autofree char *what = g_strconcat ("primary key of ", table->name, NULL);
  g_autofree char *left = is != NULL ? list_of (is->columns) : NULL;
  g_autofree char *right = should != NULL ? list_of (should->columns) : g_strdup ("there is none");
  g_autofree char *sentence = left != NULL ? g_strconcat ("is ", left, NULL) : g_strdup ("is missing");
  corm_diff_differs (diff, live, table, "primary key", what, sentence, right);
}

void
corm_diff_keys (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  diff_primary_key (diff, live, table);
  for (guint i = 0; i < table->uniques->len; i++) {
    const CormKey *key = table->uniques->pdata[i];
    g_autofree char *list = list_of (key->columns);
    if (!is_unique (diff, live, key->columns, TRUE))
      corm_diff_add (diff, CORM_OP_ADD_UNIQUE, live, table, key, key->name,
                     g_strdup_printf ("add unique %s%s%s %s", table->name, key->name != NULL ? "." : "",
                                      key->name != NULL ? key->name : "", list));
  }
  for (guint i = 0; i < live->uniques->len; i++) {
    const CormKey *key = live->uniques->pdata[i];
    g_autofree char *list = list_of (key->columns);
    g_autofree char *what = g_strdup_printf ("unique constraint of %s %s", live->name, list);
    if (!is_unique (diff, table, key->columns, TRUE))
      corm_diff_differs (diff, live, table, key->name, what, NULL, NULL);
  }
}

const char *const *
corm_foreign_key_targets (const CormForeignKey *key, const CormTable *target)
{
  static const char *const none[] = { NULL };
  if (key->target_columns != NULL && key->target_columns[0] != NULL)
    return (const char *const *) key->target_columns;
  if (target != NULL && target->primary_key != NULL && target->primary_key->columns != NULL)
    return (const char *const *) target->primary_key->columns;
  return none;
}

/* The pairs of columns are the same, in whatever order. */
static gboolean
is_same_reference (const CormDiff *diff, const CormForeignKey *a, const CormForeignKey *b)
{
  const char *const *left =
      corm_foreign_key_targets (a, corm_diff_find_table (diff, diff->from, a->target_table));
  const char *const *right =
      corm_foreign_key_targets (b, corm_diff_find_table (diff, diff->to, b->target_table));
  return corm_diff_same_name (diff, a->target_table, b->target_table) &&
         corm_diff_same_names (diff, (const char *const *) a->columns, (const char *const *) b->columns,
                               TRUE) &&
         corm_diff_same_names (diff, left, right, TRUE);
}

/* A key of @keys over the same columns; the one with the same target rather than another. */
static const CormForeignKey *
find_key (const CormDiff *diff, const GPtrArray *keys, const CormForeignKey *like, gboolean like_is_live)
{
  const CormForeignKey *other = NULL;
  for (guint i = 0; i < keys->len; i++) {
    const CormForeignKey *key = keys->pdata[i];
    if (like_is_live ? is_same_reference (diff, like, key) : is_same_reference (diff, key, like))
      return key;
    if (holds (diff, key->columns, like->columns))
      other = key;
  }
  return other;
}

static char *
reference_words (const CormDiff *diff, const CormSchema *schema, const CormForeignKey *key)
{
  static const char *const actions[] = { "", " RESTRICT", " CASCADE", " SET NULL", " SET DEFAULT" };
  const CormTable *target = corm_diff_find_table (diff, schema, key->target_table);
  g_autofree char *list = list_of ((GStrv) corm_foreign_key_targets (key, target));
  return g_strdup_printf ("REFERENCES %s %s%s%s%s%s%s", key->target_table, list,
                          key->on_delete != CORM_NO_ACTION ? " ON DELETE" : "", actions[key->on_delete],
                          key->on_update != CORM_NO_ACTION ? " ON UPDATE" : "", actions[key->on_update],
                          key->deferrable == CORM_INITIALLY_DEFERRED    ? " DEFERRABLE INITIALLY DEFERRED"
                          : key->deferrable == CORM_INITIALLY_IMMEDIATE ? " DEFERRABLE"
                                                                        : "");
}

static void
diff_reference (CormDiff *diff, const CormTable *live, const CormTable *table, const CormForeignKey *is,
                const CormForeignKey *should)
{
  if (is_same_reference (diff, is, should) && is->on_delete == should->on_delete &&
      is->on_update == should->on_update && is->deferrable == should->deferrable)
    return;
  g_autofree char *list = list_of (should->columns);
  g_autofree char *what = g_strdup_printf ("foreign key of %s %s", table->name, list);
  g_autofree char *left = reference_words (diff, diff->from, is);
  g_autofree char *right = reference_words (diff, diff->to, should);
  corm_diff_differs (diff, live, table, should->name, what, left, right);
}

static gboolean
is_created (const CormDiff *diff, const CormTable *table)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    if (change->kind == CORM_OP_CREATE_TABLE && change->table == table)
      return TRUE;
  }
  return FALSE;
}

/* Whether the foreign key of a new table can stand in its CREATE TABLE: its target is there by then, with that key. */
static gboolean
can_stand_inside (const CormDiff *diff, const CormForeignKey *key)
{
  const CormTable *live = corm_diff_find_table (diff, diff->from, key->target_table);
  const CormTable *target = corm_diff_find_table (diff, diff->to, key->target_table);
  if (!(diff->dialect->caps & CORM_CAP_ALTER_ADD_CONSTRAINT))
    return TRUE;
  if (live != NULL)
    return is_unique (diff, live, (GStrv) corm_foreign_key_targets (key, live), TRUE);
  /* Unique indexes of a new table come behind all tables. */
  const CormTable bare = target != NULL ? *target : (CormTable){ 0 };
  for (guint i = 0; target != NULL && i < bare.uniques->len; i++)
    if (holds (diff, ((CormKey *) bare.uniques->pdata[i])->columns,
               (GStrv) corm_foreign_key_targets (key, target)))
      return is_created (diff, target);
  return target != NULL && target->primary_key != NULL &&
         holds (diff, target->primary_key->columns, (GStrv) corm_foreign_key_targets (key, target)) &&
         is_created (diff, target);
}

static void
add_key (CormDiff *diff, const CormTable *live, const CormTable *table, const CormForeignKey *key)
{
  g_autofree char *list = list_of (key->columns);
  if (live == NULL && can_stand_inside (diff, key))
    return;
  corm_diff_add (diff, CORM_OP_ADD_FOREIGN_KEY, live, table, key, key->name,
                 g_strdup_printf ("add foreign key %s %s to %s", table->name, list, key->target_table));
}

void
corm_diff_foreign_keys (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    const CormForeignKey *is = live != NULL ? find_key (diff, live->foreign_keys, key, FALSE) : NULL;
    if (is == NULL)
      add_key (diff, live, table, key);
    else
      diff_reference (diff, live, table, is, key);
  }
  for (guint i = 0; live != NULL && i < live->foreign_keys->len; i++) {
    const CormForeignKey *key = live->foreign_keys->pdata[i];
    g_autofree char *list = list_of (key->columns);
    g_autofree char *what =
        g_strdup_printf ("foreign key of %s %s to %s", live->name, list, key->target_table);
    if (find_key (diff, table->foreign_keys, key, TRUE) == NULL)
      corm_diff_differs (diff, live, table, key->name, what, NULL, NULL);
  }
}
