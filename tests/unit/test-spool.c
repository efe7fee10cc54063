/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows on the disk come back as they went in, by table, also from a place in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exchange/spool.h"

#include <string.h>

static void
rows_of_two_tables (G_GNUC_UNUSED void **state)
{
  enum { ROWS = 3000 };
  CormSpoolPart parts[2];
  CormSpoolPlace middle = { 0 };
  guint64 tag = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSpool) spool = corm_spool_new (&error);
  assert_non_null (spool);
  corm_spool_part_init (&parts[0], 3);
  corm_spool_part_init (&parts[1], 1);
  g_autofree char *large = g_strnfill (100000, 'x');
  for (guint i = 0; i < ROWS; i++) {
    CormValue row[] = { corm_value_int (i),
                        i % 2 != 0 ? corm_value_null () : corm_value_text (i == 1000 ? large : "text"),
                        { .type = (CormType) CORM_SPOOL_ABSENT } };
    CormValue other = corm_value_double (i / 8.0);
    assert_true (corm_spool_add (spool, &parts[0], row, i + 1, &error));
    if (i % 3 == 0)
      assert_true (corm_spool_add (spool, &parts[1], &other, i, &error));
  }
  assert_true (corm_spool_end (spool, &error));
  assert_int_equal (parts[0].n_rows, ROWS);
  for (guint pass = 0; pass < 2; pass++) {
    CormSpoolPlace place = pass == 0 ? corm_spool_begin (&parts[0]) : middle;
    for (guint i = pass == 0 ? 0 : 999; i < ROWS; i++) {
      if (i == 999)
        middle = place;
      const CormValue *row = corm_spool_next (spool, &place, &tag, &error);
      assert_non_null (row);
      assert_int_equal (tag, i + 1);
      assert_int_equal (row[0].i, i);
      assert_true (row[1].is_null == (i % 2 != 0));
      assert_true (row[1].is_null || row[1].size == (i == 1000 ? 100000 : 4));
      assert_int_equal (row[2].type, CORM_SPOOL_ABSENT);
    }
    assert_null (corm_spool_next (spool, &place, &tag, &error));
  }
  CormSpoolPlace place = corm_spool_begin (&parts[1]);
  for (guint i = 0; i < ROWS; i += 3)
    assert_true (corm_spool_next (spool, &place, &tag, &error)->d == i / 8.0);
  assert_null (corm_spool_next (spool, &place, &tag, &error));
  assert_null (error);
  corm_spool_part_clear (&parts[0]);
  corm_spool_part_clear (&parts[1]);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (rows_of_two_tables) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
