/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a port would do: each column's choice with its reason, and what can't be moved. */
#include "report.h"

#include <string.h>

/* A statement on one line, not too long of it. */
static char *
shorten (const char *sql)
{
  enum { MOST = 200 };
  g_auto (GStrv) words = g_strsplit_set (sql, " \t\r\n", -1);
  g_autoptr (GString) line = g_string_new (NULL);
  for (guint i = 0; words[i] != NULL && line->len <= MOST; i++)
    if (*words[i] != '\0')
      g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", words[i]);
  if (g_utf8_strlen (line->str, -1) > MOST) {
    g_string_truncate (line, (gsize) (g_utf8_offset_to_pointer (line->str, MOST) - line->str));
    g_string_append (line, " ...");
  }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
print_objects (const App *app, const CormPortReport *report)
{
  for (guint i = 0; i < report->objects->len; i++) {
    const CormPortObject *object = g_ptr_array_index (report->objects, i);
    g_autofree char *sql = object->translated ? shorten (object->sql) : NULL;
    app_print ("%s%s:%s %s %s%s%s\n", app_color (app, APP_GREEN), object->translated ? "translated" : "moved",
               app_color (app, APP_PLAIN), object->kind, object->name, sql != NULL ? ": " : "",
               sql != NULL ? sql : "");
  }
}

void
app_print_not_moved (const App *app, const CormPortReport *report)
{
  print_objects (app, report);
  for (guint i = 0; i < report->not_moved->len; i++)
    app_print ("%snot moved:%s %s\n", app_color (app, APP_YELLOW), app_color (app, APP_PLAIN),
               (char *) g_ptr_array_index (report->not_moved, i));
  for (guint i = 0; i < report->notes->len; i++)
    app_print ("%snote:%s %s\n", app_color (app, APP_DIM), app_color (app, APP_PLAIN),
               (char *) g_ptr_array_index (report->notes, i));
}

void
app_json_choices (JsonBuilder *builder, const CormPortReport *report)
{
  json_builder_set_member_name (builder, "choices");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->choices->len; i++) {
    const CormPortChoice *choice = g_ptr_array_index (report->choices, i);
    json_builder_begin_object (builder);
    app_json_string (builder, "table", choice->table);
    app_json_string (builder, "column", choice->column);
    app_json_string (builder, "declared", choice->declared);
    app_json_string (builder, "type", choice->type);
    app_json_string (builder, "conversion", choice->conversion);
    app_json_string (builder, "reason", choice->reason);
    app_json_string (builder, "found", choice->found);
    app_json_int (builder, "misfits", (gint64) choice->misfits);
    app_json_string (builder, "misfit", choice->misfit);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

void
app_json_objects (JsonBuilder *builder, const CormPortReport *report)
{
  json_builder_set_member_name (builder, "objects");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->objects->len; i++) {
    const CormPortObject *object = g_ptr_array_index (report->objects, i);
    json_builder_begin_object (builder);
    app_json_string (builder, "kind", object->kind);
    app_json_string (builder, "name", object->name);
    app_json_string (builder, "table", object->table);
    app_json_bool (builder, "translated", object->translated);
    app_json_string (builder, "sql", object->sql);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
print_plan_json (const CormPortReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  app_json_string (builder, "verb", "port");
  app_json_choices (builder, report);
  app_json_objects (builder, report);
  app_json_strings (builder, "not_moved", report->not_moved);
  app_json_strings (builder, "notes", report->notes);
  json_builder_end_object (builder);
  app_print_json (builder);
}

static int
wider (int width, const char *text)
{
  return MIN (30, MAX (width, (int) g_utf8_strlen (text, -1)));
}

static void
print_choice (const App *app, const CormPortChoice *choice, const int widths[3])
{
  g_autofree char *pad = g_strnfill (2, ' ');
  app_print ("%s%-*s %-*s %-*s ", pad, widths[0], choice->column, widths[1],
             *choice->declared != '\0' ? choice->declared : "(none)", widths[2], choice->type);
  if (choice->conversion != NULL)
    app_print (" [%s]", choice->conversion);
  app_print (" %s%s%s", app_color (app, APP_DIM), choice->reason, app_color (app, APP_PLAIN));
  if (choice->found != NULL && *choice->found != '\0')
    app_print (" %s(%s)%s", app_color (app, APP_DIM), choice->found, app_color (app, APP_PLAIN));
  app_print ("\n");
  if (choice->misfit != NULL)
    app_print ("      %s%s%s\n", app_color (app, APP_RED), choice->misfit, app_color (app, APP_PLAIN));
}

/* Most columns are as they were declared: they would hide the others. */
void
app_print_choices (const App *app, const CormPortReport *report)
{
  for (guint i = 0; i < report->choices->len; i++) {
    const CormPortChoice *choice = g_ptr_array_index (report->choices, i);
    if (choice->conversion == NULL && choice->misfit == NULL &&
        (strcmp (choice->reason, "as declared") == 0 || strcmp (choice->reason, "as in the source") == 0 ||
         strcmp (choice->reason, "the target's column is so") == 0))
      continue;
    app_print ("%schoice:%s %s.%s %s%s%s becomes %s", app_color (app, APP_DIM), app_color (app, APP_PLAIN),
               choice->table, choice->column, choice->declared, choice->conversion != NULL ? ", by " : "",
               choice->conversion != NULL ? choice->conversion : "", choice->type);
    app_print (": %s%s%s\n", choice->reason, choice->misfit != NULL ? "; " : "",
               choice->misfit != NULL ? choice->misfit : "");
  }
}

gboolean
app_print_plan (const App *app, const CormPortReport *report)
{
  int widths[3] = { 6, 8, 4 };
  guint n_misfits = 0;
  const char *table = "";
  for (guint i = 0; i < report->choices->len; i++) {
    const CormPortChoice *choice = g_ptr_array_index (report->choices, i);
    widths[0] = wider (widths[0], choice->column);
    widths[1] = wider (widths[1], choice->declared);
    widths[2] = wider (widths[2], choice->type);
    n_misfits += choice->misfits > 0;
  }
  if (app->json) {
    print_plan_json (report);
    return n_misfits > 0;
  }
  for (guint i = 0; i < report->choices->len; i++) {
    const CormPortChoice *choice = g_ptr_array_index (report->choices, i);
    if (strcmp (choice->table, table) != 0)
      app_print ("%s\n", choice->table);
    table = choice->table;
    print_choice (app, choice, widths);
  }
  app_print_not_moved (app, report);
  if (n_misfits > 0)
    app_print ("%u %s values that do not fit: mend them in the source, choose another type in a mapping file "
               "(--mapping),\nor let them be rejected (--rejects)\n",
               n_misfits, n_misfits == 1 ? "column has" : "columns have");
  return n_misfits > 0;
}
