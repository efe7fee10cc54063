/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every kind of change, on a table with rows: it is made, nothing is left to do, the rows are what they were, and the
 * reverse of the plan leads back. Both sides are SQL that every database reads. */
#include "../lib/suite.h"

typedef struct {
  const char *name;
  const char *before; /* statements; with rows */
  const char *after;  /* the schema as it should be */
  const char *op;     /* one that the plan has */
  const char *rows;   /* a query … */
  const char *want;   /* … and what it gives then */
} Change;

#define ROWS ";\nINSERT INTO t (id, a) VALUES (1, 10), (2, 20)"

static const Change changes[] = {
  { "add-column", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, b varchar(9))", "add-column", "SELECT sum(a) FROM t",
    "30" },
  { "add-column-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer NOT NULL DEFAULT 7)", "add-column",
    "SELECT sum(b) FROM t", "14" },
  { "add-column-filled", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  a integer,\n  b integer NOT NULL -- corm:convert a + "
    "1\n)",
    "add-column", "SELECT sum(b) FROM t", "32" },
  { "add-column-filled-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  a integer,\n  b integer NOT NULL DEFAULT 7 -- "
    "corm:convert "
    "a + 1\n)",
    "add-column", "SELECT sum(b) FROM t", "32" },
  { "drop-column", "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-column", "SELECT sum(a) FROM t", "30" },
  { "rename-column", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  c integer -- corm:was a\n)", "rename-column",
    "SELECT sum(c) FROM t", "30" },
  { "rename-table", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "-- corm:was t\nCREATE TABLE u (id integer PRIMARY KEY, a integer)", "rename-table",
    "SELECT sum(a) FROM u", "30" },
  { "drop-table", "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE gone (x integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-table", "SELECT sum(a) FROM t", "30" },
  { "create-table", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE v (x integer)", "create-table",
    "SELECT count(*) FROM v", "0" },
  { "widen-type", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a bigint)", "set-type", "SELECT sum(a) FROM t", "30" },
  { "widen-text", "CREATE TABLE t (id integer PRIMARY KEY, a varchar(5))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a varchar(50))", "set-type", "SELECT max(a) FROM t", "20" },
  { "number-to-text", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a varchar(20))", "set-type", "SELECT max(a) FROM t", "20" },
  { "text-to-number", "CREATE TABLE t (id integer PRIMARY KEY, a varchar(20))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "set-type", "SELECT sum(a) FROM t", "30" },
  { "set-not-null", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL)", "set-not-null", "SELECT sum(a) FROM t",
    "30" },
  { "backfill", "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer)" ROWS,
    "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  a integer,\n  b integer NOT NULL -- corm:convert a + "
    "1\n)",
    "set-not-null", "SELECT sum(b) FROM t", "32" },
  { "drop-not-null", "CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-not-null", "SELECT sum(a) FROM t", "30" },
  { "type-below-generated",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a + 1) STORED)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a bigint, g integer GENERATED ALWAYS AS (a + 1) STORED)",
    "set-type", "SELECT sum(g) FROM t", "32" },
  { "set-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 3)", "set-default", "SELECT sum(a) FROM t",
    "30" },
  { "change-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 2)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 3)", "set-default", "SELECT sum(a) FROM t",
    "30" },
  { "drop-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 2)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-default", "SELECT sum(a) FROM t", "30" },
  { "type-and-default", "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 2)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a varchar(20) DEFAULT 'none')", "set-type",
    "SELECT max(a) FROM t", "20" },
  { "set-generated",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a + 1) STORED)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a * 2) STORED)", NULL,
    "SELECT sum(g) FROM t", "60" },
  { "drop-generated",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a + 1) STORED)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, g integer)", "drop-generated", "SELECT sum(g) FROM t",
    "32" },
  { "primary-key", "CREATE TABLE t (id integer NOT NULL, a integer NOT NULL, PRIMARY KEY (id))" ROWS,
    "CREATE TABLE t (id integer NOT NULL, a integer NOT NULL, PRIMARY KEY (id, a))", "add-primary-key",
    "SELECT sum(a) FROM t", "30" },
  { "add-unique", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT uq UNIQUE (a))", "add-unique",
    "SELECT sum(a) FROM t", "30" },
  { "drop-unique", "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT uq UNIQUE (a))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-unique", "SELECT sum(a) FROM t", "30" },
  { "add-check", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT ck CHECK (a > 0))", "add-check",
    "SELECT sum(a) FROM t", "30" },
  { "change-check", "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT ck CHECK (a > 1))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT ck CHECK (a > 0))", "add-check",
    "SELECT sum(a) FROM t", "30" },
  { "drop-check", "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT ck CHECK (a > 1))" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-check", "SELECT sum(a) FROM t", "30" },
  { "add-foreign-key",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer)" ROWS
    "; INSERT INTO c VALUES (1)",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id))",
    "add-foreign-key", "SELECT t FROM c", "1" },
  { "change-foreign-key",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id))" ROWS "; INSERT INTO c VALUES (1)",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id) ON DELETE CASCADE)",
    "add-foreign-key", "SELECT t FROM c", "1" },
  { "drop-foreign-key",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id) ON DELETE CASCADE)" ROWS "; INSERT INTO c VALUES (1)",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer)", "drop-foreign-key",
    "SELECT t FROM c", "1" },
  { "type-under-foreign-key",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE TABLE c (t integer, CONSTRAINT fk FOREIGN "
    "KEY (t) "
    "REFERENCES t (id) ON DELETE CASCADE)" ROWS "; INSERT INTO c VALUES (1)",
    "CREATE TABLE t (id bigint PRIMARY KEY, a integer); CREATE TABLE c (t bigint, CONSTRAINT fk FOREIGN KEY "
    "(t) "
    "REFERENCES t (id) ON DELETE CASCADE)",
    "set-type", "SELECT t FROM c", "1" },
  { "create-index", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE INDEX i ON t (a)", "create-index",
    "SELECT sum(a) FROM t", "30" },
  { "change-index", "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE INDEX i ON t (a)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE INDEX i ON t (a, id)", "create-index",
    "SELECT sum(a) FROM t", "30" },
  { "drop-index", "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE INDEX i ON t (a)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-index", "SELECT sum(a) FROM t", "30" },
  { "drop-indexes-over-the-same",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX "
    "j ON t (a)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", NULL, "SELECT sum(a) FROM t", "30" },
  { "index-of-dropped-column",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer); CREATE INDEX i ON t (b)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-column", "SELECT sum(a) FROM t", "30" },
  { "create-view", "CREATE TABLE t (id integer PRIMARY KEY, a integer)" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT a FROM t", "create-view",
    "SELECT sum(a) FROM v", "30" },
  { "change-view",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT a FROM t" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT id, a + 1 AS a FROM t",
    "create-view", "SELECT sum(a) FROM v", "32" },
  { "drop-view", "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT a FROM t" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a integer)", "drop-view", "SELECT sum(a) FROM t", "30" },
  { "view-over-changed-column",
    "CREATE TABLE t (id integer PRIMARY KEY, a integer); CREATE VIEW v AS SELECT a FROM t" ROWS,
    "CREATE TABLE t (id integer PRIMARY KEY, a bigint); CREATE VIEW v AS SELECT a FROM t", "set-type",
    "SELECT sum(a) FROM v", "30" },
};

