/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What routines, triggers and events have in common: a body, and the sql_mode and time zone that it was made in.
 * information_schema has a copy of the body in which "\\" has become "\" and each character of four bytes a "?"; SHOW
 * CREATE has the body as it was typed, behind words that are passed over here. Invariant: the sql_mode is said where it
 * means something to the text, and only there: otherwise what one client made would always differ from what another
 * one makes. */
#include "catalogue.h"

#include <string.h>

typedef struct {
  CormSchemaObject *object; /* its sql ends where the body begins */
  char *body, *sql_mode, *time_zone;
} Program;

/* --- sql_mode ---------------------------------------------------------------------------------------------------- */

/* Flags that matter to a program only if one of these words is in it; "": they do not matter to what it does. */
static const struct {
  const char *flag;
  const char *words[4];
} modes[] = {
  { "NO_AUTO_CREATE_USER", { "" } },
  { "NO_ENGINE_SUBSTITUTION", { "create", "alter" } },
  { "NO_BACKSLASH_ESCAPES", { "\\" } },
  { "ANSI_QUOTES", { "\"" } },
  { "PIPES_AS_CONCAT", { "||" } },
  { "SIMULTANEOUS_ASSIGNMENT", { "update" } },
  { "NO_AUTO_VALUE_ON_ZERO", { "insert", "replace", "load" } },
  { "ERROR_FOR_DIVISION_BY_ZERO", { "/", "%", "div", "mod" } },
  { "NO_ZERO_DATE", { "0000", "-00", "date", "time" } },
  { "NO_ZERO_IN_DATE", { "0000", "-00", "date", "time" } },
};

static gboolean
matters (const char *flag, const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++) {
    if (strcmp (modes[i].flag, flag) != 0)
      continue;
    for (gsize w = 0; w < G_N_ELEMENTS (modes[i].words) && modes[i].words[w] != NULL; w++)
      if (*modes[i].words[w] != '\0' && strstr (text, modes[i].words[w]) != NULL)
        return TRUE;
    return FALSE;
  }
  return TRUE;
}

/* Every flag of @mode that means something to @text is in @other too. Both kinds of strictness are one where tables
 * have transactions. */
