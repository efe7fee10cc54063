/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The whole way to the database: a model whose names, defaults, labels and comments are hostile strings is migrated, used,
 * looked at and changed on every backend, and each statement that is sent is what a harmless string makes it, token by
 * token. What messages say of it stays on one line. CORM_FUZZ_SENT strings (2) from CORM_FUZZ_SEED (1). */
#include "../lib/fresh.h"

#include "hostile.h"
#include "shape.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
  gint64 id;
  const char *name;
  const char *note;
  guint32 state;
  const char *tenant;
  gint32 version;
} Victim;

enum { ID, NAME, NOTE, STATE, TENANT, VERSION, N_COLUMNS };

/* Names that begin with a blank in their second place are quoted, whatever follows. */
typedef struct {
  const char *string; /* borrowed */
  char *names[5];     /* table, column, index, constraint, check */
  const char *labels[3];
  char *was[2]; /* former names of the table and the column */
  CormColumn columns[N_COLUMNS];
  CormIndex index;
  CormConstraint constraint;
  CormModelCheck check;
  CormModel model;
  CormRegistry *registry;
} Hurt;

static ShapeDialect dialect;
static GString *logged; /* messages, an ASCII record separator behind each */
static GString *sent;   /* shapes of the statements, one a line */
static guint n_statements, n_messages, n_refused;
static GError *why;
static GMutex mutex;

static void
assert_one_line (const char *what, const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p)) {
      g_autofree char *shown = g_strescape (text, NULL);
      fail_msg ("%s is not one line: %s", what, shown);
    }
  n_messages++;
}

