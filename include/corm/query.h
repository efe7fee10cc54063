/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A query put together at run time, from the expressions of <corm/expr.h> and <corm/function.h>. It copies what it is
 * given, other queries apart, which it borrows until it has run. Calls chain; the first fault is reported when it runs.
 *
 *   CORM_SHAPE (Busy, name, jobs)                      struct Busy { const char *name; gint64 jobs; }
 *   g_autoptr (CormQuery) query = corm_query_new (&Cluster_model);
 *   corm_query_join (query, CORM_LEFT_JOIN, &Job_model, CORM_EQUAL (CORM_COL (Job, cluster_id), CORM_COL (Cluster, id)));
 *   corm_query_select (query, CORM_OUTPUTS (CORM_OUTPUT (Busy, name, CORM_COL (Cluster, name)),
 *                                           CORM_OUTPUT (Busy, jobs, CORM_COUNT (CORM_COL (Job, id)))));
 *   corm_query_group (query, CORM_EXPRS (CORM_COL (Cluster, name)));
 *   g_autoptr (CormRows) rows = corm_query_find (query, conn, &error);
 *   CORM_FOREACH (Busy, row, rows) … */
#pragma once

#include <corm/aggregate.h>
#include <corm/db.h>
#include <corm/store.h>

G_BEGIN_DECLS

typedef enum { CORM_INNER_JOIN, CORM_LEFT_JOIN, CORM_RIGHT_JOIN, CORM_FULL_JOIN, CORM_CROSS_JOIN } CormJoin;
typedef enum {
  CORM_UNION, /* without doubles; CORM_UNION_ALL keeps them */
  CORM_UNION_ALL,
  CORM_INTERSECT,
  CORM_EXCEPT,
} CormSetOperation;
typedef enum {
  CORM_LOCK_NONE,
  CORM_LOCK_UPDATE, /* FOR UPDATE; SQLite, which has one writer, takes its write lock with the transaction instead */
  CORM_LOCK_SHARE,
  CORM_LOCK_UPDATE_NO_WAIT,
  CORM_LOCK_UPDATE_SKIP_LOCKED,
} CormLock;

/* One column of a result: a member of a shape or a model, or a name in a dynamic row. */
typedef struct {
  const CormModel *model;
  gsize offset;
  const char *name;
  CormExpr expr;
} CormOutput;

/* One column that an update changes, and to what. */
typedef struct {
  const CormModel *model;
  gsize offset;
  CormExpr expr;
} CormSet;

#ifndef __cplusplus
/* clang-format off */
/* Another name for a model in a query, for joins of a table with itself: CORM_ALIAS (Employee, Boss) outside of
 * functions, then CORM_COL (Boss, name), &Boss_model. */
#define CORM_ALIAS(T, a) \
  typedef T a; \
  static const CormModel a##_model G_GNUC_UNUSED = { .type = #a, .table = #a, .size = sizeof (T), .alias_of = &T##_model };
/* A struct for the columns of a result, or of a common table expression: CORM_SHAPE (Busy, name, jobs), of up to
 * sixteen members. */
