/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reads a CREATE TABLE as SQLite's grammar has it (sqlite.org/lang_createtable.html, and parse.y where that page is
 * silent: commas between constraints of a table may be missing, CONSTRAINT may name nothing). The text has been
 * through SQLite, so only what is needed is checked. Invariant: the offsets point between tokens, so that a text put
 * there cannot land in a comment or in a string. */
#include "ddl.h"

#include <string.h>

typedef struct {
  const char *sql;
  GArray *tokens;
  guint at;
  CormSqlite3Table *table;
  char *name; /* of the CONSTRAINT clause read last */
  GError **error;
} Reader;

static const CormSqlite3Token *
peek (const Reader *reader, guint ahead)
{
  guint i = MIN (reader->at + ahead, reader->tokens->len - 1);
  return &g_array_index (reader->tokens, CormSqlite3Token, i);
}

static gboolean
at (const Reader *reader, const char *text)
{
  return corm_sqlite3_token_is (reader->sql, peek (reader, 0), text);
}

static gboolean
at_pair (const Reader *reader, const char *first, const char *second)
{
  return at (reader, first) && corm_sqlite3_token_is (reader->sql, peek (reader, 1), second);
}

static gboolean
accept (Reader *reader, const char *text)
{
  if (!at (reader, text))
    return FALSE;
  reader->at++;
  return TRUE;
}

static gboolean
fail (Reader *reader)
{
  const CormSqlite3Token *token = peek (reader, 0);
  if (token->kind == CORM_SQLITE3_END)
    g_set_error (reader->error, CORM_ERROR, CORM_ERROR_SCHEMA, "its SQL ends too early: %s", reader->sql);
  else
    g_set_error (reader->error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "its SQL can't be read at byte %" G_GSIZE_FORMAT ": %.40s", token->start,
                 reader->sql + token->start);
  return FALSE;
}

static gboolean
expect (Reader *reader, const char *text)
{
  return accept (reader, text) || fail (reader);
}

static char *
read_name (Reader *reader)
{
  const CormSqlite3Token *token = peek (reader, 0);
  if (token->kind != CORM_SQLITE3_WORD && token->kind != CORM_SQLITE3_QUOTED &&
      token->kind != CORM_SQLITE3_STRING) {
    fail (reader);
    return NULL;
  }
  reader->at++;
  return corm_sqlite3_token_name (reader->sql, token);
}

/* From an opening parenthesis behind the closing one; *first and *last are the tokens between. */
static gboolean
skip_parentheses (Reader *reader, guint *first, guint *last)
{
  if (!expect (reader, "("))
    return FALSE;
  *first = reader->at;
  for (guint depth = 1; peek (reader, 0)->kind != CORM_SQLITE3_END; reader->at++) {
    if (at (reader, "("))
      depth++;
    else if (at (reader, ")") && --depth == 0) {
      *last = reader->at++;
      return TRUE;
    }
  }
  return fail (reader);
}

static void
constraint_free (gpointer data)
{
  CormSqlite3Constraint *constraint = data;
  g_free (constraint->name);
  g_free (constraint->check);
  g_ptr_array_unref (constraint->columns);
  g_free (constraint);
}

static void
column_free (gpointer data)
{
  CormSqlite3Column *column = data;
  g_free (column->name);
  g_free (column->collation);
  g_free (column->generated);
  g_free (column);
}

/* A new constraint takes the name that stood in front of it. */
static CormSqlite3Constraint *
add_constraint (Reader *reader, CormSqlite3ConstraintKind kind, const CormSqlite3Column *column)
{
  CormSqlite3Constraint *constraint = g_new0 (CormSqlite3Constraint, 1);
  constraint->kind = kind;
  constraint->name = g_steal_pointer (&reader->name);
  constraint->columns = g_ptr_array_new_with_free_func (g_free);
  if (column != NULL)
    g_ptr_array_add (constraint->columns, g_strdup (column->name));
  g_ptr_array_add (reader->table->constraints, constraint);
  return constraint;
}

static void
skip_on_conflict (Reader *reader)
{
  if (at_pair (reader, "ON", "CONFLICT"))
    reader->at += 3;
}

