/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What people really write into a SQLite file, as a type and as a default, and what it becomes in each database: a table of
 * expectations. From a file that the test makes, into whatever backend, with proof. */
#include "../lib/suite.h"

#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
  const char *declared; /* the column's type */
  const char *values;   /* of the rows, parted by "|" */
  const char *pgsql, *mysql;
  const char *conversion; /* NULL: none */
} OddType;

static const OddType odd_types[] = {
  { "int(5)", "1|99999", "integer", "int", NULL },
  { "INT", "1|3000000000", "bigint", "bigint", NULL },
  { "intege", "1|2", "bigint", "bigint", NULL },
  { "INTEGER(11)", "-1|7", "bigint", "bigint", NULL },
  { "smallint unsigned", "65535|0", "integer", "int", NULL },
  { "unsigned big int", "5|9223372036854775807", "numeric(20,0)", "decimal(20,0)", NULL },
  { "tinyint(1)", "0|1", "boolean", "tinyint(1)", NULL },
  { "tinyint", "0|200", "smallint", "smallint", NULL },
  { "BOOL", "0|NULL|1", "boolean", "tinyint(1)", NULL },
  { "text(100)", "'a'|''", "character varying(100)", "varchar(100)", NULL },
  { "VARCHAR", "'long'|NULL", "text", "longtext", NULL },
  { "NATIVE CHARACTER(70)", "'x'|'y'", "character varying(70)", "varchar(70)", NULL },
  { "STRING", "'x'|'y'", "text", "longtext", NULL },
  { "double precision", "1.5|-2", "double precision", "double", NULL },
  { "REAL", "1e300|0.1", "double precision", "double", NULL },
  { "number(10,2)", "12.5|-0.01|7", "numeric(10,2)", "decimal(10,2)", NULL },
  { "DECIMAL", "12.5|7", "numeric", "decimal(65,27)", NULL },
  { "\"varchar\"(20)", "'q'|NULL", "text", "longtext", NULL },
  { "[datetime]", "'2024-01-02 03:04:05'|NULL", "timestamp", "datetime(6)", NULL },
  { "", "1|2", "bigint", "bigint", NULL },
  { "", "1|2.5", "double precision", "double", NULL },
  { "", "1|'two'|3.5", "text", "longtext", NULL },
  { "", "x'00ff'|x''", "bytea", "longblob", NULL },
  { "", "'a'|x'00ff'", "bytea", "longblob", NULL },
  { "", "NULL|NULL", "text", "longtext", NULL },
  { "", "9007199254740993|0.5", "text", "longtext", NULL },
  { "MONEY", "1|2.25", "double precision", "double", NULL },
  { "POINT", "'1 2'|'3 4'", "text", "longtext", NULL },
  { "FLOATING", "1|2.25", "double precision", "double", NULL },
  { "LONGVARCHAR", "'x'|NULL", "text", "longtext", NULL },
  { "BLOB", "x'00'|'text'", "bytea", "longblob", NULL },
  { "BLOB SUB_TYPE TEXT", "'x'|'y'", "text", "longtext", NULL },
  { "DATE", "'2024-02-29'|NULL", "date", "date", NULL },
  { "DATE", "'2024-02-29'|'2024-02-29 10:00:00'", "timestamp", "datetime(6)", NULL },
  { "DATETIME", "'2024-02-29 23:59:59.999999'|'2024-02-29'", "timestamp", "datetime(6)", NULL },
  { "DATETIME", "'2024-02-29T10:00:00+02:00'|'2024-02-29 10:00:00'", "timestamp with time zone",
    "datetime(6)", NULL },
  { "DATETIME", "1700000000|0|NULL", "timestamp", "datetime(6)", "unix-seconds" },
  { "TIMESTAMP", "1700000000.25|1700000001", "timestamp with time zone", "datetime(6)", "unix-seconds" },
  { "DATETIME", "1700000000123|1700000000124", "timestamp", "datetime(6)", "unix-milliseconds" },
  { "DATETIME", "julianday('2024-02-29 12:34:56.789')|2451545.0", "timestamp", "datetime(6)", "julian" },
  { "DATETIME", "'2024-02-29 01:02:03'|1700000000", "timestamp", "datetime(6)", "unix-seconds" },
  { "DATETIME", "1700000000|1700000000123|'2024-02-29'", "text", "longtext", NULL },
  { "DATE", "1709164800|1709251200", "date", "date", "unix-seconds" },
  { "TIME", "'10:11:12'|NULL", "time", "time(6)", NULL },
  { "INTEGER", "1700000000|1700000001", "bigint", "bigint", NULL },
  { "UUID", "'00112233-4455-6677-8899-aabbccddeeff'|NULL", "uuid", "uuid", NULL },
  { "GUID", "x'00112233445566778899aabbccddeeff'|NULL", "uuid", "uuid", NULL },
  { "JSON", "'{\"a\": [1, 2]}'|NULL", "json", "json", NULL },
};

