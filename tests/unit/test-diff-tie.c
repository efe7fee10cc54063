/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What stands in the way of a change goes for a while and comes back, in one group with it; what does not stays untouched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diff.h"

static gboolean
never (G_GNUC_UNUSED const CormSchema *live, G_GNUC_UNUSED const CormTable *table,
       G_GNUC_UNUSED const CormTableEdit *edits, G_GNUC_UNUSED guint n_edits, G_GNUC_UNUSED GPtrArray *sql,
       G_GNUC_UNUSED GPtrArray *reverse, G_GNUC_UNUSED GError **error)
{
  return FALSE;
}

static const CormDialect alters = { .name = "alters",
                                    .quote = '"',
                                    .caps = CORM_CAP_ALTER_ADD_CONSTRAINT,
                                    .alter = { [CORM_OP_SET_GENERATED] = "" } };
static const CormDialect binds = { .name = "binds",
                                   .quote = '"',
                                   .caps = CORM_CAP_ALTER_ADD_CONSTRAINT | CORM_CAP_BOUND_VIEWS };
static const CormDialect rebuilds = {
  .name = "rebuilds", .quote = '"', .names_fold = true, .rebuild = never
};

#define INT(name) "{'name': '" name "', 'type': 'int32', 'type_sql': 'int'}"
#define BIG(name) "{'name': '" name "', 'type': 'int64', 'type_sql': 'bigint'}"
#define TABLE(name, columns, ...) "{'name': '" name "', 'columns': [" columns "]" __VA_ARGS__ "}"
#define TABLES(list) "'tables': [" list "]"
#define OBJECTS(list) ", 'objects': [" list "]"
#define VIEW(name, sql) "{'kind': 'view', 'name': '" name "', 'sql': '" sql "'}"
#define KIND(kind, name, sql) "{'kind': '" kind "', 'name': '" name "', 'sql': '" sql "'}"
#define TRIGGER(name, table, sql) \
  "{'kind': 'trigger', 'name': '" name "', 'table': '" table "', 'sql': '" sql "'}"
#define KEY(columns, target, targets) \
  "{'name': 'k', 'columns': [" columns "], 'target_table': '" target "', 'target_columns': [" targets "]}"

/* --- foreign keys */

/* p (a, b) with both unique, and c whose x and y point to them or not. */
#define P(a, b, ...) TABLE ("p", a ", " b, __VA_ARGS__)
#define BOTH ", 'uniques': [{'name': 'ua', 'columns': ['a']}, {'name': 'ub', 'columns': ['b']}]"
#define C(x, y, keys) TABLE ("c", x ", " y, ", 'foreign_keys': [" keys "]")
#define XA KEY ("'x'", "p", "'a'")

static void
foreign_keys_over_what_changes_step_aside (G_GNUC_UNUSED void **state)
{
#define WAS TABLES (P (INT ("a"), INT ("b"), BOTH) ", " C (INT ("x"), INT ("y"), XA))
  diff_expect (&alters, WAS, TABLES (P (BIG ("a"), INT ("b"), BOTH) ", " C (INT ("x"), INT ("y"), XA)),
               "drop foreign key k of c for a while | c1\nchange type of column p.a | c1?\n"
               "put foreign key k of c back | c1\n");
  diff_expect (&alters, WAS, TABLES (P (BIG ("a"), INT ("b"), BOTH) ", " C (BIG ("x"), INT ("y"), XA)),
               "drop foreign key k of c for a while | c1\nchange type of column p.a | c1?\n"
               "change type of column c.x | c1?\nput foreign key k of c back | c1\n");
  diff_expect (&alters, WAS, TABLES (P (INT ("a"), BIG ("b"), BOTH) ", " C (INT ("x"), BIG ("y"), XA)),
               "change type of column p.b | c0?\nchange type of column c.y | c0?\n");
  diff_expect (&alters, WAS, TABLES (P (INT ("a"), INT ("b"), BOTH) ", " C (INT ("x"), BIG ("y"), XA)),
               "change type of column c.y | c0?\n");
#define BESIDE(type) ", " TABLE ("w", type ("a"))
#define UNTIED(type) TABLES (P (INT ("a"), INT ("b"), BOTH) ", " C (INT ("x"), INT ("y"), XA) BESIDE (type))
  diff_expect (&alters, UNTIED (INT), UNTIED (BIG), "change type of column w.a | c0?\n");
  /* one that goes anyhow, or is another, is not put back */
  diff_expect (&alters, WAS, TABLES (P (BIG ("a"), INT ("b"), BOTH) ", " C (INT ("x"), INT ("y"), "")),
               "drop foreign key of c (x) to p | c0?\nchange type of column p.a | c0?\n");
  diff_expect (
      &alters, WAS,
      TABLES (P (BIG ("a"), INT ("b"), BOTH) ", " C (INT ("x"), INT ("y"), KEY ("'x'", "p", "'b'"))),
      "drop foreign key of c (x) | c1?\nchange type of column p.a | c0?\nadd foreign key c (x) to p | c1\n");
  /* SQLite rebuilds tables and does without */
  diff_expect (&rebuilds, WAS, TABLES (P (BIG ("a"), INT ("b"), BOTH) ", " C (INT ("x"), INT ("y"), XA)),
               "change type of column p.a | c0?\n");
  /* a table that points to itself */
  diff_expect (
      &alters,
      TABLES (TABLE ("t", INT ("a") ", " INT ("b"),
                     ", 'uniques': [{'columns': ['a']}], 'foreign_keys': [" KEY ("'b'", "t", "'a'") "]")),
      TABLES (TABLE ("t", BIG ("a") ", " BIG ("b"),
                     ", 'uniques': [{'columns': ['a']}], 'foreign_keys': [" KEY ("'b'", "t", "'a'") "]")),
      "drop foreign key k of t for a while | c1\nchange type of column t.a | c1?\n"
      "change type of column t.b | c1?\nput foreign key k of t back | c1\n");
}

