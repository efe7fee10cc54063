/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What follows from relations: a slot that points to another row than before links the two, whichever of them has the key.
 * And what follows in the database from a delete is repeated in memory. */
#include "base/error.h"
#include "model/check.h"
#include "model/ctype.h"
#include "model/list.h"
#include "session/flush.h"
#include "session/identity.h"

static void
add_link (CormEntry *child, CormEntry *parent, guint n, const CormField *const *child_fields,
          const CormField *const *parent_fields)
{
  CormParentLink link = { parent, n, child_fields, parent_fields, FALSE };
  if (child->links == NULL)
    child->links = g_array_new (FALSE, FALSE, sizeof (CormParentLink));
  g_array_append_val (child->links, link);
}

static gboolean
copy_key (CormFlush *flush, CormEntry *child, const CormField *const *child_fields, guint n,
          const CormMapping *parent, const CormField *const *parent_fields, gconstpointer row, GError **error)
{
  corm_flush_save (flush, child);
  for (guint i = 0; i < n; i++) {
    CormValue value;
    if (!corm_field_get (parent, parent_fields[i], row, &value, error) ||
        !corm_field_set (child->mapping, child_fields[i], child->row, &value, flush->session->arena, error))
      return FALSE;
    if (corm_ctype_is_pointer (child_fields[i]->ctype))
      g_hash_table_add (flush->session->flowed,
                        *(gpointer *) (gpointer) ((char *) child->row + child_fields[i]->offset));
  }
  return TRUE;
}

gboolean
corm_cascade_key (CormFlush *flush, CormEntry *child, const CormParentLink *link, GError **error)
{
  return copy_key (flush, child, link->child_fields, link->n, link->parent->mapping, link->parent_fields,
                   link->parent->row, error);
}

/* The entry of what a slot points to; a row nobody has seen, without a key, is added. NULL: one of nobody's. */
static CormEntry *
find_related (CormFlush *flush, const CormMapping *mapping, gpointer row)
{
  CormEntry *entry = corm_session_find_entry (flush->session, row);
  if (entry == NULL && mapping->auto_key >= 0 &&
      corm_field_is_unset (&mapping->fields[mapping->auto_key], row))
    entry = corm_session_add_entry (flush->session, mapping, row, FALSE, CORM_ENTRY_NEW);
  return entry;
}

static gboolean
refuse_deleted (CormFlush *flush, CormEntry *entry, const CormPath *path, GError **error)
{
  flush->failed = entry;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s.%s points to a row that the session is to delete",
               path->owner->model->type, path->relation->name);
  return FALSE;
}

static gboolean
link_parent (CormFlush *flush, CormEntry *entry, const CormPath *path, gpointer row, GError **error)
{
  CormEntry *parent = find_related (flush, path->target, row);
  if (parent != NULL && parent->state == CORM_ENTRY_DELETED)
    return refuse_deleted (flush, entry, path, error);
  if (parent == NULL || parent->image.row != NULL)
    return copy_key (flush, entry, path->owner_fields, path->n, path->target, path->near_fields, row, error);
  add_link (entry, parent, path->n, path->owner_fields, path->near_fields);
  return TRUE;
}

/* A slot of the row's own, for the key that @path goes by, that is set to another row than before; NULL: none. */
static const CormPath *
find_own_way (const CormEntry *child, const CormPath *path)
{
  const CormMapping *mapping = child->mapping;
  for (gsize r = 0; r < mapping->model->n_relations && mapping->paths != NULL; r++) {
    const CormPath *own = &mapping->paths[r];
    gconstpointer now = G_STRUCT_MEMBER (gconstpointer, child->row, own->relation->slot);
    gconstpointer then = child->image.row != NULL
                             ? G_STRUCT_MEMBER (gconstpointer, child->image.row, own->relation->slot)
                             : NULL;
    if (own->relation->kind == CORM_BELONGS_TO_ONE && own->owner_fields[0] == path->near_fields[0] &&
        now != NULL && now != then)
      return own;
  }
  return NULL;
}

