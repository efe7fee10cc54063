/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The doctor: each kind of ailment is seeded, found with its keys, mended where it can be; what is well is never named. */
#include "ailments.h"

#include <corm/sys/upkeep.h>

/* A foreign key that nobody holds to, and rows that point nowhere. The names are as bad as names can be. */
static const char *const orphans[] = {
  "sqlite3",
  "PRAGMA foreign_keys = 0;\n"
  "CREATE TABLE [Per'son] ([Id \"x\"] INTEGER PRIMARY KEY, name TEXT);\n"
  "CREATE TABLE [order] ([n] INTEGER PRIMARY KEY, [Whose] INTEGER REFERENCES [Per'son] ([Id \"x\"]), note "
  "TEXT)",
  "pgsql",
  "CREATE TABLE [Per'son] ([Id \"x\"] integer PRIMARY KEY, name text);\n"
  "CREATE TABLE [order] ([n] integer PRIMARY KEY, [Whose] integer, note text)",
  "mysql",
  "CREATE TABLE [Per'son] ([Id \"x\"] int PRIMARY KEY, name text);\n"
  "CREATE TABLE [order] ([n] int PRIMARY KEY, [Whose] int, note text, KEY w ([Whose]),"
  " FOREIGN KEY ([Whose]) REFERENCES [Per'son] ([Id \"x\"]));\n"
  "SET foreign_key_checks = 0",
  NULL
};
static const char orphan_rows[] =
    "INSERT INTO [Per'son] VALUES (1, 'a'), (2, NULL);\n"
    "INSERT INTO [order] VALUES (10, 1, 'well'), (11, 7, 'it''s'), (12, NULL, 'well'), (13, 8, NULL)";
static const char *const orphans_end[] = {
  "sqlite3",
  "PRAGMA foreign_keys = 1;\nCREATE INDEX w ON [order] ([Whose])",
  "pgsql",
  "ALTER TABLE [order] ADD CONSTRAINT [F k] FOREIGN KEY ([Whose]) REFERENCES [Per'son] NOT VALID;\n"
  "CREATE INDEX w ON [order] ([Whose])",
  "mysql",
  "SET foreign_key_checks = 1",
  NULL
};

static CormConnection *
seed_orphans (void **state)
{
  CormConnection *conn = open_place (state);
  run (conn, script_for (conn, orphans));
  run (conn, orphan_rows);
  run (conn, script_for (conn, orphans_end));
  return conn;
}

static void
orphans_are_named_by_their_keys (void **state)
{
  g_autoptr (CormConnection) conn = seed_orphans (state);
  assert_ails (conn, NULL, "orphans order (Whose) 2 [n=11 (Whose=7); n=13 (Whose=8)]");
  CormDoctorOptions one = { .n_keys = 1 };
  assert_ails (conn, &one, "orphans order (Whose) 2 [n=11 (Whose=7)]");
  CormDoctorOptions other = { .tables = "Per*" };
  assert_ails (conn, &other, "");
  CormDoctorOptions left = { .tables = "!ord*" };
  assert_ails (conn, &left, "");
}

/* Only where a prefix is one: not for another order, a condition, a unique index over fewer columns. */
static void
double_indexes_are_found (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  run (conn, "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b INTEGER, [C d] INTEGER);\n"
             "CREATE INDEX t_a ON t (a);\n"
             "CREATE INDEX t_ab ON t (a, b);\n"
             "CREATE INDEX t_ba ON t (b, a);\n"
             "CREATE UNIQUE INDEX [t U] ON t ([C d]);\n"
             "CREATE INDEX [t c] ON t ([C d]);\n"
             "CREATE UNIQUE INDEX t_b ON t (b);\n"
             "CREATE INDEX t_id ON t (id)");
  g_autoptr (CormDiagnosis) diagnosis = examine (conn, NULL);
  g_autofree char *text = summary (diagnosis);
  assert_string_equal (text, "double-index t (C d) 0 []\ndouble-index t (a) 0 []\ndouble-index t (id) 0 []");
  for (guint i = 0; i < diagnosis->ailments->len; i++) {
    const CormAilment *ailment = diagnosis->ailments->pdata[i];
    assert_true (strcmp (ailment->part, "t_a") == 0 || strcmp (ailment->part, "t c") == 0 ||
                 strcmp (ailment->part, "t_id") == 0);
    assert_non_null (strstr (ailment->advice, "DROP INDEX"));
  }
}

