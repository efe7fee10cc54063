/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite through libdbi. libdbd-sqlite3 takes every SQL text apart to guess the types of its columns, with buffers of
 * 128 bytes and without looking at quotes: an unbalanced parenthesis or a long name ends the process. It stops looking
 * at the word "from" and starts again at "select", in lower or upper case only. So each statement begins with a comment
 * that says "from", keywords are written Select and From, and every column is called "sqlite_master.sql", for which
 * the guess is TEXT. Invariant: no text of which that is not true reaches libdbi in a statement that has columns. */
#include "../sqlite3/ddl.h"
#include "generic.h"

#include "split.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COLUMN " AS \"sqlite_master.sql\""

/* --- opening ---------------------------------------------------------------------------------------------------- */

/* path=FILE, or libdbi's own sqlite3_dbdir and dbname; a dbname alone may hold a folder too. */
static char *
find_path (const CormUri *uri)
{
  const char *path = corm_uri_get_parameter (uri, "path"), *name = corm_uri_get_parameter (uri, "dbname");
  const char *folder = corm_uri_get_parameter (uri, "sqlite3_dbdir");
  if (path == NULL && name == NULL)
    name = corm_uri_get_parameter (uri, "database");
  if (path != NULL || name == NULL || folder == NULL || g_str_equal (name, ":memory:"))
    return g_strdup (path != NULL ? path : name);
  return g_build_filename (folder, name, NULL);
}

static gboolean
is_memory (const CormUri *uri)
{
  g_autofree char *path = find_path (uri);
  return g_strcmp0 (path, ":memory:") == 0;
}

static const char *
find_fault (const char *path, gboolean must_exist, CormError *code)
{
  struct stat info;
  g_autofree char *folder = g_path_get_dirname (path);
  *code = CORM_ERROR_CONNECTION;
  if (stat (path, &info) == 0) {
    if (S_ISDIR (info.st_mode))
      return "it is a folder";
    *code = CORM_ERROR_DENIED;
    return access (path, R_OK) != 0 ? "the file cannot be read" : NULL;
  }
  if (must_exist)
    return "there is no such file";
  if (stat (folder, &info) != 0)
    return "its folder does not exist; create it first";
  *code = CORM_ERROR_DENIED;
  return access (folder, W_OK | X_OK) != 0 ? "no file can be created in its folder" : NULL;
}

gboolean
corm_generic_sqlite3_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set,
                                gpointer data, GError **error)
{
  g_autofree char *path = find_path (uri);
  g_autofree char *doing = g_strdup_printf ("cannot open %s", corm_uri_get_public_text (uri));
  CormError code = CORM_ERROR_INVALID;
  g_autofree char *log = NULL, *strange = NULL;
  const char *fault = path == NULL || *path == '\0' ? "it names no file: dbi:sqlite3?path=FILE" : NULL;
  if (fault == NULL && !g_str_equal (path, ":memory:"))
    fault = find_fault (path, options->must_exist || options->read_only, &code);
  if (fault == NULL && (log = corm_file_find_strange_log (path)) != NULL) {
    code = CORM_ERROR_CONNECTION;
    fault = strange = corm_file_explain_strange_log (log);
  }
  if (fault != NULL) {
    corm_driver_error (error, code, doing, fault, NULL);
    return FALSE;
  }
  if (!corm_generic_set_options (&corm_generic_sqlite3, uri, set, data, error))
    return FALSE;
  if (corm_uri_get_parameter (uri, "sqlite3_timeout") == NULL)
    set ("sqlite3_timeout", NULL, (int) options->busy_timeout_ms, data);
  if (g_str_equal (path, ":memory:")) {
    set ("dbname", path, 0, data);
    return TRUE;
  }
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  set ("sqlite3_dbdir", folder, 0, data);
  set ("dbname", name, 0, data);
  return TRUE;
}

static gboolean
mark_file (CormLink *link, GError **error)
{
  CormGenericLink *self = link->data;
  g_autofree char *path = find_path (link->uri);
  self->file = corm_file_mark (path);
  if (self->file != NULL)
    return TRUE;
  corm_driver_error (error, CORM_ERROR_CONNECTION, path, "the file was removed while it was opened",
                     "try again");
  return FALSE;
}

