/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every day of 9999 years, and the edges of time; GLib's GDate is the other opinion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/error.h>

#include "value/text.h"

#include <string.h>

static void
every_day_agrees_with_glib (G_GNUC_UNUSED void **state)
{
  for (gint32 days = CORM_FIRST_DAY; days <= CORM_LAST_DAY; days++) {
    int year, month, day;
    GDate glib;
    CormDate back;
    corm_date_to_ymd ((CormDate){ days }, &year, &month, &day);
    g_date_clear (&glib, 1);
    g_date_set_julian (&glib, (guint32) (days - CORM_FIRST_DAY + 1));
    if (year != g_date_get_year (&glib) || month != (int) g_date_get_month (&glib) ||
        day != g_date_get_day (&glib))
      fail_msg ("day %d is %d-%d-%d", days, year, month, day);
    if (!corm_date_from_ymd (year, month, day, &back) || back.days != days)
      fail_msg ("%d-%d-%d is day %d instead of %d", year, month, day, back.days, days);
  }
}

static void
what_is_no_date (G_GNUC_UNUSED void **state)
{
  static const int wrong[][3] = { { 0, 1, 1 },     { 10000, 1, 1 }, { -1, 1, 1 },    { 2024, 0, 1 },
                                  { 2024, 13, 1 }, { 2024, 1, 0 },  { 2024, 1, 32 }, { 2023, 2, 29 },
                                  { 1900, 2, 29 }, { 2024, 4, 31 } };
  CormDate date;
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_false (corm_date_from_ymd (wrong[i][0], wrong[i][1], wrong[i][2], &date));
  assert_true (corm_date_from_ymd (2000, 2, 29, &date));
  assert_int_equal (date.days, 11016);
}

static void
dates_as_text (G_GNUC_UNUSED void **state)
{
  static const char *const texts[] = { "0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "9999-12-31" };
  static const char *const wrong[] = {
    "",           "2024-2-29",          "2024-02-30",  "0000-01-01",  "24-02-29",
    "2024/02/29", "2024-02-29 ",        " 2024-02-29", "12024-02-29", "2024-02-2x",
    "-024-02-29", "2024-02-29T00:00:00"
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    CormDate date;
    char buffer[CORM_TEXT_MAX];
    assert_true (corm_text_to_date (texts[i], 10, &date));
    assert_int_equal (corm_text_from_date (date, buffer), 10);
    assert_string_equal (buffer, texts[i]);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    CormDate date;
    if (corm_text_to_date (wrong[i], strlen (wrong[i]), &date))
      fail_msg ("'%s' is taken", wrong[i]);
  }
}

static void
times_as_text (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *text;
    gint64 us;
    const char *canonical;
  } good[] = {
    { "00:00", 0, "00:00:00" },
    { "03:04:05", 11045000000, "03:04:05" },
    { "03:04:05.678901", 11045678901, "03:04:05.678901" },
    { "03:04:05.5", 11045500000, "03:04:05.5" },
    { "03:04:05.050000", 11045050000, "03:04:05.05" },
    { "03:04:05.000000000", 11045000000, "03:04:05" },
    { "23:59:59.999999", 86399999999, "23:59:59.999999" },
  };
  static const char *const wrong[] = { "",        "24:00:00",  "23:60:00",         "23:59:60",
                                       "3:04:05", "03:04:05.", "03:04:05.0000001", "03:04:5",
                                       "030405",  "03:04:05Z", "-3:04:05" };
  CormTime time;
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    char buffer[CORM_TEXT_MAX];
    assert_true (corm_text_to_time (good[i].text, strlen (good[i].text), &time));
    assert_int_equal (time.us, good[i].us);
    corm_text_from_time (time, buffer);
    assert_string_equal (buffer, good[i].canonical);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (corm_text_to_time (wrong[i], strlen (wrong[i]), &time))
      fail_msg ("'%s' is taken", wrong[i]);
}

static void
timestamps_from_text (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *text;
    gboolean had_zone;
    const char *utc;
  } good[] = {
    { "2024-02-29", FALSE, "2024-02-29T00:00:00Z" },
    { "2024-02-29 10:20", FALSE, "2024-02-29T10:20:00Z" },
    { "2024-02-29 10:20:30", FALSE, "2024-02-29T10:20:30Z" },
    { "2024-02-29 10:20:30.5", FALSE, "2024-02-29T10:20:30.5Z" },
    { "1969-12-31 23:59:59.999999", FALSE, "1969-12-31T23:59:59.999999Z" },
    { "2024-02-29 10:20:30.1234560", FALSE, "2024-02-29T10:20:30.123456Z" },
    { "2024-02-29T10:20:30.123456", FALSE, "2024-02-29T10:20:30.123456Z" },
    { "2024-02-29t10:20:30z", TRUE, "2024-02-29T10:20:30Z" },
    { "2024-02-29 10:20:30+02", TRUE, "2024-02-29T08:20:30Z" },
    { "2024-02-29 23:20:30-0530", TRUE, "2024-03-01T04:50:30Z" },
    { "2024-01-01 00:00:00+05:45", TRUE, "2023-12-31T18:15:00Z" },
    { "1937-01-01 12:00:00+00:19:32", TRUE, "1937-01-01T11:40:28Z" },
    { "1969-12-31T23:59:59.999999Z", TRUE, "1969-12-31T23:59:59.999999Z" },
    { "0001-01-01T00:00:00Z", TRUE, "0001-01-01T00:00:00Z" },
    { "9999-12-31T23:59:59.999999Z", TRUE, "9999-12-31T23:59:59.999999Z" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    gint64 us;
    gboolean had_zone;
    if (!corm_text_to_timestamp (good[i].text, strlen (good[i].text), &us, &had_zone))
      fail_msg ("'%s' is refused", good[i].text);
    g_autofree char *text = corm_timestamp_to_text ((CormTimestamp){ us });
    assert_string_equal (text, good[i].utc);
    assert_int_equal (had_zone, good[i].had_zone);
  }
}

