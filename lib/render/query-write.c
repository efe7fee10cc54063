/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* UPDATE, DELETE and INSERT … SELECT of many rows. A value is written as its column's type, an expression only where the
 * column holds all that it can give: a database would round or cut it, each in its own way. */
#include "render/query.h"
#include "render/template.h"
#include "value/check.h"

#include <corm/error.h>

static gboolean
append_where (CormSql *sql, const CormResolved *resolved, GError **error)
{
  gboolean begun = FALSE;
  return corm_render_filters (sql, resolved, &begun, error) &&
         corm_render_conditions (sql, resolved->scope, begun ? " AND " : " WHERE ",
                                 resolved->query->where.items, resolved->query->where.n, error);
}

static gboolean
is_float (CormType type)
{
  return type == CORM_TYPE_FLOAT32 || type == CORM_TYPE_FLOAT64;
}

/* Whether each value of @type is one of @to, or an error of the database. */
static gboolean
can_hold (CormType to, CormType type)
{
  if (to == CORM_TYPE_ENUM || type == CORM_TYPE_ENUM)
    return to == type;
  if (corm_type_is_integer (to))
    return corm_type_is_integer (type);
  return to != CORM_TYPE_DECIMAL || !is_float (type);
}

/* Where the database would take more than the column's type holds, the template that makes an error of it. */
static const char *
find_fit (const CormDialect *dialect, const CormSqlType *to, const CormSqlType *from)
{
  gboolean narrow = corm_type_is_integer (to->type) ? from->type > to->type
                                                    : to->type == CORM_TYPE_DECIMAL && to->precision > 0;
  return narrow ? corm_function_find_sql (dialect, CORM_TEMPLATE_FIT, corm_class_of (to->type)) : NULL;
}

static gboolean
refuse (const CormResolved *resolved, const CormField *field, const char *reason, GError **error)
{
  return corm_scope_refuse (resolved->scope, error, "column %s %s", field->name, reason);
}

static gboolean
append_value (CormSql *sql, const CormResolved *resolved, const CormMapping *mapping, const CormField *field,
              const CormValue *from, GError **error)
{
  CormValue value = { .type = field->type.type, .is_null = true };
  gboolean is_null = corm_value_says_null (from);
  if (is_null && !field->nullable)
    return refuse (resolved, field, "is NOT NULL and is set to NULL", error);
  if (!is_null && !corm_field_convert (mapping, field, from, &value, error))
    return FALSE;
  corm_sql_append_param (sql, field->name, &field->type, &value);
  return TRUE;
}

/* What is written into @field of @mapping. */
static gboolean
append_assigned (CormSql *sql, const CormResolved *resolved, const CormMapping *mapping,
                 const CormField *field, const CormExpr *expr, guint allow, GError **error)
{
  CormTyping typing;
  const CormScopeTable *table;
  if (expr->kind == CORM_EXPR_VALUE)
    return append_value (sql, resolved, mapping, field, &expr->value, error);
  if (!corm_expr_check (resolved->scope, expr, allow, &typing, error))
    return FALSE;
  if (!can_hold (field->type.type, typing.type.type)) {
    g_autofree char *reason =
        g_strdup_printf ("is of type %s and would be given a %s, whose values it can't all hold; cast it, "
                         "CORM_TO_INT (…) or CORM_TO_DECIMAL (…)",
                         corm_type_name (field->type.type), corm_type_name (typing.type.type));
    return refuse (resolved, field, reason, error);
  }
  const char *fit = find_fit (sql->dialect, &field->type, &typing.type);
  if (fit != NULL) {
    const CormFilling filling = { .scope = resolved->scope,
                                  .operands = expr,
                                  .typings = &typing,
                                  .type = { .precision = field->type.type == CORM_TYPE_INT16 ? 16
                                                         : field->type.type == CORM_TYPE_INT32
                                                             ? 32
                                                             : field->type.precision,
                                            .scale = field->type.scale } };
    return corm_template_append (sql, fit, &filling, error);
  }
  if (expr->kind != CORM_EXPR_COLUMN)
    return corm_render_expr (sql, resolved->scope, expr, error);
  const CormField *from = corm_scope_find_field (resolved->scope, expr->model, expr->offset, &table, error);
  if (from != NULL)
    corm_render_field (sql, resolved->scope, table, from);
  return from != NULL;
}

static const CormField *
find_set (const CormResolved *resolved, const CormSet *set, GError **error)
{
  const CormScopeTable *table = &resolved->scope->tables[0];
  if (set->model != table->model) {
    corm_scope_refuse (resolved->scope, error, "it sets a member of %s and changes rows of %s",
                       set->model->type, table->model->type);
    return NULL;
  }
  const CormField *field = corm_scope_find_field (resolved->scope, set->model, set->offset, &table, error);
  if (field == NULL || (field->column->role != CORM_ROLE_TENANT && field->column->role != CORM_ROLE_VERSION))
    return field;
  refuse (resolved, field, "is kept by its role and can't be updated", error);
  return NULL;
}

