/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What stays as it is but stands in the way of a change: a foreign key over a column whose type changes or over a key
 * that goes, an index over a column that is made anew, a view that reads the column. It is taken away before and put
 * back behind, in one group with the change. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

/* The column is taken away, or turned into something else. */
static gboolean
moves_column (const CormChange *change)
{
  return change->kind == CORM_OP_SET_TYPE || change->kind == CORM_OP_SET_GENERATED ||
         change->kind == CORM_OP_DROP_COLUMN || change->kind == CORM_OP_SET_IDENTITY;
}

static gboolean
drops_key (const CormChange *change)
{
  return change->kind == CORM_OP_DROP_PRIMARY_KEY || change->kind == CORM_OP_DROP_UNIQUE ||
         (change->kind == CORM_OP_DROP_INDEX && ((const CormTableIndex *) change->is)->unique);
}

/* The columns of the key that @change drops; free with g_strfreev(). */
static GStrv
dropped_key (const CormChange *change)
{
  if (change->kind == CORM_OP_DROP_INDEX)
    return corm_index_key_columns (change->is);
  return g_strdupv (((const CormKey *) change->is)->columns);
}

/* --- foreign keys */

static gboolean
stands_on (const CormDiff *diff, const CormChange *change, const CormTable *live, const CormForeignKey *key)
{
  const CormTable *target = corm_diff_find_table (diff, diff->from, key->target_table);
  const char *const *columns = corm_foreign_key_targets (key, target);
  if (change->live == live && moves_column (change) &&
      corm_diff_has_name (diff, (const char *const *) key->columns, change->name))
    return TRUE;
  if (target == NULL || change->live != target)
    return FALSE;
  if (moves_column (change))
    return corm_diff_has_name (diff, columns, change->name);
  g_auto (GStrv) dropped = drops_key (change) ? dropped_key (change) : NULL;
  return corm_diff_same_names (diff, (const char *const *) dropped, columns, FALSE);
}

static gboolean
is_dropped (const CormDiff *diff, gconstpointer part)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    if (change->is == part && change->kind != CORM_OP_VALIDATE && change->kind != CORM_OP_SET_COMMENT)
      return TRUE;
  }
  return FALSE;
}

/* Adds the pair to @pair at the first change that needs it, joins it with the others. */
static void
tie (CormDiff *diff, CormChange *change, CormChange **pair, CormOpKind drop, CormOpKind add,
     const CormTable *live, const CormTable *table, gconstpointer is, gconstpointer should, const char *name,
     const char *what)
{
  if (pair[0] == NULL) {
    g_autofree char *own = name != NULL ? g_strdup_printf (" %s", name) : g_strdup ("");
    g_autofree char *which = table != NULL ? g_strdup_printf ("%s%s of %s", what, own, table->name)
                                           : g_strconcat (what, own, NULL);
    pair[0] = corm_diff_add (diff, drop, live, table, NULL, is, name,
                             g_strdup_printf ("drop %s for a while", which));
    pair[1] =
        corm_diff_add (diff, add, live, table, should, NULL, name, g_strdup_printf ("put %s back", which));
    for (guint i = 0; i < 2; i++) {
      pair[i]->difference = g_strdup ("");
      pair[i]->approval = CORM_APPROVAL_NONE;
    }
    corm_diff_join (diff, pair[0], pair[1]);
  }
  corm_diff_join (diff, change, pair[0]);
}

static void
untie_foreign_keys (CormDiff *diff, const CormTable *live, const CormTable *table, guint n_changes)
{
  for (guint k = 0; k < live->foreign_keys->len; k++) {
    const CormForeignKey *is = live->foreign_keys->pdata[k];
    const CormForeignKey *should = corm_diff_find_foreign_key (diff, table->foreign_keys, is, TRUE);
    CormChange *pair[2] = { NULL, NULL };
    if (should == NULL || is_dropped (diff, is))
      continue;
    for (guint i = 0; i < n_changes; i++)
      if (stands_on (diff, diff->changes->pdata[i], live, is))
        tie (diff, diff->changes->pdata[i], pair, CORM_OP_DROP_FOREIGN_KEY, CORM_OP_ADD_FOREIGN_KEY, live,
             table, is, should, is->name, "foreign key");
  }
}