typedef struct {
  const char *type, *sql; /* of the column and behind DEFAULT */
  const char *pgsql,
      *mysql; /* a query over t that gives 1 when the default did its work; NULL: it is not moved */
} OddDefault;

#define NEAR_PGSQL "abs(extract(epoch FROM (timezone('UTC', now()) - d%u::timestamp))) < 3600"
#define NEAR_MYSQL "abs(timestampdiff(SECOND, d%u, utc_timestamp())) < 3600"

static const OddDefault odd_defaults[] = {
  { "INT", "5", "d%u = 5", "d%u = 5" },
  { "INT", "'5'", "d%u = 5", "d%u = 5" },
  { "INT", "+5", "d%u = 5", "d%u = 5" },
  { "INT", "(-5)", "d%u = -5", "d%u = -5" },
  { "INT", "0x1F", "d%u = 31", "d%u = 31" },
  { "INT", "true", "d%u = 1", "d%u = 1" },
  { "INT", "''", NULL, NULL },
  { "INT", "(strftime('%%s', 'now'))", "abs(d%u - extract(epoch FROM now())) < 3600",
    "abs(d%u - unix_timestamp()) < 3600" },
  { "INT", "(unixepoch())", "abs(d%u - extract(epoch FROM now())) < 3600",
    "abs(d%u - unix_timestamp()) < 3600" },
  { "REAL", "(julianday('now'))", "abs(d%u - extract(julian FROM timezone('UTC', now())) + 0.5) < 0.1",
    "abs(d%u - unix_timestamp() / 86400 - 2440587.5) < 0.1" },
  { "REAL", "1e3", "d%u = 1000", "d%u = 1000" },
  { "NUMERIC(5,2)", "1.5", "d%u = 1.5", "d%u = 1.5" },
  { "NUMERIC(5,2)", "1.555", NULL, NULL },
  { "BOOLEAN", "0", "NOT d%u", "NOT d%u" },
  { "BOOLEAN", "'t'", "d%u", "d%u" },
  { "TEXT", "\"word\"", "d%u = 'word'", "d%u = 'word'" },
  { "TEXT", "'it''s'", "d%u = 'it''s'", "d%u = 'it''s'" },
  { "TEXT", "NULL", "d%u IS NULL", "d%u IS NULL" },
  { "TEXT", "5", "d%u = '5'", "d%u = '5'" },
  { "TEXT", "''", "d%u = ''", "d%u = ''" },
  { "VARCHAR(3)", "'four'", NULL, NULL },
  { "TEXT", "current_timestamp", NEAR_PGSQL " AND length(d%u) = 19", NEAR_MYSQL " AND length(d%u) = 19" },
  { "TEXT", "(date('now'))", "length(d%u) = 10", "length(d%u) = 10" },
  { "TEXT", "(lower(hex(randomblob(4))))", NULL, NULL },
  { "DATETIME", "CURRENT_TIMESTAMP", NEAR_PGSQL, NEAR_MYSQL },
  { "DATETIME", "(datetime('now','localtime'))", "d%u IS NOT NULL", "d%u IS NOT NULL" },
  { "DATETIME", "(strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now'))", NEAR_PGSQL, NEAR_MYSQL },
  { "DATETIME", "'2024-01-02 03:04:05'", "d%u = '2024-01-02 03:04:05'", "d%u = '2024-01-02 03:04:05'" },
  { "DATETIME", "'0000-00-00 00:00:00'", NULL, NULL },
  { "DATE", "current_date", "abs(d%u - current_date) <= 1", "abs(datediff(d%u, utc_date())) <= 1" },
  { "TIMESTAMP", "CURRENT_TIMESTAMP", "d%u > now() - interval '1 hour'", NEAR_MYSQL },
  { "TIME", "current_time", "d%u IS NOT NULL", "d%u IS NOT NULL" },
};

