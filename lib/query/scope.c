/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Finding a table by its model and a column by its member's offset. The inner query's tables hide those around it. */
#include "query/scope.h"

#include <corm/error.h>

const CormScopeTable *
corm_scope_find (const CormScope *scope, const CormModel *model)
{
  for (; scope != NULL; scope = scope->outer)
    for (guint i = 0; i < scope->n_tables; i++)
      if (scope->tables[i].model == model)
        return &scope->tables[i];
  return NULL;
}

gboolean
corm_scope_is_qualified (const CormScope *scope)
{
  return scope->n_tables > 1 || scope->outer != NULL;
}

gboolean
corm_scope_refuse (const CormScope *scope, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "query of %s: %s",
               scope->n_tables > 0 ? scope->tables[0].model->table : "no table", reason);
  return FALSE;
}

/* "Job, Cluster": the models that can be named, the nearest first. */
static char *
list_models (const CormScope *scope)
{
  GString *names = g_string_new (NULL);
  for (; scope != NULL; scope = scope->outer)
    for (guint i = 0; i < scope->n_tables; i++)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", scope->tables[i].model->type);
  return g_string_free (names, FALSE);
}

static const CormField *
refuse_model (const CormScope *scope, const CormModel *model, GError **error)
{
  g_autofree char *names = list_models (scope);
  corm_scope_refuse (scope, error, "a part of it is about model %s; the query reads %s, use members of that",
                     model != NULL ? model->type : "(none)", names[0] != '\0' ? names : "no model");
  return NULL;
}

const CormField *
corm_scope_find_field (const CormScope *scope, const CormModel *model, gsize offset,
                       const CormScopeTable **table, GError **error)
{
  const CormScopeTable *found = corm_scope_find (scope, model);
  if (found == NULL)
    return refuse_model (scope, model, error);
  const CormField *field = corm_mapping_find_field (found->mapping, offset);
  *table = found;
  if (field != NULL)
    return field;
  const CormRelation *relation = corm_mapping_find_relation (found->mapping, offset);
  if (relation != NULL)
    corm_scope_refuse (scope, error, "'%s' is a relation, which has no column; use its key", relation->name);
  else
    corm_scope_refuse (scope, error,
                       "the member at byte %" G_GSIZE_FORMAT
                       " of %s is no column of the model; add a CORM_COLUMN for it",
                       offset, model->type);
  return NULL;
}
