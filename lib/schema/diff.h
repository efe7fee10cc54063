/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What differs between two schemas of one dialect, as a list of changes without SQL. */
#pragma once

#include <corm/migrate.h>
#include <corm/sys/driver.h>

/* One change. It borrows from the schemas of its CormDiff. */
typedef struct {
  CormOpKind kind;
  const CormTable *table; /* as it should be; NULL: there should be none */
  const CormTable *live;  /* as it is when all names are changed; NULL: not there yet */
  gconstpointer part;     /* the column (also of CREATE_ENUM), key, check, index or object as it should be */
  gconstpointer is;       /* and as it is */
  const char *name;       /* of the part; NULL: none, or the table itself */
  const char *was;        /* of a rename: the former name; of a comment: the former text, */
  const char *comment;    /* the new one, */
  CormCommentOn on;       /* and what it stands on */
  char *text;             /* what is done, one line for a person */
  char *
      difference; /* how it reads where it is left alone; "": not at all, another change says it; NULL: text */
  char *hazard;   /* NULL: nothing beyond what its kind has */
  CormApproval approval;
  guint group; /* changes of one group are made together or not at all; 0: alone */
  guint phase; /* the order to run in, */
  guint order; /* and within it; equals stay as they were found */
} CormChange;

typedef struct {
  const CormDialect *dialect;
  const CormSchema *before; /* as it is */
  const CormSchema *from;   /* the same with the new names: tables and columns stand in the same places */
  CormSchema *renamed;      /* owns it; NULL: no name changes */
  const CormSchema *to;
  GPtrArray *changes; /* CormChange, in the order to run, then what only differs */
  guint n_groups;
} CormDiff;

/* Everything that turns @from into @to. Borrows both. @renamed (nullable, taken): @from as the database has it when the
 * renames have run, where the words for it can't be foretold. Where the dialect has ALTER TABLE ADD CONSTRAINT, a foreign key of
 * a new table that has to wait for its target is a change of its own; all others belong to CREATE TABLE. */
CormDiff *corm_diff_new (const CormDialect *dialect, const CormSchema *from, const CormSchema *to,
                         CormSchema *renamed);
void corm_diff_free (CormDiff *diff);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormDiff, corm_diff_free)

/* The parts of it, a file each. */
void corm_diff_rename (CormDiff *diff);
/* The texts of views, triggers and routines behind the renames; then, those that have to be made again for them. */
void corm_diff_follow (CormDiff *diff);
void corm_diff_make_followers (CormDiff *diff);
void corm_diff_columns (CormDiff *diff, const CormTable *live, const CormTable *table);
void corm_diff_enums (CormDiff *diff);
void corm_diff_keys (CormDiff *diff, const CormTable *live, const CormTable *table);
void corm_diff_foreign_keys (CormDiff *diff, const CormTable *live, const CormTable *table);
void corm_diff_checks (CormDiff *diff, const CormTable *live, const CormTable *table);
void corm_diff_indexes (CormDiff *diff, const CormTable *live, const CormTable *table);
void corm_diff_objects (CormDiff *diff);
/* How objects follow each other: those that are made as @schema has them, those that go the other way round. */
void corm_diff_order_object (CormChange *change, const CormSchema *schema, const CormSchemaObject *object);
/* @object has to be there before the tables of @schema: types, and functions that columns and checks call. All others are
 * made behind them. */
gboolean corm_schema_object_is_early (const CormSchema *schema, const CormSchemaObject *object);
/* Generated columns around changes of what they read. */
void corm_diff_generated (CormDiff *diff);
/* What stands in the way of the other changes, made free and put back: foreign keys, views. */
void corm_diff_untie (CormDiff *diff);

/* Takes @text. Approval and phase are those of the kind. */
CormChange *corm_diff_add (CormDiff *diff, CormOpKind kind, const CormTable *live, const CormTable *table,
                           gconstpointer part, gconstpointer is, const char *name, char *text);
/* How @change reads when it is left alone: "WHAT: IS, the models say SHOULD"; "WHAT: is not in the models" where @is is
 * NULL. */
void corm_change_says (const CormDiff *diff, CormChange *change, const char *what, const char *is,
                       const char *should);
/* A difference that nothing is done about. */
void corm_diff_differs (CormDiff *diff, const CormTable *live, const CormTable *table, const char *name,
                        const char *what, const char *is, const char *should);
/* Both are made together; the approval is that of the one that needs more. */
void corm_diff_join (CormDiff *diff, CormChange *a, CormChange *b);
gboolean corm_diff_same_name (const CormDiff *diff, const char *a, const char *b);
/* The same names; in the same order where @ordered. */
gboolean corm_diff_same_names (const CormDiff *diff, const char *const *a, const char *const *b,
                               gboolean ordered);
gboolean corm_diff_has_name (const CormDiff *diff, const char *const *names, const char *name);
/* Options, comments and the like: what models do not say is no difference. */
gboolean corm_diff_same_text (const CormDiff *diff, const char *is, const char *should);
const CormTable *corm_diff_find_table (const CormDiff *diff, const CormSchema *schema, const char *name);
const CormTableColumn *corm_diff_find_column (const CormDiff *diff, const CormTable *table, const char *name);
/* A change of the comment on a part, where there is one; @on: "table jobs". */
void corm_diff_comment (CormDiff *diff, CormCommentOn on, const CormTable *live, const CormTable *table,
                        gconstpointer part, const char *name, const char *is, const char *should);

/* The types are the same, or a value of the one is one of the other as it stands. */
gboolean corm_diff_same_type (const CormDiff *diff, const CormTableColumn *a, const CormTableColumn *b);
gboolean corm_diff_is_wider (const CormTableColumn *is, const CormTableColumn *should);
const char *corm_diff_type_words (const CormTableColumn *column);
/* DEFAULT NULL is none. */
gboolean corm_diff_has_default (const CormTableColumn *column);
gboolean corm_diff_same_default (const CormTableColumn *a, const CormTableColumn *b);

/* A unique index over columns alone, without a predicate, is as good as a constraint: its columns, else NULL. */
GStrv corm_index_key_columns (const CormTableIndex *index);
/* @table holds just these columns, in any order, to be unique already. */
gboolean corm_table_has_unique (const CormTable *table, const char *const *columns);
/* The columns that @key points to, the target's primary key where it names none. */
const char *const *corm_foreign_key_targets (const CormForeignKey *key, const CormTable *target);
/* The foreign key of @keys over the same columns; the one with the same target rather than another. @like_is_live: @like
 * is what is there, and @keys are those that should be. */
const CormForeignKey *corm_diff_find_foreign_key (const CormDiff *diff, const GPtrArray *keys,
                                                  const CormForeignKey *like, gboolean like_is_live);
/* "(a, b)" */
char *corm_diff_list (const char *const *names);

/* Tables so that the target of a foreign key stands before the table that has it, where there is no circle; borrowed. */
GPtrArray *corm_tables_order (const GPtrArray *tables);
