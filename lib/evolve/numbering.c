/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How a column comes to number itself, and how it stops. Options may be part of that ("bigserial"): what the change of
 * the numbering has made is not made once more by that of the options. */
#include "evolve/planner.h"
#include "render/ddl.h"

#include <string.h>

char *
corm_planner_identity (const CormPlanner *planner, const CormChange *change)
{
  const CormTableColumn *is = change->is, *should = change->part;
  if (!should->auto_increment)
    return g_strdup ("DROP IDENTITY");
  if (is != NULL && is->auto_increment)
    return g_strdup_printf ("SET GENERATED %s", should->identity_always ? "ALWAYS" : "BY DEFAULT");
  const char *words = planner->dialect->identity != NULL ? planner->dialect->identity : "";
  g_auto (GStrv) parts = g_strsplit (words, "BY DEFAULT", 2);
  g_autofree char *joined = g_strjoinv (should->identity_always ? "ALWAYS" : "BY DEFAULT", parts);
  g_autofree char *within = corm_render_options_within (planner->dialect, should->options);
  return g_strconcat ("ADD", joined, within[0] == '(' ? " " : NULL, within, NULL);
}

gboolean
corm_planner_set_identity (const CormPlanner *planner, const CormChange *change, GPtrArray *sql)
{
  const CormDialect *dialect = planner->dialect;
  return dialect->set_identity != NULL &&
         dialect->set_identity (change->table->name, change->is, change->part, sql);
}

/* The numbering has begun or ended, or become another one with all that it says. */
static gboolean
has_set_identity (const CormPlanner *planner, const CormTableColumn *is, const CormTableColumn *should)
{
  g_autoptr (GPtrArray) own = g_ptr_array_new_with_free_func (g_free);
  if (is->auto_increment != should->auto_increment)
    return TRUE;
  return is->identity_always != should->identity_always && planner->dialect->set_identity != NULL &&
         planner->dialect->set_identity ("", is, should, own);
}

/* What is left of @options without what stands in the definition. */
static const char *
behind (const CormPlanner *planner, const char *options)
{
  g_autofree char *within = corm_render_options_within (planner->dialect, options);
  return options != NULL ? options + strlen (within) : NULL;
}

gboolean
corm_planner_column_options (const CormPlanner *planner, const CormChange *change, GPtrArray *sql)
{
  const CormTableColumn *is = change->is, *should = change->part;
  const char *from = is != NULL ? is->options : NULL, *to = should != NULL ? should->options : NULL;
  if (is != NULL && should != NULL && has_set_identity (planner, is, should)) {
    from = behind (planner, from);
    to = behind (planner, to);
  }
  return planner->dialect->alter_options (change->table->name, change->name, from, to, sql);
}

gboolean
corm_planner_may_be_there (const CormPlanner *planner, const CormSchemaObject *sequence)
{
  for (guint i = 0; planner->diff != NULL && i < planner->diff->changes->len; i++) {
    const CormChange *change = planner->diff->changes->pdata[i];
    const CormTableColumn *is = change->is, *should = change->part;
    if (change->kind == CORM_OP_SET_IDENTITY && is->auto_increment && !should->auto_increment &&
        should->default_sql != NULL && strstr (should->default_sql, sequence->name) != NULL)
      return TRUE;
  }
  return FALSE;
}
