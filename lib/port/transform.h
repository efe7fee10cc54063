/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A source's schema as the target can have it. */
#pragma once

#include "port/names.h"

#include <corm/port.h>
#include <corm/sys/driver.h>

/* The chosen tables of @source for a database of @target's dialect. What can't come along is said in @not_moved (char *), what
 * is called otherwise there in @notes.
 * Between equal dialects everything keeps its words. Types and defaults are as declared: see choose.h and defaults.h. */
CormSchema *corm_transform_schema (const CormSchema *source, const CormDialect *from,
                                   const CormDialect *target, const CormNames *names, const char *globs,
                                   GPtrArray *not_moved, GPtrArray *notes);
