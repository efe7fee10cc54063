/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A script in which much looks like the end of a statement, run whole by the database's own client, and statement by
 * statement as the splitter parts it: the same schema, the same rows. */
#include "../lib/fresh.h"

#include "engine/connection.h"
#include "evolve/script.h"

#include <glib/gstdio.h>

static const char sqlite3_script[] =
    "-- a comment; with 'quotes\n"
    "CREATE TABLE t (id INTEGER PRIMARY KEY, \"end\" TEXT, begin TEXT, [case;] TEXT, `x` TEXT DEFAULT "
    "';''');\n"
    "CREATE TABLE log (x, y DEFAULT ';');\n"
    "CREATE TRIGGER tr AFTER INSERT ON t WHEN new.begin > CASE new.id WHEN 1 THEN 'a;' ELSE '' END BEGIN\n"
    "  INSERT INTO log (x) SELECT CASE WHEN new.id THEN begin ELSE \"end\" END FROM t; /* ; END; */\n"
    "  UPDATE log SET y = CASE x WHEN ';' THEN 2 END; -- END;\n"
    "END;\n"
    "/* ; */ CREATE VIEW v AS SELECT CASE WHEN id THEN begin END AS end FROM t;;\n"
    "CREATE TEMP TRIGGER IF NOT EXISTS begin AFTER DELETE ON t BEGIN SELECT 1; DELETE FROM log; END;\n"
    "BEGIN; INSERT INTO t (id, begin) VALUES (1, 'b;'), (2, 'c'' ;'); END;\n"
    "CREATE INDEX i ON t (begin) WHERE \"end\" IS NOT NULL;\n;INSERT INTO log (x) VALUES ('-- no comment; "
    "/*')";

static const char pgsql_script[] = "/* a /* nested; */ comment; */\n"
                                   "CREATE TABLE t (id integer PRIMARY KEY, \"end\" text DEFAULT E'\\';', "
                                   "begin text, tags integer[] DEFAULT '{1,2}'::text::integer[]\n);"
                                   "\n";

static const char pgsql_rest[] =
    "CREATE TABLE log (x text, y text DEFAULT $a$;$$;$a$);\n"
    "CREATE FUNCTION f () RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN IF NEW.id > 1 THEN INSERT INTO "
    "log VALUES "
    "('a;'); END IF; RETURN NEW; END; $f$;\n"
    "CREATE TRIGGER begin BEFORE INSERT OR UPDATE OF begin ON t FOR EACH ROW EXECUTE FUNCTION f ();\n"
    "CREATE FUNCTION g (begin integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC\n"
    "  SELECT 1; SELECT CASE WHEN begin > 1 THEN 2 END; -- END;\nEND;\n"
    "CREATE RULE r AS ON DELETE TO t DO ALSO (INSERT INTO log VALUES ('b;'); INSERT INTO log VALUES ('c'));\n"
    "DO $$ BEGIN INSERT INTO log VALUES (';'); END $$;\n"
    "BEGIN; INSERT INTO t (id, begin) VALUES (1, ';'), (2, U&'d\\0061;'); END;\n"
    "DELETE FROM t WHERE id = 2 AND 1 # 2 = 3; CREATE VIEW v AS SELECT CASE WHEN id > 0 THEN begin END AS "
    "\"end\" FROM t";

static const char mysql_script[] =
    "# a comment; with 'quotes\n"
    "CREATE TABLE t (id INT PRIMARY KEY, `end` VARCHAR(10) DEFAULT ';''', begin VARCHAR(10), n INT) "
    "ENGINE=InnoDB;\n"
    "CREATE TABLE log (x VARCHAR(40)) /*!50100 COMMENT 'a;' */;\n"
    "/*!50001 CREATE VIEW v AS SELECT CASE WHEN id THEN begin END AS `end` FROM t */;\n"
    "/*! INSERT INTO log VALUES ('run;') */; /* INSERT INTO log VALUES ('not;'); */\n"
    "INSERT INTO log VALUES (5--3); -- a comment;\n"
    "DELIMITER //\n"
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN IF NEW.begin = ';' THEN SET NEW.n = 1; ELSE "
    "BEGIN END; END IF; "
    "END//\n"
    "CREATE PROCEDURE p (begin INT) x: BEGIN DECLARE i INT DEFAULT 0; DECLARE CONTINUE HANDLER FOR NOT FOUND "
    "BEGIN END;\n"
    "  REPEAT SET i = i + 1; UNTIL i > 2 END REPEAT; WHILE i < 5 DO SET i = i + 1; END WHILE;\n"
    "  CASE i WHEN 5 THEN INSERT INTO log VALUES ('//'); ELSE SELECT 1; END CASE; END x //\n"
    "DELIMITER ;\n"
    "CREATE FUNCTION f (a INT) RETURNS INT DETERMINISTIC RETURN CASE a WHEN 1 THEN 2 ELSE 3 END;\n"
    "CALL p (1); BEGIN; INSERT INTO t (id, begin) VALUES (1, ';'), (2, \"a;b\"); COMMIT;\n"
    "INSERT INTO log SELECT f (1)";

