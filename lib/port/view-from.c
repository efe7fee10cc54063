/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The tables of a SELECT. Inner, left and cross joins, with their condition; a comma among joins binds otherwise in each database
 * and is refused. */
#include "port/view-parts.h"

enum { MOST_JOINS = 60 };

static gboolean read_joined (CormReading *reading);

/* Words that end a table, and are not its other name. */
static gboolean
is_alias (const CormPortToken *token)
{
  static const char *const ends[] = { "on",     "join",  "inner",     "left",    "cross",  "natural",
                                      "right",  "full",  "where",     "group",   "order",  "limit",
                                      "having", "union", "using",     "indexed", "not",    "window",
                                      "for",    "with",  "intersect", "except",  "offset", NULL };
  g_autofree char *small = g_ascii_strdown (token->text, -1);
  return token->kind == CORM_PORT_TOKEN_NAME ||
         (token->kind == CORM_PORT_TOKEN_WORD && !g_strv_contains (ends, small));
}

static gboolean
read_table (CormReading *reading)
{
  if (corm_reading_take (reading, "(")) {
    g_string_append_c (reading->out, '(');
    if (++reading->depth > MOST_JOINS)
      return corm_reading_refuse (reading, "too many joins in each other");
    if (!read_joined (reading) || !corm_reading_expect (reading, ")"))
      return FALSE;
    reading->depth--;
    g_string_append_c (reading->out, ')');
    return TRUE;
  }
  const char *name = corm_reading_name (reading);
  const CormPair *pair = name != NULL ? corm_reading_find_relation (reading, name) : NULL;
  if (pair == NULL)
    return corm_reading_refuse (reading, "'%s' is no table that is moved and no view that is translated",
                                name != NULL ? name : "");
  corm_sql_append_identifier (reading->out, reading->to, pair->target->name);
  gboolean has_as = corm_reading_take (reading, "as");
  const char *alias = NULL;
  if ((has_as || is_alias (corm_reading_peek (reading))) && (alias = corm_reading_name (reading)) == NULL)
    return FALSE;
  if (alias != NULL) {
    g_string_append (reading->out, " AS ");
    corm_sql_append_identifier (reading->out, reading->to, alias);
  }
  for (guint i = 0; i < reading->scope->len; i++)
    if (g_ascii_strcasecmp (g_array_index (reading->scope, CormPlainTable, i).name,
                            alias != NULL ? alias : name) == 0)
      return corm_reading_refuse (reading, "two tables are called %s", alias != NULL ? alias : name);
  corm_reading_add_table (reading, pair, alias != NULL ? alias : name,
                          alias != NULL ? alias : pair->target->name);
  return TRUE;
}

/* A table behind JOIN with its condition; without one it is a cross join, which PostgreSQL wants to be said. */
static gboolean
read_join (CormReading *reading, gboolean is_left, gboolean is_cross)
{
  gsize start = reading->out->len;
  if (!read_table (reading))
    return FALSE;
  gboolean has_condition = corm_reading_take (reading, "on");
  if (is_left && !has_condition)
    return corm_reading_refuse (reading, "a left join without ON");
  if (has_condition && is_cross)
    return corm_reading_refuse (reading, "a cross join with ON");
  g_string_insert (reading->out, (gssize) start,
                   is_left         ? " LEFT JOIN "
                   : has_condition ? " JOIN "
                                   : " CROSS JOIN ");
  if (!has_condition)
    return TRUE;
  g_string_append (reading->out, " ON ");
  gboolean was = reading->no_aggregates;
  reading->no_aggregates = TRUE;
  gboolean done = corm_plain_read_condition (reading);
  reading->no_aggregates = was;
  return done;
}

static gboolean
read_joined (CormReading *reading)
{
  guint n_commas = 0, n_joins = 0;
  if (!read_table (reading))
    return FALSE;
  for (;;) {
    const CormPortToken *next = corm_reading_peek (reading);
    if (n_commas > 0 && n_joins > 0)
      return corm_reading_refuse (reading, "a comma among joins binds otherwise");
    if (corm_reading_take (reading, ",")) {
      n_commas++;
      g_string_append (reading->out, ", ");
      if (!read_table (reading))
        return FALSE;
      continue;
    }
    gboolean is_left = corm_port_token_is (next, "left"), is_cross = corm_port_token_is (next, "cross");
    if (!is_left && !is_cross && !corm_port_token_is (next, "inner") && !corm_port_token_is (next, "join"))
      return TRUE;
    n_joins++;
    reading->at += corm_port_token_is (next, "join") ? 0 : 1;
    if (is_left)
      corm_reading_take (reading, "outer");
    if (!corm_reading_expect (reading, "join") || !read_join (reading, is_left, is_cross))
      return FALSE;
  }
}

gboolean
corm_view_read_from (CormReading *reading)
{
  return read_joined (reading);
}
