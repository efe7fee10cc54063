/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See trigger.h. Row by row, before or after one kind of change; the body stands in the trigger, or in a function of its
 * own. When rows change by a foreign key, triggers of that table run in some databases only. */
#include "port/trigger.h"

#include "port/trigger-body.h"

#include <string.h>

typedef struct {
  const CormTriggerWork *work;
  const CormSchemaObject *object;
  CormReading reading;
  CormReading called; /* the function's body; tokens NULL: it is not in one */
  char *body_text;
  const CormPair *table;
  gboolean before;
  char event;      /* 'i', 'u', 'd' */
  GString *events; /* "UPDATE OF a, b" */
  char *when;
} Trigger;

static void
trigger_clear (Trigger *trigger)
{
  corm_reading_clear (&trigger->reading);
  corm_reading_clear (&trigger->called);
  g_free (trigger->body_text);
  g_free (trigger->when);
  g_string_free (trigger->events, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trigger, trigger_clear)

/* --- CREATE TRIGGER ---------------------------------------------------------------------------------------------- */

/* "UPDATE OF a, b": the columns are known only when the table is, which comes behind. */
static gboolean
skip_columns (CormReading *reading)
{
  do {
    if (corm_reading_name (reading) == NULL)
      return FALSE;
  } while (corm_reading_take (reading, ","));
  return TRUE;
}

static gboolean
say_columns (Trigger *trigger, guint first)
{
  CormReading *reading = &trigger->reading;
  guint behind = reading->at, n = 0;
  reading->at = first;
  if (!trigger->work->to->triggers->of_columns)
    return corm_reading_refuse (reading, "UPDATE OF chosen columns");
  g_string_append (trigger->events, " OF ");
  do {
    const char *name = corm_reading_name (reading);
    guint column = corm_plain_find_column (trigger->table, name);
    if (column == G_MAXUINT)
      return corm_reading_refuse (reading, "'%s' is no column that is moved", name);
    g_string_append (trigger->events, n++ > 0 ? ", " : "");
    corm_sql_append_identifier (trigger->events, reading->to, trigger->table->target_columns[column]->name);
  } while (corm_reading_take (reading, ","));
  reading->at = behind;
  return TRUE;
}

static gboolean
read_event (Trigger *trigger)
{
  CormReading *reading = &trigger->reading;
  trigger->before = !corm_reading_take (reading, "after");
  if (trigger->before)
    corm_reading_take (reading, "before"); /* SQLite: the same without it */
  const CormPortToken *event = corm_reading_peek (reading);
  if (!corm_port_token_is (event, "insert") && !corm_port_token_is (event, "update") &&
      !corm_port_token_is (event, "delete"))
    return corm_reading_refuse (reading, "a trigger '%s'", event->text);
  reading->at++;
  trigger->event = g_ascii_tolower (*event->text);
  g_autofree char *upper = g_ascii_strup (event->text, -1);
  g_string_append (trigger->events, upper);
  return TRUE;
}

/* "SET STATEMENT sql_mode = '…' FOR", as MariaDB's catalogue is read: a mode that lets no value be cut changes nothing of
 * what is plain. */
static gboolean
read_mode (CormReading *reading)
{
  if (!corm_reading_take (reading, "set"))
    return TRUE;
  if (!corm_reading_expect (reading, "statement") || !corm_reading_expect (reading, "sql_mode") ||
      !corm_reading_expect (reading, "="))
    return FALSE;
  const CormPortToken *mode = corm_reading_peek (reading);
  if (mode->kind != CORM_PORT_TOKEN_STRING || strstr (mode->text, "STRICT_") == NULL)
    return corm_reading_refuse (reading, "a trigger that may cut values");
  reading->at++;
  return corm_reading_expect (reading, "for");
}

static gboolean
read_head (Trigger *trigger)
{
  CormReading *reading = &trigger->reading;
  guint columns = 0;
  if (!read_mode (reading))
    return FALSE;
  if (!corm_reading_expect (reading, "create") || !corm_reading_expect (reading, "trigger"))
    return FALSE;
  if (corm_reading_take (reading, "if") &&
      (!corm_reading_expect (reading, "not") || !corm_reading_expect (reading, "exists")))
    return FALSE;
  if (corm_reading_name (reading) == NULL || !read_event (trigger))
    return FALSE;
  if (trigger->event == 'u' && corm_reading_take (reading, "of")) {
    columns = reading->at;
    if (!skip_columns (reading))
      return FALSE;
  }
  if (!corm_reading_expect (reading, "on"))
    return FALSE;
  const char *name = corm_reading_name (reading);
  trigger->table = name != NULL ? corm_reading_find_relation (reading, name) : NULL;
  if (trigger->table == NULL)
    return corm_reading_refuse (reading, "'%s' is no table that is moved", name != NULL ? name : "");
  if (columns > 0 && !say_columns (trigger, columns))
    return FALSE;
  return !corm_reading_take (reading, "for") ||
         (corm_reading_expect (reading, "each") && corm_reading_expect (reading, "row"));
}

static void
add_rows (const Trigger *trigger, CormReading *reading)
{
  if (trigger->event != 'd')
    corm_reading_add_table (reading, trigger->table, "new", "NEW");
  if (trigger->event != 'i')
    corm_reading_add_table (reading, trigger->table, "old", "OLD");
}

static gboolean
read_when (Trigger *trigger)
{
  CormReading *reading = &trigger->reading;
  if (!corm_reading_take (reading, "when"))
    return TRUE;
  reading->no_aggregates = TRUE;
  if (!corm_plain_read_condition (reading))
    return FALSE;
  trigger->when = g_strdup (reading->out->str);
  g_string_truncate (reading->out, 0);
  return TRUE;
}

/* --- its body ---------------------------------------------------------------------------------------------------- */

static const CormSchemaObject *
find_function (const CormSchema *schema, const char *name)
{
  gsize size = strlen (name);
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = g_ptr_array_index (schema->objects, i);
    const char *plain = object->name[0] == '"' ? object->name + 1 : object->name;
    if (strcmp (object->kind, "function") == 0 && strncmp (plain, name, size) == 0 &&
        (plain[size] == '(' || plain[size] == '"'))
      return object;
  }
  return NULL;
}

