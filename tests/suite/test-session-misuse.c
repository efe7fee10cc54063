/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a session makes of rows that move, fail, come back or are changed where they must not be. */
#include "people.h"

static CormSession *
start (Suite *suite)
{
  return corm_session_new (suite->conn);
}

/* --- batches */

static gboolean
give_all_one_address (G_GNUC_UNUSED CormSession *session, G_GNUC_UNUSED CormHookPoint point,
                      G_GNUC_UNUSED const CormModel *model, gpointer row, G_GNUC_UNUSED gpointer data,
                      G_GNUC_UNUSED GError **error)
{
  ((Member *) row)->email = "all@example.org";
  return TRUE;
}

/* The second attempt, row by row, sends what hooks and slots made of the rows, as the first one did. */
static void
a_failed_batch_is_told_of_one_row (Suite *suite)
{
  gint64 red = add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = red);
  Member members[3] = { { .name = "a", .team = team }, { .name = "b", .team = team }, { .name = "c" } };
  corm_session_add_hook (session, CORM_BEFORE_INSERT, &Member_model, give_all_one_address, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    assert_ok (corm_session_add (Member, session, &members[i], error));
  assert_fails (corm_session_commit (session, error), CORM_ERROR_UNIQUE, "members", "email");
  assert_ptr_equal (corm_session_get_failed (session, NULL), &members[1]);
  assert_null (members[0].email);
  assert_false (members[0].team_id.is_set);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM members"), 0);
}

/* --- slots and structs */

static void
a_slot_that_was_set_is_kept (Suite *suite)
{
  gint64 red = add_team (suite->conn, "red"), blue = add_team (suite->conn, "blue");
  gint64 id = add_member (suite->conn, "a", 1, red);
  g_autoptr (CormSession) session = start (suite);
  Member *member = corm_session_get (Member, session, NULL, .id = id);
  member->team = corm_session_get (Team, session, NULL, .id = blue);
  g_autoptr (CormRows) rows = corm_session_find (Member, session, NULL, .with = CORM_WITH (Member, team));
  assert_ptr_equal (corm_rows_get (rows, 0), member);
  assert_string_equal (member->team->name, "blue");
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM members"), blue);
}

/* A link that stands in a slot alone is a change as well: what is read meanwhile is not put over it. */
static void
a_slot_that_was_set_outlives_what_is_read (Suite *suite)
{
  gint64 red = add_team (suite->conn, "red"), blue = add_team (suite->conn, "blue");
  gint64 id = add_member (suite->conn, "a", 1, red);
  g_autoptr (CormSession) session = start (suite);
  Member *member = corm_session_get (Member, session, NULL, .id = id);
  Team *team = corm_session_get (Team, session, NULL, .id = blue);
  corm_session_expire (session);
  assert_int_equal (corm_session_get_state (session, member), CORM_ROW_CLEAN);
  member->team = team;
  assert_int_equal (corm_session_get_state (session, member), CORM_ROW_CHANGED);
  assert_ptr_equal (corm_session_get (Member, session, NULL, .id = id), member);
  assert_ptr_equal (member->team, team);
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM members"), blue);
  assert_int_equal (corm_session_get_state (session, member), CORM_ROW_CLEAN);
}

