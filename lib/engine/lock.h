/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One migrator at a time. */
#pragma once

#include <corm/sys/driver.h>

#define CORM_LOCK_WAIT_MS 60000

typedef struct _CormLock CormMigratorLock;

/* Waits for the migrator's lock of @conn's database (PostgreSQL: of its current schema), @wait_ms at most, 0:
 * CORM_LOCK_WAIT_MS. After a second it says who has it, in a message. Statements that a killed holder has left running
 * are ended. On a connection that holds it already it is held once more. @conn may be in no transaction; it outlives the
 * lock. Errors: BUSY. */
CormMigratorLock *corm_lock_take (CormConnection *conn, guint wait_ms, GError **error);
/* To be asked in front of every statement of a migration: FALSE when the lock was lost, since its own connection was
 * cut, and another migrator may be at work. Errors: CONNECTION. */
gboolean corm_lock_check (CormMigratorLock *lock, GError **error);
/* Asks that, and runs @sql on the connection that migrates, with a mark by which the next holder finds it if this process
 * is killed. */
gboolean corm_lock_run (CormMigratorLock *lock, const char *sql, GError **error);
/* That mark, for statements on other connections of the holder; "" where none is needed. */
const char *corm_lock_get_mark (CormMigratorLock *lock);
/* The connection that holds it; NULL: none does. For tests. */
CormConnection *corm_lock_get_connection (CormMigratorLock *lock);
/* Gives it back; NULL is fine. */
void corm_lock_free (CormMigratorLock *lock);
/* The write transaction shuts out other writers too, so that what was read in it stays true. */
gboolean corm_lock_is_transaction (CormConnection *conn);
/* Begins the write transaction of a migration. Where it shuts out others, it is waited for as long as for the lock, whatever the
 * connection's own patience: @wait_ms as of corm_lock_take(). Errors: BUSY. */
CormTransaction *corm_lock_begin (CormConnection *conn, guint wait_ms, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormMigratorLock, corm_lock_free)
