/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files that read information_schema share. They speak SQL through corm_query() alone: the generic driver
 * uses them too, so there is no native library here. */
#pragma once

#include "../dialects.h"

/* The catalogue writes literals with backslashes, whatever the session's sql_mode: as standard SQL. Without the
 * qualifier of @database, when given. */
char *corm_mysql_standard_sql (const char *text, const char *database);
/* Neutral type, type_sql and labels from the words of information_schema.columns. */
void corm_mysql_set_type (CormTableColumn *column, const char *data_type, const char *column_type);
/* A cell of the cursor's row as text, NULL for NULL; free with g_free(). */
char *corm_mysql_cell (CormCursor *cursor, guint column);
