/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The statements of one operation beside the work of others. */
#pragma once

#include "engine/lock.h"

#include <corm/migrate.h>

/* Runs them, under the migrator's @lock; each is a transaction of its own, or all of them are one where they may be. @wait_ms:
 * how long one waits for a lock before it lets others pass; 0: as the dialect says. */
gboolean corm_gentle_run (CormConnection *conn, CormMigratorLock *lock, guint wait_ms, const CormOp *op,
                          GError **error);
/* What the connection was told about locks is over. */
void corm_gentle_end (CormConnection *conn);
