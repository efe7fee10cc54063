/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What those know that make the target's structure. */
#pragma once

#include "engine/connection.h"
#include "port/ledger.h"

#include <corm/port.h>

typedef struct {
  CormConnection *conn;
  CormConnection
      *from; /* the source, for where its sequences and automatic keys are; NULL: these don't matter */
  const CormSchema *source; /* of from */
  const CormSchema *schema;
  gboolean
      translated; /* the words come from another dialect: an expression that the target refuses is left out */
  GPtrArray *not_moved;
  const CormPortReport *report; /* how many rows the tables have; NULL: that does not matter */
  const char *mark;             /* in front of each statement; NULL: none */
} CormBuild;

/* The database does not understand the words; the data have nothing to do with it. */
gboolean corm_build_is_foreign (const GError *error);
/* Runs the statements @sql. */
gboolean corm_build_run (const CormBuild *build, GPtrArray *sql, GError **error);
/* The same for @what; with @may_leave_out it is left out when the database does not understand its words: then @what stands
 * in not_moved, and this is TRUE. */
gboolean corm_build_try (CormBuild *build, GPtrArray *sql, gboolean may_leave_out, const char *what,
                         GError **error);