/* One key over two columns joins what other keys began apart. */
static void
all_that_one_key_needs_is_one_group (G_GNUC_UNUSED void **state)
{
#define KEYS \
  "{'name': 'k1', 'columns': ['x'], 'target_table': 'p', 'target_columns': ['a']}, {'name': 'k2', " \
  "'columns': " \
  "['y'], 'target_table': 'p', 'target_columns': ['b']}"
#define OVER_BOTH ", {'name': 'k3', 'columns': ['x', 'y'], 'target_table': 'p', 'target_columns': ['a', 'b']}"
#define RETYPED(column, type) "{'name': '" column "', 'type': '" type "', 'type_sql': '" type "'}"
#define FROM(keys) \
  TABLES (P (INT ("a"), RETYPED ("b", "float64"), BOTH) ", " C (INT ("x"), RETYPED ("y", "float64"), keys))
#define TO(keys) \
  TABLES (P (BIG ("a"), RETYPED ("b", "float32"), BOTH) ", " C (INT ("x"), RETYPED ("y", "float64"), keys))
  diff_expect (&alters, FROM (KEYS), TO (KEYS),
               "drop foreign key k1 of c for a while | c1\ndrop foreign key k2 of c for a while | d2\n"
               "change type of column p.a | c1?\nchange type of column p.b | d2?\n"
               "put foreign key k1 of c back | c1\nput foreign key k2 of c back | d2\n");
  diff_expect (&alters, FROM (KEYS OVER_BOTH), TO (KEYS OVER_BOTH),
               "drop foreign key k1 of c for a while | d2\ndrop foreign key k2 of c for a while | d2\n"
               "drop foreign key k3 of c for a while | d2\n"
               "change type of column p.a | d2?\nchange type of column p.b | d2?\n"
               "put foreign key k1 of c back | d2\nput foreign key k2 of c back | d2\nput foreign key k3 of "
               "c back | d2\n");
}

