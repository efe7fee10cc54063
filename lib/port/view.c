/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See view.h. One SELECT of tables and views that are moved: joins, WHERE, GROUP BY, HAVING, DISTINCT, ORDER BY. The tables
 * are read first, as the names in front of them are their columns. */
#include "port/view.h"

#include <string.h>

static void
item_clear (gpointer item)
{
  g_free (((CormViewItem *) item)->name);
}

static void
view_clear (CormViewReading *view)
{
  corm_reading_clear (&view->reading);
  g_clear_pointer (&view->names, g_strfreev);
  g_clear_pointer (&view->items, g_array_unref);
  g_clear_pointer (&view->groups, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormViewReading, view_clear)

/* --- CREATE VIEW ------------------------------------------------------------------------------------------------- */

static gboolean
read_names (CormViewReading *view)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  do {
    const char *name = corm_reading_name (&view->reading);
    if (name == NULL)
      return FALSE;
    g_ptr_array_add (names, g_strdup (name));
  } while (corm_reading_take (&view->reading, ","));
  g_ptr_array_add (names, NULL);
  view->names = (GStrv) g_ptr_array_steal (names, NULL);
  return corm_reading_expect (&view->reading, ")");
}

/* How MariaDB carries it out is no part of what it says. */
static gboolean
read_head (CormViewReading *view)
{
  CormReading *reading = &view->reading;
  if (!corm_reading_expect (reading, "create"))
    return FALSE;
  if (corm_reading_take (reading, "algorithm") &&
      (!corm_reading_expect (reading, "=") || corm_reading_name (reading) == NULL))
    return FALSE;
  if (!corm_reading_expect (reading, "view"))
    return FALSE;
  if (corm_reading_take (reading, "if") &&
      (!corm_reading_expect (reading, "not") || !corm_reading_expect (reading, "exists")))
    return FALSE;
  if (corm_reading_name (reading) == NULL || (corm_reading_take (reading, "(") && !read_names (view)))
    return FALSE;
  if (!corm_reading_expect (reading, "as") || !corm_reading_expect (reading, "select"))
    return FALSE;
  view->distinct = corm_reading_take (reading, "distinct");
  return TRUE;
}

/* --- what is selected -------------------------------------------------------------------------------------------- */

static gboolean
add_item (CormViewReading *view, const CormPlain *value, const char *name)
{
  guint most = view->reading.to->max_identifier;
  const char *use = view->names != NULL && view->items->len < g_strv_length (view->names)
                        ? view->names[view->items->len]
                        : name;
  gboolean is_column = value->pair != NULL;
  if (!is_column && (value->class == CORM_PLAIN_BOOL || value->class == CORM_PLAIN_NULL))
    return corm_reading_refuse (&view->reading, "a condition or NULL as a column: %s", use);
  if (view->distinct && (value->class == CORM_PLAIN_OPAQUE || value->class == CORM_PLAIN_REAL))
    return corm_reading_refuse (&view->reading, "DISTINCT of %s, whose values are not equal alike", use);
  if (most != 0 && strlen (use) > most)
    return corm_reading_refuse (&view->reading, "the column's name %s is too long for the target", use);
  for (guint i = 0; i < view->items->len; i++)
    if (g_ascii_strcasecmp (g_array_index (view->items, CormViewItem, i).name, use) == 0)
      return corm_reading_refuse (&view->reading, "two columns are called %s", use);
  CormViewItem item = { *value, g_strdup (use) };
  g_array_append_val (view->items, item);
  g_string_append (view->reading.out, " AS ");
  corm_sql_append_identifier (view->reading.out, view->reading.to, use);
  return TRUE;
}

static void
begin_item (CormViewReading *view)
{
  g_string_append (view->reading.out, view->items->len > 0 ? ", " : "");
}

static gboolean
add_all_of (CormViewReading *view, const CormPlainTable *table)
{
  for (guint c = 0; c < table->pair->n_columns; c++) {
    CormPlainRef ref = { table->pair, c };
    CormPlain value = { .class = corm_plain_class_of (&view->reading, table->pair, c),
                        .pair = table->pair,
                        .column = c };
    begin_item (view);
    corm_sql_append_identifier (view->reading.out, view->reading.to, table->shown);
    g_string_append_c (view->reading.out, '.');
    corm_sql_append_identifier (view->reading.out, view->reading.to, table->pair->target_columns[c]->name);
    g_array_append_val (view->reading.refs, ref);
    if (!add_item (view, &value, table->pair->source_columns[c]->name))
      return FALSE;
  }
  return TRUE;
}

