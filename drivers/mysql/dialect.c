/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How MariaDB writes SQL. Sessions run with NO_BACKSLASH_ESCAPES (dialects.h, corm_mysql_session), so literals are standard SQL, and with
 * the collation utf8mb4_nopad_bin, so text compares by bytes as in the other databases. */
#include "../dialects.h"
#include "alter.h"
#include "catalogue.h"

#include <string.h>

/* Characters of the widest VARCHAR: four bytes each, in a row of at most 65535 bytes. */
enum { MAX_VARCHAR = 16000 };

static const char *const type_names[CORM_N_TYPES] = {
  [CORM_TYPE_BOOLEAN] = "tinyint(1)",
  [CORM_TYPE_INT16] = "smallint",
  [CORM_TYPE_INT32] = "int",
  [CORM_TYPE_INT64] = "bigint",
  [CORM_TYPE_FLOAT32] = "float",
  [CORM_TYPE_FLOAT64] = "double",
  [CORM_TYPE_TEXT] = "longtext",
  [CORM_TYPE_BYTES] = "longblob",
  [CORM_TYPE_DATE] = "date",
  [CORM_TYPE_TIME] = "time(6)",
  [CORM_TYPE_TIMESTAMP] = "datetime(6)", /* TIMESTAMP ends in 2038 */
  [CORM_TYPE_LOCAL_TIMESTAMP] = "datetime(6)",
  [CORM_TYPE_UUID] = "uuid",
  [CORM_TYPE_JSON] = "json",
  [CORM_TYPE_ENUM] = "varchar(255)",
  [CORM_TYPE_RAW] = "longtext",
};

/* A VARCHAR that is too wide for a row becomes LONGTEXT. */
static void
append_type (GString *sql, const CormTableColumn *column)
{
  const CormSqlType *type = &column->type;
  if (type->type == CORM_TYPE_TEXT && type->length > 0 && type->length <= MAX_VARCHAR)
    g_string_append_printf (sql, "varchar(%u)", type->length);
  else if (type->type == CORM_TYPE_BYTES && type->length > 0 && type->length <= MAX_VARCHAR)
    g_string_append_printf (sql, "varbinary(%u)", type->length);
  else if (type->type == CORM_TYPE_DECIMAL && type->precision > 0)
    g_string_append_printf (sql, "decimal(%u,%u)", type->precision, type->scale);
  else if (type->type == CORM_TYPE_DECIMAL)
    g_string_append (sql, corm_mysql_dialect.decimal_any);
  else
    g_string_append (sql, type_names[type->type]);
}

/* What differs from the shared literals: moments carry no zone, and a float is written as one, not as a decimal. */
static gboolean
append_literal (GString *sql, const CormValue *value, GError **error)
{
  static const CormDialect standard = { .name = "mysql", .true_text = "1", .false_text = "0" };
  gsize start = sql->len;
  CormValue moment = *value;
  if (!value->is_null && value->type == CORM_TYPE_TIMESTAMP)
    moment.type = CORM_TYPE_LOCAL_TIMESTAMP;
  if (!corm_sql_append_literal (sql, &standard, &moment, error))
    return FALSE;
  if (value->is_null)
    return TRUE;
  if (moment.type == CORM_TYPE_LOCAL_TIMESTAMP) {
    char *separator = strchr (sql->str + start, 'T');
    if (separator != NULL)
      *separator = ' ';
  } else if (value->type == CORM_TYPE_FLOAT64 || value->type == CORM_TYPE_FLOAT32) {
    if (strchr (sql->str + start, 'e') == NULL)
      g_string_append (sql, "e0");
  }
  return TRUE;
}

const char *const corm_mysql_session =
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
    "NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO,SIMULTANEOUS_ASSIGNMENT', time_zone = "
    "'+00:00', autocommit = "
    "1, "
    "sql_notes = 1, sql_auto_is_null = 0, sql_safe_updates = 0, foreign_key_checks = 1, unique_checks = 1, "
    "check_constraint_checks = 1";

/* At most 64 characters, and no other database's. */
#define LOCK_KEY "CONCAT('corm:', SHA1(CONCAT(:name, '/corm migrate')))"

