/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whatever a program does with slots and keys, in whatever order: behind a flush the rows in memory are those of the database, and each
 * slot says what the keys say; behind one that fails, and behind a rollback, all is as it was. CORM_TEST_SESSIONS and CORM_TEST_SEED as
 * in test-session-random. */
#include "houses.h"

/* --- what must hold */

static void
check_slots (Game *game, const Item *item)
{
  const House *house = item->row;
  if (item->kind != HOUSE) {
    need (game, *slot_of (item) == NULL || (*slot_of (item))->id == house_of (item));
    return;
  }
  for (int kind = ROOF; kind < N_KINDS; kind++) {
    const Item child = { kind, *slot_for (item->row, kind), NULL };
    if (child.row != NULL && state_of (game, child.row) != CORM_ROW_DETACHED)
      need (game, house_of (&child) == house->id);
  }
}

static void
check (Game *game)
{
  g_autofree char *tables = list_tables (game), *items = list_items (game);
  if (strcmp (tables, items) != 0)
    fail_msg ("the tables:\n%s\nthe session:\n%s\nwhat was done:%s", tables, items, game->log->str);
  for (guint i = 0; i < game->items->len; i++) {
    need (game, state_of (game, item_at (game, i)->row) == CORM_ROW_CLEAN);
    check_slots (game, item_at (game, i));
  }
}

static void
forget_gone (Game *game)
{
  for (guint i = game->items->len; i-- > 0;)
    if (state_of (game, item_at (game, i)->row) == CORM_ROW_DETACHED)
      g_array_remove_index (game->items, i);
}

/* --- what a program does */

/* NULL: there is none. */
static Item *
pick (Game *game, int kind)
{
  guint n = 0, i = 0;
  for (guint k = 0; k < game->items->len; k++)
    n += item_at (game, k)->kind == kind;
  if (n == 0)
    return NULL;
  for (guint left = random_below (&game->random, n) + 1; (left -= item_at (game, i)->kind == kind) > 0;)
    i++;
  return item_at (game, i);
}

static void
note_move (Game *game, const Item *item, const House *target)
{
  game->moved = *item;
  game->target = target;
  game->n_moves++;
}

/* A cellar comes with its house, by the slot of either. */
static void
add (Game *game)
{
  Item item = { .kind = (int) random_below (&game->random, N_KINDS) };
  const Item *house = pick (game, HOUSE);
  if (item.kind == CELLAR && house == NULL)
    return;
  item.row = g_malloc0 (size_of (&item));
  g_ptr_array_add (game->memory, item.row);
  if (item.kind == CELLAR) {
    if (random_chance (&game->random, 50))
      *slot_of (&item) = house->row;
    else
      *slot_for (house->row, CELLAR) = item.row;
    note_move (game, &item, house->row);
  }
  say (game, " add %s %d", models[item.kind]->table, (int) game->memory->len);
  works (game, corm_session_add_row (models[item.kind], game->session, item.row, error));
  g_array_append_val (game->items, item);
}

static void
set_key (const Item *item, gint64 id)
{
  *slot_of (item) = NULL;
  if (item->kind == ROOF)
    ((Roof *) item->row)->house_id = (CormOptInt64){ .is_set = id != 0, .value = id };
  else
    ((Cellar *) item->row)->house_id = id;
}

/* By the slot of the house, by its own, by its key, or away. */
static void
move (Game *game)
{
  static const char *const ways[] = { "house's slot", "own slot", "key", "away" };
  const Item *owner = pick (game, HOUSE),
             *item = pick (game, random_chance (&game->random, 50) ? ROOF : CELLAR);
  guint way = random_below (&game->random, G_N_ELEMENTS (ways));
  if (owner == NULL || item == NULL || (way == 2 && id_of (owner) == 0) || (way == 3 && item->kind == CELLAR))
    return;
  House *house = owner->row;
  gpointer *slot = slot_for (house, item->kind);
  if ((way == 0 && *slot == item->row) || (way == 1 && *slot_of (item) == house))
    return; /* it is there, or was and is told nothing new */
  say (game, " %s %d of house %d by %s", models[item->kind]->table, (int) id_of (item), (int) house->id,
       ways[way]);
  if (way == 0)
    *slot = item->row;
  else if (way == 1)
    *slot_of (item) = house;
  else
    set_key (item, way == 2 ? house->id : 0);
  note_move (game, item, way == 3 ? NULL : house);
}

