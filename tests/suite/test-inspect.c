/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Databases that others made, with what each of them alone can say. Invariants: such a database, read and made again in a
 * scratch place, does not differ from itself; a new database made from what was read does not differ from the old. */
#include "../lib/migrated.h"

#include "../lib/knife.h"

static const CormModel *const nothing[] = { NULL };

/* A database as somebody wrote it, per backend; the statements of a line are run one by one. */
typedef struct {
  const char *backend;
  const char *before; /* what no schema has a place for */
  const char *statements[16];
} Script;

static const Script scripts[] = {
  { "sqlite3",
    NULL,
    { "CREATE TABLE \"Order Lines\" (\"Id\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, [Qty] INT DEFAULT 1 "
      "CHECK (Qty>0), `note` NVARCHAR(160) COLLATE NOCASE DEFAULT 'it''s', price NUMERIC(10,2) NOT NULL "
      "DEFAULT 0.0, made DATETIME DEFAULT CURRENT_TIMESTAMP, x TEXT DEFAULT (lower('A')), y DEFAULT NULL, z "
      "BLOB DEFAULT x'00ff')",
      "CREATE TABLE parent (a INT, b TEXT, c REAL DEFAULT -1.5e3, PRIMARY KEY (b, a), UNIQUE (c, a)) WITHOUT "
      "ROWID",
      "CREATE TABLE child (id INTEGER PRIMARY KEY, n INT, pa INT, pb TEXT, line REFERENCES \"Order Lines\" "
      "ON DELETE SET NULL, twice INT GENERATED ALWAYS AS (n * 2) STORED, thrice AS (n * 3), CONSTRAINT up "
      "FOREIGN KEY (pb, pa) REFERENCES parent (b, a) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED, CHECK "
      "(n IS NULL OR n IS NOT NULL), CONSTRAINT named CHECK (n IN (1, 2, 3)))",
      "CREATE TABLE firm (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE ON CONFLICT IGNORE) STRICT",
      "CREATE UNIQUE INDEX one ON child (pa) WHERE pb IS NOT NULL",
      "CREATE INDEX two ON child (lower(pb) DESC, pa + 1)",
      "CREATE INDEX three ON \"Order Lines\" (note COLLATE BINARY, \"Qty\" DESC)",
      "CREATE VIEW v AS SELECT a, b FROM parent",
      "CREATE TRIGGER tr AFTER INSERT ON child BEGIN UPDATE parent SET c = c + 1 WHERE a = new.pa; END" } },
  { "pgsql",
    "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
    { "CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s')",
      "CREATE TABLE \"Order Lines\" (\"Id\" serial PRIMARY KEY, qty smallint DEFAULT 1 CHECK (qty > 0), note "
      "varchar(160) DEFAULT 'it''s' NOT NULL, code char(4), price numeric(10,2) NOT NULL DEFAULT 0.0, made "
      "timestamptz DEFAULT now(), day date DEFAULT CURRENT_DATE, feeling mood DEFAULT 'ok', tags text[] "
      "DEFAULT '{}', p positive, extra jsonb DEFAULT '{}', span interval DEFAULT '1 day', bits bit(3), ip "
      "inet, u uuid DEFAULT gen_random_uuid(), r real DEFAULT 0.1)",
      "CREATE TABLE parent (a integer, b text COLLATE \"C\", c double precision DEFAULT -1.5e3, PRIMARY KEY "
      "(b, a), CONSTRAINT ca UNIQUE (c, a))",
      "CREATE TABLE child (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n integer, pa integer, pb "
      "text, line integer REFERENCES \"Order Lines\" ON DELETE SET NULL, twice integer GENERATED ALWAYS AS "
      "(n * 2) STORED, CONSTRAINT up FOREIGN KEY (pb, pa) REFERENCES parent (b, a) ON UPDATE CASCADE "
      "DEFERRABLE INITIALLY DEFERRED, CHECK (n IS NULL OR n IS NOT NULL), status varchar(10) CHECK (status "
      "IN ('A', 'B')), CONSTRAINT named CHECK (n IN (1, 2, 3)), CHECK (status ~ '^[a-z]+$'))",
      "CREATE UNIQUE INDEX one ON child (pa) WHERE pb IS NOT NULL AND status <> 'A'",
      "CREATE INDEX two ON child (lower(pb) DESC, (pa + 1))",
      "CREATE INDEX three ON \"Order Lines\" (note COLLATE \"C\", qty DESC NULLS LAST)",
      "CREATE INDEX four ON \"Order Lines\" USING gin (tags)", "CREATE VIEW v AS SELECT a, b FROM parent",
      "CREATE FUNCTION f () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
      "CREATE TRIGGER tr BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION f ()",
      "COMMENT ON COLUMN parent.a IS 'first'" } },
  { "mysql",
    NULL,
    { "CREATE TABLE `Order Lines` (`Id` int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, qty smallint "
      "DEFAULT 1 CHECK (qty > 0), note varchar(160) NOT NULL DEFAULT 'it''s', price decimal(10,2) NOT NULL "
      "DEFAULT 0, made timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(), feeling "
      "enum('sad','ok','it''s') DEFAULT 'ok', flags set('a','b'), extra json, b bit(3) DEFAULT b'101', y "
      "year, t tinyint(1) DEFAULT 1, x text DEFAULT (lower('A')), bin binary(4), f float, back varchar(9) "
      "DEFAULT 'a\\\\b', KEY note_part (note(10)))",
      "CREATE TABLE parent (a int NOT NULL, b varchar(50) CHARACTER SET latin1 NOT NULL, c double DEFAULT "
      "-1.5e3, PRIMARY KEY (b, a), CONSTRAINT ca UNIQUE (c, a)) ENGINE=InnoDB",
      "CREATE TABLE child (id bigint NOT NULL AUTO_INCREMENT, n int, pa int, pb varchar(50) CHARACTER SET "
      "latin1, line int unsigned, twice int GENERATED ALWAYS AS (n * 2) STORED, thrice int AS (n * 3), "
      "status varchar(10) CHECK (status IN ('A', 'B')), PRIMARY KEY (id), UNIQUE (pa), CONSTRAINT up FOREIGN "
      "KEY (pb, pa) REFERENCES parent (b, a), FOREIGN KEY (line) REFERENCES `Order Lines` (`Id`) ON DELETE "
      "SET NULL, CHECK (n IS NULL OR n IS NOT NULL), CONSTRAINT named CHECK (n IN (1, 2, 3)))",
      "CREATE INDEX two ON child (pb DESC, pa)", "CREATE VIEW v AS SELECT a, b FROM parent",
      "CREATE TRIGGER tr AFTER INSERT ON child FOR EACH ROW UPDATE parent SET c = c + 1 WHERE a = new.pa" } },
};

