/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Views, triggers and routines of a database that does not rename in their texts: what reads a table or column under its
 * former name is made again with the new one, in one group with the rename.
 * Columns are followed where a table or an alias of it stands before them, NEW and OLD in a trigger; so the catalogue
 * writes all columns of a view, and the names of the view's own columns stay. Tables in the body of a trigger or routine
 * are followed where a word such as FROM stands before them. */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

typedef struct {
  const char *at;
  gsize size;
} Token;

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* The token at @p: a name, quoted or not, a constant, or one character; blanks are tokens too. */
static gsize
token_length (const char *p)
{
  gsize size = corm_words_quoted_length (p);
  if (size > 0)
    return size;
  if (*p == '`') {
    const char *close = strchr (p + 1, '`');
    while (close != NULL && close[1] == '`')
      close = strchr (close + 2, '`');
    return close != NULL ? (gsize) (close + 1 - p) : 1;
  }
  while (is_name_char (p[size]))
    size++;
  return MAX (size, 1);
}

static gboolean
is_blank (const Token *token)
{
  return g_ascii_isspace (*token->at);
}

static GArray *
split (const char *sql)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  for (const char *p = sql; *p != '\0';) {
    Token token = { p, token_length (p) };
    g_array_append_val (tokens, token);
    p += token.size;
  }
  return tokens;
}

static gboolean
is_word (const Token *token, const char *word)
{
  return token != NULL && strlen (word) == token->size &&
         g_ascii_strncasecmp (token->at, word, token->size) == 0;
}

static gboolean
is_name (const Token *token, const char *name)
{
  if (token == NULL || token->at[0] != '`')
    return is_word (token, name);
  g_auto (GStrv) parts = g_strsplit (name, "`", -1);
  g_autofree char *doubled = g_strjoinv ("``", parts);
  return strlen (doubled) == token->size - 2 && strncmp (token->at + 1, doubled, token->size - 2) == 0;
}

/* The token before or behind the one at @i, blanks left out. */
static const Token *
beside (const GArray *tokens, guint i, int step)
{
  for (gint64 at = (gint64) i + step; at >= 0 && at < tokens->len; at += step) {
    const Token *token = &g_array_index (tokens, Token, at);
    if (!is_blank (token))
      return token;
  }
  return NULL;
}

static guint
place_of (const GArray *tokens, const Token *token)
{
  return (guint) (token - (const Token *) (gpointer) tokens->data);
}

/* --- which names are meant */

static gboolean
stands_for_table (const GArray *tokens, guint i, gboolean of_view)
{
  static const char *const leads[] = { "from", "join", "into", "update", "on", "table" };
  const Token *before = beside (tokens, i, -1), *behind = beside (tokens, i, 1);
  if (is_word (before, "."))
    return FALSE;
  if (is_word (behind, "."))
    return TRUE;
  for (guint k = 0; k < G_N_ELEMENTS (leads); k++)
    if (is_word (before, leads[k]))
      return TRUE;
  return of_view && (is_word (before, "(") || is_word (before, ",")) && !is_word (behind, "(");
}

