/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Do the rows that are there bear the changes? */
#pragma once

#include "schema/diff.h"

/* Changes of @live. Looks before anything is changed, so that the error can name the row, and so that a database without transactional
 * DDL is not left half way. Errors: NOT_NULL, UNIQUE, FOREIGN_KEY, CHECK. */
gboolean corm_data_check (CormConnection *conn, const CormSchema *live, const GPtrArray *changes,
                          GError **error);
