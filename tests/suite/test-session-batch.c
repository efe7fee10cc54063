/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Flushes of many rows: how many statements they take, rows that wait for each other, versions and tenants in the statements
 * for many rows. */
#include "../lib/suite.h"

typedef struct Node Node;
struct Node {
  gint64 id;
  const char *name;
  gint32 size;
  double weight;
  CormOptInt64 parent_id;
  CormOptInt64 best_id; /* of a leaf, which belongs to a node: round and round */
  Node *parent;
};

typedef struct {
  gint64 id;
  const char *name;
  gint64 node_id;
  gint32 version;
  CormTimestamp updated;
  Node *node;
} Leaf;

typedef struct {
  gint64 id;
  const char *text;
  gint32 version;
  CormOptTimestamp deleted;
  gint64 tenant;
} Doc;

CORM_DECLARE_MODEL (Node, node)
CORM_DECLARE_MODEL (Leaf, leaf)
CORM_DECLARE_MODEL (Doc, doc)

static const CormColumn node_columns[] = {
  CORM_COLUMN (Node, id, .primary_key = true),
  CORM_COLUMN (Node, name, .not_null = true, .unique = true, .max_length = 40),
  CORM_COLUMN (Node, size),
  CORM_COLUMN (Node, weight),
  CORM_COLUMN (Node, parent_id, .references = "nodes.id"),
  CORM_COLUMN (Node, best_id, .references = "leaves.id"),
};
static const CormIndex node_indexes[] = { { .name = "idx_nodes_parent", .columns = "parent_id" },
                                          { .name = "idx_nodes_best", .columns = "best_id" } };
static const CormIndex leaf_indexes[] = { { .name = "idx_leaves_node", .columns = "node_id" } };
static const CormRelation node_relations[] = { CORM_BELONGS_TO (Node, parent, Node, parent_id) };
const CormModel Node_model = CORM_MODEL (Node, "nodes", CORM_COLUMNS (node_columns),
                                         CORM_INDEXES (node_indexes), CORM_RELATIONS (node_relations));

static const CormColumn leaf_columns[] = {
  CORM_COLUMN (Leaf, id, .primary_key = true),
  CORM_COLUMN (Leaf, name),
  CORM_COLUMN (Leaf, node_id, .references = "nodes.id"),
  CORM_COLUMN (Leaf, version, .role = CORM_ROLE_VERSION),
  CORM_COLUMN (Leaf, updated, .role = CORM_ROLE_UPDATED_AT),
};
static const CormRelation leaf_relations[] = { CORM_BELONGS_TO (Leaf, node, Node, node_id) };
const CormModel Leaf_model = CORM_MODEL (Leaf, "leaves", CORM_COLUMNS (leaf_columns),
                                         CORM_INDEXES (leaf_indexes), CORM_RELATIONS (leaf_relations));

static const CormColumn doc_columns[] = {
  CORM_COLUMN (Doc, id, .primary_key = true),
  CORM_COLUMN (Doc, text),
  CORM_COLUMN (Doc, version, .role = CORM_ROLE_VERSION),
  CORM_COLUMN (Doc, deleted, .role = CORM_ROLE_DELETED_AT),
  CORM_COLUMN (Doc, tenant, .role = CORM_ROLE_TENANT),
};
const CormModel Doc_model = CORM_MODEL (Doc, "docs", CORM_COLUMNS (doc_columns));

static const CormModel *const models[] = { &Node_model, &Leaf_model, &Doc_model, NULL };

#ifdef CORM_TINY
enum { N = 60, MOST = G_MAXINT };
#else
enum { N = 10000, MOST = 25 };
#endif

static char *
make_name (GPtrArray *names, const char *prefix, guint i)
{
  g_ptr_array_add (names, g_strdup_printf ("%s %u", prefix, i));
  return names->pdata[names->len - 1];
}

