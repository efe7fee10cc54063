/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A role that may change rows and nothing else: the models fit and nothing is to be done; a migration under it is refused,
 * says which right is missing, and changes nothing; the role that owns the tables then does it. (What such a role does
 * with rows: tests/two-roles.) */
#include "../lib/fresh.h"

#include "../lib/folder.h"

typedef struct {
  gint64 id;
  const char *title;
  gint32 pages;
} Book;

typedef struct {
  gint64 id;
  const char *name;
} Shelf;

static const CormColumn book_columns[] = {
  CORM_COLUMN (Book, id, .primary_key = true),
  CORM_COLUMN (Book, title, .max_length = 50),
  CORM_COLUMN (Book, pages, .default_value = "0"),
};
static const CormModel Book_before = {
  .type = "Book", .table = "books", .size = offsetof (Book, pages), .columns = book_columns, .n_columns = 2
};
static const CormModel Book_model = CORM_MODEL (Book, "books", CORM_COLUMNS (book_columns));
static const CormIndex book_indexes[] = { { .name = "i_title", .columns = "title" } };
static const CormModel Book_indexed = { .type = "Book",
                                        .table = "books",
                                        .size = offsetof (Book, pages),
                                        .columns = book_columns,
                                        .n_columns = 2,
                                        .indexes = book_indexes,
                                        .n_indexes = 1 };
static const CormColumn shelf_columns[] = {
  CORM_COLUMN (Shelf, id, .primary_key = true),
  CORM_COLUMN (Shelf, name),
};
static const CormModel Shelf_model = CORM_MODEL (Shelf, "shelves", CORM_COLUMNS (shelf_columns));

static const CormModel *const before[] = { &Book_before, NULL };
static const CormModel *const with_column[] = { &Book_model, NULL };
static const CormModel *const with_index[] = { &Book_indexed, NULL };
static const CormModel *const with_table[] = { &Book_before, &Shelf_model, NULL };
static const CormModel *const none[] = { &Shelf_model, NULL };

static CormDb *
open_with (const char *uri, const CormModel *const *models)
{
  CormDb *db = NULL;
  CormRegistry *registry = NULL;
  assert_ok ((registry = corm_registry_new_array (models, error)) != NULL);
  assert_ok ((db = corm_db_open (uri, registry, error)) != NULL);
  corm_registry_free (registry);
  return db;
}

/* All that there is, as text; free with g_free(). */
static char *
state_of (const char *uri)
{
  g_autoptr (CormDb) db = NULL;
  g_autoptr (CormConnection) conn = NULL;
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  g_autofree char *json = corm_schema_to_json (schema);
  g_autofree char *rows = fresh_text (conn, "SELECT count(*) FROM books");
  return g_strconcat (json, rows, NULL);
}

/* Both URIs; skips where there are no roles. */
static void
make_books (void **state, char **owner, char **app)
{
  *owner = fresh_uri (state);
  *app = NULL;
  g_autoptr (CormDb) db = open_with (*owner, before);
  assert_ok (corm_db_migrate (db, NULL, error));
  *app = places_lend (fresh_places[GPOINTER_TO_UINT (*state)], *owner);
  if (strcmp (*app, *owner) != 0)
    return;
  g_clear_pointer (&db, corm_db_free);
  g_free (*owner);
  g_free (*app);
  print_message ("# skip SQLite has no roles\n");
  skip ();
}

static void
assert_denied (const GError *error, const char *const *words)
{
  if (error == NULL || error->code != CORM_ERROR_DENIED)
    fail_msg ("%s", error != NULL ? error->message : "no error");
  for (; *words != NULL; words++)
    if (strstr (error->message, *words) != NULL)
      return;
  fail_msg ("the message names no right: %s", error->message);
}

/* Without DDL in transactions, tables are compared as the server writes them down, in a scratch table: the role needs CREATE
 * for that. */
static gboolean
compares_aside (CormDb *db)
{
  g_autoptr (CormConnection) conn = NULL;
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  return (fresh_caps (conn) & CORM_CAP_TRANSACTIONAL_DDL) == 0;
}

static void
assert_plan (CormDb *db)
{
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_db_plan (db, error)) != NULL);
  assert_true (corm_plan_get_n_changes (plan) > 0);
}

