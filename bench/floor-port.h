/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The port by hand. */
#pragma once

#include "bench.h"

/* The tables of bench/port.c from the SQLite file @source into the database @target: CREATE TABLE, one COPY BINARY a table,
 * three indexes, the foreign key, ANALYZE. */
void bench_port_by_hand (const char *source, const char *target);
