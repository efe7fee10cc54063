/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The report of a port or a comparison as one page of HTML that needs nothing else: to be kept, or sent to who asked for it. */
#include "report.h"

static const char style[] =
    "body{font:15px/1.5 sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;width:100%}td,th{padding:.3em .7em;border-bottom:1px solid "
    "#ddd;text-align:left;"
    "vertical-align:top}.n{text-align:right;font-variant-numeric:tabular-nums}.equal{color:#0a6b2d}."
    "different{color:#b00020}"
    "code{font:13px monospace;overflow-wrap:anywhere}h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}";

static void
append_text (GString *page, const char *before, const char *text, const char *behind)
{
  g_autofree char *safe = g_markup_escape_text (text, -1);
  g_string_append (page, before);
  g_string_append (page, safe);
  g_string_append (page, behind);
}

static void
append_number (GString *page, guint64 number)
{
  g_autofree char *text = app_number (number);
  append_text (page, "<td class=n>", text, "</td>");
}

static void
append_table (GString *page, const CormTableReport *table)
{
  append_text (page, "<tr><td>", table->table, "</td>");
  append_number (page, table->source_rows);
  append_number (page, table->target_rows);
  append_number (page, table->rejected);
  append_number (page, table->bytes);
  g_string_append_printf (page, "<td class=n>%.1f</td>", table->seconds);
  if (!table->verified) {
    g_string_append (page, "<td>not compared</td></tr>\n");
    return;
  }
  g_string_append (page,
                   table->equal ? "<td class=equal>equal <code>" : "<td class=different>different <code>");
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (page, "%02x", table->source_hash[i]);
  g_string_append (page, "</code>");
  for (guint i = 0; i < table->differences->len; i++)
    append_text (page, "<br><code>", g_ptr_array_index (table->differences, i), "</code>");
  g_string_append (page, "</td></tr>\n");
}

static void
append_cell (GString *page, const char *text)
{
  append_text (page, "<td>", text != NULL ? text : "", "</td>");
}

static void
append_choices (GString *page, GPtrArray *choices)
{
  if (choices->len == 0)
    return;
  g_string_append (
      page, "<h2>What each column becomes</h2>\n<table>\n<tr><th>table<th>column<th>declared<th>becomes"
            "<th>conversion<th>why<th>what it holds<th>what does not fit</tr>\n");
  for (guint i = 0; i < choices->len; i++) {
    const CormPortChoice *choice = g_ptr_array_index (choices, i);
    g_string_append (page, "<tr>");
    append_cell (page, choice->table);
    append_cell (page, choice->column);
    append_cell (page, choice->declared);
    append_cell (page, choice->type);
    append_cell (page, choice->conversion);
    append_cell (page, choice->reason);
    append_cell (page, choice->found);
    append_cell (page, choice->misfit);
    g_string_append (page, "</tr>\n");
  }
  g_string_append (page, "</table>\n");
}

static void
append_objects (GString *page, GPtrArray *objects)
{
  if (objects->len == 0)
    return;
  g_string_append (
      page, "<h2>Views, triggers and others</h2>\n<table>\n<tr><th>what<th>became<th>statement</tr>\n");
  for (guint i = 0; i < objects->len; i++) {
    const CormPortObject *object = g_ptr_array_index (objects, i);
    append_text (page, "<tr><td>", object->kind, " ");
    append_text (page, "", object->name, "</td>");
    append_cell (page, object->translated ? "translated" : "moved");
    append_text (page, "<td><code>", object->sql, "</code></td></tr>\n");
  }
  g_string_append (page, "</table>\n");
}

static void
append_rejects (GString *page, const CormPortReport *report)
{
  guint64 rejected = 0;
  for (guint i = 0; i < report->tables->len; i++)
    rejected += ((const CormTableReport *) g_ptr_array_index (report->tables, i))->rejected;
  g_autofree char *text = app_number (rejected);
  if (rejected > 0)
    append_text (
        page, "<h2>Rejects</h2>\n<p>", text,
        " rows did not fit and are in the reject file, each with its key, column, value and reason. The "
        "proof is of all others.</p>\n");
}

static void
append_list (GString *page, const char *title, GPtrArray *lines)
{
  if (lines->len == 0)
    return;
  append_text (page, "<h2>", title, "</h2>\n<ul>\n");
  for (guint i = 0; i < lines->len; i++)
    append_text (page, "<li><code>", g_ptr_array_index (lines, i), "</code></li>\n");
  g_string_append (page, "</ul>\n");
}

char *
app_report_to_html (const CormPortReport *report, const char *title, double seconds)
{
  guint64 rows = 0, n_verified = 0;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *when = g_date_time_format (now, "%Y-%m-%d %H:%M:%S UTC");
  for (guint i = 0; i < report->tables->len; i++) {
    rows += ((const CormTableReport *) g_ptr_array_index (report->tables, i))->source_rows;
    n_verified += ((const CormTableReport *) g_ptr_array_index (report->tables, i))->verified ? 1 : 0;
  }
  g_autofree char *total = app_number (rows);
  GString *page = g_string_new ("<!DOCTYPE html>\n<html lang=en><meta charset=utf-8>");
  append_text (page, "<title>", title, "</title>\n<style>");
  g_string_append_printf (page, "%s</style>\n", style);
  append_text (page, "<h1>", title, "</h1>\n");
  g_string_append_printf (page, "<p>%s: %u tables, %s rows, %.1f s. <b class=%s>%s</b></p>\n", when,
                          report->tables->len, total, seconds,
                          n_verified > 0 && !report->equal ? "different" : "equal",
                          n_verified == 0 ? "Not compared."
                          : report->equal ? "Every row of both sides was read again: all equal."
                                          : "NOT equal.");
  g_string_append (page,
                   "<table>\n<tr><th>table<th class=n>source rows<th class=n>target rows<th class=n>rejected"
                   "<th class=n>bytes read<th class=n>seconds<th>proof</tr>\n");
  for (guint i = 0; i < report->tables->len; i++)
    append_table (page, g_ptr_array_index (report->tables, i));
  g_string_append (page, "</table>\n");
  append_rejects (page, report);
  append_objects (page, report->objects);
  append_list (page, "Not moved", report->not_moved);
  append_list (page, "Notes", report->notes);
  append_choices (page, report->choices);
  g_string_append (page, "</html>\n");
  return g_string_free (page, FALSE);
}
