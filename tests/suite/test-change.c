/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every kind of change, on a table with rows: it is made, nothing is left to do, the rows are what they were, and the
 * reverse of the plan leads back. */
#include "../lib/suite.h"
#include "changes.h"

static CormSchema *
wanted (CormConnection *conn, const char *sql)
{
  CormSchema *schema = NULL;
  assert_ok ((schema = corm_schema_from_sql (conn, sql, error)) != NULL);
  return schema;
}

static void
run_script (CormConnection *conn, const char *script)
{
  g_auto (GStrv) statements = g_strsplit (script, ";", -1);
  for (char **statement = statements; *statement != NULL; statement++)
    suite_sql (conn, *statement);
}

static char *
fingerprint (CormConnection *conn)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  return corm_schema_fingerprint (schema);
}

static char *
snapshot (CormConnection *conn)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  return corm_schema_to_json (schema);
}

/* Appends a line about @change to @faults. */
static void complain (GString *faults, const Change *change, const char *format, ...) G_GNUC_PRINTF (3, 4);
static void
complain (GString *faults, const Change *change, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_string_append_printf (faults, "\n%s: ", change->name);
  g_string_append_vprintf (faults, format, args);
  va_end (args);
}

static void
look_for_op (GString *faults, const Change *change, const CormPlan *plan)
{
  gboolean found = change->op == NULL;
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    g_autofree char *kind = corm_op_get_kind_name (op);
    if (op->kind == CORM_OP_DIFFERS)
      complain (faults, change, "is left alone: %s", op->text);
    found = found || strcmp (kind, change->op) == 0;
  }
  if (!found)
    complain (faults, change, "has no %s", change->op);
}

static void
complain_of_way_back (GString *faults, const Change *change, CormConnection *conn, const char *was)
{
  g_autofree char *now = snapshot (conn);
  complain (faults, change, "the way back leads to %s, not to %s", now, was);
}

static gboolean
try_sql (GString *faults, const Change *change, CormConnection *conn, const char *sql)
{
  g_autoptr (GError) failed = NULL;
  if (!corm_execute (conn, sql, NULL, NULL, &failed))
    complain (faults, change, "%s", failed->message);
  return failed == NULL;
}

/* The reverse of all, from the last to the first; around it what a rebuild needs. */
static void
go_back (GString *faults, const Change *change, CormConnection *conn, const CormPlan *plan)
{
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  if (dialect->before_rebuild != NULL)
    suite_sql (conn, dialect->before_rebuild);
  for (guint i = plan->ops->len; i-- > 0;) {
    const CormOp *op = plan->ops->pdata[i];
    for (guint s = 0; s < op->reverse->len; s++)
      if (!try_sql (faults, change, conn, op->reverse->pdata[s]))
        return;
  }
  if (dialect->after_rebuild != NULL)
    suite_sql (conn, dialect->after_rebuild);
}

static void
look_for_rest (GString *faults, const Change *change, CormConnection *conn)
{
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .dry_run = true, .allow = all };
  g_autoptr (CormSchema) to = wanted (conn, change->after);
  g_autoptr (CormPlan) rest = NULL;
  assert_ok ((rest = corm_schema_migrate (conn, to, &options, error)) != NULL);
  for (guint i = 0; i < rest->ops->len; i++)
    complain (faults, change, "leaves: %s", ((CormOp *) rest->ops->pdata[i])->text);
}

static void
make_change (GString *faults, CormConnection *conn, const Change *change, gboolean online)
{
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .allow = all, .online = online };
  run_script (conn, change->before);
  g_autofree char *before = fingerprint (conn);
  g_autofree char *was = snapshot (conn);
  g_autoptr (CormSchema) to = wanted (conn, change->after);
  g_autoptr (GError) failed = NULL;
  g_autoptr (CormPlan) plan = corm_schema_migrate (conn, to, &options, &failed);
  if (plan == NULL) {
    complain (faults, change, "%s", failed->message);
    return;
  }
  look_for_op (faults, change, plan);
  look_for_rest (faults, change, conn);
  if (try_sql (faults, change, conn, change->rows)) {
    g_autofree char *rows = suite_text (conn, change->rows);
    if (strcmp (rows, change->want) != 0)
      complain (faults, change, "%s gives %s, not %s", change->rows, rows, change->want);
  }
  go_back (faults, change, conn, plan);
  g_autofree char *after = fingerprint (conn);
  if (strcmp (before, after) != 0)
    complain_of_way_back (faults, change, conn, was);
}

