/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* PostgreSQL's own writing of expressions in words that other databases know, and what has to stay because it would mean
 * something else without its cast. */
#include "../../drivers/dialects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static CormSchema *
make_schema (void)
{
  static const struct {
    const char *name, *type_sql;
    CormType type;
  } columns[] = {
    { "status", "character varying(20)", CORM_TYPE_TEXT },
    { "note", "text", CORM_TYPE_TEXT },
    { "code", "character(3)", CORM_TYPE_TEXT },
    { "price", "numeric(8,2)", CORM_TYPE_DECIMAL },
    { "n", "integer", CORM_TYPE_INT32 },
    { "day", "date", CORM_TYPE_DATE },
    { "Odd name", "text", CORM_TYPE_TEXT },
  };
  CormSchema *schema = corm_schema_new ("pgsql");
  CormTable *table = corm_schema_add_table (schema, "t");
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
    CormTableColumn *column = corm_table_add_column (table, columns[i].name);
    column->type.type = columns[i].type;
    column->type_sql = g_strdup (columns[i].type_sql);
  }
  return schema;
}

static const char *const cases[][2] = {
  { "(price > (0)::numeric)", "(price > 0)" },
  { "(price > '-1.5'::numeric)", "(price > -1.5)" },
  { "(n <> ALL (ARRAY[1, '-2'::integer]))", "(n NOT IN (1, -2))" },
  { "(note = 'it''s :: so'::text)", "(note = 'it''s :: so')" },
  { "((status)::text = ANY ((ARRAY['a'::character varying, 'b]'::character varying])::text[]))",
    "(status IN ('a', 'b]'))" },
  { "(note = ANY (ARRAY['a'::text, 'b'::text]))", "(note IN ('a', 'b'))" },
  { "((\"Odd name\")::text <> ''::text)", "(\"Odd name\" <> '')" },
  { "(lower((note)::text) = note)", "(lower(note) = note)" },
  { "(day >= '2020-01-01'::date)", "(day >= '2020-01-01')" },
  { "((n >= 0) AND (n <= 10))", "((n >= 0) AND (n <= 10))" },
  { "((n)::numeric < price)", "(n < price)" },
  { "((n)::double precision > (1)::double precision)", "(n > 1)" },
  /* what stays */
  { "((n)::numeric / (2)::numeric)", "((n)::numeric / (2)::numeric)" },
  { "(note = (n)::text)", "(note = (n)::text)" },
  { "((code)::text = 'a'::text)", "((code)::text = 'a')" },
  { "((note)::character varying(2) = 'a')", "((note)::character varying(2) = 'a')" },
  { "((price)::integer > 3)", "((price)::integer > 3)" },
  { "(n > (1.5)::integer)", "(n > (1.5)::integer)" },
  { "((price)::double precision > n)", "((price)::double precision > n)" },
  { "(n = ANY (ARRAY[]::integer[]))", "(n = ANY (ARRAY[]))" },
  { "(n = ANY (other))", "(n = ANY (other))" },
  { "(note = 'a", "(note = 'a" },
  { "::", "::" },
  { "", "" },
};

static void
words_of_others (void **state)
{
  (void) state;
  g_autoptr (CormSchema) schema = make_schema ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = corm_pgsql_standard_sql (cases[i][0], corm_schema_find_table (schema, "t"));
    if (strcmp (text, cases[i][1]) != 0)
      fail_msg ("%s\n is %s\n not %s", cases[i][0], text, cases[i][1]);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (words_of_others),
  };
  return cmocka_run_group_tests_name ("PostgreSQL's expressions for others", tests, NULL, NULL);
}
