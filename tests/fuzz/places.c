/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Each place renders a statement with the hostile string in it, as the library would send it. */
#include "harmless.h"
#include "places.h"

#include "engine/parameters.h"
#include "query/select.h"
#include "render/ddl.h"
#include "render/sql.h"

#include <corm/corm.h>
#include <string.h>

static gboolean
render_where (GString *out, const CormDialect *dialect, const CormModel *model, CormExpr where,
              const CormOrder *order, GError **error)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (model);
  g_autoptr (CormSql) sql = corm_sql_new (dialect);
  const CormSelect select = { .mapping = mapping, .where = &where, .order = order, .limit = 5 };
  if (!corm_select_check (&select, error) || !corm_render_select (sql, &select, error))
    return FALSE;
  g_string_append_len (out, sql->text->str, (gssize) sql->text->len);
  return TRUE;
}

#define WHERE(name, expr) \
  static gboolean name (GString *sql, const CormDialect *dialect, const char *string, GError **error) \
  { \
    return render_where (sql, dialect, &Harmless_model, (expr), NULL, error); \
  }
#define NAME CORM_COL (Harmless, name)

WHERE (equal, CORM_EQ (Harmless, name, string))
WHERE (like, CORM_LIKE (Harmless, name, string))
WHERE (in, CORM_IN (Harmless, name, "a", string, "b"))
WHERE (between, CORM_BETWEEN (Harmless, name, string, string))
WHERE (decimal, CORM_EQ (Harmless, cost, ((CormDecimal){ string })))
WHERE (bytes, CORM_EQ (Harmless, data, ((CormBytes){ (const guint8 *) string, strlen (string) })))
WHERE (json, CORM_EQ (Harmless, doc, ((CormJson){ string })))
WHERE (equal_typed, CORM_EQUAL (NAME, string))
WHERE (matches, CORM_MATCHES (NAME, string))
WHERE (matches_any_case, CORM_MATCHES_ANY_CASE (string, NAME))
WHERE (concat, CORM_EQUAL (CORM_CONCAT (string, NAME), CORM_LOWER (string)))
WHERE (replace, CORM_EQUAL (CORM_REPLACE (NAME, string, string), CORM_TRIM (string)))
WHERE (choice, CORM_EQUAL (CORM_IF (CORM_SAME (NAME, string), string, NAME), CORM_COALESCE (NAME, string)))
WHERE (one_of, CORM_ONE_OF (NAME, "a", string, "b"))
WHERE (tuple, CORM_EQUAL (CORM_TUPLE (NAME, CORM_COL (Harmless, id)), CORM_TUPLE (string, 1)))
WHERE (cast, CORM_EQUAL (CORM_TO_TEXT (CORM_COL (Harmless, id)), string))
WHERE (json_path, CORM_EQUAL (CORM_JSON_TEXT (CORM_COL (Harmless, doc), string), "a"))
WHERE (json_number, CORM_EQUAL (CORM_JSON_NUMBER (CORM_COL (Harmless, doc), string), 1))

static gboolean
long_list (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  const char *list[2000];
  for (guint i = 0; i < G_N_ELEMENTS (list); i++)
    list[i] = i % 7 == 0 ? string : "a";
  return render_where (sql, dialect, &Harmless_model,
                       CORM_IN_ARRAY (Harmless, name, list, G_N_ELEMENTS (list)), NULL, error);
}

static gboolean
order (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  return render_where (sql, dialect, &Harmless_model, CORM_ALL (),
                       CORM_ORDER (CORM_DESC_EXPR (CORM_EQUAL (NAME, string)), CORM_ASC (Harmless, id)),
                       error);
}

/* --- names ---------------------------------------------------------------------------------------------------------- */

/* A model whose table or second column has the name @string. */
static gboolean
render_model (GString *sql, const CormDialect *dialect, const char *table, const char *column, GError **error)
{
  CormColumn columns[] = { harmless_columns[0], harmless_columns[1] };
  CormModel model = CORM_MODEL (Harmless, table, CORM_COLUMNS (columns));
  columns[1].name = column;
  const CormExpr where = {
    .kind = CORM_EXPR_EQ, .model = &model, .offset = offsetof (Harmless, name), .value = corm_value_text ("a")
  };
  const CormOrder sorted[] = { { .model = &model, .offset = offsetof (Harmless, name) }, { 0 } };
  return render_where (sql, dialect, &model, where, sorted, error);
}

static gboolean
table_name (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  return render_model (sql, dialect, string, "harmless", error);
}

static gboolean
column_name (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  return render_model (sql, dialect, "harmless", string, error);
}

static gboolean
writes (GString *text, const CormDialect *dialect, const char *string, G_GNUC_UNUSED GError **error)
{
  CormColumn columns[] = { harmless_columns[0], harmless_columns[1] };
  CormModel model = CORM_MODEL (Harmless, string, CORM_COLUMNS (columns));
  const guint fields[] = { 0, 1 };
  columns[1].name = string;
  g_autoptr (CormMapping) mapping = corm_mapping_new (&model);
  g_autoptr (CormSql) sql = corm_sql_new (dialect);
  corm_render_insert (sql, mapping, fields, 2, NULL, 0);
  g_string_append_c (sql->text, ' ');
  corm_render_update (sql, mapping, fields + 1, 1, 0);
  g_string_append_c (sql->text, ' ');
  corm_render_delete (sql, mapping, 0);
  g_string_append (text, sql->text->str);
  return TRUE;
}

