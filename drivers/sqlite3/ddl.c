/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reads a CREATE TABLE as SQLite's grammar has it (sqlite.org/lang_createtable.html, and parse.y where that page is
 * silent: commas between constraints of a table may be missing, CONSTRAINT may name nothing). The text has been
 * through SQLite, so only what is needed is checked. Invariant: the offsets point between tokens, so that a text put
 * there cannot land in a comment or in a string. */
#include "ddl.h"

#include <string.h>

static void
constraint_free (gpointer data)
{
  CormSqlite3Constraint *constraint = data;
  g_free (constraint->name);
  g_free (constraint->check);
  g_free (constraint->conflict);
  g_ptr_array_unref (constraint->columns);
  g_ptr_array_unref (constraint->collations);
  g_array_unref (constraint->descending);
  g_free (constraint);
}

/* --- pieces that columns and the table share --------------------------------------------------------------------- */

void
corm_ddl_add_key_column (CormSqlite3Constraint *key, char *name)
{
  g_ptr_array_add (key->columns, name);
  g_ptr_array_add (key->collations, NULL);
  g_array_set_size (key->descending, key->columns->len);
}

CormSqlite3Constraint *
corm_ddl_add_constraint (CormDdlReader *reader, CormSqlite3ConstraintKind kind,
                         const CormSqlite3Column *column)
{
  CormSqlite3Constraint *constraint = g_new0 (CormSqlite3Constraint, 1);
  constraint->kind = kind;
  constraint->name = g_steal_pointer (&reader->name);
  constraint->columns = g_ptr_array_new_with_free_func (g_free);
  constraint->column = column != NULL ? (int) reader->table->columns->len - 1 : -1;
  constraint->collations = g_ptr_array_new_with_free_func (g_free);
  constraint->descending = g_array_new (FALSE, TRUE, sizeof (gboolean));
  if (column != NULL)
    corm_ddl_add_key_column (constraint, g_strdup (column->name));
  g_ptr_array_add (reader->table->constraints, constraint);
  return constraint;
}

gboolean
corm_ddl_constraint_name (CormDdlReader *reader)
{
  g_free (reader->name);
  reader->name = corm_ddl_name (reader);
  return reader->name != NULL;
}

char *
corm_ddl_conflict (CormDdlReader *reader)
{
  if (!corm_ddl_at_pair (reader, "ON", "CONFLICT"))
    return NULL;
  const CormSqlite3Token *token = corm_ddl_peek (reader, 2);
  g_autofree char *word = g_ascii_strup (reader->sql + token->start, (gssize) (token->end - token->start));
  reader->at = MIN (reader->at + 3, reader->tokens->len - 1);
  return g_strconcat ("ON CONFLICT ", word, NULL);
}

gboolean
corm_ddl_at_deferrable (const CormDdlReader *reader)
{
  return corm_ddl_at (reader, "DEFERRABLE") || corm_ddl_at_pair (reader, "NOT", "DEFERRABLE");
}

void
corm_ddl_deferrable (CormDdlReader *reader, CormSqlite3Constraint *key)
{
  gboolean deferrable = !corm_ddl_accept (reader, "NOT");
  gboolean deferred = FALSE;
  reader->at++;
  if (corm_ddl_accept (reader, "INITIALLY")) {
    deferred = corm_ddl_at (reader, "DEFERRED");
    reader->at += corm_ddl_at_end (reader) ? 0 : 1;
  }
  if (key != NULL)
    key->deferrable = !deferrable ? CORM_NOT_DEFERRABLE
                      : deferred  ? CORM_INITIALLY_DEFERRED
                                  : CORM_INITIALLY_IMMEDIATE;
}

/* REFERENCES table (columns) ON DELETE … MATCH … NOT DEFERRABLE INITIALLY …: the pragma tells the rest. */
gboolean
corm_ddl_references (CormDdlReader *reader, CormSqlite3Constraint *key)
{
  g_autofree char *target = corm_ddl_name (reader);
  if (target == NULL || (corm_ddl_at (reader, "(") && !corm_ddl_parentheses (reader, NULL)))
    return FALSE;
  for (;;) {
    if (corm_ddl_at_pair (reader, "ON", "DELETE") || corm_ddl_at_pair (reader, "ON", "UPDATE") ||
        corm_ddl_at_pair (reader, "ON", "INSERT")) {
      reader->at += 2;
      reader->at += corm_ddl_at (reader, "SET") || corm_ddl_at (reader, "NO") ? 2 : 1;
    } else if (corm_ddl_accept (reader, "MATCH")) {
      key->match_full = corm_ddl_at (reader, "FULL");
      reader->at++;
    } else if (corm_ddl_at_deferrable (reader)) {
      corm_ddl_deferrable (reader, key);
    } else {
      return TRUE;
    }
    reader->at = MIN (reader->at, reader->tokens->len - 1);
  }
}

