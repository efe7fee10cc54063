/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rules that need a database: rows that will refuse the change. Each asks lib/evolve/data.c what a migration would ask,
 * and {d} is its answer: the first such row, and the query that lists them all. Where the script itself writes to the table
 * before, nobody can know yet, and nothing is said. */
#include "lint/rows.h"

#include "engine/connection.h"
#include "evolve/data.h"

#include <string.h>

/* The first value of a query; NULL: it has no row, or does not run. */
static char *
first_value (CormLint *lint, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_query (lint->conn, sql, NULL, &error);
  if (cursor == NULL || !corm_cursor_next (cursor, &error))
    return NULL;
  GString *text = g_string_new (NULL);
  corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
  return g_string_free (text, FALSE);
}

/* The table of an index that is dropped by its name. */
static const CormTable *
table_of (const CormLint *lint, const CormLintAction *action)
{
  if (action->table != NULL || action->name == NULL)
    return corm_lint_live_table (lint, action->table);
  for (guint i = 0; lint->live != NULL && i < lint->live->tables->len; i++) {
    const CormTable *table = lint->live->tables->pdata[i];
    for (guint j = 0; j < table->indexes->len; j++)
      if (corm_lint_same_name (((const CormTableIndex *) table->indexes->pdata[j])->name, action->name))
        return table;
  }
  return NULL;
}

gint64
corm_lint_count_rows (CormLint *lint, const CormLintAction *action, guint limit)
{
  const CormTable *table = lint->conn != NULL ? table_of (lint, action) : NULL;
  if (table == NULL)
    return -1;
  g_autoptr (GString) sql = g_string_new ("SELECT count(*) FROM (SELECT 1 FROM ");
  corm_sql_append_identifier (sql, lint->dialect, table->name);
  g_string_append_printf (sql, " LIMIT %u) x", limit + 1);
  g_autofree char *n = first_value (lint, sql->str);
  return n != NULL ? g_ascii_strtoll (n, NULL, 10) : -1;
}

/* The table as the database has it, unless the script writes to it or makes it before. */
static const CormTable *
untouched (CormLint *lint, const CormLintAction *action)
{
  guint64 writes = CORM_ON (UPDATE) | CORM_ON (DELETE) | CORM_ON (INSERT) | CORM_ON (TRUNCATE);
  if (lint->conn == NULL || corm_lint_is_new (lint, action) ||
      corm_lint_find_before (lint, action, writes, NULL) != NULL)
    return NULL;
  return corm_lint_live_table (lint, action->table);
}

/* What stands in the way of a change, into {d}. What the look itself fails with is left to the database. */
static gboolean
is_refused (CormLint *lint, const CormTable *table, CormOpKind kind, gconstpointer part)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup ("now");
  const CormChange change = { .kind = kind, .table = table, .live = table, .part = part, .text = text };
  if (corm_data_look (lint->conn, lint->live, &change, &error))
    return FALSE;
  gboolean answer = error->code == CORM_ERROR_NOT_NULL || error->code == CORM_ERROR_UNIQUE ||
                    error->code == CORM_ERROR_FOREIGN_KEY || error->code == CORM_ERROR_CHECK;
  if (!answer)
    return FALSE;
  g_free (lint->detail);
  lint->detail = g_strdup (error->message);
  return TRUE;
}

/* The names as an array that ends with NULL; NULL where one of them is an expression. */
static char **
names_of (const GPtrArray *columns)
{
  char **names = g_new0 (char *, columns->len + 1);
  for (guint i = 0; i < columns->len; i++) {
    if (columns->pdata[i] == NULL) {
      g_free (names);
      return NULL;
    }
    names[i] = columns->pdata[i];
  }
  return names;
}

static gboolean
has_nulls (CormLint *lint, const CormLintAction *action)
{
  const CormTable *table = untouched (lint, action);
  gboolean set = action->kind == CORM_ACTION_SET_NOT_NULL || (action->flags & CORM_FLAG_NOT_NULL);
  CormTableColumn *live = table != NULL ? corm_table_find_column (table, action->name) : NULL;
  if (live == NULL || live->not_null || !set)
    return FALSE;
  CormTableColumn column = { .name = live->name, .not_null = TRUE };
  return is_refused (lint, table, CORM_OP_SET_NOT_NULL, &column);
}

