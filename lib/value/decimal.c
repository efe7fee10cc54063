/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Decimals as text of any length. A decimal is taken apart once, into its significant digits and the place of the
 * point before them: 0.d1d2…dn × 10^point with d1 and dn not 0; everything else follows from that. */
#include "value/text.h"

#include <string.h>

/* PostgreSQL's numeric has at most 131072 digits before the point and 16383 behind it. */
#define MAX_DIGITS 150000

typedef enum { FINITE, NOT_A_NUMBER, INFINITE } Kind;

typedef struct {
  Kind kind;
  bool negative;
  const char *text; /* behind the sign; from here on digits and a point */
  gsize dot;        /* index of the point in @text, or where it would stand */
  gsize first;      /* digits, the point not counted: from the first one that is not 0… */
  gsize last;       /* …to behind the last one; equal for 0 */
  gint64 point;
} Decimal;

static inline char
digit_at (const Decimal *d, gsize i)
{
  return d->text[i < d->dot ? i : i + 1];
}

static gboolean
parse_word (const char *text, gsize size, Decimal *d)
{
  if (size == 3 && g_ascii_strncasecmp (text, "nan", 3) == 0)
    d->kind = NOT_A_NUMBER;
  else if (size == 8 && g_ascii_strncasecmp (text, "infinity", 8) == 0)
    d->kind = INFINITE;
  return d->kind == INFINITE || (d->kind == NOT_A_NUMBER && !d->negative);
}

/* Of "e-12" at @text; all of it or FALSE. */
static gboolean
parse_exponent (const char *text, gsize size, gint64 *exponent)
{
  if (size == 0)
    return TRUE;
  if (*text != 'e' && *text != 'E')
    return FALSE;
  return corm_text_to_int (text + 1, size - 1, exponent) && *exponent >= -MAX_DIGITS &&
         *exponent <= MAX_DIGITS;
}

static gboolean
parse (const char *text, gsize size, Decimal *d)
{
  *d = (Decimal){ .kind = FINITE };
  d->negative = size > 0 && *text == '-';
  if (size > 0 && (*text == '-' || *text == '+')) {
    text++;
    size--;
  }
  d->text = text;
  gsize n = 0, at = 0;
  gboolean has_dot = FALSE;
  for (; at < size && (g_ascii_isdigit (text[at]) || (text[at] == '.' && !has_dot)); at++) {
    if (text[at] == '.') {
      has_dot = TRUE;
      d->dot = n;
    } else
      n++;
  }
  gint64 exponent = 0;
  if (n == 0)
    return parse_word (text, size, d);
  if (n > 2 * MAX_DIGITS || !parse_exponent (text + at, size - at, &exponent))
    return FALSE;
  if (!has_dot)
    d->dot = n;
  d->last = n;
  while (d->first < n && digit_at (d, d->first) == '0')
    d->first++;
  while (d->last > d->first && digit_at (d, d->last - 1) == '0')
    d->last--;
  d->point = d->first < n ? (gint64) d->dot - (gint64) d->first + exponent : 0;
  return TRUE;
}

static void
append_digits (const Decimal *d, gint64 from, gint64 to, GString *out)
{
  gint64 n = (gint64) (d->last - d->first);
  for (gint64 i = from; i < to; i++)
    g_string_append_c (out, i >= 0 && i < n ? digit_at (d, d->first + (gsize) i) : '0');
}

gboolean
corm_decimal_append_canonical (const char *text, gsize size, guint scale, GString *out)
{
  Decimal d;
  if (!parse (text, size, &d))
    return FALSE;
  gint64 n = (gint64) (d.last - d.first);
  if (d.kind == NOT_A_NUMBER) {
    g_string_append (out, "NaN");
    return TRUE;
  }
  if (d.negative && (n > 0 || d.kind == INFINITE))
    g_string_append_c (out, '-');
  if (d.kind == INFINITE) {
    g_string_append (out, "Infinity");
    return TRUE;
  }
  if (d.point > 0)
    append_digits (&d, 0, d.point, out);
  else
    g_string_append_c (out, '0');
  gint64 fraction = MAX (n - d.point, (gint64) scale);
  if (n == 0)
    fraction = scale;
  if (fraction > 0) {
    g_string_append_c (out, '.');
    append_digits (&d, d.point, d.point + fraction, out);
  }
  return TRUE;
}

gboolean
corm_decimal_fits (const char *text, gsize size, guint precision, guint scale)
{
  Decimal d;
  if (!parse (text, size, &d))
    return FALSE;
  if (precision == 0)
    return TRUE;
  if (d.kind != FINITE)
    return d.kind == NOT_A_NUMBER;
  gint64 n = (gint64) (d.last - d.first);
  return n == 0 || (n - d.point <= (gint64) scale && d.point <= (gint64) precision - (gint64) scale);
}

/* Of the digits behind the point, signs left aside. */
static int
compare_magnitude (const Decimal *a, const Decimal *b)
{
  gsize a_size = a->last - a->first, b_size = b->last - b->first;
  if (a_size == 0 || b_size == 0)
    return (a_size > 0) - (b_size > 0);
  if (a->point != b->point)
    return a->point < b->point ? -1 : 1;
  for (gsize i = 0; i < MIN (a_size, b_size); i++) {
    int difference = digit_at (a, a->first + i) - digit_at (b, b->first + i);
    if (difference != 0)
      return difference < 0 ? -1 : 1;
  }
  return (a_size > b_size) - (a_size < b_size);
}

/* -Infinity, negative, zero, positive, Infinity, NaN, as PostgreSQL orders them. */
static int
rank (const Decimal *d)
{
  if (d->kind == NOT_A_NUMBER)
    return 3;
  int sign = d->kind == FINITE ? d->last > d->first : 2;
  return d->negative ? -sign : sign;
}

int
corm_decimal_compare (const char *a, gsize a_size, const char *b, gsize b_size)
{
  Decimal x, y;
  if (!parse (a, a_size, &x) || !parse (b, b_size, &y)) {
    int order = memcmp (a, b, MIN (a_size, b_size));
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
  }
  int x_rank = rank (&x), y_rank = rank (&y);
  if (x_rank != y_rank)
    return x_rank < y_rank ? -1 : 1;
  if (x.kind != FINITE)
    return 0;
  int order = compare_magnitude (&x, &y);
  return x.negative ? -order : order;
}
