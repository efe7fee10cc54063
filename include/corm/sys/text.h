/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Text forms of values, written into fixed buffers: what drivers and converters share. Every form is canonical:
 * reading it gives the same value, and the same value gives the same text. */
#pragma once

#include <corm/value.h>

G_BEGIN_DECLS

#define CORM_TEXT_MAX 64 /* bytes that any of these needs, with its NUL */
/* Days from 1970-01-01. */
#define CORM_FIRST_DAY (-719162) /* 0001-01-01 */
#define CORM_LAST_DAY 2932896    /* 9999-12-31 */

/* Each returns the length. "2026-01-02", "03:04:05.678901", "2026-01-02 03:04:05.678901" ('T' and "Z" are the
 * caller's: @separator, and @zone appended when not NULL). Fractions lose trailing zeros, and the point with them. */
CORM_PUBLIC gsize corm_text_from_date (CormDate date, char *buffer);
CORM_PUBLIC gsize corm_text_from_time (CormTime time, char *buffer);
CORM_PUBLIC gsize corm_text_from_timestamp (gint64 us, char separator, const char *zone, char *buffer);
CORM_PUBLIC gsize corm_text_from_int (gint64 i, char *buffer);
/* The shortest decimal that reads back as the same float, always with a point or an exponent: "2.0", "0.1", "1e300",
 * "1e-7", "-0.0", "NaN", "Infinity". No plus and no leading zero in the exponent, which stands where C's %g puts one:
 * below 1e-4, and from ten to the power of the digits shown (1e15 for a double of up to 15 digits). */
CORM_PUBLIC gsize corm_text_from_double (double d, char *buffer);
CORM_PUBLIC gsize corm_text_from_float (float f, char *buffer);
CORM_PUBLIC gsize corm_text_from_uuid (const CormUuid *uuid, char *buffer);

CORM_PUBLIC gboolean corm_text_to_date (const char *text, gsize size, CormDate *date);
CORM_PUBLIC gboolean corm_text_to_time (const char *text, gsize size, CormTime *time);
/* Date alone, ' ' or 'T', seconds optional, up to 6 fraction digits (more only when zero), "Z", "+hh", "+hh:mm",
 * "+hhmm"; @had_zone says whether a zone stood there (the result is then UTC). */
CORM_PUBLIC gboolean corm_text_to_timestamp (const char *text, gsize size, gint64 *us, gboolean *had_zone);
CORM_PUBLIC gboolean corm_text_to_int (const char *text, gsize size, gint64 *i);
/* The nearest double; the words "NaN", "inf", "Infinity" in any case. FALSE beyond the range: "1e400", "1e-400". */
CORM_PUBLIC gboolean corm_text_to_double (const char *text, gsize size, double *d);
CORM_PUBLIC gboolean corm_text_to_uuid (const char *text, gsize size, CormUuid *uuid);

/* Decimal text: sign, digits, point, digits, exponent allowed on input. Canonical: no plus, no leading zeros, no
 * exponent, -0 is 0, zeros at the end of the fraction dropped down to @scale digits. PostgreSQL's numeric also has
 * "NaN", "Infinity" and "-Infinity", whose canonical form is this. FALSE when it is no decimal. */
CORM_PUBLIC gboolean corm_decimal_append_canonical (const char *text, gsize size, guint scale, GString *out);
/* TRUE when it fits precision and scale without rounding (precision 0: any). @text as typed. NaN fits all, an infinity
 * only precision 0. */
CORM_PUBLIC gboolean corm_decimal_fits (const char *text, gsize size, guint precision, guint scale);
/* Numeric order of two decimal texts, as PostgreSQL's: -Infinity first, then Infinity, NaN last and equal to itself. */
CORM_PUBLIC int corm_decimal_compare (const char *a, gsize a_size, const char *b, gsize b_size);

G_END_DECLS
