/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An SQL script as a list of statements, each with its place in the script. */
#pragma once

#include <corm/sys/driver.h>

/* script[offset … offset + size) is sql; script[from … offset) holds the blanks, comments and delimiters since the
 * statement before. */
typedef struct {
  char *sql; /* without its delimiter, and without the blanks and comments in front of it */
  gsize from, offset, size;
  guint line; /* where sql begins */
} CormScriptStatement;

typedef struct {
  const char *file; /* for messages; NULL: "script" */
  guint first_line; /* the number of the script's first line; 0: 1 */
  /* Lines that are for psql or another client, and rows behind COPY … FROM stdin, are passed over like comments; else
   * they are errors, as nobody here would do what they say. */
  gboolean skip_client;
} CormScriptOptions;

/* The statements (CormScriptStatement *) of @script in order. Quotes and comments as @dialect has them; the body of a
 * trigger or routine, BEGIN … END, is not split; a line "DELIMITER //", as MariaDB's client writes it, sets the end of
 * what follows. @script ends with a NUL; @size says how many bytes stand in front of it, -1: up to the first NUL.
 * @options may be NULL. Errors, each as "FILE:LINE: …": SYNTAX for a quote, comment, parenthesis or body without an end;
 * INVALID for bytes that are no UTF-8 text; UNSUPPORTED for what only a client understands. */
GPtrArray *corm_script_split (const CormDialect *dialect, const char *script, gssize size,
                              const CormScriptOptions *options, GError **error);
