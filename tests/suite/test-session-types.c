/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every edge value of every type through a session: all that a database takes one by one goes in by one flush, and takes
 * another row's place by a second one, unchanged. */
#include "types.h"

/* The cells that this database takes, as rows with keys from 1 on. Free with g_free(). */
static Every *
find_good (Suite *suite, guint *n)
{
  Every *rows = g_new0 (Every, G_N_ELEMENTS (cells));
  *n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++) {
    Every row = cells[i].row;
    row.id = *n + 1;
    if (corm_insert_row (&Every_model, suite->conn, &row, NULL))
      rows[(*n)++] = row;
  }
  assert_ok (corm_delete_where (Every, suite->conn, NULL, error, .where = CORM_ALL ()));
  return rows;
}

static void
check_row (CormConnection *conn, const Every *want, gint64 id)
{
  Every *out = NULL, key = { .id = id };
  assert_ok ((out = corm_get_row (&Every_model, conn, &key, error)) != NULL);
  for (guint i = 1; i < G_N_ELEMENTS (every_columns); i++)
    if (!every_same (&every_columns[i], want, out))
      fail_msg ("row %d: %s is another", (int) id, every_columns[i].name);
  corm_row_free (out);
}

static void
all_values_go_in_and_out (Suite *suite)
{
  guint n;
  g_autofree Every *rows = find_good (suite, &n);
  assert_true (n > 130);
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  for (guint i = 0; i < n; i++)
    assert_ok (corm_session_add (Every, session, &rows[i], error));
  assert_ok (corm_session_commit (session, error));
  for (guint i = 0; i < n; i++)
    check_row (suite->conn, &rows[i], rows[i].id);
}

static void
all_values_take_anothers_place (Suite *suite)
{
  guint n;
  g_autofree Every *rows = find_good (suite, &n);
  assert_ok (corm_bulk_insert (Every, suite->conn, rows, n, error));
  for (guint shift = 1; shift < 4; shift++) {
    g_autoptr (CormSession) session = corm_session_new (suite->conn);
    g_autoptr (CormRows) held =
        corm_session_find (Every, session, NULL, .order = CORM_ORDER (CORM_ASC (Every, id)));
    assert_int_equal (corm_rows_get_length (held), n);
    for (guint i = 0; i < n; i++) {
      Every *row = corm_rows_get (held, i);
      assert_int_equal (corm_session_get_state (session, row), CORM_ROW_CLEAN);
      *row = rows[(i + shift) % n];
      row->id = rows[i].id;
    }
    guint64 before = corm_connection_get_n_statements (suite->conn);
    assert_ok (corm_session_commit (session, error));
    guint64 sent = corm_connection_get_n_statements (suite->conn) - before;
    print_message ("# %s: %u rows in %" G_GUINT64_FORMAT " statements\n", suite->backend, n, sent);
    for (guint i = 0; i < n; i++)
      check_row (suite->conn, &rows[(i + shift) % n], rows[i].id);
  }
}

static const SuiteCase cases_of_sessions[] = {
  { "all values go in and out", all_values_go_in_and_out, 0 },
  { "all values take another's place", all_values_take_anothers_place, 0 },
};

int
main (void)
{
  fill_long_values ();
  return SUITE_RUN (every_models, cases_of_sessions);
}
