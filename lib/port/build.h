/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Making the target's structure around the load: bare tables before it, everything that checks or speeds up behind it. */
#pragma once

#include "engine/connection.h"

#include <corm/port.h>

typedef struct {
  CormConnection *conn;
  const CormSchema *schema;
  gboolean
      translated; /* the words come from another dialect: an expression that the target refuses is left out */
  GPtrArray *not_moved;
} CormBuild;

gboolean corm_build_tables (CormBuild *build, GError **error);
/* Checks, indexes and foreign keys, then keys and statistics. */
gboolean corm_build_rest (CormBuild *build, GError **error);
/* Keys and statistics of one table. */
gboolean corm_build_settle (CormBuild *build, const CormTable *table, GError **error);
