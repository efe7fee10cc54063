/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Columns that Corm keeps by itself: version, times, soft delete, tenant; in every write and every query. */
#include "../lib/suite.h"

typedef struct Folder Folder;
typedef struct {
  gint64 id;
  const char *title;
  gint32 version;
  CormTimestamp created;
  CormTimestamp updated;
  CormOptTimestamp deleted;
  CormOptInt64 folder_id;
  gint64 tenant;
  Folder *folder;
} Note;

struct Folder {
  gint64 id;
  const char *name;
  CormOptTimestamp deleted;
  gint64 tenant;
  CormRows *notes;
};

/* A text tenant, in the key. */
typedef struct {
  const char *tenant;
  gint32 number;
  const char *what;
} Setting;

CORM_DECLARE_MODEL (Note, note)
CORM_DECLARE_MODEL (Folder, folder)
CORM_DECLARE_MODEL (Setting, setting)

static const CormColumn folder_columns[] = {
  CORM_COLUMN (Folder, id, .primary_key = true),
  CORM_COLUMN (Folder, name, .not_null = true),
  CORM_COLUMN (Folder, deleted, .role = CORM_ROLE_DELETED_AT),
  CORM_COLUMN (Folder, tenant, .role = CORM_ROLE_TENANT),
};
static const CormRelation folder_relations[] = { CORM_HAS_MANY (Folder, notes, Note, folder_id) };
const CormModel Folder_model =
    CORM_MODEL (Folder, "folders", CORM_COLUMNS (folder_columns), CORM_RELATIONS (folder_relations));

static const CormColumn note_columns[] = {
  CORM_COLUMN (Note, id, .primary_key = true),
  CORM_COLUMN (Note, title, .not_null = true),
  CORM_COLUMN (Note, version, .role = CORM_ROLE_VERSION),
  CORM_COLUMN (Note, created, .role = CORM_ROLE_CREATED_AT),
  CORM_COLUMN (Note, updated, .role = CORM_ROLE_UPDATED_AT),
  CORM_COLUMN (Note, deleted, .role = CORM_ROLE_DELETED_AT),
  CORM_COLUMN (Note, folder_id, .references = "folders.id"),
  CORM_COLUMN (Note, tenant, .role = CORM_ROLE_TENANT),
};
static const CormRelation note_relations[] = { CORM_BELONGS_TO (Note, folder, Folder, folder_id) };
const CormModel Note_model =
    CORM_MODEL (Note, "notes", CORM_COLUMNS (note_columns), CORM_RELATIONS (note_relations));

static const CormColumn setting_columns[] = {
  CORM_COLUMN (Setting, tenant, .primary_key = true, .role = CORM_ROLE_TENANT, .max_length = 20),
  CORM_COLUMN (Setting, number, .primary_key = true),
  CORM_COLUMN (Setting, what),
};
const CormModel Setting_model = CORM_MODEL (Setting, "settings", CORM_COLUMNS (setting_columns));

static const CormModel *const models[] = { &Folder_model, &Note_model, &Setting_model, NULL };

static Note
add_note (Suite *suite, const char *title)
{
  Note note = { .title = title };
  corm_connection_set_tenant (suite->conn, corm_value_int (1));
  assert_ok (note_insert (suite->conn, &note, error));
  return note;
}

static gint64
count_notes (Suite *suite)
{
  guint64 n = 0;
  assert_ok (corm_count (Note, suite->conn, &n, error));
  return (gint64) n;
}

/* --- version and times */

static void
an_insert_sets_version_and_times (Suite *suite)
{
  CormTimestamp before = corm_timestamp_now ();
  Note note = add_note (suite, "a");
  assert_int_equal (note.version, 1);
  assert_int_equal (note.tenant, 1);
  assert_true (note.created.us >= before.us && note.created.us <= corm_timestamp_now ().us);
  assert_int_equal (note.created.us, note.updated.us);
  g_autoptr (Note) read = corm_get (Note, suite->conn, NULL, .id = note.id);
  assert_int_equal (read->version, 1);
  assert_int_equal (read->created.us, note.created.us);
  assert_int_equal (read->updated.us, note.updated.us);
}

