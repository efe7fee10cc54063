/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where each piece of a CREATE TABLE begins and ends, and what it says beside its columns: a table is changed by these places,
 * and one that is off takes a neighbour away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/sqlite3/ddl.h"

#include <string.h>

static void
append_span (GString *text, const char *sql, const CormSqlite3Table *table, CormSqlite3Span span)
{
  if (span.last <= span.first)
    return;
  gsize start = g_array_index (table->tokens, CormSqlite3Token, span.first).start;
  gsize end = g_array_index (table->tokens, CormSqlite3Token, span.last - 1).end;
  g_string_append_len (text, sql + start, (gssize) (end - start));
}

/* "a [TEXT] <NOT NULL> default<DEFAULT 1|1>" */
static char *
clauses_of (const char *sql, const CormSqlite3Table *table, const CormSqlite3Column *column)
{
  static const char *const kinds[] = { "not null",  "null",       "default",   "collate",
                                       "generated", "constraint", "deferrable" };
  GString *text = g_string_new (column->name);
  g_string_append (text, " [");
  append_span (text, sql, table, column->type);
  g_string_append (text, column->is_integer ? "]i" : "]");
  for (guint i = 0; i < column->clauses->len; i++) {
    const CormSqlite3Clause *clause = &g_array_index (column->clauses, CormSqlite3Clause, i);
    g_string_append_printf (text, " %s<", kinds[clause->kind]);
    append_span (text, sql, table, clause->all);
    g_string_append (text, clause->value.last > clause->value.first ? "|" : "");
    append_span (text, sql, table, clause->value);
    g_string_append_c (text, '>');
  }
  if (column->conflict != NULL)
    g_string_append_printf (text, " %s", column->conflict);
  return g_string_free (text, FALSE);
}

