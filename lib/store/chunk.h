/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One statement for many rows: their values as they come, then its text for just that many, then off it goes. */
#pragma once

#include "engine/statement.h"
#include "render/batch.h"

typedef struct {
  CormConnection *conn;
  CormSql *sql;   /* to be rendered before it is sent */
  GArray *values; /* CormValue */
  guint width;    /* values of a row */
  guint most;     /* rows */
  gsize most_bytes;
  gsize bytes; /* about */
  guint n_rows;
  guint failed; /* behind an error: the row whose value was refused; n_rows: not known */
} CormChunk;

void corm_chunk_init (CormChunk *chunk, CormConnection *conn, guint width, gboolean single);
void corm_chunk_clear (CormChunk *chunk);
gboolean corm_chunk_has_room (const CormChunk *chunk);
/* Borrows what the value points to. */
void corm_chunk_add (CormChunk *chunk, const CormValue *value);
/* One row that came back. */
typedef gboolean (*CormChunkFunc) (const CormValue *values, gpointer data, GError **error);
gboolean corm_chunk_send (CormChunk *chunk, CormChunkFunc func, gpointer data, guint64 *n_changed,
                          GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormChunk, corm_chunk_clear)
