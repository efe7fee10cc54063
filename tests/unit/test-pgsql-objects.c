/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every kind of thing that a schema holds is read, made again from what was read in another schema and in both kinds of
 * scratch place, and read back the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/connection.h"

#include <stdlib.h>
#include <string.h>

static CormConnection *conn;

#define NEEDS_SERVER() \
  if (conn == NULL) { \
    print_message ("# skip %s\n", g_getenv ("CORM_TEST_PGSQL_MISSING") \
                                      ? g_getenv ("CORM_TEST_PGSQL_MISSING") \
                                      : "CORM_TEST_PGSQL is not set"); \
    skip (); \
  }

/* A forum, a ledger, a log, and what else a catalogue holds. */
static const char *const rich[] = {
  "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')",
  "CREATE TYPE unused AS ENUM ('a')",
  "COMMENT ON TYPE unused IS 'nobody has it'",
  "CREATE COLLATION \"Odd Coll\" (provider = libc, locale = 'C')",
  "CREATE FUNCTION is_even(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n % 2 = 0'",
  "CREATE DOMAIN even AS integer DEFAULT 2 NOT NULL CONSTRAINT ck_even CHECK (is_even(VALUE))",
  "CREATE DOMAIN feeling AS mood",
  "CREATE TYPE pair AS (a integer, b text COLLATE \"C\", c even)",
  "CREATE TYPE span AS RANGE (subtype = double precision, subtype_diff = float8mi)",
  "CREATE SEQUENCE numbers AS smallint START WITH 5 INCREMENT BY -2 MINVALUE -9 MAXVALUE 50 CYCLE",
  "CREATE TABLE users (id bigserial PRIMARY KEY, \"Name\" text COLLATE \"Odd Coll\" NOT NULL, mail "
  "varchar(80),"
  " state mood DEFAULT 'sad', inner_state feeling, lucky even, spot pair, number int DEFAULT "
  "nextval('numbers'),"
  " CONSTRAINT uq_mail UNIQUE NULLS NOT DISTINCT (mail) INCLUDE (state) WITH (fillfactor = 80) DEFERRABLE,"
  " CONSTRAINT ck_name CHECK (length(\"Name\") > 0) NO INHERIT)",
  "CREATE TABLE posts (id int GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10 CACHE 5) PRIMARY "
  "KEY,"
  " author bigint, editor bigint, body text, words int GENERATED ALWAYS AS (length(body)) STORED,"
  " at timestamptz(3) DEFAULT now(), during tstzrange,"
  " CONSTRAINT fk_author FOREIGN KEY (author) REFERENCES users (id) MATCH FULL ON DELETE SET NULL (author)"
  " DEFERRABLE INITIALLY IMMEDIATE, CONSTRAINT apart EXCLUDE USING gist (during WITH &&) WHERE (author IS "
  "NOT NULL))"
  " WITH (fillfactor = 70, toast.autovacuum_enabled = false)",
  "ALTER TABLE posts ADD CONSTRAINT fk_editor FOREIGN KEY (editor) REFERENCES users (id) ON UPDATE CASCADE "
  "NOT VALID",
  "ALTER TABLE posts ADD CONSTRAINT ck_words CHECK (words < 1000) NOT VALID",
  "ALTER TABLE posts ALTER COLUMN author SET STATISTICS 500, ALTER COLUMN author SET (n_distinct = -0.5)",
  "ALTER TABLE posts ALTER COLUMN body SET COMPRESSION pglz",
  "ALTER TABLE posts ALTER COLUMN body SET STORAGE EXTERNAL",
  "CREATE INDEX ix_at ON posts (at DESC NULLS LAST, author) INCLUDE (id) WITH (fillfactor = 60) WHERE words "
  "> 3",
  "CREATE INDEX ix_body ON posts (lower(body) COLLATE \"C\" text_pattern_ops, (words + 1))",
  "CREATE UNIQUE INDEX ix_nulls ON posts (editor) NULLS NOT DISTINCT",
  "CREATE INDEX ix_span ON posts USING gist (during)",
  "CREATE INDEX \"Odd \"\"Index\" ON users (\"Name\" varchar_pattern_ops)",
  "COMMENT ON INDEX ix_at IS 'newest first'",
  "COMMENT ON CONSTRAINT ck_words ON posts IS 'short'",
  "COMMENT ON CONSTRAINT fk_author ON posts IS 'who'",
  "COMMENT ON CONSTRAINT uq_mail ON users IS 'one'",
  "COMMENT ON COLUMN users.\"Name\" IS 'it''s a name'",
  "CREATE UNLOGGED TABLE cache (key text PRIMARY KEY, value bytea)",
  "CREATE TABLE special (extra int) INHERITS (cache)",
  "ALTER TABLE posts REPLICA IDENTITY FULL, ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
  "ALTER TABLE users CLUSTER ON users_pkey",
  "CREATE POLICY own ON posts AS RESTRICTIVE FOR UPDATE USING (author > 0) WITH CHECK (author < 9)",
  "CREATE TABLE log (day date NOT NULL, n int, CONSTRAINT log_pk PRIMARY KEY (day)) PARTITION BY RANGE (day)",
  "CREATE INDEX ix_log ON log (n)",
  "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') WITH (fillfactor = "
  "50)",
  "CREATE TABLE log_2 PARTITION OF log DEFAULT PARTITION BY LIST (day)",
  "CREATE INDEX ix_log_1 ON log_1 (day, n)",
  "CREATE VIEW plain AS SELECT * FROM posts",
  "CREATE VIEW above WITH (security_barrier = true) AS SELECT p.id, u.\"Name\" FROM plain p JOIN users u ON "
  "u.id = "
  "p.author WHERE p.at > now() - '1 day'::interval AND u.mail IN ('a', 'b') AND p.id > 0",
  "COMMENT ON VIEW plain IS 'all of them'",
  "COMMENT ON COLUMN plain.body IS 'words'",
  "CREATE MATERIALIZED VIEW counts AS SELECT author, count(*) AS n FROM posts GROUP BY author",
  "CREATE UNIQUE INDEX ix_counts ON counts (author)",
  "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $f$BEGIN NEW.at := now(); RETURN NEW; END$f$",
  "CREATE FUNCTION \"Odd;Fn\"(a int, OUT b text, c mood DEFAULT 'sad') LANGUAGE sql AS $f$SELECT 'x;' || "
  "chr(10)$f$",
  "CREATE FUNCTION newest() RETURNS SETOF plain LANGUAGE sql STABLE AS 'SELECT * FROM plain'",
  "CREATE PROCEDURE forget(INOUT n int) LANGUAGE plpgsql AS 'BEGIN n := 0; END'",
  "CREATE FUNCTION longer(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
  "CREATE AGGREGATE longest(text) (SFUNC = longer, STYPE = text, INITCOND = 'it''s')",
  "COMMENT ON FUNCTION touch() IS 'now'",
  "CREATE TRIGGER touch BEFORE UPDATE OF body ON posts FOR EACH ROW WHEN (old.body IS DISTINCT FROM "
  "new.body) "
  "EXECUTE FUNCTION touch()",
  "CREATE TRIGGER touch AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch()",
  "ALTER TABLE users DISABLE TRIGGER touch",
  "CREATE SEQUENCE spare OWNED BY users.lucky",
  "COMMENT ON TRIGGER touch ON posts IS 'when'",
  "COMMENT ON POLICY own ON posts IS 'mine'",
  "CREATE RULE no_delete AS ON DELETE TO cache DO INSTEAD NOTHING",
  "CREATE STATISTICS st_posts (ndistinct, mcv) ON author, editor FROM posts",
};

