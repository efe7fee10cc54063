/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* 200 tables with every clause that SQLite has, written in as many hands: after a change that does not concern it
 * everything is as before, the stored SQL but for the change, rows, rowids, storage classes, counters, indexes, triggers,
 * views and the children's rows; and after the way back the SQL is the old one to the byte. CORM_TEST_SEED gives another
 * 200, CORM_TEST_TABLES more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sqlite3-tables.h"

/* Everything that must not change; the first is the stored SQL of all but the table itself. */
static const char *const kept[] = {
  ("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex%' AND name <> "
   "'it''s one' ORDER BY type, name"),
  "SELECT rowid, * FROM child ORDER BY rowid",
  "SELECT * FROM sqlite_sequence ORDER BY name",
  "SELECT * FROM log ORDER BY rowid",
  "SELECT * FROM seen",
  "SELECT * FROM pragma_foreign_key_check",
  "SELECT * FROM pragma_integrity_check",
};

static char *
read_kept (CormConnection *conn, const SampleTable *sample)
{
  g_autofree char *rows = read_all (conn, sample->rows);
  GString *text = g_string_new (rows);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
    g_autofree char *all = read_all (conn, kept[i]);
    g_string_append_printf (text, "-- %s\n%s", kept[i], all);
  }
  return g_string_free (text, FALSE);
}

static char *
stored (CormConnection *conn)
{
  return read_all (conn, "SELECT sql FROM sqlite_schema WHERE name = 'it''s one'");
}

/* The change concerns a column, a check and so on of its own, which the sample made for that. */
typedef struct {
  const char *what;
  CormTableEdit edits[2];
  const char *without, *with; /* the part of the stored SQL that it changes: from, to */
} Change;

/* The spare column stands last: "spare …", and a named check and unique of it behind all constraints. */
static const Change changes[] = {
  { "add column",
    { { .kind = CORM_OP_ADD_COLUMN, .definition = "fresh INT" } },
    SPARE_END,
    SPARE_END ", fresh INT" },
  { "drop column", { { .kind = CORM_OP_DROP_COLUMN, .name = "spare3" } }, "\tspare3 TEXT,", "" },
  { "set type",
    { { .kind = CORM_OP_SET_TYPE, .name = "spare", .definition = "ANY" } },
    "spare INT ",
    "spare ANY " },
  { "set not null",
    { { .kind = CORM_OP_SET_NOT_NULL, .name = "spare2", .convert = "1" } },
    "spare2 INT",
    "spare2 INT NOT NULL" },
  { "drop not null", { { .kind = CORM_OP_DROP_NOT_NULL, .name = "spare" } }, " /*n*/ NOT NULL", " /*n*/" },
  { "set default",
    { { .kind = CORM_OP_SET_DEFAULT, .name = "spare2", .definition = "5" } },
    "spare2 INT",
    "spare2 INT DEFAULT 5" },
  { "drop default", { { .kind = CORM_OP_DROP_DEFAULT, .name = "spare" } }, " DEFAULT 7", "" },
  { "drop check",
    { { .kind = CORM_OP_DROP_CHECK, .name = "spare check" } },
    " CONSTRAINT [spare check] CHECK (spare <> 0)",
    "" },
  { "add check",
    { { .kind = CORM_OP_ADD_CHECK, .definition = "CHECK (spare > -1)" } },
    SPARE_LAST,
    SPARE_LAST ", CHECK (spare > -1)" },
  { "drop unique",
    { { .kind = CORM_OP_DROP_UNIQUE, .name = "spare unique" } },
    ", CONSTRAINT `spare unique` UNIQUE(spare2, spare)",
    "" },
  { "add unique",
    { { .kind = CORM_OP_ADD_UNIQUE, .definition = "UNIQUE (spare2, spare, spare3)" } },
    SPARE_LAST,
    SPARE_LAST ", UNIQUE (spare2, spare, spare3)" },
  { "drop foreign key",
    { { .kind = CORM_OP_DROP_FOREIGN_KEY, .name = "spare key" } },
    " CONSTRAINT \"spare key\" REFERENCES parent(id) DEFERRABLE",
    "" },
  { "rename column",
    { { .kind = CORM_OP_RENAME_COLUMN, .name = "spare4", .was = "spare3" } },
    "spare3 TEXT",
    "spare4 TEXT" },
  { "add foreign key",
    { { .kind = CORM_OP_ADD_FOREIGN_KEY, .definition = "FOREIGN KEY (spare2) REFERENCES parent" } },
    SPARE_LAST,
    SPARE_LAST ", FOREIGN KEY (spare2) REFERENCES parent" },
  { "set generated",
    { { .kind = CORM_OP_SET_GENERATED, .name = "spare2", .definition = "AS (NULL)" } },
    "spare2 INT",
    "spare2 INT AS (NULL)" },
};