static const CormLockSql lock = {
  .name = "SELECT COALESCE(DATABASE(), '')",
  .probe = "SELECT COALESCE(IS_FREE_LOCK(" LOCK_KEY "), 0)",
  .attempt = "SELECT COALESCE(GET_LOCK(" LOCK_KEY ", 0), 0)",
  .settle = "SET SESSION wait_timeout = 31536000",
  .check = "SELECT COALESCE(IS_USED_LOCK(" LOCK_KEY ") = CONNECTION_ID(), 0)",
  .holder = "SELECT CONCAT('connection ', l.id, COALESCE(CONCAT(' of ', p.user, ' from ', p.host, ', for ', "
            "p.time, ' s so far'), '')) FROM (SELECT IS_USED_LOCK(" LOCK_KEY ") AS id) l "
            "LEFT JOIN information_schema.processlist p ON p.id = l.id WHERE l.id IS NOT NULL",
  .orphans = "SELECT CONCAT('KILL ', id) FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND "
             "command IN ('Query', 'Execute') AND LEFT(info, CHAR_LENGTH(:mark)) = :mark",
};

/* || is OR, / is never a whole number, length() counts bytes, and texts are compared as their collation has it. */
static const char *const other_meaning[] = { "||", "/", "%", "length", "like", "regexp", "binary", NULL };

static const CormTriggerSql triggers = {
  .plain = "CREATE TRIGGER {n} {m} {e} ON {t} FOR EACH ROW BEGIN {b} END",
  .when = "CREATE TRIGGER {n} {m} {e} ON {t} FOR EACH ROW BEGIN IF {c} THEN {b} END IF; END",
  .assign = "SET NEW.a =",
};

/* Privileges out of @list that neither the user has, nor for the database, nor as @more says. Those of roles are not seen. */
/* clang-format off */
#define GRANT(table, list, more) \
  "SELECT concat('GRANT ', group_concat(p.w ORDER BY p.i SEPARATOR ', '), ' ON `', replace(database(), '`', '``'), " \
  "'`." table " TO ', max(u.grantee)) FROM (SELECT 1 AS i, 'SELECT' AS w UNION ALL SELECT 2, 'INSERT' UNION ALL " \
  "SELECT 3, 'UPDATE' UNION ALL SELECT 4, 'DELETE' UNION ALL SELECT 5, 'CREATE' UNION ALL SELECT 6, 'DROP' UNION ALL " \
  "SELECT 7, 'ALTER' UNION ALL SELECT 8, 'INDEX' UNION ALL SELECT 9, 'REFERENCES') p CROSS JOIN (SELECT " \
  "concat('''', replace(current_user(), '@', '''@'''), '''') AS grantee) u WHERE find_in_set(p.w, " list ") AND NOT " \
  "EXISTS (SELECT 1 FROM information_schema.user_privileges a WHERE a.privilege_type = p.w AND a.grantee = " \
  "u.grantee) AND NOT EXISTS (SELECT 1 FROM information_schema.schema_privileges s WHERE database() LIKE " \
  "s.table_schema AND s.privilege_type = p.w AND s.grantee = u.grantee) AND NOT " more " HAVING count(*) > 0"
static const char grant_make[] =
    GRANT ("*", "'CREATE,DROP,ALTER,INDEX,REFERENCES,SELECT,INSERT,UPDATE,DELETE'", "0");
static const char grant_fill[] =
    GRANT ("`', replace({c}, '`', '``'), '`", "{v}",
           "EXISTS (SELECT 1 FROM information_schema.table_privileges t WHERE t.table_schema = database() AND "
           "t.table_name = {c} AND t.privilege_type = p.w AND t.grantee = u.grantee)");
/* clang-format on */

/* Only ORACLE mode knows packages, and it reads the statement before SET STATEMENT is done. */
static const char *const drop_objects[] = {
  "package", "SET STATEMENT sql_mode = 'ORACLE' FOR EXECUTE IMMEDIATE 'DROP PACKAGE {n}'", "package body",
  "SET STATEMENT sql_mode = 'ORACLE' FOR EXECUTE IMMEDIATE 'DROP PACKAGE BODY {n}'", NULL
};

