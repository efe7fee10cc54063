/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Related rows: which of them a find brings along, and reading them. Nothing is ever loaded behind a program's back: a
 * relation that was not asked for is NULL. */
#pragma once

#include <corm/expr.h>

G_BEGIN_DECLS

/* One relation to load, with what is asked of the related rows. All but the first two may be left out. Each costs one
 * query, whatever the number of rows that it is loaded for. */
typedef struct _CormEdge CormEdge;
struct _CormEdge {
  const CormModel *model; /* that has the relation; NULL ends a list */
  gsize slot;
  CormExpr where; /* about the related rows; many to many: also about the rows of a model in between */
  const CormOrder *order; /* of the related rows of one row; behind it, or without it: by primary key */
  gsize limit;            /* related rows of one row, at most; 0: all */
  gsize offset;           /* related rows of one row that are passed over */
  const gsize *with;      /* relations of the related rows: CORM_WITH (…) … */
  const CormEdge *load;   /* … and CORM_LOAD (…) */
};

#ifndef __cplusplus
/* clang-format off */
/* .load = CORM_LOAD (CORM_EDGE (Artist, albums, .order = CORM_ORDER (CORM_DESC (Album, year)), .limit = 3,
 *                               .load = CORM_LOAD (CORM_EDGE (Album, tracks)))) */
#define CORM_LOAD(...) ((const CormEdge[]) { __VA_ARGS__, { 0 } })
/* A member that is no pointer to a struct does not compile. */
#define CORM_EDGE(T, s, ...) \
  { .model = &T##_model, .slot = _Generic (&*CORM_MEMBER (T, s), const char *: (void) 0, default: offsetof (T, s)), \
    __VA_ARGS__ }
/* What row->s holds, CormRows * or a pointer to a struct, when it has been loaded. */
#define corm_related(T, row, s, error) \
  ((__typeof__ (CORM_MEMBER (T, s))) corm_related_row (&T##_model, _Generic ((row), T *: (row), const T *: (row)), \
                                                       offsetof (T, s), (error)))
/* corm_link (Track, playlists, conn, &track, Playlist, &playlist, &error) */
#define corm_link(T, s, conn, row, M, other, error) \
  corm_link_rows (&T##_model, offsetof (T, s), (conn), _Generic ((row), T *: (row), const T *: (row)), &M##_model, \
                  _Generic ((other), M *: (other), const M *: (other)), (error))
#define corm_unlink(T, s, conn, row, M, other, error) \
  corm_unlink_rows (&T##_model, offsetof (T, s), (conn), _Generic ((row), T *: (row), const T *: (row)), &M##_model, \
                    _Generic ((other), M *: (other), const M *: (other)), (error))
/* clang-format on */
#endif

/**
 * corm_related_row:
 * @model: the row's model
 * @slot: the offset of a relation's member
 *
 * What the member holds. NULL without an error: there is no related row. Of a model that is CORM_STRICT a relation that
 * was not loaded is an error, which names the .with to add; of others it is NULL. Errors: INVALID.
 */
CORM_PUBLIC gpointer corm_related_row (const CormModel *model, gconstpointer row, gsize slot, GError **error);

/* Makes @other one of the related rows of @row, in the table of a CORM_MANY_TO_MANY relation; what the structs hold stays
 * as it is. Rows of a CORM_MANY_THROUGH relation are linked by inserting a row of the model in between.
 * Errors: UNIQUE (they are linked already), FOREIGN_KEY (one of them is not in its table), INVALID. */
CORM_PUBLIC gboolean corm_link_rows (const CormModel *model, gsize slot, CormConnection *conn,
                                     gconstpointer row, const CormModel *target, gconstpointer other,
                                     GError **error);
/* Errors: NOT_FOUND (they are not linked), INVALID. */
CORM_PUBLIC gboolean corm_unlink_rows (const CormModel *model, gsize slot, CormConnection *conn,
                                       gconstpointer row, const CormModel *target, gconstpointer other,
                                       GError **error);

G_END_DECLS
