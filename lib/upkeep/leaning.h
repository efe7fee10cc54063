/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows that point to those that are to be deleted. */
#pragma once

#include "upkeep/look.h"

/* A delete could take along, or change, rows that nobody named: FALSE, with how many of which tables, when some point to the
 * rows of @table that meet @condition. Errors: FOREIGN_KEY. */
gboolean corm_check_nothing_leans (const CormLook *look, const CormTable *table, const char *condition,
                                   GError **error);
