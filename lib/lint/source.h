/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A script as the statements that lint looks at. */
#pragma once

#include "lint/rule.h"

/* CormLintStatement in order, with their lines and the rules that a comment in front of each turns off; only the up part
 * of a migration. Where a line says "-- corm:no-transaction", that is noted in @lint. Errors: SYNTAX, INVALID, UNSUPPORTED. */
GPtrArray *corm_lint_source_read (CormLint *lint, const char *script, GError **error);
