/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One row in, one row out: insert, get, update, delete, upsert, on keys of every kind. */
#include "people.h"

/* --- insert and get */

static void
keys_come_back (Suite *suite)
{
  Team a = { .name = "a" }, b = { .name = "b" }, c = { .id = 1000, .name = "c" }, d = { .name = "d" };
  assert_ok (team_insert (suite->conn, &a, error));
  assert_ok (team_insert (suite->conn, &b, error));
  assert_ok (team_insert (suite->conn, &c, error));
  assert_true (a.id > 0);
  assert_true (b.id > a.id);
  assert_int_equal (c.id, 1000);
  g_autoptr (Team) found = corm_get (Team, suite->conn, NULL, .id = b.id);
  assert_string_equal (found->name, "b");
  suite_sql (suite->conn, "DELETE FROM teams WHERE id = 1000");
  assert_ok (team_insert (suite->conn, &d, error));
  assert_true (d.id > b.id);
}

static void
defaults_come_back (Suite *suite)
{
  Member member = { .name = "x" };
  Seat seat = { .room = 1, .number = 2 }, priced = { .room = 1, .number = 3, .price = CORM_SOME (0) };
  gint64 before = corm_timestamp_now ().us;
  assert_ok (member_insert (suite->conn, &member, error));
  assert_true (ABS (member.joined.us - before) < 60 * G_USEC_PER_SEC);
  assert_ok (seat_insert (suite->conn, &seat, error));
  assert_true (seat.price.is_set);
  assert_int_equal (seat.price.value, 7);
  assert_ok (seat_insert (suite->conn, &priced, error));
  assert_int_equal (priced.price.value, 0);
  g_autoptr (Member) found = corm_get (Member, suite->conn, NULL, .id = member.id);
  assert_int_equal (found->joined.us, member.joined.us);
}

static void
all_members_come_back (Suite *suite)
{
  gint64 team = add_team (suite->conn, "t");
  Member in = { .name = "Zoë 𝄞",
                .email = "z@x.org",
                .level = LEVEL_OLD,
                .score = G_MAXINT32,
                .weight = 0.1 + 0.2,
                .joined = { 1700000000123456 },
                .team_id = CORM_SOME (team) };
  assert_ok (member_insert (suite->conn, &in, error));
  g_autoptr (Member) out = corm_get (Member, suite->conn, NULL, .id = in.id);
  assert_string_equal (out->name, in.name);
  assert_string_equal (out->email, in.email);
  assert_int_equal (out->level, LEVEL_OLD);
  assert_int_equal (out->score, G_MAXINT32);
  assert_true (out->weight == in.weight);
  assert_int_equal (out->joined.us, in.joined.us);
  assert_true (out->team_id.is_set);
  assert_int_equal (out->team_id.value, team);
  assert_null (out->team);
}

static void
a_missing_row_is_not_found (Suite *suite)
{
  assert_fails (corm_get (Team, suite->conn, error, .id = 77), CORM_ERROR_NOT_FOUND, "teams", "77");
  Team team = { .id = 77, .name = "x" };
  assert_fails (team_update (suite->conn, &team, error), CORM_ERROR_NOT_FOUND, "teams", "77");
  assert_fails (team_delete (suite->conn, &team, error), CORM_ERROR_NOT_FOUND, "teams", "77");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 0);
}

/* --- update and delete */

static void
update_writes_all_members (Suite *suite)
{
  gint64 other = add_member (suite->conn, "other", 1, 0);
  Member member = {
    .name = "x", .email = "x@x", .score = 5, .team_id = CORM_SOME (add_team (suite->conn, "t"))
  };
  assert_ok (member_insert (suite->conn, &member, error));
  member = (Member){
    .id = member.id, .name = "y", .weight = -1.5, .level = LEVEL_KNOWN, .joined = { 86400000001 }
  };
  assert_ok (member_update (suite->conn, &member, error));
  g_autoptr (Member) out = corm_get (Member, suite->conn, NULL, .id = member.id);
  assert_string_equal (out->name, "y");
  assert_null (out->email);
  assert_int_equal (out->score, 0);
  assert_true (out->weight == -1.5);
  assert_int_equal (out->level, LEVEL_KNOWN);
  assert_int_equal (out->joined.us, 86400000001);
  assert_false (out->team_id.is_set);
  g_autoptr (Member) untouched = corm_get (Member, suite->conn, NULL, .id = other);
  assert_string_equal (untouched->name, "other");
}

