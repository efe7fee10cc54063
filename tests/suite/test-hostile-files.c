/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite files with damaged pages: CORM_TEST_DAMAGE files (100) from CORM_TEST_SEED (1) are inspected, examined, read into
 * structs, exported, compared and ported, each in a process of its own. None crashes or hangs; what fails says of which
 * file or table, and leaves the port's target as it was; what succeeds has moved every row that SQLite reads. */
#include "config.h"

#include "../lib/suite.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 60, N_ROWS = 300, N_NOTES = 39, DONE = 0, REFUSED = 10, FEWER = 11, UNSEEN = 12 };

typedef struct {
  gint64 id;
  const char *name;
  double weight;
  CormBytes data;
} Thing;

static const CormColumn thing_columns[] = {
  CORM_COLUMN (Thing, id, .primary_key = true),
  CORM_COLUMN (Thing, name),
  CORM_COLUMN (Thing, weight),
  CORM_COLUMN (Thing, data),
};
static const CormModel Thing_model = CORM_MODEL (Thing, "things", CORM_COLUMNS (thing_columns));

static char *folder;
static const CormDbOptions roomy = { .pool_size = 4 };

static guint
number_from (const char *variable, guint otherwise)
{
  const char *text = g_getenv (variable);
  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

/* --- in the process of one file ------------------------------------------------------------------------------------- */

static void give_up (const char *what, const char *words) G_GNUC_NORETURN;

static void
give_up (const char *what, const char *words)
{
  g_printerr ("# %s: %s\n", what, words);
  _exit (1);
}

/* Whether it was refused; then the message is one of ours, on one line, and says where. */
static gboolean
refused (const char *what, gboolean ok, GError **error)
{
  if (ok && *error == NULL)
    return FALSE;
  if (ok || *error == NULL)
    give_up (what, "an error and a result, or neither");
  if ((*error)->domain != CORM_ERROR)
    give_up (what, (*error)->message);
  static const char *const things[] = { "things",
                                        "parts",
                                        "odd",
                                        "damaged.db",
                                        "notes",
                                        "v_things",
                                        "the file is damaged",
                                        "structure of the database",
                                        "sqlite_schema" };
  gboolean named = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    named |= strstr ((*error)->message, things[i]) != NULL;
  if (!named || strchr ((*error)->message, '\n') != NULL)
    give_up (what, (*error)->message);
  g_clear_error (error);
  return TRUE;
}

static void
read_structs (CormDb *db, CormConnection *conn)
{
  GError *error = NULL;
  const CormFind all = { 0 };
  g_autoptr (CormCursor) cursor = corm_cursor_rows (&Thing_model, conn, &error, &all);
  const Thing *thing;
  gsize size = 0;
  while (cursor != NULL && (thing = corm_cursor_next_row (cursor, &Thing_model, &error)) != NULL)
    size += (thing->name != NULL ? strlen (thing->name) : 0) + thing->data.size;
  g_assert (db != NULL && size < G_MAXSIZE);
  refused ("read", error == NULL, &error);
}

/* The state of the database that was there before; free with g_free(). */
static char *
state_of (CormConnection *conn)
{
  GError *error = NULL;
  g_autoptr (CormSchema) schema = corm_schema_inspect (conn, &error);
  if (schema == NULL)
    give_up ("the target", error->message);
  g_autofree char *json = corm_schema_to_json (schema);
  g_autofree char *rows = suite_text (conn, "SELECT group_concat(a) FROM kept");
  return g_strconcat (json, rows, NULL);
}

static gboolean
is_damaged (CormConnection *conn)
{
  GError *error = NULL;
  g_autoptr (CormDiagnosis) diagnosis = corm_doctor (conn, NULL, &error);
  if (refused ("doctor", diagnosis != NULL, &error))
    return TRUE;
  for (guint i = 0; i < diagnosis->ailments->len; i++)
    if (((const CormAilment *) diagnosis->ailments->pdata[i])->kind == CORM_AILMENT_DAMAGE)
      return TRUE;
  return diagnosis->unseen->len > 0;
}

static gint64
count_of (const CormPortReport *report, const char *table)
{
  for (guint i = 0; i < report->tables->len; i++)
    if (strcmp (((const CormTableReport *) report->tables->pdata[i])->table, table) == 0)
      return (gint64) ((const CormTableReport *) report->tables->pdata[i])->target_rows;
  return -1;
}

/* As SQLite reads them; -1: there is no such table. */
static gint64
rows_of (CormDb *db, const char *table)
{
  g_autoptr (CormConnection) conn = corm_db_connect (db, NULL);
  g_autofree char *sql =
      g_strdup_printf ("SELECT count(*) FROM (SELECT *, random() FROM %s NOT INDEXED)", table);
  g_autoptr (CormCursor) cursor = conn != NULL ? corm_query (conn, sql, NULL, NULL) : NULL;
  return cursor != NULL && corm_cursor_next (cursor, NULL) ? corm_cursor_get_value (cursor, 0)->i : -1;
}

static int
port_it (CormDb *db, gboolean damaged)
{
  GError *error = NULL;
  g_autofree char *path = g_build_filename (folder, "target.db", NULL);
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_unlink (path);
  g_autoptr (CormDb) target = corm_db_open_full (uri, NULL, &roomy, &error);
  g_autoptr (CormConnection) conn = target != NULL ? corm_db_connect (target, &error) : NULL;
  if (conn == NULL)
    give_up ("the target", error->message);
  suite_sql (conn, "CREATE TABLE kept (a integer)");
  suite_sql (conn, "INSERT INTO kept VALUES (1), (2)");
  g_autofree char *was = state_of (conn);
  const CormPortOptions options = { .verify = true };
  g_autoptr (CormPortReport) report = corm_port (db, target, &options, &error);
  if (refused ("port", report != NULL, &error) || !report->equal) { /* its own proof has found a difference */
    g_autofree char *is = state_of (conn);
    if (strcmp (was, is) != 0)
      give_up ("port", "it was refused, and the target is not as before");
    return REFUSED;
  }
  static const struct {
    const char *table;
    gint64 n;
  } made[] = { { "things", N_ROWS }, { "parts", N_ROWS }, { "notes", N_NOTES } };
  gboolean all = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (made); i++) {
    gint64 n = count_of (report, made[i].table);
    if (n != made[i].n && n != rows_of (db, made[i].table))
      give_up ("port", "it moved other rows than SQLite reads");
    all &= n == made[i].n;
  }
  return all ? DONE : damaged ? FEWER : UNSEEN;
}

