/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Changes of a PostgreSQL table at work: each step of a plan takes the lock that the plan says, as pg_locks shows it; who
 * waits for a lock does not hold up the others; rows that were filled before a failure are filled once, and one that was
 * killed is gone on with; a column is not without its default for a moment. */
#include "../lib/suite.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  const char *name;
  const char *before; /* statements, around table t */
  const char *after;
} Change;

#define T(columns) "CREATE TABLE t (id integer PRIMARY KEY, a integer" columns ")"
#define ROWS ";INSERT INTO t (id, a) SELECT n, n FROM generate_series(1, 50) n"
#define ENUM(labels) "CREATE TYPE mood AS ENUM (" labels ");" T (", m mood")

static const Change changes[] = {
  { "add a column", T () ROWS, T (", b text") },
  { "add a column with a default", T () ROWS, T (", b integer NOT NULL DEFAULT 3") },
  { "add a column and fill it", T () ROWS, T (",\n  b integer NOT NULL DEFAULT 3 -- corm:convert a + 1\n") },
  { "set a default", T () ROWS, "CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 4)" },
  { "set NOT NULL", T () ROWS, "CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL)" },
  { "fill and set NOT NULL", T (", b integer") ROWS, T (",\n  b integer NOT NULL -- corm:convert 5\n") },
  { "drop NOT NULL", T (", b integer NOT NULL DEFAULT 1") ROWS, T (", b integer DEFAULT 1") },
  { "a longer varchar", T (", s varchar(20)") ROWS, T (", s varchar(40)") },
  { "another type", T () ROWS, "CREATE TABLE t (id integer PRIMARY KEY, a bigint)" },
  { "rename a column", T () ROWS,
    "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  b integer -- corm:was a\n)" },
  { "drop a column", T (", b text") ROWS, T () },
  { "create an index", T () ROWS, T () ";CREATE INDEX t_a ON t (a)" },
  { "drop an index", T () ";CREATE INDEX t_a ON t (a)" ROWS, T () },
  { "add a unique constraint", T () ROWS, T (", CONSTRAINT t_a UNIQUE (a)") },
  { "drop a unique constraint", T (", CONSTRAINT t_a UNIQUE (a)") ROWS, T () },
  { "add a foreign key", T () ROWS, T (", CONSTRAINT t_a FOREIGN KEY (a) REFERENCES t (id)") },
  { "drop a foreign key", T (", CONSTRAINT t_a FOREIGN KEY (a) REFERENCES t (id)") ROWS, T () },
  { "add a check", T () ROWS, T (", CONSTRAINT t_a CHECK (a > 0)") },
  { "drop a check", T (", CONSTRAINT t_a CHECK (a > 0)") ROWS, T () },
  { "validate", T () ROWS ";ALTER TABLE t ADD CONSTRAINT t_a CHECK (a > 0) NOT VALID",
    T (", CONSTRAINT t_a CHECK (a > 0)") },
  { "a check that is never looked at", T () ROWS,
    T () ";ALTER TABLE t ADD CONSTRAINT t_a CHECK (a > 0) NOT VALID" },
  { "a foreign key that is never looked at", T () ROWS,
    T () ";ALTER TABLE t ADD CONSTRAINT t_a FOREIGN KEY (a) REFERENCES t (id) NOT VALID" },
  { "labels of an enum", ENUM ("'sad', 'ok'") ROWS, ENUM ("'ok', 'sad'") },
  { "options", T () ROWS, T () " WITH (fillfactor = 70)" },
  { "options of another kind", T () ROWS, "CREATE UNLOGGED TABLE t (id integer PRIMARY KEY, a integer)" },
  { "a comment", T () ROWS, T () ";COMMENT ON TABLE t IS 'words'" },
};

static gboolean
is_pgsql (Suite *suite)
{
  return strcmp (suite->backend, "pgsql") == 0;
}

static void
run_script (CormConnection *conn, const char *script)
{
  g_auto (GStrv) statements = g_strsplit (script, ";", -1);
  for (char **statement = statements; *statement != NULL; statement++)
    suite_sql (conn, *statement);
}

/* --- the lock of each step */

