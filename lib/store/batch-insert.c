/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Inserts of many rows. Rows that leave the same members to the database go in one statement. What it made comes back by
 * RETURNING and finds its row by key; an automatic key, which no row has yet, by the order, where the keys prove it. Into a database
 * in this process they go in blocks (block.h). */
#include "base/error.h"
#include "model/ctype.h"
#include "store/batch.h"
#include "store/block.h"
#include "store/chunk.h"
#include "store/plan.h"
#include "store/rows.h"

#include <string.h>

typedef struct {
  CormBatch *batch;
  CormStamp stamp;
  CormBatchShape shape;
  guint *sent;
  guint *returned; /* the key, then what else the database makes */
  guint n_returned;
  gboolean counted; /* the key alone is the database's */
  GArray *members;  /* guint: the rows' positions in the batch */
  CormArena *arena;
  GPtrArray *made; /* structs in the arena: what came back */
} Insert;

static void
insert_clear (Insert *insert)
{
  g_free (insert->sent);
  g_free (insert->returned);
  g_clear_pointer (&insert->arena, corm_arena_free);
  g_clear_pointer (&insert->made, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Insert, insert_clear)

/* FALSE when the rows of this shape have to go one by one. */
static gboolean
insert_init (Insert *insert, CormBatch *batch, GArray *members)
{
  const CormMapping *mapping = batch->mapping;
  gconstpointer row = batch->rows[g_array_index (members, guint, 0)];
  guint n_made = 0;
  insert->batch = batch;
  insert->members = members;
  insert->sent = g_new (guint, mapping->n_fields);
  insert->returned = g_new (guint, mapping->n_fields + mapping->n_keys);
  insert->shape = (CormBatchShape){ .mapping = mapping, .fields = insert->sent };
  for (guint i = 0; i < mapping->n_keys; i++)
    insert->returned[insert->n_returned++] = mapping->keys[i];
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    if (!corm_field_is_left_out (field, row)) {
      insert->sent[insert->shape.n_fields++] = i;
      continue;
    }
    if (field->is_key && (int) i != mapping->auto_key)
      return FALSE;
    if (corm_ctype_is_pointer (field->ctype))
      continue;
    n_made++;
    if (!field->is_key)
      insert->returned[insert->n_returned++] = i;
  }
  if (n_made == 0)
    insert->n_returned = 0;
  insert->counted = n_made == 1 && mapping->auto_key >= 0 &&
                    corm_field_is_left_out (&mapping->fields[mapping->auto_key], row);
  const CormDriver *driver = corm_connection_get_driver (batch->conn);
  const CormDialect *dialect = driver->dialect;
  return !batch->single && !driver->one_by_one && dialect->batch != CORM_BATCH_NONE &&
         insert->shape.n_fields > 0 && (n_made == 0 || (dialect->caps & CORM_CAP_RETURNING) != 0);
}

static gboolean
take_made (const CormValue *values, gpointer data, GError **error)
{
  Insert *insert = data;
  const CormMapping *mapping = insert->batch->mapping;
  gpointer made = corm_arena_alloc (insert->arena, mapping->model->size);
  for (guint i = 0; i < insert->n_returned; i++)
    if (!corm_field_set (mapping, &mapping->fields[insert->returned[i]], made, &values[i], insert->arena,
                         error))
      return FALSE;
  g_ptr_array_add (insert->made, made);
  return TRUE;
}

/* Whether the keys came back counting upwards. Then the rows came in their order: by what is known of the database, and by the keys.
 * A sequence that counts down or begins anew, and SQLite at its greatest key, give others. */
static gboolean
count_upwards (const CormMapping *mapping, const GPtrArray *made)
{
  const CormField *key = &mapping->fields[mapping->keys[0]];
  gint64 before = G_MININT64;
  for (guint i = 0; i < made->len; i++) {
    CormValue value;
    corm_field_get (mapping, key, made->pdata[i], &value, NULL);
    if (i > 0 && value.i <= before)
      return FALSE;
    before = value.i;
  }
  return TRUE;
}

