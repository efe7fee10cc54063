/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A writer with a replica that is late on purpose: who writes and then reads finds what he wrote, each time. Blind reads
 * of the same replica are stale, so the test could fail. The program has servers of its own. */
#include "replicas.h"

enum { N_SESSIONS = 4 };

Site sites[N_SITES];

/* --- sites -------------------------------------------------------------------------------------------------------- */

#ifdef HAVE_PGSQL
static const gboolean has_pgsql = TRUE;
#else
static const gboolean has_pgsql = FALSE;
#endif
#ifdef HAVE_MYSQL
static const gboolean has_mysql = TRUE;
#else
static const gboolean has_mysql = FALSE;
#endif

/* FALSE: libdbi's driver is a package of its own. */
static gboolean
make_table (const Site *site)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (CormDb) db = corm_db_open (site->writer, NULL, &failure);
  if (g_error_matches (failure, CORM_ERROR, CORM_ERROR_UNSUPPORTED))
    return FALSE;
  if (db == NULL)
    fail_msg ("%s", failure->message);
  g_autoptr (CormConnection) conn = suite_connect (db);
  g_autofree char *create =
      g_strdup_printf ("CREATE TABLE %s (id integer PRIMARY KEY, n integer NOT NULL)", site->table);
  suite_sql (conn, create);
  for (guint i = 0; i < 10; i++) {
    g_autofree char *insert = g_strdup_printf ("INSERT INTO %s VALUES (%u, 0)", site->table, i);
    suite_sql (conn, insert);
  }
  return TRUE;
}

static void
fill (Site *site, const Site *from)
{
  if (from->writer == NULL)
    return;
  const char *driver = from == &sites[PGSQL] ? "pgsql" : "mysql";
  site->writer = places_dbi_uri (driver, from->writer, NULL, NULL);
  site->reader = places_dbi_uri (driver, from->reader, NULL, NULL);
}

static int
start_servers (G_GNUC_UNUSED void **state)
{
  sites[PGSQL] =
      (Site){ .name = "PostgreSQL", .replica = "pg2", .delay_ms = 500, .n_pairs = 10000, .table = "marks" };
  sites[MYSQL] =
      (Site){ .name = "MariaDB", .replica = "my2", .delay_ms = 2000, .n_pairs = 1000, .table = "marks" };
  sites[DBI_PGSQL] = sites[PGSQL];
  sites[DBI_MYSQL] = sites[MYSQL];
  sites[DBI_PGSQL].table = sites[DBI_MYSQL].table = "dbi_marks";
  sites[DBI_PGSQL].n_pairs = sites[DBI_MYSQL].n_pairs = 200;
  if (!own_servers_start (TRUE))
    return 0;
  sites[PGSQL].writer = own_servers_get ("CORM_TEST_PGSQL");
  sites[PGSQL].reader = own_servers_get ("CORM_TEST_PGSQL_STANDBY");
  sites[PGSQL].writer_admin = own_servers_get ("CORM_TEST_PGSQL_ADMIN");
  sites[PGSQL].reader_admin = own_servers_get ("CORM_TEST_PGSQL_STANDBY_ADMIN");
  sites[MYSQL].writer = own_servers_get ("CORM_TEST_MYSQL");
  sites[MYSQL].reader = own_servers_get ("CORM_TEST_MYSQL_REPLICA");
  sites[MYSQL].writer_admin = own_servers_get ("CORM_TEST_MYSQL_ADMIN");
  sites[MYSQL].reader_admin = own_servers_get ("CORM_TEST_MYSQL_REPLICA_ADMIN");
  fill (&sites[DBI_PGSQL], &sites[PGSQL]);
  fill (&sites[DBI_MYSQL], &sites[MYSQL]);
  for (guint i = 0; i < N_SITES; i++) {
    gboolean left_out = (i == PGSQL && !has_pgsql) || (i == MYSQL && !has_mysql);
    if (sites[i].writer != NULL && (left_out || !make_table (&sites[i])))
      g_clear_pointer (&sites[i].writer, g_free);
  }
  return 0;
}

static int
stop_servers (G_GNUC_UNUSED void **state)
{
  own_servers_stop ();
  for (guint i = 0; i < N_SITES; i++) {
    g_free (sites[i].writer);
    g_free (sites[i].reader);
    g_free (sites[i].writer_admin);
    g_free (sites[i].reader_admin);
  }
  return 0;
}

void
site_need (const Site *site)
{
  if (site->writer != NULL)
    return;
  print_message ("# skip %s: no server, or built or installed without its driver\n", site->name);
  skip ();
}

CormDb *
site_open (const Site *site, CormDbOptions options)
{
  CormDb *db = NULL;
  const char *const readers[] = { site->reader, NULL };
  options.readers = readers;
  options.pool_size = options.pool_size != 0 ? options.pool_size : 8;
  assert_ok ((db = corm_db_open_full (site->writer, NULL, &options, error)) != NULL);
  return db;
}

