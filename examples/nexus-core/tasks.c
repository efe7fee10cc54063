/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Lists, tasks and notes. A Task begins as an OldTask does, so that on a database of version 1 the same struct is
 * written with the model that knows no priority. */
#include "nexus.h"

static const CormModel *
task_model (const Nexus *nexus)
{
  return nexus->version >= VERSION_PRIORITY ? &Task_model : &OldTask_model;
}

static gboolean
refuse (GError **error, const char *what, const char *why)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "'%s' %s", what, why);
  return FALSE;
}

static gboolean
needs (const Nexus *nexus, guint version, const char *what, GError **error)
{
  return nexus->version >= version ||
         refuse (error, what, "is unknown to this version of the schema: run nexus-core migrate");
}

static gboolean
read_id (const char *text, CormUuid *id, GError **error)
{
  return corm_uuid_parse (text, id) ||
         refuse (error, text, "is no id; the first column of tasks and lists is");
}

static int
say_id (CormUuid id)
{
  g_autofree char *text = corm_uuid_to_text (id);
  g_print ("%s\n", text);
  return 0;
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

int
nexus_lists (Nexus *nexus, G_GNUC_UNUSED char **arguments, GError **error)
{
  g_autoptr (CormRows) lists = corm_find (
      List, nexus->conn, error, .order = CORM_ORDER (CORM_ASC (List, name), CORM_ASC (List, list_id)));
  CORM_FOREACH (List, list, lists) {
    g_autofree char *id = corm_uuid_to_text (list->list_id);
    g_print ("%s  %s\n", id, list->name);
  }
  return lists == NULL;
}

int
nexus_add_list (Nexus *nexus, char **arguments, GError **error)
{
  List list = { .list_id = corm_uuid_random (), .name = arguments[0] };
  return list_insert (nexus->conn, &list, error) ? say_id (list.list_id) : 1;
}

/* --- tasks -------------------------------------------------------------------------------------------------------- */

int
nexus_tasks (Nexus *nexus, G_GNUC_UNUSED char **arguments, GError **error)
{
  const CormModel *model = task_model (nexus);
  const CormFind by_age = { .order = model == &Task_model
                                         ? CORM_ORDER (CORM_DESC (Task, priority), CORM_ASC (Task, task_id))
                                         : CORM_ORDER (CORM_ASC (OldTask, task_id)) };
  g_autoptr (CormRows) tasks = corm_find_rows (model, nexus->conn, error, &by_age);
  for (gsize i = 0; i < corm_rows_get_length (tasks); i++) {
    const Task *task = corm_rows_get (tasks, i);
    g_autofree char *id = corm_uuid_to_text (task->task_id);
    int year = 0, month = 0, day = 0;
    g_print ("%s  [%c] %s", id, task->is_completed ? 'x' : ' ', task->content);
    if (task->due_date.is_set) {
      corm_date_to_ymd (task->due_date.value, &year, &month, &day);
      g_print ("  due %04d-%02d-%02d", year, month, day);
    }
    if (model == &Task_model && task->priority.is_set && task->priority.value != 0)
      g_print ("  priority %d", task->priority.value);
    g_print ("\n");
  }
  return tasks == NULL;
}

static gboolean
read_due (const Nexus *nexus, CormOptDate *due, GError **error)
{
  CormValue value;
  if (nexus->due == NULL)
    return TRUE;
  if (!corm_value_parse (&(const CormSqlType){ .type = CORM_TYPE_DATE }, nexus->due, -1, &value, error))
    return FALSE;
  *due = (CormOptDate){ .is_set = true, .value = { (gint32) value.i } };
  return TRUE;
}

int
nexus_add (Nexus *nexus, char **arguments, GError **error)
{
  Task task = { .task_id = corm_uuid_random (), .content = arguments[1] };
  if (!read_id (arguments[0], &task.list_id, error) || !read_due (nexus, &task.due_date, error) ||
      (nexus->priority != 0 && !needs (nexus, VERSION_PRIORITY, "priority", error)))
    return 1;
  task.priority = (CormOptInt32) CORM_SOME (nexus->priority);
  return corm_insert_row (task_model (nexus), nexus->conn, &task, error) ? say_id (task.task_id) : 1;
}

int
nexus_edit (Nexus *nexus, char **arguments, GError **error)
{
  Task task = { .content = arguments[1] };
  return !read_id (arguments[0], &task.task_id, error) ||
         !corm_update_row (task_model (nexus), nexus->conn, &task, CORM_MEMBERS (Task, content), error);
}

int
nexus_done (Nexus *nexus, char **arguments, GError **error)
{
  Task task = { .is_completed = true };
  return !read_id (arguments[0], &task.task_id, error) ||
         !corm_update_row (task_model (nexus), nexus->conn, &task, CORM_MEMBERS (Task, is_completed), error);
}

int
nexus_prioritize (Nexus *nexus, char **arguments, GError **error)
{
  Task task = { 0 };
  gint64 priority;
  if (!g_ascii_string_to_signed (arguments[1], 10, G_MININT32, G_MAXINT32, &priority, NULL)) {
    refuse (error, arguments[1], "is no priority: give a whole number");
    return 1;
  }
  task.priority = (CormOptInt32) CORM_SOME ((gint32) priority);
  return !needs (nexus, VERSION_PRIORITY, "priority", error) ||
         !read_id (arguments[0], &task.task_id, error) ||
         !corm_update (Task, nexus->conn, &task, error, priority);
}

int
nexus_remove (Nexus *nexus, char **arguments, GError **error)
{
  Task task = { 0 };
  return !read_id (arguments[0], &task.task_id, error) ||
         !corm_delete_row (task_model (nexus), nexus->conn, &task, error);
}

/* --- notes -------------------------------------------------------------------------------------------------------- */

int
nexus_note (Nexus *nexus, char **arguments, GError **error)
{
  Note note = { .note_id = corm_uuid_random (), .body = arguments[1] };
  if (!needs (nexus, VERSION_NOTES, "note", error) || !read_id (arguments[0], &note.task_id, error))
    return 1;
  return note_insert (nexus->conn, &note, error) ? say_id (note.note_id) : 1;
}

int
nexus_notes (Nexus *nexus, char **arguments, GError **error)
{
  CormUuid task_id;
  if (!needs (nexus, VERSION_NOTES, "note", error) || !read_id (arguments[0], &task_id, error))
    return 1;
  g_autoptr (CormRows) notes = corm_find (Note, nexus->conn, error, .where = CORM_EQ (Note, task_id, task_id),
                                          .order = CORM_ORDER (CORM_ASC (Note, note_id)));
  CORM_FOREACH (Note, note, notes)
    g_print ("%s  %s\n", note->body, note->tags);
  return notes == NULL;
}
