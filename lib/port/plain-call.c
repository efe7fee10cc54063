/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See plain.h. CASE, and the few functions that all databases compute alike. */
#include "port/plain.h"

#include <string.h>

static gboolean
is_whole (CormPlainClass class)
{
  return class == CORM_PLAIN_INT || class == CORM_PLAIN_NARROW;
}

gboolean
corm_plain_join (CormPlain *into, const CormPlain *other)
{
  CormPlainClass a = into->class, b = other->class;
  gboolean both_constant = into->is_constant && other->is_constant;
  gboolean a_gives = into->is_constant && corm_plain_is_number (into);
  gboolean b_gives = other->is_constant && corm_plain_is_number (other);
  CormPlainClass joined = CORM_PLAIN_OPAQUE;
  if (a == CORM_PLAIN_NULL || b == CORM_PLAIN_NULL)
    joined = a == CORM_PLAIN_NULL ? b : a;
  else if (a == b && a != CORM_PLAIN_OPAQUE)
    joined = a;
  else if (is_whole (a) && is_whole (b))
    joined = CORM_PLAIN_INT;
  else if ((a == CORM_PLAIN_REAL && b_gives) || (b == CORM_PLAIN_REAL && a_gives))
    joined = CORM_PLAIN_REAL;
  else if ((a == CORM_PLAIN_DECIMAL && is_whole (b) && other->is_constant) ||
           (b == CORM_PLAIN_DECIMAL && is_whole (a) && into->is_constant))
    joined = CORM_PLAIN_DECIMAL;
  *into = (CormPlain){ .class = joined, .is_constant = both_constant };
  return joined != CORM_PLAIN_OPAQUE;
}

static gboolean
join (CormReading *reading, CormPlain *into, const CormPlain *other)
{
  return corm_plain_join (into, other) ||
         corm_reading_refuse (reading, "values of several types where one is expected");
}

/* --- CASE -------------------------------------------------------------------------------------------------------- */

static gboolean
read_branch (CormReading *reading, const char *word, CormPlain *result)
{
  CormPlain value;
  if (!corm_reading_expect (reading, word))
    return FALSE;
  g_string_append (reading->out, strcmp (word, "then") == 0 ? " THEN " : " ELSE ");
  return corm_plain_read (reading, &value) && join (reading, result, &value);
}

gboolean
corm_plain_read_case (CormReading *reading, CormPlain *result)
{
  *result = (CormPlain){ .class = CORM_PLAIN_NULL };
  if (!corm_reading_expect (reading, "case"))
    return FALSE;
  g_string_append (reading->out, "CASE");
  if (!corm_port_token_is (corm_reading_peek (reading), "when"))
    return corm_reading_refuse (reading, "CASE with a value before WHEN");
  while (corm_reading_take (reading, "when")) {
    g_string_append (reading->out, " WHEN ");
    if (!corm_plain_read_condition (reading) || !read_branch (reading, "then", result))
      return FALSE;
  }
  if (corm_port_token_is (corm_reading_peek (reading), "else") && !read_branch (reading, "else", result))
    return FALSE;
  g_string_append (reading->out, " END");
  result->is_constant = FALSE;
  if (result->class == CORM_PLAIN_BOOL)
    return corm_reading_refuse (reading, "a CASE of truths");
  return corm_reading_expect (reading, "end");
}

/* --- functions --------------------------------------------------------------------------------------------------- */

/* The arguments up to the closing parenthesis, all of one kind. */
static gboolean
read_arguments (CormReading *reading, guint most, CormPlain *result)
{
  guint n = 0;
  do {
    CormPlain value;
    g_string_append (reading->out, n > 0 ? ", " : "");
    if (!corm_plain_read (reading, &value) || (n > 0 && !join (reading, result, &value)))
      return FALSE;
    if (n == 0)
      *result = value;
    n++;
  } while (corm_reading_take (reading, ","));
  if (n > most)
    return corm_reading_refuse (reading, "a function with %u arguments", n);
  result->pair = NULL;
  g_string_append_c (reading->out, ')');
  return corm_reading_expect (reading, ")");
}

static gboolean
read_scalar (CormReading *reading, const char *name, CormPlain *result)
{
  guint most = strcmp (name, "abs") == 0 ? 1 : strcmp (name, "nullif") == 0 ? 2 : 20;
  g_string_append_printf (reading->out, "%s(", name);
  if (!read_arguments (reading, most, result))
    return FALSE;
  result->is_constant = FALSE;
  if (most == 1 && result->class != CORM_PLAIN_REAL && !is_whole (result->class))
    return corm_reading_refuse (reading, "abs() of what is neither an integer nor a float");
  return result->class != CORM_PLAIN_BOOL || corm_reading_refuse (reading, "%s() of truths", name);
}