static void
resize (Game *game)
{
  const Item *item = pick (game, (int) random_below (&game->random, N_KINDS));
  gint32 size = (gint32) random_below (&game->random, 1000);
  if (item == NULL)
    return;
  say (game, " resize");
  if (item->kind == HOUSE)
    ((House *) item->row)->size = size;
  else if (item->kind == ROOF)
    ((Roof *) item->row)->size = size;
  else
    ((Cellar *) item->row)->size = size;
}

/* One that was new is nobody's then, and would be added again by a slot that holds it. */
static void
leave_slots (Game *game, gconstpointer row)
{
  for (guint i = 0; i < game->items->len; i++) {
    const Item *item = item_at (game, i);
    for (int kind = ROOF; kind < N_KINDS && item->kind == HOUSE; kind++)
      if (*slot_for (item->row, kind) == row)
        *slot_for (item->row, kind) = NULL;
    if (item->kind != HOUSE && *slot_of (item) == row)
      *slot_of (item) = NULL;
  }
}

static void delete (Game *game)
{
  const Item *item = pick (game, (int) random_below (&game->random, N_KINDS));
  if (item == NULL)
    return;
  say (game, " delete %s %d", models[item->kind]->table, (int) id_of (item));
  game->n_moves += 2;
  if (state_of (game, item->row) == CORM_ROW_NEW)
    leave_slots (game, item->row);
  works (game, corm_session_delete_row (models[item->kind], game->session, item->row, error));
  forget_gone (game);
}

/* Over what was changed in it, its slots too; those of others may still hold it. */
static void
refresh (Game *game)
{
  const Item *item = pick (game, (int) random_below (&game->random, N_KINDS));
  if (item == NULL || state_of (game, item->row) == CORM_ROW_NEW ||
      state_of (game, item->row) == CORM_ROW_DELETED)
    return;
  say (game, " refresh %s %d", models[item->kind]->table, (int) id_of (item));
  works (game, corm_session_refresh_row (models[item->kind], game->session, item->row, error));
  need (game, state_of (game, item->row) == CORM_ROW_CLEAN);
  game->n_moves += 2;
}

/* Reads it again where it is unchanged. */
static void
get (Game *game)
{
  const Item *item = pick (game, (int) random_below (&game->random, N_KINDS));
  if (item == NULL || state_of (game, item->row) == CORM_ROW_NEW ||
      state_of (game, item->row) == CORM_ROW_DELETED)
    return;
  say (game, " get %s %d", models[item->kind]->table, (int) id_of (item));
  g_autofree char *before = describe (item);
  corm_session_expire (game->session);
  works (game, corm_session_get_row (models[item->kind], game->session, item->row, error) == item->row);
  g_autofree char *now = describe (item);
  need (game, strcmp (now, before) == 0);
}

/* --- what becomes of it */

static GPtrArray *
copy_structs (Game *game)
{
  GPtrArray *copies = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < game->items->len; i++)
    g_ptr_array_add (copies, g_memdup2 (item_at (game, i)->row, size_of (item_at (game, i))));
  return copies;
}

/* It may be asked for too much: two roofs of one house, a house that is to be deleted. */
static void
check_refused (Game *game, const char *tables, const GPtrArray *copies)
{
  g_autofree char *now = list_tables (game);
  need (game, strcmp (now, tables) == 0);
  for (guint i = 0; i < game->items->len; i++)
    need (game, is_same (item_at (game, i), copies->pdata[i]));
}

static void
check_move (Game *game)
{
  if (game->n_moves == 1) {
    need (game, state_of (game, game->moved.row) == CORM_ROW_CLEAN);
    need (game, house_of (&game->moved) == (game->target != NULL ? game->target->id : 0));
  }
  game->n_moves = 0;
}

