/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An index that a foreign key stands on, where the server demands one: it makes one of its own for a key that has none,
 * drops that one when another can do its work, and then lets nobody drop the other. What is taken away gives way to the
 * index that the server would have made. And indexes over a column that becomes a text of any length: they take the
 * beginning of it, from the same statement on. */
#include "evolve/modify.h"

#include "render/ddl.h"

#include <string.h>

static const char *
part_name (const CormTableIndex *index, guint i)
{
  const CormIndexPart *part = i < index->parts->len ? index->parts->pdata[i] : NULL;
  return part != NULL && part->prefix == 0 && !part->is_expression && index->method == NULL ? part->sql : "";
}

static gboolean
index_serves (const CormTableIndex *index, GStrv columns)
{
  for (guint i = 0; columns[i] != NULL; i++)
    if (g_ascii_strcasecmp (part_name (index, i), columns[i]) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
key_serves (const CormKey *key, GStrv columns)
{
  guint i = 0;
  while (columns[i] != NULL && key->columns[i] != NULL &&
         g_ascii_strcasecmp (key->columns[i], columns[i]) == 0)
    i++;
  return columns[i] == NULL;
}

/* The key or index @part, which a change of @kind makes or takes away, begins with @columns. */
static gboolean
part_serves (CormOpKind kind, gconstpointer part, GStrv columns)
{
  if (part == NULL)
    return FALSE;
  if (kind == CORM_OP_CREATE_INDEX || kind == CORM_OP_DROP_INDEX)
    return index_serves (part, columns);
  gboolean is_key = kind == CORM_OP_ADD_UNIQUE || kind == CORM_OP_DROP_UNIQUE ||
                    kind == CORM_OP_ADD_PRIMARY_KEY || kind == CORM_OP_DROP_PRIMARY_KEY;
  return is_key && key_serves (part, columns);
}

/* Something that is there by then begins with @columns, @but left aside. */
static gboolean
is_served (const CormTable *live, const GPtrArray *made, GStrv columns, gconstpointer but)
{
  for (guint i = 0; i < made->len; i++) {
    const CormChange *change = made->pdata[i];
    if (change->part != but && part_serves (change->kind, change->part, columns))
      return TRUE;
  }
  for (guint i = 0; i < live->indexes->len; i++)
    if (live->indexes->pdata[i] != but && !corm_modify_is_gone (made, live->indexes->pdata[i]) &&
        index_serves (live->indexes->pdata[i], columns))
      return TRUE;
  for (guint i = 0; i < live->uniques->len; i++)
    if (live->uniques->pdata[i] != but && !corm_modify_is_gone (made, live->uniques->pdata[i]) &&
        key_serves (live->uniques->pdata[i], columns))
      return TRUE;
  const CormKey *primary = live->primary_key;
  return primary != NULL && primary != but && !corm_modify_is_gone (made, primary) &&
         key_serves (primary, columns);
}

/* ", ADD INDEX …" as the server would have made it for the foreign key, if it had found none. */
static void
append_own_index (const CormPlanner *planner, const CormForeignKey *key, const char *name, GString *words)
{
  g_string_append (words, ", ADD INDEX IF NOT EXISTS ");
  corm_sql_append_identifier (words, planner->dialect, key->index != NULL ? key->index : name);
  g_string_append_c (words, ' ');
  corm_render_names (words, planner->dialect, (const char *const *) key->columns);
}

/* What the foreign keys that are there by then need instead of what @change takes away. */
static char *
own_indexes (const CormPlanner *planner, const CormChange *change)
{
  const CormTable *live = corm_modify_live (planner, change);
  g_autoptr (GPtrArray) made = corm_modify_made (planner, change);
  GString *words = g_string_new (NULL);
  for (guint i = 0; i < live->foreign_keys->len; i++) {
    const CormForeignKey *key = live->foreign_keys->pdata[i];
    if (part_serves (change->kind, change->is, key->columns) && !corm_modify_is_gone (made, key) &&
        !is_served (live, made, key->columns, change->is))
      append_own_index (planner, key, key->name, words);
  }
  for (guint i = 0; i < made->len; i++) {
    const CormChange *other = made->pdata[i];
    const CormForeignKey *key = other->part;
    if (other->kind != CORM_OP_ADD_FOREIGN_KEY || !part_serves (change->kind, change->is, key->columns) ||
        is_served (live, made, key->columns, change->is))
      continue;
    g_autofree char *name = corm_planner_name (other);
    append_own_index (planner, key, name, words);
  }
  return g_string_free (words, FALSE);
}

static gboolean
drops_index (const CormChange *change)
{
  return change->kind == CORM_OP_DROP_INDEX || change->kind == CORM_OP_DROP_UNIQUE ||
         change->kind == CORM_OP_DROP_PRIMARY_KEY;
}

gboolean
corm_modify_drop_served (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  g_autofree char *words = drops_index (change) ? own_indexes (planner, change) : g_strdup ("");
  char mark;
  if (words[0] == '\0')
    return FALSE;
  if (change->kind == CORM_OP_DROP_INDEX) {
    g_autoptr (GString) drop = g_string_new ("DROP INDEX ");
    corm_sql_append_identifier (drop, planner->dialect, change->name);
    g_string_append (drop, words);
    corm_modify_add_statement (planner, change->table != NULL ? change->table : change->live, drop->str, sql);
    return TRUE;
  }
  gboolean written = change->kind == CORM_OP_DROP_PRIMARY_KEY
                         ? corm_modify_key (planner, change, sql, error)
                         : corm_planner_alter (planner, change, sql, &mark, error);
  if (!written || sql->len == 0)
    return FALSE;
  g_autofree char *before = g_ptr_array_steal_index (sql, sql->len - 1);
  g_ptr_array_add (sql, g_strconcat (before, words, NULL));
  return TRUE;
}

/* --- a column that comes to hold a text of any length */

static gboolean
has_any_length (const CormTableColumn *column)
{
  return (column->type.type == CORM_TYPE_TEXT || column->type.type == CORM_TYPE_BYTES) &&
         column->type.length == 0;
}

/* "DROP INDEX i, ADD INDEX i (a, c(255)), " */
static gboolean
append_again (const CormPlanner *planner, const CormTable *table, const CormTableIndex *index, GString *words,
              GError **error)
{
  g_autoptr (GPtrArray) create = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) on = g_string_new (" ON ");
  corm_sql_append_identifier (on, planner->dialect, table->name);
  g_string_append (on, " (");
  if (!corm_render_create_index (create, planner->dialect, table, index, error))
    return FALSE;
  const char *head = (const char *) create->pdata[0] + strlen ("CREATE ");
  const char *columns = strstr (head, on->str);
  if (columns == NULL)
    return TRUE;
  g_string_append (words, "DROP INDEX ");
  corm_sql_append_identifier (words, planner->dialect, index->name);
  g_string_append_printf (words, ", ADD %.*s %s, ", (int) (columns - head), head, columns + on->len - 1);
  return TRUE;
}

gboolean
corm_modify_widen (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  const CormTable *live = corm_modify_live (planner, change);
  const CormTable *table = planner->undoes != NULL ? live : change->table;
  g_autoptr (GString) words = g_string_new (NULL);
  if (change->kind != CORM_OP_SET_TYPE || !has_any_length (change->part) || has_any_length (change->is))
    return FALSE;
  g_autoptr (GPtrArray) made = corm_modify_made (planner, change);
  for (guint i = 0; i < live->indexes->len; i++) {
    const CormTableIndex *index = live->indexes->pdata[i];
    gboolean has = FALSE;
    for (guint p = 0; p < index->parts->len; p++)
      has = has || g_ascii_strcasecmp (part_name (index, p), change->name) == 0;
    if (has && !corm_modify_is_gone (made, index) && !append_again (planner, table, index, words, error))
      return FALSE;
  }
  g_autofree char *definition = words->len > 0 ? corm_planner_modified (planner, change, error) : NULL;
  if (definition == NULL)
    return FALSE;
  g_string_append_printf (words, "MODIFY COLUMN %s", definition);
  corm_modify_add_statement (planner, live, words->str, sql);
  return TRUE;
}
