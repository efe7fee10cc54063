/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Files that are wrong: every fault is told with its place, rejects go to a file, nothing is half imported or written. */
#include "exchange.h"

static const char faulty[] =
    "{\"table\":\"members\",\"row\":{\"id\":1,\"name\":\"fits\",\"level\":\"new\",\"score\":1,\"weight\":1.5}"
    "}\n"
    "{\"table\":\"members\",\"row\":{\"id\":2,\"name\":\"a name that is far too "
    "long\",\"level\":\"newest\",\"score\":"
    "2147483648,\"weight\":\"x\"}}\n"
    "{\"table\":\"members\",\"row\":{\"id\":3,\"name\":5,\"level\":\"new\",\"score\":null,\"weight\":0,"
    "\"joined\":\"yesterday\"}}\n"
    "{\"table\":\"members\",\"row\":{\"id\":4,\"level\":\"new\",\"score\":0,\"weight\":0}}\n"
    "{\"table\":\"members\",\"row\":{\"id\":5,\"name\":\"low\",\"level\":\"new\",\"score\":-1,\"weight\":0}}"
    "\n"
    "{\"table\":\"members\",\"row\":{\"id\":1,\"name\":\"twice\",\"level\":\"new\",\"score\":1,\"weight\":0}}"
    "\n";

static void
tell (const CormFault *fault, gpointer data)
{
  g_string_append_printf (data, "%" G_GUINT64_FORMAT " %s %s\n", fault->line, fault->key,
                          fault->column != NULL ? fault->column : "-");
}

static void
all_faults_are_told (Suite *suite)
{
  g_autofree char *path = write_text (".jsonl", faulty);
  g_autoptr (GString) told = g_string_new (NULL);
  CormImportOptions options = { .registry = suite->registry, .on_fault = tell, .data = told };
  assert_fails (corm_import (suite->db, path, &options, error), CORM_ERROR_CONVERSION, path, "line 2",
                "id = '2'", "column name", "7 more faults", "nothing was imported");
  assert_string_equal (told->str, "2 id = '2' name\n2 id = '2' level\n2 id = '2' score\n2 id = '2' weight\n"
                                  "3 id = '3' name\n3 id = '3' score\n3 id = '3' joined\n4 id = '4' name\n");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM members"), 0);
}

/* Also what only the database can see: a check, a key that is taken. */
static void
rejects_go_to_a_file (Suite *suite)
{
  g_autofree char *path = write_text (".jsonl", faulty), *rejects = new_path (".rejects");
  CormImportOptions options = { .registry = suite->registry, .rejects = rejects };
  g_autoptr (CormExchangeReport) report = NULL;
  assert_ok ((report = corm_import (suite->db, path, &options, error)) != NULL);
  const CormExchangeTable *table = report->tables->pdata[0];
  assert_int_equal (table->rows, 1);
  assert_int_equal (table->rejected, 5);
  g_autofree char *text = read_text (rejects);
  assert_non_null (strstr (text,
                           "{\"table\":\"members\",\"line\":2,\"key\":{\"id\":\"2\"},\"column\":\"level\","
                           "\"value\":\"newest\",\"reason\":"));
  assert_non_null (strstr (text, "{\"table\":\"members\",\"line\":5,\"key\":{\"id\":\"5\"},\"column\":null"));
  assert_non_null (strstr (text, "\"line\":6,\"key\":{\"id\":\"1\"}"));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  assert_int_equal (g_strv_length (lines), 11);
  assert_fails (corm_import (suite->db, path, &options, error), CORM_ERROR_INVALID, "there already");
}

