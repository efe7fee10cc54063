/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whatever a program does with a session, in whatever order: the rows in memory and in the database are those of a plain
 * account of it, kept beside. CORM_TEST_SESSIONS=2000 plays that many games, CORM_TEST_SEED=7 begins with the seventh (games.h). */
#include "stones.h"

/* --- what a program does */

static gboolean
is_linked (Game *game, const Stone *stone)
{
  for (guint i = 0; i < game->items->len; i++)
    if (item_at (game, i)->link == stone)
      return TRUE;
  return FALSE;
}

/* By its slot, by its key, or away from it. */
static void
lay_on (Game *game, Item *item)
{
  const Item *other = pick_item (game);
  guint how = random_below (&game->random, 3);
  if (how == 0 && other != NULL && !other->unsure && other->state != DELETED && other->stone != item->then) {
    item->stone->below = item->link = other->stone;
    say (game, "(slot)", other->is.id);
    return;
  }
  gint64 id = how == 1 && other != NULL && other->state == KEPT && !other->unsure ? other->is.id : 0;
  item->stone->below = item->link = NULL;
  item->stone->below_id = (CormOptInt64){ .is_set = id != 0, .value = id };
  item->is.below = id;
  say (game, "(key)", id);
}

static void
set_values (Game *game, Item *item)
{
  if (random_chance (&game->random, 40))
    lay_on (game, item);
  if (random_chance (&game->random, 30))
    return;
  guint which = random_below (&game->random, G_N_ELEMENTS (names)); /* the last is NULL */
  item->stone->name = item->is.name = names[which];
  item->stone->weight = item->is.weight = (gint32) random_below (&game->random, 1000);
}

static void
add (Game *game)
{
  Item item = { .stone = g_new0 (Stone, 1), .state = NEW, .since = TRUE };
  g_ptr_array_add (game->memory, item.stone);
  if (random_chance (&game->random, 30))
    item.stone->id = item.is.id = random_chance (&game->random, 50) || game->next == CHOSEN
                                      ? game->next++
                                      : CHOSEN + random_below (&game->random, (guint) (game->next - CHOSEN));
  set_values (game, &item);
  const Item *same = find_item (game, item.is.id);
  say (game, "add", item.is.id);
  if (same != NULL && same->state != NEW) {
    assert_fails (corm_session_add (Stone, game->session, item.stone, error), CORM_ERROR_INVALID, "Stone");
    return;
  }
  if (same != NULL || find (game->now, item.is.id) != NULL) /* it would be the flush that fails */
    return;
  works (game, corm_session_add (Stone, game->session, item.stone, error));
  g_array_append_val (game->items, item);
}

/* A key that is there, or was. */
static gint64
pick_key (Game *game)
{
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (game->now, NULL);
  guint n = g_hash_table_size (game->now);
  return n > 0 && random_chance (&game->random, 90) ? *(gint64 *) keys[random_below (&game->random, n)]
                                                    : 1 + random_below (&game->random, 40);
}

static void
get (Game *game)
{
  gint64 id = pick_key (game);
  Item *item = find_item (game, id);
  const Row *row = find (game->now, id);
  say (game, "get", id);
  if (item != NULL && item->state == NEW)
    return;
  if (item != NULL ? item->state == DELETED || (item->unsure && row == NULL) : row == NULL) {
    assert_fails (corm_session_get (Stone, game->session, error, .id = id) != NULL, CORM_ERROR_NOT_FOUND,
                  "stones");
    if (item != NULL && item->unsure && item->state != DELETED) {
      works (game, corm_session_detach (Stone, game->session, item->stone, error));
      drop_item (game, item);
    }
    return;
  }
  Stone *stone = NULL;
  works (game, (stone = corm_session_get (Stone, game->session, error, .id = id)) != NULL);
  need (game, item == NULL || item->stone == stone);
  if (item == NULL) {
    Item fresh = {
      .stone = stone, .is = *row, .state = KEPT, .within = game->open, .inside = game->outer != NULL
    };
    g_array_append_val (game->items, fresh);
  } else if (item->unsure) {
    item->is = *row;
    item->within = game->open;
    item->inside = game->outer != NULL;
    item->unsure = FALSE;
    item->expired = TRUE; /* and read by this */
  }
  item = find_item (game, id);
  if (!item->expired || is_changed (game, item))
    return;
  keep_slot (item);
  item->expired = FALSE;
}

static void
change (Game *game)
{
  Item *item = pick_item (game);
  if (item == NULL || item->unsure || item->state == DELETED)
    return;
  say (game, "change", item->is.id);
  set_values (game, item);
}

static void delete (Game *game)
{
  Item *item = pick_item (game);
  if (item == NULL || item->unsure || item->is.id == FAR || is_linked (game, item->stone))
    return;
  say (game, "delete", item->is.id);
  works (game, corm_session_delete (Stone, game->session, item->stone, error));
  if (item->state == NEW)
    drop_item (game, item);
  else
    item->state = DELETED;
}

