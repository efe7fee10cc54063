/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Making the target's structure around the load: bare tables before it, everything that checks or speeds up behind it. */
#pragma once

#include "port/build-work.h"

/* All tables, and what they need first; with their checks and foreign keys where those can't be added later. */
gboolean corm_build_tables (CormBuild *build, GError **error);
/* The statements that drop them, each ended by CORM_LEDGER_END; free with g_free(). */
char *corm_build_undo (const CormBuild *build, GError **error);
/* What is to be done behind the rows, one index, check, foreign key or other object each, in an order of kinds; of the
 * indexes first those that take longest, so that several hands come to their end together. */
void corm_build_plan (const CormBuild *build, GPtrArray *steps);
/* TRUE when @live has what @step makes: where DDL is not transactional, a port may have been killed behind it. */
gboolean corm_build_is_done (const CormBuild *build, const CormPortStep *step, const CormSchema *live);
/* They lock a table, both, so that one would wait for the other. */
gboolean corm_build_clash (const CormBuild *build, const CormPortStep *a, const CormPortStep *b);
/* "index i of t: UNIQUE (lower(a), b) where c > 0"; free with g_free(). */
char *corm_build_describe_index (const CormTable *table, const CormTableIndex *index);
gboolean corm_build_step (CormBuild *build, const CormPortStep *step, GError **error);
/* Keys and statistics of one table. */
gboolean corm_build_settle (CormBuild *build, const CormTable *table, GError **error);
/* *@row: "table line, rowid 5, parent orders", the first that breaks a key; NULL: none, or the database looks by itself. */
gboolean corm_build_find_orphan (CormConnection *conn, char **row, GError **error);
/* Where keys were set aside: FALSE, with CORM_ERROR_FOREIGN_KEY, when rows break them. */
gboolean corm_build_check_keys (CormConnection *conn, GError **error);
