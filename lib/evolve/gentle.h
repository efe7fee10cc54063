/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The statements of a step beside the work of others. */
#pragma once

#include "engine/lock.h"

#include <corm/migrate.h>

/* Runs the statements of @n operations, under the migrator's @lock: all of them are one transaction where they may be, else
 * each is. @wait_ms: how long one waits for a lock before it lets others pass; 0: as the dialect says. */
gboolean corm_gentle_run (CormConnection *conn, CormMigratorLock *lock, guint wait_ms,
                          const CormOp *const *ops, guint n, GError **error);
/* What the connection was told about locks is over. */
void corm_gentle_end (CormConnection *conn);
