/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Export and import: the same bytes from every backend, there and back without a loss, and what is wrong with a file said
 * with its place while the database stays as it was. */
#include "exchange.h"

/* --- the same bytes -------------------------------------------------------------------------------------------- */

static void
fill_every (Suite *suite)
{
  static const guint8 bytes[] = { 0, 255, 'a' };
  Every edges = {
    .id = 1,
    .boolean = CORM_SOME (true),
    .int16 = CORM_SOME (G_MININT16),
    .int32 = CORM_SOME (G_MAXINT32),
    .int64 = CORM_SOME (G_GINT64_CONSTANT (9007199254740993)),
    .float32 = CORM_SOME (0.1f),
    .float64 = CORM_SOME (1e300),
    .decimal15 = { "-1234567890123.45" },
    .decimal38 = { "12345678901234567890.0123456789" },
    .decimal = { "0.50" },
    .text = "it's \"two\" lines\n,\\ é 🚢",
    .varchar = "ÄÖÜäöüß, x",
    .bytes = { bytes, sizeof bytes },
    .date = { true, { -719162 } },
    .time = { true, { 86399999999 } },
    .timestamp = { true, { 1709251199500000 } },
    .local = { true, { 1 } },
    .json = { "{\"b\": [1, 2.50, null], \"a\": \"x\"}" },
    .label = CORM_SOME (1),
    .enumeration = CORM_SOME (2),
    .raw = "2001:db8::1",
  };
  Every none = { .id = 2 };
  Every empty = {
    .id = 3, .text = "", .bytes = { bytes, 0 }, .json = { "null" }, .int64 = CORM_SOME (9007199254740991)
  };
  assert_true (corm_uuid_parse ("00112233-4455-6677-8899-aabbccddeeff", &edges.uuid.value));
  edges.uuid.is_set = true;
  assert_ok (every_insert (suite->conn, &empty, error));
  assert_ok (every_insert (suite->conn, &none, error));
  assert_ok (every_insert (suite->conn, &edges, error));
}

static const char every_lines[] =
    "{\"table\":\"every\",\"row\":{\"id\":1,\"boolean\":true,\"int16\":-32768,\"int32\":2147483647,"
    "\"int64\":\"9007199254740993\",\"float32\":0.1,\"float64\":1e300,\"decimal15\":\"-1234567890123.45\","
    "\"decimal38\":\"12345678901234567890.0123456789\",\"decimal\":\"0.5\","
    "\"text\":\"it's \\\"two\\\" lines\\n,\\\\ é 🚢\",\"varchar\":\"ÄÖÜäöüß, x\",\"bytes\":\"AP9h\","
    "\"date\":\"0001-01-01\",\"time\":\"23:59:59.999999\",\"timestamp\":\"2024-02-29T23:59:59.5Z\","
    "\"local\":\"1970-01-01T00:00:00.000001\",\"uuid\":\"00112233-4455-6677-8899-aabbccddeeff\","
    "\"json\":\"{\\\"a\\\":\\\"x\\\",\\\"b\\\":[1,2.5,null]}\",\"label\":\"it's\",\"enumeration\":\"a "
    "\\\"b\\\"\","
    "\"raw\":\"2001:db8::1\"}}\n"
    "{\"table\":\"every\",\"row\":{\"id\":2,\"boolean\":null,\"int16\":null,\"int32\":null,\"int64\":null,"
    "\"float32\":null,\"float64\":null,\"decimal15\":null,\"decimal38\":null,\"decimal\":null,\"text\":null,"
    "\"varchar\":null,\"bytes\":null,\"date\":null,\"time\":null,\"timestamp\":null,\"local\":null,\"uuid\":"
    "null,"
    "\"json\":null,\"label\":null,\"enumeration\":null,\"raw\":null}}\n"
    "{\"table\":\"every\",\"row\":{\"id\":3,\"boolean\":null,\"int16\":null,\"int32\":null,"
    "\"int64\":9007199254740991,\"float32\":null,\"float64\":null,\"decimal15\":null,\"decimal38\":null,"
    "\"decimal\":null,\"text\":\"\",\"varchar\":null,\"bytes\":\"\",\"date\":null,\"time\":null,"
    "\"timestamp\":null,"
    "\"local\":null,\"uuid\":null,\"json\":\"null\",\"label\":null,\"enumeration\":null,\"raw\":null}}\n";