static gboolean
counts_bytes (const CormDialect *dialect)
{
  return dialect->other_meaning != NULL && g_strv_contains (dialect->other_meaning, "length");
}

/* The characters of a text. */
static gboolean
read_length (CormReading *reading, const char *name, CormPlain *result)
{
  if (strcmp (name, "length") == 0 && counts_bytes (reading->from))
    return corm_reading_refuse (reading, "length() counts bytes there");
  g_string_append (reading->out, counts_bytes (reading->to) ? "char_length(" : "length(");
  if (!read_arguments (reading, 1, result))
    return FALSE;
  if (result->class != CORM_PLAIN_TEXT)
    return corm_reading_refuse (reading, "the length of what is no text");
  *result = (CormPlain){ .class = CORM_PLAIN_NARROW };
  return TRUE;
}

/* count(0) is how MariaDB's catalogue writes count(*). */
static gboolean
read_count (CormReading *reading, CormPlain *result)
{
  CormPlain value = { .class = CORM_PLAIN_INT };
  g_string_append (reading->out, "count(");
  gboolean is_all = corm_reading_take (reading, "*") ||
                    (corm_port_token_is (corm_reading_peek (reading) + 1, ")") &&
                     corm_reading_peek (reading)->kind == CORM_PORT_TOKEN_NUMBER && reading->at++ > 0);
  gboolean distinct = !is_all && corm_reading_take (reading, "distinct");
  g_string_append (reading->out, is_all ? "*" : distinct ? "DISTINCT " : "");
  if (!is_all && !corm_plain_read (reading, &value))
    return FALSE;
  if (distinct && (value.class == CORM_PLAIN_OPAQUE || value.class == CORM_PLAIN_REAL))
    return corm_reading_refuse (reading, "count(DISTINCT) of values that are not equal alike");
  g_string_append_c (reading->out, ')');
  *result = (CormPlain){ .class = CORM_PLAIN_INT };
  return corm_reading_expect (reading, ")");
}

/* A sum of floats depends on their order, one of decimals is exact only where there are some. */
static gboolean
read_total (CormReading *reading, const char *name, CormPlain *result)
{
  CormPlain value;
  gboolean is_sum = strcmp (name, "sum") == 0;
  g_string_append_printf (reading->out, "%s(", name);
  if (!corm_plain_read (reading, &value))
    return FALSE;
  gboolean exact = !reading->from->loose_types && !reading->to->loose_types;
  gboolean fits = is_sum ? is_whole (value.class) || (value.class == CORM_PLAIN_DECIMAL && exact)
                         : corm_plain_is_number (&value);
  if (!fits || value.is_constant)
    return corm_reading_refuse (reading, "%s() of what is not computed alike", name);
  g_string_append_c (reading->out, ')');
  *result = (CormPlain){ .class = is_sum ? CORM_PLAIN_DECIMAL : value.class };
  return corm_reading_expect (reading, ")");
}

static gboolean
read_aggregate (CormReading *reading, const char *name, CormPlain *result)
{
  guint n_refs = reading->refs->len;
  if (reading->no_aggregates)
    return corm_reading_refuse (reading, "%s() where none may stand", name);
  reading->no_aggregates = TRUE;
  gboolean done =
      strcmp (name, "count") == 0 ? read_count (reading, result) : read_total (reading, name, result);
  reading->no_aggregates = FALSE;
  g_array_set_size (reading->refs, n_refs);
  reading->n_aggregates++;
  return done;
}

gboolean
corm_plain_read_call (CormReading *reading, CormPlain *result)
{
  static const char *const scalars[] = { "coalesce", "nullif", "abs", NULL };
  static const char *const aggregates[] = { "count", "sum", "min", "max", NULL };
  g_autofree char *name = g_ascii_strdown (corm_reading_peek (reading)->text, -1);
  static const char *const lengths[] = { "length", "char_length", "character_length", NULL };
  gboolean is_length = g_strv_contains (lengths, name);
  gboolean is_scalar = g_strv_contains (scalars, name), is_aggregate = g_strv_contains (aggregates, name);
  if (!is_scalar && !is_aggregate && !is_length)
    return corm_reading_refuse (reading, "the function %s() is not known to mean the same", name);
  reading->at += 2;
  if (is_length)
    return read_length (reading, name, result);
  if (!is_aggregate)
    return read_scalar (reading, name, result);
  return read_aggregate (reading, name, result) &&
         (!corm_port_token_is (corm_reading_peek (reading), "over") &&
                  !corm_port_token_is (corm_reading_peek (reading), "filter")
              ? TRUE
              : corm_reading_refuse (reading, "a window or a filter of %s()", name));
}