static int
use_file (const char *path)
{
  static const CormModel *const models[] = { &Thing_model, NULL };
  GError *error = NULL;
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_autofree char *out = g_build_filename (folder, "out.jsonl", NULL);
  const CormDbOptions options = { .must_exist = true, .pool_size = 4 };
  g_autoptr (CormRegistry) registry = corm_registry_new_array (models, &error);
  g_autoptr (CormDb) db = corm_db_open_full (uri, registry, &options, &error);
  if (refused ("open", db != NULL, &error))
    return REFUSED;
  g_autoptr (CormConnection) conn = corm_db_connect (db, &error);
  if (refused ("connect", conn != NULL, &error))
    return REFUSED;
  g_autoptr (CormSchema) schema = corm_schema_inspect (conn, &error);
  refused ("inspect", schema != NULL, &error);
  read_structs (db, conn);
  gboolean damaged = is_damaged (conn);
  g_autoptr (CormPlan) plan = corm_db_plan (db, &error);
  refused ("status", plan != NULL, &error);
  g_autoptr (CormExchangeReport) exported = corm_export (db, out, NULL, &error);
  refused ("export", exported != NULL, &error);
  g_autoptr (CormPortReport) compared = corm_verify (db, db, NULL, &error);
  refused ("verify", compared != NULL, &error);
  return port_it (db, damaged);
}

/* --- files ---------------------------------------------------------------------------------------------------------- */

static const char *const sound[] = {
  "CREATE TABLE things (id integer PRIMARY KEY, name text, weight real, data blob)",
  "CREATE INDEX i_name ON things (name)",
  "CREATE TABLE parts (thing integer REFERENCES things (id), n integer, note text, PRIMARY KEY (thing, n)) "
  "WITHOUT ROWID",
  "CREATE TABLE notes (a, b DEFAULT 'x''y')",
  "CREATE VIEW v_things AS SELECT id, name FROM things WHERE weight > 1",
  "CREATE TRIGGER t_things AFTER DELETE ON things BEGIN DELETE FROM notes WHERE a = old.id; END",
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) INSERT INTO things SELECT "
  "i, 'name ' || i, "
  "i / 3.0, CASE WHEN i % 50 = 0 THEN zeroblob(5000) END FROM n",
  "INSERT INTO parts SELECT id, id % 7, hex(zeroblob(20)) FROM things",
  "INSERT INTO notes SELECT id, name FROM things WHERE id <= 39",
};

static void
make_file (const char *path, guint page_size)
{
  g_autoptr (CormDb) db = NULL;
  g_autoptr (CormConnection) conn = NULL;
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_autofree char *pages = g_strdup_printf ("PRAGMA page_size = %u", page_size);
  assert_ok ((db = corm_db_open_full (uri, NULL, &roomy, error)) != NULL);
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  suite_sql (conn, "PRAGMA journal_mode = DELETE");
  suite_sql (conn, pages);
  suite_sql (conn, "VACUUM");
  for (guint i = 0; i < G_N_ELEMENTS (sound); i++)
    suite_sql (conn, sound[i]);
}