/* Its own slot holds another parent, or another row's slot holds it too: one of the two would be lost. */
static gboolean
check_claim (CormFlush *flush, CormEntry *entry, const CormPath *path, CormEntry *child, GError **error)
{
  const CormPath *own = find_own_way (child, path);
  gpointer other = own != NULL ? G_STRUCT_MEMBER (gpointer, child->row, own->relation->slot) : NULL;
  gboolean is_other = other != NULL && other != entry->row;
  if (!is_other && (child->claim != path || child->claimant == entry)) {
    child->claim = path;
    child->claimant = entry;
    return TRUE;
  }
  flush->failed = child;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s.%s of %s%s: a row can have one of them",
               path->owner->model->type, path->relation->name,
               is_other ? "one row holds it, and its own slot another one: " : "two rows holds it",
               is_other ? own->relation->name : "");
  return FALSE;
}

static gboolean
link_child (CormFlush *flush, CormEntry *entry, const CormPath *path, gpointer row, GError **error)
{
  CormEntry *child = find_related (flush, path->target, row);
  if (child == NULL) {
    flush->failed = entry;
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "%s.%s points to a row that the session does not have; take it from the session",
                 path->owner->model->type, path->relation->name);
    return FALSE;
  }
  if (child->orphaned) { /* another slot has let it go, and it moves here */
    g_ptr_array_remove (flush->orphans, child);
    child->orphaned = FALSE;
    child->state = CORM_ENTRY_KEPT;
  }
  if (child->state == CORM_ENTRY_DELETED)
    return refuse_deleted (flush, entry, path, error);
  if (!check_claim (flush, entry, path, child, error))
    return FALSE;
  if (entry->image.row != NULL)
    return copy_key (flush, child, path->near_fields, path->n, entry->mapping, path->owner_fields, entry->row,
                     error);
  add_link (child, entry, path->n, path->near_fields, path->owner_fields);
  return TRUE;
}

static gboolean
is_nullable (const CormField *const *fields, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!fields[i]->nullable)
      return FALSE;
  return TRUE;
}

static void
set_null (CormFlush *flush, CormEntry *entry, const CormField *const *fields, guint n)
{
  CormValue null = corm_value_null ();
  corm_flush_save (flush, entry);
  for (guint i = 0; i < n; i++)
    corm_field_set (entry->mapping, fields[i], entry->row, &null, NULL, NULL);
}

/* Its old key is taken from it before another row gets that, which may have to be the only one. */
static void
cut (CormFlush *flush, CormEntry *child, const CormPath *path)
{
  GPtrArray *entries = g_hash_table_lookup (flush->loose, path);
  if (entries == NULL)
    g_hash_table_insert (flush->loose, (gpointer) path, entries = g_ptr_array_new ());
  if (!g_ptr_array_find (entries, child, NULL))
    g_ptr_array_add (entries, child);
  corm_flush_save (flush, child);
}

/* A has-one slot of @entry holds another row now than @row, which becomes an orphan, unless it went elsewhere or is going: then it is no
 * longer the slot's to let go. One that is set to stay and has to go at once is for the database to refuse. */
static void
let_go (CormFlush *flush, const CormEntry *entry, const CormPath *path, gpointer row)
{
  CormEntry *child = corm_session_find_entry (flush->session, row);
  if (child == NULL || child->mapping != path->target || child->image.row == NULL ||
      !corm_path_joins (path, entry->image.row, child->image.row))
    return;
  gboolean has_moved = !corm_path_joins (path, entry->image.row, child->row);
  const CormPath *own = child->state == CORM_ENTRY_KEPT ? find_own_way (child, path) : NULL;
  gpointer parent = own != NULL ? G_STRUCT_MEMBER (gpointer, child->row, own->relation->slot) : NULL;
  if (own != NULL && corm_path_joins (own, child->image.row, parent)) /* back to where it was */
    return;
  if (has_moved || own != NULL || is_nullable (path->near_fields, path->n)) {
    cut (flush, child, path);
    if (!has_moved && own == NULL)
      set_null (flush, child, path->near_fields, path->n);
    return;
  }
  child->orphaned = child->state == CORM_ENTRY_KEPT;
  child->state = CORM_ENTRY_DELETED;
  g_ptr_array_add (flush->orphans, child);
}

