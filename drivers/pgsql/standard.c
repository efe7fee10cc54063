/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An expression as the catalogue writes it, "((status)::text = ANY ((ARRAY['a'::character varying])::text[]))", in words that
 * other databases know: "(status IN ('a'))". Only what means the same without its cast loses it; the rest is left, and
 * the other database says what it makes of it. */
#include "../dialects.h"

#include <string.h>

typedef struct {
  char *text;     /* NULL: taken out */
  gboolean blank; /* before it */
} Token;

typedef enum { KIND_OTHER, KIND_TEXT, KIND_INTEGER, KIND_DECIMAL, KIND_FLOAT, KIND_DATE } Kind;

typedef struct {
  GArray *tokens;
  const CormTable *table;
  gboolean divides; /* a cast may say how */
} Standard;

/* --- tokens ------------------------------------------------------------------------------------------------------ */

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

static gsize
token_length (const char *p)
{
  static const char *const signs[] = { "::", "<>", "<=", ">=", "!=", "||" };
  gsize n = 0;
  if (*p == '\'' || *p == '"') {
    for (n = 1; p[n] != '\0' && (p[n] != *p || p[n + 1] == *p); n += p[n] == *p ? 2 : 1)
      ;
    return n + (p[n] != '\0');
  }
  while (is_word (p[n]) || (p[n] == '.' && g_ascii_isdigit (*p)))
    n++;
  for (gsize i = 0; n == 0 && i < G_N_ELEMENTS (signs); i++)
    if (g_str_has_prefix (p, signs[i]))
      return 2;
  return MAX (n, 1);
}

static void
token_clear (gpointer data)
{
  g_free (((Token *) data)->text);
}

static GArray *
split (const char *sql)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  g_array_set_clear_func (tokens, token_clear);
  while (*sql != '\0') {
    gsize blanks = strspn (sql, " \t\r\n");
    sql += blanks;
    if (*sql == '\0')
      break;
    gsize n = token_length (sql);
    Token token = { g_strndup (sql, n), blanks > 0 };
    g_array_append_val (tokens, token);
    sql += n;
  }
  return tokens;
}

/* The token at @i; "" where there is none, or it was taken out. */
static const char *
at (const Standard *standard, guint i)
{
  const char *text = i < standard->tokens->len ? g_array_index (standard->tokens, Token, i).text : NULL;
  return text != NULL ? text : "";
}

static gboolean
is (const Standard *standard, guint i, const char *word)
{
  return g_ascii_strcasecmp (at (standard, i), word) == 0;
}

static void
take_out (const Standard *standard, guint from, guint until)
{
  for (guint i = from; i < until; i++) {
    Token *token = &g_array_index (standard->tokens, Token, i);
    g_clear_pointer (&token->text, g_free);
    token->blank = FALSE;
  }
}

static void
put (const Standard *standard, guint i, char *text)
{
  g_free (g_array_index (standard->tokens, Token, i).text);
  g_array_index (standard->tokens, Token, i).text = text;
}

/* The last one before @i that is there; 0 where there is none, which no operand is then. */
static guint
before (const Standard *standard, guint i)
{
  while (i > 0 && *at (standard, --i) == '\0')
    ;
  return i;
}

/* --- casts ------------------------------------------------------------------------------------------------------- */

/* The type that begins at @i, to *@end behind it and behind its "[]". One with a size cuts or rounds: OTHER. */
static Kind
read_type (const Standard *standard, guint i, guint *end)
{
  static const struct {
    const char *words[2];
    Kind kind;
  } types[] = { { { "character", "varying" }, KIND_TEXT },
                { { "double", "precision" }, KIND_FLOAT },
                { { "text" }, KIND_TEXT },
                { { "bpchar" }, KIND_TEXT },
                { { "integer" }, KIND_INTEGER },
                { { "bigint" }, KIND_INTEGER },
                { { "smallint" }, KIND_INTEGER },
                { { "numeric" }, KIND_DECIMAL },
                { { "date" }, KIND_DATE } };
  for (gsize t = 0; t < G_N_ELEMENTS (types); t++) {
    if (!is (standard, i, types[t].words[0]) ||
        (types[t].words[1] != NULL && !is (standard, i + 1, types[t].words[1])))
      continue;
    *end = i + (types[t].words[1] != NULL ? 2 : 1);
    gboolean has_size = is (standard, *end, "(");
    *end += is (standard, *end, "[") && is (standard, *end + 1, "]") ? 2 : 0;
    return has_size ? KIND_OTHER : types[t].kind;
  }
  return KIND_OTHER;
}

static gboolean
is_number (const char *text, Kind kind)
{
  const char *digits = text + (*text == '-');
  gsize n = strspn (digits, "0123456789");
  char *end = NULL;
  g_ascii_strtod (text, &end);
  if (n == 0 || *end != '\0' || strspn (digits, "0123456789.eE+-") != strlen (digits))
    return FALSE;
  return kind == KIND_DECIMAL || kind == KIND_FLOAT || (kind == KIND_INTEGER && digits[n] == '\0');
}

static gboolean
is_integer (CormType type)
{
  return type == CORM_TYPE_INT16 || type == CORM_TYPE_INT32 || type == CORM_TYPE_INT64;
}

