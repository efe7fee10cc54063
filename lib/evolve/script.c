/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The statement splitter. It reads words, not SQL: a statement ends at its delimiter unless that stands in quotes, in a
 * comment, or in a body (body.c).
 * Invariant: each byte of the script is in one statement, or is blank, comment or delimiter between two; nothing is
 * changed on the way. */
#include "evolve/script.h"

#include "base/error.h"
#include "evolve/body.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

typedef struct {
  const CormDialect *dialect;
  const CormScriptOptions *options;
  const char *script;
  char *delimiter;     /* that DELIMITER has set; NULL: ";" */
  const char *counted; /* up to here lines are counted */
  guint line;
  const char *start;  /* of the statement at hand */
  CormBody body;      /* of the statement at hand */
  guint conditional;  /* comments of it that are run, and are open */
  const char *opened; /* the outermost of them */
  GPtrArray *statements;
} Splitter;

static void
free_statement (gpointer data)
{
  CormScriptStatement *statement = data;
  g_free (statement->sql);
  g_free (statement);
}

/* The number of the line of @p, cheap as long as it goes forwards. */
static guint
line_of (Splitter *splitter, const char *p)
{
  if (p < splitter->counted) {
    splitter->counted = splitter->script;
    splitter->line = MAX (splitter->options->first_line, 1);
  }
  for (; splitter->counted < p; splitter->counted++)
    splitter->line += *splitter->counted == '\n';
  return splitter->line;
}

/* "FILE:LINE: …"; always FALSE. */
static gboolean G_GNUC_PRINTF (5, 6)
    refuse (Splitter *splitter, const char *p, GError **error, CormError code, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  const char *file = splitter->options->file != NULL ? splitter->options->file : "script";
  g_set_error (error, CORM_ERROR, code, "%s:%u: %s", file, line_of (splitter, p), message);
  return FALSE;
}

/* --- what is passed over */

static gboolean
is_conditional (const CormDialect *dialect, const char *p)
{
  return dialect->lexis & CORM_LEX_CONDITIONAL &&
         (g_str_has_prefix (p, "/*!") || g_str_has_prefix (p, "/*M!"));
}

