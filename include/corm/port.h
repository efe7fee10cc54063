/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Move a database, and prove that two hold the same rows. */
#pragma once

#include <corm/schema.h>

G_BEGIN_DECLS

typedef enum { CORM_PORT_SCHEMA, CORM_PORT_ROWS, CORM_PORT_INDEXES, CORM_PORT_VERIFY } CormPortPhase;

typedef struct {
  CormPortPhase phase;
  const char *table;
  guint64 rows;       /* done in this table */
  guint64 rows_total; /* of this table */
  guint64 all_rows;   /* done in all tables */
  guint64 all_total;
  guint64 all_bytes; /* of the values that were read */
} CormProgress;

/* Called by one thread at a time, not always the same. */
typedef void (*CormProgressFunc) (const CormProgress *progress, gpointer data);

typedef struct {
  CormRegistry *registry; /* the target's schema; NULL: the source's */
  const char *tables;     /* comma-separated globs, '!' first to leave out; NULL: all */
  bool schema_only;
  bool data_only;
  bool verify;
  const char *rejects; /* JSON lines of rows that do not fit, or are taken; NULL: the first stops the port */
  guint64 max_rejects; /* more rows than that stop it too; 0: any number */
  guint jobs;          /* connections that work side by side; 0: 1 */
  guint64 batch;       /* rows of one commit; 0: 200 000 */
  bool resume;         /* go on with a port that was stopped; begins one where there is none */
  bool restart;        /* drop what a port that was stopped has made, and begin anew */
  bool append;         /* rows into tables that hold some already */
  bool truncate;       /* empty the tables first */
  bool plan_only;      /* the choices and what can't be moved; the target is not changed */
  const char *mapping; /* a YAML file of types and conversions; NULL: none */
  /* corm_verify() alone: what of each table is compared, and how it goes on. */
  double sample; /* per cent of the rows, always the same ones; 0: all */
  bool has_keys; /* only rows whose integer key is from key_from to key_until */
  gint64 key_from, key_until;
  const char *
      state; /* a file that names the tables found equal; unless restart is set they are not read again, if they
                        have as many rows as then; NULL: none */
  CormProgressFunc progress;
  gpointer data;
} CormPortOptions;

typedef struct {
  char *table;
  guint64 source_rows;
  guint64 target_rows;
  guint64 rejected;
  guint64 bytes;          /* of the values that were read */
  double seconds;         /* of work on it, of all connections; comparing it included */
  guint8 source_hash[16]; /* order-free, over canonical rows */
  guint8 target_hash[16];
  gboolean verified; /* compared, with or without a difference */
  gboolean equal;
  GPtrArray *differences; /* char *: "id=5: only in the source", at most 20 */
} CormTableReport;

/* What becomes of a column, and why. */
typedef struct {
  char *table;
  char *column;
  char *declared;   /* the source's word for the type; "": none */
  char *type;       /* the target's word for the chosen one */
  char *conversion; /* "unix-seconds", what is done to the values; NULL: nothing */
  char *reason;     /* a sentence */
  char *found;      /* what the column holds; NULL: nobody had to look */
  guint64 misfits;  /* values that the chosen type can't hold */
  char *misfit;     /* the first of them: value, key, reason; NULL: none */
} CormPortChoice;

/* A view, a trigger or whatever else is no table, that has come along. */
typedef struct {
  char *kind; /* "view" */
  char *name;
  char *table;         /* that it belongs to; NULL: none */
  char *sql;           /* the target's statement */
  gboolean translated; /* from another database's words; a view is compared with the tables then */
} CormPortObject;

typedef struct {
  GPtrArray *tables;    /* CormTableReport; behind them "view NAME" for views that were compared */
  GPtrArray *choices;   /* CormPortChoice */
  GPtrArray *objects;   /* CormPortObject; with plan_only: that would come along */
  GPtrArray *not_moved; /* char *: "view v_jobs: …" */
  GPtrArray *notes;     /* char *: what else is to be known */
  gboolean equal;       /* all verified tables are */
} CormPortReport;

/**
 * corm_port:
 * @source: read at one moment, and only read
 * @target: without the tables that are to be moved, or with data_only, append or truncate: with them
 * @options: (nullable):
 *
 * Tables that the port makes are filled in batches, each committed with its checkpoint in the target's tables
 * corm_port…, which go with the last step. A port that was killed or lost a server is taken up with @options->resume,
 * which first proves that what was copied is still what the source holds. Whatever else stops it (a value that does not
 * fit, a broken key, a difference that @options->verify finds) leaves the target as before; that difference is no error, but a
 * report that is not equal. Rows into tables that are there
 * go in one transaction.
 * A source whose columns hold any value (SQLite) is read once before: see @CormPortChoice. A value that does not fit its
 * column is told before a row moves, unless rejects are taken.
 * Errors: CONVERSION and NOT_NULL (table, key, column, value, reason), SCHEMA (a table is there already, a column has no
 * place, an unfinished port), STALE (the source is not what was copied), FOREIGN_KEY and CHECK (rows that break the
 * source's own rules, or those of a table that is there), UNIQUE (a key that is taken there), DENIED,
 * CONNECTION, FULL, BUSY, UNSUPPORTED.
 */
CORM_PUBLIC CormPortReport *corm_port (CormDb *source, CormDb *target, const CormPortOptions *options,
                                       GError **error) CORM_MUST_USE;
/* Counts and hashes both sides, and names the keys that differ. A difference is no error: see the report. */
CORM_PUBLIC CormPortReport *corm_verify (CormDb *source, CormDb *target, const CormPortOptions *options,
                                         GError **error) CORM_MUST_USE;
/* *@says: "an unfinished port of …", and how to go on; NULL: there is none in @conn's database. Free with g_free(). Errors:
 * CONNECTION, DENIED. */
CORM_PUBLIC gboolean corm_port_find_unfinished (CormConnection *conn, char **says,
                                                GError **error) CORM_MUST_USE;
CORM_PUBLIC void corm_port_report_free (CormPortReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormPortReport, corm_port_report_free)

G_END_DECLS
