/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The session: one struct for one row, changes found by comparing, one flush for all. */
#include "people.h"

static CormSession *
start (Suite *suite)
{
  return corm_session_new (suite->conn);
}

static gint64
count_members (Suite *suite)
{
  return suite_number (suite->conn, "SELECT count(*) FROM members");
}

/* --- identity */

static void
the_same_row_is_the_same_struct (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  assert_non_null (team);
  guint64 before = corm_connection_get_n_statements (suite->conn);
  assert_ptr_equal (corm_session_get (Team, session, NULL, .id = id), team);
  assert_int_equal (corm_connection_get_n_statements (suite->conn), before);
  g_autoptr (CormRows) rows = corm_session_find (Team, session, NULL, .where = CORM_EQ (Team, name, "red"));
  assert_int_equal (corm_rows_get_length (rows), 1);
  assert_ptr_equal (corm_rows_get (rows, 0), team);
  assert_int_equal (corm_session_get_state (session, team), CORM_ROW_CLEAN);
}

/* From the flush on, whatever became of others that came with them. */
static void
new_rows_are_found_by_their_key (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  Team teams[] = { { .name = "red" }, { .name = "green" }, { .name = "blue" }, { .name = "white" } };
  for (guint i = 0; i < 3; i++)
    assert_ok (corm_session_add (Team, session, &teams[i], error));
  assert_ok (corm_session_commit (session, error));
  gint64 gone = teams[2].id, left = teams[0].id;
  assert_ok (corm_session_delete (Team, session, &teams[2], error));
  assert_ok (corm_session_detach (Team, session, &teams[0], error));
  guint64 before = corm_connection_get_n_statements (suite->conn);
  assert_ptr_equal (corm_session_get (Team, session, NULL, .id = teams[1].id), &teams[1]);
  assert_fails (corm_session_get (Team, session, error, .id = gone) != NULL, CORM_ERROR_NOT_FOUND, "teams");
  assert_int_equal (corm_connection_get_n_statements (suite->conn), before);
  const Team *again = corm_session_get (Team, session, NULL, .id = left);
  assert_true (again != NULL && again != &teams[0]);
  assert_string_equal (again->name, "red");
  assert_ok (corm_session_add (Team, session, &teams[3], error));
  assert_ok (corm_session_flush (session, error));
  gint64 undone = teams[3].id;
  assert_ok (corm_session_rollback (session, error));
  assert_fails (corm_session_get (Team, session, error, .id = undone) != NULL, CORM_ERROR_NOT_FOUND, "teams");
  assert_ptr_equal (corm_session_get (Team, session, NULL, .id = gone), &teams[2]);
}

static void
what_was_changed_stays (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  team->name = "blue";
  assert_int_equal (corm_session_get_state (session, team), CORM_ROW_CHANGED);
  g_autoptr (CormRows) rows = corm_session_find (Team, session, NULL);
  assert_int_equal (corm_rows_get_length (rows), 1);
  assert_string_equal (team->name, "blue");
  corm_session_expire (session);
  assert_ptr_equal (corm_session_get (Team, session, NULL, .id = id), team);
  assert_string_equal (team->name, "blue");
  assert_ok (corm_session_refresh (Team, session, team, error));
  assert_string_equal (team->name, "red");
}

static void
expired_rows_are_read_again (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  suite_sql (suite->conn, "UPDATE teams SET name = 'green'");
  assert_non_null (corm_session_get (Team, session, NULL, .id = id));
  assert_string_equal (team->name, "red");
  corm_session_expire (session);
  assert_ptr_equal (corm_session_get (Team, session, NULL, .id = id), team);
  assert_string_equal (team->name, "green");
}

static void
relations_lead_to_the_sessions_structs (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  add_member (suite->conn, "a", 1, id);
  add_member (suite->conn, "b", 2, id);
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  g_autoptr (CormRows) members = corm_session_find (Member, session, NULL, .with = CORM_WITH (Member, team));
  Member *first = corm_rows_get (members, 0), *second = corm_rows_get (members, 1);
  assert_ptr_equal (first->team, team);
  assert_ptr_equal (second->team, team);
  assert_int_equal (corm_session_get_state (session, first), CORM_ROW_CLEAN);
  g_autoptr (CormRows) teams = corm_session_find (Team, session, NULL, .with = CORM_WITH (Team, members));
  assert_ptr_equal (corm_rows_get (teams, 0), team);
  assert_ptr_equal (corm_rows_get (team->members, 0), first);
  guint64 before = corm_connection_get_n_statements (suite->conn);
  assert_ok (corm_session_flush (session, error));
  assert_int_equal (corm_connection_get_n_statements (suite->conn), before);
}

