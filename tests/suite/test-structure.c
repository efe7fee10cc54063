/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Structure of every kind survives the round: models, scripts and other databases' schemas are made, read back, and found
 * to be what was asked for. */
#include "../lib/migrated.h"

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
    CORM_MODEL (All, "kinds", CORM_COLUMNS (all_columns), CORM_INDEXES (all_indexes));

static void
every_type_comes_back_as_it_went (void **state)
{
  static const CormModel *const models[] = { &All_model, NULL };
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, models);
  G_GNUC_UNUSED g_autofree char *lines = migrate (db);
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
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE kinds (");
  corm_sql_append_identifier (sql, corm_connection_get_link (conn)->driver->dialect, "key");
  g_string_append (sql, " varchar(255) NOT NULL PRIMARY KEY)");
  fresh_run (conn, sql->str);
  G_GNUC_UNUSED g_autofree char *lines = migrate (db);
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_db_plan (db, error)) != NULL);
  assert_int_equal (corm_plan_get_n_changes (plan), 0);
  for (guint i = 0; i < plan->ops->len; i++)
    assert_string_equal (((CormOp *) plan->ops->pdata[i])->name, "key");
}

typedef struct {
  CormUuid id;
  gint32 n;
} Made;
static const CormColumn made_columns[] = {
  CORM_COLUMN (Made, id, .primary_key = true, .default_sql = CORM_NEW_UUID),
  CORM_COLUMN (Made, n),
};
static const CormModel Made_model = CORM_MODEL (Made, "made", CORM_COLUMNS (made_columns));

static void
the_database_makes_uuids (void **state)
{
  static const CormModel *const models[] = { &Made_model, NULL };
  static const CormUuid none;
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, models);
  g_autoptr (CormConnection) conn = connect_to (db);
  G_GNUC_UNUSED g_autofree char *lines = migrate (db);
  assert_in_step (db);
  Made own = { .id = corm_uuid_random (), .n = 0 }, made[2] = { { .n = 1 }, { .n = 2 } };
  assert_ok (corm_insert_row (&Made_model, conn, &own, error));
  for (guint i = 0; i < 2; i++) {
    assert_ok (corm_insert_row (&Made_model, conn, &made[i], error));
    g_autofree char *id = corm_uuid_to_text (made[i].id);
    assert_memory_not_equal (&made[i].id, &none, sizeof none);
    assert_true (id[14] >= '1' && id[14] <= '7' && strchr ("89ab", id[19]) != NULL);
    g_autoptr (CormRows) same = corm_find (Made, conn, NULL, .where = CORM_EQ (Made, id, made[i].id));
    assert_int_equal (corm_rows_get_length (same), 1);
    assert_int_equal (((Made *) corm_rows_get (same, 0))->n, i + 1);
  }
  assert_memory_not_equal (&made[0].id, &made[1].id, sizeof none);
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
  G_GNUC_UNUSED g_autofree char *lines = migrate (db);
  assert_in_step (db);
}

/* --- schemas that are no models */

static const CormModel *const nothing[] = { NULL };

static void
a_script_is_as_good_as_models (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormDb) db = open_models (uri, nothing);
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
  g_autoptr (CormDb) db = open_models (uri, nothing);
  g_autoptr (CormConnection) conn = connect_to (db);
  assert_fails (corm_schema_from_sql (conn, "CREATE TABLE other.t (a integer)", error) != NULL,
                CORM_ERROR_INVALID, "names another database");
  assert_fails (corm_schema_from_sql (conn, "CREATE TABLE t (a integer", error) != NULL, CORM_ERROR_SYNTAX,
                "CREATE TABLE t");
  assert_fails (
      corm_schema_from_sql (conn, "DO $$BEGIN EXECUTE 'CREATE TABLE t (a integer)'; END$$", error) != NULL,
      CORM_ERROR_UNSUPPORTED, "makes structure inside a block");
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
  g_autoptr (CormDb) db = open_models (uri, nothing);
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

/* --- a role that may make no scratch place */

static void
drop_tables (CormDb *db)
{
  run_on (db, "DROP TABLE IF EXISTS rights_of, lefts_of, kinds, corm_scratch_7");
}

typedef struct {
  gint64 id;
  CormOptInt64 other;
  const char *code;
} LeftOf;
static const CormColumn left_of_columns[] = {
  CORM_COLUMN (LeftOf, id, .primary_key = true),
  CORM_COLUMN (LeftOf, other, .references = "lefts_of.id", .on_delete = CORM_RESTRICT),
  CORM_COLUMN (LeftOf, code, .unique = true),
};
static const CormModel LeftOf_model = CORM_MODEL (LeftOf, "lefts_of", CORM_COLUMNS (left_of_columns));
static const CormColumn right_of_columns[] = {
  CORM_COLUMN (LeftOf, id, .primary_key = true),
  CORM_COLUMN (LeftOf, other, .references = "lefts_of.id"),
  CORM_COLUMN (LeftOf, code, .references = "lefts_of.code"),
};
static const CormModel RightOf_model = CORM_MODEL (LeftOf, "rights_of", CORM_COLUMNS (right_of_columns));

static void
a_role_without_a_scratch_place_migrates_too (G_GNUC_UNUSED void **state)
{
  static const CormModel *const models[] = { &All_model, &LeftOf_model, &RightOf_model, NULL };
  const char *uri = g_getenv ("CORM_TEST_MYSQL_PLAIN");
  if (uri == NULL) {
    print_message ("# skip no server with such a role\n");
    skip ();
  }
  g_autoptr (CormDb) db = open_models (uri, models);
  drop_tables (db);
  run_on (db, "CREATE TABLE corm_scratch_7 (a integer)"); /* left by somebody who was killed */
  G_GNUC_UNUSED g_autofree char *lines = migrate (db);
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_db_plan (db, error)) != NULL);
  for (guint i = 0; i < plan->ops->len; i++) { /* tables of others may be there */
    const CormOp *op = plan->ops->pdata[i];
    if (op->kind != CORM_OP_DIFFERS || op->name != NULL)
      fail_msg ("%s", op->text);
  }
  g_autofree char *left =
      text_of (db, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'corm_test' AND "
                   "table_name LIKE 'corm%scratch%'");
  assert_string_equal (left, "0");
  drop_tables (db);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH (every_type_comes_back_as_it_went),
    FRESH (every_type_can_be_added),
    FRESH (the_database_makes_uuids),
    FRESH (circles_and_keys_of_two_columns_work),
    FRESH (a_script_is_as_good_as_models),
    FRESH (a_script_that_leaves_its_place_is_refused),
    FRESH (a_schema_of_another_dialect_is_said_again),
    cmocka_unit_test (a_role_without_a_scratch_place_migrates_too),
  };
  return cmocka_run_group_tests_name ("structure", tests, NULL, fresh_end);
}