/* "`t` `x`" among the tables of a view. */
static gboolean
is_alias (const GArray *tokens, const Token *name, const char *table)
{
  for (guint i = 0; i < tokens->len; i++) {
    const Token *behind = beside (tokens, i, 1);
    if (is_name (&g_array_index (tokens, Token, i), table) && stands_for_table (tokens, i, TRUE) &&
        behind != NULL && behind->at[0] == '`' && behind->size == name->size &&
        strncmp (behind->at, name->at, name->size) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
stands_for_column (const GArray *tokens, guint i, const CormSchemaObject *object, const char *table)
{
  const Token *dot = beside (tokens, i, -1);
  if (!is_word (dot, "."))
    return FALSE;
  const Token *of = beside (tokens, place_of (tokens, dot), -1);
  gboolean of_trigger = g_strcmp0 (object->table, table) == 0 && (is_word (of, "new") || is_word (of, "old"));
  return of_trigger || is_name (of, table) ||
         (of != NULL && of->at[0] == '`' && is_alias (tokens, of, table));
}

/* @object's text when @change, a rename, has been made. Free with g_free(). */
static char *
follow (const CormDiff *diff, const CormSchemaObject *object, const char *sql, const CormChange *change)
{
  gboolean of_view = strcmp (object->kind, "view") == 0, of_table = change->kind == CORM_OP_RENAME_TABLE;
  g_autoptr (GArray) tokens = split (sql);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < tokens->len; i++) {
    const Token *token = &g_array_index (tokens, Token, i);
    gboolean meant = is_name (token, change->was) &&
                     (of_table ? stands_for_table (tokens, i, of_view)
                               : stands_for_column (tokens, i, object, change->table->name));
    if (meant)
      corm_sql_append_identifier (text, diff->dialect, of_table ? change->table->name : change->name);
    else
      g_string_append_len (text, token->at, (gssize) token->size);
  }
  return g_string_free (text, FALSE);
}

/* --- what is made again */

static gboolean
is_rename (const CormChange *change)
{
  return change->kind == CORM_OP_RENAME_TABLE || change->kind == CORM_OP_RENAME_COLUMN;
}

static gboolean
has_to_follow (const CormDiff *diff)
{
  return diff->renamed != NULL && diff->dialect->rebuild == NULL &&
         !(diff->dialect->caps & (CORM_CAP_BOUND_VIEWS | CORM_CAP_TRANSACTIONAL_DDL));
}

void
corm_diff_follow (CormDiff *diff)
{
  for (guint i = 0; has_to_follow (diff) && i < diff->renamed->objects->len; i++) {
    CormSchemaObject *object = diff->renamed->objects->pdata[i];
    for (guint c = 0; object->sql != NULL && c < diff->changes->len; c++) {
      const CormChange *change = diff->changes->pdata[c];
      char *text = is_rename (change) ? follow (diff, object, object->sql, change) : g_strdup (object->sql);
      g_free (object->sql);
      object->sql = text;
    }
  }
}

static gboolean
is_dropped (const CormDiff *diff, const CormSchemaObject *object)
{
  for (guint i = 0; i < diff->changes->len; i++)
    if (((const CormChange *) diff->changes->pdata[i])->is == object)
      return TRUE;
  return FALSE;
}

static CormChange *
add_silently (CormDiff *diff, CormOpKind kind, const CormSchemaObject *part, const CormSchemaObject *is,
              const char *name, char *text)
{
  CormChange *change = corm_diff_add (diff, kind, NULL, NULL, part, is, name, text);
  change->difference = g_strdup ("");
  change->approval = CORM_APPROVAL_NONE;
  corm_diff_order_object (change, part != NULL ? diff->renamed : diff->before, part != NULL ? part : is);
  return change;
}

/* Those whose text the server leaves as it was, and which nothing else makes again. */
void
corm_diff_make_followers (CormDiff *diff)
{
  guint n_changes = diff->changes->len;
  for (guint i = 0; has_to_follow (diff) && i < diff->renamed->objects->len; i++) {
    const CormSchemaObject *is = diff->before->objects->pdata[i];
    const CormSchemaObject *should = diff->renamed->objects->pdata[i];
    gboolean kept = diff->to->from_models || corm_schema_find_object (diff->to, is->kind, is->name) != NULL;
    if (is->sql == NULL || strcmp (is->sql, should->sql) == 0 || !kept || is_dropped (diff, is))
      continue;
    CormChange *gone = add_silently (diff, CORM_OP_DROP_OBJECT, NULL, is, is->name,
                                     g_strdup_printf ("drop %s %s for a while", is->kind, is->name));
    CormChange *made = add_silently (diff, CORM_OP_CREATE_OBJECT, should, NULL, is->name,
                                     g_strdup_printf ("put %s %s back", is->kind, is->name));
    corm_diff_join (diff, gone, made);
    for (guint c = 0; c < n_changes; c++) {
      CormChange *change = diff->changes->pdata[c];
      g_autofree char *text = is_rename (change) ? follow (diff, is, is->sql, change) : NULL;
      if (text != NULL && strcmp (text, is->sql) != 0)
        corm_diff_join (diff, change, gone);
    }
  }
}
