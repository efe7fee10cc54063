/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Names that share one space: PostgreSQL has tables, indexes and unique constraints in one, MariaDB all foreign keys
 * of a database, SQLite folds case. A name that is taken once here is safe in all of them. */
#include "model/check.h"
#include "model/name.h"

#include <string.h>

typedef struct {
  CormFaults *faults;
  GHashTable *taken; /* folded name -> what has it */
} Names;

/* @what is taken: "index 'x' of table y". */
static void
take (Names *names, const CormModel *model, const char *name, char *what)
{
  if (name == NULL || name[0] == '\0') {
    g_free (what);
    return;
  }
  g_autofree char *key = g_ascii_strdown (name, -1);
  const char *other = g_hash_table_lookup (names->taken, key);
  if (other != NULL) {
    corm_faults_add (names->faults, model, "%s has a name that %s has already; rename one of them", what,
                     other);
    g_free (what);
  } else {
    g_hash_table_insert (names->taken, g_steal_pointer (&key), what);
  }
}

static void
take_made (Names *names, const CormModel *model, const char *prefix, const char *kind, const char *column)
{
  g_autofree char *name = corm_name_make (prefix, model->table, column);
  take (names, model, name,
        g_strdup_printf ("the %s '%s' that column '%s' of table %s makes", kind, name, column, model->table));
}

static void
take_columns (Names *names, const CormMapping *mapping)
{
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    if (field->column->unique)
      take_made (names, mapping->model, "uq", "constraint", field->name);
    if (field->column->references != NULL)
      take_made (names, mapping->model, "fk", "foreign key", field->name);
    if (field->column->check_name != NULL)
      take (names, mapping->model, field->column->check_name,
            g_strdup_printf ("the .check_name '%s' of column '%s' of table %s", field->column->check_name,
                             field->name, mapping->model->table));
    if (field->column->check_name == NULL && (field->column->check != NULL || field->n_labels > 0))
      take_made (names, mapping->model, "ck", "check", field->name);
    if (field->column->check != NULL && field->n_labels > 0) {
      g_autofree char *rest = g_strconcat (field->name, "_labels", NULL);
      take_made (names, mapping->model, "ck", "check", rest);
    }
  }
}

static void
take_parts (Names *names, const CormModel *model)
{
  for (gsize i = 0; i < model->n_indexes; i++)
    take (names, model, model->indexes[i].name,
          g_strdup_printf ("index '%s' of table %s", model->indexes[i].name, model->table));
  for (gsize i = 0; i < model->n_constraints; i++)
    take (names, model, model->constraints[i].name,
          g_strdup_printf ("constraint '%s' of table %s", model->constraints[i].name, model->table));
  for (gsize i = 0; i < model->n_checks; i++)
    take (names, model, model->checks[i].name,
          g_strdup_printf ("check '%s' of table %s", model->checks[i].name, model->table));
}

/* Two models may share a database's enum type only with the same labels. */
static void
take_enum_type (Names *names, GHashTable *types, const CormModel *model, const CormField *field)
{
  const char *type = field->column->enum_type;
  const CormField *other = g_hash_table_lookup (types, type);
  if (other == NULL)
    g_hash_table_insert (types, (gpointer) type, (gpointer) field);
  else if (other->column->labels == NULL || field->column->labels == NULL ||
           !g_strv_equal (other->column->labels, field->column->labels))
    corm_faults_add (
        names->faults, model,
        "column '%s' has the .enum_type '%s' with other labels than another column; use one list of labels",
        field->name, type);
}

static void
take_enum_types (Names *names, const GPtrArray *mappings)
{
  g_autoptr (GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < mappings->len; i++) {
    const CormMapping *mapping = mappings->pdata[i];
    for (guint j = 0; j < mapping->n_fields; j++)
      if (mapping->fields[j].column->enum_type != NULL)
        take_enum_type (names, types, mapping->model, &mapping->fields[j]);
  }
}

void
corm_check_unique_names (CormFaults *faults, const GPtrArray *mappings)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Names names = { faults, taken };
  for (guint i = 0; i < mappings->len; i++) {
    const CormModel *model = ((const CormMapping *) mappings->pdata[i])->model;
    take (&names, model, model->table,
          g_strdup_printf ("the table %s of model %s", model->table, model->type));
  }
  for (guint i = 0; i < mappings->len; i++) {
    const CormMapping *mapping = mappings->pdata[i];
    if (mapping->model->table == NULL)
      continue;
    take_columns (&names, mapping);
    take_parts (&names, mapping->model);
  }
  take_enum_types (&names, mappings);
}
