/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Relations over keys of several columns and of other types than numbers, and through a model with columns of its own. */
#include "../lib/suite.h"

/* A member of a team is known by both; so is what hangs on it. */
typedef struct {
  gint32 team;
  const char *name;
  CormRows *medals;
  CormRows *rooms;
  CormRows *matches;
} Player;

typedef struct {
  gint64 id;
  CormOptInt32 team;
  const char *name;
  const char *title;
  Player *player;
} Medal;

typedef struct {
  CormUuid id;
  const char *label;
  CormRows *players;
} Room;

typedef struct {
  CormDate day;
  gint32 number;
  CormRows *players;
  CormRows *entries;
} Match;

typedef struct {
  gint64 id;
  CormDate day;
  gint32 number;
  gint32 team;
  const char *name;
  gint32 goals;
  Player *player;
} Entry;

CORM_DECLARE_MODEL (Player, player)
CORM_DECLARE_MODEL (Medal, medal)
CORM_DECLARE_MODEL (Room, room)
CORM_DECLARE_MODEL (Match, match)
CORM_DECLARE_MODEL (Entry, entry)

static const CormColumn player_columns[] = {
  CORM_COLUMN (Player, team, .primary_key = true),
  CORM_COLUMN (Player, name, .primary_key = true, .max_length = 40),
};
static const CormRelation player_relations[] = {
  CORM_HAS_MANY (Player, medals, Medal, (name, team), .on_delete = CORM_SET_NULL),
  CORM_MANY_TO_MANY (Player, rooms, Room, "player_rooms", "player_team, player_name", "room_id"),
  CORM_MANY_THROUGH (Player, matches, Match, Entry, (team, name), (day, number)),
};
const CormModel Player_model =
    CORM_MODEL (Player, "players", CORM_COLUMNS (player_columns), CORM_RELATIONS (player_relations));

static const CormColumn medal_columns[] = {
  CORM_COLUMN (Medal, id, .primary_key = true),
  CORM_COLUMN (Medal, team),
  CORM_COLUMN (Medal, name, .max_length = 40),
  CORM_COLUMN (Medal, title, .not_null = true),
};
static const CormConstraint medal_constraints[] = {
  { .name = "fk_medals_player",
    .columns = "team, name",
    .references = "players (team, name)",
    .on_delete = CORM_SET_NULL },
};
static const CormRelation medal_relations[] = { CORM_BELONGS_TO (Medal, player, Player, (team, name)) };
const CormModel Medal_model =
    CORM_MODEL (Medal, "medals", CORM_COLUMNS (medal_columns), CORM_CONSTRAINTS (medal_constraints),
                CORM_RELATIONS (medal_relations));

static const CormColumn room_columns[] = {
  CORM_COLUMN (Room, id, .primary_key = true),
  CORM_COLUMN (Room, label),
};
static const CormRelation room_relations[] = {
  CORM_MANY_TO_MANY (Room, players, Player, "player_rooms", "room_id", "player_team, player_name"),
};
const CormModel Room_model =
    CORM_MODEL (Room, "rooms", CORM_COLUMNS (room_columns), CORM_RELATIONS (room_relations));

static const CormColumn match_columns[] = {
  CORM_COLUMN (Match, day, .primary_key = true),
  CORM_COLUMN (Match, number, .primary_key = true),
};
static const CormRelation match_relations[] = {
  CORM_MANY_THROUGH (Match, players, Player, Entry, (day, number), (team, name)),
  CORM_HAS_MANY (Match, entries, Entry, (day, number)),
};
const CormModel Match_model =
    CORM_MODEL (Match, "matches", CORM_COLUMNS (match_columns), CORM_RELATIONS (match_relations));

static const CormColumn entry_columns[] = {
  CORM_COLUMN (Entry, id, .primary_key = true),
  CORM_COLUMN (Entry, day),
  CORM_COLUMN (Entry, number),
  CORM_COLUMN (Entry, team),
  CORM_COLUMN (Entry, name, .not_null = true, .max_length = 40),
  CORM_COLUMN (Entry, goals),
};
static const CormConstraint entry_constraints[] = {
  { .name = "uq_entries", .columns = "day, number, team, name" },
  { .name = "fk_entries_match", .columns = "day, number", .references = "matches (day, number)" },
  { .name = "fk_entries_player", .columns = "team, name", .references = "players (team, name)" },
};
static const CormRelation entry_relations[] = { CORM_BELONGS_TO (Entry, player, Player, (team, name)) };
const CormModel Entry_model =
    CORM_MODEL (Entry, "entries", CORM_COLUMNS (entry_columns), CORM_CONSTRAINTS (entry_constraints),
                CORM_RELATIONS (entry_relations));

