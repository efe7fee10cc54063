/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The structure of the connection's database out of information_schema, in a dozen queries and those few that README.md names.
 * Invariant: what the server makes by itself (the index behind a foreign key, the check behind JSON) is left out, so
 * that it is never a difference. */
#include "catalogue.h"

#include <string.h>

gboolean
corm_mysql_read_rows (CormMysqlReader *reader, const char *sql, CormMysqlReadRow read, GError **error)
{
  g_autoptr (CormCursor) cursor = corm_query (reader->conn, sql, NULL, error);
  GError *failure = NULL;
  if (cursor == NULL)
    return FALSE;
  guint n = MIN (corm_cursor_get_n_columns (cursor), CORM_MYSQL_MAX_CELLS);
  while (corm_cursor_next (cursor, &failure)) {
    char *cells[CORM_MYSQL_MAX_CELLS] = { NULL };
    for (guint i = 0; i < n; i++)
      cells[i] = corm_mysql_cell (cursor, i);
    read (reader, cells);
    for (guint i = 0; i < n; i++)
      g_free (cells[i]);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
corm_mysql_find_table (CormMysqlReader *reader, const char *name)
{
  if (reader->table == NULL || strcmp (reader->table->name, name) != 0)
    reader->table = corm_schema_find_table (reader->schema, name);
  return reader->table != NULL;
}

void
corm_mysql_append_words (char **text, const char *words)
{
  char *all = *text != NULL ? g_strconcat (*text, " ", words, NULL) : g_strdup (words);
  g_free (*text);
  *text = all;
}

gboolean
corm_mysql_is_numbered (const char *name, const char *base)
{
  gsize length = strlen (base);
  if (strncmp (name, base, length) != 0)
    return FALSE;
  if (name[length] == '\0')
    return TRUE;
  const char *digits = name + length + 1;
  return name[length] == '_' && *digits != '\0' && strspn (digits, "0123456789") == strlen (digits);
}

static const char session_sql[] = "SELECT DATABASE(), @@sql_mode, @@collation_database";

static void
read_session (CormMysqlReader *reader, char **cells)
{
  reader->database = g_steal_pointer (&cells[0]);
  reader->sql_mode = g_steal_pointer (&cells[1]);
  reader->collation = g_steal_pointer (&cells[2]);
}

static gboolean
read_all (CormMysqlReader *reader, GError **error)
{
  if (!corm_mysql_read_rows (reader, session_sql, read_session, error))
    return FALSE;
  if (reader->database == NULL) {
    corm_driver_error (error, CORM_ERROR_INVALID, "read the catalogue", "no database is selected",
                       "name one in the URI: mysql://user@host/DATABASE");
    return FALSE;
  }
  g_autoptr (GString) qualifier = g_string_new (NULL);
  corm_mysql_append_name (qualifier, reader->database);
  reader->qualifier = g_strconcat (qualifier->str, ".", NULL);
  if (corm_mysql_read_tables (reader, error) && corm_mysql_complete_texts (reader, error) &&
      corm_mysql_read_keys (reader, error) && corm_mysql_read_objects (reader, error))
    return TRUE;
  g_prefix_error (error, "read the catalogue: ");
  return FALSE;
}

/* The scratch place is a database of its own on a connection of its own: both are "the connection's database". */
gboolean
corm_mysql_inspect (CormConnection *conn, gboolean scratch, CormSchema *schema, GError **error)
{
  CormMysqlReader reader = { .conn = conn, .schema = schema, .scratch = scratch };
  reader.rules = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reader.unruled = g_ptr_array_new ();
  reader.sequences = g_ptr_array_new_with_free_func (g_free);
  reader.partitioned = g_ptr_array_new_with_free_func (g_free);
  reader.programs = g_ptr_array_new_with_free_func (corm_mysql_program_free);
  reader.texts = g_ptr_array_new_with_free_func (corm_mysql_text_free);
  gboolean ok = read_all (&reader, error);
  g_ptr_array_unref (reader.programs);
  g_ptr_array_unref (reader.texts);
  g_hash_table_unref (reader.rules);
  g_ptr_array_unref (reader.unruled);
  g_ptr_array_unref (reader.sequences);
  g_ptr_array_unref (reader.partitioned);
  g_free (reader.database);
  g_free (reader.qualifier);
  g_free (reader.sql_mode);
  g_free (reader.collation);
  return ok;
}
