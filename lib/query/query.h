/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The tree that a CormQuery holds. The query owns copies of all of it, in one arena, other queries apart, which it
 * borrows. Lists grow in the arena and are ended by zeros; lists of expressions by CORM_EXPR_END. */
#pragma once

#include "query/scope.h"
#include "query/select.h"

typedef struct {
  gpointer items;
  guint n;
  guint n_allocated;
} CormQueryList;

/* A table of the FROM clause. */
struct _CormQuerySource {
  CormJoin join; /* of the first one: CORM_INNER_JOIN */
  const CormModel *model;
  CormQuery *query;   /* its rows are those of this query; NULL: a table, or a common table expression */
  const CormExpr *on; /* NULL: none */
  const CormModel
      *owner; /* joined along the relation at slot of this model; on is known once the registry is */
  gsize slot;
  int through;              /* in a scope: the table between the two; 0: none */
  const CormExpr *inner_on; /* what joins that with model */
};

typedef struct {
  CormSetOperation operation;
  CormQuery *query;
} CormQueryPart;

typedef struct {
  const CormModel *as;
  CormQuery *body;
} CormQueryDefinition;

struct _CormQuery {
  CormArena *arena; /* the query itself lies in it */
  const CormModel *model;
  CormQueryList sources;     /* CormQuerySource */
  CormQueryList outputs;     /* CormOutput; none: all columns of model */
  CormQueryList where;       /* CormExpr, joined by AND, as having */
  CormQueryList group;       /* CormExpr */
  CormQueryList having;      /* CormExpr */
  CormQueryList order;       /* CormOrder */
  CormQueryList distinct_on; /* CormExpr */
  CormQueryList parts;       /* CormQueryPart */
  CormQueryList definitions; /* CormQueryDefinition */
  CormQueryList with;        /* gsize */
  gboolean distinct;
  gboolean with_deleted; /* rows that are marked as deleted too */
  CormLock lock;
  gsize limit;
  gsize offset;
  gboolean is_page;
  const char *token;                /* of a page that is not the first */
  gboolean is_resolving, is_typing; /* by calls that are under way */
  GError *error;                    /* the first fault of its making */
};

#define CORM_QUERY_ITEMS(list, T) ((T *) (list).items)

/* A new item of @size bytes, zeros, at the end of @list, with as many zeros behind it. */
gpointer corm_query_list_add (CormArena *arena, CormQueryList *list, gsize size);
/* A copy of @expr at the end of a list of expressions. */
gboolean corm_query_add_expr (CormQuery *query, CormQueryList *list, const CormExpr *expr);
/* Sets the first fault: "query of TABLE: …". Returns @query. */
CormQuery *corm_query_refuse (CormQuery *query, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Errors: INVALID, the first fault of its making. */
gboolean corm_query_check_made (const CormQuery *query, GError **error);
/* Begins what must not happen within itself, until *@flag, one of the query's, is FALSE again. Errors: INVALID. */
gboolean corm_query_enter (const CormQuery *query, gboolean *flag, GError **error);

/* The registry, the common table expressions and the arena that a query within @outer has, but none of its tables: what
 * a derived table and a part of a set operation see. */
CormScope corm_scope_bare (const CormScope *outer);
CormRegistry *corm_scope_get_registry (const CormScope *scope);
/* The tables that @query reads, with @outer's around them, and the common table expressions that it defines. Errors:
 * INVALID. */
const CormScope *corm_query_new_scope (CormQuery *query, const CormScope *outer, GError **error);
/* The mapping of a table, an alias, or a shape that is defined in @scope. Errors: INVALID. */
const CormMapping *corm_scope_find_mapping (const CormScope *scope, const CormModel *model, GError **error);

guint corm_query_get_n_outputs (const CormQuery *query);
/* The type of output @column of a subquery within @outer. Errors: INVALID. */
gboolean corm_query_get_output_type (CormQuery *query, const CormScope *outer, guint column,
                                     CormSqlType *type, GError **error);
