/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm doctor URI: what ails a database, and the mends. */
#include "app.h"

#include <string.h>

static char *models, *tables;
static GStrv fixes;
static gboolean dry_run;
static int n_keys;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "models", 0, 0, G_OPTION_ARG_STRING, &models, "What the database should be", "SCHEMA" },
    { "tables", 0, 0, G_OPTION_ARG_STRING, &tables,
      "Only these: globs, comma between, '!' before one to leave out", "GLOB" },
    { "keys", 0, 0, G_OPTION_ARG_INT, &n_keys, "How many keys an ailment names (10)", "N" },
    { "fix", 0, 0, G_OPTION_ARG_STRING_ARRAY, &fixes,
      "Mend: orphans=move, orphans=set-null, orphans=delete, sequences, indexes; may be given again",
      "WHAT" },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "Print the statements of the mends and run none", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&models, g_free);
  g_clear_pointer (&tables, g_free);
  g_clear_pointer (&fixes, g_strfreev);
  dry_run = FALSE;
  n_keys = 0;
  return entries;
}

static gboolean
read_fix (const char *fix, CormDoctorOptions *doctor)
{
  static const struct {
    const char *name;
    CormOrphans orphans;
  } ways[] = {
    { "orphans=delete", CORM_ORPHANS_DELETE },
    { "orphans=set-null", CORM_ORPHANS_SET_NULL },
    { "orphans=move", CORM_ORPHANS_MOVE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (strcmp (fix, ways[i].name) == 0) {
      doctor->orphans = ways[i].orphans;
      return TRUE;
    }
  doctor->sequences |= strcmp (fix, "sequences") == 0;
  doctor->indexes |= strcmp (fix, "indexes") == 0;
  return strcmp (fix, "sequences") == 0 || strcmp (fix, "indexes") == 0;
}

static AppStatus
read_fixes (CormDoctorOptions *doctor, GError **error)
{
  for (guint i = 0; fixes != NULL && fixes[i] != NULL; i++) {
    g_auto (GStrv) list = g_strsplit (fixes[i], ",", -1);
    for (guint n = 0; list[n] != NULL; n++) {
      CormOrphans before = doctor->orphans;
      if (!read_fix (list[n], doctor))
        return app_usage (
            error,
            "--fix is orphans=move, orphans=set-null, orphans=delete, sequences or indexes, not "
            "'%s'",
            list[n]);
      if (before != CORM_ORPHANS_LEAVE && before != doctor->orphans)
        return app_usage (error, "--fix: one way for orphans: move, set-null or delete");
    }
  }
  if (dry_run && fixes == NULL)
    return app_usage (error, "--dry-run shows what --fix would do; name it");
  if (n_keys < 0)
    return app_usage (error, "--keys is a number of keys, not %d", n_keys);
  doctor->dry_run = dry_run;
  doctor->n_keys = (guint) n_keys;
  doctor->tables = tables;
  return APP_DONE;
}

/* --- output -------------------------------------------------------------------------------------------------- */

static void
add_ailment (JsonBuilder *builder, const CormAilment *ailment)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  for (guint i = 0; ailment->columns != NULL && ailment->columns[i] != NULL; i++)
    g_ptr_array_add (columns, ailment->columns[i]);
  json_builder_begin_object (builder);
  app_json_string (builder, "kind", corm_ailment_kind_name (ailment->kind));
  app_json_string (builder, "table", ailment->table);
  app_json_strings (builder, "columns", columns);
  app_json_string (builder, "part", ailment->part);
  app_json_int (builder, "count", ailment->count);
  app_json_strings (builder, "keys", ailment->keys);
  app_json_string (builder, "reason", ailment->reason);
  app_json_string (builder, "advice", ailment->advice);
  json_builder_end_object (builder);
}

static void
print_json (const CormDiagnosis *diagnosis)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ailments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < diagnosis->ailments->len; i++)
    add_ailment (builder, diagnosis->ailments->pdata[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "mends");
  json_builder_begin_array (builder);
  for (guint i = 0; i < diagnosis->mends->len; i++) {
    const CormMend *mend = diagnosis->mends->pdata[i];
    json_builder_begin_object (builder);
    app_json_string (builder, "text", mend->text);
    app_json_string (builder, "sql", mend->sql);
    app_json_int (builder, "rows", mend->rows);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  app_json_strings (builder, "unseen", diagnosis->unseen);
  json_builder_end_object (builder);
  app_print_json (builder);
}

static void
print_ailment (const App *app, const CormAilment *ailment)
{
  g_autofree char *columns = ailment->columns != NULL ? g_strjoinv (", ", ailment->columns) : NULL;
  g_autofree char *count = ailment->count > 0 ? app_number ((guint64) ailment->count) : NULL;
  app_print ("%s%s%s", app_color (app, APP_RED), corm_ailment_kind_name (ailment->kind),
             app_color (app, APP_PLAIN));
  if (ailment->table != NULL)
    app_print (" %s", ailment->table);
  if (columns != NULL)
    app_print (" (%s)", columns);
  if (ailment->part != NULL)
    app_print (" %s%s%s", app_color (app, APP_DIM), ailment->part, app_color (app, APP_PLAIN));
  app_print (": ");
  if (count != NULL)
    app_print ("%s: ", count);
  app_print ("%s\n", ailment->reason);
  for (guint i = 0; i < ailment->keys->len; i++)
    app_print ("    %s\n", (char *) ailment->keys->pdata[i]);
  if (ailment->count > (gint64) ailment->keys->len && ailment->keys->len > 0)
    app_print ("    …\n");
  app_print ("  %s%s%s\n", app_color (app, APP_DIM), ailment->advice, app_color (app, APP_PLAIN));
}

static void
print_mends (const App *app, const CormDiagnosis *diagnosis)
{
  for (guint i = 0; i < diagnosis->mends->len; i++) {
    const CormMend *mend = diagnosis->mends->pdata[i];
    app_print ("%s%s%s%s", app_color (app, APP_GREEN),
               dry_run ? "would mend: " : "mended: ", app_color (app, APP_PLAIN), mend->text);
    if (mend->rows >= 0)
      app_print (", %" G_GINT64_FORMAT " %s", mend->rows, mend->rows == 1 ? "row" : "rows");
    app_print ("\n");
    if (dry_run)
      g_print ("%s;\n", mend->sql);
  }
}

static void
print (const App *app, const CormDiagnosis *diagnosis)
{
  guint n = diagnosis->ailments->len;
  if (app->json) {
    print_json (diagnosis);
    return;
  }
  print_mends (app, diagnosis);
  for (guint i = 0; i < n; i++)
    print_ailment (app, diagnosis->ailments->pdata[i]);
  for (guint i = 0; i < diagnosis->unseen->len; i++)
    app_print ("%snot seen:%s %s\n", app_color (app, APP_YELLOW), app_color (app, APP_PLAIN),
               (char *) diagnosis->unseen->pdata[i]);
  if (n == 0)
    app_print ("%sno ailments%s\n", app_color (app, APP_GREEN), app_color (app, APP_PLAIN));
  else
    app_print ("%u %s\n", n, n == 1 ? "ailment" : "ailments");
}

/* --- the verb ------------------------------------------------------------------------------------------------ */

/* What the models say stays theirs, with their labels; all else is read in the words of this database. */
static CormSchema *
read_wanted (App *app, CormConnection *conn, GError **error)
{
  g_autoptr (AppSchema) argument = app_schema_open (app, models, error);
  if (argument == NULL)
    return NULL;
  return argument->registry != NULL ? corm_schema_from_registry (argument->registry)
                                    : app_schema_read (argument, conn, NULL, error);
}

static AppStatus
run (App *app, GError **error)
{
  CormDoctorOptions doctor = { 0 };
  g_autoptr (CormSchema) wanted = NULL;
  if (read_fixes (&doctor, error) != APP_DONE)
    return APP_USAGE;
  const char *uri = app_argument (app, 0, "URI", error);
  if (uri == NULL)
    return APP_USAGE;
  CormDbOptions how = { .must_exist = true, .read_only = fixes == NULL || dry_run };
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, &how, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  if (conn == NULL || (models != NULL && (wanted = read_wanted (app, conn, error)) == NULL))
    return APP_FAILED;
  doctor.schema = wanted;
  g_autoptr (CormDiagnosis) diagnosis = corm_doctor (conn, &doctor, error);
  if (diagnosis == NULL)
    return APP_FAILED;
  print (app, diagnosis);
  return diagnosis->ailments->len > 0 || diagnosis->unseen->len > 0 ? APP_DIFFERENT : APP_DONE;
}

const AppVerb app_verb_doctor = {
  .name = "doctor",
  .arguments = "URI",
  .summary = "What ails a database: orphans, misfits, indexes, sequences; and the mends",
  .description = "Looks only, unless --fix names a mend. Status 1 when there is an ailment.",
  .max_arguments = 1,
  .options = options,
  .run = run,
};
