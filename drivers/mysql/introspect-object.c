/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Sequences, views, triggers and events, each with the statement that makes it: without the database's name and without
 * a definer, so that a scratch database reads like the one that it stands for. They come in an order in which they can be
 * made: sequences, routines, views behind the views that they read, triggers in the order in which they fire, events. */
#include "catalogue.h"

#include <string.h>

CormSchemaObject *
corm_mysql_add_object (CormMysqlReader *reader, const char *kind, const char *name, char *sql)
{
  CormSchemaObject *object = corm_schema_add_object (reader->schema, kind, name);
  object->sql = sql;
  return object;
}

/* --- sequences: all of them in one query --- */

static void
append_sequence (GString *sql, const char *name)
{
  g_string_append (sql, sql->len > 0 ? " UNION ALL SELECT " : "SELECT ");
  corm_mysql_append_text (sql, name);
  g_string_append (
      sql,
      ", start_value, minimum_value, maximum_value, increment, cache_size, IF(cycle_option, 1, 0) FROM ");
  corm_mysql_append_name (sql, name);
}

static void
read_sequence (CormMysqlReader *reader, char **cells)
{
  GString *sql = g_string_new ("CREATE SEQUENCE ");
  corm_mysql_append_name (sql, cells[0]);
  g_string_append_printf (sql, " START WITH %s MINVALUE %s MAXVALUE %s INCREMENT BY %s", cells[1], cells[2],
                          cells[3], cells[4]);
  if (strcmp (cells[5], "0") == 0)
    g_string_append (sql, " NOCACHE");
  else
    g_string_append_printf (sql, " CACHE %s", cells[5]);
  g_string_append (sql, strcmp (cells[6], "0") == 0 ? " NOCYCLE" : " CYCLE");
  corm_mysql_add_object (reader, "sequence", cells[0], g_string_free (sql, FALSE));
}

static gboolean
read_sequences (CormMysqlReader *reader, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  for (guint i = 0; i < reader->sequences->len; i++)
    append_sequence (sql, reader->sequences->pdata[i]);
  return sql->len == 0 || corm_mysql_read_rows (reader, sql->str, read_sequence, error);
}

/* --- views --- */

static const char views_sql[] = "SELECT table_name, view_definition, algorithm, security_type, check_option "
                                "FROM information_schema.views "
                                "WHERE table_schema = DATABASE() ORDER BY CAST(table_name AS BINARY)";

typedef struct {
  char *name, *header, *sql;
  char *words;              /* as the catalogue has it, with the names of databases */
  const char *check_option; /* with a blank before it */
  gboolean placed;
} View;

static void
view_free (gpointer data)
{
  View *view = data;
  g_free (view->name);
  g_free (view->header);
  g_free (view->sql);
  g_free (view->words);
  g_free (view);
}

/* A role that may not see the text is told an empty one. */
static void
read_view (CormMysqlReader *reader, char **cells)
{
  View *view = g_new0 (View, 1);
  g_autoptr (GString) header = g_string_new ("CREATE ");
  if (cells[2] != NULL && strcmp (cells[2], "UNDEFINED") != 0)
    g_string_append_printf (header, "ALGORITHM=%s ", cells[2]);
  if (g_strcmp0 (cells[3], "INVOKER") == 0)
    g_string_append (header, "SQL SECURITY INVOKER ");
  g_string_append (header, "VIEW ");
  corm_mysql_append_name (header, cells[0]);
  g_string_append (header, " AS ");
  view->header = g_string_free (g_steal_pointer (&header), FALSE);
  view->check_option = g_strcmp0 (cells[4], "CASCADED") == 0 ? " WITH CASCADED CHECK OPTION"
                       : g_strcmp0 (cells[4], "LOCAL") == 0  ? " WITH LOCAL CHECK OPTION"
                                                             : "";
  view->name = g_steal_pointer (&cells[0]);
  view->words = g_steal_pointer (&cells[1]);
  if (view->words != NULL && *view->words != '\0')
    view->sql = corm_mysql_standard_sql (view->words, reader->qualifier);
  corm_mysql_complete_view (reader, view->name, &view->sql);
  g_ptr_array_add (reader->views, view);
}

static gboolean
reads (const CormMysqlReader *reader, const View *view, const View *other)
{
  g_autoptr (GString) name = g_string_new (reader->qualifier);
  corm_mysql_append_name (name, other->name);
  return view->words != NULL && strstr (view->words, name->str) != NULL;
}

/* Behind those that it reads; marked first, as a view cannot come to read itself. */
static void
place_view (CormMysqlReader *reader, View *view)
{
  if (view->placed)
    return;
  view->placed = TRUE;
  for (guint i = 0; i < reader->views->len; i++) {
    View *other = reader->views->pdata[i];
    if (!other->placed && reads (reader, view, other))
      place_view (reader, other);
  }
  char *sql = view->sql != NULL ? g_strconcat (view->header, view->sql, view->check_option, NULL) : NULL;
  corm_mysql_add_object (reader, "view", view->name, sql);
}

