/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One migration: its text, read into a part that leads up and one that leads down, each a list of sections. Marks are
 * comments at the start of a line, "-- corm:up"; what they do not know is an error, so that a misspelt one is noticed.
 * Invariant: the checksum is that of what a person wrote, whatever editor and checkout did to the ends of lines. */
#include "evolve/migration.h"

#include <string.h>

static void
section_free (gpointer data)
{
  CormMigrationSection *section = data;
  g_free (section->sql);
  g_strfreev (section->only);
  g_free (section);
}

CormMigration *
corm_migration_new (const char *version, const char *name, const char *file)
{
  CormMigration *migration = g_new0 (CormMigration, 1);
  migration->version = g_strdup (version);
  migration->name = g_strdup (name);
  migration->file = g_strdup (file);
  for (guint i = 0; i < CORM_N_DIRECTIONS; i++)
    migration->parts[i].sections = g_ptr_array_new_with_free_func (section_free);
  return migration;
}

void
corm_migration_free (gpointer data)
{
  CormMigration *migration = data;
  if (migration == NULL)
    return;
  for (guint i = 0; i < CORM_N_DIRECTIONS; i++)
    g_ptr_array_unref (migration->parts[i].sections);
  g_free (migration->version);
  g_free (migration->name);
  g_free (migration->file);
  g_free (migration->checksum);
  g_free (migration->after);
  g_strfreev (migration->only);
  g_strfreev (migration->replaces);
  g_free (migration);
}

const char *
corm_migration_describe (const CormMigration *migration)
{
  return migration->file != NULL ? migration->file : migration->name;
}

CormMigrationSection *
corm_migration_add_section (CormMigration *migration, CormMigrationDirection direction, guint line, char *sql)
{
  CormMigrationSection *section = g_new0 (CormMigrationSection, 1);
  section->line = line;
  section->sql = sql;
  migration->parts[direction].given = TRUE;
  g_ptr_array_add (migration->parts[direction].sections, section);
  return section;
}