static void
append_all (GString *text, const GPtrArray *sql)
{
  for (guint i = 0; i < sql->len; i++)
    g_string_append_printf (text, "%s ", (char *) sql->pdata[i]);
}

static gboolean
table_of_names (GString *text, const CormDialect *dialect, const char *string, GError **error)
{
  g_autoptr (CormSchema) schema = corm_schema_new (NULL);
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  CormTable *table = corm_schema_add_table (schema, string);
  CormTableColumn *column = corm_table_add_column (table, string);
  column->type.type = CORM_TYPE_INT64;
  corm_index_add_part (corm_table_add_index (table, string), string);
  if (!corm_render_create_table (sql, dialect, table, CORM_DDL_INDEXES, NULL, error))
    return FALSE;
  append_all (text, sql);
  return TRUE;
}

/* --- literals ------------------------------------------------------------------------------------------------------- */

static gboolean
table_of_literals (GString *text, const CormDialect *dialect, const char *string, GError **error)
{
  const char *const labels[] = { "a", string, NULL };
  g_autoptr (CormSchema) schema = corm_schema_new (NULL);
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  CormTable *table = corm_schema_add_table (schema, "harmless");
  CormTableColumn *column = corm_table_add_column (table, "name");
  column->type = (CormSqlType){ .type = CORM_TYPE_TEXT };
  column->default_kind = CORM_DEFAULT_LITERAL;
  column->default_text = g_strdup (string);
  column->comment = g_strdup (string);
  column = corm_table_add_column (table, "state");
  column->type = (CormSqlType){ .type = CORM_TYPE_ENUM };
  column->labels = g_strdupv ((GStrv) labels);
  table->comment = g_strdup (string);
  if (!corm_render_create_table (sql, dialect, table, 0, NULL, error))
    return FALSE;
  append_all (text, sql);
  return TRUE;
}

static gboolean
literal (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  const CormValue values[] = { corm_value_text (string), corm_value_json ((CormJson){ string }) };
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    if (!corm_sql_append_literal (sql, dialect, &values[i], error))
      return FALSE;
    g_string_append_c (sql, ' ');
  }
  return TRUE;
}

/* --- what only picks ------------------------------------------------------------------------------------------------ */

/* A parameter's name chooses a value; the statement's text is the programmer's. */
static gboolean
parameter_name (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  g_auto (CormParameters) out = { 0 };
  const CormParam params[] = { { "name", corm_value_text (string) }, { string, corm_value_int (1) }, { 0 } };
  if (!corm_parameters_resolve (&out, dialect, "SELECT :name, ':p', \":p\" FROM t -- :p", params, error))
    return FALSE;
  g_string_append (sql, out.sql->str);
  return TRUE;
}

static gboolean
parameter_value (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  g_auto (CormParameters) out = { 0 };
  const CormParam params[] = { { "name", corm_value_text (string) }, { 0 } };
  if (!corm_parameters_resolve (&out, dialect, "SELECT :name, ':p', \":p\" FROM t -- :p", params, error))
    return FALSE;
  g_string_append (sql, out.sql->str);
  return TRUE;
}

#define HARMLESS "harmless string"

const Place places[] = {
  { "text compared", HARMLESS, FALSE, equal },
  { "pattern", HARMLESS, FALSE, like },
  { "list", HARMLESS, FALSE, in },
  { "long list", HARMLESS, FALSE, long_list },
  { "between", HARMLESS, FALSE, between },
  { "decimal", "1", FALSE, decimal },
  { "bytes", HARMLESS, FALSE, bytes },
  { "JSON", "1", FALSE, json },
  { "text expression compared", HARMLESS, FALSE, equal_typed },
  { "pattern of an expression", HARMLESS, FALSE, matches },
  { "text matched against a column", HARMLESS, FALSE, matches_any_case },
  { "text joined", HARMLESS, FALSE, concat },
  { "text replaced", HARMLESS, FALSE, replace },
  { "text chosen", HARMLESS, FALSE, choice },
  { "one of", HARMLESS, FALSE, one_of },
  { "tuple", HARMLESS, FALSE, tuple },
  { "text compared with a cast", HARMLESS, FALSE, cast },
  { "JSON path to text", "$.a", FALSE, json_path },
  { "JSON path to a number", "$.a", FALSE, json_number },
  { "order by an expression", HARMLESS, FALSE, order },
  { "name of a table", HARMLESS, TRUE, table_name },
  { "name of a column", HARMLESS, TRUE, column_name },
  { "names in INSERT, UPDATE, DELETE", HARMLESS, TRUE, writes },
  { "names in CREATE TABLE and INDEX", HARMLESS, TRUE, table_of_names },
  { "default, labels, comments", HARMLESS, FALSE, table_of_literals },
  { "literal", HARMLESS, FALSE, literal },
  { "name of a parameter", NULL, FALSE, parameter_name },
  { "value of a parameter", HARMLESS, FALSE, parameter_value },
  { "name of an alias", HARMLESS, TRUE, place_alias },
  { "name of an output", HARMLESS, TRUE, place_output },
  { "name of a shape", HARMLESS, TRUE, place_shape },
  { "name of a shape's column", HARMLESS, TRUE, place_shape_column },
  { "token of a page", NULL, FALSE, place_token },
  { "value of an update", HARMLESS, FALSE, place_set },
  { "value of HAVING and a window", HARMLESS, FALSE, place_having },
};
const guint n_places = G_N_ELEMENTS (places);
