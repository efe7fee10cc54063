/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See leaning.h. A condition is built up from table to table: rows that point to rows that point to … the first ones. */
#include "upkeep/leaning.h"

#include "base/error.h"
#include "engine/connection.h"
#include "upkeep/choose.h"

enum { MOST_DEEP = 5 }; /* tables that an error tells of */

/* Rows that point to others: of @table, called @alias, those that meet @condition. */
typedef struct {
  const CormTable *table;
  const char *alias;
  const char *condition;
  guint depth;
} Leaned;

/* The condition for rows of a table called @alias that point by @key to one of @to. NULL: it points elsewhere. */
static char *
leaning_condition (const CormLook *look, const Leaned *to, const char *alias, const CormForeignKey *key)
{
  const char *const *targets = key->target_columns != NULL ? (const char *const *) key->target_columns : NULL;
  if (targets == NULL && to->table->primary_key != NULL)
    targets = (const char *const *) to->table->primary_key->columns;
  if (corm_look_find_table (look, look->live, key->target_table) != to->table || targets == NULL)
    return NULL;
  g_autoptr (GString) sql = g_string_new ("EXISTS (SELECT 1 FROM ");
  corm_sql_append_rows_of (sql, look->dialect, to->table);
  if (to->depth > 0)
    g_string_append_printf (sql, " AS %s", to->alias);
  g_string_append (sql, " WHERE ");
  for (guint i = 0; targets[i] != NULL && key->columns[i] != NULL; i++) {
    corm_sql_append_identifier (sql, look->dialect, to->alias);
    g_string_append_c (sql, '.');
    corm_sql_append_identifier (sql, look->dialect, targets[i]);
    g_string_append_printf (sql, " = %s.", alias);
    corm_sql_append_identifier (sql, look->dialect, key->columns[i]);
    g_string_append (sql, " AND ");
  }
  g_string_append_printf (sql, "%s)", to->condition);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static gboolean
count_leaning (const CormLook *look, const CormTable *child, const char *alias, const char *condition,
               gint64 *count, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GString) sql = g_string_new ("SELECT count(*) FROM ");
  corm_sql_append_rows_of (sql, look->dialect, child);
  g_string_append_printf (sql, " AS %s WHERE %s", alias, condition);
  g_auto (CormSight) sight = { 0 };
  gboolean seen = corm_sight_open (&sight, look, sql->str, &local) && corm_cursor_next (sight.cursor, &local);
  *count = seen ? corm_upkeep_get_number (sight.cursor, 0, 0) : 0;
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Puts what points to @to, and what points to that, into @says: "3 rows of line point to them, 5 rows of part to those". */
static gboolean
tell_leaning (const CormLook *look, const Leaned *to, GString *says, GError **error)
{
  const GPtrArray *all = look->live->tables;
  g_autofree char *alias = g_strdup_printf ("corm_child%u", to->depth);
  for (guint t = 0; t < all->len; t++) {
    const CormTable *child = all->pdata[t];
    for (guint i = 0; i < child->foreign_keys->len; i++) {
      gint64 count = 0;
      g_autofree char *condition = leaning_condition (look, to, alias, child->foreign_keys->pdata[i]);
      if (condition == NULL)
        continue;
      if (!count_leaning (look, child, alias, condition, &count, error))
        return FALSE;
      if (count <= 0)
        continue;
      g_string_append_printf (says, "%s%" G_GINT64_FORMAT " rows of %s %s", says->len > 0 ? ", " : "", count,
                              child->name, to->depth == 0 ? "point to them" : "to those");
      const Leaned next = { child, alias, condition, to->depth + 1 };
      if (next.depth < MOST_DEEP && !tell_leaning (look, &next, says, error))
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
corm_check_nothing_leans (const CormLook *look, const CormTable *table, const char *condition, GError **error)
{
  const Leaned to = { table, table->name, condition, 0 };
  g_autoptr (GString) says = g_string_new (NULL);
  if (!tell_leaning (look, &to, says, error))
    return corm_error_prefix (error, "orphans of %s", table->name);
  if (says->len == 0)
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_FOREIGN_KEY,
      "orphans of %s: %s, and would go or change with them; delete those first, the last ones before the "
      "others, or use orphans=set-null",
      table->name, says->str);
  return FALSE;
}
