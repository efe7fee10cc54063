/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See plain.h. Comparisons, and what joins them. Texts are asked whether they are equal only: which of two is the lesser
 * depends on the database. A number is never compared with a text. */
#include "port/plain.h"

#include <string.h>

enum { MOST_DEPTH = 60 };

static gboolean
is_mixed (const CormPlain *a, const CormPlain *b, CormPlainClass class, CormPlainClass with)
{
  return (a->class == class && b->class == with && !a->is_constant && !b->is_constant);
}

/* Numbers that are compared alike: a float beside a decimal or an integer column is rounded somewhere. */
static gboolean
are_alike_numbers (const CormPlain *a, const CormPlain *b)
{
  static const CormPlainClass exact[] = { CORM_PLAIN_INT, CORM_PLAIN_NARROW, CORM_PLAIN_DECIMAL };
  if (!corm_plain_is_number (a) || !corm_plain_is_number (b))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (exact); i++)
    if (is_mixed (a, b, CORM_PLAIN_REAL, exact[i]) || is_mixed (b, a, CORM_PLAIN_REAL, exact[i]))
      return FALSE;
  return TRUE;
}

static gboolean
check_compared (CormReading *reading, const CormPlain *left, const CormPlain *right, gboolean is_order)
{
  if (are_alike_numbers (left, right))
    return TRUE;
  gboolean same = left->class == right->class;
  if (same && left->class == CORM_PLAIN_TEXT)
    return !is_order ||
           corm_reading_refuse (reading, "which of two texts is the lesser depends on the database");
  if (same && left->class == CORM_PLAIN_BOOL && !is_order)
    return TRUE;
  return corm_reading_refuse (reading, "a comparison of values whose types are not alike in both databases");
}

/* "active = 1" of a boolean column. */
gboolean
corm_plain_read_beside (CormReading *reading, const CormPlain *left, CormPlain *right)
{
  const CormPortToken *token = corm_reading_peek (reading);
  if (left->class != CORM_PLAIN_BOOL || token->kind != CORM_PORT_TOKEN_NUMBER)
    return corm_plain_read_sum (reading, right);
  if (strcmp (token->text, "0") != 0 && strcmp (token->text, "1") != 0)
    return corm_reading_refuse (reading, "a comparison of a truth with %s", token->text);
  g_string_append (reading->out, *token->text == '1' ? reading->to->true_text : reading->to->false_text);
  reading->at++;
  *right = (CormPlain){ .class = CORM_PLAIN_BOOL, .is_constant = TRUE };
  return TRUE;
}

/* "x = ANY (ARRAY[1, 2])", as PostgreSQL writes "x IN (1, 2)"; from behind ANY. */
static gboolean
read_array (CormReading *reading, const CormPlain *left)
{
  if (!corm_reading_expect (reading, "("))
    return FALSE;
  gboolean is_cast = corm_reading_take (reading, "(");
  if (!corm_reading_expect (reading, "array") || !corm_reading_expect (reading, "["))
    return FALSE;
  g_string_append_c (reading->out, '(');
  do {
    CormPlain item;
    if (!corm_plain_read_sum (reading, &item) || !check_compared (reading, left, &item, FALSE))
      return FALSE;
    g_string_append (reading->out, corm_port_token_is (corm_reading_peek (reading), ",") ? ", " : ")");
  } while (corm_reading_take (reading, ","));
  if (!corm_reading_expect (reading, "]"))
    return FALSE;
  if (is_cast && (!corm_reading_expect (reading, ")") || !corm_reading_expect (reading, "::") ||
                  !corm_reading_expect (reading, "text") || !corm_reading_expect (reading, "[") ||
                  !corm_reading_expect (reading, "]")))
    return FALSE;
  return corm_reading_expect (reading, ")");
}

static gboolean
read_comparison (CormReading *reading, const CormPlain *left)
{
  CormPlain right;
  const char *sign = corm_reading_peek (reading)->text;
  reading->at++;
  gboolean is_any = strcmp (sign, "=") == 0 && corm_reading_take (reading, "any");
  if (is_any || (strcmp (sign, "<>") == 0 && corm_reading_take (reading, "all"))) {
    g_string_append (reading->out, is_any ? " IN " : " NOT IN ");
    return read_array (reading, left);
  }
  g_string_append_printf (reading->out, " %s ", sign);
  return corm_plain_read_beside (reading, left, &right) &&
         check_compared (reading, left, &right, strcmp (sign, "=") != 0 && strcmp (sign, "<>") != 0);
}

static gboolean
read_list (CormReading *reading, const CormPlain *left)
{
  if (!corm_reading_expect (reading, "("))
    return FALSE;
  g_string_append_c (reading->out, '(');
  do {
    CormPlain item;
    if (!corm_plain_read_sum (reading, &item) || !check_compared (reading, left, &item, FALSE))
      return FALSE;
    g_string_append (reading->out, corm_port_token_is (corm_reading_peek (reading), ",") ? ", " : ")");
  } while (corm_reading_take (reading, ","));
  return corm_reading_expect (reading, ")");
}

