/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where migrations come from: a folder, a GResource, an array of C functions. Each source gives files by name and text;
 * a file that looks like a migration and cannot be one is an error, never passed over. */
#include "base/error.h"
#include "evolve/migration.h"

#include <gio/gio.h>
#include <string.h>

CormMigrations *
corm_migrations_new (void)
{
  CormMigrations *set = g_new0 (CormMigrations, 1);
  set->all = g_ptr_array_new_with_free_func (corm_migration_free);
  return set;
}

void
corm_migrations_set_hooks (CormMigrations *set, const CormMigrationOptions *hooks)
{
  g_return_if_fail (set != NULL && hooks != NULL);
  set->hooks = *hooks;
}

void
corm_migrations_free (CormMigrations *set)
{
  if (set == NULL)
    return;
  g_ptr_array_unref (set->all);
  g_free (set);
}

/* --- files ------------------------------------------------------------------------------------------------------ */

static gboolean
refuse_name (const char *file, GError **error)
{
  g_autofree char *quoted = corm_error_quote (file, -1);
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s is no name of a migration: write VERSION_name.sql, as in 0003_add_jobs.sql", quoted);
  return FALSE;
}

static char *
base_name (const char *text, const char *ending)
{
  return g_strndup (text, strlen (text) - strlen (ending));
}

/* One way of a migration whose two ways are two files. */
static gboolean
add_half (CormMigrations *set, const char *version, const char *name, const char *file,
          CormMigrationDirection direction, const char *text, gsize size, GError **error)
{
  CormMigration *migration = corm_migrations_find (set, version);
  if (migration == NULL) {
    migration = corm_migration_new (version, name, file);
    if (!corm_migrations_add (set, migration, error))
      return FALSE;
  }
  if (strcmp (migration->name, name) != 0 || migration->parts[direction].given) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s and %s have one version, %s", migration->file,
                 file, version);
    return FALSE;
  }
  if (direction == CORM_MIGRATION_UP) {
    g_free (migration->file);
    migration->file = g_strdup (file);
  }
  return corm_migration_add_way (migration, direction, text, size, error);
}

/* "000001_jobs.up.sql" of golang-migrate; "V1_2__jobs.sql" and "U1_2__jobs.sql" of Flyway. */
static gboolean
add_theirs (CormMigrations *set, const char *file, const char *text, gsize size, gboolean *is_theirs,
            GError **error)
{
  gsize digits = strspn (file, "0123456789");
  gboolean down = g_str_has_suffix (file, ".down.sql") || file[0] == 'U';
  gboolean golang = digits > 0 && file[digits] == '_' &&
                    (g_str_has_suffix (file, ".up.sql") || g_str_has_suffix (file, ".down.sql"));
  const char *name = strstr (file, "__");
  gboolean flyway = name != NULL && (file[0] == 'V' || file[0] == 'U') && g_ascii_isdigit (file[1]);
  *is_theirs = golang || flyway;
  if (name == file + 1 && file[0] == 'R') {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "%s is a repeatable migration, which there is no such thing as here: give it a version, and "
                 "write a new one when it changes",
                 file);
    return FALSE;
  }
  if (!*is_theirs || !g_utf8_validate (file, -1, NULL))
    return !*is_theirs || refuse_name (file, error);
  g_autofree char *version =
      golang ? g_strndup (file, digits) : g_strndup (file + 1, (gsize) (name - file - 1));
  g_autofree char *words =
      golang ? base_name (file + digits + 1, down ? ".down.sql" : ".up.sql") : base_name (name + 2, ".sql");
  g_strdelimit (version, "_", '.');
  if (!corm_version_is_valid (version))
    return refuse_name (file, error);
  return add_half (set, version, words, file, down ? CORM_MIGRATION_DOWN : CORM_MIGRATION_UP, text, size,
                   error);
}

/* "0003_add_jobs.sql" */
static gboolean
add_file (CormMigrations *set, const char *file, const char *text, gsize size, GError **error)
{
  gsize digits = strspn (file, "0123456789.");
  g_autofree char *version = g_strndup (file, digits);
  gboolean is_theirs = FALSE;
  if (!add_theirs (set, file, text, size, &is_theirs, error) || is_theirs)
    return is_theirs && (error == NULL || *error == NULL);
  if (digits == 0 || file[digits] != '_' || !corm_version_is_valid (version) ||
      !g_utf8_validate (file, -1, NULL))
    return refuse_name (file, error);
  g_autofree char *name = base_name (file + digits + 1, ".sql");
  g_autoptr (CormMigration) migration = corm_migration_new (version, name, file);
  return corm_migration_parse (migration, text, size, error) &&
         corm_migrations_add (set, g_steal_pointer (&migration), error);
}