static void
run (const char *sql)
{
  g_autoptr (GError) error = NULL;
  if (!corm_execute (conn, sql, NULL, NULL, &error))
    fail_msg ("%s", error->message);
}

static void
make_rich (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rich); i++)
    run (rich[i]);
}

static int
open_schema (G_GNUC_UNUSED void **state)
{
  const char *uri = g_getenv ("CORM_TEST_PGSQL");
  if (uri == NULL)
    return 0;
  conn = corm_connection_open_uri (uri, NULL);
  assert_non_null (conn);
  run ("DROP SCHEMA IF EXISTS objects_a, objects_b CASCADE");
  run ("CREATE SCHEMA objects_a");
  run ("CREATE SCHEMA objects_b");
  run ("SET search_path TO objects_a");
  make_rich ();
  return 0;
}

static int
close_schema (G_GNUC_UNUSED void **state)
{
  if (conn != NULL)
    run ("DROP SCHEMA objects_a, objects_b CASCADE");
  corm_connection_free (conn);
  return 0;
}

static CormSchema *
inspect (void)
{
  g_autoptr (GError) error = NULL;
  CormSchema *schema = corm_schema_inspect (conn, &error);
  if (schema == NULL)
    fail_msg ("%s", error->message);
  return schema;
}

static void
no_text_names_the_schema (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (CormSchema) schema = inspect ();
  g_autofree char *json = corm_schema_to_json (schema);
  assert_null (strstr (json, "objects_a"));
  run ("CREATE TABLE objects_b.other (id int PRIMARY KEY)");
  run ("CREATE TYPE objects_b.colour AS ENUM ('red')");
  run (
      "CREATE TABLE abroad (id int CONSTRAINT fk_other REFERENCES objects_b.other (id), c objects_b.colour)");
  g_autoptr (CormSchema) again = inspect ();
  const CormTable *abroad = corm_schema_find_table (again, "abroad");
  const CormTableColumn *colour = corm_table_find_column (abroad, "c");
  const CormSchemaObject *key = corm_schema_find_object (again, "constraint", "fk_other");
  run ("DROP TABLE abroad");
  run ("DROP TABLE objects_b.other");
  run ("DROP TYPE objects_b.colour");
  assert_int_equal (abroad->foreign_keys->len, 0);
  assert_string_equal (
      key->sql, "ALTER TABLE abroad ADD CONSTRAINT fk_other FOREIGN KEY (id) REFERENCES objects_b.other(id)");
  assert_string_equal (colour->type_sql, "objects_b.colour");
  assert_null (colour->enum_type);
  assert_string_equal (colour->labels[0], "red");
}

