/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Random columns: every type, default and collation. Keys of all kinds come later, in constraint.c. */
#include "property.h"

#include <string.h>

static const CormSqlType all_types[] = { { .type = CORM_TYPE_BOOLEAN },
                                         { .type = CORM_TYPE_INT16 },
                                         { .type = CORM_TYPE_INT32 },
                                         { .type = CORM_TYPE_INT32 },
                                         { .type = CORM_TYPE_INT64 },
                                         { .type = CORM_TYPE_INT64 },
                                         { .type = CORM_TYPE_FLOAT32 },
                                         { .type = CORM_TYPE_FLOAT64 },
                                         { .type = CORM_TYPE_DECIMAL, .precision = 10, .scale = 2 },
                                         { .type = CORM_TYPE_DECIMAL, .precision = 30, .scale = 12 },
                                         { .type = CORM_TYPE_DECIMAL },
                                         { .type = CORM_TYPE_TEXT },
                                         { .type = CORM_TYPE_TEXT, .length = 40 },
                                         { .type = CORM_TYPE_TEXT, .length = 20 },
                                         { .type = CORM_TYPE_BYTES },
                                         { .type = CORM_TYPE_DATE },
                                         { .type = CORM_TYPE_TIME },
                                         { .type = CORM_TYPE_TIMESTAMP },
                                         { .type = CORM_TYPE_LOCAL_TIMESTAMP },
                                         { .type = CORM_TYPE_UUID },
                                         { .type = CORM_TYPE_JSON },
                                         { .type = CORM_TYPE_ENUM },
                                         { .type = CORM_TYPE_RAW } };

static const char *const label_words[] = { "NEW", "it's", "in progress", "Done", "ünï", "a,b", NULL };

static void
set_labels (Gen *gen, CormTableColumn *column)
{
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();
  for (guint i = 0, n = 1 + random_below (&gen->random, 5); i < n; i++)
    g_strv_builder_add (labels, label_words[i]);
  column->labels = g_strv_builder_end (labels);
  if ((gen->dialect->caps & CORM_CAP_NATIVE_ENUM) && generate_wants (gen, "enum", 60))
    column->enum_type = generate_name (gen, "e");
}

static void
set_raw (Gen *gen, CormTableColumn *column)
{
  guint n = 0;
  while (gen->texts->raws[n].type != NULL)
    n++;
  column->type_sql = g_strdup (gen->texts->raws[random_below (&gen->random, n)].type);
}

/* A STRICT table takes four types and no others. */
static void
set_strict (Gen *gen, CormTableColumn *column)
{
  static const CormType types[] = { CORM_TYPE_INT64, CORM_TYPE_FLOAT64, CORM_TYPE_TEXT, CORM_TYPE_BYTES };
  guint i = random_below (&gen->random, G_N_ELEMENTS (types));
  column->type = (CormSqlType){ .type = types[i] };
  column->type_sql = g_strdup (gen->texts->strict[i]);
}

/* --- defaults */

static const char *
constant_of (const CormTableColumn *column)
{
  static const char *const constants[CORM_N_TYPES] = {
    [CORM_TYPE_BOOLEAN] = "true",
    [CORM_TYPE_INT16] = "-7",
    [CORM_TYPE_INT32] = "42",
    [CORM_TYPE_INT64] = "9007199254740993",
    [CORM_TYPE_FLOAT32] = "0.5",
    [CORM_TYPE_FLOAT64] = "-1e300",
    [CORM_TYPE_DECIMAL] = "12.5",
    [CORM_TYPE_TEXT] = "it's; -- x",
    [CORM_TYPE_DATE] = "2024-02-29",
    [CORM_TYPE_TIME] = "03:04:05.678",
    [CORM_TYPE_TIMESTAMP] = "2026-01-02T03:04:05.678Z",
    [CORM_TYPE_LOCAL_TIMESTAMP] = "2026-01-02T03:04:05.5",
    [CORM_TYPE_UUID] = "5f0f2c4e-0000-4000-8000-00000000abcd",
  };
  return column->type.type == CORM_TYPE_ENUM ? column->labels[0] : constants[column->type.type];
}

static gboolean
is_moment (CormType type)
{
  return type == CORM_TYPE_DATE || type == CORM_TYPE_TIME || type == CORM_TYPE_TIMESTAMP ||
         type == CORM_TYPE_LOCAL_TIMESTAMP;
}

static const char *
expression_of (const Gen *gen, CormType type)
{
  return type == CORM_TYPE_TEXT                               ? gen->texts->text_default
         : type == CORM_TYPE_INT32 || type == CORM_TYPE_INT64 ? gen->texts->number_default
                                                              : NULL;
}

