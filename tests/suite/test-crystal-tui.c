/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The upgrade of examples/crystal-tui, killed in front of its statements and at odd moments: each time what version 1 had
 * is there, byte for byte, and the next start ends the upgrade. CORM_TEST_CRYSTAL_JOBS says how many jobs there are, CORM_TEST_MOMENTS at how
 * many odd moments it is killed; then in front of each statement too. */
#include "config.h"

#include "../lib/fresh.h"
#include "../lib/knife.h"
#include "../lib/migrated.h"

#include "../../examples/crystal-tui/crystal.h"

enum { N_JOBS = 1000, N_KILLS = 3, N_MOMENTS = 3 };

typedef struct {
  char *uri;
  const char *backend;
  const char *old; /* selects what version 1 had */
  guint n_jobs;
} Place;

static guint
number_from (const char *variable, guint usual)
{
  const char *wish = g_getenv (variable);
  return wish != NULL ? (guint) g_ascii_strtoull (wish, NULL, 10) : usual;
}

/* --- databases of version 1 ----------------------------------------------------------------------------------------- */

/* As the first release wrote it, with values that its columns did not foresee. */
static const char *const by_hand[] = {
  "CREATE TABLE jobs (\n  id INTEGER PRIMARY KEY AUTOINCREMENT,\n  name TEXT NOT NULL,\n"
  "  work_dir TEXT NOT NULL UNIQUE, -- one job, one folder\n  status TEXT NOT NULL\n"
  "    CHECK(status IN ('PENDING', 'QUEUED', 'RUNNING', 'COMPLETED', 'FAILED')),\n"
  "  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,\n  started_at TIMESTAMP,\n  completed_at TIMESTAMP,\n"
  "  pid INTEGER,\n  input_file TEXT,\n  final_energy REAL,\n  key_results TEXT\n)",
  "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)",
  "CREATE INDEX idx_jobs_status ON jobs(status)",
  "CREATE INDEX idx_jobs_created ON jobs(created_at DESC)",
  "INSERT INTO schema_version (version) VALUES (1)",
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)\n"
  "INSERT INTO jobs SELECT i * 3, 'scf – ' || i, '/calc/' || i, CASE i % 3 WHEN 0 THEN 'PENDING' WHEN 1 THEN "
  "'COMPLETED' "
  "ELSE 'FAILED' END, CASE WHEN i % 5 > 0 THEN datetime (1700000000 + i, 'unixepoch') END, 1700000000 + i, "
  "1700000000.25 + i, CASE WHEN i % 7 = 0 THEN 'none' ELSE i END, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN "
  "zeroblob (i % 50) "
  "ELSE 'CRYSTAL' || char (10) || 'END' || char (10) END, -i / 7.0, '{\"gap\": ' || i || ', \"gap\": \"x\" "
  "}' "
  "FROM n",
};
static const char by_hand_old[] =
    "SELECT id, quote(name), quote(work_dir), quote(status), quote(created_at), quote(started_at), "
    "quote(completed_at), quote(pid), quote(input_file), quote(final_energy), quote(key_results), rowid FROM "
    "jobs ORDER BY id";
static const char old[] =
    "SELECT id, name, work_dir, status, created_at, started_at, completed_at, pid, input_file, "
    "final_energy, key_results FROM jobs ORDER BY id";

static void
write_by_hand (CormConnection *conn, guint n_jobs)
{
  for (guint i = 0; i < G_N_ELEMENTS (by_hand); i++) {
    gboolean many = strstr (by_hand[i], ":n)") != NULL;
    assert_ok (
        corm_execute (conn, by_hand[i], many ? CORM_PARAMS (CORM_PARAM ("n", n_jobs)) : NULL, NULL, error));
  }
}

