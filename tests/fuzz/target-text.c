/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Short texts that somebody types or a stranger sends: URIs, migrations, positions of replicas, SQL that lint looks at,
 * values. */
#include "target.h"

#include "../../drivers/dialects.h"
#include "base/uri.h"
#include "evolve/marks.h"
#include "evolve/migration.h"

#include <corm/corm.h>

#include <string.h>

static const CormDialect *const dialects[] = { &corm_sqlite3_dialect, &corm_pgsql_dialect,
                                               &corm_mysql_dialect };

/* --- URIs ---------------------------------------------------------------------------------------------------------------- */

static void
append_escaped (GString *text, const char *before, const char *part)
{
  g_autofree char *escaped = part != NULL ? g_uri_escape_string (part, NULL, FALSE) : NULL;
  if (escaped != NULL)
    g_string_append_printf (text, "%s%s", before, escaped);
}

static void
append_parameters (GString *text, const CormUri *uri)
{
  const char *name, *value;
  for (guint i = 0; corm_uri_get_nth_parameter (uri, i, &name, &value); i++) {
    append_escaped (text, "&", name);
    append_escaped (text, "=", value);
  }
}

/* All parts of @uri as parameters; a file is in front of them. */
static char *
write_uri (const CormUri *uri)
{
  const char *driver = corm_uri_get_driver (uri);
  GString *text = g_string_new (NULL);
  if (strcmp (driver, "dbi") == 0) {
    g_string_append_printf (text, "dbi:%s?", corm_uri_get_dbi_driver (uri));
  } else if (strcmp (driver, "sqlite3") == 0) {
    append_escaped (text, "sqlite:", corm_uri_get_database (uri));
    g_string_append_c (text, '?');
  } else {
    g_string_append_printf (text, "%s://?", strcmp (driver, "pgsql") == 0 ? "postgresql" : "mysql");
    append_escaped (text, "&host=", corm_uri_get_host (uri));
    append_escaped (text, "&user=", corm_uri_get_user (uri));
    append_escaped (text, "&password=", corm_uri_get_password (uri));
    append_escaped (text, "&dbname=", corm_uri_get_database (uri));
    if (corm_uri_get_port (uri) != 0)
      g_string_append_printf (text, "&port=%d", corm_uri_get_port (uri));
  }
  append_parameters (text, uri);
  return g_string_free (text, FALSE);
}

/* Whatever the password is, it is read, and nothing of it is shown. */
static void
check_password (const char *text)
{
  g_autofree char *escaped = g_uri_escape_string (text, NULL, FALSE);
  g_autofree char *whole = g_strconcat ("postgresql://me:", escaped, "@host/name?password=", escaped, NULL);
  g_autoptr (CormUri) uri = corm_uri_parse (whole, NULL);
  g_autoptr (CormUri) plain = corm_uri_parse ("postgresql://me:x@host/name?password=x", NULL);
  if (uri == NULL)
    fuzz_complain ("a password is refused", text);
  fuzz_check_same ("another password", corm_uri_get_password (uri), text, text);
  fuzz_check_same ("the password is shown", corm_uri_get_public_text (uri), corm_uri_get_public_text (plain),
                   text);
}

static void
check_uri (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *redacted = corm_uri_redact (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (CormUri) uri = corm_uri_parse (text, &error);
  fuzz_check_error (uri != NULL, error, text);
  if (!g_utf8_validate (redacted, -1, NULL))
    fuzz_complain ("shown as no UTF-8", text);
  if (*text != '\0')
    check_password (text);
  if (uri == NULL)
    return;
  g_autofree char *written = write_uri (uri);
  g_autoptr (CormUri) again = corm_uri_parse (written, &error);
  if (again == NULL)
    fuzz_complain (error->message, written);
  g_autofree char *rewritten = write_uri (again);
  fuzz_check_same ("another URI", written, rewritten, text);
}

/* --- migrations ------------------------------------------------------------------------------------------------------------ */

static guint
count_lines (const char *text)
{
  guint lines = 1;
  for (; *text != '\0'; text++)
    lines += *text == '\n';
  return lines;
}

static void
check_statements (const CormMigration *migration, const char *text)
{
  for (guint d = 0; d < G_N_ELEMENTS (dialects); d++)
    for (CormMigrationDirection way = 0; way < CORM_N_DIRECTIONS; way++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) list = corm_migration_get_statements (migration, way, dialects[d], &error);
      fuzz_check_error (list != NULL, error, text);
      for (guint i = 0; list != NULL && i < list->len; i++) {
        const CormMigrationStatement *statement = list->pdata[i];
        if (statement->line < 1 || statement->line > count_lines (text))
          fuzz_complain ("a statement on a line that is not there", text);
        if (*statement->sql == '\0')
          fuzz_complain ("a statement of nothing", text);
      }
      corm_migration_has_way (migration, way);
    }
}

