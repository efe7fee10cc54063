/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A database is brought to its models. The invariant of all cases: after a migration the plan has no changes, and what
 * cannot be done leaves the database as it was. */
#include "../lib/fresh.h"

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

/* --- helpers */

static CormDb *
open_models (const char *uri, const CormModel *const *models)
{
  CormRegistry *registry = NULL;
  CormDb *db = NULL;
  assert_ok ((registry = corm_registry_new_array (models, error)) != NULL);
  assert_ok ((db = corm_db_open (uri, registry, error)) != NULL);
  corm_registry_free (registry);
  return db;
}

static CormConnection *
connect_to (CormDb *db)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  return conn;
}

static void
collect (const CormOp *op, gpointer data)
{
  g_string_append_printf (data, "%s\n", op->text);
}

/* Migrates and returns the lines that it told; free with g_free(). */
static char *
migrate (CormDb *db)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  CormMigrateOptions options = { .on_op = collect, .data = lines };
  assert_ok (corm_db_migrate (db, &options, error));
  return g_strdup (lines->str);
}

/* Nothing is left to do, and nothing to say. */
static void
assert_in_step (CormDb *db)
{
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_db_plan (db, error)) != NULL);
  g_autofree char *sql = corm_plan_to_sql (plan);
  if (plan->ops->len > 0)
    fail_msg ("the plan after the migration is not empty:\n%s", sql);
}

static char *
structure (CormDb *db)
{
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  return corm_schema_to_json (schema);
}

static void
run_on (CormDb *db, const char *sql)
{
  g_autoptr (CormConnection) conn = connect_to (db);
  fresh_run (conn, sql);
}

static char *
text_of (CormDb *db, const char *sql)
{
  g_autoptr (CormConnection) conn = connect_to (db);
  return fresh_text (conn, sql);
}

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
  g_autofree char *first = migrate (db);
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
  g_autofree char *first = migrate (old);
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
  g_autofree char *first = migrate (old);
  corm_db_free (old);
  g_autoptr (CormDb) db = open_models (uri, v2);
  g_autofree char *lines = migrate (db);
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
  g_autofree char *first = migrate (old);
  corm_db_free (old);
  g_autoptr (CormDb) db = open_models (uri, v3);
  run_on (db, "INSERT INTO jobs (name) VALUES ('a')");
  g_autofree char *before = structure (db);
  assert_fails (corm_db_migrate (db, NULL, error), CORM_ERROR_NOT_NULL,
                "add column jobs.pid: it is NOT NULL without a default");
  g_autofree char *after = structure (db);
  assert_string_equal (before, after);
  run_on (db, "DELETE FROM jobs");
  g_autofree char *lines = migrate (db);
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
  g_autofree char *first = migrate (old);
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

/* --- models of all kinds */

typedef struct {
  bool b;
  gint16 i16;
  gint32 i32;
  gint64 i64;
  float f;
  double d;
  const char *text;
  const char *key;
  const char *raw;
  CormBytes bytes;
  CormDecimal decimal, any_decimal, long_decimal;
  CormJson json;
  CormDate date;
  CormTime time;
  CormTimestamp timestamp;
  CormLocalTimestamp local;
  CormUuid uuid;
  guint32 color, native;
  CormOptBool opt_b;
} All;

