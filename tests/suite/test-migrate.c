/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A database is brought to its models. The invariant of all cases: after a migration the plan has no changes, and what
 * cannot be done leaves the database as it was. */
#include "../lib/migrated.h"

/* --- an application in two versions */

typedef struct {
  gint64 id;
  const char *name;
} Cluster;

typedef struct {
  gint64 id;
  const char *name;
} JobV1;

typedef struct {
  gint64 id;
  const char *name;
  const char *work_dir;
  guint32 status;
  CormOptInt64 cluster_id;
  CormTimestamp created_at;
  gint32 priority;
  CormDecimal cost;
} JobV2;

static const char *const job_status[] = { "PENDING", "RUNNING", "DONE", NULL };

static const CormColumn cluster_columns[] = {
  CORM_COLUMN (Cluster, id, .primary_key = true),
  CORM_COLUMN (Cluster, name, .not_null = true, .unique = true, .max_length = 40),
};
static const CormModel Cluster_model = CORM_MODEL (Cluster, "clusters", CORM_COLUMNS (cluster_columns));

static const CormColumn v1_columns[] = {
  CORM_COLUMN (JobV1, id, .primary_key = true),
  CORM_COLUMN (JobV1, name, .not_null = true, .max_length = 255),
};
static const CormModel JobV1_model = CORM_MODEL (JobV1, "jobs", CORM_COLUMNS (v1_columns));

static const CormColumn v2_columns[] = {
  CORM_COLUMN (JobV2, id, .primary_key = true),
  CORM_COLUMN (JobV2, name, .not_null = true, .max_length = 255),
  CORM_COLUMN (JobV2, work_dir, .unique = true, .max_length = 100),
  CORM_COLUMN (JobV2, status, .labels = job_status, .default_value = "PENDING"),
  CORM_COLUMN (JobV2, cluster_id, .references = "clusters.id", .on_delete = CORM_SET_NULL),
  CORM_COLUMN (JobV2, created_at, .default_sql = CORM_NOW),
  CORM_COLUMN (JobV2, priority, .default_value = "5", .check = "priority > 0"),
  CORM_COLUMN (JobV2, cost, .precision = 10, .scale = 2, .default_value = "0.50"),
};
static const CormIndex v2_indexes[] = {
  { .name = "idx_jobs_status", .columns = "status, created_at desc" },
  { .name = "idx_jobs_open", .columns = "name", .where = "status = 'RUNNING'" },
};
static const CormModelCheck v2_checks[] = { { "cheap", "cost < 1000 or priority > 1" } };
static const CormModel JobV2_model =
    CORM_MODEL (JobV2, "jobs", CORM_COLUMNS (v2_columns), CORM_INDEXES (v2_indexes), CORM_CHECKS (v2_checks));

static const CormModel *const v1[] = { &JobV1_model, NULL };
static const CormModel *const v2[] = { &JobV2_model, &Cluster_model, NULL };

/* --- cases */

static void
models_become_tables (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, v2);
  g_autofree char *lines = migrate (db);
  assert_true (g_str_has_prefix (lines, "create table clusters\ncreate table jobs\n"));
  assert_non_null (strstr (lines, "create index idx_jobs_status on jobs (status, created_at desc)\n"));
  assert_non_null (strstr (lines, "create index idx_jobs_open on jobs (name)"));
}

static void
a_second_run_has_nothing_to_do (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, v2);
  G_GNUC_UNUSED g_autofree char *first = migrate (db);
  g_autofree char *before = structure (db);
  assert_in_step (db);
  g_autofree char *second = migrate (db);
  g_autofree char *after = structure (db);
  assert_string_equal (second, "");
  assert_string_equal (before, after);
}

static void
a_table_grows_and_its_rows_stay (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  CormDb *old = open_models (uri, v1);
  G_GNUC_UNUSED g_autofree char *first = migrate (old);
  run_on (old, "INSERT INTO jobs (name) VALUES ('one'), ('two'), ('three')");
  corm_db_free (old);

  g_autoptr (CormDb) db = open_models (uri, v2);
  g_autofree char *lines = migrate (db);
  assert_non_null (strstr (lines, "add column jobs.status\n"));
  assert_in_step (db);
  g_autofree char *names = text_of (db, "SELECT count(*) FROM jobs WHERE name IN ('one', 'two', 'three')");
  g_autofree char *filled =
      text_of (db, "SELECT count(*) FROM jobs WHERE status = 'PENDING' AND priority = 5 AND cost = 0.5 "
                   "AND created_at IS NOT NULL AND cluster_id IS NULL AND work_dir IS NULL");
  assert_string_equal (names, "3");
  assert_string_equal (filled, "3");
}

