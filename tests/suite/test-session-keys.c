/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many new rows at once, whose keys the database makes: each struct gets the key of its own row, whatever writes between them, or
 * none at all. */
#include "../lib/suite.h"

typedef struct {
  gint64 id;
  const char *text;
  gint32 size;
} Part;

typedef struct {
  gint64 id;
  const char *text;
  CormOptInt64 part_id;
  gint32 version;
  CormTimestamp made;
} Note;

typedef struct {
  const char *word;
  CormOptInt32 weight;
} Mark;

CORM_DECLARE_MODEL (Part, part)
CORM_DECLARE_MODEL (Note, note)
CORM_DECLARE_MODEL (Mark, mark)

static const CormColumn part_columns[] = {
  CORM_COLUMN (Part, id, .primary_key = true),
  CORM_COLUMN (Part, text, .not_null = true, .unique = true, .max_length = 40),
  CORM_COLUMN (Part, size, .check = "size <> 77777"),
};
const CormModel Part_model = CORM_MODEL (Part, "parts", CORM_COLUMNS (part_columns));

static const CormColumn note_columns[] = {
  CORM_COLUMN (Note, id, .primary_key = true),
  CORM_COLUMN (Note, text),
  CORM_COLUMN (Note, part_id),
  CORM_COLUMN (Note, version, .role = CORM_ROLE_VERSION),
  CORM_COLUMN (Note, made, .role = CORM_ROLE_CREATED_AT),
};
const CormModel Note_model = CORM_MODEL (Note, "notes", CORM_COLUMNS (note_columns));

static const CormColumn mark_columns[] = {
  CORM_COLUMN (Mark, word, .primary_key = true, .max_length = 40),
  CORM_COLUMN (Mark, weight, .default_sql = "7"),
};
const CormModel Mark_model = CORM_MODEL (Mark, "marks", CORM_COLUMNS (mark_columns));

static const CormModel *const models[] = { &Part_model, &Note_model, &Mark_model, NULL };

enum { N = 300 };

typedef struct {
  Part parts[N];
  char texts[N][24];
} Parts;

static Parts *
make_parts (const char *prefix)
{
  Parts *made = g_new0 (Parts, 1);
  for (guint i = 0; i < N; i++) {
    g_snprintf (made->texts[i], sizeof made->texts[i], "%s %u", prefix, i);
    made->parts[i] = (Part){ .text = made->texts[i], .size = (gint32) i };
  }
  return made;
}

static void
add_all (CormSession *session, Parts *made)
{
  for (guint i = 0; i < N; i++)
    assert_ok (corm_session_add (Part, session, &made->parts[i], error));
}

/* Each struct's key is that of the row with its text, and all its rows are there. */
static void
check_keys (Suite *suite, const Parts *made)
{
  for (guint i = 0; i < N; i++) {
    g_autoptr (Part) read = corm_get (Part, suite->conn, NULL, .id = made->parts[i].id);
    assert_non_null (read);
    assert_string_equal (read->text, made->texts[i]);
    assert_int_equal (read->size, made->parts[i].size);
  }
}

static void
insert_all (Suite *suite, const char *prefix)
{
  g_autofree Parts *made = make_parts (prefix);
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  add_all (session, made);
  assert_ok (corm_session_commit (session, error));
  check_keys (suite, made);
}

static void
each_row_gets_its_own (Suite *suite)
{
  insert_all (suite, "first");
  insert_all (suite, "second");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM parts"), 2 * N);
}

static void
stamps_come_back_with_them (Suite *suite)
{
  g_autofree Note *notes = g_new0 (Note, N);
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  for (guint i = 0; i < N; i++) {
    notes[i] = (Note){ .text = i % 3 == 0 ? NULL : "seen", .part_id = { i % 2 == 0, i } };
    assert_ok (corm_session_add (Note, session, &notes[i], error));
  }
  assert_ok (corm_session_commit (session, error));
  for (guint i = 0; i < N; i++) {
    g_autoptr (Note) read = corm_get (Note, suite->conn, NULL, .id = notes[i].id);
    assert_int_equal (read->part_id.is_set, i % 2 == 0);
    assert_int_equal (read->part_id.value, i % 2 == 0 ? i : 0);
    assert_true (notes[i].made.us > 0 && read->made.us == notes[i].made.us);
    assert_int_equal (notes[i].version, 1);
    notes[i].text = "seen again";
  }
  assert_ok (corm_session_commit (session, error)); /* it knows them all */
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM notes WHERE version = 2"), N);
}

