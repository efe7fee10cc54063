/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A column of a CREATE TABLE: its name, its type, and the clauses behind it, each with its place. A CONSTRAINT name belongs
 * to the clause behind it and goes with it. */
#include "ddl.h"

void
corm_ddl_column_free (gpointer data)
{
  CormSqlite3Column *column = data;
  g_free (column->name);
  g_free (column->collation);
  g_free (column->generated);
  g_free (column->conflict);
  g_array_unref (column->clauses);
  g_free (column);
}

static void
add_clause (const CormDdlReader *reader, CormSqlite3Column *column, CormSqlite3ClauseKind kind,
            CormSqlite3Span value)
{
  CormSqlite3Clause clause = { kind, { reader->clause, reader->at }, value };
  g_array_append_val (column->clauses, clause);
}

static gboolean
read_default (CormDdlReader *reader, CormSqlite3Column *column)
{
  CormSqlite3Span value = { reader->at, 0 };
  if (corm_ddl_at (reader, "(")) {
    if (!corm_ddl_parentheses (reader, NULL))
      return FALSE;
  } else {
    if (corm_ddl_at (reader, "+") || corm_ddl_at (reader, "-"))
      reader->at++;
    if (corm_ddl_at_end (reader))
      return corm_ddl_fail (reader);
    reader->at++;
  }
  value.last = reader->at;
  add_clause (reader, column, CORM_SQLITE3_DEFAULT, value);
  return TRUE;
}

static gboolean
read_collation (CormDdlReader *reader, CormSqlite3Column *column)
{
  g_free (column->collation);
  column->collation = corm_ddl_name (reader);
  if (column->collation == NULL)
    return FALSE;
  add_clause (reader, column, CORM_SQLITE3_COLLATE, (CormSqlite3Span){ 0 });
  return TRUE;
}

static gboolean
read_generated (CormDdlReader *reader, CormSqlite3Column *column)
{
  if (!corm_ddl_parentheses (reader, &column->expression))
    return FALSE;
  column->stored = corm_ddl_accept (reader, "STORED");
  if (!column->stored)
    corm_ddl_accept (reader, "VIRTUAL");
  add_clause (reader, column, CORM_SQLITE3_GENERATED, column->expression);
  return TRUE;
}

static gboolean
read_null (CormDdlReader *reader, CormSqlite3Column *column)
{
  gboolean not_null = corm_ddl_accept (reader, "NOT");
  if (!corm_ddl_expect (reader, "NULL"))
    return FALSE;
  g_autofree char *conflict = corm_ddl_conflict (reader);
  if (not_null) {
    g_free (column->conflict);
    column->conflict = g_steal_pointer (&conflict);
  }
  add_clause (reader, column, not_null ? CORM_SQLITE3_NOT_NULL : CORM_SQLITE3_NULL, (CormSqlite3Span){ 0 });
  return TRUE;
}

/* PRIMARY KEY, UNIQUE, CHECK, REFERENCES; FALSE with *found FALSE: it is something else. */
static gboolean
read_constraint (CormDdlReader *reader, CormSqlite3Column *column, gboolean *found)
{
  CormSqlite3Constraint *constraint;
  gboolean ok = TRUE;
  if (corm_ddl_at_pair (reader, "PRIMARY", "KEY")) {
    reader->at += 2;
    constraint = corm_ddl_add_constraint (reader, CORM_SQLITE3_PRIMARY_KEY, column);
    column->descending_key = corm_ddl_accept (reader, "DESC");
    g_array_index (constraint->descending, gboolean, 0) = column->descending_key;
    if (!column->descending_key)
      corm_ddl_accept (reader, "ASC");
    constraint->conflict = corm_ddl_conflict (reader);
    if (corm_ddl_at (reader, "AUTOINCREMENT"))
      constraint->autoincrement = reader->at++;
  } else if (corm_ddl_accept (reader, "UNIQUE")) {
    constraint = corm_ddl_add_constraint (reader, CORM_SQLITE3_UNIQUE, column);
    constraint->conflict = corm_ddl_conflict (reader);
  } else if (corm_ddl_accept (reader, "CHECK")) {
    constraint = corm_ddl_add_constraint (reader, CORM_SQLITE3_CHECK, column);
    ok = corm_ddl_check (reader, constraint);
  } else if (corm_ddl_accept (reader, "REFERENCES")) {
    constraint = corm_ddl_add_constraint (reader, CORM_SQLITE3_FOREIGN_KEY, column);
    ok = corm_ddl_references (reader, constraint);
  } else {
    return *found = FALSE;
  }
  constraint->all = (CormSqlite3Span){ reader->clause, reader->at };
  add_clause (reader, column, CORM_SQLITE3_CONSTRAINT, (CormSqlite3Span){ 0 });
  return ok;
}

