/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the rows of the database say. */
#pragma once

#include "lint/rule.h"

/* Rows of the table that an action is about, at most @limit + 1; -1: not known. */
gint64 corm_lint_count_rows (CormLint *lint, const CormLintAction *action, guint limit);
