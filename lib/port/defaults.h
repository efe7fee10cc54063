/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A column's default in the target's words. */
#pragma once

#include "port/tables.h"

#include <corm/sys/driver.h>

/* Sets the defaults of the target's columns of @pair, whose types and conversions have been chosen. One that can't be said,
 * or does not fit its column, is told in @not_moved (char *). */
void corm_port_set_defaults (const CormPair *pair, const CormDialect *source, const CormDialect *target,
                             GPtrArray *not_moved);
/* Between equal dialects they are there already; but a date of zeros, which a strict server takes from nobody, is told. */
void corm_port_keep_defaults (const CormPair *pair, const CormDialect *target, GPtrArray *not_moved);