/* --- flush */

static void
a_change_is_written_and_nothing_else (Suite *suite)
{
  gint64 id = add_member (suite->conn, "a", 1, 0);
  g_autoptr (CormSession) session = start (suite);
  Member *member = corm_session_get (Member, session, NULL, .id = id);
  suite_sql (suite->conn, "UPDATE members SET score = 9"); /* by somebody else */
  char name[] = "changed";
  member->name = name;
  assert_ok (corm_session_commit (session, error));
  name[0] = 'X';
  assert_string_equal (member->name, "changed");
  assert_int_equal (suite_number (suite->conn, "SELECT score FROM members"), 9);
  g_autofree char *text = suite_text (suite->conn, "SELECT name FROM members");
  assert_string_equal (text, "changed");
  assert_int_equal (corm_session_get_state (session, member), CORM_ROW_CLEAN);
}

static void
keys_flow_from_parents_to_children (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  Team team = { .name = "red" };
  Member member = { .name = "a", .team = &team };
  Badge badge = { .motto = "run" };
  team.badge = &badge;
  assert_ok (corm_session_add (Member, session, &member, error)); /* the others come with it */
  assert_int_equal (corm_session_get_state (session, &team), CORM_ROW_DETACHED);
  assert_ok (corm_session_flush (session, error));
  assert_true (team.id != 0 && member.id != 0 && badge.id != 0);
  assert_true (member.team_id.is_set && member.team_id.value == team.id);
  assert_true (badge.team_id.is_set && badge.team_id.value == team.id);
  assert_true (member.joined.us > 0);
  assert_int_equal (corm_session_get_state (session, &team), CORM_ROW_CLEAN);
  assert_ptr_equal (corm_session_get (Team, session, NULL, .id = team.id), &team);
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM badges WHERE team_id IS NOT NULL"), 1);
}

static void
generated_keys_find_their_rows (Suite *suite)
{
  enum { N = 500 };
  g_autofree Member *members = g_new0 (Member, N);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormSession) session = start (suite);
  for (guint i = 0; i < N; i++) {
    g_ptr_array_add (names, g_strdup_printf ("m%u", i));
    members[i] = (Member){ .name = names->pdata[i], .score = (gint32) i };
    if (i % 3 == 0)
      members[i].joined.us = 1000000; /* another shape */
    assert_ok (corm_session_add (Member, session, &members[i], error));
  }
  assert_ok (corm_session_commit (session, error));
  for (guint i = 0; i < N; i++) {
    g_autoptr (Member) read = corm_get (Member, suite->conn, NULL, .id = members[i].id);
    assert_string_equal (read->name, members[i].name);
    assert_int_equal (read->joined.us, members[i].joined.us);
  }
}

static void
a_moved_child_gets_the_new_key (Suite *suite)
{
  gint64 red = add_team (suite->conn, "red"), blue = add_team (suite->conn, "blue");
  gint64 id = add_member (suite->conn, "a", 1, red);
  g_autoptr (CormSession) session = start (suite);
  Member *member = corm_session_get (Member, session, NULL, .id = id);
  member->team = corm_session_get (Team, session, NULL, .id = blue);
  assert_ok (corm_session_flush (session, error));
  assert_int_equal (member->team_id.value, blue);
  member->team_id.value = red; /* by the key: the slot, which says otherwise, is emptied */
  assert_ok (corm_session_flush (session, error));
  assert_null (member->team);
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM members"), red);
}