void
generate_default (Gen *gen, CormTableColumn *column)
{
  const char *constant = constant_of (column);
  const char *expression = expression_of (gen, column->type.type);
  g_clear_pointer (&column->default_text, g_free);
  column->default_kind = CORM_DEFAULT_NONE;
  switch (random_below (&gen->random, 4)) {
  case 0:
    column->default_kind = column->not_null ? CORM_DEFAULT_NONE : CORM_DEFAULT_NULL;
    return;
  case 1:
    if (is_moment (column->type.type) && column->type_sql == NULL) {
      column->default_kind = CORM_DEFAULT_NOW;
      return;
    }
    break;
  case 2:
    if (expression != NULL) {
      column->default_kind = CORM_DEFAULT_SQL;
      column->default_text = g_strdup (expression);
      return;
    }
    break;
  default:
    break;
  }
  column->default_kind = constant != NULL ? CORM_DEFAULT_LITERAL : CORM_DEFAULT_NONE;
  column->default_text = g_strdup (constant);
}

CormTableColumn *
generate_column (Gen *gen, CormTable *table)
{
  g_autofree char *name = random_chance (&gen->random, 8) && corm_table_find_column (table, "id") == NULL
                              ? g_strdup ("id")
                              : generate_name (gen, "c");
  CormTableColumn *column = corm_table_add_column (table, name);
  column->type = all_types[random_below (&gen->random, G_N_ELEMENTS (all_types))];
  if (table->strict)
    set_strict (gen, column);
  else if (column->type.type == CORM_TYPE_ENUM)
    set_labels (gen, column);
  else if (column->type.type == CORM_TYPE_RAW)
    set_raw (gen, column);
  column->not_null = random_chance (&gen->random, 40);
  if (random_chance (&gen->random, 35))
    generate_default (gen, column);
  if (column->type.type == CORM_TYPE_TEXT && generate_wants (gen, "collation", 12))
    column->collation = g_strdup (random_word (&gen->random, gen->texts->collations));
  if (gen->texts->comments && generate_wants (gen, "comment", 10))
    column->comment = g_strdup ("a column's \"comment\"; \\ -- 日本");
  return column;
}

/* --- what a column can be used for */

static gboolean
is_in_list (GStrv names, const char *name)
{
  return names != NULL && g_strv_contains ((const char *const *) names, name);
}

static gboolean
is_in_key (const CormTable *table, const char *name)
{
  if (table->primary_key != NULL && is_in_list (table->primary_key->columns, name))
    return TRUE;
  for (guint i = 0; i < table->uniques->len; i++)
    if (is_in_list (((const CormKey *) table->uniques->pdata[i])->columns, name))
      return TRUE;
  for (guint i = 0; i < table->foreign_keys->len; i++)
    if (is_in_list (((const CormForeignKey *) table->foreign_keys->pdata[i])->columns, name))
      return TRUE;
  return FALSE;
}

gboolean
column_is_plain (const CormTable *table, const CormTableColumn *column)
{
  return !column->auto_increment && column->generated_sql == NULL && !is_in_key (table, column->name);
}

gboolean
column_is_free (G_GNUC_UNUSED Gen *gen, const CormTable *table, const CormTableColumn *column)
{
  return column_is_plain (table, column);
}

/* Its values are unlike each other in every row, and every database compares them. */
gboolean
column_can_be_key (const CormDialect *dialect, const CormTableColumn *column)
{
  if (column->generated_sql != NULL || column->collation != NULL)
    return FALSE;
  switch (column->type.type) {
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
  case CORM_TYPE_DATE:
  case CORM_TYPE_UUID:
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_DECIMAL:
    return TRUE;
  case CORM_TYPE_TEXT:
    return column->type.length > 0 || dialect->index_prefix == 0;
  default:
    return FALSE;
  }
}

gboolean
column_is_indexable (G_GNUC_UNUSED Gen *gen, G_GNUC_UNUSED const CormTable *table,
                     const CormTableColumn *column)
{
  return column->type.type != CORM_TYPE_RAW && column->type.type != CORM_TYPE_JSON &&
         column->generated_sql == NULL;
}

CormTableColumn *
column_pick (Gen *gen, const CormTable *table,
             gboolean (*is) (Gen *, const CormTable *, const CormTableColumn *))
{
  guint n = 0;
  CormTableColumn *picked = NULL;
  for (guint i = 0; i < table->columns->len; i++) {
    CormTableColumn *column = table->columns->pdata[i];
    if (is (gen, table, column) && random_below (&gen->random, ++n) == 0)
      picked = column;
  }
  return picked;
}
