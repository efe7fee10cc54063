/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A script falls into its statements, whatever hides a semicolon; what cannot be split is named with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "evolve/script.h"

#include <string.h>

static const CormDialect plain = { .lexis = CORM_LEX_BACKTICK | CORM_LEX_BRACKET }; /* as SQLite */
static const CormDialect dollar = { .lexis = CORM_LEX_DOLLAR_QUOTE | CORM_LEX_ESCAPE_STRING |
                                             CORM_LEX_NESTED_COMMENT | CORM_LEX_PARENTHESES };
static const CormDialect hash = { .lexis = CORM_LEX_HASH_COMMENT | CORM_LEX_BACKTICK | CORM_LEX_CONDITIONAL |
                                           CORM_LEX_DASH_BLANK };

/* Statements stand where they say, in order. */
static void
check_places (const GPtrArray *list, const char *script)
{
  gsize end = 0;
  for (guint i = 0; i < list->len; i++) {
    const CormScriptStatement *statement = list->pdata[i];
    guint line = 1;
    for (gsize c = 0; c < statement->offset; c++)
      line += script[c] == '\n';
    assert_true (statement->from >= end && statement->offset >= statement->from);
    assert_int_equal (statement->size, strlen (statement->sql));
    assert_memory_equal (script + statement->offset, statement->sql, statement->size);
    assert_int_equal (statement->line, line);
    end = statement->offset + statement->size;
  }
}

/* @statements: parted by '|'. */
static void
expect_with (const CormDialect *dialect, const CormScriptOptions *options, const char *script,
             const char *statements)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) list = corm_script_split (dialect, script, -1, options, &error);
  if (list == NULL)
    fail_msg ("%s: %s", script, error->message);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", ((CormScriptStatement *) list->pdata[i])->sql);
  assert_string_equal (text->str, statements);
  check_places (list, script);
}

static void
expect (const CormDialect *dialect, const char *script, const char *statements)
{
  expect_with (dialect, NULL, script, statements);
}

/* One statement, and one more behind it. */
static void
expect_whole (const CormDialect *dialect, const char *statement)
{
  g_autofree char *script = g_strconcat (statement, ";\nSELECT 1;", NULL);
  g_autofree char *expected = g_strconcat (statement, "|SELECT 1", NULL);
  expect (dialect, script, expected);
}

static void
expect_error (const CormDialect *dialect, const char *script, CormError code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pattern = g_strconcat (message, "*", NULL);
  assert_null (corm_script_split (dialect, script, -1, NULL, &error));
  assert_true (g_error_matches (error, CORM_ERROR, (int) code));
  if (!g_pattern_match_simple (pattern, error->message))
    fail_msg ("%s: %s", script, error->message);
}

static void
statements_end_at_semicolons (G_GNUC_UNUSED void **state)
{
  expect (&plain, "", "");
  expect (&plain, " ;; \n;", "");
  expect (&plain, "a;b", "a|b");
  expect (&plain, " a ;\n b;\n", "a|b");
  expect (&plain, "a;\r\nb;\r\n", "a|b");
  expect (&plain, "\xEF\xBB\xBF a;b", "a|b");
  expect (&plain, "BEGIN; a; COMMIT;", "BEGIN|a|COMMIT");
  expect (&plain, "BEGIN IMMEDIATE; a; END; b", "BEGIN IMMEDIATE|a|END|b");
}

static void
quotes_hide_them (G_GNUC_UNUSED void **state)
{
  expect (&plain, "a ';'; b", "a ';'|b");
  expect (&plain, "a 'it''s;'; b \";\"", "a 'it''s;'|b \";\"");
  expect (&plain, "a [;] ; b `;`; c '\\'; d", "a [;]|b `;`|c '\\'|d");
  expect (&dollar, "f $$ ; $$; g $x$ $$ ; $x$; E'\\';'", "f $$ ; $$|g $x$ $$ ; $x$|E'\\';'");
  expect (&dollar, "SELECT somee'\\'; b", "SELECT somee'\\'|b");
  expect (&dollar, "SELECT a$b$c; b$1; $1", "SELECT a$b$c|b$1|$1");
  expect (&dollar, "SELECT U&'d\\0061;', a[1]; b", "SELECT U&'d\\0061;', a[1]|b");
  expect (&hash, "a `;`; b \";\"; c \\N; d", "a `;`|b \";\"|c \\N|d");
}

static void
comments_hide_them_and_go_from_the_front (G_GNUC_UNUSED void **state)
{
  expect (&plain, "-- a; b\n c; -- d", "c");
  expect (&plain, "/* a; */ b /* c; */; d", "b /* c; */|d");
  expect (&dollar, "a /* /* ; */ ; */; b", "a /* /* ; */ ; */|b");
  expect (&hash, "# a;\nb; c", "b|c");
  expect (&hash, "a 5--3; b -- c;\n; --d;\ne", "a 5--3|b -- c;|e");
  expect (&plain, "-- only a comment;", "");
  expect (&plain, "SELECT 1 # 2; b", "SELECT 1 # 2|b");
}

