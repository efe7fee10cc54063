/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite's own texts, read token by token: what a CREATE TABLE or CREATE INDEX says and no pragma does. Works on
 * text alone: needs neither a connection nor SQLite's library. */
#pragma once

#include <corm/sys/driver.h>

/* --- tokens: as SQLite's tokenizer cuts them ---------------------------------------------------------------- */

typedef enum {
  CORM_SQLITE3_END,
  CORM_SQLITE3_WORD,   /* keyword or bare identifier */
  CORM_SQLITE3_QUOTED, /* "…", `…` or […]: an identifier */
  CORM_SQLITE3_STRING, /* '…' */
  CORM_SQLITE3_BLOB,   /* x'…' */
  CORM_SQLITE3_NUMBER,
  CORM_SQLITE3_VARIABLE, /* ?, ?1, :name, @name, $name */
  CORM_SQLITE3_OPERATOR, /* one character, or || -> ->> << >> <= >= == != <> */
} CormSqlite3TokenKind;

typedef struct {
  CormSqlite3TokenKind kind;
  gsize start, end; /* bytes in the text: [start, end) */
} CormSqlite3Token;

/* Every token of @sql, space and comments left out; the last is END, at the text's end. */
GArray *corm_sqlite3_tokenize (const char *sql);
/* Is it this keyword (any case), this operator? */
gboolean corm_sqlite3_token_is (const char *sql, const CormSqlite3Token *token, const char *text);
/* The name that an identifier or a string in its place stands for, unquoted; g_free(). */
char *corm_sqlite3_token_name (const char *sql, const CormSqlite3Token *token);

/* Tokens [first, last) as one line in a form that does not depend on spaces, comments, the case of keywords or needless
 * quotes around names: two expressions written alike in other hands read the same. Names in @columns (may be
 * NULL) are written as declared. g_free(). */
char *corm_sqlite3_expression (const char *sql, const GArray *tokens, guint first, guint last,
                               const char *const *columns);

/* --- CREATE TABLE --------------------------------------------------------------------------------------------- */

typedef struct {
  char *name;
  gboolean is_integer; /* its type is INTEGER and nothing else */
  char *collation;     /* NULL: none */
  char *generated;     /* expression; NULL: an ordinary column */
  gboolean stored;
  gboolean descending_key; /* PRIMARY KEY DESC: not an alias of the rowid, by a quirk of SQLite's */
  gsize gap, start;        /* the space before it begins at gap, it itself at start */
  guint first, last;       /* tokens of generated */
} CormSqlite3Column;

typedef enum {
  CORM_SQLITE3_PRIMARY_KEY,
  CORM_SQLITE3_UNIQUE,
  CORM_SQLITE3_FOREIGN_KEY,
  CORM_SQLITE3_CHECK,
} CormSqlite3ConstraintKind;

typedef struct {
  CormSqlite3ConstraintKind kind;
  char *name;          /* NULL: unnamed */
  GPtrArray *columns;  /* char *, of keys */
  char *check;         /* expression */
  guint first, last;   /* tokens of check */
  gboolean deferrable; /* of a foreign key */
} CormSqlite3Constraint;

typedef struct {
  GPtrArray *columns;     /* CormSqlite3Column */
  GPtrArray *constraints; /* CormSqlite3Constraint, of columns and of the table, in the order of the text */
  gboolean autoincrement, without_rowid, strict;
  gsize columns_end; /* behind the last column's definition */
  gsize body_end;    /* behind the last thing in the parentheses */
} CormSqlite3Table;

/* Errors: SCHEMA, with the place that could not be read. */
CormSqlite3Table *corm_sqlite3_table_parse (const char *sql, GError **error);
void corm_sqlite3_table_free (CormSqlite3Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSqlite3Table, corm_sqlite3_table_free)

/* The column that stands for the rowid; NULL: none does. */
const CormSqlite3Column *corm_sqlite3_table_rowid_column (const CormSqlite3Table *table);

/* Is @sql, an element of a CREATE TABLE, a constraint of the table rather than a column? */
gboolean corm_sqlite3_is_constraint (const char *sql);

/* --- CREATE INDEX --------------------------------------------------------------------------------------------- */

/* Adds what @sql says to @index: its parts, whether it is unique, and the partial index's predicate. Errors: SCHEMA. */
gboolean corm_sqlite3_index_parse (const char *sql, const char *const *columns, CormTableIndex *index,
                                   GError **error);
