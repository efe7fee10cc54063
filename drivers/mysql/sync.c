/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Triggers that log what is changed. Values are compared as such and by their bytes: a collation may take two texts for
 * one, and a FLOAT shows six digits. */
#include "../dialects.h"

#include <corm/sys/sync.h>

#define TICK \
  "UPDATE corm_sync SET seq = seq + 1, clock = GREATEST(clock + 1, " \
  "CAST(FLOOR(UNIX_TIMESTAMP(SYSDATE(3)) * 1000) AS SIGNED) * 65536) WHERE applying = 0"
#define LOG(row, op, column) \
  CORM_SYNC_SQL_INSERT "{l}, CAST(" row ".{k} AS CHAR), " op ", " column ", " CORM_SYNC_SQL_FRESH \
                       " FROM corm_sync WHERE applying = 0"
#define SAME(c) "OLD." c " <=> NEW." c " AND CAST(OLD." c " AS BINARY) <=> CAST(NEW." c " AS BINARY)"
#define MOVED " AND NOT (" SAME ("{k}") ")"

static const char *const triggers[] = {
  "CREATE TRIGGER {n}_i AFTER INSERT ON {t} FOR EACH ROW BEGIN " TICK
  "; " LOG ("NEW", CORM_SYNC_SQL_CREATE, "''") "; END",
  "CREATE TRIGGER {n}_u AFTER UPDATE ON {t} FOR EACH ROW BEGIN " TICK
  "; {d}" LOG ("OLD", CORM_SYNC_SQL_DELETE, "''") MOVED
  "; " TICK MOVED "; " LOG ("NEW", CORM_SYNC_SQL_CREATE, "''") MOVED "; END",
  "CREATE TRIGGER {n}_d AFTER DELETE ON {t} FOR EACH ROW BEGIN " TICK
  "; " LOG ("OLD", CORM_SYNC_SQL_DELETE, "''") "; END",
  NULL,
};
static const char *const endings[] = { "_i", "_u", "_d", NULL };

const CormSyncSql corm_mysql_sync = {
  .triggers = triggers,
  .column = LOG ("NEW", CORM_SYNC_SQL_SET, "{u}") " AND NOT (" SAME ("{c}") ") AND " SAME ("{k}") "; ",
  .endings = endings,
  .exact = { "CONVERT(", " USING utf8mb4) COLLATE utf8mb4_nopad_bin" },
  .drop = "DROP TRIGGER IF EXISTS {n}",
};
