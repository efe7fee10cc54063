/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Primary keys and unique constraints, compared by what they hold: a name that the database made up is no difference. A
 * unique constraint and a plain unique index over the same columns hold the same. */
#include "schema/diff.h"

#include <string.h>

GStrv
corm_index_key_columns (const CormTableIndex *index)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  if (!index->unique || index->where != NULL || index->invalid)
    return NULL;
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    if (part->is_expression || part->prefix > 0 || part->collation != NULL)
      return NULL;
    g_strv_builder_add (names, part->sql);
  }
  return g_strv_builder_end (names);
}

static gboolean
same_set (const char *const *a, const char *const *b)
{
  if (a == NULL || b == NULL || g_strv_length ((GStrv) a) != g_strv_length ((GStrv) b))
    return FALSE;
  for (; *a != NULL; a++)
    if (!g_strv_contains (b, *a))
      return FALSE;
  return TRUE;
}

gboolean
corm_table_has_unique (const CormTable *table, const char *const *columns)
{
  if (table->primary_key != NULL && same_set ((const char *const *) table->primary_key->columns, columns))
    return TRUE;
  for (guint i = 0; i < table->uniques->len; i++)
    if (same_set ((const char *const *) ((CormKey *) table->uniques->pdata[i])->columns, columns))
      return TRUE;
  for (guint i = 0; i < table->indexes->len; i++) {
    g_auto (GStrv) names = corm_index_key_columns (table->indexes->pdata[i]);
    if (same_set ((const char *const *) names, columns))
      return TRUE;
  }
  return FALSE;
}

/* Both are there, and hold the same set of columns. */
static gboolean
holds (const CormDiff *diff, GStrv a, GStrv b)
{
  return corm_diff_same_names (diff, (const char *const *) a, (const char *const *) b, FALSE);
}

/* What stands behind the column @name in @key. Which way it runs says nothing where models can't say it. */
static char *
behind (const CormDiff *diff, const CormKey *key, const char *name)
{
  const char *found = "";
  for (guint i = 0; key->column_options != NULL && key->columns[i] != NULL; i++)
    if (corm_diff_same_name (diff, key->columns[i], name))
      found = key->column_options[i];
  gsize n = strlen (found);
  if (diff->to->from_models && g_str_has_suffix (found, "DESC"))
    n -= strlen ("DESC");
  return g_strchomp (g_strndup (found, n));
}

static gboolean
is_same_behind (const CormDiff *diff, const CormKey *is, const CormKey *should)
{
  for (guint i = 0; is->columns[i] != NULL; i++) {
    g_autofree char *left = behind (diff, is, is->columns[i]);
    g_autofree char *right = behind (diff, should, is->columns[i]);
    if (strcmp (left, right) != 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_same_key (const CormDiff *diff, const CormKey *is, const CormKey *should)
{
  return holds (diff, is->columns, should->columns) && is->deferrable == should->deferrable &&
         corm_diff_same_text (diff, is->options, should->options) && is_same_behind (diff, is, should);
}

/* A key of @table that holds what @key holds; @primary: which may be the primary one. */
static gboolean
is_unique (const CormDiff *diff, const CormTable *table, const CormKey *key, gboolean key_is_live,
           gboolean primary)
{
  if (primary && table->primary_key != NULL && holds (diff, table->primary_key->columns, key->columns))
    return TRUE;
  for (guint i = 0; i < table->uniques->len; i++) {
    const CormKey *other = table->uniques->pdata[i];
    if (key_is_live ? is_same_key (diff, key, other) : is_same_key (diff, other, key))
      return TRUE;
  }
  for (guint i = 0; i < table->indexes->len && key->deferrable == CORM_NOT_DEFERRABLE; i++) {
    g_auto (GStrv) names = corm_index_key_columns (table->indexes->pdata[i]);
    if (holds (diff, names, key->columns))
      return TRUE;
  }
  return FALSE;
}

/* Models order the columns of a key as the struct does: there the order says nothing. */
static gboolean
is_same_primary_key (const CormDiff *diff, const CormKey *is, const CormKey *should)
{
  return is_same_key (diff, is, should) &&
         corm_diff_same_names (diff, (const char *const *) is->columns, (const char *const *) should->columns,
                               !diff->to->from_models);
}

static void
diff_primary_key (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  const CormKey *is = live->primary_key, *should = table->primary_key;
  CormChange *drop = NULL, *add = NULL;
  if (is == NULL || should == NULL ? is == should : is_same_primary_key (diff, is, should))
    return;
  g_autofree char *what = g_strconcat ("primary key of ", table->name, NULL);
  g_autofree char *left = is != NULL ? corm_diff_list ((const char *const *) is->columns) : NULL;
  g_autofree char *right =
      should != NULL ? corm_diff_list ((const char *const *) should->columns) : g_strdup ("there is none");
  g_autofree char *sentence = left != NULL ? g_strconcat ("is ", left, NULL) : g_strdup ("is missing");
  if (is != NULL)
    drop = corm_diff_add (diff, CORM_OP_DROP_PRIMARY_KEY, live, table, NULL, is, is->name,
                          g_strconcat ("drop ", what, NULL));
  if (should != NULL)
    add = corm_diff_add (diff, CORM_OP_ADD_PRIMARY_KEY, live, table, should, NULL, should->name,
                         g_strdup_printf ("add primary key %s %s", table->name, right));
  corm_change_says (diff, add != NULL ? add : drop, what, sentence, right);
  if (drop != NULL && add != NULL) {
    drop->difference = g_strdup ("");
    corm_diff_join (diff, drop, add);
  }
}

static void
add_unique (CormDiff *diff, const CormTable *live, const CormTable *table, const CormKey *key)
{
  g_autofree char *list = corm_diff_list ((const char *const *) key->columns);
  g_autofree char *name = key->name != NULL ? g_strconcat (".", key->name, NULL) : g_strdup ("");
  /* A primary key that goes will not hold them any more. */
  gboolean primary_stays =
      table->primary_key != NULL && holds (diff, table->primary_key->columns, key->columns);
  if (!is_unique (diff, live, key, FALSE, primary_stays))
    corm_diff_add (diff, CORM_OP_ADD_UNIQUE, live, table, key, NULL, key->name,
                   g_strdup_printf ("add unique %s%s %s", table->name, name, list));
}

static void
drop_unique (CormDiff *diff, const CormTable *live, const CormTable *table, const CormKey *key)
{
  g_autofree char *list = corm_diff_list ((const char *const *) key->columns);
  g_autofree char *what = g_strdup_printf ("unique constraint of %s %s", live->name, list);
  if (is_unique (diff, table, key, TRUE, TRUE))
    return;
  CormChange *drop = corm_diff_add (diff, CORM_OP_DROP_UNIQUE, live, table, NULL, key, key->name,
                                    g_strconcat ("drop ", what, NULL));
  corm_change_says (diff, drop, what, NULL, NULL);
  /* The same name for something else: the one goes for the other to come. */
  for (guint i = 0; key->name != NULL && i < diff->changes->len; i++) {
    CormChange *add = diff->changes->pdata[i];
    if (add->kind == CORM_OP_ADD_UNIQUE && add->live == live && add->name != NULL &&
        corm_diff_same_name (diff, add->name, key->name))
      corm_diff_join (diff, drop, add);
  }
}

void
corm_diff_keys (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  diff_primary_key (diff, live, table);
  for (guint i = 0; i < table->uniques->len; i++)
    add_unique (diff, live, table, table->uniques->pdata[i]);
  for (guint i = 0; i < live->uniques->len; i++)
    drop_unique (diff, live, table, live->uniques->pdata[i]);
}
