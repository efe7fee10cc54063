/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Keeping a database well: what ails it, and mends that lose nothing; maintenance; sizes; copies. */
#pragma once

#include <corm/schema.h>

G_BEGIN_DECLS

/* By the name that corm_ailment_kind_name() gives: "orphans". */
typedef enum {
  CORM_AILMENT_DAMAGE,          /* the database finds itself damaged */
  CORM_AILMENT_UNFINISHED_PORT, /* a port into it did not come to its end: nothing is mended */
  CORM_AILMENT_ORPHANS,         /* rows that point to no row */
  CORM_AILMENT_DUPLICATES,      /* the same values more than once under a key that is wanted */
  CORM_AILMENT_NULLS,           /* NULL where there may be none */
  CORM_AILMENT_WRONG_TYPE,      /* a value that is none of its column's type */
  CORM_AILMENT_TOO_LONG,        /* text of more characters than the column has */
  CORM_AILMENT_NO_LABEL,        /* not one of the column's labels */
  CORM_AILMENT_BREAKS_CHECK,    /* a row that a check refuses */
  CORM_AILMENT_INVALID_UTF8,    /* text that is no UTF-8 */
  CORM_AILMENT_SEQUENCE_BEHIND, /* the next automatic key is taken already */
  CORM_AILMENT_MISSING_INDEX, /* a foreign key without an index: each delete of its target reads the whole table */
  CORM_AILMENT_DOUBLE_INDEX, /* another index does the same work */
  CORM_AILMENT_UNUSED_INDEX, /* nobody reads it */
  CORM_N_AILMENT_KINDS
} CormAilmentKind;

typedef struct {
  CormAilmentKind kind;
  char *table;   /* NULL: the database as a whole */
  GStrv columns; /* NULL: none in particular */
  char *part;    /* name of the key, check, index or sequence; NULL: it has none */
  gint64 count;  /* rows, or what the reason counts */
  GPtrArray
      *keys; /* char *, of the first rows: "id=5"; where a table has no key, what tells the row otherwise */
  char *reason; /* a sentence */
  char *advice; /* what to do */
} CormAilment;

typedef enum {
  CORM_ORPHANS_LEAVE,
  CORM_ORPHANS_DELETE,
  CORM_ORPHANS_SET_NULL, /* the columns of the foreign key */
  CORM_ORPHANS_MOVE,     /* with all columns into the table NAME_orphans, which is made where it is missing */
} CormOrphans;

typedef struct {
  const CormSchema
      *schema;         /* what the database should be, from models or anywhere; NULL: what it says itself */
  const char *tables;  /* comma-separated globs, '!' first to leave out; NULL: all */
  guint n_keys;        /* that an ailment names; 0: 10 */
  CormOrphans orphans; /* what becomes of them; of the rest nothing is touched unless … */
  bool sequences;      /* … they are to be set behind the last key, */
  bool indexes;        /* the missing ones to be made */
  bool dry_run;        /* mends are listed, not made */
} CormDoctorOptions;

typedef struct {
  char *text;  /* "orphans of line (order_id): delete" */
  char *sql;   /* what ran, or would */
  gint64 rows; /* that it changed, -1: none to count, or a dry run */
} CormMend;

typedef struct {
  GPtrArray *ailments; /* CormAilment; what is left behind the mends */
  GPtrArray *mends;    /* CormMend, as they ran, or would */
  GPtrArray *unseen;   /* char *: what could not be looked at, and why */
} CormDiagnosis;

/**
 * corm_doctor:
 * @options: (nullable):
 *
 * Looks at every table, in queries that only read, and then mends what @options name: all of it in one transaction where
 * the database can change tables in one, else the rows in one. Nothing is mended that would change rows beyond those
 * that an ailment counts: rows that point to an orphan keep it from being deleted. Behind the mends it looks again.
 * Errors: CONNECTION, DENIED, SCHEMA (@options->schema does not fit this database; a mend where a port is unfinished), FOREIGN_KEY and NOT_NULL (a mend that
 * the rows refuse; nothing of its transaction stays), BUSY.
 */
CORM_PUBLIC CormDiagnosis *corm_doctor (CormConnection *conn, const CormDoctorOptions *options,
                                        GError **error) CORM_MUST_USE;
CORM_PUBLIC void corm_diagnosis_free (CormDiagnosis *diagnosis);
/* "orphans", "missing-index", … */
CORM_PUBLIC const char *corm_ailment_kind_name (CormAilmentKind kind);

