/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files of this folder share: an open CormSync, the transaction in which it works, the operations of a row. */
#pragma once

#include <corm/sync.h>
#include <corm/sys/sync.h>

#include <stdio.h>

/* A table that takes part. Borrows from CormSync.schema. */
typedef struct {
  const CormTable *table;
  const CormTableColumn *key;
  GPtrArray *columns; /* CormTableColumn, without the key and what is computed */
  char *trigger;      /* beginning of its triggers' names; says what they cover */
} CormSyncTable;

struct _CormSync {
  CormDb *db;
  char *peer;
  guint version;
  GStrv capabilities;
  char *globs;
  guint64 max_ahead_ms;
  void (*on_warning) (const char *text, gpointer data);
  gpointer data;
  CormSchema *schema;
  GPtrArray *tables; /* CormSyncTable */
  gboolean scan;     /* triggers were missing, or it was asked for */
  char *covers;      /* what corm_sync.covers has to be, or the tables are other ones by now */
};

void corm_sync_warn (CormSync *sync, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* --- tables.c --- */
/* The tables that take part, of sync->schema. Errors: INVALID. */
gboolean corm_sync_choose_tables (CormSync *sync, GError **error);
void corm_sync_table_free (gpointer table);
/* NULL: it is not here. */
const CormSyncTable *corm_sync_find_table (const CormSync *sync, const char *name);
const CormTableColumn *corm_sync_find_column (const CormSyncTable *table, const char *name);

/* --- setup.c --- */
/* Corm's own tables and the row of corm_sync. */
gboolean corm_sync_make_tables (CormSync *sync, CormConnection *conn, GError **error);
/* The triggers as they should be; sets sync->scan where they were not. */
gboolean corm_sync_make_triggers (CormSync *sync, CormConnection *conn, GError **error);

/* --- work.c --- */
/* A transaction that holds the one row of corm_sync. */
typedef struct {
  CormSync *sync;
  CormConnection *conn;
  gint64 seq, clock;
  gboolean careful; /* a row that its table refuses is put aside; else it ends the work with its error */
  CormSyncReport *report;
} CormSyncWork;
typedef gboolean (*CormSyncFunc) (CormSyncWork *work, gpointer data, GError **error);
/* Runs @func in such a transaction, again where the database asks for it, and where a table refuses a row. What
 * was changed by programs has been collected when it starts. @report: set to 0 by each attempt. */
gboolean corm_sync_work (CormSync *sync, CormSyncFunc func, gpointer data, CormSyncReport *report,
                         GError **error);
/* Number and clock of the next change of this peer; and not behind @clock any more. */
void corm_sync_tick (CormSyncWork *work);
void corm_sync_see_clock (CormSyncWork *work, gint64 clock);
/* Milliseconds since 1970, as they stand in a clock. */
gint64 corm_sync_now (void);
gint64 corm_sync_clock_at (gint64 ms);
/* Of a cursor on Corm's own tables, whatever the driver makes of them. The text is NULL for NULL, free with g_free(). */
char *corm_sync_get_text (CormCursor *cursor, guint column);
gint64 corm_sync_get_number (CormCursor *cursor, guint column);
/* The number in the first row; 0: there is none. */
gboolean corm_sync_ask (CormConnection *conn, const char *sql, const CormParam *params, gint64 *number,
                        GError **error);

/* --- log.c --- */
typedef enum { CORM_SYNC_CREATE = 1, CORM_SYNC_SET, CORM_SYNC_DELETE } CormSyncOp;
typedef enum {
  CORM_SYNC_SETTLED, /* the table has it, or something newer */
  CORM_SYNC_FRESH,   /* logged by a trigger; the value has not been read */
  CORM_SYNC_NEW,     /* not put into the table yet */
  CORM_SYNC_ASIDE,
} CormSyncState;

typedef struct {
  CormSyncOp op;
  CormSyncState state;
  char *peer;
  gint64 seq, clock;
  char *table, *row;
  char *column; /* "" of a create and a delete */
  char *value;  /* NULL: NULL */
} CormSyncEntry;
void corm_sync_entry_free (gpointer entry);
int corm_sync_entry_compare (const CormSyncEntry *a, const CormSyncEntry *b); /* by clock and peer */

/* All operations of one row. */
typedef struct {
  GPtrArray *entries;
  const CormSyncEntry *deleted; /* the newest delete; NULL: none */
  const CormSyncEntry *created; /* the newest create, where that is newer; NULL: the row is not there */
} CormSyncRow;
gboolean corm_sync_row_read (CormSyncRow *row, CormConnection *conn, const char *table, const char *id,
                             GError **error);
void corm_sync_row_clear (CormSyncRow *row);
/* Which of them count; corm_sync_row_read() has done it. */
void corm_sync_row_judge (CormSyncRow *row);
/* What @column is set to; NULL: its default. */
const CormSyncEntry *corm_sync_row_find (const CormSyncRow *row, const char *column);
/* A later operation has made @entry meaningless, whatever else there is or comes. */
gboolean corm_sync_row_is_void (const CormSyncRow *row, const CormSyncEntry *entry);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormSyncRow, corm_sync_row_clear)

