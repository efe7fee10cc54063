/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A statement as tokens, by the lexis of its dialect: what stands in quotes or in a comment is never taken for SQL. */
#pragma once

#include <corm/sys/driver.h>

typedef enum {
  CORM_TOKEN_WORD,   /* bare: a keyword or a name */
  CORM_TOKEN_NAME,   /* in the quotes of identifiers */
  CORM_TOKEN_STRING, /* in single quotes, in dollars, or in double ones where those make strings */
  CORM_TOKEN_NUMBER,
  CORM_TOKEN_SIGN, /* one sign, or "::" */
} CormTokenKind;

typedef struct {
  CormTokenKind kind;
  char *text; /* a word in lower case, a name without its quotes, a string with them */
  guint from; /* where it stands in the statement, in bytes */
  guint to;
} CormToken;

/* CormToken, in order. What MariaDB's comments run, as in slash-star-bang, is read as the SQL that it is. */
GPtrArray *corm_tokens_split (const CormDialect *dialect, const char *sql);
/* The tokens [@from, @to) as @sql has them, blanks and comments as one blank; free with g_free(). */
char *corm_tokens_join (const char *sql, const GPtrArray *tokens, guint from, guint to);
