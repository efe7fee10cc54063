/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The set of migrations beside the history: what is to be done, or why nothing may be. */
#pragma once

#include "evolve/history.h"

/* One of them may be NULL; both are borrowed. */
typedef struct {
  CormMigration *migration;
  CormHistoryRow *row;
  CormMigrationState state;
} CormLedgerEntry;

/* CormLedgerEntry by version. @rows must outlive it. */
GPtrArray *corm_ledger_new (const CormMigrations *set, const GPtrArray *rows);
/* Versions of what is applied, in order; borrowed from @ledger. */
GPtrArray *corm_ledger_applied (const GPtrArray *ledger);
/* The version that @target means; see corm_migrations_resolve(). */
gboolean corm_ledger_resolve (const CormMigrations *set, const GPtrArray *ledger, const char *target,
                              const char **version, GError **error);
/* What to run to come to @version, in order (entries of @ledger, borrowed). Errors: SCHEMA, UNSUPPORTED. */
GPtrArray *corm_ledger_plan (const CormMigrations *set, const GPtrArray *ledger,
                             CormMigrationDirection direction, const char *version,
                             const CormMigrationOptions *options, GError **error);
/* FALSE: two were written behind the same one, by people who did not know of each other. */
gboolean corm_ledger_check_branch (const CormMigrations *set, const CormMigration *migration, GError **error);
/* Whether the database has what the set lacks, or what was edited, or what stands half done. */
gboolean corm_ledger_check_unknown (const GPtrArray *ledger, GError **error);

/* takeover.c: those of @set (CormMigration, borrowed) that another tool's history has. Errors: NOT_FOUND, SCHEMA. */
GPtrArray *corm_takeover_read (const CormMigrations *set, CormConnection *conn, GError **error);
