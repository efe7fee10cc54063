/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whatever a program does with a session, in whatever order: the rows in memory and in the database are those of a plain
 * account of it, kept beside. CORM_TEST_SESSIONS=2000 plays that many games (20), CORM_TEST_SEED=7 begins with the seventh. */
#include "../lib/suite.h"
#include "../property/random.h"

#include <string.h>

typedef struct {
  gint64 id;
  const char *name;
  gint32 weight;
} Stone;

CORM_DECLARE_MODEL (Stone, stone)
static const CormColumn stone_columns[] = {
  CORM_COLUMN (Stone, id, .primary_key = true),
  CORM_COLUMN (Stone, name, .max_length = 40),
  CORM_COLUMN (Stone, weight),
};
const CormModel Stone_model = CORM_MODEL (Stone, "stones", CORM_COLUMNS (stone_columns));
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
} Row;

/* A row of the session. */
typedef struct {
  Stone *stone;
  Row is; /* what the struct holds */
  enum { NEW, KEPT, DELETED } state;
  gboolean since;  /* added since the last commit: a rollback lets it go */
  gboolean within; /* read within the transaction, whose rollback makes it unsure: to be read again */
  gboolean unsure;
} Item;

typedef struct {
  Suite *suite;
  Random random;
  CormSession *session;
  gboolean open;               /* the session has a transaction */
  GArray *items;               /* Item */
  GArray *gone;                /* those that a flush deleted, which a rollback brings back */
  GHashTable *now, *committed; /* of a key its Row */
  GPtrArray *memory;
  gint64 next; /* a key that nobody had */
  GString *log;
} Game;

static void
say (Game *game, const char *what, gint64 id)
{
  g_string_append_printf (game->log, " %s %d", what, (int) id);
}

#define need(game, what) \
  do { \
    if (!(what)) \
      fail_msg ("line %d: %s; what was done:%s", __LINE__, #what, (game)->log->str); \
  } while (0)

#define works(game, call) \
  do { \
    g_autoptr (GError) failure = NULL; \
    GError **error = &failure; \
    if (!(call)) \
      fail_msg ("line %d: %s; what was done:%s", __LINE__, failure != NULL ? failure->message : "?", \
                (game)->log->str); \
  } while (0)

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
  return stone->id == row->id && stone->weight == row->weight && g_strcmp0 (stone->name, row->name) == 0;
}

static gboolean
is_changed (Game *game, const Item *item)
{
  const Row *row = find (game->now, item->is.id);
  return row == NULL || row->weight != item->is.weight || g_strcmp0 (row->name, item->is.name) != 0;
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

/* --- what a program does */

static void
set_values (Game *game, Item *item)
{
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
    Item fresh = { .stone = stone, .is = *row, .state = KEPT, .within = game->open };
    g_array_append_val (game->items, fresh);
  } else if (item->unsure) {
    item->is = *row;
    item->within = game->open;
    item->unsure = FALSE;
  }
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
  if (item == NULL || item->unsure || item->is.id == FAR)
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
  if (item == NULL)
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
  item->unsure = FALSE;
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
    works (game, corm_session_detach (Stone, game->session, item->stone, error));
    g_array_remove_index (game->items, i);
  }
}

static void
account_flush (Game *game)
{
  forget_ghosts (game);
  for (guint i = game->items->len; i-- > 0;) {
    Item *item = item_at (game, i);
    if (item->unsure)
      continue;
    game->open |= item->state != KEPT || is_changed (game, item);
    if (item->state == DELETED) {
      g_hash_table_remove (game->now, &item->is.id);
      g_array_append_vals (game->gone, item, 1);
      drop_item (game, item);
      continue;
    }
    need (game, item->stone->id != 0 && (item->is.id == 0 || item->is.id == item->stone->id));
    need (game, item->state != NEW || find (game->now, item->stone->id) == NULL);
    item->is.id = item->stone->id;
    item->state = KEPT;
    put (game->now, &item->is);
  }
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
  works (game, corm_session_commit (game->session, error));
  account_flush (game);
  copy_rows (game->committed, game->now);
  game->open = FALSE;
  g_array_set_size (game->gone, 0);
  for (guint i = 0; i < game->items->len; i++)
    item_at (game, i)->since = item_at (game, i)->within = FALSE;
}

static void
rollback (Game *game)
{
  say (game, "rollback", 0);
  works (game, corm_session_rollback (game->session, error));
  copy_rows (game->now, game->committed);
  game->open = FALSE;
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
    item->unsure |= item->within;
    item->within = FALSE;
    if (item->unsure)
      continue;
    need (game, find (game->now, item->is.id) != NULL);
    item->is = *find (game->now, item->is.id);
  }
}

/* --- the games */

static const struct {
  guint weight;
  void (*play) (Game *game);
  gboolean is_written;
} moves[] = {
  { 20, add, FALSE },   { 20, get, FALSE },    { 25, change, FALSE },   { 10, delete, FALSE },
  { 5, detach, FALSE }, { 5, refresh, FALSE }, { 5, elsewhere, FALSE }, { 8, flush, TRUE },
  { 5, commit, TRUE },  { 5, rollback, TRUE },
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
  copy_rows (game.now, game.committed);
  check_table (&game);
  g_array_unref (game.items);
  g_array_unref (game.gone);
  g_hash_table_unref (game.now);
  g_hash_table_unref (game.committed);
  g_ptr_array_unref (game.memory);
  g_string_free (game.log, TRUE);
}

static guint64
number (const char *variable, guint64 otherwise)
{
  const char *text = g_getenv (variable);
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
rows_are_as_the_account_has_them (Suite *suite)
{
  guint64 first = number ("CORM_TEST_SEED", 1), n = number ("CORM_TEST_SESSIONS", 20);
  for (guint64 seed = first; seed < first + n; seed++)
    play (suite, seed);
}

static const SuiteCase cases[] = {
  { "rows are as the account has them", rows_are_as_the_account_has_them, 0 },
};

int
main (void)
{
  return SUITE_RUN (models, cases);
}
