/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which statements would end a transaction, and which only look like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/dialects.h"
#include "engine/control.h"

static const char *const ending[] = {
  "COMMIT",
  "commit",
  "Commit Work",
  " \n\t;COMMIT;",
  "-- why\nCOMMIT",
  "/* a */ /* b */END",
  "ROLLBACK",
  "rollback work",
  "ROLLBACK TRANSACTION",
  "ROLLBACK;",
  "ABORT",
  "BEGIN",
  "BEGIN IMMEDIATE",
  "START TRANSACTION",
  "start  transaction",
  "PREPARE TRANSACTION 'x'",
};

static const char *const others[] = {
  "",
  " ",
  "--",
  "-- COMMIT",
  "/* COMMIT */",
  "/* COMMIT",
  "SELECT 'COMMIT'",
  "COMMITS",
  "commit_log",
  "\"COMMIT\"",
  "ROLLBACK TO a",
  "ROLLBACK WORK TO SAVEPOINT a",
  "ROLLBACK TRANSACTION TO a",
  "rollback /* x */ to a",
  "SAVEPOINT a",
  "RELEASE SAVEPOINT a",
  "UPDATE begin SET a = 1",
  "BEGIN NOT ATOMIC SELECT 1; END",
  "PREPARE x FROM 'SELECT 1'",
  "ENDS",
};

static void
what_ends_a_transaction (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (ending); i++)
    if (!corm_control_is_transaction (&corm_pgsql_dialect, ending[i]))
      fail_msg ("not seen: %s", ending[i]);
}

static void
what_does_not (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (corm_control_is_transaction (&corm_pgsql_dialect, others[i]))
      fail_msg ("taken for the end of a transaction: %s", others[i]);
}

static void
comments_of_a_dialect (G_GNUC_UNUSED void **state)
{
  assert_true (corm_control_is_transaction (&corm_mysql_dialect, "# x\nCOMMIT"));
  assert_false (corm_control_is_transaction (&corm_sqlite3_dialect, "# x\nCOMMIT"));
}

static void
what_writes (G_GNUC_UNUSED void **state)
{
  static const char *const writing[] = { "INSERT INTO a VALUES (1)",
                                         " /* x */ update a SET b = 1",
                                         "Delete FROM a",
                                         "CREATE TABLE a (b)",
                                         "COMMIT",
                                         "WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x",
                                         "WITH x AS (DELETE FROM a RETURNING b) SELECT * FROM x" };
  static const char *const reading[] = {
    "",
    "SELECT 'INSERT'",
    "inserted",
    "VALUES (1)",
    "BEGIN",
    "ROLLBACK",
    "-- INSERT\nSELECT 1",
    "WITH x AS (SELECT 'delete', \"update\") SELECT last_insert FROM x"
  };
  for (guint i = 0; i < G_N_ELEMENTS (writing); i++)
    if (!corm_control_writes (&corm_pgsql_dialect, writing[i]))
      fail_msg ("not seen: %s", writing[i]);
  for (guint i = 0; i < G_N_ELEMENTS (reading); i++)
    if (corm_control_writes (&corm_pgsql_dialect, reading[i]))
      fail_msg ("taken for one that writes: %s", reading[i]);
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_ends_a_transaction),
    cmocka_unit_test (what_does_not),
    cmocka_unit_test (comments_of_a_dialect),
    cmocka_unit_test (what_writes),
  };
  return cmocka_run_group_tests_name ("control", tests, NULL, NULL);
}
