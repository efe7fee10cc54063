/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Exact arithmetic of decimal numbers, which SQLite lacks. A number is a row of decimal digits and how many of them stand
 * behind the point. Each call that could need more digits than there is room for returns FALSE instead. */
#pragma once

#include <corm/sys/driver.h>

enum { CORM_NUMBER_DIGITS = 480 };

typedef struct {
  gboolean negative;
  guint n;     /* digits, the most significant first, which is not 0; none: zero */
  guint scale; /* of them behind the point; may be more than n */
  guint8 digits[CORM_NUMBER_DIGITS];
} CormNumber;

/* Text as people and databases write it, with an exponent too; no NaN, no infinity. */
gboolean corm_number_parse (const char *text, gsize size, CormNumber *number);
/* Canonical: as corm_decimal_append_canonical(). Returns the size; @text has room for CORM_NUMBER_DIGITS * 2 + 4. */
gsize corm_number_print (const CormNumber *number, char *text);

gboolean corm_number_add (const CormNumber *a, const CormNumber *b, CormNumber *sum);
gboolean corm_number_multiply (const CormNumber *a, const CormNumber *b, CormNumber *product);
/* To @scale digits behind the point, halves away from zero. @b is not zero. */
gboolean corm_number_divide (const CormNumber *a, const CormNumber *b, guint scale, CormNumber *quotient);
/* What is left of @a, with its sign. @b is not zero. */
gboolean corm_number_modulo (const CormNumber *a, const CormNumber *b, CormNumber *rest);

typedef enum { CORM_ROUND_HALF_AWAY, CORM_ROUND_CUT, CORM_ROUND_DOWN, CORM_ROUND_UP } CormRounding;
/* To @scale digits behind the point; a negative one rounds to tens. */
gboolean corm_number_round (const CormNumber *a, int scale, CormRounding rounding, CormNumber *rounded);
