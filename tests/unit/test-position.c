/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a thread leaves behind is its own, and one CormDb's. */
#include "engine/drivers.h"
#include "engine/position.h"

#include "engine.h"

static void
a_touch_lasts_until_the_position_is_known (G_GNUC_UNUSED void **state)
{
  guint traces = corm_position_new_traces ();
  gint64 before = g_get_monotonic_time ();
  assert_int_equal (corm_position_get_touch (traces), 0);
  corm_position_touch (traces);
  assert_in_range (corm_position_get_touch (traces), before, g_get_monotonic_time ());
  corm_position_set (traces, g_strdup ("1"));
  assert_int_equal (corm_position_get_touch (traces), 0);
  corm_position_touch (traces);
  assert_string_equal (corm_position_get (traces), "1");
  corm_position_forget (traces);
  assert_int_equal (corm_position_get_touch (traces), 0);
}

static void
each_database_has_its_own (G_GNUC_UNUSED void **state)
{
  guint one = corm_position_new_traces (), two = corm_position_new_traces ();
  assert_int_not_equal (one, 0);
  assert_int_not_equal (one, two);
  corm_position_set (one, g_strdup ("1"));
  corm_position_set (two, g_strdup ("2"));
  corm_position_set (one, g_strdup ("3"));
  assert_string_equal (corm_position_get (one), "3");
  assert_string_equal (corm_position_get (two), "2");
  corm_position_forget (one);
  assert_null (corm_position_get (one));
  assert_string_equal (corm_position_get (two), "2");
  corm_position_forget (one);
  corm_position_forget (two);
  assert_null (corm_position_get (two));
}

static gpointer
look (gpointer data)
{
  guint traces = GPOINTER_TO_UINT (data);
  gboolean clean = corm_position_get (traces) == NULL && corm_position_get_touch (traces) == 0;
  corm_position_touch (traces);
  corm_position_set (traces, g_strdup ("of the thread"));
  return GINT_TO_POINTER (clean);
}

static void
each_thread_has_its_own (G_GNUC_UNUSED void **state)
{
  guint traces = corm_position_new_traces ();
  corm_position_set (traces, g_strdup ("here"));
  corm_position_touch (traces);
  assert_true (GPOINTER_TO_INT (g_thread_join (g_thread_new ("look", look, GUINT_TO_POINTER (traces)))));
  assert_string_equal (corm_position_get (traces), "here");
  assert_int_not_equal (corm_position_get_touch (traces), 0);
  corm_position_forget (traces);
}

/* --- texts of the drivers --- */

typedef struct {
  const char *a, *b, *later; /* NULL: refused */
} Pair;

static void
check (const char *scheme, const Pair *pairs, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;
    const CormDriver *driver = corm_driver_by_name (scheme);
    g_autofree char *later = driver->later (pairs[i].a, pairs[i].b, &error);
    if (g_strcmp0 (later, pairs[i].later) != 0)
      fail_msg ("%s, %s: %s", pairs[i].a, pairs[i].b, later != NULL ? later : error->message);
    if (later == NULL)
      assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_INVALID));
  }
}

static void
a_place_in_a_log (G_GNUC_UNUSED void **state)
{
  static const Pair pairs[] = {
    { "0/0", NULL, "0/0" },
    { "16/b374d848", NULL, "16/B374D848" },
    { "0/FFFFFFFF", "1/0", "1/0" },
    { "A/1", "9/FFFFFFFF", "A/1" },
    { "FFFFFFFF/FFFFFFFF", "0/1", "FFFFFFFF/FFFFFFFF" },
    { "0/1", "nonsense", NULL },
    { "0/1/2", NULL, NULL },
    { "", NULL, NULL },
    { "100000000/0", NULL, NULL },
  };
  if (corm_driver_by_name ("pgsql") == NULL)
    skip ();
  check ("pgsql", pairs, G_N_ELEMENTS (pairs));
}

static void
a_list_of_transactions (G_GNUC_UNUSED void **state)
{
  static const Pair pairs[] = {
    { "0-1-270", NULL, "0-1-270" },
    { "0-1-5", "0-2-4", "0-1-5" },
    { "0-1-5", "0-2-6", "0-2-6" },
    { "5-2-14,0-1-270", NULL, "0-1-270,5-2-14" },
    { "0-1-270", "5-2-14", "0-1-270,5-2-14" },
    { "1-1-1,3-1-1", "2-1-1,3-9-9", "1-1-1,2-1-1,3-9-9" },
    { "0-1-18446744073709551614", NULL, "0-1-18446744073709551614" },
    { "0-1-18446744073709551616", NULL, NULL },
    { "0-1-1", "", NULL },
    { "0-1-1,", NULL, NULL },
    { "0-1", NULL, NULL },
    { "0-1-1-1", NULL, NULL },
    { "0,1,1", NULL, NULL },
  };
  if (corm_driver_by_name ("mysql") == NULL)
    skip ();
  check ("mysql", pairs, G_N_ELEMENTS (pairs));
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_touch_lasts_until_the_position_is_known),
    cmocka_unit_test (each_database_has_its_own),
    cmocka_unit_test (each_thread_has_its_own),
    cmocka_unit_test (a_place_in_a_log),
    cmocka_unit_test (a_list_of_transactions),
  };
  return cmocka_run_group_tests_name ("position", tests, NULL, NULL);
}
