/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Ten corruptions. In a copy: each is found, with its key and column. In a source: each arrives exactly or is rejected with
 * its reason, none is changed silently. And a part of the rows, a range of keys, and a comparison that goes on. */
#include "../lib/suite.h"

#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

enum { ROWS = 300, KEY = 7 };

static const char make_table[] =
    "CREATE TABLE c (id INTEGER PRIMARY KEY, label VARCHAR(40), n BIGINT, x DOUBLE PRECISION, "
    "d DATE, at TIMESTAMP, flag BOOLEAN)";

typedef struct {
  const char *what;
  const char *column;
  const char *sql; /* for SQLite, which holds anything */
  CormValue value; /* for servers; NULL value: the same SQL */
} Corruption;

static CormValue
typed (CormType type, gint64 i)
{
  CormValue value = corm_value_int (i);
  value.type = type;
  return value;
}

static const Corruption *
corruptions (void)
{
  static Corruption list[11];
  const Corruption all[] = {
    { "a cut text", "label", "'lab'", corm_value_text ("lab") },
    { "a NUL byte", "label", "'a' || char(0) || 'b'", corm_value_text ("a") },
    { "bad UTF-8", "label", "CAST(x'4cff' AS TEXT)", corm_value_text ("L\xff") },
    { "2^53+1", "n", "9007199254740993", corm_value_int (9007199254740993) },
    { "minus zero", "x", "-0.0", corm_value_double (-0.0) },
    { "infinity", "x", "9e999", corm_value_double (INFINITY) },
    { "a zero date", "d", "'0000-00-00'", corm_value_text ("0000-00-00") },
    { "a trailing space", "label", "label || ' '", corm_value_text ("label 7 ") },
    { "a microsecond", "at", "'2024-01-02 03:04:07.000001'", typed (CORM_TYPE_TIMESTAMP, 1704164647000001) },
    { "a boolean of 2", "flag", "2", corm_value_int (2) },
    { 0 },
  };
  memcpy (list, all, sizeof list);
  list[1].value.data = "a\0b";
  list[1].value.size = 3;
  return list;
}

static char *
make_source (guint n_rows)
{
  static int count;
  const char *folder = g_getenv ("CORM_TEST_TMP");
  char *path = g_strdup_printf ("%s/verify-%d-%d.db", folder != NULL ? folder : g_get_tmp_dir (),
                                (int) getpid (), ++count);
  g_unlink (path);
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_autofree char *rows = g_strdup_printf (
      "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %u) "
      "INSERT INTO c SELECT i, 'label ' || i, 9007199254740992 + (i <> 7) * i, CASE WHEN i = 7 THEN 0.0 ELSE "
      "i / 4.0 END, "
      "'2024-02-03', strftime('%%Y-%%m-%%d %%H:%%M:%%f', 1704164640 + i, 'unixepoch'), i %% 2 FROM c",
      n_rows);
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, make_table);
  suite_sql (conn, rows);
  return path;
}

static CormDb *
open_file (const char *path)
{
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  CormDb *db = NULL;
  const CormDbOptions options = { .pool_size = 4 }; /* the case keeps one */
  assert_ok ((db = corm_db_open_full (uri, NULL, &options, error)) != NULL);
  return db;
}

static CormPortReport *
verify (CormDb *source, CormDb *target, const CormPortOptions *options)
{
  CormPortReport *report = NULL;
  assert_ok ((report = corm_verify (source, target, options, error)) != NULL);
  return report;
}

static gboolean
holds_anything (Suite *suite)
{
  return g_strcmp0 (corm_db_get_dialect (suite->db), "sqlite3") == 0 &&
         !g_str_has_prefix (suite->backend, "dbi:");
}

/* FALSE: the database does not take it, so that no copy in it can hold it. */
static gboolean
corrupt (CormConnection *conn, const Corruption *corruption, gboolean by_sql)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE c SET %s = %s WHERE id = %d", corruption->column,
                                          by_sql ? corruption->sql : ":v", KEY);
  const CormParam params[] = { { "v", corruption->value }, { 0 } };
  return corm_execute (conn, sql, by_sql ? NULL : params, NULL, NULL);
}

