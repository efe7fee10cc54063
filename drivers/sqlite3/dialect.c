/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite's SQL. A column's type is a name, from which SQLite reads an affinity (https://sqlite.org/datatype3.html 3.1);
 * each name here is chosen so that the affinity can't change a value: DECIMAL is numeric up to the 15 digits that a
 * double holds, beyond that it is text with the order of the collation corm_decimal. */
#include "../dialects.h"
#include "cost.h"

#include <math.h>

#define EXACT_DIGITS 15

/* https://sqlite.org/lang_keywords.html */
static const char *const reserved[] = { "abort",
                                        "action",
                                        "add",
                                        "after",
                                        "all",
                                        "alter",
                                        "always",
                                        "analyze",
                                        "and",
                                        "as",
                                        "asc",
                                        "attach",
                                        "autoincrement",
                                        "before",
                                        "begin",
                                        "between",
                                        "by",
                                        "cascade",
                                        "case",
                                        "cast",
                                        "check",
                                        "collate",
                                        "column",
                                        "commit",
                                        "conflict",
                                        "constraint",
                                        "create",
                                        "cross",
                                        "current",
                                        "current_date",
                                        "current_time",
                                        "current_timestamp",
                                        "database",
                                        "default",
                                        "deferrable",
                                        "deferred",
                                        "delete",
                                        "desc",
                                        "detach",
                                        "distinct",
                                        "do",
                                        "drop",
                                        "each",
                                        "else",
                                        "end",
                                        "escape",
                                        "except",
                                        "exclude",
                                        "exclusive",
                                        "exists",
                                        "explain",
                                        "fail",
                                        "filter",
                                        "first",
                                        "following",
                                        "for",
                                        "foreign",
                                        "from",
                                        "full",
                                        "generated",
                                        "glob",
                                        "group",
                                        "groups",
                                        "having",
                                        "if",
                                        "ignore",
                                        "immediate",
                                        "in",
                                        "index",
                                        "indexed",
                                        "initially",
                                        "inner",
                                        "insert",
                                        "instead",
                                        "intersect",
                                        "into",
                                        "is",
                                        "isnull",
                                        "join",
                                        "key",
                                        "last",
                                        "left",
                                        "like",
                                        "limit",
                                        "match",
                                        "materialized",
                                        "natural",
                                        "no",
                                        "not",
                                        "nothing",
                                        "notnull",
                                        "null",
                                        "nulls",
                                        "of",
                                        "offset",
                                        "on",
                                        "or",
                                        "order",
                                        "others",
                                        "outer",
                                        "over",
                                        "partition",
                                        "plan",
                                        "pragma",
                                        "preceding",
                                        "primary",
                                        "query",
                                        "raise",
                                        "range",
                                        "recursive",
                                        "references",
                                        "regexp",
                                        "reindex",
                                        "release",
                                        "rename",
                                        "replace",
                                        "restrict",
                                        "returning",
                                        "right",
                                        "rollback",
                                        "row",
                                        "rows",
                                        "savepoint",
                                        "select",
                                        "set",
                                        "table",
                                        "temp",
                                        "temporary",
                                        "then",
                                        "ties",
                                        "to",
                                        "transaction",
                                        "trigger",
                                        "unbounded",
                                        "union",
                                        "unique",
                                        "update",
                                        "using",
                                        "vacuum",
                                        "values",
                                        "view",
                                        "virtual",
                                        "when",
                                        "where",
                                        "window",
                                        "with",
                                        "without",
                                        NULL };

static const char *
type_name (const CormSqlType *type)
{
  if (type->type == CORM_TYPE_TEXT && type->length > 0)
    return corm_sqlite3_dialect.varchar;
  if (type->type == CORM_TYPE_DECIMAL && type->precision == 0)
    return corm_sqlite3_dialect.decimal_any;
  if (type->type == CORM_TYPE_DECIMAL && type->precision > EXACT_DIGITS)
    return "DECIMAL_TEXT({p},{s})";
  return corm_sqlite3_dialect.types[type->type];
}

/* An automatic key has to be exactly INTEGER, or it is not the rowid. */
static void
append_type (GString *sql, const CormTableColumn *column)
{
  const CormSqlType *type = &column->type;
  if (column->auto_increment) {
    g_string_append (sql, "INTEGER");
    return;
  }
  for (const char *p = type_name (type); *p != '\0'; p++) {
    if (*p != '{') {
      g_string_append_c (sql, *p);
      continue;
    }
    guint number = p[1] == 'n' ? type->length : p[1] == 'p' ? type->precision : type->scale;
    g_string_append_printf (sql, "%u", number);
    p += 2;
  }
}

/* https://sqlite.org/datatype3.html 3.1; NUMERIC says nothing about the type. */
static CormType
affinity (const char *declared)
{
  static const struct {
    const char *part;
    CormType type;
  } rules[] = {
    { "int", CORM_TYPE_INT64 },    { "char", CORM_TYPE_TEXT },    { "clob", CORM_TYPE_TEXT },
    { "text", CORM_TYPE_TEXT },    { "blob", CORM_TYPE_BYTES },   { "real", CORM_TYPE_FLOAT64 },
    { "floa", CORM_TYPE_FLOAT64 }, { "doub", CORM_TYPE_FLOAT64 },
  };
  g_autofree char *small = g_ascii_strdown (declared, -1);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (strstr (small, rules[i].part) != NULL)
      return rules[i].type;
  return CORM_TYPE_NONE;
}

static void
append_quoted (GString *sql, const char *text, gsize size)
{
  g_string_append_c (sql, '\'');
  for (gsize i = 0; i < size; i++) {
    if (text[i] == '\'')
      g_string_append_c (sql, '\'');
    g_string_append_c (sql, text[i]);
  }
  g_string_append_c (sql, '\'');
}

static gboolean
append_double (GString *sql, double d, GError **error)
{
  char buffer[CORM_TEXT_MAX];
  if (isnan (d) || (d == 0 && signbit (d))) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "SQLite can't hold %s",
                 isnan (d) ? "NaN" : "-0.0");
    return FALSE;
  }
  if (isinf (d))
    g_string_append (sql, d > 0 ? "9e999" : "-9e999");
  else
    g_string_append_len (sql, buffer, (gssize) corm_text_from_double (d, buffer));
  return TRUE;
}