gboolean
corm_ddl_check (CormDdlReader *reader, CormSqlite3Constraint *check)
{
  if (!corm_ddl_parentheses (reader, &check->expression))
    return FALSE;
  check->conflict = corm_ddl_conflict (reader);
  return TRUE;
}

/* --- constraints of the table -------------------------------------------------------------------------------------- */

/* What stands behind the column that was read last: "COLLATE nocase DESC". */
static void
read_behind (CormDdlReader *reader, CormSqlite3Constraint *key)
{
  guint i = key->columns->len - 1;
  while (!corm_ddl_at_end (reader) && !corm_ddl_at (reader, ",") && !corm_ddl_at (reader, ")")) {
    if (corm_ddl_at (reader, "AUTOINCREMENT")) {
      key->autoincrement = reader->at;
    } else if (corm_ddl_at (reader, "COLLATE")) {
      g_free (key->collations->pdata[i]);
      key->collations->pdata[i] = corm_sqlite3_collation (reader->sql, corm_ddl_peek (reader, 1));
      reader->at++;
    } else if (corm_ddl_at (reader, "DESC")) {
      g_array_index (key->descending, gboolean, i) = TRUE;
    }
    reader->at++;
  }
}

/* (a, b COLLATE nocase DESC). */
static gboolean
read_columns (CormDdlReader *reader, CormSqlite3Constraint *key)
{
  if (!corm_ddl_expect (reader, "("))
    return FALSE;
  key->names.first = reader->at;
  for (;;) {
    char *name = corm_ddl_name (reader);
    if (name == NULL)
      return FALSE;
    corm_ddl_add_key_column (key, name);
    read_behind (reader, key);
    if (!corm_ddl_accept (reader, ",")) {
      key->names.last = reader->at;
      return corm_ddl_expect (reader, ")");
    }
  }
}

static gboolean
read_key (CormDdlReader *reader)
{
  gboolean is_primary = corm_ddl_at_pair (reader, "PRIMARY", "KEY");
  if (!is_primary && !corm_ddl_at (reader, "UNIQUE"))
    return corm_ddl_fail (reader);
  reader->at += is_primary ? 2 : 1;
  CormSqlite3Constraint *key =
      corm_ddl_add_constraint (reader, is_primary ? CORM_SQLITE3_PRIMARY_KEY : CORM_SQLITE3_UNIQUE, NULL);
  if (!read_columns (reader, key))
    return FALSE;
  key->conflict = corm_ddl_conflict (reader);
  return TRUE;
}

static gboolean
read_table_constraint (CormDdlReader *reader)
{
  gboolean ok;
  reader->clause = reader->at;
  while (corm_ddl_accept (reader, "CONSTRAINT"))
    if (!corm_ddl_constraint_name (reader))
      return FALSE;
  if (reader->at > reader->clause && (corm_ddl_at (reader, ",") || corm_ddl_at (reader, ")"))) {
    g_clear_pointer (&reader->name, g_free);
    return TRUE; /* it names nothing */
  }
  if (corm_ddl_accept (reader, "CHECK")) {
    ok = corm_ddl_check (reader, corm_ddl_add_constraint (reader, CORM_SQLITE3_CHECK, NULL));
  } else if (corm_ddl_at_pair (reader, "FOREIGN", "KEY")) {
    reader->at += 2;
    CormSqlite3Constraint *key = corm_ddl_add_constraint (reader, CORM_SQLITE3_FOREIGN_KEY, NULL);
    ok = read_columns (reader, key) && corm_ddl_expect (reader, "REFERENCES") &&
         corm_ddl_references (reader, key);
  } else {
    ok = read_key (reader);
  }
  if (!ok)
    return FALSE;
  CormSqlite3Constraint *last = reader->table->constraints->pdata[reader->table->constraints->len - 1];
  last->all = (CormSqlite3Span){ reader->clause, reader->at };
  return TRUE;
}

static gboolean
at_table_constraint (const CormDdlReader *reader)
{
  return corm_ddl_at (reader, "CONSTRAINT") || corm_ddl_at (reader, "PRIMARY") ||
         corm_ddl_at (reader, "UNIQUE") || corm_ddl_at (reader, "CHECK") || corm_ddl_at (reader, "FOREIGN");
}

/* --- the table ------------------------------------------------------------------------------------------------------- */

static gboolean
read_body (CormDdlReader *reader)
{
  reader->table->open = reader->at;
  if (!corm_ddl_expect (reader, "("))
    return FALSE;
  do {
    if (!corm_ddl_column (reader))
      return FALSE;
  } while (corm_ddl_accept (reader, ",") && !at_table_constraint (reader));
  while (!corm_ddl_at (reader, ")")) {
    if (!read_table_constraint (reader))
      return FALSE;
    corm_ddl_accept (reader, ",");
  }
  reader->table->body_end = (corm_ddl_peek (reader, 0) - 1)->end;
  reader->table->close = reader->at++;
  return TRUE;
}

