/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rows of a foreign key that point to no row: one condition for the look and for the mend. */
#pragma once

#include "upkeep/look.h"

/* Over @table by its own name. FALSE: the key points elsewhere, and the database sees to it. */
gboolean corm_orphans_condition (const CormLook *look, const CormTable *table, const CormForeignKey *key,
                                 GString *condition);
/* The foreign keys of @table as it is, and those that are wanted beside them; borrowed. */
GPtrArray *corm_orphans_keys (const CormLook *look, const CormTable *table);
