/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* All that is wrong with a row, before any SQL is sent. */
#pragma once

#include "store/stamp.h"

/* Reads @fields of @row as a write with @stamp does. One error names every fault: of one code, that, else CHECK. */
gboolean corm_row_check (const CormStamp *stamp, const CormMapping *mapping, const guint *fields,
                         guint n_fields, gconstpointer row, GError **error);
