/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How SQL is written for PostgreSQL. */
#include "alter.h"
#include "introspect.h"

#include <math.h>
#include <string.h>

/* pg_get_keywords(), catcode R and T, of PostgreSQL 15; later ones add none that was an ordinary word before. */
static const char *const reserved[] = {
  "all",
  "analyse",
  "analyze",
  "and",
  "any",
  "array",
  "as",
  "asc",
  "asymmetric",
  "authorization",
  "binary",
  "both",
  "case",
  "cast",
  "check",
  "collate",
  "collation",
  "column",
  "concurrently",
  "constraint",
  "create",
  "cross",
  "current_catalog",
  "current_date",
  "current_role",
  "current_schema",
  "current_time",
  "current_timestamp",
  "current_user",
  "default",
  "deferrable",
  "desc",
  "distinct",
  "do",
  "else",
  "end",
  "except",
  "false",
  "fetch",
  "for",
  "foreign",
  "freeze",
  "from",
  "full",
  "grant",
  "group",
  "having",
  "ilike",
  "in",
  "initially",
  "inner",
  "intersect",
  "into",
  "is",
  "isnull",
  "join",
  "lateral",
  "leading",
  "left",
  "like",
  "limit",
  "localtime",
  "localtimestamp",
  "natural",
  "not",
  "notnull",
  "null",
  "offset",
  "on",
  "only",
  "or",
  "order",
  "outer",
  "overlaps",
  "placing",
  "primary",
  "references",
  "returning",
  "right",
  "select",
  "session_user",
  "similar",
  "some",
  "symmetric",
  "table",
  "tablesample",
  "then",
  "to",
  "trailing",
  "true",
  "union",
  "unique",
  "user",
  "using",
  "variadic",
  "verbose",
  "when",
  "where",
  "window",
  "with",
  NULL,
};

static gboolean
append_text_literal (GString *sql, const CormValue *value, GError **error)
{
  if (memchr (value->data, '\0', value->size) != NULL) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_CONVERSION,
                         "text in PostgreSQL cannot hold a NUL byte");
    return FALSE;
  }
  g_string_append_c (sql, '\'');
  for (gsize i = 0; i < value->size; i++) {
    if (value->data[i] == '\'')
      g_string_append_c (sql, '\'');
    g_string_append_c (sql, value->data[i]);
  }
  g_string_append_c (sql, '\'');
  return TRUE;
}

static void
append_bytea_literal (GString *sql, const CormValue *value)
{
  g_string_append (sql, "'\\x");
  for (gsize i = 0; i < value->size; i++)
    g_string_append_printf (sql, "%02x", (guint8) value->data[i]);
  g_string_append (sql, "'::bytea");
}

/* What is no plain number, and the zero whose sign would be lost as one. */
static void
append_number (GString *sql, const CormValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  corm_value_append_text (value, text);
  gboolean special = !g_ascii_isdigit (text->str[text->len - 1]);
  if (special)
    g_string_append_printf (sql, "'%s'::%s", text->str,
                            value->type == CORM_TYPE_DECIMAL ? "numeric" : "double precision");
  else if (text->str[0] == '-' && value->type != CORM_TYPE_DECIMAL && value->d == 0.0 && signbit (value->d))
    g_string_append (sql, "'-0.0'::double precision");
  else
    g_string_append (sql, text->str);
}

static gboolean
append_literal (GString *sql, const CormValue *value, GError **error)
{
  if (value->is_null) {
    g_string_append (sql, "NULL");
    return TRUE;
  }
  switch (value->type) {
  case CORM_TYPE_BOOLEAN:
    g_string_append (sql, value->i ? "TRUE" : "FALSE");
    return TRUE;
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    corm_value_append_text (value, sql);
    return TRUE;
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
  case CORM_TYPE_DECIMAL:
    append_number (sql, value);
    return TRUE;
  case CORM_TYPE_BYTES:
    append_bytea_literal (sql, value);
    return TRUE;
  case CORM_TYPE_TEXT:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    return append_text_literal (sql, value, error);
  default:
    g_string_append_c (sql, '\'');
    corm_value_append_text (value, sql);
    g_string_append_c (sql, '\'');
    return TRUE;
  }
}

/* A key of 64 bits stands in pg_locks as two halves. */
#define LOCK_KEY "pg_catalog.hashtextextended ('corm migrate/' || :name, 0)"
#define TRY_LOCK "SELECT CASE WHEN pg_catalog.pg_try_advisory_xact_lock (" LOCK_KEY ") THEN 1 ELSE 0 END"
#define SETTING(name, value) "pg_catalog.set_config ('" name "', '" value "', true)"

