/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every template of the dialect run on a table with rows, the online ones too: the server accepts the ALGORITHM and LOCK
 * that they claim. And what the server refuses to do to rows when a type changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/mysql-fixture.h"

#include <string.h>

#define TEXT " COLLATE utf8mb4_nopad_bin"

/* Two hundred rows, a foreign key, an index, generated columns. */
static void
make_tables (void)
{
  static const char *const statements[] = {
    "DROP TABLE IF EXISTS t, renamed, plain, p",
    "CREATE TABLE p (id bigint PRIMARY KEY)",
    "INSERT INTO p VALUES (1)",
    "CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b int NOT NULL, v varchar(50)" TEXT
    ", n int COMMENT 'old', d int DEFAULT 5, g int AS (a + 1) STORED, w int AS (a + 2) VIRTUAL, fk bigint, u "
    "int, "
    "KEY ia (a), CONSTRAINT uu UNIQUE (u), CONSTRAINT ck CHECK (a < 1000), CONSTRAINT fkp FOREIGN KEY (fk) "
    "REFERENCES "
    "p (id))",
    "INSERT INTO t (a, b, v, fk, u) SELECT seq, seq, 'abc', 1, seq FROM seq_1_to_200",
    "CREATE TABLE plain (a int NOT NULL, b int, c int)",
    "INSERT INTO plain SELECT seq, seq, seq FROM seq_1_to_200",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    mysql_run (statements[i]);
}

typedef struct {
  CormOpKind kind;
  const char *table, *name, *was, *definition, *value;
  const char *asks, *answer; /* afterwards */
} Case;

#define COLUMN(what, column) \
  "SELECT " what " FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't' " \
  "AND column_name = '" column "'"
#define COUNT(view, schema, where) \
  "SELECT count(*) FROM information_schema." view " WHERE " schema " = DATABASE() AND " where

static const Case cases[] = {
  { CORM_OP_RENAME_TABLE, "t", "renamed", "t", NULL, NULL, "SELECT count(*) FROM renamed", "200" },
  { CORM_OP_SET_OPTIONS, "t", NULL, NULL, NULL, "ROW_FORMAT=COMPRESSED",
    "SELECT create_options FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = "
    "'t'",
    "row_format=COMPRESSED" },
  { CORM_OP_ADD_COLUMN, "t", "z", NULL, "z int NOT NULL DEFAULT 7", NULL, "SELECT sum(z) FROM t", "1400" },
  { CORM_OP_RENAME_COLUMN, "t", "a3", "a", NULL, NULL, "SELECT sum(a3) FROM t", "20100" },
  { CORM_OP_DROP_COLUMN, "t", "u", NULL, NULL, NULL, COUNT ("columns", "table_schema", "table_name = 't'"),
    "9" },
  { CORM_OP_DROP_COLUMN, "t", "w", NULL, NULL, NULL, COUNT ("columns", "table_schema", "table_name = 't'"),
    "9" },
  { CORM_OP_SET_TYPE, "t", "b", NULL, "b bigint NOT NULL", NULL, COLUMN ("data_type", "b"), "bigint" },
  { CORM_OP_SET_NOT_NULL, "t", "v", NULL, "v varchar(50)" TEXT " NOT NULL", NULL, COLUMN ("is_nullable", "v"),
    "NO" },
  { CORM_OP_DROP_NOT_NULL, "t", "b", NULL, "b int", NULL, COLUMN ("is_nullable", "b"), "YES" },
  { CORM_OP_SET_DEFAULT, "t", "n", NULL, NULL, "8", COLUMN ("column_default", "n"), "8" },
  { CORM_OP_SET_DEFAULT, "t", "n", NULL, NULL, "(1 + 2)", COLUMN ("column_default", "n"), "(1 + 2)" },
  { CORM_OP_DROP_DEFAULT, "t", "d", NULL, NULL, NULL, COLUMN ("column_default", "d"), NULL },
  { CORM_OP_SET_GENERATED, "t", "w", NULL, "w int AS (a + 9) VIRTUAL", NULL, "SELECT w FROM t WHERE a = 1",
    "10" },
  { CORM_OP_SET_GENERATED, "t", "g", NULL, "g int AS (a + 9) STORED", NULL, "SELECT g FROM t WHERE a = 1",
    "10" },
  { CORM_OP_SET_IDENTITY, "t", "id", NULL, "id bigint NOT NULL", NULL, COLUMN ("extra", "id"), "" },
  { CORM_OP_ADD_PRIMARY_KEY, "plain", NULL, NULL, "PRIMARY KEY (a)", NULL,
    COUNT ("statistics", "table_schema", "table_name = 'plain'"), "1" },
  { CORM_OP_DROP_UNIQUE, "t", "uu", NULL, NULL, NULL,
    COUNT ("statistics", "table_schema", "index_name = 'uu'"), "0" },
  { CORM_OP_ADD_UNIQUE, "t", "un", NULL, "CONSTRAINT un UNIQUE (b)", NULL,
    COUNT ("statistics", "table_schema", "index_name = 'un'"), "1" },
  { CORM_OP_DROP_FOREIGN_KEY, "t", "fkp", NULL, NULL, NULL,
    COUNT ("referential_constraints", "constraint_schema", "1"), "0" },
  { CORM_OP_ADD_FOREIGN_KEY, "t", "f2", NULL, "CONSTRAINT f2 FOREIGN KEY (fk) REFERENCES p (id)", NULL,
    COUNT ("referential_constraints", "constraint_schema", "1"), "2" },
  { CORM_OP_DROP_CHECK, "t", "ck", NULL, NULL, NULL, COUNT ("check_constraints", "constraint_schema", "1"),
    "0" },
  { CORM_OP_ADD_CHECK, "t", "c2", NULL, "CONSTRAINT c2 CHECK (b > 0)", NULL,
    COUNT ("check_constraints", "constraint_schema", "1"), "2" },
  { CORM_OP_DROP_INDEX, "t", "ia", NULL, NULL, NULL,
    COUNT ("statistics", "table_schema", "index_name = 'ia'"), "0" },
};

/* As the standard says it, where the dialect says nothing. */
static const char *
standard (CormOpKind kind)
{
  switch (kind) {
  case CORM_OP_RENAME_TABLE:
    return "ALTER TABLE {o} RENAME TO {n}";
  case CORM_OP_RENAME_COLUMN:
    return "ALTER TABLE {t} RENAME COLUMN {o} TO {n}";
  case CORM_OP_DROP_COLUMN:
    return "ALTER TABLE {t} DROP COLUMN {n}";
  case CORM_OP_ADD_COLUMN:
    return "ALTER TABLE {t} ADD COLUMN {d}";
  case CORM_OP_SET_DEFAULT:
    return "ALTER TABLE {t} ALTER COLUMN {n} SET DEFAULT {v}";
  case CORM_OP_DROP_DEFAULT:
    return "ALTER TABLE {t} ALTER COLUMN {n} DROP DEFAULT";
  case CORM_OP_DROP_CHECK:
    return "ALTER TABLE {t} DROP CONSTRAINT {n}";
  case CORM_OP_DROP_INDEX:
    return "DROP INDEX {n} ON {t}";
  default:
    return "ALTER TABLE {t} ADD {d}";
  }
}

static char *
fill (const char *template, const Case *c)
{
  GString *sql = g_string_new (template);
  const char *const gaps[][2] = {
    { "{t}", c->table }, { "{n}", c->name }, { "{o}", c->was }, { "{d}", c->definition }, { "{v}", c->value }
  };
  for (gsize i = 0; i < G_N_ELEMENTS (gaps); i++)
    if (gaps[i][1] != NULL)
      g_string_replace (sql, gaps[i][0], gaps[i][1], 0);
  return g_string_free (sql, FALSE);
}

static void
run_cases (gboolean online)
{
  const CormDialect *dialect = mysql_fixture_link ()->driver->dialect;
  guint n = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *template = online ? dialect->alter_online[cases[i].kind] : dialect->alter[cases[i].kind];
    if (template == NULL && online)
      continue;
    g_autofree char *sql = fill (template != NULL ? template : standard (cases[i].kind), &cases[i]);
    make_tables ();
    mysql_run (sql);
    g_autofree char *answer = mysql_text_of (cases[i].asks);
    if (g_strcmp0 (answer, cases[i].answer) != 0 &&
        !(cases[i].answer == NULL && g_strcmp0 (answer, "NULL") == 0))
      fail_msg ("%s: %s is %s", sql, cases[i].asks, answer);
    n++;
  }
  assert_true (n >= (online ? 9 : 20));
}