/* "*" and "t.*"; *@any: whether it was one. */
static gboolean
read_star (CormViewReading *view, gboolean *any)
{
  CormReading *reading = &view->reading;
  const CormPortToken *token = corm_reading_peek (reading);
  gboolean of_one = corm_port_token_is_name (token) && corm_port_token_is (token + 1, ".") &&
                    corm_port_token_is (token + 2, "*");
  *any = of_one || corm_port_token_is (token, "*");
  if (!*any)
    return TRUE;
  gboolean found = FALSE;
  reading->at += of_one ? 3 : 1;
  for (guint i = 0; i < reading->scope->len; i++) {
    const CormPlainTable *table = &g_array_index (reading->scope, CormPlainTable, i);
    if (of_one && g_ascii_strcasecmp (table->name, token->text) != 0)
      continue;
    found = TRUE;
    if (!add_all_of (view, table))
      return FALSE;
  }
  return found || corm_reading_refuse (reading, "%s.* of no table", token->text);
}

static gboolean
read_item (CormViewReading *view)
{
  CormPlain value;
  gboolean is_star = FALSE;
  CormReading *reading = &view->reading;
  const CormPortToken *first = corm_reading_peek (reading);
  if (!read_star (view, &is_star) || is_star)
    return reading->why == NULL;
  begin_item (view);
  if (!corm_plain_read (reading, &value))
    return FALSE;
  const CormPortToken *last = corm_reading_peek (reading) - 1;
  g_autofree char *text = g_strndup (first->at, (gsize) (last->at + last->size - first->at));
  const char *name = value.pair != NULL ? value.pair->source_columns[value.column]->name : text;
  gboolean has_as = corm_reading_take (reading, "as");
  const CormPortToken *next = corm_reading_peek (reading);
  if (has_as || (corm_port_token_is_name (next) && !corm_port_token_is (next, "from"))) {
    name = corm_reading_name (reading);
    if (name == NULL)
      return FALSE;
  }
  return add_item (view, &value, name);
}

/* The place of FROM, outside of parentheses; 0: there is none. */
static guint
find_from (const CormReading *reading)
{
  guint depth = 0;
  for (guint i = reading->at; i < reading->tokens->len; i++) {
    const CormPortToken *token = &g_array_index (reading->tokens, CormPortToken, i);
    depth += corm_port_token_is (token, "(") ? 1 : 0;
    depth -= corm_port_token_is (token, ")") && depth > 0 ? 1 : 0;
    if (depth == 0 && corm_port_token_is (token, "from"))
      return i;
  }
  return 0;
}

/* SELECT … FROM …, the latter first. */
static gboolean
read_select (CormViewReading *view)
{
  CormReading *reading = &view->reading;
  guint items = reading->at, from = find_from (reading);
  g_autoptr (GString) tables = g_string_new (NULL);
  if (from == 0)
    return corm_reading_refuse (reading, "a SELECT without a table");
  reading->at = from + 1;
  GString *out = reading->out;
  reading->out = tables;
  gboolean done = corm_view_read_from (reading);
  reading->out = out;
  guint behind = reading->at;
  if (!done)
    return FALSE;
  reading->at = items;
  g_array_set_size (reading->refs, 0);
  g_string_append (out, view->distinct ? "SELECT DISTINCT " : "SELECT ");
  do {
    if (!read_item (view))
      return FALSE;
  } while (corm_reading_take (reading, ","));
  if (reading->at != from)
    return corm_reading_expect (reading, "from") &&
           corm_reading_refuse (reading, "FROM stands elsewhere than expected");
  if (view->names != NULL && g_strv_length (view->names) != view->items->len)
    return corm_reading_refuse (reading, "another number of columns than names");
  g_string_append_printf (out, " FROM %s", tables->str);
  reading->at = behind;
  return TRUE;
}

/* --- WHERE, GROUP BY, HAVING ------------------------------------------------------------------------------------- */

static gboolean
read_where (CormViewReading *view)
{
  CormReading *reading = &view->reading;
  guint n_refs = reading->refs->len;
  if (!corm_reading_take (reading, "where"))
    return TRUE;
  g_string_append (reading->out, " WHERE ");
  reading->no_aggregates = TRUE;
  gboolean done = corm_plain_read_condition (reading);
  reading->no_aggregates = FALSE;
  g_array_set_size (reading->refs, n_refs);
  return done;
}