/* The transaction is a lock that ends with its connection, however that ends, and that a pooler leaves on one connection
 * of the server's. Idle, it has no snapshot, so that CREATE INDEX CONCURRENTLY on another connection does not wait for
 * it; and the server may not end it for being idle. A statement whose program is gone notices that within half a
 * second (from PostgreSQL 14). */
static const char *const lock_harmless[] = { "concurrently", "validate", NULL };

static const CormLockSql lock = {
  .name = "SELECT COALESCE (pg_catalog.current_schema (), '')",
  .probe = TRY_LOCK,
  .begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY",
  .attempt = TRY_LOCK,
  .give_up = "ROLLBACK",
  .settle = "SELECT CASE name WHEN 'tcp_keepalives_idle' THEN " SETTING (
      "tcp_keepalives_idle",
      "10") " "
            "WHEN 'tcp_keepalives_interval' THEN " SETTING (
                "tcp_keepalives_interval",
                "5") " "
                     "WHEN 'tcp_keepalives_count' THEN " SETTING (
                         "tcp_keepalives_count",
                         "3") " "
                              "ELSE pg_catalog.set_config (name, '0', true) END FROM pg_catalog.pg_settings "
                              "WHERE name IN "
                              "('idle_in_transaction_session_timeout', 'transaction_timeout', "
                              "'statement_timeout', "
                              "'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count')",
  .publish = "SELECT pg_catalog.set_config ('application_name', :label, true)",
  .holder =
      "SELECT COALESCE (NULLIF (a.application_name, ''), 'somebody') || ', server process ' || l.pid || "
      "COALESCE (', from ' || pg_catalog.host (a.client_addr), '') || COALESCE (', since ' || "
      "pg_catalog.to_char (a.xact_start, 'YYYY-MM-DD HH24:MI:SS OF'), '') FROM pg_catalog.pg_locks l "
      "LEFT JOIN pg_catalog.pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.objsubid = 1 "
      "AND l.granted AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = "
      "pg_catalog.current_database ()) AND ((l.classid::bigint << 32) | l.objid::bigint) = " LOCK_KEY,
  .orphans =
      "SELECT 'SELECT pg_catalog.pg_terminate_backend (' || pid || ')' FROM pg_catalog.pg_stat_activity "
      "WHERE datname = pg_catalog.current_database () AND pid <> pg_catalog.pg_backend_pid () AND state <> "
      "'idle' AND pg_catalog.left (query, pg_catalog.length (:mark)) = :mark",
  .work = "SELECT pg_catalog.set_config (name, '500', false) FROM pg_catalog.pg_settings WHERE name = "
          "'client_connection_check_interval'",
  .work_end =
      "SELECT pg_catalog.set_config (name, reset_val, false) FROM pg_catalog.pg_settings WHERE name = "
      "'client_connection_check_interval'",
};

static const char *const object_locks[] = CORM_PGSQL_OBJECT_LOCKS;
static const char *const drop_objects[] = CORM_PGSQL_DROP_OBJECTS;

/* LIKE tells capitals from small letters, / of whole numbers depends on their types. */
static const char *const other_meaning[] = { "like", "/", "%", NULL };

static const CormTriggerSql triggers = {
  .function =
      "CREATE FUNCTION {n}() RETURNS trigger LANGUAGE plpgsql AS $corm$BEGIN {b} RETURN {r}; END$corm$",
  .plain = "CREATE TRIGGER {n} {m} {e} ON {t} FOR EACH ROW EXECUTE FUNCTION {n}()",
  .when = "CREATE TRIGGER {n} {m} {e} ON {t} FOR EACH ROW WHEN ({c}) EXECUTE FUNCTION {n}()",
  .assign = "NEW.a :=",
  .of_columns = true,
};

/* clang-format off */
/* The first schema of the search path that is there; one without USAGE is skipped by the server. */
static const char grant_make[] =
    "SELECT 'GRANT USAGE, CREATE ON SCHEMA ' || pg_catalog.quote_ident(s.nspname) || ' TO ' || "
    "pg_catalog.quote_ident(current_user) FROM (SELECT n.oid, n.nspname FROM "
    "pg_catalog.unnest(pg_catalog.string_to_array(pg_catalog.current_setting('search_path'), ',')) WITH ORDINALITY "
    "AS p(w, i) JOIN pg_catalog.pg_namespace n ON n.nspname = CASE pg_catalog.btrim(p.w, ' \"') WHEN '$user' THEN "
    "current_user ELSE pg_catalog.btrim(p.w, ' \"') END ORDER BY p.i LIMIT 1) s WHERE ({v} OR "
    "pg_catalog.current_schema() IS NULL) AND NOT (pg_catalog.has_schema_privilege(s.oid, 'USAGE') AND "
    "pg_catalog.has_schema_privilege(s.oid, 'CREATE'))";
