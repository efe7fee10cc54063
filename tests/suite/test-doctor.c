/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The doctor: each kind of ailment is seeded, found with its keys, mended where it can be; what is well is never named. */
#include "ailments.h"

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
    print_message ("# skip the database makes the index by itself\n");
    skip ();
  }
  run (conn, "CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY, x INTEGER NOT NULL, UNIQUE (x, id));\n"
             "CREATE TABLE c (id INTEGER NOT NULL PRIMARY KEY, [P id] INTEGER REFERENCES p (id), q INTEGER "
             "REFERENCES p (id), r INTEGER, s INTEGER, FOREIGN KEY (r, s) REFERENCES p (x, id));\n"
             "CREATE INDEX c_sr ON c (s, r);\n"
             "CREATE INDEX c_q ON c (q) WHERE q IS NOT NULL");
  assert_ails (conn, NULL, "missing-index c (P id) 0 []");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH (orphans_are_named_by_their_keys),
    FRESH (double_indexes_are_found),
    FRESH (equal_indexes_are_found_once),
    FRESH (a_foreign_key_without_an_index_is_found),
  };
  return cmocka_run_group_tests_name ("doctor", tests, NULL, fresh_end);
}