/* A literal is what a bound parameter of the same value would store. */
static gboolean
append_literal (GString *sql, const CormValue *value, GError **error)
{
  char buffer[CORM_TEXT_MAX];
  if (value->is_null) {
    g_string_append (sql, "NULL");
    return TRUE;
  }
  switch (value->type) {
  case CORM_TYPE_BOOLEAN:
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    g_string_append_printf (sql, "%" G_GINT64_FORMAT, value->i);
    return TRUE;
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    return append_double (sql, value->d, error);
  case CORM_TYPE_BYTES:
    g_string_append (sql, "x'");
    for (gsize i = 0; i < value->size; i++)
      g_string_append_printf (sql, "%02x", (guint8) value->data[i]);
    g_string_append_c (sql, '\'');
    return TRUE;
  case CORM_TYPE_DATE:
    append_quoted (sql, buffer, corm_text_from_date ((CormDate){ (gint32) value->i }, buffer));
    return TRUE;
  case CORM_TYPE_TIME:
    append_quoted (sql, buffer, corm_text_from_time ((CormTime){ value->i }, buffer));
    return TRUE;
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_LOCAL_TIMESTAMP:
    append_quoted (sql, buffer, corm_text_from_timestamp (value->i, ' ', NULL, buffer));
    return TRUE;
  case CORM_TYPE_UUID:
    append_quoted (sql, buffer, corm_text_from_uuid (&value->uuid, buffer));
    return TRUE;
  default:
    append_quoted (sql, value->data, value->size);
    return TRUE;
  }
}

static const char *const row_keys[] = { "rowid", "_rowid_", "oid", NULL };

static const CormTriggerSql triggers = {
  .plain = "CREATE TRIGGER {n} {m} {e} ON {t} FOR EACH ROW BEGIN {b} END",
  .when = "CREATE TRIGGER {n} {m} {e} ON {t} FOR EACH ROW WHEN {c} BEGIN {b} END",
  .of_columns = true,
};

/* Integers divide as integers, and LIKE sees no case. */
static const char *const other_meaning[] = { "like", "/", "%", NULL };

