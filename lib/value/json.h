/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* JSON as a value's text (RFC 8259): is it well-formed, and its canonical form. */
#pragma once

#include <glib.h>

/* FALSE with *@reason, a constant, and *@at, the byte where reading stopped. */
gboolean corm_json_check (const char *text, gsize size, const char **reason, gsize *at);
/* Without spaces, members sorted by the bytes of their names (of two with one name the last stands), numbers as
 * canonical decimals, strings with the fewest escapes: what is left of two texts of the same value in two databases.
 * Text that is no JSON is appended as it is. */
void corm_json_append_canonical (const char *text, gsize size, GString *out);
