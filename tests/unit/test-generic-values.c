/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every type through libdbi and back, over each database: a value comes back as it went in, or is refused by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/statement.h"
#include "render/ddl.h"

#include "../lib/generic-fixture.h"
#include "../lib/watched.h"

#include <math.h>
#include <string.h>

static void
add_number (GArray *values, CormType type, gint64 i, double d)
{
  CormValue value = { .type = type, .i = i };
  if (type == CORM_TYPE_FLOAT32 || type == CORM_TYPE_FLOAT64)
    value.d = d;
  g_array_append_val (values, value);
}

static void
add_text (GArray *values, CormType type, const char *text, gsize size)
{
  CormValue value = { .type = type, .data = text, .size = size };
  g_array_append_val (values, value);
}

static void
add_integers (GArray *values, CormType type)
{
  static const gint64 numbers[][4] = {
    [CORM_TYPE_BOOLEAN] = { 0, 1, 0, 1 },
    [CORM_TYPE_INT16] = { G_MININT16, -1, 0, G_MAXINT16 },
    [CORM_TYPE_INT32] = { G_MININT32, -1, 0, G_MAXINT32 },
    [CORM_TYPE_INT64] = { G_MININT64, 9007199254740993, 5000000000, G_MAXINT64 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (numbers[type]); i++)
    add_number (values, type, numbers[type][i], 0);
}

static void
add_floats (GArray *values, CormType type)
{
  static const double single[] = { 0.1f, -3.4028234663852886e38, 1.17549435e-38f, 16777217.0f, 0 };
  static const double full[] = { 0.1 + 0.2,
                                 -1.7976931348623157e308,
                                 2.2250738585072014e-308,
                                 5e-324,
                                 9007199254740993.0,
                                 1.0 / 3,
                                 -0.0,
                                 INFINITY,
                                 -INFINITY,
                                 NAN };
  gboolean is_single = type == CORM_TYPE_FLOAT32;
  for (guint i = 0; i < (is_single ? G_N_ELEMENTS (single) : G_N_ELEMENTS (full)); i++) {
    double value = is_single ? single[i] : full[i];
    /* SQLite reads numbers with long doubles, which have 64 bits there. */
    gboolean is_wide = isfinite (value) && value != 0 && (fabs (value) > 1e20 || fabs (value) < 1e-20);
    if (!is_wide || !runs_under_valgrind ())
      add_number (values, type, 0, value);
  }
}

static void
add_times (GArray *values, CormType type)
{
  static const gint64 day = G_GINT64_CONSTANT (86400000000);
  if (type == CORM_TYPE_DATE) {
    add_number (values, type, CORM_FIRST_DAY, 0);
    add_number (values, type, -1, 0);
    add_number (values, type, CORM_LAST_DAY, 0);
  } else if (type == CORM_TYPE_TIME) {
    add_number (values, type, 0, 0);
    add_number (values, type, 1, 0);
    add_number (values, type, day - 1, 0);
  } else {
    add_number (values, type, CORM_FIRST_DAY * day, 0);
    add_number (values, type, -1, 0);
    add_number (values, type, 1767323045678901, 0);
    add_number (values, type, CORM_LAST_DAY * day + day - 1, 0);
  }
}

static void
add_texts (GArray *values, CormType type)
{
  static const char *const texts[] = { "", "plain",
                                       "it's \"quoted\" \\ back\\'slash -- /* no comment */ ? $1 :name ;",
                                       "(((((((((( select * from x where ( ", "😀 größe\n\r\t\x1a%_" };
  static const char *const decimals[] = { "0", "-12.50", "1234567890123456789012345678.0123456789",
                                          "-0.0000000001" };
  static const char json[] = "{\"a\": [1, \"'\\\\\\\"\", null]}", bytes[] = "\0\1\377'\"\\ \0abc\0de";
  if (type == CORM_TYPE_JSON) {
    add_text (values, type, json, strlen (json));
    return;
  }
  if (type == CORM_TYPE_BYTES) {
    add_text (values, type, "", 0);
    add_text (values, type, bytes, sizeof bytes);
    return;
  }
  gboolean is_decimal = type == CORM_TYPE_DECIMAL;
  for (guint i = 0; i < (is_decimal ? G_N_ELEMENTS (decimals) : G_N_ELEMENTS (texts)); i++)
    add_text (values, type, is_decimal ? decimals[i] : texts[i],
              strlen (is_decimal ? decimals[i] : texts[i]));
}

static GArray *
values_of (const CormSqlType *type)
{
  GArray *values = g_array_new (FALSE, TRUE, sizeof (CormValue));
  CormValue null = { .type = type->type, .is_null = true }, uuid = { .type = CORM_TYPE_UUID };
  uuid.uuid = corm_uuid_random ();
  g_array_append_val (values, null);
  if (type->type <= CORM_TYPE_INT64)
    add_integers (values, type->type);
  else if (type->type <= CORM_TYPE_FLOAT64)
    add_floats (values, type->type);
  else if (type->type >= CORM_TYPE_DATE && type->type <= CORM_TYPE_LOCAL_TIMESTAMP)
    add_times (values, type->type);
  else if (type->type == CORM_TYPE_UUID)
    g_array_append_val (values, uuid);
  else
    add_texts (values, type->type);
  return values;
}

static void
append_placeholder (GString *sql, const CormDialect *dialect, guint n, CormType type)
{
  const char *cast = dialect->param_cast[type] != NULL ? dialect->param_cast[type] : "{}";
  g_autofree char *bare =
      dialect->placeholder == CORM_PLACEHOLDER_DOLLAR ? g_strdup_printf ("$%u", n) : g_strdup ("?");
  g_auto (GStrv) parts = g_strsplit (cast, "{}", -1);
  g_autofree char *text = g_strjoinv (bare, parts);
  g_string_append (sql, text);
}

static CormStatement *
prepare (CormConnection *conn, const char *sql, guint n_params, const CormSqlType *params, guint n_columns,
         const CormSqlType *columns)
{
  CormStatementKey key = { .sql = sql };
  CormStatementSpec spec = { sql, n_params, params, n_columns, columns, false };
  g_autoptr (GError) error = NULL;
  CormStatement *statement = corm_statement_prepare (conn, &key, &spec, &error);
  if (statement == NULL)
    fail_msg ("%s: %s", sql, error->message);
  return statement;
}

static void
make_table (CormConnection *conn, const CormSqlType *type)
{
  CormTableColumn column = { .name = (char *) "v", .type = *type };
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE generic_values (id BIGINT, v ");
  corm_render_type (sql, corm_connection_get_dialect (conn), &column);
  g_string_append_c (sql, ')');
  generic_run (conn, "DROP TABLE IF EXISTS generic_values");
  generic_run (conn, sql->str);
}

/* By a filter too: what was sent equals what was stored. */
static char *
select_sql (const CormDialect *dialect, CormType type)
{
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  const char *cast = dialect->select_cast[type] != NULL ? dialect->select_cast[type] : "{}";
  g_auto (GStrv) parts = g_strsplit (cast, "{}", -1);
  g_autofree char *column = g_strjoinv ("v", parts);
  g_string_append_printf (sql, "%s FROM generic_values WHERE id = ", column);
  append_placeholder (sql, dialect, 1, CORM_TYPE_INT64);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static void
check_value (CormConnection *conn, const char *name, const CormSqlType *type, gint64 id,
             const CormValue *value)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  CormSqlType id_type = { .type = CORM_TYPE_INT64 };
  CormSqlType types[] = { id_type, *type };
  CormValue values[] = { corm_value_int (id), *value };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) insert = g_string_new ("INSERT INTO generic_values (id, v) VALUES (");
  append_placeholder (insert, dialect, 1, CORM_TYPE_INT64);
  g_string_append (insert, ", ");
  append_placeholder (insert, dialect, 2, type->type);
  g_string_append_c (insert, ')');
  g_autoptr (CormStatement) write = prepare (conn, insert->str, 2, types, 0, NULL);
  if (!corm_statement_execute (write, values, FALSE, &error)) {
    g_autoptr (GString) text = g_string_new (NULL);
    corm_value_append_text (value, text);
    print_message ("# %s, %s: %s is refused: %s\n", name, corm_type_name (type->type), text->str,
                   error->message);
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
    assert_true (type->type == CORM_TYPE_FLOAT64);
    return;
  }
  assert_int_equal (corm_statement_get_n_changed (write), 1);
  g_autofree char *select = select_sql (dialect, type->type);
  g_autoptr (CormStatement) read = prepare (conn, select, 1, &id_type, 1, type);
  const CormValue *row;
  if (!corm_statement_execute (read, values, FALSE, &error) ||
      corm_statement_step (read, &row, &error) != CORM_STEP_ROW)
    fail_msg ("%s, %s: %s", name, corm_type_name (type->type), error != NULL ? error->message : "no row");
  if (corm_value_equal (row, value))
    return;
  g_autoptr (GString) text = g_string_new (NULL);
  corm_value_append_text (value, text);
  g_string_append (text, " came back as ");
  corm_value_append_text (row, text);
  fail_msg ("%s, %s: %s", name, corm_type_name (type->type), text->str);
}

static void
check_all_types (CormConnection *conn, const char *name)
{
  static const CormSqlType types[] = {
    { .type = CORM_TYPE_BOOLEAN },
    { .type = CORM_TYPE_INT16 },
    { .type = CORM_TYPE_INT32 },
    { .type = CORM_TYPE_INT64 },
    { .type = CORM_TYPE_FLOAT32 },
    { .type = CORM_TYPE_FLOAT64 },
    { .type = CORM_TYPE_DECIMAL, .precision = 38, .scale = 10 },
    { .type = CORM_TYPE_TEXT },
    { .type = CORM_TYPE_TEXT, .length = 200 },
    { .type = CORM_TYPE_BYTES },
    { .type = CORM_TYPE_DATE },
    { .type = CORM_TYPE_TIME },
    { .type = CORM_TYPE_TIMESTAMP },
    { .type = CORM_TYPE_LOCAL_TIMESTAMP },
    { .type = CORM_TYPE_UUID },
    { .type = CORM_TYPE_JSON },
    { .type = CORM_TYPE_RAW },
  };
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    make_table (conn, &types[i]);
    g_autoptr (GArray) values = values_of (&types[i]);
    for (guint v = 0; v < values->len; v++)
      check_value (conn, name, &types[i], v, &g_array_index (values, CormValue, v));
  }
  generic_run (conn, "DROP TABLE generic_values");
}

static void
values_come_back_as_they_went_in (G_GNUC_UNUSED void **state)
{
  generic_for_each (check_all_types);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (values_come_back_as_they_went_in) };
  return cmocka_run_group_tests_name ("generic-values", tests, NULL, NULL);
}