static void
detach (Game *game)
{
  Item *item = pick_item (game);
  if (item == NULL || is_linked (game, item->stone))
    return;
  say (game, "detach", item->is.id);
  works (game, corm_session_detach (Stone, game->session, item->stone, error));
  drop_item (game, item);
}

static void
refresh (Game *game)
{
  Item *item = pick_item (game);
  if (item == NULL || item->state != KEPT || find (game->now, item->is.id) == NULL)
    return;
  say (game, "refresh", item->is.id);
  works (game, corm_session_refresh (Stone, game->session, item->stone, error));
  item->is = *find (game->now, item->is.id);
  item->within |= game->open;
  item->inside |= game->outer != NULL;
  item->unsure = FALSE;
  keep_slot (item);
  item->expired = FALSE;
}

/* Somebody else's statement on the same connection, on a row that the session does not have. */
static void
elsewhere (Game *game)
{
  gint64 id = pick_key (game);
  const Row *row = find (game->now, id);
  if (row == NULL || find_item (game, id) != NULL)
    return;
  say (game, "elsewhere", id);
  Row is = *row;
  is.weight++;
  g_autofree char *sql = g_strdup_printf ("UPDATE stones SET weight = weight + 1 WHERE id = %d", (int) id);
  suite_sql (game->suite->conn, sql);
  put (game->now, &is);
  if (!game->open)
    put (game->committed, &is);
}

static void
flush (Game *game)
{
  say (game, "flush", 0);
  works (game, corm_session_flush (game->session, error));
  account_flush (game);
}

static void
commit (Game *game)
{
  say (game, "commit", 0);
  if (game->outer != NULL && game->is_inner) {
    assert_fails (corm_session_commit (game->session, error), CORM_ERROR_INVALID, "begun inside");
    account_flush (game);
    return;
  }
  works (game, corm_session_commit (game->session, error));
  account_flush (game);
  game->kept |= game->wrote;
  copy_rows (game->committed, game->now);
  game->open = FALSE;
  g_array_set_size (game->gone, 0);
  for (guint i = 0; i < game->items->len; i++) {
    Item *item = item_at (game, i);
    item->since = item->within = item->touched = FALSE;
    item->was = item->then;
  }
}

static void
rollback (Game *game)
{
  say (game, "rollback", 0);
  works (game, corm_session_rollback (game->session, error));
  copy_rows (game->now, game->committed);
  game->open = FALSE;
  game->wrote = game->kept;
  if (game->is_inner)
    g_clear_pointer (&game->outer, corm_transaction_free);
  g_array_append_vals (game->items, game->gone->data, game->gone->len);
  g_array_set_size (game->gone, 0);
  for (guint i = game->items->len; i-- > 0;) {
    Item *item = item_at (game, i);
    if (item->since) {
      need (game, corm_session_get_state (game->session, item->stone) == CORM_ROW_DETACHED);
      drop_item (game, item);
      continue;
    }
    item->state = KEPT;
    item->link = NULL;
    item->then = item->was;
    item->touched = FALSE;
    item->unsure |= item->within;
    if (item->unsure && corm_session_get_state (game->session, item->stone) == CORM_ROW_DETACHED) {
      gint64 id = item->is.id;
      drop_item (game, item);
      need (game, find_item (game, id) != NULL); /* it is back, as another struct */
      continue;
    }
    item->within = FALSE;
    if (item->unsure)
      continue;
    need (game, find (game->now, item->is.id) != NULL);
    item->is = *find (game->now, item->is.id);
  }
}

/* --- the program's own transaction */

