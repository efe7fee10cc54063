/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* To look for the row would not do: the server may be at work on the COMMIT still, and the row come later. So a row of the
 * same key is inserted, which waits for the other transaction to end, and is rolled back. That it could be inserted
 * proves that the other one never will be committed; that the key is there, that it was. */
#include "engine/token.h"

#include "base/error.h"
#include "engine/private.h"
#include "render/ddl.h"

#define TABLE CORM_TOKEN_TABLE
#define DAY (G_GINT64_CONSTANT (24) * 3600 * G_USEC_PER_SEC)

enum { BATCH = 64 };

/* Each is deleted by its key: whoever scans the table would wait for the rows of transactions that are under way. */
static void
delete_rows (CormConnection *conn, const GPtrArray *tokens)
{
  g_autoptr (GString) sql = g_string_new ("DELETE FROM " TABLE " WHERE token IN (");
  g_autofree CormParam *params = g_new0 (CormParam, tokens->len + 1);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  if (tokens->len == 0)
    return;
  for (guint i = 0; i < tokens->len; i++) {
    char *name = g_strdup_printf ("t%u", i);
    g_ptr_array_add (names, name);
    g_string_append_printf (sql, "%s:%s", i > 0 ? ", " : "", name);
    params[i] = (CormParam){ .name = name, .value = corm_value_text (tokens->pdata[i]) };
  }
  g_string_append_c (sql, ')');
  g_autoptr (GError) error = NULL;
  if (!corm_execute (conn, sql->str, params, NULL, &error))
    corm_note ("%s: old rows of " TABLE " were not deleted: %s", corm_uri_get_public_text (conn->link.uri),
               error->message);
}

/* By the server's clock, because several machines may write. */
static gboolean
get_yesterday (CormConnection *conn, CormValue *value)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s", conn->link.driver->dialect->now);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, NULL);
  if (cursor == NULL || !corm_cursor_next (cursor, NULL))
    return FALSE;
  *value = *corm_cursor_get_value (cursor, 0);
  value->i -= DAY;
  return value->type == CORM_TYPE_TIMESTAMP || value->type == CORM_TYPE_LOCAL_TIMESTAMP;
}

/* What programs left behind that ended before they could delete it. */
static void
delete_old (CormConnection *conn)
{
  CormValue before;
  if (!get_yesterday (conn, &before))
    return;
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (g_free);
  {
    g_autoptr (CormCursor) cursor =
        corm_query (conn, "SELECT token FROM " TABLE " WHERE written_at < :before",
                    (const CormParam[]){ { "before", before }, { 0 } }, NULL);
    while (cursor != NULL && tokens->len < BATCH && corm_cursor_next (cursor, NULL)) {
      const CormValue *token = corm_cursor_get_value (cursor, 0);
      g_ptr_array_add (tokens, g_strndup (token->data, token->size));
    }
  }
  delete_rows (conn, tokens);
}

static gboolean
has_table (CormConnection *conn, GError **error)
{
  return corm_execute (conn, "SELECT token FROM " TABLE " WHERE token = ''", NULL, NULL, error);
}

gboolean
corm_token_make_table (CormConnection *conn, GError **error)
{
  g_autoptr (GError) missing = NULL, local = NULL;
  if (!has_table (conn, &missing)) {
    CormTableColumn written_at = { .type = { .type = CORM_TYPE_TIMESTAMP } };
    g_autoptr (GString) sql =
        g_string_new ("CREATE TABLE " TABLE " (token VARCHAR(36) NOT NULL PRIMARY KEY, written_at ");
    corm_render_type (sql, conn->link.driver->dialect, &written_at);
    g_string_append (sql, " NOT NULL)");
    if (missing->code != CORM_ERROR_SCHEMA) {
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }
    /* Somebody else may have made it meanwhile. */
    if (!corm_execute (conn, sql->str, NULL, NULL, &local) && !has_table (conn, NULL)) {
      g_propagate_prefixed_error (error, g_steal_pointer (&local),
                                  "cannot make the table " TABLE " for the option token: ");
      return FALSE;
    }
  }
  delete_old (conn);
  return TRUE;
}

static gboolean
insert (CormConnection *conn, const char *token, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("INSERT INTO " TABLE " (token, written_at) VALUES (:token, %s)",
                                          conn->link.driver->dialect->now);
  return corm_execute (conn, sql, CORM_PARAMS (CORM_PARAM ("token", token)), NULL, error);
}

gboolean
corm_token_write (CormConnection *conn, char token[CORM_TOKEN_SIZE], GError **error)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_strlcpy (token, uuid, CORM_TOKEN_SIZE);
  return insert (conn, token, error);
}

void
corm_token_forget (CormConnection *conn, const char *token)
{
  if (conn->tokens == NULL)
    conn->tokens = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (conn->tokens, g_strdup (token));
  if (conn->tokens->len < BATCH)
    return;
  delete_rows (conn, conn->tokens);
  g_ptr_array_set_size (conn->tokens, 0);
}

CormTokenState
corm_token_look_up (CormConnection *conn, const char *token, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, &local);
  if (transaction != NULL && insert (conn, token, &local) && corm_transaction_rollback (transaction, &local))
    return CORM_TOKEN_ROLLED_BACK;
  if (g_error_matches (local, CORM_ERROR, CORM_ERROR_UNIQUE))
    return CORM_TOKEN_COMMITTED;
  g_propagate_error (error, g_steal_pointer (&local));
  return CORM_TOKEN_UNDECIDED;
}