static void
an_orphan_is_cut_loose (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  Badge old = { .motto = "old", .team_id = CORM_SOME (id) };
  assert_ok (badge_insert (suite->conn, &old, error));
  g_autoptr (CormSession) session = start (suite);
  g_autoptr (CormRows) teams = corm_session_find (Team, session, NULL, .with = CORM_WITH (Team, badge));
  Team *team = corm_rows_get (teams, 0);
  Badge *badge = team->badge, fresh = { .motto = "new" };
  team->badge = &fresh;
  assert_ok (corm_session_commit (session, error));
  assert_false (badge->team_id.is_set);
  assert_int_equal (fresh.team_id.value, id);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM badges WHERE team_id IS NULL"), 1);
}

static void
deletes_go_from_children_to_parents (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  gint64 who = add_member (suite->conn, "a", 1, id);
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  Member *member = corm_session_get (Member, session, NULL, .id = who);
  assert_ok (corm_session_delete (Team, session, team, error));
  assert_fails (corm_session_get (Team, session, error, .id = id), CORM_ERROR_NOT_FOUND, "teams");
  assert_ok (corm_session_delete (Member, session, member, error));
  assert_int_equal (corm_session_get_state (session, team), CORM_ROW_DELETED);
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (corm_session_get_state (session, team), CORM_ROW_DETACHED);
  assert_int_equal (count_members (suite), 0);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 0);
}

static void
what_the_database_cascades_is_known (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  Badge badge = { .motto = "m", .team_id = CORM_SOME (id) };
  assert_ok (badge_insert (suite->conn, &badge, error));
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  Badge *held = corm_session_get (Badge, session, NULL, .id = badge.id);
  assert_ok (corm_session_delete (Team, session, team, error));
  assert_ok (corm_session_flush (session, error));
  assert_int_equal (corm_session_get_state (session, held), CORM_ROW_DETACHED);
  assert_ok (corm_session_rollback (session, error));
  assert_int_equal (corm_session_get_state (session, held), CORM_ROW_CLEAN);
  assert_ptr_equal (corm_session_get (Team, session, NULL, .id = id), team);
}

/* --- errors */

static void
a_failed_flush_leaves_all_as_it_was (Suite *suite)
{
  add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  Team good = { .name = "good" }, bad = { .name = "red" }, last = { .name = "last" };
  Member member = { .name = "m", .team = &good };
  assert_ok (corm_session_add (Team, session, &good, error));
  assert_ok (corm_session_add (Team, session, &bad, error));
  assert_ok (corm_session_add (Team, session, &last, error));
  assert_ok (corm_session_add (Member, session, &member, error));
  assert_fails (corm_session_flush (session, error), CORM_ERROR_UNIQUE, "teams", "a new row");
  const CormModel *model = NULL;
  assert_ptr_equal (corm_session_get_failed (session, &model), &bad);
  assert_ptr_equal (model, &Team_model);
  assert_int_equal (good.id, 0);
  assert_false (member.team_id.is_set);
  assert_int_equal (corm_session_get_state (session, &bad), CORM_ROW_NEW);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 1);
  bad.name = "better";
  assert_ok (corm_session_commit (session, error));
  assert_null (corm_session_get_failed (session, NULL));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 4);
  assert_int_equal (member.team_id.value, good.id);
}

static void
a_later_flush_that_fails_keeps_the_earlier (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  Team first = { .name = "red" }, second = { .name = "red" };
  assert_ok (corm_session_add (Team, session, &first, error));
  assert_ok (corm_session_flush (session, error));
  assert_ok (corm_session_add (Team, session, &second, error));
  assert_fails (corm_session_commit (session, error), CORM_ERROR_UNIQUE, "teams");
  assert_ok (corm_session_detach (Team, session, &second, error));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 1);
}

static void
all_faults_of_a_row_are_named_at_once (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  Member bad = { .email = "far too long for a column that takes sixty characters and no more", .level = 77 };
  assert_ok (corm_session_add (Member, session, &bad, error));
  guint64 before = corm_connection_get_n_statements (suite->conn);
  assert_fails (corm_session_flush (session, error), CORM_ERROR_CHECK, "members.name", "members.email", "60",
                "members.level", "77 has no label");
  assert_int_equal (corm_connection_get_n_statements (suite->conn), before);
  assert_ptr_equal (corm_session_get_failed (session, NULL), &bad);
  assert_fails (member_insert (suite->conn, &bad, error), CORM_ERROR_CHECK, "members.name", "members.email");
  Member two = { .level = LEVEL_OLD };
  assert_fails (member_insert (suite->conn, &two, error), CORM_ERROR_NOT_NULL, "members.name");
}

