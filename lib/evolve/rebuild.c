/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Additions to a table where ALTER TABLE can do little: columns that it takes are added one by one, their foreign keys
 * and checks with them; anything else is one rebuild of the table with all additions, which the dialect writes. */
#include "evolve/planner.h"
#include "render/ddl.h"

#include <string.h>

typedef struct {
  const CormPlanner *planner;
  GPtrArray *columns; /* CormChange, by kind */
  GPtrArray *keys;
  GPtrArray *checks;
  GPtrArray *uniques;
} Additions;

static void
collect (Additions *all, const GPtrArray *changes, const CormChange *first)
{
  for (guint i = 0; i < changes->len; i++) {
    CormChange *change = changes->pdata[i];
    if (!corm_change_is_addition (change) || change->live != first->live)
      continue;
    g_ptr_array_add (change->kind == CORM_OP_ADD_COLUMN        ? all->columns
                     : change->kind == CORM_OP_ADD_FOREIGN_KEY ? all->keys
                     : change->kind == CORM_OP_ADD_CHECK       ? all->checks
                                                               : all->uniques,
                     change);
  }
}

/* ALTER TABLE ADD COLUMN takes no column whose value would have to be worked out for the rows that are there. */
static gboolean
can_add_alone (const CormTableColumn *column)
{
  if (column->generated_sql != NULL)
    return !column->generated_stored;
  if (column->default_kind == CORM_DEFAULT_NOW || column->default_kind == CORM_DEFAULT_SQL ||
      column->auto_increment)
    return FALSE;
  return !column->not_null || column->default_kind == CORM_DEFAULT_LITERAL;
}

/* The new column that the foreign key stands on, when it can be said behind it. */
static const CormChange *
column_of_key (const Additions *all, const CormForeignKey *key)
{
  for (guint i = 0; i < all->columns->len; i++) {
    const CormChange *change = all->columns->pdata[i];
    const CormTableColumn *column = change->part;
    if (g_strv_length (key->columns) == 1 && strcmp (key->columns[0], column->name) == 0 &&
        column->default_kind != CORM_DEFAULT_LITERAL && !key->deferrable)
      return change;
  }
  return NULL;
}

static gboolean
needs_rebuild (const Additions *all)
{
  gboolean needed = all->uniques->len > 0 || all->columns->len == 0;
  for (guint i = 0; i < all->columns->len; i++)
    needed = needed || !can_add_alone (((CormChange *) all->columns->pdata[i])->part);
  for (guint i = 0; i < all->keys->len; i++)
    needed = needed || column_of_key (all, ((CormChange *) all->keys->pdata[i])->part) == NULL;
  return needed;
}

/* "CONSTRAINT fk FOREIGN KEY (c) REFERENCES …" as it stands behind a column. */
static void
append_reference (const Additions *all, GString *text, const CormChange *change)
{
  g_autofree char *whole = corm_planner_definition (all->planner, change, NULL);
  const char *from = strstr (whole, "FOREIGN KEY ");
  const char *to = strstr (whole, "REFERENCES ");
  g_string_append_c (text, ' ');
  g_string_append_len (text, whole, from - whole);
  g_string_append (text, to);
}

static gboolean
add_column (const Additions *all, const CormChange *change, gboolean is_last, GPtrArray *sql, GError **error)
{
  g_autofree char *definition = corm_planner_definition (all->planner, change, error);
  if (definition == NULL)
    return FALSE;
  g_autoptr (GString) text = g_string_new ("ALTER TABLE ");
  corm_sql_append_identifier (text, all->planner->dialect, change->live->name);
  g_string_append_printf (text, " ADD COLUMN %s", definition);
  for (guint i = 0; i < all->keys->len; i++)
    if (column_of_key (all, ((CormChange *) all->keys->pdata[i])->part) == change)
      append_reference (all, text, all->keys->pdata[i]);
  for (guint i = 0; is_last && i < all->checks->len; i++) {
    g_autofree char *check = corm_planner_definition (all->planner, all->checks->pdata[i], NULL);
    g_string_append_printf (text, " %s", check);
  }
  g_ptr_array_add (sql, g_string_free (g_steal_pointer (&text), FALSE));
  return TRUE;
}

static gboolean
add_one_by_one (const Additions *all, CormOp *op, GError **error)
{
  for (guint i = 0; i < all->columns->len; i++) {
    const CormChange *change = all->columns->pdata[i];
    if (!add_column (all, change, i + 1 == all->columns->len, op->sql, error))
      return FALSE;
    if (all->keys->len + all->checks->len > 0)
      continue;
    g_autoptr (GString) reverse = g_string_new ("ALTER TABLE ");
    corm_sql_append_identifier (reverse, all->planner->dialect, change->live->name);
    g_string_append (reverse, " DROP COLUMN ");
    corm_sql_append_identifier (reverse, all->planner->dialect, change->name);
    g_ptr_array_add (op->reverse, g_string_free (g_steal_pointer (&reverse), FALSE));
  }
  return TRUE;
}

static gboolean
rebuild (const Additions *all, const CormTable *live, CormOp *op, GError **error)
{
  const GPtrArray *parts[] = { all->columns, all->uniques, all->keys, all->checks };
  g_autoptr (GPtrArray) add = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) edits = g_array_new (FALSE, TRUE, sizeof (CormTableEdit));
  for (guint p = 0; p < G_N_ELEMENTS (parts); p++)
    for (guint i = 0; i < parts[p]->len; i++) {
      const CormChange *change = parts[p]->pdata[i];
      char *definition = corm_planner_definition (all->planner, change, error);
      if (definition == NULL)
        return FALSE;
      g_ptr_array_add (add, definition);
      CormTableEdit edit = { .kind = change->kind, .name = change->name, .definition = definition };
      g_array_append_val (edits, edit);
    }
  g_free (op->hazard);
  op->hazard = g_strdup_printf ("rebuilds table %s: every row is copied", live->name);
  return all->planner->dialect->rebuild (all->planner->live, live,
                                         (const CormTableEdit *) (gpointer) edits->data, edits->len, op->sql,
                                         op->reverse, error);
}

gboolean
corm_planner_add_to_table (const CormPlanner *planner, const GPtrArray *changes, const CormChange *first,
                           CormOp *op, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GPtrArray) checks = g_ptr_array_new ();
  g_autoptr (GPtrArray) uniques = g_ptr_array_new ();
  Additions all = { planner, columns, keys, checks, uniques };
  collect (&all, changes, first);
  return needs_rebuild (&all) ? rebuild (&all, first->live, op, error) : add_one_by_one (&all, op, error);
}
