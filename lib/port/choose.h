/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which type each column gets in the target, and what is done to its values: by the declared type, by what the column
 * holds, by the mapping file. Every choice comes with its reason. */
#pragma once

#include "port/crew.h"
#include "port/mapping.h"
#include "port/tables.h"

typedef struct {
  CormConnection *from;
  CormCrew *crew; /* to look at large tables with; NULL: alone */
  const CormDialect *target;
  CormPortMapping *mapping; /* NULL: none */
  gboolean same;            /* one dialect on both sides: columns keep their words */
  gboolean fixed;           /* the target's types stand: only conversions are chosen */
  gboolean times_only;      /* nothing is looked at but what could need a conversion */
  GPtrArray *choices;       /* CormPortChoice; NULL: nobody asks */
  GError *misfit;           /* out: the first value that fits no choice, as an error; NULL: none */
} CormChoosing;

/* Looks at the source's side of @pair, sets the types of the target's columns and the conversions of the pair. */
gboolean corm_choose_pair (CormChoosing *choosing, CormPair *pair, GError **error);
/* An automatic key is a number of 64 bits everywhere but in MariaDB, which has them without a sign too; in @schema it becomes
 * one, and so does what refers to it. A key that is beyond it does not fit, and is told by its own. */
void corm_choose_numbers (CormSchema *schema);
/* Behind all pairs: where the target wants a foreign key's columns to be of the very types that they refer to, integers
 * of @schema get the wider one of both. */
void corm_choose_key_types (const CormChoosing *choosing, CormSchema *schema);
/* For a comparison of tables that are there: the conversions of @pair alone, as a port would have chosen them. */
gboolean corm_choose_compared (CormConnection *from, CormConnection *to, CormPortMapping *mapping,
                               CormPair *pair, GError **error);
