/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* MariaDB and MySQL through libdbi. Columns are cast to text, a FLOAT by way of DOUBLE, which has all its digits; bytes
 * come as hexadecimal digits. */
#include "generic.h"

#include "split.h"

#include <math.h>
#include <string.h>

#define COLUMN " AS `corm:`"

gboolean
corm_generic_mysql_configure (const CormUri *uri, G_GNUC_UNUSED const CormDbOptions *options,
                              CormSetOption set, gpointer data, GError **error)
{
  /* Rows that an UPDATE found count as changed, as everywhere else. */
  set ("mysql_client_found_rows", NULL, 1, data);
  return corm_generic_set_options (&corm_generic_mysql, uri, set, data, error);
}

static gboolean
set_up (CormLink *link, GError **error)
{
  guint seconds = (link->options->busy_timeout_ms + 999) / 1000;
  g_autofree char *waits =
      g_strdup_printf ("SET SESSION innodb_lock_wait_timeout = %u, lock_wait_timeout = %u", seconds, seconds);
  const char *const session[] = {
    "SET NAMES utf8mb4",
    corm_mysql_session,
    waits,
    link->options->read_only ? "SET SESSION TRANSACTION READ ONLY" : NULL,
    NULL,
  };
  static const char *const collation[] = { "SET SESSION collation_connection = utf8mb4_nopad_bin", NULL };
  if (!corm_generic_send_all (link, session, error))
    return FALSE;
  g_autoptr (GPtrArray) version = corm_generic_send_for_texts (link, corm_generic_mysql.version, error);
  if (version == NULL)
    return FALSE;
  gboolean is_mariadb = version->len > 0 && strstr (version->pdata[0], "MariaDB") != NULL;
  return !is_mariadb || corm_generic_send_all (link, collation, error);
}

/* https://mariadb.com/kb/en/mariadb-error-code-reference/ */
static CormError
classify (int number, G_GNUC_UNUSED const char *words)
{
  static const struct {
    int number;
    CormError code;
  } known[] = {
    { 1062, CORM_ERROR_UNIQUE },      { 1169, CORM_ERROR_UNIQUE },      { 1586, CORM_ERROR_UNIQUE },
    { 1216, CORM_ERROR_FOREIGN_KEY }, { 1217, CORM_ERROR_FOREIGN_KEY }, { 1451, CORM_ERROR_FOREIGN_KEY },
    { 1452, CORM_ERROR_FOREIGN_KEY }, { 1048, CORM_ERROR_NOT_NULL },    { 1364, CORM_ERROR_NOT_NULL },
    { 4025, CORM_ERROR_CHECK },       { 3819, CORM_ERROR_CHECK },       { 1064, CORM_ERROR_SYNTAX },
    { 1149, CORM_ERROR_SYNTAX },      { 1305, CORM_ERROR_SYNTAX },      { 1582, CORM_ERROR_SYNTAX },
    { 1046, CORM_ERROR_SCHEMA },      { 1049, CORM_ERROR_SCHEMA },      { 1050, CORM_ERROR_SCHEMA },
    { 1051, CORM_ERROR_SCHEMA },      { 1054, CORM_ERROR_SCHEMA },      { 1060, CORM_ERROR_SCHEMA },
    { 1061, CORM_ERROR_SCHEMA },      { 1072, CORM_ERROR_SCHEMA },      { 1091, CORM_ERROR_SCHEMA },
    { 1146, CORM_ERROR_SCHEMA },      { 1005, CORM_ERROR_SCHEMA },      { 1007, CORM_ERROR_SCHEMA },
    { 1044, CORM_ERROR_DENIED },      { 1045, CORM_ERROR_DENIED },      { 1142, CORM_ERROR_DENIED },
    { 1143, CORM_ERROR_DENIED },      { 1227, CORM_ERROR_DENIED },      { 1290, CORM_ERROR_DENIED },
    { 1792, CORM_ERROR_DENIED },      { 1205, CORM_ERROR_BUSY },        { 1213, CORM_ERROR_BUSY },
    { 1020, CORM_ERROR_BUSY },        { 1040, CORM_ERROR_BUSY },        { 1264, CORM_ERROR_CONVERSION },
    { 1265, CORM_ERROR_CONVERSION },  { 1292, CORM_ERROR_CONVERSION },  { 1366, CORM_ERROR_CONVERSION },
    { 1406, CORM_ERROR_CONVERSION },  { 1411, CORM_ERROR_CONVERSION },  { 1426, CORM_ERROR_CONVERSION },
    { 1690, CORM_ERROR_CONVERSION },  { 1367, CORM_ERROR_CONVERSION },  { 2002, CORM_ERROR_CONNECTION },
    { 2003, CORM_ERROR_CONNECTION },  { 2006, CORM_ERROR_CONNECTION },  { 2013, CORM_ERROR_CONNECTION },
    { 2055, CORM_ERROR_CONNECTION },  { 1927, CORM_ERROR_CONNECTION },  { 1317, CORM_ERROR_CANCELLED },
    { 1969, CORM_ERROR_CANCELLED },   { 3024, CORM_ERROR_CANCELLED },   { 1021, CORM_ERROR_FULL },
    { 1114, CORM_ERROR_FULL },        { 1024, CORM_ERROR_STORAGE },     { 1026, CORM_ERROR_STORAGE },
    { 1034, CORM_ERROR_STORAGE },     { 1194, CORM_ERROR_STORAGE },     { 1195, CORM_ERROR_STORAGE },
    { 1712, CORM_ERROR_STORAGE },     { 1877, CORM_ERROR_STORAGE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].number == number)
      return known[i].code;
  return CORM_ERROR_FAILED;
}

