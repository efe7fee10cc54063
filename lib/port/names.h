/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Names that the target can't have as they are: longer than it takes, or alike where it takes no notice of case. Each
 * becomes a shorter one with a hash of the whole, the same in every run, so that a comparison finds it by itself. */
#pragma once

#include "port/mapping.h"

typedef struct _CormNames CormNames;

/* For all tables of @source; what @mapping (nullable) says goes first. Between equal dialects no name changes by itself. */
CormNames *corm_names_new (const CormSchema *source, const CormDialect *to, CormPortMapping *mapping);
void corm_names_free (CormNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormNames, corm_names_free)

/* The target's name, borrowed; @names NULL: the same. */
const char *corm_names_table (const CormNames *names, const char *table);
const char *corm_names_column (const CormNames *names, const char *table, const char *column);
/* All of @columns; free with g_strfreev(). */
GStrv corm_names_columns (const CormNames *names, const char *table, const char *const *columns);
/* Tables and columns of @target that have another name than in the source get that as their former name, by which
 * corm_find_target_table() and corm_pair_find_target() know them. */
void corm_names_mark (const CormNames *names, const CormSchema *source, CormSchema *target);
/* A line for each name that is another one. */
void corm_names_tell (const CormNames *names, const CormSchema *source, const char *globs, GPtrArray *notes);
/* @name cut to @most bytes with a hash of the whole and of @salt at its end; free with g_free(). */
char *corm_names_shorten (const char *name, guint most, guint salt);