/* The native driver's defaults, as far as SQL can say them. */
static gboolean
set_up (CormLink *link, GError **error)
{
  static const char *const always[] = { "Select 1" COLUMN " From sqlite_master Where 0",
                                        "PRAGMA foreign_keys = 1", NULL };
  static const char *const read_only[] = { "PRAGMA query_only = 1", NULL };
  static const char *const file[] = { "PRAGMA synchronous = NORMAL", NULL };
  link->sole = is_memory (link->uri);
  if (!corm_generic_send_all (link, always, error))
    return FALSE;
  if (link->options->read_only)
    return corm_generic_send_all (link, read_only, error) && (link->sole || mark_file (link, error));
  if (link->sole)
    return TRUE;
  g_autoptr (GPtrArray) mode = corm_generic_send_for_texts (link, "PRAGMA journal_mode = WAL", NULL);
  gboolean wal = mode != NULL && mode->len == 1 && g_strcmp0 (mode->pdata[0], "wal") == 0;
  return (!wal || corm_generic_send_all (link, file, error)) && mark_file (link, error);
}

/* --- errors: https://sqlite.org/rescode.html; libdbi gives the primary code --------------------------------------- */

enum {
  SQLITE_ERROR = 1,
  SQLITE_PERM = 3,
  SQLITE_BUSY = 5,
  SQLITE_LOCKED = 6,
  SQLITE_NOMEM = 7,
  SQLITE_READONLY = 8,
  SQLITE_INTERRUPT = 9,
  SQLITE_IOERR = 10,
  SQLITE_CORRUPT = 11,
  SQLITE_FULL = 13,
  SQLITE_CANTOPEN = 14,
  SQLITE_SCHEMA = 17,
  SQLITE_TOOBIG = 18,
  SQLITE_CONSTRAINT = 19,
  SQLITE_MISMATCH = 20,
  SQLITE_AUTH = 23,
  SQLITE_NOTADB = 26,
};

static CormError
classify_words (const char *words)
{
  static const struct {
    const char *part;
    CormError code;
  } known[] = {
    { "UNIQUE constraint", CORM_ERROR_UNIQUE },    { "PRIMARY KEY", CORM_ERROR_UNIQUE },
    { "FOREIGN KEY", CORM_ERROR_FOREIGN_KEY },     { "NOT NULL", CORM_ERROR_NOT_NULL },
    { "CHECK constraint", CORM_ERROR_CHECK },      { "cannot store", CORM_ERROR_CONVERSION },
    { "no such table", CORM_ERROR_SCHEMA },        { "no such column", CORM_ERROR_SCHEMA },
    { "no such index", CORM_ERROR_SCHEMA },        { "has no column named", CORM_ERROR_SCHEMA },
    { "already exists", CORM_ERROR_SCHEMA },       { "foreign key mismatch", CORM_ERROR_SCHEMA },
    { "duplicate column", CORM_ERROR_SCHEMA },     { "syntax error", CORM_ERROR_SYNTAX },
    { "incomplete input", CORM_ERROR_SYNTAX },     { "unrecognized token", CORM_ERROR_SYNTAX },
    { "no such function", CORM_ERROR_SYNTAX },     { "wrong number of arguments", CORM_ERROR_SYNTAX },
    { "integer overflow", CORM_ERROR_CONVERSION },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strstr (words, known[i].part) != NULL)
      return known[i].code;
  return CORM_ERROR_FAILED;
}

static CormError
classify (int number, const char *words)
{
  CormError said = classify_words (words);
  switch (number & 0xff) {
  case SQLITE_CONSTRAINT:
    return said == CORM_ERROR_FAILED ? CORM_ERROR_CHECK : said;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return CORM_ERROR_BUSY;
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return CORM_ERROR_DENIED;
  case SQLITE_FULL:
  case SQLITE_NOMEM:
    return CORM_ERROR_FULL;
  case SQLITE_IOERR:
  case SQLITE_CORRUPT:
    return CORM_ERROR_STORAGE;
  case SQLITE_CANTOPEN:
  case SQLITE_NOTADB:
    return CORM_ERROR_CONNECTION;
  case SQLITE_MISMATCH:
  case SQLITE_TOOBIG:
    return CORM_ERROR_CONVERSION;
  case SQLITE_INTERRUPT:
    return CORM_ERROR_CANCELLED;
  case SQLITE_SCHEMA:
    return CORM_ERROR_SCHEMA;
  case SQLITE_ERROR:
    return said;
  default:
    return CORM_ERROR_FAILED;
  }
}

