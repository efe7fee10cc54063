/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The catalogue's texts, made independent of where a thing lies. No libpq here: the generic driver uses it too. */
#pragma once

#include <glib.h>

/* @sql without "pg_temp.", "pg_temp_3." and "SCHEMA." (@schema as it is quoted, or NULL) before names, so that a
 * scratch place and the schema read alike. What stands in quotes is kept. Takes @sql and returns it; NULL stays NULL. */
char *corm_pgsql_words_strip_schema (char *sql, const char *schema);
/* @sql without the parentheses around all of it. Takes @sql and returns it. */
char *corm_pgsql_words_unwrap (char *sql);