static void
object_is (const CormSchema *schema, const char *kind, const char *name, const char *sql)
{
  const CormSchemaObject *object = corm_schema_find_object (schema, kind, name);
  if (object == NULL)
    fail_msg ("there is no %s %s", kind, name);
  assert_string_equal (object->sql, sql);
}

static void
objects_are_read (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (CormSchema) schema = inspect ();
  object_is (schema, "enum", "unused",
             "CREATE TYPE unused AS ENUM ('a');\nCOMMENT ON TYPE unused IS 'nobody has it'");
  assert_null (corm_schema_find_object (schema, "enum", "mood"));
  object_is (schema, "domain", "even",
             "CREATE DOMAIN even AS integer DEFAULT 2 NOT NULL CONSTRAINT ck_even CHECK (is_even(VALUE))");
  object_is (schema, "type", "pair",
             "CREATE TYPE pair AS (a integer, b text COLLATE pg_catalog.\"C\", c even)");
  object_is (
      schema, "sequence", "numbers",
      "CREATE SEQUENCE numbers AS smallint INCREMENT BY -2 MINVALUE -9 MAXVALUE 50 START WITH 5 CYCLE");
  assert_null (corm_schema_find_object (schema, "sequence", "users_id_seq"));
  object_is (schema, "partition", "log_1",
             "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') WITH "
             "(fillfactor='50');\nCREATE INDEX ix_log_1 ON log_1 USING btree (day, n)");
  object_is (
      schema, "policy", "own",
      "CREATE POLICY own ON posts AS RESTRICTIVE FOR UPDATE USING ((author > 0)) WITH CHECK ((author < 9));\n"
      "COMMENT ON POLICY own ON posts IS 'mine'");
  object_is (schema, "statistics", "st_posts",
             "CREATE STATISTICS st_posts (ndistinct, mcv) ON author, editor FROM posts");
  object_is (schema, "aggregate", "longest(text)",
             "CREATE AGGREGATE longest(text) (SFUNC = longer, STYPE = text, INITCOND = 'it''s')");
  object_is (schema, "rule", "no_delete",
             "CREATE RULE no_delete AS\n    ON DELETE TO cache DO INSTEAD NOTHING");
  object_is (schema, "clustering", "users_pkey", "ALTER TABLE users CLUSTER ON users_pkey");
  assert_string_equal (
      corm_schema_find_table (schema, "posts")->options,
      "WITH (fillfactor='70', toast.autovacuum_enabled='false');\nENABLE ROW LEVEL SECURITY;\nFORCE "
      "ROW LEVEL SECURITY;\nREPLICA IDENTITY FULL");
  const CormTableColumn *author = corm_table_find_column (corm_schema_find_table (schema, "posts"), "author");
  assert_string_equal (author->options, ";\nSET STATISTICS 500;\nSET (n_distinct='-0.5')");
  const CormForeignKey *key = corm_schema_find_table (schema, "posts")->foreign_keys->pdata[0];
  assert_true (key->match_full && key->deferrable == CORM_INITIALLY_IMMEDIATE);
  assert_string_equal (key->set_columns[0], "author");
}

