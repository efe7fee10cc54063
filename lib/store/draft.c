/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One text buffer and one arena per connection, cleared and never freed between statements. */
#include "store/draft.h"

static void
desk_free (gpointer data)
{
  CormDesk *desk = data;
  if (desk->free_write != NULL)
    desk->free_write (desk->write);
  g_clear_pointer (&desk->sql, corm_sql_free);
  corm_arena_free (desk->arena);
  g_free (desk);
}

CormDesk *
corm_desk_get (CormConnection *conn)
{
  CormDesk *desk = corm_connection_get_store (conn);
  if (desk != NULL)
    return desk;
  desk = g_new0 (CormDesk, 1);
  desk->sql = corm_sql_new (corm_connection_get_dialect (conn));
  desk->arena = corm_arena_new ();
  corm_connection_set_store (conn, desk, desk_free);
  return desk;
}

void
corm_draft_begin (CormDraft *draft, CormConnection *conn)
{
  CormDesk *desk = corm_desk_get (conn);
  gboolean own = !desk->in_use;
  desk->in_use = TRUE;
  draft->conn = conn;
  draft->sql = own ? desk->sql : corm_sql_new (corm_connection_get_dialect (conn));
  draft->arena = own ? desk->arena : corm_arena_new ();
  draft->sql->filter = (CormFilter){ .tenant = corm_connection_get_tenant (conn) };
  draft->scope = (CormScope){ .registry = corm_connection_get_registry (conn), .arena = draft->arena };
}

void
corm_draft_clear (CormDraft *draft)
{
  if (draft->conn == NULL)
    return;
  CormDesk *desk = corm_desk_get (draft->conn);
  if (draft->sql == desk->sql) {
    corm_sql_clear (draft->sql);
    corm_arena_clear (draft->arena);
    desk->in_use = FALSE;
  } else {
    corm_sql_free (draft->sql);
    corm_arena_free (draft->arena);
  }
  draft->conn = NULL;
}
