/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Changes to a table where ALTER TABLE can do little: all of them are edits of one rebuild, which the dialect writes. It
 * is given the schema as it stands by then: indexes and objects that go have gone already, and would come back if it
 * found them there. */
#include "evolve/planner.h"
#include "render/ddl.h"

#include <string.h>

typedef struct {
  const CormPlanner *planner;
  const CormDiff *diff;
  GArray *edits;    /* CormTableEdit */
  GPtrArray *texts; /* that they borrow */
} Rebuild;

gboolean
corm_change_is_rebuild (const CormChange *change)
{
  switch (change->kind) {
  case CORM_OP_ADD_COLUMN:
  case CORM_OP_DROP_COLUMN:
  case CORM_OP_SET_TYPE:
  case CORM_OP_BACKFILL:
  case CORM_OP_SET_NOT_NULL:
  case CORM_OP_DROP_NOT_NULL:
  case CORM_OP_SET_DEFAULT:
  case CORM_OP_DROP_DEFAULT:
  case CORM_OP_SET_GENERATED:
  case CORM_OP_DROP_GENERATED:
  case CORM_OP_SET_IDENTITY:
  case CORM_OP_SET_OPTIONS:
  case CORM_OP_ADD_PRIMARY_KEY:
  case CORM_OP_DROP_PRIMARY_KEY:
  case CORM_OP_ADD_UNIQUE:
  case CORM_OP_DROP_UNIQUE:
  case CORM_OP_ADD_FOREIGN_KEY:
  case CORM_OP_DROP_FOREIGN_KEY:
  case CORM_OP_ADD_CHECK:
  case CORM_OP_DROP_CHECK:
    return change->live != NULL;
  default:
    return FALSE;
  }
}

/* A type, and the order of bytes where a collation goes: an edit without one leaves it. */
static char *
define_type (const CormPlanner *planner, const CormChange *change)
{
  const CormTableColumn *is = change->is, *should = change->part;
  g_autofree char *type = corm_planner_type (planner, change);
  gboolean goes = is->collation != NULL && should->collation == NULL && !planner->to->from_models &&
                  planner->dialect->order_bytes != NULL && strstr (type, " COLLATE ") == NULL;
  return goes ? g_strconcat (type, planner->dialect->order_bytes, NULL) : g_steal_pointer (&type);
}

/* The text of an edit: what is added, or what a trait is set to; NULL: nothing. */
static gboolean
define (const Rebuild *rebuild, const CormChange *change, char **text, GError **error)
{
  const CormPlanner *planner = rebuild->planner;
  const CormTableColumn *column = change->part;
  g_autoptr (GString) built = g_string_new (NULL);
  switch (change->kind) {
  case CORM_OP_SET_TYPE:
    *text = define_type (planner, change);
    return TRUE;
  case CORM_OP_SET_DEFAULT:
    if (!corm_render_default (built, planner->dialect, corm_planner_wanted_column (planner, change), error))
      return FALSE;
    break;
  case CORM_OP_SET_GENERATED:
    g_string_append_printf (built, "GENERATED ALWAYS AS (%s) %s", column->generated_sql,
                            column->generated_stored ? "STORED" : "VIRTUAL");
    break;
  case CORM_OP_SET_OPTIONS:
    g_string_append (built, change->name != NULL && column->options != NULL ? column->options : "");
    if (change->name == NULL)
      g_string_append_printf (built, "%s%s%s", change->table->strict ? "STRICT" : "",
                              change->table->strict && change->table->without_rowid ? ", " : "",
                              change->table->without_rowid ? "WITHOUT ROWID" : "");
    break;
  case CORM_OP_BACKFILL:
  case CORM_OP_SET_NOT_NULL:
  case CORM_OP_DROP_NOT_NULL:
  case CORM_OP_DROP_DEFAULT:
  case CORM_OP_DROP_GENERATED:
  case CORM_OP_SET_IDENTITY:
    return TRUE;
  default: {
    GError *local = NULL;
    *text = corm_planner_definition (planner, change, &local);
    if (local == NULL)
      return TRUE;
    g_propagate_error (error, local);
    return FALSE;
  }
  }
  *text = g_string_free (g_steal_pointer (&built), FALSE);
  return TRUE;
}