static guint
pick (GRand *rand, gsize below)
{
  return (guint) g_rand_int_range (rand, 0, (gint32) below);
}

/* Bytes here and there, a page of zeros, a page in another's place, the end cut off; often near the start of a page, where
 * SQLite keeps what it goes by. */
static gsize
damage (GRand *rand, char *text, gsize size, gsize page)
{
  gsize n_pages = size / page, from = pick (rand, n_pages) * page, to = pick (rand, n_pages) * page;
  switch (pick (rand, 8)) {
  case 0:
    memset (text + from, 0, page);
    return size;
  case 1:
    memcpy (text + from, text + to, page);
    return size;
  case 2:
    return pick (rand, 2) == 0 ? from + pick (rand, page) : MAX (from, page);
  default:
    for (guint n = 1 + pick (rand, 30); n > 0; n--) {
      gsize at = pick (rand, 2) == 0 ? pick (rand, 120) : pick (rand, page);
      text[pick (rand, n_pages) * page + at % page] ^= (char) (1 << pick (rand, 8));
    }
    return size;
  }
}

/* The status of the process, or -1: it had to be ended. */
static int
wait_for (pid_t pid)
{
  int status;
  for (guint i = 0; i < PATIENCE * 200; i++) {
    if (waitpid (pid, &status, WNOHANG) == pid)
      return status;
    g_usleep (5000);
  }
  kill (pid, SIGKILL);
  waitpid (pid, &status, 0);
  return -1;
}

/* A critical message or a warning of GLib ends the process, too. */
static int
use_in_a_process (const char *path)
{
  fflush (NULL);
  pid_t pid = fork ();
  if (pid == 0)
    _exit (use_file (path));
  return wait_for (pid);
}

static void
damaged_pages (G_GNUC_UNUSED void **state)
{
  static const guint page_sizes[] = { 512, 1024, 4096 };
  guint n = number_from ("CORM_TEST_DAMAGE", 100), seed = number_from ("CORM_TEST_SEED", 1);
  guint counts[4] = { 0 };
  g_autofree char *path = g_build_filename (folder, "damaged.db", NULL);
  char *whole[G_N_ELEMENTS (page_sizes)];
  gsize sizes[G_N_ELEMENTS (page_sizes)];
  for (guint i = 0; i < G_N_ELEMENTS (page_sizes); i++) {
    g_autofree char *name = g_strdup_printf ("%s/sound-%u.db", folder, page_sizes[i]);
    make_file (name, page_sizes[i]);
    assert_true (g_file_get_contents (name, &whole[i], &sizes[i], NULL));
    assert_true (g_file_set_contents (path, whole[i], (gssize) sizes[i], NULL));
    assert_int_equal (use_in_a_process (path), 0);
  }
  for (guint i = 0; i < n; i++) {
    guint kind = i % G_N_ELEMENTS (page_sizes);
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed + i);
    g_autofree char *text = g_memdup2 (whole[kind], sizes[kind]);
    gsize size = damage (rand, text, sizes[kind], page_sizes[kind]);
    assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
    int status = use_in_a_process (path);
    if (status == -1 || !WIFEXITED (status) ||
        (WEXITSTATUS (status) != DONE && WEXITSTATUS (status) < REFUSED))
      fail_msg ("seed %u, pages of %u bytes: %s %d", seed + i, page_sizes[kind],
                status == -1 ? "hangs" : "ends with", status);
    counts[WEXITSTATUS (status) == DONE ? 0 : WEXITSTATUS (status) - REFUSED + 1]++;
  }
  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    g_free (whole[i]);
  /* SQLite's own check of integrity does not see a page that is well-formed and in another's place. */
  print_message ("# %u damaged files from seed %u: %u ported with all rows, %u refused, %u with the rows "
                 "that SQLite still "
                 "reads, which the doctor calls damaged, %u where neither sees a loss; no crash, no hang\n",
                 n, seed, counts[0], counts[1], counts[2], counts[3]);
}

static int
set_up (G_GNUC_UNUSED void **state)
{
  folder = g_dir_make_tmp ("corm-hostile-XXXXXX", NULL);
  return folder != NULL ? 0 : -1;
}

static int
tear_down (G_GNUC_UNUSED void **state)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir)) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
  g_clear_pointer (&folder, g_free);
  return 0;
}

int
main (void)
{
#ifndef HAVE_SQLITE3
  puts ("1..0 # SKIP built without the native driver of SQLite");
  return 0;
#endif
  static const struct CMUnitTest tests[] = { cmocka_unit_test (damaged_pages) };
  return cmocka_run_group_tests_name ("hostile files", tests, set_up, tear_down);
}
