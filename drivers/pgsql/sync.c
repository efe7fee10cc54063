/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Triggers that log what is changed: one function for all tables, which is told the table, its key and the columns that count, and
 * finds Corm's own tables on the search path of whoever made it. TRUNCATE counts as a delete of each row. */
#include "../dialects.h"

#include <corm/sys/sync.h>

#define NOW "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint * 65536"
#define LOG(row, op, column) \
  CORM_SYNC_SQL_INSERT "TG_ARGV[0], " row ", " op ", " column ", " CORM_SYNC_SQL_FRESH " FROM corm_sync"

static const char capture[] =
    "CREATE OR REPLACE FUNCTION corm_sync_capture() RETURNS trigger LANGUAGE plpgsql SET search_path FROM "
    "CURRENT "
    "AS $corm$\n"
    "DECLARE was jsonb; becomes jsonb; k text := TG_ARGV[1]; gone text;\n"
    "BEGIN\n"
    "  UPDATE corm_sync SET seq = seq + 1, clock = greatest(clock + 1, " NOW ") WHERE applying = 0;\n"
    "  IF NOT FOUND THEN RETURN NULL; END IF;\n"
    "  IF TG_OP = 'TRUNCATE' THEN\n"
    "    FOR gone IN EXECUTE format('SELECT %I::text FROM %I.%I', k, TG_TABLE_SCHEMA, TG_TABLE_NAME) LOOP\n"
    "      UPDATE corm_sync SET seq = seq + 1, clock = clock + 1;\n"
    "      " LOG (
        "gone", CORM_SYNC_SQL_DELETE,
        "''") ";\n"
              "    END LOOP;\n"
              "    RETURN NULL;\n"
              "  END IF;\n"
              "  IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD); END IF;\n"
              "  IF TG_OP <> 'DELETE' THEN becomes := to_jsonb(NEW); END IF;\n"
              "  IF TG_OP = 'UPDATE' AND was->>k = becomes->>k THEN\n"
              "    " LOG (
                  "becomes->>k", CORM_SYNC_SQL_SET,
                  "n.key") ", jsonb_each(becomes) n\n"
                           "      WHERE n.key = ANY (TG_ARGV[2:]) AND n.value IS DISTINCT FROM was->n.key;\n"
                           "    RETURN NULL;\n"
                           "  END IF;\n"
                           "  IF was IS NOT NULL THEN\n"
                           "    " LOG ("was->>k", CORM_SYNC_SQL_DELETE,
                                       "''") ";\n"
                                             "  END IF;\n"
                                             "  IF becomes IS NOT NULL THEN\n"
                                             "    IF was IS NOT NULL THEN UPDATE corm_sync SET seq = seq + "
                                             "1, clock = clock + 1; END IF;\n"
                                             "    " LOG ("becomes->>k", CORM_SYNC_SQL_CREATE,
                                                         "''") ";\n"
                                                               "  END IF;\n"
                                                               "  RETURN NULL;\n"
                                                               "END\n"
                                                               "$corm$";

static const char *const setup[] = { capture, NULL };
static const char *const triggers[] = {
  "CREATE TRIGGER {n}_r AFTER INSERT OR UPDATE OR DELETE ON {t} FOR EACH ROW EXECUTE FUNCTION "
  "corm_sync_capture({l}, {m}{d})",
  "CREATE TRIGGER {n}_t BEFORE TRUNCATE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION corm_sync_capture({l}, "
  "{m})",
  NULL,
};
static const char *const endings[] = { "_r", "_t", NULL };

const CormSyncSql corm_pgsql_sync = {
  .setup = setup,
  .triggers = triggers,
  .column = ", {u}",
  .endings = endings,
  .drop = "DROP TRIGGER IF EXISTS {n} ON {t}",
};
