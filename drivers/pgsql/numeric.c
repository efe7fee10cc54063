/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Decimal text to and from the binary form of numeric (numeric_send in PostgreSQL's numeric.c): four 16-bit words,
 * number of groups, weight of the first, sign, digits behind the point, then groups of four decimal digits. Nothing
 * is rounded: every digit that goes in, trailing zeros behind the point too, comes out. */
#include "pgsql.h"

#include <string.h>

enum {
  SIGN_POSITIVE = 0x0000,
  SIGN_NEGATIVE = 0x4000,
  SIGN_NAN = 0xC000,
  SIGN_INFINITY = 0xD000,
  SIGN_MINUS_INFINITY = 0xF000,
  MAX_BEFORE_POINT = 131072,
  MAX_BEHIND_POINT = 16383,
};

static const char too_long[] =
    "more digits than numeric has room for (131072 before the point, 16383 behind)";
static const char no_decimal[] = "not a decimal number";

/* The digits of a number without its sign and leading zeros: @before from @digits on, @behind after a gap for the
 * point. */
typedef struct {
  const char *before, *behind;
  gsize n_before, n_behind;
} Digits;

static void
put16 (GString *out, guint value)
{
  char bytes[2] = { (char) (value >> 8), (char) value };
  g_string_append_len (out, bytes, 2);
}

static void
put_header (GString *out, int n_groups, int weight, guint sign, guint scale)
{
  put16 (out, n_groups);
  put16 (out, (guint) weight & 0xffff);
  put16 (out, sign);
  put16 (out, scale);
}

/* The digit at @position, counted from the point to the right; 0 outside. */
static int
digit_at (const Digits *digits, gssize position)
{
  if (position < 0)
    return position < -(gssize) digits->n_before ? 0 : digits->before[digits->n_before + position] - '0';
  return position < (gssize) digits->n_behind ? digits->behind[position] - '0' : 0;
}

static int
group_at (const Digits *digits, gssize weight)
{
  gssize p = -4 * (weight + 1);
  return digit_at (digits, p) * 1000 + digit_at (digits, p + 1) * 100 + digit_at (digits, p + 2) * 10 +
         digit_at (digits, p + 3);
}

static void
put_digits (const Digits *digits, gboolean negative, GString *out)
{
  gssize first = (gssize) (digits->n_before + 3) / 4 - 1, last = -(gssize) (digits->n_behind + 3) / 4;
  while (first >= last && group_at (digits, first) == 0)
    first--;
  while (last <= first && group_at (digits, last) == 0)
    last++;
  if (first < last) {
    put_header (out, 0, 0, SIGN_POSITIVE, digits->n_behind);
    return;
  }
  put_header (out, first - last + 1, first, negative ? SIGN_NEGATIVE : SIGN_POSITIVE, digits->n_behind);
  for (gssize weight = first; weight >= last; weight--)
    put16 (out, group_at (digits, weight));
}

static gsize
count_digits (const char *p, const char *end)
{
  const char *start = p;
  while (p < end && g_ascii_isdigit (*p))
    p++;
  return p - start;
}

/* Not a number and the infinities, as the server and the library write them. */
static gboolean
put_special (const char *text, gsize size, GString *out)
{
  static const struct {
    const char *name;
    guint sign;
  } specials[] = { { "nan", SIGN_NAN },
                   { "infinity", SIGN_INFINITY },
                   { "inf", SIGN_INFINITY },
                   { "-infinity", SIGN_MINUS_INFINITY },
                   { "-inf", SIGN_MINUS_INFINITY } };
  for (guint i = 0; i < G_N_ELEMENTS (specials); i++) {
    if (strlen (specials[i].name) == size && g_ascii_strncasecmp (specials[i].name, text, size) == 0) {
      put_header (out, 0, 0, specials[i].sign, 0);
      return TRUE;
    }
  }
  return FALSE;
}

static const char *
put_with_exponent (const char *text, gsize size, GString *out)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  if (!corm_decimal_append_canonical (text, size, 0, plain))
    return no_decimal;
  if (memchr (plain->str, 'e', plain->len) != NULL || memchr (plain->str, 'E', plain->len) != NULL)
    return too_long;
  return corm_pgsql_numeric_encode (plain->str, plain->len, out);
}

const char *
corm_pgsql_numeric_encode (const char *text, gsize size, GString *out)
{
  const char *p = text, *end = text + size;
  Digits digits = { 0 };
  gboolean negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  digits.before = p;
  p += digits.n_before = count_digits (p, end);
  if (p < end && *p == '.') {
    digits.behind = ++p;
    p += digits.n_behind = count_digits (p, end);
  }
  if (p < end && (*p == 'e' || *p == 'E'))
    return put_with_exponent (text, size, out);
  if (p < end || digits.n_before + digits.n_behind == 0)
    return put_special (text, size, out) ? NULL : no_decimal;
  for (; digits.n_before > 0 && *digits.before == '0'; digits.n_before--)
    digits.before++;
  if (digits.n_before > MAX_BEFORE_POINT || digits.n_behind > MAX_BEHIND_POINT)
    return too_long;
  put_digits (&digits, negative, out);
  return NULL;
}

static guint
get16 (const char *p)
{
  return (guint) (guint8) p[0] << 8 | (guint8) p[1];
}

static const char *
append_special (guint sign, GString *out)
{
  g_string_append (out, sign == SIGN_NAN ? "NaN" : sign == SIGN_INFINITY ? "Infinity" : "-Infinity");
  return NULL;
}

static void
append_group (GString *out, guint group)
{
  char digits[4] = { (char) ('0' + group / 1000), (char) ('0' + group / 100 % 10),
                     (char) ('0' + group / 10 % 10), (char) ('0' + group % 10) };
  g_string_append_len (out, digits, 4);
}

const char *
corm_pgsql_numeric_decode (const char *data, int size, GString *out)
{
  if (size < 8 || size != 8 + 2 * (int) get16 (data))
    return "a malformed numeric";
  int n_groups = get16 (data), weight = (gint16) get16 (data + 2);
  guint sign = get16 (data + 4), scale = get16 (data + 6);
  if (sign >= SIGN_NAN)
    return append_special (sign, out);
  if (sign == SIGN_NEGATIVE)
    g_string_append_c (out, '-');

  gsize start = out->len;
  for (int w = weight; w >= 0; w--)
    append_group (out, weight - w < n_groups ? get16 (data + 8 + 2 * (weight - w)) : 0);
  gsize zeros = 0;
  while (zeros < out->len - start && out->str[start + zeros] == '0')
    zeros++;
  g_string_erase (out, start, zeros);
  if (out->len == start)
    g_string_append_c (out, '0');
  if (scale == 0)
    return NULL;

  g_string_append_c (out, '.');
  start = out->len;
  for (int w = -1; out->len - start < scale; w--)
    append_group (out, w <= weight && weight - w < n_groups ? get16 (data + 8 + 2 * (weight - w)) : 0);
  g_string_truncate (out, start + scale);
  return NULL;
}