static gboolean
is_migration (const char *file)
{
  return file[0] != '.' && g_str_has_suffix (file, ".sql");
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* A migration that says behind which one it was written needs that one; and a way back needs a way up. */
static gboolean
check_whole (const CormMigrations *set, GError **error)
{
  for (guint i = 0; i < set->all->len; i++) {
    const CormMigration *migration = set->all->pdata[i];
    if (!migration->parts[CORM_MIGRATION_UP].given) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is a way back, and its way up is missing",
                   migration->file);
      return FALSE;
    }
    if (migration->after != NULL && corm_migrations_find (set, migration->after) == NULL) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "%s was written behind %s (corm:after), which is missing", migration->file,
                   migration->after);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
fail_read (GError **error, const GError *why)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "read the migrations: %s", why->message);
  return FALSE;
}

static gboolean
read_folder (CormMigrations *set, const char *path, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &why);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  if (folder == NULL)
    return fail_read (error, why);
  for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder))
    if (is_migration (name))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *file = g_build_filename (path, names->pdata[i], NULL);
    g_autofree char *text = NULL;
    gsize size = 0;
    if (!g_file_get_contents (file, &text, &size, &why))
      return fail_read (error, why);
    if (!add_file (set, names->pdata[i], text, size, error))
      return FALSE;
  }
  return check_whole (set, error);
}

CormMigrations *
corm_migrations_open_folder (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (CormMigrations) set = corm_migrations_new ();
  if (read_folder (set, path, error))
    return g_steal_pointer (&set);
  corm_error_prefix (error, "%s", path);
  return NULL;
}

static gboolean
read_resource (CormMigrations *set, const char *path, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_auto (GStrv) names = g_resources_enumerate_children (path, G_RESOURCE_LOOKUP_FLAGS_NONE, &why);
  if (names == NULL)
    return fail_read (error, why);
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *file = g_build_path ("/", path, names[i], NULL);
    if (!is_migration (names[i]))
      continue;
    g_autoptr (GBytes) bytes = g_resources_lookup_data (file, G_RESOURCE_LOOKUP_FLAGS_NONE, &why);
    if (bytes == NULL)
      return fail_read (error, why);
    gsize size = 0;
    const char *text = g_bytes_get_data (bytes, &size);
    if (!add_file (set, names[i], text != NULL ? text : "", size, error))
      return FALSE;
  }
  return check_whole (set, error);
}

CormMigrations *
corm_migrations_open_resource (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (CormMigrations) set = corm_migrations_new ();
  return read_resource (set, path, error) ? g_steal_pointer (&set) : NULL;
}

/* --- functions -------------------------------------------------------------------------------------------------- */

/* A function has no text; its checksum says only that it is one, and which. */
static char *
sum_function (const CormMigrationStep *step)
{
  g_autofree char *text = g_strdup_printf ("function %s", step->name);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

static gboolean
check_step (const CormMigrationStep *step, GError **error)
{
  if (corm_version_is_valid (step->version) && step->name != NULL && *step->name != '\0' && step->up != NULL)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "the migration '%s' wants a version (digits), a name and a function for the way up",
               step->version);
  return FALSE;
}

gboolean
corm_migrations_add_steps (CormMigrations *set, const CormMigrationStep *steps, GError **error)
{
  g_return_val_if_fail (set != NULL && steps != NULL, FALSE);
  for (; steps->version != NULL; steps++) {
    if (!check_step (steps, error))
      return FALSE;
    CormMigration *migration = corm_migration_new (steps->version, steps->name, NULL);
    migration->checksum = sum_function (steps);
    migration->repeatable = steps->repeatable;
    migration->parts[CORM_MIGRATION_UP].function = steps->up;
    migration->parts[CORM_MIGRATION_UP].given = TRUE;
    migration->parts[CORM_MIGRATION_DOWN].function = steps->down;
    migration->parts[CORM_MIGRATION_DOWN].given = steps->down != NULL;
    for (guint i = 0; i < CORM_N_DIRECTIONS; i++)
      migration->parts[i].no_transaction = steps->no_transaction;
    if (!corm_migrations_add (set, migration, error))
      return FALSE;
  }
  return TRUE;
}