static void
equal_indexes_are_found_once (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  run (conn, "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER);\n"
             "CREATE INDEX one ON t (a);\nCREATE INDEX two ON t (a)");
  g_autoptr (CormDiagnosis) diagnosis = examine (conn, NULL);
  assert_int_equal (diagnosis->ailments->len, 1);
}

/* MariaDB makes such an index by itself. */
static void
a_foreign_key_without_an_index_is_found (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  if (strcmp (dialect_of (conn)->name, "mysql") == 0) {
    skip_place (&conn, "the database makes the index by itself");
  }
  run (conn, "CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY, x INTEGER NOT NULL, UNIQUE (x, id));\n"
             "CREATE TABLE c (id INTEGER NOT NULL PRIMARY KEY, [P id] INTEGER REFERENCES p (id), q INTEGER "
             "REFERENCES p (id), r INTEGER, s INTEGER, FOREIGN KEY (r, s) REFERENCES p (x, id));\n"
             "CREATE INDEX c_sr ON c (s, r);\n"
             "CREATE INDEX c_q ON c (q) WHERE q IS NOT NULL");
  assert_ails (conn, NULL, "missing-index c (P id) 0 []");
}

/* --- values -------------------------------------------------------------------------------------------------------- */

static void
sqlite_values_are_held_to_their_columns (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  if (!dialect_of (conn)->loose_types) {
    skip_place (&conn, "the database holds to its types");
  }
  run (conn,
       "CREATE TABLE [My values] (id INTEGER PRIMARY KEY, [N] INTEGER, b BOOLEAN, d DATE, at TIMESTAMP, word "
       "VARCHAR(3), f REAL CHECK (f > 0), price DECIMAL(10,2), x)");
  run (conn, "INSERT INTO [My values] VALUES (1, 5, 1, '2024-02-29', '2024-01-01 00:00:00.123456', 'abc', "
             "1.5, 2, x'ff');\n"
             "INSERT INTO [My values] (id, [N]) VALUES (2, 'five'), (3, 2.5);\n"
             "INSERT INTO [My values] (id, b) VALUES (4, 2);\n"
             "INSERT INTO [My values] (id, d) VALUES (5, '2024-02-30'), (6, 1700000000);\n"
             "INSERT INTO [My values] (id, at) VALUES (7, 'yesterday');\n"
             "INSERT INTO [My values] (id, word) VALUES (8, 'four'), (9, x'00');\n"
             "INSERT INTO [My values] (id, price) VALUES (10, 'dear');\n"
             "PRAGMA ignore_check_constraints = 1;\n"
             "INSERT INTO [My values] (id, f) VALUES (11, -1);\n"
             "PRAGMA ignore_check_constraints = 0");
  assert_ails (conn, NULL,
               "breaks-check My values () 1 [id=11]\n"
               "too-long My values (word) 1 [id=8 (word='four')]\n"
               "wrong-type My values (N) 2 [id=2 (N='five'); id=3 (N='2.5')]\n"
               "wrong-type My values (at) 1 [id=7 (at='yesterday')]\n"
               "wrong-type My values (b) 1 [id=4 (b='2')]\n"
               "wrong-type My values (d) 2 [id=5 (d='2024-02-30'); id=6 (d='1700000000')]\n"
               "wrong-type My values (price) 1 [id=10 (price='dear')]\n"
               "wrong-type My values (word) 1 [id=9 (word='\\x00')]");
}

static void
bytes_that_are_no_text_are_found (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  const CormUpkeepSql *sql = dialect_of (conn)->upkeep;
  if (!dialect_of (conn)->loose_types || sql->bad_text == NULL) {
    skip_place (&conn, "the database lets none in");
  }
  run (conn, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);\n"
             "INSERT INTO t VALUES (1, 'schön'), (2, CAST(x'ff41' AS TEXT)), (3, CAST(x'410042' AS TEXT)), "
             "(4, NULL), "
             "(5, '')");
  assert_ails (conn, NULL, "invalid-utf8 t (a) 2 [id=2; id=3]");
}