static void
foreign_keys_over_a_key_that_goes_step_aside (G_GNUC_UNUSED void **state)
{
#define KEYED(members, key) TABLES (P (INT ("a"), INT ("b"), members) ", " C (INT ("x"), INT ("y"), key))
#define PRIMARY(column) ", 'primary_key': {'columns': ['" column "']}"
#define UNIQUE(column) ", 'uniques': [{'name': 'ua', 'columns': ['" column "']}]"
#define INDEX(column, unique) \
  ", 'indexes': [{'name': 'i', 'unique': " unique ", 'parts': [{'sql': '" column "'}]}]"
  diff_expect (&alters, KEYED (UNIQUE ("a"), XA), KEYED (PRIMARY ("a"), XA),
               "add primary key p (a) | c0?\n"); /* holds the same: the constraint stays */
  diff_expect (&alters, KEYED (INDEX ("a", "true"), XA), KEYED (PRIMARY ("a"), XA),
               "add primary key p (a) | c0?\n");
  diff_expect (
      &alters, KEYED (PRIMARY ("a"), XA), KEYED (UNIQUE ("a"), XA),
      "drop foreign key k of c for a while | c1\ndrop primary key of p | c1?\nadd unique p.ua (a) | -0?\n"
      "put foreign key k of c back | c1\n");
  diff_expect (&alters, KEYED (UNIQUE ("a"), XA),
               KEYED (", 'uniques': [{'name': 'ua', 'columns': ['a'], 'options': 'x'}]", XA),
               "drop foreign key k of c for a while | c1\ndrop unique constraint of p (a) | c1?\nadd unique "
               "p.ua (a) | c1?\n"
               "put foreign key k of c back | c1\n");
  diff_expect (
      &alters, KEYED (INDEX ("a", "true"), XA),
      KEYED (", 'indexes': [{'name': 'i', 'unique': true, 'method': 'm', 'parts': [{'sql': 'a'}]}]", XA),
      "drop foreign key k of c for a while | c1\ndrop index i of p | c1?\ncreate index i on p UNIQUE (a) "
      "using m | c1\n"
      "put foreign key k of c back | c1\n");
  /* whose columns are named in another order */
#define CROSSED(options) \
  TABLES (TABLE ("p", INT ("a") ", " INT ("b"), \
                 ", 'uniques': [{'name': 'u', 'columns': ['a', 'b']" options \
                 "}]") ", " TABLE ("c", INT ("x") ", " INT ("y"), \
                                   ", 'foreign_keys': [" KEY ("'x', 'y'", "p", "'b', 'a'") "]"))
  diff_expect (&alters, CROSSED (""), CROSSED (", 'options': 'x'"),
               "drop foreign key k of c for a while | c1\ndrop unique constraint of p (a, b) | c1?\nadd "
               "unique p.u (a, b) | c1?\n"
               "put foreign key k of c back | c1\n");
  /* another key goes, or a plain index */
  diff_expect (&alters, KEYED (UNIQUE ("a") PRIMARY ("b"), XA), KEYED (UNIQUE ("a"), XA),
               "drop primary key of p | c0?\n");
  diff_expect (&alters, KEYED (UNIQUE ("a") INDEX ("a", "false"), XA), KEYED (UNIQUE ("a"), XA),
               "drop index i of p | c0?\n");
}

/* --- a column that is made anew */

#define GENERATED(name, sql) \
  "{'name': '" name "', 'type': 'int32', 'type_sql': 'int', 'generated_sql': '" sql "'}"
#define MADE(sql, ...) TABLES (TABLE ("t", INT ("a") ", " GENERATED ("g", sql), __VA_ARGS__))
#define ANEW(...) MADE ("a + 1", __VA_ARGS__), MADE ("a + 2", __VA_ARGS__)