const char *
corm_script_skip_blank (const CormDialect *dialect, const char *p)
{
  for (;;) {
    gboolean comment = (p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*') || p[0] == '#';
    const char *end = g_ascii_isspace (*p) || *p == '\v'        ? p + 1
                      : comment && !is_conditional (dialect, p) ? corm_lexer_skip (dialect, p)
                                                                : p;
    if (end == p)
      return p;
    p = end;
  }
}

/* What stands in quotes, or a comment, from @p to @end, has its own end: at the end of the text one byte more would not
 * stand behind it else. */
static gboolean
check_ended (Splitter *splitter, const char *p, const char *end, GError **error)
{
  gboolean comment = g_str_has_prefix (p, "/*");
  if (*end != '\0' || *p == '#' || g_str_has_prefix (p, "--"))
    return TRUE;
  gsize size = (gsize) (end - p);
  g_autofree char *longer = g_strconcat (p, "x", NULL);
  if ((gsize) (corm_lexer_skip (splitter->dialect, longer) - longer) <= size)
    return TRUE;
  gsize shown = *p == '$' ? strcspn (p + 1, "$") + 2 : comment || *p == 'e' || *p == 'E' ? 2 : 1;
  gboolean escape = !comment && !(splitter->dialect->lexis & CORM_LEX_BACKSLASH) && splitter->start != NULL &&
                    strstr (splitter->start, "\\'") != NULL;
  return refuse (splitter, p, error, CORM_ERROR_SYNTAX, "%s that begins here, %.*s, has no end%s",
                 comment ? "the comment" : "the quoted text", (int) shown, p,
                 escape ? "; a backslash is a character like any other in it: a quote is written twice, ''"
                        : "");
}

static gboolean
skip_blank (Splitter *splitter, const char **p, GError **error)
{
  const CormDialect *dialect = splitter->dialect;
  for (;;) {
    const char *end = corm_lexer_skip (dialect, *p);
    gboolean comment = g_str_has_prefix (*p, "/*") && !is_conditional (dialect, *p);
    if (comment && !check_ended (splitter, *p, end, error))
      return FALSE;
    if (comment || (end != *p && (**p == '#' || **p == '-')))
      *p = end;
    else if (g_str_has_prefix (*p, "--")) /* its blank is missing (MariaDB); its client forgives that here */
      *p += strcspn (*p, "\n");
    else if (g_ascii_isspace (**p) || **p == '\v')
      (*p)++;
    else
      return TRUE;
  }
}

/* --- lines that are for a client */

/* What to do about a line of psql's. */
static const char *
advise (const char *command)
{
  static const struct {
    const char *prefix, *advice;
  } table[] = {
    { "\\copy", "load the rows with psql behind it, or write INSERT" },
    { "\\i", "put the statements of that file here" },
    { "\\c", "a script works on one database, the one that it is run on" },
    { "\\set", "write the value where it is used" },
    { "\\gexec", "write the statements that it would make" },
    { "\\restrict", "pg_dump wrote it, and it may go" },
    { "\\unrestrict", "pg_dump wrote it, and it may go" },
    { ".read", "put the statements of that file here" },
    { ".import", "load the rows with sqlite3 behind it, or write INSERT" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_has_prefix (command, table[i].prefix))
      return table[i].advice;
  return "leave it out, or write what it does in SQL";
}

static gboolean
refuse_client (Splitter *splitter, const char *p, GError **error)
{
  const char *client = *p == '\\' ? "psql" : "sqlite3";
  gsize size = 1 + strcspn (p + 1, "\\ \t\r\n;");
  g_autofree char *command = g_strndup (p, MIN (size, 40));
  return refuse (splitter, p, error, CORM_ERROR_UNSUPPORTED, "%s is a command of the program %s, not SQL: %s",
                 command, client, advise (command));
}

/* The rows behind "COPY … FROM stdin;" go on to a line "\.". @p: behind the semicolon. */
static gboolean
skip_rows (Splitter *splitter, const char *copy, const char **p, GError **error)
{
  if (!splitter->options->skip_client)
    return refuse (splitter, copy, error, CORM_ERROR_UNSUPPORTED,
                   "rows follow COPY … FROM stdin, which only psql can feed: write them as INSERT (pg_dump "
                   "--inserts), or load them with psql behind it");
  for (;;) {
    *p += strcspn (*p, "\n");
    if (**p == '\0')
      return refuse (splitter, copy, error, CORM_ERROR_SYNTAX,
                     "the rows of COPY … FROM stdin have no end, a line \\.");
    (*p)++;
    if (g_str_has_prefix (*p, "\\.") && strchr ("\r\n", (*p)[2]) != NULL) {
      *p += strcspn (*p, "\n");
      return TRUE;
    }
  }
}

/* "DELIMITER //" at @p; moves behind its line. */
static gboolean
take_delimiter (Splitter *splitter, const char **p, gboolean *taken, GError **error)
{
  const char *word = *p;
  *taken = g_ascii_strncasecmp (word, "delimiter", 9) == 0 && (word[9] == '\0' || g_ascii_isspace (word[9]));
  if (!*taken)
    return TRUE;
  word += 9 + strspn (word + 9, " \t");
  gsize size = strcspn (word, " \t\r\n");
  if (size == 0)
    return refuse (splitter, *p, error, CORM_ERROR_SYNTAX, "DELIMITER says none: write it on the same line");
  g_free (splitter->delimiter);
  splitter->delimiter = size == 1 && *word == ';' ? NULL : g_strndup (word, size);
  *p = word + strcspn (word, "\n");
  return TRUE;
}

/* To the first byte of a statement, or to the end. */
static gboolean
find_start (Splitter *splitter, const char **p, GError **error)
{
  for (;;) {
    gboolean taken = FALSE;
    if (!skip_blank (splitter, p, error) || !take_delimiter (splitter, p, &taken, error))
      return FALSE;
    if (taken)
      continue;
    gboolean dot = **p == '.' && g_ascii_isalpha ((*p)[1]);
    if ((**p != '\\' && !dot) || (splitter->delimiter != NULL && g_str_has_prefix (*p, splitter->delimiter)))
      return TRUE;
    if (!splitter->options->skip_client)
      return refuse_client (splitter, *p, error);
    *p += strcspn (*p, "\n");
  }
}

/* --- a statement */

static gboolean
is_word_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* The length of the delimiter that stands at @p and ends the statement; 0: none. */
static gsize
ends_here (const Splitter *splitter, const char *p)
{
  if (splitter->delimiter != NULL)
    return g_str_has_prefix (p, splitter->delimiter) ? strlen (splitter->delimiter) : 0;
  return *p == ';' && splitter->conditional == 0 && !corm_body_is_open (&splitter->body);
}

/* Behind the word, or else the character, at @p. */
static gboolean
take_one (Splitter *splitter, const char **p, GError **error)
{
  const char *end = *p;
  while (is_word_char (*end) && (end == *p || splitter->delimiter == NULL || ends_here (splitter, end) == 0))
    end++;
  if (end != *p) {
    corm_body_see_word (&splitter->body, splitter->dialect, *p, (gsize) (end - *p));
  } else if (**p == '\\') {
    if ((*p)[1] != 'N' || is_word_char ((*p)[2])) /* \N is MariaDB's NULL */
      return refuse_client (splitter, *p, error);
    end = *p + 2;
  } else {
    if (!g_ascii_isspace (**p))
      corm_body_see_char (&splitter->body, splitter->dialect, *p);
    end++;
  }
  *p = end;
  return TRUE;
}

/* The opening or the close of a comment that is run; FALSE: neither stands at *@p. */
static gboolean
take_conditional (Splitter *splitter, const char **p)
{
  if (is_conditional (splitter->dialect, *p)) {
    if (splitter->conditional++ == 0)
      splitter->opened = *p;
    *p = strchr (*p, '!') + 1;
    *p += strspn (*p, "0123456789");
    return TRUE;
  }
  if (splitter->conditional == 0 || !g_str_has_prefix (*p, "*/"))
    return FALSE;
  splitter->conditional--;
  *p += 2;
  return TRUE;
}

/* Nothing is left open at the end of the text. */
static gboolean
check_closed (Splitter *splitter, GError **error)
{
  const CormBody *body = &splitter->body;
  if (splitter->conditional > 0)
    return refuse (splitter, splitter->opened, error, CORM_ERROR_SYNTAX,
                   "the comment that begins here, /*!, has no end");
  if (splitter->delimiter != NULL || !corm_body_is_open (body))
    return TRUE;
  g_autofree char *quoted = corm_error_quote (splitter->start, -1);
  if (body->depth == 0)
    return refuse (splitter, body->opened, error, CORM_ERROR_SYNTAX,
                   "a parenthesis that opens here is never closed, in %s", quoted);
  return refuse (splitter, body->opened, error, CORM_ERROR_SYNTAX,
                 "the body that begins here, %.5s, has no END, in %s", body->opened, quoted);
}

/* From the statement's first byte at *@p to its delimiter, or the end of the text. */
static gboolean
find_end (Splitter *splitter, const char **p, GError **error)
{
  splitter->start = *p;
  splitter->body = (CormBody){ 0 };
  splitter->conditional = 0;
  while (**p != '\0' && ends_here (splitter, *p) == 0) {
    if (take_conditional (splitter, p))
      continue;
    const char *end = corm_lexer_skip (splitter->dialect, *p);
    if (end == *p) {
      if (!take_one (splitter, p, error))
        return FALSE;
      continue;
    }
    if (!check_ended (splitter, *p, end, error))
      return FALSE;
    if (strchr ("-/#", **p) == NULL)
      corm_body_see_quoted (&splitter->body);
    *p = end;
  }
  return **p != '\0' || check_closed (splitter, error);
}

static void
add (Splitter *splitter, const char *from, const char *start, const char *end)
{
  while (end > start && g_ascii_isspace (end[-1]))
    end--;
  CormScriptStatement *statement = g_new0 (CormScriptStatement, 1);
  statement->sql = g_strndup (start, (gsize) (end - start));
  statement->from = (gsize) (from - splitter->script);
  statement->offset = (gsize) (start - splitter->script);
  statement->size = (gsize) (end - start);
  statement->line = line_of (splitter, start);
  g_ptr_array_add (splitter->statements, statement);
}

static gboolean
split (Splitter *splitter, GError **error)
{
  const char *from = splitter->script;
  const char *p = from + (g_str_has_prefix (from, BYTE_ORDER_MARK) ? strlen (BYTE_ORDER_MARK) : 0);
  for (;;) {
    if (!find_start (splitter, &p, error))
      return FALSE;
    if (*p == '\0')
      return TRUE;
    const char *start = p;
    if (!find_end (splitter, &p, error))
      return FALSE;
    const char *end = p;
    p += *p != '\0' ? ends_here (splitter, p) : 0;
    if (splitter->body.from_stdin) {
      if (!skip_rows (splitter, start, &p, error))
        return FALSE;
    } else if (end > start) {
      add (splitter, from, start, end);
      from = p;
    }
  }
}

/* Text, all of it: no database takes a NUL in a statement, and none here takes other encodings. */
static gboolean
check_text (Splitter *splitter, gsize size, GError **error)
{
  const char *bad = memchr (splitter->script, '\0', size);
  if (bad != NULL)
    return refuse (splitter, bad, error, CORM_ERROR_INVALID,
                   "a NUL byte: this is no SQL, or it is UTF-16; write it as UTF-8");
  if (g_utf8_validate (splitter->script, (gssize) size, &bad))
    return TRUE;
  return refuse (splitter, bad, error, CORM_ERROR_INVALID,
                 "the byte 0x%02X is no UTF-8: change the file to UTF-8, as with iconv -f latin1 -t utf-8",
                 (guint) (guchar) *bad);
}

GPtrArray *
corm_script_split (const CormDialect *dialect, const char *script, gssize size,
                   const CormScriptOptions *options, GError **error)
{
  static const CormScriptOptions defaults = { 0 };
  g_autoptr (GPtrArray) statements = g_ptr_array_new_with_free_func (free_statement);
  Splitter splitter = {
    .dialect = dialect,
    .options = options != NULL ? options : &defaults,
    .script = script,
    .counted = script,
    .statements = statements,
  };
  splitter.line = MAX (splitter.options->first_line, 1);
  gboolean ok =
      check_text (&splitter, size >= 0 ? (gsize) size : strlen (script), error) && split (&splitter, error);
  g_free (splitter.delimiter);
  return ok ? g_steal_pointer (&statements) : NULL;
}