static void
what_was_added_holds (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  CormDb *old = open_models (uri, v1);
  G_GNUC_UNUSED g_autofree char *first = migrate (old);
  corm_db_free (old);
  g_autoptr (CormDb) db = open_models (uri, v2);
  G_GNUC_UNUSED g_autofree char *lines = migrate (db);
  g_autoptr (CormConnection) conn = connect_to (db);
  fresh_run (conn, "INSERT INTO clusters (name) VALUES ('c')");
  fresh_run (conn, "INSERT INTO jobs (name, work_dir, cluster_id) VALUES ('a', 'd', 1)");
  assert_fails (corm_execute (conn, "INSERT INTO jobs (name, work_dir) VALUES ('b', 'd')", NULL, NULL, error),
                CORM_ERROR_UNIQUE, "");
  assert_fails (corm_execute (conn, "INSERT INTO jobs (name, cluster_id) VALUES ('b', 7)", NULL, NULL, error),
                CORM_ERROR_FOREIGN_KEY, "");
  assert_fails (
      corm_execute (conn, "INSERT INTO jobs (name, status) VALUES ('b', 'ASLEEP')", NULL, NULL, error),
      CORM_ERROR_CHECK, "");
  assert_fails (corm_execute (conn, "INSERT INTO jobs (name, priority) VALUES ('b', 0)", NULL, NULL, error),
                CORM_ERROR_CHECK, "");
  fresh_run (conn, "DELETE FROM clusters");
  g_autofree char *left = fresh_text (conn, "SELECT count(*) FROM jobs WHERE cluster_id IS NULL");
  assert_string_equal (left, "1");
}

static void
a_dry_run_changes_nothing (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, v2);
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_db_plan (db, error)) != NULL);
  assert_int_equal (corm_plan_get_n_changes (plan), 4);
  g_autofree char *sql = corm_plan_to_sql (plan);
  assert_non_null (strstr (sql, "CREATE TABLE clusters (\n  id "));
  const CormMigrateOptions dry = { .dry_run = true };
  assert_ok (corm_db_migrate (db, &dry, error));
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  assert_int_equal (schema->tables->len, 0);
}

static void
differences_are_told_and_not_touched (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, v1);
  run_on (db, "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, name varchar(255), pid integer)");
  run_on (db, "CREATE TABLE history (id integer NOT NULL PRIMARY KEY)");
  run_on (db, "CREATE VIEW names AS SELECT name FROM jobs");
  g_autofree char *before = structure (db);
  g_autofree char *lines = migrate (db);
  g_autofree char *after = structure (db);
  assert_string_equal (before, after);
  assert_non_null (strstr (lines, "column jobs.name: may be NULL, the models say NOT NULL\n"));
  assert_non_null (strstr (lines, "column jobs.pid: is not in the models\n"));
  assert_non_null (strstr (lines, "table history: is not in the models\n"));
  assert_null (strstr (lines, "names"));
}

/* --- rows that do not bear the new constraint */

/* Migrating from v1 with @rows to v2 fails so, and leaves all as it was. */
static void
assert_refused (void **state, const char *const *statements, CormError code, const char *part)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, v2);
  for (; *statements != NULL; statements++)
    run_on (db, *statements);
  g_autofree char *before = structure (db);
  g_autofree char *rows = text_of (db, "SELECT count(*) FROM jobs");
  assert_fails (corm_db_migrate (db, NULL, error), code, part);
  g_autofree char *after = structure (db);
  g_autofree char *rows_after = text_of (db, "SELECT count(*) FROM jobs");
  assert_string_equal (before, after);
  assert_string_equal (rows, rows_after);
}

#define OLD_JOBS(columns) \
  "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, name varchar(255) NOT NULL" columns ")"

static void
doubles_are_named (void **state)
{
  const char *const statements[] = {
    OLD_JOBS (", work_dir varchar(100)"),
    "INSERT INTO jobs (id, name, work_dir) VALUES (1, 'a', 'd'), (2, 'b', 'd')", NULL
  };
  assert_refused (state, statements, CORM_ERROR_UNIQUE,
                  "table jobs has a row more than once (work_dir = 'd')");
}

static void
orphans_are_named (void **state)
{
  const char *const statements[] = { OLD_JOBS (", cluster_id bigint"),
                                     "INSERT INTO jobs (id, name, cluster_id) VALUES (1, 'a', 7)", NULL };
  assert_refused (state, statements, CORM_ERROR_FOREIGN_KEY,
                  "that points to no row of clusters (cluster_id = '7')");
}

