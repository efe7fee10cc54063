/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A game with a session: its rows, stones that lie on each other, and a plain account of what they and the table must hold. */
#pragma once

#include "games.h"

#include <string.h>

typedef struct Stone Stone;
struct Stone {
  gint64 id;
  const char *name;
  gint32 weight;
  CormOptInt64 below_id;
  Stone *below;
};

CORM_DECLARE_MODEL (Stone, stone)
static const CormColumn stone_columns[] = {
  CORM_COLUMN (Stone, id, .primary_key = true),
  CORM_COLUMN (Stone, name, .max_length = 40),
  CORM_COLUMN (Stone, weight),
  CORM_COLUMN (Stone, below_id, .references = "stones.id", .on_delete = CORM_SET_NULL),
};
static const CormRelation stone_relations[] = { CORM_BELONGS_TO (Stone, below, Stone, below_id) };
const CormModel Stone_model =
    CORM_MODEL (Stone, "stones", CORM_COLUMNS (stone_columns), CORM_RELATIONS (stone_relations));
static const CormModel *const models[] = { &Stone_model, NULL };

static const char *const names[] = { "agate", "basalt", "chalk", "flint", "granite", NULL };

enum {
  CHOSEN = 1000000,
  FAR = 5000000
}; /* keys that the program chooses; one that stays, above which automatic ones are */

/* A row of the table, as the account has it. */
typedef struct {
  gint64 id;
  const char *name; /* of names */
  gint32 weight;
  gint64 below; /* the one it lies on; 0: on none */
} Row;

/* A row of the session. */
typedef struct {
  Stone *stone;
  Row is;            /* what the struct holds */
  Stone *link;       /* set in its slot since the last flush, which gives it the key; NULL: none */
  Stone *then, *was; /* in its slot behind the last flush, and behind the last commit */
  enum { NEW, KEPT, DELETED } state;
  gboolean since;  /* added since the last commit: a rollback lets it go */
  gboolean within; /* read within the transaction, whose rollback makes it unsure: to be read again */
  gboolean inside; /* read within the program's own transaction */
  gboolean unsure;
  gboolean expired;
  gboolean touched; /* by a flush of the transaction, which keeps what was before it */
} Item;

typedef struct {
  Suite *suite;
  Random random;
  CormSession *session;
  gboolean open;               /* the session has a transaction */
  GArray *items;               /* Item */
  GArray *gone;                /* those that a flush deleted, which a rollback brings back */
  GHashTable *now, *committed; /* of a key its Row */
  CormTransaction
      *outer; /* the program's own, around the session's or, begun later, inside of it; NULL: none */
  gboolean is_inner;
  GHashTable *outside;  /* the rows when it began */
  gboolean wrote, kept; /* the session flushed since then; and committed that */
  GPtrArray *memory;
  gint64 next; /* a key that nobody had */
  GString *log;
} Game;

static void
say (Game *game, const char *what, gint64 id)
{
  g_string_append_printf (game->log, " %s %d", what, (int) id);
}

/* --- the account */

static GHashTable *
rows_new (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
}

static const Row *
find (GHashTable *rows, gint64 id)
{
  return g_hash_table_lookup (rows, &id);
}

static void
put (GHashTable *rows, const Row *row)
{
  Row *copy = g_memdup2 (row, sizeof *row);
  g_hash_table_replace (rows, &copy->id, copy);
}

static void
copy_rows (GHashTable *to, GHashTable *from)
{
  GHashTableIter iter;
  gpointer row;
  g_hash_table_remove_all (to);
  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    put (to, row);
}

static Item *
item_at (Game *game, guint i)
{
  return &g_array_index (game->items, Item, i);
}

static Item *
find_item (Game *game, gint64 id)
{
  for (guint i = 0; i < game->items->len; i++)
    if (item_at (game, i)->is.id == id && id != 0)
      return item_at (game, i);
  return NULL;
}

/* One of the session's rows; NULL: it has none. */
static Item *
pick_item (Game *game)
{
  return game->items->len > 0 ? item_at (game, random_below (&game->random, game->items->len)) : NULL;
}

static void
drop_item (Game *game, Item *item)
{
  g_array_remove_index (game->items, (guint) (item - item_at (game, 0)));
}

