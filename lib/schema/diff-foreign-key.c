/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Foreign keys, by the columns they join; and when the key of a new table can stand in its CREATE TABLE. */
#include "schema/diff.h"

#include <string.h>

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
is_same_reference (const CormDiff *diff, const CormForeignKey *is, const CormForeignKey *should)
{
  const char *const *left =
      corm_foreign_key_targets (is, corm_diff_find_table (diff, diff->from, is->target_table));
  const char *const *right =
      corm_foreign_key_targets (should, corm_diff_find_table (diff, diff->to, should->target_table));
  return corm_diff_same_name (diff, is->target_table, should->target_table) &&
         corm_diff_same_names (diff, (const char *const *) is->columns, (const char *const *) should->columns,
                               TRUE) &&
         corm_diff_same_names (diff, left, right, TRUE);
}

const CormForeignKey *
corm_diff_find_foreign_key (const CormDiff *diff, const GPtrArray *keys, const CormForeignKey *like,
                            gboolean like_is_live)
{
  const CormForeignKey *other = NULL;
  for (guint i = 0; i < keys->len; i++) {
    const CormForeignKey *key = keys->pdata[i];
    if (like_is_live ? is_same_reference (diff, like, key) : is_same_reference (diff, key, like))
      return key;
    if (corm_diff_same_names (diff, (const char *const *) key->columns, (const char *const *) like->columns,
                              FALSE))
      other = key;
  }
  return other;
}

static char *
reference_words (const CormDiff *diff, const CormSchema *schema, const CormForeignKey *key)
{
  static const char *const actions[] = { "", " RESTRICT", " CASCADE", " SET NULL", " SET DEFAULT" };
  static const char *const deferrables[] = { "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED" };
  const CormTable *target = corm_diff_find_table (diff, schema, key->target_table);
  g_autofree char *list = corm_diff_list (corm_foreign_key_targets (key, target));
  g_autofree char *some =
      key->set_columns != NULL ? corm_diff_list ((const char *const *) key->set_columns) : NULL;
  return g_strdup_printf (
      "REFERENCES %s %s%s%s%s%s%s%s%s%s", key->target_table, list, key->match_full ? " MATCH FULL" : "",
      key->on_delete != CORM_NO_ACTION ? " ON DELETE" : "", actions[key->on_delete], some != NULL ? " " : "",
      some != NULL ? some : "", key->on_update != CORM_NO_ACTION ? " ON UPDATE" : "", actions[key->on_update],
      deferrables[key->deferrable]);
}

/* Models don't say which columns an action is about. */
static gboolean
is_same_set (const CormDiff *diff, const CormForeignKey *is, const CormForeignKey *should)
{
  if (should->set_columns == NULL)
    return is->set_columns == NULL || diff->to->from_models;
  return corm_diff_same_names (diff, (const char *const *) is->set_columns,
                               (const char *const *) should->set_columns, FALSE);
}

static gboolean
is_same_key (const CormDiff *diff, const CormForeignKey *is, const CormForeignKey *should)
{
  return is_same_reference (diff, is, should) && is->on_delete == should->on_delete &&
         is->on_update == should->on_update && is->deferrable == should->deferrable &&
         is->match_full == should->match_full && is_same_set (diff, is, should);
}

