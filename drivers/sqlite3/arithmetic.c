/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQL functions for what SQLite would round or overflow without a word: whole numbers that stay whole or fail, decimals
 * as text. All are deterministic, and NULL in gives NULL out. */
#include "sqlite3.h"

#include "number.h"

#include <math.h>

enum { QUOTIENT_SCALE = 12 };

static void
fail (sqlite3_context *context, const char *words)
{
  sqlite3_result_error (context, words, -1);
}

static void
fail_overflow (sqlite3_context *context)
{
  fail (context, "integer overflow");
}

static gboolean
has_null (sqlite3_value **args, int n)
{
  for (int i = 0; i < n; i++)
    if (sqlite3_value_type (args[i]) == SQLITE_NULL)
      return TRUE;
  return FALSE;
}

/* A double with the digits that it shows. */
static gboolean
read_number (sqlite3_context *context, sqlite3_value *value, CormNumber *number)
{
  char buffer[CORM_TEXT_MAX];
  const char *text = buffer;
  gsize size;
  if (sqlite3_value_type (value) == SQLITE_INTEGER)
    size = corm_text_from_int (sqlite3_value_int64 (value), buffer);
  else if (sqlite3_value_type (value) == SQLITE_FLOAT)
    size = corm_text_from_double (sqlite3_value_double (value), buffer);
  else {
    text = (const char *) sqlite3_value_text (value);
    size = (gsize) sqlite3_value_bytes (value);
  }
  if (text != NULL && corm_number_parse (text, size, number))
    return TRUE;
  fail (context, "no decimal number, or one of too many digits");
  return FALSE;
}

static void
give_number (sqlite3_context *context, const CormNumber *number)
{
  char text[CORM_NUMBER_DIGITS * 2 + 4];
  sqlite3_result_text (context, text, (int) corm_number_print (number, text), SQLITE_TRANSIENT);
}

typedef enum { PLUS, MINUS, TIMES, DIVIDED, MODULO } Operation;

static Operation
get_operation (sqlite3_context *context)
{
  return (Operation) GPOINTER_TO_INT (sqlite3_user_data (context));
}

static void
int_operation (sqlite3_context *context, int n, sqlite3_value **args)
{
  if (has_null (args, n))
    return;
  sqlite3_int64 a = sqlite3_value_int64 (args[0]), b = sqlite3_value_int64 (args[1]), result = 0;
  Operation operation = get_operation (context);
  gboolean over = FALSE;
  if (operation == DIVIDED && b == 0)
    return;
  if (operation == PLUS)
    over = __builtin_add_overflow (a, b, &result);
  else if (operation == MINUS)
    over = __builtin_sub_overflow (a, b, &result);
  else if (operation == TIMES)
    over = __builtin_mul_overflow (a, b, &result);
  else if (b == -1)
    over = __builtin_sub_overflow ((sqlite3_int64) 0, a, &result);
  else
    result = a / b;
  if (over)
    fail_overflow (context);
  else
    sqlite3_result_int64 (context, result);
}

static gboolean
compute (Operation operation, const CormNumber *a, CormNumber *b, CormNumber *result)
{
  switch (operation) {
  case MINUS:
    b->negative = b->n > 0 && !b->negative;
    return corm_number_add (a, b, result);
  case TIMES:
    return corm_number_multiply (a, b, result);
  case DIVIDED:
    return corm_number_divide (a, b, QUOTIENT_SCALE, result);
  case MODULO:
    return corm_number_modulo (a, b, result);
  default:
    return corm_number_add (a, b, result);
  }
}

static void
decimal_operation (sqlite3_context *context, int n, sqlite3_value **args)
{
  CormNumber a, b, result;
  Operation operation = get_operation (context);
  if (has_null (args, n) || !read_number (context, args[0], &a) || !read_number (context, args[1], &b) ||
      ((operation == DIVIDED || operation == MODULO) && b.n == 0))
    return;
  if (compute (operation, &a, &b, &result))
    give_number (context, &result);
  else
    fail (context, "a decimal of too many digits");
}

