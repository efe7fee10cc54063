/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* PostgreSQL through libdbi. Every column is cast to text under a name of our own (ORDER BY would else find the text in
 * place of the column); bytes come as hexadecimal digits. libdbi gives no SQLSTATE, so errors are known by their words,
 * which are English unless the server's lc_messages says otherwise: then they are FAILED. */
#include "generic.h"

#include "split.h"

#include <string.h>

#define COLUMN " AS \"corm:\""

gboolean
corm_generic_pgsql_configure (const CormUri *uri, G_GNUC_UNUSED const CormDbOptions *options,
                              CormSetOption set, gpointer data, GError **error)
{
  return corm_generic_set_options (&corm_generic_pgsql, uri, set, data, error);
}

static gboolean
set_up (CormLink *link, GError **error)
{
  g_autofree char *wait = g_strdup_printf ("SET lock_timeout TO %u", link->options->busy_timeout_ms);
  const char *const session[] = {
    "SET client_encoding TO 'UTF8'",
    "SET TimeZone TO 'UTC'",
    "SET DateStyle TO 'ISO, YMD'",
    "SET IntervalStyle TO 'postgres'",
    "SET extra_float_digits TO 3",
    "SET bytea_output TO 'escape'",
    "SET standard_conforming_strings TO on",
    "SET client_min_messages TO error",
    wait,
    link->options->read_only ? "SET default_transaction_read_only TO on" : NULL,
    NULL,
  };
  return corm_generic_send_all (link, session, error);
}

/* The words of src/backend's messages; where one holds another, the longer stands first. */
static CormError
classify (G_GNUC_UNUSED int number, const char *words)
{
  static const struct {
    const char *part;
    CormError code;
  } known[] = {
    { "violates unique constraint", CORM_ERROR_UNIQUE },
    { "could not create unique index", CORM_ERROR_UNIQUE },
    { "conflicting key value violates exclusion", CORM_ERROR_UNIQUE },
    { "violates foreign key constraint", CORM_ERROR_FOREIGN_KEY },
    { "violates not-null constraint", CORM_ERROR_NOT_NULL },
    { "contains null values", CORM_ERROR_NOT_NULL },
    { "violates check constraint", CORM_ERROR_CHECK },
    { "is violated by some row", CORM_ERROR_CHECK },
    { "syntax error", CORM_ERROR_SYNTAX },
    { "permission denied", CORM_ERROR_DENIED },
    { "must be owner", CORM_ERROR_DENIED },
    { "read-only transaction", CORM_ERROR_DENIED },
    { "password authentication failed", CORM_ERROR_DENIED },
    { "deadlock detected", CORM_ERROR_BUSY },
    { "could not serialize access", CORM_ERROR_BUSY },
    { "could not obtain lock", CORM_ERROR_BUSY },
    { "due to lock timeout", CORM_ERROR_BUSY },
    { "too many clients", CORM_ERROR_BUSY },
    { "invalid input syntax", CORM_ERROR_CONVERSION },
    { "invalid input value", CORM_ERROR_CONVERSION },
    { "invalid byte sequence", CORM_ERROR_CONVERSION },
    { "out of range", CORM_ERROR_CONVERSION },
    { "value too long", CORM_ERROR_CONVERSION },
    { "numeric field overflow", CORM_ERROR_CONVERSION },
    { "is of type", CORM_ERROR_CONVERSION },
    { "No space left", CORM_ERROR_FULL },
    { "could not read block", CORM_ERROR_STORAGE },
    { "could not write block", CORM_ERROR_STORAGE },
    { "invalid page in block", CORM_ERROR_STORAGE },
    { "server closed the connection", CORM_ERROR_CONNECTION },
    { "terminating connection", CORM_ERROR_CONNECTION },
    { "no connection to the server", CORM_ERROR_CONNECTION },
    { "canceling statement", CORM_ERROR_CANCELLED },
    { "does not exist", CORM_ERROR_SCHEMA },
    { "already exists", CORM_ERROR_SCHEMA },
    { "no unique constraint matching", CORM_ERROR_SCHEMA },
    { "no unique or exclusion constraint matching", CORM_ERROR_SCHEMA },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strstr (words, known[i].part) != NULL)
      return known[i].code;
  return CORM_ERROR_FAILED;
}

