/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQL text looked at from outside: its placeholders, its first word. */
#pragma once

#include "../dialects.h"

/* Cuts @sql at the placeholders that stand in no quote and no comment: n + 1 pieces for n of them, and in *order which
 * parameter each is, from 0; free with g_strfreev() and g_free(). */
char **corm_generic_split (const CormDialect *dialect, const char *sql, guint **order);
/* Does the word stand in @sql outside of quotes, comments and parentheses? Any case. */
gboolean corm_generic_has_word (const CormDialect *dialect, const char *sql, const char *word);
/* The first of @words (ended by NULL) that stands outside of quotes, comments and parentheses; NULL: none. */
const char *corm_generic_first_word (const CormDialect *dialect, const char *sql, const char *const *words);