/* What stands between the tags of "AS $tag$…$tag$"; NULL: it is no function of PL/pgSQL. */
static char *
body_of (const CormSchemaObject *function, const CormDialect *dialect)
{
  char *body = NULL;
  gboolean is_plpgsql = FALSE;
  g_autoptr (GArray) tokens = corm_port_tokens_split (function->sql, dialect);
  for (guint i = 0; i < tokens->len; i++) {
    const CormPortToken *token = &g_array_index (tokens, CormPortToken, i);
    const char *end = token->kind == CORM_PORT_TOKEN_OTHER ? strchr (token->text + 1, '$') : NULL;
    is_plpgsql |= corm_port_token_is (token, "plpgsql");
    if (end == NULL || body != NULL)
      continue;
    gsize tag = (gsize) (end + 1 - token->text);
    body = token->size >= 2 * tag ? g_strndup (end + 1, token->size - 2 * tag) : NULL;
  }
  if (!is_plpgsql)
    g_clear_pointer (&body, g_free);
  return body;
}

static gboolean
read_called (Trigger *trigger, const CormTriggerBody *body)
{
  CormReading *reading = &trigger->reading;
  if (!corm_reading_take (reading, "function") && !corm_reading_expect (reading, "procedure"))
    return FALSE;
  const char *name = corm_reading_name (reading);
  const CormSchemaObject *function = name != NULL ? find_function (trigger->work->source, name) : NULL;
  trigger->body_text =
      function != NULL && function->sql != NULL ? body_of (function, trigger->work->from) : NULL;
  if (trigger->body_text == NULL)
    return corm_reading_refuse (reading, "the function %s, which can't be read", name != NULL ? name : "");
  if (!corm_reading_expect (reading, "(") || !corm_reading_expect (reading, ")"))
    return FALSE;
  CormReading *called = &trigger->called;
  corm_reading_init (called, trigger->body_text, trigger->work->from, trigger->work->to,
                     trigger->work->tables);
  add_rows (trigger, called);
  gboolean done = corm_reading_expect (called, "begin") && corm_trigger_read_block (called, body);
  corm_reading_take (called, ";");
  if (done && corm_reading_peek (called)->kind == CORM_PORT_TOKEN_END) {
    g_string_append (reading->out, called->out->str);
    g_array_append_vals (reading->refs, called->refs->data, called->refs->len);
    return TRUE;
  }
  return corm_reading_refuse (reading, "%s", called->why != NULL ? called->why : "words behind END");
}