static void
update_of_some_members_leaves_the_rest (Suite *suite)
{
  Member member = { .name = "x", .email = "x@x", .score = 5 };
  assert_ok (member_insert (suite->conn, &member, error));
  Member change = { .id = member.id, .name = "changed", .score = 6, .email = "not sent" };
  assert_ok (corm_update (Member, suite->conn, &change, error, score, name));
  g_autoptr (Member) out = corm_get (Member, suite->conn, NULL, .id = member.id);
  assert_string_equal (out->name, "changed");
  assert_int_equal (out->score, 6);
  assert_string_equal (out->email, "x@x");
  assert_int_equal (out->joined.us, member.joined.us);
}

/* MariaDB counts changed rows where others count found ones. */
/* One prepared statement for one set of members. */
static void
update_takes_members_in_any_order (Suite *suite)
{
  Member member = { .name = "Ann", .score = 1, .weight = 2 }, other = { .name = "Bob", .score = 3 };
  assert_ok (member_insert (suite->conn, &member, error));
  assert_ok (member_insert (suite->conn, &other, error));
  for (gint32 i = 10; i < 13; i++) {
    member.score = i;
    member.weight = 100 + i;
    assert_ok (i == 10 ? corm_update (Member, suite->conn, &member, error, score, weight)
               : i == 11
                   ? corm_update (Member, suite->conn, &member, error, weight, score)
                   : corm_update (Member, suite->conn, &member, error, weight, score, weight, score, score));
    g_autoptr (Member) read = corm_get (Member, suite->conn, NULL, .id = member.id);
    assert_int_equal (read->score, i);
    assert_true (read->weight == 100 + i);
  }
  g_autoptr (Member) untouched = corm_get (Member, suite->conn, NULL, .id = other.id);
  assert_int_equal (untouched->score, 3);
}

static void
update_to_the_same_values_finds_the_row (Suite *suite)
{
  Member member = { .name = "x" };
  assert_ok (member_insert (suite->conn, &member, error));
  assert_ok (member_update (suite->conn, &member, error));
  assert_ok (member_update (suite->conn, &member, error));
  assert_ok (corm_update (Member, suite->conn, &member, error, name));
}

static void
delete_takes_one_row (Suite *suite)
{
  gint64 id = add_team (suite->conn, "a");
  add_team (suite->conn, "b");
  assert_ok (team_delete (suite->conn, &(Team){ .id = id }, error));
  assert_fails (corm_get (Team, suite->conn, error, .id = id), CORM_ERROR_NOT_FOUND, "teams");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams WHERE name = 'b'"), 1);
}

/* --- upsert */

static void
upsert_inserts_and_updates (Suite *suite)
{
  Word word = { .word = "ship", .count = 1 };
  assert_ok (word_upsert (suite->conn, &word, error));
  word.count = 2;
  assert_ok (word_upsert (suite->conn, &word, error));
  assert_ok (word_upsert (suite->conn, &(Word){ .word = "sea", .count = 9 }, error));
  g_autoptr (Word) ship = corm_get (Word, suite->conn, NULL, .word = "ship");
  assert_int_equal (ship->count, 2);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM words"), 2);
}

static void
upsert_with_an_automatic_key (Suite *suite)
{
  Member member = { .name = "first", .email = "e" };
  assert_ok (member_upsert (suite->conn, &member, error));
  assert_true (member.id > 0);
  Member again = { .id = member.id, .name = "second", .joined = member.joined };
  assert_ok (member_upsert (suite->conn, &again, error));
  assert_int_equal (again.id, member.id);
  Member fresh = { .id = member.id + 50, .name = "third" };
  assert_ok (member_upsert (suite->conn, &fresh, error));
  g_autoptr (Member) out = corm_get (Member, suite->conn, NULL, .id = member.id);
  assert_string_equal (out->name, "second");
  assert_null (out->email);
  g_autoptr (Member) third = corm_get (Member, suite->conn, NULL, .id = member.id + 50);
  assert_string_equal (third->name, "third");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM members"), 2);
}