static void
each_type_has_one_form (Suite *suite)
{
  fill_every (suite);
  g_autofree char *path = export_to (suite, ".jsonl", "every", TRUE);
  g_autofree char *text = read_text (path);
  gsize head = strcspn (text, "\n") + 1;
  assert_true (g_str_has_prefix (text, "{\"corm_export\":1,\"schema\":{"));
  g_autofree char *wanted = g_strconcat (every_lines, "{\"rows\":3}\n", NULL);
  assert_string_equal (text + head, wanted);
}

static void
rows_stand_by_key (Suite *suite)
{
  fill_keys (suite);
  g_autofree char *path = export_to (suite, "/", NULL, TRUE);
  static const char *const files[][2] = {
    { "words.csv",
      "word,count\n\"\",10\n\"B\",5\n\"Z\",2\n\"_\",6\n\"a\",4\n\"a b\",3\n\"ab\",8\n\"z\",1\n\"ä\",0\n"
      "\"é\",7\n\"😀\",9\n" },
    { "tags.csv", "id,label\n"
                  "\"00000000-0000-1fff-8000-000000000000\",\"00000000-0000-1fff-8000-000000000000\"\n"
                  "\"00000000-ffff-1000-8000-000000000000\",\"00000000-ffff-1000-8000-000000000000\"\n"
                  "\"ffffffff-0000-1000-8000-000000000000\",\"ffffffff-0000-1000-8000-000000000000\"\n" },
    { "seats.csv", "room,number,holder,price\n9,9,\"x\",7\n9,10,\"x\",7\n10,9,\"x\",7\n10,10,\"x\",7\n" },
    { "teams.csv", "id,name\n" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *file = g_build_filename (path, files[i][0], NULL);
    g_autofree char *text = read_text (file);
    assert_string_equal (text, files[i][1]);
  }
}

/* What the first backend wrote, by format: all others must write the same. */
static char *first_bytes[G_N_ELEMENTS (endings)];

static void
all_formats_are_the_same_everywhere (Suite *suite)
{
  fill_every (suite);
  fill_keys (suite);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = export_to (suite, endings[i], NULL, TRUE);
    char *bytes = bytes_of (path);
    if (first_bytes[i] == NULL)
      first_bytes[i] = bytes;
    else {
      assert_string_equal (bytes, first_bytes[i]);
      g_free (bytes);
    }
  }
}

/* --- there and back -------------------------------------------------------------------------------------------- */

static void
empty_all (Suite *suite)
{
  static const char *const tables[] = { "every", "words", "tags", "seats", "nodes" };
  suite_sql (suite->conn, "UPDATE nodes SET parent_id = NULL");
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *sql = g_strdup_printf ("DELETE FROM %s", tables[i]);
    suite_sql (suite->conn, sql);
  }
}

static void
there_and_back (Suite *suite)
{
  fill_every (suite);
  fill_keys (suite);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = export_to (suite, endings[i], NULL, TRUE);
    empty_all (suite);
    assert_int_equal (import_from (suite, path, CORM_CONFLICT_REFUSE), 3 + 11 + 3 + 4);
    g_autofree char *again = export_to (suite, endings[i], NULL, TRUE);
    g_autofree char *before = bytes_of (path), *after = bytes_of (again);
    assert_string_equal (after, before);
  }
}

/* Without the models, into tables that the file's snapshot describes, in another database. */
static void
into_a_new_database (Suite *suite)
{
  fill_every (suite);
  fill_keys (suite);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = new_path (endings[i]);
    g_autoptr (CormExchangeReport) report = NULL;
    assert_ok ((report = corm_export (suite->db, path, NULL, error)) != NULL);
    g_autoptr (CormDb) memory = NULL;
    CormImportOptions options = { .create = true };
    assert_ok ((memory = corm_db_open ("sqlite::memory:", NULL, error)) != NULL);
    g_autoptr (CormExchangeReport) came = NULL;
    assert_ok ((came = corm_import (memory, path, &options, error)) != NULL);
    g_autoptr (CormPortReport) proof = NULL;
    assert_ok ((proof = corm_verify (suite->db, memory, NULL, error)) != NULL);
    for (guint t = 0; t < proof->tables->len; t++) {
      const CormTableReport *table = proof->tables->pdata[t];
      if (!table->equal)
        fail_msg ("%s: %s differs: %s", endings[i], table->table,
                  table->differences->len > 0 ? (char *) table->differences->pdata[0] : "?");
    }
  }
}

