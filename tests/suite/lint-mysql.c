/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The harm of each rule on MariaDB. */
#include "lint.h"

static const LintHarm harms[] = {
  { NULL, NULL, NULL, NULL },
};

const LintHarm *const lint_mysql = harms;
