/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What goes wrong has the same code in every database, and a message that says what was done, to which table and column, in
 * the database's own words. Whatever a value or a name holds, it stays a value or a name. */
#include "people.h"

/* --- classes */

static void
unique (Suite *suite)
{
  add_team (suite->conn, "a");
  Team team = { .name = "a" }, other = { .name = "b" };
  assert_fails (team_insert (suite->conn, &team, error), CORM_ERROR_UNIQUE, "insert", "teams", "name");
  assert_ok (team_insert (suite->conn, &other, error));
  other.name = "a";
  assert_fails (team_update (suite->conn, &other, error), CORM_ERROR_UNIQUE, "update", "teams", "name");
  Team same_key = { .id = other.id, .name = "c" };
  assert_fails (team_insert (suite->conn, &same_key, error), CORM_ERROR_UNIQUE, "insert", "teams");
}

static void
foreign_key (Suite *suite)
{
  gint64 team = add_team (suite->conn, "a");
  gint64 id = add_member (suite->conn, "m", 1, team);
  Member member = { .name = "x", .team_id = CORM_SOME (team + 99) };
  assert_fails (member_insert (suite->conn, &member, error), CORM_ERROR_FOREIGN_KEY, "insert", "members");
  member.id = id;
  assert_fails (member_update (suite->conn, &member, error), CORM_ERROR_FOREIGN_KEY, "update", "members");
  assert_fails (team_delete (suite->conn, &(Team){ .id = team }, error), CORM_ERROR_FOREIGN_KEY, "delete",
                "teams");
  assert_fails (corm_delete_where (Team, suite->conn, NULL, error, .where = CORM_EQ (Team, id, team)),
                CORM_ERROR_FOREIGN_KEY, "delete", "teams");
}

static void
actions_of_foreign_keys (Suite *suite)
{
  gint64 team = add_team (suite->conn, "a");
  Badge badge = { .motto = "m", .team_id = CORM_SOME (team) };
  assert_ok (badge_insert (suite->conn, &badge, error));
  assert_ok (team_delete (suite->conn, &(Team){ .id = team }, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM badges"), 0);
}

static void
not_null (Suite *suite)
{
  Team team = { .id = 5 };
  assert_fails (team_insert (suite->conn, &team, error), CORM_ERROR_NOT_NULL, "insert", "teams", "name");
  assert_fails (corm_execute (suite->conn,
                              "INSERT INTO members (name, level, score, weight) VALUES (NULL, 'new', 0, 0)",
                              NULL, NULL, error),
                CORM_ERROR_NOT_NULL, "name");
}

static void
check (Suite *suite)
{
  Member member = { .name = "m", .score = -1 };
  assert_fails (member_insert (suite->conn, &member, error), CORM_ERROR_CHECK, "insert", "members", "score");
  member.score = 1;
  member.name = "123456789012345678901";
  assert_fails (member_insert (suite->conn, &member, error), CORM_ERROR_CHECK, "insert", "members", "name",
                "20");
  assert_fails (
      corm_execute (suite->conn,
                    "INSERT INTO members (name, level, score, weight) VALUES ('m', 'unknown', 0, 0)", NULL,
                    NULL, error),
      CORM_ERROR_CHECK, "members");
}

static void
conversion (Suite *suite)
{
  Member member = { .name = "\xff", .score = 1 };
  assert_fails (member_insert (suite->conn, &member, error), CORM_ERROR_CONVERSION, "insert", "members",
                "name", "UTF-8");
  Member no_level = { .name = "m", .level = (Level) 7 };
  assert_fails (member_insert (suite->conn, &no_level, error), CORM_ERROR_CONVERSION, "insert", "members",
                "level");
  assert_fails (corm_find (Member, suite->conn, error, .where = CORM_EQ (Member, name, "\xff")),
                CORM_ERROR_INVALID, "members", "name");
}

static void
syntax (Suite *suite)
{
  assert_fails (corm_execute (suite->conn, "SELEKT 1", NULL, NULL, error), CORM_ERROR_SYNTAX, "SELEKT");
  assert_fails (corm_query (suite->conn, "SELECT FROM WHERE", NULL, error), CORM_ERROR_SYNTAX, NULL);
}

static void
no_statement_and_two_statements (Suite *suite)
{
  static const char *const empty[] = { "", " \n\t", ";", " ; ;", "-- nothing", "/* nothing */ ;" };
  for (guint i = 0; i < G_N_ELEMENTS (empty); i++) {
    assert_fails (corm_execute (suite->conn, empty[i], NULL, NULL, error), CORM_ERROR_INVALID, "statement");
    assert_fails (corm_query (suite->conn, empty[i], NULL, error), CORM_ERROR_INVALID, "statement");
  }
  static const char two[] = "INSERT INTO teams (name) VALUES ('a'); INSERT INTO teams (name) VALUES ('b')";
  g_autoptr (GError) error = NULL;
  gboolean both = corm_execute (suite->conn, two, NULL, NULL, &error); /* never one of them */
  assert_true (both || error->code == CORM_ERROR_SYNTAX || error->code == CORM_ERROR_INVALID);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), both ? 2 : 0);
  suite_sql (suite->conn, "INSERT INTO teams (name) VALUES ('c');  -- one, and a remark");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams WHERE name = 'c'; "), 1);
}