/* (a, b COLLATE nocase DESC): the names alone. */
static gboolean
read_columns (Reader *reader, GPtrArray *columns)
{
  if (!expect (reader, "("))
    return FALSE;
  for (;;) {
    char *name = read_name (reader);
    if (name == NULL)
      return FALSE;
    g_ptr_array_add (columns, name);
    while (peek (reader, 0)->kind != CORM_SQLITE3_END && !at (reader, ",") && !at (reader, ")")) {
      if (at (reader, "AUTOINCREMENT"))
        reader->table->autoincrement = TRUE;
      reader->at++;
    }
    if (!accept (reader, ","))
      return expect (reader, ")");
  }
}

static gboolean
at_deferrable (const Reader *reader)
{
  return at (reader, "DEFERRABLE") || at_pair (reader, "NOT", "DEFERRABLE");
}

static void
read_deferrable (Reader *reader, CormSqlite3Constraint *constraint)
{
  gboolean deferrable = !accept (reader, "NOT");
  reader->at++;
  if (at (reader, "INITIALLY"))
    reader->at += 2;
  if (constraint->kind == CORM_SQLITE3_FOREIGN_KEY)
    constraint->deferrable = deferrable;
}

/* REFERENCES table (columns) ON DELETE … MATCH … NOT DEFERRABLE INITIALLY …: the pragma tells all but the last. */
static gboolean
read_references (Reader *reader, CormSqlite3Constraint *constraint)
{
  guint first, last;
  g_autofree char *target = read_name (reader);
  if (target == NULL || (at (reader, "(") && !skip_parentheses (reader, &first, &last)))
    return FALSE;
  for (;;) {
    if (at_pair (reader, "ON", "DELETE") || at_pair (reader, "ON", "UPDATE") ||
        at_pair (reader, "ON", "INSERT")) {
      reader->at += 2;
      reader->at += at (reader, "SET") || at (reader, "NO") ? 2 : 1;
    } else if (at (reader, "MATCH")) {
      reader->at += 2;
    } else if (at_deferrable (reader)) {
      read_deferrable (reader, constraint);
    } else {
      return TRUE;
    }
  }
}

static gboolean
skip_default (Reader *reader)
{
  guint first, last;
  if (at (reader, "("))
    return skip_parentheses (reader, &first, &last);
  if (at (reader, "+") || at (reader, "-"))
    reader->at++;
  if (peek (reader, 0)->kind == CORM_SQLITE3_END)
    return fail (reader);
  reader->at++;
  return TRUE;
}

static gboolean
read_check (Reader *reader, const CormSqlite3Column *column)
{
  CormSqlite3Constraint *check = add_constraint (reader, CORM_SQLITE3_CHECK, column);
  if (!skip_parentheses (reader, &check->first, &check->last))
    return FALSE;
  skip_on_conflict (reader);
  return TRUE;
}

static gboolean
read_generated (Reader *reader, CormSqlite3Column *column)
{
  if (!skip_parentheses (reader, &column->first, &column->last))
    return FALSE;
  column->stored = accept (reader, "STORED");
  if (!column->stored)
    accept (reader, "VIRTUAL");
  return TRUE;
}

static void
read_column_key (Reader *reader, CormSqlite3Column *column)
{
  add_constraint (reader, CORM_SQLITE3_PRIMARY_KEY, column);
  column->descending_key = accept (reader, "DESC");
  if (!column->descending_key)
    accept (reader, "ASC");
  skip_on_conflict (reader);
  if (accept (reader, "AUTOINCREMENT"))
    reader->table->autoincrement = TRUE;
}

static gboolean
read_collation (Reader *reader, CormSqlite3Column *column)
{
  g_free (column->collation);
  column->collation = read_name (reader);
  return column->collation != NULL;
}

static gboolean
read_constraint_name (Reader *reader)
{
  g_free (reader->name);
  reader->name = read_name (reader);
  return reader->name != NULL;
}