static gboolean
again (int number, G_GNUC_UNUSED const char *words)
{
  return (number & 0xff) == SQLITE_BUSY;
}

/* After these SQLite may have rolled back by itself, and no SQL tells. A BEGIN works only when it has. */
static gboolean
kept_transaction (CormLink *link, int number)
{
  int code = number & 0xff;
  if (code != SQLITE_FULL && code != SQLITE_IOERR && code != SQLITE_NOMEM && code != SQLITE_BUSY &&
      code != SQLITE_INTERRUPT)
    return TRUE;
  dbi_result begun = dbi_conn_query (link->dbi, "BEGIN");
  if (begun == NULL)
    return TRUE;
  dbi_result_free (begun);
  dbi_result ended = dbi_conn_query (link->dbi, "ROLLBACK");
  if (ended != NULL)
    dbi_result_free (ended);
  return FALSE;
}

/* --- values ---------------------------------------------------------------------------------------------------------- */

static gboolean
holds_select (const char *text, gsize size)
{
  for (gsize i = 0; i + 6 <= size; i++)
    if (g_ascii_strncasecmp (text + i, "select", 6) == 0)
      return TRUE;
  return FALSE;
}

/* A text has no affinity, in whatever way it is written: the concatenation takes that of the cast away. */
static void
append_text (GString *sql, const char *text, gsize size)
{
  if (memchr (text, '\0', size) == NULL && !holds_select (text, size)) {
    corm_generic_append_quoted (sql, text, size);
    return;
  }
  g_string_append (sql, "(CAST(x'");
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (sql, "%02x", (guint8) text[i]);
  g_string_append (sql, "' AS TEXT) || '')");
}

static gboolean
append_literal (GString *sql, G_GNUC_UNUSED const CormDialect *dialect, const CormValue *value,
                G_GNUC_UNUSED const CormSqlType *type, GError **error)
{
  switch (value->type) {
  case CORM_TYPE_TEXT:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    append_text (sql, value->data, value->size);
    return TRUE;
  default:
    return corm_sqlite3_dialect.append_literal (sql, value, error);
  }
}

static gboolean
is_integer (const char *text)
{
  const char *digits = *text == '-' ? text + 1 : text;
  return *digits != '\0' && strspn (digits, "0123456789") == strlen (digits);
}

/* What the dialect's cast wrote: a letter for the storage class, then the value. */
static gboolean
read_natural (const char *text, gsize size, GString **scratch, CormValue *value, GError **error)
{
  switch (*text) {
  case 'b':
    return corm_generic_unhex (text + 1, size - 1, scratch, value, error);
  case 'h':
    if (!corm_generic_unhex (text + 1, size - 1, scratch, value, error))
      return FALSE;
    value->type = CORM_TYPE_TEXT;
    return TRUE;
  case 't':
    *value = (CormValue){ .type = CORM_TYPE_TEXT, .data = text + 1, .size = size - 1 };
    return TRUE;
  default:
    if (is_integer (text + 1))
      *value = (CormValue){ .type = CORM_TYPE_INT64, .i = g_ascii_strtoll (text + 1, NULL, 10) };
    else
      *value = (CormValue){ .type = CORM_TYPE_FLOAT64, .d = g_ascii_strtod (text + 1, NULL) };
    return TRUE;
  }
}

static gboolean
decode (const char *text, gsize size, const CormGenericColumn *column, GString **scratch, CormValue *value,
        GError **error)
{
  CormValue from;
  if (!column->plain)
    return read_natural (text, size, &scratch[0], column->as_found ? value : &from, error) &&
           (column->as_found || corm_sqlite3_convert (&from, &column->type, &scratch[1], value, error));
  /* Of a PRAGMA. */
  if (is_integer (text) && size < 19)
    *value = (CormValue){ .type = CORM_TYPE_INT64, .i = g_ascii_strtoll (text, NULL, 10) };
  else
    *value = (CormValue){ .type = CORM_TYPE_TEXT, .data = text, .size = size };
  return TRUE;
}