static void
each_is_found_in_a_copy (Suite *suite)
{
  guint n_found = 0;
  g_autofree char *path = make_source (ROWS);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  g_autofree char *key = g_strdup_printf ("id = '%d': ", KEY);
  for (const Corruption *corruption = corruptions (); corruption->what != NULL; corruption++) {
    g_autofree char *column = g_strdup_printf ("%s is ", corruption->column);
    CormPortOptions again = { .truncate = true, .verify = true };
    g_autoptr (CormPortReport) filled = NULL;
    assert_ok ((filled = corm_port (source, target, &again, error)) != NULL);
    assert_true (filled->equal);
    if (!corrupt (suite->conn, corruption, holds_anything (suite)))
      continue;
    g_autoptr (CormPortReport) report = verify (source, target, NULL);
    const CormTableReport *table = g_ptr_array_index (report->tables, 0);
    if (report->equal && strcmp (corruption->what, "minus zero") == 0 &&
        (suite->caps & CORM_CAP_NEGATIVE_ZERO) == 0)
      continue; /* it is a zero there */
    if (report->equal || table->differences->len != 1)
      fail_msg ("%s: %s, %u differences", corruption->what, report->equal ? "equal" : "different",
                table->differences->len);
    const char *said = g_ptr_array_index (table->differences, 0);
    if (!g_str_has_prefix (said, key) || strstr (said, column) == NULL)
      fail_msg ("%s: %s", corruption->what, said);
    n_found++;
  }
  print_message ("# %s: %u corruptions in a copy, each found with its key and column\n", suite->backend,
                 n_found);
  assert_true (n_found >= (holds_anything (suite) ? 9 : 5));
  g_unlink (path);
}

/* What a server takes for a date and nobody else does: a difference in a copy, and a reject of a source, with its key. */
static void
what_is_no_time_has_its_key (Suite *suite)
{
  static const char *const of_pgsql[] = { "UPDATE c SET d = 'infinity' WHERE id = 7",
                                          "UPDATE c SET d = '0044-03-15 BC' WHERE id = 7", NULL };
  static const char *const of_mysql[] = { "UPDATE c SET d = '0000-00-00' WHERE id = 7",
                                          "UPDATE c SET d = '2024-02-00' WHERE id = 7", NULL };
  static const char *const shown[2][2] = { { "infinity", "0044-03-15 BC" }, { "0000-00-00", "2024-02-00" } };
  gboolean is_mysql = g_strcmp0 (corm_db_get_dialect (suite->db), "mysql") == 0;
  if (g_strcmp0 (corm_db_get_dialect (suite->db), "sqlite3") == 0)
    suite_leave_out ("a text like any other");
  g_autofree char *path = make_source (20), *back = g_strconcat (path, ".back", NULL);
  g_autofree char *rejects = g_strconcat (path, ".rejects", NULL);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  if (is_mysql)
    suite_sql (suite->conn, "SET SESSION sql_mode = ''");
  const char *const *statements = is_mysql ? of_mysql : of_pgsql;
  for (guint i = 0; statements[i] != NULL; i++) {
    g_autofree char *text = NULL;
    g_unlink (back);
    g_unlink (rejects);
    suite_sql (suite->conn, statements[i]);
    g_autoptr (CormPortReport) report = verify (source, target, NULL);
    const CormTableReport *table = g_ptr_array_index (report->tables, 0);
    assert_int_equal (table->differences->len, 1);
    const char *said = g_ptr_array_index (table->differences, 0);
    if (!g_str_has_prefix (said, "id = '7': d is ") || strstr (said, shown[is_mysql][i]) == NULL)
      fail_msg ("%s: %s", statements[i], said);
    CormPortOptions options = { .rejects = rejects };
    g_autoptr (CormDb) file = open_file (back);
    g_autoptr (CormPortReport) returned = NULL;
    assert_ok ((returned = corm_port (target, file, &options, error)) != NULL);
    assert_int_equal (((CormTableReport *) g_ptr_array_index (returned->tables, 0))->rejected, 1);
    assert_ok (g_file_get_contents (rejects, &text, NULL, error));
    assert_non_null (strstr (text, shown[is_mysql][i]));
  }
  g_unlink (back);
  g_unlink (rejects);
  g_unlink (path);
}