static gboolean
again (G_GNUC_UNUSED int number, const char *words)
{
  return strstr (words, "deadlock detected") != NULL || strstr (words, "could not serialize access") != NULL;
}

/* A float says which one it is: compared as a numeric constant, a real would be taken for a double precision. */
static gboolean
append_literal (GString *sql, const CormDialect *dialect, const CormValue *value, const CormSqlType *type,
                GError **error)
{
  if (value->type != CORM_TYPE_FLOAT32 && value->type != CORM_TYPE_FLOAT64)
    return corm_sql_append_literal (sql, dialect, value, error);
  gboolean single = value->type == CORM_TYPE_FLOAT32 || type->type == CORM_TYPE_FLOAT32;
  char buffer[CORM_TEXT_MAX];
  gsize size =
      single ? corm_text_from_float ((float) value->d, buffer) : corm_text_from_double (value->d, buffer);
  corm_generic_append_quoted (sql, buffer, size);
  g_string_append (sql, single ? "::real" : "::double precision");
  return TRUE;
}

/* --- queries written by hand ------------------------------------------------------------------------------------- */

/* A cast writes some types otherwise than the server does: an inet gets its mask. */
#define RAW_TEXT(a, b) "CASE WHEN " a " IS NOT NULL THEN pg_catalog.concat(" b ") END"

static void
append_names (GString *sql, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_printf (sql, "%sc%u", i > 0 ? ", " : "", i);
}

static CormSqlType
type_of (const char *name)
{
  if (g_str_equal (name, "name") || g_str_equal (name, "\"char\"") || g_str_has_prefix (name, "reg"))
    return (CormSqlType){ .type = CORM_TYPE_TEXT };
  if (g_str_equal (name, "real")) /* elsewhere a real is a double */
    return (CormSqlType){ .type = CORM_TYPE_FLOAT32 };
  if (g_str_equal (name, "oid"))
    return (CormSqlType){ .type = CORM_TYPE_INT64 };
  return corm_sql_type_parse (name);
}

/* The columns' names and types, without running @sql: LIMIT 0 asks it for nothing. */
static gboolean
describe (CormLink *link, const char *sql, GPtrArray *columns, GError **error)
{
  g_autofree char *probe = g_strdup_printf ("SELECT * FROM (%s\n) AS corm_query LIMIT 0", sql);
  dbi_result result = corm_generic_send (link, probe, error);
  if (result == NULL)
    return FALSE;
  guint n = dbi_result_get_numfields (result);
  for (guint i = 0; i < n; i++)
    corm_generic_add_column (columns, dbi_result_get_field_name (result, i + 1), NULL);
  dbi_result_free (result);
  g_autoptr (GString) types = g_string_new ("SELECT ");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (types, "%spg_catalog.pg_typeof(c%u)::text" COLUMN, i > 0 ? ", " : "", i);
  g_string_append (types, " FROM (SELECT 1) AS one LEFT JOIN (SELECT * FROM (");
  g_string_append_printf (types, "%s\n) AS none LIMIT 0) AS corm_query (", sql);
  append_names (types, n);
  g_string_append (types, ") ON true");
  result = corm_generic_send (link, types->str, error);
  if (result == NULL)
    return FALSE;
  gboolean read = dbi_result_next_row (result);
  for (guint i = 0; read && i < n; i++)
    ((CormGenericColumn *) columns->pdata[i])->type = type_of (dbi_result_get_string_idx (result, i + 1));
  dbi_result_free (result);
  return TRUE;
}