static const struct {
  const char *ending, *text, *said[3];
  CormError code;
} bad[] = {
  { ".jsonl",
    "{\"corm_export\":1}\n{\"table\":\"words\",\"row\":{\"word\":\"a\",\"count\":1}}\n",
    { "not whole" },
    CORM_ERROR_INVALID },
  { ".jsonl",
    "{\"corm_export\":1}\n{\"table\":\"words\",\"row\":{\"word\":\"a\",\"co",
    { "line 2", "cut off" },
    CORM_ERROR_INVALID },
  { ".jsonl", "{\"corm_export\":2}\n", { "line 1", "newer" }, CORM_ERROR_INVALID },
  { ".jsonl", "{\"row\":{}}\n", { "line 1", "in front of" }, CORM_ERROR_INVALID },
  { ".jsonl",
    "{\"table\":\"words\",\"row\":{\"worth\":\"a\",\"count\":1}}\n",
    { "worth", "no such column" },
    CORM_ERROR_SCHEMA },
  { ".jsonl",
    "{\"table\":\"nothing\",\"row\":{\"a\":1}}\n",
    { "nothing", "no such table" },
    CORM_ERROR_SCHEMA },
  { ".jsonl",
    "{\"table\":\"words\",\"row\":{\"count\":1}}\n",
    { "line 1", "column word", "missing" },
    CORM_ERROR_NOT_NULL },
  { ".jsonl",
    "{\"table\":\"words\",\"row\":{\"word\":\"a\",\"count\":1.5}}\n",
    { "line 1", "column count" },
    CORM_ERROR_CONVERSION },
  { ".jsonl",
    "{\"table\":\"words\",\"row\":{\"word\":\"a\",\"count\":true}}\n",
    { "line 1", "column count" },
    CORM_ERROR_CONVERSION },
  { ".jsonl",
    "{\"table\":\"words\",\"row\":{\"word\":[],\"count\":1}}\n",
    { "line 1", "array" },
    CORM_ERROR_CONVERSION },
  { ".jsonl",
    "{\"table\":\"words\",\"row\":{\"word\":\"a\",\"word\":\"b\",\"count\":1}}\n",
    { "line 1", "twice" },
    CORM_ERROR_INVALID },
  { ".jsonl",
    "{\"table\":\"words\",\"row\":{\"word\":\"a\xff\",\"count\":1}}\n",
    { "line 1", "not UTF-8" },
    CORM_ERROR_CONVERSION },
  { ".jsonl",
    "{\"table\":\"words\",\"row\":{\"word\":\"a\\u0000\",\"count\":1}}\n",
    { "line 1", "NUL" },
    CORM_ERROR_CONVERSION },
  { ".jsonl", "", { "empty" }, CORM_ERROR_INVALID },
  { ".json", "[]", { "line 1" }, CORM_ERROR_INVALID },
  { ".json", "{\"tables\":{\"words\":[{\"word\":\"a\",\"count\":1}]", { "cut off" }, CORM_ERROR_INVALID },
  { ".json",
    "{\"tables\":{\"words\":[{\"word\":\"a\",\n\"count\":01}]}}",
    { "line 2", "01" },
    CORM_ERROR_INVALID },
  { ".json", "{\"corm_export\":1,\"tables\":{},\"rows\":1}", { "not whole" }, CORM_ERROR_INVALID },
  { ".yaml",
    "tables:\n  words:\n  - word: a\n    count: 1\n  - word: \"b\n",
    { "line", "quoted scalar" },
    CORM_ERROR_INVALID },
  { ".yaml",
    "corm_export: 1\ntables:\n  words:\n  - word: a\n    count: 1\n",
    { "not whole" },
    CORM_ERROR_INVALID },
  { ".yaml",
    "tables:\n  words:\n  - &a {word: a, count: 1}\n  - *a\n",
    { "line 4", "alias" },
    CORM_ERROR_INVALID },
  { ".yaml",
    "tables:\n  words:\n  - word: a\n    count: many\n",
    { "line 4", "word = 'a'", "column count" },
    CORM_ERROR_CONVERSION },
  { ".yaml", "- 1\n", { "tables:" }, CORM_ERROR_INVALID },
  { ".yaml", "\xff\xfe\xff", { "line" }, CORM_ERROR_INVALID },
  { "/words.csv", "word,count\n\"a,1\n", { "line 3", "not closed" }, CORM_ERROR_INVALID },
  { "/words.csv", "word,count\n\"a\"b,1\n", { "line 2", "closing quote" }, CORM_ERROR_INVALID },
  { "/words.csv", "word,count\na\"b,1\n", { "line 2", "quote" }, CORM_ERROR_INVALID },
  { "/words.csv", "word,count\na\n", { "line 2", "1 fields" }, CORM_ERROR_INVALID },
  { "/words.csv", "word,count\na,1,2\n", { "line 2", "more than 2" }, CORM_ERROR_INVALID },
  { "/words.csv", "word,count\na,\n", { "line 2", "no NULL" }, CORM_ERROR_NOT_NULL },
  { "/words.csv", "word\na\n", { "line 2", "column count", "missing" }, CORM_ERROR_NOT_NULL },
  { "/words.csv", "", { "empty" }, CORM_ERROR_INVALID },
  { ".jsonl",
    "{\"table\":\"words\",\"row\":{\"wo\xffrd\":\"a\"}}\n",
    { "line 1", "not UTF-8" },
    CORM_ERROR_INVALID },
  { ".txt", "x", { "--as", "form" }, CORM_ERROR_INVALID },
};

