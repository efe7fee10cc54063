/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a CormQuery holds, for the floor that runs it. */
#pragma once

#include "query/select.h"

/* @query as a CormSelect over @mapping, which borrows from it. Errors: INVALID, the first fault of its making. */
gboolean corm_query_get_select (CormQuery *query, CormSelectKind kind, const CormMapping *mapping,
                                CormSelect *select, GError **error);
const CormModel *corm_query_get_model (const CormQuery *query);
/* Slots ended by G_MAXSIZE, as CORM_WITH makes them; NULL: none. */
const gsize *corm_query_get_with (const CormQuery *query);