/* A name that is also that of something else which is selected means one here and the other there. */
static gboolean
is_ambiguous (const CormViewReading *view, const CormPlain *column)
{
  for (guint i = 0; i < view->items->len; i++) {
    const CormViewItem *item = &g_array_index (view->items, CormViewItem, i);
    gboolean same = item->value.pair == column->pair && item->value.column == column->column;
    if (!same && g_ascii_strcasecmp (item->name, column->pair->source_columns[column->column]->name) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
read_groups (CormViewReading *view)
{
  CormReading *reading = &view->reading;
  guint n_refs = reading->refs->len;
  if (!corm_reading_take (reading, "group"))
    return TRUE;
  if (!corm_reading_expect (reading, "by"))
    return FALSE;
  g_string_append (reading->out, " GROUP BY ");
  view->grouped = TRUE;
  do {
    CormPlain column;
    g_string_append (reading->out, view->groups->len > 0 ? ", " : "");
    if (!corm_plain_read_column (reading, &column))
      return FALSE;
    if (column.class == CORM_PLAIN_OPAQUE || column.class == CORM_PLAIN_REAL || is_ambiguous (view, &column))
      return corm_reading_refuse (reading, "GROUP BY %s, whose values are not equal alike",
                                  column.pair->source_columns[column.column]->name);
    CormPlainRef ref = { column.pair, column.column };
    g_array_append_val (view->groups, ref);
  } while (corm_reading_take (reading, ","));
  g_array_set_size (reading->refs, n_refs);
  if (!corm_reading_take (reading, "having"))
    return TRUE;
  g_string_append (reading->out, " HAVING ");
  return corm_plain_read_condition (reading);
}

static gboolean
is_grouped (const CormViewReading *view, const CormPlainRef *ref)
{
  for (guint i = 0; i < view->groups->len; i++) {
    const CormPlainRef *group = &g_array_index (view->groups, CormPlainRef, i);
    if (group->pair == ref->pair && group->column == ref->column)
      return TRUE;
  }
  return FALSE;
}

/* A column beside an aggregate that is no group: some databases take the value of any row. */
static gboolean
check_groups (CormViewReading *view)
{
  CormReading *reading = &view->reading;
  if (!view->grouped && reading->n_aggregates == 0)
    return TRUE;
  for (guint i = 0; i < reading->refs->len; i++) {
    const CormPlainRef *ref = &g_array_index (reading->refs, CormPlainRef, i);
    if (!is_grouped (view, ref))
      return corm_reading_refuse (reading, "column %s beside an aggregate, and in no GROUP BY",
                                  ref->pair->source_columns[ref->column]->name);
  }
  return TRUE;
}

static gboolean
read_end (CormViewReading *view)
{
  corm_reading_take (&view->reading, ";");
  const CormPortToken *next = corm_reading_peek (&view->reading);
  return next->kind == CORM_PORT_TOKEN_END ||
         corm_reading_refuse (&view->reading, "'%s' is not known to mean the same", next->text);
}

/* --- its columns, as those of a table ---------------------------------------------------------------------------- */

static void
add_column (CormTable *table, const CormViewItem *item, gboolean of_target)
{
  static const CormType types[] = { [CORM_PLAIN_NARROW] = CORM_TYPE_INT64,
                                    [CORM_PLAIN_INT] = CORM_TYPE_INT64,
                                    [CORM_PLAIN_REAL] = CORM_TYPE_FLOAT64,
                                    [CORM_PLAIN_DECIMAL] = CORM_TYPE_DECIMAL,
                                    [CORM_PLAIN_TEXT] = CORM_TYPE_TEXT };
  CormTableColumn *column = corm_table_add_column (table, item->name);
  const CormPair *pair = item->value.pair;
  if (pair == NULL) {
    column->type.type = types[item->value.class];
    return;
  }
  const CormTableColumn *like =
      of_target ? pair->target_columns[item->value.column] : pair->source_columns[item->value.column];
  column->type = like->type;
  column->type_sql = g_strdup (like->type_sql);
  column->collation = g_strdup (like->collation);
  column->labels = g_strdupv (like->labels);
}

static CormPair *
make_pair (const CormViewReading *view, const char *name)
{
  CormTable *left = corm_schema_add_table (view->work->left, name);
  CormTable *right = corm_schema_add_table (view->work->right, name);
  for (guint i = 0; i < view->items->len; i++) {
    add_column (left, &g_array_index (view->items, CormViewItem, i), FALSE);
    add_column (right, &g_array_index (view->items, CormViewItem, i), TRUE);
  }
  CormPair *pair = corm_pair_new (left, right);
  for (guint i = 0; i < pair->n_columns; i++) {
    const CormPlain *value = &g_array_index (view->items, CormViewItem, i).value;
    pair->conversions[i] = value->pair != NULL ? value->pair->conversions[value->column] : 0;
    if (value->pair != NULL)
      pair->lacks |= value->pair->lacks;
  }
  return pair;
}

char *
corm_view_translate (const CormViewWork *work, const char *name, const char *sql, CormPair **pair, char **why)
{
  g_auto (CormViewReading) view = { .work = work };
  corm_reading_init (&view.reading, sql, work->from, work->to, work->relations);
  view.items = g_array_new (FALSE, FALSE, sizeof (CormViewItem));
  g_array_set_clear_func (view.items, item_clear);
  view.groups = g_array_new (FALSE, FALSE, sizeof (CormPlainRef));
  g_string_append (view.reading.out, "CREATE VIEW ");
  corm_sql_append_identifier (view.reading.out, work->to, name);
  g_string_append (view.reading.out, " AS ");
  if (!read_head (&view) || !read_select (&view) || !read_where (&view) || !read_groups (&view) ||
      !corm_view_read_order (&view) || !read_end (&view) || !check_groups (&view)) {
    *why = g_steal_pointer (&view.reading.why);
    return NULL;
  }
  *pair = make_pair (&view, name);
  return g_strdup (view.reading.out->str);
}
