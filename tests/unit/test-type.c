/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Names of column types as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/sys/driver.h>

static const struct {
  const char *name;
  CormType type;
  guint length, precision, scale;
} expected[] = {
  { "INTEGER", CORM_TYPE_INT64, 0, 0, 0 },
  { "int(11)", CORM_TYPE_INT32, 0, 0, 0 },
  { "INT UNSIGNED", CORM_TYPE_INT64, 0, 0, 0 },
  { "int(10) unsigned zerofill", CORM_TYPE_INT64, 0, 0, 0 },
  { "bigint", CORM_TYPE_INT64, 0, 0, 0 },
  { "bigint(20) unsigned", CORM_TYPE_DECIMAL, 0, 20, 0 },
  { "UNSIGNED BIG INT", CORM_TYPE_DECIMAL, 0, 20, 0 },
  { "smallint", CORM_TYPE_INT16, 0, 0, 0 },
  { "smallint unsigned", CORM_TYPE_INT32, 0, 0, 0 },
  { "mediumint unsigned", CORM_TYPE_INT32, 0, 0, 0 },
  { "tinyint", CORM_TYPE_INT16, 0, 0, 0 },
  { "tinyint(4)", CORM_TYPE_INT16, 0, 0, 0 },
  { "tinyint(3) unsigned", CORM_TYPE_INT16, 0, 0, 0 },
  { "tinyint(1)", CORM_TYPE_BOOLEAN, 0, 0, 0 },
  { "Boolean", CORM_TYPE_BOOLEAN, 0, 0, 0 },
  { "real", CORM_TYPE_FLOAT64, 0, 0, 0 },
  { "double  precision", CORM_TYPE_FLOAT64, 0, 0, 0 },
  { "double(10,2)", CORM_TYPE_FLOAT64, 0, 0, 0 },
  { "float", CORM_TYPE_FLOAT64, 0, 0, 0 },
  { "FLOAT4", CORM_TYPE_FLOAT32, 0, 0, 0 },
  { "numeric", CORM_TYPE_DECIMAL, 0, 0, 0 },
  { "NUMERIC(10, 2)", CORM_TYPE_DECIMAL, 0, 10, 2 },
  { "decimal(10,2) unsigned", CORM_TYPE_DECIMAL, 0, 10, 2 },
  { "number(5)", CORM_TYPE_DECIMAL, 0, 5, 0 },
  { "numeric(3,-2)", CORM_TYPE_RAW, 0, 0, 0 },
  { "DECIMAL_TEXT(10,2)", CORM_TYPE_DECIMAL, 0, 10, 2 },
  { "text", CORM_TYPE_TEXT, 0, 0, 0 },
  { " varchar ( 20 ) ", CORM_TYPE_TEXT, 20, 0, 0 },
  { "NVARCHAR(160)", CORM_TYPE_TEXT, 160, 0, 0 },
  { "nvarchar(max)", CORM_TYPE_TEXT, 0, 0, 0 },
  { "character varying(20)", CORM_TYPE_TEXT, 20, 0, 0 },
  { "pg_catalog.bpchar(3)", CORM_TYPE_TEXT, 3, 0, 0 },
  { "CHAR(3)", CORM_TYPE_TEXT, 3, 0, 0 },
  { "clob", CORM_TYPE_TEXT, 0, 0, 0 },
  { "longblob", CORM_TYPE_BYTES, 0, 0, 0 },
  { "bytea", CORM_TYPE_BYTES, 0, 0, 0 },
  { "varbinary(16)", CORM_TYPE_BYTES, 0, 0, 0 },
  { "date", CORM_TYPE_DATE, 0, 0, 0 },
  { "time(3)", CORM_TYPE_TIME, 0, 0, 0 },
  { "time with time zone", CORM_TYPE_RAW, 0, 0, 0 },
  { "DATETIME", CORM_TYPE_LOCAL_TIMESTAMP, 0, 0, 0 },
  { "datetime(6)", CORM_TYPE_LOCAL_TIMESTAMP, 0, 0, 0 },
  { "TIMESTAMP", CORM_TYPE_TIMESTAMP, 0, 0, 0 },
  { "timestamptz", CORM_TYPE_TIMESTAMP, 0, 0, 0 },
  { "timestamp(6) with time zone", CORM_TYPE_TIMESTAMP, 0, 0, 0 },
  { "timestamp(6) without time zone", CORM_TYPE_LOCAL_TIMESTAMP, 0, 0, 0 },
  { "uuid", CORM_TYPE_UUID, 0, 0, 0 },
  { "jsonb", CORM_TYPE_JSON, 0, 0, 0 },
  { "JSON_TEXT", CORM_TYPE_JSON, 0, 0, 0 },
  { "enum('a','b)')", CORM_TYPE_ENUM, 0, 0, 0 },
  { "set('a','b')", CORM_TYPE_RAW, 0, 0, 0 },
  { "integer[]", CORM_TYPE_RAW, 0, 0, 0 },
  { "varchar(20)[3]", CORM_TYPE_RAW, 0, 0, 0 },
  { "bit(8)", CORM_TYPE_RAW, 0, 0, 0 },
  { "inet", CORM_TYPE_RAW, 0, 0, 0 },
  { "\"char\"", CORM_TYPE_RAW, 0, 0, 0 },
  { "", CORM_TYPE_RAW, 0, 0, 0 },
  { "(((", CORM_TYPE_RAW, 0, 0, 0 },
  { "varchar(20", CORM_TYPE_TEXT, 20, 0, 0 },
  { "varchar(99999999999999999999)", CORM_TYPE_TEXT, 0, 0, 0 },
  { NULL, CORM_TYPE_RAW, 0, 0, 0 },
};

static void
names_have_their_type (G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    CormSqlType type = corm_sql_type_parse (expected[i].name);
    if (type.type != expected[i].type || type.length != expected[i].length ||
        type.precision != expected[i].precision || type.scale != expected[i].scale)
      fail_msg ("'%s' is %s, length %u, (%u,%u)", expected[i].name, corm_type_name (type.type), type.length,
                type.precision, type.scale);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (names_have_their_type) };
  return cmocka_run_group_tests_name ("type", tests, NULL, NULL);
}