static void
bad_files (Suite *suite)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *path = new_path (bad[i].ending);
    g_autofree char *folder = g_path_get_dirname (path);
    g_mkdir_with_parents (folder, 0777);
    assert_true (g_file_set_contents (path, bad[i].text, -1, NULL));
    g_autoptr (GError) error = NULL;
    g_autoptr (CormExchangeReport) report = corm_import (suite->db, path, NULL, &error);
    if (report != NULL)
      fail_msg ("case %u, %s: no failure", i, bad[i].text);
    for (guint s = 0; s < 3 && bad[i].said[s] != NULL && strcmp (bad[i].ending, ".txt") != 0; s++)
      if (strstr (error->message, bad[i].said[s]) == NULL)
        fail_msg ("case %u: '%s' does not say '%s'", i, error->message, bad[i].said[s]);
    if (!g_error_matches (error, CORM_ERROR, (int) bad[i].code))
      fail_msg ("case %u: code %d instead of %d: %s", i, error->code, bad[i].code, error->message);
    if (strcmp (bad[i].ending, ".txt") != 0 && strstr (error->message, "exchange-") == NULL)
      fail_msg ("case %u does not name the file: %s", i, error->message);
  }
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM words"), 0);
}

static void
no_half_file (Suite *suite)
{
  fill_keys (suite);
  CormExportOptions options = { .format = CORM_FORMAT_JSON_LINES };
  assert_fails (corm_export (suite->db, "/dev/full", &options, error), CORM_ERROR_FULL, "/dev/full");
  assert_true (g_file_test ("/dev/full", G_FILE_TEST_EXISTS));
  g_autofree char *path = write_text (".json", "as it was"), *folder = new_path (""), *inside = NULL;
  assert_int_equal (g_mkdir (folder, 0777), 0);
  inside = g_build_filename (folder, "x", NULL);
  assert_true (g_file_set_contents (inside, "as it was", -1, NULL));
  assert_fails (corm_export (suite->db, folder, NULL, error), CORM_ERROR_INVALID, "not empty");
  CormExportOptions none = { .tables = "nothing*" };
  assert_fails (corm_export (suite->db, path, &none, error), CORM_ERROR_NOT_FOUND, "nothing*");
  g_autofree char *text = read_text (path);
  assert_string_equal (text, "as it was");
  g_autofree char *missing = g_build_filename (folder, "no", "file.json", NULL);
  assert_fails (corm_export (suite->db, missing, NULL, error), CORM_ERROR_NOT_FOUND, "file.json");
}

#define MEMBERS "{\"table\":\"members\",\"row\":"

