/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The order of a view's rows: by bytes where it was, NULLs at the end at which they were. */
#include "port/view-parts.h"

static const CormViewItem *
find_item (const CormViewReading *view, const char *name)
{
  for (guint i = 0; i < view->items->len; i++)
    if (g_ascii_strcasecmp (g_array_index (view->items, CormViewItem, i).name, name) == 0)
      return &g_array_index (view->items, CormViewItem, i);
  return NULL;
}

/* What is sorted by, in the target's words: a column, or the name of what is selected. */
static gboolean
read_sorted (CormViewReading *view, CormPlain *value, GString *text)
{
  CormReading *reading = &view->reading;
  const CormPortToken *token = corm_reading_peek (reading);
  gboolean is_bare = corm_port_token_is_name (token) && !corm_port_token_is (token + 1, ".");
  const CormViewItem *item = is_bare ? find_item (view, token->text) : NULL;
  if (item != NULL && item->value.pair == NULL) {
    reading->at++;
    *value = item->value;
    corm_sql_append_identifier (text, reading->to, item->name);
    return value->class != CORM_PLAIN_TEXT ||
           corm_reading_refuse (reading, "ORDER BY a text that is computed");
  }
  GString *out = reading->out;
  reading->out = text;
  gboolean done = corm_plain_read_column (reading, value);
  reading->out = out;
  if (done && item != NULL && (item->value.pair != value->pair || item->value.column != value->column))
    return corm_reading_refuse (reading, "ORDER BY %s, which is two things", token->text);
  return done;
}

static gboolean
read_order_item (CormViewReading *view)
{
  CormPlain value;
  CormReading *reading = &view->reading;
  g_autoptr (GString) text = g_string_new (NULL);
  if (!read_sorted (view, &value, text))
    return FALSE;
  if (value.class == CORM_PLAIN_OPAQUE || (value.class == CORM_PLAIN_TEXT && reading->from->order_by_locale))
    return corm_reading_refuse (reading, "ORDER BY values that are not sorted alike");
  gboolean descending = corm_reading_take (reading, "desc");
  if (!descending)
    corm_reading_take (reading, "asc");
  gboolean moves = reading->from->nulls_largest != reading->to->nulls_largest;
  gboolean first = reading->from->nulls_largest == descending; /* where NULLs are to stand */
  const char *nulls = first ? reading->to->nulls_first : reading->to->nulls_last;
  if (moves && nulls == NULL)
    g_string_append_printf (reading->out, "%s IS %s, ", text->str, first ? "NOT NULL" : "NULL");
  g_string_append (reading->out, text->str);
  if (value.class == CORM_PLAIN_TEXT && reading->to->order_bytes != NULL)
    g_string_append (reading->out, reading->to->order_bytes);
  g_string_append (reading->out, descending ? " DESC" : "");
  g_string_append (reading->out, moves && nulls != NULL ? nulls : "");
  return TRUE;
}

gboolean
corm_view_read_order (CormViewReading *view)
{
  CormReading *reading = &view->reading;
  if (!corm_reading_take (reading, "order"))
    return TRUE;
  if (!corm_reading_expect (reading, "by"))
    return FALSE;
  g_string_append (reading->out, " ORDER BY ");
  for (guint n = 0; n == 0 || corm_reading_take (reading, ","); n++) {
    g_string_append (reading->out, n > 0 ? ", " : "");
    if (!read_order_item (view))
      return FALSE;
  }
  return TRUE;
}
