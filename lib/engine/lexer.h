/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where SQL text is not code: quotes and comments, as a dialect has them. */
#pragma once

#include <corm/sys/driver.h>

/* Behind the quoted text or the comment that starts at @p (an unended one ends with the text), or @p itself when
 * neither starts there. */
const char *corm_lexer_skip (const CormDialect *dialect, const char *p);