static void
breaches_are_named (void **state)
{
  const char *const statements[] = { OLD_JOBS (", priority integer NOT NULL DEFAULT 5"),
                                     "INSERT INTO jobs (id, name, priority) VALUES (1, 'a', 1), (4, 'b', -3)",
                                     NULL };
  assert_refused (state, statements, CORM_ERROR_CHECK, "table jobs has a row that breaks it (id = '4')");
}

typedef struct {
  gint64 id;
  const char *name;
  gint32 pid;
} JobV3;
static const CormColumn v3_columns[] = {
  CORM_COLUMN (JobV3, id, .primary_key = true),
  CORM_COLUMN (JobV3, name, .not_null = true, .max_length = 255),
  CORM_COLUMN (JobV3, pid),
};
static const CormModel JobV3_model = CORM_MODEL (JobV3, "jobs", CORM_COLUMNS (v3_columns));
static const CormModel *const v3[] = { &JobV3_model, &Cluster_model, NULL };

static void
a_column_that_cannot_be_filled_is_named (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  CormDb *old = open_models (uri, v1);
  G_GNUC_UNUSED g_autofree char *first = migrate (old);
  corm_db_free (old);
  g_autoptr (CormDb) db = open_models (uri, v3);
  run_on (db, "INSERT INTO jobs (name) VALUES ('a')");
  g_autofree char *before = structure (db);
  assert_fails (corm_db_migrate (db, NULL, error), CORM_ERROR_NOT_NULL,
                "add column jobs.pid: it is NOT NULL without a default");
  g_autofree char *after = structure (db);
  assert_string_equal (before, after);
  run_on (db, "DELETE FROM jobs");
  G_GNUC_UNUSED g_autofree char *lines = migrate (db);
  assert_in_step (db);
}

typedef struct {
  gint64 id;
  const char *name;
  const char *code;
} JobV4;
static const CormColumn v4_columns[] = {
  CORM_COLUMN (JobV4, id, .primary_key = true),
  CORM_COLUMN (JobV4, name, .not_null = true, .max_length = 255),
  CORM_COLUMN (JobV4, code, .max_length = 9, .default_value = "same", .unique = true),
};
static const CormModel JobV4_model = CORM_MODEL (JobV4, "jobs", CORM_COLUMNS (v4_columns));
static const CormModel *const v4[] = { &Cluster_model, &JobV4_model, NULL };

