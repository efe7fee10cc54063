/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The harm of each rule on PostgreSQL. */
#include "lint.h"

#define WRITE "UPDATE jobs SET pid = 2 WHERE id = 2"
#define READ "SELECT count(*) FROM jobs"
#define STORAGE "SELECT pg_relation_filenode('jobs')"
#define MOODS \
  "CREATE TYPE mood AS ENUM ('sad', 'glad');\nCREATE TABLE moods (mood mood);\nINSERT INTO moods VALUES " \
  "('sad')"
#define TWO_NULLS \
  "INSERT INTO people VALUES (1, NULL);\nINSERT INTO people VALUES (2, NULL);\nSELECT count(*) FROM people"
#define GUARDED "CREATE TABLE guarded (n int, CONSTRAINT guarded_range CHECK (n < 100))"
#define STEPS \
  "CREATE TABLE steps (id int PRIMARY KEY, job_id int);\n" \
  "CREATE FUNCTION refuse () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.job_id > 100 THEN RAISE " \
  "'no job'; " \
  "END IF; RETURN NEW; END $$;\n" \
  "CREATE TRIGGER steps_refuse BEFORE INSERT ON steps FOR EACH ROW EXECUTE FUNCTION refuse ()"
/* Indexes beside the primary key that take space. */
#define INDEXES \
  "SELECT count(*) > 1 FROM pg_index WHERE indrelid = 'parts'::regclass AND NOT indisprimary AND " \
  "pg_relation_size(indexrelid) > 8192"

