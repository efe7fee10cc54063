/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows found by the values of some of their members, in about twenty bytes a row. The values stay in the rows: a key is read
 * again when it is compared. */
#pragma once

#include "model/path.h"

#define CORM_KEYS_NONE G_MAXUINT32

typedef struct {
  const CormMapping *mapping;
  const CormField *const *fields;
  guint n;
  guint n_kept;
  gpointer *rows;  /* the first row with each key; borrowed pointers */
  guint32 *places; /* 1 + index into rows, by the hash of the key; 0: free */
  gsize n_places;  /* a power of two */
  gsize n_allocated;
} CormKeys;

/* Room for @n_rows; grows beyond. */
void corm_keys_init (CormKeys *keys, const CormMapping *mapping, const CormField *const *fields, guint n,
                     gsize n_rows);
void corm_keys_clear (CormKeys *keys);
/* *index: the number of the key of @row, counted in the order in which keys were first seen; CORM_KEYS_NONE when one of
 * its values is NULL. */
gboolean corm_keys_add (CormKeys *keys, gpointer row, guint32 *index, GError **error);
/* The same without adding: CORM_KEYS_NONE when it is not there. @row is of @mapping, its key in @fields. Keys of
 * another integer width are the same key. */
gboolean corm_keys_find (const CormKeys *keys, const CormMapping *mapping, const CormField *const *fields,
                         gconstpointer row, guint32 *index, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormKeys, corm_keys_clear)
