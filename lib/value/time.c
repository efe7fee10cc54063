/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Dates and times to text and back, in the proleptic Gregorian calendar, without the C library's zones. Days to
 * year, month, day: the year starts in March, so that the leap day is its last (H. Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms"). Written by hand: it runs for every cell. */
#include "value/text.h"

#define US_PER_SECOND G_GINT64_CONSTANT (1000000)
#define US_PER_DAY (86400 * US_PER_SECOND)
#define DAYS_PER_ERA 146097 /* 400 years */
#define EPOCH_SHIFT 719468  /* days from 0000-03-01 to 1970-01-01 */

static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

static gint64
days_from_ymd (int year, int month, int day)
{
  gint64 y = year - (month <= 2);
  gint64 era = floor_div (y, 400);
  gint64 of_era = y - era * 400;
  gint64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_SHIFT;
}

static void
ymd_from_days (gint64 days, gint64 *year, int *month, int *day)
{
  days += EPOCH_SHIFT;
  gint64 era = floor_div (days, DAYS_PER_ERA);
  guint of_era = (guint) (days - era * DAYS_PER_ERA);
  guint y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  guint of_year = of_era - (365 * y + y / 4 - y / 100);
  guint m = (5 * of_year + 2) / 153;
  *day = (int) (of_year - (153 * m + 2) / 5 + 1);
  *month = (int) (m < 10 ? m + 3 : m - 9);
  *year = y + era * 400 + (*month <= 2);
}

static gboolean
is_day (int year, int month, int day)
{
  static const guint8 lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
    return FALSE;
  gboolean is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= lengths[month - 1] + (month == 2 && is_leap);
}

gboolean
corm_date_from_ymd (int year, int month, int day, CormDate *date)
{
  if (!is_day (year, month, day))
    return FALSE;
  date->days = (gint32) days_from_ymd (year, month, day);
  return TRUE;
}

void
corm_date_to_ymd (CormDate date, int *year, int *month, int *day)
{
  gint64 y;
  ymd_from_days (date.days, &y, month, day);
  *year = (int) y;
}

/* --- to text --- */

/* Exactly two digits of a number below 100: most of what a time is made of. */
static char *
put_two (char *at, guint n)
{
  *at++ = (char) ('0' + n / 10);
  *at++ = (char) ('0' + n % 10);
  return at;
}

/* Two digits, or as many as it takes. */
static char *
put_number (char *at, guint64 n)
{
  char digits[20];
  int count = 0;
  if (G_LIKELY (n < 100))
    return put_two (at, (guint) n);
  for (; n > 0; n /= 10)
    digits[count++] = (char) ('0' + n % 10);
  while (count > 0)
    *at++ = digits[--count];
  return at;
}

static char *
put_date (char *at, gint64 days)
{
  gint64 year;
  int month, day;
  ymd_from_days (days, &year, &month, &day);
  if (year < 0)
    *at++ = '-';
  at = put_number (at, (guint64) ABS (year) / 100);
  at = put_two (at, (guint) (ABS (year) % 100));
  *at++ = '-';
  at = put_two (at, (guint) month);
  *at++ = '-';
  return put_two (at, (guint) day);
}

static char *
put_time (char *at, gint64 us)
{
  gint64 seconds = us / US_PER_SECOND;
  guint fraction = (guint) (us % US_PER_SECOND);
  at = put_number (at, (guint64) (seconds / 3600));
  *at++ = ':';
  at = put_two (at, (guint) (seconds / 60 % 60));
  *at++ = ':';
  at = put_two (at, (guint) (seconds % 60));
  if (fraction == 0)
    return at;
  *at++ = '.';
  at = put_two (at, fraction / 10000);
  at = put_two (at, fraction / 100 % 100);
  at = put_two (at, fraction % 100);
  while (at[-1] == '0')
    at--;
  return at;
}

static gsize
finish (char *at, char *buffer)
{
  *at = '\0';
  return (gsize) (at - buffer);
}

gsize
corm_text_from_date (CormDate date, char *buffer)
{
  return finish (put_date (buffer, date.days), buffer);
}

gsize
corm_text_from_time (CormTime time, char *buffer)
{
  char *at = buffer;
  if (time.us < 0)
    *at++ = '-';
  return finish (put_time (at, ABS (MAX (time.us, -G_MAXINT64))), buffer);
}

gsize
corm_text_from_timestamp (gint64 us, char separator, const char *zone, char *buffer)
{
  gint64 days = floor_div (us, US_PER_DAY);
  char *at = put_date (buffer, days);
  *at++ = separator;
  gint64 of_day = us % US_PER_DAY;
  at = put_time (at, of_day < 0 ? of_day + US_PER_DAY : of_day);
  for (; zone != NULL && *zone != '\0'; zone++)
    *at++ = *zone;
  return finish (at, buffer);
}

/* --- from text --- */

typedef struct {
  const char *at;
  const char *end;
} Scan;

static gboolean
scan_number (Scan *scan, int width, int *n)
{
  if (scan->end - scan->at < width)
    return FALSE;
  int value = 0;
  for (int i = 0; i < width; i++) {
    guint digit = (guint) (guchar) scan->at[i] - '0';
    if (digit > 9)
      return FALSE;
    value = value * 10 + (int) digit;
  }
  scan->at += width;
  *n = value;
  return TRUE;
}

static gboolean
scan_char (Scan *scan, char c)
{
  if (scan->at == scan->end || *scan->at != c)
    return FALSE;
  scan->at++;
  return TRUE;
}

static gboolean
scan_date (Scan *scan, gint64 *days)
{
  int year, month, day;
  if (!scan_number (scan, 4, &year) || !scan_char (scan, '-') || !scan_number (scan, 2, &month) ||
      !scan_char (scan, '-') || !scan_number (scan, 2, &day) || !is_day (year, month, day))
    return FALSE;
  *days = days_from_ymd (year, month, day);
  return TRUE;
}

/* Behind the point: microseconds; what is finer must be zero. */
static gboolean
scan_fraction (Scan *scan, gint64 *us)
{
  gint64 unit = 100000;
  const char *start = scan->at;
  for (; scan->at < scan->end && g_ascii_isdigit (*scan->at); scan->at++, unit /= 10) {
    if (unit == 0 && *scan->at != '0')
      return FALSE;
    *us += (*scan->at - '0') * unit;
  }
  return scan->at > start;
}

static gboolean
scan_time (Scan *scan, gint64 *us)
{
  int hour, minute, second = 0;
  gint64 fraction = 0;
  if (!scan_number (scan, 2, &hour) || !scan_char (scan, ':') || !scan_number (scan, 2, &minute))
    return FALSE;
  if (scan_char (scan, ':')) {
    if (!scan_number (scan, 2, &second))
      return FALSE;
    if (scan_char (scan, '.') && !scan_fraction (scan, &fraction))
      return FALSE;
  }
  *us = ((hour * 60 + minute) * 60 + second) * US_PER_SECOND + fraction;
  return hour < 24 && minute < 60 && second < 60;
}

/* "Z", "+hh", "+hh:mm", "+hhmm", and "+hh:mm:ss", which PostgreSQL shows for local mean times. */
static gboolean
scan_zone (Scan *scan, gint64 *seconds)
{
  *seconds = 0;
  if (scan_char (scan, 'Z') || scan_char (scan, 'z'))
    return TRUE;
  gboolean west = scan->at < scan->end && *scan->at == '-';
  int hour, minute = 0, second = 0;
  if (!scan_char (scan, west ? '-' : '+') || !scan_number (scan, 2, &hour))
    return FALSE;
  gboolean colon = scan_char (scan, ':');
  if ((colon || scan->at < scan->end) && !scan_number (scan, 2, &minute))
    return FALSE;
  if (colon && scan_char (scan, ':') && !scan_number (scan, 2, &second))
    return FALSE;
  gint64 shift = (hour * 60 + minute) * 60 + second;
  *seconds = west ? -shift : shift;
  return hour < 24 && minute < 60 && second < 60;
}

gboolean
corm_text_to_date (const char *text, gsize size, CormDate *date)
{
  Scan scan = { text, text + size };
  gint64 days;
  if (!scan_date (&scan, &days) || scan.at != scan.end)
    return FALSE;
  date->days = (gint32) days;
  return TRUE;
}

gboolean
corm_text_to_time (const char *text, gsize size, CormTime *time)
{
  Scan scan = { text, text + size };
  return scan_time (&scan, &time->us) && scan.at == scan.end;
}

/* Two digits; what is none leaves a bit in *@bad. */
static inline int
read_two (const char *text, guint *bad)
{
  guint tens = (guint) (guchar) text[0] - '0', ones = (guint) (guchar) text[1] - '0';
  *bad |= (guint) (tens > 9) | (guint) (ones > 9);
  return (int) (tens * 10 + ones);
}

/* "2026-01-02 03:04:05.678901", which nearly all are: FALSE also for what is written in another way. */
static gboolean
read_usual_timestamp (const char *text, gsize size, gint64 *us)
{
  static const int units[] = { 100000, 10000, 1000, 100, 10, 1 };
  guint bad = 0;
  gint64 fraction = 0;
  if (size < 19 || size == 20 || size > 26 || text[4] != '-' || text[7] != '-' || text[10] != ' ' ||
      text[13] != ':' || text[16] != ':' || (size > 19 && text[19] != '.'))
    return FALSE;
  int year = read_two (text, &bad) * 100 + read_two (text + 2, &bad);
  int month = read_two (text + 5, &bad), day = read_two (text + 8, &bad);
  int hour = read_two (text + 11, &bad), minute = read_two (text + 14, &bad);
  int second = read_two (text + 17, &bad);
  for (gsize i = 20; i < size; i++) {
    guint digit = (guint) (guchar) text[i] - '0';
    bad |= (guint) (digit > 9);
    fraction += (gint64) digit * units[i - 20];
  }
  if (bad != 0 || !is_day (year, month, day) || hour > 23 || minute > 59 || second > 59)
    return FALSE;
  *us = days_from_ymd (year, month, day) * US_PER_DAY + ((hour * 60 + minute) * 60 + second) * US_PER_SECOND +
        fraction;
  return TRUE;
}

gboolean
corm_text_to_timestamp (const char *text, gsize size, gint64 *us, gboolean *had_zone)
{
  Scan scan = { text, text + size };
  gint64 days, of_day = 0, zone = 0;
  *had_zone = FALSE;
  if (read_usual_timestamp (text, size, us))
    return TRUE;
  if (!scan_date (&scan, &days))
    return FALSE;
  if (scan.at < scan.end) {
    if (!scan_char (&scan, ' ') && !scan_char (&scan, 'T') && !scan_char (&scan, 't'))
      return FALSE;
    if (!scan_time (&scan, &of_day))
      return FALSE;
    *had_zone = scan.at < scan.end;
    if (*had_zone && (!scan_zone (&scan, &zone) || scan.at != scan.end))
      return FALSE;
  }
  *us = days * US_PER_DAY + of_day - zone * US_PER_SECOND;
  return *us >= CORM_FIRST_DAY * US_PER_DAY && *us < (CORM_LAST_DAY + 1) * US_PER_DAY;
}

/* --- the public face --- */

CormTimestamp
corm_timestamp_now (void)
{
  return (CormTimestamp){ g_get_real_time () };
}

char *
corm_timestamp_to_text (CormTimestamp ts)
{
  char buffer[CORM_TEXT_MAX];
  corm_text_from_timestamp (ts.us, 'T', "Z", buffer);
  return g_strdup (buffer);
}

gboolean
corm_timestamp_parse (const char *text, CormTimestamp *ts, GError **error)
{
  const CormSqlType type = { .type = CORM_TYPE_TIMESTAMP };
  CormValue value;
  if (!corm_value_parse (&type, text, -1, &value, error))
    return FALSE;
  ts->us = value.i;
  return TRUE;
}