static gboolean
read_body (Trigger *trigger)
{
  CormReading *reading = &trigger->reading;
  CormTriggerBody body = {
    .table = trigger->table,
    .source = trigger->work->source,
    .sets_new = trigger->before && trigger->event != 'd',
    .returns = trigger->before ? (trigger->event == 'd' ? "OLD" : "NEW") : NULL,
  };
  gboolean done;
  if (corm_reading_take (reading, "execute")) {
    done = read_called (trigger, &body);
  } else if (corm_reading_take (reading, "begin")) {
    done = corm_trigger_read_block (reading, &body);
  } else {
    done = corm_trigger_read_statement (reading, &body);
    g_string_append_c (reading->out, ';');
  }
  corm_reading_take (reading, ";");
  const CormPortToken *next = corm_reading_peek (reading);
  return done && (next->kind == CORM_PORT_TOKEN_END ||
                  corm_reading_refuse (reading, "'%s' behind the trigger's end", next->text));
}

/* --- what differs around it -------------------------------------------------------------------------------------- */

static gboolean
is_acting (CormAction action)
{
  return action != CORM_NO_ACTION && action != CORM_RESTRICT;
}

/* Rows that go or change by a foreign key: some databases run no triggers for them. */
static gboolean
check_actions (Trigger *trigger)
{
  const CormTable *table = trigger->table->source;
  for (guint i = 0; i < table->foreign_keys->len && trigger->event != 'i'; i++) {
    const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
    if (is_acting (key->on_delete) || is_acting (key->on_update))
      return corm_reading_refuse (
          &trigger->reading,
          "rows of %s change by the foreign key to %s, for which not every database runs "
          "triggers",
          table->name, key->target_table);
  }
  return TRUE;
}

/* Before the row is there, a key that the database counts and what it computes are known in some databases only. */
static gboolean
check_before (Trigger *trigger)
{
  const GArray *refs = trigger->reading.refs;
  for (guint i = 0; i < refs->len && trigger->before; i++) {
    const CormPlainRef *ref = &g_array_index (refs, CormPlainRef, i);
    const CormTableColumn *column = ref->pair->source_columns[ref->column];
    const CormTableColumn *target = ref->pair->target_columns[ref->column];
    gboolean counted = trigger->event == 'i' && (column->auto_increment || target->auto_increment);
    if (ref->pair == trigger->table && (counted || column->generated_sql != NULL))
      return corm_reading_refuse (&trigger->reading, "%s is not known before the row is there", column->name);
  }
  return TRUE;
}

/* --- the other database's words ---------------------------------------------------------------------------------- */

static char *
fill (const Trigger *trigger, const char *template)
{
  GString *text = g_string_new (NULL);
  const CormDialect *to = trigger->work->to;
  const char *returns = !trigger->before ? "NULL" : trigger->event == 'd' ? "OLD" : "NEW";
  for (const char *p = template; *p != '\0'; p++) {
    char gap = p[0] == '{' && p[1] != '\0' && p[2] == '}' ? p[1] : '\0';
    if (gap == '\0') {
      g_string_append_c (text, *p);
      continue;
    }
    p += 2;
    if (gap == 'n')
      corm_sql_append_identifier (text, to, trigger->object->name);
    else if (gap == 't')
      corm_sql_append_identifier (text, to, trigger->table->target->name);
    else
      g_string_append (text, gap == 'm'   ? (trigger->before ? "BEFORE" : "AFTER")
                             : gap == 'e' ? trigger->events->str
                             : gap == 'c' ? trigger->when
                             : gap == 'b' ? trigger->reading.out->str
                                          : returns);
  }
  return g_string_free (text, FALSE);
}

char *
corm_trigger_translate (const CormTriggerWork *work, const CormSchemaObject *object, char **function,
                        char **why)
{
  g_auto (Trigger) trigger = { .work = work, .object = object, .events = g_string_new (NULL) };
  corm_reading_init (&trigger.reading, object->sql, work->from, work->to, work->tables);
  const CormTriggerSql *sql = work->to->triggers;
  if (sql == NULL)
    corm_reading_refuse (&trigger.reading, "the target has no triggers that are known");
  else if (read_head (&trigger)) {
    add_rows (&trigger, &trigger.reading);
    if (read_when (&trigger) && read_body (&trigger) && check_actions (&trigger) && check_before (&trigger) &&
        strstr (trigger.reading.out->str, "$corm$") != NULL)
      corm_reading_refuse (&trigger.reading, "a text with $corm$");
  }
  if (trigger.reading.why != NULL) {
    *why = g_steal_pointer (&trigger.reading.why);
    return NULL;
  }
  *function = sql->function != NULL ? fill (&trigger, sql->function) : NULL;
  return fill (&trigger, trigger.when != NULL ? sql->when : sql->plain);
}
