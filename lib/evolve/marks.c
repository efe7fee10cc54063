/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Comments of an SQL file that lead from one schema to another. The reader goes over each CREATE TABLE once and knows at
 * each point which column's line it is in. Invariant: every such comment finds its column or table, or is an error. */
#include "evolve/marks.h"

#include "base/error.h"
#include "evolve/script.h"

#include <string.h>

#define WAS "corm:was"
#define CONVERT "corm:convert"

typedef struct {
  gboolean converts;
  char *text;
  const char *at;
} Mark;

typedef struct {
  const CormDialect *dialect;
  const char *script;
  CormSchema *schema;
  CormTable *table;                 /* of the statement at hand, or of the one before */
  CormTableColumn *column;          /* whose line it is */
  GPtrArray *waiting;               /* Mark: for what comes next */
  const char *table_at, *column_at; /* where they begin; NULL: there is none */
  gboolean ended;                   /* the statement */
} Reader;

static void
mark_free (gpointer data)
{
  Mark *mark = data;
  g_free (mark->text);
  g_free (mark);
}

static gboolean
refuse (const Reader *reader, const char *at, GError **error, const char *why)
{
  guint line = 1;
  for (const char *p = reader->script; p < at; p++)
    line += *p == '\n';
  g_autofree char *mark = g_strndup (at, strcspn (at, "\r\n"));
  g_autofree char *quoted = corm_error_quote (mark, -1);
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "read the script: line %u: %s: %s", line, quoted, why);
  return FALSE;
}

/* --- names */

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* The identifier at *@p without its quotes, and *@p behind it; NULL: there is none. Free with g_free(). */
static char *
read_name (const CormDialect *dialect, const char **p)
{
  const char *start = *p;
  char open = *start, close = open == '[' ? ']' : open;
  if (open != '"' && open != '[' && open != '`') {
    while (is_word (**p))
      (*p)++;
    return *p > start ? g_strndup (start, (gsize) (*p - start)) : NULL;
  }
  *p = corm_lexer_skip (dialect, start);
  if (*p < start + 2)
    return NULL;
  GString *name = g_string_new (NULL);
  for (const char *c = start + 1; c < *p - 1; c++) {
    g_string_append_c (name, *c);
    if (*c == close && c[1] == close)
      c++;
  }
  return g_string_free (name, FALSE);
}

