/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite's own texts, read token by token: what a CREATE TABLE or CREATE INDEX says and no pragma does. Works on
 * text alone: needs neither a connection nor SQLite's library. */
#pragma once

#include "reader.h"

/* --- CREATE TABLE --------------------------------------------------------------------------------------------- */

typedef enum {
  CORM_SQLITE3_NOT_NULL,
  CORM_SQLITE3_NULL,
  CORM_SQLITE3_DEFAULT,
  CORM_SQLITE3_COLLATE,
  CORM_SQLITE3_GENERATED,
  CORM_SQLITE3_CONSTRAINT, /* a key or a check: one of the table's constraints */
  CORM_SQLITE3_DEFERRABLE, /* apart from the REFERENCES that it belongs to */
} CormSqlite3ClauseKind;

/* What stands behind a column's type, piece by piece. */
typedef struct {
  CormSqlite3ClauseKind kind;
  CormSqlite3Span all;   /* with CONSTRAINT names in front */
  CormSqlite3Span value; /* of a default: what stands behind the word */
} CormSqlite3Clause;

typedef struct {
  char *name;
  gboolean is_integer; /* its type is INTEGER and nothing else */
  char *collation;     /* NULL: none */
  char *generated;     /* expression; NULL: an ordinary column */
  gboolean stored;
  gboolean descending_key; /* PRIMARY KEY DESC: not an alias of the rowid, by a quirk of SQLite's */
  char *conflict;          /* of NOT NULL: "ON CONFLICT REPLACE"; NULL: none */
  gsize gap, start;        /* the space before it begins at gap, it itself at start */
  CormSqlite3Span all, type;
  CormSqlite3Span expression; /* of generated */
  GArray *clauses;            /* CormSqlite3Clause */
} CormSqlite3Column;

typedef enum {
  CORM_SQLITE3_PRIMARY_KEY,
  CORM_SQLITE3_UNIQUE,
  CORM_SQLITE3_FOREIGN_KEY,
  CORM_SQLITE3_CHECK,
} CormSqlite3ConstraintKind;

typedef struct {
  CormSqlite3ConstraintKind kind;
  char *name;                /* NULL: unnamed */
  int column;                /* behind which it stands; -1: in the table's body */
  GPtrArray *columns;        /* char *, of keys */
  GPtrArray *collations;     /* char *, behind each of the columns; NULL: none */
  GArray *descending;        /* gboolean, of each of the columns */
  char *check;               /* expression */
  char *conflict;            /* "ON CONFLICT REPLACE"; NULL: none */
  CormDeferrable deferrable; /* of a foreign key */
  gboolean match_full;
  CormSqlite3Span all;        /* with CONSTRAINT names in front */
  CormSqlite3Span expression; /* of check */
  CormSqlite3Span names;      /* of columns, in the table's body */
  guint autoincrement;        /* the word's token; 0: none */
} CormSqlite3Constraint;

struct _CormSqlite3Table {
  GArray *tokens;         /* CormSqlite3Token */
  GPtrArray *columns;     /* CormSqlite3Column */
  GPtrArray *constraints; /* CormSqlite3Constraint, of columns and of the table, in the order of the text */
  gboolean autoincrement, without_rowid, strict;
  guint open, close; /* the tokens of the parentheses around its body */
  gsize columns_end; /* behind the last column's definition */
  gsize body_end;    /* behind the last thing in the parentheses */
};

/* Errors: SCHEMA, with the place that could not be read. */
CormSqlite3Table *corm_sqlite3_table_parse (const char *sql, GError **error);
void corm_sqlite3_table_free (CormSqlite3Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSqlite3Table, corm_sqlite3_table_free)

/* Where in the columns @name stands, in any case; -1: nowhere. */
int corm_sqlite3_table_find_column (const CormSqlite3Table *table, const char *name);
/* The column that stands for the rowid; NULL: none does. */
const CormSqlite3Column *corm_sqlite3_table_rowid_column (const CormSqlite3Table *table);

/* Is @sql, an element of a CREATE TABLE, a constraint of the table rather than a column? */
gboolean corm_sqlite3_is_constraint (const char *sql);

/* --- pieces of a CREATE TABLE: ddl-column.c and ddl.c read them for each other ------------------------------- */

/* One column with all its clauses, into the table. Errors: SCHEMA. */
gboolean corm_ddl_column (CormDdlReader *reader);
void corm_ddl_column_free (gpointer data);

/* A new constraint takes the name that stood in front of it. @column (nullable): behind which it stands. */
CormSqlite3Constraint *corm_ddl_add_constraint (CormDdlReader *reader, CormSqlite3ConstraintKind kind,
                                                const CormSqlite3Column *column);
/* Takes @name. */
void corm_ddl_add_key_column (CormSqlite3Constraint *key, char *name);
/* Behind CONSTRAINT: the name. */
gboolean corm_ddl_constraint_name (CormDdlReader *reader);
/* "ON CONFLICT REPLACE" where it stands there, else NULL; g_free(). */
char *corm_ddl_conflict (CormDdlReader *reader);
/* Behind CHECK, and behind REFERENCES. */
gboolean corm_ddl_check (CormDdlReader *reader, CormSqlite3Constraint *check);
gboolean corm_ddl_references (CormDdlReader *reader, CormSqlite3Constraint *key);
gboolean corm_ddl_at_deferrable (const CormDdlReader *reader);
/* @key: NULL, or the key that it is said of. */
void corm_ddl_deferrable (CormDdlReader *reader, CormSqlite3Constraint *key);

/* --- CREATE INDEX --------------------------------------------------------------------------------------------- */

/* A collation's name; SQLite's own, which it takes in any case, in capitals. */
char *corm_sqlite3_collation (const char *sql, const CormSqlite3Token *token);
/* Adds what @sql says to @index: its parts, whether it is unique, and the partial index's predicate. Errors: SCHEMA. */
gboolean corm_sqlite3_index_parse (const char *sql, const char *const *columns, CormTableIndex *index,
                                   GError **error);
