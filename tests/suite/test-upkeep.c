/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Maintenance and figures, on every database what it has; a damaged file is named, and nothing is made worse. */
#define _GNU_SOURCE
#include "ailments.h"

#include <glib/gstdio.h>
#include <unistd.h>

static CormConnection *
open_with_rows (void **state)
{
  CormConnection *conn = open_place (state);
  run (conn, "CREATE TABLE [It's \"a\"] (id INTEGER NOT NULL PRIMARY KEY, [N] INTEGER, w VARCHAR(100));\n"
             "CREATE INDEX [I x] ON [It's \"a\"] ([N]);\n"
             "CREATE TABLE other (id INTEGER NOT NULL PRIMARY KEY)");
  for (guint i = 0; i < 200; i++) {
    g_autofree char *sql = g_strdup_printf (
        "INSERT INTO [It's \"a\"] VALUES (%u, %u, 'some words to fill a page or two with')", i, i % 4);
    run (conn, sql);
  }
  return conn;
}

static const CormTableStats *
find (const GPtrArray *all, const char *table)
{
  for (guint i = 0; i < all->len; i++)
    if (strcmp (((CormTableStats *) all->pdata[i])->table, table) == 0)
      return all->pdata[i];
  fail_msg ("no figures of %s", table);
  return NULL;
}

static void
figures_are_what_the_tables_hold (void **state)
{
  g_autoptr (CormConnection) conn = open_with_rows (state);
  g_autoptr (GPtrArray) all = NULL;
  assert_ok ((all = corm_stats (conn, NULL, true, error)) != NULL);
  assert_int_equal (all->len, 2);
  const CormTableStats *stats = find (all, "It's \"a\"");
  assert_int_equal (stats->rows, 200);
  assert_true (stats->exact);
  assert_true (stats->bytes > 200 * 20);
  assert_true (stats->index_bytes > 0);
  gboolean found = FALSE;
  for (guint i = 0; i < stats->indexes->len; i++)
    found |= strcmp (((CormIndexStats *) stats->indexes->pdata[i])->name, "I x") == 0;
  assert_true (found);
  g_autoptr (GPtrArray) one = NULL;
  assert_ok ((one = corm_stats (conn, "oth*", false, error)) != NULL);
  assert_int_equal (one->len, 1);
  assert_int_equal (find (one, "other")->rows, 0);
}

static void
maintenance_does_what_the_database_has (void **state)
{
  g_autoptr (CormConnection) conn = open_with_rows (state);
  CormMaintainOptions options = { .tasks = CORM_MAINTAIN_CHECK | CORM_MAINTAIN_ANALYZE |
                                           CORM_MAINTAIN_VACUUM | CORM_MAINTAIN_REINDEX };
  g_autoptr (GPtrArray) steps = NULL, few = NULL;
  run (conn, "DELETE FROM [It's \"a\"] WHERE id > 100");
  assert_ok ((steps = corm_maintain (conn, &options, error)) != NULL);
  guint seen = 0;
  for (guint i = 0; i < steps->len; i++) {
    const CormMaintained *step = steps->pdata[i];
    if (step->outcome != CORM_MAINTAINED_DONE && step->outcome != CORM_MAINTAINED_SKIPPED)
      fail_msg ("%s: %s", step->sql, step->words);
    if (step->outcome == CORM_MAINTAINED_SKIPPED)
      assert_non_null (step->words);
    else
      assert_non_null (step->sql);
    seen |= step->task;
  }
  assert_int_equal (seen, options.tasks);
  g_autofree char *rows = ask (conn, "SELECT count(*) FROM [It's \"a\"]");
  assert_string_equal (rows, "101");
  CormMaintainOptions other = { .tables = "other", .tasks = CORM_MAINTAIN_ANALYZE };
  assert_ok ((few = corm_maintain (conn, &other, error)) != NULL);
  for (guint i = 0; i < few->len; i++)
    assert_true (g_strcmp0 (((CormMaintained *) few->pdata[i])->table, "It's \"a\"") != 0);
}

static void
maintenance_stays_outside_of_transactions (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  g_autoptr (CormTransaction) transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error)) != NULL);
  assert_fails (corm_maintain (conn, NULL, error), CORM_ERROR_INVALID, "end it first");
}

/* --- a damaged file ------------------------------------------------------------------------------------------------ */

/* Writes over the page that holds the middle of the table. */
static void
damage (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize size = 0;
  assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  char *row = memmem (bytes, size, "row number 700 ", strlen ("row number 700 "));
  assert_non_null (row);
  gsize page = (gsize) (row - bytes) / 4096;
  memset (bytes + page * 4096, 0x5a, 200);
  assert_true (g_file_set_contents_full (path, bytes, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
a_damaged_page_is_named (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  if (!g_str_has_prefix (uri, "sqlite:")) {
    g_clear_pointer (&uri, g_free);
    print_message ("# skip no file to damage\n");
    skip ();
  }
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_connection_open_uri (uri, error)) != NULL);
  run (conn, "CREATE TABLE t (id INTEGER PRIMARY KEY, w TEXT)");
  run (conn, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO t "
             "SELECT i, "
             "'row number ' || i || ' with some words behind it' FROM n");
  run (conn, "CREATE TABLE well (id INTEGER PRIMARY KEY)");
  corm_connection_free (conn);
  damage (uri + strlen ("sqlite:"));
  assert_ok ((conn = corm_connection_open_uri (uri, error)) != NULL);
  g_autoptr (CormDiagnosis) diagnosis = examine (conn, NULL);
  assert_true (diagnosis->ailments->len > 0);
  const CormAilment *ailment = diagnosis->ailments->pdata[0];
  assert_int_equal (ailment->kind, CORM_AILMENT_DAMAGE);
  assert_true (ailment->keys->len > 0);
  assert_non_null (strstr (ailment->advice, ".recover"));
  assert_non_null (strstr (ailment->advice, uri + strlen ("sqlite:")));
  assert_true (diagnosis->unseen->len > 0);
  assert_non_null (strstr (diagnosis->unseen->pdata[0], "of t"));
  CormMaintainOptions options = { .tasks = CORM_MAINTAIN_CHECK | CORM_MAINTAIN_VACUUM };
  g_autoptr (GPtrArray) steps = NULL;
  assert_ok ((steps = corm_maintain (conn, &options, error)) != NULL);
  assert_int_equal (((CormMaintained *) steps->pdata[0])->outcome, CORM_MAINTAINED_DAMAGED);
  for (guint i = 1; i < steps->len; i++)
    assert_int_equal (((CormMaintained *) steps->pdata[i])->outcome, CORM_MAINTAINED_SKIPPED);
  corm_connection_free (conn);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH (figures_are_what_the_tables_hold),
    FRESH (maintenance_does_what_the_database_has),
    FRESH (maintenance_stays_outside_of_transactions),
    FRESH (a_damaged_page_is_named),
  };
  return cmocka_run_group_tests_name ("upkeep", tests, NULL, fresh_end);
}
