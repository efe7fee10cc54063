/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From the rows that a query found to the slots of the owners. A related row is one struct per edge: owners that share
 * it point to the same. */
#include "store/links.h"

#include "model/ctype.h"

gboolean
corm_links_init (CormLinks *links, CormRows *owners, const CormPath *path, GError **error)
{
  links->owners = owners;
  links->path = path;
  links->found = g_ptr_array_new ();
  corm_keys_init (&links->keys, owners->mapping, path->owner_fields, path->n, owners->n_rows);
  links->numbers = g_new (guint32, owners->n_rows);
  for (gsize i = 0; i < owners->n_rows; i++)
    if (!corm_keys_add (&links->keys, owners->rows[i], &links->numbers[i], error))
      return FALSE;
  if (path->through != NULL)
    corm_keys_init (&links->seen, path->target, path->target_fields, path->n_far, 8);
  if (!corm_path_is_many (path)) {
    links->firsts = g_new0 (gpointer, links->keys.n_kept + 1);
    return TRUE;
  }
  links->rows = path->through != NULL ? g_ptr_array_new () : g_ptr_array_ref (links->found);
  links->whose = g_array_new (FALSE, FALSE, sizeof (guint32));
  return TRUE;
}

void
corm_links_clear (CormLinks *links)
{
  corm_keys_clear (&links->keys);
  corm_keys_clear (&links->seen);
  g_clear_pointer (&links->numbers, g_free);
  g_clear_pointer (&links->firsts, g_free);
  g_clear_pointer (&links->found, g_ptr_array_unref);
  g_clear_pointer (&links->rows, g_ptr_array_unref);
  g_clear_pointer (&links->whose, g_array_unref);
}

/* --- reading */

/* A struct that only the key of a result's row is put into, to be looked up, and one that a target is. */
typedef struct {
  gpointer near;
  gpointer target;
  CormArena *arena; /* of their text */
} Scratch;