static void
comments_that_are_run_are_statements (G_GNUC_UNUSED void **state)
{
  expect (&hash, "/*!40101 SET NAMES utf8 */;\n/* no; */ /*M!100100 b; c */; d",
          "/*!40101 SET NAMES utf8 */|/*M!100100 b; c */|d");
  expect_whole (&hash, "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON a "
                       "FOR EACH ROW BEGIN SET NEW.x = 1; END */");
  expect (&plain, "/*! a; */ b; c", "b|c");
  expect_error (&hash, "a;\n/*!40101 b;", CORM_ERROR_SYNTAX,
                "script:2: the comment that begins here, /?!, has");
}

static void
a_trigger_of_sqlite_stays_whole (G_GNUC_UNUSED void **state)
{
  expect_whole (&plain, "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET x = CASE WHEN 1 THEN 2 END; "
                        "DELETE FROM c; END");
  expect_whole (&plain, "create temp trigger if not exists t after update of begin, end on a when new.end > "
                        "case new.x when 1 then 2 end begin select begin, end from \"end\"; select "
                        "case when begin then begin else end end; select [end], new.begin; end");
  expect_whole (&plain, "CREATE TRIGGER begin AFTER INSERT ON begin BEGIN SELECT 1; /* END; */ END /* x */");
  expect (&plain, "CREATE TABLE t (event text, begin int, \"case\" int, end int); b",
          "CREATE TABLE t (event text, begin int, \"case\" int, end int)|b");
  expect (&plain, "create view v as select case when a then b end; c",
          "create view v as select case when a then b end|c");
  expect (&plain, "CREATE TABLE trigger (a); BEGIN; INSERT INTO t VALUES (1); END; c",
          "CREATE TABLE trigger (a)|BEGIN|INSERT INTO t VALUES (1)|END|c");
}

static void
a_routine_of_mariadb_stays_whole (G_GNUC_UNUSED void **state)
{
  expect_whole (&hash, "create procedure p() begin if a then b; end if; case c when 1 then d; end case; end");
  expect_whole (
      &hash, "CREATE PROCEDURE p () x: BEGIN y: LOOP LEAVE y; END LOOP y; WHILE a DO SET b = 1; END WHILE; "
             "REPEAT SET c = 1; UNTIL c END REPEAT; FOR i IN 1..3 DO SET d = 1; END FOR; END x");
  expect_whole (
      &hash, "CREATE PROCEDURE p (begin INT, OUT end INT) BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN "
             "ROLLBACK; END; BEGIN END; IF begin THEN BEGIN SET @end = 1; END; ELSE IF 2 THEN SET @x = "
             "IF(1, 2, 3); END IF; END IF; SELECT CASE begin WHEN 1 THEN 2 END; END");
  expect_whole (
      &hash,
      "CREATE DEFINER=`r`@`%` TRIGGER t BEFORE INSERT ON `a` FOR EACH ROW IF NEW.x THEN SET NEW.y = 1; "
      "END IF");
  expect_whole (&hash, "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM a; END");
  expect_whole (&hash, "CREATE TRIGGER IF NOT EXISTS t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1");
  expect_whole (&hash, "BEGIN NOT ATOMIC SELECT 1; END");
  expect_whole (&hash,
                "SET STATEMENT sql_mode = 'a;b', max_statement_time = 1 FOR CREATE TRIGGER t AFTER INSERT ON "
                "a FOR EACH ROW BEGIN DELETE FROM b; DELETE FROM c; END");
  expect (&hash, "SET STATEMENT a = 1 FOR SELECT 1; SET @statement = 2; SET begin = 1; SET statement = 3; d",
          "SET STATEMENT a = 1 FOR SELECT 1|SET @statement = 2|SET begin = 1|SET statement = 3|d");
  expect_whole (&hash, "IF 1 THEN SELECT 1; END IF");
  expect (&hash, "BEGIN; SELECT 1; COMMIT", "BEGIN|SELECT 1|COMMIT");
}

static void
bodies_of_postgresql_stay_whole (G_GNUC_UNUSED void **state)
{
  expect_whole (&dollar,
                "CREATE FUNCTION f () RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a "
                "THEN b END; END");
  expect_whole (&dollar, "CREATE OR REPLACE PROCEDURE begin (begin int) BEGIN /* ; */ ATOMIC INSERT INTO a "
                         "VALUES (begin); END");
  expect_whole (&dollar, "CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); DELETE FROM c)");
  expect_whole (&dollar, "CREATE TRIGGER t AFTER UPDATE OF begin ON a EXECUTE FUNCTION f()");
  expect_whole (&dollar,
                "CREATE FUNCTION f() RETURNS trigger AS $f$ BEGIN IF a THEN b; END IF; END $f$ LANGUAGE "
                "plpgsql");
  expect_whole (&dollar, "DO $$ BEGIN PERFORM 1; END $$");
}