static void
a_changed_key_is_refused (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  team->id = 99;
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "teams", "key");
}

static void
wrong_calls_are_errors (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  Team stranger = { .id = id, .name = "x" }, nobody = { .id = 77, .name = "n" };
  assert_fails (corm_session_add (Team, session, team, error), CORM_ERROR_INVALID, "already");
  assert_fails (corm_session_add (Team, session, &stranger, error), CORM_ERROR_INVALID, "merge");
  assert_fails (corm_session_delete (Team, session, &stranger, error), CORM_ERROR_INVALID,
                "not in the session");
  assert_fails (corm_session_refresh (Team, session, &stranger, error), CORM_ERROR_INVALID,
                "not in the session");
  assert_fails (corm_session_get (Team, session, error, .id = 5000), CORM_ERROR_NOT_FOUND, "teams", "5000");
  assert_ok (corm_session_add (Team, session, &nobody, error));
  assert_fails (corm_session_refresh (Team, session, &nobody, error), CORM_ERROR_INVALID, "new");
  assert_ok (corm_session_delete (Team, session, &nobody, error));
  assert_int_equal (corm_session_get_state (session, &nobody), CORM_ROW_DETACHED);
}

/* --- rollback, merge, detach */

static void
a_rollback_brings_back_the_rows (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red"), other = add_team (suite->conn, "blue");
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  Team *gone = corm_session_get (Team, session, NULL, .id = other);
  Team added = { .name = "green" }, later = { .name = "late" };
  team->name = "once";
  assert_ok (corm_session_add (Team, session, &added, error));
  assert_ok (corm_session_delete (Team, session, gone, error));
  assert_ok (corm_session_flush (session, error));
  team->name = "twice";
  assert_ok (corm_session_flush (session, error));
  team->name = "thrice";
  assert_ok (corm_session_add (Team, session, &later, error));
  assert_ok (corm_session_rollback (session, error));
  assert_string_equal (team->name, "red");
  assert_int_equal (corm_session_get_state (session, team), CORM_ROW_CLEAN);
  assert_int_equal (corm_session_get_state (session, gone), CORM_ROW_CLEAN);
  assert_int_equal (corm_session_get_state (session, &added), CORM_ROW_DETACHED);
  assert_int_equal (corm_session_get_state (session, &later), CORM_ROW_DETACHED);
  assert_int_equal (added.id, 0);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 2);
  team->name = "after";
  assert_ok (corm_session_add (Team, session, &added, error));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 3);
}

static void
freeing_rolls_back (Suite *suite)
{
  Team team = { .name = "red" };
  CormSession *session = start (suite);
  assert_ok (corm_session_add (Team, session, &team, error));
  assert_ok (corm_session_flush (session, error));
  corm_session_free (session);
  corm_session_free (NULL);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 0);
}

static void
merging_lays_a_row_over_the_sessions (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  char name[] = "form";
  Team form = { .id = id, .name = name }, unknown = { .id = 4711, .name = "new" }, bare = { .name = "bare" };
  Team *merged = corm_session_merge (Team, session, &form, NULL);
  name[0] = 'X';
  assert_string_equal (merged->name, "form");
  assert_int_equal (corm_session_get_state (session, merged), CORM_ROW_CHANGED);
  assert_int_equal (corm_session_get_state (session, corm_session_merge (Team, session, &unknown, NULL)),
                    CORM_ROW_NEW);
  Team *own = corm_session_merge (Team, session, &bare, NULL);
  assert_ok (corm_session_commit (session, error));
  assert_true (own->id != 0);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 3);
}

static void
a_detached_row_is_not_written (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = id);
  team->name = "blue";
  assert_ok (corm_session_detach (Team, session, team, error));
  assert_ok (corm_session_commit (session, error));
  assert_string_equal (team->name, "blue");
  assert_ptr_not_equal (corm_session_get (Team, session, NULL, .id = id), team);
}

