/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Versioned migrations: a set of steps in one order, from SQL files, from a GResource and from C functions, and the table
 * corm_migrations, in which a database keeps those that it has. The form of the files is in doc/manual/migrations.md.
 *
 * A version is digits, parted by dots where there are several numbers: "0003", "20260102150405", "1.2"; 3 and 0003 are
 * the same. A target is a version or the beginning of one that no other has, "head", "base", "+2", "-1". */
#pragma once

#include <corm/db.h>

G_BEGIN_DECLS

typedef struct _CormMigrations CormMigrations;

/* FALSE with @error set: the step is not done. Where DDL has transactions it runs in one, with its row of the history. */
typedef gboolean (*CormMigrationFunc) (CormConnection *conn, GError **error);

/* One migration written in C. */
typedef struct {
  const char *version; /* NULL ends the list */
  const char *name;
  CormMigrationFunc up;
  CormMigrationFunc down; /* NULL: there is no way back */
  bool no_transaction;
  bool
      repeatable; /* it may begin again where it was cut off: else that is an error where nothing rolls it back */
} CormMigrationStep;

typedef enum {
  CORM_MIGRATION_PENDING,
  CORM_MIGRATION_APPLIED,
  CORM_MIGRATION_HALF,    /* its statements were cut off in the middle: the next run goes on there */
  CORM_MIGRATION_EDITED,  /* applied, but its file has another text now */
  CORM_MIGRATION_LATE,    /* not applied, while one behind it is */
  CORM_MIGRATION_UNKNOWN, /* applied, but not in the set */
} CormMigrationState;

/* One migration, of the set or of the history. */
typedef struct {
  CormMigrationState state;
  char *version, *name;
  char *file;           /* NULL: a function, or not in the set */
  char *checksum;       /* SHA-256 of the text as it is now; of an unknown one as it was */
  char *after;          /* the version that it was written behind; NULL: it does not say */
  gboolean has_down;    /* there is a way back */
  gint64 applied_at;    /* µs since 1970; 0: not applied */
  gint64 duration_ms;   /* -1: not measured */
  guint statement;      /* of a half-applied one: statements that are done */
  gboolean is_undoing;  /* it was the way back that was cut off */
  gboolean is_in_doubt; /* nobody knows yet whether the statement behind those has run */
} CormMigrationInfo;

typedef enum {
  CORM_MIGRATION_EACH, /* a transaction for each, and none for those that say so; where DDL has none, statement by statement */
  CORM_MIGRATION_RUN,  /* one for all: all of them or nothing. UNSUPPORTED where DDL has no transactions */
  CORM_MIGRATION_NONE, /* statement by statement */
} CormMigrationMode;

/* What is about to happen, or has. */
typedef struct {
  const char *version, *name;
  gboolean is_down;
  guint number, total;           /* of the migrations of this run, from 1 */
  guint statement, n_statements; /* from 1; 0: the migration is done */
  const char *sql;               /* NULL: a function, or none */
  gboolean is_skipped;           /* an earlier run that was cut off had run it */
} CormMigrationProgress;

/* @version NULL: of the whole run. FALSE with @error set stops the run. */
typedef gboolean (*CormMigrationHook) (CormConnection *conn, const char *version, gboolean is_down,
                                       gpointer data, GError **error);

typedef struct {
  CormMigrationMode mode;
  bool dry_run;       /* on_progress is told what would run; nothing is written */
  bool accept_edited; /* applied ones whose text has changed: go on, and record the new checksum */
  bool allow_late;    /* run those that stand before one that is applied already */
  bool allow_unknown; /* the database may have migrations that the set lacks: it is newer than the program */
  guint wait_ms;      /* how long to wait for another migrator; 0: a minute */
  /* before and after the whole run, and before and after each: these in its transaction. Only where there is something
   * to do. */
  CormMigrationHook before_run, after_run, before_each, after_each;
  void (*on_progress) (const CormMigrationProgress *progress, gpointer data);
  gpointer data;
} CormMigrationOptions;

/* What a program asks for when it starts. */
typedef enum {
  CORM_MIGRATIONS_EXACTLY,  /* all up to the version, and nothing else */
  CORM_MIGRATIONS_AT_LEAST, /* all up to the version */
  CORM_MIGRATIONS_BRING_UP, /* those that are missing are run */
} CormMigrationDemand;

