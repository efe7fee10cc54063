/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Databases of several peers that are changed apart and brought together: each change is logged per column, peers tell each
 * other what the other has not seen, over a file or a socket, and the last writer wins, column by column.
 *
 *   g_autoptr (CormSync) sync = corm_sync_open (db, &(CormSyncOptions){ .tables = "lists,tasks", .version = 2 }, &error);
 *   corm_sync_write (sync, "for-ann.jsonl", NULL, NULL, &error);     what happened here
 *   corm_sync_read (sync, "from-ann.jsonl", &report, &error);        what happened there
 *
 * A CormSync is used by one thread at a time, and takes a connection of the pool for each call: a program that holds one itself
 * needs a pool of two. It works on the same tables as everybody else: triggers log what programs
 * change, with or without Corm. doc/manual/sync.md says what a table needs. */
#pragma once

#include <corm/db.h>

G_BEGIN_DECLS

typedef struct _CormSync CormSync;

typedef struct {
  const char
      *tables;   /* globs, "lists,tasks" or "*,!local_*"; NULL: all that have a key and are not Corm's own */
  guint version; /* of the program's schema; peers more than three apart are advised to start anew */
  const char *const
      *capabilities;    /* what the program can do, for other peers to see; ended by NULL; may be NULL */
  guint64 max_ahead_ms; /* a message of a clock that is further ahead is refused; default: a day */
  bool new_peer;        /* this database is a copy of a peer's: from now on it is a peer of its own */
  bool scan;            /* compare all rows with the log, for changes that no trigger saw */
  /* Told of what is kept aside, once for each column and table; NULL: a message on stderr. */
  void (*on_warning) (const char *text, gpointer data);
  gpointer data;
} CormSyncOptions;

/* What one message, or one exchange, did. */
typedef struct {
  char peer[37];    /* who sent it; of a message written: whom it is for, "" everybody */
  guint version;    /* the sender's */
  guint64 sent;     /* changes written; a change is one row's */
  guint64 known;    /* changes received that were here already */
  guint64 received; /* changes received that were not */
  guint64 rows;     /* rows of tables that were written or deleted for them */
  guint64 aside;    /* of the received operations: kept aside, as this schema has no place for them */
  gboolean has_gap; /* an earlier message is missing: ask the sender for another one; nothing is lost */
  gboolean resync_advised; /* the versions are more than three apart */
} CormSyncReport;

/* A peer that has been heard of. */
typedef struct {
  char *peer;
  guint version;
  GStrv capabilities;
  char *heard_at; /* ISO 8601 */
  gint64 behind;  /* changes of all peers known here that it had not seen when it was heard of last */
} CormSyncPeer;

/* What is kept aside. */
typedef struct {
  char *table;
  char *column;  /* NULL: the table itself is not known, or the row was made or deleted */
  guint64 count; /* operations */
} CormSyncAside;

/**
 * corm_sync_open:
 * @db: must outlive it
 *
 * Makes Corm's own tables (corm_sync, corm_oplog, …) and the triggers where they are missing, logs the rows that are there
 * already, and applies what was kept aside and has a place now: call it when the program starts and behind every
 * migration. Errors: INVALID (a table that cannot be synchronised, and why), UNSUPPORTED (this database cannot), BUSY.
 */
CORM_PUBLIC CormSync *corm_sync_open (CormDb *db, const CormSyncOptions *options,
                                      GError **error) CORM_MUST_USE;
CORM_PUBLIC void corm_sync_free (CormSync *sync);
/* This database's own name among the peers, a UUID; borrowed. */
CORM_PUBLIC const char *corm_sync_get_peer (CormSync *sync);

/* Writes to @path what @peer has not seen, as far as it said; @peer NULL: everything, for everybody. The file has its name
 * when it is whole. @report (nullable). Errors: INVALID (no such peer), DENIED (the file). */
CORM_PUBLIC gboolean corm_sync_write (CormSync *sync, const char *path, const char *peer,
                                      CormSyncReport *report, GError **error);
/**
 * corm_sync_read:
 *
 * Takes in a message, all of it or nothing, however often and in whatever order messages come. Errors: INVALID, with the
 * line, for what is no whole message of this format, for a clock that is too far ahead, and when two databases have one
 * name; DENIED (the file).
 */
CORM_PUBLIC gboolean corm_sync_read (CormSync *sync, const char *path, CormSyncReport *report,
                                     GError **error);
/**
 * corm_sync_exchange:
 * @fd: a connected stream socket, blocking or not, to a peer that calls the same; for one exchange; it stays open
 * @timeout_ms: how long to wait for the other side; 0: 30 seconds
 *
 * Both tell version, capabilities and what they have, then what the other one lacks. Errors: those of corm_sync_read(), and
 * CONNECTION; what had been taken in by then stays.
 */
CORM_PUBLIC gboolean corm_sync_exchange (CormSync *sync, int fd, guint timeout_ms, CormSyncReport *report,
                                         GError **error);
/* Drops operations that later ones have made meaningless for everybody, seen or not. @n_dropped (nullable). */
CORM_PUBLIC gboolean corm_sync_compact (CormSync *sync, guint64 *n_dropped, GError **error);
/* CormSyncPeer, by name; CormSyncAside, by table and column. Free with g_ptr_array_unref(). */
CORM_PUBLIC GPtrArray *corm_sync_list_peers (CormSync *sync, GError **error) CORM_MUST_USE;
CORM_PUBLIC GPtrArray *corm_sync_list_aside (CormSync *sync, GError **error) CORM_MUST_USE;

/* Takes the triggers away, so that columns can be dropped; fits #CormMigrationOptions.before_run. The next
 * corm_sync_open() makes them again, and finds what was changed meanwhile. */
CORM_PUBLIC gboolean corm_sync_pause (CormConnection *conn, const char *version, gboolean is_down,
                                      gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSync, corm_sync_free)

G_END_DECLS