/* The rows lie side by side as long as version 1's struct is. */
static void
insert_v1 (CormConnection *conn, guint n_jobs)
{
  gsize size = JobV1_model.size;
  g_autofree char *rows = g_malloc0 (size * n_jobs);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_jobs; i++) {
    char *dir = g_strdup_printf ("/calc/%u", i);
    Job job = {
      .id = i * 3 + 1, .name = "scf – '\\\"", .work_dir = dir, .status = i % 5, .pid = CORM_SOME ((gint32) i)
    };
    g_ptr_array_add (texts, dir);
    job.created_at = (CormOptTimestamp) CORM_SOME ((CormTimestamp){ 1700000000000001 + i });
    job.input_file = i % 3 > 0 ? "CRYSTAL\nEND\n" : NULL;
    job.final_energy = (CormOptDouble) CORM_SOME (-(double) (i + 1) / 7);
    job.key_results.text = i % 2 > 0 ? "{\"gap\": 1.50}" : NULL;
    memcpy (rows + i * size, &job, size);
  }
  assert_ok (corm_insert_rows (&JobV1_model, conn, rows, n_jobs, error));
}

static void
fill_v1 (Place *place)
{
  CormDb *db = NULL;
  if (place->old == by_hand_old) {
    assert_ok ((db = corm_db_open (place->uri, NULL, error)) != NULL);
    g_autoptr (CormConnection) conn = connect_to (db);
    write_by_hand (conn, place->n_jobs);
  } else {
    assert_ok ((db = crystal_open (place->uri, crystal_v1_models, 1, FALSE, error)) != NULL);
    g_autoptr (CormConnection) conn = connect_to (db);
    insert_v1 (conn, place->n_jobs);
  }
  corm_db_free (db);
}

static void
take_v1 (void **state, Place *place)
{
  guint backend = GPOINTER_TO_UINT (*state);
  g_free (place->uri);
  place->uri = fresh_uri (state);
  place->backend = places_backends ()[backend];
  place->old = backend == 0 ? by_hand_old : old;
  place->n_jobs = backend == 0 ? number_from ("CORM_TEST_CRYSTAL_JOBS", N_JOBS) : N_JOBS / 5;
  fill_v1 (place);
}

/* --- what has to be -------------------------------------------------------------------------------------------------- */

static char *
digest (const Place *place)
{
  CormDb *db = NULL;
  g_autoptr (GString) row = g_string_new (NULL);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  assert_ok ((db = corm_db_open (place->uri, NULL, error)) != NULL);
  {
    g_autoptr (CormConnection) conn = connect_to (db);
    g_autoptr (CormCursor) cursor = NULL;
    guint n = 0;
    assert_ok ((cursor = corm_query (conn, place->old, NULL, error)) != NULL);
    for (; corm_cursor_next (cursor, NULL); n++) {
      g_string_truncate (row, 0);
      for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
        const CormValue *value = corm_cursor_get_value (cursor, i);
        g_string_append_c (row, value->is_null ? '-' : '+');
        corm_value_append_text (value, row);
        g_string_append_c (row, '\0');
      }
      g_checksum_update (sum, (const guchar *) row->str, (gssize) row->len);
    }
    assert_int_equal (n, place->n_jobs);
  }
  corm_db_free (db);
  return g_strdup (g_checksum_get_string (sum));
}

static void
assert_old (const Place *place, const char *before)
{
  g_autofree char *now = digest (place);
  assert_string_equal (now, before);
}