static CormDb *
make_source (char **path)
{
  static int count;
  const char *folder = g_getenv ("CORM_TEST_TMP");
  CormDb *db = NULL;
  *path = g_strdup_printf ("%s/types-%d-%d.db", folder != NULL ? folder : g_get_tmp_dir (), (int) getpid (),
                           ++count);
  g_unlink (*path);
  g_autofree char *uri = g_strconcat ("sqlite:", *path, NULL);
  const CormDbOptions options = { .pool_size = 4 }; /* the case keeps one */
  assert_ok ((db = corm_db_open_full (uri, NULL, &options, error)) != NULL);
  return db;
}

/* What a backend expects; NULL: the case is about others. */
static const char *
expected (const Suite *suite, const char *pgsql, const char *mysql)
{
  return strcmp (suite->backend, "pgsql") == 0 ? pgsql : strcmp (suite->backend, "mysql") == 0 ? mysql : NULL;
}

static const CormPortChoice *
find_choice (const CormPortReport *report, const char *table, const char *column)
{
  for (guint i = 0; i < report->choices->len; i++) {
    const CormPortChoice *choice = g_ptr_array_index (report->choices, i);
    if (strcmp (choice->table, table) == 0 && strcmp (choice->column, column) == 0)
      return choice;
  }
  fail_msg ("no choice for %s.%s", table, column);
  return NULL;
}

static gboolean
has_line (GPtrArray *lines, const char *part)
{
  for (guint i = 0; i < lines->len; i++)
    if (strstr (g_ptr_array_index (lines, i), part) != NULL)
      return TRUE;
  return FALSE;
}

static void
assert_equal_report (const CormPortReport *report)
{
  for (guint i = 0; i < report->tables->len; i++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, i);
    if (!table->equal)
      fail_msg ("%s: %s", table->table,
                table->differences->len > 0 ? (char *) g_ptr_array_index (table->differences, 0) : "?");
  }
  assert_true (report->equal);
}

/* One table for each odd type, as its rows decide about it. */
static void
fill_types (CormConnection *conn)
{
  for (guint i = 0; i < G_N_ELEMENTS (odd_types); i++) {
    g_autofree char *create =
        g_strdup_printf ("CREATE TABLE t%u (k INTEGER PRIMARY KEY, v %s)", i, odd_types[i].declared);
    g_auto (GStrv) values = g_strsplit (odd_types[i].values, "|", -1);
    suite_sql (conn, create);
    for (guint r = 0; values[r] != NULL; r++) {
      g_autofree char *insert = g_strdup_printf ("INSERT INTO t%u (v) VALUES (%s)", i, values[r]);
      suite_sql (conn, insert);
    }
  }
}

static void
odd_types_become_what_the_table_says (Suite *suite)
{
  g_autofree char *path = NULL;
  CormPortOptions options = { .verify = true };
  g_autoptr (CormDb) source = make_source (&path);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) report = NULL, again = NULL;
  guint wrong = 0;
  fill_types (conn);
  assert_ok ((report = corm_port (source, suite->db, &options, error)) != NULL);
  assert_equal_report (report);
  for (guint i = 0; i < G_N_ELEMENTS (odd_types); i++) {
    const OddType *odd = &odd_types[i];
    g_autofree char *table = g_strdup_printf ("t%u", i);
    const CormPortChoice *choice = find_choice (report, table, "v");
    const char *want = expected (suite, odd->pgsql, odd->mysql);
    assert_true (*choice->reason != '\0');
    if (want == NULL ||
        (strcmp (want, choice->type) == 0 && g_strcmp0 (odd->conversion, choice->conversion) == 0))
      continue;
    print_message ("# %s '%s' (%s): %s [%s], wanted %s [%s]: %s\n", suite->backend, odd->declared,
                   odd->values, choice->type, choice->conversion, want, odd->conversion, choice->reason);
    wrong++;
  }
  assert_int_equal (wrong, 0);
  if (!g_str_has_prefix (suite->backend, "dbi:")) { /* it forgets what the chosen types were */
    assert_ok ((again = corm_verify (source, suite->db, NULL, error)) != NULL);
    assert_equal_report (again);
  }
  g_unlink (path);
}