/* --- maintenance --------------------------------------------------------------------------------------------------- */

typedef enum {
  CORM_MAINTAIN_CHECK = 1 << 0,   /* does the database find itself whole? */
  CORM_MAINTAIN_ANALYZE = 1 << 1, /* statistics for its planner */
  CORM_MAINTAIN_VACUUM = 1 << 2,  /* room that deleted rows left is given back */
  CORM_MAINTAIN_REINDEX = 1 << 3, /* indexes are made anew */
} CormMaintenance;

typedef struct {
  const char *tables; /* as above */
  guint tasks;        /* CormMaintenance; 0: check and analyze */
} CormMaintainOptions;

typedef enum {
  CORM_MAINTAINED_DONE,
  CORM_MAINTAINED_DAMAGED, /* the check found something */
  CORM_MAINTAINED_SKIPPED, /* this database, or this role, does not do that */
  CORM_MAINTAINED_FAILED,
} CormOutcome;

typedef struct {
  CormMaintenance task;
  char *table; /* NULL: the database as a whole */
  char *sql;   /* NULL: nothing ran */
  CormOutcome outcome;
  char *words; /* the database's own, or why it was skipped; NULL: it said nothing */
  gint64 us;
} CormMaintained;

/**
 * corm_maintain:
 * @options: (nullable):
 *
 * What this database has for each task, table by table; a step that fails does not keep the others from being done, but
 * damage does. Returns CormMaintained in the order in which they ran; free with g_ptr_array_unref().
 * Errors: CONNECTION, DENIED; INVALID inside a transaction.
 */
CORM_PUBLIC GPtrArray *corm_maintain (CormConnection *conn, const CormMaintainOptions *options,
                                      GError **error) CORM_MUST_USE;

/* --- figures --------------------------------------------------------------------------------------------------------- */

/* A figure that this database does not know is -1. */
typedef struct {
  char *name;
  gint64 bytes;
  gint64 reads;        /* since the server began to count */
  gint64 rows_per_key; /* that one key finds, on average */
} CormIndexStats;

typedef struct {
  char *table;
  gint64 rows;
  gboolean exact; /* counted, not estimated */
  gint64 bytes;   /* without its indexes */
  gint64 index_bytes;
  gint64 dead_rows;   /* deleted, their room not yet given back */
  gint64 free_bytes;  /* within the table's own pages or file */
  char *analyzed;     /* when statistics were taken, ISO 8601; NULL: not known */
  GPtrArray *indexes; /* CormIndexStats */
} CormTableStats;

/* Of each table that @tables (nullable, as above) chooses; free with g_ptr_array_unref(). @exact: rows are counted where the
 * database only estimates them. Errors: CONNECTION, DENIED. */
CORM_PUBLIC GPtrArray *corm_stats (CormConnection *conn, const char *tables, bool exact,
                                   GError **error) CORM_MUST_USE;

/* --- copies ---------------------------------------------------------------------------------------------------------- */

typedef void (*CormCopyFunc) (gint64 done, gint64 total, gpointer data);

typedef struct {
  bool force;            /* what is there already is written over */
  bool dry_run;          /* nothing is done: the command alone */
  CormCopyFunc progress; /* told of pages, where Corm copies by itself; NULL: nobody */
  gpointer data;
} CormBackupOptions;

/**
 * corm_backup:
 * @file: where the copy goes
 * @options: (nullable):
 *
 * A copy of the database at one moment, while others use it: of an SQLite file by SQLite's online backup, checked; else by
 * the database's own tool (pg_dump, mariadb-dump), whose words a failure gives. @file is there when all of it is on the
 * disk, and not before. Returns the command, without a password; free with g_free().
 * Errors: INVALID (@file is there), CONNECTION, DENIED, FULL, UNSUPPORTED (the tool is not installed; no such driver), FAILED.
 */
CORM_PUBLIC char *corm_backup (const char *uri, const char *file, const CormBackupOptions *options,
                               GError **error) CORM_MUST_USE;
/* The database from the copy. It has to be empty, or not to be there (SQLite), unless @options->force says otherwise.
 * Errors: the same; INVALID (@file is no copy, or cut off). */
CORM_PUBLIC char *corm_restore (const char *uri, const char *file, const CormBackupOptions *options,
                                GError **error) CORM_MUST_USE;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormDiagnosis, corm_diagnosis_free)

G_END_DECLS
