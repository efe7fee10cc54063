/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Changed rows without RETURNING. The rows that match are read and locked first, so that exactly they are changed: by
 * their keys, a chunk at a time. */
#include "store/changed.h"

#include "query/query.h"
#include "store/select.h"

#include <corm/error.h>

enum { CHUNK = 200 };

/* A query of the same model for the rows with the keys of rows @from to @to. */
static CormQuery *
query_keys (const CormRows *rows, gsize from, gsize to, GError **error)
{
  const CormMapping *mapping = rows->mapping;
  g_autoptr (CormQuery) query = corm_query_new (mapping->model);
  gsize n = to - from;
  CormExpr *any = corm_arena_alloc (query->arena, (n + 1) * sizeof *any);
  for (gsize i = 0; i < n; i++) {
    CormExpr *all = corm_arena_alloc (query->arena, (mapping->n_keys + 1) * sizeof *all);
    for (guint k = 0; k < mapping->n_keys; k++) {
      const CormField *key = &mapping->fields[mapping->keys[k]];
      all[k] = (CormExpr){ .kind = CORM_EXPR_EQ, .model = mapping->model, .offset = key->column->offset };
      if (!corm_field_get (mapping, key, rows->rows[from + i], &all[k].value, error))
        return NULL;
    }
    all[mapping->n_keys].kind = CORM_EXPR_END;
    any[i] = (CormExpr){ .kind = CORM_EXPR_ALL, .operands = all };
  }
  any[n].kind = CORM_EXPR_END;
  corm_query_where (query, (CormExpr){ .kind = CORM_EXPR_ANY, .operands = any });
  return g_steal_pointer (&query);
}

/* The rows that @query finds, locked until the transaction ends. */
static CormRows *
lock_rows (CormQuery *query, CormConnection *conn, GError **error)
{
  CormLock before = query->lock;
  query->lock = CORM_LOCK_UPDATE;
  CormRows *rows = corm_query_find (query, conn, error);
  query->lock = before;
  return rows;
}

static gboolean
changes_key (const CormMapping *mapping, const CormSet *sets)
{
  for (; sets->model != NULL; sets++)
    for (guint i = 0; i < mapping->n_keys; i++)
      if (mapping->fields[mapping->keys[i]].column->offset == sets->offset)
        return TRUE;
  return FALSE;
}

/* Reads the rows of @query into the arena of @into, behind those that are there. */
static gboolean
read_again (CormQuery *query, CormConnection *conn, CormRows *into, GError **error)
{
  const CormMapping *mapping = into->mapping;
  CormExpr where = *CORM_QUERY_ITEMS (query->where, CormExpr);
  const CormSelect select = {
    .kind = CORM_SELECT_ROWS, .mapping = mapping, .where = &where, .with_deleted = TRUE
  };
  const CormRows *rows = corm_select_load (conn, &select, into->arena, error);
  for (gsize i = 0; rows != NULL && i < rows->n_rows; i++)
    corm_rows_append (into, rows->rows[i]);
  return rows != NULL;
}

static CormRows *
update (CormRows *found, CormConnection *conn, const CormSet *sets, GError **error)
{
  g_autoptr (CormRows) rows = corm_rows_new (found->mapping, NULL);
  for (gsize i = 0; i < found->n_rows; i += CHUNK) {
    g_autoptr (CormQuery) keys = query_keys (found, i, MIN (i + CHUNK, found->n_rows), error);
    if (keys == NULL || !corm_query_update (keys, conn, sets, NULL, error) ||
        !read_again (keys, conn, rows, error))
      return NULL;
  }
  return g_steal_pointer (&rows);
}

CormRows *
corm_changed_update (CormQuery *query, CormConnection *conn, const CormSet *sets, GError **error)
{
  const CormMapping *mapping = corm_store_find_mapping (conn, query->model, error);
  if (mapping == NULL)
    return NULL;
  if (changes_key (mapping, sets)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                 "this database can't give back rows whose key is changed; update without returning them");
    return NULL;
  }
  g_autoptr (CormTransaction) guard = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error);
  g_autoptr (CormRows) found = guard != NULL ? lock_rows (query, conn, error) : NULL;
  g_autoptr (CormRows) rows = found != NULL ? update (found, conn, sets, error) : NULL;
  return rows != NULL && corm_transaction_commit (guard, error) ? g_steal_pointer (&rows) : NULL;
}

CormRows *
corm_changed_delete (CormQuery *query, CormConnection *conn, GError **error)
{
  g_autoptr (CormTransaction) guard = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error);
  g_autoptr (CormRows) rows = guard != NULL ? lock_rows (query, conn, error) : NULL;
  g_autoptr (CormRows) marked = corm_rows_new (rows != NULL ? rows->mapping : NULL, NULL);
  gboolean marks = rows != NULL && rows->mapping->roles[CORM_ROLE_DELETED_AT] >= 0;
  for (gsize i = 0; rows != NULL && i < rows->n_rows; i += CHUNK) {
    g_autoptr (CormQuery) keys = query_keys (rows, i, MIN (i + CHUNK, rows->n_rows), error);
    if (keys == NULL || !corm_query_delete (keys, conn, NULL, error) ||
        (marks && !read_again (keys, conn, marked, error)))
      return NULL;
  }
  if (rows == NULL || !corm_transaction_commit (guard, error))
    return NULL;
  return marks ? g_steal_pointer (&marked) : g_steal_pointer (&rows);
}
