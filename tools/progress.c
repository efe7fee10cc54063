/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Progress of long work, drawn at most ten times a second on a terminal and once a second elsewhere. */
#include "app.h"

#include <stdio.h>
#include <unistd.h>

#define BAR_WIDTH 30

struct _AppProgress {
  gboolean quiet;
  gboolean terminal;
  gboolean json; /* a line of JSON a second, for programs */
  gint64 began;
  gint64 shown;
  gboolean drawn;
};

static const char *const phases[] = { "schema", "rows", "indexes", "verify" };

AppProgress *
app_progress_new (const App *app)
{
  AppProgress *progress = g_new0 (AppProgress, 1);
  progress->quiet = app->quiet;
  progress->json = app->json;
  progress->terminal = !app->json && isatty (STDERR_FILENO);
  progress->began = progress->shown = g_get_monotonic_time ();
  return progress;
}

static void
print_event (const CormProgress *state, double seconds)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  app_json_string (builder, "event", "progress");
  app_json_string (builder, "phase", phases[state->phase]);
  app_json_string (builder, "table", state->table);
  app_json_int (builder, "rows", (gint64) state->rows);
  app_json_int (builder, "rows_total", (gint64) state->rows_total);
  app_json_int (builder, "all_rows", (gint64) state->all_rows);
  app_json_int (builder, "all_total", (gint64) state->all_total);
  app_json_int (builder, "all_bytes", (gint64) state->all_bytes);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, seconds);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *line = json_to_string (root, FALSE);
  g_printerr ("%s\n", line);
}

static void
draw (AppProgress *progress, const CormProgress *state, gint64 now)
{
  double part = state->all_total > 0 ? MIN ((double) state->all_rows / (double) state->all_total, 1) : 1;
  double seconds = MAX ((double) (now - progress->began) / G_USEC_PER_SEC, 0.001);
  if (progress->json) {
    print_event (state, seconds);
    return;
  }
  g_autofree char *table = app_one_line (state->table);
  g_autofree char *rows = app_number (state->all_rows);
  g_autofree char *rate = app_number ((guint64) ((double) state->all_rows / seconds));
  if (!progress->terminal) {
    g_printerr ("%s: %s, %s rows, %.0f %%, %s rows/s, %.1f MB\n", phases[state->phase], table, rows,
                part * 100, rate, (double) state->all_bytes / 1e6);
    return;
  }
  g_autoptr (GString) bar = g_string_new (NULL);
  for (int i = 0; i < BAR_WIDTH; i++)
    g_string_append (bar, i < (int) (part * BAR_WIDTH) ? "█" : "░");
  double left = part > 0 ? seconds / part - seconds : 0;
  g_printerr ("\r\033[K%-7s %s %3.0f %% %s rows, %s/s, %.1f MB, %.0f s left, %s", phases[state->phase],
              bar->str, part * 100, rows, rate, (double) state->all_bytes / 1e6, left, table);
  progress->drawn = TRUE;
}

void
app_progress_show (const CormProgress *state, gpointer data)
{
  AppProgress *progress = data;
  gint64 now = g_get_monotonic_time ();
  gint64 pause = progress->terminal ? G_USEC_PER_SEC / 10 : G_USEC_PER_SEC;
  if (progress->quiet || now - progress->shown < pause)
    return;
  progress->shown = now;
  draw (progress, state, now);
}

void
app_progress_free (AppProgress *progress)
{
  if (progress->drawn)
    g_printerr ("\r\033[K");
  g_free (progress);
}
