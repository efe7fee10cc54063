/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What modify.c and served.c share: where a plan stands when one of its changes is made, or undone. */
#pragma once

#include "evolve/planner.h"

/* The table as it was before the plan; NULL: the plan makes it. */
const CormTable *corm_modify_live (const CormPlanner *planner, const CormChange *change);
/* The changes that have been made when @change is: those before it, and where it is not the one to undo itself. */
GPtrArray *corm_modify_made (const CormPlanner *planner, const CormChange *change);
gboolean corm_modify_is_gone (const GPtrArray *made, gconstpointer part);
/* "ALTER TABLE @table @words" */
void corm_modify_add_statement (const CormPlanner *planner, const CormTable *table, const char *words,
                                GPtrArray *sql);
/* A primary key, and the column that numbers itself by it. */
gboolean corm_modify_key (const CormPlanner *planner, const CormChange *change, GPtrArray *sql,
                          GError **error);
/* served.c: a key or an index goes, and one comes for each foreign key that stood on it. FALSE with no error: none did. */
gboolean corm_modify_drop_served (const CormPlanner *planner, const CormChange *change, GPtrArray *sql,
                                  GError **error);
/* served.c: a text gets any length, and its indexes take the beginning of it. FALSE with no error: it is not that. */
gboolean corm_modify_widen (const CormPlanner *planner, const CormChange *change, GPtrArray *sql,
                            GError **error);
