/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* INSERT, UPDATE, DELETE and the SELECT by key of one row. Rendered once per shape and prepared; only placeholders. */
#include "render/sql.h"

static void
append_names (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields)
{
  for (guint i = 0; i < n_fields; i++) {
    corm_append (sql->text, i > 0 ? ", " : "");
    corm_sql_append_name (sql, mapping->fields[fields[i]].name);
  }
}

static void
append_equal (CormSql *sql, const CormField *field)
{
  corm_append (sql->text, " AND ");
  corm_sql_append_name (sql, field->name);
  corm_append (sql->text, " = ");
  corm_sql_append_param (sql, field->name, &field->type, NULL);
}

static void
append_key (CormSql *sql, const CormMapping *mapping, guint match)
{
  const CormField *version = corm_mapping_find_role (mapping, CORM_ROLE_VERSION);
  const CormField *tenant = corm_mapping_find_role (mapping, CORM_ROLE_TENANT);
  const CormField *deleted = corm_mapping_find_role (mapping, CORM_ROLE_DELETED_AT);
  corm_append (sql->text, " WHERE ");
  for (guint i = 0; i < mapping->n_keys; i++) {
    const CormField *key = &mapping->fields[mapping->keys[i]];
    corm_append (sql->text, i > 0 ? " AND " : "");
    corm_sql_append_name (sql, key->name);
    corm_append (sql->text, " = ");
    corm_sql_append_param (sql, key->name, &key->type, NULL);
  }
  if ((match & CORM_MATCH_VERSION) != 0)
    append_equal (sql, version);
  if (tenant != NULL)
    append_equal (sql, tenant);
  if ((match & CORM_MATCH_LIVE) != 0) {
    corm_append (sql->text, " AND ");
    corm_sql_append_name (sql, deleted->name);
    corm_append (sql->text, " IS NULL");
  }
}

static void
append_returning (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields)
{
  for (guint i = 0; i < n_fields; i++) {
    corm_append (sql->text, i > 0 ? ", " : " RETURNING ");
    corm_sql_append_column (sql, &mapping->fields[fields[i]]);
  }
}

static void
append_insert (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields)
{
  corm_append (sql->text, "INSERT INTO ");
  corm_sql_append_name (sql, mapping->model->table);
  g_string_append_c (sql->text, ' ');
  if (n_fields == 0) {
    corm_append (sql->text, sql->dialect->insert_default_row);
    return;
  }
  g_string_append_c (sql->text, '(');
  append_names (sql, mapping, fields, n_fields);
  corm_append (sql->text, ") VALUES (");
  for (guint i = 0; i < n_fields; i++) {
    corm_append (sql->text, i > 0 ? ", " : "");
    corm_sql_append_param (sql, mapping->fields[fields[i]].name, &mapping->fields[fields[i]].type, NULL);
  }
  g_string_append_c (sql->text, ')');
}

void
corm_render_insert (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields,
                    const guint *returning, guint n_returning)
{
  append_insert (sql, mapping, fields, n_fields);
  append_returning (sql, mapping, returning, n_returning);
}

void
corm_render_upsert (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields,
                    const guint *returning, guint n_returning)
{
  guint n_set = 0;
  append_insert (sql, mapping, fields, n_fields);
  corm_append (sql->text, " ON CONFLICT (");
  append_names (sql, mapping, mapping->keys, mapping->n_keys);
  corm_append (sql->text, ") DO UPDATE SET ");
  for (guint i = 0; i < n_fields; i++) {
    const CormField *field = &mapping->fields[fields[i]];
    if (field->is_key && n_fields > mapping->n_keys)
      continue;
    corm_append (sql->text, n_set++ > 0 ? ", " : "");
    corm_sql_append_name (sql, field->name);
    corm_append (sql->text, " = excluded.");
    corm_sql_append_name (sql, field->name);
  }
  append_returning (sql, mapping, returning, n_returning);
}

void
corm_render_update (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields,
                    guint match)
{
  corm_append (sql->text, "UPDATE ");
  corm_sql_append_name (sql, mapping->model->table);
  for (guint i = 0; i < n_fields; i++) {
    const CormField *field = &mapping->fields[fields[i]];
    corm_append (sql->text, i > 0 ? ", " : " SET ");
    corm_sql_append_name (sql, field->name);
    corm_append (sql->text, " = ");
    corm_sql_append_param (sql, field->name, &field->type, NULL);
  }
  corm_render_count_version (sql, mapping);
  append_key (sql, mapping, match);
}

void
corm_render_count_version (CormSql *sql, const CormMapping *mapping)
{
  const CormField *version = corm_mapping_find_role (mapping, CORM_ROLE_VERSION);
  if (version == NULL)
    return;
  corm_append (sql->text, ", ");
  corm_sql_append_name (sql, version->name);
  corm_append (sql->text, " = ");
  corm_sql_append_name (sql, version->name);
  corm_append (sql->text, " + 1");
}

void
corm_render_delete (CormSql *sql, const CormMapping *mapping, guint match)
{
  corm_append (sql->text, "DELETE FROM ");
  corm_sql_append_name (sql, mapping->model->table);
  append_key (sql, mapping, match);
}

gboolean
corm_render_mark_where (CormSql *sql, const CormSelect *select, const CormValue *now, GError **error)
{
  const CormMapping *mapping = select->mapping;
  const CormField *deleted = corm_mapping_find_role (mapping, CORM_ROLE_DELETED_AT);
  const CormField *updated = corm_mapping_find_role (mapping, CORM_ROLE_UPDATED_AT);
  corm_append (sql->text, "UPDATE ");
  corm_sql_append_name (sql, mapping->model->table);
  corm_append (sql->text, " SET ");
  corm_sql_append_name (sql, deleted->name);
  corm_append (sql->text, " = ");
  corm_sql_append_param (sql, deleted->name, &deleted->type, now);
  if (updated != NULL) {
    corm_append (sql->text, ", ");
    corm_sql_append_name (sql, updated->name);
    corm_append (sql->text, " = ");
    corm_sql_append_param (sql, updated->name, &updated->type, now);
  }
  corm_render_count_version (sql, mapping);
  CormScopeTable table;
  const CormScope scope = corm_scope_of (mapping, &table);
  return corm_render_where (sql, &scope, select->where, error);
}

gboolean
corm_render_delete_where (CormSql *sql, const CormSelect *select, GError **error)
{
  corm_append (sql->text, "DELETE FROM ");
  corm_sql_append_name (sql, select->mapping->model->table);
  CormScopeTable table;
  const CormScope scope = corm_scope_of (select->mapping, &table);
  return corm_render_where (sql, &scope, select->where, error);
}

void
corm_render_get (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields, guint match)
{
  corm_append (sql->text, "SELECT ");
  for (guint i = 0; i < n_fields; i++) {
    corm_append (sql->text, i > 0 ? ", " : "");
    corm_sql_append_column (sql, &mapping->fields[fields[i]]);
  }
  corm_append (sql->text, " FROM ");
  corm_sql_append_name (sql, mapping->model->table);
  append_key (sql, mapping, match);
}