static void
none_is_changed_on_its_way (Suite *suite)
{
  guint n_rejected = 0, n_arrived = 0;
  for (const Corruption *corruption = corruptions (); corruption->what != NULL; corruption++) {
    g_autofree char *path = make_source (20), *rejects = g_strconcat (path, ".rejects", NULL), *text = NULL;
    g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
    g_autoptr (CormConnection) conn = suite_connect (source);
    CormPortOptions options = { .rejects = rejects, .verify = true };
    assert_true (corrupt (conn, corruption, TRUE));
    g_autoptr (CormPortReport) report = NULL;
    assert_ok ((report = corm_port (source, target, &options, error)) != NULL);
    const CormTableReport *table = g_ptr_array_index (report->tables, 0);
    if (!report->equal)
      fail_msg ("%s: %s", corruption->what,
                table->differences->len > 0 ? (char *) g_ptr_array_index (table->differences, 0)
                                            : "different");
    assert_int_equal (table->source_rows, 20);
    assert_int_equal (table->target_rows, 20 - table->rejected);
    assert_ok (g_file_get_contents (rejects, &text, NULL, error));
    if (table->rejected == 0) {
      g_autoptr (CormPortReport) proof = verify (source, target, NULL);
      assert_true (proof->equal);
      assert_string_equal (text, "");
      n_arrived++;
    } else {
      g_autofree char *column = g_strdup_printf ("\"column\":\"%s\"", corruption->column);
      assert_int_equal (table->rejected, 1);
      if (strstr (text, column) == NULL || strstr (text, "\"key\":{\"id\":\"7\"}") == NULL ||
          strstr (text, "\"reason\":") == NULL)
        fail_msg ("%s: %s", corruption->what, text);
      n_rejected++;
    }
    suite_sql (suite->conn, "DROP TABLE c");
    g_unlink (rejects);
    g_unlink (path);
  }
  print_message ("# %s: of ten corruptions in a source %u arrive exactly, %u are rejected\n", suite->backend,
                 n_arrived, n_rejected);
  assert_int_equal (n_arrived + n_rejected, 10);
  assert_true (n_rejected >= 2 && n_arrived >= 4);
}

/* Rows that are missing, extra and different, in a table with a key and in one without, past the size of a bucket. */
static void
all_kinds_are_named (Suite *suite)
{
  g_autofree char *path = make_source (ROWS);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) ported = NULL;
  suite_sql (conn, "CREATE TABLE bag (word VARCHAR(20), n BIGINT)");
  suite_sql (conn, "INSERT INTO bag SELECT 'w' || id % 3, id % 5 FROM c");
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  suite_sql (suite->conn, "DELETE FROM c WHERE id = 11");
  suite_sql (suite->conn, "UPDATE c SET id = 9999 WHERE id = 12");
  suite_sql (suite->conn, "UPDATE c SET n = 5, label = 'no' WHERE id = 13");
  suite_sql (suite->conn, "INSERT INTO bag VALUES ('w1', 1)");
  g_autoptr (CormPortReport) report = verify (source, target, NULL);
  assert_false (report->equal);
  g_autoptr (GString) said = g_string_new (NULL);
  for (guint t = 0; t < report->tables->len; t++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, t);
    for (guint i = 0; i < table->differences->len; i++)
      g_string_append_printf (said, "%s. %s\n", table->table,
                              (char *) g_ptr_array_index (table->differences, i));
  }
  const char *const wanted[] = { "c. id = '11': only in the source\n", "c. id = '12': only in the source\n",
                                 "c. id = '9999': only in the target\n",
                                 "c. id = '13': label is 'label 13' in the source, 'no' in the target; n is ",
                                 "bag. the row word = 'w1', n = '1': only in the target\n" };
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (strstr (said->str, wanted[i]) == NULL)
      fail_msg ("%s is not in\n%s", wanted[i], said->str);
  assert_int_equal (((const CormTableReport *) g_ptr_array_index (report->tables, 0))->differences->len +
                        ((const CormTableReport *) g_ptr_array_index (report->tables, 1))->differences->len,
                    5);
  g_unlink (path);
}

