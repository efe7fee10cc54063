/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which fields a write of one row sends and which come back, and its prepared statement. */
#pragma once

#include "engine/statement.h"
#include "model/mapping.h"
#include "render/sql.h"
#include "store/stamp.h"

typedef enum {
  CORM_WRITE_INSERT = 1,
  CORM_WRITE_UPSERT,
  CORM_WRITE_UPDATE,
  CORM_WRITE_DELETE,
  CORM_WRITE_GET
} CormWriteKind;

typedef struct {
  CormWriteKind kind;
  const CormMapping *mapping;
  guint *sent; /* positions in the mapping's fields */
  guint n_sent;
  guint *returned;
  guint n_returned;
  guint64 mask;      /* the same for the same sent fields … */
  gboolean has_mask; /* … where there are few enough of them to say so */
  guint match;       /* CormMatch, beside the key */
  CormStamp stamp;   /* what roles are written with */
  CormValue *values; /* room for every field, the key and what roles add to it */
} CormWrite;

/* The write under way on @conn: one buffer per connection, reset for each call. */
CormWrite *corm_write_begin (CormConnection *conn, CormWriteKind kind, const CormMapping *mapping);

static inline void
corm_write_send (CormWrite *write, guint field)
{
  write->sent[write->n_sent++] = field;
  write->mask |= G_GUINT64_CONSTANT (1) << (field & 63);
}

static inline void
corm_write_return (CormWrite *write, guint field)
{
  write->returned[write->n_returned++] = field;
}

/* Nothing was hit by a key and @matched (CormMatch): sets NOT_FOUND, or STALE when the row has another version by now; always
 * FALSE. */
gboolean corm_write_missed (CormConnection *conn, const CormMapping *mapping, guint matched,
                            gconstpointer row, GError **error);
/* Its statement, from the connection's cache or newly prepared. */
CormStatement *corm_write_prepare (CormConnection *conn, CormWrite *write, GError **error);
