/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See exchange.h. */
#include "exchange.h"

#include <string.h>

gboolean
app_format_parse (const char *as, CormFormat *format, GError **error)
{
  static const char *const names[] = {
    [CORM_FORMAT_YAML] = "yaml",
    [CORM_FORMAT_JSON] = "json",
    [CORM_FORMAT_JSON_LINES] = "jsonl",
    [CORM_FORMAT_CSV] = "csv",
  };
  *format = CORM_FORMAT_AUTO;
  for (guint i = CORM_FORMAT_YAML; as != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (as, names[i]) == 0)
      *format = (CormFormat) i;
  if (as == NULL || *format != CORM_FORMAT_AUTO)
    return TRUE;
  app_usage (error, "--as is yaml, json, jsonl or csv, not '%s'", as);
  return FALSE;
}

static void
print_json (const CormExchangeReport *report, const char *verb, double seconds)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  app_json_string (builder, "verb", verb);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, seconds);
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->tables->len; i++) {
    const CormExchangeTable *table = g_ptr_array_index (report->tables, i);
    json_builder_begin_object (builder);
    app_json_string (builder, "table", table->table);
    app_json_int (builder, "rows", (gint64) table->rows);
    app_json_int (builder, "updated", (gint64) table->updated);
    app_json_int (builder, "rejected", (gint64) table->rejected);
    app_json_bool (builder, "created", table->created);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  app_json_strings (builder, "notes", report->notes);
  app_json_int (builder, "faults", (gint64) report->n_faults);
  json_builder_end_object (builder);
  app_print_json (builder);
}

static void
print_table (const App *app, const CormExchangeTable *table, int width)
{
  g_autofree char *rows = app_number (table->rows);
  g_autofree char *updated = app_number (table->updated);
  g_autofree char *rejected = app_number (table->rejected);
  app_print ("%-*s %12s", width, table->table, rows);
  if (table->updated > 0)
    app_print ("  %s updated", updated);
  if (table->rejected > 0)
    app_print ("  %s%s rejected%s", app_color (app, APP_RED), rejected, app_color (app, APP_PLAIN));
  app_print ("%s\n", table->created ? "  created" : "");
}

void
app_print_exchange (const App *app, const CormExchangeReport *report, const char *verb, double seconds)
{
  guint64 sum = 0;
  int width = 5;
  if (app->json) {
    print_json (report, verb, seconds);
    return;
  }
  for (guint i = 0; i < report->tables->len; i++) {
    const CormExchangeTable *table = g_ptr_array_index (report->tables, i);
    width = MAX (width, (int) g_utf8_strlen (table->table, -1));
    sum += table->rows + table->updated;
  }
  app_print ("%-*s %12s\n", width, "table", "rows");
  for (guint i = 0; i < report->tables->len; i++)
    print_table (app, g_ptr_array_index (report->tables, i), width);
  for (guint i = 0; i < report->notes->len; i++)
    app_print ("%snote:%s %s\n", app_color (app, APP_YELLOW), app_color (app, APP_PLAIN),
               (char *) g_ptr_array_index (report->notes, i));
  g_autofree char *total = app_number (sum);
  app_print ("%u %s, %s rows, %.1f s\n", report->tables->len, report->tables->len == 1 ? "table" : "tables",
             total, seconds);
}
