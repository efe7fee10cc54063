/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What follows ALTER TABLE … ADD. The words are those that the schema was asked for with: the same words then lead to
 * the same words of the server as they did in the scratch place. */
#include "evolve/planner.h"
#include "render/ddl.h"
#include "schema/words.h"

#include <string.h>

const CormTable *
corm_planner_wanted_table (const CormPlanner *planner, const CormChange *change)
{
  const CormTable *table = corm_schema_find_table (planner->wanted, change->table->name);
  for (guint i = 0; table == NULL && i < planner->wanted->tables->len; i++) {
    const CormTable *other = planner->wanted->tables->pdata[i];
    if (planner->dialect->names_fold && g_ascii_strcasecmp (other->name, change->table->name) == 0)
      table = other;
  }
  return table != NULL ? table : change->table;
}

static gboolean
same_names (GStrv a, GStrv b)
{
  return a != NULL && b != NULL && g_strv_equal ((const char *const *) a, (const char *const *) b);
}

/* A unique constraint of the server's may have been asked for as a unique index. */
static char *
define_unique (const CormPlanner *planner, const CormTable *wanted, const CormKey *key)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < wanted->uniques->len; i++)
    if (same_names (((CormKey *) wanted->uniques->pdata[i])->columns, key->columns))
      key = wanted->uniques->pdata[i];
  corm_render_unique (text, planner->dialect, key);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
define_foreign_key (const CormPlanner *planner, const CormTable *wanted, const CormForeignKey *key)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < wanted->foreign_keys->len; i++) {
    const CormForeignKey *other = wanted->foreign_keys->pdata[i];
    if (same_names (other->columns, key->columns) && strcmp (other->target_table, key->target_table) == 0)
      key = other;
  }
  corm_render_foreign_key (text, planner->dialect, key);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
define_check (const CormPlanner *planner, const CormTable *wanted, const CormCheck *check)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const CormCheck *found = NULL;
  for (guint i = 0; i < wanted->checks->len; i++) {
    const CormCheck *other = wanted->checks->pdata[i];
    if (check->name != NULL && g_strcmp0 (other->name, check->name) == 0)
      found = other;
    else if (found == NULL && corm_words_equal (other->sql, check->sql))
      found = other;
  }
  corm_render_check (text, planner->dialect, found != NULL ? found : check);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
define_column (const CormPlanner *planner, const CormTable *wanted, const CormTableColumn *column,
               GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const CormTableColumn *found = corm_table_find_column (wanted, column->name);
  CormTableColumn copy = found != NULL ? *found : *column;
  const char *type = corm_render_key_type (planner->dialect, wanted, &copy);
  if (type != NULL)
    copy.type_sql = (char *) type;
  if (!corm_render_column (text, planner->dialect, &copy, FALSE, error)) {
    g_prefix_error (error, "add column %s.%s: ", wanted->name, column->name);
    return NULL;
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
corm_planner_definition (const CormPlanner *planner, const CormChange *change, GError **error)
{
  const CormTable *wanted = corm_planner_wanted_table (planner, change);
  switch (change->kind) {
  case CORM_OP_ADD_COLUMN:
    return define_column (planner, wanted, change->part, error);
  case CORM_OP_ADD_UNIQUE:
    return define_unique (planner, wanted, change->part);
  case CORM_OP_ADD_FOREIGN_KEY:
    return define_foreign_key (planner, wanted, change->part);
  case CORM_OP_ADD_CHECK:
    return define_check (planner, wanted, change->part);
  default:
    return NULL;
  }
}

gboolean
corm_change_is_addition (const CormChange *change)
{
  return change->live != NULL &&
         (change->kind == CORM_OP_ADD_COLUMN || change->kind == CORM_OP_ADD_UNIQUE ||
          change->kind == CORM_OP_ADD_FOREIGN_KEY || change->kind == CORM_OP_ADD_CHECK);
}
