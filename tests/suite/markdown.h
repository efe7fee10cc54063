/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A table that tests write, as Markdown: written to the build folder, and compared with the committed one. */
#pragma once

#include <glib.h>

typedef struct _Markdown Markdown;

/* @heads: titles of the columns; of these the first @n_keys say what a row is about. A cell that begins with a backtick
 * is code and stays as it is. */
Markdown *markdown_new (const char *title, const char *const *heads, guint n_keys);
void markdown_free (Markdown *table);
/* A paragraph between title and table. */
void markdown_set_about (Markdown *table, const char *about);
/* @cells: one per head; a NULL one is not known here. */
void markdown_add (Markdown *table, const char *const *cells);
/* Fills what is not known from the table of the same title in @text, a Markdown file. Returns what differs, a line
 * each; NULL when nothing does; free with g_free(). */
char *markdown_compare (Markdown *table, const char *text);
void markdown_append (Markdown *table, GString *text);
/* Code as a cell; free with g_free(). */
char *markdown_code (const char *text);
/* Fills @tables, ended by NULL, from doc/manual/@name, writes them behind @head to the build folder, and returns what
 * differs as markdown_compare() does. */
char *markdown_keep (const char *name, const char *head, Markdown *const *tables);
