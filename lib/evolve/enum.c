/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An enum type whose labels are reordered or fewer is made anew beside the old one, and every column that has it moves over
 * by its text, or by the expression that it says, and so does every column that is an array of it; its default steps aside
 * meanwhile. A row with a label that is gone makes the statement fail, and so does a function that takes the type. */
#include "evolve/planner.h"
#include "render/ddl.h"

#include <string.h>

static void
run (const CormPlanner *planner, GPtrArray *sql, CormOpKind kind, const CormAlterParts *parts)
{
  char mark;
  const char *template = corm_render_alter_template (planner->dialect, kind, FALSE, &mark);
  if (template != NULL)
    corm_render_alter (sql, planner->dialect, template, parts);
}

/* The column on the other side; NULL: none. */
static const CormTableColumn *
find_other (const CormPlanner *planner, const CormTable *table, const CormTableColumn *column)
{
  const CormTable *to = corm_schema_find_table (planner->to, table->name);
  return to != NULL ? corm_table_find_column (to, column->name) : NULL;
}

/* What the rows get, an expression over the table as it was: what somebody has said, or the label as it is. */
static char *
say_value (const CormPlanner *planner, const CormTable *table, const CormTableColumn *column)
{
  g_autoptr (GString) name = g_string_new (NULL);
  const CormTableColumn *should = find_other (planner, table, column);
  if (should != NULL && should->convert != NULL)
    return g_strdup_printf ("(%s)", should->convert);
  corm_sql_append_identifier (name, planner->dialect, column->name);
  return g_strdup (name->str);
}

/* An array of a type named @name. */
static gboolean
is_array_of (const CormTableColumn *column, const char *name)
{
  const char *type = column->type_sql != NULL ? column->type_sql : "";
  if (column->enum_type != NULL || !g_str_has_suffix (type, "[]"))
    return FALSE;
  g_autofree char *element = g_strndup (type, strlen (type) - 2);
  g_autoptr (GString) bare = g_string_new (element);
  if (element[0] == '"' && bare->len > 2) {
    g_string_truncate (bare, bare->len - 1);
    g_string_erase (bare, 0, 1);
    g_string_replace (bare, "\"\"", "\"", 0);
  }
  return strcmp (bare->str, name) == 0;
}

/* The default that the column has at that moment, and is to have again; NULL: none, or another operation sets it. A default
 * that is another one on the other side goes before the labels change and comes when they have. */
static const CormTableColumn *
with_default (const CormPlanner *planner, const CormTable *table, const CormTableColumn *column,
              const CormTableColumn *wanted, gboolean array)
{
  const CormTableColumn *other = find_other (planner, table, column);
  const CormTableColumn *now = array && planner->undoes != NULL && other != NULL ? other : column;
  if (!corm_diff_has_default (now))
    return NULL;
  if (array || now->default_kind != CORM_DEFAULT_LITERAL || wanted->labels == NULL)
    return now;
  gboolean is_same = other == NULL || corm_diff_same_default (column, other);
  return is_same && g_strv_contains ((const char *const *) wanted->labels, now->default_text) ? now : NULL;
}

static gboolean
move_column (const CormPlanner *planner, const CormTable *table, const CormTableColumn *column,
             const CormTableColumn *wanted, GPtrArray *sql, GError **error)
{
  gboolean array = column->enum_type == NULL;
  const char *brackets = array ? "[]" : "";
  g_autoptr (GString) type = g_string_new (NULL);
  g_autofree char *from = say_value (planner, table, column);
  g_autoptr (GString) value = g_string_new (NULL);
  const CormTableColumn *again = with_default (planner, table, column, wanted, array);
  corm_sql_append_identifier (type, planner->dialect, wanted->enum_type);
  g_string_append (type, brackets);
  g_autofree char *convert = g_strdup_printf ("CAST(CAST(%s AS text%s) AS %s)", from, brackets, type->str);
  const CormAlterParts parts = {
    .table = table->name, .name = column->name, .type = type->str, .convert = convert
  };
  if (again != NULL || corm_diff_has_default (column))
    run (planner, sql, CORM_OP_DROP_DEFAULT, &parts);
  run (planner, sql, CORM_OP_SET_TYPE, &parts);
  if (again == NULL)
    return TRUE;
  if (!corm_render_default (value, planner->dialect, again, error))
    return FALSE;
  const CormAlterParts back = { .table = table->name, .name = column->name, .value = value->str };
  run (planner, sql, CORM_OP_SET_DEFAULT, &back);
  return TRUE;
}

gboolean
corm_planner_change_enum (const CormPlanner *planner, const CormChange *change, GPtrArray *sql,
                          GError **error)
{
  const CormTableColumn *wanted = change->part;
  g_autofree char *aside = g_strconcat (change->name, "_corm_old", NULL);
  const CormAlterParts rename = { .was = change->name, .name = aside };
  const CormAlterParts drop = { .name = aside };
  corm_render_alter (sql, planner->dialect, "ALTER TYPE {o} RENAME TO {n}", &rename);
  corm_render_create_enum (sql, planner->dialect, wanted, NULL);
  for (guint i = 0; i < planner->live->tables->len; i++) {
    const CormTable *table = planner->live->tables->pdata[i];
    for (guint c = 0; c < table->columns->len; c++) {
      const CormTableColumn *column = table->columns->pdata[c];
      if ((g_strcmp0 (column->enum_type, change->name) == 0 || is_array_of (column, change->name)) &&
          !move_column (planner, table, column, wanted, sql, error))
        return FALSE;
    }
  }
  corm_render_alter (sql, planner->dialect, "DROP TYPE {n}", &drop);
  return TRUE;
}