/* By what the dialect's words are made of. */
static char *
script_for (const CormDialect *dialect)
{
  if (dialect->lexis & CORM_LEX_CONDITIONAL)
    return g_strdup (mysql_script);
  if (dialect->lexis & CORM_LEX_DOLLAR_QUOTE)
    return g_strconcat (pgsql_script, pgsql_rest, NULL);
  return g_strdup (sqlite3_script);
}

static char *
describe (CormConnection *conn)
{
  static const char *const queries[] = { "SELECT count(*) FROM t", "SELECT count(*) FROM log",
                                         "SELECT max(x) FROM log", "SELECT min(x) FROM log",
                                         "SELECT max(begin) FROM t" };
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  g_autofree char *json = corm_schema_to_json (schema);
  GString *text = g_string_new (json);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    g_autofree char *value = fresh_text (conn, queries[i]);
    g_string_append_printf (text, "%s: %s\n", queries[i], value);
  }
  return g_string_free (text, FALSE);
}

/* The client's words, ended by NULL; NULL: it is not installed. */
static char **
client_for (CormConnection *conn, const char *uri)
{
  const CormLink *link = corm_connection_get_link (conn);
  guint lexis = link->driver->dialect->lexis;
  const char *name = lexis & CORM_LEX_CONDITIONAL    ? "mariadb"
                     : lexis & CORM_LEX_DOLLAR_QUOTE ? "psql"
                                                     : "sqlite3";
  g_autofree char *program = g_find_program_in_path (name);
  g_autofree char *user = g_strconcat ("--user=", corm_uri_get_user (link->uri), NULL);
  g_autofree char *password = g_strconcat ("--password=", corm_uri_get_password (link->uri), NULL);
  g_autofree char *socket = g_strconcat ("--socket=", corm_uri_get_parameter (link->uri, "socket"), NULL);
  const char *database = corm_uri_get_database (link->uri);
  g_autofree char *mode = *name == 'm' ? fresh_text (conn, "SELECT @@sql_mode") : NULL;
  g_autofree char *same = g_strdup_printf ("--init-command=SET SESSION sql_mode = \"%s\"", mode);
  const char *const mysql[] = { program, "--no-defaults", same, user, password, socket, database, NULL };
  const char *const pgsql[] = { program,           "-X", "-q", "-o", "/dev/null", "-v",
                                "ON_ERROR_STOP=1", "-d", uri,  NULL };
  const char *const sqlite3[] = { program, "-bail", database, NULL };
  return program == NULL ? NULL
                         : g_strdupv ((char **) (*name == 'm'   ? mysql
                                                 : *name == 'p' ? pgsql
                                                                : sqlite3));
}

static void
run_by_client (char **argv, const char *script)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "corm-script-XXXXXX", NULL);
  g_autofree char *words = g_strjoinv ("' '", argv);
  int fd = g_mkstemp (path), status = -1;
  assert_true (fd >= 0 && g_close (fd, NULL) && g_file_set_contents (path, script, -1, NULL));
  g_autofree char *command = g_strdup_printf ("'%s' < %s > /dev/null", words, path);
  char *shell[] = { (char *) "/bin/sh", (char *) "-c", command, NULL };
  assert_true (g_spawn_sync (NULL, shell, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL));
  assert_int_equal (status, 0);
  g_unlink (path);
}

static void
it_parts_as_the_client_does (void **state)
{
  g_autofree char *first = fresh_uri (state);
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_connection_open_uri (first, error)) != NULL);
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autofree char *script = script_for (dialect);
  g_auto (GStrv) client = client_for (conn, first);
  if (client == NULL) {
    corm_connection_free (conn);
    print_message ("# skip the database's own client is not installed\n");
    skip ();
  }
  run_by_client (client, script);
  g_autofree char *expected = describe (conn);
  corm_connection_free (conn);
  g_autofree char *second = fresh_uri (state);
  g_autoptr (GPtrArray) list = NULL;
  assert_ok ((conn = corm_connection_open_uri (second, error)) != NULL);
  assert_ok ((list = corm_script_split (dialect, script, -1, NULL, error)) != NULL);
  for (guint i = 0; i < list->len; i++)
    assert_ok (corm_connection_run (conn, ((CormScriptStatement *) list->pdata[i])->sql, error));
  g_autofree char *got = describe (conn);
  assert_string_equal (got, expected);
  corm_connection_free (conn);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH_ON (it_parts_as_the_client_does, 0),
    FRESH_ON (it_parts_as_the_client_does, 1),
    FRESH_ON (it_parts_as_the_client_does, 2),
  };
  return cmocka_run_group_tests_name ("script-clients", tests, NULL, fresh_end);
}