static char *
conversion (const Rebuild *rebuild, const CormChange *change)
{
  return change->kind == CORM_OP_SET_TYPE || change->kind == CORM_OP_SET_NOT_NULL ||
                 change->kind == CORM_OP_ADD_COLUMN
             ? corm_planner_convert (rebuild->planner, change)
             : NULL;
}

static gboolean
add_edit (const Rebuild *rebuild, const CormChange *change, GError **error)
{
  char *text = NULL;
  if (change->kind == CORM_OP_BACKFILL)
    return TRUE; /* SET NOT NULL has its value */
  if (!define (rebuild, change, &text, error))
    return FALSE;
  char *convert = conversion (rebuild, change);
  if (text != NULL)
    g_ptr_array_add (rebuild->texts, text);
  if (convert != NULL)
    g_ptr_array_add (rebuild->texts, convert);
  gboolean ordinary = change->kind == CORM_OP_DROP_GENERATED; /* an expression that is set to nothing */
  CormTableEdit edit = { .kind = ordinary ? CORM_OP_SET_GENERATED : change->kind,
                         .name = change->name,
                         .definition = text,
                         .convert = convert,
                         .part = change->is };
  g_array_append_val (rebuild->edits, edit);
  return TRUE;
}

/* ALTER TABLE ADD COLUMN takes no column whose value would have to be worked out for the rows that are there. */
static gboolean
can_add_alone (const CormTableColumn *column)
{
  if (column->generated_sql != NULL)
    return !column->generated_stored;
  if (column->default_kind == CORM_DEFAULT_NOW || column->default_kind == CORM_DEFAULT_SQL ||
      column->auto_increment || column->convert != NULL)
    return FALSE;
  return !column->not_null || column->default_kind == CORM_DEFAULT_LITERAL;
}

static gboolean
only_adds_columns (const GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++) {
    const CormChange *change = changes->pdata[i];
    if (change->kind != CORM_OP_ADD_COLUMN || !can_add_alone (change->part))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_columns (const CormPlanner *planner, const GPtrArray *changes, CormOp *op, GError **error)
{
  for (guint i = 0; i < changes->len; i++) {
    const CormChange *change = changes->pdata[i];
    CormChange inverse;
    char mark;
    g_autoptr (GPtrArray) back = g_ptr_array_new_with_free_func (g_free);
    if (!corm_planner_alter (planner, change, op->sql, &mark, error) ||
        !corm_change_invert (change, &inverse) || !corm_planner_alter (planner, &inverse, back, &mark, error))
      return FALSE;
    g_ptr_array_insert (op->reverse, 0, g_ptr_array_steal_index (back, 0));
  }
  return TRUE;
}

static gboolean
is_allowed_drop (const Rebuild *rebuild, CormOpKind kind, gconstpointer part)
{
  for (guint i = 0; i < rebuild->diff->changes->len; i++) {
    const CormChange *change = rebuild->diff->changes->pdata[i];
    if (change->kind == kind && change->is == part)
      return corm_planner_allows (rebuild->planner, rebuild->diff, change);
  }
  return FALSE;
}

/* --- foreign keys of all tables to a column that goes */

static gboolean
happens (const Rebuild *rebuild, CormOpKind kind, const CormTable *live, gconstpointer is)
{
  for (guint i = 0; i < rebuild->diff->changes->len; i++) {
    const CormChange *change = rebuild->diff->changes->pdata[i];
    if (change->kind == kind && change->live == live && (is == NULL || change->is == is) &&
        corm_planner_allows (rebuild->planner, rebuild->diff, change))
      return TRUE;
  }
  return FALSE;
}

/* It is dropped, with its table, or with one of its columns. */
static gboolean
goes (const Rebuild *rebuild, const CormTable *table, const CormForeignKey *key)
{
  if (happens (rebuild, CORM_OP_DROP_FOREIGN_KEY, table, key) ||
      happens (rebuild, CORM_OP_DROP_TABLE, table, NULL))
    return TRUE;
  for (char **name = key->columns; *name != NULL; name++) {
    const CormTableColumn *column = corm_diff_find_column (rebuild->diff, table, *name);
    if (column != NULL && happens (rebuild, CORM_OP_DROP_COLUMN, table, column))
      return TRUE;
  }
  return FALSE;
}

/* Nothing else would say so before the rows of some table are written the next time. */
static gboolean
refuse_pointed_to (const Rebuild *rebuild, const CormChange *drop, GError **error)
{
  const CormDiff *diff = rebuild->diff;
  for (guint i = 0; i < diff->from->tables->len; i++) {
    const CormTable *table = diff->from->tables->pdata[i];
    for (guint k = 0; k < table->foreign_keys->len; k++) {
      const CormForeignKey *key = table->foreign_keys->pdata[k];
      if (!corm_diff_same_name (diff, key->target_table, drop->live->name) ||
          !corm_diff_has_name (diff, corm_foreign_key_targets (key, drop->live), drop->name) ||
          goes (rebuild, table, key))
        continue;
      g_autofree char *list = corm_diff_list ((const char *const *) key->columns);
      g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                   "%s: the foreign key of table %s %s points to it; drop that, or point it elsewhere",
                   drop->text, table->name, list);
      return FALSE;
    }
  }
  return TRUE;
}