/* The statements of a plan from nothing to @schema, in the order that it has. */
static CormPlan *
plan_all (const CormSchema *schema)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) nothing = corm_schema_new ("pgsql");
  CormPlan *plan = corm_schema_diff (conn, nothing, schema, &error);
  if (plan == NULL)
    fail_msg ("%s", error->message);
  return plan;
}

static void
a_copy_in_another_schema_reads_the_same (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (CormSchema) schema = inspect ();
  g_autoptr (CormPlan) plan = plan_all (schema);
  run ("SET search_path TO objects_b");
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    for (guint s = 0; s < op->sql->len; s++) {
      g_autoptr (GError) error = NULL;
      if (!corm_connection_run (conn, op->sql->pdata[s], &error))
        fail_msg ("%s: %s\n%s", op->text, error->message, (char *) op->sql->pdata[s]);
    }
  }
  g_autoptr (CormSchema) copy = inspect ();
  g_autoptr (CormPlan) rest = corm_schema_diff (conn, copy, schema, NULL);
  g_autofree char *sql = corm_plan_to_sql (rest);
  run ("SET search_path TO objects_a");
  assert_string_equal (sql, "");
}

static void
both_scratch_places_read_the_same (G_GNUC_UNUSED void **state)
{
  NEEDS_SERVER ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) schema = inspect ();
  g_autoptr (CormSchema) canonical = corm_schema_canonical (conn, schema, &error);
  if (canonical == NULL)
    fail_msg ("%s", error->message);
  g_autoptr (CormPlan) plan = corm_schema_diff (conn, schema, canonical, NULL);
  g_autofree char *sql = corm_plan_to_sql (plan);
  assert_string_equal (sql, "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (objects_are_read),
    cmocka_unit_test (no_text_names_the_schema),
    cmocka_unit_test (a_copy_in_another_schema_reads_the_same),
    cmocka_unit_test (both_scratch_places_read_the_same),
  };
  return cmocka_run_group_tests_name ("pgsql-objects", tests, open_schema, close_schema);
}
