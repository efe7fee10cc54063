/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From a difference to a plan: what may be done, the SQL of each change, what undoes it, what may hurt. */
#pragma once

#include "render/alter.h"
#include "schema/diff.h"
#include "schema/plan.h"

typedef struct {
  const CormDialect *dialect;
  const CormSchema *live; /* as it is */
  const CormSchema *to;   /* as it should be, in the server's words: what is compared */
  const CormSchema
      *wanted;        /* the same in the words that it was asked for with: what is written. May be @to. */
  CormApproval level; /* what needs no more approval than this runs */
  const char *const *allow; /* what may run beyond, as in CormMigrateOptions; NULL: nothing */
  gboolean online;          /* least locks */
  CormConnection
      *conn; /* to try renames in a scratch place, where the dialect rebuilds; NULL: they aren't tried */
  const CormDiff *diff;     /* that the plan is made of, while it is */
  const CormChange *undoes; /* the change whose reverse is being written; NULL: none */
} CormPlanner;

/* @diff (nullable): takes the changes behind the plan, which borrow from @live and @to. What may not run, or can't,
 * stands in the plan as DIFFERS. */
CormPlan *corm_planner_plan (const CormPlanner *planner, CormDiff **diff, GError **error);

/* approve.c */
gboolean corm_planner_allows (const CormPlanner *planner, const CormDiff *diff, const CormChange *change);
/* "jobs.pid", "jobs", "v_active": what stands behind the colon of an --allow; free with g_free(). */
char *corm_change_get_subject (const CormChange *change);

/* alter.c: the parts of a change, in the words that were asked for. */
const CormTable *corm_planner_wanted_table (const CormPlanner *planner, const CormTable *table);
const CormTableColumn *corm_planner_wanted_column (const CormPlanner *planner, const CormChange *change);
/* "name type …", "CONSTRAINT name UNIQUE (…)": the whole definition of the change's part. NULL: it has none. */
char *corm_planner_definition (const CormPlanner *planner, const CormChange *change, GError **error);
/* The statements of @change for a table that can be altered. FALSE with no error: this database has no such change. */
gboolean corm_planner_alter (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, char *mark,
                             GError **error);
/* .convert of the change's column, over the table as it was, with the names that its columns have by then; NULL: none. */
char *corm_planner_convert (const CormPlanner *planner, const CormChange *change);
gboolean corm_planner_define_column (const CormPlanner *planner, const CormTable *wanted,
                                     const CormTableColumn *column, GString *text, GError **error);
/* What a new column's definition has no place for. */
void corm_planner_say_behind (const CormPlanner *planner, const CormChange *change, GPtrArray *sql);
/* The expression that a row's value is made of where the type changes. */
char *corm_planner_conversion (const CormPlanner *planner, const CormChange *change);
/* "varchar(9) COLLATE x" */
char *corm_planner_type (const CormPlanner *planner, const CormChange *change);

/* naming.c: of the change's part, made up where it has none; NULL: it needs none. Free with g_free(). */
char *corm_planner_name (const CormChange *change);
/* The same; the primary key of a table that is being renamed has the name that it was made with. */
char *corm_planner_live_name (const CormPlanner *planner, const CormChange *change);

/* filled.c: a column that comes with a value for the rows that are there. Whether @change adds such a one; all of it as
 * statements of one operation; and as operations of their own, for a database at work. */
gboolean corm_planner_is_filled (const CormPlanner *planner, const CormChange *change);
gboolean corm_planner_add_filled (const CormPlanner *planner, const CormChange *change, GPtrArray *sql,
                                  GError **error);
gboolean corm_planner_plan_filled (const CormPlanner *planner, const CormDiff *diff, const CormChange *change,
                                   CormPlan *plan, GError **error);

/* numbering.c: "ADD GENERATED …", "SET GENERATED ALWAYS", "DROP IDENTITY". The dialect's own way, FALSE: it has none for
 * these. A column's other options, where the dialect has alter_options. Is @sequence perhaps that of a column which stops
 * numbering itself and goes on taking from it? */
char *corm_planner_identity (const CormPlanner *planner, const CormChange *change);
gboolean corm_planner_set_identity (const CormPlanner *planner, const CormChange *change, GPtrArray *sql);
gboolean corm_planner_column_options (const CormPlanner *planner, const CormChange *change, GPtrArray *sql);
gboolean corm_planner_may_be_there (const CormPlanner *planner, const CormSchemaObject *sequence);

/* modify.c: where the dialect takes a column's whole definition for every change of it. Whether @change is such a one; the
 * definition by then; the statements of a change that takes more than its template, with *@done set where it is one. */
gboolean corm_planner_modifies (const CormPlanner *planner, const CormChange *change);
char *corm_planner_modified (const CormPlanner *planner, const CormChange *change, GError **error);
gboolean corm_planner_modify (const CormPlanner *planner, const CormChange *change, GPtrArray *sql,
                              gboolean *done, GError **error);

/* hazard.c: the locks and hazards of an operation. */
void corm_planner_weigh (const CormPlanner *planner, const CormChange *change, CormOp *op);

/* measure.c: its rows and bytes. */
void corm_planner_measure (const CormPlanner *planner, const CormDiff *diff, const CormChange *change,
                           CormOp *op);

/* invert.c: the change that undoes @change; FALSE: none does. @back: the planner with both sides exchanged. */
gboolean corm_change_invert (const CormChange *change, CormChange *inverse);
void corm_planner_invert (const CormPlanner *planner, const CormDiff *diff, CormPlanner *back);
/* What hangs on a dropped table that comes back: its indexes, and the triggers that went with it. */
void corm_planner_restore (const CormPlanner *planner, const CormDiff *diff, const CormTable *table,
                           GPtrArray *sql, GError **error);

/* enum.c: a type with other labels, made beside the old one. */
gboolean corm_planner_change_enum (const CormPlanner *planner, const CormChange *change, GPtrArray *sql,
                                   GError **error);

/* rebuild.c: all changes to one table that ALTER TABLE cannot make one by one; into the operation of the first. */
gboolean corm_planner_rebuild (const CormPlanner *planner, const CormDiff *diff, const GPtrArray *changes,
                               CormOp *op, GError **error);
/* It is part of its table's rebuild. */
gboolean corm_change_is_rebuild (const CormChange *change);
