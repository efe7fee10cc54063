/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many rows in one statement. The rows of an update or delete are a table of values, corm_v (column1, column2, …), that is
 * joined to the table by key. */
#include "render/batch.h"

#include "render/ddl.h"

#include <string.h>

static const CormSqlType mask_type = { .type = CORM_TYPE_INT64 };

static void
append_fields (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields)
{
  for (guint i = 0; i < n_fields; i++) {
    const CormField *field = &mapping->fields[fields[i]];
    corm_append (sql->text, i > 0 ? ", " : "");
    corm_sql_append_param (sql, field->name, &field->type, NULL);
  }
}

void
corm_render_insert_rows (CormSql *sql, const CormBatchShape *shape, const guint *returning, guint n_returning)
{
  const CormMapping *mapping = shape->mapping;
  corm_append (sql->text, "INSERT INTO ");
  corm_sql_append_name (sql, mapping->model->table);
  for (guint i = 0; i < shape->n_fields; i++) {
    corm_append (sql->text, i > 0 ? ", " : " (");
    corm_sql_append_name (sql, mapping->fields[shape->fields[i]].name);
  }
  corm_append (sql->text, ") VALUES ");
  for (guint row = 0; row < shape->n_rows; row++) {
    corm_append (sql->text, row > 0 ? ", (" : "(");
    append_fields (sql, mapping, shape->fields, shape->n_fields);
    g_string_append_c (sql->text, ')');
  }
  for (guint i = 0; i < n_returning; i++) {
    corm_append (sql->text, i > 0 ? ", " : " RETURNING ");
    corm_sql_append_column (sql, &mapping->fields[returning[i]]);
  }
}

/* The field that column @i of a row is for; NULL: the mask. */
static const CormField *
find_field (const CormBatchShape *shape, guint i)
{
  const CormMapping *mapping = shape->mapping;
  guint n_version = (shape->match & CORM_MATCH_VERSION) != 0 ? 1 : 0;
  if (i < mapping->n_keys)
    return &mapping->fields[mapping->keys[i]];
  i -= mapping->n_keys;
  if (i < n_version)
    return corm_mapping_find_role (mapping, CORM_ROLE_VERSION);
  i -= n_version;
  return i < shape->n_fields ? &mapping->fields[shape->fields[i]] : NULL;
}

static void
append_own (CormSql *sql, const CormMapping *mapping, const CormField *field)
{
  corm_sql_append_name (sql, mapping->model->table);
  g_string_append_c (sql->text, '.');
  corm_sql_append_name (sql, field->name);
}

/* (VALUES (…), (…)) AS corm_v; where that has no column names and types, in front of it an empty SELECT that does. */
static void
append_source (CormSql *sql, const CormBatchShape *shape)
{
  const CormMapping *mapping = shape->mapping;
  guint width = corm_batch_shape_width (shape);
  g_string_append_c (sql->text, '(');
  if (sql->dialect->batch == CORM_BATCH_JOIN) {
    for (guint i = 0; i < width; i++) {
      const CormField *field = find_field (shape, i);
      corm_append (sql->text, i > 0 ? ", " : "SELECT ");
      if (field != NULL)
        append_own (sql, mapping, field);
      else
        corm_append (sql->text, "0");
      g_string_append_printf (sql->text, " AS column%u", i + 1);
    }
    corm_append (sql->text, " FROM ");
    corm_sql_append_name (sql, mapping->model->table);
    corm_append (sql->text, " WHERE 1 = 0 UNION ALL ");
  }
  for (guint row = 0; row < shape->n_rows; row++) {
    corm_append (sql->text, row > 0 ? ", (" : "VALUES (");
    for (guint i = 0; i < width; i++) {
      const CormField *field = find_field (shape, i);
      corm_append (sql->text, i > 0 ? ", " : "");
      corm_sql_append_param (sql, field != NULL ? field->name : "mask",
                             field != NULL ? &field->type : &mask_type, NULL);
    }
    g_string_append_c (sql->text, ')');
  }
  corm_append (sql->text, ") AS corm_v");
}

/* The name of the column's type, without limits: what is too long or too precise was refused before. */
static void
append_type (CormSql *sql, const CormField *field)
{
  g_autoptr (GPtrArray) raw = g_ptr_array_new ();
  CormTableColumn column = { .type = { .type = field->type.type },
                             .enum_type = (char *) field->column->enum_type };
  for (const CormRawType *type = field->column->raw; type != NULL && type->dialect != NULL; type++) {
    g_ptr_array_add (raw, (gpointer) type->dialect);
    g_ptr_array_add (raw, (gpointer) type->type);
  }
  g_ptr_array_add (raw, NULL);
  column.raw = (GStrv) raw->pdata;
  if (field->type.type == CORM_TYPE_ENUM && column.enum_type == NULL)
    column.type.type = CORM_TYPE_TEXT;
  corm_render_type (sql->text, sql->dialect, &column);
}

