/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm stats URI: sizes, rows, use of indexes. */
#include "app.h"

static char *tables;
static gboolean exact;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "tables", 0, 0, G_OPTION_ARG_STRING, &tables,
      "Only these: globs, comma between, '!' before one to leave out", "GLOB" },
    { "exact", 0, 0, G_OPTION_ARG_NONE, &exact, "Count the rows where the database only estimates them",
      NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&tables, g_free);
  exact = FALSE;
  return entries;
}

/* NULL where the database does not know. */
static void
add_figure (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  if (value >= 0)
    json_builder_add_int_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_table (JsonBuilder *builder, const CormTableStats *stats)
{
  json_builder_begin_object (builder);
  app_json_string (builder, "table", stats->table);
  add_figure (builder, "rows", stats->rows);
  app_json_bool (builder, "exact", stats->exact);
  add_figure (builder, "bytes", stats->bytes);
  add_figure (builder, "index_bytes", stats->index_bytes);
  add_figure (builder, "dead_rows", stats->dead_rows);
  add_figure (builder, "free_bytes", stats->free_bytes);
  app_json_string (builder, "analyzed", stats->analyzed);
  json_builder_set_member_name (builder, "indexes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < stats->indexes->len; i++) {
    const CormIndexStats *index = stats->indexes->pdata[i];
    json_builder_begin_object (builder);
    app_json_string (builder, "name", index->name);
    add_figure (builder, "bytes", index->bytes);
    add_figure (builder, "reads", index->reads);
    add_figure (builder, "rows_per_key", index->rows_per_key);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_json (const GPtrArray *all)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < all->len; i++)
    add_table (builder, all->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  app_print_json (builder);
}

/* "~15 607", "-" where it is not known. */
static void
print_figure (const char *mark, gint64 value)
{
  g_autofree char *number = value >= 0 ? app_number ((guint64) value) : g_strdup ("-");
  g_autofree char *text = g_strconcat (value >= 0 ? mark : "", number, NULL);
  app_print (" %14s", text);
}

static void
print_table (const App *app, const CormTableStats *stats, int width)
{
  app_print ("%-*s", width, stats->table);
  print_figure (stats->exact ? "" : "~", stats->rows);
  print_figure ("", stats->bytes);
  print_figure ("", stats->index_bytes);
  print_figure ("", stats->dead_rows);
  print_figure ("", stats->free_bytes);
  app_print ("  %s\n", stats->analyzed != NULL ? stats->analyzed : "-");
  for (guint i = 0; i < stats->indexes->len; i++) {
    const CormIndexStats *index = stats->indexes->pdata[i];
    g_autofree char *bytes = index->bytes >= 0 ? app_number ((guint64) index->bytes) : g_strdup ("-");
    g_autofree char *reads = index->reads >= 0 ? app_number ((guint64) index->reads) : g_strdup ("-");
    g_autofree char *rows =
        index->rows_per_key >= 0 ? app_number ((guint64) index->rows_per_key) : g_strdup ("-");
    app_print ("  %s%s: %s bytes, %s reads, %s rows a key%s\n", app_color (app, APP_DIM), index->name, bytes,
               reads, rows, app_color (app, APP_PLAIN));
  }
}

static void
print (const App *app, const GPtrArray *all)
{
  int width = 5;
  for (guint i = 0; i < all->len; i++)
    width = MAX (width, (int) g_utf8_strlen (((CormTableStats *) all->pdata[i])->table, -1));
  app_print ("%-*s %14s %14s %14s %14s %14s  %s\n", width, "table", "rows", "bytes", "index bytes",
             "dead rows", "free bytes", "analyzed");
  for (guint i = 0; i < all->len; i++)
    print_table (app, all->pdata[i], width);
}

static AppStatus
run (App *app, GError **error)
{
  const char *uri = app_argument (app, 0, "URI", error);
  if (uri == NULL)
    return APP_USAGE;
  CormDbOptions how = { .must_exist = true, .read_only = true };
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, &how, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  g_autoptr (GPtrArray) all = conn != NULL ? corm_stats (conn, tables, exact, error) : NULL;
  if (all == NULL)
    return APP_FAILED;
  if (app->json)
    print_json (all);
  else
    print (app, all);
  return APP_DONE;
}

const AppVerb app_verb_stats = {
  .name = "stats",
  .arguments = "URI",
  .summary = "Rows, sizes, dead rows; how often indexes are read",
  .description = "~ stands before an estimate, - for what this database does not know.",
  .max_arguments = 1,
  .options = options,
  .run = run,
};
