/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Names that Corm makes up for constraints. */
#pragma once

#include <glib.h>

#define CORM_NAME_MAX 63 /* bytes of an identifier that every database takes */

/* "PREFIX_TABLE_REST"; over 63 bytes it is cut and ends in a hash of the whole, so that it stays the same from run to
 * run and different from its neighbours. Free with g_free(). */
char *corm_name_make (const char *prefix, const char *table, const char *rest);
