/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See plain.h. Constants, operands and what is computed of them. */
#include "port/plain.h"

#include <string.h>

/* --- constants ------------------------------------------------------------------------------------------------- */

/* A string in double quotes where a name could stand: SQLite takes one that names no column for a text. */
static gboolean
is_quoted_text (const CormReading *reading, const CormPortToken *token)
{
  if (token->kind != CORM_PORT_TOKEN_NAME || *token->at != '"' || !reading->from->loose_types ||
      corm_port_token_is (token + 1, "."))
    return FALSE;
  for (guint i = 0; i < reading->scope->len; i++)
    if (corm_plain_find_column (g_array_index (reading->scope, CormPlainTable, i).pair, token->text) !=
        G_MAXUINT)
      return FALSE;
  return TRUE;
}

static gboolean
read_text (CormReading *reading, const char *text, CormPlain *result)
{
  CormValue value = corm_value_text (text);
  if (strchr (text, '\\') != NULL)
    return corm_reading_refuse (reading, "a text with a backslash");
  corm_sql_append_literal (reading->out, reading->to, &value, NULL);
  *result = (CormPlain){ .class = CORM_PLAIN_TEXT, .is_constant = TRUE };
  return TRUE;
}

static gboolean
read_number (CormReading *reading, const CormPortToken *token, CormPlain *result)
{
  gboolean is_integer = strspn (token->text, "0123456789") == token->size;
  if (token->size > 15 || strspn (token->text, "0123456789.") != token->size)
    return corm_reading_refuse (reading, "the number %s is not known to mean the same", token->text);
  g_string_append (reading->out, *token->text == '.' ? "0" : "");
  g_string_append (reading->out, token->text);
  *result = (CormPlain){ .class = is_integer ? CORM_PLAIN_INT : CORM_PLAIN_DECIMAL, .is_constant = TRUE };
  return TRUE;
}

/* "_utf8mb4'text'", as MariaDB's catalogue writes a text. */
static gboolean
is_introducer (const CormReading *reading, const CormPortToken *token)
{
  const CormPortToken *behind = token + 1;
  return token->kind == CORM_PORT_TOKEN_WORD && g_ascii_strncasecmp (token->text, "_utf8", 5) == 0 &&
         behind->kind == CORM_PORT_TOKEN_STRING && behind->at == token->at + token->size &&
         (reading->from->lexis & CORM_LEX_BACKTICK) != 0;
}

static gboolean
read_truth (CormReading *reading, gboolean value, CormPlain *result)
{
  reading->at++;
  g_string_append (reading->out, value ? reading->to->true_text : reading->to->false_text);
  *result = (CormPlain){ .class = CORM_PLAIN_BOOL, .is_constant = TRUE };
  return TRUE;
}

static gboolean
read_constant (CormReading *reading, const CormPortToken *token, CormPlain *result, gboolean *done)
{
  *done = TRUE;
  if (is_introducer (reading, token))
    token = &g_array_index (reading->tokens, CormPortToken, ++reading->at);
  if (token->kind == CORM_PORT_TOKEN_STRING || is_quoted_text (reading, token)) {
    reading->at++;
    return read_text (reading, token->text, result);
  }
  if (token->kind == CORM_PORT_TOKEN_NUMBER) {
    reading->at++;
    return read_number (reading, token, result);
  }
  if (corm_port_token_is (token, "true") || corm_port_token_is (token, "false"))
    return read_truth (reading, corm_port_token_is (token, "true"), result);
  if (corm_reading_take (reading, "null")) {
    g_string_append (reading->out, "NULL");
    *result = (CormPlain){ .class = CORM_PLAIN_NULL, .is_constant = TRUE };
    return TRUE;
  }
  *done = FALSE;
  return TRUE;
}

/* --- operands -------------------------------------------------------------------------------------------------- */

static gboolean
is_whole (CormPlainClass class)
{
  return class == CORM_PLAIN_INT || class == CORM_PLAIN_NARROW;
}

gboolean
corm_plain_is_number (const CormPlain *value)
{
  return is_whole (value->class) || value->class == CORM_PLAIN_REAL || value->class == CORM_PLAIN_DECIMAL;
}

static gboolean
read_primary (CormReading *reading, CormPlain *result)
{
  gboolean done = FALSE;
  const CormPortToken *token = corm_reading_peek (reading);
  if (!read_constant (reading, token, result, &done) || done)
    return reading->why == NULL;
  if (corm_reading_take (reading, "(")) {
    g_string_append_c (reading->out, '(');
    if (!corm_plain_read (reading, result) || !corm_reading_expect (reading, ")"))
      return FALSE;
    g_string_append_c (reading->out, ')');
    return TRUE;
  }
  if (corm_port_token_is (token, "case"))
    return corm_plain_read_case (reading, result);
  if (token->kind == CORM_PORT_TOKEN_WORD && corm_port_token_is (token + 1, "("))
    return corm_plain_read_call (reading, result);
  return corm_plain_read_column (reading, result);
}