static gboolean
flush (Game *game)
{
  g_autofree char *tables = list_tables (game);
  g_autoptr (GPtrArray) copies = copy_structs (game);
  g_autoptr (GError) error = NULL;
  if (!corm_session_flush (game->session, &error)) {
    say (game, " flush (%s)", error->message);
    check_refused (game, tables, copies);
    return FALSE;
  }
  say (game, " flush");
  forget_gone (game);
  check (game);
  check_move (game);
  g_autofree char *now = list_tables (game);
  game->open |= strcmp (now, tables) != 0;
  for (guint i = 0; i < game->items->len; i++)
    game->open |= item_at (game, i)->kept == NULL;
  for (guint i = 0; i < game->items->len && !game->open;
       i++) /* but for slots, which are no change any more */
    memcpy (item_at (game, i)->kept, item_at (game, i)->row, size_of (item_at (game, i)));
  return TRUE;
}

static void
keep (Game *game)
{
  g_free (game->kept);
  game->kept = list_tables (game);
  game->open = FALSE;
  for (guint i = 0; i < game->items->len; i++) {
    Item *item = item_at (game, i);
    item->kept = g_memdup2 (item->row, size_of (item));
    g_ptr_array_add (game->memory, item->kept);
  }
  g_array_set_size (game->committed, 0);
  g_array_append_vals (game->committed, game->items->data, game->items->len);
}

static void
rollback (Game *game)
{
  say (game, " rollback");
  works (game, corm_session_rollback (game->session, error));
  g_autofree char *tables = list_tables (game);
  need (game, strcmp (tables, game->kept) == 0);
  g_array_set_size (game->items, 0);
  g_array_append_vals (game->items, game->committed->data, game->committed->len);
  for (guint i = 0; i < game->items->len; i++)
    need (game, is_same (item_at (game, i), item_at (game, i)->kept));
  check (game);
  game->open = FALSE;
  game->n_moves = 0;
}

static void
write_down (Game *game)
{
  guint how = random_below (&game->random, 100);
  if (how < 15)
    rollback (game);
  else if (!flush (game)) {
    if (random_chance (&game->random, 70)) /* else the program goes on, and may mend it */
      rollback (game);
  } else if (how < 45) {
    say (game, " commit");
    works (game, corm_session_commit (game->session, error));
    keep (game);
  }
}

/* --- the games */

static const struct {
  guint weight;
  void (*play) (Game *game);
} moves[] = { { 25, add },    { 35, move }, { 5, resize },     { 5, delete },
              { 5, refresh }, { 5, get },   { 30, write_down } };

static void
make_move (Game *game)
{
  guint all = 0, i = 0;
  for (guint m = 0; m < G_N_ELEMENTS (moves); m++)
    all += moves[m].weight;
  for (guint left = random_below (&game->random, all); left >= moves[i].weight; i++)
    left -= moves[i].weight;
  moves[i].play (game);
}

static void
play (Suite *suite, guint64 seed)
{
  Game game = { .suite = suite, .random = { seed }, .session = corm_session_new (suite->conn) };
  game.items = g_array_new (FALSE, FALSE, sizeof (Item));
  game.committed = g_array_new (FALSE, FALSE, sizeof (Item));
  game.memory = g_ptr_array_new_with_free_func (g_free);
  game.log = g_string_new (NULL);
  say (&game, " seed %" G_GUINT64_FORMAT ":", seed);
  suite_sql (suite->conn, "DELETE FROM cellars");
  suite_sql (suite->conn, "DELETE FROM roofs");
  suite_sql (suite->conn, "DELETE FROM houses");
  keep (&game);
  for (guint i = 0; i < 40; i++)
    make_move (&game);
  corm_session_free (game.session);
  g_array_unref (game.items);
  g_array_unref (game.committed);
  g_ptr_array_unref (game.memory);
  g_free (game.kept);
  g_string_free (game.log, TRUE);
}

static void
slots_say_what_keys_say (Suite *suite)
{
  games_play (suite, play);
}

static const SuiteCase cases[] = { { "slots say what keys say", slots_say_what_keys_say, 0 } };

int
main (void)
{
  return SUITE_RUN (models, cases);
}