static void
dates_of_zeros_are_found (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  if (strcmp (dialect_of (conn)->name, "mysql") != 0) {
    skip_place (&conn, "the database has no such date");
  }
  run (conn, "CREATE TABLE t (id int PRIMARY KEY, d date, b boolean, feeling enum('sad','ok'));\n"
             "SET SESSION sql_mode = '';\n"
             "CREATE PROCEDURE seed () BEGIN INSERT INTO t VALUES (1, '2024-01-01', 1, 'sad'), (2, "
             "'0000-00-00', 0, 'ok'), "
             "(3, NULL, 2, 'odd'); UPDATE t SET id = id; END;\n"
             "CALL seed ()");
  assert_ails (
      conn, NULL,
      "no-label t (feeling) 1 [id=3 (feeling='')]\nwrong-type t (b) 1 [id=3 (b='2')]\nwrong-type t (d) 1 "
      "[id=2 (d='0000-00-00')]");
}

/* --- what is wanted ------------------------------------------------------------------------------------------------ */

typedef enum { RED, GREEN } Colour;
static const char *const colours[] = { "red", "green", NULL };
typedef struct {
  gint64 id;
  const char *name;
  const char *email;
  Colour colour;
  gint32 age;
  CormOptInt64 boss;
} Guest;

static const CormColumn guest_columns[] = {
  CORM_COLUMN (Guest, id, .primary_key = true),  CORM_COLUMN (Guest, name, .not_null = true, .max_length = 5),
  CORM_COLUMN (Guest, email, .unique = true),    CORM_COLUMN (Guest, colour, .labels = colours),
  CORM_COLUMN (Guest, age, .check = "age >= 0"), CORM_COLUMN (Guest, boss, .references = "guests.id"),
};
static const CormIndex guest_indexes[] = {
  { .name = "guests_name", .columns = "name, age", .unique = true }
};
static const CormModel Guest_model =
    CORM_MODEL (Guest, "guests", CORM_COLUMNS (guest_columns), CORM_INDEXES (guest_indexes));

/* The table is looser than the models: what stands in the way of them is named before a migration runs into it. */
static void
what_the_models_want_is_looked_for (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  CormRegistry *registry = NULL;
  assert_ok ((registry = corm_registry_new (error, &Guest_model, NULL)) != NULL);
  g_autoptr (CormSchema) wanted = corm_schema_from_registry (registry);
  run (conn,
       "CREATE TABLE guests (id bigint PRIMARY KEY NOT NULL, name varchar(90), email varchar(90), colour "
       "varchar(90), age bigint, boss bigint);\n"
       "INSERT INTO guests VALUES (1, 'Ada', 'a@x', 'red', 36, NULL), (2, 'Grace!', 'b@x', 'green', 85, 1), "
       "(3, NULL, 'a@x', 'red', 20, 1), (4, 'Ada', NULL, 'RED', 36, 9), (5, 'Alan', NULL, 'blue', -1, NULL)");
  CormDoctorOptions options = { .schema = wanted };
  assert_ails (conn, &options,
               "breaks-check guests () 1 [id=5]\n"
               "duplicates guests (email) 2 [id=1 (email='a@x'); id=3 (email='a@x')]\n"
               "duplicates guests (name, age) 2 [id=1 (name='Ada', age=36); id=4 (name='Ada', age=36)]\n"
               "no-label guests (colour) 2 [id=4 (colour='RED'); id=5 (colour='blue')]\n"
               "nulls guests (name) 1 [id=3]\n"
               "orphans guests (boss) 1 [id=4 (boss=9)]\n"
               "too-long guests (name) 1 [id=2 (name='Grace!')]");
  assert_ails (conn, NULL, "");
  corm_registry_free (registry);
}

/* --- sequences ------------------------------------------------------------------------------------------------------ */