static gboolean
read_between (CormReading *reading, const CormPlain *left)
{
  CormPlain least, most;
  if (!corm_plain_read_sum (reading, &least) || !corm_reading_expect (reading, "and"))
    return FALSE;
  g_string_append (reading->out, " AND ");
  return corm_plain_read_sum (reading, &most) && check_compared (reading, left, &least, TRUE) &&
         check_compared (reading, left, &most, TRUE);
}

static gboolean
read_is (CormReading *reading)
{
  gboolean not = corm_reading_take (reading, "not");
  if (!corm_reading_take (reading, "null"))
    return corm_reading_refuse (reading, "IS before '%s'", corm_reading_peek (reading)->text);
  g_string_append (reading->out, not ? " IS NOT NULL" : " IS NULL");
  return TRUE;
}

/* What makes a truth of @result; *@any: whether there was anything. */
static gboolean
read_test (CormReading *reading, const CormPlain *left, gboolean *any)
{
  static const char *const signs[] = { "=", "<>", "<", ">", "<=", ">=", NULL };
  static const char *const others[] = {
    "like", "ilike", "glob", "match", "regexp", "rlike", "collate", NULL
  };
  const CormPortToken *next = corm_reading_peek (reading);
  *any = TRUE;
  if (next->kind == CORM_PORT_TOKEN_SIGN && g_strv_contains (signs, next->text))
    return read_comparison (reading, left);
  if (corm_reading_take (reading, "is"))
    return read_is (reading);
  if (corm_reading_take (reading, "isnull") || corm_reading_take (reading, "notnull")) {
    g_string_append (reading->out, corm_port_token_is (next, "isnull") ? " IS NULL" : " IS NOT NULL");
    return TRUE;
  }
  for (guint i = 0; others[i] != NULL; i++)
    if (corm_port_token_is (next, others[i]))
      return corm_reading_refuse (reading, "'%s' is not known to mean the same", next->text);
  gboolean not = corm_port_token_is (next, "not");
  const CormPortToken *word = not ? next + 1 : next;
  gboolean is_in = corm_port_token_is (word, "in"), is_between = corm_port_token_is (word, "between");
  *any = is_in || is_between;
  if (!*any)
    return !not || corm_reading_refuse (reading, "'NOT %s' is not known to mean the same", word->text);
  reading->at += not ? 2 : 1;
  g_string_append_printf (reading->out, "%s %s ", not ? " NOT" : "", is_in ? "IN" : "BETWEEN");
  return is_in ? read_list (reading, left) : read_between (reading, left);
}

static gboolean
read_predicate (CormReading *reading, CormPlain *result)
{
  gboolean any = FALSE;
  if (!corm_plain_read_sum (reading, result) || !read_test (reading, result, &any))
    return FALSE;
  if (!any)
    return TRUE;
  *result = (CormPlain){ .class = CORM_PLAIN_BOOL };
  return !read_test (reading, result, &any) || !any
             ? reading->why == NULL
             : corm_reading_refuse (reading, "a comparison of a comparison");
}

static gboolean
is_truth (CormReading *reading, const CormPlain *value)
{
  return value->class == CORM_PLAIN_BOOL ||
         corm_reading_refuse (reading, "a number or a text where a condition belongs");
}

static gboolean
read_not (CormReading *reading, CormPlain *result)
{
  if (!corm_reading_take (reading, "not"))
    return read_predicate (reading, result);
  g_string_append (reading->out, "NOT ");
  if (++reading->depth > MOST_DEPTH)
    return corm_reading_refuse (reading, "too many words NOT");
  if (!read_not (reading, result) || !is_truth (reading, result))
    return FALSE;
  reading->depth--;
  result->pair = NULL;
  return TRUE;
}

static gboolean
read_and (CormReading *reading, CormPlain *result)
{
  if (!read_not (reading, result))
    return FALSE;
  while (corm_reading_take (reading, "and")) {
    CormPlain right;
    g_string_append (reading->out, " AND ");
    if (!is_truth (reading, result) || !read_not (reading, &right) || !is_truth (reading, &right))
      return FALSE;
    *result = (CormPlain){ .class = CORM_PLAIN_BOOL };
  }
  return TRUE;
}

static gboolean
read_or (CormReading *reading, CormPlain *result)
{
  if (!read_and (reading, result))
    return FALSE;
  while (corm_reading_take (reading, "or")) {
    CormPlain right;
    g_string_append (reading->out, " OR ");
    if (!is_truth (reading, result) || !read_and (reading, &right) || !is_truth (reading, &right))
      return FALSE;
    *result = (CormPlain){ .class = CORM_PLAIN_BOOL };
  }
  return TRUE;
}

gboolean
corm_plain_read (CormReading *reading, CormPlain *result)
{
  if (++reading->depth > MOST_DEPTH)
    return corm_reading_refuse (reading, "too many parentheses");
  gboolean done = read_or (reading, result);
  reading->depth--;
  return done;
}

gboolean
corm_plain_read_condition (CormReading *reading)
{
  CormPlain condition;
  return corm_plain_read (reading, &condition) && is_truth (reading, &condition);
}
