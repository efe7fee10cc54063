/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Running a CormSelect. */
#pragma once

#include "query/filter.h"
#include "query/select.h"
#include "render/sql.h"
#include "store/rows.h"

/* The mapping of @model on @conn. Errors: INVALID, when the connection's registry does not have it. */
const CormMapping *corm_store_find_mapping (CormConnection *conn, const CormModel *model, GError **error);
/* Joins what the roles of its columns say to the WHERE of @select, which then borrows from @room. Errors: INVALID, when there
 * is a tenant column and @conn has no tenant. */
gboolean corm_select_confine (CormConnection *conn, CormSelect *select, CormFilterExpr *room, GError **error);
/* Confines, checks, renders, prepares and executes @select. @stream: one row
 * after the other is read from it, as the database gives them. */
CormStatement *corm_select_run (CormConnection *conn, const CormSelect *select, gboolean stream,
                                GError **error);
/* Executes what @sql was prepared to; an error about a value names its column. */
gboolean corm_select_execute (CormConnection *conn, CormStatement *statement, const CormSql *sql,
                              gboolean stream, GError **error);
/* All rows; into @arena where it is not NULL. */
CormRows *corm_select_load (CormConnection *conn, const CormSelect *select, CormArena *arena, GError **error);
/* The one number that a COUNT or EXISTS gives. */
gboolean corm_select_number (CormConnection *conn, const CormSelect *select, guint64 *number, GError **error);