static const char *const modes[][2] = {
  { "AccessShareLock", "ACCESS SHARE" },
  { "RowShareLock", "ROW SHARE" },
  { "RowExclusiveLock", "ROW EXCLUSIVE" },
  { "ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE" },
  { "ShareLock", "SHARE" },
  { "ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE" },
  { "ExclusiveLock", "EXCLUSIVE" },
  { "AccessExclusiveLock", "ACCESS EXCLUSIVE" },
};

/* The strongest lock of session @pid on t, by its place in modes; -1: none. @waiting: that it waits for. */
static gint
strongest (CormConnection *conn, gint64 pid, gint64 table, gboolean waiting)
{
  gint found = -1;
  g_autofree char *sql = g_strdup_printf ("SELECT mode FROM pg_locks WHERE pid = %" G_GINT64_FORMAT
                                          " AND relation = %" G_GINT64_FORMAT " AND granted <> %s",
                                          pid, table, waiting ? "true" : "false");
  g_autoptr (CormCursor) cursor = NULL;
  g_autoptr (GError) failed = NULL;
  assert_ok ((cursor = corm_query (conn, sql, NULL, error)) != NULL);
  while (corm_cursor_next (cursor, &failed)) {
    const CormValue *mode = corm_cursor_get_value (cursor, 0);
    for (gint i = 0; i < (gint) G_N_ELEMENTS (modes); i++)
      if (mode->size == strlen (modes[i][0]) && memcmp (mode->data, modes[i][0], mode->size) == 0)
        found = MAX (found, i);
  }
  assert_null (failed);
  return found;
}

typedef struct {
  CormConnection *conn; /* that the step runs on */
  CormConnection *other;
  gint64 pid, table;
} Place;

/* In a transaction that stays open until its locks are looked at. */
static gint
run_within (const Place *place, const CormOp *op)
{
  suite_sql (place->conn, "BEGIN");
  for (guint i = 0; i < op->sql->len; i++)
    suite_sql (place->conn, op->sql->pdata[i]);
  gint lock = strongest (place->other, place->pid, place->table, FALSE);
  suite_sql (place->conn, "COMMIT");
  return lock;
}

typedef struct {
  CormConnection *conn;
  const char *sql;
} Statement;

static gpointer
run_in_thread (gpointer data)
{
  const Statement *statement = data;
  GError *failed = NULL;
  corm_execute (statement->conn, statement->sql, NULL, NULL, &failed);
  return failed;
}

/* A statement that cannot stand in a transaction: while somebody else has the whole table, it waits for what it takes. */
static gint
run_waiting (const Place *place, const char *sql)
{
  Statement statement = { place->conn, sql };
  gint lock = -1;
  suite_sql (place->other, "BEGIN");
  suite_sql (place->other, "LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
  GThread *thread = g_thread_new ("step", run_in_thread, &statement);
  for (guint i = 0; i < 3000 && lock < 0; i++) {
    g_usleep (5000);
    lock = strongest (place->other, place->pid, place->table, TRUE);
  }
  suite_sql (place->other, "COMMIT");
  g_autoptr (GError) failed = g_thread_join (thread);
  if (failed != NULL)
    fail_msg ("%s", failed->message);
  return lock;
}

static gint
lock_of_step (const Place *place, const CormOp *op)
{
  gint lock = -1;
  if (!op->alone)
    return run_within (place, op);
  for (guint i = 0; i < op->sql->len; i++) {
    const char *sql = op->sql->pdata[i];
    CormOp one = *op;
    one.sql = g_ptr_array_new ();
    g_ptr_array_add (one.sql, op->sql->pdata[i]);
    gint of_statement =
        strstr (sql, " CONCURRENTLY ") != NULL ? run_waiting (place, sql) : run_within (place, &one);
    lock = MAX (lock, of_statement);
    g_ptr_array_unref (one.sql);
  }
  return lock;
}

static CormPlan *
make_plan (CormConnection *conn, const char *after)
{
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .dry_run = true, .online = true, .allow = all };
  g_autoptr (CormSchema) to = NULL;
  CormPlan *plan = NULL;
  assert_ok ((to = corm_schema_from_sql (conn, after, error)) != NULL);
  assert_ok ((plan = corm_schema_migrate (conn, to, &options, error)) != NULL);
  return plan;
}