gboolean
site_is_replica (const Site *site, CormConnection *conn)
{
  const char *where = corm_uri_get_public_text (corm_connection_get_link (conn)->uri);
  g_autofree char *folder = g_strdup_printf ("/%s", site->replica);
  return strstr (where, folder) != NULL;
}

static gint64
select_mark (const Site *site, CormConnection *conn, guint id)
{
  g_autofree char *select = g_strdup_printf ("SELECT n FROM %s WHERE id = %u", site->table, id);
  return suite_number (conn, select);
}

void
site_write (const Site *site, CormDb *db, guint id, gint64 n)
{
  g_autofree char *update = g_strdup_printf ("UPDATE %s SET n = :n WHERE id = :id", site->table);
  g_autoptr (CormConnection) conn = suite_connect (db);
  assert_ok (
      corm_execute (conn, update, CORM_PARAMS (CORM_PARAM ("n", n), CORM_PARAM ("id", id)), NULL, error));
}

gint64
site_read (const Site *site, CormDb *db, const char *position, guint id, gboolean *on_replica)
{
  g_autoptr (CormConnection) conn = NULL;
  assert_ok ((conn = corm_db_connect_read (db, position, error)) != NULL);
  if (on_replica != NULL)
    *on_replica = site_is_replica (site, conn);
  return select_mark (site, conn, id);
}

void
site_catch_up (const Site *site)
{
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ .reader_wait_ms = 20000 });
  gboolean on_replica = FALSE;
  site_write (site, db, 9, g_get_monotonic_time () % 1000000);
  site_read (site, db, NULL, 9, &on_replica);
  assert_true (on_replica);
}

/* --- pairs -------------------------------------------------------------------------------------------------------- */

typedef struct {
  const Site *site;
  CormDb *db;
  guint id, n_pairs;
  guint n_stale, n_replica, n_writer;
} Session;

/* Now and then it reads later, when the replica has caught up. */
static gpointer
write_and_read (gpointer data)
{
  Session *session = data;
  const Site *site = session->site;
  for (guint i = 1; i <= session->n_pairs; i++) {
    gboolean on_replica = FALSE;
    site_write (site, session->db, session->id, i);
    if (i % (session->n_pairs / 2) == 0)
      g_usleep (site->delay_ms * 2 * 1000);
    session->n_stale += site_read (site, session->db, NULL, session->id, &on_replica) != i;
    session->n_replica += on_replica;
    session->n_writer += !on_replica;
  }
  return NULL;
}

static guint
read_blindly (const Site *site, guint n)
{
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ 0 });
  g_autoptr (CormDb) blind = NULL;
  guint n_stale = 0;
  assert_ok ((blind = corm_db_open_full (site->reader, NULL, &(CormDbOptions){ .read_only = true }, error)) !=
             NULL);
  g_autoptr (CormConnection) conn = suite_connect (blind);
  for (guint i = 1; i <= n; i++) {
    site_write (site, db, 8, -(gint64) i);
    n_stale += select_mark (site, conn, 8) != -(gint64) i;
  }
  return n_stale;
}

static void
what_was_written_is_read (void **state)
{
  const Site *site = *state;
  Session sessions[N_SESSIONS];
  GThread *threads[N_SESSIONS];
  guint n_stale = 0, n_replica = 0, n_writer = 0;
  site_need (site);
  site_catch_up (site);
  CormDb *db = site_open (site, (CormDbOptions){ 0 });
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < N_SESSIONS; i++) {
    sessions[i] = (Session){ .site = site, .db = db, .id = i, .n_pairs = site->n_pairs / N_SESSIONS };
    threads[i] = g_thread_new ("session", write_and_read, &sessions[i]);
  }
  for (guint i = 0; i < N_SESSIONS; i++) {
    g_thread_join (threads[i]);
    n_stale += sessions[i].n_stale;
    n_replica += sessions[i].n_replica;
    n_writer += sessions[i].n_writer;
  }
  gint64 end = g_get_monotonic_time ();
  corm_db_free (db);
  guint n_blind = read_blindly (site, 100);
  print_message ("# %s: %u pairs in %.1f s: %u stale; %u read from the replica, %u from the writer; "
                 "of 100 blind reads %u stale\n",
                 site->name, n_replica + n_writer, (double) (end - start) / G_USEC_PER_SEC, n_stale,
                 n_replica, n_writer, n_blind);
  assert_int_equal (n_replica + n_writer, site->n_pairs);
  assert_int_equal (n_stale, 0);
  assert_true (n_replica > 0 && n_writer > 0);
  assert_true (n_blind > 0);
}

