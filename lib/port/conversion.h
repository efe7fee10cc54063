/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is done to a value of the source before the target's column takes it. Invariant: each can be undone, but those that
 * only a mapping file asks for (trim, empty-to-null). */
#pragma once

#include <corm/value.h>

/* Those of time read numbers, also numbers as text; text in ISO form stays what it is. JULIAN beside one of the others takes
 * the numbers with a fraction. */
typedef enum {
  CORM_CONVERSION_SECONDS = 1 << 0,      /* since 1970 */
  CORM_CONVERSION_MILLISECONDS = 1 << 1, /* likewise */
  CORM_CONVERSION_MICROSECONDS = 1 << 2, /* likewise */
  CORM_CONVERSION_JULIAN = 1 << 3,       /* days, as SQLite's julianday() counts them */
  CORM_CONVERSION_TRIM = 1 << 4,         /* blanks off both ends of a text */
  CORM_CONVERSION_EMPTY = 1 << 5,        /* an empty text is NULL */
  CORM_CONVERSION_TEXT = 1 << 6,         /* its canonical text: bytes in hexadecimal */
} CormConversion;

#define CORM_CONVERSION_TIMES \
  (CORM_CONVERSION_SECONDS | CORM_CONVERSION_MILLISECONDS | CORM_CONVERSION_MICROSECONDS | \
   CORM_CONVERSION_JULIAN)

/* "trim, empty-to-null"; FALSE when it is none. */
gboolean corm_conversion_parse (const char *text, guint *conversion);
/* Back; NULL: none. Free with g_free(). */
char *corm_conversion_name (guint conversion);
/* @to borrows from @from, or for TEXT from @scratch. A time comes as a local timestamp. Errors: CONVERSION. */
gboolean corm_conversion_apply (guint conversion, const CormValue *from, GString *scratch, CormValue *to,
                                GError **error);
