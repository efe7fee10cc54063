/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The harm of each rule on MariaDB. */
#include "lint.h"

#define TWO_NULLS \
  "INSERT INTO people VALUES (1, NULL);\nINSERT INTO people VALUES (2, NULL);\nSELECT count(*) FROM people"
#define GUARDED "CREATE TABLE guarded (n int, CONSTRAINT guarded_range CHECK (n < 100))"
#define STEPS "CREATE TABLE steps (id int PRIMARY KEY, job_id int REFERENCES jobs (id))"
#define TEXTS "CREATE TABLE texts (id int PRIMARY KEY, body text) DEFAULT CHARSET=latin1"
#define INDEXES \
  "SELECT count(*) > 1 FROM information_schema.statistics WHERE table_schema = database() AND table_name = " \
  "'parts' " \
  "AND index_name <> 'PRIMARY' AND seq_in_index = 1"

static const LintHarm harms[] = {
  { "drop-table", lint_loses, "SELECT count(*) FROM jobs|SELECT count(*) FROM jobs_retired", NULL },
  { "drop-column", lint_loses, "SELECT sum(pid) FROM jobs|SELECT sum(pid_retired) FROM jobs", NULL },
  { "truncate", lint_changes, "SELECT count(*) FROM jobs WHERE status <> 'done'", NULL },
  { "delete-without-where", lint_changes, "SELECT count(*) FROM jobs WHERE status <> 'done'", NULL },
  { "update-without-where", lint_changes, "SELECT count(*) FROM jobs WHERE status = 'done'", NULL },
  { "rename-table", lint_breaks, "SELECT count(name) FROM jobs", NULL },
  { "rename-column", lint_breaks, "SELECT count(status) FROM jobs", NULL },
  { "change-renames-column", lint_breaks, "SELECT count(status) FROM jobs", NULL },
  { "not-null-without-value", lint_shows, "SELECT count(*) FROM jobs WHERE color = ''", NULL },
  { "if-not-exists-hides", lint_breaks, "SELECT count(label) FROM jobs", NULL },
  { "nullable-unique", lint_shows, TWO_NULLS, NULL },
  { "drop-constraint", lint_shows, "INSERT INTO guarded VALUES (1000);\nSELECT 1", GUARDED },
  { "drop-database", lint_breaks, "SELECT count(*) FROM corm_lint_old.kept",
    "CREATE DATABASE IF NOT EXISTS corm_lint_old;\nCREATE TABLE IF NOT EXISTS corm_lint_old.kept (id int);\n"
    "CREATE TABLE IF NOT EXISTS corm_lint_old.gone (id int)" },
  { "checks-off", lint_shows, "SELECT count(*) FROM steps WHERE job_id = 999", STEPS },
  { "commit-without-begin", lint_survives_rollback, "SELECT count(*) FROM logs WHERE id >= 100", NULL },

  { "duplicate-index", lint_shows, INDEXES, NULL },
  { "index-is-prefix", lint_shows, INDEXES, NULL },
  { "foreign-key-type-differs", lint_is_refused, NULL, NULL },
  { "view-with-star", lint_breaks_after, "ALTER TABLE jobs DROP COLUMN pid|SELECT count(*) FROM job_list",
    NULL },
  { "name-too-long", lint_is_refused, NULL, NULL },
  { "reserved-name", lint_breaks_either, "SELECT count(order) FROM lists|SELECT count(position) FROM lists",
    NULL },
  { "odd-name", lint_breaks_either, "SELECT count(*) FROM job logs|SELECT count(*) FROM job_logs", NULL },

  { "modify-forgets", lint_shows,
    "SELECT count(*) FROM information_schema.columns WHERE table_schema = database() AND table_name = 'jobs' "
    "AND "
    "column_name = 'level' AND is_nullable = 'YES' AND column_default = 'NULL' AND column_comment = ''",
    NULL },
  { "implicit-commit", lint_survives_rollback, "SELECT count(*) FROM logs WHERE id >= 100", NULL },
  { "lock-table", lint_holds, "UPDATE jobs SET pid = 2 WHERE id = 2", NULL },
  { "engine-without-transactions", lint_shows,
    "BEGIN;\nINSERT INTO counts VALUES (1);\nROLLBACK;\nSELECT count(*) FROM counts", NULL },
  { "ignore-swallows-errors", lint_shows, "SELECT count(*) FROM clusters WHERE name = ''", NULL },
  { "sql-mode-loosened", lint_shows, "SELECT count(*) FROM jobs WHERE status = 'do'", NULL },
  { "replace-deletes", lint_changes, "SELECT note FROM clusters WHERE id = 1",
    "ALTER TABLE clusters ADD COLUMN note varchar(20) DEFAULT 'new';\nUPDATE clusters SET note = 'mine'" },
  { "charset-utf8mb3", lint_breaks_after, "SELECT 1|INSERT INTO talks VALUES ('\xf0\x9f\x98\x80')", NULL },
  { "timestamp-ends-2038", lint_breaks_after, "SELECT 1|INSERT INTO leases VALUES ('2039-01-01 00:00:00')",
    NULL },
  { "float-loses-digits", lint_shows,
    "INSERT INTO sizes VALUES (16777217);\nSELECT size <> 16777217 FROM sizes", NULL },
  { "float-rounds", lint_shows, "INSERT INTO sizes VALUES (0.125);\nSELECT size <> 0.125 FROM sizes", NULL },
  { "char-trims", lint_shows,
    "INSERT INTO labels VALUES ('ab ');\nSELECT char_length(label) <> 3 FROM labels", NULL },
  { "int-key-overflows", lint_breaks_after, "SELECT 1|INSERT INTO notes (id) VALUES (2147483648)", NULL },

  { "modify-copies", lint_locks_out, NULL, NULL },
  { "label-removed", lint_is_refused, NULL, NULL },
  { "label-inserted", lint_locks_out, NULL, NULL },
  { "charset-conversion-copies", lint_locks_out, NULL, TEXTS },
  { "engine-change-copies", lint_locks_out, NULL, NULL },
  { "copy-asked-for", lint_locks_out, NULL, NULL },
  { "stored-column-copies", lint_locks_out, NULL, NULL },
  { "foreign-key-copies", lint_locks_out, NULL, NULL },
  { "check-copies", lint_locks_out, NULL, NULL },
  { "primary-key-copies", lint_locks_out, NULL, NULL },
  { "fulltext-index-blocks", lint_locks_out, NULL, TEXTS },

  { "doubles-in-the-way", lint_is_refused, NULL, NULL },
  { "ignored-rule-unknown", lint_finds, "drop-table", NULL },
  { "nulls-in-the-way", lint_is_refused, NULL, "UPDATE jobs SET name = NULL WHERE id = 7" },
  { "orphans-in-the-way", lint_is_refused, NULL, NULL },
  { "breaches-in-the-way", lint_is_refused, NULL, NULL },
  { "values-do-not-fit", lint_is_refused, NULL, NULL },

  { "backtick-name", lint_other_refuses, "pgsql", NULL },
  { "auto-increment", lint_other_refuses, "sqlite3", NULL },
  { "enum-in-column", lint_other_refuses, "sqlite3", NULL },
  { "unsigned-type", lint_other_refuses, "pgsql", NULL },
  { "on-update-now", lint_other_refuses, "sqlite3", NULL },
  { "replace-into", lint_other_refuses, "pgsql", NULL },
  { "insert-ignore", lint_other_refuses, "pgsql", NULL },
  { "limit-in-change", lint_other_refuses, "pgsql", NULL },
  { "column-if-not-exists", lint_other_refuses, "sqlite3", NULL },
  { NULL, NULL, NULL, NULL },
};

const LintHarm *const lint_mysql = harms;
