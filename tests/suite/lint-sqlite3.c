/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The harm of each rule on SQLite. */
#include "lint.h"

static const LintHarm harms[] = {
  { NULL, NULL, NULL, NULL },
};

const LintHarm *const lint_sqlite3 = harms;
