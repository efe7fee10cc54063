/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A database of 1 000 tables of 20 columns, each with a key, a unique constraint, an index and a foreign key: how long it
 * takes to read it and to compare it with a snapshot of itself, and with one in which a table has another column. How
 * many queries that takes is tests/suite/test-inspect's to say: it doesn't depend on the number of tables. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_TABLES = 1000, N_COLUMNS = 20, RUNS = 5, MARK_MS = 1000 };

static const CormSqlType types[] = {
  { .type = CORM_TYPE_INT64 },   { .type = CORM_TYPE_TEXT, .length = 40 }, { .type = CORM_TYPE_FLOAT64 },
  { .type = CORM_TYPE_BOOLEAN }, { .type = CORM_TYPE_TIMESTAMP },          { .type = CORM_TYPE_INT32 },
};

static GStrv
names (const char *name)
{
  GStrv list = g_new0 (char *, 2);
  list[0] = g_strdup (name);
  return list;
}

static void
add_table (CormSchema *schema, guint number)
{
  g_autofree char *name = g_strdup_printf ("t%04u", number), *unique = g_strdup_printf ("uq_%s_c01", name);
  g_autofree char *index = g_strdup_printf ("ix_%s_c02", name), *key = g_strdup_printf ("fk_%s_c03", name);
  CormTable *table = corm_schema_add_table (schema, name);
  for (guint i = 0; i < N_COLUMNS; i++) {
    g_autofree char *column_name = i == 0 ? g_strdup ("id") : g_strdup_printf ("c%02u", i);
    CormTableColumn *column = corm_table_add_column (table, column_name);
    column->type = types[i == 3 ? 0 : i % G_N_ELEMENTS (types)];
    column->not_null = i % 3 == 0;
    if (i == 5) {
      column->default_kind = CORM_DEFAULT_LITERAL;
      column->default_text = g_strdup ("7");
    }
  }
  corm_table_find_column (table, "c03")->not_null = FALSE;
  corm_table_set_primary_key (table, NULL)->columns = names ("id");
  corm_table_add_unique (table, unique)->columns = names ("c01");
  corm_index_add_part (corm_table_add_index (table, index), "c02");
  if (number == 0)
    return;
  g_autofree char *parent = g_strdup_printf ("t%04u", number / 2);
  CormForeignKey *foreign = corm_table_add_foreign_key (table, key);
  foreign->columns = names ("c03");
  foreign->target_table = g_strdup (parent);
  foreign->target_columns = names ("id");
}

static void
run_sql (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  bench_need (corm_execute (conn, sql, NULL, NULL, &error), sql, error != NULL ? error->message : NULL);
}

static void
make_tables (CormConnection *conn, const char *dialect, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) schema = corm_schema_new (dialect);
  for (guint i = 0; i < n; i++)
    add_table (schema, i);
  g_autoptr (CormPlan) plan = corm_schema_migrate (conn, schema, NULL, &error);
  BENCH_NEED (plan != NULL);
  bench_need (corm_plan_get_n_differences (plan) == 0, "making the tables", "some differ");
}

/* Seconds, from a connection that has read nothing yet. */
static double
compare_once (CormDb *db, const char *snapshot, guint n_changes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormConnection) conn = corm_db_connect (db, &error);
  BENCH_NEED (conn != NULL);
  g_autoptr (CormSchema) saved = corm_schema_from_json (snapshot, &error);
  BENCH_NEED (saved != NULL);
  gint64 began = g_get_monotonic_time (); /* the snapshot's file is no part of it */
  g_autoptr (CormSchema) live = corm_schema_inspect (conn, &error);
  BENCH_NEED (live != NULL);
  g_autoptr (CormSchema) wanted = corm_schema_canonical_like (conn, saved, live, &error);
  BENCH_NEED (wanted != NULL);
  g_autoptr (CormPlan) plan = corm_schema_diff (conn, live, wanted, &error);
  BENCH_NEED (plan != NULL);
  double seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  bench_need (corm_plan_get_n_changes (plan) == n_changes && plan->ops->len == n_changes, "the comparison",
              "it found something else");
  return seconds;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
measure (CormDb *db, const char *backend, const char *name, const char *snapshot, guint n_changes, guint n)
{
  double times[RUNS];
  for (guint i = 0; i < RUNS; i++)
    times[i] = compare_once (db, snapshot, n_changes);
  qsort (times, RUNS, sizeof *times, compare_times);
  double median_ms = times[RUNS / 2] * 1e3;
  printf ("inspect  %-8s %u tables, %-24s %7.0f ms (%.0f to %.0f), mark %d ms: %s\n", backend, n, name,
          median_ms, times[0] * 1e3, times[RUNS - 1] * 1e3, MARK_MS,
          median_ms <= MARK_MS ? "held" : "missed");
  fflush (stdout);
  bench_add_result ("{\"name\": \"inspect and diff: %s\", \"backend\": \"%s\", \"tables\": %u, \"ms\": %.1f}",
                    name, backend, n, median_ms);
}

static void
measure_backend (const char *backend, const char *uri, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormDb) db = corm_db_open (uri, NULL, &error);
  BENCH_NEED (db != NULL);
  g_autoptr (CormConnection) conn = corm_db_connect (db, &error);
  BENCH_NEED (conn != NULL);
  make_tables (conn, backend, n);
  if (strcmp (backend, "pgsql") == 0)
    run_sql (conn, "VACUUM ANALYZE"); /* the catalogue, as a server does within a minute */
  g_autoptr (CormSchema) live = corm_schema_inspect (conn, &error);
  BENCH_NEED (live != NULL);
  bench_need (live->tables->len == n, "reading the tables", "there are not as many as were made");
  g_autofree char *same = corm_schema_to_json (live);
  CormTable *table = g_ptr_array_index (live->tables, n / 2);
  corm_table_add_column (table, "another")->type = types[0];
  g_clear_pointer (&table->sql, g_free); /* SQLite's own word for it as it is */
  g_autofree char *other = corm_schema_to_json (live);
  g_clear_pointer (&conn, corm_connection_free);
  measure (db, backend, "nothing changed", same, 0, n);
  measure (db, backend, "a column more in one", other, 1, n);
}

int
main (void)
{
  guint n = (guint) bench_scale (N_TABLES);
  const char *folder = g_getenv ("BENCH_TMP"), *pgsql = g_getenv ("CORM_TEST_PGSQL");
  const char *mysql = g_getenv ("CORM_TEST_MYSQL");
  g_autofree char *sqlite3 =
      g_strdup_printf ("sqlite:%s/inspect.db", folder != NULL ? folder : g_get_tmp_dir ());
  measure_backend ("sqlite3", sqlite3, n);
  if (pgsql != NULL)
    measure_backend ("pgsql", pgsql, n);
  if (mysql != NULL)
    measure_backend ("mysql", mysql, n);
  return 0;
}
