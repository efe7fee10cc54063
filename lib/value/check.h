/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What parse and convert share: the checks of text against a type, and their errors. A check returns NULL, or the
 * reason as it goes into the message. */
#pragma once

#include <corm/value.h>

/* The types whose values borrow bytes. */
static inline gboolean
corm_type_is_integer (CormType type)
{
  return type == CORM_TYPE_INT16 || type == CORM_TYPE_INT32 || type == CORM_TYPE_INT64;
}

static inline gboolean
corm_type_has_data (CormType type)
{
  return type == CORM_TYPE_TEXT || type == CORM_TYPE_BYTES || type == CORM_TYPE_DECIMAL ||
         type == CORM_TYPE_JSON || type == CORM_TYPE_ENUM || type == CORM_TYPE_RAW;
}

/* "'…' cannot be int16: REASON", code CONVERSION; FALSE. */
gboolean corm_value_refuse (GError **error, const CormValue *from, const CormSqlType *type,
                            const char *reason);
/* UTF-8 without NUL, not longer than type->length characters. */
const char *corm_check_text (const char *text, gsize size, const CormSqlType *type);
const char *corm_check_decimal (const char *text, gsize size, const CormSqlType *type);
const char *corm_check_int (gint64 i, CormType type);
/* Rounds *@d to the nearest value of @type; a reason where that is infinity or 0 and *@d is not. */
const char *corm_check_float (double *d, CormType type);
/* Days of a date, µs of a time or a timestamp. */
const char *corm_check_time (gint64 i, CormType type);
