/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The round-trip table: every type, every edge value, every backend. A value goes in by insert and by bulk load, comes out
 * by key and in a list, and is found by a predicate. A cell is "exact", or the name of an error; anything else is lossy,
 * and no cell may be. The table is written to the build folder and compared with doc/manual/types-table.md. */
#include "types.h"

#include "../lib/place.h"
#include "markdown.h"

#define N_BACKENDS 6
static char *results[G_N_ELEMENTS (cells)][N_BACKENDS]; /* NULL: did not run */
static char *column_types[G_N_ELEMENTS (every_types)][N_BACKENDS];

static guint
number_of (const Suite *suite)
{
  guint b = 0;
  while (!g_str_equal (places_backends ()[b], suite->backend))
    b++;
  return b;
}

/* NULL: all members of both are the same; else what is not. Free with g_free(). */
static char *
lost (const Every *in, const Every *out)
{
  for (guint i = 0; i < G_N_ELEMENTS (every_columns); i++)
    if (!every_same (&every_columns[i], in, out)) {
      g_autoptr (GString) text = g_string_new (NULL);
      CormValue value = every_value_of (&every_columns[i], out);
      corm_value_append_text (&value, text);
      return g_strdup_printf ("LOSSY %s is %.60s", every_columns[i].name, text->str);
    }
  return NULL;
}

/* --- ways in and out ---------------------------------------------------------------------------------------------- */

/* The name of the error; that it doesn't say which column is a fault. */
static char *
name_error (const GError *error, const Cell *cell)
{
  const char *column = every_column_at (cell->offset)->name;
  if (error->domain != CORM_ERROR || error->code == CORM_ERROR_FAILED || error->code == CORM_ERROR_CONNECTION)
    return g_strdup_printf ("LOSSY without a named error: %s", error->message);
  if (strstr (error->message, "every") == NULL || strstr (error->message, column) == NULL)
    return g_strdup_printf ("LOSSY error without table and column: %s", error->message);
  return g_strdup (corm_error_name (error->code));
}

/* NULL: went in and came out; else the error's name, or what is wrong. */
static char *
by_insert (CormConnection *conn, const Cell *cell, Every *row)
{
  g_autoptr (GError) error = NULL;
  if (!corm_insert_row (&Every_model, conn, row, &error))
    return name_error (error, cell);
  Every *out = corm_get_row (&Every_model, conn, row, &error);
  if (out == NULL)
    return g_strdup_printf ("LOSSY %s", error->message);
  char *fault = lost (row, out);
  corm_row_free (out);
  return fault;
}

/* The same for the predicate that finds the row. */
static char *
by_predicate (CormConnection *conn, const Cell *cell, const Every *row)
{
  g_autoptr (GError) error = NULL;
  CormValue value = every_value_of (every_column_at (cell->offset), row);
  CormExpr equal = { .kind = value.is_null ? CORM_EXPR_IS_NULL : CORM_EXPR_EQ,
                     .model = &Every_model,
                     .offset = cell->offset,
                     .value = value };
  g_autoptr (CormRows) rows =
      corm_find (Every, conn, &error, .where = CORM_ALL (CORM_EQ (Every, id, row->id), equal));
  if (rows == NULL)
    return name_error (error, cell);
  if (corm_rows_get_length (rows) != 1)
    return g_strdup ("LOSSY the predicate does not find it");
  return lost (row, corm_rows_get (rows, 0));
}

static char *
by_bulk (CormConnection *conn, const Cell *cell, Every *row)
{
  g_autoptr (GError) error = NULL;
  Every key = { .id = row->id + 1000 };
  row->id = key.id;
  if (!corm_bulk_insert (Every, conn, row, 1, &error))
    return name_error (error, cell);
  Every *out = corm_get_row (&Every_model, conn, &key, &error);
  if (out == NULL)
    return g_strdup_printf ("LOSSY %s", error->message);
  char *fault = lost (row, out);
  corm_row_free (out);
  return fault;
}

