/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm ping URI: is the database there, who is it, how long does an answer take. */
#include "app.h"

static AppStatus
run (App *app, GError **error)
{
  const char *uri = app_argument (app, 0, "URI", error);
  if (uri == NULL)
    return APP_USAGE;
  CormDbOptions options = { .must_exist = true, .read_only = true };
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, &options, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  gint64 began = g_get_monotonic_time ();
  if (conn == NULL || !corm_connection_ping (conn, error))
    return APP_FAILED;
  double ms = (double) (g_get_monotonic_time () - began) / 1000;
  if (app->json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    json_builder_begin_object (builder);
    app_json_string (builder, "uri", corm_db_get_uri (db));
    app_json_string (builder, "server", corm_connection_get_server (conn));
    json_builder_set_member_name (builder, "ms");
    json_builder_add_double_value (builder, ms);
    json_builder_end_object (builder);
    app_print_json (builder);
  } else
    app_print ("%s: %s answers in %.2f ms\n", corm_db_get_uri (db), corm_connection_get_server (conn), ms);
  return APP_DONE;
}

const AppVerb app_verb_ping = {
  .name = "ping",
  .arguments = "[URI]",
  .summary = "Ask a database whether it is there",
  .max_arguments = 1,
  .run = run,
};