static gboolean
has_doubles (CormLint *lint, const CormLintAction *action)
{
  const CormTable *table = untouched (lint, action);
  gboolean index = action->kind == CORM_ACTION_CREATE_INDEX;
  g_autofree char **names = names_of (action->columns);
  if (table == NULL || names == NULL || names[0] == NULL || (index && !(action->flags & CORM_FLAG_UNIQUE)) ||
      (action->flags & CORM_FLAG_WHERE))
    return FALSE;
  const CormKey key = { .columns = names };
  return is_refused (lint, table, CORM_OP_ADD_UNIQUE, &key);
}

static gboolean
has_orphans (CormLint *lint, const CormLintAction *action)
{
  const CormTable *table = untouched (lint, action);
  const CormTable *target = corm_lint_live_table (lint, action->other);
  g_autofree char **names = names_of (action->columns);
  g_autofree char **targets = names_of (action->targets);
  if (table == NULL || target == NULL || names == NULL || names[0] == NULL || targets == NULL)
    return FALSE;
  CormForeignKey key = { .columns = names, .target_table = target->name };
  key.target_columns = targets[0] != NULL ? targets : NULL;
  return is_refused (lint, table, CORM_OP_ADD_FOREIGN_KEY, &key);
}

static gboolean
has_breaches (CormLint *lint, const CormLintAction *action)
{
  const CormTable *table = untouched (lint, action);
  if (table == NULL || action->text == NULL)
    return FALSE;
  const CormCheck check = { .sql = action->text };
  return is_refused (lint, table, CORM_OP_ADD_CHECK, &check);
}

/* The condition under which a value does not fit @type; NULL: not known. */
static char *
misfit (const char *type, const char *column)
{
  static const struct {
    const char *type, *least, *greatest;
  } ints[] = { { "smallint", "-32768", "32767" },       { "int2", "-32768", "32767" },
               { "int", "-2147483648", "2147483647" },  { "integer", "-2147483648", "2147483647" },
               { "int4", "-2147483648", "2147483647" }, { "tinyint", "-128", "127" },
               { "mediumint", "-8388608", "8388607" } };
  g_autofree char *base = corm_lint_type_base (type);
  guint length = corm_lint_type_length (type);
  gboolean text = strcmp (base, "varchar") == 0 || g_str_has_prefix (type, "character varying") ||
                  strcmp (base, "char") == 0;
  if (text && length > 0)
    return g_strdup_printf ("char_length(%s) > %u", column, length);
  for (gsize i = 0; strstr (type, "unsigned") == NULL && i < G_N_ELEMENTS (ints); i++)
    if (strcmp (base, ints[i].type) == 0)
      return g_strdup_printf ("%s NOT BETWEEN %s AND %s", column, ints[i].least, ints[i].greatest);
  return NULL;
}

