/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What parse and convert share: the checks of text against a type, and their errors. A check returns NULL, or the
 * reason as it goes into the message. */
#pragma once

#include <corm/value.h>

/* "'…' cannot be int16: REASON", code CONVERSION; FALSE. */
gboolean corm_value_refuse (GError **error, const CormValue *from, const CormSqlType *type,
                            const char *reason);
/* UTF-8 without NUL, not longer than type->length characters. */
const char *corm_check_text (const char *text, gsize size, const CormSqlType *type);
const char *corm_check_decimal (const char *text, gsize size, const CormSqlType *type);
const char *corm_check_int (gint64 i, CormType type);
