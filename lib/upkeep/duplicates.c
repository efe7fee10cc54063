/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Values that stand more than once under a key that is wanted and not there: what the schema at hand asks for beside what
 * the table has, and an index of the table that was never built to its end. A NULL is the same as nothing. */
#include "upkeep/look.h"
#include "upkeep/choose.h"

#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

/* A key as expressions over the table. */
typedef struct {
  CormLook *look;
  const CormTable *table;
  const char *name;
  const char *where; /* NULL: all rows */
  GPtrArray *names;  /* of its columns or expressions */
  GPtrArray *parts;  /* as SQL */
} Wanted;

static void
wanted_clear (Wanted *wanted)
{
  g_clear_pointer (&wanted->names, g_ptr_array_unref);
  g_clear_pointer (&wanted->parts, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wanted, wanted_clear)

static Wanted
wanted_new (CormLook *look, const CormTable *table, const char *name, const char *where)
{
  return (Wanted){
    look, table, name, where, g_ptr_array_new_with_free_func (g_free), g_ptr_array_new_with_free_func (g_free)
  };
}

static void
add_part (Wanted *wanted, const char *name, gboolean is_expression, const char *collation)
{
  GString *sql = g_string_new (NULL);
  if (is_expression)
    g_string_append_printf (sql, "(%s)", name);
  else
    corm_look_append_name (wanted->look, sql, NULL, name);
  if (collation != NULL) {
    g_string_append (sql, " COLLATE ");
    corm_sql_append_identifier (sql, wanted->look->dialect, collation);
  }
  g_ptr_array_add (wanted->names, g_strdup (name));
  g_ptr_array_add (wanted->parts, g_string_free (sql, FALSE));
}

/* "FROM (SELECT key…, part AS name…, count(*) OVER (PARTITION BY part…) AS corm_rows FROM t WHERE …) AS corm_q" */
static char *
inner_query (const Wanted *wanted)
{
  g_autofree char *list = NULL;
  const CormKey *key = wanted->table->primary_key;
  const char *row_name = wanted->look->sql->row_name;
  g_autoptr (GString) sql = g_string_new (" FROM (SELECT ");
  g_ptr_array_add (wanted->parts, NULL);
  list = g_strjoinv (", ", (GStrv) wanted->parts->pdata);
  g_ptr_array_remove_index (wanted->parts, wanted->parts->len - 1);
  for (guint i = 0; key != NULL && key->columns[i] != NULL; i++) {
    corm_look_append_name (wanted->look, sql, NULL, key->columns[i]);
    g_string_append (sql, ", ");
  }
  if (key == NULL && row_name != NULL && !wanted->table->without_rowid)
    g_string_append_printf (sql, "%s AS %s_, ", row_name, row_name);
  for (guint i = 0; i < wanted->parts->len; i++)
    g_string_append_printf (sql, "%s AS corm_part%u, ", (char *) wanted->parts->pdata[i], i);
  g_string_append_printf (sql, "count(*) OVER (PARTITION BY %s) AS corm_rows FROM ", list);
  corm_sql_append_rows_of (sql, wanted->look->dialect, wanted->table);
  g_string_append (sql, " WHERE ");
  if (wanted->where != NULL)
    g_string_append_printf (sql, "(%s) AND ", wanted->where);
  for (guint i = 0; i < wanted->parts->len; i++)
    g_string_append_printf (sql, "%s%s IS NOT NULL", i > 0 ? " AND " : "", (char *) wanted->parts->pdata[i]);
  g_string_append (sql, ") AS corm_q WHERE corm_rows > 1");
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

/* "id=1 (email='a')"; the names of the parts are those of the key, not of the query. */
static char *
row_text (const Wanted *wanted, CormCursor *cursor)
{
  GString *text = g_string_new (NULL);
  guint n = corm_cursor_get_n_columns (cursor) - 1, n_parts = wanted->parts->len;
  for (guint i = 0; i < n; i++) {
    gboolean is_part = i >= n - n_parts;
    const char *name = is_part ? wanted->names->pdata[i - (n - n_parts)] : corm_cursor_get_name (cursor, i);
    if (i > 0)
      g_string_append (text, i == n - n_parts ? " (" : ", ");
    g_string_append_printf (text, "%s=", name);
    corm_look_append_value (text, corm_cursor_get_value (cursor, i));
  }
  g_string_append (text, n > n_parts ? ")" : "");
  char *valid = g_utf8_make_valid (text->str, (gssize) text->len);
  g_string_free (text, TRUE);
  return valid;
}

static gboolean
list_rows (const Wanted *wanted, CormAilment *ailment, const char *inner, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT *");
  g_string_append_printf (sql, "%s ORDER BY ", inner);
  for (guint i = 0; i < wanted->parts->len; i++)
    g_string_append_printf (sql, "%scorm_part%u", i > 0 ? ", " : "", i);
  const CormKey *key = wanted->table->primary_key;
  for (guint i = 0; key != NULL && key->columns[i] != NULL; i++) {
    g_string_append (sql, ", ");
    corm_look_append_name (wanted->look, sql, NULL, key->columns[i]);
  }
  g_string_append_printf (sql, " LIMIT %u", corm_look_n_keys (wanted->look));
  GError *local = NULL;
  g_auto (CormSight) sight = { 0 };
  gboolean seen = corm_sight_open (&sight, wanted->look, sql->str, &local);
  while (seen && corm_cursor_next (sight.cursor, &local))
    g_ptr_array_add (ailment->keys, row_text (wanted, sight.cursor));
  return local == NULL || corm_look_unseen (wanted->look, local, "duplicates", error);
}

static gboolean
look_at (const Wanted *wanted, GError **error)
{
  GError *local = NULL;
  gint64 count = 0;
  g_autofree char *inner = inner_query (wanted);
  g_autofree char *sql = g_strconcat ("SELECT count(*)", inner, NULL);
  g_ptr_array_add (wanted->names, NULL);
  g_autofree char *list = g_strjoinv (", ", (GStrv) wanted->names->pdata);
  g_auto (GStrv) columns = g_strdupv ((GStrv) wanted->names->pdata);
  g_ptr_array_remove_index (wanted->names, wanted->names->len - 1);
  g_autofree char *what = g_strdup_printf ("duplicates of %s (%s)", wanted->table->name, list);
  g_auto (CormSight) sight = { 0 };
  if (corm_sight_open (&sight, wanted->look, sql, &local) && corm_cursor_next (sight.cursor, &local))
    count = corm_upkeep_get_number (sight.cursor, 0, 0);
  corm_sight_clear (&sight);
  if (local != NULL)
    return corm_look_unseen (wanted->look, local, what, error);
  if (count == 0)
    return TRUE;
  CormAilment *ailment = corm_look_add (
      wanted->look, CORM_AILMENT_DUPLICATES, wanted->table, (const char *const *) columns, wanted->name,
      g_strdup_printf ("%s is to be unique, and these rows share their values", list),
      g_strdup ("decide which row stays; nobody else can: no mend touches them"));
  ailment->count = count;
  return list_rows (wanted, ailment, inner, error);
}

/* --- which keys ------------------------------------------------------------------------------------------------------ */

static gboolean
are_there (const CormLook *look, const CormTable *live, const char *const *columns)
{
  for (; columns != NULL && *columns != NULL; columns++)
    if (corm_look_find_column (look, live, *columns) == NULL)
      return FALSE;
  return columns != NULL;
}

static gboolean
look_at_key (CormLook *look, const CormTable *live, const CormKey *key, GError **error)
{
  const char *const *columns = key != NULL ? (const char *const *) key->columns : NULL;
  if (!are_there (look, live, columns) || corm_table_has_unique (live, columns))
    return TRUE;
  g_auto (Wanted) wanted = wanted_new (look, live, key->name, NULL);
  for (guint i = 0; columns[i] != NULL; i++)
    add_part (&wanted, columns[i], FALSE, NULL);
  return look_at (&wanted, error);
}

/* An index of the table that is as unique as @index, over the same. */
static gboolean
has_index (const CormTable *live, const CormTableIndex *index)
{
  g_auto (GStrv) names = corm_index_key_columns (index);
  if (names != NULL && corm_table_has_unique (live, (const char *const *) names))
    return TRUE;
  for (guint i = 0; i < live->indexes->len; i++) {
    const CormTableIndex *other = live->indexes->pdata[i];
    gboolean same = other->unique && !other->invalid && other->parts->len == index->parts->len &&
                    corm_words_equal (other->where, index->where);
    for (guint p = 0; same && p < index->parts->len; p++) {
      const CormIndexPart *a = other->parts->pdata[p], *b = index->parts->pdata[p];
      same = corm_words_equal (a->sql, b->sql) && g_strcmp0 (a->collation, b->collation) == 0;
    }
    if (same)
      return TRUE;
  }
  return FALSE;
}

static gboolean
look_at_index (CormLook *look, const CormTable *live, const CormTableIndex *index, GError **error)
{
  if (!index->unique || index->parts->len == 0 || (!index->invalid && has_index (live, index)))
    return TRUE;
  g_auto (Wanted) wanted = wanted_new (look, live, index->name, index->where);
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    if (!part->is_expression && corm_look_find_column (look, live, part->sql) == NULL)
      return TRUE;
    add_part (&wanted, part->sql, part->is_expression, part->collation);
  }
  return look_at (&wanted, error);
}

gboolean
corm_look_for_duplicates (CormLook *look, const CormTable *table, GError **error)
{
  const CormTable *wanted = corm_look_find_table (look, look->wanted, table->name);
  for (guint i = 0; i < table->indexes->len; i++) {
    const CormTableIndex *index = table->indexes->pdata[i];
    if (index->invalid && !look_at_index (look, table, index, error))
      return FALSE;
  }
  if (wanted == NULL)
    return TRUE;
  if (!look_at_key (look, table, wanted->primary_key, error))
    return FALSE;
  for (guint i = 0; i < wanted->uniques->len; i++)
    if (!look_at_key (look, table, wanted->uniques->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < wanted->indexes->len; i++)
    if (!look_at_index (look, table, wanted->indexes->pdata[i], error))
      return FALSE;
  return TRUE;
}
