/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The short texts in which a model lists columns: "status, created_at desc" and "members (team_id, user_id)". */
#pragma once

#include <glib.h>

/* One part of a column list. */
typedef struct {
  char *sql; /* column name, or the expression with its parentheses */
  gboolean is_expression;
  gboolean descending;
} CormListPart;

/* Parts (CormListPart) of "a, b desc, (lower (name))". @fault says, in a few words that stay valid, what is wrong; then NULL. */
GPtrArray *corm_list_parse (const char *text, const char **fault);
/* "table.column", "table (a, b)" and "table(a,b)"; FALSE when it is neither. */
gboolean corm_reference_parse (const char *text, char **table, GStrv *columns);