/* PostgreSQL writes the casts that it made by itself: those that change nothing are left out. */
static gboolean
read_cast (CormReading *reading, CormPlain *value)
{
  static const char *const texts[] = { "text", "varchar", "character", NULL };
  const char *type = corm_reading_name (reading);
  g_autofree char *small = type != NULL ? g_ascii_strdown (type, -1) : NULL;
  if (small == NULL)
    return FALSE;
  if (strcmp (small, "double") == 0 && !corm_reading_expect (reading, "precision"))
    return FALSE;
  gboolean whole = is_whole (value->class);
  gboolean says_text = g_strv_contains (texts, small) &&
                       (strcmp (small, "character") != 0 || corm_reading_take (reading, "varying"));
  if (corm_port_token_is (corm_reading_peek (reading), "(") ||
      corm_port_token_is (corm_reading_peek (reading), "["))
    return corm_reading_refuse (reading, "a cast to %s of a length", small);
  if (says_text && value->class == CORM_PLAIN_TEXT)
    return TRUE;
  if (strcmp (small, "numeric") == 0 && (whole || value->class == CORM_PLAIN_DECIMAL))
    return TRUE;
  if (strcmp (small, "bigint") == 0 && whole) {
    value->class = value->is_constant ? CORM_PLAIN_INT : value->class;
    return TRUE;
  }
  if (strcmp (small, "double") == 0 && value->is_constant && corm_plain_is_number (value)) {
    value->class = CORM_PLAIN_REAL;
    return TRUE;
  }
  return corm_reading_refuse (reading, "a cast to %s", small);
}

static gboolean
read_unary (CormReading *reading, CormPlain *result)
{
  gboolean minus = corm_reading_take (reading, "-");
  g_string_append (reading->out, minus ? "-" : "");
  if (minus && corm_port_token_is (corm_reading_peek (reading), "-"))
    return corm_reading_refuse (reading, "two minuses");
  if (!read_primary (reading, result))
    return FALSE;
  while (corm_reading_take (reading, "::"))
    if (!read_cast (reading, result))
      return FALSE;
  if (!minus)
    return TRUE;
  result->pair = NULL;
  return corm_plain_is_number (result) || corm_reading_refuse (reading, "a minus before what is no number");
}

/* Computed alike: integers of 64 bits, and floats. Decimals are floats somewhere; fewer bits overflow earlier. */
static gboolean
compute (CormReading *reading, CormPlain *left, const CormPlain *right)
{
  gboolean any_real = left->class == CORM_PLAIN_REAL || right->class == CORM_PLAIN_REAL;
  gboolean both_int = (left->class == CORM_PLAIN_INT && right->class == CORM_PLAIN_INT) ||
                      (reading->is_stored && is_whole (left->class) && is_whole (right->class));
  gboolean is_decimal = (left->class == CORM_PLAIN_DECIMAL && !left->is_constant) ||
                        (right->class == CORM_PLAIN_DECIMAL && !right->is_constant);
  if (!corm_plain_is_number (left) || !corm_plain_is_number (right) || (!both_int && !any_real) || is_decimal)
    return corm_reading_refuse (reading,
                                "arithmetic is the same for integers of 64 bits and for floats only");
  *left = (CormPlain){ .class = any_real ? CORM_PLAIN_REAL : CORM_PLAIN_INT,
                       .is_constant = left->is_constant && right->is_constant };
  return TRUE;
}

static gboolean
read_product (CormReading *reading, CormPlain *result)
{
  CormPlain right;
  if (!read_unary (reading, result))
    return FALSE;
  while (corm_reading_take (reading, "*")) {
    g_string_append (reading->out, " * ");
    if (!read_unary (reading, &right) || !compute (reading, result, &right))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_plain_read_sum (CormReading *reading, CormPlain *result)
{
  CormPlain right;
  if (!read_product (reading, result))
    return FALSE;
  while (corm_port_token_is (corm_reading_peek (reading), "+") ||
         corm_port_token_is (corm_reading_peek (reading), "-")) {
    g_string_append_printf (reading->out, " %s ", corm_reading_peek (reading)->text);
    reading->at++;
    if (!read_product (reading, &right) || !compute (reading, result, &right))
      return FALSE;
  }
  return TRUE;
}
