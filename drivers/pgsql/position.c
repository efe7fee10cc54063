/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Replicas: a position is a place in the write-ahead log, "16/B374D848". Speaks SQL through the library alone: the
 * generic driver uses it too. Source: PostgreSQL manual, "System Administration Functions". */
#include "../dialects.h"

#include <string.h>

static gboolean
read_half (const char **text, guint64 *half)
{
  gsize digits = strspn (*text, "0123456789ABCDEFabcdef");
  *half = 0;
  for (gsize i = 0; i < digits && digits <= 8; i++)
    *half = *half << 4 | (guint64) g_ascii_xdigit_value ((*text)[i]);
  *text += digits;
  return digits > 0 && digits <= 8;
}

static gboolean
read_position (const char *text, guint64 *place, GError **error)
{
  guint64 high = 0, low = 0;
  const char *p = text;
  gboolean ok = read_half (&p, &high) && *p == '/';
  p += ok ? 1 : 0;
  if (ok && read_half (&p, &low) && *p == '\0') {
    *place = high << 32 | low;
    return TRUE;
  }
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "that is no position of PostgreSQL, which looks like 16/B374D848 and comes from "
               "corm_db_get_position()");
  return FALSE;
}

char *
corm_pgsql_later (const char *a, const char *b, GError **error)
{
  guint64 first = 0, second = 0;
  if (!read_position (a, &first, error) || (b != NULL && !read_position (b, &second, error)))
    return NULL;
  guint64 later = MAX (first, second);
  return g_strdup_printf ("%X/%X", (guint) (later >> 32), (guint) later);
}

/* Where a record has filled its page, the place of insertion stands behind the header of the next page already (of 24
 * bytes, 40 at the start of a segment), where no record can end; what has replayed it stands in front of that header. */
static guint64
leave_header_out (guint64 place, guint64 page, guint64 segment)
{
  guint64 header = segment > 0 && place % segment == 40 ? 40 : page > 0 && place % page == 24 ? 24 : 0;
  return place - header;
}

static guint64
get_number (CormCursor *cursor, guint column)
{
  return g_ascii_strtoull (corm_cursor_get_value (cursor, column)->data, NULL, 10);
}

char *
corm_pgsql_position (CormConnection *conn, GError **error)
{
  guint64 place = 0;
  /* Of what was inserted, not of what was flushed: with synchronous_commit off a commit may lie between the two. */
  g_autoptr (CormCursor) cursor =
      corm_query (conn,
                  "SELECT CAST(pg_catalog.pg_current_wal_insert_lsn() AS pg_catalog.text) AS place, "
                  "pg_catalog.current_setting('wal_block_size') AS page, "
                  "CAST(pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size')) AS "
                  "pg_catalog.text) AS segment",
                  NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error) ||
      !read_position (corm_cursor_get_value (cursor, 0)->data, &place, error))
    return NULL;
  place = leave_header_out (place, get_number (cursor, 1), get_number (cursor, 2));
  return g_strdup_printf ("%X/%X", (guint) (place >> 32), (guint) place);
}

static gboolean
ask (CormConnection *conn, const char *position, gboolean *replayed, GError **error)
{
  /* A standby that was promoted goes its own way: it has replayed nothing of its former primary's any more. */
  g_autoptr (CormCursor) cursor = corm_query (
      conn,
      "SELECT pg_catalog.pg_is_in_recovery() AND "
      "pg_catalog.pg_last_wal_replay_lsn() OPERATOR(pg_catalog.>=) CAST(:position AS pg_catalog.pg_lsn)",
      CORM_PARAMS (CORM_PARAM ("position", position)), error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  const CormValue *value = corm_cursor_get_value (cursor, 0);
  *replayed = !value->is_null && value->i != 0;
  return TRUE;
}

gboolean
corm_pgsql_has_replayed (CormConnection *conn, const char *position, guint wait_ms, gboolean *replayed,
                         GError **error)
{
  gint64 end = g_get_monotonic_time () + (gint64) wait_ms * 1000, pause = 1000;
  while (ask (conn, position, replayed, error)) {
    gint64 left = end - g_get_monotonic_time ();
    if (*replayed || left <= 0)
      return TRUE;
    g_usleep ((gulong) MIN (pause, left));
    pause = MIN (pause * 2, 16 * 1000); /* the server has no call that waits */
  }
  return FALSE;
}
