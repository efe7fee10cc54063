/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* CREATE TABLE and CREATE INDEX in all the forms that SQLite takes are understood, and a text cut short is an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/sqlite3/ddl.h"

#include <string.h>

static void
append_names (GString *text, GPtrArray *names)
{
  g_string_append_c (text, '(');
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", (char *) names->pdata[i]);
  g_string_append_c (text, ')');
}

static void
append_constraint (GString *text, const CormSqlite3Constraint *constraint)
{
  static const char *const kinds[] = { "pk", "unique", "fk", "check" };
  g_string_append_printf (text, "; %s", kinds[constraint->kind]);
  if (constraint->name != NULL)
    g_string_append_printf (text, " %s", constraint->name);
  if (constraint->kind == CORM_SQLITE3_CHECK)
    g_string_append_printf (text, "{%s}", constraint->check);
  else
    append_names (text, constraint->columns);
  if (constraint->deferrable)
    g_string_append (text, " deferrable");
}

/* "a,b collate nocase; pk k(a); check{b > 0}; strict" */
static char *
describe (const CormSqlite3Table *table)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < table->columns->len; i++) {
    const CormSqlite3Column *column = table->columns->pdata[i];
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", column->name);
    if (column->collation != NULL)
      g_string_append_printf (text, " collate %s", column->collation);
    if (column->generated != NULL)
      g_string_append_printf (text, " %s{%s}", column->stored ? "stored" : "virtual", column->generated);
  }
  for (guint i = 0; i < table->constraints->len; i++)
    append_constraint (text, table->constraints->pdata[i]);
  if (corm_sqlite3_table_rowid_column (table) != NULL)
    g_string_append_printf (text, "; rowid %s", corm_sqlite3_table_rowid_column (table)->name);
  if (table->autoincrement)
    g_string_append (text, "; autoincrement");
  if (table->without_rowid)
    g_string_append (text, "; without rowid");
  if (table->strict)
    g_string_append (text, "; strict");
  return g_string_free (text, FALSE);
}

