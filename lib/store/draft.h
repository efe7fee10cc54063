/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the store keeps per connection, so that a statement that was made before is made again without an allocation. */
#pragma once

#include "engine/connection.h"
#include "render/sql.h"

/* A statement while it is made and executed: the connection's own text and arena, or new ones while those are in use. */
typedef struct {
  CormConnection *conn;
  CormSql *sql;
  CormArena *arena;
  CormScope scope; /* bare: the connection's registry, and the arena */
} CormDraft;

void corm_draft_begin (CormDraft *draft, CormConnection *conn);
void corm_draft_clear (CormDraft *draft);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormDraft, corm_draft_clear)

/* A place for another folder file's own memory: the write under way. */
typedef struct {
  gpointer write;
  GDestroyNotify free_write;
  CormSql *sql;
  CormArena *arena;
  gboolean in_use;
} CormDesk;
CormDesk *corm_desk_get (CormConnection *conn);
