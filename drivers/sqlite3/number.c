/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Exact arithmetic of decimal numbers, digit by digit as on paper. */
#include "number.h"

#include <string.h>

/* No zeros in front; zero has no sign. */
static void
normalize (CormNumber *number)
{
  guint zeros = 0;
  while (zeros < number->n && number->digits[zeros] == 0)
    zeros++;
  number->n -= zeros;
  memmove (number->digits, number->digits + zeros, number->n);
  if (number->n == 0)
    number->negative = FALSE;
}

static gboolean
parse_plain (const char *text, gsize size, CormNumber *number)
{
  gsize i = 0;
  gboolean point = FALSE, any = FALSE;
  memset (number, 0, offsetof (CormNumber, digits));
  if (size > 0 && (text[0] == '-' || text[0] == '+'))
    number->negative = text[i++] == '-';
  for (; i < size; i++) {
    if (text[i] == '.' && !point) {
      point = TRUE;
      continue;
    }
    if (!g_ascii_isdigit (text[i]) || number->n == CORM_NUMBER_DIGITS)
      return FALSE;
    number->digits[number->n++] = (guint8) (text[i] - '0');
    number->scale += point;
    any = TRUE;
  }
  normalize (number);
  return any;
}

gboolean
corm_number_parse (const char *text, gsize size, CormNumber *number)
{
  if (parse_plain (text, size, number))
    return TRUE;
  g_autoptr (GString) canonical = g_string_new (NULL);
  return corm_decimal_append_canonical (text, size, 0, canonical) &&
         parse_plain (canonical->str, canonical->len, number);
}

gsize
corm_number_print (const CormNumber *number, char *text)
{
  guint n = number->n, scale = number->scale;
  char *p = text;
  for (; scale > 0 && n > 0 && number->digits[n - 1] == 0; scale--)
    n--;
  if (n == 0)
    scale = 0;
  if (number->negative)
    *p++ = '-';
  for (guint i = 0; i + scale < n; i++)
    *p++ = (char) ('0' + number->digits[i]);
  if (n <= scale)
    *p++ = '0';
  if (scale > 0) {
    *p++ = '.';
    for (guint i = n; i < scale; i++)
      *p++ = '0';
    for (guint i = n > scale ? n - scale : 0; i < n; i++)
      *p++ = (char) ('0' + number->digits[i]);
  }
  *p = '\0';
  return (gsize) (p - text);
}

/* The same number with @scale digits behind the point, no fewer than it has. */
static gboolean
widen (const CormNumber *a, guint scale, CormNumber *to)
{
  guint more = scale - a->scale;
  *to = *a;
  to->scale = scale;
  if (a->n == 0)
    return TRUE;
  if (a->n + more > CORM_NUMBER_DIGITS)
    return FALSE;
  memset (to->digits + to->n, 0, more);
  to->n += more;
  return TRUE;
}

/* Of two rows of digits, neither with zeros in front. */
static int
compare_digits (const guint8 *a, guint n_a, const guint8 *b, guint n_b)
{
  if (n_a != n_b)
    return n_a < n_b ? -1 : 1;
  return n_a > 0 ? memcmp (a, b, n_a) : 0;
}

static gboolean
add_digits (const CormNumber *a, const CormNumber *b, CormNumber *sum)
{
  guint n = MAX (a->n, b->n) + 1;
  guint carry = 0;
  if (n > CORM_NUMBER_DIGITS)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    guint digit = carry;
    digit += i < a->n ? a->digits[a->n - 1 - i] : 0;
    digit += i < b->n ? b->digits[b->n - 1 - i] : 0;
    sum->digits[n - 1 - i] = (guint8) (digit % 10);
    carry = digit / 10;
  }
  sum->n = n;
  return TRUE;
}

/* a's digits less b's, which are no more. */
static void
subtract_digits (const CormNumber *a, const CormNumber *b, CormNumber *rest)
{
  int borrow = 0;
  for (guint i = 0; i < a->n; i++) {
    int digit = a->digits[a->n - 1 - i] - borrow - (i < b->n ? b->digits[b->n - 1 - i] : 0);
    borrow = digit < 0;
    rest->digits[a->n - 1 - i] = (guint8) (digit + 10 * borrow);
  }
  rest->n = a->n;
}

gboolean
corm_number_add (const CormNumber *a, const CormNumber *b, CormNumber *sum)
{
  CormNumber x, y;
  guint scale = MAX (a->scale, b->scale);
  if (!widen (a, scale, &x) || !widen (b, scale, &y))
    return FALSE;
  sum->scale = scale;
  sum->negative = x.negative;
  if (x.negative == y.negative) {
    if (!add_digits (&x, &y, sum))
      return FALSE;
  } else if (compare_digits (x.digits, x.n, y.digits, y.n) >= 0)
    subtract_digits (&x, &y, sum);
  else {
    subtract_digits (&y, &x, sum);
    sum->negative = y.negative;
  }
  normalize (sum);
  return TRUE;
}