static const char *const colors[] = { "RED", "GREEN", "it's", NULL };
static const CormRawType inet[] = {
  { "pgsql", "inet" }, { "mysql", "inet6" }, { "sqlite3", "BLOB" }, { NULL, NULL }
};
static const CormColumn all_columns[] = {
  CORM_COLUMN (All, b, .default_value = "true"),
  CORM_COLUMN (All, i16, .default_value = "-3"),
  CORM_COLUMN (All, i32, .default_sql = "1 + 1"),
  CORM_COLUMN (All, i64, .default_value = "9007199254740993"),
  CORM_COLUMN (All, f, .default_value = "0.5"),
  CORM_COLUMN (All, d, .default_value = "-1e300"),
  CORM_COLUMN (All, text, .default_value = "it's"),
  CORM_COLUMN (All, key, .primary_key = true),
  CORM_COLUMN (All, raw, .raw = inet),
  CORM_COLUMN (All, bytes),
  CORM_COLUMN (All, decimal, .precision = 8, .scale = 2, .default_value = "12.5"),
  CORM_COLUMN (All, any_decimal),
  CORM_COLUMN (All, long_decimal, .precision = 38, .scale = 10),
  CORM_COLUMN (All, json),
  CORM_COLUMN (All, date, .default_sql = CORM_NOW),
  CORM_COLUMN (All, time, .default_sql = CORM_NOW),
  CORM_COLUMN (All, timestamp, .default_sql = CORM_NOW),
  CORM_COLUMN (All, local, .default_sql = CORM_NOW),
  CORM_COLUMN (All, uuid),
  CORM_COLUMN (All, color, .labels = colors, .default_value = "it's", .check = "color <> 'x'"),
  CORM_COLUMN (All, native, .labels = colors, .enum_type = "color", .default_value = "GREEN"),
  CORM_COLUMN (All, opt_b, .default_value = "false"),
};
static const CormIndex all_indexes[] = { { .name = "idx_all_text", .columns = "text, i16 desc" } };
static const CormModel All_model =
    CORM_MODEL (All, "alls", CORM_COLUMNS (all_columns), CORM_INDEXES (all_indexes));

static void
every_type_comes_back_as_it_went (void **state)
{
  static const CormModel *const models[] = { &All_model, NULL };
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, models);
  g_autofree char *lines = migrate (db);
  assert_in_step (db);
}

/* The table grows by a column of every type but the key's. */
static void
every_type_can_be_added (void **state)
{
  static const CormModel *const models[] = { &All_model, NULL };
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, models);
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE alls (");
  corm_sql_append_identifier (sql, corm_connection_get_link (conn)->driver->dialect, "key");
  g_string_append (sql, " varchar(255) NOT NULL PRIMARY KEY)");
  fresh_run (conn, sql->str);
  g_autofree char *lines = migrate (db);
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_db_plan (db, error)) != NULL);
  assert_int_equal (corm_plan_get_n_changes (plan), 0);
  for (guint i = 0; i < plan->ops->len; i++)
    assert_string_equal (((CormOp *) plan->ops->pdata[i])->name, "key");
}

typedef struct {
  gint64 id;
  CormOptInt64 parent;
  CormOptInt64 right_a, right_b;
} Left;
typedef struct {
  gint64 a, b;
  CormOptInt64 left;
} Right;
static const CormColumn left_columns[] = {
  CORM_COLUMN (Left, id, .primary_key = true),
  CORM_COLUMN (Left, parent, .references = "lefts.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (Left, right_a),
  CORM_COLUMN (Left, right_b),
};
static const CormConstraint left_constraints[] = {
  { .name = "left_to_right",
    .columns = "right_a, right_b",
    .references = "rights (a, b)",
    .on_update = CORM_CASCADE },
  { .name = "one_right", .columns = "right_a, right_b" },
};
static const CormModel Left_model =
    CORM_MODEL (Left, "lefts", CORM_COLUMNS (left_columns), CORM_CONSTRAINTS (left_constraints));
static const CormColumn right_columns[] = {
  CORM_COLUMN (Right, a, .primary_key = true),
  CORM_COLUMN (Right, b, .primary_key = true),
  CORM_COLUMN (Right, left, .references = "lefts.id"),
};
static const CormModel Right_model = CORM_MODEL (Right, "rights", CORM_COLUMNS (right_columns));

static void
circles_and_keys_of_two_columns_work (void **state)
{
  static const CormModel *const models[] = { &Left_model, &Right_model, NULL };
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, models);
  g_autofree char *lines = migrate (db);
  assert_in_step (db);
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

/* --- schemas that are no models */

static void
a_script_is_as_good_as_models (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, v1);
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (CormSchema) to = NULL;
  g_autoptr (CormSchema) live = NULL;
  g_autoptr (CormPlan) done = NULL;
  g_autoptr (CormPlan) rest = NULL;
  assert_ok ((to = corm_schema_from_sql (
                  conn,
                  "BEGIN; CREATE TABLE a (id integer NOT NULL PRIMARY KEY, v varchar(20) DEFAULT 'x;y' "
                  "CHECK (v <> 'z')); -- a comment;\n"
                  "CREATE TABLE b (id integer NOT NULL PRIMARY KEY, a_id integer, UNIQUE (a_id), "
                  "CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE);"
                  "CREATE INDEX b_i ON b (a_id, id); COMMIT;",
                  error)) != NULL);
  assert_int_equal (to->tables->len, 2);
  assert_ok ((done = corm_schema_migrate (conn, to, NULL, error)) != NULL);
  assert_int_equal (corm_plan_get_n_changes (done), 3);
  assert_ok ((live = corm_schema_inspect (conn, error)) != NULL);
  assert_ok ((rest = corm_schema_diff (conn, live, to, error)) != NULL);
  g_autofree char *sql = corm_plan_to_sql (rest);
  assert_string_equal (sql, "");
}

