/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a session keeps while rows change: text that one row took from another, rows that nobody asked it to write, slots of rows that
 * are gone. */
#include "people.h"

typedef struct {
  gint64 id;
  const char *code;
} Land;
typedef struct {
  gint64 id;
  const char *code;
  gint32 size;
  Land *land;
} City;

CORM_DECLARE_MODEL (Land, land)
CORM_DECLARE_MODEL (City, city)

static const CormColumn land_columns[] = {
  CORM_COLUMN (Land, id, .primary_key = true),
  CORM_COLUMN (Land, code, .not_null = true, .unique = true, .max_length = 10),
};
const CormModel Land_model = CORM_MODEL (Land, "lands", CORM_COLUMNS (land_columns));

static const CormColumn city_columns[] = {
  CORM_COLUMN (City, id, .primary_key = true),
  CORM_COLUMN (City, code, .max_length = 10, .references = "lands.code", .on_delete = CORM_CASCADE),
  CORM_COLUMN (City, size),
};
static const CormRelation city_relations[] = { CORM_BELONGS_TO (City, land, Land, code) };
const CormModel City_model =
    CORM_MODEL (City, "cities", CORM_COLUMNS (city_columns), CORM_RELATIONS (city_relations));

static const CormModel *const models[] = { &Badge_model, &Team_model, &Member_model, &Word_model,
                                           &Land_model,  &City_model, NULL };

/* --- text */

enum { LONG = 3000 }; /* bytes: an image with it has its memory for itself */

/* Two rows of the session's, the first with a long motto. */
static CormSession *
start_with_text (Suite *suite, Badge **a, Badge **b)
{
  g_autofree char *text = g_strnfill (LONG, 'a');
  Badge rows[2] = { { .motto = text }, { .motto = "short" } };
  for (guint i = 0; i < 2; i++)
    assert_ok (badge_insert (suite->conn, &rows[i], error));
  CormSession *session = corm_session_new (suite->conn);
  *a = corm_session_get (Badge, session, NULL, .id = rows[0].id);
  *b = corm_session_get (Badge, session, NULL, .id = rows[1].id);
  return session;
}

static void
check_motto (Suite *suite, const Badge *badge)
{
  g_autofree char *sql = g_strdup_printf ("SELECT motto FROM badges WHERE id = %d", (int) badge->id);
  g_autofree char *text = suite_text (suite->conn, sql), *want = g_strnfill (LONG, 'a');
  assert_string_equal (text, want);
}

static void
text_goes_to_another_row (Suite *suite)
{
  Badge *a, *b;
  g_autoptr (CormSession) session = start_with_text (suite, &a, &b);
  b->motto = a->motto;
  suite_sql (suite->conn, "UPDATE badges SET motto = NULL");
  assert_ok (corm_session_refresh (Badge, session, a, error));
  assert_ok (corm_session_commit (session, error));
  check_motto (suite, b);
}

/* Each is made anew by the flush that takes its text away, or gives it one. */
static void
text_is_passed_on (Suite *suite)
{
  Badge *a, *b;
  g_autoptr (CormSession) session = start_with_text (suite, &a, &b);
  for (guint i = 0; i < 4; i++) {
    const char *text = a->motto;
    a->motto = b->motto;
    b->motto = text;
    assert_ok (corm_session_flush (session, error));
    assert_int_equal (corm_session_get_state (session, a), CORM_ROW_CLEAN);
    assert_int_equal (corm_session_get_state (session, b), CORM_ROW_CLEAN);
  }
  assert_ok (corm_session_commit (session, error));
  check_motto (suite, a);
}

/* A row that holds another's text, like the one that it had, is unchanged, and goes on without the other. */
static void
equal_text_is_its_own (Suite *suite)
{
  Badge *a, *b;
  g_autoptr (CormSession) session = start_with_text (suite, &a, &b);
  b->motto = a->motto;
  assert_ok (corm_session_commit (session, error));
  b->motto = a->motto;
  a->motto = "other";
  assert_ok (corm_session_commit (session, error));
  a->motto = "another";
  assert_ok (corm_session_commit (session, error));
  check_motto (suite, b);
  assert_int_equal (corm_session_get_state (session, b), CORM_ROW_CLEAN);
  assert_int_equal (strlen (b->motto), LONG);
}