static void
a_migration_is_refused (void **state)
{
  static const struct {
    const CormModel *const *models;
    const char *words[4];
  } cases[] = {
    { with_column, { "owner of table books", "CREATE command denied" } },
    { with_index, { "owner of table books", "CREATE command denied" } },
    { with_table, { "permission denied for schema", "CREATE command denied" } },
  };
  g_autofree char *owner = NULL, *app = NULL;
  make_books (state, &owner, &app);
  g_autofree char *was = state_of (owner);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) denied = NULL;
    g_autoptr (CormDb) db = open_with (app, cases[i].models);
    if (!compares_aside (db))
      assert_plan (db);
    assert_false (corm_db_migrate (db, NULL, &denied));
    assert_denied (denied, cases[i].words);
    g_autofree char *is = state_of (owner);
    assert_string_equal (is, was);
  }
  g_autoptr (CormDb) db = open_with (owner, with_column);
  assert_ok (corm_db_migrate (db, NULL, error));
}

/* As a program finds at its start. */
static void
nothing_is_to_be_done (void **state)
{
  g_autofree char *owner = NULL, *app = NULL;
  make_books (state, &owner, &app);
  static const char *const words[] = { "CREATE command denied", NULL };
  g_autoptr (GError) denied = NULL;
  g_autoptr (CormDb) db = open_with (app, before);
  if (compares_aside (db))
    assert_denied (corm_db_migrate (db, NULL, &denied) ? NULL : denied, words);
  else
    assert_ok (corm_db_migrate (db, NULL, error));
}

/* Versioned migrations. */
static void
an_upgrade_is_refused (void **state)
{
  static const char *const words[] = { "permission denied", "denied to user", "owner of", NULL };
  g_autofree char *owner = NULL, *app = NULL, *folder = NULL;
  make_books (state, &owner, &app);
  folder = folder_new ();
  folder_write (folder, "0001_shelves.sql",
                "CREATE TABLE shelves (id INTEGER NOT NULL PRIMARY KEY, name TEXT);\n");
  g_autofree char *was = state_of (owner);
  g_autoptr (CormMigrations) set = NULL;
  assert_ok ((set = corm_migrations_open_folder (folder, error)) != NULL);
  {
    g_autoptr (GError) denied = NULL;
    g_autoptr (CormDb) db = open_with (app, none);
    assert_false (corm_migrations_upgrade (set, db, "head", NULL, &denied));
    assert_denied (denied, words);
  }
  g_autofree char *is = state_of (owner);
  assert_string_equal (is, was);
  g_autoptr (CormDb) db = open_with (owner, none);
  assert_ok (corm_migrations_upgrade (set, db, "head", NULL, error));
  folder_free (g_steal_pointer (&folder));
}

/* The table that the option token wants: made beforehand, or the error says so. */
static gboolean
do_nothing (G_GNUC_UNUSED CormConnection *conn, G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED GError **error)
{
  return TRUE;
}

static void
tokens_want_a_table (void **state)
{
  static const char *const words[] = { "corm_transactions", NULL };
  const CormTransactOptions token = { .token = true };
  g_autofree char *owner = NULL, *app = NULL;
  make_books (state, &owner, &app);
  g_autoptr (GError) denied = NULL;
  g_autoptr (CormDb) as_app = open_with (app, before);
  g_autoptr (CormDb) as_owner = open_with (owner, before);
  assert_false (corm_transact (as_app, do_nothing, NULL, &token, &denied));
  assert_denied (denied, words);
  assert_ok (corm_transact (as_owner, do_nothing, NULL, &token, error));
  g_free (places_lend (fresh_places[GPOINTER_TO_UINT (*state)], owner));
  assert_ok (corm_transact (as_app, do_nothing, NULL, &token, error));
}

int
main (void)
{
  const struct CMUnitTest tests[] = { FRESH (a_migration_is_refused), FRESH (nothing_is_to_be_done),
                                      FRESH (an_upgrade_is_refused), FRESH (tokens_want_a_table) };
  return cmocka_run_group_tests_name ("app role", tests, NULL, fresh_end);
}