static const char *const behind[] = {
  "sqlite3",
  "CREATE TABLE [Seq t] ([Id] INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);\n"
  "INSERT INTO [Seq t] (a) VALUES ('x'), ('y');\n"
  "UPDATE sqlite_sequence SET seq = 1",
  "pgsql",
  "CREATE TABLE [Seq t] ([Id] bigserial PRIMARY KEY, a text);\n"
  "INSERT INTO [Seq t] (a) VALUES ('x');\n"
  "INSERT INTO [Seq t] VALUES (2, 'y')",
  NULL
};

static void
a_sequence_behind_its_column_is_found_and_set (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  const char *script = script_for (conn, behind);
  if (script == NULL) {
    skip_place (&conn, "the database sees to it: a key that is written moves what comes next");
  }
  run (conn, script);
  assert_ails (conn, NULL, "sequence-behind Seq t (Id) 1 [Id=2]");
  CormDoctorOptions dry = { .sequences = true, .dry_run = true };
  g_autoptr (CormDiagnosis) plan = examine (conn, &dry);
  assert_int_equal (plan->mends->len, 1);
  assert_int_equal (plan->ailments->len, 1);
  CormDoctorOptions mend = { .sequences = true };
  assert_ails (conn, &mend, "");
  run (conn, "INSERT INTO [Seq t] (a) VALUES ('z')");
  g_autofree char *last = ask (conn, "SELECT max([Id]) FROM [Seq t]");
  assert_string_equal (last, "3");
}

/* --- mends ---------------------------------------------------------------------------------------------------------- */

static void
orphans_are_mended_in_the_way_that_is_named (void **state)
{
  static const struct {
    CormOrphans way;
    const char *rows, *nulls;
  } ways[] = { { CORM_ORPHANS_DELETE, "2", "1" },
               { CORM_ORPHANS_SET_NULL, "4", "3" },
               { CORM_ORPHANS_MOVE, "2", "1" } };
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (CormConnection) conn = seed_orphans (state);
    CormDoctorOptions options = { .orphans = ways[i].way, .dry_run = true };
    assert_ails (conn, &options, "orphans order (Whose) 2 [n=11 (Whose=7); n=13 (Whose=8)]");
    options.dry_run = false;
    g_autoptr (CormDiagnosis) diagnosis = examine (conn, &options);
    g_autofree char *left = summary (diagnosis);
    assert_string_equal (left, "");
    const CormMend *last = diagnosis->mends->pdata[diagnosis->mends->len - 1];
    assert_int_equal (last->rows, 2);
    g_autofree char *rows = ask (conn, "SELECT count(*) FROM [order]");
    g_autofree char *nulls = ask (conn, "SELECT count(*) FROM [order] WHERE [Whose] IS NULL");
    assert_string_equal (rows, ways[i].rows);
    assert_string_equal (nulls, ways[i].nulls);
    if (ways[i].way == CORM_ORPHANS_MOVE) {
      g_autofree char *moved =
          ask (conn, "SELECT count(*) FROM [order_orphans] WHERE ([n] = 11 AND [Whose] = 7 AND "
                     "note = 'it''s') OR ([n] = 13 AND [Whose] = 8 AND note IS NULL)");
      assert_string_equal (moved, "2");
    }
  }
}

/* What points to an orphan would go with it, or change. */
static void
a_row_that_others_point_to_is_not_deleted (void **state)
{
  g_autoptr (CormConnection) conn = seed_orphans (state);
  run (conn,
       "CREATE TABLE line (id INTEGER NOT NULL PRIMARY KEY, o INTEGER, FOREIGN KEY (o) REFERENCES "
       "[order] ([n]) "
       "ON DELETE CASCADE);\n"
       "CREATE INDEX line_o ON line (o);\n"
       "INSERT INTO line VALUES (1, 10), (2, 11);\n"
       "CREATE TABLE part (id INTEGER NOT NULL PRIMARY KEY, line INTEGER, FOREIGN KEY (line) REFERENCES "
       "line (id));\n"
       "INSERT INTO part VALUES (1, 2), (2, 2), (3, 1)");
  CormDoctorOptions delete = { .orphans = CORM_ORPHANS_DELETE }, move = { .orphans = CORM_ORPHANS_MOVE };
  assert_fails (corm_doctor (conn, &delete, error), CORM_ERROR_FOREIGN_KEY,
                "1 rows of line point to them, 2 rows of part to those");
  assert_fails (corm_doctor (conn, &move, error), CORM_ERROR_FOREIGN_KEY, "1 rows of line point to them");
  g_autofree char *rows =
      ask (conn, "SELECT (SELECT count(*) FROM [order]) * 10 + (SELECT count(*) FROM line)");
  assert_string_equal (rows, "42");
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  assert_null (corm_schema_find_table (schema, "order_orphans"));
}

