/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How a table that is there is changed: the templates, the locks that they take and what they do to others, all of it data
 * of the dialect. tests/unit/test-pgsql-alter.c runs each and looks at pg_locks. What no template says: alter.c */
#pragma once

#include "../dialects.h"

gboolean corm_pgsql_alter_options (const char *table, const char *column, const char *from, const char *to,
                                   GPtrArray *sql);
const char *corm_pgsql_options_lock (const GPtrArray *sql);

/* serial.c: where one of both is a serial. The others are what stays behind options: a serial becomes an identity with the
 * words @words, or the other way round. */
gboolean corm_pgsql_set_identity (const char *table, const CormTableColumn *is, const CormTableColumn *should,
                                  GPtrArray *sql);
gboolean corm_pgsql_is_serial (const char *options);
void corm_pgsql_drop_serial (const char *table, const char *column, const char *default_sql, GPtrArray *sql);
void corm_pgsql_make_serial (const char *table, const char *column, const char *options, GPtrArray *sql);
void corm_pgsql_make_identity (const char *table, const char *column, gboolean always, const char *words,
                               GPtrArray *sql);
/* "EXECUTE …" of @statement, an SQL expression over d.objid, for the sequence that a serial column owns, whatever it is
 * called. */
char *corm_pgsql_with_sequence (const char *table, const char *column, const char *statement);

gboolean corm_pgsql_keeps_rows (const CormTableColumn *is, const CormTableColumn *should);

/* clang-format off */
/* The keys that are there are taken: the next one lies behind them. */
#define CORM_PGSQL_GO_ON(table, column) \
  "DO $corm$BEGIN PERFORM pg_catalog.setval(CAST(d.objid AS pg_catalog.regclass), greatest(m.top, coalesce(" \
  "pg_catalog.pg_sequence_last_value(d.objid), m.top))) FROM (SELECT tableoid AS rel, max(" column \
  ") AS top FROM " table \
  " GROUP BY tableoid) m JOIN pg_catalog.pg_attribute a ON a.attrelid = m.rel AND a.attidentity <> '' " \
  "JOIN pg_catalog.pg_depend d ON d.refobjid = m.rel AND d.refobjsubid = a.attnum AND d.deptype = 'i' " \
  "WHERE m.top > " \
  "0; END$corm$"

/* Only what the standard's way, lib/render/alter.c, does not say. The expression of a generated column cannot be set. */
#define CORM_PGSQL_ALTER \
  { \
    [CORM_OP_SET_GENERATED] = "", \
    [CORM_OP_SET_IDENTITY] = "ALTER TABLE {t} ALTER COLUMN {n} {v};\n" CORM_PGSQL_GO_ON ("{t}", "{n}"), \
    [CORM_OP_VALIDATE] = "ALTER TABLE {t} VALIDATE CONSTRAINT {n}", \
  }

/* Each statement is a transaction of its own. NOT VALID and VALIDATE look at the rows while others write; SET NOT NULL
 * looks at none when a valid check says it already. */
#define CORM_PGSQL_ALTER_ONLINE \
  { \
    [CORM_OP_BACKFILL] = "*UPDATE {t} SET {n} = {v} WHERE {n} IS NULL", \
    [CORM_OP_SET_NOT_NULL] = "!ALTER TABLE {t} DROP CONSTRAINT IF EXISTS corm_not_null;\n" \
                             "ALTER TABLE {t} ADD CONSTRAINT corm_not_null CHECK ({n} IS NOT NULL) NOT VALID;\n" \
                             "ALTER TABLE {t} VALIDATE CONSTRAINT corm_not_null;\n" \
                             "ALTER TABLE {t} ALTER COLUMN {n} SET NOT NULL;\n" \
                             "ALTER TABLE {t} DROP CONSTRAINT corm_not_null", \
    [CORM_OP_ADD_PRIMARY_KEY] = "!CREATE UNIQUE INDEX CONCURRENTLY {n} ON {t} {k};\n" \
                                "ALTER TABLE {t} ADD CONSTRAINT {n} PRIMARY KEY USING INDEX {n}", \
    [CORM_OP_ADD_UNIQUE] = "!CREATE UNIQUE INDEX CONCURRENTLY {n} ON {t} {k};\n" \
                           "ALTER TABLE {t} ADD CONSTRAINT {n} UNIQUE USING INDEX {n}", \
    [CORM_OP_ADD_FOREIGN_KEY] = "!ALTER TABLE {t} ADD {d} NOT VALID;\nALTER TABLE {t} VALIDATE CONSTRAINT {n}", \
    [CORM_OP_ADD_CHECK] = "!ALTER TABLE {t} ADD {d} NOT VALID;\nALTER TABLE {t} VALIDATE CONSTRAINT {n}", \
    [CORM_OP_CREATE_INDEX] = "!CREATE {p}INDEX CONCURRENTLY {d}", \
    [CORM_OP_DROP_INDEX] = "!DROP INDEX CONCURRENTLY {n}", \
  }