static void
schema (Suite *suite)
{
  assert_fails (corm_query (suite->conn, "SELECT * FROM no_such_table", NULL, error), CORM_ERROR_SCHEMA,
                "no_such_table");
  assert_fails (corm_query (suite->conn, "SELECT no_such_column FROM teams", NULL, error), CORM_ERROR_SCHEMA,
                "no_such_column");
  suite_sql (suite->conn, "ALTER TABLE words RENAME TO words_away");
  Word word = { .word = "w" };
  g_autoptr (GError) error = NULL;
  gboolean inserted = word_insert (suite->conn, &word, &error);
  CormRows *found = corm_find (Word, suite->conn, NULL, );
  suite_sql (suite->conn, "ALTER TABLE words_away RENAME TO words");
  assert_false (inserted);
  assert_null (found);
  assert_int_equal (error->code, CORM_ERROR_SCHEMA);
  assert_non_null (strstr (error->message, "words"));
}

/* A statement that was prepared before is prepared again where it has to be. */
static void
a_table_that_changed_under_us (Suite *suite)
{
  Word word = { .word = "w", .count = 1 };
  assert_ok (word_insert (suite->conn, &word, error));
  g_autoptr (CormRows) before = NULL, after = NULL;
  assert_ok ((before = corm_find (Word, suite->conn, error, )) != NULL);
  {
    g_autoptr (CormConnection) other = suite_connect (suite->db);
    suite_sql (other, "ALTER TABLE words ADD COLUMN more integer");
  }
  gboolean ok = (after = corm_find (Word, suite->conn, NULL, )) != NULL;
  Word second = { .word = "v", .count = 2 };
  gboolean inserted = word_insert (suite->conn, &second, NULL);
  g_autoptr (Word) got = corm_get (Word, suite->conn, NULL, .word = "v");
  suite_sql (suite->conn, "ALTER TABLE words DROP COLUMN more");
  assert_true (ok);
  assert_true (inserted);
  assert_non_null (got);
  assert_int_equal (got->count, 2);
}

/* --- injection */

static const char *const hostile[] = {
  "'; DROP TABLE teams; --",
  "\"; DROP TABLE teams; --",
  "`; DROP TABLE teams; --",
  "\\'; DROP TABLE teams; --",
  "' OR '1' = '1",
  "%' OR 1 = 1 /*",
  "$1",
  "?",
  ":name",
  "\\",
  "\\\\'",
  "\xf0\x9f\x98\x80'",
  "{a}{b}{}",
  "%s%n%d",
};

static void
hostile_values (Suite *suite)
{
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++) {
    Team team = { .name = hostile[i] };
    assert_ok (team_insert (suite->conn, &team, error));
    g_autoptr (CormRows) found = NULL;
    assert_ok ((found = corm_find (Team, suite->conn, error, .where = CORM_EQ (Team, name, hostile[i]))) !=
               NULL);
    assert_int_equal (corm_rows_get_length (found), 1);
    assert_string_equal (((Team *) corm_rows_get (found, 0))->name, hostile[i]);
    guint64 n = 0;
    assert_ok (corm_execute (suite->conn, "UPDATE teams SET name = :name WHERE name = :name",
                             CORM_PARAMS (CORM_PARAM ("name", hostile[i])), &n, error));
    assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), i + 1);
  }
  g_autoptr (CormRows) some = NULL;
  assert_ok ((some = corm_find (Team, suite->conn, error,
                                .where = CORM_IN_ARRAY (Team, name, hostile, G_N_ELEMENTS (hostile)))) !=
             NULL);
  assert_int_equal (corm_rows_get_length (some), G_N_ELEMENTS (hostile));
  guint64 n = 0;
  assert_ok (
      corm_delete_where (Team, suite->conn, &n, error, .where = CORM_LIKE (Team, name, "%DROP TABLE%")));
  assert_int_equal (n, 4);
}

