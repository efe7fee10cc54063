/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See object.h. An object that needs what does not move is not moved either: some databases would take it, and fail with
 * each change of a row. What the target has under that name already stays as it is. */
#include "port/object.h"

#include "port/numbers.h"
#include "port/tokens.h"
#include "port/trigger.h"
#include "port/view.h"
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

typedef struct {
  CormPortJob *job;
  const CormSchema *live; /* NULL: what is there is the port's own */
  GPtrArray *missing;     /* const char *: what does not move */
  GPtrArray *relations;   /* CormPair: tables, then views */
  gboolean same;
} Objects;

char *
corm_port_object_key (const char *kind, const char *name, const char *table)
{
  return g_strconcat (kind, " ", name, table != NULL ? " on " : NULL, table, NULL);
}

static gboolean
is_relation (const char *kind)
{
  static const char *const kinds[] = { "view",          "materialized view", "sequence", "virtual table",
                                       "foreign table", "partition",         NULL };
  return g_strv_contains (kinds, kind);
}

/* A name without the arguments and quotes of a function. */
static char *
bare_name (const char *name)
{
  const char *start = *name == '"' ? name + 1 : name;
  return g_strndup (start, strcspn (start, "(\""));
}

static void
leave (Objects *objects, const CormSchemaObject *object, const char *why)
{
  GPtrArray *not_moved = objects->job->report->not_moved;
  g_autofree char *key = corm_port_object_key (object->kind, object->name, NULL);
  g_ptr_array_add (not_moved,
                   g_strdup_printf ("%s: %s (%s)", key, object->sql != NULL ? object->sql : "", why));
  if (object->table == NULL)
    g_ptr_array_add (objects->missing, bare_name (object->name));
}

/* The target's object, and the report's line of it. */
static void
add (Objects *objects, const CormSchemaObject *object, const char *table, const char *sql,
     gboolean translated)
{
  CormSchemaObject *made = corm_schema_add_object (objects->job->target, object->kind, object->name);
  made->table = g_strdup (table);
  made->sql = g_strdup (sql);
  CormPortObject *line = g_new0 (CormPortObject, 1);
  line->kind = g_strdup (object->kind);
  line->name = g_strdup (object->name);
  line->table = g_strdup (table);
  line->sql = g_strdup (sql);
  line->translated = translated;
  g_ptr_array_add (objects->job->report->objects, line);
}

/* --- what is in the way ------------------------------------------------------------------------------------------ */

static gboolean
is_there (const Objects *objects, const char *kind, const char *name)
{
  if (objects->live == NULL)
    return FALSE;
  for (guint i = 0; i < objects->live->objects->len; i++) {
    const CormSchemaObject *there = g_ptr_array_index (objects->live->objects, i);
    gboolean alike = strcmp (there->kind, kind) == 0 || (is_relation (kind) && is_relation (there->kind));
    if (alike && g_ascii_strcasecmp (there->name, name) == 0)
      return TRUE;
  }
  return is_relation (kind) && corm_find_table_any_case (objects->live, name) != NULL;
}

static const char *
find_missing (const Objects *objects, const CormSchemaObject *object)
{
  for (guint i = 0; i < objects->missing->len; i++) {
    const char *name = g_ptr_array_index (objects->missing, i);
    if (corm_words_mention (object->sql, name))
      return name;
  }
  return NULL;
}

/* --- one by one -------------------------------------------------------------------------------------------------- */

/* With its own words. */
static void
take_over (Objects *objects, const CormSchemaObject *object)
{
  const char *missing = find_missing (objects, object);
  if (strcmp (object->kind, "virtual table") == 0) {
    leave (objects, object, "its rows are kept by a module, not in a table");
  } else if (missing != NULL) {
    g_autofree char *why = g_strdup_printf ("it needs %s, which is not moved", missing);
    leave (objects, object, why);
  } else
    add (objects, object, object->table, object->sql, FALSE);
}

/* Where the statement that makes @object ends, and others begin that say something of it: comments, and defaults of a
 * view's columns. NULL: nothing is behind it, or something else too. */
static const char *
find_remarks (const CormSchemaObject *object, const CormDialect *dialect)
{
  const char *end = NULL;
  g_autoptr (GArray) tokens = corm_port_tokens_split (object->sql, dialect);
  for (guint i = 0; i + 2 < tokens->len; i++) {
    const CormPortToken *token = &g_array_index (tokens, CormPortToken, i);
    if (!corm_port_token_is (token, ";"))
      continue;
    if (!corm_port_token_is (token + 1, "comment") &&
        !(corm_port_token_is (token + 1, "alter") && corm_port_token_is (token + 2, "view")))
      return NULL;
    if (end == NULL)
      end = token->at;
  }
  return end;
}

