/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Shared by the two directions of a field. */
#pragma once

#include "model/mapping.h"

#include <corm/error.h>

#define CORM_DAY_US G_GINT64_CONSTANT (86400000000)
/* Days of 0001-01-01 and 9999-12-31. */
#define CORM_DATE_LEAST G_GINT64_CONSTANT (-719162)
#define CORM_DATE_GREATEST G_GINT64_CONSTANT (2932896)

/* Sets "column TABLE.COLUMN: REASON"; always FALSE. */
gboolean corm_field_fail (const CormMapping *mapping, const CormField *field, GError **error, CormError code,
                          const char *format, ...) G_GNUC_PRINTF (5, 6);

/* The number of a label, -1 when there is none. */
int corm_field_find_label (const CormField *field, const char *text, gsize size);