/* More of one row than are kept of a side: it is counted, and the one too many is found. */
static void
equal_rows_are_counted (Suite *suite)
{
  static const char said[] = "the row word = 'w', n = '1': only in the target";
  g_autofree char *path = make_source (ROWS);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) ported = NULL;
  suite_sql (conn, "CREATE TABLE bag (word VARCHAR(20), n BIGINT)");
  suite_sql (conn, "INSERT INTO bag SELECT 'w', 1 FROM c a, c b LIMIT 20100");
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  suite_sql (suite->conn, "INSERT INTO bag VALUES ('w', 1), ('w', 1)");
  g_autoptr (CormPortReport) report = verify (source, target, NULL);
  assert_false (report->equal);
  const CormTableReport *table = g_ptr_array_index (report->tables, 1);
  assert_string_equal (table->table, "bag");
  assert_int_equal (table->differences->len, 2);
  assert_string_equal (g_ptr_array_index (table->differences, 0), said);
  assert_string_equal (g_ptr_array_index (table->differences, 1), said);
  g_unlink (path);
}

/* Columns that one side alone has are told, of either side, and the table is not equal for the rest. */
static void
columns_of_one_side_are_told (Suite *suite)
{
  g_autofree char *path = make_source (5);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  suite_sql (conn, "ALTER TABLE c ADD COLUMN here BIGINT");
  suite_sql (suite->conn, "ALTER TABLE c ADD COLUMN there BIGINT");
  suite_sql (suite->conn, "ALTER TABLE c ADD COLUMN also BIGINT");
  g_autoptr (CormPortReport) report = verify (source, target, NULL);
  const CormTableReport *table = g_ptr_array_index (report->tables, 0);
  assert_true (table->verified);
  assert_false (report->equal);
  assert_int_equal (table->differences->len, 3);
  assert_string_equal (g_ptr_array_index (table->differences, 0), "column here: only in the source");
  assert_string_equal (g_ptr_array_index (table->differences, 1), "column there: only in the target");
  assert_string_equal (g_ptr_array_index (table->differences, 2), "column also: only in the target");
  g_unlink (path);
}

static CormDb *
open_broken (gboolean breaks)
{
  g_autofree char *path = make_source (5);
  CormDb *db = open_file (path);
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, "CREATE TABLE g (id INTEGER PRIMARY KEY, t TEXT)");
  suite_sql (conn, breaks ? "INSERT INTO g VALUES (1, '{')" : "INSERT INTO g VALUES (1, '{\"a\": 1}')");
  suite_sql (conn, "ALTER TABLE g ADD COLUMN x TEXT AS (json_extract(t, '$.a'))");
  return db;
}

/* A column whose value cannot be computed: there is no report, whichever side it is. */
static void
rows_that_cannot_be_read_are_an_error (Suite *suite)
{
  if (!holds_anything (suite))
    suite_leave_out ("computes such a value when the row is written");
  for (guint broken = 1; broken <= 3; broken++) {
    g_autoptr (CormDb) source = open_broken ((broken & 1) != 0), target = open_broken ((broken & 2) != 0);
    assert_fails (corm_verify (source, target, NULL, error) != NULL, CORM_ERROR_FAILED, "verify g", "JSON");
  }
}

static guint64
count_rows (const CormPortReport *report)
{
  return ((const CormTableReport *) g_ptr_array_index (report->tables, 0))->source_rows;
}