static char *
without_remarks (const CormSchemaObject *object, const char *remarks)
{
  return remarks != NULL ? g_strndup (object->sql, (gsize) (remarks - object->sql)) : g_strdup (object->sql);
}

static void
leave_remarks (Objects *objects, const CormSchemaObject *object, const char *remarks)
{
  if (remarks != NULL)
    g_ptr_array_add (objects->job->report->not_moved,
                     g_strdup_printf ("with the %s %s: %s", object->kind, object->name,
                                      remarks + strspn (remarks, ";\n ")));
}

static void
translate_view (Objects *objects, const CormSchemaObject *object)
{
  CormPair *pair = NULL;
  CormPortJob *job = objects->job;
  g_autofree char *why = NULL;
  const CormViewWork work = { .from = corm_connection_get_dialect (job->from),
                              .to = corm_connection_get_dialect (job->to),
                              .relations = objects->relations,
                              .left = job->views_left,
                              .right = job->views_right };
  const char *remarks = find_remarks (object, work.from);
  g_autofree char *alone = without_remarks (object, remarks);
  g_autofree char *sql = corm_view_translate (&work, object->name, alone, &pair, &why);
  if (sql == NULL) {
    g_autofree char *reason = g_strdup_printf ("not translated: %s", why);
    leave (objects, object, reason);
    return;
  }
  g_ptr_array_add (job->views, pair);
  g_ptr_array_add (objects->relations, pair);
  add (objects, object, NULL, sql, TRUE);
  leave_remarks (objects, object, remarks);
}

/* A function that the body stands in is made with its trigger, and named here to be dropped. */
static void
translate_trigger (Objects *objects, const CormSchemaObject *object)
{
  CormPortJob *job = objects->job;
  g_autofree char *why = NULL, *function = NULL;
  const CormTriggerWork work = { .from = corm_connection_get_dialect (job->from),
                                 .to = corm_connection_get_dialect (job->to),
                                 .tables = job->pairs,
                                 .source = job->source };
  const char *remarks = find_remarks (object, work.from);
  g_autofree char *text = without_remarks (object, remarks);
  CormSchemaObject alone = *object;
  alone.sql = text;
  g_autofree char *sql = corm_trigger_translate (&work, &alone, &function, &why);
  if (sql == NULL) {
    g_autofree char *reason = g_strdup_printf ("not translated: %s", why);
    leave (objects, object, reason);
    return;
  }
  leave_remarks (objects, object, remarks);
  const CormTable *on = corm_find_target_table (job->target, object->table);
  const char *table = on != NULL ? on->name : object->table;
  if (function == NULL) {
    add (objects, object, table, sql, TRUE);
    return;
  }
  g_autoptr (GString) name = g_string_new (NULL);
  corm_sql_append_identifier (name, work.to, object->name);
  g_string_append (name, "()");
  if (is_there (objects, "function", name->str)) {
    leave (objects, object, "the target has a function of that name");
    return;
  }
  CormSchemaObject *called = corm_schema_add_object (job->target, "function", name->str);
  called->table = g_strdup (table);
  g_autofree char *both = g_strconcat (function, ";\n", sql, NULL);
  add (objects, object, table, both, TRUE);
}

static gboolean
has_name_left (const CormPortJob *job, const char *name)
{
  guint most = corm_connection_get_dialect (job->to)->max_identifier;
  return most == 0 || strlen (name) <= most;
}

/* Its rows are read with those of its table, which may itself be one, or stand elsewhere. */
static void
leave_partition (Objects *objects, const CormSchemaObject *object)
{
  const CormSchema *source = objects->job->source;
  const CormSchemaObject *over = object;
  while (over->table != NULL && corm_schema_find_object (source, "partition", over->table) != NULL)
    over = corm_schema_find_object (source, "partition", over->table);
  g_autofree char *why = corm_schema_find_table (source, over->table) != NULL
                             ? g_strdup_printf ("its rows move with %s", over->table)
                             : g_strdup_printf ("nor are its rows: its table %s is not here", over->table);
  leave (objects, object, why);
}

/* What it had given, where that can be read: its text alone begins anew. */
static void
leave_sequence (Objects *objects, const CormSchemaObject *object)
{
  CormConnection *from = objects->job->from;
  g_autoptr (CormTransaction) savepoint = corm_transaction_begin (from, CORM_TRANSACTION_DEFAULT, NULL);
  g_autofree char *state = savepoint != NULL && corm_connection_get_dialect (from)->sequence_state != NULL
                               ? corm_numbers_state (from, object->name, NULL)
                               : NULL;
  g_autofree char *why = g_strconcat (state != NULL ? "it stands at: " : "what it had given is not known",
                                      state != NULL ? state : "", NULL);
  leave (objects, object, why);
}