static gboolean
again (int number, G_GNUC_UNUSED const char *words)
{
  return number == 1213 || number == 1205 || number == 1020;
}

/* A deadlock ends the whole transaction of the loser. */
static gboolean
kept_transaction (G_GNUC_UNUSED CormLink *link, int number)
{
  return number != 1213 && number != 1020;
}

/* A float with all digits of a double: the shortest text of the largest float is more than a FLOAT holds. */
static gboolean
append_literal (GString *sql, const CormDialect *dialect, const CormValue *value, const CormSqlType *type,
                GError **error)
{
  CormValue sent = *value;
  if (sent.type == CORM_TYPE_FLOAT32)
    sent.type = CORM_TYPE_FLOAT64;
  if (sent.type == CORM_TYPE_FLOAT64 && sent.d == 0 && signbit (sent.d)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "MariaDB can't hold -0.0");
    return FALSE;
  }
  if (sent.type == CORM_TYPE_DECIMAL && !corm_mysql_check_decimal (type, &sent, error))
    return FALSE;
  return corm_sql_append_literal (sql, dialect, &sent, error);
}

/* --- queries written by hand ------------------------------------------------------------------------------------- */

/* Looking at the columns may run such a query, and it must run once only. */
static gboolean
has_effects (const char *sql)
{
  static const char *const calls[] = { "get_lock",   "release_lock", "release_all_locks",
                                       "sleep",      "nextval",      "setval",
                                       "next value", "benchmark",    "last_insert_id",
                                       ":=" };
  g_autofree char *text = g_ascii_strdown (sql, -1);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    if (strstr (text, calls[i]) != NULL)
      return TRUE;
  return FALSE;
}

static void
append_name (GString *sql, const char *name)
{
  corm_sql_append_identifier (sql, &corm_mysql_dialect, name);
}