static Node *
add_nodes (CormSession *session, GPtrArray *names, guint n)
{
  Node *nodes = g_new0 (Node, n);
  for (guint i = 0; i < n; i++) {
    nodes[i] = (Node){ .name = make_name (names, "node", i), .size = (gint32) i, .weight = i / 3.0 };
    assert_ok (corm_session_add (Node, session, &nodes[i], error));
  }
  return nodes;
}

static guint64
count_statements (Suite *suite, CormSession *session)
{
  guint64 before = corm_connection_get_n_statements (suite->conn);
  gint64 start = g_get_monotonic_time ();
  assert_ok (corm_session_commit (session, error));
  guint64 n = corm_connection_get_n_statements (suite->conn) - before;
  print_message ("# %s: %" G_GUINT64_FORMAT " statements, %.0f ms\n", suite->backend, n,
                 (double) (g_get_monotonic_time () - start) / 1000);
  return n;
}

/* --- counting */

/* Where no statement crosses a wire, a change may be one: a prepared one, executed again. */
static guint64
most_statements (const Suite *suite)
{
  return strcmp (suite->backend, "sqlite3") == 0 && MOST < G_MAXINT ? N + MOST : MOST;
}

static void
ten_thousand_inserts (Suite *suite)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  g_autofree Node *nodes = add_nodes (session, names, N);
  assert_true (count_statements (suite, session) <= (MOST < G_MAXINT ? N / 15 + MOST : MOST));
  for (guint i = 0; i < N; i += N / 20) {
    g_autoptr (Node) read = corm_get (Node, suite->conn, NULL, .id = nodes[i].id);
    assert_string_equal (read->name, nodes[i].name);
    assert_true (read->weight == nodes[i].weight);
  }
}

/* A third of each, over two tables, and not the same columns in every row. */
static void
ten_thousand_changes (Suite *suite)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  g_autofree Node *nodes = add_nodes (session, names, 2 * N / 3);
  assert_ok (corm_session_commit (session, error));
  g_autofree Leaf *leaves = g_new0 (Leaf, N / 3);
  for (guint i = 0; i < N / 3; i++) {
    leaves[i] = (Leaf){ .name = make_name (names, "leaf", i), .node = &nodes[2 * i + 1] };
    assert_ok (corm_session_add (Leaf, session, &leaves[i], error));
    assert_ok (corm_session_delete (Node, session, &nodes[2 * i], error));
    Node *node = &nodes[2 * i + 1];
    if (i % 3 != 0)
      node->size = -1;
    if (i % 3 != 1)
      node->weight = 0.5;
    if (i % 3 == 2)
      node->name = make_name (names, "changed", i);
  }
  suite_sql (suite->conn,
             "UPDATE nodes SET weight = 77"); /* somebody else: a column that a row did not change stays */
  assert_true (count_statements (suite, session) <= most_statements (suite));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM nodes"), N / 3);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM leaves"), N / 3);
  gint64 n_77 = suite_number (suite->conn, "SELECT count(*) FROM nodes WHERE weight = 77 AND size = -1");
  assert_int_equal (n_77, (N / 3 + 1) / 3);
  for (guint i = 0; i < N / 3; i += N / 30) {
    g_autoptr (Node) read = corm_get (Node, suite->conn, NULL, .id = nodes[2 * i + 1].id);
    assert_string_equal (read->name, nodes[2 * i + 1].name);
    assert_int_equal (read->size, nodes[2 * i + 1].size);
    assert_true (read->weight == (i % 3 == 1 ? 77 : 0.5));
  }
}

