/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Statements that make events, as a scratch place runs them: none that would run stays so, everything else is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "evolve/scratch.h"

static void
events_are_kept_still (G_GNUC_UNUSED void **state)
{
  static const char *const cases[][2] = {
    { "CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO DELETE FROM t",
      "CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DISABLE DO DELETE FROM t" },
    { "create or replace definer=`do`@`%` event if not exists `on schedule do` on schedule at '2035-01-01' "
      "on completion preserve enable comment 'disable' do begin end",
      "create or replace definer=`do`@`%` event if not exists `on schedule do` on schedule at '2035-01-01' "
      "on completion preserve DISABLE comment 'disable' do begin end" },
    { "CREATE /* event do */ EVENT e ON SCHEDULE EVERY 1 DAY -- do\n COMMENT 'do' DO SELECT 1",
      "CREATE /* event do */ EVENT e ON SCHEDULE EVERY 1 DAY -- do\n DISABLE COMMENT 'do' DO SELECT 1" },
    { "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1", NULL },
    { "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE ON SLAVE DO SELECT 1", NULL },
    { "CREATE TABLE event (schedule int, do int)", NULL },
    { "CREATE TRIGGER event BEFORE INSERT ON schedule FOR EACH ROW DO 1", NULL },
    { "SELECT 1", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *still = corm_scratch_keep_still (cases[i][0]);
    if (g_strcmp0 (still, cases[i][1]) != 0)
      fail_msg ("%s: %s", cases[i][0], still != NULL ? still : "is left alone");
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (events_are_kept_still) };
  return cmocka_run_group_tests_name ("event", tests, NULL, NULL);
}
