/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Events in a scratch place: made there as they were asked for, they would run, and what they do may reach rows of other
 * databases. They are made disabled, and read back as if they were not. */
#include "evolve/scratch.h"

#include <string.h>

/* Bytes of the word, constant, name or comment at @p, at least one. */
static gsize
token_length (const char *p)
{
  gsize size = 0;
  if (*p == '\'' || *p == '"' || *p == '`') {
    const char *close = strchr (p + 1, *p);
    while (close != NULL && close[1] == *p)
      close = strchr (close + 2, *p);
    return close != NULL ? (gsize) (close + 1 - p) : strlen (p);
  }
  if (p[0] == '/' && p[1] == '*' && p[2] != '!') {
    const char *end = strstr (p + 2, "*/");
    return end != NULL ? (gsize) (end + 2 - p) : strlen (p);
  }
  if (*p == '#' || (p[0] == '-' && p[1] == '-' && g_ascii_isspace (p[2])))
    return strcspn (p, "\n");
  while (g_ascii_isalnum (p[size]) || p[size] == '_' || p[size] == '$' || (guchar) p[size] >= 0x80)
    size++;
  return MAX (size, 1);
}

static gboolean
is_word (const char *p, gsize size, const char *word)
{
  return strlen (word) == size && g_ascii_strncasecmp (p, word, size) == 0;
}

/* The first of @words behind @from; NULL: none. *@size: its bytes. */
static const char *
find_word (const char *from, const char *const *words, gsize *size)
{
  for (const char *p = from; *p != '\0'; p += *size) {
    *size = token_length (p);
    for (guint i = 0; words[i] != NULL; i++)
      if (is_word (p, *size, words[i]))
        return p;
  }
  return NULL;
}

/* Behind "CREATE … EVENT": "CREATE TRIGGER event" is none. */
static const char *
find_event (const char *sql)
{
  static const char *const kinds[] = { "event", "table",     "view",    "trigger",  "function",
                                       "index", "procedure", "package", "sequence", "database",
                                       "role",  "user",      "server",  NULL };
  static const char *const create[] = { "create", NULL };
  gsize size;
  const char *at = find_word (sql, create, &size);
  at = at != NULL ? find_word (at + size, kinds, &size) : NULL;
  return at != NULL && is_word (at, size, "event") ? at + size : NULL;
}

char *
corm_scratch_keep_still (const char *sql)
{
  static const char *const schedule[] = { "schedule", NULL };
  static const char *const ends[] = { "enable", "disable", "comment", "do", NULL };
  gsize size;
  const char *at = find_event (sql);
  at = at != NULL ? find_word (at, schedule, &size) : NULL;
  at = at != NULL ? find_word (at + size, ends, &size) : NULL;
  if (at == NULL || is_word (at, size, "disable"))
    return NULL;
  gsize gap = is_word (at, size, "enable") ? size : 0;
  return g_strdup_printf ("%.*s%s%s", (int) (at - sql), sql, gap > 0 ? "DISABLE" : "DISABLE ", at + gap);
}

/* @sql makes the event @name: a name stands in front of SCHEDULE, in backticks or bare. */
static gboolean
makes (const char *sql, const char *name)
{
  static const char *const schedule[] = { "schedule", NULL };
  g_auto (GStrv) parts = g_strsplit (name, "`", -1);
  g_autofree char *doubled = g_strjoinv ("``", parts);
  g_autofree char *quoted = g_strconcat ("`", doubled, "`", NULL);
  const char *const names[] = { name, quoted, NULL };
  gsize size;
  const char *from = find_event (sql);
  const char *end = from != NULL ? find_word (from, schedule, &size) : NULL;
  const char *at = end != NULL ? find_word (from, names, &size) : NULL;
  return at != NULL && at < end;
}

/* Without the word that it was made with. */
static void
wake (CormSchemaObject *event)
{
  static const char *const schedule[] = { "schedule", NULL };
  static const char *const words[] = { "disable", "comment", "do", NULL };
  gsize size;
  const char *at = event->sql != NULL ? find_event (event->sql) : NULL;
  at = at != NULL ? find_word (at, schedule, &size) : NULL;
  at = at != NULL ? find_word (at + size, words, &size) : NULL;
  if (at == NULL || !is_word (at, size, "disable"))
    return;
  const char *rest = at + size + (at[size] == ' ' ? 1 : 0);
  char *sql = g_strdup_printf ("%.*s%s", (int) (at - event->sql), event->sql, rest);
  g_free (event->sql);
  event->sql = sql;
}

void
corm_scratch_wake (CormSchema *schema, const GPtrArray *still)
{
  for (guint i = 0; i < schema->objects->len; i++) {
    CormSchemaObject *object = schema->objects->pdata[i];
    for (guint s = 0; strcmp (object->kind, "event") == 0 && s < still->len; s++)
      if (makes (still->pdata[s], object->name)) {
        wake (object);
        break;
      }
  }
}