static void
odd_defaults_do_as_the_table_says (Suite *suite)
{
  g_autofree char *path = NULL;
  g_autoptr (CormDb) source = make_source (&path);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) report = NULL;
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE t (k INTEGER PRIMARY KEY AUTOINCREMENT");
  guint wrong = 0;
  for (guint i = 0; i < G_N_ELEMENTS (odd_defaults); i++) {
    g_autofree char *words = g_strdup (odd_defaults[i].sql);
    for (char *p; (p = strstr (words, "%%")) != NULL;)
      memmove (p, p + 1, strlen (p));
    g_string_append_printf (sql, ", d%u %s DEFAULT %s", i, odd_defaults[i].type, words);
  }
  g_string_append_c (sql, ')');
  suite_sql (conn, sql->str);
  suite_sql (conn, "INSERT INTO t (k, d0) VALUES (41, 1)");
  suite_sql (conn, "DELETE FROM t");
  assert_ok ((report = corm_port (source, suite->db, NULL, error)) != NULL);
  g_unlink (path);
  if (expected (suite, "", "") == NULL) /* the table has no column for it */
    return;
  suite_sql (suite->conn, "INSERT INTO t (d0) VALUES (5)");
  for (guint i = 0; i < G_N_ELEMENTS (odd_defaults); i++) {
    const OddDefault *odd = &odd_defaults[i];
    g_autofree char *line = g_strdup_printf ("default of t.d%u:", i);
    const char *want = expected (suite, odd->pgsql, odd->mysql);
    gboolean lost = has_line (report->not_moved, line);
    gboolean is_right = lost == (want == NULL);
    if (want != NULL && is_right) {
      g_auto (GStrv) parts = g_strsplit (want, "%u", -1);
      g_autofree char *number = g_strdup_printf ("%u", i);
      g_autofree char *where = g_strjoinv (number, parts);
      g_autofree char *query = g_strdup_printf ("SELECT count(*) FROM t WHERE %s", where);
      is_right = suite_number (suite->conn, query) == 1;
    }
    if (is_right)
      continue;
    print_message ("# %s %s DEFAULT %s: %s\n", suite->backend, odd->type, odd->sql,
                   lost ? "not moved" : "moved");
    wrong++;
  }
  assert_int_equal (wrong, 0);
}

/* A plan changes nothing, names what does not fit, and a mapping file has the last word. */
static void
a_plan_and_a_mapping_file (Suite *suite)
{
  g_autofree char *path = NULL, *yaml = NULL;
  g_autoptr (CormDb) source = make_source (&path);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) plan = NULL, ported = NULL, again = NULL, blind = NULL;
  g_autoptr (CormSchema) schema = NULL;
  suite_sql (
      conn,
      "CREATE TABLE jobs (id INTEGER PRIMARY KEY, \"order\" INT, Started INTEGER, code TEXT, note TEXT)");
  suite_sql (conn, "INSERT INTO jobs VALUES (1, 5, 1700000000, ' a ', ''), (2, 'many', NULL, 'b', ' ')");
  yaml = g_strconcat (path, ".yaml", NULL);
  CormPortOptions only = { .plan_only = true }, mapped = { .mapping = yaml, .verify = true }, plain = { 0 };
  assert_ok ((plan = corm_port (source, suite->db, &only, error)) != NULL);
  assert_ok ((schema = corm_schema_inspect (suite->conn, error)) != NULL);
  assert_int_equal (schema->tables->len, 0);
  const CormPortChoice *order = find_choice (plan, "jobs", "order");
  assert_int_equal (order->misfits, 1);
  assert_non_null (strstr (order->misfit, "first 'many' at id = '2'"));
  assert_string_equal (order->found, "1 whole number from 5 to 5, 1 text of at most 4 bytes");
  assert_fails (corm_port (source, suite->db, &plain, error), CORM_ERROR_CONVERSION,
                "jobs, id = '2', column order", "'many'", "nothing was changed", "mapping file",
                "reject file");
  assert_ok (
      g_file_set_contents (yaml,
                           "types: {int: text}\ntables:\n  jobs:\n    columns:\n      started: {convert: "
                           "unix-seconds}\n      code: {type: varchar(9), convert: trim}\n      note: "
                           "{convert: 'trim, empty-to-null'}\n",
                           -1, error));
  assert_ok ((ported = corm_port (source, suite->db, &mapped, error)) != NULL);
  assert_equal_report (ported);
  assert_string_equal (find_choice (ported, "jobs", "Started")->conversion, "unix-seconds");
  assert_non_null (strstr (find_choice (ported, "jobs", "code")->reason, "line 6"));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM jobs WHERE code = 'a' AND note IS NULL"),
                    1);
  assert_ok ((again = corm_verify (source, suite->db, &mapped, error)) != NULL);
  assert_equal_report (again);
  assert_ok ((blind = corm_verify (source, suite->db, NULL, error)) != NULL);
  assert_false (blind->equal);
  g_unlink (yaml);
  assert_ok (g_file_set_contents (yaml, "tables:\n  jobs:\n    columns:\n      nowhere: date\n", -1, error));
  mapped.truncate = true;
  assert_fails (corm_port (source, suite->db, &mapped, error), CORM_ERROR_INVALID, "line 4", "jobs.nowhere");
  g_unlink (yaml);
  g_unlink (path);
}