const CormDialect corm_mysql_dialect = {
  .name = "mysql",
  .quote = '`',
  .placeholder = CORM_PLACEHOLDER_QUESTION,
  .upsert = CORM_UPSERT_ON_DUPLICATE_KEY,
  .caps = CORM_CAP_RETURNING | CORM_CAP_ALTER_ADD_CONSTRAINT | CORM_CAP_STREAMING |
          CORM_CAP_DESCENDING_INDEX | CORM_CAP_LONG_DECIMAL | CORM_CAP_VIRTUAL_COLUMN,
  .lexis = CORM_LEX_BACKTICK | CORM_LEX_HASH_COMMENT | CORM_LEX_CONDITIONAL | CORM_LEX_DASH_BLANK,
  .batch = CORM_BATCH_JOIN,
  .max_params = 65535,
  .max_identifier = 64, /* characters, so at least as many bytes */
  .reserved = corm_mysql_reserved,
  .append_type = append_type,
  .varchar = "varchar({n})",
  .any_precision = 65,
  .any_scale = 27,
  .decimal_any = "decimal(65,27)", /* 38 digits before the point; what does not fit is an error */
  .key_text = "varchar(255)",
  .key_bytes = "varbinary(255)",
  .index_prefix = 255,
  .identity = " AUTO_INCREMENT",
  .table_suffix = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin",
  .now = "utc_timestamp(6)",
  .now_local = "current_timestamp(6)",
  .now_date = "curdate()",
  .drop_objects = drop_objects,
  .other_meaning = other_meaning,
  .triggers = &triggers,
  .columns_fold = true,
  .keys_same_type = true,
  .sequence_state = "SELECT CONCAT('SELECT SETVAL({n}, ', next_not_cached_value, ', 0)') FROM {n}",
  .moments = { "date_format(utc_timestamp(), '%Y-%m-%d %H:%i:%s')",
               "date_format(utc_timestamp(), '%Y-%m-%d')", "date_format(utc_timestamp(), '%H:%i:%s')",
               "unix_timestamp()", "unix_timestamp() / 86400e0 + 2440587.5e0", "current_timestamp()",
               "utc_timestamp(6)", "utc_date()", "utc_time(6)" },
  .now_time = "curtime(6)",
  .new_uuid = "uuid()",
  .true_text = "1",
  .false_text = "0",
  .drop_index = "DROP INDEX {i} ON {t}",
  .lock_wait = "SET SESSION lock_wait_timeout = greatest(1, {v} DIV 1000)",
  .lock_wait_end = "SET SESSION lock_wait_timeout = DEFAULT",
  .table_size = "SELECT table_rows, data_length + index_length FROM information_schema.tables "
                "WHERE table_schema = DATABASE() AND table_name = {c}",
  .grant_make = grant_make,
  .grant_fill = grant_fill,
  .index_method_first = true,
  .alter = CORM_MYSQL_ALTER,
  .alter_online = CORM_MYSQL_ALTER_ONLINE,
  .locks = CORM_MYSQL_LOCKS,
  .hazards = CORM_MYSQL_HAZARDS,
  .comment = CORM_MYSQL_COMMENT,
  .modifies_whole = true,
  .change_options = corm_mysql_change_options,
  .append_loss = corm_mysql_append_loss,
  .comment_inline = true,
  .like = "{a} LIKE ({b} COLLATE utf8mb4_bin) ESCAPE '\\'",
  .insert_default_row = "() VALUES ()",
  .order_bytes = " COLLATE utf8mb4_nopad_bin",
  .functions = corm_mysql_functions,
  .list_form = CORM_LIST_JSON,
  .list_bytes = 4 << 20,
  .append_literal = append_literal,
  .lock_rows = { NULL, " FOR UPDATE", " LOCK IN SHARE MODE", " FOR UPDATE NOWAIT",
                 " FOR UPDATE SKIP LOCKED" },
  .explain = "EXPLAIN ",
  .script_delimiter = true,
  .begin = { "START TRANSACTION", "START TRANSACTION", "START TRANSACTION READ ONLY" },
  .keys_off = "SET foreign_key_checks = 0",
  .keys_on = "SET foreign_key_checks = 1",
  .isolate = "SET TRANSACTION ISOLATION LEVEL {l}; {b}",
  .hold_key = "SET foreign_key_checks = 0",
  .release_key = "SET foreign_key_checks = 1",
  .hold_key_end = "SET foreign_key_checks = 1",
  .lock = &lock,
  .upkeep = &corm_mysql_upkeep,
  .sync = &corm_mysql_sync,
};

/* Of the widest DECIMAL, and of the type that a DECIMAL without precision gets (above). */
enum { MAX_DIGITS = 65, MAX_SCALE = 38, ANY_SCALE = 27 };

gboolean
corm_mysql_check_decimal (const CormSqlType *type, const CormValue *value, GError **error)
{
  gboolean is_decimal = type->type == CORM_TYPE_DECIMAL, is_typed = is_decimal && type->precision > 0;
  guint precision = is_typed ? type->precision : MAX_DIGITS;
  guint scale = is_typed ? type->scale : is_decimal ? ANY_SCALE : MAX_SCALE;
  int shown = (int) MIN (value->size, 100);
  if (memchr (value->data, 'n', value->size) != NULL || memchr (value->data, 'N', value->size) != NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "MariaDB has no decimal %.*s", shown, value->data);
    return FALSE;
  }
  if (!corm_decimal_fits (value->data, value->size, precision, scale)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION,
                 "%.*s does not fit decimal(%u,%u): digits would be lost", shown, value->data, precision,
                 scale);
    return FALSE;
  }
  return TRUE;
}
