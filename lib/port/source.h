/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reading one table's rows, streamed, for a port or a comparison. */
#pragma once

#include "engine/statement.h"
#include "port/tables.h"

/* The columns of one side of @pair. @by_key: in the order of the primary key, texts by their bytes. */
CormStatement *corm_source_open (CormConnection *conn, const CormPair *pair, gboolean of_target,
                                 gboolean by_key, GError **error);
gboolean corm_source_count (CormConnection *conn, const CormTable *table, guint64 *count, GError **error);
