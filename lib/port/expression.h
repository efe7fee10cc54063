/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An expression over one table, from the words of one database to those of another. */
#pragma once

#include "port/names.h"

#include <corm/schema.h>
#include <corm/sys/driver.h>

/* @sql with names as the target quotes them. NULL where it would mean something else there (what the target's dialect says
 * of it), or, with @exact, might: then only what all databases compute alike is taken over. What comes out may still be
 * foreign to the target, which then says so. Free with g_free(). */
char *corm_expression_translate (const char *sql, const CormDialect *from, const CormDialect *to,
                                 const CormTable *table, gboolean exact);
/* The same where columns have other names in the target. */
char *corm_expression_translate_named (const char *sql, const CormDialect *from, const CormDialect *to,
                                       const CormTable *table, const CormNames *names, gboolean exact);
/* Whether all that @sql (of @dialect) names are columns of @table that hold integers of 64 bits or floats, so that any
 * database computes the same. */
gboolean corm_expression_is_arithmetic (const char *sql, const CormDialect *dialect, const CormTable *table);
