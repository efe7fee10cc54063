/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The places of a query that the builder makes. */
#include "harmless.h"

#include "render/query.h"

static CormRegistry *
registry (void)
{
  static CormRegistry *made;
  static const CormModel *const models[] = { &Harmless_model, NULL };
  if (made == NULL)
    made = corm_registry_new_array (models, NULL);
  return made;
}

static const CormResolved *
resolve (CormQuery *query, GError **error)
{
  const CormScope outer = { .registry = registry () };
  return corm_query_resolve (query, &outer, error);
}

static gboolean
render (GString *text, const CormDialect *dialect, CormQuery *query, GError **error)
{
  g_autoptr (CormSql) sql = corm_sql_new (dialect);
  const CormResolved *resolved = resolve (query, error);
  if (resolved == NULL || !corm_render_resolved (sql, resolved, CORM_NAMES_NONE, TRUE, error))
    return FALSE;
  g_string_append (text, sql->text->str);
  return TRUE;
}

/* An expression for a column of a model that the compiler does not know. */
static CormExpr
column_of (const CormModel *model, gsize offset)
{
  return (CormExpr){ .kind = CORM_EXPR_COLUMN, .model = model, .offset = offset };
}

#define NAME CORM_COL (Harmless, name)
#define ID CORM_COL (Harmless, id)

gboolean
place_alias (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  const CormModel alias = {
    .type = string, .table = string, .size = sizeof (Harmless), .alias_of = &Harmless_model
  };
  g_autoptr (CormQuery) query = corm_query_new (&Harmless_model);
  const CormExpr id = column_of (&alias, offsetof (Harmless, id));
  const CormOrder order = { .model = &alias, .offset = offsetof (Harmless, name), .descending = true };
  corm_query_join (query, CORM_LEFT_JOIN, &alias, CORM_PREDICATE (CORM_FUNCTION_EQUAL, CORM_BARE (ID), id));
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("a", NAME), { .name = "b", .expr = id }));
  return render (sql, dialect, corm_query_order (query, order), error);
}

gboolean
place_output (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&Harmless_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_AS (string, NAME), CORM_AS ("b", ID)));
  return render (sql, dialect, query, error);
}

typedef struct {
  gint64 a;
} Shape;

static gboolean
with_shape (GString *sql, const CormDialect *dialect, const char *table, const char *column, GError **error)
{
  const CormColumn columns[] = { { .name = column, .member = "a", .ctype = CORM_C_INT64 } };
  const CormModel shape = { .type = table,
                            .table = table,
                            .size = sizeof (Shape),
                            .is_shape = true,
                            .columns = columns,
                            .n_columns = 1 };
  const CormExpr a = column_of (&shape, 0);
  g_autoptr (CormQuery) body = corm_query_new (&Harmless_model);
  g_autoptr (CormQuery) query = corm_query_new (&Harmless_model);
  corm_query_select (body, CORM_OUTPUTS ({ .model = &shape, .offset = 0, .expr = CORM_BARE (ID) }));
  corm_query_define (query, &shape, body);
  corm_query_join (query, CORM_INNER_JOIN, &shape, CORM_PREDICATE (CORM_FUNCTION_EQUAL, CORM_BARE (ID), a));
  corm_query_select (query, CORM_OUTPUTS ({ .name = "b", .expr = a }));
  return render (sql, dialect, query, error);
}

gboolean
place_shape (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  return with_shape (sql, dialect, string, "a", error);
}

gboolean
place_shape_column (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  return with_shape (sql, dialect, "shape", string, error);
}

gboolean
place_token (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&Harmless_model);
  corm_query_order (query, (CormOrder) CORM_ASC (Harmless, id));
  return render (sql, dialect, corm_query_page (query, string, 5), error);
}

gboolean
place_set (GString *text, const CormDialect *dialect, const char *string, GError **error)
{
  g_autoptr (CormSql) sql = corm_sql_new (dialect);
  g_autoptr (CormQuery) query =
      corm_query_where (corm_query_new (&Harmless_model), CORM_EQUAL (NAME, string));
  const CormResolved *resolved = resolve (query, error);
  const CormValue now = corm_value_timestamp ((CormTimestamp){ 1 });
  if (resolved == NULL ||
      !corm_render_query_update (sql, resolved,
                                 CORM_SETS (CORM_SET (Harmless, name, CORM_CONCAT (NAME, string))), &now,
                                 FALSE, error))
    return FALSE;
  g_string_append (text, sql->text->str);
  return TRUE;
}

gboolean
place_having (GString *sql, const CormDialect *dialect, const char *string, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&Harmless_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("a", CORM_MAX (NAME)),
                                          CORM_AS ("b", CORM_COUNT (CORM_CONCAT (NAME, string)))));
  corm_query_group (query, CORM_EXPRS (CORM_CONCAT (NAME, string)));
  corm_query_having (query, CORM_LESS (CORM_MIN (NAME), string));
  return render (sql, dialect, query, error);
}