/* One constraint of a column. */
static gboolean
read_column_constraint (Reader *reader, CormSqlite3Column *column)
{
  if (accept (reader, "CONSTRAINT"))
    return read_constraint_name (reader);
  if (accept (reader, "DEFAULT"))
    return skip_default (reader);
  if (accept (reader, "COLLATE"))
    return read_collation (reader, column);
  if (accept (reader, "CHECK"))
    return read_check (reader, column);
  if (accept (reader, "REFERENCES"))
    return read_references (reader, add_constraint (reader, CORM_SQLITE3_FOREIGN_KEY, column));
  if (at_deferrable (reader) && reader->table->constraints->len > 0) {
    read_deferrable (reader, reader->table->constraints->pdata[reader->table->constraints->len - 1]);
    return TRUE;
  }
  if (accept (reader, "GENERATED"))
    return expect (reader, "ALWAYS") && expect (reader, "AS") && read_generated (reader, column);
  if (accept (reader, "AS"))
    return read_generated (reader, column);
  if (at_pair (reader, "PRIMARY", "KEY")) {
    reader->at += 2;
    read_column_key (reader, column);
    return TRUE;
  }
  if (accept (reader, "UNIQUE")) {
    add_constraint (reader, CORM_SQLITE3_UNIQUE, column);
  } else {
    accept (reader, "NOT");
    if (!expect (reader, "NULL"))
      return FALSE;
    g_clear_pointer (&reader->name, g_free);
  }
  skip_on_conflict (reader);
  return TRUE;
}

