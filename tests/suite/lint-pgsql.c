/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The harm of each rule on PostgreSQL. */
#include "lint.h"

#define WRITE "UPDATE jobs SET pid = 2 WHERE id = 2"
#define READ "SELECT count(*) FROM jobs"

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
  { NULL, NULL, NULL, NULL },
};

const LintHarm *const lint_pgsql = harms;