static gboolean
cascade_slot (CormFlush *flush, CormEntry *entry, const CormPath *path, GError **error)
{
  gsize slot = path->relation->slot;
  gpointer now = G_STRUCT_MEMBER (gpointer, entry->row, slot);
  gpointer then = entry->image.row != NULL ? G_STRUCT_MEMBER (gpointer, entry->image.row, slot) : NULL;
  if (now == then || now == NULL)
    return TRUE;
  return path->relation->kind == CORM_BELONGS_TO_ONE ? link_parent (flush, entry, path, now, error)
                                                     : link_child (flush, entry, path, now, error);
}

/* Has-one slots that hold another row now. All let go before any takes hold, as a row may move from one to another. */
static void
let_go_all (CormFlush *flush)
{
  GPtrArray *entries = flush->session->entries;
  for (guint i = 0; i < entries->len; i++) {
    CormEntry *entry = entries->pdata[i];
    const CormMapping *mapping = entry->mapping;
    for (gsize r = 0;
         entry->state == CORM_ENTRY_KEPT && mapping->paths != NULL && r < mapping->model->n_relations; r++) {
      const CormPath *path = &mapping->paths[r];
      gpointer now = G_STRUCT_MEMBER (gpointer, entry->row, path->relation->slot);
      gpointer then = G_STRUCT_MEMBER (gpointer, entry->image.row, path->relation->slot);
      if (path->relation->kind == CORM_HAS_ONE_ROW && now != then && now != NULL && then != NULL)
        let_go (flush, entry, path, then);
    }
  }
}