static void
begin (Game *game)
{
  say (game, "begin", 0);
  works (game,
         (game->outer = corm_transaction_begin (game->suite->conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  game->is_inner = game->open;
  copy_rows (game->outside, game->now);
  game->wrote = game->kept = FALSE;
  for (guint i = 0; i < game->items->len; i++)
    item_at (game, i)->inside = FALSE;
}

static void
end_well (Game *game)
{
  say (game, "end", 0);
  if (game->open && !game->is_inner) {
    assert_fails (corm_transaction_commit (game->outer, error), CORM_ERROR_INVALID, "begun inside");
    return;
  }
  works (game, corm_transaction_commit (game->outer, error));
  g_clear_pointer (&game->outer, corm_transaction_free);
}

/* What the session has read of it may never have been. */
static gboolean
has_read_ghosts (Game *game, GHashTable *before)
{
  gboolean is_ghost = FALSE;
  for (guint i = 0; i < game->items->len; i++) {
    const Item *item = item_at (game, i);
    const Row *row = find (game->now, item->is.id), *was = find (before, item->is.id);
    is_ghost |= item->inside && row != NULL && was != NULL && row->weight != was->weight;
  }
  return is_ghost;
}

static void
begin_anew (Game *game)
{
  corm_session_free (game->session);
  game->session = corm_session_new (game->suite->conn);
  game->open = FALSE;
  g_array_set_size (game->items, 0);
  g_array_set_size (game->gone, 0);
}

/* What was read inside is read again; @is_to_go: and a rollback does not know what it was. */
static void
doubt (GArray *items, gboolean is_to_go)
{
  for (guint i = 0; i < items->len; i++) {
    Item *item = &g_array_index (items, Item, i);
    item->expired |= item->inside;
    item->within |= item->inside && is_to_go;
  }
}

static void
undo (Game *game)
{
  g_autoptr (GHashTable) before = rows_new ();
  say (game, "undo", 0);
  copy_rows (before, game->now);
  works (game, corm_transaction_rollback (game->outer, error));
  g_clear_pointer (&game->outer, corm_transaction_free);
  copy_rows (game->now, game->outside);
  if (!game->is_inner)
    copy_rows (game->committed, game->outside);
  gboolean is_to_go = game->wrote || has_read_ghosts (game, before);
  if (game->kept) {
    assert_fails (corm_session_flush (game->session, error), CORM_ERROR_INVALID, "free the session");
    begin_anew (game);
    return;
  }
  if (game->wrote)
    assert_fails (corm_session_flush (game->session, error), CORM_ERROR_INVALID, "corm_session_rollback()");
  doubt (game->items, is_to_go);
  doubt (game->gone, is_to_go);
  if (is_to_go)
    rollback (game);
  else
    flush (game);
}

static void
begin_or_end (Game *game)
{
  if (game->outer == NULL)
    begin (game);
  else if (random_chance (&game->random, 50))
    end_well (game);
  else
    undo (game);
}

/* --- the games */

static const struct {
  guint weight;
  void (*play) (Game *game);
  gboolean is_written;
} moves[] = {
  { 20, add, FALSE },   { 20, get, FALSE },    { 25, change, FALSE },     { 10, delete, FALSE },
  { 5, detach, FALSE }, { 5, refresh, FALSE }, { 5, elsewhere, FALSE },   { 8, flush, TRUE },
  { 5, commit, TRUE },  { 5, rollback, TRUE }, { 5, begin_or_end, TRUE },
};

static void
move (Game *game)
{
  guint all = 0, i = 0;
  for (guint m = 0; m < G_N_ELEMENTS (moves); m++)
    all += moves[m].weight;
  for (guint left = random_below (&game->random, all); left >= moves[i].weight; i++)
    left -= moves[i].weight;
  if (random_chance (&game->random, 5)) {
    say (game, "expire", 0);
    corm_session_expire (game->session);
    for (guint e = 0; e < game->items->len; e++)
      item_at (game, e)->expired = TRUE;
  }
  moves[i].play (game);
  check_items (game);
  if (moves[i].is_written)
    check_table (game);
}

static void
play (Suite *suite, guint64 seed)
{
  Game game = {
    .suite = suite, .random = { seed }, .next = CHOSEN, .session = corm_session_new (suite->conn)
  };
  game.items = g_array_new (FALSE, FALSE, sizeof (Item));
  game.gone = g_array_new (FALSE, FALSE, sizeof (Item));
  game.now = rows_new ();
  game.committed = rows_new ();
  game.outside = rows_new ();
  game.memory = g_ptr_array_new_with_free_func (g_free);
  game.log = g_string_new (NULL);
  g_string_append_printf (game.log, " seed %" G_GUINT64_FORMAT ":", seed);
  Row far = { .id = FAR, .name = names[0] };
  suite_sql (suite->conn, "DELETE FROM stones");
  suite_sql (suite->conn, "INSERT INTO stones (id, name, weight) VALUES (5000000, 'agate', 0)");
  put (game.now, &far);
  put (game.committed, &far);
  for (guint i = 0; i < 60; i++)
    move (&game);
  corm_session_free (game.session);
  copy_rows (game.now, game.outer != NULL && !game.is_inner ? game.outside : game.committed);
  corm_transaction_free (game.outer);
  check_table (&game);
  g_array_unref (game.items);
  g_array_unref (game.gone);
  g_hash_table_unref (game.now);
  g_hash_table_unref (game.committed);
  g_hash_table_unref (game.outside);
  g_ptr_array_unref (game.memory);
  g_string_free (game.log, TRUE);
}

static void
rows_are_as_the_account_has_them (Suite *suite)
{
  games_play (suite, play);
}

static const SuiteCase cases[] = {
  { "rows are as the account has them", rows_are_as_the_account_has_them, 0 },
};

int
main (void)
{
  return SUITE_RUN (models, cases);
}