static void
ten_thousand_versions (Suite *suite)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  g_autofree Doc *docs = g_new0 (Doc, N);
  corm_connection_set_tenant (suite->conn, corm_value_int (4));
  for (guint i = 0; i < N; i++) {
    docs[i].text = make_name (names, "doc", i);
    assert_ok (corm_session_add (Doc, session, &docs[i], error));
  }
  assert_true (count_statements (suite, session) <= most_statements (suite));
  assert_int_equal (docs[7].version, 1);
  assert_int_equal (docs[7].tenant, 4);
  for (guint i = 0; i < N; i++)
    if (i % 2 == 0)
      docs[i].text = NULL;
    else
      assert_ok (corm_session_delete (Doc, session, &docs[i], error));
  assert_true (count_statements (suite, session) <= most_statements (suite));
  assert_int_equal (docs[0].version, 2);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM docs WHERE version = 2"), N);
  guint64 n = 0;
  assert_ok (corm_count (Doc, suite->conn, &n, error, .where = CORM_IS_NULL (Doc, text)));
  assert_int_equal (n, N / 2);
}

/* --- rows that wait for each other */

static void
a_tree_of_new_rows (Suite *suite)
{
  enum { DEPTH = 30 };
  Node nodes[DEPTH] = { 0 };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  for (guint i = DEPTH; i-- > 0;) { /* children are added before their parents */
    nodes[i] = (Node){ .name = make_name (names, "n", i), .parent = i > 0 ? &nodes[i - 1] : NULL };
    assert_ok (corm_session_add (Node, session, &nodes[i], error));
  }
  count_statements (suite, session);
  for (guint i = 1; i < DEPTH; i++) {
    g_autoptr (Node) read = corm_get (Node, suite->conn, NULL, .id = nodes[i].id);
    assert_int_equal (read->parent_id.value, nodes[i - 1].id);
    assert_int_equal (corm_session_get_state (session, &nodes[i]), CORM_ROW_CLEAN);
  }
  for (guint i = 0; i < DEPTH; i++)
    assert_ok (corm_session_delete (Node, session, &nodes[i], error));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM nodes"), 0);
}

static void
a_circle_is_broken_at_a_key_that_can_be_null (Suite *suite)
{
  Node a = { .name = "a" }, b = { .name = "b", .parent = &a };
  a.parent = &b;
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  assert_ok (corm_session_add (Node, session, &a, error));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (a.parent_id.value, b.id);
  assert_int_equal (b.parent_id.value, a.id);
  Leaf leaf = { .name = "l", .node = &a };
  assert_ok (corm_session_add (Leaf, session, &leaf, error));
  assert_ok (corm_session_flush (session, error));
  a.best_id = (CormOptInt64) CORM_SOME (leaf.id);
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_delete (Node, session, &a, error));
  assert_ok (corm_session_delete (Node, session, &b, error));
  assert_ok (corm_session_delete (Leaf, session, &leaf, error));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM nodes"), 0);
}

/* --- the one to blame */

static void
a_stale_row_among_many_is_named (Suite *suite)
{
  enum { MANY = 40 };
  g_autofree Doc *docs = g_new0 (Doc, MANY);
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  corm_connection_set_tenant (suite->conn, corm_value_int (4));
  for (guint i = 0; i < MANY; i++)
    assert_ok (corm_session_add (Doc, session, &docs[i], error));
  assert_ok (corm_session_commit (session, error));
  Doc other = docs[23];
  assert_ok (doc_update (suite->conn, &other, error));
  for (guint i = 0; i < MANY; i++)
    docs[i].text = "mine";
  g_autofree char *key = g_strdup_printf ("id = '%" G_GINT64_FORMAT "'", docs[23].id);
  assert_fails (corm_session_flush (session, error), CORM_ERROR_STALE, "docs", key, "version 2", "version 1");
  assert_ptr_equal (corm_session_get_failed (session, NULL), &docs[23]);
  assert_int_equal (docs[0].version, 1);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM docs WHERE text IS NULL"), MANY);
  assert_ok (corm_session_refresh (Doc, session, &docs[23], error));
  docs[23].text = "mine";
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM docs WHERE text = 'mine'"), MANY);
  assert_ok (corm_erase_row (&Doc_model, suite->conn, &docs[5], error));
  assert_ok (corm_session_delete (Doc, session, &docs[4], error));
  assert_ok (corm_session_delete (Doc, session, &docs[5], error));
  assert_fails (corm_session_commit (session, error), CORM_ERROR_NOT_FOUND, "docs");
  assert_ptr_equal (corm_session_get_failed (session, NULL), &docs[5]);
  assert_ok (corm_session_rollback (session, error));
}