static gboolean
has_key_of (const CormMapping *mapping, gconstpointer a, gconstpointer b)
{
  for (guint i = 0; i < mapping->n_keys; i++) {
    CormValue x, y;
    if (!corm_field_get (mapping, &mapping->fields[mapping->keys[i]], a, &x, NULL) ||
        !corm_field_get (mapping, &mapping->fields[mapping->keys[i]], b, &y, NULL) ||
        !corm_value_equal (&x, &y))
      return FALSE;
  }
  return TRUE;
}

/* What came back for @row, the i-th. */
static gconstpointer
find_made (const Insert *insert, gconstpointer row, guint i, gboolean automatic)
{
  const CormMapping *mapping = insert->batch->mapping;
  if (automatic || has_key_of (mapping, row, insert->made->pdata[i]))
    return insert->made->pdata[i];
  for (guint j = 0; j < insert->made->len; j++)
    if (has_key_of (mapping, row, insert->made->pdata[j]))
      return insert->made->pdata[j];
  return NULL;
}

static gboolean
give_made (Insert *insert, guint first, guint n, GError **error)
{
  CormBatch *batch = insert->batch;
  const CormMapping *mapping = batch->mapping;
  gconstpointer sample = batch->rows[g_array_index (insert->members, guint, first)];
  gboolean automatic =
      mapping->auto_key >= 0 && corm_field_is_left_out (&mapping->fields[mapping->auto_key], sample);
  if (insert->made->len != n) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_FAILED, "%u rows were sent and %u came back", n,
                 insert->made->len);
    return FALSE;
  }
  if (automatic && !count_upwards (mapping, insert->made)) {
    batch->unsure = TRUE;
    g_set_error (error, CORM_ERROR, CORM_ERROR_FAILED, "the keys of %u new rows do not count upwards", n);
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    gpointer row = batch->rows[g_array_index (insert->members, guint, first + i)];
    gconstpointer made = find_made (insert, row, i, automatic);
    if (made == NULL) { /* a trigger gave it another key */
      batch->unsure = TRUE;
      g_set_error (error, CORM_ERROR, CORM_ERROR_FAILED, "a row came back with another key than it was sent");
      return FALSE;
    }
    for (guint r = automatic ? 0 : mapping->n_keys; r < insert->n_returned; r++) {
      const CormField *field = &mapping->fields[insert->returned[r]];
      CormValue value;
      if (!corm_field_get (mapping, field, made, &value, error) ||
          !corm_field_set (mapping, field, row, &value, NULL, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* Which row a trigger or a rule left out, only each row on its own tells. */
static gboolean
check_all (Insert *insert, guint n_sent, guint64 n_inserted, GError **error)
{
  insert->batch->unsure = n_inserted != n_sent;
  return !insert->batch->unsure || corm_statement_fail_left_out (error);
}

/* Sends rows from *@next on, as many as go into a statement. */
static gboolean
send_some (Insert *insert, guint *next, GError **error)
{
  CormBatch *batch = insert->batch;
  guint first = *next;
  guint64 n_changed = 0;
  g_auto (CormChunk) chunk = { 0 };
  corm_chunk_init (&chunk, batch->conn, insert->shape.n_fields, FALSE);
  for (; *next < insert->members->len && corm_chunk_has_room (&chunk); ++*next, chunk.n_rows++) {
    guint member = g_array_index (insert->members, guint, *next);
    for (guint i = 0; i < insert->shape.n_fields; i++) {
      CormValue value;
      if (!corm_stamp_get (&insert->stamp, batch->mapping, insert->sent[i], batch->rows[member], &value,
                           error)) {
        batch->failed = member;
        return FALSE;
      }
      corm_chunk_add (&chunk, &value);
    }
  }
  insert->shape.n_rows = chunk.n_rows;
  corm_render_insert_rows (chunk.sql, &insert->shape, insert->returned, insert->n_returned);
  g_ptr_array_set_size (insert->made, 0);
  if (!corm_chunk_send (&chunk, take_made, insert, &n_changed, error)) {
    if (chunk.failed < chunk.n_rows)
      batch->failed = g_array_index (insert->members, guint, first + chunk.failed);
    return FALSE;
  }
  if (insert->n_returned > 0 ? !give_made (insert, first, chunk.n_rows, error)
                             : !check_all (insert, chunk.n_rows, n_changed, error))
    return FALSE;
  for (guint i = first; i < *next && batch->mapping->has_roles; i++)
    corm_stamp_write_back (&insert->stamp, batch->mapping,
                           batch->rows[g_array_index (insert->members, guint, i)]);
  return TRUE;
}

static gboolean
insert_members (CormBatch *batch, GArray *members, GError **error)
{
  g_auto (Insert) insert = { 0 };
  gboolean together = insert_init (&insert, batch, members);
  CormBlock block = { batch, &insert.stamp, &insert.shape, members, insert.counted };
  gboolean in_blocks = (insert.n_returned == 0 || insert.counted) && corm_block_is_worth (&block);
  if (!together && !in_blocks)
    return corm_block_insert_each (&block, 0, error);
  if (!corm_stamp_init (&insert.stamp, CORM_STAMP_INSERT, batch->conn, batch->mapping, error))
    return FALSE;
  if (in_blocks)
    return corm_block_insert (&block, error);
  insert.arena = corm_arena_new ();
  insert.made = g_ptr_array_new ();
  batch->failed = batch->n_rows;
  for (guint next = 0; next < members->len;)
    if (!send_some (&insert, &next, error))
      return FALSE;
  return TRUE;
}

/* Rows that leave the same members to the database. */
typedef struct {
  guint8 *shape; /* of each member that may be left out whether it is */
  GArray *members;
} Group;

static void
group_clear (gpointer data)
{
  Group *group = data;
  g_free (group->shape);
  g_array_unref (group->members);
}

/* The group of @shape. */
static Group *
find_group (GArray *groups, const guint8 *shape, guint n)
{
  for (guint i = 0; i < groups->len; i++)
    if (memcmp (g_array_index (groups, Group, i).shape, shape, n) == 0)
      return &g_array_index (groups, Group, i);
  Group group = { g_memdup2 (shape, n), g_array_new (FALSE, FALSE, sizeof (guint)) };
  g_array_append_val (groups, group);
  return &g_array_index (groups, Group, groups->len - 1);
}

/* The rows from @first on, before @end. */
static void
add_run (Group *group, guint first, guint end)
{
  guint at = group->members->len;
  g_array_set_size (group->members, at + end - first);
  for (guint row = first; row < end; row++)
    g_array_index (group->members, guint, at + row - first) = row;
}

/* Most rows are like the one before. */
static GArray *
group_rows (const CormBatch *batch)
{
  const CormMapping *mapping = batch->mapping;
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (Group));
  g_array_set_clear_func (groups, group_clear);
  g_autofree guint *optional = g_new (guint, mapping->n_fields + 1);
  g_autofree guint8 *shape = g_malloc (mapping->n_fields + 1);
  guint n = 0, first = 0;
  Group *group = NULL;
  for (guint i = 0; i < mapping->n_fields; i++)
    if (mapping->fields[i].is_made)
      optional[n++] = i;
  for (guint row = 0; row < batch->n_rows; row++) {
    for (guint i = 0; i < n; i++)
      shape[i] = corm_field_is_left_out (&mapping->fields[optional[i]], batch->rows[row]);
    shape[n] = 0; /* without such members there is one shape */
    if (group != NULL && memcmp (group->shape, shape, n + 1) == 0)
      continue;
    if (group != NULL)
      add_run (group, first, row);
    group = find_group (groups, shape, n + 1);
    first = row;
  }
  if (group != NULL)
    add_run (group, first, batch->n_rows);
  return groups;
}

gboolean
corm_batch_insert (CormBatch *batch, GError **error)
{
  g_autoptr (GArray) groups = group_rows (batch);
  batch->failed = batch->n_rows;
  for (guint i = 0; i < groups->len; i++)
    if (!insert_members (batch, g_array_index (groups, Group, i).members, error))
      return FALSE;
  return TRUE;
}