static void
make_change (Suite *suite, CormConnection *other, const Change *change, GString *faults)
{
  run_script (suite->conn, change->before);
  Place place = { suite->conn, other, suite_number (suite->conn, "SELECT pg_backend_pid()"),
                  suite_number (suite->conn, "SELECT CAST(CAST('t' AS regclass) AS oid)") };
  g_autoptr (CormPlan) plan = make_plan (suite->conn, change->after);
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    gint lock = lock_of_step (&place, op);
    const char *took = lock >= 0 ? modes[lock][1] : NULL;
    if (op->table != NULL && g_strcmp0 (took, op->lock) != 0)
      g_string_append_printf (faults, "\n%s: %s: takes %s, the plan says %s", change->name, op->text, took,
                              op->lock);
  }
  g_autoptr (CormPlan) rest = make_plan (suite->conn, change->after);
  if (plan->ops->len == 0 || rest->ops->len > 0)
    g_string_append_printf (faults, "\n%s: %u steps, and then %u", change->name, plan->ops->len,
                            rest->ops->len);
}

static void
each_step_takes_the_lock_that_the_plan_says (Suite *suite)
{
  g_autoptr (GString) faults = g_string_new (NULL);
  if (!is_pgsql (suite))
    return;
  g_autoptr (CormConnection) other = suite_connect (suite->db);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    make_change (suite, other, &changes[i], faults);
    run_script (suite->conn, "DROP TABLE t;DROP TYPE IF EXISTS mood");
  }
  assert_string_equal (faults->str, "");
}

/* --- beside others */

typedef struct {
  CormConnection *conn;
  const char *after;
} Migration;

static gpointer
migrate_in_thread (gpointer data)
{
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .online = true, .allow = all };
  const Migration *migration = data;
  GError *failed = NULL;
  g_autoptr (CormSchema) to = corm_schema_from_sql (migration->conn, migration->after, &failed);
  if (to != NULL)
    corm_plan_free (corm_schema_migrate (migration->conn, to, &options, &failed));
  return failed;
}

static void
wait_until_it_waits (CormConnection *conn, gint64 pid, gint64 table)
{
  for (guint i = 0; i < 3000; i++) {
    if (strongest (conn, pid, table, TRUE) >= 0)
      return;
    g_usleep (5000);
  }
  fail_msg ("the migration never waits for the reader");
}

/* A reader keeps the migration from its lock, and the migration does not keep a writer from the table. */
static void
who_waits_lets_others_pass (Suite *suite)
{
  if (!is_pgsql (suite))
    return;
  g_autoptr (CormConnection) reader = suite_connect (suite->db);
  g_autoptr (CormConnection) other = suite_connect (suite->db);
  run_script (suite->conn, T () ROWS);
  gint64 pid = suite_number (suite->conn, "SELECT pg_backend_pid()");
  gint64 table = suite_number (suite->conn, "SELECT CAST(CAST('t' AS regclass) AS oid)");
  Migration migration = { suite->conn, T (", b text") };
  suite_sql (reader, "BEGIN");
  assert_int_equal (suite_number (reader, "SELECT count(*) FROM t"), 50);
  GThread *thread = g_thread_new ("migration", migrate_in_thread, &migration);
  wait_until_it_waits (other, pid, table);
  suite_sql (other, "INSERT INTO t VALUES (1000, 1)");
  wait_until_it_waits (other, pid, table);
  suite_sql (other, "UPDATE t SET a = 2 WHERE id = 1000");
  suite_sql (reader, "COMMIT");
  g_autoptr (GError) failed = g_thread_join (thread);
  assert_null (failed);
  assert_int_equal (suite_number (other, "SELECT count(*) FROM t WHERE b IS NULL"), 51);
}