static void
a_struct_is_added_again (Suite *suite)
{
  Word word = { "again", 1 };
  g_autoptr (CormSession) session = start (suite);
  assert_ok (corm_session_add (Word, session, &word, error));
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_delete (Word, session, &word, error));
  assert_ok (corm_session_flush (session, error));
  assert_ok (corm_session_add (Word, session, &word, error));
  word.count = 2;
  assert_ok (corm_session_flush (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count FROM words"), 2);
  assert_ok (corm_session_rollback (session, error));
  assert_ptr_equal (corm_session_get (Word, session, NULL, .word = "again"), &word);
  assert_int_equal (corm_session_get_state (session, &word), CORM_ROW_CLEAN);
  assert_int_equal (word.count, 1);
}

/* The program may free what it has detached; what is left in a slot is not looked into. */
static void
a_slot_of_a_freed_row_is_left_alone (Suite *suite)
{
  Member member = { .name = "a" };
  Team *team = g_new0 (Team, 1);
  team->name = "red";
  member.team = team;
  g_autoptr (CormSession) session = start (suite);
  assert_ok (corm_session_add (Member, session, &member, error));
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_detach (Team, session, team, error));
  g_free (team);
  member.score = 7;
  assert_ok (corm_session_commit (session, error));
  assert_non_null (member.team);
  member.team_id.is_set = false;
  assert_ok (corm_session_commit (session, error));
  assert_null (member.team);
  assert_int_equal (
      suite_number (suite->conn, "SELECT count(*) FROM members WHERE score = 7 AND team_id IS NULL"), 1);
}

/* --- has-one slots */

/* The slot that held a badge empties, and has no say in it any more. */
static void
a_badge_that_moved_away_stays_there (Suite *suite)
{
  Team red = { .name = "red" }, blue = { .name = "blue" };
  Badge sun = { .motto = "sun" }, star = { .motto = "star" };
  red.badge = &sun;
  g_autoptr (CormSession) session = start (suite);
  assert_ok (corm_session_add (Team, session, &red, error));
  assert_ok (corm_session_add (Team, session, &blue, error));
  assert_ok (corm_session_commit (session, error));
  sun.team = &blue;
  assert_ok (corm_session_commit (session, error));
  assert_null (red.badge);
  red.badge = &star;
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'sun'"), blue.id);
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'star'"), red.id);
}

/* By its key, or by its own slot, in the flush in which another takes its place. */
static void
a_badge_moves_as_the_next_one_comes (Suite *suite)
{
  Team red = { .name = "red" }, blue = { .name = "blue" }, green = { .name = "green" };
  Badge sun = { .motto = "sun" }, star = { .motto = "star" }, moon = { .motto = "moon" };
  red.badge = &sun;
  g_autoptr (CormSession) session = start (suite);
  assert_ok (corm_session_add (Team, session, &red, error));
  assert_ok (corm_session_add (Team, session, &blue, error));
  assert_ok (corm_session_add (Team, session, &green, error));
  assert_ok (corm_session_commit (session, error));
  sun.team_id.value = blue.id;
  red.badge = &star;
  assert_ok (corm_session_commit (session, error));
  star.team = &green;
  red.badge = &moon;
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'sun'"), blue.id);
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'star'"), green.id);
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'moon'"), red.id);
}

static void
a_badge_makes_room_for_the_next (Suite *suite)
{
  Team red = { .name = "red" };
  Badge sun = { .motto = "sun" }, star = { .motto = "star" };
  red.badge = &sun;
  g_autoptr (CormSession) session = start (suite);
  assert_ok (corm_session_add (Team, session, &red, error));
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_delete (Badge, session, &sun, error));
  red.badge = &star;
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (corm_session_get_state (session, &sun), CORM_ROW_DETACHED);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM badges"), 1);
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'star'"), red.id);
}

static void
badges_are_swapped (Suite *suite)
{
  Team red = { .name = "red" }, blue = { .name = "blue" };
  Badge sun = { .motto = "sun" }, moon = { .motto = "moon" }, star = { .motto = "star" };
  red.badge = &sun;
  blue.badge = &moon;
  g_autoptr (CormSession) session = start (suite);
  assert_ok (corm_session_add (Team, session, &red, error));
  assert_ok (corm_session_add (Team, session, &blue, error));
  assert_ok (corm_session_commit (session, error));
  red.badge = &moon;
  blue.badge = &sun;
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (moon.team_id.value, red.id);
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'moon'"), red.id);
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'sun'"), blue.id);
  red.badge = blue.badge;
  blue.badge = &star;
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'sun'"), red.id);
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'star'"), blue.id);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM badges WHERE team_id IS NULL"), 1);
}