static GLogWriterOutput
check_log (G_GNUC_UNUSED GLogLevelFlags level, const GLogField *fields, gsize n_fields,
           G_GNUC_UNUSED gpointer data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0)
      g_string_append_printf (logged, "%s\x1e", (const char *) fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

/* Of a bulk load the table is told. Scratch places are numbered. A comparison reads in threads. */
static void
on_statement (const char *sql, gpointer data)
{
  static GRegex *numbered;
  const Hurt *hurt = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  if (numbered == NULL)
    numbered = g_regex_new ("corm_(scratch|suite)_[0-9_]+", 0, 0, NULL);
  g_autofree char *text = g_regex_replace_literal (numbered, sql, -1, 0, "corm_place", 0, NULL);
  if (strcmp (sql, hurt->names[0]) == 0)
    g_string_append (sent, "bulk load");
  else
    shape_append (sent, dialect, text != NULL ? text : sql, NULL);
  g_string_append_c (sent, '\n');
  n_statements++;
  g_assert (locker != NULL);
}

static void
check_logged (void)
{
  g_auto (GStrv) messages = g_strsplit (logged->str, "\x1e", -1);
  for (guint i = 0; messages[i] != NULL; i++)
    assert_one_line ("a log message", messages[i]);
  g_string_truncate (logged, 0);
}

static void
hurt_fill (Hurt *hurt)
{
  const CormColumn columns[N_COLUMNS] = {
    CORM_COLUMN (Victim, id, .primary_key = true),
    CORM_COLUMN_NAMED (Victim, name, hurt->names[1], .not_null = true, .max_length = 400,
                       .was = hurt->was[1]),
    CORM_COLUMN (Victim, note, .default_value = hurt->string, .max_length = 400, .comment = hurt->string),
    CORM_COLUMN (Victim, state, .labels = hurt->labels, .max_length = 400),
    CORM_COLUMN (Victim, tenant, .not_null = true, .role = CORM_ROLE_TENANT, .max_length = 400),
    CORM_COLUMN (Victim, version, .role = CORM_ROLE_VERSION),
  };
  memcpy (hurt->columns, columns, sizeof columns);
  hurt->index = (CormIndex){ .name = hurt->names[2], .columns = "note, version desc" };
  hurt->constraint = (CormConstraint){ .name = hurt->names[3], .columns = "id, version" };
  hurt->check = (CormModelCheck){ .name = hurt->names[4], .sql = "version >= 0" };
  hurt->model = (CormModel){ .type = "Victim",
                             .table = hurt->names[0],
                             .size = sizeof (Victim),
                             .columns = hurt->columns,
                             .n_columns = N_COLUMNS,
                             .indexes = &hurt->index,
                             .n_indexes = 1,
                             .constraints = &hurt->constraint,
                             .n_constraints = 1,
                             .checks = &hurt->check,
                             .n_checks = 1,
                             .was = hurt->was[0],
                             .comment = hurt->string };
}

static Hurt *
hurt_new (const char *string)
{
  static const char *const kinds[] = { "t ", "c ", "i ", "u ", "k " };
  Hurt *hurt = g_new0 (Hurt, 1);
  hurt->string = string;
  hurt->labels[0] = "x";
  hurt->labels[1] = string;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    hurt->names[i] = g_strconcat (kinds[i], string, NULL);
  hurt_fill (hurt);
  return hurt;
}

static void
hurt_free (Hurt *hurt)
{
  for (guint i = 0; i < G_N_ELEMENTS (hurt->names); i++)
    g_free (hurt->names[i]);
  g_free (hurt->was[0]);
  g_free (hurt->was[1]);
  if (hurt->registry != NULL)
    corm_registry_free (hurt->registry);
  g_free (hurt);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hurt, hurt_free)

/* FALSE where the call was refused; what it says is looked at. */
static gboolean
check (gboolean done, GError **error)
{
  if (*error != NULL) {
    assert_int_equal ((*error)->domain, CORM_ERROR);
    assert_one_line ("an error", (*error)->message);
    n_refused++;
  }
  g_clear_error (error);
  return done;
}

#define TRY(call) (why = NULL, check ((call), &why))

/* --- what is done with it ------------------------------------------------------------------------------------------- */

static gboolean
migrate (Hurt *hurt, CormDb **db, const char *uri)
{
  const CormModel *const models[] = { &hurt->model, NULL };
  const CormDbOptions options = { .on_statement = on_statement, .on_statement_data = hurt, .pool_size = 4 };
  static const char *const allow[] = { "destructive", NULL };
  const CormMigrateOptions how = { .allow = allow };
  g_clear_pointer (db, corm_db_free);
  g_clear_pointer (&hurt->registry, corm_registry_free);
  return TRY ((hurt->registry = corm_registry_new_array (models, &why)) != NULL) &&
         TRY ((*db = corm_db_open_full (uri, hurt->registry, &options, &why)) != NULL) &&
         TRY (corm_db_migrate (*db, &how, &why));
}

static void
use_rows (Hurt *hurt, CormConnection *conn)
{
  guint64 n = 0;
  const char *s = hurt->string;
  Victim row = { .name = s, .note = s, .state = 1 }, more[2] = { row, row };
  corm_connection_set_tenant (conn, corm_value_text (s));
  TRY (corm_insert_row (&hurt->model, conn, &row, &why));
  TRY (corm_update_row (&hurt->model, conn, &row, NULL, &why));
  TRY (corm_upsert_row (&hurt->model, conn, &row, &why));
  TRY (corm_insert_row (&hurt->model, conn, &row, &why)); /* the key is taken */
  TRY (corm_insert_rows (&hurt->model, conn, more, 2, &why));
  const CormExpr name = { .kind = CORM_EXPR_COLUMN,
                          .model = &hurt->model,
                          .offset = offsetof (Victim, name) };
  const CormFind find = { .where = CORM_PREDICATE (CORM_FUNCTION_EQUAL, name, corm_bare_text (s)),
                          .limit = 3 };
  TRY (corm_count_rows (&hurt->model, conn, &n, &why, &find));
  g_autoptr (CormRows) rows = NULL;
  TRY ((rows = corm_find_rows (&hurt->model, conn, &why, &find)) != NULL);
  if (corm_rows_get_length (rows) > 0)
    assert_string_equal (((Victim *) corm_rows_get (rows, 0))->name, s);
  TRY (corm_delete_rows (&hurt->model, conn, &n, &why, &find));
  row.id = 77;
  TRY (corm_update_row (&hurt->model, conn, &row, NULL, &why)); /* no such row */
  row.name = NULL;
  TRY (corm_insert_row (&hurt->model, conn, &row, &why));
  row = (Victim){ .name = s, .tenant = "another" };
  TRY (corm_insert_row (&hurt->model, conn, &row, &why));
}

static void
use_by_hand (const char *s, CormConnection *conn)
{
  g_autoptr (CormCursor) cursor = NULL;
  if (TRY ((cursor = corm_query (conn, "SELECT one FROM (SELECT 1 AS one) AS t WHERE :a = :b",
                                 CORM_PARAMS (CORM_PARAM ("a", s), CORM_PARAM ("b", s)), &why)) != NULL))
    TRY (corm_cursor_next (cursor, &why));
  g_clear_pointer (&cursor, corm_cursor_free);
  TRY (corm_execute (conn, "SELECT :a", CORM_PARAMS (CORM_PARAM (s, 1)), NULL, &why));
  TRY (corm_execute (conn, "DELETE FROM no_such_table WHERE a = :a", CORM_PARAMS (CORM_PARAM ("a", s)), NULL,
                     &why));
}

static void
check_report (const CormPortReport *report)
{
  for (guint i = 0; report != NULL && i < report->tables->len; i++) {
    const CormTableReport *table = report->tables->pdata[i];
    for (guint d = 0; d < table->differences->len; d++)
      assert_one_line ("a difference", table->differences->pdata[d]);
  }
}

static void
look (CormDb *db, CormConnection *conn)
{
  g_autoptr (CormSchema) schema = NULL;
  g_autoptr (CormDiagnosis) diagnosis = NULL;
  g_autoptr (CormPlan) plan = NULL;
  g_autoptr (CormPortReport) report = NULL;
  TRY ((schema = corm_schema_inspect (conn, &why)) != NULL);
  TRY ((diagnosis = corm_doctor (conn, NULL, &why)) != NULL);
  TRY ((plan = corm_db_plan (db, &why)) != NULL);
  TRY ((report = corm_verify (db, db, NULL, &why)) != NULL);
  check_report (report);
  assert_true (report == NULL || report->equal);
  for (guint i = 0; plan != NULL && i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    g_autofree char *text = g_strescape (op->text, NULL);
    fail_msg ("behind the migration there is still a difference: %s", text);
  }
}

/* Out and in again. */
static void
exchange (Hurt *hurt, CormDb *db, CormConnection *conn)
{
  const char *tmp = g_getenv ("CORM_TEST_TMP");
  g_autofree char *path = g_strdup_printf ("%s/sent-%d.jsonl", tmp != NULL ? tmp : "/tmp", (int) getpid ());
  g_autoptr (CormExchangeReport) out = NULL;
  g_autoptr (CormExchangeReport) in = NULL;
  const CormImportOptions update = { .on_conflict = CORM_CONFLICT_UPSERT };
  const CormExportOptions whole = { .registry = hurt->registry };
  corm_connection_set_tenant (conn, corm_value_text (hurt->string));
  Victim row = { .name = hurt->string, .note = hurt->string };
  TRY (corm_insert_row (&hurt->model, conn, &row, &why));
  TRY ((out = corm_export (db, path, &whole, &why)) != NULL);
  TRY ((in = corm_import (db, path, &update, &why)) != NULL);
  g_unlink (path);
}

/* Columns that nobody knows, and a table of that name. */
static void
import_odd_columns (const char *string, CormDb *db)
{
  static const CormImportOptions make = { .create = true };
  const char *tmp = g_getenv ("CORM_TEST_TMP");
  g_autofree char *path = g_strdup_printf ("%s/sent-%d.json", tmp != NULL ? tmp : "/tmp", (int) getpid ());
  g_autoptr (GString) name = g_string_new (string);
  g_string_replace (name, "\\", "\\\\", 0);
  g_string_replace (name, "\"", "\\\"", 0);
  g_autofree char *text = g_strdup_printf ("{\"corm_export\": 1, \"tables\": {\"%s\": [{\"%s\": \"%s\"}]}}",
                                           name->str, name->str, name->str);
  g_autoptr (CormExchangeReport) in = NULL;
  assert_true (g_file_set_contents (path, text, -1, NULL));
  TRY ((in = corm_import (db, path, &make, &why)) != NULL);
  g_unlink (path);
}

static gboolean
write_one (CormConnection *conn, gpointer data, GError **error)
{
  Hurt *hurt = data;
  Victim row = { .name = hurt->string, .note = hurt->string };
  corm_connection_set_tenant (conn, corm_value_text (hurt->string));
  g_autoptr (CormTransaction) inner = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error);
  return inner != NULL && corm_insert_row (&hurt->model, conn, &row, error) &&
         corm_transaction_commit (inner, error);
}