/* --- queries ------------------------------------------------------------------------------------------------------------ */

/* Would the guesser begin to read again? It parts words at blanks, commas and semicolons, and drops what stands in
 * front of a point. */
static gboolean
wakes_guesser (const char *sql)
{
  g_auto (GStrv) words = g_strsplit_set (sql, " ,;", -1);
  for (guint i = 0; words[i] != NULL; i++) {
    const char *point = strchr (words[i], '.');
    const char *word = point != NULL ? point + 1 : words[i];
    word += *word == '(';
    if (g_str_equal (word, "select") || g_str_equal (word, "SELECT"))
      return TRUE;
  }
  return FALSE;
}

static gboolean
finish (GString *sql, GError **error)
{
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (sql->str);
  for (guint i = 0; i < tokens->len; i++) {
    const CormSqlite3Token *token = &g_array_index (tokens, CormSqlite3Token, i);
    if (corm_sqlite3_token_is (sql->str, token, "SELECT") ||
        corm_sqlite3_token_is (sql->str, token, "FROM")) {
      sql->str[token->start] = g_ascii_toupper (sql->str[token->start]);
      for (gsize p = token->start + 1; p < token->end; p++)
        sql->str[p] = g_ascii_tolower (sql->str[p]);
    }
  }
  if (!wakes_guesser (sql->str))
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
               "libdbi's SQLite driver cannot take a name or text that holds the word \"select\" by itself; "
               "open the file with sqlite:PATH");
  return FALSE;
}

/* A view may be written in any words, for making it gives no columns. */
static gboolean
make_view (CormLink *link, const char *sql, GError **error)
{
  const CormGenericLink *self = link->data;
  gboolean query_only = self->query_only;
  g_autofree char *create = g_strconcat ("CREATE TEMP VIEW corm_query AS ", sql, NULL);
  if (query_only && !corm_generic_run (link, "PRAGMA query_only = 0", error))
    return FALSE;
  gboolean ok = corm_generic_run (link, create, error);
  if (query_only)
    corm_generic_run (link, "PRAGMA query_only = 1", NULL);
  return ok;
}

/* "PRAGMA name (argument)" as a query, which can be a view; NULL: it sets something, or does not read like that. */
static char *
query_of_pragma (const char *sql)
{
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (sql);
  const CormSqlite3Token *token = (const CormSqlite3Token *) (gpointer) tokens->data;
  guint n = tokens->len - 1;
  if (n > 2 && corm_sqlite3_token_is (sql, &token[n - 1], ";"))
    n--;
  gboolean has_argument = n == 5 && corm_sqlite3_token_is (sql, &token[2], "(");
  if (n != 2 && !has_argument)
    return NULL;
  g_autofree char *name = g_strndup (sql + token[1].start, token[1].end - token[1].start);
  GString *query = g_string_new ("SELECT * FROM pragma_");
  g_string_append (query, name);
  if (has_argument) {
    g_autofree char *argument = corm_sqlite3_token_name (sql, &token[3]);
    g_string_append_c (query, '(');
    corm_generic_append_quoted (query, argument, strlen (argument));
    g_string_append_c (query, ')');
  }
  return g_string_free (query, FALSE);
}

static const char cast[] =
    "CASE typeof({}) WHEN 'text' THEN CASE WHEN instr({}, char(0)) THEN 'h' || hex({}) "
    "ELSE 't' || {} END WHEN 'blob' THEN 'b' || hex({}) WHEN 'null' THEN NULL "
    "ELSE 'q' || quote({}) END" COLUMN;

