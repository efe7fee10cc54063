/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm merge [URI] --dir D: two branches of migrations become one line, when it does not matter which comes first. */
#include "merge.h"
#include "migrations.h"

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    APP_MIGRATIONS_DIR,
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &app_migrations.dry_run,
      "Look only; status 1 when there are branches", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  app_migrations_clear ();
  return entries;
}

/* Where one order leads; an order that fails says so. */
static CormSchema *
try_order (const MergeFolder *folder, gboolean other_first, CormConnection *conn, GError **error)
{
  const MergeFile *first = (other_first ? folder->other : folder->one)->pdata[0];
  char *copy = merge_write_copy (folder, other_first, error);
  if (copy == NULL)
    return NULL;
  g_autoptr (CormMigrations) set = corm_migrations_open_folder (copy, error);
  CormSchema *schema = set != NULL ? app_schema_from_migrations (set, conn, "head", error) : NULL;
  merge_remove_copy (copy);
  if (schema == NULL)
    g_prefix_error (error, "with %s first: ", first->file);
  return schema;
}

static char *
name_all (const GPtrArray *files)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < files->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", ((const MergeFile *) files->pdata[i])->file);
  return g_string_free (names, FALSE);
}

/* The first thing that differs; NULL without an error: nothing. Columns of one table may stand in another order: so they do
 * in the databases of the two who wrote them. */
static char *
compare_orders (const MergeFolder *folder, CormConnection *conn, GError **error)
{
  g_autoptr (CormSchema) first = try_order (folder, FALSE, conn, error);
  g_autoptr (CormSchema) second = first != NULL ? try_order (folder, TRUE, conn, error) : NULL;
  g_autoptr (CormPlan) plan = second != NULL ? corm_schema_diff (conn, first, second, error) : NULL;
  return plan != NULL && plan->ops->len > 0 ? g_strdup (((const CormOp *) plan->ops->pdata[0])->text) : NULL;
}

/* An order that cannot be run is a difference too. */
static char *
find_difference (const MergeFolder *folder, CormConnection *conn, GError **error)
{
  GError *local = NULL;
  char *difference = compare_orders (folder, conn, &local);
  if (local == NULL)
    return difference;
  if (local->code != CORM_ERROR_CONNECTION && local->code != CORM_ERROR_DENIED) {
    difference = g_strdup (local->message);
    g_error_free (local);
    return difference;
  }
  g_propagate_error (error, local);
  return NULL;
}

static void
print (App *app, const MergeFolder *folder, const char *difference, const GPtrArray *told)
{
  g_autofree char *one = name_all (folder->one), *other = name_all (folder->other);
  if (app->json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    json_builder_begin_object (builder);
    app_json_string (builder, "one", one);
    app_json_string (builder, "other", other);
    app_json_bool (builder, "equal", difference == NULL);
    app_json_string (builder, "difference", difference);
    app_json_strings (builder, "moved", (GPtrArray *) told);
    json_builder_end_object (builder);
    app_print_json (builder);
    return;
  }
  app_print ("two branches: %s; and %s\n", one, other);
  if (difference != NULL)
    app_print ("they do not go together; the first difference: %s\n", difference);
  else
    app_print ("in either order they lead to the same schema\n");
  for (guint i = 0; i < told->len; i++)
    app_print ("%s\n", (const char *) told->pdata[i]);
}

static AppStatus
run (App *app, GError **error)
{
  if (app_migrations.dir == NULL)
    return app_usage (error, "--dir DIR is missing: the folder of the migrations");
  g_autoptr (MergeFolder) folder = merge_folder_read (app_migrations.dir, error);
  if (folder == NULL)
    return APP_FAILED;
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  if (!merge_folder_find (folder)) {
    if (!app->json)
      app_print ("nothing to merge: each migration follows another one\n");
    else
      print (app, folder, NULL, told);
    return APP_DONE;
  }
  g_autoptr (CormDb) db = app->argc > 0 ? corm_db_open (app->argv[0], NULL, error) : NULL;
  g_autoptr (CormConnection) own = db != NULL ? corm_db_connect (db, error) : NULL;
  CormConnection *conn = app->argc > 0 ? own : app_scratch_connection (app, error);
  if (conn == NULL)
    return APP_FAILED;
  GError *local = NULL;
  g_autofree char *difference = find_difference (folder, conn, &local);
  if (local != NULL) {
    g_propagate_error (error, local);
    return APP_FAILED;
  }
  if (difference == NULL && !app_migrations.dry_run &&
      !merge_put_behind (folder, app_migrations.dir, told, error))
    return APP_FAILED;
  print (app, folder, difference, told);
  return difference != NULL || app_migrations.dry_run ? APP_DIFFERENT : APP_DONE;
}

const AppVerb app_verb_merge = {
  .name = "merge",
  .arguments = "[URI] --dir DIR",
  .summary = "Make one line of two branches of migrations",
  .description =
      "Two files are branches when they have one version, or were written behind the same one (corm:after). "
      "Both\n"
      "orders are run in scratch places of the database, or in SQLite ones; when they lead to the same "
      "schema,\n"
      "the second branch is put behind the first. Else the first difference is shown, with status 1.",
  .max_arguments = 1,
  .options = options,
  .run = run,
};