/* One at the end spoils all: nothing is written and no struct has a key. */
static void
a_bad_row_is_named (Suite *suite)
{
  g_autofree Parts *made = make_parts ("part");
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  made->parts[N - 20].size = 77777;
  add_all (session, made);
  assert_fails (corm_session_commit (session, error), CORM_ERROR_CHECK, "parts");
  assert_ptr_equal (corm_session_get_failed (session, NULL), &made->parts[N - 20]);
  for (guint i = 0; i < N; i++)
    assert_int_equal (made->parts[i].id, 0);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM parts"), 0);
  made->parts[N - 20].size = 5;
  assert_ok (corm_session_commit (session, error));
  check_keys (suite, made);
}

/* --- what SQLite may do between two rows; the tables stay, and so would its triggers */

static void
drop (Suite *suite, const char *trigger)
{
  g_autofree char *sql = g_strconcat ("DROP TRIGGER ", trigger, NULL);
  assert_ok (corm_execute (suite->conn, sql, NULL, NULL, error));
}

static gboolean
is_sqlite (const Suite *suite)
{
  return g_str_has_suffix (suite->backend, "sqlite3");
}

static void
a_trigger_writes_elsewhere (Suite *suite)
{
  if (!is_sqlite (suite))
    suite_leave_out ("the triggers are SQLite's");
  assert_ok (
      corm_execute (suite->conn,
                    "CREATE TRIGGER seen AFTER INSERT ON parts BEGIN INSERT INTO notes (text, part_id, "
                    "version, made) VALUES (new.text, new.id, 1, '2026-01-01 00:00:00'); END",
                    NULL, NULL, error));
  insert_all (suite, "part");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM parts AS p JOIN notes AS n "
                                               "ON n.part_id = p.id AND n.text = p.text"),
                    N);
  drop (suite, "seen");
}

/* Now and then, in the middle, into the same table: the rows behind it have other keys than one would count. */
static void
a_trigger_writes_into_the_same_table (Suite *suite)
{
  if (!is_sqlite (suite))
    suite_leave_out ("the triggers are SQLite's");
  assert_ok (corm_execute (suite->conn,
                           "CREATE TRIGGER twin AFTER INSERT ON parts WHEN new.size % 100 = 50 BEGIN INSERT "
                           "INTO parts (text, size) VALUES (new.text || ' twin', -1); END",
                           NULL, NULL, error));
  insert_all (suite, "part");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM parts WHERE size = -1"), N / 100);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM parts"), N + N / 100);
  drop (suite, "twin");
}

/* As many rows as were sent, but not the same. */
static void
a_trigger_takes_one_away (Suite *suite)
{
  if (!is_sqlite (suite))
    suite_leave_out ("the triggers are SQLite's");
  assert_ok (corm_execute (suite->conn,
                           "CREATE TRIGGER swap AFTER INSERT ON parts WHEN new.size = 120 BEGIN DELETE FROM "
                           "parts WHERE size = 119; END",
                           NULL, NULL, error));
  g_autofree Parts *made = make_parts ("part");
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  add_all (session, made);
  assert_ok (corm_session_commit (session, error));
  for (guint i = 120; i < N; i++) {
    g_autoptr (Part) read = corm_get (Part, suite->conn, NULL, .id = made->parts[i].id);
    assert_string_equal (read->text, made->texts[i]);
  }
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM parts"), N - 1);
  drop (suite, "swap");
}

/* An ignored row and one that a trigger wrote are as many as were sent, with as many keys. */
static void
one_row_more_and_one_less (Suite *suite)
{
  if (!is_sqlite (suite))
    suite_leave_out ("the triggers are SQLite's");
  assert_ok (corm_execute (suite->conn,
                           "CREATE TRIGGER more BEFORE INSERT ON parts WHEN new.size = 130 BEGIN INSERT INTO "
                           "parts (text, size) VALUES ('extra', -1); END",
                           NULL, NULL, error));
  assert_ok (corm_execute (suite->conn,
                           "CREATE TRIGGER less BEFORE INSERT ON parts WHEN new.size = 140 BEGIN SELECT "
                           "RAISE (IGNORE); END",
                           NULL, NULL, error));
  g_autofree Parts *made = make_parts ("part");
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  add_all (session, made);
  assert_fails (corm_session_commit (session, error), CORM_ERROR_CHECK, "inserted nothing");
  assert_ptr_equal (corm_session_get_failed (session, NULL), &made->parts[140]);
  assert_int_equal (made->parts[139].id, 0);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM parts"), 0);
  drop (suite, "less");
  assert_ok (corm_session_commit (session, error));
  check_keys (suite, made);
  drop (suite, "more");
}

/* At the greatest key SQLite takes any that is free. */
static void
keys_are_no_longer_counted (Suite *suite)
{
  if (!is_sqlite (suite))
    suite_leave_out ("the triggers are SQLite's");
  Part last = { .id = G_MAXINT64 - 100, .text = "nearly the last" };
  assert_ok (part_insert (suite->conn, &last, error));
  insert_all (suite, "part");
  assert_int_equal (suite_number (suite->conn, "SELECT count(DISTINCT id) FROM parts"), N + 1);
}