/* Free with g_free(). */
static char *
take_round (CormConnection *conn, const Cell *cell, gint64 id)
{
  Every row = cell->row, load = cell->row;
  row.id = load.id = id;
  g_autofree char *inserted = by_insert (conn, cell, &row);
  g_autofree char *loaded = by_bulk (conn, cell, &load);
  if (g_strcmp0 (inserted, loaded) != 0)
    return g_strdup_printf ("LOSSY insert: %s, bulk load: %s", inserted != NULL ? inserted : "exact",
                            loaded != NULL ? loaded : "exact");
  if (inserted != NULL)
    return g_steal_pointer (&inserted);
  g_autofree char *found = by_predicate (conn, cell, &row);
  if (found == NULL || strstr (found, "LOSSY") != NULL)
    return g_strdup (found != NULL ? found : "exact");
  return g_strdup_printf ("exact; compared: %s", found);
}

/* --- cases -------------------------------------------------------------------------------------------------------- */

static void
no_cell_is_lossy (Suite *suite)
{
  guint backend = number_of (suite), n_lossy = 0;
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++) {
    char **result = &results[i][backend];
    *result = take_round (suite->conn, &cells[i], i + 1);
    if (strstr (*result, "LOSSY") == NULL)
      continue;
    n_lossy++;
    print_message ("# %s, %s: %s\n", every_column_at (cells[i].offset)->name, cells[i].value, *result);
  }
  if (n_lossy > 0)
    fail_msg ("%u lossy cells", n_lossy);
}

static void
odd_floats_are_as_the_capabilities_say (Suite *suite)
{
  static const struct {
    guint cap;
    double value;
  } odd[] = {
    { CORM_CAP_NAN, NAN },
    { CORM_CAP_INFINITY, INFINITY },
    { CORM_CAP_INFINITY, -INFINITY },
    { CORM_CAP_NEGATIVE_ZERO, -0.0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    Every row = { .id = i + 1, .float64 = CORM_SOME (odd[i].value) };
    if (suite->caps & odd[i].cap)
      assert_ok (corm_insert_row (&Every_model, suite->conn, &row, error));
    else
      assert_fails (corm_insert_row (&Every_model, suite->conn, &row, error), CORM_ERROR_CONVERSION,
                    "float64");
  }
}

/* All that went in alone go in together. */
static void
a_load_of_all_values (Suite *suite)
{
  g_autofree Every *rows = g_new0 (Every, G_N_ELEMENTS (cells));
  gsize n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++) {
    Every row = cells[i].row;
    row.id = i + 1;
    if (corm_insert_row (&Every_model, suite->conn, &row, NULL))
      rows[n++] = row;
  }
  assert_true (n > G_N_ELEMENTS (cells) / 2);
  assert_ok (corm_delete_where (Every, suite->conn, NULL, error, .where = CORM_GT (Every, id, 0)));
  assert_ok (corm_bulk_insert (Every, suite->conn, rows, n, error));
  g_autoptr (CormRows) found = NULL;
  assert_ok ((found = corm_find (Every, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Every, id)))) !=
             NULL);
  assert_int_equal (corm_rows_get_length (found), n);
  for (gsize i = 0; i < n; i++) {
    g_autofree char *fault = lost (&rows[i], corm_rows_get (found, i));
    if (fault != NULL)
      fail_msg ("%s, %s", cells[rows[i].id - 1].value, fault);
  }
}

static void
a_cursor_gives_all_values (Suite *suite)
{
  gsize n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++) {
    Every row = cells[i].row;
    row.id = i + 1;
    if (corm_insert_row (&Every_model, suite->conn, &row, NULL))
      n++;
  }
  const Every *out;
  g_autoptr (CormCursor) cursor = NULL;
  assert_ok ((cursor = corm_cursor (Every, suite->conn, error, )) != NULL);
  for (g_autoptr (GError) error = NULL; (out = corm_next (Every, cursor, &error)) != NULL; n--) {
    Every in = cells[out->id - 1].row;
    in.id = out->id;
    g_autofree char *fault = lost (&in, out);
    if (fault != NULL)
      fail_msg ("%s, %s", cells[out->id - 1].value, fault);
  }
  assert_int_equal (n, 0);
}