/* --- indexes and keys over a column that is made anew */

static gboolean
is_remade (const CormDiff *diff, const CormChange *change)
{
  return change->kind == CORM_OP_DROP_COLUMN && change->table != NULL &&
         corm_diff_find_column (diff, change->table, change->name) != NULL;
}

static gboolean
index_has (const CormDiff *diff, const CormTableIndex *index, const char *column)
{
  if (corm_diff_has_name (diff, (const char *const *) index->include, column) ||
      (index->where != NULL && corm_words_mention (index->where, column)))
    return TRUE;
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    if (part->is_expression ? corm_words_mention (part->sql, column)
                            : corm_diff_same_name (diff, part->sql, column))
      return TRUE;
  }
  return FALSE;
}

static void
untie_parts (CormDiff *diff, CormChange *change)
{
  const CormTable *live = change->live;
  for (guint i = 0; i < live->indexes->len; i++) {
    const CormTableIndex *index = live->indexes->pdata[i];
    CormChange *pair[2] = { NULL, NULL };
    if (index_has (diff, index, change->name) && !is_dropped (diff, index))
      tie (diff, change, pair, CORM_OP_DROP_INDEX, CORM_OP_CREATE_INDEX, live, change->table, index, index,
           index->name, "index");
  }
  for (guint i = 0; i < live->uniques->len; i++) {
    const CormKey *key = live->uniques->pdata[i];
    CormChange *pair[2] = { NULL, NULL };
    if (corm_diff_has_name (diff, (const char *const *) key->columns, change->name) &&
        !is_dropped (diff, key))
      tie (diff, change, pair, CORM_OP_DROP_UNIQUE, CORM_OP_ADD_UNIQUE, live, change->table, key, key,
           key->name, "unique constraint");
  }
  const CormKey *primary = live->primary_key;
  CormChange *key_pair[2] = { NULL, NULL };
  if (primary != NULL && corm_diff_has_name (diff, (const char *const *) primary->columns, change->name) &&
      !is_dropped (diff, primary))
    tie (diff, change, key_pair, CORM_OP_DROP_PRIMARY_KEY, CORM_OP_ADD_PRIMARY_KEY, live, change->table,
         primary, change->table->primary_key, primary->name, "the primary key");
  for (guint i = 0; i < live->checks->len; i++) {
    const CormCheck *check = live->checks->pdata[i];
    CormChange *pair[2] = { NULL, NULL };
    if (corm_words_mention (check->sql, change->name) && !is_dropped (diff, check))
      tie (diff, change, pair, CORM_OP_DROP_CHECK, CORM_OP_ADD_CHECK, live, change->table, check, check,
           check->name, "check");
  }
}

/* --- views and triggers that hold on to columns */

static gboolean
reads_table (const CormSchemaObject *object, const CormChange *change)
{
  static const char *const views[] = { "view", "materialized view", "rule", NULL };
  if (!moves_column (change))
    return FALSE;
  if (g_strv_contains (views, object->kind))
    return corm_words_mention (object->sql, change->live->name);
  return object->table != NULL && strcmp (object->table, change->live->name) == 0 &&
         corm_words_mention (object->sql, change->name);
}

/* Where tables are rebuilt, a name changes, and a new column goes again, only while every view and trigger of the
 * database finds all that it names. */
static gboolean
needs_whole_objects (const CormDiff *diff)
{
  for (guint i = 0; diff->dialect->rebuild != NULL && i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    if (change->kind == CORM_OP_RENAME_TABLE || change->kind == CORM_OP_RENAME_COLUMN ||
        change->kind == CORM_OP_ADD_COLUMN)
      return TRUE;
  }
  return FALSE;
}