/* Of two tables in one flush. */
static void
two_tables_have_triggers (Suite *suite)
{
  if (!is_sqlite (suite))
    suite_leave_out ("the triggers are SQLite's");
  assert_ok (corm_execute (suite->conn,
                           "CREATE TRIGGER one AFTER INSERT ON parts WHEN new.size = 200 BEGIN INSERT INTO "
                           "parts (text, size) VALUES ('other', -1); END",
                           NULL, NULL, error));
  assert_ok (
      corm_execute (suite->conn,
                    "CREATE TRIGGER two AFTER INSERT ON notes WHEN new.part_id = 200 BEGIN INSERT INTO "
                    "notes (text, version, made) VALUES ('other', 1, '2026-01-01 00:00:00'); END",
                    NULL, NULL, error));
  g_autofree Parts *made = make_parts ("part");
  g_autofree Note *notes = g_new0 (Note, N);
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  add_all (session, made);
  for (guint i = 0; i < N; i++) {
    notes[i] = (Note){ .text = made->texts[i], .part_id = { true, i } };
    assert_ok (corm_session_add (Note, session, &notes[i], error));
  }
  assert_ok (corm_session_commit (session, error));
  check_keys (suite, made);
  for (guint i = 0; i < N; i++) {
    g_autoptr (Note) read = corm_get (Note, suite->conn, NULL, .id = notes[i].id);
    assert_string_equal (read->text, made->texts[i]);
  }
  drop (suite, "one");
  drop (suite, "two");
}

/* --- and PostgreSQL */

static void
keys_run_down (Suite *suite)
{
  if (!g_str_has_suffix (suite->backend, "pgsql"))
    suite_leave_out ("its keys run up");
  assert_ok (
      corm_execute (suite->conn,
                    "ALTER TABLE parts ALTER COLUMN id SET INCREMENT BY -1 SET MINVALUE -1000000 RESTART "
                    "WITH 100000",
                    NULL, NULL, error));
  insert_all (suite, "part");
  assert_ok (corm_execute (suite->conn,
                           "ALTER TABLE parts ALTER COLUMN id SET INCREMENT BY 1 SET MINVALUE 1 RESTART WITH "
                           "200000",
                           NULL, NULL, error));
}

/* The row is not there, and its struct has no key, least of all that of the row before it. */
static void
a_row_that_a_trigger_drops (Suite *suite)
{
  suite_drop_rows ("parts", "new.size = 7");
  Part first = { .text = "kept", .size = 6 }, second = { .text = "dropped", .size = 7 };
  assert_ok (part_insert (suite->conn, &first, error));
  assert_fails (part_insert (suite->conn, &second, error), CORM_ERROR_CHECK, "inserted nothing");
  assert_int_equal (second.id, 0);
  {
    g_autofree Parts *made = make_parts ("part");
    g_autoptr (CormSession) session = corm_session_new (suite->conn);
    add_all (session, made);
    assert_fails (corm_session_commit (session, error), CORM_ERROR_CHECK, "inserted nothing");
    assert_ptr_equal (corm_session_get_failed (session, NULL), &made->parts[7]);
    assert_int_equal (made->parts[8].id, 0);
  }
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM parts"), 1);
  suite_keep_rows ("parts");
}

/* All that the database could tell is in the rows, so that nothing comes back. */
static void
a_row_with_its_key_that_a_trigger_drops (Suite *suite)
{
  static const guint counts[] = { 3, 50, N };
  suite_drop_rows ("parts", "new.size = 2");
  g_autofree Parts *made = make_parts ("part");
  for (guint i = 0; i < N; i++)
    made->parts[i].id = i + 1;
  for (guint few = 0; few < G_N_ELEMENTS (counts); few++) {
    g_autoptr (CormSession) session = corm_session_new (suite->conn);
    for (guint i = 0; i < counts[few]; i++)
      assert_ok (corm_session_add (Part, session, &made->parts[i], error));
    assert_fails (corm_session_commit (session, error), CORM_ERROR_CHECK, "inserted nothing");
    assert_ptr_equal (corm_session_get_failed (session, NULL), &made->parts[2]);
    assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM parts"), 0);
  }
  assert_fails (part_upsert (suite->conn, &made->parts[2], error), CORM_ERROR_CHECK, "inserted nothing");
  suite_keep_rows ("parts");
  assert_ok (part_upsert (suite->conn, &made->parts[2], error));
  assert_ok (part_upsert (suite->conn, &made->parts[2], error));
}