gboolean
corm_number_multiply (const CormNumber *a, const CormNumber *b, CormNumber *product)
{
  guint n = a->n + b->n;
  if (n > CORM_NUMBER_DIGITS)
    return FALSE;
  *product = (CormNumber){ .negative = a->negative != b->negative, .n = n, .scale = a->scale + b->scale };
  for (guint i = a->n; i-- > 0;) {
    guint carry = 0;
    for (guint j = b->n; j-- > 0;) {
      guint digit = product->digits[i + j + 1] + (guint) a->digits[i] * b->digits[j] + carry;
      product->digits[i + j + 1] = (guint8) (digit % 10);
      carry = digit / 10;
    }
    product->digits[i] = (guint8) carry;
  }
  normalize (product);
  return TRUE;
}

/* Whole numbers, made of the digits alone: a = quotient * b + rest. */
static void
divide_digits (const CormNumber *a, const CormNumber *b, CormNumber *quotient, CormNumber *rest)
{
  memset (quotient, 0, offsetof (CormNumber, digits));
  memset (rest, 0, offsetof (CormNumber, digits));
  quotient->n = a->n;
  for (guint i = 0; i < a->n; i++) {
    rest->digits[rest->n] = a->digits[i];
    rest->n++;
    normalize (rest);
    quotient->digits[i] = 0;
    while (compare_digits (rest->digits, rest->n, b->digits, b->n) >= 0) {
      subtract_digits (rest, b, rest);
      normalize (rest);
      quotient->digits[i]++;
    }
  }
  normalize (quotient);
}

gboolean
corm_number_divide (const CormNumber *a, const CormNumber *b, guint scale, CormNumber *quotient)
{
  CormNumber x, y, rest, cut;
  /* One digit more than is wanted; that it was cut there does not change how it is rounded. */
  guint wanted = scale + 1;
  if (!widen (a, MAX (a->scale, b->scale + wanted), &x) || !widen (b, x.scale - wanted, &y))
    return FALSE;
  divide_digits (&x, &y, &cut, &rest);
  cut.scale = wanted;
  cut.negative = cut.n > 0 && a->negative != b->negative;
  return corm_number_round (&cut, (int) scale, CORM_ROUND_HALF_AWAY, quotient);
}

gboolean
corm_number_modulo (const CormNumber *a, const CormNumber *b, CormNumber *rest)
{
  CormNumber x, y, quotient;
  guint scale = MAX (a->scale, b->scale);
  if (!widen (a, scale, &x) || !widen (b, scale, &y))
    return FALSE;
  divide_digits (&x, &y, &quotient, rest);
  rest->scale = scale;
  rest->negative = rest->n > 0 && a->negative;
  return TRUE;
}

static gboolean
rounds_away (const CormNumber *a, guint n_kept, guint n_cut, CormRounding rounding)
{
  gboolean exact = TRUE;
  for (guint i = n_kept; i < a->n; i++)
    exact &= a->digits[i] == 0;
  if (exact)
    return FALSE;
  switch (rounding) {
  case CORM_ROUND_HALF_AWAY: /* the first digit that is cut; there are none when more are cut than there are */
    return n_cut <= a->n && a->digits[n_kept] >= 5;
  case CORM_ROUND_DOWN:
    return a->negative;
  case CORM_ROUND_UP:
    return !a->negative;
  default:
    return FALSE;
  }
}

gboolean
corm_number_round (const CormNumber *a, int scale, CormRounding rounding, CormNumber *rounded)
{
  static const CormNumber one = { .n = 1, .digits = { 1 } };
  if ((int) a->scale <= scale) {
    *rounded = *a;
    return TRUE;
  }
  guint n_cut = (guint) ((int) a->scale - scale);
  CormNumber kept = *a, more;
  kept.n = a->n > n_cut ? a->n - n_cut : 0;
  kept.scale = 0;
  kept.negative = FALSE;
  if (rounds_away (a, kept.n, n_cut, rounding)) {
    if (!corm_number_add (&kept, &one, &more))
      return FALSE;
    kept = more;
  }
  for (; scale < 0; scale++) {
    if (kept.n == CORM_NUMBER_DIGITS)
      return FALSE;
    if (kept.n > 0)
      kept.digits[kept.n++] = 0;
  }
  kept.scale = (guint) scale;
  kept.negative = kept.n > 0 && a->negative;
  *rounded = kept;
  return TRUE;
}