const CormDialect corm_sqlite3_dialect = {
  .name = "sqlite3",
  .quote = '"',
  .placeholder = CORM_PLACEHOLDER_QUESTION,
  .upsert = CORM_UPSERT_ON_CONFLICT,
  .caps = CORM_CAP_RETURNING | CORM_CAP_TRANSACTIONAL_DDL | CORM_CAP_PARTIAL_INDEX | CORM_CAP_EXPRESSION_INDEX |
          CORM_CAP_DEFERRABLE | CORM_CAP_STREAMING | CORM_CAP_INFINITY | CORM_CAP_DESCENDING_INDEX |
          CORM_CAP_LONG_DECIMAL | CORM_CAP_VIRTUAL_COLUMN | CORM_CAP_FULL_JOIN | CORM_CAP_CHANGE_RETURNING,
  .lexis = CORM_LEX_BACKTICK | CORM_LEX_BRACKET,
  .batch = CORM_BATCH_FROM,
  .max_params = 32766,
  .max_identifier = 255,
  .reserved = reserved,
  .types = {
    [CORM_TYPE_BOOLEAN] = "BOOLEAN",
    [CORM_TYPE_INT16] = "SMALLINT",
    [CORM_TYPE_INT32] = "INTEGER",
    [CORM_TYPE_INT64] = "BIGINT",
    [CORM_TYPE_FLOAT32] = "FLOAT4",
    [CORM_TYPE_FLOAT64] = "DOUBLE PRECISION",
    [CORM_TYPE_DECIMAL] = "DECIMAL({p},{s})",
    [CORM_TYPE_TEXT] = "TEXT",
    [CORM_TYPE_BYTES] = "BLOB",
    [CORM_TYPE_DATE] = "DATE",
    [CORM_TYPE_TIME] = "TIME",
    [CORM_TYPE_TIMESTAMP] = "TIMESTAMP",
    [CORM_TYPE_LOCAL_TIMESTAMP] = "DATETIME",
    [CORM_TYPE_UUID] = "UUID",
    [CORM_TYPE_JSON] = "JSON_TEXT",
    [CORM_TYPE_ENUM] = "TEXT",
    [CORM_TYPE_RAW] = "TEXT",
  },
  .varchar = "VARCHAR({n})",
  .decimal_any = "DECIMAL_TEXT",
  .append_type = append_type,
  .identity = " PRIMARY KEY",
  .identity_is_key = true,
  /* Milliseconds are all that SQLite's clock says; in the form that a bound timestamp has, without trailing zeros. */
  .now = "(rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.'))",
  .now_date = "CURRENT_DATE",
  .now_time = "(rtrim(rtrim(strftime('%H:%M:%f','now'),'0'),'.'))",
  /* RFC 9562, version 4: the thirteenth digit is 4, the seventeenth 8, 9, a or b. */
  .new_uuid = "(lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||substr(hex(randomblob(2)),2)||'-'||"
              "substr('89AB',(random()&3)+1,1)||substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6))))",
  .true_text = "1",
  .false_text = "0",
  .like = "corm_like({a}, {b})",
  .decimal_compare = " COLLATE corm_decimal",
  .insert_default_row = "DEFAULT VALUES",
  .insert_all = "INSERT OR ABORT INTO ",
  .order_bytes = " COLLATE BINARY",
  .functions = corm_sqlite3_functions,
  .list_form = CORM_LIST_JSON,
  .nulls_first = " NULLS FIRST",
  .nulls_last = " NULLS LAST",
  .append_literal = append_literal,
  .begin = { "BEGIN", "BEGIN IMMEDIATE", "PRAGMA query_only = 1; BEGIN" },
  .end_read_only = "PRAGMA query_only = 0",
  .isolate = "{b}",
  .in_process = true,
  .lock_table = "DELETE FROM {t} WHERE 0",
  .explain = "EXPLAIN QUERY PLAN ",
  .locks = CORM_SQLITE3_LOCKS,
  .hazards = CORM_SQLITE3_HAZARDS,
  .rebuild = corm_sqlite3_rebuild,
  .before_rebuild = "PRAGMA foreign_keys = 0",
  .after_rebuild = "PRAGMA foreign_keys = 1",
  .keys_off = "PRAGMA foreign_keys = 0",
  .keys_on = "PRAGMA foreign_keys = 1",
  .row_keys = row_keys,
  .commit_mark = "PRAGMA data_version",
  .take_snapshot = "SELECT count(*) FROM sqlite_schema",
  .defer_keys = "PRAGMA defer_foreign_keys = ON",
  .hold_key = "PRAGMA defer_foreign_keys = ON",
  .check_rebuild = "SELECT * FROM pragma_foreign_key_check",
  .table_size = "SELECT (SELECT count(*) FROM {t}), (SELECT sum(pgsize) FROM dbstat WHERE name = {c})",
  .names_fold = true,
  .triggers = &triggers,
  .loose_types = true,
  .now_is_utc = true,
  .affinity = affinity,
  .other_meaning = other_meaning,
  .moments = { "datetime('now')", "date('now')", "time('now')", "CAST(strftime('%s','now') AS INTEGER)",
               "julianday('now')", "datetime('now','localtime')" },
  .script_begin = ".bail on\n",
  .upkeep = &corm_sqlite3_upkeep,
  .sync = &corm_sqlite3_sync,
};