static void
diff_reference (CormDiff *diff, const CormTable *live, const CormTable *table, const CormForeignKey *is,
                const CormForeignKey *should)
{
  g_autofree char *list = corm_diff_list ((const char *const *) should->columns);
  g_autofree char *what = g_strdup_printf ("foreign key of %s %s", table->name, list);
  if (is_same_key (diff, is, should)) {
    if (is->not_valid && !should->not_valid) {
      CormChange *check = corm_diff_add (diff, CORM_OP_VALIDATE, live, table, should, is, is->name,
                                         g_strconcat ("validate ", what, NULL));
      corm_change_says (diff, check, what, "has not looked at the rows that were there", "it has");
    }
    return;
  }
  g_autofree char *left = reference_words (diff, diff->from, is);
  g_autofree char *right = reference_words (diff, diff->to, should);
  CormChange *drop = corm_diff_add (diff, CORM_OP_DROP_FOREIGN_KEY, live, table, NULL, is, is->name,
                                    g_strconcat ("drop ", what, NULL));
  CormChange *add = corm_diff_add (
      diff, CORM_OP_ADD_FOREIGN_KEY, live, table, should, NULL, should->name,
      g_strdup_printf ("add foreign key %s %s to %s", table->name, list, should->target_table));
  corm_change_says (diff, drop, what, left, right);
  add->difference = g_strdup ("");
  corm_diff_join (diff, drop, add);
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

/* A key of @table that can be pointed to before the unique indexes are made. */
static gboolean
has_key (const CormDiff *diff, const CormTable *table, const char *const *columns, gboolean with_indexes)
{
  if (table->primary_key != NULL &&
      corm_diff_same_names (diff, (const char *const *) table->primary_key->columns, columns, FALSE))
    return TRUE;
  for (guint i = 0; i < table->uniques->len; i++)
    if (corm_diff_same_names (diff, (const char *const *) ((CormKey *) table->uniques->pdata[i])->columns,
                              columns, FALSE))
      return TRUE;
  for (guint i = 0; with_indexes && i < table->indexes->len; i++) {
    g_auto (GStrv) names = corm_index_key_columns (table->indexes->pdata[i]);
    if (corm_diff_same_names (diff, (const char *const *) names, columns, FALSE))
      return TRUE;
  }
  return FALSE;
}

/* One of @columns becomes of another type or collation, which is done behind the new tables. */
static gboolean
is_retyped (const CormDiff *diff, const CormTable *target, const char *const *columns)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    if (change->kind != CORM_OP_SET_TYPE || change->table != target)
      continue;
    for (guint c = 0; columns[c] != NULL; c++)
      if (corm_diff_same_name (diff, columns[c], ((const CormTableColumn *) change->part)->name))
        return TRUE;
  }
  return FALSE;
}

/* Whether the foreign key of a new table can stand in its CREATE TABLE: its target is there by then, with that key, as it will be. */
static gboolean
can_stand_inside (const CormDiff *diff, const CormForeignKey *key)
{
  const CormTable *live = corm_diff_find_table (diff, diff->from, key->target_table);
  const CormTable *target = corm_diff_find_table (diff, diff->to, key->target_table);
  if (!(diff->dialect->caps & CORM_CAP_ALTER_ADD_CONSTRAINT))
    return TRUE;
  if (target == NULL)
    return FALSE;
  const char *const *columns = corm_foreign_key_targets (key, target);
  if (live != NULL)
    return has_key (diff, live, columns, TRUE) && has_key (diff, target, columns, TRUE) &&
           !is_retyped (diff, target, columns);
  return has_key (diff, target, columns, FALSE) && is_created (diff, target);
}

static void
add_key (CormDiff *diff, const CormTable *live, const CormTable *table, const CormForeignKey *key)
{
  g_autofree char *list = corm_diff_list ((const char *const *) key->columns);
  if (live == NULL && can_stand_inside (diff, key))
    return;
  CormChange *add =
      corm_diff_add (diff, CORM_OP_ADD_FOREIGN_KEY, live, table, key, NULL, key->name,
                     g_strdup_printf ("add foreign key %s %s to %s", table->name, list, key->target_table));
  for (guint i = 0; live == NULL && i < diff->changes->len; i++) {
    CormChange *create = diff->changes->pdata[i];
    if (create->kind == CORM_OP_CREATE_TABLE && create->table == table)
      corm_diff_join (diff, create, add);
  }
}

static void
drop_key (CormDiff *diff, const CormTable *live, const CormTable *table, const CormForeignKey *key)
{
  g_autofree char *list = corm_diff_list ((const char *const *) key->columns);
  g_autofree char *what = g_strdup_printf ("foreign key of %s %s to %s", live->name, list, key->target_table);
  CormChange *drop = corm_diff_add (diff, CORM_OP_DROP_FOREIGN_KEY, live, table, NULL, key, key->name,
                                    g_strconcat ("drop ", what, NULL));
  corm_change_says (diff, drop, what, NULL, NULL);
}

void
corm_diff_foreign_keys (CormDiff *diff, const CormTable *live, const CormTable *table)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    const CormForeignKey *is =
        live != NULL ? corm_diff_find_foreign_key (diff, live->foreign_keys, key, FALSE) : NULL;
    if (is == NULL)
      add_key (diff, live, table, key);
    else
      diff_reference (diff, live, table, is, key);
  }
  for (guint i = 0; live != NULL && i < live->foreign_keys->len; i++)
    if (corm_diff_find_foreign_key (diff, table->foreign_keys, live->foreign_keys->pdata[i], TRUE) == NULL)
      drop_key (diff, live, table, live->foreign_keys->pdata[i]);
}
