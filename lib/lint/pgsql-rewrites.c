/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* PostgreSQL: statements that write a whole table anew while nobody may read it. */
#include "lint/rule.h"

#include <string.h>

static gboolean
is_one_of (const char *word, const char *const *words)
{
  return word != NULL && g_strv_contains (words, word);
}

static gboolean
is_volatile (CormLint *lint, const CormLintAction *action)
{
  static const char *const calls[] = {
    "random",   "gen_random_uuid", "clock_timestamp",    "timeofday",
    "nextval",  "setval",          "uuid_generate_v1",   "uuid_generate_v4",
    "pg_sleep", "txid_current",    "uuid_generate_v1mc", "gen_random_bytes",
    NULL
  };
  return corm_lint_has_call (lint, action->default_sql, calls);
}

static gboolean
is_serial (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "serial",  "bigserial", "smallserial", "serial2",
                                       "serial4", "serial8",   NULL };
  g_autofree char *base = action->type != NULL ? corm_lint_type_base (action->type) : NULL;
  return is_one_of (base, types) || (action->flags & CORM_FLAG_IDENTITY);
}

/* Text of any length, as PostgreSQL stores it alike. */
static gboolean
is_text (const char *type)
{
  return g_str_has_prefix (type, "text") || g_str_has_prefix (type, "varchar") ||
         g_str_has_prefix (type, "character varying");
}

/* Whether the rows have to be written, as far as the former type is known. */
static gboolean
is_rewrite (CormLint *lint, const CormLintAction *action)
{
  CormLintColumn column = corm_lint_find_column (lint, action, action->name);
  const char *was = corm_lint_column_type (&column), *is = action->type;
  if (is == NULL)
    return FALSE;
  if (was == NULL)
    return !is_text (is) || corm_lint_type_length (is) != 0;
  if (is_text (was) && is_text (is)) {
    guint from = corm_lint_type_length (was), to = corm_lint_type_length (is);
    return to != 0 &&
           (from == 0 || to < from); /* a shorter one is read, not written; others wait just the same */
  }
  return g_ascii_strcasecmp (was, is) != 0;
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "type-change-rewrites", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "Another type means that every row and every index is written anew under an ACCESS EXCLUSIVE lock; only a longer "
      "varchar, or text in its place, costs nothing.",
      "add a column of the new type, have the program write both, fill the old rows in batches, then change over",
      "ALTER TABLE jobs ALTER COLUMN pid TYPE bigint;",
      "ALTER TABLE jobs ADD COLUMN pid_long bigint;" },
    .on = CORM_ON (SET_TYPE), .when = is_rewrite,
    .says = "the new type of {n} writes all of {t} anew while nobody may read it" },
  { .rule = { "volatile-default-rewrites", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "A default that is constant is kept in the catalogue; one that is another for each row, as random() or "
      "gen_random_uuid(), is written into every row under an ACCESS EXCLUSIVE lock.",
      "add the column without a default, set the default for new rows, fill the old ones in batches",
      "ALTER TABLE jobs ADD COLUMN token uuid DEFAULT gen_random_uuid();",
      "ALTER TABLE jobs ADD COLUMN token uuid;\nALTER TABLE jobs ALTER COLUMN token SET DEFAULT gen_random_uuid();" },
    .on = CORM_ON (ADD_COLUMN), .when = is_volatile,
    .says = "the default of {n} is another for each row, so all of {t} is written anew" },
  { .rule = { "serial-column-rewrites", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "A column that numbers itself gets its number in every row at once: the table is written anew under an ACCESS "
      "EXCLUSIVE lock.",
      "add a plain column, a sequence and its default; number the old rows in batches",
      "ALTER TABLE jobs ADD COLUMN number bigserial;",
      "CREATE SEQUENCE jobs_number;\n"
      "ALTER TABLE jobs ADD COLUMN number bigint;\n"
      "ALTER TABLE jobs ALTER COLUMN number SET DEFAULT nextval('jobs_number');" },
    .on = CORM_ON (ADD_COLUMN), .when = is_serial,
    .says = "numbering {n} writes all of {t} anew while nobody may read it" },
  { .rule = { "generated-column-rewrites", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "A stored generated column is computed for every row while the table is locked with ACCESS EXCLUSIVE.",
      "a view, an index on the expression, or a plain column that a trigger fills",
      "ALTER TABLE jobs ADD COLUMN twice int GENERATED ALWAYS AS (pid * 2) STORED;",
      "CREATE VIEW jobs_twice AS SELECT id, pid * 2 AS twice FROM jobs;" },
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_GENERATED | CORM_FLAG_STORED,
    .says = "computing {n} writes all of {t} anew while nobody may read it" },
  { .rule = { "vacuum-full-rewrites", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "VACUUM FULL writes the table anew, needs as much space once more, and lets nobody read it meanwhile.",
      "VACUUM, which works beside others",
      "VACUUM FULL jobs;",
      "VACUUM jobs;" },
    .on = CORM_ON (VACUUM), .flags = CORM_FLAG_FULL,
    .says = "VACUUM FULL writes {t} anew while nobody may read it" },
  { .rule = { "cluster-rewrites", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "CLUSTER writes the table anew in an index's order, and lets nobody read it meanwhile; later rows do not keep the order.",
      "an index that holds all that the query reads",
      "CLUSTER jobs USING jobs_name;",
      "CREATE INDEX CONCURRENTLY jobs_by_name ON jobs (name) INCLUDE (status);" },
    .on = CORM_ON (CLUSTER),
    .says = "CLUSTER writes {t} anew while nobody may read it" },
  { .rule = { "storage-change-rewrites", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "SET LOGGED, SET UNLOGGED, SET TABLESPACE and SET ACCESS METHOD write the whole table anew; an unlogged table is "
      "empty after a crash besides.",
      "a new table of that kind, filled in batches",
      "ALTER TABLE jobs SET UNLOGGED;",
      "CREATE TABLE jobs_scratch (id int, note text);" },
    .on = CORM_ON (SET_OPTION), .only = "logged unlogged tablespace access",
    .says = "{t} is written anew while nobody may read it" },
};
/* clang-format on */

const CormLintTable corm_lint_pgsql_rewrites = { checks, G_N_ELEMENTS (checks) };