/* Words of a type end where a constraint begins. */
static gboolean
at_type_word (const Reader *reader)
{
  static const char *const ends[] = { "CONSTRAINT", "PRIMARY", "NOT",     "NULL",       "UNIQUE",
                                      "CHECK",      "DEFAULT", "COLLATE", "REFERENCES", "AS" };
  const CormSqlite3Token *token = peek (reader, 0);
  if (token->kind == CORM_SQLITE3_QUOTED || token->kind == CORM_SQLITE3_STRING)
    return TRUE;
  if (token->kind != CORM_SQLITE3_WORD || at_pair (reader, "GENERATED", "ALWAYS"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (at (reader, ends[i]))
      return FALSE;
  return TRUE;
}

static gboolean
read_column (Reader *reader)
{
  guint first, last;
  gsize start = peek (reader, 0)->start;
  gsize gap = reader->at > 0 ? (peek (reader, 0) - 1)->end : start;
  char *name = read_name (reader);
  if (name == NULL)
    return FALSE;
  CormSqlite3Column *column = g_new0 (CormSqlite3Column, 1);
  *column = (CormSqlite3Column){ .name = name, .gap = gap, .start = start };
  g_ptr_array_add (reader->table->columns, column);
  column->is_integer = at (reader, "INTEGER");
  for (guint n = 0; at_type_word (reader); n++) {
    column->is_integer = column->is_integer && n == 0;
    reader->at++;
  }
  if (at (reader, "("))
    column->is_integer = FALSE;
  if (at (reader, "(") && !skip_parentheses (reader, &first, &last))
    return FALSE;
  while (peek (reader, 0)->kind != CORM_SQLITE3_END && !at (reader, ",") && !at (reader, ")"))
    if (!read_column_constraint (reader, column))
      return FALSE;
  reader->table->columns_end = (peek (reader, 0) - 1)->end;
  g_clear_pointer (&reader->name, g_free);
  return TRUE;
}

static gboolean
read_table_constraint (Reader *reader)
{
  if (accept (reader, "CONSTRAINT"))
    return read_constraint_name (reader);
  if (accept (reader, "CHECK"))
    return read_check (reader, NULL);
  if (at_pair (reader, "FOREIGN", "KEY")) {
    reader->at += 2;
    CormSqlite3Constraint *key = add_constraint (reader, CORM_SQLITE3_FOREIGN_KEY, NULL);
    return read_columns (reader, key->columns) && expect (reader, "REFERENCES") &&
           read_references (reader, key);
  }
  gboolean is_primary = at_pair (reader, "PRIMARY", "KEY");
  if (!is_primary && !at (reader, "UNIQUE"))
    return fail (reader);
  reader->at += is_primary ? 2 : 1;
  CormSqlite3Constraint *key =
      add_constraint (reader, is_primary ? CORM_SQLITE3_PRIMARY_KEY : CORM_SQLITE3_UNIQUE, NULL);
  if (!read_columns (reader, key->columns))
    return FALSE;
  skip_on_conflict (reader);
  return TRUE;
}

static gboolean
at_table_constraint (const Reader *reader)
{
  return at (reader, "CONSTRAINT") || at (reader, "PRIMARY") || at (reader, "UNIQUE") ||
         at (reader, "CHECK") || at (reader, "FOREIGN");
}

static gboolean
read_body (Reader *reader)
{
  if (!expect (reader, "("))
    return FALSE;
  do {
    if (!read_column (reader))
      return FALSE;
  } while (accept (reader, ",") && !at_table_constraint (reader));
  while (!at (reader, ")")) {
    if (!read_table_constraint (reader))
      return FALSE;
    accept (reader, ",");
  }
  reader->table->body_end = (peek (reader, 0) - 1)->end;
  reader->at++;
  return TRUE;
}

static gboolean
read_options (Reader *reader)
{
  while (peek (reader, 0)->kind != CORM_SQLITE3_END) {
    if (at_pair (reader, "WITHOUT", "ROWID")) {
      reader->table->without_rowid = TRUE;
      reader->at += 2;
    } else if (accept (reader, "STRICT")) {
      reader->table->strict = TRUE;
    } else if (!accept (reader, ",") && !accept (reader, ";")) {
      return fail (reader);
    }
  }
  return TRUE;
}

static gboolean
read_table (Reader *reader)
{
  if (!expect (reader, "CREATE"))
    return FALSE;
  if (!accept (reader, "TEMP"))
    accept (reader, "TEMPORARY");
  if (!expect (reader, "TABLE"))
    return FALSE;
  if (at_pair (reader, "IF", "NOT"))
    reader->at += 3;
  g_autofree char *name = read_name (reader);
  G_GNUC_UNUSED g_autofree char *behind_schema =
      name != NULL && accept (reader, ".") ? read_name (reader) : NULL;
  return name != NULL && read_body (reader) && read_options (reader);
}

/* Expressions name columns that may stand behind them: they are written when all are known. */
static void
write_expressions (const Reader *reader)
{
  const CormSqlite3Table *table = reader->table;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add (names, ((CormSqlite3Column *) table->columns->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  const char *const *columns = (const char *const *) names->pdata;
  for (guint i = 0; i < table->columns->len; i++) {
    CormSqlite3Column *column = table->columns->pdata[i];
    if (column->last > 0)
      column->generated =
          corm_sqlite3_expression (reader->sql, reader->tokens, column->first, column->last, columns);
  }
  for (guint i = 0; i < table->constraints->len; i++) {
    CormSqlite3Constraint *check = table->constraints->pdata[i];
    if (check->last > 0)
      check->check =
          corm_sqlite3_expression (reader->sql, reader->tokens, check->first, check->last, columns);
  }
}

CormSqlite3Table *
corm_sqlite3_table_parse (const char *sql, GError **error)
{
  g_autoptr (CormSqlite3Table) table = g_new0 (CormSqlite3Table, 1);
  table->columns = g_ptr_array_new_with_free_func (column_free);
  table->constraints = g_ptr_array_new_with_free_func (constraint_free);
  Reader reader = { .sql = sql, .tokens = corm_sqlite3_tokenize (sql), .table = table, .error = error };
  gboolean ok = read_table (&reader);
  if (ok)
    write_expressions (&reader);
  g_array_unref (reader.tokens);
  g_free (reader.name);
  return ok ? g_steal_pointer (&table) : NULL;
}

void
corm_sqlite3_table_free (CormSqlite3Table *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->columns);
  g_ptr_array_unref (table->constraints);
  g_free (table);
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
  for (guint i = 0; i < table->columns->len; i++) {
    const CormSqlite3Column *column = table->columns->pdata[i];
    if (g_ascii_strcasecmp (column->name, key->columns->pdata[0]) == 0)
      return column->is_integer && !column->descending_key ? column : NULL;
  }
  return NULL;
}

gboolean
corm_sqlite3_is_constraint (const char *sql)
{
  Reader reader = { .sql = sql, .tokens = corm_sqlite3_tokenize (sql) };
  gboolean is_constraint = at_table_constraint (&reader);
  g_array_unref (reader.tokens);
  return is_constraint;
}
