/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Markdown tables: rows under a title of the second level. A cell's bars and line ends are written as HTML entities. */
#include "markdown.h"

#include <string.h>

struct _Markdown {
  char *title;
  char *about; /* NULL: none */
  GStrv heads;
  guint n_keys;
  GPtrArray *rows; /* GStrv-like: one cell per head, NULL where it is not known */
};

static void
free_row (gpointer data)
{
  g_ptr_array_free (data, TRUE);
}

Markdown *
markdown_new (const char *title, const char *const *heads, guint n_keys)
{
  Markdown *table = g_new0 (Markdown, 1);
  table->title = g_strdup (title);
  table->heads = g_strdupv ((GStrv) heads);
  table->n_keys = n_keys;
  table->rows = g_ptr_array_new_with_free_func (free_row);
  return table;
}

void
markdown_free (Markdown *table)
{
  if (table == NULL)
    return;
  g_free (table->title);
  g_free (table->about);
  g_strfreev (table->heads);
  g_ptr_array_free (table->rows, TRUE);
  g_free (table);
}

void
markdown_set_about (Markdown *table, const char *about)
{
  g_free (table->about);
  table->about = g_strdup (about);
}

char *
markdown_code (const char *text)
{
  const char *fence = strchr (text, '`') != NULL ? "``" : "`";
  g_autoptr (GString) cell = g_string_new (text);
  g_string_replace (cell, "|", "\\|", 0);
  return g_strdup_printf ("%s%s%s%s%s", fence, fence[1] != '\0' ? " " : "", cell->str,
                          fence[1] != '\0' ? " " : "", fence);
}

static char *
escape (const char *text)
{
  if (*text == '`')
    return g_strdup (text);
  g_autoptr (GString) cell = g_string_new (text);
  g_string_replace (cell, "&", "&amp;", 0);
  g_string_replace (cell, "|", "&#124;", 0);
  g_string_replace (cell, "\t", "&#9;", 0);
  g_string_replace (cell, "<", "&lt;", 0);
  g_string_replace (cell, "*", "&#42;", 0);
  g_string_replace (cell, "_", "&#95;", 0);
  g_string_replace (cell, "\\", "&#92;", 0);
  return g_strstrip (g_strdup (cell->str));
}

void
markdown_add (Markdown *table, const char *const *cells)
{
  GPtrArray *row = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; table->heads[i] != NULL; i++)
    g_ptr_array_add (row, cells[i] != NULL ? escape (cells[i]) : NULL);
  g_ptr_array_add (table->rows, row);
}

/* --- the committed one -------------------------------------------------------------------------------------------- */

/* The cells of a line "| a | b |"; NULL when it is no such line. */
static GStrv
split (const char *line)
{
  if (!g_str_has_prefix (line, "| "))
    return NULL;
  g_autoptr (GString) text = g_string_new (line);
  g_string_replace (text, "\\|", "\1", 0); /* a bar in code */
  g_auto (GStrv) parts = g_strsplit (text->str, "|", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 1; parts[i] != NULL && parts[i + 1] != NULL; i++) {
    g_autoptr (GString) cell = g_string_new (g_strstrip (parts[i]));
    g_string_replace (cell, "\1", "\\|", 0);
    g_strv_builder_add (builder, cell->str);
  }
  return g_strv_builder_end (builder);
}

static gboolean
is_about (const Markdown *table, char *const *cells, const GPtrArray *row)
{
  for (guint i = 0; i < table->n_keys; i++)
    if (cells[i] == NULL || !g_str_equal (cells[i], row->pdata[i]))
      return FALSE;
  return g_strv_length ((GStrv) cells) == g_strv_length (table->heads);
}

/* The line of @lines about the same thing; NULL when there is none. Free with g_strfreev(). */
static GStrv
find (const Markdown *table, char *const *lines, const GPtrArray *row)
{
  gboolean here = FALSE;
  for (guint i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix (lines[i], "## "))
      here = g_str_equal (lines[i] + 3, table->title);
    g_auto (GStrv) cells = here ? split (lines[i]) : NULL;
    if (cells != NULL && is_about (table, cells, row))
      return g_steal_pointer (&cells);
  }
  return NULL;
}

static void
compare_row (const Markdown *table, GPtrArray *row, char *const *old, GString *different)
{
  for (guint i = table->n_keys; i < row->len; i++) {
    const char *is = row->pdata[i], *was = old != NULL ? old[i] : "not there";
    if (is == NULL)
      row->pdata[i] = g_strdup (was);
    else if (!g_str_equal (is, was))
      g_string_append_printf (different, "%s %s, %s: %s, but the table says %s\n", (char *) row->pdata[0],
                              (char *) row->pdata[1], table->heads[i], is, was);
  }
}

char *
markdown_compare (Markdown *table, const char *text)
{
  GString *different = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; i < table->rows->len; i++) {
    g_auto (GStrv) old = find (table, lines, table->rows->pdata[i]);
    compare_row (table, table->rows->pdata[i], old, different);
  }
  return g_string_free (different, different->len == 0);
}

void
markdown_append (Markdown *table, GString *text)
{
  g_autofree char *heads = g_strjoinv (" | ", table->heads);
  g_string_append_printf (text, "## %s\n\n", table->title);
  if (table->about != NULL && *table->about != '\0')
    g_string_append_printf (text, "%s\n\n", table->about);
  g_string_append_printf (text, "| %s |\n|", heads);
  for (guint i = 0; table->heads[i] != NULL; i++)
    g_string_append (text, " --- |");
  for (guint i = 0; i < table->rows->len; i++) {
    const GPtrArray *row = table->rows->pdata[i];
    g_string_append (text, "\n|");
    for (guint j = 0; j < row->len; j++)
      g_string_append_printf (text, " %s |", row->pdata[j] != NULL ? (char *) row->pdata[j] : "?");
  }
  g_string_append_c (text, '\n');
}

char *
markdown_keep (const char *name, const char *head, Markdown *const *tables)
{
  g_autofree char *committed = g_build_filename (g_getenv ("CORM_TEST_SRCDIR"), "doc", "manual", name, NULL);
  g_autofree char *path = g_build_filename (g_getenv ("CORM_TEST_BUILDDIR"), name, NULL);
  g_autofree char *old = NULL;
  g_autoptr (GString) text = g_string_new (head);
  GString *different = g_string_new (NULL);
  g_file_get_contents (committed, &old, NULL, NULL);
  for (guint i = 0; tables[i] != NULL; i++) {
    g_autofree char *lines = markdown_compare (tables[i], old != NULL ? old : "");
    g_string_append (different, lines != NULL ? lines : "");
    g_string_append_c (text, '\n');
    markdown_append (tables[i], text);
  }
  if (!g_file_set_contents (path, text->str, -1, NULL))
    g_string_append_printf (different, "%s cannot be written\n", path);
  return g_string_free (different, different->len == 0);
}
