/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Exact sums and averages, of whole numbers and decimals; also over windows, whose rows leave again. */
#include "sqlite3.h"

#include "number.h"

enum { QUOTIENT_SCALE = 12 };

/* SQLite aligns what it gives to 8 bytes only. */
typedef __int128 Whole __attribute__ ((aligned (8)));

typedef struct {
  gint64 n;
  Whole whole; /* of integers: 2^63 of them fit */
  CormNumber rest;
} Total;

/* @sign: 1 for a row that comes, -1 for one that leaves. */
static void
count (sqlite3_context *context, sqlite3_value *value, int sign)
{
  Total *total = sqlite3_aggregate_context (context, sizeof *total);
  CormNumber number, sum;
  char buffer[CORM_TEXT_MAX];
  int type = sqlite3_value_type (value);
  if (total == NULL || type == SQLITE_NULL)
    return;
  total->n += sign;
  if (type == SQLITE_INTEGER) {
    total->whole += sign * (__int128) sqlite3_value_int64 (value);
    return;
  }
  gboolean is_text = type == SQLITE_TEXT;
  gsize size = is_text ? (gsize) sqlite3_value_bytes (value)
                       : corm_text_from_double (sqlite3_value_double (value), buffer);
  if (!corm_number_parse (is_text ? (const char *) sqlite3_value_text (value) : buffer, size, &number)) {
    sqlite3_result_error (context, "no decimal number", -1);
    return;
  }
  if (sign < 0)
    number.negative = number.n > 0 && !number.negative;
  if (corm_number_add (&total->rest, &number, &sum))
    total->rest = sum;
  else
    sqlite3_result_error (context, "a decimal of too many digits", -1);
}

static void
step (sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **args)
{
  count (context, args[0], 1);
}

static void
leave (sqlite3_context *context, G_GNUC_UNUSED int n, sqlite3_value **args)
{
  count (context, args[0], -1);
}

static void
number_from_whole (__int128 whole, CormNumber *number)
{
  guint8 digits[40];
  guint n = 0;
  *number = (CormNumber){ .negative = whole < 0 };
  for (; whole != 0; whole /= 10)
    digits[n++] = (guint8) (whole < 0 ? -(whole % 10) : whole % 10);
  number->n = n;
  for (guint i = 0; i < n; i++)
    number->digits[i] = digits[n - 1 - i];
}

static void
give (sqlite3_context *context, Total *total)
{
  CormNumber whole, sum, n, mean;
  char text[CORM_NUMBER_DIGITS * 2 + 4];
  if (total == NULL || total->n == 0)
    return;
  number_from_whole (total->whole, &whole);
  gboolean ok = corm_number_add (&whole, &total->rest, &sum);
  if (ok && sqlite3_user_data (context) != NULL) {
    number_from_whole (total->n, &n);
    ok = corm_number_divide (&sum, &n, QUOTIENT_SCALE, &mean);
    sum = mean;
  }
  if (ok)
    sqlite3_result_text (context, text, (int) corm_number_print (&sum, text), SQLITE_TRANSIENT);
  else
    sqlite3_result_error (context, "a decimal of too many digits", -1);
}

static void
finish (sqlite3_context *context)
{
  give (context, sqlite3_aggregate_context (context, 0));
}

static void
show (sqlite3_context *context)
{
  give (context, sqlite3_aggregate_context (context, sizeof (Total)));
}

int
corm_sqlite3_add_totals (sqlite3 *handle)
{
  static char mean; /* its address tells the average from the sum */
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  int rc = sqlite3_create_window_function (handle, "corm_decimal_sum", 1, flags, NULL, step, finish, show,
                                           leave, NULL);
  return rc != SQLITE_OK ? rc
                         : sqlite3_create_window_function (handle, "corm_decimal_avg", 1, flags, &mean, step,
                                                           finish, show, leave, NULL);
}