/* What the file does not say stays, or is missed where there is nothing that could stay. */
static void
upsert_of_some_columns (Suite *suite)
{
  g_autofree char *rejects = new_path (".rejects"),
                  *path = write_text (".jsonl", MEMBERS "{\"id\":1,\"score\":9}}\n" MEMBERS
                                                        "{\"id\":2,\"score\":8}}\n" MEMBERS
                                                        "{\"id\":3,\"name\":\"new\",\"level\":\"new\","
                                                        "\"score\":7,\"weight\":0}}\n");
  CormImportOptions upsert = { .on_conflict = CORM_CONFLICT_UPSERT }, refuse = { 0 };
  g_autoptr (CormExchangeReport) report = NULL;
  Member there = { .id = 1, .name = "as it was", .score = 5 };
  assert_ok (member_insert (suite->conn, &there, error));
  assert_fails (corm_import (suite->db, path, &refuse, error), CORM_ERROR_NOT_NULL, "line 1", "column name",
                "missing");
  assert_fails (corm_import (suite->db, path, &upsert, error), CORM_ERROR_NOT_NULL, "line 2", "id = '2'",
                "column name", "no row with that key", "nothing was imported");
  assert_int_equal (suite_number (suite->conn, "SELECT sum(score) FROM members"), 5);
  upsert.rejects = rejects;
  assert_ok ((report = corm_import (suite->db, path, &upsert, error)) != NULL);
  const CormExchangeTable *table = report->tables->pdata[0];
  assert_int_equal (table->updated, 1);
  assert_int_equal (table->rows, 1);
  assert_int_equal (table->rejected, 1);
  assert_int_equal (suite_number (suite->conn, "SELECT sum(score) FROM members"), 9 + 7);
  g_autofree char *kept = suite_text (suite->conn, "SELECT name FROM members WHERE id = 1");
  assert_string_equal (kept, "as it was");
  g_autofree char *text = read_text (rejects);
  assert_non_null (strstr (text, "\"line\":2,\"key\":{\"id\":\"2\"},\"column\":\"name\",\"value\":null"));
}

/* A row that the database takes and does not keep. */
static void
a_row_that_a_trigger_leaves_out (Suite *suite)
{
  suite_drop_rows ("words", "new.count = 2");
  g_autofree char *rejects = new_path (".rejects"),
                  *path =
                      write_text (".jsonl", "{\"table\":\"words\",\"row\":{\"word\":\"a\",\"count\":1}}\n"
                                            "{\"table\":\"words\",\"row\":{\"word\":\"b\",\"count\":2}}\n"
                                            "{\"table\":\"words\",\"row\":{\"word\":\"c\",\"count\":3}}\n");
  CormImportOptions options = { .registry = suite->registry };
  g_autoptr (CormExchangeReport) report = NULL;
  assert_fails (corm_import (suite->db, path, &options, error), CORM_ERROR_CHECK, "line 2", "words",
                "word = 'b'", "inserted nothing", "nothing was imported");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM words"), 0);
  options.rejects = rejects;
  assert_ok ((report = corm_import (suite->db, path, &options, error)) != NULL);
  const CormExchangeTable *table = report->tables->pdata[0];
  assert_int_equal (table->rows, 2);
  assert_int_equal (table->rejected, 1);
  g_autofree char *text = read_text (rejects);
  assert_non_null (strstr (text, "\"line\":2,\"key\":{\"word\":\"b\"}"));
  suite_keep_rows ("words");
}