static const struct {
  const char *sql, *text;
} tables[] = {
  { "CREATE TABLE t(a)", "a" },
  { "CREATE TABLE t(a,b,c)", "a,b,c" },
  { "CREATE TEMPORARY TABLE t(a)", "a" },
  { "create temp table if not exists main.t (a int);", "a" },
  { "CREATE TABLE \"we \"\"ird\" (\"a b\" text, [c,d] int, `e)f`, 'g''h' blob)", "a b,c,d,e)f,g'h" },
  { "CREATE TABLE t(id INTEGER PRIMARY KEY)", "id; pk(id); rowid id" },
  { "CREATE TABLE t(id integer primary key asc on conflict replace autoincrement)",
    "id; pk(id); rowid id; autoincrement" },
  { "CREATE TABLE t(id INTEGER PRIMARY KEY DESC)", "id; pk(id)" },
  { "CREATE TABLE t(id INT PRIMARY KEY)", "id; pk(id)" },
  { "CREATE TABLE t(id INTEGER(8) PRIMARY KEY)", "id; pk(id)" },
  { "CREATE TABLE t(id BIG INTEGER PRIMARY KEY)", "id; pk(id)" },
  { "CREATE TABLE t(ID INTEGER, PRIMARY KEY(id DESC))", "ID; pk(id); rowid ID" },
  { "CREATE TABLE t(id INTEGER, CONSTRAINT k PRIMARY KEY(\"id\" AUTOINCREMENT))",
    "id; pk k(id); rowid id; autoincrement" },
  { "CREATE TABLE t(id INTEGER PRIMARY KEY) WITHOUT ROWID", "id; pk(id); without rowid" },
  { "CREATE TABLE t(a TEXT PRIMARY KEY, b ANY) STRICT, WITHOUT  ROWID", "a,b; pk(a); without rowid; strict" },
  { "CREATE TABLE t(a,b,PRIMARY KEY(a COLLATE nocase,b DESC) ON CONFLICT IGNORE)", "a,b; pk(a,b)" },
  { "CREATE TABLE t(a double precision not null on conflict fail default -1.5e3 unique, b)",
    "a,b; unique(a)" },
  { "CREATE TABLE t(a decimal(10, 2) DEFAULT +1, b varchar(20) DEFAULT 'x,y)', c DEFAULT (1+(2)), d DEFAULT "
    "x'00', e)",
    "a,b,c,d,e" },
  { "CREATE TABLE t(a DEFAULT CURRENT_TIMESTAMP NOT NULL, b DEFAULT NULL NULL, c DEFAULT true)", "a,b,c" },
  { "CREATE TABLE t(a text collate \"NoCase\" collate binary)", "a collate binary" },
  { "CREATE TABLE t(a int check(a>0), b check ( b in ('x','(') ) on conflict abort)",
    "a,b; check{a > 0}; check{b IN ('x', '(')}" },
  { "CREATE TABLE t(a constraint positive check(a>later), later)", "a,later; check positive{a > later}" },
  { "CREATE TABLE t(a CONSTRAINT unused NOT NULL CHECK(a), b)", "a,b; check{a}" },
  { "CREATE TABLE t(a, CONSTRAINT c1 CHECK(a>0) CONSTRAINT c2 CHECK(a<9) UNIQUE(a))",
    "a; check c1{a > 0}; check c2{a < 9}; unique(a)" },
  { "CREATE TABLE t(a, CONSTRAINT CHECK CHECK(a))", "a; check CHECK{a}" },
  { "CREATE TABLE t(a REFERENCES p, b REFERENCES p(x) ON DELETE SET NULL ON UPDATE NO ACTION MATCH FULL)",
    "a,b; fk(a); fk(b)" },
  { "CREATE TABLE t(a REFERENCES p DEFERRABLE INITIALLY DEFERRED, b REFERENCES p NOT DEFERRABLE INITIALLY "
    "IMMEDIATE)",
    "a,b; fk(a) deferrable; fk(b)" },
  { "CREATE TABLE t(a REFERENCES p NOT NULL DEFERRABLE, b REFERENCES p NOT NULL NOT DEFERRABLE)",
    "a,b; fk(a) deferrable; fk(b)" },
  { "CREATE TABLE t(a,b,CONSTRAINT \"f k\" FOREIGN KEY(a,b) REFERENCES p(x,y) ON DELETE CASCADE, "
    "CHECK(a<>b))",
    "a,b; fk f k(a,b); check{a <> b}" },
  { "CREATE TABLE t(a int, b int as (a*2), c GENERATED ALWAYS AS (a||')') STORED UNIQUE, d int generated "
    "always as (1) virtual)",
    "a,b virtual{a * 2},c stored{a || ')'},d virtual{1}; unique(c)" },
  { "CREATE TABLE t(generated text, always int, \"primary\" int, key)", "generated,always,primary,key" },
  { "CREATE TABLE t ( -- first, (\n  a INT, /* ) */\n  b TEXT -- last\n)", "a,b" },
  { "CREATE TABLE t(a UNIQUE ON CONFLICT REPLACE, UNIQUE(a), UNIQUE(A COLLATE RTRIM, b), b2, b)", NULL },
  { "CREATE TABLE t(größe int, \"\" int, 名 text)", "größe,,名" },
  { "CREATE TABLE t(a CONSTRAINT x, b CONSTRAINT y UNIQUE CONSTRAINT z, CONSTRAINT u)", "a,b; unique y(b)" },
  { "CREATE TABLE t(a, CONSTRAINT x, CONSTRAINT u UNIQUE(a))", "a; unique u(a)" },
  { "CREATE TABLE t(\n)", NULL },
  { "CREATE TABLE t AS SELECT 1", NULL },
  { "CREATE TABLE t(a int,", NULL },
  { "CREATE TABLE t(a int check(a > 0", NULL },
  { "CREATE TABLE t(a) WITH", NULL },
  { "CREATE TABLE t(a COLLATE, b)", NULL },
  { "CREATE TABLE t(a CONSTRAINT, b)", NULL },
  { "CREATE TABLE t(a, CONSTRAINT)", NULL },
  { "CREATE TABLE t(a REFERENCES, b)", NULL },
  { "CREATE TABLE t(a CHECK, b)", NULL },
  { "CREATE TABLE t(a AS, b)", NULL },
  { "CREATE TABLE t(a NOT, b)", NULL },
  { "CREATE TABLE t(a, UNIQUE)", NULL },
  { "CREATE TABLE t(a, UNIQUE())", NULL },
  { "CREATE TABLE t(a, CHECK)", NULL },
  { "CREATE TABLE t(a, FOREIGN KEY (a))", NULL },
  { "CREATE TABLE t(a,)", NULL },
  { "CREATE TABLE (a)", NULL },
  { "CREATE t(a)", NULL },
  { "CREATE VIEW v AS SELECT 1", NULL },
  { "", NULL },
};

static void
tables_are_understood (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormSqlite3Table) table = corm_sqlite3_table_parse (tables[i].sql, &error);
    if (tables[i].text == NULL) {
      assert_null (table);
      assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_SCHEMA));
      continue;
    }
    if (table == NULL)
      fail_msg ("%s: %s", tables[i].sql, error->message);
    g_autofree char *text = describe (table);
    assert_string_equal (text, tables[i].text);
  }
}

