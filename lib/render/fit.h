/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A schema made to fit a dialect, so that every part of it can be rendered. */
#pragma once

#include <corm/sys/driver.h>

/* A copy of @schema for @dialect. From another dialect's schema its own words are taken out: names of types and
 * collations go, simple expressions are said again, others are left out. Where labels need a check it is there; an index
 * that only makes things faster is as plain as the dialect needs it. Views and triggers stay only in their own
 * dialect. @notes (nullable): a line for each thing left out. Errors: SCHEMA, a part that lacks what it needs. */
CormSchema *corm_schema_fit (const CormSchema *schema, const CormDialect *dialect, GPtrArray *notes,
                             GError **error);
