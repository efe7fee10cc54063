/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See faulty.h: what a database holds behind a fault, and whether somebody still holds the database. */
#include "faulty.h"

#include <glib/gstdio.h>

static void
append_rows (GString *text, CormConnection *conn, const CormTable *table)
{
  g_autoptr (GString) sql = g_string_new ("SELECT * FROM ");
  g_autoptr (CormCursor) cursor = NULL;
  corm_sql_append_identifier (sql, corm_connection_get_link (conn)->driver->dialect, table->name);
  for (guint i = 0; i < table->columns->len; i++)
    g_string_append_printf (sql, "%s %u", i > 0 ? "," : " ORDER BY", i + 1);
  assert_ok ((cursor = corm_query (conn, sql->str, NULL, error)) != NULL);
  while (corm_cursor_next (cursor, NULL)) {
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      corm_value_append_text (corm_cursor_get_value (cursor, i), text);
      g_string_append_c (text, '|');
    }
    g_string_append_c (text, '\n');
  }
}

/* Tables, and all rows but those of Corm's own tables. */
static char *
describe (CormConnection *conn, const CormSchema *schema)
{
  GString *text = g_string_new (NULL);
  g_autofree char *fingerprint = corm_schema_fingerprint (schema);
  g_string_append_printf (text, "schema %s\n", fingerprint);
  for (guint i = 0; i < schema->tables->len; i++)
    append_rows (text, conn, schema->tables->pdata[i]);
  return g_string_free (text, FALSE);
}

/* Somebody else can lock and write whatever is there, at once. */
static gboolean
write_all (CormConnection *conn, const CormSchema *schema, GError **error)
{
  g_autoptr (CormTransaction) guard = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  gboolean ok = guard != NULL;
  for (guint i = 0; ok && i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    const CormTableColumn *column = table->columns->pdata[0];
    g_autofree char *sql = g_strdup_printf ("UPDATE %s SET %s = %s", table->name, column->name, column->name);
    ok = corm_execute (conn, sql, NULL, NULL, error);
  }
  return ok;
}

char *
stage_observe (const Stage *stage, StageWaitFunc wait)
{
  const CormDbOptions options = { .busy_timeout_ms = 1000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CormDb) db = corm_db_open_full (stage->uri, NULL, &options, &error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, &error) : NULL;
  if (conn != NULL && wait != NULL && !wait (conn))
    fail_msg ("%s: a session of the server is left", stage->uri);
  g_autoptr (CormSchema) schema = conn != NULL ? corm_schema_inspect (conn, &error) : NULL;
  if (schema == NULL || !write_all (conn, schema, &error))
    fail_msg ("%s: nobody else can write: %s", stage->uri, error->message);
  for (guint i = schema->tables->len; i > 0; i--)
    if (g_str_has_prefix (((CormTable *) schema->tables->pdata[i - 1])->name, "corm_"))
      g_ptr_array_remove_index (schema->tables, i - 1);
  g_ptr_array_set_size (schema->objects, 0);
  return describe (conn, schema);
}

void
stage_end (Stage *stage)
{
  static const char *const endings[] = { "", "-wal", "-shm" };
  stage_clear (stage);
  for (guint i = 0; stage->other != NULL && i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = g_strconcat (strchr (stage->other, ':') + 1, endings[i], NULL);
    g_unlink (path);
  }
  g_free (stage->uri);
  g_free (stage->other);
  g_free (stage->message);
}
