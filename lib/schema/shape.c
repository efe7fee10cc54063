/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The members of every part of a schema, and what needs nothing else: are two parts the same, and a copy of one.
 * Invariant: a member that is missing here is lost in snapshots and copies alike. */
#include "schema/shape.h"

#include <corm/schema.h>

#include <string.h>

#define SHAPE(array) \
  { \
    array, G_N_ELEMENTS (array) \
  }

static gpointer
new_column (gpointer table)
{
  return corm_table_add_column (table, NULL);
}

static gpointer
new_primary_key (gpointer table)
{
  return corm_table_set_primary_key (table, NULL);
}

static gpointer
new_unique (gpointer table)
{
  return corm_table_add_unique (table, NULL);
}

static gpointer
new_foreign_key (gpointer table)
{
  return corm_table_add_foreign_key (table, NULL);
}

static gpointer
new_check (gpointer table)
{
  return corm_table_add_check (table, NULL, NULL);
}

static gpointer
new_index (gpointer table)
{
  return corm_table_add_index (table, NULL);
}

static gpointer
new_part (gpointer index)
{
  return corm_index_add_part (index, NULL);
}

static gpointer
new_table (gpointer schema)
{
  return corm_schema_add_table (schema, NULL);
}

static gpointer
new_object (gpointer schema)
{
  return corm_schema_add_object (schema, NULL, NULL);
}

static const char *const default_words[] = { "none", "literal", "now", "null", "sql", NULL };
static const char *const deferrable_words[] = { "never", "initially immediate", "initially deferred", NULL };
static const char *const action_words[] = { "no action", "restrict",    "cascade",
                                            "set null",  "set default", NULL };

/* clang-format off */
#define AT(T, m) OF (T, m, TEXT)
#define OF(T, m, kind) #m, CORM_SHAPE_##kind, offsetof (T, m), NULL, NULL, NULL, FALSE
#define NEEDED(T, m, kind) #m, CORM_SHAPE_##kind, offsetof (T, m), NULL, NULL, NULL, TRUE
static const CormShapeMember column_members[] = {
  { NEEDED (CormTableColumn, name, TEXT) },
  { OF (CormTableColumn, type, TYPE) },
  { "length", CORM_SHAPE_NUMBER, offsetof (CormTableColumn, type.length), NULL, NULL, NULL, FALSE },
  { "precision", CORM_SHAPE_NUMBER, offsetof (CormTableColumn, type.precision), NULL, NULL, NULL, FALSE },
  { "scale", CORM_SHAPE_NUMBER, offsetof (CormTableColumn, type.scale), NULL, NULL, NULL, FALSE },
  { AT (CormTableColumn, type_sql) },
  { OF (CormTableColumn, not_null, FLAG) },
  { "default_kind", CORM_SHAPE_WORD, offsetof (CormTableColumn, default_kind), default_words, NULL, NULL, FALSE },
  { AT (CormTableColumn, default_text) },
  { AT (CormTableColumn, default_sql) },
  { OF (CormTableColumn, auto_increment, FLAG) },
  { OF (CormTableColumn, identity_always, FLAG) },
  { AT (CormTableColumn, generated_sql) },
  { OF (CormTableColumn, generated_stored, FLAG) },
  { AT (CormTableColumn, collation) },
  { AT (CormTableColumn, enum_type) },
  { OF (CormTableColumn, labels, NAMES) },
  { AT (CormTableColumn, labels_check) },
  { OF (CormTableColumn, raw, NAMES) },
  { AT (CormTableColumn, was) },
  { AT (CormTableColumn, convert) },
  { AT (CormTableColumn, comment) },
  { AT (CormTableColumn, options) },
};
const CormShape corm_shape_column = SHAPE (column_members);

static const CormShapeMember key_members[] = {
  { AT (CormKey, name) },
  { NEEDED (CormKey, columns, NAMES) },
  { "deferrable", CORM_SHAPE_WORD, offsetof (CormKey, deferrable), deferrable_words, NULL, NULL, FALSE },
  { AT (CormKey, options) },
  { AT (CormKey, comment) },
  { OF (CormKey, column_options, NAMES) },
};
static const CormShape key_shape = SHAPE (key_members);

