/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How a database logs by itself what is changed in a table, as data. In templates {n} is the beginning of a trigger's name,
 * {t} the table and {k} its key, quoted where need be, {l} the table's and {m} the key's name as literals. */
#pragma once

#include <corm/sys/driver.h>

G_BEGIN_DECLS

/* Operations and states as they stand in corm_oplog. */
#define CORM_SYNC_SQL_CREATE "1"
#define CORM_SYNC_SQL_SET "2"
#define CORM_SYNC_SQL_DELETE "3"
#define CORM_SYNC_SQL_FRESH "1"
/* Where an operation goes, and what all of them begin with. */
#define CORM_SYNC_SQL_INSERT \
  "INSERT INTO corm_oplog (peer_id, seq, clock, table_name, row_id, op, column_name, state) SELECT " \
  "peer_id, seq, clock, "

/* A trigger's statements, for rows of any columns: nothing where corm_sync.applying is not 0; else they count up
 * corm_sync.seq, move corm_sync.clock on (milliseconds since 1970 times 65536, and always forward), and put into corm_oplog
 * one operation for a row that is made or deleted, one per column that gets another value. */
struct _CormSyncSql {
  const char *const *setup;    /* statements, in front of all tables'; ended by NULL; NULL: none */
  const char *const *triggers; /* one each, their names {n}_i and so on; {d} is each of these columns' … */
  const char *column;          /* … with {c} the column, {u} its name as a literal */
  const char *const *endings;  /* of their names: "_i", "_u", …; ended by NULL */
  const char *drop;            /* {n} the whole name */
  const char *exact
      [2]; /* in front of and behind the name of a key of text, so that its bytes are compared; NULL: they are */
};

G_END_DECLS