static gboolean
reads_object (const CormDiff *diff, const CormSchemaObject *object, const CormChange *change)
{
  const CormSchemaObject *dropped = change->kind == CORM_OP_DROP_OBJECT ? change->is : NULL;
  if (dropped == NULL || strstr (dropped->kind, "view") == NULL)
    return FALSE;
  if (object->table != NULL && corm_diff_same_name (diff, object->table, dropped->name))
    return TRUE; /* a trigger of the view goes with it */
  gboolean bound = (diff->dialect->caps & CORM_CAP_BOUND_VIEWS) != 0 && strstr (object->kind, "view") != NULL;
  return (bound || needs_whole_objects (diff)) && corm_words_mention (object->sql, dropped->name);
}

/* The change that needs @object out of the way. */
static CormChange *
in_the_way_of (const CormDiff *diff, const CormSchemaObject *object)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    CormChange *change = diff->changes->pdata[i];
    if (((diff->dialect->caps & CORM_CAP_BOUND_VIEWS) && reads_table (object, change)) ||
        reads_object (diff, object, change))
      return change;
  }
  return NULL;
}

/* A trigger that goes with its table, but has to go before. */
static void
drop_with_table (CormDiff *diff, const CormSchemaObject *is, CormChange *change)
{
  CormChange *gone =
      corm_diff_add (diff, CORM_OP_DROP_OBJECT, NULL, NULL, NULL, is, is->name,
                     g_strdup_printf ("drop %s %s, which goes with its table", is->kind, is->name));
  gone->difference = g_strdup ("");
  corm_diff_order_object (gone, diff->before, is);
  corm_diff_join (diff, change, gone);
  for (guint i = 0; i < diff->changes->len; i++) {
    CormChange *other = diff->changes->pdata[i];
    if (other->kind == CORM_OP_DROP_TABLE && corm_diff_same_name (diff, other->live->name, is->table))
      corm_diff_join (diff, other, gone);
  }
}

/* From the last one made to the first: views on views go before what they read. Another pass sees those that read the
 * ones just taken. */
static gboolean
untie_views (CormDiff *diff)
{
  gboolean found = FALSE;
  for (guint i = diff->from->objects->len; i-- > 0;) {
    const CormSchemaObject *is = diff->before->objects->pdata[i];
    const CormSchemaObject *should = corm_schema_find_object (diff->to, is->kind, is->name);
    CormChange *change = is_dropped (diff, is) ? NULL : in_the_way_of (diff, diff->from->objects->pdata[i]);
    CormChange *pair[2] = { NULL, NULL };
    gboolean goes = should == NULL && !diff->to->from_models;
    if (change == NULL || (goes && is->table == NULL))
      continue;
    found = TRUE;
    if (goes) {
      drop_with_table (diff, is, change);
      continue;
    }
    tie (diff, change, pair, CORM_OP_DROP_OBJECT, CORM_OP_CREATE_OBJECT, NULL, NULL, is,
         should != NULL ? should : is, is->name, is->kind);
    corm_diff_order_object (pair[0], diff->before, is);
    corm_diff_order_object (pair[1], should != NULL ? diff->to : diff->before, should != NULL ? should : is);
  }
  return found;
}

void
corm_diff_untie (CormDiff *diff)
{
  guint n_changes = diff->changes->len;
  gboolean alters = (diff->dialect->caps & CORM_CAP_ALTER_ADD_CONSTRAINT) != 0;
  for (guint i = 0; alters && i < n_changes; i++)
    if (is_remade (diff, diff->changes->pdata[i]))
      untie_parts (diff, diff->changes->pdata[i]);
  n_changes = diff->changes->len;
  for (guint i = 0; alters && i < diff->from->tables->len; i++) {
    const CormTable *live = diff->from->tables->pdata[i];
    const CormTable *table = corm_diff_find_table (diff, diff->to, live->name);
    if (table != NULL)
      untie_foreign_keys (diff, live, table, n_changes);
  }
  while (untie_views (diff))
    ;
}