static const Script *
find_script (CormConnection *conn)
{
  const char *name = corm_connection_get_link (conn)->driver->dialect->name;
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    if (strcmp (scripts[i].backend, name) == 0)
      return &scripts[i];
  fail_msg ("no script for %s", name);
  return NULL;
}

static void
run_before (CormConnection *conn)
{
  const Script *script = find_script (conn);
  if (script->before != NULL)
    fresh_run (conn, script->before);
}

static void
run_script (CormConnection *conn)
{
  const Script *script = find_script (conn);
  run_before (conn);
  for (guint i = 0; script->statements[i] != NULL; i++)
    fresh_run (conn, script->statements[i]);
}

static void
assert_same (CormConnection *conn, const CormSchema *from, const CormSchema *to)
{
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_schema_diff (conn, from, to, error)) != NULL);
  g_autofree char *sql = corm_plan_to_sql (plan);
  assert_string_equal (sql, "");
}

static void
a_database_does_not_differ_from_itself (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, nothing);
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (CormSchema) live = NULL;
  g_autoptr (CormSchema) again = NULL;
  run_script (conn);
  assert_ok ((live = corm_schema_inspect (conn, error)) != NULL);
  assert_true (live->tables->len >= 3);
  assert_same (conn, live, live);
  assert_ok ((again = corm_schema_canonical (conn, live, error)) != NULL);
  assert_same (conn, live, again);
  assert_same (conn, again, live);
}

static void
a_copy_does_not_differ_from_the_first (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autofree char *json = NULL;
  {
    g_autoptr (CormDb) db = open_models (uri, nothing);
    g_autoptr (CormConnection) conn = connect_to (db);
    run_script (conn);
    json = structure (db);
  }
  g_autofree char *new_uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (new_uri, nothing);
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (CormSchema) first = NULL;
  g_autoptr (CormSchema) second = NULL;
  g_autoptr (CormPlan) plan = NULL;
  run_before (conn);
  assert_ok ((first = corm_schema_from_json (json, error)) != NULL);
  /* no operation makes views and triggers; what stood there before is nobody's wish */
  g_ptr_array_set_size (first->objects, 0);
  first->from_models = TRUE;
  assert_ok ((plan = corm_schema_migrate (conn, first, NULL, error)) != NULL);
  assert_ok ((second = corm_schema_inspect (conn, error)) != NULL);
  assert_same (conn, second, first);
}

/* The structure that the script of @backend makes; NULL where it is not here. */
static char *
structure_on (guint backend)
{
  const char *missing;
  void *state = GUINT_TO_POINTER (backend);
  if (fresh_find (backend, &missing) == NULL)
    return NULL;
  g_autofree char *uri = fresh_uri (&state);
  g_autoptr (CormDb) db = open_models (uri, nothing);
  g_autoptr (CormConnection) conn = connect_to (db);
  run_script (conn);
  return structure (db);
}

/* A unique index over a part of the rows cannot be said without WHERE; Corm refuses it, so it goes here. */
static void
drop_partial_uniques (const CormSchema *schema)
{
  for (guint t = 0; t < schema->tables->len; t++) {
    GPtrArray *indexes = ((CormTable *) schema->tables->pdata[t])->indexes;
    for (guint i = indexes->len; i-- > 0;) {
      const CormTableIndex *index = indexes->pdata[i];
      if (index->unique && index->where != NULL)
        g_ptr_array_remove_index (indexes, i);
    }
  }
}