static void
a_text_cut_short_is_an_error (G_GNUC_UNUSED void **state)
{
  static const char sql[] =
      "CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT COLLATE nocase DEFAULT (1) CHECK(b>0), c "
      "REFERENCES p(x) ON DELETE SET NULL DEFERRABLE, d AS (a) STORED, CONSTRAINT u UNIQUE(a,b))";
  for (gsize size = 0; size < strlen (sql); size++) {
    g_autofree char *beginning = g_strndup (sql, size);
    g_autoptr (GError) error = NULL;
    g_autoptr (CormSqlite3Table) table = corm_sqlite3_table_parse (beginning, &error);
    assert_null (table);
    assert_non_null (error);
  }
}

static void
places_for_additions_lie_behind_the_last_of_their_kind (G_GNUC_UNUSED void **state)
{
  static const char sql[] =
      "CREATE TABLE t (a INT, -- one\n  b TEXT DEFAULT ')' -- two\n, CHECK (a) /* three */\n) STRICT";
  g_autoptr (CormSqlite3Table) table = corm_sqlite3_table_parse (sql, NULL);
  assert_non_null (table);
  assert_true (g_str_has_prefix (sql + table->columns_end, " -- two"));
  assert_true (g_str_has_prefix (sql + table->body_end, " /* three */"));
  const CormSqlite3Column *last = table->columns->pdata[1];
  assert_true (g_str_has_prefix (sql + last->start, "b TEXT"));
  assert_true (g_str_has_prefix (sql + last->gap, " -- one"));
}

static void
columns_and_constraints_are_told_apart (G_GNUC_UNUSED void **state)
{
  static const char *const constraints[] = { "CHECK (a)", "constraint x unique (a)",
                                             " /* c */ FOREIGN KEY (a) …", "PRIMARY KEY (a)", "unique(a)" };
  static const char *const columns[] = { "\"check\" int", "checks int", "[unique] int", "a CHECK (a)",
                                         "'primary'" };
  for (guint i = 0; i < G_N_ELEMENTS (constraints); i++)
    assert_true (corm_sqlite3_is_constraint (constraints[i]));
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    assert_false (corm_sqlite3_is_constraint (columns[i]));
}

static char *
describe_index (const CormTableIndex *index)
{
  GString *text = g_string_new (index->unique ? "unique" : "");
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    g_autofree char *collation =
        part->collation != NULL ? g_ascii_strdown (part->collation, -1) : g_strdup ("");
    g_string_append_printf (text, "[%s%s%s%s%s]", part->is_expression ? "=" : "", part->sql,
                            *collation != '\0' ? " " : "", collation, part->descending ? " desc" : "");
  }
  if (index->where != NULL)
    g_string_append_printf (text, " where %s", index->where);
  return g_string_free (text, FALSE);
}

static void
indexes_are_understood (G_GNUC_UNUSED void **state)
{
  static const char *const columns[] = { "a", "b", "Full Name", "desc", NULL };
  static const struct {
    const char *sql, *text;
  } cases[] = {
    { "CREATE INDEX i ON t(a)", "[a]" },
    { "CREATE UNIQUE INDEX \"i(\" ON \"t(\"(A, \"B\" DESC)", "unique[a][b desc]" },
    { "create index i on t([full name] asc, \"desc\" desc)", "[Full Name][desc desc]" },
    { "CREATE INDEX i ON t(a COLLATE NOCASE DESC)", "[a nocase desc]" },
    { "CREATE INDEX i ON t(lower (a) collate RTRIM, b COLLATE \"Mine\")", "[=lower(a) rtrim][b mine]" },
    { "CREATE INDEX i ON t(lower( \"a\" ),b)", "[=lower(a)][b]" },
    { "CREATE INDEX i ON t((a+b) DESC) WHERE a>0 and \"b\" is null",
      "[=(a + b) desc] where a > 0 AND b IS NULL" },
    { "CREATE INDEX i ON t(coalesce(a,(b),','))", "[=coalesce(a, (b), ',')]" },
    { "CREATE INDEX i ON t(a", NULL },
    { "CREATE INDEX i ON t", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormSchema) schema = corm_schema_new ("sqlite3");
    g_autoptr (GError) error = NULL;
    CormTableIndex *index = corm_table_add_index (corm_schema_add_table (schema, "t"), "i");
    gboolean ok = corm_sqlite3_index_parse (cases[i].sql, columns, index, &error);
    assert_int_equal (ok, cases[i].text != NULL);
    assert_int_equal (ok, error == NULL);
    g_autofree char *text = describe_index (index);
    if (ok)
      assert_string_equal (text, cases[i].text);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (tables_are_understood),
    cmocka_unit_test (a_text_cut_short_is_an_error),
    cmocka_unit_test (places_for_additions_lie_behind_the_last_of_their_kind),
    cmocka_unit_test (columns_and_constraints_are_told_apart),
    cmocka_unit_test (indexes_are_understood),
  };
  return cmocka_run_group_tests_name ("sqlite3-ddl", tests, NULL, NULL);
}