static void
fail_sample (const SampleTable *sample, const char *what, const char *why, const char *is, const char *should)
{
  fail_msg ("table %u, %s: %s\n%s\n--- is\n%s\n--- should be\n%s", sample->number, what, why, sample->sql, is,
            should);
}

static void
check_sample (const SampleTable *sample, const Change *change)
{
  g_autoptr (CormConnection) conn = open_memory ();
  g_autoptr (GError) error = NULL;
  g_auto (Rebuilt) rebuilt = { 0 };
  guint n = change->edits[1].kind != 0 ? 2 : 1;
  for (guint i = 0; i < sample->statements->len; i++)
    if (!corm_execute (conn, sample->statements->pdata[i], NULL, NULL, &error))
      fail_sample (sample, sample->statements->pdata[i], error->message, "", "");
  g_autofree char *before = read_kept (conn, sample), *sql = stored (conn);
  g_auto (GStrv) parts = g_strsplit (sql, change->without, 2);
  if (g_strv_length (parts) != 2)
    fail_sample (sample, change->what, "the sample lacks the spare part", sql, change->without);
  g_autofree char *wanted = g_strjoinv (change->with, parts);
  if (!rebuild_table (conn, &rebuilt, "it's one", change->edits, n, &error))
    fail_sample (sample, change->what, error->message, "", "");
  g_autofree char *sql_after = stored (conn), *after = read_kept (conn, sample);
  if (strcmp (sql_after, wanted) != 0)
    fail_sample (sample, change->what, "the stored SQL", sql_after, wanted);
  if (strcmp (after, before) != 0)
    fail_sample (sample, change->what, "what hangs on it", after, before);
  if (!run_statements (conn, rebuilt.reverse, &error))
    fail_sample (sample, change->what, error->message, "", "");
  g_autofree char *sql_back = stored (conn), *back = read_kept (conn, sample);
  if (strcmp (sql_back, sql) != 0)
    fail_sample (sample, change->what, "the stored SQL after the way back", sql_back, sql);
  if (strcmp (back, before) != 0)
    fail_sample (sample, change->what, "what hangs on it after the way back", back, before);
}

static void
nothing_else_changes (G_GNUC_UNUSED void **state)
{
  const char *seed_text = g_getenv ("CORM_TEST_SEED"), *n_text = g_getenv ("CORM_TEST_TABLES");
  guint seed = seed_text != NULL ? (guint) g_ascii_strtoull (seed_text, NULL, 10) : 4;
  guint n = n_text != NULL ? (guint) g_ascii_strtoull (n_text, NULL, 10) : 200;
  print_message ("# seed %u\n", seed);
  for (guint i = 0; i < n; i++) {
    g_auto (SampleTable) sample = { 0 };
    sample_table_make (&sample, seed, i);
    check_sample (&sample, &changes[i % G_N_ELEMENTS (changes)]);
  }
}

/* The samples have what they are said to have, so that nothing is proved about nothing. */
static void
every_clause_occurs (G_GNUC_UNUSED void **state)
{
  static const char *const clauses[] = {
    "STRICT",
    "WITHOUT",
    "AUTOINCREMENT",
    "ON CONFLICT",
    "COLLATE",
    "STORED",
    "VIRTUAL",
    "--",
    "/*",
    "[",
    "`",
    "\"",
    "DEFERRABLE INITIALLY DEFERRED",
    "MATCH",
    "CHECK",
    "UNIQUE",
    "ON DELETE",
    "CONSTRAINT",
    "DEFAULT",
    "PRIMARY KEY",
  };
  guint found[G_N_ELEMENTS (clauses)] = { 0 };
  for (guint i = 0; i < 200; i++) {
    g_auto (SampleTable) sample = { 0 };
    sample_table_make (&sample, 4, i);
    g_autofree char *upper = g_ascii_strup (sample.sql, -1);
    for (guint c = 0; c < G_N_ELEMENTS (clauses); c++)
      found[c] += strstr (upper, clauses[c]) != NULL;
  }
  for (guint c = 0; c < G_N_ELEMENTS (clauses); c++)
    if (found[c] < 10)
      fail_msg ("%s: in %u of 200", clauses[c], found[c]);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (nothing_else_changes),
    cmocka_unit_test (every_clause_occurs),
  };
  return cmocka_run_group_tests_name ("sqlite3-lossless", tests, NULL, NULL);
}
