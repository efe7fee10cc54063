/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The shape of a write. A shape is a model, an operation and a set of fields; each shape is rendered and prepared once
 * per connection and found again by model and mask, without building its text. */
#include "store/plan.h"

#include "store/draft.h"

#include "render/sql.h"

static void
write_free (gpointer data)
{
  CormWrite *write = data;
  g_free (write->sent);
  g_free (write->returned);
  g_free (write->values);
  g_free (write);
}

CormWrite *
corm_write_begin (CormConnection *conn, CormWriteKind kind, const CormMapping *mapping)
{
  CormDesk *desk = corm_desk_get (conn);
  CormWrite *write = desk->write;
  if (write == NULL) {
    write = desk->write = g_new0 (CormWrite, 1);
    desk->free_write = write_free;
  }
  if (write->mapping != mapping) {
    write->sent = g_renew (guint, write->sent, mapping->n_fields);
    write->returned = g_renew (guint, write->returned, mapping->n_fields);
    write->values = g_renew (CormValue, write->values, mapping->n_fields + mapping->n_keys + 2);
    write->mapping = mapping;
  }
  write->kind = kind;
  write->n_sent = write->n_returned = 0;
  write->mask = 0;
  write->match = 0;
  write->has_mask = mapping->n_fields <= 64;
  return write;
}

static void
render (CormSql *sql, const CormWrite *write)
{
  switch (write->kind) {
  case CORM_WRITE_INSERT:
    corm_render_insert (sql, write->mapping, write->sent, write->n_sent, write->returned, write->n_returned);
    break;
  case CORM_WRITE_UPSERT:
    corm_render_upsert (sql, write->mapping, write->sent, write->n_sent, write->returned, write->n_returned);
    break;
  case CORM_WRITE_UPDATE:
    corm_render_update (sql, write->mapping, write->sent, write->n_sent, write->match);
    break;
  case CORM_WRITE_DELETE:
    corm_render_delete (sql, write->mapping, write->match);
    break;
  case CORM_WRITE_GET:
    corm_render_get (sql, write->mapping, write->returned, write->n_returned, write->match);
    break;
  default:
    g_assert_not_reached ();
  }
}

CormStatement *
corm_write_prepare (CormConnection *conn, CormWrite *write, GError **error)
{
  /* What a write returns follows from what it does not send, a get of some fields apart, which has its own mask. */
  CormStatementKey key = { .owner = write->mapping,
                           .tag = write->kind | write->match << 8,
                           .mask = write->mask };
  if (write->has_mask) {
    CormStatement *cached = corm_statement_find (conn, &key);
    if (cached != NULL)
      return cached;
  }
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  render (sql, write);
  CormStatementSpec spec = corm_sql_get_spec (sql);
  if (!write->has_mask)
    key = (CormStatementKey){ .sql = spec.sql };
  return corm_statement_prepare (conn, &key, &spec, error);
}
