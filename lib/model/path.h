/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How a relation is travelled: which columns of its owner equal which columns of its target, or of the table between
 * them. The registry works it out once. A join along a relation is
 *   near[i] = owner_fields[i] for all i, near being of target, or where there is one of through,
 * and with through besides
 *   target_fields[i] = far_fields[i]. */
#pragma once

#include "model/mapping.h"

struct _CormPath {
  const CormRelation *relation;
  const CormMapping *owner;
  const CormMapping *through; /* NULL: the target has or is the other end itself */
  const CormMapping *target;
  guint n;
  const CormField *owner_fields[CORM_KEY_MAX];
  const CormField *near_fields[CORM_KEY_MAX]; /* of through, else of target */
  guint n_far;                                /* 0 without through */
  const CormField *far_fields[CORM_KEY_MAX];  /* of through */
  const CormField *target_fields[CORM_KEY_MAX];
};

/* The mapping that near_fields belong to. */
static inline const CormMapping *
corm_path_get_near (const CormPath *path)
{
  return path->through != NULL ? path->through : path->target;
}

/* Whether an owner has any number of related rows, in a CormRows. */
static inline gboolean
corm_path_is_many (const CormPath *path)
{
  return path->relation->kind == CORM_HAS_MANY_ROWS || path->relation->kind == CORM_MANY_TO_MANY_ROWS;
}

/* NULL when there is no relation at @slot, or @mapping is not a registry's. */
const CormPath *corm_mapping_find_path (const CormMapping *mapping, gsize slot);