/* The table and the schema without the indexes and objects that have gone before. They borrow all that is left. */
static CormSchema
what_is_left (const Rebuild *rebuild, const CormTable *live, CormTable *table)
{
  CormSchema left = *rebuild->diff->from;
  *table = *live;
  table->indexes = g_ptr_array_new ();
  left.objects = g_ptr_array_new ();
  left.tables = g_ptr_array_new ();
  for (guint i = 0; i < live->indexes->len; i++)
    if (!is_allowed_drop (rebuild, CORM_OP_DROP_INDEX, live->indexes->pdata[i]))
      g_ptr_array_add (table->indexes, live->indexes->pdata[i]);
  for (guint i = 0; i < rebuild->diff->from->objects->len; i++)
    if (!is_allowed_drop (rebuild, CORM_OP_DROP_OBJECT, rebuild->diff->before->objects->pdata[i]))
      g_ptr_array_add (left.objects, rebuild->diff->from->objects->pdata[i]);
  for (guint i = 0; i < rebuild->diff->from->tables->len; i++) {
    CormTable *other = rebuild->diff->from->tables->pdata[i];
    g_ptr_array_add (left.tables, other == live ? table : other);
  }
  return left;
}

static gboolean
write_rebuild (const Rebuild *rebuild, const CormTable *live, CormOp *op, GError **error)
{
  CormTable table;
  CormSchema left = what_is_left (rebuild, live, &table);
  gboolean done = rebuild->planner->dialect->rebuild (&left, &table,
                                                      (const CormTableEdit *) (gpointer) rebuild->edits->data,
                                                      rebuild->edits->len, op->sql, op->reverse, error);
  g_ptr_array_unref (table.indexes);
  g_ptr_array_unref (left.objects);
  g_ptr_array_unref (left.tables);
  g_free (op->hazard);
  op->hazard = g_strdup_printf ("rebuilds table %s: every row is copied", live->name);
  op->hazards |= CORM_HAZARD_REWRITES;
  return done;
}

gboolean
corm_planner_rebuild (const CormPlanner *planner, const CormDiff *diff, const GPtrArray *changes, CormOp *op,
                      GError **error)
{
  const CormTable *live = ((const CormChange *) changes->pdata[0])->live;
  g_autoptr (GArray) edits = g_array_new (FALSE, TRUE, sizeof (CormTableEdit));
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  const Rebuild rebuild = { planner, diff, edits, texts };
  if (only_adds_columns (changes))
    return add_columns (planner, changes, op, error);
  for (guint i = 0; i < changes->len; i++) {
    const CormChange *change = changes->pdata[i];
    if ((change->kind == CORM_OP_DROP_COLUMN && !refuse_pointed_to (&rebuild, change, error)) ||
        !add_edit (&rebuild, change, error))
      return FALSE;
  }
  return write_rebuild (&rebuild, live, op, error);
}