/* The last one would win, and nobody would know. */
static void
a_key_twice_in_a_file (Suite *suite)
{
  static const char *const endings_[] = { ".jsonl", ".yaml", ".json" };
  static const char *const texts[] = {
    "{\"table\":\"seats\",\"row\":{\"room\":1,\"number\":1,\"holder\":\"first\"}}\n"
    "{\"table\":\"seats\",\"row\":{\"room\":1,\"number\":2,\"holder\":\"other\"}}\n"
    "{\"table\":\"seats\",\"row\":{\"room\":11,\"number\":1}}\n"
    "{\"table\":\"seats\",\"row\":{\"room\":1,\"number\":1,\"holder\":\"second\"}}\n",
    "tables: {seats: [{room: 1, number: 1, holder: first},\n"
    "{room: 1, number: 2}, {room: 2, number: 1},\n\n{room: 1, number: \"1\", holder: second}]}\n",
    "{\"tables\":{\"seats\":[{\"room\":1,\"number\":1,\"holder\":\"first\"},\n{\"room\":1,\"number\":2},"
    "{\"room\":2,\"number\":2},\n\n{\"room\":1,\"number\":1,\"holder\":\"second\"}]}}\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *path = write_text (endings_[i], texts[i]), *rejects = new_path (".rejects");
    CormImportOptions upsert = { .on_conflict = CORM_CONFLICT_UPSERT, .dry_run = true };
    g_autoptr (CormExchangeReport) report = NULL;
    assert_fails (corm_import (suite->db, path, &upsert, error), CORM_ERROR_UNIQUE, "line 4", "seats",
                  "room = '1', number = '1'", "line 1 has a row", "nothing was imported");
    upsert.dry_run = false;
    assert_fails (corm_import (suite->db, path, &upsert, error), CORM_ERROR_UNIQUE, "line 4", "line 1");
    assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM seats"), 0);
    upsert.rejects = rejects;
    assert_ok ((report = corm_import (suite->db, path, &upsert, error)) != NULL);
    const CormExchangeTable *table = report->tables->pdata[0];
    assert_int_equal (table->rows, 3);
    assert_int_equal (table->rejected, 1);
    g_autofree char *kept =
        suite_text (suite->conn, "SELECT holder FROM seats WHERE room = 1 AND number = 1");
    assert_string_equal (kept, "first");
    suite_sql (suite->conn, "DELETE FROM seats");
  }
}

/* Where the database takes two texts for one, an upsert can't tell which row is meant. */
static void
a_key_in_two_spellings (Suite *suite)
{
  static const char *const sql[] = {
    "CREATE TABLE spelt (word VARCHAR(20) COLLATE NOCASE PRIMARY KEY, n INT)",
    "CREATE TABLE spelt (word VARCHAR(20) COLLATE utf8mb4_general_ci PRIMARY KEY, n INT)",
  };
  const char *dialect = corm_db_get_dialect (suite->db);
  if (strcmp (dialect, "pgsql") == 0)
    suite_leave_out ("texts are compared by their bytes");
  suite_sql (suite->conn, sql[strcmp (dialect, "mysql") == 0]);
  suite_sql (suite->conn, "INSERT INTO spelt VALUES ('there', 1)");
  CormImportOptions upsert = { .on_conflict = CORM_CONFLICT_UPSERT };
  g_autofree char *same =
                      write_text (".jsonl", "{\"table\":\"spelt\",\"row\":{\"word\":\"there\",\"n\":2}}\n"),
                  *twice =
                      write_text (".jsonl", "{\"table\":\"spelt\",\"row\":{\"word\":\"new\",\"n\":2}}\n"
                                            "{\"table\":\"spelt\",\"row\":{\"word\":\"NEW\",\"n\":3}}\n");
  g_autoptr (CormExchangeReport) report = NULL;
  assert_ok ((report = corm_import (suite->db, same, &upsert, error)) != NULL);
  assert_fails (corm_import (suite->db, twice, &upsert, error), CORM_ERROR_UNIQUE, "line 2", "word = 'NEW'",
                "the same as 'new'", "nothing was imported");
  assert_int_equal (suite_number (suite->conn, "SELECT sum(n) FROM spelt"), 2);
}

static const SuiteCase cases_[] = {
  { "a key in two spellings", a_key_in_two_spellings, 0 },
  { "upsert of some columns", upsert_of_some_columns, 0 },
  { "a key twice in a file", a_key_twice_in_a_file, 0 },
  { "all faults are told", all_faults_are_told, 0 },
  { "rejects go to a file", rejects_go_to_a_file, 0 },
  { "a row that a trigger leaves out", a_row_that_a_trigger_leaves_out, 0 },
  { "bad files", bad_files, 0 },
  { "no half file", no_half_file, 0 },
};

int
main (void)
{
  return SUITE_RUN (models, cases_);
}
