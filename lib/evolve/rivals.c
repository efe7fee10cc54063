/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Files of other tools, told by their marks: goose ("-- +goose Up") and dbmate ("-- migrate:up"). */
#include "evolve/migration.h"

#include <string.h>

typedef struct {
  CormMigration *migration;
  const char *mark; /* what theirs begin with */
  CormMigrationSection *section;
  CormMigrationDirection direction;
  GString *text;
  guint line;
} Reader;

static gboolean
refuse (const Reader *reader, const char *what, GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s:%u: the mark '%s%s' is not understood",
               reader->migration->file, reader->line, reader->mark, what);
  return FALSE;
}

/* Behind the blanks, dashes and blanks at the start of a comment; NULL: it is none. */
static const char *
comment (const char *line)
{
  line += strspn (line, " \t");
  if (!g_str_has_prefix (line, "--"))
    return NULL;
  return line + 2 + strspn (line + 2, " \t");
}

static void
end_section (Reader *reader)
{
  if (reader->section != NULL)
    reader->section->sql = g_string_free (reader->text, FALSE);
  else
    g_string_free (reader->text, TRUE);
  reader->text = g_string_new (NULL);
  reader->section = NULL;
}

static void
begin_section (Reader *reader, CormMigrationDirection direction, gboolean whole)
{
  end_section (reader);
  reader->direction = direction;
  reader->section = corm_migration_add_section (reader->migration, direction, reader->line + 1, NULL);
  reader->section->whole = whole;
}

static gboolean
is (const char *text, const char *word)
{
  return g_ascii_strcasecmp (text, word) == 0;
}

static gboolean
read_mark (Reader *reader, const char *words, GError **error)
{
  CormMigrationPart *parts = reader->migration->parts;
  g_auto (GStrv) word = g_strsplit (words, " ", 2);
  const char *first = word[0] != NULL ? word[0] : "", *rest = word[0] != NULL && word[1] ? word[1] : "";
  if (is (words, "NO TRANSACTION"))
    parts[CORM_MIGRATION_UP].no_transaction = parts[CORM_MIGRATION_DOWN].no_transaction = TRUE;
  else if (is (first, "up") || is (first, "down"))
    begin_section (reader, is (first, "up") ? CORM_MIGRATION_UP : CORM_MIGRATION_DOWN, FALSE);
  else if (is (words, "StatementBegin") || is (words, "StatementEnd"))
    begin_section (reader, reader->direction, is (words, "StatementBegin"));
  else
    return refuse (reader, words, error);
  if (is (rest, "transaction:false"))
    parts[reader->direction].no_transaction = TRUE;
  return *rest == '\0' || is (words, "NO TRANSACTION") || is (rest, "transaction:false") ||
         is (rest, "transaction:true") || refuse (reader, words, error);
}

static const char *
find_mark (char **lines)
{
  static const char *const marks[] = { "+goose ", "migrate:" };
  for (; *lines != NULL; lines++)
    for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
      if (comment (*lines) != NULL && g_str_has_prefix (comment (*lines), marks[i]))
        return marks[i];
  return NULL;
}

gboolean
corm_rivals_parse (CormMigration *migration, char **lines, gboolean *is_theirs, GError **error)
{
  Reader reader = { .migration = migration, .mark = find_mark (lines) };
  gboolean ok = TRUE;
  *is_theirs = reader.mark != NULL;
  if (reader.mark == NULL)
    return TRUE;
  reader.text = g_string_new (NULL);
  for (guint i = 0; ok && lines[i] != NULL; i++) {
    const char *words = comment (lines[i]);
    reader.line = i + 1;
    if (words != NULL && g_str_has_prefix (words, reader.mark))
      ok = read_mark (&reader, words + strlen (reader.mark), error);
    else
      g_string_append_printf (reader.text, "%s\n", lines[i]);
  }
  end_section (&reader);
  g_string_free (reader.text, TRUE);
  return ok;
}