static gboolean
is_covered (const char *mode, const char *other, const char *text)
{
  g_auto (GStrv) flags = g_strsplit (mode, ",", -1);
  g_auto (GStrv) others = g_strsplit (other, ",", -1);
  for (char **flag = flags; *flag != NULL; flag++) {
    gboolean strict = g_str_has_prefix (*flag, "STRICT_");
    if (**flag == '\0' || g_strv_contains ((const char *const *) others, *flag) || !matters (*flag, text))
      continue;
    if (!strict || strstr (other, "STRICT_") == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_same_mode (const char *mode, const char *other, const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  return is_covered (mode, other, lower) && is_covered (other, mode, lower);
}

/* The server has to read the text itself in that mode, not only to run what it read. */
static gboolean
is_read_by_mode (const char *mode, const char *body)
{
  return strstr (mode, "ORACLE") != NULL || strpbrk (body, "\\\"") != NULL || strstr (body, "||") != NULL;
}

/* --- the words before a body ------------------------------------------------------------------------------------- */

typedef struct {
  const char *at;
  gboolean escapes; /* a backslash in a literal is one */
} Words;

static void
skip_quoted (Words *words)
{
  char quote = *words->at++;
  for (; *words->at != '\0'; words->at++) {
    if (*words->at == '\\' && quote != '`' && words->escapes && words->at[1] != '\0')
      words->at++;
    else if (*words->at == quote && words->at[1] != quote)
      break;
    else if (*words->at == quote)
      words->at++;
  }
  words->at += *words->at == quote;
}

static void
skip_behind (Words *words, const char *end)
{
  const char *found = strstr (words->at, end);
  words->at = found != NULL ? found + strlen (end) : words->at + strlen (words->at);
}

/* To the first character of a token. */
static void
skip_blank (Words *words)
{
  for (;;) {
    words->at += strspn (words->at, " \t\r\n");
    if (g_str_has_prefix (words->at, "/*"))
      skip_behind (words, "*/");
    else if (*words->at == '#' || g_str_has_prefix (words->at, "-- "))
      skip_behind (words, "\n");
    else
      return;
  }
}

static gsize
word_length (const char *text)
{
  gsize n = 0;
  while (g_ascii_isalnum (text[n]) || text[n] == '_' || text[n] == '$' || (guchar) text[n] >= 0x80)
    n++;
  return n;
}

static void
skip_token (Words *words)
{
  gsize n = word_length (words->at);
  if (n > 0)
    words->at += n;
  else if (*words->at != '\0' && strchr ("'\"`", *words->at) != NULL)
    skip_quoted (words);
  else if (*words->at != '\0')
    words->at++;
}

/* The word that comes next, if it is @word, a word of letters. */
static gboolean
take_word (Words *words, const char *word)
{
  skip_blank (words);
  gsize n = word_length (words->at);
  if (n != strlen (word) || g_ascii_strncasecmp (words->at, word, n) != 0)
    return FALSE;
  words->at += n;
  return TRUE;
}

static void
skip_through_word (Words *words, const char *word)
{
  while (!take_word (words, word) && *words->at != '\0')
    skip_token (words);
}

/* "name" or "database.name" */
static void
skip_name (Words *words)
{
  skip_blank (words);
  skip_token (words);
  while (*words->at == '.') {
    words->at++;
    skip_token (words);
  }
}

static void
skip_parameters (Words *words)
{
  guint depth = 0;
  Words ahead = *words;
  skip_blank (&ahead);
  if (*ahead.at != '(')
    return;
  for (*words = ahead; *words->at != '\0'; skip_blank (words)) {
    depth += *words->at == '(';
    depth -= *words->at == ')';
    skip_token (words);
    if (depth == 0)
      return;
  }
}

static void
skip_line (Words *words)
{
  while (*words->at != '\0' && *words->at != '\n')
    skip_token (words);
}

/* These words are the server's own: each property of a routine stands on a line of its own behind four blanks. */
static void
skip_routine (Words *words, const char *kind)
{
  g_auto (GStrv) parts = g_strsplit (kind, " ", -1);
  for (char **part = parts; *part != NULL; part++)
    skip_through_word (words, *part);
  skip_name (words);
  if (!g_str_has_prefix (kind, "package"))
    skip_parameters (words);
  if (strcmp (kind, "function") == 0)
    skip_line (words);
  while (g_str_has_prefix (words->at, "\n    ")) {
    words->at++;
    skip_line (words);
  }
}

static void
skip_trigger (Words *words)
{
  skip_through_word (words, "FOR");
  skip_through_word (words, "ROW");
  if (take_word (words, "FOLLOWS") || take_word (words, "PRECEDES"))
    skip_name (words);
}

/* What @kind's statement says behind its header, which has to begin as @shown does: otherwise NULL. */
static char *
find_body (const Program *program, const char *statement)
{
  Words words = { statement, strstr (program->sql_mode, "NO_BACKSLASH_ESCAPES") == NULL };
  const char *kind = program->object->kind;
  if (strcmp (kind, "trigger") == 0)
    skip_trigger (&words);
  else if (strcmp (kind, "event") == 0)
    skip_through_word (&words, "DO");
  else
    skip_routine (&words, kind);
  words.at += strspn (words.at, " \t\r\n");
  gsize same = strcspn (program->body, "\\'\"?_");
  return strncmp (words.at, program->body, same) == 0 ? g_strdup (words.at) : NULL;
}

/* A NULL where the role may not see it. */
static void
read_statement (CormMysqlReader *reader, char **cells)
{
  Program *program = reader->program;
  const char *statement = cells[strcmp (program->object->kind, "event") == 0 ? 3 : 2];
  char *body = statement != NULL ? find_body (program, statement) : NULL;
  g_free (program->body);
  program->body = body;
}

/* Through libdbi a trigger's moment stands in the way of its statement: then what is shown has to do. */
static gboolean
read_body (CormMysqlReader *reader, Program *program, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *kind = g_ascii_strup (program->object->kind, -1);
  g_autoptr (GString) sql = g_string_new ("SHOW CREATE ");
  g_string_append_printf (sql, "%s ", kind);
  corm_mysql_append_name (sql, program->object->name);
  reader->program = program;
  gboolean ok = corm_mysql_read_rows (reader, sql->str, read_statement, &local);
  reader->program = NULL;
  if (ok || g_error_matches (local, CORM_ERROR, CORM_ERROR_UNSUPPORTED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* --- the statement ----------------------------------------------------------------------------------------------- */

/* @header, which is standard SQL, for a server that reads backslashes in literals. */
static char *
escape_literals (const char *header)
{
  GString *sql = g_string_new (NULL);
  for (Words words = { header, FALSE }; *words.at != '\0';) {
    const char *start = words.at;
    skip_token (&words);
    for (const char *p = start; p < words.at; p++)
      g_string_append_len (sql, *p == '\\' && *start == '\'' ? "\\\\" : p,
                           *p == '\\' && *start == '\'' ? 2 : 1);
  }
  return g_string_free (sql, FALSE);
}

static char *
write_statement (const CormMysqlReader *reader, const Program *program, const char *header)
{
  const char *mode = program->sql_mode, *zone = program->time_zone;
  gboolean same_mode = mode == NULL || is_same_mode (mode, reader->sql_mode, program->body);
  gboolean same_zone = zone == NULL || strcmp (zone, "+00:00") == 0;
  GString *sql = g_string_new (NULL);
  if (!same_mode || !same_zone)
    g_string_append (sql, "SET STATEMENT ");
  if (!same_mode)
    g_string_append_printf (sql, "sql_mode = '%s'%s", mode, same_zone ? "" : ", ");
  if (!same_zone)
    g_string_append_printf (sql, "time_zone = '%s'", zone);
  if (!same_mode || !same_zone)
    g_string_append (sql, " FOR ");
  if (same_mode || !is_read_by_mode (mode, program->body)) {
    g_string_append_printf (sql, "%s%s", header, program->body);
  } else {
    gboolean escapes = strstr (mode, "NO_BACKSLASH_ESCAPES") == NULL;
    g_autofree char *words = escapes ? escape_literals (header) : g_strdup (header);
    g_autofree char *whole = g_strconcat (words, program->body, NULL);
    g_string_append (sql, "EXECUTE IMMEDIATE ");
    corm_mysql_append_text (sql, whole);
  }
  return g_string_free (sql, FALSE);
}

/* --- all of them ------------------------------------------------------------------------------------------------- */

void
corm_mysql_add_program (CormMysqlReader *reader, CormSchemaObject *object, const char *body,
                        const char *sql_mode, const char *time_zone)
{
  Program *program = g_new0 (Program, 1);
  program->object = object;
  program->body = g_strdup (body);
  program->sql_mode = g_strdup (sql_mode);
  program->time_zone = g_strdup (time_zone);
  g_ptr_array_add (reader->programs, program);
}

void
corm_mysql_program_free (gpointer data)
{
  Program *program = data;
  g_free (program->body);
  g_free (program->sql_mode);
  g_free (program->time_zone);
  g_free (program);
}

/* A body without a literal and without a "?" is shown as it is: _latin1 before a literal is left out too. */
static gboolean
finish_program (CormMysqlReader *reader, Program *program, GError **error)
{
  if (program->body != NULL && strpbrk (program->body, "'\"\\?") != NULL &&
      !read_body (reader, program, error))
    return FALSE;
  g_autofree char *header = program->object->sql;
  program->object->sql = program->body != NULL ? write_statement (reader, program, header) : NULL;
  return TRUE;
}

gboolean
corm_mysql_finish_programs (CormMysqlReader *reader, GError **error)
{
  for (guint i = 0; i < reader->programs->len; i++)
    if (!finish_program (reader, reader->programs->pdata[i], error))
      return FALSE;
  g_ptr_array_set_size (reader->programs, 0);
  return TRUE;
}