/* What pointed to a row that went is an orphan too, by a key that is wanted and holds nothing yet. */
static void
a_chain_of_orphans_goes_to_its_end (void **state)
{
  static const char *const links[][2] = { { "b", "a" }, { "c", "b" }, { "d", "c" } };
  for (CormOrphans way = CORM_ORPHANS_DELETE; way <= CORM_ORPHANS_MOVE; way += 2) {
    g_autoptr (CormConnection) conn = open_place (state);
    g_autoptr (CormSchema) wanted = NULL;
    run (conn,
         "CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (id INTEGER PRIMARY KEY, up INTEGER);\n"
         "CREATE TABLE c (id INTEGER PRIMARY KEY, up INTEGER);\n"
         "CREATE TABLE d (id INTEGER PRIMARY KEY, up INTEGER);\nINSERT INTO a VALUES (1);\n"
         "INSERT INTO b VALUES (1, 1), (2, 7);\nINSERT INTO c VALUES (1, 1), (2, 2), (3, 2);\n"
         "INSERT INTO d VALUES (1, 1), (2, 2), (3, 3), (4, NULL)");
    assert_ok ((wanted = corm_schema_inspect (conn, error)) != NULL);
    for (guint i = 0; i < G_N_ELEMENTS (links); i++) {
      CormForeignKey *key = corm_table_add_foreign_key (corm_schema_find_table (wanted, links[i][0]), NULL);
      key->columns = g_strsplit ("up", ",", -1);
      key->target_table = g_strdup (links[i][1]);
      key->target_columns = g_strsplit ("id", ",", -1);
    }
    CormDoctorOptions options = { .schema = wanted, .orphans = way };
    g_autoptr (CormDiagnosis) diagnosis = examine (conn, &options);
    gboolean goes_on = way == CORM_ORPHANS_DELETE || (dialect_of (conn)->caps & CORM_CAP_TRANSACTIONAL_DDL);
    gboolean any = FALSE;
    for (guint i = 0; i < diagnosis->ailments->len; i++)
      any |= ((CormAilment *) diagnosis->ailments->pdata[i])->kind == CORM_AILMENT_ORPHANS;
    assert_int_equal (any, !goes_on); /* and what is left is told */
    g_autofree char *rows =
        ask (conn, "SELECT (SELECT count(*) FROM b) * 100 + (SELECT count(*) FROM c) * 10 + "
                   "(SELECT count(*) FROM d)");
    assert_string_equal (rows, goes_on ? "112" : "134");
  }
}

/* A key of PostgreSQL holds for a table's own rows, not for those of the tables that inherit from it. */
static void
rows_of_heirs_are_nobodys_orphans (void **state)
{
  static const char *const scripts[] = {
    "pgsql",
    "CREATE TABLE a (id integer PRIMARY KEY);\nCREATE TABLE b (id integer PRIMARY KEY, a integer);\n"
    "CREATE INDEX b_a ON b (a);\nCREATE TABLE heir () INHERITS (b);\nINSERT INTO b VALUES (1, 7);\n"
    "INSERT INTO heir VALUES (2, 8);\nALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a NOT VALID",
    NULL
  };
  g_autoptr (CormConnection) conn = open_place (state);
  const char *script = script_for (conn, scripts);
  if (script == NULL)
    skip_place (&conn, "no table inherits");
  run (conn, script);
  assert_ails (conn, NULL, "orphans b (a) 1 [id=1 (a=7)]");
  CormDoctorOptions delete = { .orphans = CORM_ORPHANS_DELETE };
  assert_ails (conn, &delete, "");
  g_autofree char *rows = ask (conn, "SELECT (SELECT count(*) FROM b) * 10 + (SELECT count(*) FROM heir)");
  assert_string_equal (rows, "11");
}

