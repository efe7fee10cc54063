/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See report.h. */
#include "report.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

static char *
hex (const guint8 hash[16])
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (text, "%02x", hash[i]);
  return g_string_free (text, FALSE);
}

static JsonBuilder *
build_json (const CormPortReport *report, const char *verb, double seconds)
{
  JsonBuilder *builder = json_builder_new ();
  json_builder_begin_object (builder);
  app_json_string (builder, "verb", verb);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, seconds);
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->tables->len; i++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, i);
    g_autofree char *source = hex (table->source_hash);
    g_autofree char *target = hex (table->target_hash);
    json_builder_begin_object (builder);
    app_json_string (builder, "table", table->table);
    app_json_int (builder, "source_rows", (gint64) table->source_rows);
    app_json_int (builder, "target_rows", (gint64) table->target_rows);
    app_json_int (builder, "rejected", (gint64) table->rejected);
    app_json_int (builder, "bytes", (gint64) table->bytes);
    json_builder_set_member_name (builder, "seconds");
    json_builder_add_double_value (builder, table->seconds);
    app_json_bool (builder, "verified", table->verified);
    app_json_bool (builder, "equal", table->equal);
    app_json_string (builder, "source_hash", table->verified ? source : NULL);
    app_json_string (builder, "target_hash", table->verified ? target : NULL);
    app_json_strings (builder, "differences", table->differences);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  app_json_choices (builder, report);
  app_json_objects (builder, report);
  app_json_strings (builder, "not_moved", report->not_moved);
  app_json_strings (builder, "notes", report->notes);
  app_json_bool (builder, "equal", report->equal);
  json_builder_end_object (builder);
  return builder;
}

/* A device or a pipe, which is written to and not replaced. */
static gboolean
is_special (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR) &&
         !g_file_test (path, G_FILE_TEST_IS_DIR);
}

static gboolean
refuse_report (const char *path, int number, GError **error)
{
  g_set_error (error, CORM_ERROR, number == ENOSPC ? CORM_ERROR_FULL : CORM_ERROR_DENIED,
               "the report can't be written to %s: %s", path, g_strerror (number));
  return FALSE;
}

gboolean
app_check_report (const char *path, GError **error)
{
  if (path == NULL)
    return TRUE;
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return refuse_report (path, EISDIR, error);
  if (is_special (path))
    return g_access (path, W_OK) == 0 || refuse_report (path, errno, error);
  g_autofree char *beside = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp (beside);
  if (fd < 0)
    return refuse_report (path, errno, error);
  close (fd);
  g_unlink (beside);
  return TRUE;
}

static gboolean
write_to (const char *path, const char *text, GError **error)
{
  if (!is_special (path))
    return g_file_set_contents (path, text, -1, error);
  FILE *file = fopen (path, "we");
  gboolean ok = file != NULL && fputs (text, file) >= 0 && fflush (file) == 0;
  int number = errno;
  if (file != NULL)
    fclose (file);
  return ok || refuse_report (path, number, error);
}

gboolean
app_write_report (const CormPortReport *report, const char *verb, const char *title, double seconds,
                  const char *path, GError **error)
{
  g_autofree char *text = NULL;
  if (g_str_has_suffix (path, ".json")) {
    g_autoptr (JsonBuilder) builder = build_json (report, verb, seconds);
    g_autoptr (JsonNode) root = json_builder_get_root (builder);
    text = json_to_string (root, TRUE);
  } else
    text = app_report_to_html (report, title, seconds);
  return write_to (path, text, error);
}

static void
print_table (const App *app, const CormTableReport *table, int width)
{
  g_autofree char *source = app_number (table->source_rows);
  g_autofree char *target = app_number (table->target_rows);
  g_autofree char *hash = hex (table->source_hash);
  const char *verdict = !table->verified ? "not compared" : table->equal ? "equal" : "DIFFERENT";
  const char *color = app_color (app, !table->verified ? APP_DIM : table->equal ? APP_GREEN : APP_RED);
  app_print ("%-*s %12s %12s %8.1f  %s%s%s", width, table->table, source, target, table->seconds, color,
             verdict, app_color (app, APP_PLAIN));
  if (table->verified && table->equal)
    app_print ("  %s%s%s", app_color (app, APP_DIM), hash, app_color (app, APP_PLAIN));
  if (table->rejected > 0) {
    g_autofree char *rejected = app_number (table->rejected);
    app_print ("  %s rejected", rejected);
  }
  app_print ("\n");
  for (guint i = 0; i < table->differences->len; i++)
    app_print ("    %s\n", (char *) g_ptr_array_index (table->differences, i));
}

void
app_print_report (const App *app, const CormPortReport *report, const char *verb, double seconds)
{
  guint64 rows = 0;
  guint n_verified = 0;
  int width = 5;
  if (app->json) {
    g_autoptr (JsonBuilder) builder = build_json (report, verb, seconds);
    app_print_json (builder);
    return;
  }
  for (guint i = 0; i < report->tables->len; i++)
    width = MAX (width, (int) g_utf8_strlen (
                            ((const CormTableReport *) g_ptr_array_index (report->tables, i))->table, -1));
  app_print ("%-*s %12s %12s %8s  %s\n", width, "table", "source rows", "target rows", "seconds", "rows are");
  for (guint i = 0; i < report->tables->len; i++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, i);
    rows += table->source_rows;
    n_verified += table->verified ? 1 : 0;
    print_table (app, table, width);
  }
  app_print_choices (app, report);
  app_print_not_moved (app, report);
  g_autofree char *total = app_number (rows);
  const char *proof = n_verified == 0 ? "" : report->equal ? ", all equal" : ", NOT equal";
  app_print ("%u %s, %s rows, %.1f s%s\n", report->tables->len, report->tables->len == 1 ? "table" : "tables",
             total, seconds, proof);
}
