/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* UPDATE and DELETE … RETURNING where the database has none: the rows are locked, changed by their keys, and read, in one
 * transaction (or savepoint). */
#pragma once

#include "store/rows.h"

#include <corm/query.h>

/* Errors: UNSUPPORTED, when @sets changes the primary key, by which the rows are found again. */
CormRows *corm_changed_update (CormQuery *query, CormConnection *conn, const CormSet *sets, GError **error);
/* The rows as they were. */
CormRows *corm_changed_delete (CormQuery *query, CormConnection *conn, GError **error);