static void
orphans_of_a_table_that_points_to_itself (void **state)
{
  static const char *const off[] = { "sqlite3", "PRAGMA foreign_keys = 0", "mysql",
                                     "SET foreign_key_checks = 0", NULL };
  static const char *const on[] = { "sqlite3", "PRAGMA foreign_keys = 1", "mysql",
                                    "SET foreign_key_checks = 1", NULL };
  for (CormOrphans way = CORM_ORPHANS_DELETE; way <= CORM_ORPHANS_MOVE; way++) {
    g_autoptr (CormConnection) conn = open_place (state);
    gboolean is_pgsql = script_for (conn, off) == NULL;
    run (conn, is_pgsql ? "CREATE TABLE tree (id integer PRIMARY KEY, up integer)"
                        : "CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER, FOREIGN KEY (up) "
                          "REFERENCES tree (id))");
    run (conn, is_pgsql ? "" : script_for (conn, off));
    run (conn, "INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 99)");
    run (conn, is_pgsql ? "ALTER TABLE tree ADD FOREIGN KEY (up) REFERENCES tree NOT VALID"
                        : script_for (conn, on));
    CormDoctorOptions options = { .orphans = way, .indexes = true };
    assert_ails (conn, &options, "");
  }
}

static void
missing_indexes_are_made (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  run (conn, "CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY);\n"
             "CREATE TABLE [C t] (id INTEGER NOT NULL PRIMARY KEY, [P id] INTEGER REFERENCES p (id))");
  CormDoctorOptions options = { .indexes = true };
  assert_ails (conn, &options, "");
  assert_ails (conn, NULL, "");
}

static void
a_table_without_a_key_is_told_by_its_values (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  CormRegistry *registry = NULL;
  assert_ok ((registry = corm_registry_new (error, &Guest_model, NULL)) != NULL);
  g_autoptr (CormSchema) wanted = corm_schema_from_registry (registry);
  run (conn, "CREATE TABLE guests (id bigint, name varchar(90));\n"
             "INSERT INTO guests VALUES (7, 'Ada'), (7, 'Alan'), (8, 'abcdef')");
  CormDoctorOptions options = { .schema = wanted };
  g_autoptr (CormDiagnosis) diagnosis = examine (conn, &options);
  assert_int_equal (diagnosis->ailments->len, 2);
  g_autofree char *text = summary (diagnosis);
  assert_non_null (strstr (text, "duplicates guests (id) 2 ["));
  assert_non_null (strstr (text, "name='abcdef'"));
  corm_registry_free (registry);
}

/* All that a row has comes along: what is computed, what has a default, what may be NULL. */
static void
what_is_moved_is_whole (void **state)
{
  static const char *const off[] = { "sqlite3", "PRAGMA foreign_keys = 0", "mysql",
                                     "SET foreign_key_checks = 0", NULL };
  static const char *const on[] = { "sqlite3", "PRAGMA foreign_keys = 1", "mysql",
                                    "SET foreign_key_checks = 1", NULL };
  g_autoptr (CormConnection) conn = open_place (state);
  gboolean is_pgsql = script_for (conn, off) == NULL;
  run (conn, "CREATE TABLE p (a INTEGER NOT NULL, b VARCHAR(20) NOT NULL, PRIMARY KEY (a, b))");
  run (conn,
       is_pgsql
           ? "CREATE TABLE [T 1] (id bigserial PRIMARY KEY, a integer, b varchar(20) NOT NULL DEFAULT 'x', n "
             "numeric(20,4), twice integer GENERATED ALWAYS AS (a * 2) STORED, u text UNIQUE)"
           : "CREATE TABLE [T 1] (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b VARCHAR(20) NOT NULL DEFAULT "
             "'x', n DECIMAL(20,4), twice INTEGER GENERATED ALWAYS AS (a * 2) STORED, u VARCHAR(50) UNIQUE, "
             "FOREIGN KEY (a, b) REFERENCES p (a, b))");
  run (conn, is_pgsql ? "" : script_for (conn, off));
  run (conn,
       "INSERT INTO p VALUES (1, 'x');\n"
       "INSERT INTO [T 1] (id, a, b, n, u) VALUES (1, 1, 'x', 1.5, 'a'), (2, 1, 'y', 1234567890123456.7891, "
       "'it''s'), (3, NULL, 'y', 2, NULL)");
  run (conn,
       is_pgsql ? "ALTER TABLE [T 1] ADD FOREIGN KEY (a, b) REFERENCES p NOT VALID" : script_for (conn, on));
  CormDoctorOptions move = { .orphans = CORM_ORPHANS_MOVE, .indexes = true, .sequences = true };
  assert_ails (conn, &move, "");
  g_autofree char *moved =
      ask (conn, "SELECT count(*) FROM [T 1_orphans] WHERE id = 2 AND a = 1 AND b = 'y' AND twice = 2 "
                 "AND u = 'it''s' AND n > 1234567890123456");
  g_autofree char *stayed = ask (conn, "SELECT count(*) FROM [T 1] WHERE id IN (1, 3)");
  assert_string_equal (moved, "1");
  assert_string_equal (stayed, "2");
}