/* What was read on any backend can be made on this one, and made it stays. */
static void
structure_travels (void **state)
{
  for (guint i = 0; i < FRESH_N / 2; i++) { /* the generic driver reads the same catalogues */
    g_autofree char *json = structure_on (i);
    g_autofree char *uri = json != NULL ? fresh_uri (state) : NULL;
    if (json == NULL)
      continue;
    g_autoptr (CormDb) db = open_models (uri, nothing);
    g_autoptr (CormConnection) conn = connect_to (db);
    g_autoptr (CormSchema) schema = NULL;
    g_autoptr (CormPlan) plan = NULL;
    g_autoptr (CormPlan) rest = NULL;
    run_before (conn);
    assert_ok ((schema = corm_schema_from_json (json, error)) != NULL);
    g_ptr_array_set_size (schema->objects, 0);
    schema->from_models = TRUE;
    if (!(fresh_caps (conn) & CORM_CAP_PARTIAL_INDEX))
      drop_partial_uniques (schema);
    assert_ok ((plan = corm_schema_migrate (conn, schema, NULL, error)) != NULL);
    assert_true (corm_plan_get_n_changes (plan) >= 3);
    assert_ok ((rest = corm_schema_migrate (conn, schema, NULL, error)) != NULL);
    g_autofree char *sql = corm_plan_to_sql (rest);
    assert_string_equal (sql, "");
  }
}

/* @first up to @last, without it. */
static void
make_tables (CormConnection *conn, guint first, guint last)
{
  for (guint i = first; i < last; i++) {
    g_autofree char *points = i > 0 ? g_strdup_printf (" REFERENCES t%u (id)", i / 2) : g_strdup ("");
    g_autofree char *table =
        g_strdup_printf ("CREATE TABLE t%u (id INTEGER NOT NULL PRIMARY KEY, up INTEGER%s, code "
                         "VARCHAR(20) NOT NULL DEFAULT 'x' UNIQUE, n INTEGER CHECK (n > 0))",
                         i, points);
    g_autofree char *index = g_strdup_printf ("CREATE INDEX t%u_n ON t%u (n, code)", i, i);
    fresh_run (conn, table);
    fresh_run (conn, index);
  }
}

/* Statements that it takes to read the database and to compare it with a snapshot of itself. */
static guint
count_statements (CormConnection *conn, const char *json)
{
  g_autoptr (CormSchema) live = NULL;
  g_autoptr (CormSchema) saved = NULL;
  g_autoptr (CormSchema) to = NULL;
  assert_ok ((saved = corm_schema_from_json (json, error)) != NULL);
  knife_put (conn, 0);
  assert_ok ((live = corm_schema_inspect (conn, error)) != NULL);
  assert_ok ((to = corm_schema_canonical_like (conn, saved, live, error)) != NULL);
  assert_same (conn, live, to);
  assert_same (conn, to, live);
  knife_take (corm_connection_get_link (conn));
  return knife.seen;
}

static void
the_count_of_queries_does_not_depend_on_the_tables (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, nothing);
  g_autoptr (CormConnection) conn = connect_to (db);
  make_tables (conn, 0, 3);
  g_autofree char *few = structure (db);
  guint n = count_statements (conn, few);
  make_tables (conn, 3, 60);
  g_autofree char *many = structure (db);
  assert_int_equal (count_statements (conn, many), n);
  assert_in_range (n, 1, 12);
}

/* Most of it stands there word for word, so that only the rest is made in the scratch place: the result is the same. */
static void
what_is_known_is_not_made (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, nothing);
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (CormSchema) live = NULL;
  g_autoptr (CormSchema) wanted = NULL;
  g_autoptr (CormSchema) slow = NULL;
  g_autoptr (CormSchema) fast = NULL;
  run_script (conn);
  make_tables (conn, 0, 8);
  g_autofree char *json = structure (db);
  fresh_run (conn, "ALTER TABLE t3 ADD COLUMN more VARCHAR(5)");
  fresh_run (conn, "CREATE INDEX t5_more ON t5 (code, up)");
  assert_ok ((wanted = corm_schema_from_json (json, error)) != NULL);
  assert_ok ((live = corm_schema_inspect (conn, error)) != NULL);
  assert_ok ((slow = corm_schema_canonical (conn, wanted, error)) != NULL);
  assert_ok ((fast = corm_schema_canonical_like (conn, wanted, live, error)) != NULL);
  assert_same (conn, fast, slow);
  assert_same (conn, slow, fast);
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_schema_diff (conn, live, fast, error)) != NULL);
  assert_int_equal (plan->ops->len, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH (a_database_does_not_differ_from_itself),
    FRESH (a_copy_does_not_differ_from_the_first),
    FRESH (structure_travels),
    FRESH (the_count_of_queries_does_not_depend_on_the_tables),
    FRESH (what_is_known_is_not_made),
  };
  return cmocka_run_group_tests_name ("inspect", tests, NULL, fresh_end);
}