/* What flowed into a row of the program's is gone with the session. */
static void
a_key_that_flowed_is_taken_back (Suite *suite)
{
  Land land = { .code = "de" };
  City city = { .size = 1, .land = &land };
  CormSession *session = corm_session_new (suite->conn);
  assert_ok (corm_session_add (Land, session, &land, error));
  assert_ok (corm_session_add (City, session, &city, error));
  assert_ok (corm_session_flush (session, error));
  assert_string_equal (city.code, "de");
  assert_ok (corm_session_rollback (session, error));
  corm_session_free (session);
  assert_null (city.code);
}

/* --- rows that nobody asked for */

static void
a_failed_flush_leaves_no_rows (Suite *suite)
{
  suite_sql (suite->conn, "INSERT INTO words (word, count) VALUES ('w', 1)");
  Team team = { .name = "unwanted" };
  Member member = { .name = "m", .team = &team };
  Word twin = { .word = "w" };
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  assert_ok (corm_session_add (Member, session, &member, error));
  assert_ok (corm_session_add (Word, session, &twin, error));
  assert_fails (corm_session_flush (session, error), CORM_ERROR_UNIQUE, "words");
  assert_int_equal (corm_session_get_state (session, &team), CORM_ROW_DETACHED);
  assert_ptr_equal (corm_session_get_failed (session, NULL), &twin);
  assert_ok (corm_session_detach (Word, session, &twin, error));
  assert_null (corm_session_get_failed (session, NULL));
  assert_ok (corm_session_detach (Member, session, &member, error));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams"), 0);
}

static void
a_failed_merge_changes_nothing (Suite *suite)
{
  Member row = { .name = "old" };
  assert_ok (member_insert (suite->conn, &row, error));
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  Member *member = corm_session_get (Member, session, NULL, .id = row.id);
  Member form = { .id = row.id, .name = "half", .level = 77 };
  assert_fails (corm_session_merge (Member, session, &form, error) != NULL, CORM_ERROR_CONVERSION, "members");
  assert_string_equal (member->name, "old");
  assert_int_equal (corm_session_get_state (session, member), CORM_ROW_CLEAN);
}

static gboolean
give_a_team (G_GNUC_UNUSED CormSession *session, G_GNUC_UNUSED CormHookPoint point,
             G_GNUC_UNUSED const CormModel *model, gpointer row, gpointer data, G_GNUC_UNUSED GError **error)
{
  ((Member *) row)->team = data;
  return TRUE;
}

static void
a_hook_sets_no_slot (Suite *suite)
{
  Team team = { .name = "red" };
  Member member = { .name = "m" };
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  corm_session_add_hook (session, CORM_BEFORE_INSERT, &Member_model, give_a_team, &team);
  assert_ok (corm_session_add (Team, session, &team, error));
  assert_ok (corm_session_add (Member, session, &member, error));
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "Member.team", "hook");
  assert_null (member.team);
}

static void
slots_must_not_contradict (Suite *suite)
{
  Team red = { .name = "red" }, blue = { .name = "blue" };
  Badge badge = { .motto = "m", .team = &blue };
  red.badge = &badge;
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  assert_ok (corm_session_add (Team, session, &red, error));
  assert_ok (corm_session_add (Team, session, &blue, error));
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "Team.badge", "own slot", "team");
  badge.team = NULL;
  blue.badge = &badge;
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "Team.badge", "two rows");
  red.badge = NULL;
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges"), blue.id);
}

/* By its own slot a badge comes back to the team whose slot another one has now, though its key was set to a third in between. */
static void
two_badges_of_one_team (Suite *suite)
{
  Team red = { .name = "red" }, blue = { .name = "blue" };
  Badge sun = { .motto = "sun" }, star = { .motto = "star" };
  red.badge = &sun;
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  assert_ok (corm_session_add (Team, session, &red, error));
  assert_ok (corm_session_add (Team, session, &blue, error));
  assert_ok (corm_session_commit (session, error));
  red.badge = &star;
  sun.team_id.value = blue.id;
  sun.team = &red;
  assert_fails (corm_session_flush (session, error), CORM_ERROR_UNIQUE, "badges");
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'sun'"), red.id);
  sun.team = &blue;
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'sun'"), blue.id);
  assert_int_equal (suite_number (suite->conn, "SELECT team_id FROM badges WHERE motto = 'star'"), red.id);
}

/* --- rows that are gone */

