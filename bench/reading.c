/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The model of the benches: ten columns, of which three are text and two may be NULL; its rows; and what both floors
 * need to read and write its times and labels. */
#include "bench.h"

#include <string.h>
#include <time.h>

/* Two: at each insert SQLite builds an index for a CHECK of more, which would hide what is to be measured. */
const char *const bench_states[] = { "open", "archived", NULL };

static const CormColumn reading_columns[] = {
  CORM_COLUMN (Reading, id, .primary_key = true),
  CORM_COLUMN (Reading, name, .not_null = true, .max_length = 80),
  CORM_COLUMN (Reading, note),
  CORM_COLUMN (Reading, state, .labels = bench_states),
  CORM_COLUMN (Reading, kind),
  CORM_COLUMN (Reading, priority),
  CORM_COLUMN (Reading, active),
  CORM_COLUMN (Reading, score),
  CORM_COLUMN (Reading, parent_id),
  CORM_COLUMN (Reading, created_at, .default_sql = CORM_NOW),
};
const CormModel Reading_model = CORM_MODEL (Reading, "readings", CORM_COLUMNS (reading_columns));

Reading *
bench_make_rows (gsize first, gsize n)
{
  static const char words[] = "The needle stood still for an hour, then fell by two lines and came back";
  static GStringChunk *texts;
  Reading *rows = g_new0 (Reading, n);
  if (texts != NULL)
    g_string_chunk_clear (texts);
  else
    texts = g_string_chunk_new (64 * 1024);
  for (gsize i = 0; i < n; i++) {
    gsize at = first + i;
    g_autofree char *name = g_strdup_printf ("station %03u, reading %07u", (guint) (at % 977), (guint) at);
    rows[i] = (Reading){
      .id = (gint64) at + 1,
      .name = g_string_chunk_insert (texts, name),
      .note = at % 4 != 0 ? g_string_chunk_insert_len (texts, words, (gssize) (at * 7 % sizeof words)) : NULL,
      .state = (ReadingState) (at % 2),
      .kind = (gint32) (at * 2654435761u % 1000000),
      .priority = (gint16) (at % 100),
      .active = at % 3 == 0,
      .score = (double) (at % 10000) / 8,
      .parent_id = { .is_set = at % 5 != 0, .value = (gint64) at / 2 },
      .created_at = { G_GINT64_CONSTANT (1700000000123456) + (gint64) at * 61000007 },
    };
  }
  return rows;
}

void
bench_free_rows (Reading *rows, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_free ((char *) rows[i].name);
    g_free ((char *) rows[i].note);
  }
  g_free (rows);
}

static char *
put_digits (char *at, guint width, guint n)
{
  for (guint i = width; i > 0; i--, n /= 10)
    at[i - 1] = (char) ('0' + n % 10);
  return at + width;
}

void
bench_write_time (gint64 us, char text[BENCH_TIME_SIZE])
{
  struct tm tm;
  time_t seconds = us / G_USEC_PER_SEC;
  gmtime_r (&seconds, &tm);
  char *at = put_digits (text, 4, (guint) tm.tm_year + 1900);
  *at++ = '-';
  at = put_digits (at, 2, (guint) tm.tm_mon + 1);
  *at++ = '-';
  at = put_digits (at, 2, (guint) tm.tm_mday);
  *at++ = ' ';
  at = put_digits (at, 2, (guint) tm.tm_hour);
  *at++ = ':';
  at = put_digits (at, 2, (guint) tm.tm_min);
  *at++ = ':';
  at = put_digits (at, 2, (guint) tm.tm_sec);
  *at++ = '.';
  *put_digits (at, 6, (guint) (us % G_USEC_PER_SEC)) = '\0';
}

static int
get_digits (const char *at, guint width)
{
  int n = 0;
  for (guint i = 0; i < width; i++)
    n = n * 10 + (at[i] - '0');
  return n;
}

/* The last zeros of the fraction may be missing, and a zone may follow. */
gint64
bench_read_time (const char *text)
{
  struct tm tm = {
    .tm_year = get_digits (text, 4) - 1900,
    .tm_mon = get_digits (text + 5, 2) - 1,
    .tm_mday = get_digits (text + 8, 2),
    .tm_hour = get_digits (text + 11, 2),
    .tm_min = get_digits (text + 14, 2),
    .tm_sec = get_digits (text + 17, 2),
  };
  gint64 us = (gint64) timegm (&tm) * G_USEC_PER_SEC;
  if (text[19] != '.')
    return us;
  gint64 unit = G_USEC_PER_SEC / 10;
  for (const char *at = text + 20; g_ascii_isdigit (*at); at++, unit /= 10)
    us += (*at - '0') * unit;
  return us;
}

ReadingState
bench_read_state (const char *text)
{
  guint i = 0;
  while (bench_states[i] != NULL && strcmp (bench_states[i], text) != 0)
    i++;
  return (ReadingState) i;
}