static const CormModel *const models[] = { &Player_model, &Medal_model, &Room_model,
                                           &Match_model,  &Entry_model, NULL };

static const Player players[] = { { 1, "ada", NULL, NULL, NULL },
                                  { 1, "bob", NULL, NULL, NULL },
                                  { 2, "ada", NULL, NULL, NULL },
                                  { 2, "Bob", NULL, NULL, NULL } };

static void
fill (Suite *suite)
{
  assert_ok (corm_bulk_insert (Player, suite->conn, players, G_N_ELEMENTS (players), error));
  static const Medal medals[] = {
    { .id = 1, .team = CORM_SOME (1), .name = "ada", .title = "gold" },
    { .id = 2, .team = CORM_SOME (2), .name = "ada", .title = "tin" },
    { .id = 3, .team = CORM_SOME (1), .name = "ada", .title = "silver" },
    { .id = 4, .title = "of nobody" },
    { .id = 5, .team = CORM_SOME (2), .title = "half a key" },
    { .id = 6, .team = CORM_SOME (2), .name = "Bob", .title = "wood" },
  };
  assert_ok (corm_bulk_insert (Medal, suite->conn, medals, G_N_ELEMENTS (medals), error));
}

/* "gold silver" of the texts at @offset. */
static char *
texts_of (CormRows *rows, gsize offset)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < corm_rows_get_length (rows); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            G_STRUCT_MEMBER (const char *, corm_rows_get (rows, i), offset));
  return g_string_free (text, FALSE);
}

#define assert_texts(rows, T, m, want) \
  do { \
    g_autofree char *assert_texts = texts_of (rows, offsetof (T, m)); \
    assert_string_equal (assert_texts, want); \
  } while (0)

static void
a_key_of_two_columns (Suite *suite)
{
  fill (suite);
  guint64 before = corm_connection_get_n_statements (suite->conn);
  g_autoptr (CormRows) found = NULL;
  assert_ok ((found = corm_find (Player, suite->conn, error, .with = CORM_WITH (Player, medals),
                                 .order = CORM_ORDER (CORM_ASC (Player, team), CORM_DESC (Player, name)))) !=
             NULL);
  assert_int_equal (corm_connection_get_n_statements (suite->conn) - before, 2);
  static const char *const want[] = { "", "gold silver", "tin", "wood" };
  for (guint i = 0; i < G_N_ELEMENTS (want); i++)
    assert_texts (((Player *) corm_rows_get (found, i))->medals, Medal, title, want[i]);
  g_autoptr (CormRows) medals = NULL;
  assert_ok ((medals = corm_find (Medal, suite->conn, error, .with = CORM_WITH (Medal, player),
                                  .order = CORM_ORDER (CORM_ASC (Medal, id)))) != NULL);
  CORM_FOREACH (Medal, medal, medals) {
    assert_int_equal (medal->player != NULL, medal->id != 4 && medal->id != 5);
    if (medal->player != NULL)
      assert_true (medal->player->team == medal->team.value &&
                   g_str_equal (medal->player->name, medal->name));
  }
  assert_ptr_equal (((Medal *) corm_rows_get (medals, 0))->player,
                    ((Medal *) corm_rows_get (medals, 2))->player);
}

static void
a_limit_for_each_key_of_two_columns (Suite *suite)
{
  fill (suite);
  g_autoptr (CormRows) found = NULL;
  assert_ok ((found = corm_find (Player, suite->conn, error, .where = CORM_EQ (Player, name, "ada"),
                                 .order = CORM_ORDER (CORM_ASC (Player, team)),
                                 .load = CORM_LOAD (CORM_EDGE (Player, medals,
                                                               .order = CORM_ORDER (CORM_DESC (Medal, title)),
                                                               .limit = 1)))) != NULL);
  assert_texts (((Player *) corm_rows_get (found, 0))->medals, Medal, title, "silver");
  assert_texts (((Player *) corm_rows_get (found, 1))->medals, Medal, title, "tin");
}