/* A second version of the models: the table and a column have new names, the index and the constraint are others. */
static void
rename_all (Hurt *hurt)
{
  hurt->was[0] = hurt->names[0];
  hurt->was[1] = hurt->names[1];
  for (guint i = 0; i < 4; i++) {
    char *was = hurt->names[i];
    hurt->names[i] = g_strconcat ("second ", was, NULL);
    if (i > 1)
      g_free (was);
  }
  hurt_fill (hurt);
}

/* Everything, in an empty database; FALSE: the names are refused. The shapes of what was sent are in @sent. */
static gboolean
hurt_database (const char *uri, const char *string)
{
  g_autoptr (Hurt) hurt = hurt_new (string);
  g_autoptr (CormDb) db = NULL;
  g_string_truncate (sent, 0);
  gboolean done = migrate (hurt, &db, uri);
  for (guint version = 1; done && version <= 2; version++) {
    g_autoptr (CormConnection) conn = NULL;
    assert_ok ((conn = corm_db_connect (db, error)) != NULL);
    const CormTransactOptions token = { .token = true, .attempts = 1 };
    use_rows (hurt, conn);
    use_by_hand (string, conn);
    look (db, conn);
    exchange (hurt, db, conn);
    import_odd_columns (string, db);
    TRY (corm_transact (db, write_one, hurt, &token, &why));
    g_clear_pointer (&conn, corm_connection_free);
    if (version == 1) {
      rename_all (hurt);
      assert_true (migrate (hurt, &db, uri));
    }
  }
  return done;
}