gboolean
corm_cascade_slots (CormFlush *flush, GError **error)
{
  GPtrArray *entries = flush->session->entries;
  let_go_all (flush);
  for (guint i = 0; i < entries->len; i++) { /* grows on the way */
    CormEntry *entry = entries->pdata[i];
    const CormMapping *mapping = entry->mapping;
    if (entry->state != CORM_ENTRY_NEW && entry->state != CORM_ENTRY_KEPT)
      continue;
    for (gsize r = 0; r < mapping->model->n_relations && mapping->paths != NULL; r++) {
      const CormPath *path = &mapping->paths[r];
      if (!corm_path_is_many (path) && path->through == NULL && !cascade_slot (flush, entry, path, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* --- deletes ------------------------------------------------------------------------------------------------- */

/* The columns in the order of the primary key, where they are its own. */
static void
sort_by_key (CormReference *reference)
{
  const CormMapping *target = reference->target;
  reference->is_key = reference->n == target->n_keys;
  for (guint i = 0; reference->is_key && i < reference->n; i++) {
    guint place = i;
    while (place < reference->n && reference->to[place] != &target->fields[target->keys[i]])
      place++;
    reference->is_key = place < reference->n;
    if (!reference->is_key)
      return;
    const CormField *field = reference->fields[place], *to = reference->to[place];
    reference->fields[place] = reference->fields[i];
    reference->to[place] = reference->to[i];
    reference->fields[i] = field;
    reference->to[i] = to;
  }
}

/* FALSE when the registry does not know all of it. */
static gboolean
fill_reference (CormSession *session, const CormMapping *mapping, const char *const *columns,
                const char *text, CormReference *reference)
{
  g_autofree char *table = NULL;
  g_auto (GStrv) targets = NULL;
  if (!corm_reference_parse (text, &table, &targets))
    return FALSE;
  reference->target = corm_registry_find_table (session->registry, table);
  reference->n = g_strv_length (targets);
  if (reference->target == NULL || reference->n > G_N_ELEMENTS (reference->fields))
    return FALSE;
  for (guint i = 0; i < reference->n; i++) {
    reference->fields[i] = corm_mapping_find_name (mapping, columns[i]);
    reference->to[i] = corm_mapping_find_name (reference->target, targets[i]);
    if (reference->fields[i] == NULL || reference->to[i] == NULL)
      return FALSE;
  }
  sort_by_key (reference);
  reference->nullable = is_nullable (reference->fields, reference->n);
  return TRUE;
}

static void
add_constraint (CormSession *session, const CormMapping *mapping, const CormConstraint *constraint,
                GArray *references)
{
  const char *fault;
  g_autoptr (GPtrArray) parts = corm_list_parse (constraint->columns, &fault);
  const char *columns[16] = { NULL };
  CormReference reference = { .on_delete = constraint->on_delete };
  if (parts == NULL || parts->len >= G_N_ELEMENTS (columns))
    return;
  for (guint i = 0; i < parts->len; i++)
    columns[i] = ((const CormListPart *) parts->pdata[i])->sql;
  if (fill_reference (session, mapping, columns, constraint->references, &reference))
    g_array_append_val (references, reference);
}

GArray *
corm_cascade_list_references (CormSession *session, const CormMapping *mapping)
{
  const CormModel *model = mapping->model;
  GArray *references = g_array_new (FALSE, FALSE, sizeof (CormReference));
  for (gsize i = 0; i < model->n_columns; i++) {
    const CormColumn *column = &model->columns[i];
    const char *columns[] = { column->name, NULL };
    CormReference reference = { .on_delete = column->on_delete };
    if (column->references != NULL &&
        fill_reference (session, mapping, columns, column->references, &reference))
      g_array_append_val (references, reference);
  }
  for (gsize i = 0; i < model->n_constraints; i++)
    if (model->constraints[i].references != NULL)
      add_constraint (session, mapping, &model->constraints[i], references);
  return references;
}

static gboolean
refers_to (const CormReference *reference, const CormValue *key, const CormEntry *entry)
{
  for (guint i = 0; i < reference->n; i++) {
    CormValue value;
    if (!corm_field_get (reference->target, reference->to[i], entry->image.row, &value, NULL) ||
        value.is_null || !corm_value_equal (&key[i], &value))
      return FALSE;
  }
  return TRUE;
}

CormEntry *
corm_cascade_find_gone (CormFlush *flush, const CormReference *reference, const CormMapping *mapping,
                        gconstpointer row)
{
  CormValue key[16];
  CormEntry wanted = { .mapping = reference->target, .image = { .key = key } };
  for (guint i = 0; i < reference->n; i++) {
    if (!corm_field_get (mapping, reference->fields[i], row, &key[i], NULL) || key[i].is_null)
      return NULL;
    key[i].type = reference->to[i]->type.type;
  }
  if (reference->is_key)
    return g_hash_table_lookup (flush->gone, &wanted);
  GHashTableIter iter;
  gpointer entry;
  g_hash_table_iter_init (&iter, flush->gone);
  while (g_hash_table_iter_next (&iter, &entry, NULL))
    if (((CormEntry *) entry)->mapping == reference->target && refers_to (reference, key, entry))
      return entry;
  return NULL;
}

static void
follow (CormFlush *flush, CormEntry *entry, const CormReference *reference)
{
  CormSession *session = flush->session;
  if (reference->on_delete == CORM_NO_ACTION || reference->on_delete == CORM_RESTRICT ||
      corm_cascade_find_gone (flush, reference, entry->mapping, entry->image.row) == NULL)
    return;
  if (reference->on_delete == CORM_CASCADE) {
    g_hash_table_add (flush->gone, entry);
    corm_flush_leave (flush, entry);
    return;
  }
  if (reference->on_delete == CORM_SET_NULL)
    corm_session_touch (session, entry);
  entry->expired = TRUE; /* the database has set its key to NULL, or to a default */
  if (reference->on_delete != CORM_SET_NULL)
    return;
  for (guint i = 0; i < reference->n; i++) {
    CormValue null = corm_value_null ();
    corm_field_set (entry->mapping, reference->fields[i], entry->row, &null, NULL, NULL);
  }
  corm_session_clear_slots (session, entry, entry->row);
  corm_session_set_image (session, entry, corm_image_new (session, entry->mapping, entry->row));
}

/* Until nothing more falls: a row that goes may be a parent itself, in any model. */
void
corm_cascade_deleted (CormFlush *flush)
{
  GPtrArray *entries = flush->session->entries;
  for (guint before = 0; before != g_hash_table_size (flush->gone);) {
    before = g_hash_table_size (flush->gone);
    for (guint p = 0; p < flush->n_parts; p++) {
      const CormMapping *mapping = flush->parts[p].mapping;
      g_autoptr (GArray) references = corm_cascade_list_references (flush->session, mapping);
      for (guint i = 0; i < entries->len && references->len > 0; i++) {
        CormEntry *entry = entries->pdata[i];
        for (guint r = 0; r < references->len; r++)
          if (entry->mapping == mapping && entry->state == CORM_ENTRY_KEPT && entry->image.row != NULL)
            follow (flush, entry, &g_array_index (references, CormReference, r));
      }
    }
  }
}