static void
badges_find_their_teams (Suite *suite)
{
  gint64 id = add_team (suite->conn, "red");
  g_autoptr (CormSession) session = start (suite);
  Badge badges[2] = { { .motto = "a" }, { .motto = "b" } };
  for (guint i = 0; i < 2; i++) {
    badges[i].team = corm_session_get (Team, session, NULL, .id = id);
    assert_ok (corm_session_add (Badge, session, &badges[i], error));
  }
  assert_fails (corm_session_commit (session, error), CORM_ERROR_UNIQUE, "badges");
  assert_ptr_equal (corm_session_get_failed (session, NULL), &badges[1]);
}

/* --- text */

/* What a refresh or a rollback reads into the program's own struct stays readable, and is not written by accident. */
static void
text_that_was_read_stays (Suite *suite)
{
  for (guint i = 0; i < 2; i++) {
    g_autofree char *name = g_strdup_printf ("a name that is long enough, %u", i);
    Word word = { name, 1 };
    Member member = { .name = "short", .email = name, .score = 1 };
    g_autoptr (CormSession) session = start (suite);
    assert_ok (corm_session_add (Word, session, &word, error));
    assert_ok (corm_session_add (Member, session, &member, error));
    assert_ok (corm_session_commit (session, error));
    if (i == 0)
      assert_ok (corm_session_refresh (Member, session, &member, error));
    else
      assert_ok (corm_session_rollback (session, error));
    for (gint32 score = 2; score < 5; score++) {
      member.score = score;
      assert_ok (corm_session_commit (session, error));
      assert_string_equal (member.email, name);
    }
    g_autoptr (Member) read = corm_get (Member, suite->conn, NULL, .id = member.id);
    assert_string_equal (read->email, name);
    assert_int_equal (read->score, 4);
  }
}

/* --- hooks that go too far */

static gboolean
go_too_far (CormSession *session, CormHookPoint point, G_GNUC_UNUSED const CormModel *model, gpointer row,
            gpointer data, G_GNUC_UNUSED GError **error)
{
  Word *word = row;
  if (point == CORM_BEFORE_UPDATE)
    word->word = data;
  else if (point == CORM_AFTER_INSERT)
    word->count = 99;
  else if (point == CORM_AFTER_LOAD)
    return FALSE;
  else
    return corm_session_rollback (session, NULL) || corm_session_merge (Word, session, word, NULL) != NULL;
  return TRUE;
}

static void
hooks_that_go_too_far (Suite *suite)
{
  Word a = { "a", 1 }, b = { "b", 2 };
  assert_ok (word_insert (suite->conn, &a, error));
  assert_ok (word_insert (suite->conn, &b, error));
  {
    g_autoptr (CormSession) session = start (suite);
    corm_session_add_hook (session, CORM_BEFORE_UPDATE, &Word_model, go_too_far, (gpointer) "b");
    Word *word = corm_session_get (Word, session, NULL, .word = "a");
    word->count = 7;
    assert_fails (corm_session_commit (session, error), CORM_ERROR_INVALID, "key");
    assert_int_equal (suite_number (suite->conn, "SELECT count FROM words WHERE word = 'b'"), 2);
  }
  {
    Word c = { "c", 3 };
    g_autoptr (CormSession) session = start (suite);
    corm_session_add_hook (session, CORM_AFTER_INSERT, &Word_model, go_too_far, NULL);
    assert_ok (corm_session_add (Word, session, &c, error));
    assert_fails (corm_session_commit (session, error), CORM_ERROR_INVALID, "BEFORE");
    assert_int_equal (c.count, 3);
  }
  {
    Word d = { "d", 4 };
    g_autoptr (CormSession) session = start (suite);
    corm_session_add_hook (session, CORM_BEFORE_INSERT, &Word_model, go_too_far, NULL);
    assert_ok (corm_session_add (Word, session, &d, error));
    assert_fails (corm_session_commit (session, error), CORM_ERROR_CANCELLED, "words");
  }
  g_autoptr (CormSession) session = start (suite);
  corm_session_add_hook (session, CORM_AFTER_LOAD, &Word_model, go_too_far, NULL);
  for (guint i = 0; i < 2; i++)
    assert_fails (corm_session_get (Word, session, error, .word = "a") != NULL, CORM_ERROR_CANCELLED, NULL);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM words"), 2);
}