static void
another_tenants_row_is_not_there (Suite *suite)
{
  Doc docs[2] = { 0 };
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  corm_connection_set_tenant (suite->conn, corm_value_int (4));
  for (guint i = 0; i < 2; i++)
    assert_ok (corm_session_add (Doc, session, &docs[i], error));
  assert_ok (corm_session_commit (session, error));
  docs[0].text = docs[1].text = "x";
  corm_connection_set_tenant (suite->conn, corm_value_int (5));
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "another tenant");
  corm_connection_set_tenant (suite->conn, corm_value_int (4));
  suite_sql (suite->conn, "UPDATE docs SET tenant = 5");
  assert_fails (corm_session_flush (session, error), CORM_ERROR_NOT_FOUND, "docs");
}

/* It would be written into the other's. */
static void
a_new_row_stays_with_its_tenant (Suite *suite)
{
  Doc doc = { .text = "four" };
  g_autoptr (CormSession) session = corm_session_new (suite->conn);
  corm_connection_set_tenant (suite->conn, corm_value_int (4));
  assert_ok (corm_session_add (Doc, session, &doc, error));
  corm_connection_set_tenant (suite->conn, corm_value_int (5));
  assert_fails (corm_session_commit (session, error), CORM_ERROR_INVALID, "another tenant");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM docs"), 0);
  corm_connection_set_tenant (suite->conn, corm_value_int (4));
  assert_ok (corm_session_commit (session, error));
  assert_int_equal (suite_number (suite->conn, "SELECT tenant FROM docs"), 4);
}

/* The row at which the space ends is like the others. */
static void
nobody_is_to_blame_for_a_full_disk (Suite *suite)
{
  enum { MANY = 40 };
  if (!corm_connection_get_link (suite->conn)->driver->dialect->in_process)
    suite_leave_out ("the disk is the server's");
  g_autofree Doc *docs = g_new0 (Doc, MANY);
  g_autofree char *text = g_strnfill (20000, 'x');
  corm_connection_set_tenant (suite->conn, corm_value_int (4));
  const gint64 pages = suite_number (suite->conn, "PRAGMA page_count");
  g_autofree char *limit = g_strdup_printf ("PRAGMA max_page_count = %d", (int) pages + 20);
  (void) suite_number (suite->conn, limit);
  {
    g_autoptr (CormSession) session = corm_session_new (suite->conn);
    for (guint i = 0; i < MANY; i++) {
      docs[i].text = text;
      assert_ok (corm_session_add (Doc, session, &docs[i], error));
    }
    assert_fails (corm_session_commit (session, error), CORM_ERROR_FULL, "flush of the session");
    assert_null (corm_session_get_failed (session, NULL));
  }
  (void) suite_number (suite->conn, "PRAGMA max_page_count = 1073741823");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM docs"), 0);
}

static const SuiteCase cases[] = {
  { "ten thousand inserts", ten_thousand_inserts, 0 },
  { "ten thousand changes", ten_thousand_changes, 0 },
  { "ten thousand versions", ten_thousand_versions, 0 },
  { "a tree of new rows", a_tree_of_new_rows, 0 },
  { "a circle is broken at a key that can be NULL", a_circle_is_broken_at_a_key_that_can_be_null, 0 },
  { "a stale row among many is named", a_stale_row_among_many_is_named, 0 },
  { "nobody is to blame for a full disk", nobody_is_to_blame_for_a_full_disk, 0 },
  { "another tenant's row is not there", another_tenants_row_is_not_there, 0 },
  { "a new row stays with its tenant", a_new_row_stays_with_its_tenant, 0 },
};

int
main (void)
{
  return SUITE_RUN (models, cases);
}
