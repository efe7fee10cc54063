/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Follows BEGIN … END, IF … END IF and their like through the body of a trigger, a routine or an event. Words are not
 * reserved everywhere (SQLite takes "end" and "begin" as names of columns, bare), so that they count only where a
 * statement of the body can begin: behind a semicolon, THEN, ELSE, DO, BEGIN, LOOP, REPEAT or a label. The END of a
 * CASE expression never stands there.
 * Invariant: outside of what has a body, nothing counts. */
#include "evolve/body.h"

#include <string.h>

static gboolean
is_word (const char *p, gsize size, const char *word)
{
  return p != NULL && strlen (word) == size && g_ascii_strncasecmp (p, word, size) == 0;
}

static gboolean
is_one_of (const char *p, gsize size, const char *const *words)
{
  for (; *words != NULL; words++)
    if (is_word (p, size, *words))
      return TRUE;
  return FALSE;
}

static gboolean
last_is (const CormBody *body, const char *word)
{
  return is_word (body->last, body->last_size, word);
}

/* The word that comes next, comments left out, is @word. */
static gboolean
next_is (const CormDialect *dialect, const char *p, const char *word)
{
  const char *next = corm_script_skip_blank (dialect, p);
  gsize size = strlen (word);
  return g_ascii_strncasecmp (next, word, size) == 0 && !g_ascii_isalnum (next[size]) && next[size] != '_';
}

/* CREATE and ALTER: the first word that says of what kind. */
static void
decide (CormBody *body, const CormDialect *dialect, const char *p, gsize size)
{
  static const char *const makers[] = { "create", "alter", NULL };
  static const char *const bodies[] = { "trigger", "procedure", "function", "event", NULL };
  static const char *const others[] = { "table",  "index", "view",    "sequence", "type",   "domain",
                                        "schema", "user",  "role",    "rule",     "unique", "database",
                                        "server", "cast",  "virtual", "policy",   NULL };
  static const char *const compound[] = { "if", "loop", "while", "repeat", "case", "for", NULL };
  if (body->n_words > 0)
    body->kind = is_one_of (p, size, bodies)   ? CORM_BODY_HAS
                 : is_one_of (p, size, others) ? CORM_BODY_NONE
                                               : CORM_BODY_UNDECIDED;
  else if (is_one_of (p, size, makers))
    body->kind = CORM_BODY_UNDECIDED;
  else if (is_one_of (p, size, compound) || *corm_script_skip_blank (dialect, p + size) == ':')
    body->kind = CORM_BODY_HAS; /* MariaDB runs these by themselves too */
  else if (is_word (p, size, "begin") && next_is (dialect, p + size, "not"))
    body->kind = CORM_BODY_HAS; /* BEGIN NOT ATOMIC */
  else
    body->kind = CORM_BODY_NONE;
}

/* A statement of the body may begin behind what came last. */
static gboolean
is_start (const CormBody *body)
{
  static const char *const always[] = { "begin", "loop", "repeat", "do", "atomic", NULL };
  static const char *const outside_case[] = { "then", "else", NULL };
  if (body->last == NULL)
    return body->n_words == 0 || body->last_char == ';' || body->last_char == ':';
  return is_one_of (body->last, body->last_size, always) ||
         (body->cases == 0 && is_one_of (body->last, body->last_size, outside_case));
}

/* In front of the body, where names and characteristics stand. */
static gboolean
opens_body (const CormBody *body, const CormDialect *dialect, const char *p, gsize size)
{
  static const char *const before_names[] = { "trigger", "procedure", "function", "event",    "exists",  "on",
                                              "of",      "in",        "out",      "inout",    "returns", "to",
                                              "setof",   "table",     "rename",   "variadic", NULL };
  static const char *const before_body[] = { "row",  "do",      "deterministic", "sql",
                                             "data", "invoker", "definer",       NULL };
  gboolean named = body->last == NULL ? strchr (".,(@", body->last_char) != NULL
                                      : is_one_of (body->last, body->last_size, before_names);
  if (is_word (p, size, "begin")) {
    const char *next = corm_script_skip_blank (dialect, p + size);
    return body->n_words == 0 || (!named && (*next == '\0' || strchr (".,)=", *next) == NULL));
  }
  if (is_word (p, size, "for") && next_is (dialect, p + size, "each"))
    return FALSE;
  return body->last != NULL ? is_one_of (body->last, body->last_size, before_body)
                            : body->n_words == 0 || strchr (")':", body->last_char) != NULL;
}

