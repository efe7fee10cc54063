/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Random keys, checks, generated columns and indexes, over columns that are there. Whatever is said holds for all rows
 * that rows.c makes. */
#include "property.h"

#include <string.h>

static gboolean
is_number (const CormTableColumn *column)
{
  return column->type.type == CORM_TYPE_INT16 || column->type.type == CORM_TYPE_INT32 ||
         column->type.type == CORM_TYPE_INT64;
}

static gboolean
is_plain_number (G_GNUC_UNUSED Gen *gen, const CormTable *table, const CormTableColumn *column)
{
  return is_number (column) && column_is_plain (table, column);
}

static gboolean
is_plain_text (G_GNUC_UNUSED Gen *gen, const CormTable *table, const CormTableColumn *column)
{
  return column->type.type == CORM_TYPE_TEXT && column_is_plain (table, column);
}

static gboolean
is_key (Gen *gen, const CormTable *table, const CormTableColumn *column)
{
  return column_can_be_key (gen->dialect, column) && column_is_plain (table, column);
}

/* Up to @n names of columns, each once; NULL when there is none. */
static GStrv
pick_names (Gen *gen, const CormTable *table, guint n,
            gboolean (*is) (Gen *, const CormTable *, const CormTableColumn *))
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < n; i++) {
    const CormTableColumn *column = column_pick (gen, table, is);
    if (column != NULL && !g_ptr_array_find_with_equal_func (names, column->name, g_str_equal, NULL))
      g_ptr_array_add (names, column->name);
  }
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  return g_strdupv ((GStrv) names->pdata);
}

/* Sometimes it is the database that makes up the name. */
static char *
maybe_name (Gen *gen, const char *prefix)
{
  return generate_wants (gen, "unnamed", 25) ? NULL : generate_name (gen, prefix);
}

/* --- keys */

void
generate_primary_key (Gen *gen, CormTable *table)
{
  g_auto (GStrv) names = pick_names (gen, table, 1 + (random_chance (&gen->random, 25) ? 2 : 0), is_key);
  if (names == NULL)
    return;
  g_autofree char *name = generate_wants (gen, "named_key", 30) ? generate_name (gen, "pk") : NULL;
  for (char **p = names; *p != NULL; p++) {
    CormTableColumn *column = corm_table_find_column (table, *p);
    column->not_null = TRUE;
    column->default_kind = CORM_DEFAULT_NONE;
    g_clear_pointer (&column->default_text, g_free);
    column->auto_increment = names[1] == NULL && name == NULL && is_number (column) &&
                             column->type.type != CORM_TYPE_INT16 && random_chance (&gen->random, 50);
  }
  corm_table_set_primary_key (table, name)->columns = g_steal_pointer (&names);
}

void
generate_unique (Gen *gen, CormTable *table)
{
  g_auto (GStrv) names = pick_names (gen, table, 1 + random_below (&gen->random, 2), is_key);
  if (names == NULL)
    return;
  g_autofree char *maybe = maybe_name (gen, "uq");
  g_autofree char *name = maybe != NULL || generate_wants (gen, "unnamed_unique", 100)
                              ? g_strdup (maybe)
                              : generate_name (gen, "uq");
  CormKey *key = corm_table_add_unique (table, name);
  key->columns = g_steal_pointer (&names);
  if (gen->texts->rich && generate_wants (gen, "deferrable_unique", 15))
    key->deferrable = CORM_INITIALLY_IMMEDIATE + random_below (&gen->random, 2);
}

/* A key of @target that others may point to. */
static const CormKey *
pick_target (Gen *gen, const CormTable *target)
{
  const CormKey *picked = target->primary_key;
  for (guint i = 0; i < target->uniques->len; i++) {
    const CormKey *key = target->uniques->pdata[i];
    if (key->deferrable == CORM_NOT_DEFERRABLE && (picked == NULL || random_chance (&gen->random, 40)))
      picked = key;
  }
  return picked;
}

static gboolean
is_always_there (const CormTable *table, const CormKey *key)
{
  for (char **p = key->columns; *p != NULL; p++)
    if (!corm_table_find_column (table, *p)->not_null)
      return FALSE;
  return TRUE;
}

static CormAction
pick_action (Gen *gen, gboolean nullable)
{
  CormAction action = random_below (&gen->random, 5);
  gboolean needs_null = action == CORM_SET_NULL || action == CORM_SET_DEFAULT;
  return (action == CORM_SET_DEFAULT && !gen->texts->set_default) || (needs_null && !nullable)
             ? CORM_NO_ACTION
             : action;
}

