/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What an SQL script or a plan would do to those who work on the database meanwhile, and to what is in it, said before
 * it runs. Every rule has a name, an example that does harm, and one that does not. */
#pragma once

#include <corm/migrate.h>

G_BEGIN_DECLS

typedef enum {
  CORM_SEVERITY_NOTE,    /* worth knowing */
  CORM_SEVERITY_WARNING, /* harmful on a table that is large or in use */
  CORM_SEVERITY_ERROR,   /* loses something, or fails */
} CormSeverity;

typedef enum {
  CORM_LINT_DESTRUCTIVE,    /* something is lost */
  CORM_LINT_BLOCKING,       /* others wait */
  CORM_LINT_DATA_DEPENDENT, /* the rows decide whether it fails */
  CORM_LINT_INCOMPATIBLE,   /* the program's old version does not work with it */
  CORM_LINT_MISTAKE,        /* it fails, or does not do what it seems to */
  CORM_LINT_TYPES,          /* a type that does not keep what it is given */
  CORM_LINT_NAMING,
  CORM_LINT_PERFORMANCE,
  CORM_LINT_PORTABILITY, /* another database refuses it; only looked for when asked */
  CORM_N_LINT_CLASSES
} CormLintClass;

typedef struct {
  const char *name; /* "index-blocks-writes" */
  CormLintClass kind;
  CormSeverity severity;
  const char *dialects; /* "pgsql mysql" */
  const char *reason;   /* a sentence or two */
  const char *advice;   /* the safe way in a sentence */
  const char *bad;      /* a script that has the finding, and one that has not */
  const char *safe;
} CormLintRule;

typedef struct {
  const CormLintRule *rule;
  CormSeverity severity; /* the rule's; less where a look at the database said so */
  guint line;            /* of the script, from 1; of a plan the number of the operation */
  char *statement;       /* on one line of bounded length */
  char *message;
} CormFinding;

typedef struct {
  const char *dialect;  /* "sqlite3", "pgsql", "mysql"; NULL: that of @conn */
  CormConnection *conn; /* whose tables and rows are looked at; NULL: the script alone */
  bool transaction; /* it is a migration: Corm runs it in a transaction, and on SQLite without foreign keys,
                         * unless its marks say otherwise */
  bool portable;    /* what another database refuses is a finding too */
  const char *const *ignore; /* names of rules, ended by NULL; NULL: none */
} CormLintOptions;

/* All rules, each a const CormLintRule; of one name there is one for each database whose examples differ. The array is
 * the caller's, free with g_ptr_array_unref(). */
CORM_PUBLIC GPtrArray *corm_lint_rules (void) CORM_MUST_USE;
CORM_PUBLIC const char *corm_lint_class_name (CormLintClass kind);

/**
 * corm_lint_sql:
 *
 * The findings (CormFinding) in a script, in its order; free with g_ptr_array_unref(). Statements further up count: an
 * index on a table that the script makes blocks nobody. "-- corm:lint-ignore RULE why" in front of a statement turns a
 * rule off for it. Where the script has "-- corm:up", only that part is looked at. Nothing is written to the database.
 * Errors: INVALID, UNSUPPORTED for a dialect that is not built in, those of the database.
 */
CORM_PUBLIC GPtrArray *corm_lint_sql (const char *script, const CormLintOptions *options,
                                      GError **error) CORM_MUST_USE;
/* The same for the statements of a plan, in its dialect. */
CORM_PUBLIC GPtrArray *corm_lint_plan (const CormPlan *plan, const CormLintOptions *options,
                                       GError **error) CORM_MUST_USE;

G_END_DECLS