static char *
wrap (CormLink *link, const char *sql, GPtrArray *columns, GError **error)
{
  if (corm_generic_has_word (link->driver->dialect, sql, "RETURNING"))
    return NULL;
  g_autofree char *bare = g_strdup (sql);
  for (gsize size = strlen (g_strchomp (bare)); size > 0 && bare[size - 1] == ';'; size--)
    bare[size - 1] = '\0';
  if (!describe (link, bare, columns, error))
    return NULL;
  if (columns->len == 0)
    return NULL;
  GString *query = g_string_new ("SELECT ");
  for (guint i = 0; i < columns->len; i++) {
    const CormGenericColumn *column = columns->pdata[i];
    g_string_append (query, i > 0 ? ", " : "");
    if (column->type.type == CORM_TYPE_BYTES)
      g_string_append_printf (query, "pg_catalog.encode(c%u, 'hex')" COLUMN, i);
    else if (column->type.type == CORM_TYPE_RAW)
      g_string_append_printf (query, RAW_TEXT ("c%u", "c%u") COLUMN, i, i);
    else
      g_string_append_printf (query, "CAST(c%u AS text)" COLUMN, i);
  }
  g_string_append_printf (query, " FROM (%s\n) AS corm_query (", bare);
  append_names (query, columns->len);
  g_string_append_c (query, ')');
  return g_string_free (query, FALSE);
}

/* The server guesses at a literal's type, and takes 2.0 for a numeric and 5 for a short integer: in an expression each
 * says its own. */
static const CormFunctionSql *
make_functions (void)
{
  static CormFunctionSql functions[CORM_N_TEMPLATES];
  static const char *const value[CORM_N_CLASSES] = {
    [CORM_CLASS_INTEGER] = "CAST({a} AS bigint)",
    [CORM_CLASS_FLOAT] = "CAST({a} AS double precision)",
    [CORM_CLASS_DECIMAL] = "CAST({a} AS numeric)",
    [CORM_CLASS_TEXT] = "CAST({a} AS text)",
    [CORM_CLASS_BYTES] = "CAST({a} AS bytea)",
    [CORM_CLASS_DATE] = "CAST({a} AS date)",
    [CORM_CLASS_TIME] = "CAST({a} AS time)",
    [CORM_CLASS_TIMESTAMP] = "CAST({a} AS timestamptz)",
    [CORM_CLASS_LOCAL_TIMESTAMP] = "CAST({a} AS timestamp)",
    [CORM_CLASS_UUID] = "CAST({a} AS uuid)",
    [CORM_CLASS_JSON] = "CAST({a} AS json)",
  };
  memcpy (functions, corm_pgsql_functions, sizeof functions);
  functions[CORM_TEMPLATE_VALUE] = (CormFunctionSql){ .of = value };
  return functions;
}

void
corm_generic_fill_pgsql (CormDialect *dialect)
{
  *dialect = corm_pgsql_dialect;
  dialect->functions = make_functions ();
  dialect->caps &= ~(guint) CORM_CAP_STREAMING;
  for (guint i = 0; i < CORM_N_TYPES; i++)
    dialect->select_cast[i] = "CAST({} AS text)" COLUMN;
  dialect->select_cast[CORM_TYPE_RAW] = RAW_TEXT ("{}", "{}") COLUMN;
  dialect->select_cast[CORM_TYPE_BYTES] = "pg_catalog.encode({}, 'hex')" COLUMN;
}

static const char *const options[] = { "host",     "port",     "dbname",  "username",
                                       "password", "encoding", "timeout", NULL };

const CormGenericFlavor corm_generic_pgsql = {
  .dbi_name = "pgsql",
  .server = "PostgreSQL",
  .version = "SELECT pg_catalog.current_setting('server_version')" COLUMN,
  .aborts = TRUE,
  .options = options,
  .set_up = set_up,
  .classify = classify,
  .again = again,
  .append_literal = append_literal,
  .wrap = wrap,
  .decode = corm_generic_decode,
};
