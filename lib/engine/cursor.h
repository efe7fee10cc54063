/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A cursor is a held statement and the row it stands on. The store puts a model's rows on top of it. */
#pragma once

#include "engine/statement.h"

/* Takes over @statement, executed with stream. */
CormCursor *corm_cursor_new (CormStatement *statement);
/* The store's part: freed with the cursor. */
void corm_cursor_set_data (CormCursor *cursor, gpointer data, GDestroyNotify free_data);
gpointer corm_cursor_get_data (CormCursor *cursor);
/* What its columns are called, in place of the database's names; takes over @names, ended by NULL. */
void corm_cursor_set_names (CormCursor *cursor, char **names);
/* The canonical text of a cell; NULL for NULL; free with g_free(). For queries whose answer a driver may give as text. */
char *corm_cursor_dup_text (CormCursor *cursor, guint column);
/* The row as an array of values. NULL before the first and behind the last. */
const CormValue *corm_cursor_get_row (CormCursor *cursor);
