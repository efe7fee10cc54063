/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Of the positions that are known to be late enough, the earliest; the ring forgets the oldest. */
#include "engine/samples.h"

#include "engine.h"

#define GAP CORM_SAMPLE_GAP_US

static void
the_earliest_that_is_late_enough (G_GNUC_UNUSED void **state)
{
  CormSamples samples = { 0 };
  assert_null (corm_samples_find (&samples, 0));
  corm_samples_keep (&samples, "a", 1);
  corm_samples_keep (&samples, "b", 1 + GAP);
  corm_samples_keep (&samples, "c", 1 + 2 * GAP);
  assert_string_equal (corm_samples_find (&samples, 0), "a");
  assert_string_equal (corm_samples_find (&samples, 1), "a");
  assert_string_equal (corm_samples_find (&samples, 2), "b");
  assert_string_equal (corm_samples_find (&samples, 1 + 2 * GAP), "c");
  assert_null (corm_samples_find (&samples, 2 + 2 * GAP));
  corm_samples_clear (&samples);
  assert_null (corm_samples_find (&samples, 0));
}

static void
what_is_too_close_is_not_kept (G_GNUC_UNUSED void **state)
{
  CormSamples samples = { 0 };
  corm_samples_keep (&samples, "a", 1000);
  corm_samples_keep (&samples, "b", 999 + GAP);
  corm_samples_keep (&samples, "c", 0); /* asked before, stored behind */
  assert_null (corm_samples_find (&samples, 1001));
  assert_string_equal (corm_samples_find (&samples, 0), "a");
  corm_samples_clear (&samples);
}

static void
the_oldest_are_forgotten (G_GNUC_UNUSED void **state)
{
  CormSamples samples = { 0 };
  for (gint64 i = 1; i <= 3 * CORM_N_SAMPLES; i++) {
    g_autofree char *position = g_strdup_printf ("%d", (int) i);
    corm_samples_keep (&samples, position, i * GAP);
  }
  g_autofree char *oldest = g_strdup_printf ("%d", 2 * CORM_N_SAMPLES + 1);
  assert_string_equal (corm_samples_find (&samples, 0), oldest);
  assert_string_equal (corm_samples_find (&samples, 3 * CORM_N_SAMPLES * (gint64) GAP), "192");
  corm_samples_clear (&samples);
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_earliest_that_is_late_enough),
    cmocka_unit_test (what_is_too_close_is_not_kept),
    cmocka_unit_test (the_oldest_are_forgotten),
  };
  return cmocka_run_group_tests_name ("samples", tests, NULL, NULL);
}
