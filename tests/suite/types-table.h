/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The round-trip table as Markdown: written to the build folder, and compared with the committed one. */
#pragma once

#include <glib.h>

typedef struct _TypesTable TypesTable;

/* @heads: titles of the columns; of these the first @n_keys say what a row is about. */
TypesTable *types_table_new (const char *title, const char *const *heads, guint n_keys);
void types_table_free (TypesTable *table);
/* @cells: one per head; a NULL one is not known here. */
void types_table_add (TypesTable *table, const char *const *cells);
/* Fills what is not known from the table of the same title in @text, a Markdown file. Returns what differs, a line
 * each; NULL when nothing does; free with g_free(). */
char *types_table_compare (TypesTable *table, const char *text);
void types_table_append (TypesTable *table, GString *text);