static gboolean
read_views (CormMysqlReader *reader, GError **error)
{
  g_autoptr (GPtrArray) views = g_ptr_array_new_with_free_func (view_free);
  reader->views = views;
  gboolean ok =
      corm_mysql_read_rows (reader, views_sql, read_view, error) && corm_mysql_complete_texts (reader, error);
  for (guint i = 0; ok && i < views->len; i++)
    place_view (reader, views->pdata[i]);
  reader->views = NULL;
  return ok;
}

/* --- triggers --- */

static const char triggers_sql[] =
    "SELECT trigger_name, event_object_table, action_timing, event_manipulation, action_statement, sql_mode, "
    "action_order FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY "
    "CAST(event_object_table AS BINARY), action_timing, event_manipulation, action_order";

/* Those of one table, moment and event come in the order in which they fire: each follows the one before it. */
static void
read_trigger (CormMysqlReader *reader, char **cells)
{
  GPtrArray *objects = reader->schema->objects;
  GString *sql = g_string_new ("CREATE TRIGGER ");
  corm_mysql_append_name (sql, cells[0]);
  g_string_append_printf (sql, " %s %s ON ", cells[2], cells[3]);
  corm_mysql_append_name (sql, cells[1]);
  g_string_append (sql, " FOR EACH ROW ");
  if (strcmp (cells[6], "1") != 0 && objects->len > 0) {
    g_string_append (sql, "FOLLOWS ");
    corm_mysql_append_name (sql, ((const CormSchemaObject *) objects->pdata[objects->len - 1])->name);
    g_string_append_c (sql, ' ');
  }
  CormSchemaObject *trigger = corm_mysql_add_object (reader, "trigger", cells[0], g_string_free (sql, FALSE));
  trigger->table = g_strdup (cells[1]);
  corm_mysql_add_program (reader, trigger, cells[4], cells[5], NULL);
}

/* --- events --- */

/* A recurring event without STARTS starts when it is made: that moment is nobody's wish. UTC is one zone under two
 * names. */
static const char events_sql[] =
    "SELECT event_name, event_type, CAST(execute_at AS CHAR), interval_value, interval_field, "
    "IF(CONVERT_TZ(starts, time_zone, @@time_zone) IN (created, last_altered), NULL, CAST(starts AS CHAR)), "
    "CAST(ends AS CHAR), status, "
    "on_completion, event_comment, event_definition, sql_mode, "
    "IF(COALESCE(execute_at, starts, ends) IS NULL OR (time_zone = 'SYSTEM' AND @@system_time_zone = 'UTC'), "
    "'+00:00', time_zone) FROM information_schema.events WHERE event_schema = DATABASE() "
    "ORDER BY CAST(event_name AS BINARY)";

static void
append_moment (GString *sql, const char *word, const char *moment)
{
  if (moment != NULL)
    g_string_append_printf (sql, " %s '%s'", word, moment);
}

static void
read_event (CormMysqlReader *reader, char **cells)
{
  GString *sql = g_string_new ("CREATE EVENT ");
  const char *status = g_strcmp0 (cells[7], "DISABLED") == 0             ? " DISABLE"
                       : g_strcmp0 (cells[7], "SLAVESIDE_DISABLED") == 0 ? " DISABLE ON SLAVE"
                                                                         : "";
  corm_mysql_append_name (sql, cells[0]);
  g_string_append (sql, " ON SCHEDULE");
  append_moment (sql, "AT", cells[2]);
  if (cells[2] == NULL)
    g_string_append_printf (sql, " EVERY %s %s", cells[3], cells[4]);
  append_moment (sql, "STARTS", cells[5]);
  append_moment (sql, "ENDS", cells[6]);
  g_string_append_printf (sql, "%s%s", g_strcmp0 (cells[8], "PRESERVE") == 0 ? " ON COMPLETION PRESERVE" : "",
                          status);
  if (cells[9] != NULL && *cells[9] != '\0') {
    g_string_append (sql, " COMMENT ");
    corm_mysql_append_text (sql, cells[9]);
  }
  g_string_append (sql, " DO ");
  CormSchemaObject *event = corm_mysql_add_object (reader, "event", cells[0], g_string_free (sql, FALSE));
  corm_mysql_add_program (reader, event, cells[10], cells[11], cells[12]);
}

gboolean
corm_mysql_read_objects (CormMysqlReader *reader, GError **error)
{
  return read_sequences (reader, error) && corm_mysql_read_routines (reader, error) &&
         read_views (reader, error) && corm_mysql_read_rows (reader, triggers_sql, read_trigger, error) &&
         corm_mysql_read_rows (reader, events_sql, read_event, error) &&
         corm_mysql_finish_programs (reader, error);
}
