/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Very many parents: one query an edge, and little memory beside the rows themselves. CORM_TEST_PARENTS says how many. */
#include "config.h"

#include <malloc.h>
#include <stdlib.h>

#include "../lib/suite.h"

typedef struct {
  gint64 id;
  gint64 number;
  CormRows *leaves;
} Branch;

typedef struct {
  gint64 id;
  gint64 branch_id;
  Branch *branch;
} Leaf;

CORM_DECLARE_MODEL (Branch, branch)
CORM_DECLARE_MODEL (Leaf, leaf)

static const CormColumn branch_columns[] = {
  CORM_COLUMN (Branch, id, .primary_key = true),
  CORM_COLUMN (Branch, number),
};
static const CormRelation branch_relations[] = { CORM_HAS_MANY (Branch, leaves, Leaf, branch_id) };
const CormModel Branch_model =
    CORM_MODEL (Branch, "branches", CORM_COLUMNS (branch_columns), CORM_RELATIONS (branch_relations));
static const CormColumn leaf_columns[] = {
  CORM_COLUMN (Leaf, id, .primary_key = true),
  CORM_COLUMN (Leaf, branch_id, .references = "branches.id"),
};
static const CormIndex leaf_indexes[] = { { .name = "idx_leaves_branch", .columns = "branch_id" } };
static const CormRelation leaf_relations[] = { CORM_BELONGS_TO (Leaf, branch, Branch, branch_id) };
const CormModel Leaf_model = CORM_MODEL (Leaf, "leaves", CORM_COLUMNS (leaf_columns),
                                         CORM_INDEXES (leaf_indexes), CORM_RELATIONS (leaf_relations));
static const CormModel *const models[] = { &Branch_model, &Leaf_model, NULL };

/* Few where every limit is small or each access is watched. */
static gsize
count_parents (void)
{
  const char *wish = g_getenv ("CORM_TEST_PARENTS");
#if defined CORM_TINY || defined CORM_SANITIZED
  return wish != NULL ? (gsize) strtoul (wish, NULL, 10) : 2000;
#else
  return wish != NULL ? (gsize) strtoul (wish, NULL, 10) : 40000;
#endif
}

/* Rows 1 to n, twice as many with each statement. The leaves lie on branches from the last to the first. */
static void
fill (Suite *suite, gsize n)
{
  suite_sql (suite->conn, "INSERT INTO branches (id, number) VALUES (1, 1)");
  for (gsize have = 1; have < n; have *= 2) {
    g_autofree char *more = g_strdup_printf (
        "INSERT INTO branches (id, number) SELECT id + %" G_GSIZE_FORMAT ", number + %" G_GSIZE_FORMAT
        " FROM branches WHERE id + %" G_GSIZE_FORMAT " <= %" G_GSIZE_FORMAT,
        have, have, have, n);
    suite_sql (suite->conn, more);
  }
  g_autofree char *leaves = g_strdup_printf (
      "INSERT INTO leaves (id, branch_id) SELECT id, %" G_GSIZE_FORMAT " - id FROM branches", n + 1);
  suite_sql (suite->conn, leaves);
}

/* A line of /proc/self/status, in bytes. */
static gint64
status_of (const char *name)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  const char *line = strstr (text, name);
  return line != NULL ? g_ascii_strtoll (line + strlen (name), NULL, 10) * 1024 : 0;
}

static void
reset_peak (void)
{
  malloc_trim (0);
  FILE *file = fopen ("/proc/self/clear_refs", "w");
  if (file != NULL) {
    fputs ("5", file);
    fclose (file);
  }
}

/* What the loading took at most beside what it left behind. */
static void
check_memory (const char *what, const Suite *suite, gsize n, gint64 start)
{
  double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  gint64 peak = status_of ("VmHWM:");
  malloc_trim (0);
  gint64 extra = peak - status_of ("VmRSS:");
  print_message ("# %s: %s of %" G_GSIZE_FORMAT " rows: %.1f s, %.1f MB beside the rows\n", suite->backend,
                 what, n, seconds, (double) extra / (1 << 20));
#if !defined CORM_SANITIZED && !defined CORM_TINY
  if ((suite->caps & CORM_CAP_STREAMING) != 0)
    assert_true (extra <= 64 * (1 << 20));
#endif
}

static void
parents_with_children (Suite *suite)
{
  gsize n = count_parents ();
  fill (suite, n);
  reset_peak ();
  gint64 start = g_get_monotonic_time ();
  guint64 before = corm_connection_get_n_statements (suite->conn);
  g_autoptr (CormRows) found = NULL;
  assert_ok ((found = corm_find (Branch, suite->conn, error, .with = CORM_WITH (Branch, leaves))) != NULL);
  check_memory ("children", suite, n, start);
  if ((suite->caps & CORM_CAP_STREAMING) != 0)
    assert_int_equal (corm_connection_get_n_statements (suite->conn) - before, 2);
  assert_int_equal (corm_rows_get_length (found), n);
  CORM_FOREACH (Branch, branch, found) {
    assert_int_equal (corm_rows_get_length (branch->leaves), 1);
    assert_int_equal (((Leaf *) corm_rows_get (branch->leaves, 0))->branch_id, branch->id);
  }
}

static void
children_with_parents (Suite *suite)
{
  gsize n = count_parents ();
  fill (suite, n);
  reset_peak ();
  gint64 start = g_get_monotonic_time ();
  g_autoptr (CormRows) found = NULL;
  assert_ok ((found = corm_find (Leaf, suite->conn, error, .with = CORM_WITH (Leaf, branch))) != NULL);
  check_memory ("parents", suite, n, start);
  CORM_FOREACH (Leaf, leaf, found)
    assert_int_equal (leaf->branch->id, leaf->branch_id);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "parents with children", parents_with_children, 0 },
    { "children with parents", children_with_parents, 0 },
  };
  return SUITE_RUN (models, cases);
}