static void
scratch_clear (Scratch *scratch)
{
  g_clear_pointer (&scratch->near, g_free);
  g_clear_pointer (&scratch->target, g_free);
  g_clear_pointer (&scratch->arena, corm_arena_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scratch, scratch_clear)

static gboolean
put_fields (const CormMapping *mapping, const CormField *const *fields, guint n, gpointer row,
            const CormValue *values, CormArena *arena, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (!corm_field_set (mapping, fields[i], row, &values[fields[i] - mapping->fields], arena, error))
      return FALSE;
  return TRUE;
}

/* Which key of the owners the row was found for. Not one of them, when the database's equality is wider than ours (a
 * collation that ignores case), or a combination of two owners' columns. */
static gboolean
find_owner (const CormLinks *links, Scratch *scratch, const CormValue *values, guint32 *number,
            GError **error)
{
  const CormPath *path = links->path;
  const CormMapping *near = corm_path_get_near (path);
  if (path->through == NULL &&
      !put_fields (near, path->near_fields, path->n, scratch->near, values, scratch->arena, error))
    return FALSE;
  for (guint i = 0; path->through != NULL && i < path->n; i++)
    if (!corm_field_set (near, path->near_fields[i], scratch->near, &values[i], scratch->arena, error))
      return FALSE;
  return corm_keys_find (&links->keys, near, path->near_fields, scratch->near, number, error);
}

/* The struct of a result's row: in @seen, or a new one. */
static gpointer
take_row (CormLinks *links, Scratch *scratch, const CormValue *values, GError **error)
{
  const CormPath *path = links->path;
  guint32 index = CORM_KEYS_NONE;
  if (path->through != NULL) {
    if (!put_fields (path->target, path->target_fields, path->n_far, scratch->target, values, scratch->arena,
                     error) ||
        !corm_keys_find (&links->seen, path->target, path->target_fields, scratch->target, &index, error))
      return NULL;
    if (index != CORM_KEYS_NONE)
      return links->seen.rows[index];
  }
  gpointer row = corm_arena_alloc (links->owners->arena, path->target->model->size);
  if (!corm_rows_fill (path->target, row, values, links->owners->arena, error) ||
      (path->through != NULL && !corm_keys_add (&links->seen, row, &index, error)))
    return NULL;
  if (links->firsts == NULL || links->wants_found)
    g_ptr_array_add (links->found, row);
  return row;
}

static gboolean
read_row (CormLinks *links, Scratch *scratch, const CormValue *values, GError **error)
{
  guint32 number;
  corm_arena_clear (scratch->arena);
  if (!find_owner (links, scratch, values, &number, error))
    return FALSE;
  if (number == CORM_KEYS_NONE || (links->firsts != NULL && links->firsts[number] != NULL))
    return TRUE;
  const CormPath *path = links->path;
  gpointer row = take_row (links, scratch, values + (path->through != NULL ? path->n : 0), error);
  if (row == NULL)
    return FALSE;
  if (links->firsts != NULL) {
    links->firsts[number] = row;
    return TRUE;
  }
  if (links->rows != links->found)
    g_ptr_array_add (links->rows, row);
  g_array_append_val (links->whose, number);
  return TRUE;
}

gboolean
corm_links_read (CormLinks *links, CormStatement *statement, GError **error)
{
  const CormValue *values = NULL;
  CormStep step;
  g_auto (Scratch) scratch = { g_malloc0 (corm_path_get_near (links->path)->model->size),
                               g_malloc0 (links->path->target->model->size), corm_arena_new () };
  while ((step = corm_statement_step (statement, &values, error)) == CORM_STEP_ROW)
    if (!read_row (links, &scratch, values, error))
      return FALSE;
  return step == CORM_STEP_DONE;
}

/* --- filling */

gboolean
corm_links_can_sort (const CormMapping *target)
{
  const CormField *key = target->n_keys == 1 ? &target->fields[target->keys[0]] : NULL;
  return key != NULL && !key->optional && key->n_labels == 0 &&
         (key->ctype == CORM_C_INT16 || key->ctype == CORM_C_INT32 || key->ctype == CORM_C_UINT32 ||
          key->ctype == CORM_C_INT64);
}

static gint64
get_number (gconstpointer row, const CormField *key)
{
  gconstpointer member = (const char *) row + key->offset;
  switch (key->ctype) {
  case CORM_C_INT16:
    return *(const gint16 *) member;
  case CORM_C_INT32:
    return *(const gint32 *) member;
  case CORM_C_UINT32:
    return *(const guint32 *) member;
  default:
    return *(const gint64 *) member;
  }
}

static int
compare_numbers (gconstpointer a, gconstpointer b, gpointer key)
{
  gint64 first = get_number (*(gconstpointer const *) a, key);
  gint64 second = get_number (*(gconstpointer const *) b, key);
  return (first > second) - (first < second);
}

static void
sort_by_key (CormRows *list)
{
  const CormField *key = &list->mapping->fields[list->mapping->keys[0]];
  for (gsize i = 1; i < list->n_rows; i++)
    if (get_number (list->rows[i - 1], key) > get_number (list->rows[i], key)) {
      g_qsort_with_data (list->rows, (gint) list->n_rows, sizeof (gpointer), compare_numbers, (gpointer) key);
      return;
    }
}

/* A CormRows for each key, and behind the last one an empty one for owners without a key. Their pointers lie side by
 * side in one block, in the order in which they were read. */
static CormRows *
make_lists (CormLinks *links)
{
  guint n = links->keys.n_kept;
  CormArena *arena = links->owners->arena;
  CormRows *lists = corm_arena_alloc (arena, (n + 1) * sizeof *lists);
  gpointer *rows = corm_arena_take (arena, MAX (links->rows->len, 1) * sizeof *rows, sizeof (gpointer));
  const guint32 *whose = (const guint32 *) (gpointer) links->whose->data;
  for (guint i = 0; i < links->rows->len; i++)
    lists[whose[i]].n_allocated++;
  for (guint i = 0; i <= n; i++) {
    lists[i].arena = arena;
    lists[i].mapping = links->path->target;
    lists[i].model = links->path->target->model;
    lists[i].rows = rows;
    rows += lists[i].n_allocated;
  }
  for (guint i = 0; i < links->rows->len; i++) {
    CormRows *list = &lists[whose[i]];
    list->rows[list->n_rows++] = links->rows->pdata[i];
  }
  for (guint i = 0; links->by_key && i < n; i++)
    sort_by_key (&lists[i]);
  return lists;
}

void
corm_links_fill (CormLinks *links)
{
  const CormRows *owners = links->owners;
  const CormModel *model = owners->mapping->model;
  const CormRelation *relation = links->path->relation;
  CormRows *lists = links->firsts == NULL ? make_lists (links) : NULL;
  guint64 bit = G_GUINT64_CONSTANT (1) << ((gsize) (relation - model->relations) & 63);
  for (gsize i = 0; i < owners->n_rows; i++) {
    guint32 number = links->numbers[i];
    gboolean none = number == CORM_KEYS_NONE;
    G_STRUCT_MEMBER (gpointer, owners->rows[i], relation->slot) =
        lists != NULL ? (gpointer) &lists[none ? links->keys.n_kept : number]
        : none        ? NULL
                      : links->firsts[number];
    if (model->is_strict)
      G_STRUCT_MEMBER (CormLoaded, owners->rows[i], model->loaded).relations |= bit;
  }
}

/* --- keys */

/* The same C type, and no labels in between: the bytes of the member are those of a list of CORM_EXPR_IN. */
static gboolean
is_plain (const CormField *owner, const CormField *near)
{
  return owner->ctype == near->ctype && owner->n_labels == 0 && near->n_labels == 0;
}

static gpointer
copy_members (const CormLinks *links, const CormField *field, guint from, guint n)
{
  gsize size = corm_ctype_size (field->ctype);
  char *list = g_malloc (MAX (n, 1) * size);
  for (guint i = 0; i < n; i++)
    memcpy (list + i * size, (const char *) links->keys.rows[from + i] + field->offset, size);
  return list;
}

static gpointer
copy_values (const CormLinks *links, const CormField *field, guint from, guint n, GError **error)
{
  g_autofree CormValue *list = g_new (CormValue, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    if (!corm_field_get (links->keys.mapping, field, links->keys.rows[from + i], &list[i], error))
      return NULL;
  return g_steal_pointer (&list);
}

gboolean
corm_key_lists_init (CormKeyLists *lists, const CormLinks *links, guint from, guint n, GError **error)
{
  const CormPath *path = links->path;
  for (guint i = 0; i < path->n; i++) {
    gboolean plain = is_plain (path->owner_fields[i], path->near_fields[i]);
    lists->lists[i] = plain ? copy_members (links, path->owner_fields[i], from, n)
                            : copy_values (links, path->owner_fields[i], from, n, error);
    if (lists->lists[i] == NULL)
      return FALSE;
    lists->exprs[i] = (CormExpr){
      .kind = plain ? CORM_EXPR_IN : CORM_EXPR_IN_VALUES,
      .model = corm_path_get_near (path)->model,
      .offset = path->near_fields[i]->column->offset,
      .list = lists->lists[i],
      .n_list = n,
    };
  }
  lists->exprs[path->n] = (CormExpr){ .kind = CORM_EXPR_END };
  return TRUE;
}

void
corm_key_lists_clear (CormKeyLists *lists)
{
  for (guint i = 0; i < CORM_KEY_MAX; i++)
    g_clear_pointer (&lists->lists[i], g_free);
}