static const LintHarm harms[] = {
  { "index-blocks-writes", lint_blocks_and_reads, WRITE, NULL },
  { "drop-index-blocks", lint_blocks, READ, NULL },
  { "not-in-a-transaction", lint_is_refused, NULL, NULL },
  { "reindex-blocks", lint_blocks, WRITE, NULL },
  { "unique-builds-index", lint_blocks_and_reads, READ, NULL },
  { "primary-key-builds-index", lint_blocks_and_reads, "SELECT count(*) FROM logs", NULL },
  { "foreign-key-scans", lint_blocks_and_reads, "UPDATE clusters SET name = name", NULL },
  { "check-scans", lint_blocks_and_reads, READ, NULL },
  { "not-null-scans", lint_blocks_and_reads, READ, NULL },
  { "validate-in-same-transaction", lint_blocks_and_reads, READ, NULL },
  { "exclusion-scans", lint_blocks_and_reads, "SELECT count(*) FROM bookings",
    "CREATE TABLE bookings (during tsrange);\nINSERT INTO bookings VALUES ('[2030-01-01,2030-01-02)')" },
  { "refresh-blocks", lint_blocks, "SELECT count(*) FROM totals",
    "CREATE MATERIALIZED VIEW totals AS SELECT status, count(*) AS n FROM jobs GROUP BY status;\n"
    "CREATE UNIQUE INDEX totals_key ON totals (status)" },
  { "lock-table", lint_blocks, WRITE, NULL },
  { "no-lock-timeout", lint_queues, READ, NULL },
  { "backfill-under-lock", lint_blocks_and_reads, READ, NULL },

  { "type-change-rewrites", lint_changes, STORAGE, NULL },
  { "volatile-default-rewrites", lint_changes, STORAGE, NULL },
  { "serial-column-rewrites", lint_changes, STORAGE, NULL },
  { "generated-column-rewrites", lint_changes, STORAGE, NULL },
  { "vacuum-full-rewrites", lint_changes, STORAGE, NULL },
  { "cluster-rewrites", lint_changes, STORAGE, NULL },
  { "storage-change-rewrites", lint_changes, STORAGE, NULL },

  { "char-pads", lint_shows, "INSERT INTO codes VALUES ('ab');\nSELECT octet_length(code) <> 2 FROM codes",
    NULL },
  { "timestamp-without-zone", lint_shows,
    "SET TimeZone = 'UTC';\nINSERT INTO events VALUES (timestamptz '2030-01-01 12:00+00');\n"
    "SET TimeZone = 'Asia/Tokyo';\nINSERT INTO events VALUES (timestamptz '2030-01-01 12:00+00');\n"
    "SELECT count(DISTINCT at) <> 1 FROM events",
    NULL },
  { "money-type", lint_shows,
    "INSERT INTO prices VALUES (0.125);\nSELECT price::numeric <> 0.125 FROM prices", NULL },
  { "json-not-jsonb", lint_breaks, "SELECT count(*) FROM (SELECT DISTINCT data FROM settings) s", NULL },
  { "float-loses-digits", lint_shows,
    "INSERT INTO sizes VALUES (16777217);\nSELECT size::float8 <> 16777217 FROM sizes", NULL },
  { "serial-takes-any-value", lint_shows, "INSERT INTO notes (id, note) VALUES (1, 'own');\nSELECT 1", NULL },
  { "int-key-overflows", lint_breaks, "SELECT setval(pg_get_serial_sequence('notes', 'id'), 2147483648)",
    NULL },
  { "sequence-cycles", lint_shows,
    "SELECT nextval('tickets') + nextval('tickets') + nextval('tickets');\n"
    "SELECT nextval('tickets')",
    NULL },
  { "label-used-early", lint_is_refused, NULL, MOODS },
  { "rename-label", lint_breaks, "SELECT count(*) FROM moods WHERE mood = 'sad'", MOODS },

  { "drop-table", lint_loses, "SELECT count(*) FROM jobs|SELECT count(*) FROM jobs_retired", NULL },
  { "drop-column", lint_loses, "SELECT sum(pid) FROM jobs|SELECT sum(pid_retired) FROM jobs", NULL },
  { "truncate", lint_changes, "SELECT count(*) FROM jobs WHERE status <> 'done'", NULL },
  { "delete-without-where", lint_changes, "SELECT count(*) FROM jobs WHERE status <> 'done'", NULL },
  { "update-without-where", lint_changes, "SELECT count(*) FROM jobs WHERE status = 'done'", NULL },
  { "rename-table", lint_breaks, "SELECT count(name) FROM jobs", NULL },
  { "rename-column", lint_breaks, "SELECT count(status) FROM jobs", NULL },
  { "not-null-without-value", lint_is_refused, NULL, NULL },
  { "if-not-exists-hides", lint_breaks, "SELECT count(label) FROM jobs", NULL },
  { "nullable-unique", lint_shows, TWO_NULLS, NULL },
  { "drop-constraint", lint_shows, "INSERT INTO guarded VALUES (1000);\nSELECT 1", GUARDED },

  { "drop-cascade", lint_breaks, "SELECT count(*) FROM job_pids",
    "CREATE VIEW job_pids AS SELECT pid FROM jobs" },
  { "drop-schema", lint_loses,
    "SELECT count(*) FROM old_things.gone|SELECT count(*) FROM old_things_retired.gone",
    "DROP SCHEMA IF EXISTS old_things CASCADE;\nDROP SCHEMA IF EXISTS old_things_retired CASCADE;\n"
    "CREATE SCHEMA old_things;\nCREATE TABLE old_things.gone (id int)" },
  { "checks-off", lint_shows, "SELECT count(*) FROM steps WHERE job_id = 999", STEPS },
  { "commit-without-begin", lint_survives_rollback, "SELECT count(*) FROM logs WHERE id >= 100", NULL },

  { "missing-foreign-key-index", lint_plan_has,
    "Seq Scan|SELECT 1 FROM ONLY steps WHERE job_id = 1 FOR KEY SHARE", NULL },
  { "duplicate-index", lint_shows,
    "INSERT INTO parts (id, size) SELECT n, n FROM generate_series(1, 50) n;\n" INDEXES, NULL },
  { "index-is-prefix", lint_shows,
    "INSERT INTO parts (id, size) SELECT n, n FROM generate_series(1, 50) n;\n" INDEXES, NULL },
  { "foreign-key-type-differs", lint_breaks_after,
    "INSERT INTO accounts VALUES (3000000000)|INSERT INTO payments VALUES (1, 3000000000)", NULL },
  { "view-with-star", lint_breaks_after, "SELECT 1|ALTER TABLE jobs DROP COLUMN pid", NULL },

  { "name-too-long", lint_shows,
    "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND "
    "octet_length(relname) = 63",
    NULL },
  { "mixed-case-name", lint_breaks_either, "SELECT count(*) FROM JobLogs|SELECT count(*) FROM job_logs",
    NULL },
  { "reserved-name", lint_breaks_either, "SELECT count(order) FROM lists|SELECT count(position) FROM lists",
    NULL },
  { "odd-name", lint_breaks_either, "SELECT count(*) FROM job logs|SELECT count(*) FROM job_logs", NULL },

  { "doubles-in-the-way", lint_is_refused, NULL, NULL },
  { "ignored-rule-unknown", lint_finds, "drop-table", NULL },
  { "nulls-in-the-way", lint_is_refused, NULL, "UPDATE jobs SET name = NULL WHERE id = 7" },
  { "orphans-in-the-way", lint_is_refused, NULL, NULL },
  { "breaches-in-the-way", lint_is_refused, NULL, NULL },
  { "values-do-not-fit", lint_is_refused, NULL, NULL },

  { "double-quoted-name", lint_other_refuses, "mysql", NULL },
  { "partial-index", lint_other_refuses, "mysql", NULL },
  { "colon-cast", lint_other_refuses, "sqlite3", NULL },
  { "column-if-not-exists", lint_other_refuses, "sqlite3", NULL },
  { NULL, NULL, NULL, NULL },
};

const LintHarm *const lint_pgsql = harms;