static void
add_pointing_columns (Gen *gen, CormTable *table, const CormTable *target, CormForeignKey *key,
                      gboolean not_null)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  for (char **p = key->target_columns; *p != NULL; p++) {
    const CormTableColumn *like = corm_table_find_column (target, *p);
    g_autofree char *name = generate_name (gen, "fk");
    CormTableColumn *column = corm_table_add_column (table, name);
    column->type = like->type;
    column->type_sql = g_strdup (like->type_sql);
    column->not_null = not_null;
    g_strv_builder_add (names, name);
  }
  key->columns = g_strv_builder_end (names);
}

/* To a table before it, to itself, or to one behind it, which makes cycles: those are NULL while rows are loaded. */
void
generate_foreign_key (Gen *gen, CormTable *table)
{
  const GPtrArray *tables = gen->schema->tables;
  const CormTable *target = tables->pdata[1 + random_below (&gen->random, tables->len - 1)];
  const CormKey *to = pick_target (gen, target);
  guint from_at = 0, to_at = 0;
  if (to == NULL || table->strict != target->strict)
    return;
  g_ptr_array_find ((GPtrArray *) tables, table, &from_at);
  g_ptr_array_find ((GPtrArray *) tables, target, &to_at);
  if (to_at > from_at && table->primary_key == NULL)
    return;
  gboolean not_null = to_at <= from_at && random_chance (&gen->random, 35) && is_always_there (target, to);
  g_autofree char *name = maybe_name (gen, "ref");
  CormForeignKey *key = corm_table_add_foreign_key (table, name);
  key->target_table = g_strdup (target->name);
  key->target_columns = g_strdupv (to->columns);
  add_pointing_columns (gen, table, target, key, not_null);
  key->on_delete = pick_action (gen, !not_null);
  key->on_update = pick_action (gen, !not_null);
  if ((gen->dialect->caps & CORM_CAP_DEFERRABLE) && generate_wants (gen, "deferrable", 25))
    key->deferrable = CORM_INITIALLY_IMMEDIATE + random_below (&gen->random, 2);
  key->match_full =
      gen->texts->rich && is_always_there (target, to) && generate_wants (gen, "match_full", 10);
}

/* --- expressions */

static const char *const number_checks[] = {
  "{a} > -1000000",       "{a} BETWEEN -1000000 AND 1000000", "{a} <> 77777 OR {b} IS NULL",
  "{a} + {b} > -3000000", "NOT ({a} = 99999 AND {b} > 5)",    NULL
};
static const char *const text_checks[] = { "length({a}) < 1000", "{a} <> 'never'",
                                           "{a} NOT IN ('x  y', 'it''s', '')",
                                           "{a} IS NULL OR {b} IS NULL OR {a} <> '-- ; never'", NULL };

void
generate_check (Gen *gen, CormTable *table)
{
  gboolean number = random_chance (&gen->random, 50);
  const CormTableColumn *a = column_pick (gen, table, number ? is_plain_number : is_plain_text);
  const CormTableColumn *b = column_pick (gen, table, number ? is_plain_number : is_plain_text);
  if (a == NULL)
    return;
  g_autofree char *left = texts_quote (gen->dialect, a->name);
  g_autofree char *right = texts_quote (gen->dialect, b->name);
  g_autofree char *sql = texts_fill (random_word (&gen->random, number ? number_checks : text_checks), "a",
                                     left, "b", right, NULL);
  g_autofree char *name = maybe_name (gen, "ck");
  corm_table_add_check (table, name, sql);
}

void
generate_generated (Gen *gen, CormTable *table)
{
  gboolean number = random_chance (&gen->random, 50);
  const CormTableColumn *a = column_pick (gen, table, number ? is_plain_number : is_plain_text);
  if (a == NULL || !generate_wants (gen, "generated", 70))
    return;
  g_autofree char *quoted = texts_quote (gen->dialect, a->name);
  g_autofree char *name = generate_name (gen, "g");
  CormTableColumn *column = corm_table_add_column (table, name);
  column->type.type = number ? CORM_TYPE_INT64 : CORM_TYPE_TEXT;
  if (table->strict)
    column->type_sql = g_strdup (gen->texts->strict[number ? 0 : 2]);
  column->generated_sql = texts_fill (number                             ? "{a} * 2 + 1"
                                      : random_chance (&gen->random, 50) ? gen->texts->concat
                                                                         : "upper({a})",
                                      "a", quoted, "b", "'; x'", NULL);
  column->generated_stored =
      !(gen->dialect->caps & CORM_CAP_VIRTUAL_COLUMN) || random_chance (&gen->random, 50);
}

