/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A column's definition in a database that takes the whole of it for every change (CormDialect.modifies_whole). It starts
 * from what is there and takes the traits that changes have come to by then, so that nothing goes that nobody has spoken
 * of: an ON UPDATE, a comment, a check behind the column. */
#include "evolve/planner.h"
#include "render/ddl.h"

static gboolean
is_trait (const CormChange *change)
{
  switch (change->kind) {
  case CORM_OP_SET_TYPE:
  case CORM_OP_SET_NOT_NULL:
  case CORM_OP_DROP_NOT_NULL:
  case CORM_OP_SET_DEFAULT:
  case CORM_OP_DROP_DEFAULT:
  case CORM_OP_SET_GENERATED:
  case CORM_OP_DROP_GENERATED:
  case CORM_OP_SET_IDENTITY:
  case CORM_OP_SET_OPTIONS:
    return change->name != NULL;
  case CORM_OP_SET_COMMENT:
    return change->on == CORM_COMMENT_ON_COLUMN;
  default:
    return FALSE;
  }
}

gboolean
corm_planner_modifies (const CormPlanner *planner, const CormChange *change)
{
  return planner->dialect->modifies_whole && planner->diff != NULL && is_trait (change);
}

static void
take_type (CormTableColumn *column, const CormTableColumn *from)
{
  column->type = from->type;
  column->type_sql = from->type_sql;
  column->collation = from->collation;
  column->enum_type = from->enum_type;
  column->labels = from->labels;
  column->raw = from->raw;
}

static void
take_default (CormTableColumn *column, const CormTableColumn *from)
{
  column->default_kind = from->default_kind;
  column->default_text = from->default_text;
  column->default_sql = from->default_sql;
}

/* Borrows from the change's column. */
static void
take (CormTableColumn *column, const CormChange *change)
{
  const CormTableColumn *from = change->part;
  switch (change->kind) {
  case CORM_OP_SET_TYPE:
    take_type (column, from);
    break;
  case CORM_OP_SET_NOT_NULL:
  case CORM_OP_DROP_NOT_NULL:
    column->not_null = from->not_null;
    break;
  case CORM_OP_SET_DEFAULT:
  case CORM_OP_DROP_DEFAULT:
    take_default (column, from);
    break;
  case CORM_OP_SET_GENERATED:
  case CORM_OP_DROP_GENERATED:
    column->generated_sql = from->generated_sql;
    column->generated_stored = from->generated_stored;
    break;
  case CORM_OP_SET_IDENTITY:
    column->auto_increment = from->auto_increment;
    column->identity_always = from->identity_always;
    break;
  case CORM_OP_SET_OPTIONS:
    column->options = from->options;
    break;
  default:
    column->comment = (char *) change->comment;
  }
}

/* The changes that have been made when @change is: those before it, and where it is not the one to undo itself. */
static GPtrArray *
made_by_then (const CormPlanner *planner, const CormChange *change)
{
  const CormChange *at = planner->undoes != NULL ? planner->undoes : change;
  GPtrArray *made = g_ptr_array_new ();
  for (guint i = 0; i < planner->diff->changes->len; i++) {
    const CormChange *other = planner->diff->changes->pdata[i];
    gboolean last = other == at;
    if (last && planner->undoes != NULL)
      break;
    if (other->live == at->live && corm_planner_allows (planner, planner->diff, other))
      g_ptr_array_add (made, (gpointer) other);
    if (last)
      break;
  }
  return made;
}

static gboolean
is_dropped (const GPtrArray *made, const CormCheck *check)
{
  for (guint i = 0; i < made->len; i++) {
    const CormChange *change = made->pdata[i];
    if (change->kind == CORM_OP_DROP_CHECK && change->is == check)
      return TRUE;
  }
  return FALSE;
}

/* A check behind a column goes by the column's name. */
static gboolean
is_of_column (const CormTable *table, const CormCheck *check, const char *column)
{
  return check->name != NULL && g_ascii_strcasecmp (check->name, column) == 0 &&
         corm_table_find_column (table, check->name) != NULL;
}

gboolean
corm_planner_is_column_check (const CormPlanner *planner, const CormChange *change)
{
  return planner->dialect->modifies_whole && planner->diff != NULL && planner->undoes == NULL &&
         change->kind == CORM_OP_DROP_CHECK && change->live != NULL && change->name != NULL &&
         is_of_column (change->live, change->is, change->name);
}

char *
corm_planner_modified (const CormPlanner *planner, const CormChange *change, GError **error)
{
  const CormTable *live = planner->undoes != NULL ? planner->undoes->live : change->live;
  const CormTableColumn *is = corm_diff_find_column (planner->diff, live, change->name);
  g_autoptr (GPtrArray) made = made_by_then (planner, change);
  g_autoptr (GString) text = g_string_new (NULL);
  g_return_val_if_fail (is != NULL, NULL);
  CormTableColumn column = *is;
  for (guint i = 0; i < made->len; i++) {
    const CormChange *other = made->pdata[i];
    if (is_trait (other) && corm_diff_same_name (planner->diff, other->name, change->name))
      take (&column, other);
  }
  if (!corm_render_column (text, planner->dialect, &column, FALSE, error)) {
    g_prefix_error (error, "column %s.%s: ", live->name, column.name);
    return NULL;
  }
  for (guint i = 0; i < live->checks->len; i++) {
    const CormCheck *check = live->checks->pdata[i];
    if (is_of_column (live, check, column.name) && !is_dropped (made, check))
      g_string_append_printf (text, " CHECK (%s)", check->sql);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
corm_planner_modify (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  const char *template = planner->dialect->alter[CORM_OP_SET_TYPE];
  g_autofree char *definition = corm_planner_modified (planner, change, error);
  if (definition == NULL)
    return FALSE;
  const CormAlterParts parts = { .table = change->live->name,
                                 .name = change->name,
                                 .definition = definition };
  corm_render_alter (sql, planner->dialect, template, &parts);
  return TRUE;
}