/* --- strings -------------------------------------------------------------------------------------------------------- */

/* Valid UTF-8 of at most 30 characters, so that no database cuts a name off. */
static char *
next_string (Hostile *hostile)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (;;) {
    hostile_next (hostile, text);
    g_autofree char *valid = g_utf8_make_valid (text->str, (gssize) text->len);
    char *cut = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), 30));
    if (strlen (cut) <= 40 && *cut != '\0')
      return cut;
    g_free (cut);
  }
}

static int
compare_lines (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* In any order: two connections may be at work. */
static void
assert_same_shapes (const char *backend, const char *string, const char *was, const char *is)
{
  g_auto (GStrv) before = g_strsplit (was, "\n", -1);
  g_auto (GStrv) after = g_strsplit (is, "\n", -1);
  g_autofree char *shown = g_strescape (string, NULL);
  qsort (before, g_strv_length (before), sizeof (char *), compare_lines);
  qsort (after, g_strv_length (after), sizeof (char *), compare_lines);
  for (guint i = 0; before[i] != NULL || after[i] != NULL; i++)
    if (g_strcmp0 (before[i], after[i]) != 0)
      fail_msg ("%s: statement %u with \"%s\" is\n  %s\ninstead of\n  %s", backend, i, shown, after[i],
                before[i]);
}

static guint64
number_from (const char *variable, guint64 otherwise)
{
  const char *text = g_getenv (variable);
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
what_is_sent (void **state)
{
  guint n = (guint) number_from ("CORM_FUZZ_SENT", 2), n_taken = 0;
  Hostile hostile = { number_from ("CORM_FUZZ_SEED", 1) };
  guint backend = GPOINTER_TO_UINT (*state);
  if (backend > 3 && g_getenv ("CORM_FUZZ_SENT") == NULL) {
    print_message ("# skip the generic driver on servers: only with CORM_FUZZ_SENT\n");
    skip ();
  }
  g_autofree char *harmless = NULL;
  dialect = (ShapeDialect) (backend % 3); /* in the order of places_backends() */
  n_statements = n_messages = n_refused = 0;
  for (guint i = 0; i <= n; i++) {
    g_autofree char *uri = fresh_uri (state);
    g_autofree char *string = i == 0 ? g_strdup ("harmless string") : next_string (&hostile);
    gboolean taken = hurt_database (uri, string);
    check_logged ();
    if (i == 0) {
      assert_true (taken);
      harmless = g_strdup (sent->str);
    } else if (taken) {
      n_taken++;
      assert_same_shapes (places_backends ()[backend], string, harmless, sent->str);
    }
  }
  print_message (
      "# %s: %u of %u strings taken as names, %u statements with the tokens of harmless ones, %u messages on "
      "one line\n",
      places_backends ()[backend], n_taken, n, n_statements, n_messages);
  assert_true (n_taken > 0);
}

static int
begin (G_GNUC_UNUSED void **state)
{
  sent = g_string_new (NULL);
  logged = g_string_new (NULL);
  g_log_set_writer_func (check_log, NULL, NULL);
  return 0;
}

static int
end (void **state)
{
  g_string_free (sent, TRUE);
  g_string_free (logged, TRUE);
  return fresh_end (state);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { FRESH (what_is_sent) };
  return cmocka_run_group_tests_name ("sent", tests, begin, end);
}
