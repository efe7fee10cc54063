/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQL text cut as SQLite cuts it, and one form for an expression. Works on text alone: needs neither a connection nor
 * SQLite's library. */
#pragma once

#include <corm/sys/driver.h>

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

/* Tokens [first, last); none where both are alike. */
typedef struct {
  guint first, last;
} CormSqlite3Span;

/* Tokens [first, last) as one line in a form that does not depend on spaces, comments, the case of keywords or needless
 * quotes around names: two expressions written alike in other hands read the same. Names in @columns (may be
 * NULL) are written as declared. g_free(). */
char *corm_sqlite3_expression (const char *sql, const GArray *tokens, guint first, guint last,
                               const char *const *columns);
/* Do tokens of an expression over one table name this column of it? */
gboolean corm_sqlite3_names_column (const char *sql, const GArray *tokens, CormSqlite3Span span,
                                    const char *name);
