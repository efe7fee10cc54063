/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The harm of each rule on SQLite. */
#include "lint.h"

#define TWO_NULLS \
  "INSERT INTO people VALUES (1, NULL);\nINSERT INTO people VALUES (2, NULL);\nSELECT count(*) FROM people"
#define INDEXES "SELECT count(*) > 1 FROM pragma_index_list('parts') WHERE origin = 'c'"
#define MEMBERS \
  "CREATE TABLE members (id int PRIMARY KEY, cluster_id int REFERENCES clusters (id) ON DELETE CASCADE);\n" \
  "INSERT INTO members VALUES (1, 1)"

static const LintHarm harms[] = {
  { "drop-table", lint_loses, "SELECT count(*) FROM jobs|SELECT count(*) FROM jobs_retired", NULL },
  { "drop-column", lint_loses, "SELECT sum(pid) FROM jobs|SELECT sum(pid_retired) FROM jobs", NULL },
  { "delete-without-where", lint_changes, "SELECT count(*) FROM jobs WHERE status <> 'done'", NULL },
  { "update-without-where", lint_changes, "SELECT count(*) FROM jobs WHERE status = 'done'", NULL },
  { "rename-table", lint_breaks, "SELECT count(name) FROM jobs", NULL },
  { "rename-column", lint_breaks, "SELECT count(status) FROM jobs", NULL },
  { "not-null-without-value", lint_is_refused, NULL, NULL },
  { "if-not-exists-hides", lint_breaks, "SELECT count(label) FROM jobs", NULL },
  { "nullable-unique", lint_shows, TWO_NULLS, NULL },
  { "checks-off", lint_shows, "SELECT count(*) FROM guarded WHERE n = 1000",
    "CREATE TABLE guarded (n int CHECK (n < 100))" },
  { "commit-without-begin", lint_survives_rollback, "SELECT count(*) FROM logs WHERE id >= 100", NULL },

  { "missing-foreign-key-index", lint_plan_has, "SCAN steps|SELECT 1 FROM steps WHERE job_id = 1", NULL },
  { "duplicate-index", lint_shows, INDEXES, NULL },
  { "index-is-prefix", lint_shows, INDEXES, NULL },
  { "reserved-name", lint_breaks_either, "SELECT count(order) FROM lists|SELECT count(position) FROM lists",
    NULL },
  { "odd-name", lint_breaks_either,
    "SELECT count(*) FROM job logs WHERE job.id = 1|SELECT count(*) FROM job_logs", NULL },

  { "drop-table-cascades", lint_changes, "SELECT count(*) FROM members", MEMBERS },
  { "pragma-in-transaction", lint_shows, "SELECT foreign_keys FROM pragma_foreign_keys", NULL },
  { "writable-schema", lint_breaks_others, "SELECT count(*) FROM logs", NULL },
  { "rebuild-moves-references", lint_changes,
    "SELECT count(*) FROM pragma_foreign_key_list('members') WHERE \"table\" = 'clusters'", MEMBERS },
  { "rebuild-loses-indexes", lint_changes, "SELECT count(*) FROM sqlite_master WHERE name = 'jobs_name'",
    NULL },
  { "add-column-default-not-constant", lint_is_refused, NULL, NULL },
  { "add-column-unique", lint_is_refused, NULL, NULL },
  { "add-reference-with-default", lint_is_refused, NULL, NULL },
  { "alter-not-supported", lint_is_refused, NULL, NULL },
  { "drop-column-in-use", lint_is_refused, NULL, NULL },
  { "vacuum-in-transaction", lint_is_refused, NULL, NULL },
  { "insert-or-replace-deletes", lint_changes, "SELECT note FROM clusters WHERE id = 1",
    "ALTER TABLE clusters ADD COLUMN note varchar(20) DEFAULT 'new';\nUPDATE clusters SET note = 'mine'" },
  { "ignore-swallows-errors", lint_shows, "SELECT count(*) = 0 FROM clusters WHERE id = 3", NULL },

  { "type-affinity", lint_shows,
    "INSERT INTO agents VALUES ('007');\nSELECT typeof(code) <> 'text' FROM agents", NULL },
  { "int-primary-key", lint_shows, "INSERT INTO tags (tag) VALUES ('a');\nSELECT id IS NULL FROM tags",
    NULL },
  { "key-takes-null", lint_shows, "INSERT INTO words VALUES (NULL);\nSELECT 1", NULL },
  { "table-not-strict", lint_shows, "INSERT INTO counts VALUES ('many');\nSELECT 1", NULL },
  { "key-is-used-again", lint_shows,
    "INSERT INTO orders (item) VALUES ('a');\nDELETE FROM orders;\nINSERT INTO orders (item) VALUES ('b');\n"
    "SELECT id = 1 FROM orders",
    NULL },
  { "string-in-double-quotes", lint_changes, "SELECT count(*) FROM tasks WHERE note = 'open'",
    "CREATE TABLE tasks (note text, done text);\nINSERT INTO tasks VALUES ('open', 'open');\n"
    "INSERT INTO tasks VALUES ('done', 'no')" },
  { "without-rowid", lint_shows,
    "INSERT INTO logs VALUES (100, 'x');\nINSERT INTO visits VALUES (7, 'p');\nSELECT last_insert_rowid() <> "
    "7",
    NULL },

  { "doubles-in-the-way", lint_is_refused, NULL, NULL },
  { "ignored-rule-unknown", lint_finds, "drop-table", NULL },

  { "backtick-name", lint_other_refuses, "pgsql", NULL },
  { "double-quoted-name", lint_other_refuses, "mysql", NULL },
  { "autoincrement", lint_other_refuses, "pgsql", NULL },
  { "replace-into", lint_other_refuses, "pgsql", NULL },
  { "insert-ignore", lint_other_refuses, "pgsql", NULL },
  { "partial-index", lint_other_refuses, "mysql", NULL },
  { NULL, NULL, NULL, NULL },
};

const LintHarm *const lint_sqlite3 = harms;
