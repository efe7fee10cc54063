/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The difference between two schemas as a value, and bringing a database to its models. */
#pragma once

#include <corm/schema.h>

G_BEGIN_DECLS

typedef enum {
  CORM_OP_CREATE_ENUM,
  CORM_OP_CREATE_TABLE,
  CORM_OP_ADD_COLUMN,
  CORM_OP_ADD_UNIQUE,
  CORM_OP_ADD_FOREIGN_KEY,
  CORM_OP_ADD_CHECK,
  CORM_OP_CREATE_INDEX,
  CORM_OP_DIFFERS, /* something else differs: reported, never touched */
} CormOpKind;

typedef struct {
  CormOpKind kind;
  char *table;
  char *name;         /* of the column, key, check or index; NULL for a table */
  char *text;         /* one line for a person: "add column jobs.pid" */
  GPtrArray *sql;     /* statements, in order; empty for DIFFERS */
  GPtrArray *reverse; /* statements that undo it; empty where there are none */
  char *hazard;       /* what may hurt, "rewrites the table"; NULL: nothing */
} CormOp;

typedef struct {
  char *dialect;
  GPtrArray *ops; /* CormOp, in the order to run them */
} CormPlan;

/* From what is to what should be; both canonical in the same dialect, that of @conn. */
CORM_PUBLIC CormPlan *corm_schema_diff (CormConnection *conn, const CormSchema *from, const CormSchema *to,
                                        GError **error) CORM_MUST_USE;
CORM_PUBLIC void corm_plan_free (CormPlan *plan);
/* Operations that would run, and those that are only reported. */
CORM_PUBLIC guint corm_plan_get_n_changes (const CormPlan *plan);
CORM_PUBLIC guint corm_plan_get_n_differences (const CormPlan *plan);
/* Its SQL as a script; JSON with every member; free with g_free(). */
CORM_PUBLIC char *corm_plan_to_sql (const CormPlan *plan) CORM_MUST_USE;
CORM_PUBLIC char *corm_plan_to_json (const CormPlan *plan) CORM_MUST_USE;

typedef void (*CormOpFunc) (const CormOp *op, gpointer data);

typedef struct {
  bool dry_run;     /* plan only */
  CormOpFunc on_op; /* told of each operation before it runs, and of each difference */
  gpointer data;
} CormMigrateOptions;

/**
 * corm_db_migrate:
 * @options: (nullable):
 *
 * Brings the database to the registry's models: creates tables, adds columns, indexes and constraints; in one
 * transaction where the database allows it, under a lock that other migrators wait for. Whatever else differs is
 * handed to @options->on_op, or logged as a warning, and not touched.
 * Errors: SCHEMA, BUSY, DENIED, and the data's (UNIQUE, FOREIGN_KEY, NOT_NULL, CHECK) with the database as before.
 */
CORM_PUBLIC gboolean corm_db_migrate (CormDb *db, const CormMigrateOptions *options, GError **error);
/* The plan that corm_db_migrate() would run. */
CORM_PUBLIC CormPlan *corm_db_plan (CormDb *db, GError **error) CORM_MUST_USE;
/* The same towards any schema. */
CORM_PUBLIC CormPlan *corm_schema_migrate (CormConnection *conn, const CormSchema *to,
                                           const CormMigrateOptions *options, GError **error) CORM_MUST_USE;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormPlan, corm_plan_free)

G_END_DECLS
