/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the catalogues of three databases say of a default is read as what it means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/sys/driver.h>

typedef struct {
  const char *sql;
  CormDefaultKind kind;
  const char *text;
} Case;

static const Case cases[] = {
  { NULL, CORM_DEFAULT_NONE, NULL },
  { "'x'", CORM_DEFAULT_LITERAL, "x" },
  { "'PENDING'::text", CORM_DEFAULT_LITERAL, "PENDING" },
  { "'it''s'::character varying(20)", CORM_DEFAULT_LITERAL, "it's" },
  { "''", CORM_DEFAULT_LITERAL, "" },
  { "'A'::public.\"Status\"", CORM_DEFAULT_LITERAL, "A" },
  { "0", CORM_DEFAULT_LITERAL, "0" },
  { "-1", CORM_DEFAULT_LITERAL, "-1" },
  { "(-1)", CORM_DEFAULT_LITERAL, "-1" },
  { "'-1'::integer", CORM_DEFAULT_LITERAL, "-1" },
  { "(-1.5)::numeric(10,2)", CORM_DEFAULT_LITERAL, "-1.5" },
  { "+1e3", CORM_DEFAULT_LITERAL, "1e3" },
  { ".5", CORM_DEFAULT_LITERAL, ".5" },
  { "TRUE", CORM_DEFAULT_LITERAL, "true" },
  { "false", CORM_DEFAULT_LITERAL, "false" },
  { "NULL", CORM_DEFAULT_NULL, NULL },
  { "NULL::character varying", CORM_DEFAULT_NULL, NULL },
  { "CURRENT_TIMESTAMP", CORM_DEFAULT_NOW, NULL },
  { "current_timestamp(6)", CORM_DEFAULT_NOW, NULL },
  { "current_timestamp()", CORM_DEFAULT_NOW, NULL },
  { "now()", CORM_DEFAULT_NOW, NULL },
  { "(now())::date", CORM_DEFAULT_NOW, NULL },
  { "CURRENT_DATE", CORM_DEFAULT_NOW, NULL },
  { "curdate()", CORM_DEFAULT_NOW, NULL },
  { "(now() AT TIME ZONE 'utc'::text)", CORM_DEFAULT_NOW, NULL },
  { "timezone('utc'::text, now())", CORM_DEFAULT_NOW, NULL },
  { "datetime('now')", CORM_DEFAULT_NOW, NULL },
  { "(datetime( 'now' ))", CORM_DEFAULT_NOW, NULL },
  { "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", CORM_DEFAULT_NOW, NULL },
  { "(rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.'))", CORM_DEFAULT_NOW, NULL },
  { "rtrim(rtrim(strftime('%H:%M:%f','now'),'0'),'.')", CORM_DEFAULT_NOW, NULL },
  { "utc_timestamp(6)", CORM_DEFAULT_NOW, NULL },
  { "curtime(6)", CORM_DEFAULT_NOW, NULL },
  { "LOCALTIME", CORM_DEFAULT_NOW, NULL },
  { "sysdate", CORM_DEFAULT_SQL, "sysdate" },
  { "rtrim('a','0')", CORM_DEFAULT_SQL, "rtrim('a','0')" },
  { "strftime('%s','now')", CORM_DEFAULT_SQL, "strftime('%s','now')" },
  { "datetime('now','localtime')", CORM_DEFAULT_SQL, "datetime('now','localtime')" },
  { "nextval('t_id_seq'::regclass)", CORM_DEFAULT_SQL, "nextval('t_id_seq'::regclass)" },
  { "lower('A'::text)", CORM_DEFAULT_SQL, "lower('A'::text)" },
  { "'a'||'b'", CORM_DEFAULT_SQL, "'a'||'b'" },
  { "1 + 1", CORM_DEFAULT_SQL, "1 + 1" },
  { "(1) + (1)", CORM_DEFAULT_SQL, "(1) + (1)" },
  { "gen_random_uuid()", CORM_DEFAULT_SQL, "gen_random_uuid()" },
  { "nullif(1, 1)", CORM_DEFAULT_SQL, "nullif(1, 1)" },
  { "now() - '1 day'::interval", CORM_DEFAULT_SQL, "now() - '1 day'::interval" },
};

static void
words_of_the_catalogue_are_understood (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = corm_schema_new (NULL);
  CormTableColumn *column = corm_table_add_column (corm_schema_add_table (schema, "t"), "c");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Case *c = &cases[i];
    corm_column_set_default (column, c->sql);
    if (column->default_kind != c->kind || g_strcmp0 (column->default_text, c->text) != 0)
      fail_msg ("%s: kind %d, text %s", c->sql, column->default_kind, column->default_text);
    assert_true (g_strcmp0 (column->default_sql, c->sql) == 0);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (words_of_the_catalogue_are_understood) };
  return cmocka_run_group_tests_name ("default", tests, NULL, NULL);
}