static void
who_waits_reads_from_the_replica (void **state)
{
  const Site *site = *state;
  site_need (site);
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ .reader_wait_ms = 10000 });
  for (gint64 i = 1; i <= 2; i++) {
    gboolean on_replica = FALSE;
    site_write (site, db, 0, 100000 + i);
    assert_int_equal (site_read (site, db, NULL, 0, &on_replica), 100000 + i);
    assert_true (on_replica);
  }
}

/* TRUE: the last record ends where a page of the log does. The server says then that the next one goes behind that page's
 * header, to which nobody replays before there is one. */
static gboolean
ends_with_page (CormConnection *admin)
{
  return suite_number (admin, "SELECT CAST(mod(pg_current_wal_insert_lsn() - '0/0', "
                              "CAST(current_setting('wal_block_size') AS numeric)) AS bigint)") == 24;
}

static void
the_end_of_a_page_is_reached (G_GNUC_UNUSED void **state)
{
  const Site *site = &sites[PGSQL];
  gboolean on_replica = FALSE, found = FALSE;
  site_need (site);
  g_autoptr (CormDb) admin = NULL;
  assert_ok ((admin = corm_db_open (site->writer_admin, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (admin);
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ .reader_wait_ms = 5000 });
  for (guint i = 0; i < 100000 && !found; i++) {
    site_write (site, db, 0, i);
    found = ends_with_page (conn);
  }
  assert_true (found);
  site_read (site, db, NULL, 0, &on_replica);
  assert_true (on_replica);
}

/* --- what is held, and by whom -------------------------------------------------------------------------------------- */

/* In the middle of everything: the connection that wrote is still taken, in a transaction, with its rows open. */
static void
a_writer_that_is_held_counts (void **state)
{
  const Site *site = *state;
  site_need (site);
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ 0 });
  g_autofree char *update = g_strdup_printf ("UPDATE %s SET n = n + 1 WHERE id = 5", site->table);
  CormConnection *writer = suite_connect (db);
  gint64 before = site_read (site, db, NULL, 5, NULL);
  suite_sql (writer, update);
  assert_int_equal (site_read (site, db, NULL, 5, NULL), before + 1);
  g_autoptr (CormTransaction) transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (writer, CORM_TRANSACTION_WRITE, error)) != NULL);
  suite_sql (writer, update);
  assert_int_equal (site_read (site, db, NULL, 5, NULL), before + 1); /* not committed yet */
  assert_ok (corm_transaction_commit (transaction, error));
  assert_int_equal (site_read (site, db, NULL, 5, NULL), before + 2);
  g_clear_pointer (&transaction, corm_transaction_free);
  corm_connection_free (writer);
}

/* Committed when the last row was read, long after it was sent. */
static void
rows_that_are_returned_count (void **state)
{
  const Site *site = *state;
  g_autoptr (GError) failure = NULL;
  site_need (site);
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ 0 });
  g_autoptr (CormConnection) writer = suite_connect (db);
  if ((corm_connection_get_link (writer)->driver->dialect->caps & CORM_CAP_RETURNING) == 0) {
    print_message ("# skip no RETURNING\n");
    skip ();
  }
  g_autofree char *insert =
      g_strdup_printf ("INSERT INTO %s VALUES (100, 7), (101, 7), (102, 7) RETURNING id", site->table);
  g_autofree char *count = g_strdup_printf ("SELECT count(*) FROM %s WHERE id >= 100", site->table);
  g_autoptr (CormCursor) cursor = corm_query (writer, insert, NULL, &failure);
  assert_non_null (cursor);
  assert_true (corm_cursor_next (cursor, &failure));
  site_read (site, db, NULL, 5, NULL);
  while (corm_cursor_next (cursor, &failure))
    ;
  g_clear_pointer (&cursor, corm_cursor_free);
  g_autoptr (CormConnection) reader = NULL;
  assert_ok ((reader = corm_db_connect_read (db, NULL, error)) != NULL);
  assert_int_equal (suite_number (reader, count), 3);
}

typedef struct {
  const Site *site;
  CormDb *db;
  const char *position;
  gint64 seen;
} Visitor;

static gpointer
visit (gpointer data)
{
  Visitor *visitor = data;
  visitor->seen = site_read (visitor->site, visitor->db, visitor->position, 6, NULL);
  return NULL;
}