/* Nobody can know beforehand: the column comes with the same value in every row. */
static void
a_failure_in_the_middle_leaves_before_or_says_how_far (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  CormDb *old = open_models (uri, v1);
  G_GNUC_UNUSED g_autofree char *first = migrate (old);
  run_on (old, "INSERT INTO jobs (name) VALUES ('one'), ('two')");
  corm_db_free (old);
  g_autoptr (CormDb) db = open_models (uri, v4);
  g_autoptr (CormConnection) conn = connect_to (db);
  gboolean undoes = (fresh_caps (conn) & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  g_autofree char *before = structure (db);
  if (undoes)
    assert_fails (corm_db_migrate (db, NULL, error), CORM_ERROR_UNIQUE, "jobs");
  else
    assert_fails (corm_db_migrate (db, NULL, error), CORM_ERROR_UNIQUE,
                  "done before it: create table clusters; add column jobs.code");
  g_autofree char *after = structure (db);
  assert_int_equal (strcmp (before, after) == 0, undoes);
  g_autofree char *rows = fresh_text (conn, "SELECT count(*) FROM jobs");
  assert_string_equal (rows, "2");
}

/* Where a table has to be rebuilt, nothing that hangs on it may go. */
typedef struct {
  gint64 id;
  const char *name;
} ClusterV2;
static const CormColumn cluster_v2_columns[] = {
  CORM_COLUMN (ClusterV2, id, .primary_key = true),
  CORM_COLUMN (ClusterV2, name, .not_null = true, .unique = true, .max_length = 40, .check = "name <> 'x'"),
};
static const CormConstraint cluster_v2_constraints[] = { { .name = "both", .columns = "id, name" } };
static const CormModel ClusterV2_model = CORM_MODEL (ClusterV2, "clusters", CORM_COLUMNS (cluster_v2_columns),
                                                     CORM_CONSTRAINTS (cluster_v2_constraints));
static const CormModel *const v5[] = { &ClusterV2_model, NULL };

static void
children_stay_when_their_parent_grows (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  CormDb *old = open_models (uri, v2);
  G_GNUC_UNUSED g_autofree char *first = migrate (old);
  run_on (old, "INSERT INTO clusters (name) VALUES ('a'), ('b')");
  run_on (old, "INSERT INTO jobs (name, cluster_id) VALUES ('one', 1), ('two', 2)");
  run_on (old,
          "CREATE TABLE notes (id integer NOT NULL PRIMARY KEY, cluster_id bigint, FOREIGN KEY (cluster_id) "
          "REFERENCES clusters (id) ON DELETE CASCADE)");
  run_on (old, "INSERT INTO notes (id, cluster_id) VALUES (7, 2)");
  run_on (old, "CREATE VIEW busy AS SELECT c.name FROM clusters c JOIN jobs j ON j.cluster_id = c.id");
  corm_db_free (old);
  g_autoptr (CormDb) db = open_models (uri, v5);
  g_autofree char *lines = migrate (db);
  assert_non_null (strstr (lines, "add unique clusters.both (id, name)\n"));
  g_autofree char *busy = text_of (db, "SELECT count(*) FROM busy");
  g_autofree char *notes = text_of (db, "SELECT count(*) FROM notes WHERE cluster_id = 2");
  assert_string_equal (busy, "2");
  assert_string_equal (notes, "1");
  g_autoptr (CormConnection) conn = connect_to (db);
  assert_fails (
      corm_execute (conn, "INSERT INTO jobs (name, cluster_id) VALUES ('b', 77)", NULL, NULL, error),
      CORM_ERROR_FOREIGN_KEY, "");
  fresh_run (conn, "DELETE FROM clusters WHERE id = 2");
  g_autofree char *left = fresh_text (conn, "SELECT count(*) FROM notes");
  assert_string_equal (left, "0");
}

/* A key of another type has to be of the new one before a new table points to it. */
static void
a_new_table_points_to_a_key_that_grows (void **state)
{
  static const char *const allow[] = { "change", NULL };
  const CormMigrateOptions options = { .allow = allow };
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, v2);
  g_autoptr (CormConnection) conn = connect_to (db);
  if (!(fresh_caps (conn) & CORM_CAP_ALTER_ADD_CONSTRAINT))
    return; /* foreign keys don't look at types there */
  run_on (db, "CREATE TABLE clusters (id SMALLINT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE)");
  run_on (db, "INSERT INTO clusters (id, name) VALUES (7, 'a')");
  assert_ok (corm_db_migrate (db, &options, error));
  fresh_run (conn, "INSERT INTO jobs (name, cluster_id) VALUES ('a', 7)");
  assert_fails (
      corm_execute (conn, "INSERT INTO jobs (name, cluster_id) VALUES ('b', 77)", NULL, NULL, error),
      CORM_ERROR_FOREIGN_KEY, "");
}

/* A file that is up to date needs no write, so it may be read-only. */
static void
up_to_date_needs_no_right_to_write (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  CormDb *writer = open_models (uri, v2);
  G_GNUC_UNUSED g_autofree char *first = migrate (writer);
  corm_db_free (writer);
  CormRegistry *registry = NULL;
  CormDb *db = NULL;
  const CormDbOptions options = { .read_only = true };
  assert_ok ((registry = corm_registry_new_array (v2, error)) != NULL);
  assert_ok ((db = corm_db_open_full (uri, registry, &options, error)) != NULL);
  corm_registry_free (registry);
  assert_in_step (db);
  assert_ok (corm_db_migrate (db, NULL, error));
  corm_db_free (db);
}

/* --- several at once */

typedef struct {
  const char *uri;
  GError *error;
} Racer;

static gpointer
race (gpointer data)
{
  Racer *racer = data;
  CormRegistry *registry = corm_registry_new_array (v2, &racer->error);
  CormDb *db = corm_db_open (racer->uri, registry, &racer->error);
  if (db != NULL) {
    const CormMigrateOptions options = { .on_op = NULL };
    corm_db_migrate (db, &options, &racer->error);
    corm_db_free (db);
  }
  corm_registry_free (registry);
  return NULL;
}