static const CormShapeMember foreign_key_members[] = {
  { AT (CormForeignKey, name) },
  { NEEDED (CormForeignKey, columns, NAMES) },
  { NEEDED (CormForeignKey, target_table, TEXT) },
  { OF (CormForeignKey, target_columns, NAMES) },
  { "on_delete", CORM_SHAPE_WORD, offsetof (CormForeignKey, on_delete), action_words, NULL, NULL, FALSE },
  { "on_update", CORM_SHAPE_WORD, offsetof (CormForeignKey, on_update), action_words, NULL, NULL, FALSE },
  { "deferrable", CORM_SHAPE_WORD, offsetof (CormForeignKey, deferrable), deferrable_words, NULL, NULL, FALSE },
  { OF (CormForeignKey, set_columns, NAMES) },
  { OF (CormForeignKey, match_full, FLAG) },
  { OF (CormForeignKey, not_valid, FLAG) },
  { AT (CormForeignKey, index) },
  { AT (CormForeignKey, comment) },
};
static const CormShape foreign_key_shape = SHAPE (foreign_key_members);

static const CormShapeMember check_members[] = {
  { AT (CormCheck, name) },
  { NEEDED (CormCheck, sql, TEXT) },
  { OF (CormCheck, not_valid, FLAG) },
  { AT (CormCheck, options) },
  { AT (CormCheck, comment) },
};
static const CormShape check_shape = SHAPE (check_members);

static const CormShapeMember part_members[] = {
  { NEEDED (CormIndexPart, sql, TEXT) },
  { OF (CormIndexPart, is_expression, FLAG) },
  { OF (CormIndexPart, descending, FLAG) },
  { OF (CormIndexPart, nulls_otherwise, FLAG) },
  { OF (CormIndexPart, prefix, NUMBER) },
  { AT (CormIndexPart, collation) },
  { AT (CormIndexPart, operator_class) },
};
static const CormShape part_shape = SHAPE (part_members);

static const CormShapeMember index_members[] = {
  { NEEDED (CormTableIndex, name, TEXT) },
  { OF (CormTableIndex, unique, FLAG) },
  { "parts", CORM_SHAPE_PARTS, offsetof (CormTableIndex, parts), NULL, &part_shape, new_part, FALSE },
  { AT (CormTableIndex, method) },
  { OF (CormTableIndex, include, NAMES) },
  { AT (CormTableIndex, where) },
  { AT (CormTableIndex, options) },
  { OF (CormTableIndex, invalid, FLAG) },
  { AT (CormTableIndex, comment) },
  { AT (CormTableIndex, sql) },
};
static const CormShape index_shape = SHAPE (index_members);

static const CormShapeMember table_members[] = {
  { NEEDED (CormTable, name, TEXT) },
  { "columns", CORM_SHAPE_PARTS, offsetof (CormTable, columns), NULL, &corm_shape_column, new_column, FALSE },
  { "primary_key", CORM_SHAPE_PART, offsetof (CormTable, primary_key), NULL, &key_shape, new_primary_key, FALSE },
  { "uniques", CORM_SHAPE_PARTS, offsetof (CormTable, uniques), NULL, &key_shape, new_unique, FALSE },
  { "foreign_keys", CORM_SHAPE_PARTS, offsetof (CormTable, foreign_keys), NULL, &foreign_key_shape, new_foreign_key, FALSE },
  { "checks", CORM_SHAPE_PARTS, offsetof (CormTable, checks), NULL, &check_shape, new_check, FALSE },
  { "indexes", CORM_SHAPE_PARTS, offsetof (CormTable, indexes), NULL, &index_shape, new_index, FALSE },
  { OF (CormTable, strict, FLAG) },
  { OF (CormTable, without_rowid, FLAG) },
  { AT (CormTable, sql) },
  { AT (CormTable, options) },
  { AT (CormTable, was) },
  { AT (CormTable, comment) },
};
const CormShape corm_shape_table = SHAPE (table_members);

