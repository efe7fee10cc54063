/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* PostgreSQL: statements that read a whole table, or wait, while others may not come in. */
#include "lint/rule.h"

#include "schema/words.h"

#include <string.h>

/* A check that says the same has been validated: the server then need not read the rows. */
static gboolean
has_no_null_check (CormLint *lint, const CormLintAction *action)
{
  g_autofree char *wanted = g_strdup_printf ("%s is not null", action->name);
  for (guint i = 0; i < action->place; i++) {
    const CormLintAction *check = lint->actions->pdata[i];
    if (check->kind == CORM_ACTION_ADD_CHECK && corm_lint_same_name (check->table, action->table) &&
        corm_words_equal (check->text, wanted))
      return TRUE;
  }
  const CormTable *table = corm_lint_live_table (lint, action->table);
  for (guint i = 0; table != NULL && i < table->checks->len; i++) {
    const CormCheck *check = table->checks->pdata[i];
    if (!check->not_valid && corm_words_equal (check->sql, wanted))
      return TRUE;
  }
  return FALSE;
}

static gboolean
reads_for_null (CormLint *lint, const CormLintAction *action)
{
  CormLintColumn column = corm_lint_find_column (lint, action, action->name);
  gboolean already = column.live != NULL && column.live->not_null;
  return !already && !has_no_null_check (lint, action);
}

/* A foreign key over a column that the same statement adds finds NULLs only, if there is no default. */
static gboolean
has_rows_to_read (CormLint *lint, const CormLintAction *action)
{
  const char *name = action->columns->len == 1 ? action->columns->pdata[0] : NULL;
  const CormLintAction *column =
      name != NULL ? corm_lint_beside (action, CORM_ACTION_ADD_COLUMN, name) : NULL;
  if (column == NULL && (action->flags & CORM_FLAG_INLINE))
    column = corm_lint_find_before (lint, action, CORM_ON (ADD_COLUMN), name);
  return column == NULL || column->statement != action->statement || column->default_sql != NULL;
}

static gboolean
was_added_here (CormLint *lint, const CormLintAction *action)
{
  guint64 kinds = CORM_ON (ADD_CHECK) | CORM_ON (ADD_FOREIGN_KEY);
  const CormLintAction *added = corm_lint_find_before (lint, action, kinds, action->name);
  return action->transaction != 0 && added != NULL && added->transaction == action->transaction;
}

static gboolean
is_in_transaction (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return action->transaction != 0;
}

static gboolean
is_strong (CormLint *lint, const CormLintAction *action)
{
  static const char *const weak[] = { "share update exclusive", "row share", "row exclusive",
                                      "access share" };
  g_autofree char *mode = action->text != NULL ? g_ascii_strdown (action->text, -1) : g_strdup ("");
  (void) lint;
  for (gsize i = 0; i < G_N_ELEMENTS (weak); i++)
    if (strstr (mode, weak[i]) != NULL && (i != 3 || strstr (mode, "exclusive") == NULL))
      return FALSE;
  return TRUE;
}

#define STRONG \
  (CORM_ON (ADD_COLUMN) | CORM_ON (DROP_COLUMN) | CORM_ON (RENAME_COLUMN) | CORM_ON (RENAME_TABLE) | \
   CORM_ON (SET_TYPE) | CORM_ON (SET_NOT_NULL) | CORM_ON (DROP_NOT_NULL) | CORM_ON (SET_DEFAULT) | \
   CORM_ON (DROP_DEFAULT) | CORM_ON (ADD_CHECK) | CORM_ON (ADD_FOREIGN_KEY) | CORM_ON (ADD_UNIQUE) | \
   CORM_ON (ADD_PRIMARY_KEY) | CORM_ON (DROP_CONSTRAINT) | CORM_ON (DROP_TABLE) | CORM_ON (TRUNCATE) | \
   CORM_ON (LOCK))