static void
all_over_a_column_that_is_made_anew_comes_back (G_GNUC_UNUSED void **state)
{
  static const char column[] = "drop column t.g to make it anew | c1?\nadd column t.g anew | c1\n";
  static const struct {
    const char *from, *to, *drop, *put;
  } cases[] = {
    { ANEW (""), NULL, NULL },
    { ANEW (", 'indexes': [{'name': 'i', 'parts': [{'sql': 'a'}, {'sql': 'g'}]}]"), "index i", "index i" },
    { ANEW (", 'indexes': [{'name': 'i', 'parts': [{'sql': 'abs(g)', 'is_expression': true}]}]"), "index i",
      "index i" },
    { ANEW (", 'indexes': [{'name': 'i', 'parts': [{'sql': 'a'}], 'where': 'g > 0'}]"), "index i",
      "index i" },
    { ANEW (", 'indexes': [{'name': 'i', 'parts': [{'sql': 'a'}], 'include': ['g']}]"), "index i",
      "index i" },
    { ANEW (", 'indexes': [{'name': 'i', 'parts': [{'sql': 'a'}], 'where': 'a > 0', 'include': ['a']}]"),
      NULL, NULL },
    { ANEW (", 'indexes': [{'name': 'i', 'parts': [{'sql': 'abs(a)', 'is_expression': true}]}]"), NULL,
      NULL },
    { ANEW (", 'uniques': [{'name': 'u', 'columns': ['a', 'g']}]"), "unique constraint u",
      "unique constraint u" },
    { ANEW (", 'uniques': [{'name': 'u', 'columns': ['a']}]"), NULL, NULL },
    { ANEW (", 'primary_key': {'name': 'pk', 'columns': ['g']}"), "the primary key pk",
      "the primary key pk" },
    { ANEW (", 'primary_key': {'name': 'pk', 'columns': ['a']}"), NULL, NULL },
    { ANEW (", 'checks': [{'name': 'k', 'sql': 'g > 0'}]"), "check k", "check k" },
    { ANEW (", 'checks': [{'name': 'k', 'sql': 'a > 0'}]"), NULL, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *lines =
        cases[i].drop == NULL ? g_strdup (column)
                              : g_strdup_printf ("drop %s of t for a while | c1\n%sput %s of t back | c1\n",
                                                 cases[i].drop, column, cases[i].put);
    diff_expect (&alters, cases[i].from, cases[i].to, lines);
  }
  /* what goes anyhow goes once, in its own time */
  diff_expect (&alters, MADE ("a + 1", ", 'checks': [{'name': 'k', 'sql': 'g > 0'}]"), MADE ("a + 2", ""),
               "drop check k of t | c0?\ndrop column t.g to make it anew | c1?\nadd column t.g anew | c1\n");
  diff_expect (&alters, MADE ("a + 1", ", 'indexes': [{'name': 'i', 'parts': [{'sql': 'g'}]}]"),
               MADE ("a + 2", ""),
               "drop index i of t | c0?\ndrop column t.g to make it anew | c1?\nadd column t.g anew | c1\n");
  diff_expect (
      &alters, MADE ("a + 1", ", 'uniques': [{'name': 'u', 'columns': ['g']}]"), MADE ("a + 2", ""),
      "drop unique constraint of t (g) | c0?\ndrop column t.g to make it anew | c1?\nadd column t.g anew | "
      "c1\n");
  diff_expect (
      &alters, MADE ("a + 1", ", 'primary_key': {'columns': ['g']}"), MADE ("a + 2", ""),
      "drop primary key of t | c0?\ndrop column t.g to make it anew | c1?\nadd column t.g anew | c1\n");
  /* a column that goes for good leaves what is over others alone */
  diff_expect (&alters, MADE ("a + 1", ", 'uniques': [{'name': 'u', 'columns': ['a']}]"),
               TABLES (TABLE ("t", INT ("a"), ", 'uniques': [{'name': 'u', 'columns': ['a']}]")),
               "drop column t.g | c0?\n");
  diff_expect (&rebuilds, MADE ("a + 1", ", 'checks': [{'name': 'k', 'sql': 'g > 0'}]"),
               MADE ("a + 2", ", 'checks': [{'name': 'k', 'sql': 'g > 0'}]"),
               "set the expression of column t.g | c0?\n");
}

/* --- views and triggers */

#define T(a, b) TABLE ("t", a ", " b) ", " TABLE ("u", INT ("a") ", " INT ("b"))
#define RETYPE(objects) \
  TABLES (T (INT ("a"), INT ("b"))) OBJECTS (objects), TABLES (T (BIG ("a"), INT ("b"))) OBJECTS (objects)

static void
views_and_triggers_over_a_column_step_aside (G_GNUC_UNUSED void **state)
{
  static const char alone[] = "change type of column t.a | c0?\n";
  static const struct {
    const char *from, *to, *what;
  } cases[] = {
    { RETYPE (VIEW ("v", "select a from t")), "view v" },
    { RETYPE (VIEW ("v", "select a from u")), NULL },
    { RETYPE (KIND ("materialized view", "v", "select a from t")), "materialized view v" },
    { RETYPE (KIND ("rule", "v", "select a from t")), "rule v" },
    { RETYPE (KIND ("function", "v", "select a from t")), NULL },
    { RETYPE (TRIGGER ("v", "t", "when new.a > 0")), "trigger v" },
    { RETYPE (TRIGGER ("v", "t", "when new.b > 0")), NULL },
    { RETYPE (TRIGGER ("v", "u", "when new.a > 0")), NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *lines =
        cases[i].what == NULL ? g_strdup (alone)
                              : g_strdup_printf ("drop %s for a while | c1\nchange type of column t.a | c1?\n"
                                                 "put %s back | c1\n",
                                                 cases[i].what, cases[i].what);
    diff_expect (&binds, cases[i].from, cases[i].to, lines);
    diff_expect (&alters, cases[i].from, cases[i].to, alone);
  }
  /* whatever is done to the column, but not to its neighbours */
  diff_expect (
      &binds, MADE ("a + 1", "") OBJECTS (VIEW ("v", "select g from t")),
      MADE ("a + 2", "") OBJECTS (VIEW ("v", "select g from t")),
      "drop view v for a while | c1\nset the expression of column t.g | c1?\nput view v back | c1\n");
  diff_expect (&binds, MADE ("a + 1", "") OBJECTS (VIEW ("v", "select a from t")),
               TABLES (TABLE ("t", INT ("a"))) OBJECTS (VIEW ("v", "select a from t")),
               "drop view v for a while | c1\ndrop column t.g | c1?\nput view v back | c1\n");
  diff_expect (
      &binds, TABLES (T (INT ("a"), INT ("b"))) OBJECTS (VIEW ("v", "select a from t")),
      TABLES (T (INT ("a") ", " BIG ("c"), "{'name': 'b', 'type': 'int32', 'type_sql': 'int', 'not_null': "
                                           "true}")) OBJECTS (VIEW ("v", "select a from t")),
      "add column t.c | -0?\nset NOT NULL of column t.b | c0?\n");
  diff_expect (&binds,
               TABLES (T (INT ("a"), INT ("b")))
                   OBJECTS (KIND ("function", "f", "x") ", " VIEW ("v", "select f from t")),
               TABLES (T (INT ("a"), INT ("b"))) OBJECTS (VIEW ("v", "select f from t")),
               "drop function f | d0?\n");
  /* models know no views, and take none away */
  diff_expect (&binds, TABLES (T (INT ("a"), INT ("b"))) OBJECTS (VIEW ("v", "select a from t")),
               TABLES (T (BIG ("a"), INT ("b"))) ", 'from_models': true",
               "drop view v for a while | c1\nchange type of column t.a | c1?\nput view v back | c1\n");
  /* one that goes, goes once */
  diff_expect (&binds, TABLES (T (INT ("a"), INT ("b"))) OBJECTS (VIEW ("v", "select a from t")),
               TABLES (T (BIG ("a"), INT ("b"))), "drop view v | d0?\nchange type of column t.a | c0?\n");
  diff_expect (&binds, TABLES (T (INT ("a"), INT ("b"))) OBJECTS (VIEW ("v", "select a from t")),
               TABLES (T (BIG ("a"), INT ("b"))) OBJECTS (VIEW ("v", "select b from t")),
               "drop view v | c1\nchange type of column t.a | c0?\ncreate view v | c1?\n");
}

/* As it was where nobody says another, with the new names where names change. */
static void
the_text_that_is_put_back (G_GNUC_UNUSED void **state)
{
#define RENAMED "{'name': 'b', 'was': 'a', 'type': 'int64', 'type_sql': 'bigint'}"
  static const struct {
    const char *to, *text;
  } cases[] = {
    { TABLES (TABLE ("t", BIG ("a"))) ", 'from_models': true", "select a from t" },
    { TABLES (TABLE ("t", BIG ("a"))) OBJECTS (VIEW ("v", "SELECT a FROM t")), "SELECT a FROM t" },
    { TABLES (TABLE ("t", RENAMED)) OBJECTS (VIEW ("v", "select a from t")), "select a from t" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormSchema) is =
        diff_schema (TABLES (TABLE ("t", INT ("a"))) OBJECTS (VIEW ("v", "select a from t")));
    g_autoptr (CormSchema) should = diff_schema (cases[i].to);
    g_autoptr (CormDiff) diff = corm_diff_new (&binds, is, should, NULL);
    const CormChange *last = diff->changes->pdata[diff->changes->len - 1];
    assert_string_equal (last->text, "put view v back");
    assert_string_equal (((const CormSchemaObject *) last->part)->sql, cases[i].text);
  }
}

/* w reads v, x reads w: the last goes first and comes back last. */
static void
views_on_views_step_aside_with_them (G_GNUC_UNUSED void **state)
{
#define CHAIN \
  VIEW ("v", "select a from t") ", " VIEW ("w", "select a from v") ", " VIEW ("x", "select a from w")
  diff_expect (&binds, RETYPE (CHAIN),
               "drop view x for a while | c1\ndrop view w for a while | c1\ndrop view v for a while | c1\n"
               "change type of column t.a | c1?\n"
               "put view v back | c1\nput view w back | c1\nput view x back | c1\n");
#define PAIR VIEW ("v", "select a from t") ", " VIEW ("w", "select a from t join v")
  static const char both[] = "drop view w for a while | c1\ndrop view v for a while | c1\n"
                             "change type of column t.a | c1?\nput view v back | c1\nput view w back | c1\n";
  diff_expect (&binds, RETYPE (PAIR), both);
  diff_expect (&binds, TABLES (T (INT ("a"), INT ("b"))) OBJECTS (PAIR),
               TABLES (T (BIG ("a"), INT ("b"))) ", 'from_models': true", both);
  diff_expect (
      &binds, RETYPE (VIEW ("v", "select a from t") ", " TRIGGER ("g", "v", "x")),
      "drop trigger g for a while | c1\ndrop view v for a while | c1\nchange type of column t.a | c1?\n"
      "put view v back | c1\nput trigger g back | c1\n");
  diff_expect (&binds,
               RETYPE (VIEW ("v", "select a from t") ", " KIND ("materialized view", "m", "select a from v")),
               "drop materialized view m for a while | c1\ndrop view v for a while | c1\n"
               "change type of column t.a | c1?\nput view v back | c1\nput materialized view m back | c1\n");
  diff_expect (&binds,
               RETYPE (KIND ("materialized view", "m", "select a from t") ", " VIEW ("w", "select a from m")),
               "drop view w for a while | c1\ndrop materialized view m for a while | c1\n"
               "change type of column t.a | c1?\nput materialized view m back | c1\nput view w back | c1\n");
}

#define RENAME(is, should) \
  TABLES (TABLE ("t", INT ("a"))) \
  OBJECTS (is), \
      TABLES (TABLE ("t", "{'name': 'b', 'was': 'a', 'type': 'int32', 'type_sql': 'int'}")) OBJECTS (should)

/* SQLite looks at every view when a name changes. */
static void
views_are_whole_while_names_change (G_GNUC_UNUSED void **state)
{
#define TWO(sql) VIEW ("v", sql) ", " VIEW ("w", "select 1 from V")
  diff_expect (
      &rebuilds, RENAME (TWO ("select 1 from t"), TWO ("select 2 from t")),
      "drop view w for a while | c1\ndrop view v | c1\nrename column t.a to b | -0?\ncreate view v | c1?\n"
      "put view w back | c1\n");
  diff_expect (&rebuilds, TABLES (TABLE ("t", INT ("a"))) OBJECTS (TWO ("select 1 from t")),
               TABLES (TABLE ("t", INT ("a"))) OBJECTS (TWO ("select 2 from t")),
               "drop view v | c1\ncreate view v | c1?\n");
  diff_expect (&rebuilds, TABLES (TABLE ("t", INT ("a"))) OBJECTS (TWO ("select 1 from t")),
               TABLES (TABLE ("t", INT ("a") ", " INT ("b"))) OBJECTS (TWO ("select 2 from t")),
               "drop view w for a while | c1\ndrop view v | c1\nadd column t.b | -0?\ncreate view v | c1?\n"
               "put view w back | c1\n");
  diff_expect (&alters, RENAME (TWO ("select 1 from t"), TWO ("select 2 from t")),
               "drop view v | c1\nrename column t.a to b | -0?\ncreate view v | c1?\n");
}

/* A trigger that goes with its table, but reads a view that goes before. */
static void
a_trigger_goes_before_its_table_where_it_has_to (G_GNUC_UNUSED void **state)
{
  diff_expect (&rebuilds,
               TABLES (TABLE ("t", INT ("a")) ", " TABLE ("u", INT ("a")))
                   OBJECTS (VIEW ("v", "select 1 from t") ", " TRIGGER ("g", "u", "select 1 from v")),
               TABLES (TABLE ("t", "{'name': 'b', 'was': 'a', 'type': 'int32', 'type_sql': 'int'}")),
               "drop trigger g, which goes with its table | d1\ndrop view v | d1?\nrename column t.a to b | "
               "-0?\ndrop table u | "
               "d1?\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (foreign_keys_over_what_changes_step_aside),
    cmocka_unit_test (all_that_one_key_needs_is_one_group),
    cmocka_unit_test (foreign_keys_over_a_key_that_goes_step_aside),
    cmocka_unit_test (all_over_a_column_that_is_made_anew_comes_back),
    cmocka_unit_test (views_and_triggers_over_a_column_step_aside),
    cmocka_unit_test (the_text_that_is_put_back),
    cmocka_unit_test (views_on_views_step_aside_with_them),
    cmocka_unit_test (views_are_whole_while_names_change),
    cmocka_unit_test (a_trigger_goes_before_its_table_where_it_has_to),
  };
  return cmocka_run_group_tests_name ("diff-tie", tests, NULL, NULL);
}