/* What a unique name, a check, an index and a generated column meant, they mean in the target; or are listed. */
static void
structure_means_the_same (Suite *suite)
{
  g_autofree char *path = NULL;
  g_autoptr (CormDb) source = make_source (&path);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) report = NULL;
  g_autoptr (CormSchema) schema = NULL;
  CormPortOptions options = { .verify = true };
  suite_sql (
      conn,
      "CREATE TABLE Kinds (Id INTEGER PRIMARY KEY AUTOINCREMENT, Name VARCHAR(20) UNIQUE COLLATE NOCASE,"
      " \"group\" VARCHAR(10), Size INTEGER, Twice INTEGER AS (size * 2) STORED, Half REAL AS (size / 2.0),"
      " CHECK (SIZE == 7 OR [group] <> \"odd\"), CHECK (name || 'x' <> 'y'))");
  suite_sql (conn, "CREATE TABLE pairs (a VARCHAR(5), b INT, PRIMARY KEY (a, b)) WITHOUT ROWID");
  suite_sql (conn, "CREATE INDEX part ON Kinds (size) WHERE NAME IS NOT NULL");
  suite_sql (conn, "CREATE TRIGGER t AFTER INSERT ON pairs BEGIN DELETE FROM pairs WHERE b = 0; END");
  suite_sql (conn, "INSERT INTO Kinds (name, \"group\", size) VALUES ('Ab', 'x', 7), ('b', 'y', 8)");
  suite_sql (conn, "INSERT INTO pairs VALUES ('a', 1)");
  assert_ok ((report = corm_port (source, suite->db, &options, error)) != NULL);
  assert_equal_report (report);
  assert_ok ((schema = corm_schema_inspect (suite->conn, error)) != NULL);
  const CormTable *kinds = corm_schema_find_table (schema, "Kinds");
  assert_non_null (kinds);
  if (expected (suite, "", "") == NULL)
    return;
  assert_true (has_line (report->not_moved, "trigger t: CREATE TRIGGER")); /* it changes its own table */
  gboolean whole = expected (suite, "", NULL) != NULL;
  assert_true (has_line (report->not_moved, "generated column Kinds.Half"));
  assert_false (has_line (report->not_moved, "generated column Kinds.Twice"));
  assert_int_equal (kinds->checks->len, 1);
  assert_true (has_line (report->not_moved, "|| 'x'"));
  assert_int_equal (has_line (report->not_moved, "whatever the case"), !whole);
  assert_false (corm_execute (suite->conn,
                              whole ? "INSERT INTO \"Kinds\" (\"Size\", \"group\") VALUES (8, 'odd')"
                                    : "INSERT INTO Kinds (Size, `group`) VALUES (8, 'odd')",
                              NULL, NULL, NULL));
  if (whole)
    assert_false (
        corm_execute (suite->conn, "INSERT INTO \"Kinds\" (\"Name\") VALUES ('aB')", NULL, NULL, NULL));
  g_unlink (path);
}