/* The foreign key's columns may not be NULL: the error says what else there is, and all is as before. */
static void
what_cannot_be_null_is_not_set (void **state)
{
  g_autoptr (CormConnection) conn = seed_orphans (state);
  CormDoctorOptions null = { .orphans = CORM_ORPHANS_SET_NULL };
  if ((fresh_caps (conn) & CORM_CAP_ALTER_ADD_CONSTRAINT) == 0 ||
      strcmp (dialect_of (conn)->name, "pgsql") != 0) {
    skip_place (&conn, "one database is enough");
  }
  run (conn, "UPDATE [order] SET [Whose] = 1 WHERE [Whose] IS NULL;\nALTER TABLE [order] ALTER [Whose] SET "
             "NOT NULL");
  assert_fails (corm_doctor (conn, &null, error), CORM_ERROR_NOT_NULL, "orphans=move");
}

static void
a_misspelt_glob_is_an_error (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  CormDoctorOptions options = { .tables = "nothing*" };
  assert_fails (corm_doctor (conn, &options, error), CORM_ERROR_INVALID, "nothing*");
}

/* The server counts reads, where it does. */
static void
an_index_that_nobody_reads_is_found (void **state)
{
  static const char *const flush[] = { "pgsql", "SELECT pg_stat_force_next_flush()", NULL };
  g_autoptr (CormConnection) conn = open_place (state);
  const char *script = script_for (conn, flush);
  if (script == NULL) {
    skip_place (&conn, "the server counts only when it is told to");
  }
  run (conn, "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b INTEGER);\n"
             "CREATE INDEX [T a] ON t (a);\nCREATE UNIQUE INDEX t_b ON t (b)");
  for (guint i = 0; i < 110; i++)
    g_free (ask (conn, "SELECT count(*) FROM t"));
  g_free (ask (conn, script));
  g_free (ask (conn, "SELECT 1"));
  assert_ails (conn, NULL, "unused-index t (a) 0 []");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH (orphans_are_named_by_their_keys),
    FRESH (double_indexes_are_found),
    FRESH (equal_indexes_are_found_once),
    FRESH (a_foreign_key_without_an_index_is_found),
    FRESH (sqlite_values_are_held_to_their_columns),
    FRESH (bytes_that_are_no_text_are_found),
    FRESH (dates_of_zeros_are_found),
    FRESH (what_the_models_want_is_looked_for),
    FRESH (a_sequence_behind_its_column_is_found_and_set),
    FRESH (orphans_are_mended_in_the_way_that_is_named),
    FRESH (a_row_that_others_point_to_is_not_deleted),
    FRESH (rows_of_heirs_are_nobodys_orphans),
    FRESH (a_chain_of_orphans_goes_to_its_end),
    FRESH (orphans_of_a_table_that_points_to_itself),
    FRESH (missing_indexes_are_made),
    FRESH (a_table_without_a_key_is_told_by_its_values),
    FRESH (what_is_moved_is_whole),
    FRESH (what_cannot_be_null_is_not_set),
    FRESH (a_misspelt_glob_is_an_error),
    FRESH (an_index_that_nobody_reads_is_found),
  };
  return cmocka_run_group_tests_name ("doctor", tests, NULL, fresh_end);
}