/* The next start ends the upgrade; another one finds nothing to do. */
static void
assert_upgraded (const Place *place, const char *before)
{
  static const char *const indexes[] = {
    "idx_jobs_status",        "idx_jobs_created",        "idx_clusters_status",
    "idx_clusters_type",      "idx_remote_jobs_job_id",  "idx_remote_jobs_cluster_id",
    "idx_remote_jobs_handle", "idx_dependencies_job_id", "idx_dependencies_depends_on"
  };
  CormDb *db = NULL;
  for (guint i = 0; i < 2; i++) {
    assert_ok ((db = crystal_open (place->uri, crystal_models, CRYSTAL_VERSION, FALSE, error)) != NULL);
    g_autofree char *tables = structure (db);
    for (guint n = 0; n < G_N_ELEMENTS (indexes); n++)
      assert_non_null (strstr (tables, indexes[n]));
    g_autofree char *version = text_of (db, "SELECT max(version) * 10 + count(*) FROM schema_version");
    assert_string_equal (version, "22");
    g_autofree char *filled =
        text_of (db, "SELECT count(*) FROM jobs WHERE runner_type = 'local' AND cluster_id IS NULL "
                     "AND parallelism_config IS NULL AND queue_time IS NULL "
                     "AND start_time IS NULL AND end_time IS NULL");
    assert_int_equal (g_ascii_strtoull (filled, NULL, 10), place->n_jobs);
    g_autoptr (CormPlan) plan = NULL;
    assert_ok ((plan = corm_db_plan (db, error)) != NULL);
    for (guint n = 0; n < plan->ops->len; n++)
      assert_int_equal (((CormOp *) plan->ops->pdata[n])->kind, CORM_OP_DIFFERS);
    corm_db_free (db);
  }
  assert_old (place, before);
}

/* --- the killing ----------------------------------------------------------------------------------------------------- */

static gboolean
upgrade_until (gconstpointer data, guint fatal, GError **error)
{
  const Place *place = data;
  const CormDbOptions one = { .pool_size = 1 };
  g_autoptr (CormRegistry) registry = corm_registry_new_array (crystal_models, error);
  g_autoptr (CormDb) db = registry != NULL ? corm_db_open_full (place->uri, registry, &one, error) : NULL;
  CormConnection *conn = db != NULL ? corm_db_connect (db, error) : NULL;
  if (conn == NULL)
    return FALSE;
  CormLink *link = corm_connection_get_link (conn);
  knife_put (conn, fatal);
  corm_connection_free (conn); /* the pool gives it out again */
  gboolean ok = crystal_upgrade (db, CRYSTAL_VERSION, FALSE, error);
  knife_take (link);
  return ok;
}

static void
killed_at_any_point (void **state)
{
  Place place = { 0 };
  guint n_moments = number_from ("CORM_TEST_MOMENTS", N_MOMENTS), n_killed = 0, n_tried = 0;
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  take_v1 (state, &place);
  g_autofree char *before = digest (&place);
  gint64 start = g_get_monotonic_time ();
  assert_ok (upgrade_until (&place, 0, error));
  gint64 duration = g_get_monotonic_time () - start;
  guint n = knife.seen;
  assert_upgraded (&place, before);
  guint step = g_getenv ("CORM_TEST_MOMENTS") == NULL ? MAX (n / N_KILLS, 1) : 1;
  for (guint fatal = 1 + n % step; fatal <= n; fatal += step, n_tried++) {
    take_v1 (state, &place);
    assert_true (knife_work_and_die (upgrade_until, &place, fatal, 0));
    assert_old (&place, before);
    assert_upgraded (&place, before);
  }
  for (guint i = 0; i < n_moments; i++) {
    take_v1 (state, &place);
    n_killed +=
        knife_work_and_die (upgrade_until, &place, 0, (gulong) (g_rand_double (rand) * (double) duration));
    assert_old (&place, before);
    assert_upgraded (&place, before);
  }
  print_message ("# %s: %u jobs, %u statements in %d ms; killed in front of %u of them, and at %u of %u odd "
                 "moments: the old "
                 "columns are as they were, and the next start goes on\n",
                 place.backend, place.n_jobs, n, (int) (duration / 1000), n_tried, n_killed, n_moments);
  g_free (place.uri);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH_ON (killed_at_any_point, 0),
    FRESH_ON (killed_at_any_point, 1),
    FRESH_ON (killed_at_any_point, 2),
  };
  return cmocka_run_group_tests_name ("crystal-tui", tests, NULL, fresh_end);
}