static void
a_key_that_is_to_go_is_not_added (Suite *suite)
{
  Word word = { "w", 1 }, other = { "w", 2 };
  g_autoptr (CormSession) session = start (suite);
  assert_ok (corm_session_add (Word, session, &word, error));
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_delete (Word, session, &word, error));
  assert_fails (corm_session_add (Word, session, &other, error), CORM_ERROR_INVALID, "'w'", "flush first");
  assert_ok (corm_session_flush (session, error));
  assert_ok (corm_session_add (Word, session, &other, error));
  assert_ok (corm_session_commit (session, error));
}

/* By its struct the session keeps what a row was before it was changed; of one that came in behind the change it can't. */
static void
what_is_undone_is_not_believed (Suite *suite)
{
  Word word = { "w", 1 };
  g_autoptr (CormSession) session = start (suite);
  assert_ok (corm_session_add (Word, session, &word, error));
  assert_ok (corm_session_commit (session, error));
  word.count = 2;
  assert_ok (corm_session_flush (session, error));
  assert_ok (corm_session_detach (Word, session, &word, error));
  const Word *again = corm_session_get (Word, session, NULL, .word = "w");
  assert_true (again != NULL && again->count == 2);
  assert_ok (corm_session_rollback (session, error));
  assert_ptr_equal (corm_session_get (Word, session, NULL, .word = "w"), again);
  assert_int_equal (again->count, 1);
}

/* Both structs were read within the transaction; which one was the row's before it is known all the same. */
static void
the_struct_from_before_comes_back (Suite *suite)
{
  Word word = { "w", 1 }, again = { "w", 3 }, other = { "o", 1 };
  g_autoptr (CormSession) session = start (suite);
  assert_ok (corm_session_add (Word, session, &word, error));
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_add (Word, session, &other, error));
  assert_ok (corm_session_flush (session, error));
  corm_session_expire (session);
  assert_ptr_equal (corm_session_get (Word, session, NULL, .word = "w"), &word);
  assert_ok (corm_session_delete (Word, session, &word, error));
  assert_ok (corm_session_flush (session, error));
  assert_ok (corm_session_add (Word, session, &again, error));
  assert_ok (corm_session_flush (session, error));
  assert_ok (corm_session_detach (Word, session, &again, error));
  const Word *read = corm_session_get (Word, session, NULL, .word = "w");
  assert_true (read != NULL && read != &word && read->count == 3);
  assert_ok (corm_session_rollback (session, error));
  assert_int_equal (corm_session_get_state (session, read), CORM_ROW_DETACHED);
  assert_ptr_equal (corm_session_get (Word, session, NULL, .word = "w"), &word);
  assert_int_equal (word.count, 1);
}

/* With the slots that it had before, not those of the struct that was deleted. */
static void
a_deleted_row_comes_back_as_it_was (Suite *suite)
{
  gint64 red = add_team (suite->conn, "red"), blue = add_team (suite->conn, "blue");
  gint64 id = add_member (suite->conn, "a", 1, red);
  g_autoptr (CormSession) session = start (suite);
  Member *member = corm_session_get (Member, session, NULL, .id = id);
  Team *team = corm_session_get (Team, session, NULL, .id = blue);
  member->team = team;
  assert_ok (corm_session_delete (Member, session, member, error));
  assert_ok (corm_session_flush (session, error));
  assert_ok (corm_session_rollback (session, error));
  assert_int_equal (corm_session_get_state (session, member), CORM_ROW_CLEAN);
  assert_null (member->team);
  member->team = team;
  assert_int_equal (corm_session_get_state (session, member), CORM_ROW_CHANGED);
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM members"), blue);
}