static gboolean
holds (const Stone *stone, const Row *row)
{
  gint64 below = stone->below_id.is_set ? stone->below_id.value : 0;
  return stone->id == row->id && stone->weight == row->weight && below == row->below &&
         g_strcmp0 (stone->name, row->name) == 0;
}

static gboolean
has_other_columns (Game *game, const Item *item)
{
  const Row *row = find (game->now, item->is.id);
  return row == NULL || row->weight != item->is.weight || row->below != item->is.below ||
         g_strcmp0 (row->name, item->is.name) != 0;
}

static gboolean
is_changed (Game *game, const Item *item)
{
  return item->link != NULL || has_other_columns (game, item);
}

/* What stands in its slot is no change any more. */
static void
keep_slot (Item *item)
{
  item->link = NULL;
  item->then = item->stone->below;
  if (!item->touched)
    item->was = item->then;
}

static void
check_items (Game *game)
{
  for (guint i = 0; i < game->items->len; i++) {
    const Item *item = item_at (game, i);
    CormRowState state = corm_session_get_state (game->session, item->stone);
    if (item->unsure)
      continue;
    need (game, holds (item->stone, &item->is));
    need (game, state == (item->state == NEW        ? CORM_ROW_NEW
                          : item->state == DELETED  ? CORM_ROW_DELETED
                          : is_changed (game, item) ? CORM_ROW_CHANGED
                                                    : CORM_ROW_CLEAN));
  }
}

static void
check_table (Game *game)
{
  g_autoptr (CormRows) rows = NULL;
  works (game, (rows = corm_find (Stone, game->suite->conn, error)) != NULL);
  need (game, corm_rows_get_length (rows) == g_hash_table_size (game->now));
  for (gsize i = 0; i < corm_rows_get_length (rows); i++) {
    const Stone *stone = corm_rows_get (rows, i);
    const Row *row = find (game->now, stone->id);
    need (game, row != NULL && holds (stone, row));
  }
}

/* --- what a flush does to it */

/* A row that was read within a transaction and undone with it, and whose key another has now. */
static void
forget_ghosts (Game *game)
{
  for (guint i = game->items->len; i-- > 0;) {
    const Item *item = item_at (game, i);
    gboolean is_taken = FALSE;
    for (guint j = 0; j < game->items->len && item->unsure; j++)
      is_taken |= item_at (game, j)->state == NEW && item_at (game, j)->stone->id == item->is.id;
    if (!is_taken)
      continue;
    g_array_remove_index (game->items, i);
  }
}

/* The database leaves nothing that lies on what is gone. */
static void
account_deletes (Game *game)
{
  GHashTableIter iter;
  gpointer data;
  for (guint i = game->items->len; i-- > 0;) {
    Item *item = item_at (game, i);
    if (item->state != DELETED || item->unsure)
      continue;
    game->open = game->wrote = TRUE;
    g_hash_table_remove (game->now, &item->is.id);
    g_array_append_vals (game->gone, item, 1);
    drop_item (game, item);
  }
  g_hash_table_iter_init (&iter, game->now);
  while (g_hash_table_iter_next (&iter, NULL, &data)) {
    Row *row = data;
    if (row->below != 0 && find (game->now, row->below) == NULL)
      row->below = 0;
  }
  for (guint i = 0; i < game->items->len; i++) {
    Item *item = item_at (game, i);
    if (item->unsure)
      continue;
    if (item->is.below != 0 && find (game->now, item->is.below) == NULL) {
      item->is.below = 0;
      item->expired = item->touched = TRUE;
    }
    item->touched |= game->open && item->then != item->stone->below;
    keep_slot (item);
  }
}

static void
account_flush (Game *game)
{
  forget_ghosts (game);
  for (guint i = 0; i < game->items->len; i++) {
    Item *item = item_at (game, i);
    if (item->unsure || item->state == DELETED)
      continue;
    need (game, item->stone->id != 0 && (item->is.id == 0 || item->is.id == item->stone->id));
    need (game, item->state != NEW || find (game->now, item->stone->id) == NULL);
    item->is.id = item->stone->id;
    item->state = KEPT;
    if (item->link != NULL)
      item->is.below = item->link->id;
    gboolean is_written = has_other_columns (game, item);
    item->touched |= is_written;
    game->wrote |= is_written;
    game->open |= item->touched;
    put (game->now, &item->is);
  }
  account_deletes (game);
}