/* The text of the first column of t is read as this. */
static const struct {
  const char *column, *clauses;
} columns[] = {
  { "a", "a []" },
  { "a integer", "a [integer]i" },
  { "a long integer", "a [long integer]" },
  { "a integer long", "a [integer long]" },
  { "a integer(4)", "a [integer(4)]" },
  { "a 'x y' \"z\"", "a ['x y' \"z\"]" },
  { "a generated", "a [generated]" },
  { "a decimal(1, 2) UNIQUE", "a [decimal(1, 2)] constraint<UNIQUE>" },
  { "a DEFAULT 1", "a [] default<DEFAULT 1|1>" },
  { "a DEFAULT -1 NOT NULL", "a [] default<DEFAULT -1|-1> not null<NOT NULL>" },
  { "a DEFAULT + 1 NOT NULL", "a [] default<DEFAULT + 1|+ 1> not null<NOT NULL>" },
  { "a DEFAULT (1 + 2) NULL", "a [] default<DEFAULT (1 + 2)|(1 + 2)> null<NULL>" },
  { "a DEFAULT x'00' NOT NULL", "a [] default<DEFAULT x'00'|x'00'> not null<NOT NULL>" },
  { "a CONSTRAINT d DEFAULT 1 CONSTRAINT n NOT NULL",
    "a [] default<CONSTRAINT d DEFAULT 1|1> not null<CONSTRAINT n NOT NULL>" },
  { "a NOT NULL ON CONFLICT FAIL UNIQUE",
    "a [] not null<NOT NULL ON CONFLICT FAIL> constraint<UNIQUE> ON CONFLICT FAIL" },
  { "a NULL ON CONFLICT FAIL", "a [] null<NULL ON CONFLICT FAIL>" },
  { "a NOT NULL ON CONFLICT fail NOT NULL ON CONFLICT ignore",
    "a [] not null<NOT NULL ON CONFLICT fail> not null<NOT NULL ON CONFLICT ignore> ON CONFLICT IGNORE" },
  { "a COLLATE nocase NOT NULL", "a [] collate<COLLATE nocase> not null<NOT NULL>" },
  { "a AS (1) NOT NULL", "a [] generated<AS (1)|1> not null<NOT NULL>" },
  { "a GENERATED ALWAYS AS (b + 1) STORED NOT NULL",
    "a [] generated<GENERATED ALWAYS AS (b + 1) STORED|b + 1> not null<NOT NULL>" },
  { "a int AS (1) VIRTUAL NOT NULL", "a [int] generated<AS (1) VIRTUAL|1> not null<NOT NULL>" },
  { "a integer PRIMARY KEY ASC ON CONFLICT ABORT AUTOINCREMENT NOT NULL",
    "a [integer]i constraint<PRIMARY KEY ASC ON CONFLICT ABORT AUTOINCREMENT> not null<NOT NULL>" },
  { "a PRIMARY KEY DESC NOT NULL", "a [] constraint<PRIMARY KEY DESC> not null<NOT NULL>" },
  { "a UNIQUE ON CONFLICT ABORT NOT NULL", "a [] constraint<UNIQUE ON CONFLICT ABORT> not null<NOT NULL>" },
  { "a CHECK (a > 0) ON CONFLICT ABORT NOT NULL",
    "a [] constraint<CHECK (a > 0) ON CONFLICT ABORT> not null<NOT NULL>" },
  { "a REFERENCES p NOT NULL", "a [] constraint<REFERENCES p> not null<NOT NULL>" },
  { "a REFERENCES p (x) ON DELETE CASCADE ON UPDATE SET NULL ON INSERT NO ACTION NOT NULL",
    "a [] constraint<REFERENCES p (x) ON DELETE CASCADE ON UPDATE SET NULL ON INSERT NO ACTION> not null<NOT "
    "NULL>" },
  { "a REFERENCES p MATCH FULL NOT NULL", "a [] constraint<REFERENCES p MATCH FULL> not null<NOT NULL>" },
  { "a REFERENCES p DEFERRABLE NOT NULL", "a [] constraint<REFERENCES p DEFERRABLE> not null<NOT NULL>" },
  { "a REFERENCES p NOT DEFERRABLE INITIALLY IMMEDIATE NOT NULL",
    "a [] constraint<REFERENCES p NOT DEFERRABLE INITIALLY IMMEDIATE> not null<NOT NULL>" },
  { "a REFERENCES p NOT NULL DEFERRABLE INITIALLY DEFERRED UNIQUE",
    "a [] constraint<REFERENCES p> not null<NOT NULL> deferrable<DEFERRABLE INITIALLY DEFERRED> "
    "constraint<UNIQUE>" },
};

static CormSqlite3Table *
parse (const char *sql)
{
  g_autoptr (GError) error = NULL;
  CormSqlite3Table *table = corm_sqlite3_table_parse (sql, &error);
  if (table == NULL)
    fail_msg ("%s: %s", sql, error->message);
  return table;
}

static void
every_clause_of_a_column_has_its_place (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    g_autofree char *sql = g_strdup_printf ("CREATE TABLE t (%s, b)", columns[i].column);
    g_autoptr (CormSqlite3Table) table = parse (sql);
    assert_int_equal (table->columns->len, 2);
    const CormSqlite3Column *column = table->columns->pdata[0];
    g_autofree char *text = clauses_of (sql, table, column);
    assert_string_equal (text, columns[i].clauses);
    g_autoptr (GString) all = g_string_new (NULL);
    append_span (all, sql, table, column->all);
    assert_string_equal (all->str, columns[i].column);
  }
}