/* --- indexes */

static gboolean
is_special (Gen *gen, G_GNUC_UNUSED const CormTable *table, const CormTableColumn *column)
{
  const RawKind *raw = gen->texts->raws;
  while (raw->type != NULL && g_strcmp0 (raw->type, column->type_sql) != 0)
    raw++;
  return raw->method != NULL;
}

static const char *
method_of (Gen *gen, const CormTableColumn *column)
{
  const RawKind *raw = gen->texts->raws;
  while (raw->type != NULL && g_strcmp0 (raw->type, column->type_sql) != 0)
    raw++;
  return raw->method;
}

static gboolean
add_special_index (Gen *gen, CormTable *table)
{
  const CormTableColumn *column = column_pick (gen, table, is_special);
  if (column == NULL || !generate_wants (gen, "method", 60))
    return FALSE;
  g_autofree char *name = generate_name (gen, "ix");
  CormTableIndex *index = corm_table_add_index (table, name);
  index->method = g_strdup (method_of (gen, column));
  corm_index_add_part (index, column->name);
  return TRUE;
}

static void
add_part (Gen *gen, CormTableIndex *index, const CormTableColumn *column)
{
  g_autofree char *quoted = texts_quote (gen->dialect, column->name);
  gboolean number = is_number (column);
  gboolean expression = (number || column->type.type == CORM_TYPE_TEXT) &&
                        (gen->dialect->caps & CORM_CAP_EXPRESSION_INDEX) &&
                        generate_wants (gen, "expression", 15);
  g_autofree char *sql = expression ? texts_fill (number ? "{a} % 100" : "lower({a})", "a", quoted, NULL)
                                    : g_strdup (column->name);
  CormIndexPart *part = corm_index_add_part (index, sql);
  part->is_expression = expression;
  part->descending = random_chance (&gen->random, 25);
  part->nulls_otherwise = gen->texts->rich && generate_wants (gen, "nulls", 10);
  if (!expression && column->type.type == CORM_TYPE_TEXT && gen->dialect->index_prefix == 0 &&
      generate_wants (gen, "index_collation", 10))
    part->collation = g_strdup (gen->texts->collations[0]);
}

static void
set_traits (Gen *gen, const CormTable *table, CormTableIndex *index)
{
  const CormTableColumn *a = column_pick (gen, table, column_is_free);
  const CormTableColumn *carried = column_pick (gen, table, column_is_free);
  if (a != NULL && (gen->dialect->caps & CORM_CAP_PARTIAL_INDEX) && generate_wants (gen, "partial", 20)) {
    g_autofree char *quoted = texts_quote (gen->dialect, a->name);
    index->where = texts_fill (is_number (a) ? "{a} > 5" : "{a} IS NOT NULL", "a", quoted, NULL);
  }
  if (carried != NULL && gen->texts->rich && generate_wants (gen, "include", 10)) {
    index->include = g_new0 (char *, 2);
    index->include[0] = g_strdup (carried->name);
  }
  if (gen->texts->rich && generate_wants (gen, "index_options", 8))
    index->options = g_strdup ("WITH (fillfactor='70')");
}

static gboolean
is_index_part (Gen *gen, const CormTable *table, const CormTableColumn *column)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    if (g_strv_contains ((const char *const *) key->columns, column->name) &&
        !generate_wants (gen, "index_over_reference", 100))
      return FALSE;
  }
  return column_is_indexable (gen, table, column);
}

void
generate_index (Gen *gen, CormTable *table)
{
  gboolean unique = random_chance (&gen->random, 20);
  if (add_special_index (gen, table))
    return;
  g_auto (GStrv) names =
      pick_names (gen, table, 1 + random_below (&gen->random, 2), unique ? is_key : is_index_part);
  if (names == NULL)
    return;
  g_autofree char *name = generate_name (gen, "ix");
  CormTableIndex *index = corm_table_add_index (table, name);
  index->unique = unique;
  for (char **p = names; *p != NULL; p++)
    add_part (gen, index, corm_table_find_column (table, *p));
  if (unique)
    for (guint i = 0; i < index->parts->len; i++)
      unique = unique && !((const CormIndexPart *) index->parts->pdata[i])->is_expression;
  index->unique = unique;
  set_traits (gen, table, index);
}