static void
odd_floats (Suite *suite)
{
  Every row = { .id = 1, .float64 = CORM_SOME (-0.0) };
  assert_ok (every_insert (suite->conn, &row, error));
  row = (Every){ .id = 2, .float64 = CORM_SOME (NAN) };
  assert_ok (every_insert (suite->conn, &row, error));
  row = (Every){ .id = 3, .float64 = CORM_SOME (-INFINITY) };
  assert_ok (every_insert (suite->conn, &row, error));
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = export_to (suite, endings[i], "every", FALSE);
    g_autofree char *text = bytes_of (path);
    assert_non_null (strstr (text, "-0.0"));
    assert_non_null (strstr (text, "\"NaN\""));
    assert_non_null (strstr (text, "\"-Infinity\""));
    empty_all (suite);
    import_from (suite, path, CORM_CONFLICT_REFUSE);
    g_autofree char *again = export_to (suite, endings[i], "every", FALSE);
    g_autofree char *after = bytes_of (again);
    assert_string_equal (after, text);
  }
}

/* --- keys ------------------------------------------------------------------------------------------------------ */

static void
circles_close (Suite *suite)
{
  GString *text = g_string_new (NULL);
  /* Every node refers to the next one, the last to itself; owners and ships to each other. */
  for (int i = 1; i <= 20; i++)
    g_string_append_printf (text,
                            "{\"table\":\"nodes\",\"row\":{\"id\":%d,\"name\":\"n%d\",\"parent_id\":%d}}\n",
                            i, i, MIN (i + 1, 20));
  g_string_append (text, "{\"table\":\"owners\",\"row\":{\"id\":1,\"ship_id\":7}}\n"
                         "{\"table\":\"ships\",\"row\":{\"id\":7,\"owner_id\":1}}\n");
  g_autofree char *path = write_text (".jsonl", text->str);
  g_string_free (text, TRUE);
  assert_int_equal (import_from (suite, path, CORM_CONFLICT_REFUSE), 22);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM nodes WHERE parent_id = id + 1"), 19);
  assert_int_equal (suite_number (suite->conn, "SELECT owner_id FROM ships WHERE id = 7"), 1);
  /* The keys are as strict as before. */
  assert_fails (node_insert (suite->conn, &(Node){ .name = "x", .parent_id = CORM_SOME (999) }, error),
                CORM_ERROR_FOREIGN_KEY, "nodes");
  Node next = { .name = "next" };
  assert_ok (node_insert (suite->conn, &next, error));
  assert_true (next.id > 20);
  suite_sql (suite->conn, "UPDATE nodes SET parent_id = NULL");
  suite_sql (suite->conn, "UPDATE ships SET owner_id = NULL");
  suite_sql (suite->conn, "DELETE FROM owners");
}

static void
a_row_that_refers_to_nothing (Suite *suite)
{
  g_autofree char *path =
      write_text (".jsonl", "{\"table\":\"nodes\",\"row\":{\"id\":1,\"name\":\"a\",\"parent_id\":2}}\n"
                            "{\"table\":\"nodes\",\"row\":{\"id\":2,\"name\":\"b\",\"parent_id\":77}}\n");
  assert_fails (corm_import (suite->db, path, NULL, error), CORM_ERROR_FOREIGN_KEY, "nodes", "id = '2'", "77",
                "nothing was imported");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM nodes"), 0);
  g_autofree char *other =
      write_text (".jsonl", "{\"table\":\"members\",\"row\":{\"id\":5,\"name\":\"a\",\"level\":\"new\","
                            "\"score\":1,\"weight\":0,\"team_id\":9}}\n");
  assert_fails (corm_import (suite->db, other, NULL, error), CORM_ERROR_FOREIGN_KEY, "line 1", "members",
                "id = '5'");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM members"), 0);
}

static void
conflicts (Suite *suite)
{
  g_autofree char *path =
      write_text (".jsonl", "{\"table\":\"seats\",\"row\":{\"room\":1,\"number\":1,\"holder\":\"new\"}}\n"
                            "{\"table\":\"seats\",\"row\":{\"room\":1,\"number\":2,\"holder\":\"new\"}}\n"
                            "{\"table\":\"seats\",\"row\":{\"room\":1,\"number\":3,\"price\":5}}\n");
  assert_ok (seat_insert (suite->conn,
                          &(Seat){ .room = 1, .number = 2, .holder = "old", .price = CORM_SOME (1) }, error));
  assert_fails (corm_import (suite->db, path, NULL, error), CORM_ERROR_UNIQUE, "line 2",
                "room = '1', number = '2'", "upsert");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM seats"), 1);
  CormImportOptions options = { .on_conflict = CORM_CONFLICT_UPSERT };
  g_autoptr (CormExchangeReport) report = NULL;
  assert_ok ((report = corm_import (suite->db, path, &options, error)) != NULL);
  const CormExchangeTable *table = report->tables->pdata[0];
  assert_int_equal (table->rows, 2);
  assert_int_equal (table->updated, 1);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM seats WHERE holder = 'new'"), 2);
  assert_int_equal (suite_number (suite->conn, "SELECT price FROM seats WHERE number = 1"),
                    7); /* its default */
  assert_int_equal (suite_number (suite->conn, "SELECT price FROM seats WHERE number = 2"),
                    1); /* as it was */
  assert_int_equal (import_from (suite, path, CORM_CONFLICT_UPSERT), 0);
}

