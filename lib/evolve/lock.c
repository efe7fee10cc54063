/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The migrator's lock. The session holds it, so that a killed process gives it back by dying. */
#include "evolve/lock.h"

#include "base/error.h"
#include "engine/connection.h"

#include <string.h>

#define LOCK_NAME "corm migrate"

/* The first column of the first row is 1. */
static gboolean
ask (CormConnection *conn, const char *sql, gboolean *got, GError **error)
{
  GError *local = NULL;
  gboolean with_wait = strstr (sql, ":wait") != NULL;
  const CormParam both[] = { CORM_PARAM ("name", LOCK_NAME), CORM_PARAM ("wait", CORM_LOCK_WAIT_MS), { 0 } };
  const CormParam one[] = { CORM_PARAM ("name", LOCK_NAME), { 0 } };
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, with_wait ? both : one, error);
  *got = FALSE;
  if (cursor == NULL)
    return FALSE;
  if (corm_cursor_next (cursor, &local)) {
    g_autoptr (GString) text = g_string_new (NULL);
    corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
    *got = strcmp (text->str, "1") == 0;
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

gboolean
corm_lock_is_transaction (CormConnection *conn)
{
  return corm_connection_get_dialect (conn)->lock == NULL;
}

gboolean
corm_lock_take (CormConnection *conn, GError **error)
{
  const char *sql = corm_connection_get_dialect (conn)->lock;
  gboolean got;
  if (sql == NULL)
    return TRUE;
  if (!ask (conn, sql, &got, error))
    return corm_error_prefix (error, "wait for the migrator's lock");
  if (!got)
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_BUSY,
        "wait for the migrator's lock: another migration of this database did not end within %d seconds; try "
        "again when it is done",
        CORM_LOCK_WAIT_MS / 1000);
  return got;
}

void
corm_lock_release (CormConnection *conn)
{
  const char *sql = corm_connection_get_dialect (conn)->unlock;
  g_autoptr (GError) error = NULL;
  gboolean got;
  if (sql != NULL && !ask (conn, sql, &got, &error))
    g_message ("give back the migrator's lock: %s", error->message);
}
