/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What an SQL file says of the way to it, in comments that databases pass over. */
#pragma once

#include <corm/sys/driver.h>

/* Sets was and convert of @schema, which @script made, by its comments "-- corm:was old_name" and "-- corm:convert EXPR":
 * behind a column's line, or alone in front of it; those of a table likewise at the line of its CREATE TABLE.
 * Errors: INVALID, with the line, for one that belongs to nothing. */
gboolean corm_marks_read (const CormDialect *dialect, const char *script, CormSchema *schema, GError **error);