/* A session that moves to another thread and another CormDb, as from one process to the next, takes its position along. */
static void
a_position_is_carried (void **state)
{
  const Site *site = *state;
  guint n_stale = 0, n_blind = 0;
  site_need (site);
  g_autoptr (CormDb) here = site_open (site, (CormDbOptions){ 0 });
  g_autoptr (CormDb) there = site_open (site, (CormDbOptions){ 0 });
  g_autofree char *carried = NULL;
  site_catch_up (site);
  for (gint64 i = 1; i <= 50; i++) {
    char *position = NULL;
    site_write (site, here, 6, 1000 + i);
    assert_ok ((position = corm_db_get_position (here, carried, error)) != NULL);
    g_free (carried);
    carried = position;
    Visitor with = { .site = site, .db = there, .position = carried },
            without = { .site = site, .db = there };
    g_thread_join (g_thread_new ("with", visit, &with));
    g_thread_join (g_thread_new ("without", visit, &without));
    n_stale += with.seen != 1000 + i;
    n_blind += without.seen != 1000 + i;
  }
  print_message ("# %s: carried \"%s\": %u of 50 stale, without it %u\n", site->name, carried, n_stale,
                 n_blind);
  assert_int_equal (n_stale, 0);
  assert_true (n_blind > 0);
  site_catch_up (site);
  gboolean on_replica = FALSE;
  site_read (site, there, carried, 6, &on_replica);
  assert_true (on_replica);
  g_autofree char *same = NULL;
  assert_ok ((same = corm_db_get_position (there, carried, error)) !=
             NULL); /* this thread did not write there */
  assert_string_equal (same, carried);
}

static void
a_replica_refuses_to_write (void **state)
{
  const Site *site = *state;
  site_need (site);
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ 0 });
  g_autofree char *update = g_strdup_printf ("UPDATE %s SET n = 0 WHERE id = 7", site->table);
  g_autoptr (CormConnection) conn = NULL;
  assert_ok ((conn = corm_db_connect_read (db, NULL, error)) != NULL);
  assert_true (site_is_replica (site, conn));
  assert_fails (corm_execute (conn, update, NULL, NULL, error), CORM_ERROR_DENIED, NULL);
  if (site == &sites[PGSQL] || site == &sites[MYSQL])
    assert_fails (corm_execute (conn, update, NULL, NULL, error), CORM_ERROR_DENIED, "corm_db_connect()");
}

typedef struct {
  const Site *site;
  gint64 seen;
  gboolean on_replica;
} Look;

static gboolean
look (CormConnection *conn, gpointer data, G_GNUC_UNUSED GError **error)
{
  Look *now = data;
  now->on_replica = site_is_replica (now->site, conn);
  now->seen = select_mark (now->site, conn, 4);
  return TRUE;
}

/* A transaction that only reads is a replica's work, once that has what the thread wrote. */
static void
transactions_that_read (void **state)
{
  const Site *site = *state;
  Look now = { .site = site };
  const CormTransactOptions reads = { .read_only = true },
                            exact = { .read_only = true, .isolation = CORM_ISOLATION_SERIALIZABLE };
  site_need (site);
  site_catch_up (site);
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ 0 });
  site_write (site, db, 4, 44);
  assert_ok (corm_transact (db, look, &now, &reads, error));
  assert_int_equal (now.seen, 44);
  assert_false (now.on_replica);
  site_catch_up (site);
  assert_ok (corm_transact (db, look, &now, &reads, error));
  assert_int_equal (now.seen, 44);
  assert_true (now.on_replica);
  assert_ok (corm_transact (db, look, &now, &exact, error));
  assert_int_equal (now.seen, 44);
  assert_false (now.on_replica);
}

#define EACH(test) \
  { #test ": PostgreSQL", test, NULL, NULL, &sites[PGSQL] }, \
  { \
#test ": MariaDB", test, NULL, NULL, &sites[MYSQL] \
  }
#define EACH_WAY(test) \
  EACH (test), { #test ": dbi:pgsql", test, NULL, NULL, &sites[DBI_PGSQL] }, \
  { \
#test ": dbi:mysql", test, NULL, NULL, &sites[DBI_MYSQL] \
  }

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    EACH_WAY (what_was_written_is_read),
    EACH_WAY (who_waits_reads_from_the_replica),
    cmocka_unit_test (the_end_of_a_page_is_reached),
    EACH_WAY (a_writer_that_is_held_counts),
    EACH (rows_that_are_returned_count),
    EACH_WAY (a_position_is_carried),
    EACH_WAY (a_replica_refuses_to_write),
    EACH_WAY (transactions_that_read),
    EACH (a_replica_too_far_behind_is_not_read_from),
    EACH (a_pool_that_is_full_leads_elsewhere),
    EACH (a_child_reads_from_the_replica),
    EACH (connections_that_died_are_passed_over),
    cmocka_unit_test (a_conflict_with_replaying_leads_elsewhere),
    cmocka_unit_test (what_can_be_no_reader_is_said_at_once),
    EACH (a_migration_is_waited_for_by_all),
    EACH (all_goes_wrong_at_once),
    EACH (a_dead_replica_is_left_alone),
    EACH (without_the_writer_some_read_on),
  };
  return cmocka_run_group_tests_name ("replicas", tests, start_servers, stop_servers);
}
