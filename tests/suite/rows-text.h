/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A query's rows as text, to be compared with what they should be: values parted by blanks, rows by bars. */
#pragma once

#include "../lib/suite.h"

/* NULL with the error in @said. Free with g_free(). */
static inline char *
rows_text (CormQuery *query, CormConnection *conn, GError **said)
{
  GError *error = NULL;
  g_autoptr (CormCursor) cursor = corm_query_open (query, conn, said);
  if (cursor == NULL)
    return NULL;
  GString *text = g_string_new (NULL);
  while (corm_cursor_next (cursor, &error)) {
    g_string_append (text, text->len > 0 ? "|" : "");
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      g_string_append (text, i > 0 ? " " : "");
      corm_value_append_text (corm_cursor_get_value (cursor, i), text);
    }
  }
  if (error == NULL)
    return g_string_free (text, FALSE);
  g_propagate_error (said, error);
  g_string_free (text, TRUE);
  return NULL;
}

#define GIVES(query, want) \
  do { \
    g_autoptr (GError) gives_error = NULL; \
    g_autofree char *gives_text = rows_text ((query), suite->conn, &gives_error); \
    if (gives_text == NULL) \
      fail_msg ("%s: %s", #query, gives_error->message); \
    assert_string_equal (gives_text, want); \
  } while (0)

#define REFUSES(query, code, ...) \
  do { \
    char *refused = NULL; \
    assert_fails ((refused = rows_text ((query), suite->conn, error)) != NULL, code, __VA_ARGS__); \
  } while (0)