static void
a_delimiter_can_be_set (G_GNUC_UNUSED void **state)
{
  expect (&hash, "a;\nDELIMITER //\nb; c //\nDELIMITER ;\n d;", "a|b; c|d");
  expect (&hash, "delimiter $$\nCREATE PROCEDURE p() BEGIN a; END$$\nb'$$'$$\ndelimiter ;\nc; d",
          "CREATE PROCEDURE p() BEGIN a; END|b'$$'|c|d");
  expect (&hash, "DELIMITER ;; -- until it is set back\na;b;;\nDELIMITER ;\nc", "a;b|c");
  expect (&hash, "DELIMITER \\\\\na\\\\b\\\\", "a|b");
  expect (&hash, "DELIMITER //\nBEGIN NOT ATOMIC a; // b", "BEGIN NOT ATOMIC a;|b");
  expect_error (&hash, "a;\nDELIMITER\nb", CORM_ERROR_SYNTAX, "script:2: DELIMITER says none");
}

static void
what_has_no_end_is_named (G_GNUC_UNUSED void **state)
{
  expect_error (&plain, "a;\nb '\n;\n", CORM_ERROR_SYNTAX,
                "script:2: the quoted text that begins here, ', has no end");
  expect_error (&plain, "a 'it''", CORM_ERROR_SYNTAX, "script:1: the quoted text");
  expect_error (&plain, "a;\n\nb \"x", CORM_ERROR_SYNTAX,
                "script:3: the quoted text that begins here, \", has");
  expect_error (&plain, "a [b; c", CORM_ERROR_SYNTAX, "script:1: the quoted text that begins here, ?, has");
  expect_error (&plain, "a /*\n; *", CORM_ERROR_SYNTAX,
                "script:1: the comment that begins here, /?, has no end");
  expect_error (&plain, "a;\n/* b", CORM_ERROR_SYNTAX,
                "script:2: the comment that begins here, /?, has no end");
  expect_error (&dollar, "a\n$x$ $$", CORM_ERROR_SYNTAX,
                "script:2: the quoted text that begins here, $x$, has");
  expect_error (&dollar, "a /* /* */", CORM_ERROR_SYNTAX, "script:1: the comment");
  expect_error (&dollar, "CREATE TABLE a\n(b int;\nc", CORM_ERROR_SYNTAX,
                "script:2: a parenthesis that opens");
  expect_error (&plain, "a;\nCREATE TRIGGER t AFTER INSERT ON a\nBEGIN b; c;\n", CORM_ERROR_SYNTAX,
                "script:3: the body that begins here, BEGIN, has no END");
  expect_error (&hash, "a 'it\\'s';", CORM_ERROR_SYNTAX, "*a quote is written twice, ''");
}

static void
what_only_a_client_understands_is_refused (G_GNUC_UNUSED void **state)
{
  expect_error (
      &dollar, "a;\n\\connect b\n", CORM_ERROR_UNSUPPORTED,
      "script:2: \\connect is a command of the program psql, not SQL: a script works on one database");
  expect_error (&dollar, "\\copy a from 'b'", CORM_ERROR_UNSUPPORTED, "*psql behind it*");
  expect_error (&dollar, "SELECT 1\n\\gexec", CORM_ERROR_UNSUPPORTED, "script:2: \\gexec");
  expect_error (&plain, "a;\n.mode csv\n", CORM_ERROR_UNSUPPORTED,
                "script:2: .mode is a command of the program sqlite3");
  expect_error (&dollar, "a;\n\nCOPY t (a, b) FROM stdin;\n1\t2\n\\.\n", CORM_ERROR_UNSUPPORTED,
                "script:3: rows follow COPY");
  const CormScriptOptions skip = { .skip_client = TRUE };
  expect_with (&dollar, &skip, "\\restrict x;y\na;\nCOPY t FROM STDIN WITH (FORMAT csv);\n1;'2\n\\.\n\\q\nb;",
               "a|b");
  expect (&dollar, "COPY t FROM '/stdin'; b", "COPY t FROM '/stdin'|b");
}

static void
what_is_no_text_is_refused (G_GNUC_UNUSED void **state)
{
  const CormScriptOptions options = { .file = "0001_a.sql", .first_line = 10 };
  g_autoptr (GError) error = NULL;
  assert_null (corm_script_split (&plain, "a;\n\0b", 5, &options, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_INVALID));
  assert_true (g_str_has_prefix (error->message, "0001_a.sql:11: a NUL byte"));
  expect_error (&plain, "a;\n'\xE4'", CORM_ERROR_INVALID, "script:2: the byte 0xE4 is no UTF-8");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (statements_end_at_semicolons),
    cmocka_unit_test (quotes_hide_them),
    cmocka_unit_test (comments_hide_them_and_go_from_the_front),
    cmocka_unit_test (comments_that_are_run_are_statements),
    cmocka_unit_test (a_trigger_of_sqlite_stays_whole),
    cmocka_unit_test (a_routine_of_mariadb_stays_whole),
    cmocka_unit_test (bodies_of_postgresql_stay_whole),
    cmocka_unit_test (a_delimiter_can_be_set),
    cmocka_unit_test (what_has_no_end_is_named),
    cmocka_unit_test (what_only_a_client_understands_is_refused),
    cmocka_unit_test (what_is_no_text_is_refused),
  };
  return cmocka_run_group_tests_name ("script", tests, NULL, NULL);
}
