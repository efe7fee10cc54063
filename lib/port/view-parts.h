/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files that read a view know of it. */
#pragma once

#include "port/plain.h"

typedef struct {
  const CormDialect *from, *to;
  GPtrArray *relations;     /* CormPair: the tables that are moved, and the views before this one */
  CormSchema *left, *right; /* the view becomes a table of each, with the columns that it gives */
} CormViewWork;

typedef struct {
  CormPlain value;
  char *name;
} CormViewItem;

typedef struct {
  const CormViewWork *work;
  CormReading reading;
  GStrv names;    /* of CREATE VIEW v (a, b); NULL: none */
  GArray *items;  /* CormViewItem: what is selected */
  GArray *groups; /* CormPlainRef */
  gboolean distinct, grouped;
} CormViewReading;

/* What stands behind FROM, into the reading's scope and appended to what comes out. */
gboolean corm_view_read_from (CormReading *reading);
/* ORDER BY, if it comes next. */
gboolean corm_view_read_order (CormViewReading *view);
