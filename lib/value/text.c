/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Numbers to text and back, whatever the locale. A short decimal is read without the C library: up to 15 digits and
 * a power of ten up to 22 are exact in a double, so one multiplication or division rounds correctly (W. Clinger,
 * "How to Read Floating Point Numbers Accurately", 1990). */
#include "value/text.h"

#include <math.h>
#include <string.h>

gsize
corm_text_from_int (gint64 i, char *buffer)
{
  char digits[20];
  guint64 n = i < 0 ? -(guint64) i : (guint64) i;
  gsize count = 0, size = 0;
  do {
    digits[count++] = (char) ('0' + n % 10);
    n /= 10;
  } while (n > 0);
  if (i < 0)
    buffer[size++] = '-';
  while (count > 0)
    buffer[size++] = digits[--count];
  buffer[size] = '\0';
  return size;
}

gboolean
corm_text_to_int (const char *text, gsize size, gint64 *i)
{
  const char *end = text + size;
  gboolean negative = size > 0 && *text == '-';
  if (size > 0 && (*text == '-' || *text == '+'))
    text++;
  if (text == end)
    return FALSE;
  guint64 limit = (guint64) G_MAXINT64 + negative, n = 0;
  for (; text < end; text++) {
    guint digit = (guint) (guchar) *text - '0';
    if (digit > 9 || n > (limit - digit) / 10)
      return FALSE;
    n = n * 10 + digit;
  }
  *i = negative ? (gint64) -n : (gint64) n;
  return TRUE;
}

static gsize
put (const char *word, char *buffer)
{
  gsize size = strlen (word);
  memcpy (buffer, word, size + 1);
  return size;
}

/* "1e+300" -> "1e300", "1e-07" -> "1e-7", "2" -> "2.0". */
static gsize
tidy (char *text)
{
  char *e = strchr (text, 'e');
  if (e == NULL) {
    gsize size = strlen (text);
    if (strchr (text, '.') == NULL)
      size += put (".0", text + size);
    return size;
  }
  char *to = e + 1, *from = e + 1;
  if (*from == '-')
    to++;
  from += *from == '-' || *from == '+';
  while (*from == '0' && from[1] != '\0')
    from++;
  memmove (to, from, strlen (from) + 1);
  return strlen (text);
}

static gsize
put_special (double d, char *buffer)
{
  if (isnan (d))
    return put ("NaN", buffer);
  return put (d < 0 ? "-Infinity" : "Infinity", buffer);
}

/* @whole × 10^-@decimals, at least one digit before the point. */
static gsize
put_fixed (gboolean negative, guint64 whole, int decimals, char *buffer)
{
  char reversed[24];
  int n = 0;
  gsize size = 0;
  for (int digit = 0; whole > 0 || digit <= decimals; digit++, whole /= 10) {
    if (digit == decimals)
      reversed[n++] = '.';
    reversed[n++] = (char) ('0' + whole % 10);
  }
  if (negative)
    buffer[size++] = '-';
  while (n > 0)
    buffer[size++] = reversed[--n];
  buffer[size] = '\0';
  return size;
}

/* Up to six decimals and 15 digits: d × 10^k is whole and, divided again (which rounds correctly), gives d. No other
 * decimal of 15 digits then reads as d. 0: not of this kind. */
static gsize
put_few_decimals (double d, char *buffer)
{
  double magnitude = fabs (d), power = 10;
  if (!(magnitude >= 1e-4 && magnitude < 1e15))
    return 0;
  for (int k = 1; k <= 6; k++, power *= 10) {
    double whole = magnitude * power;
    if (whole >= 1e15)
      return 0;
    if (whole == (double) (gint64) whole && whole / power == magnitude)
      return put_fixed (d < 0, (guint64) whole, k, buffer);
  }
  return 0;
}

gsize
corm_text_from_double (double d, char *buffer)
{
  if (!isfinite (d))
    return put_special (d, buffer);
  if (fabs (d) < 1e15 && d == (double) (gint64) d && (d != 0 || !signbit (d))) {
    gsize size = corm_text_from_int ((gint64) d, buffer);
    return size + put (".0", buffer + size);
  }
  gsize few = put_few_decimals (d, buffer);
  if (few > 0)
    return few;
  /* Every decimal of 15 digits survives a normal double; a subnormal one holds fewer. */
  for (int digits = fabs (d) < G_MINDOUBLE ? 1 : 15; digits <= 17; digits++) {
    char format[] = "%.00g";
    format[2] = (char) ('0' + digits / 10);
    format[3] = (char) ('0' + digits % 10);
    g_ascii_formatd (buffer, CORM_TEXT_MAX, format, d);
    if (g_ascii_strtod (buffer, NULL) == d)
      break;
  }
  return tidy (buffer);
}

