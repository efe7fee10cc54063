/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Generated columns around a change of what they read. Where a database has no way to set an expression it has none to
 * change the type below one either: the generated column goes before the type changes and comes back behind. Its values
 * are worked out anew, so that nothing is lost. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

enum { BEFORE_TYPES = 9, BEHIND_TYPES = 11 };

static CormChange *
find_change (const CormDiff *diff, CormOpKind kind, const CormTable *live, const char *name)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    CormChange *change = diff->changes->pdata[i];
    if (change->kind == kind && change->live == live && change->name != NULL &&
        corm_diff_same_name (diff, change->name, name))
      return change;
  }
  return NULL;
}

static gboolean
reads (const CormTableColumn *column, const char *name)
{
  return column->generated_sql != NULL && corm_words_mention (column->generated_sql, name);
}

/* The column that is added anew has its new type at once; its change goes, and out of @typed. */
static void
forget_type (CormDiff *diff, GPtrArray *typed, CormChange *drop)
{
  guint at;
  CormChange *change = find_change (diff, CORM_OP_SET_TYPE, drop->live, drop->name);
  if (change == NULL)
    return;
  if (g_strcmp0 (drop->difference, "") == 0) {
    g_free (drop->difference);
    drop->difference = g_steal_pointer (&change->difference);
  }
  if (g_ptr_array_find (typed, change, &at))
    typed->pdata[at] = NULL;
  g_ptr_array_remove (diff->changes, change);
}

/* FALSE: it does not come back. */
static gboolean
comes_back (const CormDiff *diff, const CormChange *change, const char *name)
{
  const CormTableColumn *should = corm_diff_find_column (diff, change->table, name);
  return should != NULL && should->generated_sql != NULL;
}

static CormChange *
make_anew (CormDiff *diff, const CormChange *change, const CormTableColumn *is)
{
  const CormTableColumn *should = corm_diff_find_column (diff, change->table, is->name);
  CormChange *drop = corm_diff_add (
      diff, CORM_OP_DROP_COLUMN, change->live, change->table, NULL, is, should->name,
      g_strdup_printf ("drop generated column %s.%s for a while", change->table->name, should->name));
  CormChange *add =
      corm_diff_add (diff, CORM_OP_ADD_COLUMN, change->live, change->table, should, NULL, should->name,
                     g_strdup_printf ("put generated column %s.%s back", change->table->name, should->name));
  drop->approval = CORM_APPROVAL_CHANGE;
  drop->difference = g_strdup ("");
  add->difference = g_strdup ("");
  corm_diff_join (diff, drop, add);
  return drop;
}

/* @is reads the column whose type @change sets. */
static void
clear (CormDiff *diff, GPtrArray *typed, CormChange *change, const CormTableColumn *is)
{
  CormChange *drop = find_change (diff, CORM_OP_DROP_COLUMN, change->live, is->name);
  if (drop == NULL && find_change (diff, CORM_OP_DROP_GENERATED, change->live, is->name) != NULL)
    drop = find_change (diff, CORM_OP_DROP_GENERATED, change->live, is->name);
  else if (drop == NULL && comes_back (diff, change, is->name))
    drop = make_anew (diff, change, is);
  if (drop == NULL)
    return;
  drop->phase = MIN (drop->phase, BEFORE_TYPES);
  corm_diff_join (diff, drop, change);
  if (comes_back (diff, change, is->name))
    forget_type (diff, typed, drop);
}

/* A generated column that comes reads what has its new type by then. */
static void
delay (CormDiff *diff, GPtrArray *typed, const CormChange *change)
{
  for (guint i = diff->changes->len; i-- > 0;) { /* backwards, as some go on the way */
    CormChange *other = diff->changes->pdata[i];
    if (other->kind != CORM_OP_ADD_COLUMN || other->live != change->live ||
        !reads (other->part, change->name))
      continue;
    CormChange *drop = find_change (diff, CORM_OP_DROP_COLUMN, change->live, other->name);
    other->phase = MAX (other->phase, BEHIND_TYPES);
    if (drop != NULL)
      forget_type (diff, typed, drop);
  }
}

/* A column goes before those that its expression reads. */
static void
drop_readers_first (CormDiff *diff)
{
  for (guint i = 0; i < diff->changes->len; i++) {
    CormChange *change = diff->changes->pdata[i];
    if (change->kind == CORM_OP_DROP_COLUMN && diff->dialect->rebuild == NULL)
      change->order = ((const CormTableColumn *) change->is)->generated_sql == NULL;
  }
}

void
corm_diff_generated (CormDiff *diff)
{
  const char *way = diff->dialect->alter[CORM_OP_SET_GENERATED];
  drop_readers_first (diff);
  if (way == NULL || *way != '\0')
    return;
  g_autoptr (GPtrArray) typed = g_ptr_array_new ();
  for (guint i = 0; i < diff->changes->len; i++) {
    CormChange *change = diff->changes->pdata[i];
    if (change->kind == CORM_OP_SET_TYPE && ((const CormTableColumn *) change->is)->generated_sql == NULL)
      g_ptr_array_add (typed, change);
  }
  for (guint i = 0; i < typed->len; i++) {
    CormChange *change = typed->pdata[i];
    for (guint c = 0; change != NULL && c < change->live->columns->len; c++)
      if (reads (change->live->columns->pdata[c], change->name))
        clear (diff, typed, change, change->live->columns->pdata[c]);
    if (change != NULL)
      delay (diff, typed, change);
  }
}