/* "unique(a:NOCASE-,b)@1 ON CONFLICT FAIL {UNIQUE (…)} names{…}": the minus is DESC, the number its column's. */
static char *
describe (const char *sql, const CormSqlite3Table *table, const CormSqlite3Constraint *constraint)
{
  static const char *const kinds[] = { "pk", "unique", "fk", "check" };
  static const char *const deferrables[] = { "", " immediate", " deferred" };
  GString *text = g_string_new (kinds[constraint->kind]);
  for (guint i = 0; i < constraint->columns->len; i++) {
    const char *collation = constraint->collations->pdata[i];
    g_string_append_printf (text, "%s%s%s%s%s", i > 0 ? "," : "(", (char *) constraint->columns->pdata[i],
                            collation != NULL ? ":" : "", collation != NULL ? collation : "",
                            g_array_index (constraint->descending, gboolean, i) ? "-" : "");
  }
  g_string_append_printf (text, "%s@%d", constraint->columns->len > 0 ? ")" : "", constraint->column);
  g_string_append_printf (text, "%s%s%s%s%s", constraint->conflict != NULL ? " " : "",
                          constraint->conflict != NULL ? constraint->conflict : "",
                          deferrables[constraint->deferrable], constraint->match_full ? " full" : "",
                          constraint->autoincrement > 0 ? " autoincrement" : "");
  g_string_append (text, " {");
  append_span (text, sql, table, constraint->all);
  g_string_append (text, "} ");
  append_span (text, sql, table, constraint->names);
  return g_string_free (text, FALSE);
}

/* The constraints of a table with these elements behind "x, ", a line each. */
static const struct {
  const char *elements, *constraints;
} tables[] = {
  { "a PRIMARY KEY DESC ON CONFLICT FAIL, b UNIQUE",
    "pk(a-)@1 ON CONFLICT FAIL {PRIMARY KEY DESC ON CONFLICT FAIL} \nunique(b)@2 {UNIQUE} \n" },
  { "a PRIMARY KEY ASC, b CHECK (b > 0) ON CONFLICT FAIL",
    "pk(a)@1 {PRIMARY KEY ASC} \ncheck(b)@2 ON CONFLICT FAIL {CHECK (b > 0) ON CONFLICT FAIL} \n" },
  { "a, PRIMARY KEY (a, x)", "pk(a,x)@-1 {PRIMARY KEY (a, x)} a, x\n" },
  { "a, CONSTRAINT u UNIQUE (a COLLATE nocase DESC, x COLLATE rtrim ASC) ON CONFLICT FAIL, CHECK (a > 0)",
    "unique(a:NOCASE-,x:RTRIM)@-1 ON CONFLICT FAIL {CONSTRAINT u UNIQUE (a COLLATE nocase DESC, x COLLATE "
    "rtrim ASC) "
    "ON CONFLICT FAIL} a COLLATE nocase DESC, x COLLATE rtrim ASC\ncheck@-1 {CHECK (a > 0)} \n" },
  { "a INTEGER, PRIMARY KEY (a AUTOINCREMENT) CHECK (x)",
    "pk(a)@-1 autoincrement {PRIMARY KEY (a AUTOINCREMENT)} a AUTOINCREMENT\ncheck@-1 {CHECK (x)} \n" },
  { "a INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE",
    "pk(a)@1 autoincrement {PRIMARY KEY AUTOINCREMENT} \nunique(a)@1 {UNIQUE} \n" },
  { "a REFERENCES p ON DELETE SET NULL ON UPDATE RESTRICT MATCH FULL DEFERRABLE INITIALLY DEFERRED UNIQUE",
    "fk(a)@1 deferred full {REFERENCES p ON DELETE SET NULL ON UPDATE RESTRICT MATCH FULL DEFERRABLE "
    "INITIALLY "
    "DEFERRED} \nunique(a)@1 {UNIQUE} \n" },
  { "a REFERENCES p MATCH SIMPLE DEFERRABLE INITIALLY IMMEDIATE",
    "fk(a)@1 immediate {REFERENCES p MATCH SIMPLE DEFERRABLE INITIALLY IMMEDIATE} \n" },
  { "a REFERENCES p DEFERRABLE", "fk(a)@1 immediate {REFERENCES p DEFERRABLE} \n" },
  { "a REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED",
    "fk(a)@1 {REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED} \n" },
  { "a REFERENCES p UNIQUE DEFERRABLE INITIALLY DEFERRED",
    "fk(a)@1 deferred {REFERENCES p} \nunique(a)@1 {UNIQUE} \n" },
  { "a REFERENCES p REFERENCES q NOT NULL DEFERRABLE",
    "fk(a)@1 {REFERENCES p} \nfk(a)@1 immediate {REFERENCES q} \n" },
  { "a, FOREIGN KEY (a, x) REFERENCES p (y, z) ON DELETE NO ACTION DEFERRABLE CHECK (a)",
    "fk(a,x)@-1 immediate {FOREIGN KEY (a, x) REFERENCES p (y, z) ON DELETE NO ACTION DEFERRABLE} a, "
    "x\ncheck@-1 "
    "{CHECK (a)} \n" },
};

