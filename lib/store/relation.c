/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Eager loading. For each relation asked for: the distinct keys of the owners, one query for the rows that bear them
 * (more only where a statement can't take that many parameters), then each row to its owners through a table of keys. */
#include "store/relation.h"

#include "base/error.h"
#include "model/path.h"
#include "store/select.h"

/* One distinct key: the owners' value, and what was found for it. */
typedef struct {
  CormValue value;
  gpointer first; /* belongs to, has one */
  CormRows *rows; /* has many */
} Link;

typedef struct {
  CormConnection *conn;
  CormRows *owners;
  const CormRelation *relation;
  const CormMapping *target;
  const CormField *owner_key;
  const CormField *target_key;
  GHashTable *links; /* CormValue in a Link -> that Link */
  GPtrArray *order;  /* Link, in the order of the owners; they live in the owners' arena */
} Edge;

static guint
value_hash (gconstpointer key)
{
  const CormValue *value = key;
  if (value->type == CORM_TYPE_UUID) {
    gint64 halves[2];
    memcpy (halves, value->uuid.bytes, sizeof halves);
    halves[0] ^= halves[1];
    return g_int64_hash (halves);
  }
  if (value->type < CORM_TYPE_FLOAT32 || (value->type >= CORM_TYPE_DATE && value->type < CORM_TYPE_UUID))
    return g_int64_hash (&value->i);
  if (value->type == CORM_TYPE_DECIMAL) /* 1.5 and 1.50 are one key */
    return 0;
  guint hash = 5381;
  for (gsize i = 0; value->type != CORM_TYPE_FLOAT64 && value->type != CORM_TYPE_FLOAT32 && i < value->size;
       i++)
    hash = hash * 33 + (guint8) value->data[i];
  return hash;
}

/* Integer keys of different widths are one key: the foreign key may be wider than what it references. */
static CormValue
plain_key (CormValue value)
{
  if (value.type == CORM_TYPE_INT16 || value.type == CORM_TYPE_INT32)
    value.type = CORM_TYPE_INT64;
  return value;
}

static gboolean
value_equal (gconstpointer a, gconstpointer b)
{
  return corm_value_equal (a, b);
}

static gboolean
edge_init (Edge *edge, CormConnection *conn, CormRows *owners, gsize slot, GError **error)
{
  const CormMapping *mapping = owners->mapping;
  const CormRelation *relation = corm_mapping_find_relation (mapping, slot);
  if (relation == NULL) {
    const CormField *field = corm_mapping_find_field (mapping, slot);
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "find in %s: .with names %s, which is no relation of the model %s: declare it with CORM_BELONGS_TO, "
        "CORM_HAS_ONE or CORM_HAS_MANY",
        mapping->model->table, field != NULL ? field->column->member : "a member", mapping->model->type);
    return FALSE;
  }
  *edge = (Edge){ .conn = conn, .owners = owners, .relation = relation };
  edge->target = corm_store_find_mapping (conn, relation->target, error);
  if (edge->target == NULL)
    return FALSE;
  const CormPath *path = corm_mapping_find_path (mapping, slot);
  if (path->n != 1 || path->through != NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED, "load %s.%s: the key has several columns",
                 mapping->model->type, relation->name);
    return FALSE;
  }
  edge->owner_key = path->owner_fields[0];
  edge->target_key = path->near_fields[0];
  edge->links = g_hash_table_new (value_hash, value_equal);
  edge->order = g_ptr_array_new ();
  return TRUE;
}

static void
edge_clear (Edge *edge)
{
  g_clear_pointer (&edge->links, g_hash_table_unref);
  g_clear_pointer (&edge->order, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Edge, edge_clear)

static Link *
find_link (Edge *edge, const CormValue *value)
{
  CormValue key = plain_key (*value);
  return g_hash_table_lookup (edge->links, &key);
}

static gboolean
collect_keys (Edge *edge, GError **error)
{
  for (gsize i = 0; i < edge->owners->n_rows; i++) {
    CormValue value;
    if (!corm_field_get (edge->owners->mapping, edge->owner_key, edge->owners->rows[i], &value, error))
      return FALSE;
    if (value.is_null || find_link (edge, &value) != NULL)
      continue;
    Link *link = corm_arena_alloc (edge->owners->arena, sizeof (Link));
    link->value = plain_key (value);
    if (edge->relation->kind == CORM_HAS_MANY_ROWS)
      link->rows = corm_rows_new (edge->target, edge->owners->arena);
    g_hash_table_insert (edge->links, &link->value, link);
    g_ptr_array_add (edge->order, link);
  }
  return TRUE;
}

static gboolean
load_chunk (Edge *edge, guint from, guint n, GError **error)
{
  g_autofree CormValue *list = g_new (CormValue, n);
  for (guint i = 0; i < n; i++)
    list[i] = ((const Link *) g_ptr_array_index (edge->order, from + i))->value;
  CormExpr where = {
    .kind = CORM_EXPR_IN_VALUES,
    .model = edge->relation->target,
    .offset = edge->target_key->column->offset,
    .list = list,
    .n_list = n,
  };
  /* Children come in the order of their own key, so that the same rows always give the same result. */
  CormOrder order[2] = { { .model = edge->relation->target,
                           .offset = edge->target->fields[edge->target->keys[0]].column->offset } };
  CormSelect select = { .mapping = edge->target, .where = &where };
  if (edge->relation->kind != CORM_BELONGS_TO_ONE)
    select.order = order;
  CormRows *found = corm_select_load (edge->conn, &select, edge->owners->arena, error);
  for (gsize i = 0; found != NULL && i < found->n_rows; i++) {
    CormValue value;
    if (!corm_field_get (edge->target, edge->target_key, found->rows[i], &value, error))
      return FALSE;
    Link *link = find_link (edge, &value);
    if (link == NULL) /* the database's equality is wider than ours: a collation that ignores case */
      continue;
    if (link->rows != NULL)
      corm_rows_append (link->rows, found->rows[i]);
    else if (link->first == NULL)
      link->first = found->rows[i];
  }
  return found != NULL;
}

static gboolean
fill_slots (Edge *edge, GError **error)
{
  for (gsize i = 0; i < edge->owners->n_rows; i++) {
    CormValue value;
    gpointer row = edge->owners->rows[i];
    if (!corm_field_get (edge->owners->mapping, edge->owner_key, row, &value, error))
      return FALSE;
    const Link *link = value.is_null ? NULL : find_link (edge, &value);
    gpointer related = link == NULL ? NULL : link->rows != NULL ? (gpointer) link->rows : link->first;
    G_STRUCT_MEMBER (gpointer, row, edge->relation->slot) = related;
  }
  return TRUE;
}

static gboolean
load_edge (CormConnection *conn, CormRows *rows, gsize slot, GError **error)
{
  g_auto (Edge) edge = { 0 };
  if (!edge_init (&edge, conn, rows, slot, error) || !collect_keys (&edge, error))
    return FALSE;
  guint most = MAX (corm_connection_get_dialect (conn)->max_params, 1);
  for (guint from = 0; from < edge.order->len; from += most)
    if (!load_chunk (&edge, from, MIN (most, edge.order->len - from), error))
      return corm_error_prefix (error, "load %s.%s", rows->mapping->model->type, edge.relation->name);
  return fill_slots (&edge, error);
}

gboolean
corm_relation_load (CormConnection *conn, CormRows *rows, const gsize *with, GError **error)
{
  for (const gsize *slot = with; *slot != G_MAXSIZE; slot++)
    if (!load_edge (conn, rows, *slot, error))
      return FALSE;
  return TRUE;
}
