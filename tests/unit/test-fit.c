/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a dialect cannot say goes out of a schema, and is noted; what it can say stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "render/fit.h"

#include <string.h>

static const CormDialect here = {
  .name = "here", .quote = '`', .key_text = "varchar(255)", .types = { [CORM_TYPE_TEXT] = "text" }
};
static const CormDialect rich = { .name = "rich",
                                  .quote = '"',
                                  .caps = CORM_CAP_PARTIAL_INDEX | CORM_CAP_EXPRESSION_INDEX |
                                          CORM_CAP_NATIVE_ENUM | CORM_CAP_DEFERRABLE |
                                          CORM_CAP_DESCENDING_INDEX | CORM_CAP_VIRTUAL_COLUMN };

/* A schema of @dialect (NULL: neutral), fitted; the notes go to @notes, each with a newline. */
static CormSchema *
fit (const CormDialect *to, const char *dialect, const char *table, char **notes)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *head = dialect != NULL ? g_strdup_printf ("'dialect': '%s',", dialect) : g_strdup ("");
  g_autofree char *text = g_strdup_printf ("{'corm_schema': 1, %s 'tables': [%s]}", head, table);
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_strdelimit (json, "^", '\'');
  g_autoptr (CormSchema) schema = corm_schema_from_json (json, &error);
  if (schema == NULL)
    fail_msg ("%s: %s", json, error->message);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  CormSchema *fitted = corm_schema_fit (schema, to, lines, &error);
  assert_non_null (fitted);
  g_ptr_array_add (lines, NULL);
  if (notes != NULL)
    *notes = g_strjoinv ("\n", (char **) lines->pdata);
  assert_string_equal (fitted->dialect, to->name);
  return fitted;
}

static const char table[] =
    "{'name': 't', 'strict': true, 'columns': ["
    "{'name': 'a', 'type': 'int64', 'type_sql': 'NUMBER', 'default_kind': 'literal', 'default_text': '5', "
    "'default_sql': '5::x'},"
    "{'name': 'B', 'type': 'text', 'collation': 'odd', 'default_kind': 'sql', 'default_text': 'odd()'}],"
    "'primary_key': {'name': 'pk', 'columns': ['a']},"
    "'checks': [{'name': 'easy', 'sql': '[a] >= 0 AND length(B) <> 3'}, {'name': 'hard', 'sql': 'odd(a)'},"
    "{'name': 'cast', 'sql': 'a > 0::bigint'}],"
    "'indexes': [{'name': 'i', 'sql': 'CREATE …', 'where': 'a > 0', 'parts': [{'sql': 'a', 'descending': "
    "true}]},"
    "{'name': 'e', 'parts': [{'sql': 'lower(B)', 'is_expression': true}]}]}";

static void
its_own_words_stay (G_GNUC_UNUSED void **state)
{
  g_autofree char *notes = NULL;
  g_autoptr (CormSchema) schema = fit (&rich, "rich", table, &notes);
  const CormTable *t = schema->tables->pdata[0];
  assert_string_equal (notes, "");
  assert_true (t->strict);
  assert_string_equal (corm_table_find_column (t, "a")->type_sql, "NUMBER");
  assert_string_equal (corm_table_find_column (t, "a")->default_sql, "5::x");
  assert_int_equal (t->checks->len, 3);
  assert_string_equal (t->primary_key->name, "pk");
}

static void
words_of_another_dialect_go (G_GNUC_UNUSED void **state)
{
  g_autofree char *notes = NULL;
  g_autoptr (CormSchema) schema = fit (&rich, "other", table, &notes);
  const CormTable *t = schema->tables->pdata[0];
  const CormTableColumn *a = corm_table_find_column (t, "a");
  assert_string_equal (notes, "collation odd of column t.B: left out\n"
                              "default of column B of table t: left out: odd()\n"
                              "check hard of table t: left out: odd(a)\n"
                              "check cast of table t: left out: a > 0::bigint");
  assert_null (a->type_sql);
  assert_null (a->default_sql);
  assert_string_equal (a->default_text, "5");
  assert_int_equal (corm_table_find_column (t, "B")->default_kind, CORM_DEFAULT_NONE);
  assert_false (t->strict);
  assert_null (t->primary_key->name);
  assert_int_equal (t->checks->len, 1);
  assert_string_equal (((CormCheck *) t->checks->pdata[0])->sql, "a >= 0 and length ( \"B\" ) <> 3");
}

static void
indexes_are_as_plain_as_needed (G_GNUC_UNUSED void **state)
{
  g_autofree char *notes = NULL;
  g_autoptr (CormSchema) schema = fit (&here, "other", table, &notes);
  const CormTable *t = schema->tables->pdata[0];
  assert_int_equal (t->indexes->len, 1);
  const CormTableIndex *index = t->indexes->pdata[0];
  assert_null (index->where);
  assert_null (index->sql);
  assert_false (((CormIndexPart *) index->parts->pdata[0])->descending);
  assert_non_null (strstr (notes, "index e of table t: left out"));
}

#define LABELS "'labels': ['A', 'it^s']"

static void
labels_become_a_check_where_no_type_holds_them (G_GNUC_UNUSED void **state)
{
  const char *column =
      "{'name': 't', 'columns': [{'name': 's', 'type': 'enum', 'enum_type': 'e', " LABELS "}]}";
  g_autoptr (CormSchema) plain = fit (&here, NULL, column, NULL);
  g_autoptr (CormSchema) native = fit (&rich, NULL, column, NULL);
  const CormTable *t = plain->tables->pdata[0];
  assert_int_equal (t->checks->len, 1);
  assert_string_equal (((CormCheck *) t->checks->pdata[0])->name, "ck_t_s");
  assert_string_equal (((CormCheck *) t->checks->pdata[0])->sql, "s IN ('A', 'it''s')");
  assert_int_equal (((CormTable *) native->tables->pdata[0])->checks->len, 0);
}

static void
a_check_of_the_column_and_its_labels_live_together (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = fit (&here, NULL,
                                       "{'name': 't', 'columns': [{'name': 's', 'type': 'enum', " LABELS
                                       "}], 'checks': [{'name': 'ck_t_s', 'sql': 's > 0'}]}",
                                       NULL);
  const CormTable *t = schema->tables->pdata[0];
  assert_int_equal (t->checks->len, 2);
  assert_string_equal (((CormCheck *) t->checks->pdata[1])->name, "ck_t_s_labels");
}

static void
both_ends_of_a_key_have_one_type (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema =
      fit (&here, "other",
           "{'name': 'p', 'columns': [{'name': 'k', 'type': 'text'}]},"
           "{'name': 't', 'columns': [{'name': 'r', 'type': 'int64'}],"
           "'foreign_keys': [{'columns': ['r'], 'target_table': 'p', 'target_columns': ['k']}]}",
           NULL);
  assert_int_equal (corm_table_find_column (schema->tables->pdata[1], "r")->type.type, CORM_TYPE_TEXT);
  assert_string_equal (corm_table_find_column (schema->tables->pdata[0], "k")->type_sql, "varchar(255)");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (its_own_words_stay),
    cmocka_unit_test (words_of_another_dialect_go),
    cmocka_unit_test (indexes_are_as_plain_as_needed),
    cmocka_unit_test (labels_become_a_check_where_no_type_holds_them),
    cmocka_unit_test (a_check_of_the_column_and_its_labels_live_together),
    cmocka_unit_test (both_ends_of_a_key_have_one_type),
  };
  return cmocka_run_group_tests_name ("fit", tests, NULL, NULL);
}
