/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Code for twelve models that differ: it takes the model from a table, and the relations from the model. */
#include "nodes.h"

/* A row of the layer that has nothing but its key; free with g_free(). */
static LayerRow *
new_key (Layer layer, const char *id)
{
  LayerRow *row = g_malloc0 (todo_layer_models[layer]->size);
  row->id = id;
  return row;
}

gboolean
todo_add (CormConnection *conn, Node *node, const char *run, GError **error)
{
  g_autofree LayerRow *row = new_key (node->layer, node->id);
  if (node->layer == LAYER_Command)
    ((Command *) row)->run = run;
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  return transaction != NULL && node_insert (conn, node, error) &&
         corm_insert_row (todo_layer_models[node->layer], conn, row, error) &&
         corm_transaction_commit (transaction, error);
}

gboolean
todo_label (CormConnection *conn, const char *id, const char *word, GError **error)
{
  g_autoptr (Node) node = corm_get (Node, conn, error, .id = id);
  if (node == NULL)
    return FALSE;
  Label label = { .label = word };
  g_autofree LayerRow *row = new_key (node->layer, id);
  return label_upsert (conn, &label, error) &&
         corm_link_rows (todo_layer_models[node->layer], offsetof (LayerRow, labels), conn, row, &Label_model,
                         &label, error);
}

gboolean
todo_link (CormConnection *conn, const char *parent_id, const char *child_id, GError **error)
{
  g_autoptr (Node) parent = corm_get (Node, conn, error, .id = parent_id);
  g_autoptr (Node) child = parent != NULL ? corm_get (Node, conn, error, .id = child_id) : NULL;
  if (child == NULL)
    return FALSE;
  const CormModel *from = todo_layer_models[parent->layer], *to = todo_layer_models[child->layer];
  g_autofree LayerRow *above = new_key (parent->layer, parent_id), *below = new_key (child->layer, child_id);
  for (gsize i = 0; i < from->n_relations; i++)
    if (from->relations[i].target == to)
      return corm_link_rows (from, from->relations[i].slot, conn, above, to, below, error);
  Link link = { .parent_id = parent_id, .child_id = child_id };
  return link_insert (conn, &link, error);
}

/* --- show -------------------------------------------------------------------------------------------------------- */

/* Related rows of whatever model: its key is the first member, and text. */
static void
print_related (const CormRelation *relation, gconstpointer row)
{
  const CormRows *related = G_STRUCT_MEMBER (CormRows *, row, relation->slot);
  for (gsize i = 0; i < corm_rows_get_length (related); i++)
    g_print ("  %s: %s\n", relation->name, *(const char *const *) corm_rows_get (related, i));
}

/* Labels and all that lies below, one query a relation. */
static gboolean
print_layer (CormConnection *conn, const Node *node, GError **error)
{
  const CormModel *model = todo_layer_models[node->layer];
  gsize slots[8];
  g_assert (model->n_relations < G_N_ELEMENTS (slots));
  for (gsize i = 0; i < model->n_relations; i++)
    slots[i] = model->relations[i].slot;
  slots[model->n_relations] = G_MAXSIZE;
  const CormFind find = {
    .where = { .kind = CORM_EXPR_EQ,
               .model = model,
               .offset = offsetof (LayerRow, id),
               .value = corm_value_text (node->id) },
    .with = slots,
  };
  g_autoptr (CormRows) rows = corm_find_rows (model, conn, error, &find);
  if (rows == NULL)
    return FALSE;
  if (corm_rows_get_length (rows) == 0)
    g_print ("  it is missing in %s\n", model->table);
  else
    for (gsize i = 0; i < model->n_relations; i++)
      print_related (&model->relations[i], corm_rows_get (rows, 0));
  return TRUE;
}

static gboolean
print_artifacts (CormConnection *conn, const Node *node, GError **error)
{
  g_autoptr (CormRows) runs =
      corm_find (Artifact, conn, error, .where = CORM_EQ (Artifact, command_id, node->id),
                 .order = CORM_ORDER (CORM_ASC (Artifact, id)));
  CORM_FOREACH (Artifact, run, runs)
    g_print ("  run %d: status %d, %s\n", (int) run->id, run->exit_status, run->output);
  return runs != NULL;
}

