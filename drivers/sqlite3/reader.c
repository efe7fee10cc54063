/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The steps of a reader of SQL: look, take, complain. */
#include "reader.h"

const CormSqlite3Token *
corm_ddl_peek (const CormDdlReader *reader, guint ahead)
{
  guint i = MIN (reader->at + ahead, reader->tokens->len - 1);
  return &g_array_index (reader->tokens, CormSqlite3Token, i);
}

gboolean
corm_ddl_at (const CormDdlReader *reader, const char *text)
{
  return corm_sqlite3_token_is (reader->sql, corm_ddl_peek (reader, 0), text);
}

gboolean
corm_ddl_at_pair (const CormDdlReader *reader, const char *first, const char *second)
{
  return corm_ddl_at (reader, first) &&
         corm_sqlite3_token_is (reader->sql, corm_ddl_peek (reader, 1), second);
}

gboolean
corm_ddl_at_end (const CormDdlReader *reader)
{
  return corm_ddl_peek (reader, 0)->kind == CORM_SQLITE3_END;
}

gboolean
corm_ddl_accept (CormDdlReader *reader, const char *text)
{
  if (!corm_ddl_at (reader, text))
    return FALSE;
  reader->at++;
  return TRUE;
}

gboolean
corm_ddl_fail (CormDdlReader *reader)
{
  const CormSqlite3Token *token = corm_ddl_peek (reader, 0);
  if (reader->error != NULL && *reader->error != NULL)
    return FALSE; /* the first place is the one */
  g_autofree char *start = g_strndup (reader->sql + token->start, strnlen (reader->sql + token->start, 40));
  g_autofree char *shown = g_utf8_make_valid (start, -1);
  if (token->kind == CORM_SQLITE3_END)
    g_set_error (reader->error, CORM_ERROR, CORM_ERROR_SCHEMA, "its SQL ends too early: %s", reader->sql);
  else
    g_set_error (reader->error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "its SQL can't be read at byte %" G_GSIZE_FORMAT ": %s", token->start, shown);
  return FALSE;
}

gboolean
corm_ddl_expect (CormDdlReader *reader, const char *text)
{
  return corm_ddl_accept (reader, text) || corm_ddl_fail (reader);
}

char *
corm_ddl_name (CormDdlReader *reader)
{
  const CormSqlite3Token *token = corm_ddl_peek (reader, 0);
  if (token->kind != CORM_SQLITE3_WORD && token->kind != CORM_SQLITE3_QUOTED &&
      token->kind != CORM_SQLITE3_STRING) {
    corm_ddl_fail (reader);
    return NULL;
  }
  reader->at++;
  return corm_sqlite3_token_name (reader->sql, token);
}

gboolean
corm_ddl_parentheses (CormDdlReader *reader, CormSqlite3Span *inside)
{
  if (!corm_ddl_expect (reader, "("))
    return FALSE;
  guint first = reader->at;
  for (guint depth = 1; !corm_ddl_at_end (reader); reader->at++) {
    if (corm_ddl_at (reader, "("))
      depth++;
    else if (corm_ddl_at (reader, ")") && --depth == 0) {
      if (inside != NULL)
        *inside = (CormSqlite3Span){ first, reader->at };
      reader->at++;
      return TRUE;
    }
  }
  return corm_ddl_fail (reader);
}