char *
corm_migration_normalise (const char *text, gsize size)
{
  static const char mark[] = "\xef\xbb\xbf";
  if (size >= 3 && memcmp (text, mark, 3) == 0)
    text += 3, size -= 3;
  g_autofree char *whole = g_strndup (text, size);
  g_auto (GStrv) lines = g_strsplit (whole, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_strchomp (lines[i]);
  char *joined = g_strjoinv ("\n", lines);
  return g_strchomp (joined);
}

/* --- marks ---------------------------------------------------------------------------------------------------- */

typedef struct {
  CormMigration *migration;
  CormMigrationPart *part;       /* NULL: in front of the first mark of a part */
  CormMigrationSection *section; /* that lines go to; NULL: as above */
  GString *text;                 /* of the section, or of the file's head */
  guint line, text_line;         /* where this line and where the text begins */
  gboolean has_sql;              /* in text */
} Reader;

static gboolean refuse (const Reader *reader, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (const Reader *reader, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s:%u: %s", reader->migration->file, reader->line,
               what);
  return FALSE;
}

/* What was read so far belongs to the section; or to the way up, in a file that begins without a mark. */
static gboolean
end_section (Reader *reader, gboolean up_follows, GError **error)
{
  char *sql = g_string_free (reader->text, FALSE);
  reader->text = g_string_new (NULL);
  if (reader->section != NULL) {
    reader->section->sql = sql;
  } else if (reader->has_sql && !up_follows) {
    corm_migration_add_section (reader->migration, CORM_MIGRATION_UP, reader->text_line, sql);
  } else {
    g_free (sql);
    if (reader->has_sql)
      return refuse (reader, error,
                     "statements stand in front of this mark: put them behind it, or leave the mark out");
  }
  reader->has_sql = FALSE;
  reader->text_line = reader->line + 1;
  return TRUE;
}

static gboolean
begin_part (Reader *reader, CormMigrationDirection direction, GError **error)
{
  if (!end_section (reader, direction == CORM_MIGRATION_UP, error))
    return FALSE;
  reader->part = &reader->migration->parts[direction];
  reader->section = corm_migration_add_section (reader->migration, direction, reader->line + 1, NULL);
  return TRUE;
}

/* The names that people and URIs have for a dialect. */
static const char *
find_dialect (const char *word)
{
  static const char *const names[][2] = {
    { "sqlite3", "sqlite3" }, { "sqlite", "sqlite3" }, { "pgsql", "pgsql" },   { "postgresql", "pgsql" },
    { "postgres", "pgsql" },  { "mysql", "mysql" },    { "mariadb", "mysql" }, { "generic", "generic" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (word, names[i][0]) == 0)
      return names[i][1];
  return NULL;
}

static gboolean
read_only_mark (Reader *reader, const GStrv words, GError **error)
{
  GStrv *place = reader->section != NULL ? &reader->section->only : &reader->migration->only;
  g_autoptr (GPtrArray) dialects = g_ptr_array_new ();
  if (reader->has_sql)
    return refuse (reader, error, "corm:only stands in front of the statements that it is about");
  for (guint i = 0; words[i] != NULL; i++) {
    const char *dialect = find_dialect (words[i]);
    if (dialect == NULL)
      return refuse (reader, error, "corm:only takes sqlite3, pgsql, mysql, not '%s'", words[i]);
    g_ptr_array_add (dialects, (gpointer) dialect);
  }
  if (dialects->len == 0)
    return refuse (reader, error, "corm:only names the databases that it is for: sqlite3, pgsql, mysql");
  g_ptr_array_add (dialects, NULL);
  g_strfreev (*place);
  *place = g_strdupv ((GStrv) dialects->pdata);
  return TRUE;
}

static gboolean
read_after (Reader *reader, const GStrv words, GError **error)
{
  CormMigration *migration = reader->migration;
  if (words[0] == NULL || words[1] != NULL || !corm_version_is_valid (words[0]) ||
      corm_version_compare (words[0], migration->version) >= 0)
    return refuse (reader, error, "corm:after names one version in front of %s", migration->version);
  g_free (migration->after);
  migration->after = g_strdup (words[0]);
  return TRUE;
}

static gboolean
read_no_transaction (Reader *reader)
{
  if (reader->part != NULL)
    reader->part->no_transaction = TRUE;
  for (guint i = 0; reader->part == NULL && i < CORM_N_DIRECTIONS; i++)
    reader->migration->parts[i].no_transaction = TRUE;
  return TRUE;
}

static gboolean
read_replaces (Reader *reader, const GStrv words, GError **error)
{
  if (words[0] == NULL || words[1] == NULL || words[2] != NULL || strlen (words[1]) != 64)
    return refuse (reader, error, "corm:replaces names a version and its checksum");
  g_autofree char *had =
      reader->migration->replaces != NULL ? g_strjoinv (" ", reader->migration->replaces) : NULL;
  g_autofree char *now =
      g_strdup_printf ("%s%s%s %s", had != NULL ? had : "", had != NULL ? " " : "", words[0], words[1]);
  g_strfreev (reader->migration->replaces);
  reader->migration->replaces = g_strsplit (now, " ", -1);
  return TRUE;
}

/* Marks that stand among statements and are for others than the migrator. */
static gboolean
is_remark (const char *word)
{
  static const char *const remarks[] = { "was", "convert", "loses", "mind", "ignore", "allow", "lint", NULL };
  for (guint i = 0; remarks[i] != NULL; i++)
    if (g_str_has_prefix (word, remarks[i]))
      return TRUE;
  return FALSE;
}

/* @words: the mark's name and what follows it. @remark: it is a comment like any other. */
static gboolean
read_mark (Reader *reader, const GStrv words, gboolean *remark, GError **error)
{
  const char *name = words[0] != NULL ? words[0] : "";
  *remark = FALSE;
  if (g_str_equal (name, "only"))
    return read_only_mark (reader, words + 1, error);
  if (g_str_equal (name, "after"))
    return read_after (reader, words + 1, error);
  if (g_str_equal (name, "replaces"))
    return read_replaces (reader, words + 1, error);
  *remark = is_remark (name);
  if (*remark)
    return TRUE;
  if (name[0] != '\0' && words[1] != NULL)
    return refuse (reader, error, "behind corm:%s stands nothing more on its line, not '%s'", name, words[1]);
  if (g_str_equal (name, "up"))
    return begin_part (reader, CORM_MIGRATION_UP, error);
  if (g_str_equal (name, "down"))
    return begin_part (reader, CORM_MIGRATION_DOWN, error);
  if (g_str_equal (name, "no-transaction"))
    return read_no_transaction (reader);
  if (g_str_equal (name, "foreign-keys"))
    return reader->migration->foreign_keys = TRUE;
  return refuse (reader, error,
                 "there is no mark 'corm:%s'; there are corm:up, corm:down, corm:only, corm:no-transaction, "
                 "corm:after, corm:foreign-keys",
                 name);
}

/* What stands behind "-- corm:"; NULL: no mark. */
static const char *
find_mark (const char *line)
{
  while (*line == ' ' || *line == '\t')
    line++;
  if (!g_str_has_prefix (line, "--"))
    return NULL;
  for (line += 2; *line == ' ' || *line == '\t';)
    line++;
  return g_str_has_prefix (line, "corm:") ? line + 5 : NULL;
}

static gboolean
is_sql (const char *line)
{
  while (g_ascii_isspace (*line))
    line++;
  return *line != '\0' && !g_str_has_prefix (line, "--");
}

static gboolean
read_line (Reader *reader, const char *line, GError **error)
{
  const char *mark = find_mark (line);
  gboolean remark = TRUE;
  if (mark != NULL) {
    g_autofree char *plain = g_strdelimit (g_strdup (mark), ",\t", ' ');
    g_auto (GStrv) words = g_strsplit (plain, " ", -1);
    guint n = 0;
    for (guint i = 0; words[i] != NULL; i++)
      if (words[i][0] != '\0')
        words[n++] = words[i];
      else
        g_free (words[i]);
    words[n] = NULL;
    if (!read_mark (reader, words, &remark, error))
      return FALSE;
  }
  if (remark)
    g_string_append (reader->text, line);
  /* A mark's own line stays, empty, so that lines are counted right; but not that which has begun a section. */
  if (remark || reader->text_line <= reader->line)
    g_string_append_c (reader->text, '\n');
  reader->has_sql = reader->has_sql || (remark && is_sql (line));
  return TRUE;
}

/* Without the line that says where it stands among others: that may change in a merge. */
static char *
text_to_sum (char **lines)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; lines[i] != NULL; i++) {
    const char *mark = find_mark (lines[i]);
    if (mark == NULL || !g_str_has_prefix (mark, "after "))
      g_string_append_printf (text, "%s\n", lines[i]);
  }
  return g_string_free (text, FALSE);
}