/* A column that holds such values anyway: none that is rounded, and no text that blanks are added to. */
static gboolean
holds (const Standard *standard, const char *name, Kind kind)
{
  g_autofree char *bare = *name == '"' ? g_strndup (name + 1, strlen (name) - 2) : g_strdup (name);
  const CormTableColumn *column = corm_table_find_column (standard->table, bare);
  if (column == NULL)
    return FALSE;
  CormType type = column->type.type;
  gboolean is_padded = column->type_sql != NULL && (g_str_has_prefix (column->type_sql, "character(") ||
                                                    g_str_has_prefix (column->type_sql, "bpchar"));
  switch (kind) {
  case KIND_TEXT:
    return type == CORM_TYPE_TEXT && !is_padded;
  case KIND_INTEGER:
    return is_integer (type);
  case KIND_DECIMAL:
    return !standard->divides && (is_integer (type) || type == CORM_TYPE_DECIMAL);
  case KIND_FLOAT:
    return !standard->divides &&
           (type == CORM_TYPE_INT16 || type == CORM_TYPE_INT32 || type == CORM_TYPE_FLOAT64);
  default:
    return FALSE;
  }
}

/* The operand at @i means the same without a cast to @kind; a number in quotes loses them. */
static gboolean
is_so_anyway (const Standard *standard, guint i, Kind kind)
{
  const char *text = at (standard, i);
  gboolean counts = kind != KIND_TEXT && kind != KIND_DATE;
  if (*text == '\'' && counts) {
    g_autofree char *number = g_strndup (text + 1, strlen (text) - 2);
    if (strlen (text) < 2 || !is_number (number, kind) || standard->divides)
      return FALSE;
    put (standard, i, g_steal_pointer (&number));
    return TRUE;
  }
  if (*text == '\'')
    return TRUE;
  if (counts && is_number (text, kind))
    return !standard->divides;
  return holds (standard, text, kind);
}

/* "::" at @i. */
static void
settle_cast (const Standard *standard, guint i)
{
  guint end = i, last = before (standard, i), inner = before (standard, last),
        first = before (standard, inner);
  Kind kind = read_type (standard, i + 1, &end);
  if (kind == KIND_OTHER || last == i)
    return;
  if (is (standard, last, "]") || (is (standard, last, ")") && is (standard, inner, "]"))) {
    if (is (standard, end - 1, "]")) /* of elements that were looked at */
      take_out (standard, i, end);
    return;
  }
  gboolean wrapped = is (standard, last, ")") && is (standard, first, "(");
  if (!is_so_anyway (standard, wrapped ? inner : last, kind))
    return;
  take_out (standard, i, end);
  if (wrapped) {
    take_out (standard, last, last + 1);
    g_array_index (standard->tokens, Token, inner).blank =
        g_array_index (standard->tokens, Token, first).blank;
    take_out (standard, first, first + 1);
  }
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

static guint
behind (const Standard *standard, guint i)
{
  for (i++; i < standard->tokens->len && *at (standard, i) == '\0'; i++)
    ;
  return i;
}

/* "= ANY (ARRAY[a, b])" at its sign, or "<> ALL (ARRAY[a, b])". */
static void
settle_list (const Standard *standard, guint i)
{
  gboolean negated = is (standard, i, "<>");
  guint word = behind (standard, i), open = behind (standard, word), array = behind (standard, open);
  gboolean wrapped = is (standard, array, "(");
  guint inner = array;
  if (wrapped)
    array = behind (standard, array);
  guint bracket = behind (standard, array), close = bracket;
  if (!is (standard, word, negated ? "all" : "any") || !is (standard, open, "(") ||
      !is (standard, array, "array") || !is (standard, bracket, "["))
    return;
  for (close = behind (standard, close); close < standard->tokens->len && !is (standard, close, "]");
       close = behind (standard, close))
    if (is (standard, close, "[") || is (standard, close, "::"))
      return;
  guint end = behind (standard, close);
  if (close == behind (standard, bracket) || !is (standard, end, ")") ||
      (wrapped && !is (standard, behind (standard, end), ")")))
    return;
  put (standard, word, g_strdup (negated ? "NOT IN" : "IN"));
  take_out (standard, i, i + 1);
  take_out (standard, array, bracket + 1);
  take_out (standard, close, close + 1);
  if (wrapped) {
    take_out (standard, inner, inner + 1);
    take_out (standard, end, end + 1);
  }
}

char *
corm_pgsql_standard_sql (const char *sql, const CormTable *table)
{
  g_autoptr (GArray) tokens = split (sql);
  Standard standard = { tokens, table, FALSE };
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < tokens->len; i++)
    standard.divides |= is (&standard, i, "/") || is (&standard, i, "%");
  for (guint i = 0; i < tokens->len; i++)
    if (is (&standard, i, "::"))
      settle_cast (&standard, i);
  for (guint i = 0; i < tokens->len; i++)
    if (is (&standard, i, "=") || is (&standard, i, "<>"))
      settle_list (&standard, i);
  for (guint i = 0; i < tokens->len; i++)
    if (*at (&standard, i) != '\0') {
      g_string_append (text, g_array_index (tokens, Token, i).blank && text->len > 0 ? " " : "");
      g_string_append (text, at (&standard, i));
    }
  return g_string_free (text, FALSE);
}
