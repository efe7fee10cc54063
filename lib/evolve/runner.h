/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One run of migrations, as its parts share it. */
#pragma once

#include "evolve/ledger.h"
#include "engine/lock.h"

typedef struct {
  CormConnection *conn;
  CormMigratorLock *lock; /* while something is run */
  const CormDialect *dialect;
  const CormMigrations *set;
  CormMigrationOptions options;
  CormMigrationDirection direction;
  guint number, total; /* of the migrations to run */
} CormRunner;

/* Tells the program. @statement from 0; @statements NULL: a function. */
void corm_runner_tell (const CormRunner *runner, const CormMigration *migration, const GPtrArray *statements,
                       guint statement, gboolean is_skipped);
/* The migration is done. */
void corm_runner_tell_done (const CormRunner *runner, const CormMigration *migration);
/* Calls the set's hook and then the run's, where there are such. @hook: the offset of its member in the options. */
gboolean corm_runner_hook (const CormRunner *runner, gsize hook, const CormMigration *migration,
                           GError **error);
#define CORM_RUNNER_HOOK(member) offsetof (CormMigrationOptions, member)
/* One statement; an error bears its file and line. */
gboolean corm_runner_run_statement (const CormRunner *runner, const CormMigration *migration,
                                    const CormMigrationStatement *statement, GError **error);
/* What the history says at the end: a row more, or one less. @row: what it says now; NULL: nothing. */
gboolean corm_runner_record (const CormRunner *runner, const CormMigration *migration,
                             const CormHistoryRow *row, gint64 duration_ms, GError **error);
CormHistoryRow *corm_runner_new_row (const CormMigration *migration);

/* Rows that point to no row, where foreign keys are off meanwhile. */
gboolean corm_runner_count_violations (const CormRunner *runner, guint64 *n, GError **error);
/* Runs and records it in the transaction that is open; in one of its own. */
gboolean corm_runner_run_here (const CormRunner *runner, const CormMigration *migration, GError **error);
gboolean corm_runner_run_in_transaction (const CormRunner *runner, const CormMigration *migration,
                                         GError **error);

/* stepwise.c: without a transaction around it, from where @row (nullable) says that it was cut off. */
gboolean corm_runner_run_stepwise (const CormRunner *runner, const CormMigration *migration,
                                   const CormHistoryRow *row, GError **error);
/* Of the first @n statements, together. */
char *corm_stepwise_sum (const GPtrArray *statements, guint n);
/* Says by hand how far @row, which was cut off, has come. */
gboolean corm_stepwise_stamp (CormConnection *conn, const CormMigration *migration, const CormHistoryRow *row,
                              guint64 n, GError **error);

/* doubt.c: what a statement may do. */
typedef enum {
  CORM_STATEMENT_ROWS,       /* changes or reads rows alone: it can stand in a transaction with its record */
  CORM_STATEMENT_STRUCTURE,  /* changes the schema: whether it ran can be seen there */
  CORM_STATEMENT_REPEATABLE, /* a second time does no harm */
  CORM_STATEMENT_OPAQUE,     /* nobody can know */
} CormStatementKind;
CormStatementKind corm_doubt_get_kind (const char *statement);
/* A checksum of what @statement names in the schema as it is now; NULL where the driver cannot read the schema. */
char *corm_doubt_look (CormConnection *conn, const char *statement, GError **error);
/* Drops the indexes that @statement names and that were not built to their end. */
gboolean corm_doubt_drop_invalid (CormConnection *conn, const char *statement, GError **error);