static void
clear (CormConnection *conn)
{
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .allow = all };
  g_autoptr (CormSchema) nothing = wanted (conn, "");
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_schema_migrate (conn, nothing, &options, error)) != NULL);
}

/* Those that are made in other steps where little may be locked. */
static const char *const otherwise_online[] = { "add-column-filled",
                                                "add-column-filled-default",
                                                "backfill",
                                                "set-not-null",
                                                "drop-not-null",
                                                "primary-key",
                                                "add-unique",
                                                "add-foreign-key",
                                                "add-check",
                                                "create-index",
                                                "change-index",
                                                "drop-index",
                                                NULL };

static void
make_changes (Suite *suite, gboolean online)
{
  g_autoptr (GString) faults = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    if (online && !g_strv_contains (otherwise_online, changes[i].name))
      continue;
    /* Without a native driver the catalogue is read slowly, and the plans are the same. */
    if (!(suite->caps & CORM_CAP_STREAMING) && i % 8 != 0)
      continue;
    make_change (faults, suite->conn, &changes[i], online);
    clear (suite->conn);
  }
  assert_string_equal (faults->str, "");
}

static void
each_change_is_made_and_undone (Suite *suite)
{
  make_changes (suite, FALSE);
}

static void
each_change_is_made_online (Suite *suite)
{
  make_changes (suite, TRUE);
}

static void
labels_and_numbers_change_and_are_undone (Suite *suite)
{
  g_autoptr (GString) faults = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++) {
    make_change (faults, suite->conn, &typed[i], FALSE);
    clear (suite->conn);
  }
  assert_string_equal (faults->str, "");
}

/* Where a name changes in the same migration, rows are looked at under the one that they have. */
static void
rows_refuse_beside_a_rename (Suite *suite)
{
  static const struct {
    const char *after;
    CormError code;
    gboolean where_it_is_silent; /* on a database alone that would make another value of it */
  } ways[] = {
    { "-- corm:was t\nCREATE TABLE u (\n  id integer PRIMARY KEY,\n  c decimal(9,2), -- corm:was a\n  b "
      "integer NOT NULL\n)",
      CORM_ERROR_NOT_NULL, FALSE },
    { "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  c decimal(9,2) NOT NULL -- corm:was a\n)",
      CORM_ERROR_NOT_NULL, FALSE },
    { "CREATE TABLE t (\n  id integer PRIMARY KEY,\n  c integer -- corm:was a\n)", CORM_ERROR_CONVERSION,
      TRUE },
  };
  static const char *const all[] = { "destructive", NULL };
  const CormMigrateOptions options = { .allow = all };
  const CormDialect *dialect = corm_connection_get_link (suite->conn)->driver->dialect;
  suite_sql (suite->conn, "CREATE TABLE t (id integer PRIMARY KEY, a decimal(9,2))");
  suite_sql (suite->conn, "INSERT INTO t (id, a) VALUES (1, 1.5), (2, NULL)");
  g_autofree char *before = fingerprint (suite->conn);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    if (ways[i].where_it_is_silent && dialect->append_loss == NULL)
      continue;
    g_autoptr (CormSchema) to = wanted (suite->conn, ways[i].after);
    assert_fails (corm_schema_migrate (suite->conn, to, &options, error) != NULL, ways[i].code,
                  "table t has ");
    g_autofree char *after = fingerprint (suite->conn);
    assert_string_equal (after, before);
  }
  clear (suite->conn);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "each_change_is_made_and_undone", each_change_is_made_and_undone, 0 },
    { "each_change_is_made_online", each_change_is_made_online,
      CORM_CAP_ALTER_ADD_CONSTRAINT | CORM_CAP_STREAMING },
    { "labels_and_numbers_change_and_are_undone", labels_and_numbers_change_and_are_undone,
      CORM_CAP_NATIVE_ENUM | CORM_CAP_STREAMING },
    { "rows_refuse_beside_a_rename", rows_refuse_beside_a_rename, 0 },
  };
  return SUITE_RUN (NULL, cases);
}