static void
a_script_that_leaves_its_place_is_refused (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, v1);
  g_autoptr (CormConnection) conn = connect_to (db);
  assert_fails (corm_schema_from_sql (conn, "CREATE TABLE other.t (a integer)", error) != NULL,
                CORM_ERROR_INVALID, "names another database");
  assert_fails (corm_schema_from_sql (conn, "CREATE TABLE t (a integer", error) != NULL, CORM_ERROR_SYNTAX,
                "CREATE TABLE t");
  g_autoptr (CormSchema) live = NULL;
  assert_ok ((live = corm_schema_inspect (conn, error)) != NULL);
  assert_int_equal (live->tables->len, 0);
}

/* A snapshot in a dialect that nobody speaks: its neutral terms count. */
static void
a_schema_of_another_dialect_is_said_again (void **state)
{
  static const char json[] =
      "{\"corm_schema\": 1, \"dialect\": \"other\", \"tables\": [{\"name\": \"t\", \"columns\": ["
      "{\"name\": \"id\", \"type\": \"int64\", \"type_sql\": \"NUMBER\", \"not_null\": true, "
      "\"auto_increment\": true},"
      "{\"name\": \"Mode\", \"type\": \"text\", \"length\": 20, \"type_sql\": \"VARCHAR2\", \"collation\": "
      "\"odd\","
      " \"default_kind\": \"sql\", \"default_text\": \"odd_function()\"},"
      "{\"name\": \"twice\", \"type\": \"int64\", \"generated_sql\": \"odd(id)\"}],"
      "\"primary_key\": {\"name\": \"SYS_C1\", \"columns\": [\"id\"]},"
      "\"checks\": [{\"name\": \"ok\", \"sql\": \"length([Mode]) > 1 and \\\"Mode\\\" <> 'no'\"},"
      " {\"name\": \"bad\", \"sql\": \"odd(id)\"}]}],"
      "\"objects\": [{\"kind\": \"view\", \"name\": \"v\", \"sql\": \"CREATE ODD VIEW\"}]}";
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, v1);
  g_autoptr (CormConnection) conn = connect_to (db);
  g_autoptr (CormSchema) to = NULL;
  g_autoptr (CormSchema) live = NULL;
  g_autoptr (CormPlan) done = NULL;
  g_autoptr (CormPlan) again = NULL;
  assert_ok ((to = corm_schema_from_json (json, error)) != NULL);
  assert_ok ((done = corm_schema_migrate (conn, to, NULL, error)) != NULL);
  assert_int_equal (corm_plan_get_n_changes (done), 1);
  assert_ok ((again = corm_schema_migrate (conn, to, NULL, error)) != NULL);
  assert_int_equal (again->ops->len, 0);
  assert_ok ((live = corm_schema_inspect (conn, error)) != NULL);
  assert_int_equal (((CormTable *) live->tables->pdata[0])->checks->len, 1);
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
    FRESH (every_type_comes_back_as_it_went),
    FRESH (every_type_can_be_added),
    FRESH (circles_and_keys_of_two_columns_work),
    FRESH (four_at_once_all_succeed),
    FRESH (a_script_is_as_good_as_models),
    FRESH (a_script_that_leaves_its_place_is_refused),
    FRESH (a_schema_of_another_dialect_is_said_again),
    FRESH (wrong_calls_say_so),
  };
  return cmocka_run_group_tests_name ("migrate", tests, NULL, NULL);
}
