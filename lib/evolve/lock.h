/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One migrator at a time. */
#pragma once

#include <corm/sys/driver.h>

#define CORM_LOCK_WAIT_MS 60000

/* Waits for the migrator's lock of @conn's database. Where the dialect has none, it is the write lock of the transaction
 * that corm_lock_is_transaction() then asks for. Errors: BUSY. */
gboolean corm_lock_take (CormConnection *conn, GError **error);
void corm_lock_release (CormConnection *conn);
gboolean corm_lock_is_transaction (CormConnection *conn);