static void
a_rollback_empties_slots (Suite *suite)
{
  gint64 red = add_team (suite->conn, "red");
  Badge *badge = g_new0 (Badge, 1);
  Member *member = g_new0 (Member, 1);
  badge->team_id = member->team_id = (CormOptInt64){ .is_set = true, .value = red };
  member->name = "m";
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  Team *team = corm_session_get (Team, session, NULL, .id = red);
  assert_ok (corm_session_add (Badge, session, badge, error));
  assert_ok (corm_session_add (Member, session, member, error));
  assert_ok (corm_session_flush (session, error));
  g_autoptr (CormRows) rows = NULL;
  assert_ok ((rows = corm_session_find (Team, session, error, .with = CORM_WITH (Team, badge, members))) !=
             NULL);
  assert_ptr_equal (team->badge, badge);
  assert_ptr_equal (corm_rows_get (team->members, 0), member);
  assert_ok (corm_session_rollback (session, error));
  assert_null (team->badge);
  assert_null (team->members);
  g_free (badge);
  g_free (member);
  team->name = "blue";
  assert_ok (corm_session_commit (session, error));
}

static void
a_deleted_row_leaves_its_slot (Suite *suite)
{
  Team red = { .name = "red" };
  Badge badge = { .motto = "m" };
  red.badge = &badge;
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  assert_ok (corm_session_add (Team, session, &red, error));
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_delete (Badge, session, &badge, error));
  assert_ok (corm_session_flush (session, error));
  assert_null (red.badge);
  assert_ok (corm_session_rollback (session, error));
  assert_ptr_equal (red.badge, &badge);
  assert_int_equal (corm_session_get_state (session, &badge), CORM_ROW_CLEAN);
}

/* The key that it goes by is no primary key. */
static void
a_cascade_over_a_unique_column (Suite *suite)
{
  Land land = { .code = "de" }, other = { .code = "fr" };
  City city = { .size = 1, .land = &land }, stays = { .size = 2, .land = &other };
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  assert_ok (corm_session_add (City, session, &city, error));
  assert_ok (corm_session_add (City, session, &stays, error));
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_delete (Land, session, &land, error));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM cities"), 1);
  assert_int_equal (corm_session_get_state (session, &city), CORM_ROW_DETACHED);
  assert_int_equal (corm_session_get_state (session, &stays), CORM_ROW_CLEAN);
}

/* --- a transaction that something else ended */

/* Only MariaDB commits behind the back of a transaction, at every CREATE TABLE; the others roll back what they are told to. */
static void
a_rollback_that_comes_too_late (Suite *suite)
{
  Word word = { .word = "w", .count = 1 };
  assert_ok (word_insert (suite->conn, &word, error));
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  Word *row = corm_session_get (Word, session, NULL, .word = "w");
  row->count = 2;
  assert_ok (corm_session_flush (session, error));
  suite_sql (suite->conn, "CREATE TABLE too_late (i INT)");
  if (corm_connection_get_link (suite->conn)->driver->in_transaction == NULL ||
      corm_connection_get_link (suite->conn)
          ->driver->in_transaction (corm_connection_get_link (suite->conn))) {
    assert_ok (corm_session_rollback (session, error));
    assert_int_equal (row->count, 1);
    assert_int_equal (suite_number (suite->conn, "SELECT count FROM words"), 1);
    return;
  }
  assert_fails (corm_session_rollback (session, error), CORM_ERROR_INVALID, "no longer knows",
                "CREATE TABLE");
  row->count = 1;
  assert_fails (corm_session_commit (session, error), CORM_ERROR_INVALID, "free the session");
  assert_int_equal (suite_number (suite->conn, "SELECT count FROM words"), 2);
}

static const SuiteCase cases[] = {
  { "text goes to another row", text_goes_to_another_row, 0 },
  { "text is passed on", text_is_passed_on, 0 },
  { "equal text is its own", equal_text_is_its_own, 0 },
  { "a key that flowed is taken back", a_key_that_flowed_is_taken_back, 0 },
  { "a failed flush leaves no rows", a_failed_flush_leaves_no_rows, 0 },
  { "a failed merge changes nothing", a_failed_merge_changes_nothing, 0 },
  { "a hook sets no slot", a_hook_sets_no_slot, 0 },
  { "slots must not contradict", slots_must_not_contradict, 0 },
  { "two badges of one team", two_badges_of_one_team, 0 },
  { "a rollback empties slots", a_rollback_empties_slots, 0 },
  { "a deleted row leaves its slot", a_deleted_row_leaves_its_slot, 0 },
  { "a cascade over a unique column", a_cascade_over_a_unique_column, 0 },
  { "a rollback that comes too late", a_rollback_that_comes_too_late, 0 },
};

int
main (void)
{
  return SUITE_RUN (models, cases);
}