/* Column @i of @probe, by libdbi's type for it. */
static void
append_column (GString *sql, dbi_result probe, guint i, CormGenericColumn *column)
{
  guint attributes = dbi_result_get_field_attribs_idx (probe, i);
  g_autoptr (GString) name = g_string_new (NULL);
  append_name (name, column->name);
  const char *before = "", *behind = "";
  switch (dbi_result_get_field_type_idx (probe, i)) {
  case DBI_TYPE_INTEGER: /* a BIT too, which a cast alone would take for bytes */
    before = "CAST(", behind = " + 0 AS CHAR)";
    column->type.type = CORM_TYPE_INT64;
    break;
  case DBI_TYPE_DECIMAL:
    before = "CAST(CAST(", behind = " AS DOUBLE) AS CHAR)";
    column->type.type = (attributes & DBI_DECIMAL_SIZE4) != 0 ? CORM_TYPE_FLOAT32 : CORM_TYPE_FLOAT64;
    break;
  case DBI_TYPE_DATETIME:
    before = "CAST(", behind = " AS CHAR)";
    column->type.type = (attributes & DBI_DATETIME_DATE) == 0   ? CORM_TYPE_TIME
                        : (attributes & DBI_DATETIME_TIME) == 0 ? CORM_TYPE_DATE
                                                                : CORM_TYPE_LOCAL_TIMESTAMP;
    break;
  case DBI_TYPE_BINARY:
    before = "HEX(", behind = ")";
    column->type.type = CORM_TYPE_BYTES;
    break;
  default:
    column->type.type = CORM_TYPE_TEXT;
    break;
  }
  g_string_append_printf (sql, "%s%s%s%s" COLUMN, i > 1 ? ", " : "", before, name->str, behind);
}

/* Only a LIMIT keeps the order of a query within another one: this one keeps all rows. */
static const char *
find_limit (const CormDialect *dialect, const char *sql)
{
  static const char *const limits[] = { "LIMIT", "FETCH", NULL };
  gboolean needed =
      corm_generic_has_word (dialect, sql, "ORDER") && corm_generic_first_word (dialect, sql, limits) == NULL;
  return needed ? "\nLIMIT 18446744073709551615" : "";
}

static gboolean
can_be_wrapped (const CormDialect *dialect, const char *sql)
{
  static const char *const words[] = { "RETURNING", "FOR", "LOCK", "INTO", "PROCEDURE", NULL };
  return corm_generic_first_word (dialect, sql, words) == NULL && !has_effects (sql);
}

static char *
wrap (CormLink *link, const char *sql, GPtrArray *columns, G_GNUC_UNUSED GError **error)
{
  const CormDialect *dialect = link->driver->dialect;
  if (!can_be_wrapped (dialect, sql))
    return NULL;
  g_autofree char *bare = g_strdup (sql);
  for (gsize size = strlen (g_strchomp (bare)); size > 0 && bare[size - 1] == ';'; size--)
    bare[size - 1] = '\0';
  g_autofree char *text = g_strdup_printf ("SELECT * FROM (%s\n) AS corm_query LIMIT 0", bare);
  dbi_result probe = corm_generic_send (link, text, NULL);
  /* A query that cannot stand in another one is run as it is, and says itself what is wrong with it. */
  if (probe == NULL)
    return NULL;
  GString *query = g_string_new ("SELECT ");
  guint n = dbi_result_get_numfields (probe);
  for (guint i = 1; i <= n; i++)
    append_column (query, probe, i,
                   corm_generic_add_column (columns, dbi_result_get_field_name (probe, i), NULL));
  dbi_result_free (probe);
  g_string_append_printf (query, " FROM (%s%s\n) AS corm_query", bare, find_limit (dialect, bare));
  return g_string_free (query, FALSE);
}

void
corm_generic_fill_mysql (CormDialect *dialect)
{
  *dialect = corm_mysql_dialect;
  dialect->caps &= ~(guint) CORM_CAP_STREAMING;
  for (guint i = 0; i < CORM_N_TYPES; i++)
    dialect->select_cast[i] = "CAST({} AS CHAR)" COLUMN;
  dialect->select_cast[CORM_TYPE_FLOAT32] = "CAST(CAST({} AS DOUBLE) AS CHAR)" COLUMN;
  dialect->select_cast[CORM_TYPE_BYTES] = "HEX({})" COLUMN;
}

static const char *const options[] = { "host",     "port",     "dbname",  "username",
                                       "password", "encoding", "timeout", NULL };

const CormGenericFlavor corm_generic_mysql = {
  .dbi_name = "mysql",
  .server = "MySQL",
  .version = "SELECT VERSION()" COLUMN,
  .options = options,
  .structure_commits = TRUE,
  .set_up = set_up,
  .classify = classify,
  .again = again,
  .kept_transaction = kept_transaction,
  .append_literal = append_literal,
  .wrap = wrap,
  .decode = corm_generic_decode,
};