static void
append_returning (CormSql *sql, const CormMapping *mapping)
{
  for (guint i = 0; i < mapping->n_fields; i++) {
    corm_append (sql->text, i > 0 ? ", " : " RETURNING ");
    corm_sql_append_column (sql, &mapping->fields[i]);
  }
}

/* The plain table of @resolved, whose rows are to be changed. */
static gboolean
check_plain (const CormResolved *resolved, const char *what, GError **error)
{
  const CormQuery *query = resolved->query;
  const CormQuerySource *source = query->sources.items;
  g_autofree char *reason = NULL;
  if (query->model->alias_of != NULL || query->model->is_shape || source->query != NULL)
    reason = g_strdup ("reads an alias or a shape; make it of the model whose rows are meant");
  else if (query->sources.n > 1)
    reason =
        g_strdup ("has a join; say in its where which rows are meant, CORM_IN_QUERY (…) or CORM_EXISTS (…)");
  else if (query->limit > 0 || query->offset > 0 || query->order.n > 0 || query->is_page)
    reason = g_strdup ("has an order, a limit or an offset; it takes a where alone");
  else if (resolved->is_grouped || query->distinct || query->parts.n > 0 || query->distinct_on.n > 0)
    reason = g_strdup ("has groups or sets; it takes a where alone");
  else if (query->where.n == 0)
    reason = g_strdup ("has no where; to mean every row say corm_query_where (query, CORM_ALL ())");
  return reason == NULL || corm_scope_refuse (resolved->scope, error, "what it is to %s %s", what, reason);
}

static gboolean
is_set (const CormSet *sets, const CormField *field)
{
  for (; sets->model != NULL; sets++)
    if (sets->offset == field->column->offset)
      return TRUE;
  return FALSE;
}

/* What the roles of columns add to every update, where the program does not set them itself. */
static void
append_roles (CormSql *sql, const CormMapping *mapping, const CormSet *sets, const CormValue *now)
{
  const CormField *updated = corm_mapping_find_role (mapping, CORM_ROLE_UPDATED_AT);
  if (updated != NULL && !is_set (sets, updated)) {
    corm_append (sql->text, ", ");
    corm_sql_append_name (sql, updated->name);
    corm_append (sql->text, " = ");
    corm_sql_append_param (sql, updated->name, &updated->type, now);
  }
  corm_render_count_version (sql, mapping);
}

gboolean
corm_render_query_update (CormSql *sql, const CormResolved *resolved, const CormSet *sets,
                          const CormValue *now, gboolean returning, GError **error)
{
  const CormMapping *mapping = resolved->scope->tables[0].mapping;
  if (!check_plain (resolved, "update", error))
    return FALSE;
  if (sets->model == NULL)
    return corm_scope_refuse (resolved->scope, error,
                              "it sets nothing; name a column, CORM_SETS (CORM_SET (…))");
  corm_append (sql->text, "UPDATE ");
  corm_sql_append_name (sql, mapping->model->table);
  for (const CormSet *set = sets; set->model != NULL; set++) {
    const CormField *field = find_set (resolved, set, error);
    if (field == NULL)
      return FALSE;
    for (const CormSet *other = sets; other < set; other++)
      if (other->offset == set->offset)
        return refuse (resolved, field, "is set twice", error);
    corm_append (sql->text, set == sets ? " SET " : ", ");
    corm_sql_append_name (sql, field->name);
    corm_append (sql->text, " = ");
    if (!append_assigned (sql, resolved, mapping, field, &set->expr, 0, error))
      return FALSE;
  }
  append_roles (sql, mapping, sets, now);
  if (!append_where (sql, resolved, error))
    return FALSE;
  if (returning)
    append_returning (sql, mapping);
  return TRUE;
}

gboolean
corm_render_query_delete (CormSql *sql, const CormResolved *resolved, const CormValue *now,
                          gboolean returning, GError **error)
{
  const CormMapping *mapping = resolved->scope->tables[0].mapping;
  const CormField *deleted = corm_mapping_find_role (mapping, CORM_ROLE_DELETED_AT);
  if (!check_plain (resolved, "delete", error))
    return FALSE;
  if (deleted != NULL) { /* marked, not removed */
    const CormSet sets[2] = { { .model = mapping->model,
                                .offset = deleted->column->offset,
                                .expr = { .kind = CORM_EXPR_VALUE, .value = *now } } };
    return corm_render_query_update (sql, resolved, sets, now, returning, error);
  }
  corm_append (sql->text, "DELETE FROM ");
  corm_sql_append_name (sql, mapping->model->table);
  if (!append_where (sql, resolved, error))
    return FALSE;
  if (returning)
    append_returning (sql, mapping);
  return TRUE;
}

