/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A place in a text's tokens, and the steps that every reader of SQL takes. The place never passes the last token, END. */
#pragma once

#include "tokenizer.h"

typedef struct _CormSqlite3Table CormSqlite3Table;

typedef struct {
  const char *sql;
  const GArray *tokens; /* CormSqlite3Token */
  guint at;
  CormSqlite3Table *table; /* that is read; NULL: none */
  char *name;              /* of the CONSTRAINT clause read last */
  guint clause;            /* token that the clause begins with, its CONSTRAINT names included */
  GError **error;
} CormDdlReader;

/* The token so many further on. */
const CormSqlite3Token *corm_ddl_peek (const CormDdlReader *reader, guint ahead);
/* Is the next token this word or operator; are the next two these? */
gboolean corm_ddl_at (const CormDdlReader *reader, const char *text);
gboolean corm_ddl_at_pair (const CormDdlReader *reader, const char *first, const char *second);
gboolean corm_ddl_at_end (const CormDdlReader *reader);
/* Goes behind the token where it is this one. */
gboolean corm_ddl_accept (CormDdlReader *reader, const char *text);
/* The same, else an error. Always FALSE, with an error: fail. Errors: SCHEMA. */
gboolean corm_ddl_expect (CormDdlReader *reader, const char *text);
gboolean corm_ddl_fail (CormDdlReader *reader);
/* An identifier, unquoted; g_free(). NULL: there is none. Errors: SCHEMA. */
char *corm_ddl_name (CormDdlReader *reader);
/* From an opening parenthesis behind the closing one; @inside (nullable): the tokens between. Errors: SCHEMA. */
gboolean corm_ddl_parentheses (CormDdlReader *reader, CormSqlite3Span *inside);