static void
a_table_of_pairs_with_three_columns (Suite *suite)
{
  fill (suite);
  const Room rooms[] = { { .id = corm_uuid_random (), .label = "north" },
                         { .id = corm_uuid_random (), .label = "south" } };
  assert_ok (corm_bulk_insert (Room, suite->conn, rooms, 2, error));
  assert_ok (corm_link (Room, players, suite->conn, &rooms[0], Player, &players[0], error));
  assert_ok (corm_link (Player, rooms, suite->conn, &players[2], Room, &rooms[0], error));
  assert_ok (corm_link (Player, rooms, suite->conn, &players[2], Room, &rooms[1], error));
  g_autoptr (CormRows) found = NULL;
  assert_ok ((found = corm_find (Room, suite->conn, error, .order = CORM_ORDER (CORM_ASC (Room, label)),
                                 .load = CORM_LOAD (CORM_EDGE (
                                     Room, players, .with = CORM_WITH (Player, rooms, medals))))) != NULL);
  const Room *north = corm_rows_get (found, 0), *south = corm_rows_get (found, 1);
  assert_texts (north->players, Player, name, "ada ada");
  assert_texts (south->players, Player, name, "ada");
  const Player *second = corm_rows_get (north->players, 1);
  assert_int_equal (second->team, 2);
  assert_int_equal (corm_rows_get_length (second->rooms), 2);
  assert_texts (second->medals, Medal, title, "tin");
}

static void
through_a_model (Suite *suite)
{
  fill (suite);
  static const Match matches[] = { { { 20000 }, 1, NULL, NULL },
                                   { { 20000 }, 2, NULL, NULL },
                                   { { 20001 }, 1, NULL, NULL } };
  assert_ok (corm_bulk_insert (Match, suite->conn, matches, G_N_ELEMENTS (matches), error));
  static const Entry entries[] = {
    { .id = 1, .day = { 20000 }, .number = 1, .team = 1, .name = "ada", .goals = 3 },
    { .id = 2, .day = { 20000 }, .number = 1, .team = 2, .name = "ada", .goals = 0 },
    { .id = 3, .day = { 20001 }, .number = 1, .team = 1, .name = "ada", .goals = 1 },
    { .id = 4, .day = { 20000 }, .number = 2, .team = 1, .name = "bob", .goals = 2 },
  };
  assert_ok (corm_bulk_insert (Entry, suite->conn, entries, G_N_ELEMENTS (entries), error));
  g_autoptr (CormRows) found = NULL;
  guint64 before = corm_connection_get_n_statements (suite->conn);
  /* Also about the rows in between: matches in which the player scored. */
  assert_ok ((found = corm_find (
                  Player, suite->conn, error, .where = CORM_EQ (Player, name, "ada"),
                  .order = CORM_ORDER (CORM_ASC (Player, team)),
                  .load = CORM_LOAD (CORM_EDGE (
                      Player, matches, .where = CORM_GT (Entry, goals, 0),
                      .load = CORM_LOAD (CORM_EDGE (Match, players), CORM_EDGE (Match, entries)))))) != NULL);
  assert_int_equal (corm_connection_get_n_statements (suite->conn) - before, 4);
  const Player *one = corm_rows_get (found, 0), *two = corm_rows_get (found, 1);
  assert_int_equal (corm_rows_get_length (one->matches), 2);
  assert_int_equal (corm_rows_get_length (two->matches), 0);
  const Match *first = corm_rows_get (one->matches, 0);
  assert_int_equal (first->day.days, 20000);
  assert_int_equal (corm_rows_get_length (first->players), 2);
  assert_int_equal (corm_rows_get_length (first->entries), 2);
  assert_fails (corm_link (Player, matches, suite->conn, &players[0], Match, &matches[0], error),
                CORM_ERROR_INVALID, "Player.matches", "Entry");
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "a key of two columns", a_key_of_two_columns, 0 },
    { "a limit for each key of two columns", a_limit_for_each_key_of_two_columns, 0 },
    { "a table of pairs with three columns", a_table_of_pairs_with_three_columns, 0 },
    { "through a model", through_a_model, 0 },
  };
  return SUITE_RUN (models, cases);
}
