/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The difference between two schemas as a value, and bringing a database to its models. */
#pragma once

#include <corm/schema.h>

G_BEGIN_DECLS

/* What an operation does; by the name that --allow takes: "drop-column". That of an object has the object's kind in its
 * name: "drop-view", "create-trigger". */
typedef enum {
  CORM_OP_CREATE_ENUM,
  CORM_OP_ADD_LABEL,
  CORM_OP_CHANGE_ENUM, /* the type is made anew: labels in another order, renamed, or fewer */
  CORM_OP_DROP_ENUM,
  CORM_OP_CREATE_TABLE,
  CORM_OP_RENAME_TABLE,
  CORM_OP_DROP_TABLE,
  CORM_OP_SET_OPTIONS,
  CORM_OP_ADD_COLUMN,
  CORM_OP_RENAME_COLUMN,
  CORM_OP_DROP_COLUMN,
  CORM_OP_SET_TYPE, /* with its length and collation */
  CORM_OP_BACKFILL, /* gives rows a value where they have none */
  CORM_OP_SET_NOT_NULL,
  CORM_OP_DROP_NOT_NULL,
  CORM_OP_SET_DEFAULT,
  CORM_OP_DROP_DEFAULT,
  CORM_OP_SET_GENERATED, /* the expression, or that there is one */
  CORM_OP_DROP_GENERATED,
  CORM_OP_SET_IDENTITY, /* whether the key is automatic */
  CORM_OP_ADD_PRIMARY_KEY,
  CORM_OP_DROP_PRIMARY_KEY,
  CORM_OP_ADD_UNIQUE,
  CORM_OP_DROP_UNIQUE,
  CORM_OP_ADD_FOREIGN_KEY,
  CORM_OP_DROP_FOREIGN_KEY,
  CORM_OP_ADD_CHECK,
  CORM_OP_DROP_CHECK,
  CORM_OP_VALIDATE, /* a constraint that was added without a look at the rows */
  CORM_OP_CREATE_INDEX,
  CORM_OP_DROP_INDEX,
  CORM_OP_SET_COMMENT,
  CORM_OP_CREATE_OBJECT,
  CORM_OP_DROP_OBJECT,
  CORM_OP_DIFFERS, /* something else differs, or may not be changed: reported, never touched */
  CORM_N_OP_KINDS
} CormOpKind;

/* Who has to agree before it runs. */
typedef enum {
  CORM_APPROVAL_NONE,        /* it adds: what is there stays as it is */
  CORM_APPROVAL_CHANGE,      /* it changes what is there, and its reverse brings everything back */
  CORM_APPROVAL_DESTRUCTIVE, /* something would be lost: it has to be allowed by name */
} CormApproval;

typedef enum {
  CORM_HAZARD_LOSES_DATA = 1 << 0,
  CORM_HAZARD_REWRITES = 1 << 1, /* every row is written */
  CORM_HAZARD_SCANS = 1 << 2,    /* every row is read while the lock is held */
  CORM_HAZARD_BLOCKS_READS = 1 << 3,
  CORM_HAZARD_BLOCKS_WRITES = 1 << 4,
  CORM_HAZARD_DATA_DEPENDENT = 1 << 5, /* rows that are there may refuse it */
  CORM_HAZARD_INCOMPATIBLE = 1 << 6,   /* the program's old version does not work with it */
} CormHazard;

typedef struct {
  CormOpKind kind;
  char *table;
  char *name;         /* of the column, key, check, index or object; NULL for a table */
  char *object;       /* kind of the object; NULL: none */
  char *text;         /* one line for a person: "add column jobs.pid" */
  GPtrArray *sql;     /* statements, in order; empty for DIFFERS */
  GPtrArray *reverse; /* statements that undo it, but for what was lost; empty where there are none */
  CormApproval approval;
  guint hazards; /* CormHazard */
  char *hazard;  /* the same in words, "rewrites the table"; NULL: nothing */
  char *lock;    /* the strongest that it takes, "ACCESS EXCLUSIVE"; NULL: none to speak of */
  gint64 rows;   /* that it reads or writes, -1: not known */
  gint64 bytes;
  gboolean alone;  /* it cannot stand in a transaction */
  gboolean repeat; /* its statement is run for a part of the rows each time, until it changes none */
  guint group;     /* those of one are one transaction, but for what cannot stand in one; 0: none */
} CormOp;

typedef struct {
  char *dialect;
  char *from;     /* fingerprint of the schema that it starts from, and of the one that it leads to; */
  char *to;       /* see corm_schema_fingerprint() */
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
/* The plan that corm_plan_to_json() wrote: written again it is the same bytes. Errors: INVALID, with the place, and when
 * it was changed since. */
CORM_PUBLIC CormPlan *corm_plan_from_json (const char *json, GError **error) CORM_MUST_USE;
/* "create-table"; "drop-view" of an object. */
CORM_PUBLIC char *corm_op_get_kind_name (const CormOp *op) CORM_MUST_USE;

typedef void (*CormOpFunc) (const CormOp *op, gpointer data);

typedef struct {
  bool dry_run; /* plan only */
  /* Operations that need approval and have it, ended by NULL: "drop-column:jobs.pid", "drop-column", "change" for all
   * that can be undone, "destructive" for everything. Those that have none are handed to @on_op as DIFFERS. */
  const char *const *allow;
  bool online; /* step by step with the least locks, instead of all in one transaction */
  guint
      lock_wait; /* ms that a statement waits for a lock before it lets others pass and tries again; 0: 50 on
                  * PostgreSQL, else 1000 */
  guint wait_ms; /* how long to wait for another migrator; 0: a minute */
  CormOpFunc on_op; /* told of each operation before it runs, and of each difference */
  gpointer data;
} CormMigrateOptions;

/**
 * corm_db_migrate:
 * @options: (nullable):
 *
 * Brings the database to the registry's models: creates tables, adds columns, indexes and constraints; in one
 * transaction where the database allows it, under a lock that other migrators wait for. Whatever else differs is
 * changed where @options->allow says so; else it is handed to @options->on_op, or logged as a warning, and not touched.
 * Errors: SCHEMA, BUSY, DENIED, and the data's (UNIQUE, FOREIGN_KEY, NOT_NULL, CHECK) with the database as before.
 */
CORM_PUBLIC gboolean corm_db_migrate (CormDb *db, const CormMigrateOptions *options, GError **error);
/* The plan that corm_db_migrate() would run. */
CORM_PUBLIC CormPlan *corm_db_plan (CormDb *db, GError **error) CORM_MUST_USE;
/* The same towards any schema. */
CORM_PUBLIC CormPlan *corm_schema_migrate (CormConnection *conn, const CormSchema *to,
                                           const CormMigrateOptions *options, GError **error) CORM_MUST_USE;

/* A plan that was made before, all of it or nothing. Errors as above; STALE: the database is not as it was when the plan
 * was made; DENIED: an operation that loses something is not in @options->allow. */
CORM_PUBLIC gboolean corm_plan_apply (CormConnection *conn, const CormPlan *plan,
                                      const CormMigrateOptions *options, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormPlan, corm_plan_free)

G_END_DECLS