char *
corm_migration_checksum (const char *normalised)
{
  g_auto (GStrv) lines = g_strsplit (normalised, "\n", -1);
  g_autofree char *text = text_to_sum (lines);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

static gboolean
check_encoding (const CormMigration *migration, const char *text, gsize size, GError **error)
{
  const char *bad = NULL;
  if (g_utf8_validate_len (text, size, &bad))
    return TRUE;
  guint line = 1;
  for (const char *p = text; p < bad; p++)
    line += *p == '\n';
  gboolean wide = size >= 2 && ((guchar) text[0] == 0xff || (guchar) text[0] == 0xfe);
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s:%u: not UTF-8: byte 0x%02x at offset %zu%s",
               migration->file, line, (guchar) *bad, (gsize) (bad - text),
               wide ? "; it looks like UTF-16" : "");
  return FALSE;
}

gboolean
corm_migration_add_way (CormMigration *migration, CormMigrationDirection direction, const char *text,
                        gsize size, GError **error)
{
  if (!check_encoding (migration, text, size, error))
    return FALSE;
  char *normal = corm_migration_normalise (text, size);
  g_autofree char *both =
      g_strconcat (migration->checksum != NULL ? migration->checksum : "", "\n", normal, NULL);
  g_free (migration->checksum);
  migration->checksum = corm_migration_checksum (both);
  corm_migration_add_section (migration, direction, 1, normal);
  return TRUE;
}

static gboolean
read_lines (CormMigration *migration, char **lines, GError **error)
{
  Reader reader = { .migration = migration, .text = g_string_new (NULL), .line = 1, .text_line = 1 };
  gboolean ok = TRUE;
  for (guint i = 0; ok && lines[i] != NULL; i++) {
    reader.line = i + 1;
    ok = read_line (&reader, lines[i], error);
  }
  ok = ok && end_section (&reader, FALSE, error);
  g_string_free (reader.text, TRUE);
  return ok;
}

gboolean
corm_migration_parse (CormMigration *migration, const char *text, gsize size, GError **error)
{
  if (!check_encoding (migration, text, size, error))
    return FALSE;
  g_autofree char *normal = corm_migration_normalise (text, size);
  g_auto (GStrv) lines = g_strsplit (normal, "\n", -1);
  g_clear_pointer (&migration->checksum, g_free);
  migration->checksum = corm_migration_checksum (normal);
  gboolean rival = FALSE;
  if (!corm_rivals_parse (migration, lines, &rival, error))
    return FALSE;
  if (!rival && !read_lines (migration, lines, error))
    return FALSE;
  if (migration->parts[CORM_MIGRATION_UP].given)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s: there is no statement in it; if it is meant to do nothing, write a line \"-- corm:up\"",
               migration->file);
  return FALSE;
}

static gboolean
has_statements (const CormMigrationPart *part)
{
  gboolean found = FALSE;
  for (guint i = 0; i < part->sections->len && !found; i++) {
    const CormMigrationSection *section = part->sections->pdata[i];
    g_auto (GStrv) lines = g_strsplit (section->sql, "\n", -1);
    for (guint l = 0; lines[l] != NULL && !found; l++)
      found = is_sql (lines[l]);
  }
  return found;
}

gboolean
corm_migration_has_way (const CormMigration *migration, CormMigrationDirection direction)
{
  const CormMigrationPart *part = &migration->parts[direction];
  return part->function != NULL || has_statements (part) ||
         (part->given && !has_statements (&migration->parts[!direction]));
}
