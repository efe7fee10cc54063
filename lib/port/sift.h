/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows that are in the target and break a check or a foreign key that comes behind them: SQLite had them, as it looks at
 * neither unless it is told to. Where rows may be rejected they are taken out again before keys and checks are made; where
 * they may not, the first one is named. */
#pragma once

#include "port/job.h"

/* Adds a step for each table that has something to break, those that others refer to first. */
void corm_sift_plan (const CormPortJob *job, GPtrArray *steps);
/* Takes out of the tables of those of @steps (all of the port's) that are not done what breaks their checks and keys, until
 * nothing does: the rows of a circle may need each other. The steps are done with it.
 * *@n_rows: how many went. */
gboolean corm_sift_tables (const CormPortJob *job, GPtrArray *steps, guint64 *n_rows, GError **error);
/* Tells @pairs which rows a comparison has to leave out: those that the ledger of @to knows as refused. */
gboolean corm_sift_remember (CormConnection *to, GPtrArray *pairs, GError **error);

/* The target did not take @check, or @key, of @table for its rows: puts the first of them, and what to do, in front of its
 * words. @conn can run queries. */
void corm_sift_name_check (CormConnection *conn, const CormTable *table, const CormCheck *check,
                           GError **error);
void corm_sift_name_key (CormConnection *conn, const CormSchema *schema, const CormTable *table,
                         const CormForeignKey *key, GError **error);
