/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The shape of a statement: its tokens without what they hold. A lexer of its own for each dialect, written from the
 * databases' manuals and not from the library's, so that both would have to be wrong in the same way. */
#pragma once

#include <glib.h>

typedef enum { SHAPE_SQLITE3, SHAPE_PGSQL, SHAPE_MYSQL } ShapeDialect;

/* Appends to @shape: s a string, q a quoted name, n a number, p a placeholder, c a comment, ! what does not end; words
 * in lower case and operators as they are. A bare word that is @name (NULL: none) counts as quoted. */
void shape_append (GString *shape, ShapeDialect dialect, const char *sql, const char *name);
