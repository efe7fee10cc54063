/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a statement written by hand does: begins or ends a transaction behind its guard's back; changes rows or tables. */
#pragma once

#include <corm/sys/driver.h>

/* BEGIN, COMMIT, ROLLBACK and the like; savepoints are none. */
gboolean corm_control_is_transaction (const CormDialect *dialect, const char *sql);
/* It may change something that stays, as far as its words tell: not what a function does that a SELECT calls. */
gboolean corm_control_writes (const CormDialect *dialect, const char *sql);