/* The first statement of the script that waits for everybody, with nothing before it that bounds the wait. */
static gboolean
waits_for_ever (CormLint *lint, const CormLintAction *action)
{
  for (guint i = 0; i < action->place; i++) {
    const CormLintAction *before = lint->actions->pdata[i];
    if (before->kind == CORM_ACTION_SET && g_strcmp0 (before->name, "lock_timeout") == 0)
      return FALSE;
    if (((STRONG >> before->kind) & 1) && !corm_lint_is_new (lint, before))
      return FALSE;
  }
  return TRUE;
}

/* A change of many rows, and a lock from before that keeps readers out until the end. */
static gboolean
fills_under_lock (CormLint *lint, const CormLintAction *action)
{
  for (guint i = action->place; i > 0 && action->transaction != 0; i--) {
    const CormLintAction *before = lint->actions->pdata[i - 1];
    if (before->transaction == action->transaction && ((STRONG >> before->kind) & 1) &&
        !corm_lint_is_new (lint, before) && corm_lint_same_name (before->table, action->table))
      return TRUE;
  }
  return FALSE;
}

static gboolean
cannot_be_in_one (CormLint *lint, const CormLintAction *action)
{
  gboolean alone = action->kind == CORM_ACTION_VACUUM || (action->flags & CORM_FLAG_CONCURRENTLY) ||
                   (action->kind == CORM_ACTION_CREATE_OTHER && g_strcmp0 (action->object, "database") == 0);
  return alone && is_in_transaction (lint, action);
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "index-blocks-writes", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "CREATE INDEX holds a SHARE lock on the table until every row is in the index: reading goes on, but every INSERT, "
      "UPDATE and DELETE waits.",
      "CREATE INDEX CONCURRENTLY, outside a transaction; if it fails, drop the invalid index and begin again",
      "CREATE INDEX jobs_status ON jobs (status);",
      "CREATE INDEX CONCURRENTLY jobs_status ON jobs (status);" },
    .on = CORM_ON (CREATE_INDEX), .without = CORM_FLAG_CONCURRENTLY,
    .says = "building index {n} keeps everybody from writing to {t}" },
  { .rule = { "drop-index-blocks", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "DROP INDEX takes an ACCESS EXCLUSIVE lock on the table: it waits for every running query, and all later ones, "
      "readers too, wait behind it.",
      "DROP INDEX CONCURRENTLY, outside a transaction",
      "DROP INDEX jobs_name;",
      "DROP INDEX CONCURRENTLY jobs_name;" },
    .on = CORM_ON (DROP_INDEX), .without = CORM_FLAG_CONCURRENTLY,
    .says = "dropping index {n} locks out readers and writers of its table" },
  { .rule = { "not-in-a-transaction", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "pgsql",
      "CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY, REINDEX CONCURRENTLY, VACUUM and CREATE DATABASE commit by "
      "themselves several times, so the server refuses them inside a transaction.",
      "put it into a migration of its own with the line -- corm:no-transaction",
      "BEGIN;\nCREATE INDEX CONCURRENTLY jobs_status ON jobs (status);\nCOMMIT;",
      "CREATE INDEX CONCURRENTLY jobs_status ON jobs (status);" },
    .on = CORM_ON (CREATE_INDEX) | CORM_ON (DROP_INDEX) | CORM_ON (REINDEX) | CORM_ON (VACUUM) | CORM_ON (CREATE_OTHER),
    .new_too = TRUE, .when = cannot_be_in_one,
    .says = "this cannot run inside a transaction" },
  { .rule = { "reindex-blocks", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "REINDEX keeps writers off the table while it builds, and takes an ACCESS EXCLUSIVE lock on each index, so that most "
      "queries wait too.",
      "REINDEX … CONCURRENTLY, outside a transaction",
      "REINDEX TABLE jobs;",
      "REINDEX TABLE CONCURRENTLY jobs;" },
    .on = CORM_ON (REINDEX), .without = CORM_FLAG_CONCURRENTLY,
    .says = "REINDEX keeps everybody from writing until it is done" },
  { .rule = { "unique-builds-index", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "ADD UNIQUE builds its index while the table is locked with ACCESS EXCLUSIVE: nobody reads or writes until every row "
      "has been sorted.",
      "build the index first with CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_key UNIQUE (pid);",
      "CREATE UNIQUE INDEX CONCURRENTLY jobs_pid_key ON jobs (pid);\n"
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_key UNIQUE USING INDEX jobs_pid_key;" },
    .on = CORM_ON (ADD_UNIQUE), .without = CORM_FLAG_USING_INDEX,
    .says = "the index of the unique constraint is built while nobody may read {t}" },
  { .rule = { "primary-key-builds-index", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "ADD PRIMARY KEY builds its index, and looks for NULLs, while the table is locked with ACCESS EXCLUSIVE.",
      "make the columns NOT NULL first, build a unique index CONCURRENTLY, then ADD PRIMARY KEY USING INDEX",
      "ALTER TABLE logs ADD PRIMARY KEY (id);",
      "CREATE UNIQUE INDEX CONCURRENTLY logs_pkey ON logs (id);\n"
      "ALTER TABLE logs ADD CONSTRAINT logs_pkey PRIMARY KEY USING INDEX logs_pkey;" },
    .on = CORM_ON (ADD_PRIMARY_KEY), .without = CORM_FLAG_USING_INDEX,
    .says = "the primary key's index is built while nobody may read {t}" },
  { .rule = { "foreign-key-scans", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "ADD FOREIGN KEY compares every row with the other table, and holds a SHARE ROW EXCLUSIVE lock on both meanwhile: "
      "nobody writes to either.",
      "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own, which lets writers in",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_cluster_fk FOREIGN KEY (cluster_id) REFERENCES clusters (id);",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_cluster_fk FOREIGN KEY (cluster_id) REFERENCES clusters (id) NOT VALID;\n"
      "ALTER TABLE jobs VALIDATE CONSTRAINT jobs_cluster_fk;" },
    .on = CORM_ON (ADD_FOREIGN_KEY), .without = CORM_FLAG_NOT_VALID, .when = has_rows_to_read,
    .says = "the foreign key is checked row by row while nobody may write to {t} or {o}" },
  { .rule = { "check-scans", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "ADD CHECK reads every row under an ACCESS EXCLUSIVE lock: nobody reads or writes meanwhile.",
      "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_check CHECK (pid > 0);",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_check CHECK (pid > 0) NOT VALID;\n"
      "ALTER TABLE jobs VALIDATE CONSTRAINT jobs_pid_check;" },
    .on = CORM_ON (ADD_CHECK), .without = CORM_FLAG_NOT_VALID,
    .says = "the check is tried on every row while nobody may read {t}" },
  { .rule = { "not-null-scans", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "SET NOT NULL reads every row under an ACCESS EXCLUSIVE lock, unless a validated check already says that there is no NULL.",
      "add CHECK (column IS NOT NULL) NOT VALID, validate it, then SET NOT NULL and drop the check",
      "ALTER TABLE jobs ALTER COLUMN name SET NOT NULL;",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_name_there CHECK (name IS NOT NULL) NOT VALID;\n"
      "ALTER TABLE jobs VALIDATE CONSTRAINT jobs_name_there;\n"
      "ALTER TABLE jobs ALTER COLUMN name SET NOT NULL;\n"
      "ALTER TABLE jobs DROP CONSTRAINT jobs_name_there;" },
    .on = CORM_ON (SET_NOT_NULL), .when = reads_for_null,
    .says = "every row of {t} is searched for NULLs in {n} while nobody may read it" },
  { .rule = { "validate-in-same-transaction", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "VALIDATE CONSTRAINT alone lets readers and writers in; behind ADD CONSTRAINT in the same transaction it runs under that "
      "one's lock, so NOT VALID has won nothing.",
      "commit between the two",
      "BEGIN;\n"
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_check CHECK (pid > 0) NOT VALID;\n"
      "ALTER TABLE jobs VALIDATE CONSTRAINT jobs_pid_check;\n"
      "COMMIT;",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_check CHECK (pid > 0) NOT VALID;\n"
      "ALTER TABLE jobs VALIDATE CONSTRAINT jobs_pid_check;" },
    .on = CORM_ON (VALIDATE), .when = was_added_here,
    .says = "{n} is validated in the transaction that adds it, whose lock keeps others out" },
  { .rule = { "exclusion-scans", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "An exclusion constraint always builds its index under an ACCESS EXCLUSIVE lock; there is no way to do it beside others.",
      "have it from the beginning, in CREATE TABLE; else in a window without load, with lock_timeout",
      "ALTER TABLE bookings ADD CONSTRAINT bookings_apart EXCLUDE USING gist (during WITH &&);",
      "CREATE TABLE rooms_booked (during tsrange, EXCLUDE USING gist (during WITH &&));" },
    .on = CORM_ON (ADD_EXCLUSION),
    .says = "the exclusion constraint is built while nobody may read {t}" },
  { .rule = { "refresh-blocks", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "REFRESH MATERIALIZED VIEW locks the view against readers until its query is done.",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view",
      "REFRESH MATERIALIZED VIEW totals;",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;" },
    .on = CORM_ON (REFRESH), .without = CORM_FLAG_CONCURRENTLY, .new_too = TRUE,
    .says = "nobody can read {t} while it is refreshed" },
  { .rule = { "lock-table", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "LOCK TABLE in a strong mode, which is the mode where none is named, holds back others until the transaction ends.",
      "lock the rows (SELECT … FOR UPDATE), or IN SHARE UPDATE EXCLUSIVE MODE against other migrations only",
      "BEGIN;\nLOCK TABLE jobs;\nUPDATE jobs SET pid = 1 WHERE id = 1;\nCOMMIT;",
      "BEGIN;\nLOCK TABLE jobs IN SHARE UPDATE EXCLUSIVE MODE;\nUPDATE jobs SET pid = 1 WHERE id = 1;\nCOMMIT;" },
    .on = CORM_ON (LOCK), .when = is_strong,
    .says = "{t} is locked against others until the transaction ends" },
  { .rule = { "no-lock-timeout", CORM_LINT_BLOCKING, CORM_SEVERITY_NOTE, "pgsql",
      "Even a change that takes a millisecond waits for the longest query that is running, and everybody who comes later, "
      "readers too, waits behind it: one forgotten transaction stops the table.",
      "SET lock_timeout = '1s' in front, and try again",
      "ALTER TABLE jobs ADD COLUMN color text;",
      "SET lock_timeout = '100ms';\nALTER TABLE jobs ADD COLUMN color text;" },
    .on = STRONG, .when = waits_for_ever,
    .says = "it waits for every running query on {t} without a limit, and all later ones wait behind it" },
  { .rule = { "backfill-under-lock", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "pgsql",
      "An ALTER TABLE keeps its ACCESS EXCLUSIVE lock until the transaction ends; an UPDATE of many rows in the same "
      "transaction makes that long.",
      "commit the ALTER first; then fill the rows in batches of a transaction each",
      "BEGIN;\nALTER TABLE jobs ADD COLUMN color text;\nUPDATE jobs SET color = 'red';\nCOMMIT;",
      "ALTER TABLE jobs ADD COLUMN color text;\nUPDATE jobs SET color = 'red' WHERE id BETWEEN 1 AND 10;" },
    .on = CORM_ON (UPDATE) | CORM_ON (DELETE) | CORM_ON (INSERT), .when = fills_under_lock,
    .says = "the rows of {t} change in the transaction that altered it, and nobody can read it meanwhile" },
};
/* clang-format on */

const CormLintTable corm_lint_pgsql_locks = { checks, G_N_ELEMENTS (checks) };
