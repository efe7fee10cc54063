/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Pieces of SQL as words: enough to see where a constant ends, which parentheses say nothing, and whether two
 * expressions are the same but for spelling. Not a parser. */
#pragma once

#include <corm/sys/driver.h>

/* Bytes of the constant in single quotes that @p begins with, 0: none, or it is not closed. */
gsize corm_words_quoted_length (const char *p);
/* The parenthesis at the start closes at the end. */
gboolean corm_words_is_wrapped (const char *sql, gsize size);
/* Without blanks and whole parentheses around it. Free with g_free(). */
char *corm_words_unwrap (const char *sql);
/* The words of @sql, each a string: names in lower case unless quoted for a reason, constants as they stand, every
 * other sign by itself, without comments. */
GPtrArray *corm_words_split (const char *sql);
/* Both say the same but for blanks, case, needless quotes, casts to a type ("::text") and needless parentheses. NULL
 * is the same as NULL only. */
gboolean corm_words_equal (const char *a, const char *b);
/* @sql with @name, quoted where @dialect needs it, for every name @was in it that is not called as a function. Constants
 * stay. Free with g_free(). */
char *corm_words_rename (const char *sql, const CormDialect *dialect, const char *was, const char *name);
/* @sql has the name @name in it, outside of constants. */
gboolean corm_words_mention (const char *sql, const char *name);