static void
a_part_of_the_rows (Suite *suite)
{
  g_autofree char *path = make_source (ROWS);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  CormPortOptions range = { .has_keys = true, .key_from = 10, .key_until = 19 }, other = range,
                  sample = { .sample = 30 }, wrong = { .sample = 101 };
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  suite_sql (suite->conn, "UPDATE c SET label = 'no' WHERE id = 19");
  g_autoptr (CormPortReport) in = verify (source, target, &range);
  assert_int_equal (count_rows (in), 10);
  assert_false (in->equal);
  other.key_until = 18;
  g_autoptr (CormPortReport) out = verify (source, target, &other);
  assert_int_equal (count_rows (out), 9);
  assert_true (out->equal);
  g_autoptr (CormPortReport) some = verify (source, target, &sample);
  g_autoptr (CormPortReport) again = verify (source, target, &sample);
  assert_true (count_rows (some) > 0 && count_rows (some) <= ROWS);
  assert_memory_equal (((const CormTableReport *) g_ptr_array_index (some->tables, 0))->source_hash,
                       ((const CormTableReport *) g_ptr_array_index (again->tables, 0))->source_hash, 16);
  assert_fails (corm_verify (source, target, &wrong, error) != NULL, CORM_ERROR_INVALID, "per cent");
  g_unlink (path);
}

/* Spread all over the table: of a hundred rows side by side some are in it. */
static void
a_sample_of_a_small_table (Suite *suite)
{
  g_autofree char *path = make_source (1000);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  CormPortOptions tenth = { .sample = 10 }, little = { .sample = 0.001 }, again = { .truncate = true };
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  g_autoptr (CormPortReport) some = verify (source, target, &tenth);
  print_message ("# %u of 1000 rows are in a sample of 10%%\n", (guint) count_rows (some));
  assert_true (some->equal);
  assert_in_range (count_rows (some), 60, 140);
  g_autoptr (CormPortReport) one = verify (source, target, &little);
  assert_in_range (count_rows (one), 1, 64);
  for (guint i = 0; i < 10; i += 3) {
    g_autofree char *sql =
        g_strdup_printf ("UPDATE c SET label = 'no' WHERE id > %u AND id <= %u", 100 * i, 100 * (i + 1));
    g_autoptr (CormPortReport) filled = NULL;
    suite_sql (suite->conn, sql);
    g_autoptr (CormPortReport) report = verify (source, target, &tenth);
    const CormTableReport *table = g_ptr_array_index (report->tables, 0);
    assert_in_range (table->differences->len, 1, 20);
    assert_int_equal (count_rows (report), count_rows (some));
    assert_ok ((filled = corm_port (source, target, &again, error)) != NULL);
  }
  suite_sql (suite->conn, "UPDATE c SET id = id + 1000");
  g_autoptr (CormPortReport) moved = verify (source, target, &tenth);
  assert_false (moved->equal);
  g_unlink (path);
}

/* Blocks of several keys begin at multiples of their size: what goes at the front or comes at the end moves none of them. */
static void
a_sample_stays_the_same (Suite *suite)
{
  g_autofree char *path = make_source (5000);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  CormPortOptions tenth = { .sample = 10 }, all = { .sample = 100 };
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  g_autoptr (CormPortReport) whole = verify (source, target, &all);
  assert_int_equal (count_rows (whole), 5000);
  g_autoptr (CormPortReport) some = verify (source, target, &tenth);
  assert_in_range (count_rows (some), 300, 700);
  for (guint least = 2; least <= 4; least++) {
    g_autoptr (CormConnection) conn = suite_connect (source);
    g_autofree char *sql = g_strdup_printf ("DELETE FROM c WHERE id < %u", least);
    suite_sql (conn, sql);
    suite_sql (suite->conn, sql);
    g_autoptr (CormPortReport) again = verify (source, target, &tenth);
    assert_true (again->equal);
    assert_in_range (count_rows (some) - count_rows (again), 0, least - 1);
  }
  g_unlink (path);
}

static void
take_total (const CormProgress *progress, gpointer data)
{
  *(guint64 *) data = progress->all_total;
}

static void
progress_counts_the_chosen_tables (Suite *suite)
{
  guint64 total = 0;
  g_autofree char *path = make_source (30);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (source);
  CormPortOptions options = { .tables = "c", .progress = take_total, .data = &total };
  g_autoptr (CormPortReport) ported = NULL;
  suite_sql (conn, "CREATE TABLE e (id INTEGER PRIMARY KEY)");
  suite_sql (conn, "INSERT INTO e VALUES (5)");
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  g_autoptr (CormPortReport) report = verify (source, target, &options);
  assert_true (report->equal);
  assert_int_equal (report->tables->len, 1);
  assert_int_equal (total, 30);
  g_unlink (path);
}