static gboolean
has_misfits (CormLint *lint, const CormLintAction *action)
{
  const CormTable *table = untouched (lint, action);
  const CormTableColumn *live = table != NULL ? corm_table_find_column (table, action->name) : NULL;
  if (live == NULL || action->type == NULL || strstr (action->type, "using") != NULL)
    return FALSE;
  g_autoptr (GString) name = g_string_new (NULL);
  corm_sql_append_identifier (name, lint->dialect, live->name);
  g_autofree char *condition = misfit (action->type, name->str);
  if (condition == NULL)
    return FALSE;
  g_autoptr (GString) sql = g_string_new (NULL);
  g_string_printf (sql, "SELECT %s FROM ", name->str);
  corm_sql_append_identifier (sql, lint->dialect, table->name);
  g_string_append_printf (sql, " WHERE %s", condition);
  g_autofree char *limited = g_strconcat (sql->str, " LIMIT 1", NULL);
  g_autofree char *value = first_value (lint, limited);
  if (value == NULL)
    return FALSE;
  g_free (lint->detail);
  lint->detail = g_strdup_printf ("one is '%s'; mend such rows first: %s", value, sql->str);
  return TRUE;
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "nulls-in-the-way", CORM_LINT_DATA_DEPENDENT, CORM_SEVERITY_ERROR, "pgsql",
      "A column with NULLs cannot become NOT NULL: the statement fails, after it has read the table under its lock. Looked for "
      "with --db.",
      "give those rows a value first",
      "ALTER TABLE jobs ALTER COLUMN name SET NOT NULL;",
      "ALTER TABLE jobs ALTER COLUMN status SET NOT NULL;" },
    .on = CORM_ON (SET_NOT_NULL), .when = has_nulls,
    .says = "{t}.{n} has NULLs: {d}" },
  { .rule = { "nulls-in-the-way", CORM_LINT_DATA_DEPENDENT, CORM_SEVERITY_ERROR, "mysql",
      "A column with NULLs cannot become NOT NULL: the statement fails, in a loose sql_mode it writes values that nobody chose. "
      "Looked for with --db.",
      "give those rows a value first",
      "ALTER TABLE jobs MODIFY COLUMN name varchar(100) NOT NULL;",
      "ALTER TABLE jobs MODIFY COLUMN status varchar(20) NOT NULL;" },
    .on = CORM_ON (MODIFY_COLUMN), .when = has_nulls,
    .says = "{t}.{n} has NULLs: {d}" },
  { .rule = { "doubles-in-the-way", CORM_LINT_DATA_DEPENDENT, CORM_SEVERITY_ERROR, "sqlite3 pgsql mysql",
      "Two rows with the same values refuse a unique key. Looked for with --db.",
      "mend the rows first",
      "CREATE UNIQUE INDEX jobs_status_key ON jobs (status);",
      "CREATE UNIQUE INDEX jobs_pid_key ON jobs (pid);" },
    .on = CORM_ON (ADD_UNIQUE) | CORM_ON (ADD_PRIMARY_KEY) | CORM_ON (CREATE_INDEX), .without = CORM_FLAG_USING_INDEX,
    .when = has_doubles,
    .says = "rows of {t} are not unique: {d}" },
  { .rule = { "orphans-in-the-way", CORM_LINT_DATA_DEPENDENT, CORM_SEVERITY_ERROR, "pgsql mysql",
      "A row that points to nothing refuses a foreign key. Looked for with --db.",
      "mend the rows first",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_owner FOREIGN KEY (pid) REFERENCES clusters (id);",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_owner FOREIGN KEY (cluster_id) REFERENCES clusters (id);" },
    .on = CORM_ON (ADD_FOREIGN_KEY), .when = has_orphans,
    .says = "rows of {t} point to nothing: {d}" },
  { .rule = { "breaches-in-the-way", CORM_LINT_DATA_DEPENDENT, CORM_SEVERITY_ERROR, "pgsql mysql",
      "A row that breaks it refuses a check. Looked for with --db.",
      "mend the rows first",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_large CHECK (pid > 1010);",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_large CHECK (pid > 0);" },
    .on = CORM_ON (ADD_CHECK), .when = has_breaches,
    .says = "rows of {t} break the check: {d}" },
  { .rule = { "values-do-not-fit", CORM_LINT_DATA_DEPENDENT, CORM_SEVERITY_ERROR, "pgsql",
      "A value that is too long or too large refuses the narrower type. Looked for with --db.",
      "mend the rows first",
      "ALTER TABLE jobs ALTER COLUMN name TYPE varchar(3);",
      "ALTER TABLE jobs ALTER COLUMN name TYPE varchar(30);" },
    .on = CORM_ON (SET_TYPE), .when = has_misfits,
    .says = "values of {t}.{n} do not fit {y}: {d}" },
  { .rule = { "values-do-not-fit", CORM_LINT_DATA_DEPENDENT, CORM_SEVERITY_ERROR, "mysql",
      "A value that is too long or too large refuses the narrower type; in a loose sql_mode it is cut. Looked for with --db.",
      "mend the rows first",
      "ALTER TABLE jobs MODIFY COLUMN name varchar(3) NULL;",
      "ALTER TABLE jobs MODIFY COLUMN name varchar(30) NULL;" },
    .on = CORM_ON (MODIFY_COLUMN), .when = has_misfits,
    .says = "values of {t}.{n} do not fit {y}: {d}" },
};
/* clang-format on */

const CormLintTable corm_lint_rows = { checks, G_N_ELEMENTS (checks) };