/* The row that stops it stands behind the first part of the rows; those of the first part are not filled again. */
static void
rows_are_filled_once (Suite *suite)
{
  static const char after[] = "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  a integer,\n  b integer NOT "
                              "NULL -- corm:convert 100 / a\n)";
  Migration migration = { suite->conn, after };
  if (!is_pgsql (suite))
    return;
  run_script (suite->conn,
              T (", b integer") ";INSERT INTO t SELECT n, nullif(n, 19000) FROM generate_series(1, 20000) n;"
                                "UPDATE t SET a = 0 WHERE a IS NULL;VACUUM FULL t");
  g_autoptr (GError) failed = migrate_in_thread (&migration);
  assert_non_null (failed);
  gint64 n = suite_number (suite->conn, "SELECT count(*) FROM t WHERE b IS NOT NULL");
  assert_true (n > 0 && n < 20000);
  suite_sql (suite->conn, "UPDATE t SET b = -1 WHERE b IS NOT NULL");
  suite_sql (suite->conn, "UPDATE t SET a = 1 WHERE a = 0");
  g_autoptr (GError) again = migrate_in_thread (&migration);
  assert_null (again);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM t WHERE b = -1"), n);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM t WHERE b = 100 / a"), 20000 - n);
}

/* Rows of two partitions stand in the same places of each. */
static void
partitions_are_filled_where_they_have_nothing (Suite *suite)
{
  static const char parts[] = " PARTITION BY RANGE (id);"
                              "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);"
                              "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20)";
  if (!is_pgsql (suite))
    return;
  g_autofree char *before = g_strconcat ("CREATE TABLE t (id integer, b integer)", parts,
                                         ";INSERT INTO t VALUES (1, NULL), (11, 5)", NULL);
  g_autofree char *after =
      g_strconcat ("CREATE TABLE t (\n  id integer,\n  b integer NOT NULL -- corm:convert 7\n)", parts, NULL);
  Migration migration = { suite->conn, after };
  run_script (suite->conn, before);
  g_autoptr (GError) failed = migrate_in_thread (&migration);
  if (failed != NULL)
    fail_msg ("%s", failed->message);
  assert_int_equal (suite_number (suite->conn, "SELECT sum(b) FROM t"), 12);
}

/* --- what belongs together */

typedef struct {
  CormConnection *other;
  guint n; /* operations so far */
} Inserter;

static void
insert_between (const CormOp *op, gpointer data)
{
  Inserter *inserter = data;
  g_autofree char *sql = g_strdup_printf ("INSERT INTO t (id) VALUES (%u)", 1000 + ++inserter->n);
  if (op->kind != CORM_OP_DIFFERS)
    suite_sql (inserter->other, sql);
}

/* A type changes without its default, and between the two another table has a change of its own. */
static void
a_default_is_there_for_every_row (Suite *suite)
{
  static const char before[] = "CREATE TABLE t (id integer PRIMARY KEY, a integer NOT NULL DEFAULT 3);"
                               "CREATE TABLE u (id integer PRIMARY KEY, b integer DEFAULT 1)";
  static const char after[] = "CREATE TABLE t (id integer PRIMARY KEY, a bigint NOT NULL DEFAULT 3);"
                              "CREATE TABLE u (id integer PRIMARY KEY, b integer)";
  static const char *const all[] = { "change", NULL };
  if (!is_pgsql (suite))
    return;
  g_autoptr (CormConnection) other = suite_connect (suite->db);
  Inserter inserter = { other, 0 };
  const CormMigrateOptions options = {
    .online = true, .allow = all, .on_op = insert_between, .data = &inserter
  };
  g_autoptr (CormSchema) to = NULL;
  g_autoptr (CormPlan) plan = NULL;
  run_script (suite->conn, before);
  assert_ok ((to = corm_schema_from_sql (suite->conn, after, error)) != NULL);
  assert_ok ((plan = corm_schema_migrate (suite->conn, to, &options, error)) != NULL);
  assert_int_equal (inserter.n, 4);
  assert_int_equal (suite_number (other, "SELECT count(*) FROM t WHERE a = 3"), 4);
  const CormOp *const *ops = (const CormOp *const *) plan->ops->pdata;
  assert_string_equal (ops[0]->table, "u");
  assert_int_equal (ops[0]->group, 0);
  for (guint i = 1; i < 4; i++)
    assert_true (ops[i]->group != 0 && ops[i]->group == ops[1]->group);
}