static void
an_update_counts_and_keeps_the_birth (Suite *suite)
{
  Note note = add_note (suite, "a");
  CormTimestamp created = note.created;
  note.title = "b";
  note.created.us = 5;
  g_usleep (10);
  assert_ok (note_update (suite->conn, &note, error));
  assert_int_equal (note.version, 2);
  assert_true (note.updated.us > created.us);
  assert_ok (corm_update (Note, suite->conn, &note, error, title));
  assert_int_equal (note.version, 3);
  g_autoptr (Note) read = corm_get (Note, suite->conn, NULL, .id = note.id);
  assert_int_equal (read->version, 3);
  assert_int_equal (read->created.us, created.us);
  assert_int_equal (read->updated.us, note.updated.us);
  assert_string_equal (read->title, "b");
}

static void
a_stale_row_is_refused (Suite *suite)
{
  Note mine = add_note (suite, "a");
  Note yours = mine;
  g_autofree char *key = g_strdup_printf ("id = '%" G_GINT64_FORMAT "'", mine.id);
  assert_ok (note_update (suite->conn, &yours, error));
  assert_fails (note_update (suite->conn, &mine, error), CORM_ERROR_STALE, "notes", key, "version 2",
                "version 1");
  assert_int_equal (mine.version, 1);
  assert_fails (note_delete (suite->conn, &mine, error), CORM_ERROR_STALE, "notes", key);
  assert_fails (corm_erase_row (&Note_model, suite->conn, &mine, error), CORM_ERROR_STALE, "notes", key);
  mine.id += 1000;
  assert_fails (note_update (suite->conn, &mine, error), CORM_ERROR_NOT_FOUND, "notes");
  assert_ok (note_delete (suite->conn, &yours, error));
}

static void
the_last_version_is_an_error (Suite *suite)
{
  Note note = add_note (suite, "a");
  note.version = G_MAXINT32;
  assert_fails (note_update (suite->conn, &note, error), CORM_ERROR_CONVERSION, "notes.version",
                "2147483647");
}

static void
a_role_cannot_be_updated_by_name (Suite *suite)
{
  Note note = add_note (suite, "a");
  assert_fails (corm_update (Note, suite->conn, &note, error, version), CORM_ERROR_INVALID, "version");
  assert_fails (corm_update (Note, suite->conn, &note, error, tenant), CORM_ERROR_INVALID, "tenant");
}

static void
an_upsert_counts_too (Suite *suite)
{
  Note note = add_note (suite, "a");
  note.version = 77; /* an upsert asks for no version */
  note.title = "b";
  assert_ok (note_upsert (suite->conn, &note, error));
  assert_int_equal (note.version, 2);
  Note fresh = { .id = note.id + 100, .title = "c" };
  assert_ok (note_upsert (suite->conn, &fresh, error));
  assert_int_equal (fresh.version, 1);
  assert_int_equal (count_notes (suite), 2);
}

/* --- soft delete */