static void
templates (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  run_cases (FALSE);
}

static void
online_templates (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  run_cases (TRUE);
}

static void
primary_key_and_comments (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  const CormDialect *dialect = mysql_fixture_link ()->driver->dialect;
  make_tables ();
  mysql_run ("ALTER TABLE plain ADD PRIMARY KEY (a)");
  const Case key = { CORM_OP_DROP_PRIMARY_KEY, "plain", "plain_pkey", NULL, NULL, NULL, NULL, NULL };
  g_autofree char *drop = fill (dialect->alter[CORM_OP_DROP_PRIMARY_KEY], &key);
  mysql_run (drop);
  g_autoptr (GString) comment = g_string_new (dialect->comment[CORM_COMMENT_ON_TABLE]);
  g_string_replace (comment, "{t}", "t", 0);
  g_string_replace (comment, "{c}", "'it''s a \\'", 0);
  mysql_run (comment->str);
  g_autofree char *text = mysql_text_of ("SELECT table_comment FROM information_schema.tables WHERE "
                                         "table_schema = DATABASE() AND table_name = 't'");
  assert_string_equal (text, "it's a \\");
}

/* --- rows: what would not fit is refused, in the session that the driver sets --- */

static void
rows_that_do_not_fit (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const struct {
    const char *is, *value, *should;
  } refused[] = {
    { "varchar(100)", "'abcdefghij'", "varchar(5)" },
    { "longtext", "repeat('x', 70000)", "text" },
    { "varbinary(10)", "x'6100ff'", "varbinary(2)" },
    { "varbinary(10)", "x'ff61'", "varchar(10)" },
    { "varchar(10)", "x'e697a5'", "varchar(10) CHARACTER SET latin1" },
    { "bigint", "3000000000", "int" },
    { "int", "-1", "int unsigned" },
    { "varchar(20)", "'12abc'", "int" },
    { "varchar(20)", "''", "int" },
    { "varchar(20)", "'1.7'", "int" },
    { "varchar(20)", "'abc'", "double" },
    { "decimal(10,2)", "12345678.12", "decimal(5,2)" },
    { "double", "1e20", "bigint" },
    { "double", "1e300", "float" },
    { "varchar(40)", "'nonsense'", "date" },
    { "int", "20200231", "date" },
    { "datetime", "'1960-01-02 03:04:05'", "timestamp" },
    { "enum('x','y')", "'y'", "enum('x')" },
    { "varchar(10)", "'z'", "enum('x','y')" },
    { "set('a','b')", "'a,b'", "set('a')" },
    { "int", "12345", "varchar(3)" },
    { "longtext", "'not json'", "json" },
    { "varchar(40)", "'no uuid'", "uuid" },
    { "varchar(10)", "NULL", "varchar(10) NOT NULL" },
    { "datetime", "NULL", "datetime NOT NULL" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *make = g_strdup_printf ("CREATE OR REPLACE TABLE r (c %s)", refused[i].is);
    g_autofree char *put = g_strdup_printf ("INSERT INTO r VALUES (%s)", refused[i].value);
    g_autofree char *change = g_strdup_printf ("ALTER TABLE r MODIFY COLUMN c %s", refused[i].should);
    mysql_run (make);
    g_autoptr (GError) error = NULL;
    if (!corm_execute (mysql_fixture (), put, NULL, NULL, &error))
      fail_msg ("%s: %s", put, error->message);
    g_autofree char *before = mysql_text_of ("SELECT hex(c) FROM r");
    mysql_error_of (change, NULL);
    g_autofree char *after = mysql_text_of ("SELECT hex(c) FROM r");
    assert_int_equal (g_strcmp0 (before, after), 0);
  }
}

/* What it changes without a word is found before: the first value of each is, the second is not. */
static void
rows_that_would_change (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const struct {
    const char *is, *should, *lost, *kept;
  } changed[] = {
    { "varchar(100)", "varchar(5)", "'abc      '", "'abc'" },
    { "varbinary(10)", "binary(3)", "x'61'", "x'616263'" },
    { "decimal(10,4)", "decimal(10,2)", "1.2345", "1.23" },
    { "varchar(20)", "decimal(10,2)", "'12.345'", "'12.34'" },
    { "double", "decimal(10,3)", "0.123456789", "0.125" },
    { "decimal(10,2)", "int(11)", "1.5", "2" },
    { "double", "int(11)", "1.5", "-2" },
    { "bigint(20)", "double", "9007199254740993", "9007199254740992" },
    { "int(11)", "float", "16777217", "1234" },
    { "decimal(30,10)", "double", "1234567890123456789.0123456789", "1.5" },
    { "datetime(6)", "datetime(3)", "'2020-01-02 03:04:05.678901'", "'2020-01-02 03:04:05.678'" },
    { "timestamp(6)", "datetime", "'2020-01-02 03:04:05.6'", "'2020-01-02 03:04:05'" },
    { "time(6)", "time", "'25:04:05.5'", "'25:04:05'" },
    { "varchar(40)", "datetime", "'2020-01-02 03:04:05.5'", "'2020-01-02 03:04:05'" },
    { "datetime(6)", "date", "'2020-01-02 03:04:05'", "'2020-01-02'" },
    { "varchar(40)", "date", "'2020-01-02 03:04:05'", "'2020-1-2'" },
    { "datetime(6)", "time(6)", "'2020-01-02 03:04:05'", "NULL" },
    { "time", "datetime", "'25:04:05'", "NULL" },
    { "enum('x','y')", "int(11)", "'y'", "NULL" },
    { "varchar(10)", "enum('x','y')", "'2'", "'y'" },
    { "int(11)", "enum('x','y')", "2", "NULL" },
  };
  const CormDialect *dialect = mysql_fixture_link ()->driver->dialect;
  for (gsize i = 0; i < G_N_ELEMENTS (changed); i++) {
    g_autofree char *make = g_strdup_printf ("CREATE OR REPLACE TABLE r (k varchar(4), c %s, d %s)",
                                             changed[i].is, changed[i].should);
    g_autofree char *put = g_strdup_printf ("INSERT INTO r (k, c) VALUES ('lost', %s), ('kept', %s)",
                                            changed[i].lost, changed[i].kept);
    mysql_run (make);
    mysql_run (put);
    g_autoptr (CormSchema) schema = corm_schema_new ("mysql");
    assert_true (mysql_fixture_link ()->driver->inspect (mysql_fixture (), FALSE, schema, NULL));
    const CormTable *table = corm_schema_find_table (schema, "r");
    g_autoptr (GString) select = g_string_new ("SELECT coalesce(group_concat(k), 'none') FROM r WHERE ");
    if (!dialect->append_loss (select, "`c`", corm_table_find_column (table, "c"),
                               corm_table_find_column (table, "d")))
      fail_msg ("%s to %s: nothing is lost?", changed[i].is, changed[i].should);
    g_autofree char *found = mysql_text_of (select->str);
    if (strcmp (found, "lost") != 0)
      fail_msg ("%s finds %s", select->str, found);
    /* And the server would have done it. */
    g_autofree char *change = g_strdup_printf ("ALTER TABLE r MODIFY COLUMN c %s", changed[i].should);
    mysql_run (change);
  }
}

static void
changes_that_keep_everything (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const char *const pairs[][2] = {
    { "varchar(5)", "varchar(10)" },
    { "int(11)", "bigint(20)" },
    { "decimal(8,2)", "decimal(10,2)" },
    { "datetime(3)", "datetime(6)" },
    { "date", "datetime" },
    { "enum('x')", "enum('x','y')" },
    { "float", "double" },
    { "enum('x')", "varchar(5)" },
    { "varchar(5)", "longtext" },
    { "binary(3)", "varbinary(5)" },
    { "uuid", "varchar(36)" },
    { "bigint(20)", "int(11)" },
  };
  const CormDialect *dialect = mysql_fixture_link ()->driver->dialect;
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    CormTableColumn is = { .name = (char *) "c", .type_sql = (char *) pairs[i][0] };
    CormTableColumn should = { .name = (char *) "c", .type_sql = (char *) pairs[i][1] };
    g_autoptr (GString) sql = g_string_new (NULL);
    if (dialect->append_loss (sql, "`c`", &is, &should))
      fail_msg ("%s to %s: %s", pairs[i][0], pairs[i][1], sql->str);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (templates),
    cmocka_unit_test (online_templates),
    cmocka_unit_test (primary_key_and_comments),
    cmocka_unit_test (rows_that_do_not_fit),
    cmocka_unit_test (rows_that_would_change),
    cmocka_unit_test (changes_that_keep_everything),
  };
  return cmocka_run_group_tests_name ("mysql alter", tests, NULL, mysql_fixture_close);
}
