/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A statement under construction: its text, and the values and types of its parameters in order. Borrows the values. */
#pragma once

#include "query/edge.h"
#include "query/filter.h"
#include "query/query.h"
#include "query/select.h"
#include "render/append.h"

#include <corm/sys/driver.h>

typedef struct {
  const CormDialect *dialect;
  CormFilter filter; /* what every table that it reads is confined to (query/filter.h) */
  gboolean
      shares; /* numbered placeholders: the same value gets the same number, so that an expression of GROUP BY is
                      the same wherever it stands */
  guint depth; /* queries around the one that is being rendered */
  GString *text;
  GArray *params;   /* CormValue */
  GArray *types;    /* CormSqlType */
  GPtrArray *names; /* of the columns that the parameters are for; borrowed */
  GArray *columns;  /* CormSqlType of the result's columns */
  GPtrArray *kept;  /* bytes that were made for params, to be freed with it; NULL: none */
} CormSql;

CormSql *corm_sql_new (const CormDialect *dialect);
void corm_sql_free (CormSql *sql);
/* Empty again, with the memory that it has. */
void corm_sql_clear (CormSql *sql);
/* Appends a placeholder for @value, which is for the column @name. */
void corm_sql_append_param (CormSql *sql, const char *name, const CormSqlType *type, const CormValue *value);
/* Owns @bytes, g_malloc'd, which params borrow. */
void corm_sql_keep (CormSql *sql, gpointer bytes);
/* @table in a FROM: its own rows alone. */
void corm_sql_append_rows_of (GString *text, const CormDialect *dialect, const CormTable *table);
/* Appends the condition, over @table by its own name, of rows whose @key points to no row of @target; to anything at all
 * where that is NULL. FALSE: the key is over columns that are not there. */
gboolean corm_sql_append_orphans (GString *condition, const CormDialect *dialect, const CormTable *table,
                                  const CormForeignKey *key, const CormTable *target);
/* Puts @template around what is between @start and the end of @text, in place of each {}; NULL: leaves it. */
void corm_sql_wrap (GString *text, gsize start, const char *template);
/* The same in @sql, whose parameters from @first on stand between. */
void corm_sql_wrap_params (CormSql *sql, gsize start, guint first, const char *template);
/* An identifier, quoted where it has to be. */
void corm_sql_append_name (CormSql *sql, const char *name);
/* What a column, or a value for it, needs behind it to be compared and sorted. Errors: UNSUPPORTED. */
gboolean corm_sql_append_compare (CormSql *sql, const CormField *field, GError **error);
/* An expression that is read as @type, with the dialect's cast around it; its type goes to columns. */
void corm_sql_append_typed (CormSql *sql, const CormSqlType *type, const char *expression);
/* What a driver prepares; borrows from @sql. */
CormStatementSpec corm_sql_get_spec (const CormSql *sql);
/* A column of @field as it is read, with the dialect's cast around it; its type goes to columns. */
void corm_sql_append_column (CormSql *sql, const CormField *field);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSql, corm_sql_free)

gboolean corm_render_select (CormSql *sql, const CormSelect *select, GError **error);
/* The rows of a relation: the near key where the path goes through another table, then all columns of the target. */
gboolean corm_render_edge (CormSql *sql, const CormEdgeSelect *edge, GError **error);
/* "SELECT …" of a query inside another: no parentheses around it, its columns as they are compared, not as they are
 * read. @outer: the tables of the query around it, and where models are found. Errors: INVALID, UNSUPPORTED. */
gboolean corm_render_query (CormSql *sql, CormQuery *query, const CormScope *outer, GError **error);
/* " WHERE …", or nothing where @expr says nothing. */
gboolean corm_render_where (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error);
/* An expression that corm_expr_check() takes. Errors: UNSUPPORTED, what this database cannot compute exactly. */
gboolean corm_render_expr (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error);
/* A column's name, with its table's in front of it where that is needed. */
void corm_render_field (CormSql *sql, const CormScope *scope, const CormScopeTable *table,
                        const CormField *field);
/* An expression as rows are sorted, grouped and told apart by it. */
gboolean corm_render_key (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error);
/* Whether IN over a column of @type takes a list of any length, in one statement. */
gboolean corm_list_is_unbounded (const CormDialect *dialect, CormType type);
/* " ORDER BY …" of @order (NULL: nothing), NULLs where it says. */
gboolean corm_render_order (CormSql *sql, const CormScope *scope, const CormOrder *order, GError **error);
/* UPDATE that marks all rows that match as deleted. */
gboolean corm_render_mark_where (CormSql *sql, const CormSelect *select, const CormValue *now,
                                 GError **error);
/* DELETE of all rows that match. */
gboolean corm_render_delete_where (CormSql *sql, const CormSelect *select, GError **error);

/* Writes of one row: @fields and @returning are positions in the mapping's fields. Placeholders only: the values come
 * with each execution, in the order of @fields, the key behind them where there is a WHERE. Upsert wants a dialect
 * with CORM_UPSERT_ON_CONFLICT. */
void corm_render_insert (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields,
                         const guint *returning, guint n_returning);
void corm_render_upsert (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields,
                         const guint *returning, guint n_returning);
/* What the WHERE of one row says beside its key. The tenant is always there where the model has one; its value comes last,
 * behind that of the version. */
typedef enum {
  CORM_MATCH_VERSION = 1 << 0, /* as it was read: a value */
  CORM_MATCH_LIVE = 1 << 1,    /* not marked as deleted */
} CormMatch;
void corm_render_update (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields,
                         guint match);
/* ", version = version + 1", where the model has one. */
void corm_render_count_version (CormSql *sql, const CormMapping *mapping);
void corm_render_delete (CormSql *sql, const CormMapping *mapping, guint match);
/* SELECT of @fields by key. */
void corm_render_get (CormSql *sql, const CormMapping *mapping, const guint *fields, guint n_fields,
                      guint match);