static gboolean
opens (const CormBody *body, const CormDialect *dialect, const char *p, gsize size)
{
  static const char *const compound[] = { "begin", "if", "loop", "while", "repeat", "case", "for", NULL };
  static const char *const conditions[] = { "found", "sqlexception", "sqlwarning", NULL };
  if (body->kind != CORM_BODY_HAS || !is_one_of (p, size, compound))
    return FALSE;
  if (dialect->lexis & CORM_LEX_DOLLAR_QUOTE)
    return is_word (p, size, "begin") && next_is (dialect, p + size, "atomic");
  if (body->depth == 0)
    return opens_body (body, dialect, p, size);
  if (body->handler)
    return is_word (p, size, "begin") || is_one_of (body->last, body->last_size, conditions);
  return is_start (body);
}

static void
open_one (CormBody *body, const char *p)
{
  if (body->depth++ == 0)
    body->opened = p;
  body->handler = FALSE;
}

/* "END" of a block, "END IF" and its like; "UNTIL x END REPEAT" has no semicolon in front. */
static void
close_one (CormBody *body, const CormDialect *dialect, const char *end)
{
  if (body->cases > 0) {
    body->cases--;
  } else if (body->depth > 0 && (is_start (body) || next_is (dialect, end, "repeat"))) {
    body->depth--;
    body->ended = TRUE;
  }
}

static void
count (CormBody *body, const CormDialect *dialect, const char *p, gsize size)
{
  static const char *const compound[] = { "if", "loop", "while", "repeat", "case", "for", NULL };
  gboolean behind_end = body->ended && is_one_of (p, size, compound);
  body->ended = FALSE;
  if (behind_end)
    return;
  if (is_word (p, size, "end"))
    close_one (body, dialect, p + size);
  else if (opens (body, dialect, p, size))
    open_one (body, p);
  else if (body->depth > 0 && is_word (p, size, "case"))
    body->cases++;
  else if (body->depth > 0 && is_word (p, size, "handler"))
    body->handler = TRUE;
}

/* MariaDB's "SET STATEMENT sql_mode = '…' FOR": what is run stands behind it, and begins anew. */
static gboolean
is_circumstance (CormBody *body, const char *p, gsize size)
{
  if (body->n_words == 1 && last_is (body, "set"))
    body->circumstances = is_word (p, size, "statement");
  if (!body->circumstances)
    return FALSE;
  body->last = p;
  body->last_size = size;
  if (is_word (p, size, "for")) {
    body->circumstances = FALSE;
    body->kind = CORM_BODY_UNDECIDED;
    body->n_words = 0;
  }
  return TRUE;
}

void
corm_body_see_word (CormBody *body, const CormDialect *dialect, const char *p, gsize size)
{
  if (is_circumstance (body, p, size))
    return;
  if (body->n_words == 0)
    body->copy = is_word (p, size, "copy");
  if (body->copy && last_is (body, "from") && is_word (p, size, "stdin"))
    body->from_stdin = TRUE;
  if (body->kind == CORM_BODY_UNDECIDED)
    decide (body, dialect, p, size);
  if (body->kind == CORM_BODY_HAS)
    count (body, dialect, p, size);
  body->n_words++;
  body->last = p;
  body->last_size = size;
}

void
corm_body_see_quoted (CormBody *body)
{
  body->last = NULL;
  body->last_char = '\'';
  body->ended = FALSE;
}

void
corm_body_see_char (CormBody *body, const CormDialect *dialect, const char *p)
{
  if (dialect->lexis & CORM_LEX_PARENTHESES) {
    if (*p == '(' && body->parentheses++ == 0 && body->depth == 0)
      body->opened = p;
    else if (*p == ')' && body->parentheses > 0)
      body->parentheses--;
  }
  if (*p == ';') {
    body->cases = 0;
    body->handler = FALSE;
  }
  body->ended = FALSE;
  body->last = NULL;
  body->last_char = *p;
}

gboolean
corm_body_is_open (const CormBody *body)
{
  return body->depth > 0 || body->parentheses > 0;
}