gboolean
todo_show (CormConnection *conn, const char *id, GError **error)
{
  g_autoptr (Node) node = corm_get (Node, conn, error, .id = id);
  if (node == NULL)
    return FALSE;
  g_print ("%s %s: %s, %s, %d %%\n", todo_layers[node->layer], node->id, node->title,
           todo_states[node->status], node->progress);
  g_autoptr (CormRows) links = corm_find (Link, conn, error, .where = CORM_EQ (Link, parent_id, id),
                                          .order = CORM_ORDER (CORM_ASC (Link, child_id)));
  if (links == NULL || !print_layer (conn, node, error))
    return FALSE;
  CORM_FOREACH (Link, link, links)
    g_print ("  links: %s\n", link->child_id);
  return print_artifacts (conn, node, error);
}

/* --- run --------------------------------------------------------------------------------------------------------- */

gboolean
todo_run (CormConnection *conn, const char *id, GError **error)
{
  g_autoptr (Command) command = corm_get (Command, conn, error, .id = id);
  g_autofree char *output = NULL;
  int status = 0;
  if (command == NULL)
    return FALSE;
  if (command->run == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s has nothing to run: \"add\" gives it a --run",
                 id);
    return FALSE;
  }
  const char *const argv[] = { "/bin/sh", "-c", command->run, NULL };
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, error))
    return FALSE;
  g_autofree char *text = g_utf8_make_valid (g_strchomp (output), -1);
  Artifact artifact = { .command_id = id,
                        .exit_status = status == 0 ? 0 : MAX (status >> 8, 1),
                        .output = text };
  Node node = { .id = id,
                .status = status == 0 ? STATUS_COMPLETED : STATUS_BLOCKED,
                .progress = status == 0 ? 100 : 0 };
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  if (transaction == NULL || !artifact_insert (conn, &artifact, error) ||
      !corm_update (Node, conn, &node, error, status, progress) ||
      !corm_transaction_commit (transaction, error))
    return FALSE;
  g_print ("%s: status %d\n", id, artifact.exit_status);
  return TRUE;
}

/* --- questions --------------------------------------------------------------------------------------------------- */

gboolean
todo_print_active (CormConnection *conn, const char *owner, GError **error)
{
  g_autoptr (CormRows) tasks =
      corm_find (Node, conn, error,
                 .where = CORM_ALL (CORM_EQ (Node, layer, LAYER_Task), CORM_EQ (Node, owner, owner),
                                    CORM_IN (Node, status, STATUS_PLANNED, STATUS_IN_PROGRESS)),
                 .order = CORM_ORDER (CORM_ASC (Node, id)));
  CORM_FOREACH (Node, task, tasks)
    g_print ("%s: %s, %s, %d %%\n", task->id, task->title, todo_states[task->status], task->progress);
  return tasks != NULL;
}

typedef struct {
  Layer layer;
  Status status;
  gint64 count;
} Summary;
CORM_SHAPE (Summary, layer, status, count)

gboolean
todo_print_summary (CormConnection *conn, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&Node_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_OUTPUT (Summary, layer, CORM_COL (Node, layer)),
                                          CORM_OUTPUT (Summary, status, CORM_COL (Node, status)),
                                          CORM_OUTPUT (Summary, count, CORM_COUNT (CORM_COL (Node, id)))));
  corm_query_group (query, CORM_EXPRS (CORM_COL (Node, layer), CORM_COL (Node, status)));
  corm_query_order (query, (CormOrder) CORM_ASC (Summary, layer));
  corm_query_order (query, (CormOrder) CORM_ASC (Summary, status));
  g_autoptr (CormRows) rows = corm_query_find (query, conn, error);
  CORM_FOREACH (Summary, row, rows)
    g_print ("%s %s: %d\n", todo_layers[row->layer], todo_states[row->status], (int) row->count);
  return rows != NULL;
}
