/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Statements written by hand that would begin or end a transaction behind its guard's back. */
#pragma once

#include <corm/sys/driver.h>

/* BEGIN, COMMIT, ROLLBACK and the like; savepoints are none. */
gboolean corm_control_is_transaction (const CormDialect *dialect, const char *sql);
