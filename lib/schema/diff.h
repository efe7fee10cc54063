/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What differs between two schemas of one dialect, as a list of changes without SQL. */
#pragma once

#include <corm/migrate.h>
#include <corm/sys/driver.h>

/* One change. It borrows from both schemas. */
typedef struct {
  CormOpKind kind;
  const CormTable *table; /* as it should be; NULL: there should be none */
  const CormTable *live;  /* as it is; NULL: not there yet */
  gconstpointer part;     /* as it should be: the column (also of CREATE_ENUM), key, check or index */
  const char *name;       /* of the part; NULL: none, or the table itself */
  char *text;             /* one line for a person */
  char *hazard;           /* NULL: nothing */
  guint phase;            /* the order to run in */
} CormChange;

typedef struct {
  const CormDialect *dialect;
  const CormSchema *from;
  const CormSchema *to;
  GPtrArray *changes; /* CormChange */
} CormDiff;

/* Everything that turns @from into @to, in the order to run, then what only differs (CormChange). Where the dialect has
 * ALTER TABLE ADD CONSTRAINT, a foreign key of a new table that has to wait for its target is a change of its own;
 * all others belong to CREATE TABLE. */
GPtrArray *corm_schema_compare (const CormDialect *dialect, const CormSchema *from, const CormSchema *to);

/* The parts of it, a file each. */
void corm_diff_columns (CormDiff *diff, const CormTable *live, const CormTable *table);
void corm_diff_keys (CormDiff *diff, const CormTable *live, const CormTable *table);
void corm_diff_foreign_keys (CormDiff *diff, const CormTable *live, const CormTable *table);
void corm_diff_checks (CormDiff *diff, const CormTable *live, const CormTable *table);
void corm_diff_indexes (CormDiff *diff, const CormTable *live, const CormTable *table);

/* Takes @text. */
CormChange *corm_diff_add (CormDiff *diff, CormOpKind kind, const CormTable *live, const CormTable *table,
                           gconstpointer part, const char *name, char *text);
/* A difference: "WHAT: IS, the models say SHOULD"; "WHAT: is not in the models" where @is is NULL. */
void corm_diff_differs (CormDiff *diff, const CormTable *live, const CormTable *table, const char *name,
                        const char *what, const char *is, const char *should);
gboolean corm_diff_same_name (const CormDiff *diff, const char *a, const char *b);
/* The same names; in the same order where @ordered. */
gboolean corm_diff_same_names (const CormDiff *diff, const char *const *a, const char *const *b,
                               gboolean ordered);
const CormTable *corm_diff_find_table (const CormDiff *diff, const CormSchema *schema, const char *name);
const CormTableColumn *corm_diff_find_column (const CormDiff *diff, const CormTable *table, const char *name);
/* A unique index over columns alone, without a predicate, is as good as a constraint: its columns, else NULL. */
GStrv corm_index_key_columns (const CormTableIndex *index);
/* The columns that @key points to, the target's primary key where it names none. */
const char *const *corm_foreign_key_targets (const CormForeignKey *key, const CormTable *target);

/* Tables so that the target of a foreign key stands before the table that has it, where there is no circle; borrowed. */
GPtrArray *corm_tables_order (const GPtrArray *tables);
