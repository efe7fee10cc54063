/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Do the rows that are there bear the changes? */
#pragma once

#include "evolve/planner.h"

/* Every change of @diff that @planner allows. Looks before anything is changed, so that the error can name the row, and so
 * that a database without transactional DDL is not left half way. A check, or a foreign key, of a table whose
 * names change is left to the database.
 * Errors: NOT_NULL, UNIQUE, FOREIGN_KEY, CHECK. */
gboolean corm_data_check (CormConnection *conn, const CormPlanner *planner, const CormDiff *diff,
                          GError **error);
/* One change of a table of @live by itself, whoever allows it. */
gboolean corm_data_look (CormConnection *conn, const CormSchema *live, const CormChange *change,
                         GError **error);