gsize
corm_text_from_float (float f, char *buffer)
{
  if (!isfinite (f))
    return put_special ((double) f, buffer);
  for (int digits = fabsf (f) < G_MINFLOAT ? 1 : 6; digits <= 9; digits++) {
    char format[] = "%.0g";
    format[2] = (char) ('0' + digits);
    g_ascii_formatd (buffer, CORM_TEXT_MAX, format, (double) f);
    if ((float) g_ascii_strtod (buffer, NULL) == f)
      break;
  }
  return tidy (buffer);
}

/* --- reading a double --- */

typedef struct {
  guint64 digits; /* of the first 18 */
  int n_digits;   /* significant ones, in all */
  int exponent;   /* of ten */
  gboolean negative;
  gboolean is_zero;
} Number;

static const char *
scan_digits (const char *at, const char *end, Number *number, gboolean fraction)
{
  for (; at < end && g_ascii_isdigit (*at); at++) {
    number->is_zero &= *at == '0';
    if (number->is_zero) {
      number->exponent -= fraction;
      continue;
    }
    if (number->n_digits < 18) {
      number->digits = number->digits * 10 + (guint) (*at - '0');
      number->exponent -= fraction;
    } else
      number->exponent += !fraction;
    number->n_digits++;
  }
  return at;
}

static const char *
scan_exponent (const char *at, const char *end, Number *number)
{
  if (at == end || (*at != 'e' && *at != 'E'))
    return at;
  at++;
  gboolean negative = at < end && *at == '-';
  if (at < end && (*at == '-' || *at == '+'))
    at++;
  const char *start = at;
  int exponent = 0;
  for (; at < end && g_ascii_isdigit (*at); at++)
    if (exponent < 100000)
      exponent = exponent * 10 + (*at - '0');
  number->exponent += negative ? -exponent : exponent;
  return at > start ? at : NULL;
}

/* The grammar of SQL: digits, point, exponent. No spaces, no hexadecimal. */
static gboolean
scan_number (const char *text, gsize size, Number *number)
{
  const char *at = text, *end = text + size;
  if (at < end && (*at == '-' || *at == '+'))
    number->negative = *at++ == '-';
  const char *start = at;
  at = scan_digits (at, end, number, FALSE);
  gssize n = at - start;
  if (at < end && *at == '.') {
    start = ++at;
    at = scan_digits (at, end, number, TRUE);
    n += at - start;
  }
  if (n == 0)
    return FALSE;
  return scan_exponent (at, end, number) == end;
}

static gboolean
to_special (const char *text, gsize size, double *d)
{
  gboolean negative = size > 0 && *text == '-';
  if (size > 0 && (*text == '-' || *text == '+')) {
    text++;
    size--;
  }
  if ((size == 3 && g_ascii_strncasecmp (text, "inf", 3) == 0) ||
      (size == 8 && g_ascii_strncasecmp (text, "infinity", 8) == 0)) {
    *d = negative ? -INFINITY : INFINITY;
    return TRUE;
  }
  *d = NAN;
  return size == 3 && g_ascii_strncasecmp (text, "nan", 3) == 0;
}

static double
by_library (const char *text, gsize size)
{
  char buffer[64];
  if (size >= sizeof buffer) {
    g_autofree char *copy = g_strndup (text, size);
    return g_ascii_strtod (copy, NULL);
  }
  memcpy (buffer, text, size);
  buffer[size] = '\0';
  return g_ascii_strtod (buffer, NULL);
}

gboolean
corm_text_to_double (const char *text, gsize size, double *d)
{
  static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  Number number = { .is_zero = TRUE };
  if (!scan_number (text, size, &number))
    return to_special (text, size, d);
  if (number.is_zero) {
    *d = number.negative ? -0.0 : 0.0;
    return TRUE;
  }
  if (number.n_digits <= 15 && ABS (number.exponent) <= 22) {
    double exact = (double) number.digits;
    exact = number.exponent < 0 ? exact / powers[-number.exponent] : exact * powers[number.exponent];
    *d = number.negative ? -exact : exact;
    return TRUE;
  }
  *d = by_library (text, size);
  return isfinite (*d) && *d != 0; /* too large, too small */
}
