/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The scratch place: a database corm_scratch_ID on a connection of its own, ID being that connection's number, which no
 * other living connection of the server has. The connection holds a lock of the same name, so what a killed process
 * left behind is known by its free lock, and is dropped by the next one. */
#include "catalogue.h"

#include <string.h>

#define PREFIX "corm_scratch_"

/* The first cell of the first row; NULL with @error unset when there is none. */
static char *
ask (CormConnection *conn, const char *sql, const CormParam *params, GError **error)
{
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, params, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return NULL;
  return corm_mysql_cell (cursor, 0);
}

static gboolean
run (CormConnection *conn, const char *format, const char *name, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  const char *hole = strstr (format, "{}");
  g_string_append_len (sql, format, hole - format);
  corm_sql_append_identifier (sql, &corm_mysql_dialect, name);
  g_string_append (sql, hole + 2);
  return corm_execute (conn, sql->str, NULL, NULL, error);
}

/* Best effort: a leftover that may not be dropped harms nobody. */
static void
drop_leftovers (CormConnection *conn)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormCursor) cursor = corm_query (
      conn,
      "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'corm|_scratch|_%' "
      "ESCAPE '|' AND IS_FREE_LOCK(schema_name) = 1",
      NULL, NULL);
  while (cursor != NULL && corm_cursor_next (cursor, NULL))
    g_ptr_array_add (names, corm_mysql_cell (cursor, 0));
  g_clear_pointer (&cursor, corm_cursor_free);
  for (guint i = 0; i < names->len; i++)
    run (conn, "DROP DATABASE {}", g_ptr_array_index (names, i), NULL);
}

static gboolean
explain_denied (CormConnection *conn, GError **error)
{
  if (error == NULL || !g_error_matches (*error, CORM_ERROR, CORM_ERROR_DENIED))
    return FALSE;
  g_autofree char *user = ask (conn, "SELECT CURRENT_USER()", NULL, NULL);
  g_autofree char *words = g_strdup ((*error)->message);
  g_autofree char *hint = g_strdup_printf ("an administrator can: GRANT ALL ON `corm\\_scratch\\_%%`.* TO %s",
                                           user != NULL ? user : "the user");
  g_clear_error (error);
  corm_driver_error (error, CORM_ERROR_DENIED, "make a scratch database to compare schemas in", words, hint);
  return FALSE;
}

/* With the default collation of the database that it stands for, so that both sides' texts are alike. */
static gboolean
create (CormConnection *scratch, const char *name, GError **error)
{
  g_autofree char *collation = ask (scratch, "SELECT @@collation_database", NULL, error);
  if (collation == NULL)
    return FALSE;
  g_autofree char *sql = g_strdup_printf ("CREATE DATABASE {} COLLATE %s", collation);
  return run (scratch, sql, name, error) && run (scratch, "USE {}", name, error);
}

gboolean
corm_mysql_scratch_begin (CormConnection *conn, CormConnection **other, GError **error)
{
  g_autoptr (CormConnection) scratch = corm_connection_open_again (conn, error);
  GError *failure = NULL;
  if (scratch == NULL)
    return FALSE;
  g_autofree char *id = ask (scratch, "SELECT CAST(CONNECTION_ID() AS CHAR)", NULL, &failure);
  g_autofree char *name = g_strconcat (PREFIX, id, NULL);
  if (failure == NULL)
    drop_leftovers (scratch);
  g_autofree char *got = failure != NULL
                             ? NULL
                             : ask (scratch, "SELECT CAST(GET_LOCK(:name, 1) AS CHAR)",
                                    CORM_PARAMS (CORM_PARAM ("name", (const char *) name)), &failure);
  if (got == NULL || !create (scratch, name, &failure)) {
    explain_denied (scratch, &failure);
    g_propagate_error (error, failure);
    return FALSE;
  }
  *other = g_steal_pointer (&scratch);
  return TRUE;
}

void
corm_mysql_scratch_end (CormConnection *conn G_GNUC_UNUSED, CormConnection *other)
{
  if (other == NULL)
    return;
  g_autofree char *name = ask (other, "SELECT DATABASE()", NULL, NULL);
  if (name != NULL && g_str_has_prefix (name, PREFIX))
    run (other, "DROP DATABASE {}", name, NULL);
  corm_connection_free (other);
}
