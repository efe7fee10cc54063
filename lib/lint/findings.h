/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rules against actions. */
#pragma once

#include "lint/rule.h"

/* CormFinding in the order of the statements. */
GPtrArray *corm_lint_findings (CormLint *lint, const CormLintOptions *options);