static void
decimal (sqlite3_context *context, int n, sqlite3_value **args)
{
  CormNumber number;
  if (!has_null (args, n) && read_number (context, args[0], &number))
    give_number (context, &number);
}

static void
decimal_abs (sqlite3_context *context, int n, sqlite3_value **args)
{
  CormNumber number;
  if (has_null (args, n) || !read_number (context, args[0], &number))
    return;
  number.negative = FALSE;
  give_number (context, &number);
}

/* Floor, ceil; and round, which has the number of digits. */
static void
decimal_round (sqlite3_context *context, int n, sqlite3_value **args)
{
  CormNumber number, rounded;
  if (has_null (args, n) || !read_number (context, args[0], &number))
    return;
  int scale = n > 1 ? sqlite3_value_int (args[1]) : 0;
  if (corm_number_round (&number, scale, (CormRounding) GPOINTER_TO_INT (sqlite3_user_data (context)),
                         &rounded))
    give_number (context, &rounded);
  else
    fail (context, "a decimal of too many digits");
}

static void
give_int (sqlite3_context *context, const CormNumber *number)
{
  CormNumber cut;
  char text[CORM_NUMBER_DIGITS * 2 + 4];
  gint64 i;
  if (!corm_number_round (number, 0, CORM_ROUND_CUT, &cut))
    return;
  gsize size = corm_number_print (&cut, text);
  if (corm_text_to_int (text, size, &i))
    sqlite3_result_int64 (context, i);
  else
    fail_overflow (context);
}

static void
to_int (sqlite3_context *context, int n, sqlite3_value **args)
{
  CormNumber number;
  if (has_null (args, n))
    return;
  if (sqlite3_value_type (args[0]) == SQLITE_FLOAT && !isfinite (sqlite3_value_double (args[0])))
    fail_overflow (context);
  else if (read_number (context, args[0], &number))
    give_int (context, &number);
}

/* Whether @text is sign and digits, with a point where @point. */
static gboolean
is_number (const char *text, gboolean point, guint max_digits)
{
  guint n = 0;
  if (*text == '-' || *text == '+')
    text++;
  for (; *text != '\0'; text++) {
    if (*text == '.' && point)
      point = FALSE;
    else if (g_ascii_isdigit (*text))
      n++;
    else
      return FALSE;
  }
  return n > 0 && n <= max_digits;
}

/* A column of SQLite takes a number of any size, which a narrower member cannot read. */
static void
fit_int (sqlite3_context *context, int n, sqlite3_value **args)
{
  char words[96];
  if (has_null (args, n))
    return;
  gint64 i = sqlite3_value_int64 (args[0]), limit = G_GINT64_CONSTANT (1)
                                                    << (sqlite3_value_int (args[1]) - 1);
  if (i >= -limit && i < limit) {
    sqlite3_result_int64 (context, i);
    return;
  }
  g_snprintf (words, sizeof words, "out of range: %" G_GINT64_FORMAT " does not fit int%d", i,
              sqlite3_value_int (args[1]));
  fail (context, words);
}

/* Text that is no number gives NULL. */
static void
text_to_int (sqlite3_context *context, int n, sqlite3_value **args)
{
  const char *text = has_null (args, n) ? NULL : (const char *) sqlite3_value_text (args[0]);
  if (text != NULL && is_number (text, FALSE, 18))
    sqlite3_result_int64 (context, g_ascii_strtoll (text, NULL, 10));
}

static void
to_decimal (sqlite3_context *context, int n, sqlite3_value **args)
{
  CormNumber number, rounded;
  char words[96];
  if (has_null (args, n) || !read_number (context, args[0], &number))
    return;
  int precision = sqlite3_value_int (args[1]), scale = sqlite3_value_int (args[2]);
  if (!corm_number_round (&number, scale, CORM_ROUND_HALF_AWAY, &rounded))
    return;
  if ((int) rounded.n - (int) rounded.scale > precision - scale) {
    g_snprintf (words, sizeof words, "out of range: the number does not fit decimal(%d,%d)", precision,
                scale);
    fail (context, words);
  } else
    give_number (context, &rounded);
}

