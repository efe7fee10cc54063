/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which related rows belong to which owners, while a relation is being loaded. */
#pragma once

#include "engine/statement.h"
#include "store/keys.h"
#include "store/rows.h"

typedef struct {
  CormRows *owners;
  const CormPath *path;
  CormKeys keys;        /* of the owners; each is a number */
  guint32 *numbers;     /* of each owner's key; CORM_KEYS_NONE: NULL */
  gboolean wants_found; /* to one: found is needed, for edges of the related rows */
  gboolean by_key;  /* to many: rows come in any order, and their lists are brought into that of their keys */
  GPtrArray *found; /* related rows, each once */
  CormKeys seen;    /* many to many: found, by its key */
  GPtrArray *rows;  /* to many: a related row … */
  GArray *whose;    /* … and the number of the key that it was found for (guint32) */
  gpointer *firsts; /* to one: the first row for each key */
} CormLinks;

/* The keys of @target's rows are numbers, which order as every database orders them. A list of one owner's rows is short, and
 * mostly in order, where the database would sort the rows of all owners. */
gboolean corm_links_can_sort (const CormMapping *target);
/* For the keys of @owners. */
gboolean corm_links_init (CormLinks *links, CormRows *owners, const CormPath *path, GError **error);
void corm_links_clear (CormLinks *links);
/* Reads the rows of an executed statement of corm_render_edge(), to its end. */
gboolean corm_links_read (CormLinks *links, CormStatement *statement, GError **error);
/* Fills the slots of the owners. */
void corm_links_fill (CormLinks *links);

/* "near key IN (keys of the owners)", a predicate a column, ended by CORM_EXPR_END. */
typedef struct {
  CormExpr exprs[CORM_KEY_MAX + 1];
  gpointer lists[CORM_KEY_MAX];
} CormKeyLists;

gboolean corm_key_lists_init (CormKeyLists *lists, const CormLinks *links, guint from, guint n,
                              GError **error);
void corm_key_lists_clear (CormKeyLists *lists);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormLinks, corm_links_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormKeyLists, corm_key_lists_clear)