static void
settle_object (Objects *objects, const CormSchemaObject *object)
{
  if (object->sql == NULL)
    leave (objects, object, "the role that reads the source may not see its text");
  else if (objects->job->options->registry != NULL)
    leave (objects, object, "the schema comes from the models");
  else if (strcmp (object->kind, "partition") == 0)
    leave_partition (objects, object);
  else if (is_there (objects, object->kind, object->name))
    leave (objects, object, "the target has one of that name");
  else if (objects->same)
    take_over (objects, object);
  else if (!has_name_left (objects->job, object->name))
    leave (objects, object, "its name is too long for the target");
  else if (strcmp (object->kind, "view") == 0)
    translate_view (objects, object);
  else if (strcmp (object->kind, "trigger") == 0)
    translate_trigger (objects, object);
  else if (strcmp (object->kind, "sequence") == 0)
    leave_sequence (objects, object);
  else
    leave (objects, object, "not translated: only plain views and triggers are");
}

static gboolean
is_chosen (const CormPortJob *job, const CormSchemaObject *object)
{
  return corm_globs_match (job->options->tables, object->table != NULL ? object->table : object->name);
}

void
corm_port_settle_objects (CormPortJob *job, const CormSchema *live, gboolean resume)
{
  Objects objects = {
    .job = job,
    .live = resume ? NULL : live,
    .missing = g_ptr_array_new_with_free_func (g_free),
    .relations = g_ptr_array_new (),
    .same = g_strcmp0 (job->source->dialect, corm_connection_get_dialect (job->to)->name) == 0,
  };
  job->views = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_pair_free);
  job->views_left = corm_schema_new (job->source->dialect);
  job->views_right = corm_schema_new (job->target->dialect);
  for (guint i = 0; i < job->pairs->len; i++)
    g_ptr_array_add (objects.relations, g_ptr_array_index (job->pairs, i));
  for (guint i = 0; i < job->source->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (job->source->tables, i);
    if (!corm_globs_match (job->options->tables, table->name))
      g_ptr_array_add (objects.missing, g_strdup (table->name));
  }
  for (guint i = 0; i < job->source->objects->len; i++) {
    const CormSchemaObject *object = g_ptr_array_index (job->source->objects, i);
    if (is_chosen (job, object))
      settle_object (&objects, object);
    else if (object->table == NULL)
      g_ptr_array_add (objects.missing, bare_name (object->name));
  }
  g_ptr_array_unref (objects.missing);
  g_ptr_array_unref (objects.relations);
}

/* --- behind the steps -------------------------------------------------------------------------------------------- */

static const CormPortStep *
find_step (GPtrArray *steps, const char *key)
{
  for (guint i = 0; i < steps->len; i++) {
    const CormPortStep *step = g_ptr_array_index (steps, i);
    if (step->kind == CORM_STEP_OBJECT && strcmp (step->table, key) == 0)
      return step;
  }
  return NULL;
}

static void
drop_view (CormPortJob *job, const char *name)
{
  for (guint i = 0; i < job->views->len; i++)
    if (strcmp (((const CormPair *) g_ptr_array_index (job->views, i))->source->name, name) == 0)
      g_ptr_array_remove_index (job->views, i--);
}

/* One that the tables were to stand on is no step: its refusal was said at once. */
static gboolean
is_said (const CormPortJob *job, const char *key)
{
  g_autofree char *beginning = g_strconcat (key, ": ", NULL);
  for (guint i = 0; i < job->report->not_moved->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (job->report->not_moved, i), beginning))
      return TRUE;
  return FALSE;
}

static gboolean
is_early (const CormPortJob *job, const CormPortObject *line)
{
  const CormSchemaObject *object = corm_schema_find_object (job->target, line->kind, line->name);
  return object != NULL && corm_schema_object_is_early (job->target, object);
}

void
corm_port_settle_steps (CormPortJob *job, GPtrArray *steps)
{
  for (guint i = 0; i < job->report->objects->len; i++) {
    const CormPortObject *line = g_ptr_array_index (job->report->objects, i);
    g_autofree char *key = corm_port_object_key (line->kind, line->name, line->table);
    const CormPortStep *step = find_step (steps, key);
    gboolean refused = is_said (job, key);
    if (!refused && (step != NULL || is_early (job, line)))
      continue;
    if (!refused)
      g_ptr_array_add (job->report->not_moved,
                       g_strdup_printf ("%s: %s (the target had one of that name)", key, line->sql));
    drop_view (job, line->name);
    g_ptr_array_remove_index (job->report->objects, i--);
  }
}