static const CormShapeMember object_members[] = {
  { NEEDED (CormSchemaObject, kind, TEXT) },
  { NEEDED (CormSchemaObject, name, TEXT) },
  { AT (CormSchemaObject, table) },
  { AT (CormSchemaObject, sql) }, /* none: the role that looked may not see it */
  { AT (CormSchemaObject, comment) },
};
const CormShape corm_shape_object = SHAPE (object_members);

static const CormShapeMember schema_members[] = {
  { AT (CormSchema, dialect) },
  { OF (CormSchema, from_models, FLAG) },
  { "tables", CORM_SHAPE_PARTS, offsetof (CormSchema, tables), NULL, &corm_shape_table, new_table, FALSE },
  { "objects", CORM_SHAPE_PARTS, offsetof (CormSchema, objects), NULL, &corm_shape_object, new_object, FALSE },
};
const CormShape corm_shape_schema = SHAPE (schema_members);
/* clang-format on */

static gconstpointer
member_at (const CormShapeMember *member, gconstpointer part)
{
  return (const char *) part + member->offset;
}

static gboolean
names_equal (const char *const *a, const char *const *b)
{
  return a == b || (a != NULL && b != NULL && g_strv_equal (a, b));
}

static gboolean
parts_equal (const CormShape *shape, const GPtrArray *a, const GPtrArray *b)
{
  gboolean equal = a->len == b->len;
  for (guint i = 0; equal && i < a->len; i++)
    equal = corm_shape_equal (shape, a->pdata[i], b->pdata[i]);
  return equal;
}

static gboolean
member_equal (const CormShapeMember *member, gconstpointer a, gconstpointer b)
{
  gconstpointer left = member_at (member, a), right = member_at (member, b);
  switch (member->kind) {
  case CORM_SHAPE_TEXT:
    return g_strcmp0 (*(char *const *) left, *(char *const *) right) == 0;
  case CORM_SHAPE_NAMES:
    return names_equal (*(gconstpointer const *) left, *(gconstpointer const *) right);
  case CORM_SHAPE_PART:
    return corm_shape_equal (member->shape, *(gconstpointer const *) left, *(gconstpointer const *) right);
  case CORM_SHAPE_PARTS:
    return parts_equal (member->shape, *(GPtrArray *const *) left, *(GPtrArray *const *) right);
  default:
    return *(const guint *) left == *(const guint *) right;
  }
}

gboolean
corm_shape_equal (const CormShape *shape, gconstpointer a, gconstpointer b)
{
  gboolean equal = (a == NULL) == (b == NULL);
  for (guint i = 0; equal && a != NULL && i < shape->n_members; i++)
    equal = member_equal (&shape->members[i], a, b);
  return equal;
}

void
corm_shape_copy (const CormShape *shape, gpointer to, gconstpointer from)
{
  for (guint i = 0; i < shape->n_members; i++) {
    const CormShapeMember *member = &shape->members[i];
    gconstpointer source = member_at (member, from);
    gpointer target = (char *) to + member->offset;
    gpointer pointer = corm_shape_is_pointer (member->kind) ? *(gpointer const *) source : NULL;
    if (member->kind == CORM_SHAPE_TEXT) {
      g_free (*(char **) target);
      *(char **) target = g_strdup (pointer);
    } else if (member->kind == CORM_SHAPE_NAMES) {
      g_strfreev (*(GStrv *) target);
      *(GStrv *) target = g_strdupv (pointer);
    } else if (member->kind == CORM_SHAPE_PARTS) {
      for (guint k = 0; k < ((const GPtrArray *) pointer)->len; k++)
        corm_shape_copy (member->shape, member->add (to), ((const GPtrArray *) pointer)->pdata[k]);
    } else if (member->kind != CORM_SHAPE_PART) {
      *(guint *) target = *(const guint *) source;
    } else if (pointer != NULL) {
      corm_shape_copy (member->shape, member->add (to), pointer);
    }
  }
}
