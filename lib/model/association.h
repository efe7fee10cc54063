/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tables of pairs that no model has: a relation of CORM_MANY_TO_MANY names one, the registry makes its model. */
#pragma once

#include "model/check.h"

/* The model of @relation's table, in @arena: a column for each of the two primary keys, all of them the table's primary
 * key, foreign keys that cascade, and an index for the way back. NULL, with a fault, when the key's columns are not
 * those of the primary keys in number. */
const CormModel *corm_association_new (CormFaults *faults, const CormMapping *owner,
                                       const CormRelation *relation, const CormMapping *target,
                                       CormArena *arena);