/* Of the largest of its parts, where it has some. */
#define CORM_PGSQL_COUNT_PAGES \
  "WITH RECURSIVE part (id) AS (SELECT CAST(pg_catalog.to_regclass(pg_catalog.quote_ident({c})) AS oid) UNION ALL SELECT " \
  "i.inhrelid FROM part JOIN pg_catalog.pg_inherits i ON i.inhparent = part.id) SELECT " \
  "coalesce(max(pg_catalog.pg_relation_size(id) / CAST(pg_catalog.current_setting('block_size') AS bigint)), 0) FROM part"

/* The strongest that any statement of it takes on the table. */
#define CORM_PGSQL_LOCKS \
  { \
    [CORM_OP_CHANGE_ENUM] = "ACCESS EXCLUSIVE", [CORM_OP_RENAME_TABLE] = "ACCESS EXCLUSIVE", \
    [CORM_OP_DROP_TABLE] = "ACCESS EXCLUSIVE", [CORM_OP_SET_OPTIONS] = "ACCESS EXCLUSIVE", \
    [CORM_OP_ADD_COLUMN] = "ACCESS EXCLUSIVE", [CORM_OP_RENAME_COLUMN] = "ACCESS EXCLUSIVE", \
    [CORM_OP_DROP_COLUMN] = "ACCESS EXCLUSIVE", [CORM_OP_SET_TYPE] = "ACCESS EXCLUSIVE", \
    [CORM_OP_BACKFILL] = "ROW EXCLUSIVE", [CORM_OP_SET_NOT_NULL] = "ACCESS EXCLUSIVE", \
    [CORM_OP_DROP_NOT_NULL] = "ACCESS EXCLUSIVE", [CORM_OP_SET_DEFAULT] = "ACCESS EXCLUSIVE", \
    [CORM_OP_DROP_DEFAULT] = "ACCESS EXCLUSIVE", [CORM_OP_SET_GENERATED] = "ACCESS EXCLUSIVE", \
    [CORM_OP_DROP_GENERATED] = "ACCESS EXCLUSIVE", \
    [CORM_OP_SET_IDENTITY] = "ACCESS EXCLUSIVE", [CORM_OP_ADD_PRIMARY_KEY] = "ACCESS EXCLUSIVE", \
    [CORM_OP_DROP_PRIMARY_KEY] = "ACCESS EXCLUSIVE", [CORM_OP_ADD_UNIQUE] = "ACCESS EXCLUSIVE", \
    [CORM_OP_DROP_UNIQUE] = "ACCESS EXCLUSIVE", [CORM_OP_ADD_FOREIGN_KEY] = "SHARE ROW EXCLUSIVE", \
    [CORM_OP_DROP_FOREIGN_KEY] = "ACCESS EXCLUSIVE", [CORM_OP_ADD_CHECK] = "ACCESS EXCLUSIVE", \
    [CORM_OP_DROP_CHECK] = "ACCESS EXCLUSIVE", [CORM_OP_VALIDATE] = "SHARE UPDATE EXCLUSIVE", \
    [CORM_OP_CREATE_INDEX] = "SHARE", [CORM_OP_DROP_INDEX] = "ACCESS EXCLUSIVE", \
    [CORM_OP_SET_COMMENT] = "SHARE UPDATE EXCLUSIVE", [CORM_OP_DROP_OBJECT] = "ACCESS EXCLUSIVE", \
  }

