/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A foreign key of a new table stands in its CREATE TABLE where the key that it points to is there by then, as it will be; else
 * it is made behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diff.h"

static const CormDialect strict = { .name = "strict", .quote = '"', .caps = CORM_CAP_ALTER_ADD_CONSTRAINT };

static const struct {
  const char *what, *from, *to, *lines;
} cases[] = {
  { "the key is there",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "create table u/0\n" },
  { "and named",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/0\n" },
  { "it becomes of another type",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int32', 'type_sql': 'int32'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "create table u/1\n"
    "change type of column t.id/0\n"
    "add foreign key u (x) to t/1\n" },
  { "another column does",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int32', 'type_sql': 'int32'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "create table u/0\n"
    "change type of column t.a/0\n" },
  { "a column of that name of another table does",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'w', 'columns': [{'name': 'id', 'type': 'int32', 'type_sql': 'int32'}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'w', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "create table u/0\n"
    "change type of column w.id/0\n" },
  { "the key comes",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/1\n"
    "add primary key t (id)/0\n"
    "add foreign key u (x) to t/1\n" },
  { "the key goes",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "drop primary key of t/0\n"
    "create table u/1\n"
    "add foreign key u (x) to t/1\n" },
  { "unique",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'uniques': [{'columns': ['a']}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'uniques': [{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "create table u/0\n" },
  { "a unique index",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'indexes': [{'name': 'i', 'unique': true, "
    "'parts': [{'sql': 'a'}]}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'indexes': [{'name': 'i', 'unique': true, "
    "'parts': [{'sql': 'a'}]}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "create table u/0\n" },
  { "unique, another column",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}, 'uniques': "
    "[{'columns': ['a']}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}, 'uniques': "
    "[{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/0\n" },
  { "the table comes, with a unique", "",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'uniques': [{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "create table t/0\n"
    "create table u/0\n" },
  { "the table comes, with a unique index that is made behind", "",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'indexes': [{'name': 'i', 'unique': true, "
    "'parts': [{'sql': 'a'}]}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "create table t/0\n"
    "create table u/1\n"
    "create index i on t UNIQUE (a)/0\n"
    "add foreign key u (x) to t/1\n" },
  { "the table is not in the models",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/1\n"
    "add foreign key u (x) to t/1\n"
    "drop table t/0\n" },
  { "the table is nowhere", "",
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/1\n"
    "add foreign key u (x) to t/1\n" },
  { "it named none and names the primary key",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "" },
  { "it points to another",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}, 'uniques': "
    "[{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}, 'uniques': "
    "[{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "drop foreign key of u (x)/1\n"
    "add foreign key u (x) to t/1\n" },
  { "there is no primary key to point to",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "drop foreign key of u (x)/1\n"
    "add foreign key u (x) to t/1\n" },
};

static void
keys_stand_where_they_can (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *was = g_strdup_printf ("'tables': [%s]", cases[i].from);
    g_autofree char *is = g_strdup_printf ("'from_models': true, 'tables': [%s]", cases[i].to);
    g_autoptr (CormSchema) from = diff_schema (was), to = diff_schema (is);
    g_autoptr (CormDiff) diff = corm_diff_new (&strict, from, to, NULL);
    g_autoptr (GString) text = g_string_new (NULL);
    for (guint c = 0; c < diff->changes->len; c++) {
      const CormChange *change = diff->changes->pdata[c];
      g_string_append_printf (text, "%s/%u\n", change->text, change->group);
    }
    if (!g_str_equal (text->str, cases[i].lines))
      fail_msg ("%s: %s", cases[i].what, text->str);
  }
}

#define T_AND_U(primary_key, foreign_keys) \
  "'tables': [{'name': 't', 'columns': [{'name': 'id'}, {'name': 'a'}], 'primary_key': {'columns': " \
  "['" primary_key \
  "']}, 'uniques': [{'columns': ['id']}, {'columns': ['a']}]}, {'name': 'u', 'columns': [{'name': 'x'}], " \
  "'foreign_keys': [" foreign_keys "]}]"

/* Two keys over one column to one table, whose primary key changes: the one that names no columns points to another, and is what the
 * other was. */
static void
what_names_none_means_the_key_of_its_side (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) from = diff_schema (T_AND_U (
      "id", "{'columns': ['x'], 'target_table': 't'}, "
            "{'columns': ['x'], 'target_table': 't', 'target_columns': ['a'], 'on_delete': 'cascade'}"));
  g_autoptr (CormSchema) to =
      diff_schema (T_AND_U ("a", "{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}, "
                                 "{'columns': ['x'], 'target_table': 't', 'on_delete': 'cascade'}"));
  g_autoptr (CormDiff) diff = corm_diff_new (&strict, from, to, NULL);
  g_autofree char *text = diff_describe (diff);
  assert_string_equal (text, "drop foreign key of u for a while | c1\n"
                             "drop primary key of t | c1\n"
                             "add primary key t (a) | c1?\n"
                             "put foreign key of u back | c1\n");
  const CormChange *back = diff->changes->pdata[3];
  const CormForeignKey *key = back->part;
  assert_string_equal (key->target_columns[0], "id");
  assert_int_equal (key->on_delete, CORM_NO_ACTION);
}

/* What a key says beside its columns, and in brackets how the difference reads. */
#define KEY(members) \
  "'tables': [{'name': 't', 'columns': [{'name': 'a'}, {'name': 'b'}], 'primary_key': {'columns': ['a', " \
  "'b']}, " \
  "'foreign_keys': [{'columns': ['a', 'b'], 'target_table': 't'" members "}]}]"

static void
every_trait_of_a_key_counts (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *other, *words;
  } traits[] = {
    { KEY (", 'on_delete': 'cascade'"), "REFERENCES t (a, b) ON DELETE CASCADE" },
    { KEY (", 'on_update': 'restrict'"), "REFERENCES t (a, b) ON UPDATE RESTRICT" },
    { KEY (", 'deferrable': 'initially deferred'"), "REFERENCES t (a, b) DEFERRABLE INITIALLY DEFERRED" },
    { KEY (", 'match_full': true"), "REFERENCES t (a, b) MATCH FULL" },
    { KEY (", 'target_columns': ['b', 'a']"), "REFERENCES t (b, a)" },
  };
  static const char *const sets[] = { KEY (", 'on_delete': 'set null'"),
                                      KEY (", 'on_delete': 'set null', 'set_columns': ['b']"),
                                      KEY (", 'on_delete': 'set null', 'set_columns': ['a']") };
  static const char anew[] = "drop foreign key of t (a, b) | c1?\nadd foreign key t (a, b) to t | c1\n";
  for (guint i = 0; i < G_N_ELEMENTS (traits); i++) {
    diff_expect (&strict, KEY (""), traits[i].other, anew);
    diff_expect (&strict, traits[i].other, KEY (""), anew);
    diff_expect (&strict, traits[i].other, traits[i].other, "");
    g_autoptr (CormSchema) is = diff_schema (KEY ("")), should = diff_schema (traits[i].other);
    g_autoptr (CormDiff) diff = corm_diff_new (&strict, is, should, NULL);
    g_autofree char *reads =
        g_strdup_printf ("foreign key of t (a, b): REFERENCES t (a, b), the schema says %s", traits[i].words);
    assert_string_equal (((const CormChange *) diff->changes->pdata[0])->difference, reads);
  }
  for (guint i = 0; i < G_N_ELEMENTS (sets) * G_N_ELEMENTS (sets); i++)
    diff_expect (&strict, sets[i / 3], sets[i % 3], i / 3 == i % 3 ? "" : anew);
  diff_expect (&strict, sets[1], KEY (", 'on_delete': 'set null'") ", 'from_models': true", "");
  diff_expect (&strict, KEY (", 'set_columns': ['a', 'b']"), KEY (", 'set_columns': ['b', 'a']"), "");
  diff_expect (&strict, KEY (", 'not_valid': true"), KEY (""), "validate foreign key of t (a, b) | -0?\n");
  diff_expect (&strict, KEY (""), KEY (", 'not_valid': true"), "");
  diff_expect (&strict, KEY (", 'not_valid': true"), KEY (", 'not_valid': true"), "");
}

/* Over the same columns the key with the same target is meant rather than another. */
static void
the_key_with_the_same_target_is_meant (G_GNUC_UNUSED void **state)
{
#define TABLES(keys) \
  "'tables': [{'name': 't', 'columns': [{'name': 'a'}, {'name': 'b'}], 'foreign_keys': [" keys \
  "]}, {'name': 'u', 'columns': [{'name': 'x'}, {'name': 'y'}], 'primary_key': {'columns': ['x', 'y']}}, " \
  "{'name': 'w', 'columns': [{'name': 'x'}, {'name': 'y'}], 'primary_key': {'columns': ['x', 'y']}}]"
#define TO(columns, target) "{'columns': [" columns "], 'target_table': '" target "'}"
#define AB "'a', 'b'"
  diff_expect (&strict, TABLES (TO (AB, "u") ", " TO (AB, "w")), TABLES (TO (AB, "w") ", " TO (AB, "u")), "");
  diff_expect (&strict, TABLES (TO (AB, "u")), TABLES (TO (AB, "w")),
               "drop foreign key of t (a, b) | c1?\nadd foreign key t (a, b) to w | c1\n");
  /* (a, b) and (b, a) point to other rows */
  diff_expect (&strict, TABLES (TO (AB, "u")), TABLES (TO ("'b', 'a'", "u")),
               "drop foreign key of t (b, a) | c1?\nadd foreign key t (b, a) to u | c1\n");
  diff_expect (&strict, TABLES (TO (AB, "u")), TABLES (""), "drop foreign key of t (a, b) to u | c0?\n");
  diff_expect (&strict, TABLES (""), TABLES (TO (AB, "u")), "add foreign key t (a, b) to u | -0?\n");
  diff_expect (&strict, TABLES ("{'columns': ['a'], 'target_table': 'u', 'target_columns': ['x']}"),
               TABLES ("{'columns': ['b'], 'target_table': 'u', 'target_columns': ['x']}"),
               "drop foreign key of t (a) to u | c0?\nadd foreign key t (b) to u | -0?\n");
}

/* A key can be pointed to with its columns in any order. */
static void
the_order_of_a_key_s_columns_says_nothing (G_GNUC_UNUSED void **state)
{
#define NEW(key) \
  "'tables': [{'name': 't', 'columns': [{'name': 'a'}, {'name': 'b'}], " key \
  "}, {'name': 'n', 'columns': [{'name': " \
  "'a'}, {'name': 'b'}], 'foreign_keys': [{'columns': ['a', 'b'], 'target_table': 't', 'target_columns': " \
  "['b', " \
  "'a']}]}]"
#define OLD(key) "'tables': [{'name': 't', 'columns': [{'name': 'a'}, {'name': 'b'}], " key "}]"
#define INDEX "'indexes': [{'name': 'i', 'unique': true, 'parts': [{'sql': 'a'}, {'sql': 'b'}]}]"
  diff_expect (&strict, OLD ("'primary_key': {'columns': ['a', 'b']}"),
               NEW ("'primary_key': {'columns': ['a', 'b']}"), "create table n | -0?\n");
  diff_expect (&strict, OLD ("'uniques': [{'columns': ['a', 'b']}]"),
               NEW ("'uniques': [{'columns': ['a', 'b']}]"), "create table n | -0?\n");
  diff_expect (&strict, OLD (INDEX), NEW (INDEX), "create table n | -0?\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (keys_stand_where_they_can),
    cmocka_unit_test (what_names_none_means_the_key_of_its_side),
    cmocka_unit_test (every_trait_of_a_key_counts),
    cmocka_unit_test (the_order_of_a_key_s_columns_says_nothing),
    cmocka_unit_test (the_key_with_the_same_target_is_meant),
  };
  return cmocka_run_group_tests_name ("diff-foreign-key", tests, NULL, NULL);
}