/* The row is there as it was wanted: nothing was left out. */
static void
an_upsert_that_a_trigger_finds_needless (Suite *suite)
{
  gboolean pgsql = g_str_has_suffix (suite->backend, "pgsql");
  if (!pgsql && !is_sqlite (suite))
    suite_leave_out ("its triggers leave no rows out");
  suite_sql (suite->conn,
             pgsql ? "CREATE TRIGGER needless BEFORE UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION "
                     "suppress_redundant_updates_trigger ()"
                   : "CREATE TRIGGER needless BEFORE UPDATE ON parts WHEN new.text = old.text BEGIN SELECT "
                     "RAISE (IGNORE); END");
  Part part = { .id = 7, .text = "seven", .size = 7 };
  for (guint i = 0; i < 2; i++)
    assert_ok (part_upsert (suite->conn, &part, error));
  suite_sql (suite->conn, pgsql ? "DROP TRIGGER needless ON parts" : "DROP TRIGGER needless");
}

/* What comes back has another key than what was sent. */
static void
a_trigger_that_changes_keys (Suite *suite)
{
  gboolean pgsql = g_str_has_suffix (suite->backend, "pgsql");
  if (is_sqlite (suite))
    suite_leave_out ("its triggers change no new row");
  if (pgsql)
    suite_sql (suite->conn, "CREATE FUNCTION lower_word () RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
                            "new.word := lower (new.word); RETURN new; END$$");
  suite_sql (suite->conn,
             pgsql ? "CREATE TRIGGER lower_word BEFORE INSERT ON marks FOR EACH ROW EXECUTE FUNCTION "
                     "lower_word ()"
                   : "CREATE TRIGGER lower_word BEFORE INSERT ON marks FOR EACH ROW SET new.word = "
                     "lower(new.word)");
  Mark marks[] = { { .word = "One" }, { .word = "Two" }, { .word = "three" } };
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    assert_ok (corm_session_add (Mark, session, &marks[i], error));
  assert_ok (corm_session_commit (session, error));
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    assert_int_equal (marks[i].weight.value, 7);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM marks WHERE word IN ('one', 'two')"), 2);
  suite_sql (suite->conn, pgsql ? "DROP TRIGGER lower_word ON marks" : "DROP TRIGGER lower_word");
  if (pgsql)
    suite_sql (suite->conn, "DROP FUNCTION lower_word ()");
}

static void
a_trigger_that_logs_and_drops (Suite *suite)
{
  if (strcmp (suite->backend, "sqlite3") != 0)
    suite_leave_out ("the trigger is SQLite's");
  suite_sql (suite->conn, "CREATE TABLE log (text TEXT)");
  suite_sql (suite->conn,
             "CREATE TRIGGER less BEFORE INSERT ON parts WHEN new.size = 140 BEGIN INSERT INTO log VALUES "
             "('dropped'); SELECT RAISE (IGNORE); END");
  Part part = { .text = "dropped", .size = 140 };
  assert_fails (part_insert (suite->conn, &part, error), CORM_ERROR_CHECK, "inserted nothing");
  assert_int_equal (part.id, 0);
  g_autofree Parts *made = make_parts ("part");
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  add_all (session, made);
  assert_fails (corm_session_commit (session, error), CORM_ERROR_CHECK, "inserted nothing");
  assert_ptr_equal (corm_session_get_failed (session, NULL), &made->parts[140]);
  drop (suite, "less");
  suite_sql (suite->conn, "DROP TABLE log");
}

static const SuiteCase cases[] = {
  { "each row gets its own", each_row_gets_its_own, 0 },
  { "stamps come back with them", stamps_come_back_with_them, 0 },
  { "a bad row is named", a_bad_row_is_named, 0 },
  { "a trigger writes elsewhere", a_trigger_writes_elsewhere, 0 },
  { "a trigger writes into the same table", a_trigger_writes_into_the_same_table, 0 },
  { "a trigger takes one away", a_trigger_takes_one_away, 0 },
  { "one row more and one less", one_row_more_and_one_less, 0 },
  { "keys are no longer counted", keys_are_no_longer_counted, 0 },
  { "two tables have triggers", two_tables_have_triggers, 0 },
  { "keys run down", keys_run_down, 0 },
  { "a row that a trigger drops", a_row_that_a_trigger_drops, 0 },
  { "a row with its key that a trigger drops", a_row_with_its_key_that_a_trigger_drops, 0 },
  { "a trigger that logs and drops", a_trigger_that_logs_and_drops, 0 },
  { "an upsert that a trigger finds needless", an_upsert_that_a_trigger_finds_needless, 0 },
  { "a trigger that changes keys", a_trigger_that_changes_keys, 0 },
};

int
main (void)
{
  return SUITE_RUN (models, cases);
}
