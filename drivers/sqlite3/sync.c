/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Triggers that log what is changed. A row that INSERT OR REPLACE replaces under its own key counts as made anew. Texts are
 * compared by their bytes, whatever the column's collation. */
#include "../dialects.h"

#include <corm/sys/sync.h>

#define WHEN " FOR EACH ROW WHEN (SELECT applying FROM corm_sync) = 0 BEGIN "
/* Other databases know a column's length, and no NULL in a key. */
#define CHECK \
  "SELECT RAISE(ABORT, 'corm sync: a row has no key, or one of more than 255 characters') WHERE " \
  "coalesce(length(NEW.{k}), 256) > 255; "
#define TICK \
  "UPDATE corm_sync SET seq = seq + 1, clock = max(clock + 1, " \
  "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 65536)"
#define LOG(row, op, column) \
  CORM_SYNC_SQL_INSERT "{l}, CAST(" row ".{k} AS TEXT), " op ", " column ", " CORM_SYNC_SQL_FRESH \
                       " FROM corm_sync"
#define MOVED "OLD.{k} IS NOT NEW.{k} COLLATE BINARY"

static const char *const triggers[] = {
  "CREATE TRIGGER {n}_i AFTER INSERT ON {t}" WHEN CHECK TICK
  "; " LOG ("NEW", CORM_SYNC_SQL_CREATE, "''") "; END",
  "CREATE TRIGGER {n}_u AFTER UPDATE ON {t}" WHEN CHECK TICK
  "; {d}" LOG ("OLD", CORM_SYNC_SQL_DELETE, "''") " WHERE " MOVED "; " TICK " WHERE " MOVED
                                                  "; " LOG ("NEW", CORM_SYNC_SQL_CREATE, "''") " WHERE " MOVED
                                                                                               "; END",
  "CREATE TRIGGER {n}_d AFTER DELETE ON {t}" WHEN TICK "; " LOG ("OLD", CORM_SYNC_SQL_DELETE, "''") "; END",
  NULL,
};
static const char *const endings[] = { "_i", "_u", "_d", NULL };

const CormSyncSql corm_sqlite3_sync = {
  .triggers = triggers,
  .column = LOG ("NEW", CORM_SYNC_SQL_SET,
                 "{u}") " WHERE OLD.{c} IS NOT NEW.{c} COLLATE BINARY AND NOT (" MOVED "); ",
  .endings = endings,
  .exact = { "", " COLLATE BINARY" },
  .drop = "DROP TRIGGER IF EXISTS {n}",
};
