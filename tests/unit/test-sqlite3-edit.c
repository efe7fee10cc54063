/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every kind of edit changes those bytes of the stored CREATE TABLE that it has to, and the way back brings the old text
 * back to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sqlite3.h"

/* NTH: the edit's part is the one that stands there in the live table's list of its kind, counted from 1. */
typedef struct {
  CormTableEdit edit;
  guint nth;
} Edit;

typedef struct {
  const char *before, *after;
  Edit edits[4];
} Case;

#define ADD(DEFINITION) \
  { \
    { .kind = CORM_OP_ADD_COLUMN, .definition = DEFINITION }, 0 \
  }
#define ADD_KEY(KIND, DEFINITION) \
  { \
    { .kind = CORM_OP_ADD_##KIND, .definition = DEFINITION }, 0 \
  }
#define SET(KIND, NAME, DEFINITION) \
  { \
    { .kind = CORM_OP_SET_##KIND, .name = NAME, .definition = DEFINITION }, 0 \
  }
#define DROP(KIND, NAME) \
  { \
    { .kind = CORM_OP_DROP_##KIND, .name = NAME }, 0 \
  }
#define DROP_NTH(KIND, NTH) \
  { \
    { .kind = CORM_OP_DROP_##KIND }, NTH \
  }

static gconstpointer
find_part (const CormTable *table, const Edit *edit)
{
  const GPtrArray *parts = edit->edit.kind == CORM_OP_DROP_CHECK    ? table->checks
                           : edit->edit.kind == CORM_OP_DROP_UNIQUE ? table->uniques
                                                                    : table->foreign_keys;
  return edit->nth > 0 ? parts->pdata[edit->nth - 1] : NULL;
}

static char *
stored (CormConnection *conn)
{
  return read_all (conn, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
}

static void
check_case (const Case *c)
{
  g_autoptr (CormConnection) conn = open_memory ();
  g_autoptr (GError) error = NULL;
  g_auto (Rebuilt) rebuilt = { 0 };
  CormTableEdit edits[G_N_ELEMENTS (c->edits)];
  guint n = 0;
  run (conn, c->before);
  look (conn, &rebuilt);
  const CormTable *table = rebuilt.live->tables->pdata[0];
  for (guint i = 0; i < G_N_ELEMENTS (c->edits) && (i == 0 || c->edits[i].edit.kind != 0); i++) {
    edits[n] = c->edits[i].edit;
    edits[n++].part = find_part (table, &c->edits[i]);
  }
  if (!rebuild_table (conn, &rebuilt, table->name, edits, n, &error))
    fail_msg ("%s: %s", c->before, error->message);
  g_autofree char *after = stored (conn);
  g_autofree char *expected = g_strdup_printf ("|%s\n", c->after);
  if (strcmp (after, expected) != 0)
    fail_msg ("%s\nbecame\n%sinstead of\n%s", c->before, after, expected);
  if (!run_statements (conn, rebuilt.reverse, &error))
    fail_msg ("back from %s: %s", c->after, error->message);
  g_autofree char *back = stored (conn), *before = g_strdup_printf ("|%s\n", c->before);
  assert_string_equal (back, before);
}

static void
check_cases (const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++)
    check_case (&cases[i]);
}

static void
additions (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { "CREATE TABLE t(a)", "CREATE TABLE t(a, b INT)", { ADD ("b INT") } },
    { "CREATE TABLE t(a, CHECK (a > 0))",
      "CREATE TABLE t(a, b INT UNIQUE, c, CHECK (a > 0), UNIQUE (a, b))",
      { ADD ("b INT UNIQUE"), ADD ("c"), ADD_KEY (UNIQUE, "UNIQUE (a, b)") } },
    { "CREATE TABLE t (\n  a INT, -- one\n  b INT\n) STRICT",
      "CREATE TABLE t (\n  a INT, -- one\n  b INT, c INT, CHECK (c > 0)\n) STRICT",
      { ADD ("c INT"), ADD_KEY (CHECK, "CHECK (c > 0)") } },
    { "CREATE TABLE t (\n  a INT,\n  b INT -- last\n)",
      "CREATE TABLE t (\n  a INT,\n  b INT,\n  PRIMARY KEY (b) -- last\n)",
      { ADD_KEY (PRIMARY_KEY, "PRIMARY KEY (b)") } },
    { "CREATE TABLE t(a)",
      "CREATE TABLE t(a, CONSTRAINT f FOREIGN KEY (a) REFERENCES t ON DELETE CASCADE)",
      { ADD_KEY (FOREIGN_KEY, "CONSTRAINT f FOREIGN KEY (a) REFERENCES t ON DELETE CASCADE") } },
  };
  check_cases (cases, G_N_ELEMENTS (cases));
}

static void
dropped_columns (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { "CREATE TABLE t(a,b,c)", "CREATE TABLE t(b,c)", { DROP (COLUMN, "a") } },
    { "CREATE TABLE t(a,b,c)", "CREATE TABLE t(a,c)", { DROP (COLUMN, "B") } },
    { "CREATE TABLE t(a,b,c)", "CREATE TABLE t(a,b)", { DROP (COLUMN, "c") } },
    { "CREATE TABLE t(a , b , c )", "CREATE TABLE t(a   )", { DROP (COLUMN, "b"), DROP (COLUMN, "c") } },
    { "CREATE TABLE t(a, b, c)", "CREATE TABLE t( c)", { DROP (COLUMN, "a"), DROP (COLUMN, "b") } },
    { "CREATE TABLE t(a, b, CHECK (a))", "CREATE TABLE t(a, CHECK (a))", { DROP (COLUMN, "b") } },
    { "CREATE TABLE t(a, b, CHECK (b) CHECK (a))", "CREATE TABLE t(a, CHECK (a))", { DROP (COLUMN, "b") } },
    { "CREATE TABLE t(a, b, CHECK (a), UNIQUE (b))", "CREATE TABLE t(a, CHECK (a))", { DROP (COLUMN, "b") } },
    { "CREATE TABLE t(a, b REFERENCES t(a), c, FOREIGN KEY (b) REFERENCES t, PRIMARY KEY (a))",
      "CREATE TABLE t(a, c, PRIMARY KEY (a))",
      { DROP (COLUMN, "b") } },
    { "CREATE TABLE t (\n  a INT, -- first\n  b INT, -- second\n  c INT -- third\n)",
      "CREATE TABLE t (\n  a INT, -- first\n  -- second\n  c INT -- third\n)",
      { DROP (COLUMN, "b") } },
    { "CREATE TABLE t (\n  a INT,\n  b INT,\n  c INT\n)",
      "CREATE TABLE t (\n  a INT,\n  c INT\n)",
      { DROP (COLUMN, "b") } },
    { "CREATE TABLE t (\n  a INT,\n  b INT,\n  c INT\n)",
      "CREATE TABLE t (\n  b INT,\n  c INT\n)",
      { DROP (COLUMN, "a") } },
    { "CREATE TABLE t (a -- x\n, b -- y\n)", "CREATE TABLE t (a -- x\n -- y\n)", { DROP (COLUMN, "b") } },
    { "CREATE TABLE t (a, -- x\nb)", "CREATE TABLE t (a -- x\n)", { DROP (COLUMN, "b") } },
    { "CREATE TABLE t(a, b INT, c)", "CREATE TABLE t(a, c, b TEXT)", { DROP (COLUMN, "b"), ADD ("b TEXT") } },
    { "CREATE TABLE t(a, b, CHECK (b <> ''))",
      "CREATE TABLE t(a, b TEXT, CHECK (b <> ''))",
      { DROP (COLUMN, "b"), ADD ("b TEXT") } },
    { "CREATE TABLE t(a, b)", "CREATE TABLE t( c)", { DROP (COLUMN, "a"), ADD ("c"), DROP (COLUMN, "b") } },
    { "CREATE TABLE t(a, b AS (a || \"c\") STORED, c)",
      "CREATE TABLE t(a)",
      { DROP (COLUMN, "b"), DROP (COLUMN, "c") } },
  };
  check_cases (cases, G_N_ELEMENTS (cases));
}

static void
dropped_constraints (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { "CREATE TABLE t(a CHECK(a>0)NOT NULL)", "CREATE TABLE t(a NOT NULL)", { DROP_NTH (CHECK, 1) } },
    { "CREATE TABLE t(a INT CONSTRAINT p /* positive */ CHECK (a > 0), b)",
      "CREATE TABLE t(a INT, b)",
      { DROP (CHECK, "P") } },
    { "CREATE TABLE t(a CHECK (a > 0) CHECK (a < 9), CHECK (a <> 5))",
      "CREATE TABLE t(a CHECK (a > 0), CHECK (a <> 5))",
      { DROP_NTH (CHECK, 2) } },
    { "CREATE TABLE t(a CHECK (a > 0) CHECK (a < 9), CHECK (a <> 5))",
      "CREATE TABLE t(a CHECK (a > 0) CHECK (a < 9))",
      { DROP_NTH (CHECK, 3) } },
    { "CREATE TABLE t(a UNIQUE ON CONFLICT IGNORE, b, UNIQUE (A), UNIQUE (a, b))",
      "CREATE TABLE t(a, b, UNIQUE (a, b))",
      { DROP_NTH (UNIQUE, 1) } },
    { "CREATE TABLE t(a, b, CONSTRAINT u UNIQUE (a, b) ON CONFLICT FAIL CHECK (b))",
      "CREATE TABLE t(a, b, CHECK (b))",
      { DROP (UNIQUE, "u") } },
    { "CREATE TABLE t(a REFERENCES t(b) ON DELETE CASCADE NOT NULL DEFERRABLE INITIALLY DEFERRED, b UNIQUE)",
      "CREATE TABLE t(a NOT NULL, b UNIQUE)",
      { DROP_NTH (FOREIGN_KEY, 1) } },
    { "CREATE TABLE t(a REFERENCES t, b, FOREIGN KEY (b) REFERENCES t (a), CONSTRAINT f FOREIGN KEY (a) "
      "REFERENCES x)",
      "CREATE TABLE t(a REFERENCES t, b, CONSTRAINT f FOREIGN KEY (a) REFERENCES x)",
      { DROP_NTH (FOREIGN_KEY, 2) } },
    { "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, b)",
      "CREATE TABLE t(id INTEGER, b)",
      { DROP (PRIMARY_KEY, NULL) } },
    { "CREATE TABLE t(a TEXT, b, CONSTRAINT k PRIMARY KEY (a, b)) WITHOUT ROWID",
      "CREATE TABLE t(a TEXT, b, PRIMARY KEY (b)) WITHOUT ROWID",
      { DROP (PRIMARY_KEY, "k"), ADD_KEY (PRIMARY_KEY, "PRIMARY KEY (b)") } },
    { "CREATE TABLE t(a, b CHECK (b > 0) UNIQUE REFERENCES t)",
      "CREATE TABLE t(a)",
      { DROP (COLUMN, "b"), DROP_NTH (CHECK, 1), DROP_NTH (UNIQUE, 1), DROP_NTH (FOREIGN_KEY, 1) } },
  };
  check_cases (cases, G_N_ELEMENTS (cases));
}

static void
changed_columns (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { "CREATE TABLE t(a)", "CREATE TABLE t(a TEXT)", { SET (TYPE, "a", "TEXT") } },
    { "CREATE TABLE t(\"a\"CHECK(1))",
      "CREATE TABLE t(\"a\" VARCHAR(9) CHECK(1))",
      { SET (TYPE, "A", "VARCHAR(9)") } },
    { "CREATE TABLE t(a DECIMAL /* money */ (10, 2) NOT NULL, b)",
      "CREATE TABLE t(a INT NOT NULL, b)",
      { SET (TYPE, "a", "INT") } },
    { "CREATE TABLE t(a INT COLLATE nocase)",
      "CREATE TABLE t(a TEXT COLLATE nocase)",
      { SET (TYPE, "a", "TEXT") } },
    { "CREATE TABLE t(a INT COLLATE nocase)",
      "CREATE TABLE t(a TEXT COLLATE rtrim)",
      { SET (TYPE, "a", "TEXT COLLATE rtrim") } },
    { "CREATE TABLE t(a INT COLLATE nocase CHECK (a))",
      "CREATE TABLE t(a TEXT CHECK (a))",
      { SET (TYPE, "a", "TEXT COLLATE BINARY") } },
    { "CREATE TABLE t(a INT)", "CREATE TABLE t(a)", { SET (TYPE, "a", "") } },
    { "CREATE TABLE t(a INT, b)", "CREATE TABLE t(a INT NOT NULL, b)", { SET (NOT_NULL, "a", NULL) } },
    { "CREATE TABLE t(a INT NULL DEFAULT 1)",
      "CREATE TABLE t(a INT NOT NULL DEFAULT 1)",
      { SET (NOT_NULL, "a", NULL) } },
    { "CREATE TABLE t(a INT NOT NULL ON CONFLICT FAIL)",
      "CREATE TABLE t(a INT NOT NULL ON CONFLICT FAIL)",
      { SET (NOT_NULL, "a", NULL) } },
    { "CREATE TABLE t(a INT CONSTRAINT n NOT NULL ON CONFLICT FAIL, b)",
      "CREATE TABLE t(a INT, b)",
      { DROP (NOT_NULL, "a") } },
    { "CREATE TABLE t(a INT)", "CREATE TABLE t(a INT DEFAULT 5)", { SET (DEFAULT, "a", "5") } },
    { "CREATE TABLE t(a INT DEFAULT -1 CHECK (a), b)",
      "CREATE TABLE t(a INT DEFAULT +2.5 CHECK (a), b)",
      { SET (DEFAULT, "a", "+2.5") } },
    { "CREATE TABLE t(a INT DEFAULT (1))",
      "CREATE TABLE t(a INT DEFAULT (1 + 1))",
      { SET (DEFAULT, "a", "1 + 1") } },
    { "CREATE TABLE t(a)", "CREATE TABLE t(a DEFAULT (lower ('X')))", { SET (DEFAULT, "a", "lower ('X')") } },
    { "CREATE TABLE t(a)", "CREATE TABLE t(a DEFAULT ((1) + (2)))", { SET (DEFAULT, "a", "(1) + (2)") } },
    { "CREATE TABLE t(a CONSTRAINT d DEFAULT ')' , b)", "CREATE TABLE t(a , b)", { DROP (DEFAULT, "a") } },
    { "CREATE TABLE t(a, b AS (a+1) CHECK (b))",
      "CREATE TABLE t(a, b CHECK (b))",
      { SET (GENERATED, "b", NULL) } },
    { "CREATE TABLE t(a, b INT)",
      "CREATE TABLE t(a, b INT GENERATED ALWAYS AS (a * 2) STORED)",
      { SET (GENERATED, "b", "GENERATED ALWAYS AS (a * 2) STORED") } },
    { "CREATE TABLE t(id INTEGER PRIMARY KEY)",
      "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT)",
      { SET (IDENTITY, "id", "AUTOINCREMENT") } },
    { "CREATE TABLE t(id INTEGER PRIMARY KEY ASC ON CONFLICT FAIL NOT NULL)",
      "CREATE TABLE t(id INTEGER PRIMARY KEY ASC ON CONFLICT FAIL AUTOINCREMENT NOT NULL)",
      { SET (IDENTITY, "id", "AUTOINCREMENT") } },
    { "CREATE TABLE t(id INTEGER, PRIMARY KEY (id AUTOINCREMENT))",
      "CREATE TABLE t(id INTEGER, PRIMARY KEY (id))",
      { SET (IDENTITY, "id", NULL) } },
    { "CREATE TABLE t(id INTEGER)",
      "CREATE TABLE t(id INTEGER, PRIMARY KEY (id AUTOINCREMENT))",
      { SET (IDENTITY, "id", "AUTOINCREMENT"), ADD_KEY (PRIMARY_KEY, "PRIMARY KEY (id)") } },
    { "CREATE TABLE t(a INT)",
      "CREATE TABLE t(a TEXT DEFAULT '' NOT NULL)",
      { SET (TYPE, "a", "TEXT"), SET (NOT_NULL, "a", NULL), SET (DEFAULT, "a", "''") } },
    { "CREATE TABLE t(id INTEGER PRIMARY KEY)",
      "CREATE TABLE t(id INTEGER NOT NULL ON CONFLICT FAIL PRIMARY KEY AUTOINCREMENT)",
      { SET (IDENTITY, "id", NULL), SET (OPTIONS, "id", "AUTOINCREMENT NOT NULL ON CONFLICT FAIL") } },
    { "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, b NOT NULL ON CONFLICT FAIL)",
      "CREATE TABLE t(id INTEGER PRIMARY KEY, b NOT NULL)",
      { SET (OPTIONS, "id", NULL), SET (OPTIONS, "b", "") } },
    { "CREATE TABLE t(a, b AS (a) STORED)", "CREATE TABLE t(a, b)", { DROP (GENERATED, "b") } },
    { "CREATE TABLE t(a INT PRIMARY KEY)",
      "CREATE TABLE t(a INT PRIMARY KEY) STRICT, WITHOUT ROWID",
      { SET (OPTIONS, NULL, "STRICT, WITHOUT ROWID") } },
    { "CREATE TABLE t(a INT PRIMARY KEY)WITHOUT rowid",
      "CREATE TABLE t(a INT PRIMARY KEY)",
      { SET (OPTIONS, NULL, "") } },
  };
  check_cases (cases, G_N_ELEMENTS (cases));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (additions),
    cmocka_unit_test (dropped_columns),
    cmocka_unit_test (dropped_constraints),
    cmocka_unit_test (changed_columns),
  };
  return cmocka_run_group_tests_name ("sqlite3-edit", tests, NULL, NULL);
}
