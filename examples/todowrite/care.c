/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Work on structure goes by schemas as values: read what is there, change the value, bring the database to it. */
#include "care.h"

/* Nodes of one layer that are not in its table. */
static gboolean
fill_layer (CormConnection *conn, Layer layer, GError **error)
{
  const CormModel *model = todo_layer_models[layer];
  const CormExpr key = { .kind = CORM_EXPR_COLUMN, .model = model, .offset = offsetof (LayerRow, id) };
  const CormOutput known_id[] = { { .name = "id", .expr = key }, { 0 } };
  const CormOutput new_id[] = {
    { .model = model, .offset = offsetof (LayerRow, id), .expr = CORM_BARE (CORM_COL (Node, id)) }, { 0 }
  };
  g_autoptr (CormQuery) known = corm_query_select (corm_query_new (model), known_id);
  g_autoptr (CormQuery) missing = corm_query_select (corm_query_new (&Node_model), new_id);
  corm_query_where (missing, CORM_EQ (Node, layer, layer));
  corm_query_where (missing, CORM_NOT (CORM_IN_QUERY (CORM_COL (Node, id), known)));
  return corm_query_insert (missing, conn, model, NULL, error);
}

gboolean
todo_init (CormDb *db, GError **error)
{
  static const char *const allow[] = { "change",
                                       NULL }; /* a wider type too, but nothing that loses anything */
  const CormMigrateOptions options = { .allow = allow };
  if (!corm_db_migrate (db, &options, error))
    return FALSE;
  g_autoptr (CormConnection) conn = corm_db_connect (db, error);
  g_autoptr (CormTransaction) transaction =
      conn != NULL ? corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error) : NULL;
  for (Layer layer = 0; transaction != NULL && layer < N_LAYERS; layer++)
    if (!fill_layer (conn, layer, error))
      return FALSE;
  return transaction != NULL && corm_transaction_commit (transaction, error);
}

gboolean
todo_drop (CormDb *db, GError **error)
{
  static const char *const allow[] = { "destructive", NULL };
  const CormMigrateOptions options = { .allow = allow };
  g_autoptr (CormConnection) conn = corm_db_connect (db, error);
  g_autoptr (CormSchema) rest = conn != NULL ? corm_schema_inspect (conn, error) : NULL;
  g_autoptr (CormSchema) ours = corm_schema_from_registry (corm_db_get_registry (db));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  if (rest == NULL)
    return FALSE;
  for (guint i = 0; i < ours->tables->len; i++)
    g_ptr_array_add (names, ((const CormTable *) ours->tables->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  corm_schema_filter (rest, NULL, (const char *const *) names->pdata);
  g_autoptr (CormPlan) plan = corm_schema_migrate (conn, rest, &options, error);
  if (plan != NULL)
    g_print ("%u tables dropped\n", ours->tables->len);
  return plan != NULL;
}

gboolean
todo_add_column (CormConnection *conn, const char *name, GError **error)
{
  g_autoptr (CormSchema) schema = corm_schema_inspect (conn, error);
  CormTable *nodes = schema != NULL ? corm_schema_find_table (schema, "nodes") : NULL;
  if (nodes == NULL) {
    if (schema != NULL)
      g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "there is no table nodes; \"init\" makes it");
    return FALSE;
  }
  if (corm_table_find_column (nodes, name) != NULL) {
    g_print ("nodes has a column %s\n", name);
    return TRUE;
  }
  corm_table_add_column (nodes, name)->type.type = CORM_TYPE_TEXT;
  g_autoptr (CormPlan) plan = corm_schema_migrate (conn, schema, NULL, error);
  if (plan != NULL)
    g_print ("%s\n", ((const CormOp *) plan->ops->pdata[0])->text);
  return plan != NULL;
}

/* --- repair ------------------------------------------------------------------------------------------------------ */

static gboolean
repair (CormConnection *conn, const char *what, CormExpr which, const CormSet *sets, GError **error)
{
  guint64 n = 0;
  g_autoptr (CormQuery) query = corm_query_new (&Node_model);
  corm_query_where (query, which);
  if (!corm_query_update (query, conn, sets, &n, error))
    return FALSE;
  g_print ("%s: %d\n", what, (int) n);
  return TRUE;
}

gboolean
todo_repair (CormConnection *conn, GError **error)
{
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  return transaction != NULL &&
         repair (conn, "progress below 0, or none",
                 CORM_ANY (CORM_LT (Node, progress, 0), CORM_IS_NULL (Node, progress)),
                 CORM_SETS (CORM_SET (Node, progress, 0)), error) &&
         repair (conn, "progress above 100", CORM_GT (Node, progress, 100),
                 CORM_SETS (CORM_SET (Node, progress, 100)), error) &&
         repair (conn, "unknown status",
                 CORM_NOT (CORM_IN (Node, status, STATUS_PLANNED, STATUS_IN_PROGRESS, STATUS_COMPLETED,
                                    STATUS_BLOCKED, STATUS_CANCELLED)),
                 CORM_SETS (CORM_SET (Node, status, STATUS_PLANNED)), error) &&
         corm_transaction_commit (transaction, error);
}

/* --- YAML -------------------------------------------------------------------------------------------------------- */

static guint64
count_rows (const CormExchangeReport *report)
{
  guint64 n = 0;
  for (guint i = 0; i < report->tables->len; i++)
    n += ((const CormExchangeTable *) report->tables->pdata[i])->rows;
  return n;
}

gboolean
todo_export (CormDb *db, const char *path, GError **error)
{
  const CormExportOptions options = { .format = CORM_FORMAT_YAML,
                                      .registry = corm_db_get_registry (db),
                                      .no_schema = true };
  g_autoptr (CormExchangeReport) report = corm_export (db, path, &options, error);
  if (report != NULL)
    g_printerr ("%d rows written\n", (int) count_rows (report));
  return report != NULL;
}

static void
print_fault (const CormFault *fault, G_GNUC_UNUSED gpointer data)
{
  g_printerr ("%s:%d: %s, %s%s%s: %s\n", fault->file, (int) fault->line, fault->table, fault->key,
              fault->column != NULL ? ", column " : "", fault->column != NULL ? fault->column : "",
              fault->reason);
}

gboolean
todo_import (CormDb *db, const char *path, gboolean dry_run, GError **error)
{
  const CormImportOptions options = { .registry = corm_db_get_registry (db),
                                      .dry_run = dry_run,
                                      .on_fault = print_fault };
  g_autoptr (CormExchangeReport) report = corm_import (db, path, &options, error);
  if (report != NULL && dry_run)
    g_print ("every row fits\n");
  else if (report != NULL)
    g_print ("%d rows read\n", (int) count_rows (report));
  return report != NULL;
}
