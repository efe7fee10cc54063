/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An SQL script as a list of statements. */
#pragma once

#include <corm/sys/driver.h>

/* The statements (char *) of @script in order, without the semicolon, blanks and comments around them. Quotes and
 * comments as @dialect has them; the body of a trigger or routine, BEGIN … END, is not split; a line "DELIMITER //", as
 * MariaDB's client writes it, sets the end of what follows. */
GPtrArray *corm_script_split (const CormDialect *dialect, const char *script);