/* Column @i of corm_v, as the type of its field where the values do not say it. */
static void
append_value (CormSql *sql, const CormBatchShape *shape, guint i)
{
  const CormField *field = find_field (shape, i);
  if (!sql->dialect->batch_casts || field == NULL) {
    g_string_append_printf (sql->text, "corm_v.column%u", i + 1);
    return;
  }
  g_string_append_printf (sql->text, "CAST(corm_v.column%u AS ", i + 1);
  append_type (sql, field);
  g_string_append_c (sql->text, ')');
}

static void
append_join (CormSql *sql, const CormBatchShape *shape)
{
  guint n = shape->mapping->n_keys + ((shape->match & CORM_MATCH_VERSION) != 0 ? 1 : 0);
  for (guint i = 0; i < n; i++) {
    corm_append (sql->text, i > 0 ? " AND " : "");
    append_own (sql, shape->mapping, find_field (shape, i));
    corm_append (sql->text, " = ");
    append_value (sql, shape, i);
  }
}

/* What every row of the table has to be, behind an AND. */
static void
append_roles (CormSql *sql, const CormBatchShape *shape, const char *before)
{
  const CormField *tenant = corm_mapping_find_role (shape->mapping, CORM_ROLE_TENANT);
  if (tenant != NULL) {
    corm_append (sql->text, before);
    append_own (sql, shape->mapping, tenant);
    corm_append (sql->text, " = ");
    corm_sql_append_param (sql, tenant->name, &tenant->type, NULL);
    before = " AND ";
  }
  if ((shape->match & CORM_MATCH_LIVE) != 0) {
    corm_append (sql->text, before);
    append_own (sql, shape->mapping, corm_mapping_find_role (shape->mapping, CORM_ROLE_DELETED_AT));
    corm_append (sql->text, " IS NULL");
  }
}

static void
append_set (CormSql *sql, const CormBatchShape *shape)
{
  const CormMapping *mapping = shape->mapping;
  guint first = corm_batch_shape_width (shape) - shape->n_fields - (shape->has_mask ? 1 : 0);
  for (guint i = 0; i < shape->n_fields; i++) {
    const CormField *field = &mapping->fields[shape->fields[i]];
    corm_append (sql->text, i > 0 ? ", " : " SET ");
    if (sql->dialect->batch == CORM_BATCH_JOIN)
      append_own (sql, mapping, field);
    else
      corm_sql_append_name (sql, field->name);
    corm_append (sql->text, " = ");
    if (shape->has_mask)
      g_string_append_printf (sql->text, "CASE WHEN (corm_v.column%u & %" G_GUINT64_FORMAT ") <> 0 THEN ",
                              corm_batch_shape_width (shape), G_GUINT64_CONSTANT (1) << i);
    append_value (sql, shape, first + i);
    if (shape->has_mask) {
      corm_append (sql->text, " ELSE ");
      append_own (sql, mapping, field);
      corm_append (sql->text, " END");
    }
  }
  if (shape->counts)
    corm_render_count_version (sql, mapping);
}

void
corm_render_update_rows (CormSql *sql, const CormBatchShape *shape)
{
  corm_append (sql->text, "UPDATE ");
  if (sql->dialect->batch == CORM_BATCH_JOIN) {
    append_source (sql, shape);
    corm_append (sql->text, " STRAIGHT_JOIN ");
    corm_sql_append_name (sql, shape->mapping->model->table);
    corm_append (sql->text, " ON ");
    append_join (sql, shape);
    append_set (sql, shape);
    append_roles (sql, shape, " WHERE ");
    return;
  }
  corm_sql_append_name (sql, shape->mapping->model->table);
  append_set (sql, shape);
  corm_append (sql->text, " FROM ");
  append_source (sql, shape);
  corm_append (sql->text, " WHERE ");
  append_join (sql, shape);
  append_roles (sql, shape, " AND ");
}

void
corm_render_delete_rows (CormSql *sql, const CormBatchShape *shape)
{
  const CormMapping *mapping = shape->mapping;
  guint width = corm_batch_shape_width (shape);
  if (sql->dialect->batch == CORM_BATCH_JOIN) {
    corm_append (sql->text, "DELETE ");
    corm_sql_append_name (sql, mapping->model->table);
    corm_append (sql->text, " FROM ");
    append_source (sql, shape);
    corm_append (sql->text, " STRAIGHT_JOIN ");
    corm_sql_append_name (sql, mapping->model->table);
    corm_append (sql->text, " ON ");
    append_join (sql, shape);
    append_roles (sql, shape, " WHERE ");
    return;
  }
  corm_append (sql->text, "DELETE FROM ");
  corm_sql_append_name (sql, mapping->model->table);
  corm_append (sql->text, " WHERE (");
  for (guint i = 0; i < width; i++) {
    corm_append (sql->text, i > 0 ? ", " : "");
    append_own (sql, mapping, find_field (shape, i));
  }
  corm_append (sql->text, ") IN (SELECT ");
  for (guint i = 0; i < width; i++) {
    corm_append (sql->text, i > 0 ? ", " : "");
    append_value (sql, shape, i);
  }
  corm_append (sql->text, " FROM ");
  append_source (sql, shape);
  g_string_append_c (sql->text, ')');
  append_roles (sql, shape, " AND ");
}
