/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* In which order a port reads a table of its source, so that the reading can be cut into ranges and taken up again: by a
 * key that the database gives each row, by the primary key, or in one go where there is neither. */
#pragma once

#include "port/tables.h"

#include <corm/sys/driver.h>

typedef enum { CORM_WALK_ONCE, CORM_WALK_KEY, CORM_WALK_ROW_KEY } CormWalkKind;

typedef struct {
  CormWalkKind kind;
  const CormPair *pair;
  const char *row_key; /* name of the database's own key; read behind the pair's columns */
  gboolean is_integer; /* one integer, so that ranges can be made by arithmetic */
} CormWalk;

/* Where a walk begins (behind @after) and ends (with @until). Each is a key as text, or NULL: the table's end. */
typedef struct {
  const char *after;
  const char *until;
} CormRange;

/* A key as values to bind, with the memory that they borrow from. */
typedef struct {
  guint n;
  CormValue *values;
  CormSqlType *types;
  GPtrArray *memory; /* GString */
} CormKeyValues;

void corm_walk_init (CormWalk *walk, const CormPair *pair, const CormDialect *source);
guint corm_walk_n_keys (const CormWalk *walk);
const char *corm_walk_key_name (const CormWalk *walk, guint k);
/* Which row this is, for people, where the table has no key: the number that the database gives it, or @ordinal. */
guint64 corm_walk_number (const CormWalk *walk, const CormValue *row, guint64 ordinal);
/* The key of @row, which was read along @walk: a JSON array of "type:text"; free with g_free(). NULL: it has none. */
char *corm_walk_key (const CormWalk *walk, const CormValue *row);
char *corm_walk_key_of_int (gint64 key);
/* Back. Errors: INVALID. */
CormKeyValues *corm_key_values_parse (const char *text, GError **error);
void corm_key_values_free (CormKeyValues *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormKeyValues, corm_key_values_free)