typedef struct {
  gint64 id;
  const char *place;
  const char *state; /* never NULL in the database */
} Parcel;
static const CormColumn parcel_columns[] = {
  CORM_COLUMN (Parcel, id, .primary_key = true),
  CORM_COLUMN (Parcel, place, .max_length = 20),
  CORM_COLUMN (Parcel, state, .not_null = true, .max_length = 20, .default_value = "new"),
};
static const CormModel Parcel_model = CORM_MODEL (Parcel, "parcels", CORM_COLUMNS (parcel_columns));

/* The default of a text does not come back into the row, and is no change of it. */
static void
a_default_is_no_change (Suite *suite)
{
  g_autoptr (CormRegistry) registry = NULL;
  g_autoptr (CormDb) db = NULL;
  g_autoptr (CormConnection) conn = NULL;
  assert_ok ((registry = corm_registry_new (error, &Parcel_model, NULL)) != NULL);
  suite_close (suite);
  assert_ok ((db = corm_db_open (suite->uri, registry, error)) != NULL);
  assert_ok (corm_db_migrate (db, NULL, error));
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  g_autoptr (CormSession) session = corm_session_new (conn);
  Parcel parcel = { .place = "here" };
  assert_ok (corm_session_add (Parcel, session, &parcel, error));
  assert_ok (corm_session_flush (session, error));
  assert_int_equal (corm_session_get_state (session, &parcel), CORM_ROW_CLEAN);
  parcel.place = "there";
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (
      suite_number (conn, "SELECT count(*) FROM parcels WHERE place = 'there' AND state = 'new'"), 1);
  suite_sql (conn, "DROP TABLE parcels");
}

static void
composite_and_text_keys (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  Seat seats[4] = {
    { 1, 1, "a", CORM_SOME (5) }, { 1, 2, "b", { 0 } }, { 2, 1, NULL, CORM_SOME (6) }, { 2, 2, "d", { 0 } }
  };
  Word word = { "zebra", 1 };
  Tag tag = { corm_uuid_random (), "t" };
  for (guint i = 0; i < 4; i++)
    assert_ok (corm_session_add (Seat, session, &seats[i], error));
  assert_ok (corm_session_add (Word, session, &word, error));
  assert_ok (corm_session_add (Tag, session, &tag, error));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (seats[1].price.value, 7); /* the default */
  assert_ptr_equal (corm_session_get (Word, session, NULL, .word = "zebra"), &word);
  assert_ptr_equal (corm_session_get (Seat, session, NULL, .room = 2, .number = 1), &seats[2]);
  seats[0].holder = "x";
  seats[3].price.is_set = false;
  word.count = 5;
  tag.label = NULL;
  assert_ok (corm_session_delete (Seat, session, &seats[1], error));
  assert_ok (corm_session_delete (Seat, session, &seats[2], error));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM seats"), 2);
  assert_int_equal (
      suite_number (suite->conn, "SELECT count(*) FROM seats WHERE price IS NULL AND holder = 'd'"), 1);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM seats WHERE price = 5 AND holder = 'x'"),
                    1);
  assert_int_equal (suite_number (suite->conn, "SELECT count FROM words"), 5);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM tags WHERE label IS NULL"), 1);
}

static void
rows_of_nothing_but_a_key (Suite *suite)
{
  Ticket tickets[3] = { { 0 }, { 0 }, { 9 } };
  g_autoptr (CormSession) session = start (suite);
  for (guint i = 0; i < 3; i++)
    assert_ok (corm_session_add (Ticket, session, &tickets[i], error));
  assert_ok (corm_session_commit (session, error));
  assert_true (tickets[0].id != 0 && tickets[1].id != 0 && tickets[0].id != tickets[1].id);
}

/* --- hooks */

typedef struct {
  GString *calls;
  CormHookPoint refuse;
  gboolean refuses;
} Seen;

static gboolean
note (G_GNUC_UNUSED CormSession *session, CormHookPoint point, const CormModel *model, gpointer row,
      gpointer data, GError **error)
{
  static const char letters[] = "iIuUdDlC";
  Seen *seen = data;
  g_string_append_c (seen->calls, letters[point]);
  if (point == CORM_BEFORE_INSERT && model == &Team_model)
    ((Team *) row)->name = "by the hook";
  if (!seen->refuses || point != seen->refuse)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CHECK, "not today");
  return FALSE;
}