/* An empty set. */
CORM_PUBLIC CormMigrations *corm_migrations_new (void) CORM_MUST_USE;
/**
 * corm_migrations_open_folder:
 * @path: a folder of VERSION_name.sql files; those of golang-migrate, goose, dbmate and Flyway are read too
 *
 * Errors: INVALID, with the file and the line: two of one version, text that is not UTF-8, an empty file, a mark that
 * is not known, an .sql file whose name has no version.
 */
CORM_PUBLIC CormMigrations *corm_migrations_open_folder (const char *path, GError **error) CORM_MUST_USE;
/* The same from a GResource compiled into the program: "/org/example/migrations". */
CORM_PUBLIC CormMigrations *corm_migrations_open_resource (const char *path, GError **error) CORM_MUST_USE;
/* Adds C functions to a set, each at its version's place. @steps, ended by an empty one, is copied. Errors: INVALID. */
CORM_PUBLIC gboolean corm_migrations_add_steps (CormMigrations *migrations, const CormMigrationStep *steps,
                                                GError **error);
/* Hooks of the set's own: every run of it has them, also one of corm_main()'s verbs, in front of those of the run's options.
 * Of @hooks the hooks and their data are taken. */
CORM_PUBLIC void corm_migrations_set_hooks (CormMigrations *migrations, const CormMigrationOptions *hooks);
CORM_PUBLIC void corm_migrations_free (CormMigrations *migrations);

/**
 * corm_migrations_upgrade:
 * @target: (nullable): up to there, itself included; NULL: head
 * @options: (nullable):
 *
 * Runs what is missing, one migrator at a time. A database that has it all is not written to, and may be read-only.
 * Where DDL has transactions a failing migration leaves the database as before it; else, and where a migration says
 * no-transaction, the history says how many of its statements are done, and the next run goes on behind them.
 * Errors: SCHEMA (history and set do not fit), INVALID (the target), BUSY, DENIED, UNSUPPORTED, and the statements',
 * with file and line.
 */
CORM_PUBLIC gboolean corm_migrations_upgrade (CormMigrations *migrations, CormDb *db, const char *target,
                                              const CormMigrationOptions *options, GError **error);
/* Takes back what lies behind @target, newest first. Before anything runs it is an error (UNSUPPORTED) if one of them has no
 * way back. */
CORM_PUBLIC gboolean corm_migrations_downgrade (CormMigrations *migrations, CormDb *db, const char *target,
                                                const CormMigrationOptions *options, GError **error);
/* Writes the history as if the database had been brought to @target, and runs nothing; "0005:3" says of one that was cut
 * off that three of its statements are done. NULL: to where the history table of golang-migrate, goose, dbmate, Flyway or
 * Alembic says that it is. */
CORM_PUBLIC gboolean corm_migrations_stamp (CormMigrations *migrations, CormDb *db, const char *target,
                                            const CormMigrationOptions *options, GError **error);
/* Whether the database is what the program was written for. @version NULL: head. Errors: SCHEMA, with the versions and the
 * next step; those of corm_migrations_upgrade(). */
CORM_PUBLIC gboolean corm_migrations_demand (CormMigrations *migrations, CormDb *db,
                                             CormMigrationDemand demand, const char *version,
                                             const CormMigrationOptions *options, GError **error);
/* CormMigrationInfo, in the order of the versions; @db NULL: all as pending. Free with g_ptr_array_unref(). */
CORM_PUBLIC GPtrArray *corm_migrations_list (CormMigrations *migrations, CormDb *db,
                                             GError **error) CORM_MUST_USE;
/* A script for the client of @uri's database (which is not opened) that leads from one target to the other, up or down,
 * with the rows of the history; free with g_free(). @from NULL: only the statements that lead up to @to. Errors: also UNSUPPORTED: a C function lies between them. */
CORM_PUBLIC char *corm_migrations_to_sql (CormMigrations *migrations, const char *uri, const char *from,
                                          const char *to, GError **error) CORM_MUST_USE;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormMigrations, corm_migrations_free)

G_END_DECLS