#define LABELS "CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine'); "
#define MOODS "CREATE TABLE t (id integer PRIMARY KEY, a mood, b mood[] DEFAULT '{ok}'"
#define MOOD_ROWS ");\nINSERT INTO t (id, a, b) VALUES (1, 'ok', '{ok,fine}'), (2, NULL, NULL)"
#define NUMBERED ";\nINSERT INTO t (a) VALUES (10), (20)"

/* Where labels have a type of their own, and a number a sequence. */
static const Change typed[] = {
  { "serial-to-plain", "CREATE TABLE t (id bigserial PRIMARY KEY, a integer)" NUMBERED,
    "CREATE TABLE t (id bigint PRIMARY KEY, a integer)", "set-identity",
    "SELECT count(*) FROM pg_sequences WHERE schemaname = current_schema()", "0" },
  { "serial-to-default",
    "CREATE TABLE t (id serial PRIMARY KEY, a integer); ALTER SEQUENCE t_id_seq INCREMENT BY 5" NUMBERED,
    "CREATE TABLE t (id integer DEFAULT 7, a integer)", "set-identity", "SELECT sum(id) FROM t", "7" },
  { "serial-to-a-sequence-that-stays", "CREATE TABLE t (id bigserial PRIMARY KEY, a integer)" NUMBERED,
    "CREATE SEQUENCE t_id_seq; CREATE TABLE t (id bigint DEFAULT nextval('t_id_seq') PRIMARY KEY, a integer)",
    "set-identity", "SELECT max(id) FROM t WHERE nextval('t_id_seq') > 2", "2" },
  { "serial-to-identity",
    "CREATE TABLE t (id serial PRIMARY KEY, a integer); ALTER SEQUENCE t_id_seq INCREMENT BY 5" NUMBERED,
    "CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a integer)", "set-options",
    "SELECT sum(id) FROM t", "7" },
  { "serial-to-always", "CREATE TABLE t (id smallserial PRIMARY KEY, a integer)" NUMBERED,
    "CREATE TABLE t (id smallint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 3) PRIMARY KEY, a integer)",
    "set-identity", "SELECT sum(id) FROM t", "3" },
  { "identity-to-serial",
    "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 3) PRIMARY KEY, a "
    "integer)" NUMBERED,
    "CREATE TABLE t (id bigserial PRIMARY KEY, a integer)", "set-identity",
    "SELECT max(id) FROM t WHERE nextval('t_id_seq') > 4", "4" },
  { "identity-to-plain",
    "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 3) PRIMARY KEY, a "
    "integer)" NUMBERED,
    "CREATE TABLE t (id bigint PRIMARY KEY, a integer)", "set-identity", "SELECT sum(id) FROM t", "5" },
  { "default-to-serial", "CREATE TABLE t (id integer DEFAULT 5, a integer)" NUMBERED,
    "CREATE TABLE t (id serial, a integer)", "set-identity",
    "SELECT max(id) FROM t WHERE nextval('t_id_seq') > 5", "5" },
  { "default-to-identity", "CREATE TABLE t (id integer NOT NULL DEFAULT 5, a integer)" NUMBERED,
    "CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY, a integer)", "set-identity",
    "SELECT sum(id) FROM t", "10" },
  { "labels-in-another-order", LABELS MOODS MOOD_ROWS,
    "CREATE TYPE mood AS ENUM ('fine', 'ok', 'sad'); " MOODS ")", "change-enum",
    "SELECT CAST(min(b) AS text) FROM t", "{ok,fine}" },
  { "label-goes-with-its-default", LABELS MOODS ", c mood DEFAULT 'sad'" MOOD_ROWS "; UPDATE t SET c = 'ok'",
    "CREATE TYPE mood AS ENUM ('ok', 'fine'); " MOODS ", c mood)", "change-enum",
    "SELECT CAST(min(c) AS text) FROM t", "ok" },
  { "label-goes-and-another-is-the-default",
    LABELS MOODS ", c mood DEFAULT 'sad'" MOOD_ROWS "; UPDATE t SET c = 'ok'",
    "CREATE TYPE mood AS ENUM ('ok', 'fine'); " MOODS ", c mood DEFAULT 'fine')", "change-enum",
    "SELECT CAST(min(c) AS text) FROM t", "ok" },
  { "new-label-is-the-default", LABELS MOODS ", c mood DEFAULT 'sad'" MOOD_ROWS,
    "CREATE TYPE mood AS ENUM ('sad', 'ok', 'fine', 'new'); " MOODS ", c mood DEFAULT 'ok')", NULL,
    "SELECT CAST(min(c) AS text) FROM t", "sad" },
  { "labels-and-default-change", LABELS MOODS ", c mood DEFAULT 'sad'" MOOD_ROWS,
    "CREATE TYPE mood AS ENUM ('fine', 'sad', 'ok'); " MOODS ", c mood DEFAULT 'ok')", "change-enum",
    "SELECT CAST(min(c) AS text) FROM t", "sad" },
};