static void
text_to_decimal (sqlite3_context *context, int n, sqlite3_value **args)
{
  const char *text = has_null (args, n) ? NULL : (const char *) sqlite3_value_text (args[0]);
  if (text != NULL && is_number (text, TRUE, CORM_NUMBER_DIGITS))
    to_decimal (context, n, args);
}

/* Microseconds of a number of seconds; a decimal's are exact. */
static gboolean
read_seconds (sqlite3_context *context, sqlite3_value *value, gint64 *us)
{
  static const CormNumber million = { .n = 7, .digits = { 1 } };
  CormNumber seconds, scaled, whole;
  char text[CORM_NUMBER_DIGITS * 2 + 4];
  if (!read_number (context, value, &seconds))
    return FALSE;
  return corm_number_multiply (&seconds, &million, &scaled) &&
         corm_number_round (&scaled, 0, CORM_ROUND_HALF_AWAY, &whole) &&
         corm_text_to_int (text, corm_number_print (&whole, text), us);
}

/* Of the years 0001 and 9999. */
#define LEAST_US (G_GINT64_CONSTANT (-719162) * 86400 * 1000000)
#define GREATEST_US (G_GINT64_CONSTANT (2932897) * 86400 * 1000000 - 1)

static void
add_seconds (sqlite3_context *context, int n, sqlite3_value **args)
{
  gint64 at, more;
  gboolean had_zone;
  char text[CORM_TEXT_MAX];
  if (has_null (args, n))
    return;
  const char *from = (const char *) sqlite3_value_text (args[0]);
  if (!corm_text_to_timestamp (from, (gsize) sqlite3_value_bytes (args[0]), &at, &had_zone))
    fail (context, "no timestamp");
  else if (!read_seconds (context, args[1], &more) || __builtin_add_overflow (at, more, &at) ||
           at < LEAST_US || at > GREATEST_US)
    fail (context, "timestamp out of range: it leaves the years 0001 to 9999");
  else
    sqlite3_result_text (context, text, (int) corm_text_from_timestamp (at, ' ', NULL, text),
                         SQLITE_TRANSIENT);
}

static const struct {
  const char *name;
  int n;
  void (*call) (sqlite3_context *, int, sqlite3_value **);
  int data;
} functions[] = {
  { "corm_int_plus", 2, int_operation, PLUS },
  { "corm_int_minus", 2, int_operation, MINUS },
  { "corm_int_times", 2, int_operation, TIMES },
  { "corm_int_divided", 2, int_operation, DIVIDED },
  { "corm_decimal", 1, decimal, 0 },
  { "corm_decimal_plus", 2, decimal_operation, PLUS },
  { "corm_decimal_minus", 2, decimal_operation, MINUS },
  { "corm_decimal_times", 2, decimal_operation, TIMES },
  { "corm_decimal_divided", 2, decimal_operation, DIVIDED },
  { "corm_decimal_modulo", 2, decimal_operation, MODULO },
  { "corm_decimal_abs", 1, decimal_abs, 0 },
  { "corm_decimal_round", 2, decimal_round, CORM_ROUND_HALF_AWAY },
  { "corm_decimal_floor", 1, decimal_round, CORM_ROUND_DOWN },
  { "corm_decimal_ceil", 1, decimal_round, CORM_ROUND_UP },
  { "corm_to_int", 1, to_int, 0 },
  { "corm_fit_int", 2, fit_int, 0 },
  { "corm_text_to_int", 1, text_to_int, 0 },
  { "corm_to_decimal", 3, to_decimal, 0 },
  { "corm_text_to_decimal", 3, text_to_decimal, 0 },
  { "corm_add_seconds", 2, add_seconds, 0 },
};

int
corm_sqlite3_add_arithmetic (sqlite3 *handle)
{
  int rc = SQLITE_OK;
  for (guint i = 0; rc == SQLITE_OK && i < G_N_ELEMENTS (functions); i++)
    rc = sqlite3_create_function_v2 (
        handle, functions[i].name, functions[i].n, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
        GINT_TO_POINTER (functions[i].data), functions[i].call, NULL, NULL, NULL);
  return rc == SQLITE_OK ? corm_sqlite3_add_totals (handle) : rc;
}