static void
four_at_once_all_succeed (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  Racer racers[4] = { { NULL, NULL } };
  GThread *threads[4];
  for (guint i = 0; i < G_N_ELEMENTS (racers); i++) {
    racers[i].uri = uri;
    threads[i] = g_thread_new ("migrate", race, &racers[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (racers); i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < G_N_ELEMENTS (racers); i++)
    if (racers[i].error != NULL)
      fail_msg ("%s", racers[i].error->message);
  g_autoptr (CormDb) db = open_models (uri, v2);
  assert_in_step (db);
}

static gpointer
hold_and_let_go (gpointer data)
{
  CormTransaction *transaction = data;
  g_usleep (700000);
  corm_transaction_rollback (transaction, NULL);
  return NULL;
}

/* Longer than the connection waits for a lock. */
static void
a_migration_waits_for_a_long_writer (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) holder = open_models (uri, v1);
  G_GNUC_UNUSED g_autofree char *first = migrate (holder);
  g_autoptr (CormConnection) conn = connect_to (holder);
  CormRegistry *registry = NULL;
  CormDb *db = NULL;
  const CormDbOptions hasty = { .busy_timeout_ms = 100 };
  assert_ok ((registry = corm_registry_new_array (v2, error)) != NULL);
  assert_ok ((db = corm_db_open_full (uri, registry, &hasty, error)) != NULL);
  corm_registry_free (registry);
  g_autoptr (CormTransaction) transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  GThread *thread = g_thread_new ("holder", hold_and_let_go, transaction);
  g_autoptr (GError) error = NULL;
  gboolean ok = corm_db_migrate (db, NULL, &error);
  g_thread_join (thread);
  if (!ok)
    fail_msg ("%s", error->message);
  assert_in_step (db);
  corm_db_free (db);
}

/* A writer that stays, where one shuts out all others: the migration ends when its time is over, well before the minute that it
 * waits otherwise. */
static void
a_migration_waits_no_longer_than_told (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) holder = open_models (uri, v1), db = NULL;
  G_GNUC_UNUSED g_autofree char *first = migrate (holder);
  g_autoptr (CormConnection) conn = connect_to (holder);
  g_autoptr (CormRegistry) registry = NULL;
  /* Through libdbi SQLite's own patience can't be cut short. */
  const CormDbOptions patient = { .busy_timeout_ms = g_str_has_prefix (uri, "dbi:") ? 100 : 120000 };
  const CormMigrateOptions options = { .wait_ms = 300 };
  assert_ok ((registry = corm_registry_new_array (v2, error)) != NULL);
  assert_ok ((db = corm_db_open_full (uri, registry, &patient, error)) != NULL);
  g_autoptr (CormTransaction) transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  gint64 start = g_get_monotonic_time ();
  if (strcmp (corm_db_get_dialect (db), "sqlite3") != 0)
    return;
  assert_fails (corm_db_migrate (db, &options, error), CORM_ERROR_BUSY, "migrator's lock");
  assert_true (g_get_monotonic_time () - start < 30 * G_USEC_PER_SEC);
  assert_ok (corm_transaction_commit (transaction, error));
  assert_ok (corm_db_migrate (db, &options, error));
  assert_in_step (db);
}

/* --- calls that are wrong */

static void
wrong_calls_say_so (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) bare = NULL;
  assert_ok ((bare = corm_db_open (uri, NULL, error)) != NULL);
  assert_fails (corm_db_migrate (bare, NULL, error), CORM_ERROR_INVALID, "without models");
  g_autoptr (CormDb) db = open_models (uri, v1);
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (CormSchema) to = corm_schema_from_registry (corm_db_get_registry (db));
  assert_fails (corm_schema_diff (conn, to, to, error) != NULL, CORM_ERROR_INVALID,
                "corm_schema_canonical()");
  g_autoptr (CormTransaction) transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error)) != NULL);
  assert_fails (corm_schema_migrate (conn, to, NULL, error) != NULL, CORM_ERROR_INVALID,
                "inside a transaction");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH (models_become_tables),
    FRESH (a_second_run_has_nothing_to_do),
    FRESH (a_table_grows_and_its_rows_stay),
    FRESH (what_was_added_holds),
    FRESH (a_dry_run_changes_nothing),
    FRESH (differences_are_told_and_not_touched),
    FRESH (doubles_are_named),
    FRESH (orphans_are_named),
    FRESH (breaches_are_named),
    FRESH (a_column_that_cannot_be_filled_is_named),
    FRESH (a_failure_in_the_middle_leaves_before_or_says_how_far),
    FRESH (children_stay_when_their_parent_grows),
    FRESH (a_new_table_points_to_a_key_that_grows),
    FRESH (up_to_date_needs_no_right_to_write),
    FRESH (four_at_once_all_succeed),
    FRESH (a_migration_waits_for_a_long_writer),
    FRESH (a_migration_waits_no_longer_than_told),
    FRESH (wrong_calls_say_so),
  };
  return cmocka_run_group_tests_name ("migrate", tests, NULL, fresh_end);
}