/* Tables that are missing are made, and go again when the rows are refused. */
static void
tables_are_made (Suite *suite)
{
  fill_keys (suite);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = new_path (endings[i]);
    CormExportOptions some = { .tables = "words,seats" };
    CormImportOptions create = { .create = true };
    g_autoptr (CormExchangeReport) wrote = NULL, came = NULL;
    assert_ok ((wrote = corm_export (suite->db, path, &some, error)) != NULL);
    suite_sql (suite->conn, "DROP TABLE words");
    suite_sql (suite->conn, "DELETE FROM seats WHERE room = 9");
    assert_fails (corm_import (suite->db, path, NULL, error), CORM_ERROR_SCHEMA, "words", "--create");
    assert_fails (corm_import (suite->db, path, &create, error), CORM_ERROR_UNIQUE, "room = '10'");
    g_autoptr (CormSchema) schema = NULL;
    assert_ok ((schema = corm_schema_inspect (suite->conn, error)) != NULL);
    assert_null (corm_schema_find_table (schema, "words"));
    suite_sql (suite->conn, "DELETE FROM seats");
    assert_ok ((came = corm_import (suite->db, path, &create, error)) != NULL);
    assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM words"), 11);
  }
}

static void
names_of_all_kinds (Suite *suite)
{
  static const char *const names[] = { "select", "a \"b\"", "Ünïcode", "x/y.z", "no", "two words" };
  g_autoptr (CormSchema) schema = corm_schema_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    CormTable *table = corm_schema_add_table (schema, names[i]);
    for (guint c = 0; c < G_N_ELEMENTS (names); c++) {
      CormTableColumn *column = corm_table_add_column (table, names[c]);
      column->type.type = c == 0 ? CORM_TYPE_INT64 : CORM_TYPE_TEXT;
      column->not_null = c == 0;
    }
    corm_table_set_primary_key (table, NULL)->columns = g_strdupv ((char *[]){ (char *) "select", NULL });
  }
  g_autofree char *json = corm_schema_to_json (schema);
  g_autofree char *path = write_text (".json", "{\"corm_export\":1,\"schema\":");
  g_autoptr (GString) text = g_string_new ("{\"corm_export\":1,\"schema\":");
  g_string_append_printf (
      text,
      "%s,\"tables\":{\"a \\\"b\\\"\":[{\"select\":1,\"a \\\"b\\\"\":\"x\",\"no\":null,\"x/y.z\":\"\"}]},"
      "\"rows\":1}",
      json);
  assert_true (g_file_set_contents (path, text->str, -1, NULL));
  CormImportOptions create = { .create = true };
  g_autoptr (CormExchangeReport) report = NULL;
  assert_ok ((report = corm_import (suite->db, path, &create, error)) != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *there = export_to (suite, endings[i], "select,a *,Ü*,x/*,no,two*", FALSE);
    CormImportOptions upsert = { .on_conflict = CORM_CONFLICT_UPSERT };
    g_autoptr (CormExchangeReport) again = NULL;
    assert_ok ((again = corm_import (suite->db, there, &upsert, error)) != NULL);
    assert_int_equal (again->tables->len, i == 0 ? 1 : G_N_ELEMENTS (names)); /* lines name no empty table */
  }
}

static const SuiteCase cases_[] = {
  { "each type has one form", each_type_has_one_form, 0 },
  { "rows stand by key", rows_stand_by_key, 0 },
  { "all formats are the same everywhere", all_formats_are_the_same_everywhere, 0 },
  { "there and back", there_and_back, 0 },
  { "into a new database", into_a_new_database, 0 },
  { "odd floats", odd_floats, CORM_CAP_NEGATIVE_ZERO | CORM_CAP_NAN | CORM_CAP_INFINITY },
  { "circles close", circles_close, 0 },
  { "a row that refers to nothing", a_row_that_refers_to_nothing, 0 },
  { "conflicts", conflicts, 0 },
  { "tables are made", tables_are_made, 0 },
  { "names of all kinds", names_of_all_kinds, 0 },
};

int
main (void)
{
  int status = SUITE_RUN (models, cases_);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    g_free (first_bytes[i]);
  return status;
}