static const char *
skip_blanks (const CormDialect *dialect, const char *p)
{
  for (;;) {
    gboolean comment = (p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*');
    const char *next = g_ascii_isspace (*p) ? p + 1 : comment ? corm_lexer_skip (dialect, p) : p;
    if (next == p)
      return p;
    p = next;
  }
}

/* The table that the statement at @p creates; NULL: it creates none. */
static CormTable *
find_created (const Reader *reader, const char *p)
{
  static const char *const between[] = { "create",  "temp", "temporary", "unlogged", "or",
                                         "replace", "if",   "not",       "exists",   NULL };
  gboolean is_table = FALSE;
  for (guint i = 0;; i++) {
    g_autofree char *name = read_name (reader->dialect, &p);
    g_autofree char *word = name != NULL ? g_ascii_strdown (name, -1) : NULL;
    if (word == NULL || (i == 0 && strcmp (word, "create") != 0))
      return NULL;
    p = skip_blanks (reader->dialect, p);
    if (strcmp (word, "table") == 0 && !is_table)
      is_table = TRUE;
    else if (!g_strv_contains (between, word)) {
      for (guint t = 0; is_table && t < reader->schema->tables->len; t++)
        if (g_ascii_strcasecmp (((const CormTable *) reader->schema->tables->pdata[t])->name, name) == 0)
          return reader->schema->tables->pdata[t];
      return NULL;
    }
  }
}

static CormTableColumn *
find_column (const CormTable *table, const char *name)
{
  CormTableColumn *column = name != NULL ? corm_table_find_column (table, name) : NULL;
  for (guint i = 0; column == NULL && name != NULL && i < table->columns->len; i++)
    if (g_ascii_strcasecmp (((const CormTableColumn *) table->columns->pdata[i])->name, name) == 0)
      column = table->columns->pdata[i];
  return column;
}

/* --- marks */

/* NULL: the comment at @p is none. */
static Mark *
read_mark (const CormDialect *dialect, const char *p)
{
  if (p[0] != '-' || p[1] != '-') /* a '#' may be the text's last byte */
    return NULL;
  const char *start = p + 2 + strspn (p + 2, " \t");
  gboolean was = g_str_has_prefix (start, WAS) && !is_word (start[strlen (WAS)]);
  gboolean converts = g_str_has_prefix (start, CONVERT) && !is_word (start[strlen (CONVERT)]);
  if (!was && !converts)
    return NULL;
  start += strlen (was ? WAS : CONVERT);
  g_autofree char *rest = g_strstrip (g_strndup (start, strcspn (start, "\r\n")));
  const char *name = rest;
  Mark *mark = g_new0 (Mark, 1);
  mark->at = p;
  mark->converts = converts;
  mark->text = was ? read_name (dialect, &name) : g_strdup (rest);
  if (was && *name != '\0')
    g_clear_pointer (&mark->text, g_free);
  return mark;
}

/* Another column of the table, or another table, has taken the name. */
static gboolean
is_claimed (const Reader *reader, const CormTableColumn *column, const char *name)
{
  const GPtrArray *all = column != NULL ? reader->table->columns : reader->schema->tables;
  for (guint i = 0; i < all->len; i++) {
    gconstpointer other = all->pdata[i];
    const char *was =
        column != NULL ? ((const CormTableColumn *) other)->was : ((const CormTable *) other)->was;
    if (other != (column != NULL ? (gconstpointer) column : reader->table) && g_strcmp0 (was, name) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
set_mark (const Reader *reader, const Mark *mark, CormTableColumn *column, GError **error)
{
  if (mark->text == NULL || *mark->text == '\0')
    return refuse (reader, mark->at, error,
                   mark->converts ? "an expression has to stand behind it"
                                  : "one name has to stand behind it");
  if (mark->converts && column == NULL)
    return refuse (
        reader, mark->at, error,
        "an expression converts a column; put it at the end of the column's line, or in front of it");
  if (!mark->converts && is_claimed (reader, column, mark->text))
    return refuse (reader, mark->at, error, "another one says already that this was its name");
  char **text = mark->converts ? &column->convert : column != NULL ? &column->was : &reader->table->was;
  g_free (*text);
  *text = g_strdup (mark->text);
  return TRUE;
}

/* What waited belongs to @column, or to the table. */
static gboolean
set_waiting (Reader *reader, CormTableColumn *column, GError **error)
{
  for (guint i = 0; i < reader->waiting->len; i++)
    if (!set_mark (reader, reader->waiting->pdata[i], column, error))
      return FALSE;
  g_ptr_array_set_size (reader->waiting, 0);
  return TRUE;
}

static gboolean
refuse_waiting (const Reader *reader, GError **error)
{
  if (reader->waiting->len == 0)
    return TRUE;
  const Mark *mark = reader->waiting->pdata[0];
  return refuse (
      reader, mark->at, error,
      "belongs to no column and no table; put it at the end of the column's line, or of the line with CREATE "
      "TABLE, or in front of it");
}

/* Something else than blanks stands in front of @p in its line. */
static gboolean
is_behind (const Reader *reader, const char *p)
{
  while (p > reader->script && p[-1] != '\n')
    if (!g_ascii_isspace (*--p))
      return TRUE;
  return FALSE;
}

static gboolean
is_same_line (const char *start, const char *end)
{
  return start != NULL && memchr (start, '\n', (gsize) (end - start)) == NULL;
}

/* A column begins in the line of @p, and so does its table, or ends there: a former name that went to the wrong one
 * would lose the rows of the other. */
static gboolean
is_ambiguous (const Reader *reader, const char *p)
{
  return is_same_line (reader->column_at, p) && is_same_line (reader->table_at, p) != reader->ended;
}

/* The comment at @p. @first_line: the line of CREATE TABLE. */
static gboolean
take_comment (Reader *reader, const char *p, gboolean first_line, GError **error)
{
  Mark *mark = read_mark (reader->dialect, p);
  if (mark == NULL)
    return TRUE;
  g_ptr_array_add (reader->waiting, mark);
  if (!is_behind (reader, p))
    return TRUE;
  if (reader->table == NULL || (reader->column == NULL && !first_line))
    return refuse_waiting (reader, error);
  if (is_ambiguous (reader, p))
    return refuse (
        reader, p, error,
        "is it the table's or a column's? Put it in a line of its own, in front of what it is for");
  return set_waiting (reader, first_line ? NULL : reader->column, error);
}

/* --- statements */

/* Words that begin a line which is no column. */
static gboolean
begins_constraint (const char *name)
{
  static const char *const words[] = { "constraint", "primary", "unique",  "foreign",  "check",
                                       "key",        "index",   "exclude", "fulltext", "spatial",
                                       "like",       "period",  NULL };
  g_autofree char *word = g_ascii_strdown (name, -1);
  return g_strv_contains (words, word);
}

/* A column or constraint begins at @p. */
static gboolean
begin_line (Reader *reader, const char *p, GError **error)
{
  const char *start = p;
  gboolean quoted = !is_word (*p);
  g_autofree char *name = read_name (reader->dialect, &p);
  reader->column =
      name != NULL && (quoted || !begins_constraint (name)) ? find_column (reader->table, name) : NULL;
  if (reader->column != NULL)
    reader->column_at = start;
  return reader->column != NULL ? set_waiting (reader, reader->column, error)
                                : refuse_waiting (reader, error);
}

static gboolean
read_statement (Reader *reader, const char *start, const char *end, GError **error)
{
  guint depth = 0;
  gboolean expects = FALSE;
  reader->column = NULL;
  reader->column_at = NULL;
  reader->table_at = start;
  reader->ended = FALSE;
  for (const char *p = start; p < end;) {
    const char *next = corm_lexer_skip (reader->dialect, p);
    gboolean comment = next != p && (p[0] == '-' || p[0] == '/' || p[0] == '#');
    if (comment) {
      if (!take_comment (reader, p, memchr (start, '\n', (gsize) (p - start)) == NULL, error))
        return FALSE;
      p = next;
      continue;
    }
    if (expects && reader->table != NULL && !g_ascii_isspace (*p)) {
      expects = FALSE;
      if (!begin_line (reader, p, error))
        return FALSE;
    }
    if (next == p) {
      depth += *p == '(';
      depth -= *p == ')' && depth > 0;
      expects = expects || (depth == 1 && (*p == ',' || *p == '('));
      next++;
    }
    p = next;
  }
  reader->ended = TRUE;
  return refuse_waiting (reader, error);
}

/* Blanks and comments between two statements; @line: of the one before, where a comment may stand behind it. */
static gboolean
read_gap (Reader *reader, const char *start, const char *end, GError **error)
{
  for (const char *p = start; p < end;) {
    const char *next = corm_lexer_skip (reader->dialect, p);
    if (next != p && !take_comment (reader, p, TRUE, error))
      return FALSE;
    p = next != p ? next : p + 1;
  }
  return TRUE;
}

static gboolean
read_all (Reader *reader, const GPtrArray *statements, GError **error)
{
  const char *end = reader->script;
  for (guint i = 0; i < statements->len; i++) {
    const CormScriptStatement *statement = statements->pdata[i];
    const char *start = reader->script + statement->offset;
    if (!read_gap (reader, end, start, error))
      return FALSE;
    reader->table = find_created (reader, start);
    if (!(reader->table != NULL ? set_waiting (reader, NULL, error) : refuse_waiting (reader, error)))
      return FALSE;
    end = start + statement->size;
    if (!read_statement (reader, start, end, error))
      return FALSE;
  }
  return read_gap (reader, end, end + strlen (end), error) && refuse_waiting (reader, error);
}

gboolean
corm_marks_read (const CormDialect *dialect, const char *script, CormSchema *schema, GError **error)
{
  const CormScriptOptions options = { .skip_client = TRUE };
  if (strstr (script, "corm:") == NULL)
    return TRUE;
  g_autoptr (GPtrArray) statements = corm_script_split (dialect, script, -1, &options, error);
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (mark_free);
  Reader reader = { dialect, script, schema, NULL, NULL, waiting, NULL, NULL, FALSE };
  return statements != NULL && read_all (&reader, statements, error);
}
