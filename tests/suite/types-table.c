/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Markdown tables: rows under a title of the second level. A cell's bars and line ends are written as HTML entities. */
#include "types-table.h"

#include <string.h>

struct _TypesTable {
  char *title;
  GStrv heads;
  guint n_keys;
  GPtrArray *rows; /* GStrv-like: one cell per head, NULL where it is not known */
};

static void
free_row (gpointer data)
{
  g_ptr_array_free (data, TRUE);
}

TypesTable *
types_table_new (const char *title, const char *const *heads, guint n_keys)
{
  TypesTable *table = g_new0 (TypesTable, 1);
  table->title = g_strdup (title);
  table->heads = g_strdupv ((GStrv) heads);
  table->n_keys = n_keys;
  table->rows = g_ptr_array_new_with_free_func (free_row);
  return table;
}

void
types_table_free (TypesTable *table)
{
  g_free (table->title);
  g_strfreev (table->heads);
  g_ptr_array_free (table->rows, TRUE);
  g_free (table);
}

/* As code, unless it is words of this table itself. */
static char *
escape (const char *text)
{
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
types_table_add (TypesTable *table, const char *const *cells)
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
  g_auto (GStrv) parts = g_strsplit (line, "|", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 1; parts[i] != NULL && parts[i + 1] != NULL; i++)
    g_strv_builder_add (builder, g_strstrip (parts[i]));
  return g_strv_builder_end (builder);
}

static gboolean
is_about (const TypesTable *table, char *const *cells, const GPtrArray *row)
{
  for (guint i = 0; i < table->n_keys; i++)
    if (cells[i] == NULL || !g_str_equal (cells[i], row->pdata[i]))
      return FALSE;
  return g_strv_length ((GStrv) cells) == g_strv_length (table->heads);
}

/* The line of @lines about the same thing; NULL when there is none. Free with g_strfreev(). */
static GStrv
find (const TypesTable *table, char *const *lines, const GPtrArray *row)
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
compare_row (const TypesTable *table, GPtrArray *row, char *const *old, GString *different)
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
types_table_compare (TypesTable *table, const char *text)
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
types_table_append (TypesTable *table, GString *text)
{
  g_autofree char *heads = g_strjoinv (" | ", table->heads);
  g_string_append_printf (text, "## %s\n\n| %s |\n|", table->title, heads);
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