static CormSchema *
wanted (CormConnection *conn, const char *sql)
{
  CormSchema *schema = NULL;
  assert_ok ((schema = corm_schema_from_sql (conn, sql, error)) != NULL);
  return schema;
}

static void
run_script (CormConnection *conn, const char *script)
{
  g_auto (GStrv) statements = g_strsplit (script, ";", -1);
  for (char **statement = statements; *statement != NULL; statement++)
    suite_sql (conn, *statement);
}

static char *
fingerprint (CormConnection *conn)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  return corm_schema_fingerprint (schema);
}

static char *
snapshot (CormConnection *conn)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  return corm_schema_to_json (schema);
}

/* Appends a line about @change to @faults. */
static void complain (GString *faults, const Change *change, const char *format, ...) G_GNUC_PRINTF (3, 4);
static void
complain (GString *faults, const Change *change, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_string_append_printf (faults, "\n%s: ", change->name);
  g_string_append_vprintf (faults, format, args);
  va_end (args);
}

static void
look_for_op (GString *faults, const Change *change, const CormPlan *plan)
{
  gboolean found = change->op == NULL;
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    g_autofree char *kind = corm_op_get_kind_name (op);
    if (op->kind == CORM_OP_DIFFERS)
      complain (faults, change, "is left alone: %s", op->text);
    found = found || strcmp (kind, change->op) == 0;
  }
  if (!found)
    complain (faults, change, "has no %s", change->op);
}