/* MariaDB's ON DUPLICATE KEY UPDATE takes any unique key for the primary one. */
static void
upsert_never_changes_another_row (Suite *suite)
{
  Team a = { .name = "a" }, b = { .name = "b" };
  assert_ok (team_insert (suite->conn, &a, error));
  assert_ok (team_insert (suite->conn, &b, error));
  Team stranger = { .id = b.id + 100, .name = "a" };
  assert_fails (team_upsert (suite->conn, &stranger, error), CORM_ERROR_UNIQUE, "teams");
  Team automatic = { .name = "a" };
  assert_fails (team_upsert (suite->conn, &automatic, error), CORM_ERROR_UNIQUE, "teams");
  Team clash = { .id = b.id, .name = "a" };
  assert_fails (team_upsert (suite->conn, &clash, error), CORM_ERROR_UNIQUE, "teams");
  g_autofree char *names = suite_text (suite->conn, "SELECT count(*) FROM teams");
  assert_string_equal (names, "2");
  g_autoptr (Team) still_a = corm_get (Team, suite->conn, NULL, .id = a.id);
  g_autoptr (Team) still_b = corm_get (Team, suite->conn, NULL, .id = b.id);
  assert_string_equal (still_a->name, "a");
  assert_string_equal (still_b->name, "b");
}

/* --- keys */

static void
a_key_of_two_columns (Suite *suite)
{
  for (gint32 number = 1; number <= 3; number++)
    assert_ok (seat_insert (suite->conn, &(Seat){ .room = 4, .number = number, .holder = "x" }, error));
  assert_fails (seat_insert (suite->conn, &(Seat){ .room = 4, .number = 2 }, error), CORM_ERROR_UNIQUE,
                "seats");
  assert_ok (
      corm_update (Seat, suite->conn, (&(Seat){ .room = 4, .number = 2, .holder = "y" }), error, holder));
  assert_ok (seat_upsert (suite->conn, &(Seat){ .room = 4, .number = 3, .holder = "z" }, error));
  assert_ok (seat_delete (suite->conn, &(Seat){ .room = 4, .number = 1 }, error));
  g_autoptr (Seat) two = corm_get (Seat, suite->conn, NULL, .room = 4, .number = 2);
  g_autoptr (Seat) three = corm_get (Seat, suite->conn, NULL, .room = 4, .number = 3);
  assert_string_equal (two->holder, "y");
  assert_string_equal (three->holder, "z");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM seats"), 2);
  assert_fails (corm_get (Seat, suite->conn, error, .room = 2, .number = 4), CORM_ERROR_NOT_FOUND, "room",
                "number");
}