static void
what_is_no_timestamp (G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = { "",
                                       "2024-02-30 00:00:00",
                                       "2024-02-29 ",
                                       "2024-02-29T",
                                       "2024-02-29_10:00:00",
                                       "2024-02-29  10:00:00",
                                       "2024-02-29 24:00:00",
                                       "2024-02-29 10:00:00.0000001",
                                       "2024-02-29 10:00:00.",
                                       "2024-02-29 10:00:00.1 345",
                                       "2023-02-29 10:00:00",
                                       "0000-01-01 00:00:00",
                                       "2024-02-29 10:60:00",
                                       "2024-02-29 10:00:60",
                                       "2024-02-2: 10:00:00",
                                       "2024-02-29 1/:00:00",
                                       "2024-02-29 10:00:00 UTC",
                                       "2024-02-29 10:00:00+",
                                       "2024-02-29 10:00:00+1",
                                       "2024-02-29 10:00:00+24",
                                       "2024-02-29 10:00:00+02:",
                                       "2024-02-29 10:00:00+02:60",
                                       "2024-02-29 10:00:00ZZ",
                                       "2024-02-29Z",
                                       "0001-01-01 00:00:00+01",
                                       "9999-12-31 23:59:59-01",
                                       "10000-01-01 00:00:00",
                                       "infinity",
                                       "0044-03-15 10:00:00 BC" };
  gint64 us;
  gboolean had_zone;
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (corm_text_to_timestamp (wrong[i], strlen (wrong[i]), &us, &had_zone))
      fail_msg ("'%s' is taken", wrong[i]);
}

static void
no_byte_behind_the_text_is_read (G_GNUC_UNUSED void **state)
{
  static const char whole[] = "2024-02-29 10:20:30.123456+05:45";
  for (gsize size = 0; size < strlen (whole); size++) {
    g_autofree char *exact = g_memdup2 (whole, MAX (size, 1)); /* no NUL: the sanitizer watches its end */
    gint64 us;
    gboolean had_zone;
    gboolean good =
        size == 10 || size == 16 || size == 19 || (size > 20 && size <= 26) || size == 29 || size == 32;
    assert_int_equal (corm_text_to_timestamp (exact, size, &us, &had_zone), good);
  }
}

static void
values_outside_the_calendar_still_have_a_text (G_GNUC_UNUSED void **state)
{
  static const gint64 edges[] = { G_MININT64, G_MAXINT64, -1, 86400000000 };
  char buffer[CORM_TEXT_MAX];
  for (gsize i = 0; i < G_N_ELEMENTS (edges); i++) {
    assert_in_range (corm_text_from_time ((CormTime){ edges[i] }, buffer), 8, CORM_TEXT_MAX - 1);
    assert_in_range (corm_text_from_timestamp (edges[i], 'T', "+00:00", buffer), 19, CORM_TEXT_MAX - 1);
  }
  corm_text_from_date ((CormDate){ G_MAXINT32 }, buffer);
  assert_string_equal (buffer, "5881580-07-11");
  corm_text_from_date ((CormDate){ G_MININT32 }, buffer);
  assert_string_equal (buffer, "-5877641-06-23");
}

static void
now_is_now (G_GNUC_UNUSED void **state)
{
  gint64 before = g_get_real_time ();
  CormTimestamp now = corm_timestamp_now ();
  assert_true (now.us >= before && now.us <= g_get_real_time ());
  g_autofree char *text = corm_timestamp_to_text (now);
  g_autoptr (GDateTime) glib = g_date_time_new_from_iso8601 (text, NULL);
  assert_int_equal (g_date_time_to_unix (glib) * 1000000 + g_date_time_get_microsecond (glib), now.us);
}

static void
the_public_reader_says_what_is_wrong (G_GNUC_UNUSED void **state)
{
  CormTimestamp ts;
  g_autoptr (GError) error = NULL;
  assert_true (corm_timestamp_parse ("1970-01-01T00:00:01+00:00", &ts, &error));
  assert_int_equal (ts.us, 1000000);
  assert_false (corm_timestamp_parse ("yesterday", &ts, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
  assert_non_null (strstr (error->message, "'yesterday'"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_day_agrees_with_glib),
    cmocka_unit_test (what_is_no_date),
    cmocka_unit_test (dates_as_text),
    cmocka_unit_test (times_as_text),
    cmocka_unit_test (timestamps_from_text),
    cmocka_unit_test (what_is_no_timestamp),
    cmocka_unit_test (no_byte_behind_the_text_is_read),
    cmocka_unit_test (values_outside_the_calendar_still_have_a_text),
    cmocka_unit_test (now_is_now),
    cmocka_unit_test (the_public_reader_says_what_is_wrong),
  };
  return cmocka_run_group_tests_name ("time", tests, NULL, NULL);
}
