/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A schema as a diagram: Graphviz, Mermaid, and SVG laid out by Graphviz' dot program. */
#include "app.h"

#include <gio/gio.h>

static const char *
type_text (const CormTableColumn *column)
{
  return column->type_sql != NULL && *column->type_sql != '\0' ? column->type_sql
                                                               : corm_type_name (column->type.type);
}

static void
append_html (GString *text, const char *words)
{
  g_autofree char *escaped = g_markup_escape_text (words, -1);
  g_string_append (text, escaped);
}

/* A quoted Graphviz identifier. */
static char *
dot_name (const char *name)
{
  GString *text = g_string_new ("\"");
  for (const char *p = name; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_c (text, '\\');
    g_string_append_c (text, *p == '\n' ? ' ' : *p);
  }
  g_string_append_c (text, '"');
  return g_string_free (text, FALSE);
}

static void
append_dot_table (GString *text, const CormTable *table)
{
  g_autofree char *name = dot_name (table->name);
  g_string_append_printf (
      text,
      "  %s [label=<<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\">"
      "<tr><td colspan=\"2\" bgcolor=\"#e8eef7\"><b>",
      name);
  append_html (text, table->name);
  g_string_append (text, "</b></td></tr>");
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = g_ptr_array_index (table->columns, i);
    g_string_append (text, "<tr><td align=\"left\">");
    append_html (text, column->name);
    g_string_append (text, "</td><td align=\"left\">");
    append_html (text, type_text (column));
    g_string_append (text, column->not_null ? "</td></tr>" : " ?</td></tr>");
  }
  g_string_append (text, "</table>>];\n");
}

char *
app_emit_dot (const CormSchema *schema)
{
  GString *text =
      g_string_new ("digraph schema {\n  rankdir=LR;\n  node [shape=plain, fontname=\"sans-serif\"];\n"
                    "  edge [fontname=\"sans-serif\", fontsize=10];\n");
  for (guint i = 0; i < schema->tables->len; i++)
    append_dot_table (text, g_ptr_array_index (schema->tables, i));
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (schema->tables, i);
    for (guint k = 0; k < table->foreign_keys->len; k++) {
      const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, k);
      g_autofree char *columns = g_strjoinv (", ", key->columns);
      g_autofree char *from = dot_name (table->name);
      g_autofree char *to = dot_name (key->target_table);
      g_autofree char *label = dot_name (columns);
      g_string_append_printf (text, "  %s -> %s [label=%s];\n", from, to, label);
    }
  }
  g_string_append (text, "}\n");
  return g_string_free (text, FALSE);
}

/* Mermaid takes words of letters, digits, '_' and '-' only. */
static char *
mermaid_word (const char *words)
{
  GString *text = g_string_new (NULL);
  for (const char *p = words; *p != '\0'; p++)
    g_string_append_c (text, g_ascii_isalnum (*p) || *p == '_' || *p == '-' ? *p : '_');
  return g_string_free (text, FALSE);
}

char *
app_emit_mermaid (const CormSchema *schema)
{
  GString *text = g_string_new ("erDiagram\n");
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (schema->tables, i);
    g_autofree char *name = mermaid_word (table->name);
    g_string_append_printf (text, "  %s {\n", name);
    for (guint c = 0; c < table->columns->len; c++) {
      const CormTableColumn *column = g_ptr_array_index (table->columns, c);
      g_autofree char *type = mermaid_word (type_text (column));
      g_autofree char *word = mermaid_word (column->name);
      g_string_append_printf (text, "    %s %s\n", type, word);
    }
    g_string_append (text, "  }\n");
    for (guint k = 0; k < table->foreign_keys->len; k++) {
      const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, k);
      g_autofree char *columns = g_strjoinv (", ", key->columns);
      g_autofree char *target = mermaid_word (key->target_table);
      g_string_append_printf (text, "  %s }o--|| %s : \"%s\"\n", name, target, columns);
    }
  }
  return g_string_free (text, FALSE);
}

char *
app_emit_svg (const CormSchema *schema, GError **error)
{
  g_autofree char *dot = app_emit_dot (schema);
  g_autofree char *program = g_find_program_in_path ("dot");
  char *svg = NULL;
  if (program == NULL) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
        "--emit svg wants the program dot of Graphviz (Debian: graphviz); --emit dot works without it");
    return NULL;
  }
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, program, "-Tsvg", NULL);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, dot, NULL, &svg, NULL, error))
    return NULL;
  if (g_subprocess_get_successful (process))
    return svg;
  g_set_error (error, CORM_ERROR, CORM_ERROR_FAILED, "%s could not lay out the diagram", program);
  g_free (svg);
  return NULL;
}