static void
a_uuid_as_key (Suite *suite)
{
  Tag tag = { .id = corm_uuid_random (), .label = "one" },
      other = { .id = corm_uuid_random (), .label = "two" };
  assert_ok (tag_insert (suite->conn, &tag, error));
  assert_ok (tag_insert (suite->conn, &other, error));
  assert_fails (tag_insert (suite->conn, &tag, error), CORM_ERROR_UNIQUE, "tags");
  tag.label = "three";
  assert_ok (tag_update (suite->conn, &tag, error));
  g_autoptr (Tag) found = tag_get (suite->conn, &tag, NULL);
  assert_memory_equal (&found->id, &tag.id, sizeof tag.id);
  assert_string_equal (found->label, "three");
  assert_ok (tag_delete (suite->conn, &tag, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM tags"), 1);
}

/* Keys are told apart by every byte: case, accents, blanks at the end. */
static void
a_text_as_key (Suite *suite)
{
  static const char *const words[] = {
    "a", "A", "ä", "Ä", "a ", " a", "", "'; --", "\\", "ss", "ß", "ı", "i"
  };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    assert_ok (word_insert (suite->conn, &(Word){ .word = words[i], .count = i }, error));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autoptr (Word) found = corm_get (Word, suite->conn, NULL, .word = words[i]);
    assert_non_null (found);
    assert_string_equal (found->word, words[i]);
    assert_int_equal (found->count, i);
  }
  assert_fails (word_insert (suite->conn, &(Word){ .word = "A" }, error), CORM_ERROR_UNIQUE, "words");
}

/* A row that leaves every column to the database, one by one and many at once. */
static void
a_row_of_nothing_but_its_key (Suite *suite)
{
  Ticket one = { 0 }, many[3] = { { 0 } };
  assert_ok (ticket_insert (suite->conn, &one, error));
  assert_ok (corm_bulk_insert (Ticket, suite->conn, many, G_N_ELEMENTS (many), error));
  assert_int_not_equal (one.id, 0);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM tickets"), 4);
}

/* --- the call itself */

static void
a_model_that_is_not_registered (Suite *suite)
{
  typedef struct {
    gint64 id;
  } Stranger;
  static const CormColumn columns[] = { CORM_COLUMN (Stranger, id, .primary_key = true) };
  static const CormModel Stranger_model = CORM_MODEL (Stranger, "strangers", CORM_COLUMNS (columns));
  Stranger row = { 1 };
  assert_fails (corm_insert_row (&Stranger_model, suite->conn, &row, error), CORM_ERROR_INVALID, "Stranger");
  assert_fails (corm_find (Stranger, suite->conn, error, ), CORM_ERROR_INVALID, "Stranger");
}

static void
a_busy_connection_says_so (Suite *suite)
{
  add_team (suite->conn, "a");
  add_team (suite->conn, "b");
  g_autoptr (CormCursor) cursor = corm_cursor (Team, suite->conn, NULL, );
  assert_non_null (corm_next (Team, cursor, NULL));
  Team team = { .name = "c" };
  assert_fails (team_insert (suite->conn, &team, error), CORM_ERROR_BUSY, "cursor");
  assert_fails (corm_find (Team, suite->conn, error, ), CORM_ERROR_BUSY, "cursor");
  assert_fails (corm_execute (suite->conn, "SELECT 1", NULL, NULL, error), CORM_ERROR_BUSY, "cursor");
  assert_fails (corm_query (suite->conn, "SELECT 1", NULL, error), CORM_ERROR_BUSY, "cursor");
  assert_fails (corm_transaction_begin (suite->conn, CORM_TRANSACTION_DEFAULT, error), CORM_ERROR_BUSY,
                "cursor");
  assert_non_null (corm_next (Team, cursor, NULL));
  assert_null (corm_next (Team, cursor, NULL));
  g_clear_pointer (&cursor, corm_cursor_free);
  assert_ok (team_insert (suite->conn, &team, error));
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "keys come back", keys_come_back, 0 },
    { "defaults come back", defaults_come_back, 0 },
    { "all members come back", all_members_come_back, 0 },
    { "a missing row is not found", a_missing_row_is_not_found, 0 },
    { "update writes all members", update_writes_all_members, 0 },
    { "update takes members in any order", update_takes_members_in_any_order, 0 },
    { "update of some members leaves the rest", update_of_some_members_leaves_the_rest, 0 },
    { "update to the same values finds the row", update_to_the_same_values_finds_the_row, 0 },
    { "delete takes one row", delete_takes_one_row, 0 },
    { "upsert inserts and updates", upsert_inserts_and_updates, 0 },
    { "upsert with an automatic key", upsert_with_an_automatic_key, 0 },
    { "upsert never changes another row", upsert_never_changes_another_row, 0 },
    { "a key of two columns", a_key_of_two_columns, 0 },
    { "a uuid as key", a_uuid_as_key, 0 },
    { "a text as key", a_text_as_key, 0 },
    { "a row of nothing but its key", a_row_of_nothing_but_its_key, 0 },
    { "a model that is not registered", a_model_that_is_not_registered, 0 },
    { "a busy connection says so", a_busy_connection_says_so, 0 },
  };
  return SUITE_RUN (people, cases);
}