static const char grant_fill[] =
    "SELECT 'GRANT ' || pg_catalog.string_agg(p.w, ', ' ORDER BY p.i) || ' ON ' || "
    "pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) || ' TO ' || "
    "pg_catalog.quote_ident(current_user) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
    "c.relnamespace CROSS JOIN pg_catalog.unnest(pg_catalog.string_to_array({v}, ',')) WITH ORDINALITY AS p(w, i) "
    "WHERE c.oid = pg_catalog.to_regclass(pg_catalog.quote_ident({c})) AND NOT "
    "pg_catalog.has_table_privilege(c.oid, p.w) GROUP BY n.nspname, c.relname";
/* clang-format on */

const CormDialect corm_pgsql_dialect = {
  .name = "pgsql",
  .quote = '"',
  .placeholder = CORM_PLACEHOLDER_DOLLAR,
  .upsert = CORM_UPSERT_ON_CONFLICT,
  .caps = CORM_CAP_RETURNING | CORM_CAP_TRANSACTIONAL_DDL | CORM_CAP_ALTER_ADD_CONSTRAINT |
          CORM_CAP_PARTIAL_INDEX | CORM_CAP_EXPRESSION_INDEX | CORM_CAP_NATIVE_ENUM | CORM_CAP_DEFERRABLE |
          CORM_CAP_STREAMING | CORM_CAP_NAN | CORM_CAP_INFINITY | CORM_CAP_NEGATIVE_ZERO |
          CORM_CAP_DESCENDING_INDEX | CORM_CAP_LONG_DECIMAL | CORM_CAP_FULL_JOIN | CORM_CAP_CHANGE_RETURNING |
          CORM_CAP_BOUND_VIEWS | CORM_CAP_LATE_KEYS | CORM_CAP_INDEXES_AT_ONCE,
  .lexis = CORM_LEX_DOLLAR_QUOTE | CORM_LEX_ESCAPE_STRING | CORM_LEX_NESTED_COMMENT | CORM_LEX_PARENTHESES,
  .batch = CORM_BATCH_FROM,
  .batch_casts = true,
  .max_params = 7000, /* the protocol takes 65535; libpq 15.18 no description of more than 7498 of them */
  .max_identifier = 63,
  .reserved = reserved,
  .types = {
    [CORM_TYPE_BOOLEAN] = "boolean",
    [CORM_TYPE_INT16] = "smallint",
    [CORM_TYPE_INT32] = "integer",
    [CORM_TYPE_INT64] = "bigint",
    [CORM_TYPE_FLOAT32] = "real",
    [CORM_TYPE_FLOAT64] = "double precision",
    [CORM_TYPE_DECIMAL] = "numeric({p},{s})",
    [CORM_TYPE_TEXT] = "text",
    [CORM_TYPE_BYTES] = "bytea",
    [CORM_TYPE_DATE] = "date",
    [CORM_TYPE_TIME] = "time",
    [CORM_TYPE_TIMESTAMP] = "timestamp with time zone",
    [CORM_TYPE_LOCAL_TIMESTAMP] = "timestamp",
    [CORM_TYPE_UUID] = "uuid",
    [CORM_TYPE_JSON] = "json",
    [CORM_TYPE_ENUM] = "text",
    [CORM_TYPE_RAW] = "text",
  },
  .varchar = "character varying({n})",
  .decimal_any = "numeric",
  .identity = " GENERATED BY DEFAULT AS IDENTITY",
  .now = "CURRENT_TIMESTAMP",
  .now_local = "LOCALTIMESTAMP",
  .now_date = "CURRENT_DATE",
  .other_meaning = other_meaning,
  .standard_sql = corm_pgsql_standard_sql,
  .triggers = &triggers,
  .sequence_state = "SELECT 'SELECT pg_catalog.setval(' || "
                    "pg_catalog.quote_literal(pg_catalog.quote_ident({c})) || ', ' || "
                    "last_value || ', ' || is_called || ')' FROM {n}",
  .fold_case = "lower({} COLLATE \"C\")",
  .moments = { "to_char(timezone('UTC', now()), 'YYYY-MM-DD HH24:MI:SS')",
               "to_char(timezone('UTC', now()), 'YYYY-MM-DD')", "to_char(timezone('UTC', now()), 'HH24:MI:SS')",
               "floor(extract(epoch FROM now()))::bigint",
               "(extract(julian FROM timezone('UTC', now())) - 0.5)::float8", "LOCALTIMESTAMP(0)", "timezone('UTC', now())",
               "CAST(timezone('UTC', now()) AS date)", "CAST(timezone('UTC', now()) AS time)" },
  .now_time = "LOCALTIME",
  .new_uuid = "gen_random_uuid()",
  .true_text = "TRUE",
  .false_text = "FALSE",
  .json_compare = "::text COLLATE \"C\"", /* json has no operators */
  .like = "{a} LIKE {b} ESCAPE '\\'",
  .insert_default_row = "DEFAULT VALUES",
  .order_by_locale = true,
  .order_bytes = " COLLATE \"C\"",
  .functions = corm_pgsql_functions,
  .list_form = CORM_LIST_ARRAY,
  .nulls_largest = true,
  .nulls_first = " NULLS FIRST",
  .nulls_last = " NULLS LAST",
  .append_literal = append_literal,
  .begin = { "BEGIN", "BEGIN", "BEGIN READ ONLY" },
  .isolate = "{b} ISOLATION LEVEL {l}",
  .before_index = "SELECT pg_catalog.set_config('maintenance_work_mem', '256MB', true) WHERE pg_catalog.pg_size_bytes("
                  "pg_catalog.current_setting('maintenance_work_mem')) < 268435456",
  .all_rows = "SET LOCAL row_security = off",
  .share_snapshot = "SELECT pg_export_snapshot()",
  .take_snapshot = "SET TRANSACTION SNAPSHOT {v}",
  .deferrable = " DEFERRABLE",
  .lock_rows = { NULL, " FOR UPDATE OF {t}", " FOR SHARE OF {t}", " FOR UPDATE OF {t} NOWAIT",
                 " FOR UPDATE OF {t} SKIP LOCKED" },
  .alter = CORM_PGSQL_ALTER,
  .alter_online = CORM_PGSQL_ALTER_ONLINE,
  .locks = CORM_PGSQL_LOCKS,
  .locks_online = CORM_PGSQL_LOCKS_ONLINE,
  .hazards = CORM_PGSQL_HAZARDS,
  .hazards_online = CORM_PGSQL_HAZARDS_ONLINE,
  .object_locks = object_locks,
  .alter_options = corm_pgsql_alter_options,
  .set_identity = corm_pgsql_set_identity,
  .keeps_rows = corm_pgsql_keeps_rows,
  .options_lock = corm_pgsql_options_lock,
  .lock_wait = "SET lock_timeout = {v}",
  .lock_wait_end = "RESET lock_timeout",
  .hold_key = "ALTER TABLE {t} ALTER CONSTRAINT {n} DEFERRABLE INITIALLY DEFERRED",
  .release_key = "SET CONSTRAINTS ALL IMMEDIATE;\nALTER TABLE {t} ALTER CONSTRAINT {n} {d}",
  .lock_wait_ms = 50,
  .lock_harmless = lock_harmless,
  .make_way = "LOCK TABLE {t} IN SHARE UPDATE EXCLUSIVE MODE",
  .count_pages = CORM_PGSQL_COUNT_PAGES,
  .within_pages = " AND ctid >= '({p},0)' AND ctid < '({v},0)'",
  .table_size = "SELECT CASE WHEN c.reltuples >= 0 THEN CAST(c.reltuples AS bigint) ELSE (SELECT count(*) FROM {t}) END, "
                "pg_catalog.pg_total_relation_size(c.oid) FROM pg_catalog.pg_class c "
                "WHERE c.oid = pg_catalog.to_regclass(pg_catalog.quote_ident({c}))",
  .elsewhere = corm_pgsql_elsewhere,
  .grant_make = grant_make,
  .grant_fill = grant_fill,
  .comment = CORM_PGSQL_COMMENT,
  .drop_objects = drop_objects,
  .explain = "EXPLAIN ",
  .script_begin = "\\set ON_ERROR_STOP on\n",
  .lock = &lock,
  .upkeep = &corm_pgsql_upkeep,
  .sync = &corm_pgsql_sync,
};
