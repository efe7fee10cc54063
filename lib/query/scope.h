/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The tables that a part of a query can name: those of its own FROM, and behind them those of the queries around it.
 * A table is found by its model, of which an alias is another. */
#pragma once

#include "model/mapping.h"

typedef struct {
  const CormModel *model; /* a model, an alias or a shape */
  const CormMapping *mapping;
  const char *name;    /* what its columns are qualified with: the table, or the alias's name */
  bool may_be_missing; /* behind an outer join: every column of it may be NULL */
} CormScopeTable;

/* A common table expression that can be read here, and those that stand before it. */
typedef struct _CormScopeDefined CormScopeDefined;
struct _CormScopeDefined {
  CormScopeTable table;
  const CormScopeDefined *next;
};

typedef struct _CormQuerySource CormQuerySource;
typedef struct _CormScope CormScope;
struct _CormScope {
  const CormScope *outer; /* NULL: of the outermost query */
  const CormScopeTable *tables;
  guint n_tables;
  CormRegistry *registry;          /* NULL: that of the first table's mapping, or of the scope around */
  const CormScopeDefined *defined; /* NULL: none */
  const CormQuerySource
      *sources;     /* of a CormQuery: by table, the tables between related ones come behind them */
  CormArena *arena; /* what lasts until the statement is made; NULL: the query's own */
};

/* NULL when no query of the scope reads @model. */
const CormScopeTable *corm_scope_find (const CormScope *scope, const CormModel *model);
/* The column at @offset of @model, and in @table where it is. Errors: INVALID, naming model and member. */
const CormField *corm_scope_find_field (const CormScope *scope, const CormModel *model, gsize offset,
                                        const CormScopeTable **table, GError **error);
/* Whether columns have to be written with their table's name. */
gboolean corm_scope_is_qualified (const CormScope *scope);
/* Sets INVALID, "query of TABLE: …" after the first table; always FALSE. */
gboolean corm_scope_refuse (const CormScope *scope, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* The scope of a query that reads the table of @mapping alone; @table is where it keeps that. */
static inline CormScope
corm_scope_of (const CormMapping *mapping, CormScopeTable *table)
{
  *table = (CormScopeTable){ .model = mapping->model, .mapping = mapping, .name = mapping->model->table };
  return (CormScope){ .tables = table, .n_tables = 1, .registry = mapping->registry };
}