/* --- INSERT … SELECT ------------------------------------------------------------------------------------------------- */

static gboolean
check_insert (const CormResolved *resolved, const CormMapping *into, GError **error)
{
  for (guint i = 0; i < resolved->n_outputs; i++) {
    const CormQueryOutput *output = &resolved->outputs[i];
    if (output->model != into->model)
      return corm_scope_refuse (
          resolved->scope, error,
          "its rows go into %s, but its outputs name members of %s; use CORM_OUTPUT (%s, …)",
          into->model->table, output->model != NULL ? output->model->type : "nothing", into->model->type);
    const CormField *field = corm_mapping_find_field (into, output->offset);
    if (output->expr->kind != CORM_EXPR_VALUE && !can_hold (field->type.type, output->typing.type.type))
      return corm_scope_refuse (
          resolved->scope, error,
          "column %s is of type %s and would be given a %s, whose values it can't all hold; cast it, "
          "CORM_TO_INT (…) or CORM_TO_DECIMAL (…)",
          field->name, corm_type_name (field->type.type), corm_type_name (output->typing.type.type));
  }
  return TRUE;
}

/* A constant output becomes a value of its column's type: an enum's number is its label. */
static const CormResolved *
with_values (const CormResolved *resolved, const CormMapping *into, GError **error)
{
  CormArena *arena = resolved->scope->arena;
  CormResolved *made = corm_arena_alloc (arena, sizeof *made);
  CormQueryOutput *outputs = corm_arena_alloc (arena, resolved->n_outputs * sizeof *outputs);
  *made = *resolved;
  made->outputs = outputs;
  for (guint i = 0; i < resolved->n_outputs; i++) {
    const CormField *field = corm_mapping_find_field (into, resolved->outputs[i].offset);
    const CormExpr *expr = resolved->outputs[i].expr;
    outputs[i] = resolved->outputs[i];
    if (expr->kind != CORM_EXPR_VALUE || corm_value_says_null (&expr->value))
      continue;
    CormExpr *value = corm_arena_alloc (arena, sizeof *value);
    *value = *expr;
    if (!corm_field_convert (into, field, &expr->value, &value->value, error))
      return NULL;
    outputs[i].expr = value;
  }
  return made;
}

/* What the roles of @into's columns are written with, in place of what the program selects for them. */
static const CormResolved *
with_stamps (const CormResolved *resolved, const CormMapping *into, const CormValue *stamps)
{
  CormArena *arena = resolved->scope->arena;
  if (stamps == NULL)
    return resolved;
  CormResolved *made = corm_arena_alloc (arena, sizeof *made);
  CormQueryOutput *outputs =
      corm_arena_alloc (arena, (resolved->n_outputs + into->n_fields) * sizeof *outputs);
  *made = *resolved;
  made->outputs = outputs;
  made->n_outputs = 0;
  for (guint i = 0; i < resolved->n_outputs; i++) {
    const CormField *field = corm_mapping_find_field (into, resolved->outputs[i].offset);
    if (stamps[field - into->fields].type == CORM_TYPE_NONE)
      outputs[made->n_outputs++] = resolved->outputs[i];
  }
  for (guint i = 0; i < into->n_fields; i++) {
    const CormField *field = &into->fields[i];
    if (stamps[i].type == CORM_TYPE_NONE)
      continue;
    CormExpr *expr = corm_arena_alloc (arena, sizeof *expr);
    *expr = (CormExpr){ .kind = CORM_EXPR_VALUE, .value = stamps[i] };
    outputs[made->n_outputs++] = (CormQueryOutput){
      expr, into->model, field->column->offset, field->name, { field->type, field, into }
    };
  }
  return made;
}

gboolean
corm_render_query_insert (CormSql *sql, const CormResolved *resolved, const CormMapping *into,
                          const CormValue *stamps, GError **error)
{
  const CormResolved *made = NULL;
  if (stamps != NULL && (resolved->wrapping != NULL || resolved->is_grouped))
    return corm_scope_refuse (
        resolved->scope, error,
        "its groups or sets go into %s, which has columns that Corm writes; put it into "
        "corm_query_new_from()",
        into->model->table);
  if (check_insert (resolved, into, error))
    made = with_values (with_stamps (resolved, into, stamps), into, error);
  if (made == NULL)
    return FALSE;
  corm_append (sql->text, "INSERT INTO ");
  corm_sql_append_name (sql, into->model->table);
  for (guint i = 0; i < made->n_outputs; i++) {
    corm_append (sql->text, i > 0 ? ", " : " (");
    corm_sql_append_name (sql, made->outputs[i].name);
  }
  corm_append (sql->text, ") ");
  return corm_render_resolved (sql, made, CORM_NAMES_NONE, FALSE, error);
}