/* Integers of other widths on the two sides of a key, by way of a column in between; and the clock of a default. */
static void
keys_and_clocks_mean_the_same (Suite *suite)
{
  g_autofree char *path = NULL;
  g_autoptr (CormDb) source = make_source (&path);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) report = NULL;
  g_autoptr (CormSchema) schema = NULL;
  CormPortOptions options = { .verify = true };
  suite_sql (conn, "CREATE TABLE a (id INTEGER PRIMARY KEY, at DATETIME DEFAULT CURRENT_TIMESTAMP)");
  suite_sql (conn, "CREATE TABLE b (id INT PRIMARY KEY REFERENCES a (id) ON DELETE CASCADE)");
  suite_sql (conn, "CREATE TABLE c (b SMALLINT NOT NULL REFERENCES b (id), up INT REFERENCES a (id))");
  suite_sql (conn, "INSERT INTO a VALUES (1, '2026-01-01 00:00:00')");
  suite_sql (conn, "INSERT INTO b VALUES (1)");
  suite_sql (conn, "INSERT INTO c VALUES (1, NULL)");
  assert_ok ((report = corm_port (source, suite->db, &options, error)) != NULL);
  assert_equal_report (report);
  assert_int_equal (report->not_moved->len, 0);
  assert_ok ((schema = corm_schema_inspect (suite->conn, error)) != NULL);
  assert_int_equal (corm_schema_find_table (schema, "b")->foreign_keys->len, 1);
  assert_int_equal (corm_schema_find_table (schema, "c")->foreign_keys->len, 2);
  const CormTableColumn *at = corm_table_find_column (corm_schema_find_table (schema, "a"), "at");
  g_autofree char *words = g_ascii_strdown (at->default_sql != NULL ? at->default_sql : "", -1);
  assert_true (expected (suite, "", "") == NULL || strstr (words, "utc") != NULL);
  g_unlink (path);
}

/* What the source takes and the target does not, though nobody has said so: named by a plan, and rejected by a port. */
static void
what_goes_without_saying_is_looked_at (Suite *suite)
{
  g_autofree char *path = NULL;
  g_autoptr (CormDb) source = make_source (&path);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autofree char *rejects = g_strconcat (path, ".rejects", NULL);
  CormPortOptions plan = { .plan_only = true }, port = { .rejects = rejects, .verify = true };
  gboolean has_limits = expected (suite, "", "") != NULL, is_mysql = expected (suite, NULL, "") != NULL;
  suite_sql (conn, "CREATE TABLE n (a VARCHAR(9), b VARCHAR(9), PRIMARY KEY (a, b))");
  suite_sql (conn, "INSERT INTO n VALUES ('x', NULL), ('x', 'y')");
  suite_sql (conn, "CREATE TABLE d (a INT, s NUMERIC)");
  suite_sql (conn, "INSERT INTO d VALUES (1, 1e300), (2, 2), (3, 3)");
  g_autoptr (CormPortReport) choices = NULL;
  g_autoptr (CormPortReport) report = NULL;
  assert_ok ((choices = corm_port (source, suite->db, &plan, error)) != NULL);
  if (has_limits)
    assert_int_equal (find_choice (choices, "n", "b")->misfits, 1);
  if (is_mysql)
    assert_int_equal (find_choice (choices, "d", "s")->misfits, 1);
  g_unlink (rejects);
  assert_ok ((report = corm_port (source, suite->db, &port, error)) != NULL);
  assert_equal_report (report);
  if (has_limits)
    assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM n"), 1);
  if (is_mysql)
    assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM d"), 2);
  g_unlink (rejects);
  g_unlink (path);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "odd_types_become_what_the_table_says", odd_types_become_what_the_table_says, 0 },
    { "a_plan_and_a_mapping_file", a_plan_and_a_mapping_file, 0 },
    { "structure_means_the_same", structure_means_the_same, 0 },
    { "what_goes_without_saying_is_looked_at", what_goes_without_saying_is_looked_at, 0 },
    { "keys_and_clocks_mean_the_same", keys_and_clocks_mean_the_same, 0 },
    { "odd_defaults_do_as_the_table_says", odd_defaults_do_as_the_table_says, 0 },
  };
  return SUITE_RUN (NULL, cases);
}