/* --- names that need quotes */

typedef struct {
  gint64 id;
  const char *select;
  gint32 mixed;
  const char *quoted;
  CormOptInt64 group;
} Odd;

CORM_DECLARE_MODEL (Odd, odd)
static const CormColumn odd_columns[] = {
  CORM_COLUMN (Odd, id, .primary_key = true),
  CORM_COLUMN (Odd, select, .max_length = 20, .default_value = "it's"),
  CORM_COLUMN_NAMED (Odd, mixed, "Mixed Case", .default_value = "4"),
  CORM_COLUMN_NAMED (Odd, quoted, "a \"b\" `c` 'd'"),
  CORM_COLUMN (Odd, group, .references = "order.id"),
};
static const CormIndex odd_indexes[] = { { .name = "Odd Index", .columns = "select" } };
const CormModel Odd_model = CORM_MODEL (Odd, "order", CORM_COLUMNS (odd_columns), CORM_INDEXES (odd_indexes));

static void
odd_names (Suite *suite)
{
  g_autoptr (CormRegistry) registry = NULL;
  assert_ok ((registry = corm_registry_new (error, &Odd_model, NULL)) != NULL);
  CormDb *db = NULL;
  CormDbOptions options = { .pool_size = 4 }; /* the plan is made while a connection is held */
  assert_ok ((db = corm_db_open_full (suite->uri, registry, &options, error)) != NULL);
  assert_ok (corm_db_migrate (db, NULL, error));
  CormConnection *conn = suite_connect (db);
  Odd odd = { .select = "s", .mixed = 1, .quoted = "q" }, child = { .mixed = 2 };
  assert_ok (odd_insert (conn, &odd, error));
  child.group = (CormOptInt64){ true, odd.id };
  assert_ok (odd_insert (conn, &child, error));
  child.quoted = "changed";
  assert_ok (odd_upsert (conn, &child, error));
  assert_ok (corm_update (Odd, conn, &child, error, quoted, mixed));
  g_autoptr (CormRows) found = NULL;
  assert_ok (
      (found = corm_find (Odd, conn, error,
                          .where = CORM_ALL (CORM_EQ (Odd, quoted, "changed"), CORM_EQ (Odd, mixed, 2)),
                          .order = CORM_ORDER (CORM_DESC (Odd, mixed), CORM_ASC (Odd, select)))) != NULL);
  assert_int_equal (corm_rows_get_length (found), 1);
  assert_string_equal (((Odd *) corm_rows_get (found, 0))->select, "it's");
  assert_ok (corm_bulk_insert (Odd, conn, (&(Odd){ .id = 77, .mixed = 3 }), 1, error));
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_db_plan (db, error)) != NULL);
  for (guint i = 0; i < plan->ops->len; i++)
    if (g_strcmp0 (((CormOp *) plan->ops->pdata[i])->table, "order") == 0)
      fail_msg ("left to do: %s", ((CormOp *) plan->ops->pdata[i])->text);
  corm_connection_free (conn);
  corm_db_free (db);
}

/* --- secrets */

static void
the_uri_hides_its_password (Suite *suite)
{
  assert_null (strstr (corm_db_get_uri (suite->db), "secret"));
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "unique", unique, 0 },
    { "foreign key", foreign_key, 0 },
    { "actions of foreign keys", actions_of_foreign_keys, 0 },
    { "not null", not_null, 0 },
    { "check", check, 0 },
    { "conversion", conversion, 0 },
    { "syntax", syntax, 0 },
    { "no statement and two statements", no_statement_and_two_statements, 0 },
    { "schema", schema, 0 },
    { "a table that changed under us", a_table_that_changed_under_us, 0 },
    { "hostile values", hostile_values, 0 },
    { "odd names", odd_names, 0 },
    { "the URI hides its password", the_uri_hides_its_password, 0 },
  };
  return SUITE_RUN (people, cases);
}
