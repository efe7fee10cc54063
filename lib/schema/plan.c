/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A plan as a value: operations in the order to run, then what only differs; as a script. As JSON: plan-json.c. */
#include "schema/plan.h"

static const char *const kind_names[CORM_N_OP_KINDS] = {
  [CORM_OP_CREATE_ENUM] = "create-enum",
  [CORM_OP_ADD_LABEL] = "add-label",
  [CORM_OP_CHANGE_ENUM] = "change-enum",
  [CORM_OP_DROP_ENUM] = "drop-enum",
  [CORM_OP_CREATE_TABLE] = "create-table",
  [CORM_OP_RENAME_TABLE] = "rename-table",
  [CORM_OP_DROP_TABLE] = "drop-table",
  [CORM_OP_SET_OPTIONS] = "set-options",
  [CORM_OP_ADD_COLUMN] = "add-column",
  [CORM_OP_RENAME_COLUMN] = "rename-column",
  [CORM_OP_DROP_COLUMN] = "drop-column",
  [CORM_OP_SET_TYPE] = "set-type",
  [CORM_OP_BACKFILL] = "backfill",
  [CORM_OP_SET_NOT_NULL] = "set-not-null",
  [CORM_OP_DROP_NOT_NULL] = "drop-not-null",
  [CORM_OP_SET_DEFAULT] = "set-default",
  [CORM_OP_DROP_DEFAULT] = "drop-default",
  [CORM_OP_SET_GENERATED] = "set-generated",
  [CORM_OP_DROP_GENERATED] = "drop-generated",
  [CORM_OP_SET_IDENTITY] = "set-identity",
  [CORM_OP_ADD_PRIMARY_KEY] = "add-primary-key",
  [CORM_OP_DROP_PRIMARY_KEY] = "drop-primary-key",
  [CORM_OP_ADD_UNIQUE] = "add-unique",
  [CORM_OP_DROP_UNIQUE] = "drop-unique",
  [CORM_OP_ADD_FOREIGN_KEY] = "add-foreign-key",
  [CORM_OP_DROP_FOREIGN_KEY] = "drop-foreign-key",
  [CORM_OP_ADD_CHECK] = "add-check",
  [CORM_OP_DROP_CHECK] = "drop-check",
  [CORM_OP_VALIDATE] = "validate",
  [CORM_OP_CREATE_INDEX] = "create-index",
  [CORM_OP_DROP_INDEX] = "drop-index",
  [CORM_OP_SET_COMMENT] = "set-comment",
  [CORM_OP_CREATE_OBJECT] = "create",
  [CORM_OP_DROP_OBJECT] = "drop",
  [CORM_OP_DIFFERS] = "differs",
};

static void
op_free (gpointer data)
{
  CormOp *op = data;
  g_free (op->table);
  g_free (op->name);
  g_free (op->object);
  g_free (op->text);
  g_ptr_array_unref (op->sql);
  g_ptr_array_unref (op->reverse);
  g_free (op->hazard);
  g_free (op->lock);
  g_free (op);
}

const char *
corm_op_kind_name (CormOpKind kind)
{
  return kind_names[kind];
}

char *
corm_op_get_kind_name (const CormOp *op)
{
  if (op->object == NULL)
    return g_strdup (kind_names[op->kind]);
  char *name = g_strdup_printf ("%s-%s", kind_names[op->kind], op->object);
  return g_strdelimit (name, " ", '-');
}

CormPlan *
corm_plan_new (const char *dialect)
{
  CormPlan *plan = g_new0 (CormPlan, 1);
  plan->dialect = g_strdup (dialect);
  plan->ops = g_ptr_array_new_with_free_func (op_free);
  return plan;
}

void
corm_plan_free (CormPlan *plan)
{
  if (plan == NULL)
    return;
  g_free (plan->dialect);
  g_free (plan->from);
  g_free (plan->to);
  g_ptr_array_unref (plan->ops);
  g_free (plan);
}

CormOp *
corm_plan_add (CormPlan *plan, CormOpKind kind, const char *table, const char *name, char *text)
{
  CormOp *op = g_new0 (CormOp, 1);
  op->kind = kind;
  op->table = g_strdup (table);
  op->name = g_strdup (name);
  op->text = text;
  op->rows = op->bytes = -1;
  op->sql = g_ptr_array_new_with_free_func (g_free);
  op->reverse = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (plan->ops, op);
  return op;
}

guint
corm_plan_get_n_differences (const CormPlan *plan)
{
  guint n = 0;
  for (guint i = 0; i < plan->ops->len; i++)
    n += ((CormOp *) plan->ops->pdata[i])->kind == CORM_OP_DIFFERS;
  return n;
}

guint
corm_plan_get_n_changes (const CormPlan *plan)
{
  return plan->ops->len - corm_plan_get_n_differences (plan);
}

/* Every line of @text behind "-- ". */
static void
append_comment (GString *script, const char *head, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    g_string_append_printf (script, "-- %s%s\n", line == lines ? head : "", *line);
}

char *
corm_plan_to_sql (const CormPlan *plan)
{
  g_return_val_if_fail (plan != NULL, NULL);
  GString *script = g_string_new (NULL);
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    append_comment (script, op->kind == CORM_OP_DIFFERS ? "differs: " : "", op->text);
    if (op->hazard != NULL)
      append_comment (script, "hazard: ", op->hazard);
    for (guint s = 0; s < op->sql->len; s++)
      g_string_append_printf (script, "%s;\n", (char *) op->sql->pdata[s]);
    if (i + 1 < plan->ops->len && op->sql->len > 0)
      g_string_append_c (script, '\n');
  }
  return g_string_free (script, FALSE);
}

gboolean
corm_allow_names (const char *const *allow, const char *kind, const char *subject, CormApproval approval)
{
  g_autofree char *whole = g_strconcat (kind, ":", subject, NULL);
  for (; allow != NULL && *allow != NULL; allow++)
    if (g_str_equal (*allow, kind) || g_str_equal (*allow, whole) || g_str_equal (*allow, "destructive") ||
        (approval <= CORM_APPROVAL_CHANGE && g_str_equal (*allow, "change")))
      return TRUE;
  return FALSE;
}
