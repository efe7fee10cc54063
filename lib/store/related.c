/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a program does with relations beside loading them: reading a slot with a check that it was loaded, and linking two
 * rows through the table of a many-to-many relation. */
#include "base/error.h"
#include "model/ctype.h"
#include "model/path.h"
#include "store/select.h"

static int
find_relation (const CormModel *model, gsize slot)
{
  for (gsize i = 0; i < model->n_relations; i++)
    if (model->relations[i].slot == slot)
      return (int) i;
  return -1;
}

gpointer
corm_related_row (const CormModel *model, gconstpointer row, gsize slot, GError **error)
{
  g_return_val_if_fail (model != NULL && row != NULL, NULL);
  int i = find_relation (model, slot);
  if (i < 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "the member at byte %" G_GSIZE_FORMAT
                 " of %s is no relation of the model; name one of CORM_RELATIONS",
                 slot, model->type);
    return NULL;
  }
  const char *name = model->relations[i].name;
  if (model->is_strict && i < 64) {
    guint64 loaded = ((const CormLoaded *) (gconstpointer) ((const char *) row + model->loaded))->relations;
    if ((loaded >> i & 1) == 0) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "%s.%s was not loaded: add .with = CORM_WITH (%s, %s) where the row is found", model->type,
                   name, model->type, name);
      return NULL;
    }
  }
  return *(const gpointer *) (gconstpointer) ((const char *) row + slot);
}

static const CormPath *
find_link (const CormModel *model, gsize slot, CormConnection *conn, const CormModel *target, GError **error)
{
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  if (mapping == NULL)
    return NULL;
  const CormPath *path = corm_mapping_find_path (mapping, slot);
  if (path == NULL || path->relation->kind != CORM_MANY_TO_MANY_ROWS)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "link of %s: %s is no relation of CORM_MANY_TO_MANY; set the foreign key of one of the rows",
                 model->type, path != NULL ? path->relation->name : "the member");
  else if (!path->through->is_association)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "link of %s.%s: it goes through the model %s; insert or delete a row of that", model->type,
                 path->relation->name, path->through->model->type);
  else if (path->target->model != target)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "link of %s.%s: the other row is of model %s; the relation holds rows of %s", model->type,
                 path->relation->name, target->type, path->target->model->type);
  else
    return path;
  return NULL;
}

static void
copy_key (gpointer pair, const CormField *const *to, const CormField *const *from, guint n, gconstpointer row)
{
  for (guint i = 0; i < n; i++)
    memcpy ((char *) pair + to[i]->offset, (const char *) row + from[i]->offset,
            corm_ctype_size (from[i]->ctype));
}

/* A row of the association table; free with g_free(). */
static gpointer
make_pair (const CormPath *path, gconstpointer row, gconstpointer other)
{
  gpointer pair = g_malloc0 (path->through->model->size);
  copy_key (pair, path->near_fields, path->owner_fields, path->n, row);
  copy_key (pair, path->far_fields, path->target_fields, path->n_far, other);
  return pair;
}

typedef gboolean (*Change) (const CormModel *model, CormConnection *conn, gpointer pair, GError **error);

static gboolean
remove_pair (const CormModel *model, CormConnection *conn, gpointer pair, GError **error)
{
  return corm_delete_row (model, conn, pair, error);
}

/* Inserts or deletes the pair of the two rows. */
static gboolean
change (Change run, const char *doing, const CormModel *model, gsize slot, CormConnection *conn,
        gconstpointer row, const CormModel *target, gconstpointer other, GError **error)
{
  const CormPath *path = find_link (model, slot, conn, target, error);
  if (path == NULL)
    return FALSE;
  g_autofree gpointer pair = make_pair (path, row, other);
  return run (path->through->model, conn, pair, error) ||
         corm_error_prefix (error, "%s %s.%s", doing, model->type, path->relation->name);
}

gboolean
corm_link_rows (const CormModel *model, gsize slot, CormConnection *conn, gconstpointer row,
                const CormModel *target, gconstpointer other, GError **error)
{
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL && target != NULL && other != NULL,
                        FALSE);
  return change (corm_insert_row, "link", model, slot, conn, row, target, other, error);
}

gboolean
corm_unlink_rows (const CormModel *model, gsize slot, CormConnection *conn, gconstpointer row,
                  const CormModel *target, gconstpointer other, GError **error)
{
  g_return_val_if_fail (model != NULL && conn != NULL && row != NULL && target != NULL && other != NULL,
                        FALSE);
  return change (remove_pair, "unlink", model, slot, conn, row, target, other, error);
}
