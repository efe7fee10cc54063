/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Integer columns as wide as what they hold: SQLite keeps 64 bits whatever the declared type says. */
#pragma once

#include "engine/connection.h"

/* Looks at the least and the greatest value of each narrow integer column of @source, one query a table, and makes the
 * column of @target 64 bits wide where they do not fit. */
gboolean corm_widen_integers (CormConnection *conn, const CormSchema *source, CormSchema *target,
                              GError **error);