static void
every_constraint_says_all_of_it (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *sql = g_strdup_printf ("CREATE TABLE t (x, %s)", tables[i].elements);
    g_autoptr (CormSqlite3Table) table = parse (sql);
    g_autoptr (GString) text = g_string_new (NULL);
    for (guint c = 0; c < table->constraints->len; c++) {
      g_autofree char *one = describe (sql, table, table->constraints->pdata[c]);
      g_string_append_printf (text, "%s\n", one);
    }
    assert_string_equal (text->str, tables[i].constraints);
  }
}

static void
the_body_has_its_parentheses (G_GNUC_UNUSED void **state)
{
  static const char *const texts[] = { "CREATE TABLE t (a CHECK (a))",
                                       "CREATE TEMP TABLE IF NOT EXISTS x.t (a, b (1)) STRICT;" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (CormSqlite3Table) table = parse (texts[i]);
    gsize open = g_array_index (table->tokens, CormSqlite3Token, table->open).start;
    gsize close = g_array_index (table->tokens, CormSqlite3Token, table->close).start;
    assert_ptr_equal (texts[i] + open, strchr (texts[i], '('));
    assert_ptr_equal (texts[i] + close, strrchr (texts[i], ')'));
    assert_false (table->without_rowid);
    assert_int_equal (table->strict, i == 1);
  }
}

/* A column that stands for the rowid numbers itself; by a quirk of SQLite's, one that is DESC in its own clause does not. */
static void
one_column_may_stand_for_the_rowid (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *sql, *column;
  } cases[] = {
    { "CREATE TABLE t (x, a INTEGER PRIMARY KEY)", "a" },
    { "CREATE TABLE t (x, a INTEGER, PRIMARY KEY (A))", "a" },
    { "CREATE TABLE t (x UNIQUE, a INTEGER PRIMARY KEY)", "a" },
    { "CREATE TABLE t (x, a INTEGER PRIMARY KEY DESC)", NULL },
    { "CREATE TABLE t (x, a INTEGER, PRIMARY KEY (a DESC))", "a" },
    { "CREATE TABLE t (x, a INT PRIMARY KEY)", NULL },
    { "CREATE TABLE t (x INTEGER UNIQUE)", NULL },
    { "CREATE TABLE t (x INTEGER, a INTEGER, PRIMARY KEY (x, a))", NULL },
    { "CREATE TABLE t (x, a INTEGER PRIMARY KEY) WITHOUT ROWID", NULL },
    { "CREATE TABLE t (x, a INTEGER, PRIMARY KEY (b))", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormSqlite3Table) table = parse (cases[i].sql);
    const CormSqlite3Column *column = corm_sqlite3_table_rowid_column (table);
    if (g_strcmp0 (column != NULL ? column->name : NULL, cases[i].column) != 0)
      fail_msg ("%s: %s", cases[i].sql, column != NULL ? column->name : "none");
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_clause_of_a_column_has_its_place),
    cmocka_unit_test (every_constraint_says_all_of_it),
    cmocka_unit_test (the_body_has_its_parentheses),
    cmocka_unit_test (one_column_may_stand_for_the_rowid),
  };
  return cmocka_run_group_tests_name ("sqlite3-clause", tests, NULL, NULL);
}
