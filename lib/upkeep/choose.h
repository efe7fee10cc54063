/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The tables that a list of globs chooses, and queries of which a database answers the first that it knows. */
#pragma once

#include <corm/sys/upkeep.h>

/* The tables of @schema that @globs (nullable: all) choose, borrowed; commas between, '!' first to leave out.
 * Errors: INVALID, a glob that no table matches: it is misspelt. */
GPtrArray *corm_choose_tables (const CormSchema *schema, const char *globs, GError **error);
/* What the dialect says; never NULL. */
const CormUpkeepSql *corm_upkeep_sql (const CormDialect *dialect);
/* @template with its gaps filled; free with g_free(). */
char *corm_upkeep_fill (const CormDialect *dialect, const char *template, const char *table,
                        const char *column);
/* A cursor over the first of @queries that the database answers. NULL without an error: none. */
CormCursor *corm_upkeep_query (CormConnection *conn, const char *const *queries, const char *table,
                               GError **error);
/* A number of the row that @cursor stands on; @none for NULL. */
gint64 corm_upkeep_get_number (CormCursor *cursor, guint column, gint64 none);
/* A text of it; NULL for NULL; free with g_free(). */
char *corm_upkeep_get_text (CormCursor *cursor, guint column);