static void
hooks_are_called_in_order (Suite *suite)
{
  g_autoptr (GString) calls = g_string_new (NULL);
  Seen seen = { calls, 0, FALSE };
  g_autoptr (CormSession) session = start (suite);
  for (CormHookPoint point = CORM_BEFORE_INSERT; point <= CORM_AFTER_COMMIT; point++)
    corm_session_add_hook (session, point, point == CORM_AFTER_COMMIT ? NULL : &Team_model, note, &seen);
  Team team = { .name = "x" };
  Word word = { "other", 1 };
  assert_ok (corm_session_add (Team, session, &team, error));
  assert_ok (corm_session_add (Word, session, &word, error));
  assert_ok (corm_session_commit (session, error));
  assert_string_equal (calls->str, "iIC");
  g_autofree char *name = suite_text (suite->conn, "SELECT name FROM teams");
  assert_string_equal (name, "by the hook");
  team.name = "y";
  assert_ok (corm_session_flush (session, error));
  assert_ok (corm_session_detach (Team, session, &team, error));
  Team *read = corm_session_get (Team, session, NULL, .id = team.id);
  assert_ok (corm_session_delete (Team, session, read, error));
  assert_ok (corm_session_commit (session, error));
  assert_string_equal (calls->str, "iICuUldDC");
}

static void
a_hook_refuses (Suite *suite)
{
  static const CormHookPoint points[] = { CORM_BEFORE_INSERT, CORM_AFTER_INSERT };
  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    g_autoptr (GString) calls = g_string_new (NULL);
    Seen seen = { calls, points[i], TRUE };
    g_autoptr (CormSession) session = start (suite);
    Team team = { .name = "x" };
    corm_session_add_hook (session, points[i], &Team_model, note, &seen);
    assert_ok (corm_session_add (Team, session, &team, error));
    assert_fails (corm_session_commit (session, error), CORM_ERROR_CHECK, "not today", "teams");
    assert_int_equal (team.id, 0);
    assert_ptr_equal (corm_session_get_failed (session, NULL), &team);
    assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 0);
  }
}

static const SuiteCase cases[] = {
  { "the same row is the same struct", the_same_row_is_the_same_struct, 0 },
  { "new rows are found by their key", new_rows_are_found_by_their_key, 0 },
  { "what was changed stays until it is written", what_was_changed_stays, 0 },
  { "expired rows are read again", expired_rows_are_read_again, 0 },
  { "relations lead to the session's structs", relations_lead_to_the_sessions_structs, 0 },
  { "a change is written, and nothing else", a_change_is_written_and_nothing_else, 0 },
  { "keys flow from parents to children", keys_flow_from_parents_to_children, 0 },
  { "generated keys find their rows", generated_keys_find_their_rows, 0 },
  { "a moved child gets the new key", a_moved_child_gets_the_new_key, 0 },
  { "an orphan is cut loose", an_orphan_is_cut_loose, 0 },
  { "deletes go from children to parents", deletes_go_from_children_to_parents, 0 },
  { "what the database cascades is known", what_the_database_cascades_is_known, 0 },
  { "a failed flush leaves all as it was", a_failed_flush_leaves_all_as_it_was, 0 },
  { "a later flush that fails keeps the earlier", a_later_flush_that_fails_keeps_the_earlier, 0 },
  { "all faults of a row are named at once", all_faults_of_a_row_are_named_at_once, 0 },
  { "a changed key is refused", a_changed_key_is_refused, 0 },
  { "wrong calls are errors", wrong_calls_are_errors, 0 },
  { "a rollback brings back the rows", a_rollback_brings_back_the_rows, 0 },
  { "freeing rolls back", freeing_rolls_back, 0 },
  { "merging lays a row over the session's", merging_lays_a_row_over_the_sessions, 0 },
  { "a detached row is not written", a_detached_row_is_not_written, 0 },
  { "composite and text keys", composite_and_text_keys, 0 },
  { "a default is no change", a_default_is_no_change, 0 },
  { "rows of nothing but a key", rows_of_nothing_but_a_key, 0 },
  { "hooks are called in order", hooks_are_called_in_order, 0 },
  { "a hook refuses", a_hook_refuses, 0 },
};

int
main (void)
{
  return SUITE_RUN (people, cases);
}