static void
columns_have_types (Suite *suite)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (suite->conn, error)) != NULL);
  const CormTable *table = corm_schema_find_table (schema, "every");
  assert_non_null (table);
  for (guint i = 0; i < G_N_ELEMENTS (every_types); i++) {
    const char *name = every_column_at (every_types[i].offset)->name;
    for (guint j = 0; j < table->columns->len; j++) {
      const CormTableColumn *column = table->columns->pdata[j];
      if (g_str_equal (column->name, name))
        column_types[i][number_of (suite)] = g_strdup (column->type_sql);
    }
    assert_non_null (column_types[i][number_of (suite)]);
  }
}

/* --- the table ------------------------------------------------------------------------------------------------------ */

static const char *
type_name (gsize offset)
{
  for (guint i = 0; i < G_N_ELEMENTS (every_types); i++)
    if (every_types[i].offset == offset)
      return every_types[i].type;
  return NULL;
}

static Markdown *
table_of_columns (void)
{
  const char *const heads[] = { "type", "members", "SQLite", "PostgreSQL", "MariaDB", NULL };
  Markdown *table = markdown_new ("Columns", heads, 2);
  for (guint i = 0; i < G_N_ELEMENTS (every_types); i++)
    markdown_add (table, (const char *const[]){ every_types[i].type, every_types[i].member,
                                                column_types[i][0], column_types[i][1], column_types[i][2] });
  return table;
}

static Markdown *
table_of_values (void)
{
  const char *heads[N_BACKENDS + 3] = { "type", "value" };
  memcpy (heads + 2, places_backends (), N_BACKENDS * sizeof *heads);
  Markdown *table = markdown_new ("Values", heads, 2);
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++) {
    const char *row[N_BACKENDS + 2] = { type_name (cells[i].offset), cells[i].value };
    memcpy (row + 2, results[i], N_BACKENDS * sizeof *row);
    markdown_add (table, row);
  }
  return table;
}

static void
the_table_is_the_committed_one (G_GNUC_UNUSED void **state)
{
  if (g_getenv ("CORM_TEST_SRCDIR") == NULL || g_getenv ("CORM_TEST_BUILDDIR") == NULL)
    suite_skip ("CORM_TEST_SRCDIR and CORM_TEST_BUILDDIR are not set");
  Markdown *tables[] = { table_of_columns (), table_of_values (), NULL };
  g_autofree char *different = markdown_keep (
      "types-table.md", "<!-- Written by tests/suite/test-types; make types-table brings it here. -->\n",
      tables);
  for (guint i = 0; tables[i] != NULL; i++)
    markdown_free (tables[i]);
  if (different != NULL)
    fail_msg ("doc/manual/types-table.md is not what was found: run make types-table\n%s", different);
}

int
main (void)
{
  static const SuiteCase suite_cases[] = {
    { "no cell is lossy", no_cell_is_lossy, 0 },
    { "odd floats are as the capabilities say", odd_floats_are_as_the_capabilities_say, 0 },
    { "a load of all values", a_load_of_all_values, 0 },
    { "a cursor gives all values", a_cursor_gives_all_values, 0 },
    { "columns have types", columns_have_types, 0 },
  };
  static const struct CMUnitTest table_cases[] = { cmocka_unit_test (the_table_is_the_committed_one) };
  fill_long_values ();
  int failed = SUITE_RUN (every_models, suite_cases);
  if (g_getenv ("CORM_TEST_CASES") == NULL)
    failed += cmocka_run_group_tests_name ("table", table_cases, NULL, NULL);
  for (guint b = 0; b < N_BACKENDS; b++) {
    for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
      g_free (results[i][b]);
    for (guint i = 0; i < G_N_ELEMENTS (every_types); i++)
      g_free (column_types[i][b]);
  }
  return failed;
}
