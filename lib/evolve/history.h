/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The table in which a database keeps its migrations. */
#pragma once

#include "evolve/migration.h"

#define CORM_HISTORY_TABLE "corm_migrations" /* no part of anybody's schema */

typedef enum { CORM_HISTORY_APPLIED, CORM_HISTORY_UPGRADING, CORM_HISTORY_DOWNGRADING } CormHistoryState;

/* A row. The members behind state are those of a migration that is under way statement by statement: so many are done, and
 * all of them together have this checksum; the next has been begun when doing, its checksum, is set, and the part of the
 * schema that it names was then as doing_schema says. */
typedef struct {
  char *version, *name, *checksum;
  gint64 applied_at;  /* µs */
  gint64 duration_ms; /* -1: not measured */
  CormHistoryState state;
  guint statement;
  char *statement_checksum, *doing, *doing_schema;
} CormHistoryRow;

void corm_history_row_free (gpointer row);
/* CormHistoryRow by version; *exists: whether there is such a table. Errors: SCHEMA, when it has another shape. */
GPtrArray *corm_history_read (CormConnection *conn, gboolean *exists, GError **error);
gboolean corm_history_make_table (CormConnection *conn, GError **error);

/* Statements, for a connection or a script; free with g_free(). */
char *corm_history_sql_create (const CormDialect *dialect);
char *corm_history_sql_insert (const CormDialect *dialect, const CormHistoryRow *row);
char *corm_history_sql_update (const CormDialect *dialect, const CormHistoryRow *row);
char *corm_history_sql_delete (const CormDialect *dialect, const char *version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormHistoryRow, corm_history_row_free)
