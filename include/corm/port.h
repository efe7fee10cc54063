/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Move a database, and prove that two hold the same rows. */
#pragma once

#include <corm/schema.h>

G_BEGIN_DECLS

typedef enum { CORM_PORT_SCHEMA, CORM_PORT_ROWS, CORM_PORT_INDEXES, CORM_PORT_VERIFY } CormPortPhase;

typedef struct {
  CormPortPhase phase;
  const char *table;
  guint64 rows;       /* done in this table */
  guint64 rows_total; /* of this table */
  guint64 all_rows;   /* done in all tables */
  guint64 all_total;
} CormProgress;

typedef void (*CormProgressFunc) (const CormProgress *progress, gpointer data);

typedef struct {
  CormRegistry *registry; /* the target's schema; NULL: the source's */
  const char *tables;     /* comma-separated globs, '!' first to leave out; NULL: all */
  bool schema_only;
  bool data_only;
  bool verify;
  const char *rejects; /* JSON lines of values that do not fit; NULL: the first one stops the port */
  CormProgressFunc progress;
  gpointer data;
} CormPortOptions;

typedef struct {
  char *table;
  guint64 source_rows;
  guint64 target_rows;
  guint64 rejected;
  guint8 source_hash[16]; /* order-free, over canonical rows */
  guint8 target_hash[16];
  gboolean verified; /* compared, with or without a difference */
  gboolean equal;
  GPtrArray *differences; /* char *: "id=5: only in the source", at most 20 */
} CormTableReport;

typedef struct {
  GPtrArray *tables;    /* CormTableReport */
  GPtrArray *not_moved; /* char *: "view v_jobs: …" */
  gboolean equal;       /* all verified tables are */
} CormPortReport;

/**
 * corm_port:
 * @source: opened read-only
 * @target: empty of the tables that are to be moved
 * @options: (nullable):
 *
 * Moves schema and rows in one transaction of the target: it either has all or is as before. With @options->verify
 * both sides are compared before the commit; where the report then says not equal, the target is as before too.
 * Errors: CONVERSION and NOT_NULL (table, key, column, value, reason), SCHEMA (a table is there already, a column has no
 * place), FOREIGN_KEY and CHECK (rows that break the source's own rules), DENIED, CONNECTION, FULL, UNSUPPORTED.
 */
CORM_PUBLIC CormPortReport *corm_port (CormDb *source, CormDb *target, const CormPortOptions *options,
                                       GError **error) CORM_MUST_USE;
/* Counts and hashes both sides, and names the keys that differ. A difference is no error: see the report. */
CORM_PUBLIC CormPortReport *corm_verify (CormDb *source, CormDb *target, const CormPortOptions *options,
                                         GError **error) CORM_MUST_USE;
CORM_PUBLIC void corm_port_report_free (CormPortReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormPortReport, corm_port_report_free)

G_END_DECLS