static void
complain_of_way_back (GString *faults, const Change *change, CormConnection *conn, const char *was)
{
  g_autofree char *now = snapshot (conn);
  complain (faults, change, "the way back leads to %s, not to %s", now, was);
}

static gboolean
try_sql (GString *faults, const Change *change, CormConnection *conn, const char *sql)
{
  g_autoptr (GError) failed = NULL;
  if (!corm_execute (conn, sql, NULL, NULL, &failed))
    complain (faults, change, "%s", failed->message);
  return failed == NULL;
}

/* The reverse of all, from the last to the first; around it what a rebuild needs. */
static void
go_back (GString *faults, const Change *change, CormConnection *conn, const CormPlan *plan)
{
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  if (dialect->before_rebuild != NULL)
    suite_sql (conn, dialect->before_rebuild);
  for (guint i = plan->ops->len; i-- > 0;) {
    const CormOp *op = plan->ops->pdata[i];
    for (guint s = 0; s < op->reverse->len; s++)
      if (!try_sql (faults, change, conn, op->reverse->pdata[s]))
        return;
  }
  if (dialect->after_rebuild != NULL)
    suite_sql (conn, dialect->after_rebuild);
}

static void
look_for_rest (GString *faults, const Change *change, CormConnection *conn)
{
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .dry_run = true, .allow = all };
  g_autoptr (CormSchema) to = wanted (conn, change->after);
  g_autoptr (CormPlan) rest = NULL;
  assert_ok ((rest = corm_schema_migrate (conn, to, &options, error)) != NULL);
  for (guint i = 0; i < rest->ops->len; i++)
    complain (faults, change, "leaves: %s", ((CormOp *) rest->ops->pdata[i])->text);
}

static void
make_change (GString *faults, CormConnection *conn, const Change *change, gboolean online)
{
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .allow = all, .online = online };
  run_script (conn, change->before);
  g_autofree char *before = fingerprint (conn);
  g_autofree char *was = snapshot (conn);
  g_autoptr (CormSchema) to = wanted (conn, change->after);
  g_autoptr (GError) failed = NULL;
  g_autoptr (CormPlan) plan = corm_schema_migrate (conn, to, &options, &failed);
  if (plan == NULL) {
    complain (faults, change, "%s", failed->message);
    return;
  }
  look_for_op (faults, change, plan);
  look_for_rest (faults, change, conn);
  if (try_sql (faults, change, conn, change->rows)) {
    g_autofree char *rows = suite_text (conn, change->rows);
    if (strcmp (rows, change->want) != 0)
      complain (faults, change, "%s gives %s, not %s", change->rows, rows, change->want);
  }
  go_back (faults, change, conn, plan);
  g_autofree char *after = fingerprint (conn);
  if (strcmp (before, after) != 0)
    complain_of_way_back (faults, change, conn, was);
}