static gboolean
read_options (CormDdlReader *reader)
{
  while (!corm_ddl_at_end (reader)) {
    if (corm_ddl_at_pair (reader, "WITHOUT", "ROWID")) {
      reader->table->without_rowid = TRUE;
      reader->at += 2;
    } else if (corm_ddl_accept (reader, "STRICT")) {
      reader->table->strict = TRUE;
    } else if (!corm_ddl_accept (reader, ",") && !corm_ddl_accept (reader, ";")) {
      return corm_ddl_fail (reader);
    }
  }
  return TRUE;
}

static gboolean
read_table (CormDdlReader *reader)
{
  if (!corm_ddl_expect (reader, "CREATE"))
    return FALSE;
  if (!corm_ddl_accept (reader, "TEMP"))
    corm_ddl_accept (reader, "TEMPORARY");
  if (!corm_ddl_expect (reader, "TABLE"))
    return FALSE;
  if (corm_ddl_at_pair (reader, "IF", "NOT"))
    reader->at += 3;
  g_autofree char *name = corm_ddl_name (reader);
  G_GNUC_UNUSED g_autofree char *behind_schema =
      name != NULL && corm_ddl_accept (reader, ".") ? corm_ddl_name (reader) : NULL;
  return name != NULL && read_body (reader) && read_options (reader);
}

/* Expressions name columns that may stand behind them: they are written when all are known. */
static void
write_expressions (const char *sql, const CormSqlite3Table *table)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add (names, ((CormSqlite3Column *) table->columns->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  const char *const *columns = (const char *const *) names->pdata;
  for (guint i = 0; i < table->columns->len; i++) {
    CormSqlite3Column *column = table->columns->pdata[i];
    CormSqlite3Span span = column->expression;
    if (span.last > 0)
      column->generated = corm_sqlite3_expression (sql, table->tokens, span.first, span.last, columns);
  }
  for (guint i = 0; i < table->constraints->len; i++) {
    CormSqlite3Constraint *check = table->constraints->pdata[i];
    CormSqlite3Span span = check->expression;
    if (check->kind == CORM_SQLITE3_CHECK)
      check->check = corm_sqlite3_expression (sql, table->tokens, span.first, span.last, columns);
  }
}

CormSqlite3Table *
corm_sqlite3_table_parse (const char *sql, GError **error)
{
  g_autoptr (CormSqlite3Table) table = g_new0 (CormSqlite3Table, 1);
  table->tokens = corm_sqlite3_tokenize (sql);
  table->columns = g_ptr_array_new_with_free_func (corm_ddl_column_free);
  table->constraints = g_ptr_array_new_with_free_func (constraint_free);
  CormDdlReader reader = { .sql = sql, .tokens = table->tokens, .table = table, .error = error };
  gboolean ok = read_table (&reader);
  g_free (reader.name);
  if (!ok)
    return NULL;
  write_expressions (sql, table);
  for (guint i = 0; i < table->constraints->len; i++)
    table->autoincrement =
        table->autoincrement || ((CormSqlite3Constraint *) table->constraints->pdata[i])->autoincrement > 0;
  return g_steal_pointer (&table);
}

void
corm_sqlite3_table_free (CormSqlite3Table *table)
{
  if (table == NULL)
    return;
  g_array_unref (table->tokens);
  g_ptr_array_unref (table->columns);
  g_ptr_array_unref (table->constraints);
  g_free (table);
}

int
corm_sqlite3_table_find_column (const CormSqlite3Table *table, const char *name)
{
  for (guint i = 0; i < table->columns->len; i++)
    if (g_ascii_strcasecmp (((const CormSqlite3Column *) table->columns->pdata[i])->name, name) == 0)
      return (int) i;
  return -1;
}

const CormSqlite3Column *
corm_sqlite3_table_rowid_column (const CormSqlite3Table *table)
{
  const CormSqlite3Constraint *key = NULL;
  for (guint i = 0; i < table->constraints->len && key == NULL; i++) {
    const CormSqlite3Constraint *constraint = table->constraints->pdata[i];
    if (constraint->kind == CORM_SQLITE3_PRIMARY_KEY)
      key = constraint;
  }
  if (key == NULL || key->columns->len != 1 || table->without_rowid)
    return NULL;
  int i = corm_sqlite3_table_find_column (table, key->columns->pdata[0]);
  const CormSqlite3Column *column = i >= 0 ? table->columns->pdata[i] : NULL;
  return column != NULL && column->is_integer && !column->descending_key ? column : NULL;
}

gboolean
corm_sqlite3_is_constraint (const char *sql)
{
  CormDdlReader reader = { .sql = sql, .tokens = corm_sqlite3_tokenize (sql) };
  gboolean is_constraint = at_table_constraint (&reader);
  g_array_unref ((GArray *) reader.tokens);
  return is_constraint;
}