static char *
select_from_view (const GPtrArray *names, GPtrArray *columns, guint n)
{
  GString *query = g_string_new ("With q(");
  for (guint i = 0; i < n; i++)
    g_string_append_printf (query, "%sc%u", i > 0 ? ", " : "", i);
  g_string_append (query, ") As (Select * From temp.corm_query) Select ");
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("c%u", i);
    g_auto (GStrv) parts = g_strsplit (cast, "{}", -1);
    g_autofree char *column = g_strjoinv (name, parts);
    g_string_append_printf (query, "%s%s", i > 0 ? ", " : "", column);
    corm_generic_add_column (columns, i < names->len ? names->pdata[i] : "", NULL);
  }
  g_string_append (query, " From q");
  return g_string_free (query, FALSE);
}

static char *
wrap (CormLink *link, const char *sql, GPtrArray *columns, GError **error)
{
  gboolean is_pragma = g_ascii_strncasecmp (sql, "PRAGMA", 6) == 0;
  g_autofree char *pragma = is_pragma ? query_of_pragma (sql) : NULL;
  if (is_pragma && pragma == NULL)
    return NULL;
  if (corm_generic_has_word (link->driver->dialect, sql, "RETURNING")) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
        "RETURNING written by hand does not go through libdbi's SQLite driver; read the rows with SELECT, or "
        "open the file with sqlite:PATH");
    return NULL;
  }
  if (!make_view (link, is_pragma ? pragma : sql, error))
    return NULL;
  static const char list[] = "Select name" COLUMN " From pragma_table_info('corm_query') Order By cid";
  g_autoptr (GPtrArray) names = corm_generic_send_for_texts (link, list, error);
  /* Not every PRAGMA is a table too. */
  if (names == NULL || (is_pragma && names->len == 0))
    return NULL;
  /* Without columns the view cannot be read: then the query says why. */
  return select_from_view (names, columns, MAX (names->len, 1));
}

static void
unwrap (CormLink *link)
{
  const CormGenericLink *self = link->data;
  gboolean query_only = self->query_only;
  if (query_only)
    corm_generic_run (link, "PRAGMA query_only = 0", NULL);
  corm_generic_run (link, "DROP VIEW IF EXISTS temp.corm_query", NULL);
  if (query_only)
    corm_generic_run (link, "PRAGMA query_only = 1", NULL);
}

/* --- scratch place ------------------------------------------------------------------------------------------------------ */

gboolean
corm_generic_sqlite3_scratch_begin (G_GNUC_UNUSED CormConnection *conn, CormConnection **other,
                                    GError **error)
{
  *other = corm_connection_open_uri ("dbi:sqlite3?path=:memory:", error);
  return *other != NULL;
}

/* "{a} LIKE {b} ESCAPE '\'" by bytes, without SQLite's folding of ASCII letters: as GLOB, whose pattern is made of it. */
static const char like[] =
    "{a} GLOB replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace({b}, "
    "'\\\\', char(1)), '\\%', char(2)), '\\_', char(3)), '[', '[[]'), '*', '[*]'), '?', '[?]'), '%', '*'), "
    "'_', '?'), "
    "char(1), '\\'), char(2), '%'), char(3), '_')";

void
corm_generic_fill_sqlite3 (CormDialect *dialect)
{
  *dialect = corm_sqlite3_dialect;
  dialect->caps &= ~(guint) (CORM_CAP_STREAMING | CORM_CAP_LONG_DECIMAL);
  dialect->like = like;
  /* The collation lives in the native driver: long decimals, which are text, would sort as text here. */
  dialect->decimal_compare = NULL;
  dialect->functions = corm_sqlite3_plain_functions;
  dialect->upkeep = &corm_sqlite3_plain_upkeep;
  for (guint i = 0; i < CORM_N_TYPES; i++)
    dialect->select_cast[i] = cast;
}

static const char *const options[] = { "path", "dbname", "database", "timeout", "encoding", NULL };

const CormGenericFlavor corm_generic_sqlite3 = {
  .dbi_name = "sqlite3",
  .server = "SQLite",
  .version = "Select sqlite_version()" COLUMN,
  .guard = "/* from sqlite_master where */ ",
  .options = options,
  .set_up = set_up,
  .classify = classify,
  .again = again,
  .kept_transaction = kept_transaction,
  .append_literal = append_literal,
  .wrap = wrap,
  .unwrap = unwrap,
  .finish = finish,
  .decode = decode,
};