#define CORM_SHAPE(T, ...) \
  static const CormColumn T##_columns[] = { CORM_SHAPE_COLUMNS (T, __VA_ARGS__) }; \
  static const CormModel T##_model G_GNUC_UNUSED = { .type = #T, .table = #T, .size = sizeof (T), .is_shape = true, \
                                                     CORM_COLUMNS (T##_columns) };
#define CORM_SHAPE_1(T, m) CORM_COLUMN (T, m)
#define CORM_SHAPE_2(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_1 (T, __VA_ARGS__)
#define CORM_SHAPE_3(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_2 (T, __VA_ARGS__)
#define CORM_SHAPE_4(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_3 (T, __VA_ARGS__)
#define CORM_SHAPE_5(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_4 (T, __VA_ARGS__)
#define CORM_SHAPE_6(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_5 (T, __VA_ARGS__)
#define CORM_SHAPE_7(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_6 (T, __VA_ARGS__)
#define CORM_SHAPE_8(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_7 (T, __VA_ARGS__)
#define CORM_SHAPE_9(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_8 (T, __VA_ARGS__)
#define CORM_SHAPE_10(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_9 (T, __VA_ARGS__)
#define CORM_SHAPE_11(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_10 (T, __VA_ARGS__)
#define CORM_SHAPE_12(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_11 (T, __VA_ARGS__)
#define CORM_SHAPE_13(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_12 (T, __VA_ARGS__)
#define CORM_SHAPE_14(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_13 (T, __VA_ARGS__)
#define CORM_SHAPE_15(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_14 (T, __VA_ARGS__)
#define CORM_SHAPE_16(T, m, ...) CORM_COLUMN (T, m), CORM_SHAPE_15 (T, __VA_ARGS__)
#define CORM_SHAPE_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, name, ...) name
#define CORM_SHAPE_COLUMNS(T, ...) \
  CORM_SHAPE_PICK (__VA_ARGS__, CORM_SHAPE_16, CORM_SHAPE_15, CORM_SHAPE_14, CORM_SHAPE_13, CORM_SHAPE_12, CORM_SHAPE_11, \
                   CORM_SHAPE_10, CORM_SHAPE_9, CORM_SHAPE_8, CORM_SHAPE_7, CORM_SHAPE_6, CORM_SHAPE_5, CORM_SHAPE_4, \
                   CORM_SHAPE_3, CORM_SHAPE_2, CORM_SHAPE_1, 0) (T, __VA_ARGS__)

/* An output is of the member's family. */
#define CORM_OUTPUT(T, m, e) \
  { .model = &T##_model, .offset = offsetof (T, m), .expr = CORM_MEMBER_FAMILY (T, m, e) }
#define CORM_AS(n, e) { .name = (n), .expr = CORM_BARE (e) }
#define CORM_OUTPUTS(...) ((const CormOutput[]) { __VA_ARGS__, { 0 } })
#define CORM_SET(T, m, e) { .model = &T##_model, .offset = offsetof (T, m), .expr = CORM_MEMBER_FAMILY (T, m, e) }
/* The column becomes NULL. */
#define CORM_CLEAR(T, m) \
  { .model = &T##_model, .offset = offsetof (T, m), .expr = { .kind = CORM_EXPR_VALUE, .value = { .is_null = true } } }
#define CORM_SETS(...) ((const CormSet[]) { __VA_ARGS__, { 0 } })
/* clang-format on */
#endif

CORM_PUBLIC CormQuery *corm_query_new (const CormModel *model) CORM_MUST_USE;
/* Reads the rows of @source, whose outputs are the columns of the shape @as. */
CORM_PUBLIC CormQuery *corm_query_new_from (CormQuery *source, const CormModel *as) CORM_MUST_USE;
CORM_PUBLIC void corm_query_free (CormQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormQuery, corm_query_free)

/* Further calls of where, having, order, group and join add to the former. */
CORM_PUBLIC CormQuery *corm_query_where (CormQuery *query, CormExpr expr);
CORM_PUBLIC CormQuery *corm_query_order (CormQuery *query, CormOrder order);
CORM_PUBLIC CormQuery *corm_query_with (CormQuery *query, gsize slot);
/* Rows that are marked as deleted too (CORM_ROLE_DELETED_AT), in all that the query and those inside it read. */
CORM_PUBLIC CormQuery *corm_query_with_deleted (CormQuery *query);
CORM_PUBLIC CormQuery *corm_query_limit (CormQuery *query, gsize limit);
CORM_PUBLIC CormQuery *corm_query_offset (CormQuery *query, gsize offset);
/* What to read instead of all columns of the model: outputs into one shape or model, or all with names. */
CORM_PUBLIC CormQuery *corm_query_select (CormQuery *query, const CormOutput *outputs);
CORM_PUBLIC CormQuery *corm_query_distinct (CormQuery *query);
/* The first row, in the query's order, of each group of rows that are alike in @exprs (CORM_EXPRS). */
CORM_PUBLIC CormQuery *corm_query_distinct_on (CormQuery *query, const CormExpr *exprs);
CORM_PUBLIC CormQuery *corm_query_join (CormQuery *query, CormJoin join, const CormModel *model, CormExpr on);
/* Along a relation of @owner, which the query has; @as: its target, or an alias of that. */
CORM_PUBLIC CormQuery *corm_query_join_along (CormQuery *query, CormJoin join, const CormModel *owner,
                                              gsize slot, const CormModel *as);
/* The rows of another query, as of a table with the columns of the shape @as. */
CORM_PUBLIC CormQuery *corm_query_join_query (CormQuery *query, CormJoin join, CormQuery *source,
                                              const CormModel *as, CormExpr on);
CORM_PUBLIC CormQuery *corm_query_group (CormQuery *query, const CormExpr *exprs);
CORM_PUBLIC CormQuery *corm_query_having (CormQuery *query, CormExpr expr);
/* A common table expression: within @query the shape @as can be read and joined like a model. Recursive when @body is
 * a UNION of which a later part reads @as. */
CORM_PUBLIC CormQuery *corm_query_define (CormQuery *query, const CormModel *as, CormQuery *body);
/* @other has outputs of the same number and families; order and limit of @query hold for the whole. */
CORM_PUBLIC CormQuery *corm_query_combine (CormQuery *query, CormSetOperation operation, CormQuery *other);
CORM_PUBLIC CormQuery *corm_query_lock (CormQuery *query, CormLock lock);

/* The next page, of at most @limit rows, behind the row that @token stands for (NULL: the first page). The order must
 * end in a unique column; corm_query_page_token() of a page's last row, which web pages can carry, asks for the next. */
CORM_PUBLIC CormQuery *corm_query_page (CormQuery *query, const char *token, gsize limit);
CORM_PUBLIC char *corm_query_page_token (CormQuery *query, gconstpointer row, GError **error) CORM_MUST_USE;

/* All rows: of the model, or of the shape that the outputs name. */
CORM_PUBLIC CormRows *corm_query_find (CormQuery *query, CormConnection *conn, GError **error) CORM_MUST_USE;
/* One row after the other, in constant memory; read with corm_cursor_next_row() and the model or shape, or, of outputs
 * with names, with corm_cursor_next() and corm_cursor_get_value(). */
CORM_PUBLIC CormCursor *corm_query_open (CormQuery *query, CormConnection *conn,
                                         GError **error) CORM_MUST_USE;
CORM_PUBLIC gboolean corm_query_count (CormQuery *query, CormConnection *conn, guint64 *count,
                                       GError **error);
/* UPDATE and DELETE of the rows that the query's where finds; without one they are refused: say CORM_ALL (). */
CORM_PUBLIC gboolean corm_query_update (CormQuery *query, CormConnection *conn, const CormSet *sets,
                                        guint64 *n_changed, GError **error);
CORM_PUBLIC gboolean corm_query_delete (CormQuery *query, CormConnection *conn, guint64 *n_deleted,
                                        GError **error);
/* INSERT INTO @into the rows of @query, whose outputs name members of @into. */
CORM_PUBLIC gboolean corm_query_insert (CormQuery *query, CormConnection *conn, const CormModel *into,
                                        guint64 *n_inserted, GError **error);
/* The rows that update and delete changed come back in @rows, as they are then; deleted ones as they were, marked ones with the
 * mark. Free with corm_rows_free(). Where the database has no RETURNING they are locked, changed and read: there an update of
 * the key is UNSUPPORTED. */
CORM_PUBLIC gboolean corm_query_update_returning (CormQuery *query, CormConnection *conn, const CormSet *sets,
                                                  CormRows **rows, GError **error);
CORM_PUBLIC gboolean corm_query_delete_returning (CormQuery *query, CormConnection *conn, CormRows **rows,
                                                  GError **error);

/* The SQL that would run on @conn, its placeholders numbered or as question marks, and behind it a line per parameter with
 * its value; free with g_free(). */
CORM_PUBLIC char *corm_query_sql (CormQuery *query, CormConnection *conn, GError **error) CORM_MUST_USE;
/* The database's plan for it, as the database prints it; nothing is run. */
CORM_PUBLIC char *corm_query_explain (CormQuery *query, CormConnection *conn, GError **error) CORM_MUST_USE;

/* SQL written by hand into rows of @shape, a model or a shape, columns to members by name. Errors: INVALID, when a
 * column has no member or a member no column. */
CORM_PUBLIC CormRows *corm_load_sql (const CormModel *shape, CormConnection *conn, const char *sql,
                                     const CormParam *params, GError **error) CORM_MUST_USE;

G_END_DECLS