static void
clear (CormConnection *conn)
{
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .allow = all };
  g_autoptr (CormSchema) nothing = wanted (conn, "");
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_schema_migrate (conn, nothing, &options, error)) != NULL);
}

/* Those that are made in other steps where little may be locked. */
static const char *const otherwise_online[] = { "add-column-filled",
                                                "add-column-filled-default",
                                                "backfill",
                                                "set-not-null",
                                                "drop-not-null",
                                                "primary-key",
                                                "add-unique",
                                                "add-foreign-key",
                                                "add-check",
                                                "create-index",
                                                "change-index",
                                                "drop-index",
                                                NULL };

static void
make_changes (Suite *suite, gboolean online)
{
  g_autoptr (GString) faults = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    if (online && !g_strv_contains (otherwise_online, changes[i].name))
      continue;
    /* Without a native driver the catalogue is read slowly, and the plans are the same. */
    if (!(suite->caps & CORM_CAP_STREAMING) && i % 8 != 0)
      continue;
    make_change (faults, suite->conn, &changes[i], online);
    clear (suite->conn);
  }
  assert_string_equal (faults->str, "");
}

static void
each_change_is_made_and_undone (Suite *suite)
{
  make_changes (suite, FALSE);
}

static void
each_change_is_made_online (Suite *suite)
{
  make_changes (suite, TRUE);
}

static void
labels_and_numbers_change_and_are_undone (Suite *suite)
{
  g_autoptr (GString) faults = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++) {
    make_change (faults, suite->conn, &typed[i], FALSE);
    clear (suite->conn);
  }
  assert_string_equal (faults->str, "");
}

/* Where a name changes in the same migration, rows are looked at under the one that they have. */
static void
rows_refuse_beside_a_rename (Suite *suite)
{
  static const struct {
    const char *after;
    CormError code;
    gboolean where_it_is_silent; /* on a database alone that would make another value of it */
  } ways[] = {
    { "-- corm:was t\nCREATE TABLE u (\n  id integer PRIMARY KEY,\n  c decimal(9,2), -- corm:was a\n  b "
      "integer NOT NULL\n)",
      CORM_ERROR_NOT_NULL, FALSE },
    { "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  c decimal(9,2) NOT NULL -- corm:was a\n)",
      CORM_ERROR_NOT_NULL, FALSE },
    { "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  c integer -- corm:was a\n)", CORM_ERROR_CONVERSION,
      TRUE },
  };
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .allow = all };
  const CormDialect *dialect = corm_connection_get_link (suite->conn)->driver->dialect;
  suite_sql (suite->conn, "CREATE TABLE t (id integer PRIMARY KEY, a decimal(9,2))");
  suite_sql (suite->conn, "INSERT INTO t (id, a) VALUES (1, 1.5), (2, NULL)");
  g_autofree char *before = fingerprint (suite->conn);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    if (ways[i].where_it_is_silent && dialect->append_loss == NULL)
      continue;
    g_autoptr (CormSchema) to = wanted (suite->conn, ways[i].after);
    assert_fails (corm_schema_migrate (suite->conn, to, &options, error) != NULL, ways[i].code,
                  "table t has ");
    g_autofree char *after = fingerprint (suite->conn);
    assert_string_equal (after, before);
  }
  clear (suite->conn);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "each_change_is_made_and_undone", each_change_is_made_and_undone, 0 },
    { "each_change_is_made_online", each_change_is_made_online,
      CORM_CAP_ALTER_ADD_CONSTRAINT | CORM_CAP_STREAMING },
    { "labels_and_numbers_change_and_are_undone", labels_and_numbers_change_and_are_undone,
      CORM_CAP_NATIVE_ENUM | CORM_CAP_STREAMING },
    { "rows_refuse_beside_a_rename", rows_refuse_beside_a_rename, 0 },
  };
  return SUITE_RUN (NULL, cases);
}