/* The key that was written is the badge's; the slot is the team's, of which no column was. */
static void
a_slot_of_one_comes_back (Suite *suite)
{
  gint64 red = add_team (suite->conn, "red");
  Badge first = { .motto = "first" }, second = { .motto = "second" };
  g_autoptr (CormSession) session = start (suite);
  Team *team = corm_session_get (Team, session, NULL, .id = red);
  team->badge = &first;
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_add (Badge, session, &second, error));
  assert_ok (corm_session_commit (session, error));
  for (guint i = 0; i < 2; i++) {
    team->badge = &second;
    assert_int_equal (corm_session_get_state (session, team), CORM_ROW_CHANGED);
    assert_ok (corm_session_flush (session, error));
    assert_true (second.team_id.is_set && !first.team_id.is_set);
    assert_ok (corm_session_rollback (session, error));
    assert_ptr_equal (team->badge, &first);
    assert_string_equal (team->name, "red");
    assert_true (first.team_id.is_set && !second.team_id.is_set);
    assert_int_equal (corm_session_get_state (session, team), CORM_ROW_CLEAN);
  }
  team->badge = &second;
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (
      suite_number (suite->conn,
                    "SELECT count(*) FROM badges WHERE team_id IS NOT NULL AND motto = 'second'"),
      1);
  assert_ok (corm_session_rollback (session, error));
  assert_ptr_equal (team->badge, &second);
}

/* What was to be read again still is behind a rollback, which knows what it was before alone. */
static void
an_expired_row_stays_expired (Suite *suite)
{
  gint64 id = add_member (suite->conn, "a", 1, 0);
  g_autoptr (CormSession) session = start (suite);
  Member *member = corm_session_get (Member, session, NULL, .id = id);
  suite_sql (suite->conn, "UPDATE members SET score = 5");
  corm_session_expire (session);
  member->name = "b";
  assert_ok (corm_session_flush (session, error));
  assert_ptr_equal (corm_session_get (Member, session, NULL, .id = id), member);
  assert_int_equal (member->score, 5);
  assert_ok (corm_session_rollback (session, error));
  assert_ptr_equal (corm_session_get (Member, session, NULL, .id = id), member);
  assert_int_equal (member->score, 5);
  assert_string_equal (member->name, "a");
}

static const SuiteCase cases[] = {
  { "a failed batch is told of one row", a_failed_batch_is_told_of_one_row, 0 },
  { "a slot that was set is kept", a_slot_that_was_set_is_kept, 0 },
  { "a slot that was set outlives what is read", a_slot_that_was_set_outlives_what_is_read, 0 },
  { "a struct is added again", a_struct_is_added_again, 0 },
  { "a slot of a freed row is left alone", a_slot_of_a_freed_row_is_left_alone, 0 },
  { "a badge that moved away stays there", a_badge_that_moved_away_stays_there, 0 },
  { "a badge moves as the next one comes", a_badge_moves_as_the_next_one_comes, 0 },
  { "a badge makes room for the next", a_badge_makes_room_for_the_next, 0 },
  { "badges are swapped", badges_are_swapped, 0 },
  { "badges find their teams", badges_find_their_teams, 0 },
  { "text that was read stays", text_that_was_read_stays, 0 },
  { "hooks that go too far", hooks_that_go_too_far, 0 },
  { "a key that is to go is not added", a_key_that_is_to_go_is_not_added, 0 },
  { "what is undone is not believed", what_is_undone_is_not_believed, 0 },
  { "the struct from before comes back", the_struct_from_before_comes_back, 0 },
  { "a deleted row comes back as it was", a_deleted_row_comes_back_as_it_was, 0 },
  { "a slot of one comes back", a_slot_of_one_comes_back, 0 },
  { "an expired row stays expired", an_expired_row_stays_expired, 0 },
};

int
main (void)
{
  return SUITE_RUN (people, cases);
}
