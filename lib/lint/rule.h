/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A rule as data: which actions it is about, and at most one function that looks at what stands around them. */
#pragma once

#include "lint/action.h"

#include <corm/lint.h>

typedef struct {
  const CormDialect *dialect;
  CormConnection *conn;   /* NULL: none */
  const CormSchema *live; /* of @conn; NULL: none */
  gboolean transaction;   /* the whole script is in one */
  gboolean plan;          /* a plan of Corm's, whose rebuilds keep what belongs to a table */
  gboolean
      keys_off; /* whoever runs it turns foreign keys off: Corm's own runner does, unless told otherwise */
  GPtrArray *statements; /* CormLintStatement */
  GPtrArray *actions;    /* CormLintAction of all statements, in order; borrowed */
  char *detail;          /* {d} in the rule's words; taken by who prints it */
} CormLint;

typedef struct {
  CormLintRule rule;
  guint64 on;       /* CORM_ON (…) of the actions */
  guint flags;      /* that the action has, all of them */
  guint without;    /* and that it has not, none of them */
  gboolean new_too; /* also where the script itself makes the table */
  const char *only; /* names of settings, clauses or kinds of objects, parted by blanks; NULL: any */
  gboolean (*when) (CormLint *lint, const CormLintAction *action); /* NULL: always */
  const char *says; /* {t} table, {n} name, {o} other, {y} type, {d} detail */
} CormLintCheck;

typedef struct {
  const CormLintCheck *checks;
  guint n;
} CormLintTable;

/* A file each. */
extern const CormLintTable corm_lint_change, corm_lint_objects, corm_lint_naming, corm_lint_keys,
    corm_lint_pgsql_locks, corm_lint_pgsql_rewrites, corm_lint_pgsql_types, corm_lint_mysql,
    corm_lint_mysql_copies, corm_lint_sqlite3, corm_lint_sqlite3_types, corm_lint_rows, corm_lint_portable,
    corm_lint_comments;

/* --- what stands around an action; context.c -------------------------------------------------------------------- */

/* The script made the table, before this action, also under another name. */
gboolean corm_lint_is_new (const CormLint *lint, const CormLintAction *action);
gboolean corm_lint_same_name (const char *a, const char *b);
/* The table's next or former action of @kinds; NULL: none. @name: of that name only; NULL: any. */
const CormLintAction *corm_lint_find_before (const CormLint *lint, const CormLintAction *action,
                                             guint64 kinds, const char *name);
const CormLintAction *corm_lint_find_behind (const CormLint *lint, const CormLintAction *action,
                                             guint64 kinds, const char *name);
/* A column as the script last defined it, else as it is in the database; either may be NULL. */
typedef struct {
  const CormLintAction *said;
  const CormTableColumn *live;
} CormLintColumn;
CormLintColumn corm_lint_find_column (const CormLint *lint, const CormLintAction *action, const char *name);
/* NULL: not known. */
const char *corm_lint_column_type (const CormLintColumn *column);
const CormTable *corm_lint_live_table (const CormLint *lint, const char *name);
/* Another action of the same statement. */
const CormLintAction *corm_lint_beside (const CormLintAction *action, CormLintActionKind kind,
                                        const char *name);
/* "name (a, b)": the type's bare name without what stands in parentheses, "numeric"; free with g_free(). */
char *corm_lint_type_base (const char *type);
/* The number in the type's parentheses, 0: none. */
guint corm_lint_type_length (const char *type);
gboolean corm_lint_has_call (const CormLint *lint, const char *expression, const char *const *names);
