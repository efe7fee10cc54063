/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The database's own enum types, which several columns may share: each is looked at once. They are known by the columns
 * that have them. */
#include "schema/diff.h"

#include <string.h>

typedef struct {
  const CormTable *table;
  const CormTableColumn *column;
} Use;

/* name -> first use, in the order of the tables. */
static GPtrArray *
collect (const CormSchema *schema, GHashTable *known)
{
  GPtrArray *uses = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    for (guint c = 0; c < table->columns->len; c++) {
      const CormTableColumn *column = table->columns->pdata[c];
      if (column->enum_type == NULL || column->labels == NULL ||
          g_hash_table_contains (known, column->enum_type))
        continue;
      Use *use = g_new (Use, 1);
      *use = (Use){ table, column };
      g_hash_table_insert (known, column->enum_type, use);
      g_ptr_array_add (uses, use);
    }
  }
  return uses;
}

/* @is without anything taken out or moved stands in @should. */
static gboolean
only_grows (GStrv is, GStrv should)
{
  for (; *should != NULL && *is != NULL; should++)
    if (strcmp (*is, *should) == 0)
      is++;
  return *is == NULL;
}

static gboolean
loses_labels (GStrv is, GStrv should)
{
  for (; *is != NULL; is++)
    if (!g_strv_contains ((const char *const *) should, *is))
      return TRUE;
  return FALSE;
}

static void
diff_labels (CormDiff *diff, const Use *is, const Use *should)
{
  GStrv before = is->column->labels, after = should->column->labels;
  const char *name = should->column->enum_type;
  if (g_strv_equal ((const char *const *) before, (const char *const *) after))
    return;
  gboolean grows = only_grows (before, after);
  g_autofree char *left = g_strjoinv (", ", before);
  g_autofree char *right = g_strjoinv (", ", after);
  g_autofree char *what = g_strdup_printf ("column %s.%s", should->table->name, should->column->name);
  g_autofree char *sentence = g_strconcat ("list of labels is ", left, NULL);
  CormChange *change = corm_diff_add (
      diff, grows ? CORM_OP_ADD_LABEL : CORM_OP_CHANGE_ENUM, is->table, should->table, should->column,
      is->column, name, g_strdup_printf ("%s type %s: %s", grows ? "add labels to" : "change", name, right));
  corm_change_says (diff, change, what, sentence, right);
  if (loses_labels (before, after))
    change->approval = CORM_APPROVAL_DESTRUCTIVE;
}

/* The type goes when the last column that has it has gone: with their changes. */
static void
drop_enum (CormDiff *diff, const Use *use)
{
  const char *name = use->column->enum_type;
  g_autofree char *what = g_strconcat ("type ", name, NULL);
  CormChange *drop = corm_diff_add (diff, CORM_OP_DROP_ENUM, use->table, use->table, NULL, use->column, name,
                                    g_strconcat ("drop ", what, NULL));
  if (diff->to->from_models)
    drop->difference = g_strdup (""); /* models say which types there are, not which there are not */
  else
    corm_change_says (diff, drop, what, NULL, NULL);
}

void
corm_diff_enums (CormDiff *diff)
{
  g_autoptr (GHashTable) live = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) is = collect (diff->from, live);
  g_autoptr (GPtrArray) should = collect (diff->to, wanted);
  if (!(diff->dialect->caps & CORM_CAP_NATIVE_ENUM))
    return;
  for (guint i = 0; i < should->len; i++) {
    const Use *use = should->pdata[i];
    const Use *found = g_hash_table_lookup (live, use->column->enum_type);
    if (found != NULL)
      diff_labels (diff, found, use);
    else
      corm_diff_add (diff, CORM_OP_CREATE_ENUM, NULL, use->table, use->column, NULL, use->column->enum_type,
                     g_strdup_printf ("create type %s", use->column->enum_type));
  }
  for (guint i = 0; i < is->len; i++) {
    const Use *use = is->pdata[i];
    if (g_hash_table_lookup (wanted, use->column->enum_type) == NULL)
      drop_enum (diff, use);
  }
}