static void
it_goes_on_behind_equal_tables (Suite *suite)
{
  g_autofree char *path = make_source (30), *state = g_strconcat (path, ".state", NULL);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (source);
  CormPortOptions options = { .state = state }, other = { .state = state, .sample = 5 },
                  again = { .state = state, .restart = true };
  g_autoptr (CormPortReport) ported = NULL;
  suite_sql (conn, "CREATE TABLE e (id INTEGER PRIMARY KEY)");
  suite_sql (conn, "INSERT INTO e VALUES (5)");
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  suite_sql (suite->conn, "UPDATE c SET label = 'no' WHERE id = 19");
  g_autoptr (CormPortReport) first = verify (source, target, &options);
  assert_false (first->equal);
  suite_sql (suite->conn, "UPDATE c SET label = 'label 19' WHERE id = 19");
  suite_sql (suite->conn, "UPDATE e SET id = 6"); /* would be found, if it were read again */
  g_autoptr (CormPortReport) second = verify (source, target, &options);
  assert_true (second->equal);
  assert_int_equal (second->notes->len, 1);
  assert_non_null (strstr (g_ptr_array_index (second->notes, 0), "equal before"));
  assert_non_null (strstr (g_ptr_array_index (second->notes, 0), "the first at 20"));
  suite_sql (suite->conn, "INSERT INTO e VALUES (7)"); /* is found, since rows are counted */
  g_autoptr (CormPortReport) third = verify (source, target, &options);
  assert_false (third->equal);
  assert_non_null (strstr (g_ptr_array_index (third->notes, 1), "e has not as many rows"));
  suite_sql (suite->conn,
             "DELETE FROM e WHERE id = 7"); /* as many as once, but what was said then is taken back */
  g_autoptr (CormPortReport) fourth = verify (source, target, &options);
  assert_false (fourth->equal);
  suite_sql (suite->conn, "UPDATE e SET id = 5");
  g_autoptr (CormPortReport) fifth = verify (source, target, &options);
  assert_true (fifth->equal);
  suite_sql (suite->conn, "UPDATE e SET id = 6");
  g_autoptr (CormPortReport) sixth = verify (source, target, &again);
  assert_false (sixth->equal);
  assert_int_equal (sixth->notes->len, 0);
  assert_ok (g_file_set_contents (path, "other\n", -1, error));
  again.state = path;
  assert_fails (corm_verify (source, target, &again, error) != NULL, CORM_ERROR_INVALID, "not the state");
  assert_fails (corm_verify (source, target, &other, error) != NULL, CORM_ERROR_INVALID, "state", state);
  g_unlink (state);
  g_unlink (path);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "each_is_found_in_a_copy", each_is_found_in_a_copy, CORM_CAP_STREAMING },
    { "what_is_no_time_has_its_key", what_is_no_time_has_its_key, 0 },
    { "none_is_changed_on_its_way", none_is_changed_on_its_way, CORM_CAP_STREAMING },
    { "all_kinds_are_named", all_kinds_are_named, 0 },
    { "equal_rows_are_counted", equal_rows_are_counted, 0 },
    { "columns_of_one_side_are_told", columns_of_one_side_are_told, 0 },
    { "rows_that_cannot_be_read_are_an_error", rows_that_cannot_be_read_are_an_error, 0 },
    { "a_part_of_the_rows", a_part_of_the_rows, 0 },
    { "a_sample_of_a_small_table", a_sample_of_a_small_table, 0 },
    { "a_sample_stays_the_same", a_sample_stays_the_same, 0 },
    { "progress_counts_the_chosen_tables", progress_counts_the_chosen_tables, 0 },
    { "it_goes_on_behind_equal_tables", it_goes_on_behind_equal_tables, 0 },
  };
  return SUITE_RUN (NULL, cases);
}