/* Where alter_online takes less, or holds it for a moment only. */
#define CORM_PGSQL_LOCKS_ONLINE \
  { \
    [CORM_OP_CREATE_INDEX] = "SHARE UPDATE EXCLUSIVE", [CORM_OP_DROP_INDEX] = "SHARE UPDATE EXCLUSIVE", \
  }

#define CORM_PGSQL_OBJECT_LOCKS \
  { \
    "clustering", "SHARE UPDATE EXCLUSIVE", "replica identity", "ACCESS EXCLUSIVE", \
        "constraint", "ACCESS EXCLUSIVE", "partition", "ACCESS EXCLUSIVE", "policy", "ACCESS EXCLUSIVE", \
        "rule", "ACCESS EXCLUSIVE", "statistics", "SHARE UPDATE EXCLUSIVE", "trigger", "SHARE ROW EXCLUSIVE", NULL, \
  }

/* ACCESS EXCLUSIVE alone is a moment; what matters is what is done while it is held. */
#define CORM_PGSQL_BLOCKS (CORM_HAZARD_BLOCKS_READS | CORM_HAZARD_BLOCKS_WRITES)
#define CORM_PGSQL_HAZARDS \
  { \
    [CORM_OP_CHANGE_ENUM] = CORM_HAZARD_REWRITES | CORM_PGSQL_BLOCKS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_SET_TYPE] = CORM_HAZARD_REWRITES | CORM_PGSQL_BLOCKS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_SET_NOT_NULL] = CORM_HAZARD_SCANS | CORM_PGSQL_BLOCKS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_SET_GENERATED] = CORM_HAZARD_REWRITES | CORM_PGSQL_BLOCKS, \
    [CORM_OP_ADD_PRIMARY_KEY] = CORM_HAZARD_SCANS | CORM_PGSQL_BLOCKS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_ADD_UNIQUE] = CORM_HAZARD_SCANS | CORM_PGSQL_BLOCKS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_ADD_CHECK] = CORM_HAZARD_SCANS | CORM_PGSQL_BLOCKS | CORM_HAZARD_DATA_DEPENDENT, \
  }
#define CORM_PGSQL_HAZARDS_ONLINE \
  { \
    [CORM_OP_SET_NOT_NULL] = CORM_HAZARD_SCANS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_ADD_PRIMARY_KEY] = CORM_HAZARD_SCANS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_ADD_UNIQUE] = CORM_HAZARD_SCANS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_ADD_FOREIGN_KEY] = CORM_HAZARD_SCANS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_ADD_CHECK] = CORM_HAZARD_SCANS | CORM_HAZARD_DATA_DEPENDENT, \
    [CORM_OP_CREATE_INDEX] = CORM_HAZARD_SCANS, \
  }

#define CORM_PGSQL_COMMENT \
  { \
    [CORM_COMMENT_ON_TABLE] = "COMMENT ON TABLE {t} IS {c}", \
    [CORM_COMMENT_ON_COLUMN] = "COMMENT ON COLUMN {t}.{n} IS {c}", \
    [CORM_COMMENT_ON_INDEX] = "COMMENT ON INDEX {n} IS {c}", \
    [CORM_COMMENT_ON_CONSTRAINT] = "COMMENT ON CONSTRAINT {n} ON {t} IS {c}", \
  }

#define CORM_PGSQL_DROP_OBJECTS \
  { \
    "clustering", "ALTER TABLE {t} SET WITHOUT CLUSTER", "constraint", "ALTER TABLE {t} DROP CONSTRAINT {n}", \
        "replica identity", "ALTER TABLE {t} REPLICA IDENTITY DEFAULT", "enum", "DROP TYPE {n}", "ownership", \
        "ALTER SEQUENCE {n} OWNED BY NONE", "partition", "DROP TABLE {n}", \
        "policy", "DROP POLICY {n} ON {t}", "rule", "DROP RULE {n} ON {t}", "trigger", "DROP TRIGGER {n} ON {t}", \
        NULL, \
  }
