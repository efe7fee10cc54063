/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Types of columns that refer to others. SQLite and PostgreSQL compare an integer of 32 bits with a key of 64; MariaDB
 * takes no such key. Only what is narrower grows, so that no value is in danger, and the search comes to an end. */
#include "port/choose.h"

#include "render/ddl.h"
#include "value/check.h"

static void
tell (const CormChoosing *choosing, const CormTable *table, const CormTableColumn *column)
{
  for (guint i = 0; choosing->choices != NULL && i < choosing->choices->len; i++) {
    CormPortChoice *choice = g_ptr_array_index (choosing->choices, i);
    if (g_ascii_strcasecmp (choice->table, table->name) != 0 ||
        g_ascii_strcasecmp (choice->column, column->name) != 0)
      continue;
    g_autoptr (GString) text = g_string_new (NULL);
    corm_render_type (text, choosing->target, column);
    g_free (choice->type);
    g_free (choice->reason);
    choice->type = g_strdup (text->str);
    choice->reason = g_strdup ("as wide as the other side of its foreign key");
  }
}

/* --- automatic keys ---------------------------------------------------------------------------------------------- */

static gboolean
is_whole_decimal (const CormTableColumn *column)
{
  return column != NULL && column->type.type == CORM_TYPE_DECIMAL && column->type.scale == 0;
}

/* TRUE when a column that refers to a number of 64 bits became one. */
static gboolean
follow (const CormSchema *schema, const CormTable *table, const CormForeignKey *key)
{
  const CormTable *to = corm_schema_find_table (schema, key->target_table);
  gboolean any = FALSE;
  for (guint k = 0; to != NULL && key->columns[k] != NULL && key->target_columns[k] != NULL; k++) {
    CormTableColumn *child = corm_table_find_column (table, key->columns[k]);
    const CormTableColumn *parent = corm_table_find_column (to, key->target_columns[k]);
    if (!is_whole_decimal (child) || parent == NULL || parent->type.type != CORM_TYPE_INT64)
      continue;
    child->type = parent->type;
    any = TRUE;
  }
  return any;
}

void
corm_choose_numbers (CormSchema *schema)
{
  gboolean any = FALSE;
  for (guint t = 0; t < schema->tables->len; t++) {
    const CormTable *table = g_ptr_array_index (schema->tables, t);
    for (guint c = 0; c < table->columns->len; c++) {
      CormTableColumn *column = g_ptr_array_index (table->columns, c);
      if (!column->auto_increment || !is_whole_decimal (column))
        continue;
      column->type = (CormSqlType){ .type = CORM_TYPE_INT64 };
      any = TRUE;
    }
  }
  while (any) {
    any = FALSE;
    for (guint t = 0; t < schema->tables->len; t++) {
      const CormTable *table = g_ptr_array_index (schema->tables, t);
      for (guint i = 0; i < table->foreign_keys->len; i++)
        any |= follow (schema, table, g_ptr_array_index (table->foreign_keys, i));
    }
  }
}

/* --- keys of other widths ---------------------------------------------------------------------------------------- */

/* TRUE when one of them grew. */
static gboolean
match (const CormChoosing *choosing, CormSchema *schema, CormTable *table, const CormForeignKey *key, guint k)
{
  CormTable *to = corm_schema_find_table (schema, key->target_table);
  CormTableColumn *child = corm_table_find_column (table, key->columns[k]);
  CormTableColumn *parent =
      to != NULL && key->target_columns != NULL && k < g_strv_length (key->target_columns)
          ? corm_table_find_column (to, key->target_columns[k])
          : NULL;
  if (child == NULL || parent == NULL || !corm_type_is_integer (child->type.type) ||
      !corm_type_is_integer (parent->type.type) || child->type.type == parent->type.type)
    return FALSE;
  gboolean child_grows =
      child->type.type < parent->type.type; /* the types stand in the order of their widths */
  (child_grows ? child : parent)->type = (child_grows ? parent : child)->type;
  tell (choosing, child_grows ? table : to, child_grows ? child : parent);
  return TRUE;
}

void
corm_choose_key_types (const CormChoosing *choosing, CormSchema *schema)
{
  gboolean grew = choosing->target->keys_same_type && !choosing->fixed && !choosing->same;
  while (grew) {
    grew = FALSE;
    for (guint t = 0; t < schema->tables->len; t++) {
      CormTable *table = g_ptr_array_index (schema->tables, t);
      for (guint i = 0; i < table->foreign_keys->len; i++) {
        const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
        for (guint k = 0; key->columns[k] != NULL; k++)
          grew |= match (choosing, schema, table, key, k);
      }
    }
  }
}