/* Where the rows stay as they are, so does the default. */
static void
a_type_with_more_room_keeps_its_default (Suite *suite)
{
  static const char *const types[][3] = { { "varchar(20)", "varchar(40)", "'open'" },
                                          { "varchar(20)", "text", "'it''s'" },
                                          { "numeric(5, 2)", "numeric(9, 2)", "1.5" },
                                          { "varchar(4)", "varchar(40)", "'longer than it may be'" } };
  if (!is_pgsql (suite))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autofree char *before = g_strdup_printf (T (", b %s NOT NULL DEFAULT %s"), types[i][0], types[i][2]);
    g_autofree char *after = g_strdup_printf (T (", b %s NOT NULL DEFAULT %s"), types[i][1], types[i][2]);
    Migration migration = { suite->conn, after };
    run_script (suite->conn, before);
    g_autoptr (CormPlan) plan = make_plan (suite->conn, after);
    assert_int_equal (plan->ops->len, 1);
    assert_int_equal (((CormOp *) plan->ops->pdata[0])->kind, CORM_OP_SET_TYPE);
    g_autoptr (GError) failed = migrate_in_thread (&migration);
    assert_null (failed);
    g_autoptr (CormPlan) rest = make_plan (suite->conn, after);
    assert_int_equal (rest->ops->len, 0);
    suite_sql (suite->conn, "DROP TABLE t");
  }
}

/* --- killed */

/* In a process of its own. */
static pid_t
start_migration (const char *uri, const char *after)
{
  pid_t pid = fork ();
  assert_true (pid >= 0);
  if (pid > 0)
    return pid;
  g_autoptr (GError) failed = NULL;
  CormConnection *conn = corm_connection_open_uri (uri, &failed);
  Migration migration = { conn, after };
  if (conn != NULL)
    failed = migrate_in_thread (&migration);
  if (failed != NULL)
    fprintf (stderr, "# %s\n", failed->message);
  _exit (failed != NULL);
}

/* Killed when some of the rows are filled; the next run fills the others. */
static void
a_killed_one_is_gone_on_with (Suite *suite)
{
  static const char slow[] = "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  a integer,\n  b integer NOT "
                             "NULL -- corm:convert length(pg_sleep(0.0001)::text) - a\n)";
  static const char quick[] = "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  a integer,\n  b integer NOT "
                              "NULL -- corm:convert a\n)";
  gint64 filled = 0;
  Migration migration = { suite->conn, quick };
  if (!is_pgsql (suite))
    return;
  run_script (suite->conn, T () ";INSERT INTO t (id, a) SELECT n, n FROM generate_series(1, 20000) n");
  pid_t pid = start_migration (suite->uri, slow);
  for (guint i = 0; i < 6000 && filled == 0; i++) {
    g_usleep (5000);
    if (suite_number (suite->conn, "SELECT count(*) FROM pg_attribute WHERE attrelid = CAST('t' AS regclass) "
                                   "AND attname = 'b'") > 0)
      filled = suite_number (suite->conn, "SELECT count(b) FROM t");
  }
  kill (pid, SIGKILL);
  assert_int_equal (waitpid (pid, NULL, 0), pid);
  g_autoptr (GError) failed = migrate_in_thread (&migration);
  if (failed != NULL)
    fail_msg ("%s", failed->message);
  assert_true (filled > 0);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM t WHERE abs(b) = a"), 20000);
  gint64 of_the_first = suite_number (suite->conn, "SELECT count(*) FROM t WHERE b < 0");
  assert_true (of_the_first >= filled && of_the_first < 20000);
  g_autoptr (CormPlan) rest = make_plan (suite->conn, quick);
  assert_int_equal (rest->ops->len, 0);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "each_step_takes_the_lock_that_the_plan_says", each_step_takes_the_lock_that_the_plan_says,
      SUITE_NEEDS_SERVER },
    { "who_waits_lets_others_pass", who_waits_lets_others_pass, SUITE_NEEDS_SERVER },
    { "rows_are_filled_once", rows_are_filled_once, SUITE_NEEDS_SERVER },
    { "a_default_is_there_for_every_row", a_default_is_there_for_every_row, SUITE_NEEDS_SERVER },
    { "a_type_with_more_room_keeps_its_default", a_type_with_more_room_keeps_its_default,
      SUITE_NEEDS_SERVER },
    { "a_killed_one_is_gone_on_with", a_killed_one_is_gone_on_with, SUITE_NEEDS_SERVER },
    { "partitions_are_filled_where_they_have_nothing", partitions_are_filled_where_they_have_nothing,
      SUITE_NEEDS_SERVER },
  };
  return SUITE_RUN (NULL, cases);
}