gboolean corm_sync_log (CormConnection *conn, const CormSyncEntry *entry, GError **error);
gboolean corm_sync_unlog (CormConnection *conn, const CormSyncEntry *entry, GError **error);
/* Operations of a row that are in the state @from. @column NULL: all. */
gboolean corm_sync_set_state (CormConnection *conn, const char *table, const char *id, const char *column,
                              CormSyncState from, CormSyncState to, GError **error);
/* Pairs of table and row, one behind the other, that have operations in @state. */
GPtrArray *corm_sync_list_rows (CormConnection *conn, CormSyncState state, GError **error);

/* --- cells.c --- */
/* The row's cells as texts, in the order of columns; NULL: NULL. *cells NULL: there is no such row. */
gboolean corm_sync_cells_read (CormConnection *conn, const CormSyncTable *table, const char *id,
                               GPtrArray **cells, GError **error);
/* @columns (CormTableColumn) and their @texts. */
gboolean corm_sync_cells_insert (CormConnection *conn, const CormSyncTable *table, const char *id,
                                 GPtrArray *columns, GPtrArray *texts, GError **error);
gboolean corm_sync_cells_update (CormConnection *conn, const CormSyncTable *table, const char *id,
                                 GPtrArray *columns, GPtrArray *texts, GError **error);
gboolean corm_sync_cells_delete (CormConnection *conn, const CormSyncTable *table, const char *id,
                                 GError **error);
gboolean corm_sync_cells_exist (CormConnection *conn, const CormSyncTable *table, const char *id,
                                gboolean *exist, GError **error);
/* A key is there, not too long, and written as Corm writes it. Errors: INVALID. */
enum { CORM_SYNC_KEY_CHARS = 255 };
gboolean corm_sync_check_key (const CormSyncTable *table, const char *id, GError **error);
/* All keys of a table, as texts. Errors: INVALID too. */
GPtrArray *corm_sync_list_keys (CormConnection *conn, const CormSyncTable *table, GError **error);
/* The text of @column's default. FALSE: it is computed. *text NULL: NULL. */
gboolean corm_sync_default_text (const CormTableColumn *column, char **text);

/* --- collect.c, scan.c, apply.c --- */
gboolean corm_sync_collect (CormSyncWork *work, GError **error);
gboolean corm_sync_scan (CormSyncWork *work, GError **error);
/* New operations into the tables. */
gboolean corm_sync_apply (CormSyncWork *work, GError **error);
/* What has a place by now is new; what has lost it is aside. */
gboolean corm_sync_sort_out (CormSyncWork *work, GError **error);

/* --- send.c, receive.c, spool.c, peers.c --- */
/* Lines of a message, from a file or a stream. */
typedef struct _CormSyncSpool CormSyncSpool;
CormSyncSpool *corm_sync_spool_open (const char *path, GError **error);
/* Of a stream; @fd stays open. */
CormSyncSpool *corm_sync_spool_new (int fd, guint timeout_ms);
void corm_sync_spool_free (CormSyncSpool *spool);
/* The next line without its end, borrowed; NULL with an error, or at the end without one. */
const char *corm_sync_spool_next (CormSyncSpool *spool, gsize *size, GError **error);
guint64 corm_sync_spool_get_line (const CormSyncSpool *spool);
gboolean corm_sync_send_all (int fd, guint timeout_ms, const char *bytes, gsize size, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSyncSpool, corm_sync_spool_free)

/* A moment of a peer: how many changes it had made, and its clock, which no change up to then is ahead of, and every later one is
 * (but for those that were found by comparing). */
typedef struct {
  gint64 seq;
  gint64 clock; /* 0: nobody said */
} CormSyncPoint;
/* What somebody has: peer -> CormSyncPoint *. */
typedef GHashTable CormSyncHave;
CormSyncHave *corm_sync_have_new (void);
void corm_sync_have_set (CormSyncHave *have, const char *peer, gint64 seq, gint64 clock);
CormSyncPoint corm_sync_have_get (CormSyncHave *have, const char *peer); /* 0: nothing */
/* Of this peer; of another one as it said. NULL with an error, INVALID: nothing has been heard of it. */
CormSyncHave *corm_sync_have_read (CormSyncWork *work, GError **error);
CormSyncHave *corm_sync_have_of_peer (CormSyncWork *work, const char *peer, GError **error);
/* From now on this peer has seen @peer's changes up to @seq; @peer has said @hello. */
gboolean corm_sync_see (CormConnection *conn, const char *peer, CormSyncPoint point, GError **error);
gboolean corm_sync_hear (CormConnection *conn, const char *peer, guint version, const char *hello, gsize size,
                         GError **error);

/* --- history.c --- */
/* What somebody says that it has fits @mine, and the log. Errors: INVALID. */
gboolean corm_sync_check_have (CormSyncWork *work, CormSyncHave *mine, CormSyncHave *have, GError **error);
/* Always FALSE: two databases have the name @peer. */
gboolean corm_sync_refuse_name (const char *peer, GError **error);

/* The first line: who speaks and what it has. */
gboolean corm_sync_write_hello (CormSyncWork *work, FILE *file, GError **error);
/* What is not in @theirs, and the end. */
gboolean corm_sync_write_changes (CormSyncWork *work, FILE *file, CormSyncHave *theirs, GError **error);
/* Reads a whole message and takes it in. */
gboolean corm_sync_receive (CormSync *sync, const char *path, CormSyncReport *report, GError **error);