/* With other ends of lines it is the same migration. */
static void
check_line_ends (const CormMigration *migration, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *other = g_strjoinv ("\r\n", lines);
  g_autoptr (CormMigration) again = corm_migration_new ("7", "again", "again.sql");
  if (!corm_migration_parse (again, other, strlen (other), NULL))
    fuzz_complain ("refused with other ends of lines", text);
  fuzz_check_same ("another checksum", migration->checksum, again->checksum, text);
  for (guint i = 0; i < CORM_N_DIRECTIONS; i++)
    if (again->parts[i].sections->len != migration->parts[i].sections->len)
      fuzz_complain ("other sections", text);
}

static void
check_marks (const char *text)
{
  for (guint d = 0; d < G_N_ELEMENTS (dialects); d++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormSchema) schema = corm_schema_new (dialects[d]->name);
    CormTable *table = corm_schema_add_table (schema, "jobs");
    corm_table_add_column (table, "id");
    corm_table_add_column (table, "name");
    gboolean ok = corm_marks_read (dialects[d], text, schema, &error);
    fuzz_check_error (ok, error, text);
  }
}

static void
check_migration (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (CormMigration) migration = corm_migration_new ("7", "again", "again.sql");
  gboolean ok = corm_migration_parse (migration, (const char *) data, size, &error);
  fuzz_check_error (ok, error, text);
  check_marks (text);
  if (!ok)
    return;
  if (migration->checksum == NULL || strlen (migration->checksum) != 64)
    fuzz_complain ("no checksum", text);
  check_statements (migration, text);
  check_line_ends (migration, text);
}

/* --- lint --------------------------------------------------------------------------------------------------------------------- */

static void
check_lint (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  for (guint d = 0; d < G_N_ELEMENTS (dialects); d++) {
    g_autoptr (GError) error = NULL;
    const CormLintOptions options = { .dialect = dialects[d]->name, .portable = true };
    g_autoptr (GPtrArray) findings = corm_lint_sql (text, &options, &error);
    fuzz_check_error (findings != NULL, error, text);
    for (guint i = 0; findings != NULL && i < findings->len; i++) {
      const CormFinding *finding = findings->pdata[i];
      if (finding->line < 1 || finding->line > count_lines (text) || finding->message == NULL)
        fuzz_complain ("a finding on a line that is not there", text);
    }
  }
}

/* --- positions ------------------------------------------------------------------------------------------------------------------ */

typedef char *(*Later) (const char *a, const char *b, GError **error);

/* The later one of both is not before either, nor before what they make in the other order. */
static void
check_later (Later later, const char *a, const char *b, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *both = later (a, b, &error);
  fuzz_check_error (both != NULL, error, text);
  g_autofree char *turned = later (b, a, NULL);
  if ((both == NULL) != (turned == NULL))
    fuzz_complain ("refused in one order", text);
  if (both == NULL)
    return;
  g_autofree char *once = later (both, NULL, NULL), *with_a = later (both, a, NULL),
                  *with_b = later (both, b, NULL), *with_both = later (both, turned, NULL);
  fuzz_check_same ("another position by itself", both, once, text);
  fuzz_check_same ("before one of them", both, with_a, text);
  fuzz_check_same ("before one of them", both, with_b, text);
  fuzz_check_same ("before both of them", both, with_both, text);
}

static void
check_position (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) both = g_strsplit (text, "\n", 3);
  if (g_strv_length (both) < 2)
    return;
  check_later (corm_pgsql_later, both[0], both[1], text);
  check_later (corm_mysql_later, both[0], both[1], text);
}

const FuzzTarget fuzz_text_targets[] = {
  { "uri", check_uri, NULL, "postgresql://" },
  { "migration", check_migration, NULL, "CREATE TABLE jobs (" },
  { "lint", check_lint, NULL, "CREATE TABLE jobs (a INT CHECK (" },
  { "position", check_position, NULL, NULL },
  { NULL, NULL, NULL, NULL },
};