static void
a_deleted_row_is_not_there (Suite *suite)
{
  gboolean exists = TRUE;
  Note note = add_note (suite, "a");
  assert_ok (note_delete (suite->conn, &note, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM notes"), 1);
  assert_int_equal (suite_number (suite->conn, "SELECT version FROM notes"), 2);
  assert_int_equal (count_notes (suite), 0);
  assert_ok (corm_exists (Note, suite->conn, &exists, error));
  assert_false (exists);
  assert_fails (corm_get (Note, suite->conn, error, .id = note.id), CORM_ERROR_NOT_FOUND, "notes");
  assert_fails (note_update (suite->conn, &note, error), CORM_ERROR_NOT_FOUND, "notes");
  assert_fails (note_delete (suite->conn, &note, error), CORM_ERROR_NOT_FOUND, "notes");
  g_autoptr (CormRows) none = corm_find (Note, suite->conn, NULL, .where = CORM_EQ (Note, title, "a"));
  assert_int_equal (corm_rows_get_length (none), 0);
  g_autoptr (CormCursor) cursor = corm_cursor (Note, suite->conn, NULL);
  assert_null (corm_next (Note, cursor, NULL));
}

static void
a_deleted_row_comes_back (Suite *suite)
{
  Note note = add_note (suite, "a");
  assert_ok (note_delete (suite->conn, &note, error));
  g_autoptr (CormRows) rows = corm_find (Note, suite->conn, NULL, .with_deleted = true);
  assert_int_equal (corm_rows_get_length (rows), 1);
  Note *found = corm_rows_get (rows, 0);
  assert_true (found->deleted.is_set);
  found->deleted.is_set = false;
  assert_ok (corm_update (Note, suite->conn, found, error, deleted));
  assert_int_equal (count_notes (suite), 1);
}

static void
erasing_deletes (Suite *suite)
{
  Note note = add_note (suite, "a");
  add_note (suite, "b");
  assert_ok (corm_erase_row (&Note_model, suite->conn, &note, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM notes"), 1);
}

static void
deleting_by_predicate_marks (Suite *suite)
{
  guint64 n = 0;
  add_note (suite, "a");
  add_note (suite, "b");
  assert_ok (corm_delete_where (Note, suite->conn, &n, error, .where = CORM_EQ (Note, title, "a")));
  assert_int_equal (n, 1);
  assert_ok (corm_delete_where (Note, suite->conn, &n, error, .where = CORM_EQ (Note, title, "a")));
  assert_int_equal (n, 0);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM notes"), 2);
  assert_int_equal (suite_number (suite->conn, "SELECT version FROM notes WHERE title = 'a'"), 2);
  assert_ok (corm_delete_where (Note, suite->conn, &n, error, .where = CORM_ALL (), .erase = true));
  assert_int_equal (n, 2);
}

static void
relations_do_not_see_deleted_rows (Suite *suite)
{
  corm_connection_set_tenant (suite->conn, corm_value_int (1));
  Folder folder = { .name = "f" };
  assert_ok (folder_insert (suite->conn, &folder, error));
  Note a = { .title = "a", .folder_id = CORM_SOME (folder.id) }, b = a;
  assert_ok (note_insert (suite->conn, &a, error));
  assert_ok (note_insert (suite->conn, &b, error));
  assert_ok (note_delete (suite->conn, &a, error));
  g_autoptr (CormRows) folders = corm_find (Folder, suite->conn, NULL, .with = CORM_WITH (Folder, notes));
  assert_int_equal (corm_rows_get_length (((Folder *) corm_rows_get (folders, 0))->notes), 1);
  assert_ok (folder_delete (suite->conn, &folder, error));
  g_autoptr (CormRows) notes = corm_find (Note, suite->conn, NULL, .with = CORM_WITH (Note, folder));
  assert_null (((Note *) corm_rows_get (notes, 0))->folder);
}

/* --- tenant */

static void
no_tenant_is_an_error (Suite *suite)
{
  guint64 n;
  Note note = { .title = "a" };
  assert_fails (note_insert (suite->conn, &note, error), CORM_ERROR_INVALID, "notes", "tenant",
                "corm_connection_set_tenant");
  assert_fails (corm_count (Note, suite->conn, &n, error), CORM_ERROR_INVALID, "notes", "tenant");
  assert_fails (corm_get (Note, suite->conn, error, .id = 1), CORM_ERROR_INVALID, "notes");
  assert_fails (note_update (suite->conn, &note, error), CORM_ERROR_INVALID, "notes");
  assert_fails (note_delete (suite->conn, &note, error), CORM_ERROR_INVALID, "notes");
  assert_fails (note_upsert (suite->conn, &note, error), CORM_ERROR_INVALID, "notes");
  assert_fails (corm_bulk_insert (Note, suite->conn, &note, 1, error), CORM_ERROR_INVALID, "notes");
  assert_fails (corm_delete_where (Note, suite->conn, NULL, error, .where = CORM_ALL ()), CORM_ERROR_INVALID,
                "notes");
}

static void
another_tenants_rows_are_not_there (Suite *suite)
{
  guint64 n = 0;
  Note note = add_note (suite, "a");
  corm_connection_set_tenant (suite->conn, corm_value_int (2));
  assert_int_equal (count_notes (suite), 0);
  Note foreign = { .id = note.id, .version = note.version, .title = "b" };
  assert_fails (corm_get (Note, suite->conn, error, .id = note.id), CORM_ERROR_NOT_FOUND, "notes");
  assert_fails (note_update (suite->conn, &foreign, error), CORM_ERROR_NOT_FOUND, "notes");
  assert_fails (note_delete (suite->conn, &foreign, error), CORM_ERROR_NOT_FOUND, "notes");
  assert_fails (note_upsert (suite->conn, &foreign, error), CORM_ERROR_UNIQUE, "notes");
  assert_ok (corm_delete_where (Note, suite->conn, &n, error, .where = CORM_ALL (), .erase = true));
  assert_int_equal (n, 0);
  assert_fails (note_insert (suite->conn, &note, error), CORM_ERROR_INVALID, "notes.tenant", "'1'");
  corm_connection_set_tenant (suite->conn, corm_value_int (1));
  assert_int_equal (count_notes (suite), 1);
}

static void
a_bulk_insert_is_stamped (Suite *suite)
{
  Note notes[3] = { { .title = "a" }, { .title = "b" }, { .title = "c" } };
  corm_connection_set_tenant (suite->conn, corm_value_int (3));
  assert_ok (corm_bulk_insert (Note, suite->conn, notes, 3, error));
  g_autoptr (CormRows) rows = corm_find (Note, suite->conn, NULL);
  assert_int_equal (corm_rows_get_length (rows), 3);
  CORM_FOREACH (Note, row, rows) {
    assert_int_equal (row->version, 1);
    assert_int_equal (row->tenant, 3);
    assert_true (row->created.us > 0);
  }
}

static void
a_tenant_in_the_key (Suite *suite)
{
  Setting one = { .number = 1, .what = "mine" }, two = { .number = 1, .what = "yours" };
  char name[] = "acme";
  corm_connection_set_tenant (suite->conn, corm_value_text (name));
  name[0] = 'X'; /* it was copied */
  assert_ok (setting_insert (suite->conn, &one, error));
  corm_connection_set_tenant (suite->conn, corm_value_text ("corp"));
  assert_ok (setting_insert (suite->conn, &two, error));
  g_autoptr (Setting) got = corm_get (Setting, suite->conn, NULL, .number = 1);
  assert_string_equal (got->what, "yours");
  assert_string_equal (got->tenant, "corp");
  got->what = "new";
  assert_ok (setting_update (suite->conn, got, error));
  corm_connection_set_tenant (suite->conn, corm_value_text ("acme"));
  g_autoptr (Setting) other = corm_get (Setting, suite->conn, NULL, .number = 1);
  assert_string_equal (other->what, "mine");
  assert_fails (corm_get (Setting, suite->conn, error, .tenant = "corp", .number = 1), CORM_ERROR_INVALID,
                "settings.tenant", "'corp'");
}

static void
a_tenant_of_another_type_is_an_error (Suite *suite)
{
  guint64 n;
  Note note = { .title = "a" };
  corm_connection_set_tenant (suite->conn, corm_value_text ("acme"));
  assert_fails (corm_count (Note, suite->conn, &n, error), CORM_ERROR_INVALID, "tenant");
  assert_fails (note_insert (suite->conn, &note, error), CORM_ERROR_CONVERSION, "tenant");
  corm_connection_set_tenant (suite->conn, corm_value_text (NULL));
  assert_fails (corm_count (Note, suite->conn, &n, error), CORM_ERROR_INVALID, "no tenant");
}

static void
the_pool_hands_out_no_tenant (Suite *suite)
{
  guint64 n;
  corm_connection_set_tenant (suite->conn, corm_value_int (1));
  g_clear_pointer (&suite->conn, corm_connection_free);
  suite->conn = suite_connect (suite->db);
  assert_fails (corm_count (Note, suite->conn, &n, error), CORM_ERROR_INVALID, "no tenant");
}

/* --- by query, and by another key */

static void
a_query_moves_no_row_to_another_tenant (Suite *suite)
{
  add_note (suite, "a");
  g_autoptr (CormQuery) query = corm_query_where (corm_query_new (&Note_model), CORM_EQ (Note, title, "a"));
  assert_fails (corm_query_update (query, suite->conn, CORM_SETS (CORM_SET (Note, tenant, 2)), NULL, error),
                CORM_ERROR_INVALID, "tenant", "role");
  assert_int_equal (count_notes (suite), 1);
}

static void
an_upsert_by_another_key_knows_the_tenant (Suite *suite)
{
  corm_connection_set_tenant (suite->conn, corm_value_text ("x"));
  for (gint32 i = 0; i < 3; i++) {
    Setting setting = { .number = 7, .what = i == 2 ? "last" : "first" };
    assert_ok (corm_upsert_on (Setting, suite->conn, &setting, error,
                               .key = CORM_MEMBERS (Setting, tenant, number)));
  }
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM settings WHERE what = 'last'"), 1);
}

static void
an_upsert_by_another_key_brings_back (Suite *suite)
{
  Note note = add_note (suite, "a");
  assert_ok (note_delete (suite->conn, &note, error));
  assert_int_equal (count_notes (suite), 0);
  note.title = "b";
  note.deleted.is_set = false;
  assert_ok (corm_upsert_on (Note, suite->conn, &note, error, .key = CORM_MEMBERS (Note, id),
                             .set = CORM_MEMBERS (Note, title)));
  assert_int_equal (count_notes (suite), 1);
  assert_fails (corm_upsert_on (Note, suite->conn, &note, error, .key = CORM_MEMBERS (Note, id),
                                .set = CORM_MEMBERS (Note, tenant)),
                CORM_ERROR_INVALID, "role");
}

static void
marked_rows_come_back_marked (Suite *suite)
{
  add_note (suite, "a");
  add_note (suite, "b");
  g_autoptr (CormRows) rows = NULL, all = NULL;
  g_autoptr (CormQuery) query = corm_query_where (corm_query_new (&Note_model), CORM_EQ (Note, title, "a"));
  assert_ok (corm_query_delete_returning (query, suite->conn, &rows, error));
  assert_int_equal (corm_rows_get_length (rows), 1);
  assert_true (((Note *) corm_rows_get (rows, 0))->deleted.is_set);
  g_autoptr (CormQuery) with = corm_query_with_deleted (corm_query_new (&Note_model));
  assert_ok ((all = corm_query_find (with, suite->conn, error)) != NULL);
  assert_int_equal (corm_rows_get_length (all), 2);
  assert_int_equal (count_notes (suite), 1);
}

/* --- in sessions */

static void
a_session_is_one_tenants (Suite *suite)
{
  Note note = add_note (suite, "a");
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  assert_non_null (corm_session_get (Note, session, NULL, .id = note.id));
  corm_connection_set_tenant (suite->conn, corm_value_int (2));
  assert_fails (corm_session_get (Note, session, error, .id = note.id) != NULL, CORM_ERROR_INVALID, "tenant");
}

/* A row that comes back does not bring others along. */
static void
a_marked_row_stays_marked (Suite *suite)
{
  Note back = add_note (suite, "back"), gone = add_note (suite, "gone");
  assert_ok (note_delete (suite->conn, &back, error));
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  g_autoptr (CormRows) rows = corm_session_find (Note, session, NULL, .with_deleted = true,
                                                 .order = CORM_ORDER (CORM_ASC (Note, id)));
  Note *first = corm_rows_get (rows, 0), *second = corm_rows_get (rows, 1);
  assert_ok (note_delete (suite->conn, &gone, error)); /* by somebody else */
  first->deleted.is_set = false;
  second->title = "changed";
  assert_fails (corm_session_commit (session, error), CORM_ERROR_NOT_FOUND, "notes");
  assert_ptr_equal (corm_session_get_failed (session, NULL), second);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM notes WHERE title = 'changed'"), 0);
}

static const SuiteCase cases[] = {
  { "an insert sets version and times", an_insert_sets_version_and_times, 0 },
  { "an update counts the version and keeps the birth", an_update_counts_and_keeps_the_birth, 0 },
  { "a stale row is refused, by its key", a_stale_row_is_refused, 0 },
  { "the last version is an error", the_last_version_is_an_error, 0 },
  { "a role cannot be updated by name", a_role_cannot_be_updated_by_name, 0 },
  { "an upsert counts too", an_upsert_counts_too, 0 },
  { "a deleted row is not there", a_deleted_row_is_not_there, 0 },
  { "a deleted row comes back", a_deleted_row_comes_back, 0 },
  { "erasing deletes", erasing_deletes, 0 },
  { "deleting by predicate marks", deleting_by_predicate_marks, 0 },
  { "relations do not see deleted rows", relations_do_not_see_deleted_rows, 0 },
  { "no tenant is an error", no_tenant_is_an_error, 0 },
  { "another tenant's rows are not there", another_tenants_rows_are_not_there, 0 },
  { "a bulk insert is stamped", a_bulk_insert_is_stamped, 0 },
  { "a tenant in the key", a_tenant_in_the_key, 0 },
  { "a tenant of another type is an error", a_tenant_of_another_type_is_an_error, 0 },
  { "the pool hands out no tenant", the_pool_hands_out_no_tenant, 0 },
  { "a query moves no row to another tenant", a_query_moves_no_row_to_another_tenant, 0 },
  { "an upsert by another key knows the tenant", an_upsert_by_another_key_knows_the_tenant, 0 },
  { "an upsert by another key brings a row back", an_upsert_by_another_key_brings_back, 0 },
  { "marked rows come back marked", marked_rows_come_back_marked, 0 },
  { "a session is one tenant's", a_session_is_one_tenants, 0 },
  { "a marked row stays marked", a_marked_row_stays_marked, 0 },
};

int
main (void)
{
  return SUITE_RUN (models, cases);
}