/* DEFERRABLE apart from its REFERENCES, with other clauses between, is said of the last foreign key. */
static void
read_late_deferrable (CormDdlReader *reader, CormSqlite3Column *column)
{
  const GPtrArray *constraints = reader->table->constraints;
  CormSqlite3Constraint *key = NULL;
  for (guint i = 0; i < constraints->len; i++)
    if (((CormSqlite3Constraint *) constraints->pdata[i])->kind == CORM_SQLITE3_FOREIGN_KEY)
      key = constraints->pdata[i];
  corm_ddl_deferrable (reader, key);
  add_clause (reader, column, CORM_SQLITE3_DEFERRABLE, (CormSqlite3Span){ 0 });
}

static gboolean
read_clause (CormDdlReader *reader, CormSqlite3Column *column)
{
  gboolean found = TRUE;
  reader->clause = reader->at;
  while (corm_ddl_accept (reader, "CONSTRAINT"))
    if (!corm_ddl_constraint_name (reader))
      return FALSE;
  if (corm_ddl_at (reader, ",") || corm_ddl_at (reader, ")"))
    return TRUE; /* it names nothing */
  gboolean ok = read_constraint (reader, column, &found);
  if (found)
    return ok;
  g_clear_pointer (&reader->name, g_free);
  if (corm_ddl_accept (reader, "DEFAULT"))
    return read_default (reader, column);
  if (corm_ddl_accept (reader, "COLLATE"))
    return read_collation (reader, column);
  if (corm_ddl_accept (reader, "GENERATED"))
    return corm_ddl_expect (reader, "ALWAYS") && corm_ddl_expect (reader, "AS") &&
           read_generated (reader, column);
  if (corm_ddl_accept (reader, "AS"))
    return read_generated (reader, column);
  if (!corm_ddl_at_deferrable (reader))
    return read_null (reader, column);
  read_late_deferrable (reader, column);
  return TRUE;
}

/* Words of a type end where a constraint begins. */
static gboolean
at_type_word (const CormDdlReader *reader)
{
  static const char *const ends[] = { "CONSTRAINT", "PRIMARY", "NOT",     "NULL",       "UNIQUE",
                                      "CHECK",      "DEFAULT", "COLLATE", "REFERENCES", "AS" };
  const CormSqlite3Token *token = corm_ddl_peek (reader, 0);
  if (token->kind == CORM_SQLITE3_QUOTED || token->kind == CORM_SQLITE3_STRING)
    return TRUE;
  if (token->kind != CORM_SQLITE3_WORD || corm_ddl_at_pair (reader, "GENERATED", "ALWAYS"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (corm_ddl_at (reader, ends[i]))
      return FALSE;
  return TRUE;
}

static gboolean
read_type (CormDdlReader *reader, CormSqlite3Column *column)
{
  column->type.first = reader->at;
  column->is_integer = corm_ddl_at (reader, "INTEGER");
  for (guint n = 0; at_type_word (reader); n++) {
    column->is_integer = column->is_integer && n == 0;
    reader->at++;
  }
  if (corm_ddl_at (reader, "(")) {
    column->is_integer = FALSE;
    if (!corm_ddl_parentheses (reader, NULL))
      return FALSE;
  }
  column->type.last = reader->at;
  return TRUE;
}

gboolean
corm_ddl_column (CormDdlReader *reader)
{
  guint first = reader->at;
  gsize start = corm_ddl_peek (reader, 0)->start;
  gsize gap = (corm_ddl_peek (reader, 0) - 1)->end;
  char *name = corm_ddl_name (reader);
  if (name == NULL)
    return FALSE;
  CormSqlite3Column *column = g_new0 (CormSqlite3Column, 1);
  *column = (CormSqlite3Column){ .name = name, .gap = gap, .start = start };
  column->clauses = g_array_new (FALSE, FALSE, sizeof (CormSqlite3Clause));
  g_ptr_array_add (reader->table->columns, column);
  if (!read_type (reader, column))
    return FALSE;
  while (!corm_ddl_at_end (reader) && !corm_ddl_at (reader, ",") && !corm_ddl_at (reader, ")"))
    if (!read_clause (reader, column))
      return FALSE;
  column->all = (CormSqlite3Span){ first, reader->at };
  reader->table->columns_end = (corm_ddl_peek (reader, 0) - 1)->end;
  g_clear_pointer (&reader->name, g_free);
  return TRUE;
}
