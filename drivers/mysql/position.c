/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Replicas: a position is a list of global transaction ids, "0-1-270,5-2-14", one for each domain: domain, server,
 * number in the domain. Speaks SQL through the library alone: the generic driver uses it too. Source: MariaDB manual,
 * "Global Transaction ID". */
#include "../dialects.h"

#include <string.h>

typedef struct {
  guint64 domain, server, number;
} Gtid;

static gboolean
read_number (const char **text, char end, guint64 max, guint64 *number)
{
  char *behind = NULL;
  if (!g_ascii_isdigit (**text))
    return FALSE;
  *number = g_ascii_strtoull (*text, &behind, 10);
  gboolean ok = behind - *text <= 20 && *number <= max && (*behind == end || (end == ',' && *behind == '\0'));
  *text = *behind != '\0' ? behind + 1 : behind;
  return ok;
}

/* One of a domain is enough: the one with the greatest number. */
static void
add (GArray *list, Gtid gtid)
{
  guint at = 0;
  for (; at < list->len; at++) {
    Gtid *other = &g_array_index (list, Gtid, at);
    if (other->domain == gtid.domain && other->number < gtid.number)
      *other = gtid;
    if (other->domain >= gtid.domain)
      break;
  }
  if (at == list->len || g_array_index (list, Gtid, at).domain != gtid.domain)
    g_array_insert_val (list, at, gtid);
}

static gboolean
read_position (const char *text, GArray *list, GError **error)
{
  enum { LONGEST = 4096 };
  const char *p = text;
  Gtid gtid;
  gboolean ok = strlen (text) <= LONGEST && *text != '\0' && text[strlen (text) - 1] != ',';
  while (ok && *p != '\0') {
    ok = read_number (&p, '-', G_MAXUINT32, &gtid.domain) &&
         read_number (&p, '-', G_MAXUINT32, &gtid.server) &&
         read_number (&p, ',', G_MAXUINT64 - 1, &gtid.number);
    if (ok)
      add (list, gtid);
  }
  if (!ok)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "that is no position of MariaDB, which looks like 0-1-270 and comes from "
                 "corm_db_get_position()");
  return ok;
}

char *
corm_mysql_later (const char *a, const char *b, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Gtid));
  if (!read_position (a, list, error) || (b != NULL && !read_position (b, list, error)))
    return NULL;
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++) {
    const Gtid *gtid = &g_array_index (list, Gtid, i);
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT,
                            i > 0 ? "," : "", gtid->domain, gtid->server, gtid->number);
  }
  return g_string_free (text, FALSE);
}

char *
corm_mysql_position (CormConnection *conn, GError **error)
{
  g_autoptr (CormCursor) cursor =
      corm_query (conn, "SELECT @@GLOBAL.gtid_binlog_pos, @@GLOBAL.log_bin", NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return NULL;
  if (corm_cursor_get_value (cursor, 1)->i != 0)
    return g_strdup (corm_cursor_get_value (cursor, 0)->data);
  g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
               "the server keeps no binary log, so that no replica can follow it; start it with log_bin");
  return NULL;
}

gboolean
corm_mysql_has_replayed (CormConnection *conn, const char *position, guint wait_ms, gboolean *replayed,
                         GError **error)
{
  g_autoptr (CormCursor) cursor = corm_query (
      conn, "SELECT MASTER_GTID_WAIT(:position, :seconds)",
      CORM_PARAMS (CORM_PARAM ("position", position), CORM_PARAM ("seconds", wait_ms / 1000.0)), error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  const CormValue *value = corm_cursor_get_value (cursor, 0);
  *replayed = !value->is_null && value->i == 0;
  return TRUE;
}
