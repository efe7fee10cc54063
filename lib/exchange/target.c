/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Finding the table and the columns that a file means: by name; case does not matter where there is no exact match. */
#include "exchange/target.h"

#include "base/error.h"
#include "render/fit.h"

#include <string.h>

static CormTable *
find_table (const CormSchema *schema, const char *name)
{
  CormTable *exact = schema != NULL ? corm_schema_find_table (schema, name) : NULL;
  for (guint i = 0; schema != NULL && exact == NULL && i < schema->tables->len; i++) {
    CormTable *table = schema->tables->pdata[i];
    if (g_ascii_strcasecmp (table->name, name) == 0)
      exact = table;
  }
  return exact;
}

static const CormTableColumn *
find_column (const CormTable *table, const char *name)
{
  const CormTableColumn *exact = table != NULL ? corm_table_find_column (table, name) : NULL;
  for (guint i = 0; table != NULL && exact == NULL && i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    if (g_ascii_strcasecmp (column->name, name) == 0)
      exact = column;
  }
  return exact;
}

void
corm_target_free (CormTarget *target)
{
  for (guint i = 0; i < target->n; i++)
    corm_room_free (target->rooms[i]);
  corm_spool_part_clear (&target->part);
  corm_sort_free (target->seen);
  g_array_unref (target->twice);
  g_hash_table_unref (target->by_name);
  g_free (target->columns);
  g_free (target->computed);
  g_free (target->required);
  g_free (target->keys);
  g_free (target->rooms);
  g_free (target->values);
  g_free (target);
}

static void
find_keys (CormTarget *target)
{
  const GStrv names = target->table->primary_key != NULL ? target->table->primary_key->columns : NULL;
  for (guint k = 0; names != NULL && names[k] != NULL; k++)
    for (guint i = 0; i < target->n; i++)
      if (strcmp (((const CormTableColumn *) target->table->columns->pdata[i])->name, names[k]) == 0)
        target->keys[target->n_keys++] = i;
}

static CormTarget *
target_new (CormImport *import, const CormTable *table, gboolean created)
{
  CormTarget *target = g_new0 (CormTarget, 1);
  const CormTable *model = find_table (import->models, table->name);
  target->table = table;
  target->n = table->columns->len;
  target->columns = g_new0 (const CormTableColumn *, target->n + 1);
  target->computed = g_new0 (gboolean, target->n + 1);
  target->required = g_new0 (gboolean, target->n + 1);
  target->keys = g_new0 (guint, target->n + 1);
  target->rooms = g_new0 (CormRoom *, target->n + 1);
  target->values = g_new0 (CormValue, target->n + 1);
  target->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < target->n; i++) {
    const CormTableColumn *column = table->columns->pdata[i], *modelled = find_column (model, column->name);
    target->columns[i] = modelled != NULL ? modelled : column;
    target->rooms[i] = corm_room_new ();
    target->computed[i] = column->generated_sql != NULL;
    target->required[i] = target->columns[i]->not_null && column->default_kind == CORM_DEFAULT_NONE &&
                          target->columns[i]->default_kind == CORM_DEFAULT_NONE && !column->auto_increment &&
                          !target->computed[i];
  }
  find_keys (target);
  corm_spool_part_init (&target->part, target->n);
  target->twice = g_array_new (FALSE, FALSE, sizeof (guint64));
  target->report = corm_exchange_report_add (import->report, table->name);
  target->report->created = created;
  g_ptr_array_add (import->targets, target);
  return target;
}

/* A foreign key to a table that will not be there can't be made. */
static void
drop_loose_keys (CormImport *import, CormTable *table)
{
  for (guint i = table->foreign_keys->len; i-- > 0;) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    if (find_table (import->live, key->target_table) != NULL ||
        (find_table (import->makings, key->target_table) != NULL &&
         corm_exchange_is_chosen (import->options->tables, key->target_table)) ||
        strcmp (key->target_table, table->name) == 0)
      continue;
    g_autofree char *columns = g_strjoinv (", ", key->columns);
    g_ptr_array_add (import->report->notes, g_strdup_printf ("foreign key of %s (%s): there is no table %s",
                                                             table->name, columns, key->target_table));
    g_ptr_array_remove_index (table->foreign_keys, i);
  }
}

/* The table goes over to import->live, behind those that are there. */
static CormTarget *
make_target (CormImport *import, CormTable *table)
{
  guint place;
  drop_loose_keys (import, table);
  g_ptr_array_find (import->makings->tables, table, &place);
  g_ptr_array_add (import->live->tables, g_ptr_array_steal_index (import->makings->tables, place));
  return target_new (import, table, TRUE);
}

static gboolean
no_such_table (CormImport *import, const char *name, GError **error)
{
  gboolean has_making = find_table (import->makings, name) != NULL;
  CormFault fault = { .table = name };
  g_autofree char *reason =
      import->models != NULL && find_table (import->models, name) == NULL
          ? g_strdup ("the models have no such table; leave it out with --tables")
          : g_strdup_printf ("the database has no such table; %s",
                             has_making ? "create it first, or have it made (--create)"
                                        : "create it first: the file does not say what it looks like");
  fault.reason = reason;
  return corm_import_fault (import, CORM_ERROR_SCHEMA, &fault, NULL, 0, error);
}

gboolean
corm_import_find_target (CormImport *import, const char *name, CormTarget **target, GError **error)
{
  gpointer found = NULL;
  if (g_hash_table_lookup_extended (import->by_name, name, NULL, &found)) {
    *target = found;
    return TRUE;
  }
  CormTable *table = find_table (import->live, name);
  CormTable *making = import->options->create ? find_table (import->makings, name) : NULL;
  *target = NULL;
  if (corm_exchange_is_chosen (import->options->tables, name)) {
    for (guint i = 0; table != NULL && i < import->targets->len; i++)
      if (((CormTarget *) import->targets->pdata[i])->table == table)
        *target = import->targets->pdata[i];
    if (*target == NULL && table != NULL &&
        (import->models == NULL || find_table (import->models, name) != NULL))
      *target = target_new (import, table, FALSE);
    else if (*target == NULL && table == NULL && making != NULL)
      *target = make_target (import, making);
    else if (*target == NULL && !no_such_table (import, name, error))
      return FALSE;
  }
  g_hash_table_insert (import->by_name, g_strdup (name), *target);
  return TRUE;
}

gboolean
corm_import_add_missing (CormImport *import, GError **error)
{
  CormTarget *target;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; import->options->create && import->makings != NULL && i < import->makings->tables->len;
       i++) {
    const char *name = ((const CormTable *) import->makings->tables->pdata[i])->name;
    if (find_table (import->live, name) == NULL)
      g_ptr_array_add (names, g_strdup (name));
  }
  for (guint i = 0; i < names->len; i++)
    if (!corm_import_find_target (import, names->pdata[i], &target, error))
      return FALSE;
  return TRUE;
}

gboolean
corm_import_set_makings (CormImport *import, const CormSchema *schema, GError **error)
{
  if (import->makings != NULL)
    return TRUE;
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  import->makings = corm_schema_fit (schema, corm_connection_get_dialect (import->conn), notes, error);
  for (guint i = 0; import->options->create && i < notes->len; i++)
    g_ptr_array_add (import->report->notes, g_strdup (notes->pdata[i]));
  return import->makings != NULL;
}
