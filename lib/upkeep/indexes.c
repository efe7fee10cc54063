/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Indexes that a foreign key lacks, and indexes whose work another one does: the same columns, or the first ones of a
 * longer one. A unique index is only as good as another one over the same columns. */
#include "upkeep/look.h"

#include "model/name.h"
#include "render/ddl.h"
#include "schema/words.h"

#include <string.h>

/* --- missing -------------------------------------------------------------------------------------------------------- */

static gboolean
begins_with (const char *const *names, guint n_names, const char *const *columns)
{
  guint n = g_strv_length ((GStrv) columns);
  if (n_names < n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (names[i] == NULL || !g_strv_contains (columns, names[i]))
      return FALSE;
  return TRUE;
}

static gboolean
key_serves (const CormKey *key, const char *const *columns)
{
  return key != NULL && key->columns != NULL &&
         begins_with ((const char *const *) key->columns, g_strv_length (key->columns), columns);
}

/* "x IS NOT NULL" holds for every row that points. */
static gboolean
leaves_out_nulls_only (const CormTableIndex *index, const char *const *columns)
{
  for (; index->where != NULL && *columns != NULL; columns++) {
    g_autofree char *plain = g_strconcat (*columns, " IS NOT NULL", NULL);
    g_autofree char *quoted = g_strconcat ("\"", *columns, "\" IS NOT NULL", NULL);
    if (corm_words_equal (index->where, plain) || corm_words_equal (index->where, quoted))
      return TRUE;
  }
  return index->where == NULL;
}

static gboolean
index_serves (const CormTableIndex *index, const char *const *columns)
{
  g_autofree const char **names = g_new0 (const char *, index->parts->len + 1);
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    names[i] = part->is_expression || part->operator_class != NULL ? NULL : part->sql;
  }
  return !index->invalid && index->method == NULL && leaves_out_nulls_only (index, columns) &&
         begins_with (names, index->parts->len, columns);
}

gboolean
corm_foreign_key_has_index (G_GNUC_UNUSED const CormLook *look, const CormTable *table,
                            const CormForeignKey *key)
{
  const char *const *columns = (const char *const *) key->columns;
  if (key->index != NULL || key_serves (table->primary_key, columns))
    return TRUE;
  for (guint i = 0; i < table->uniques->len; i++)
    if (key_serves (table->uniques->pdata[i], columns))
      return TRUE;
  for (guint i = 0; i < table->indexes->len; i++)
    if (index_serves (table->indexes->pdata[i], columns))
      return TRUE;
  return FALSE;
}

/* A name that no index of the table has. */
static char *
free_name (const CormTable *table, const char *const *columns)
{
  g_autofree char *rest = g_strjoinv ("_", (GStrv) columns);
  for (guint n = 1;; n++) {
    g_autofree char *numbered = n > 1 ? g_strdup_printf ("%s_%u", rest, n) : g_strdup (rest);
    char *name = corm_name_make ("idx", table->name, numbered);
    gboolean taken = FALSE;
    for (guint i = 0; !taken && i < table->indexes->len; i++)
      taken = g_ascii_strcasecmp (((CormTableIndex *) table->indexes->pdata[i])->name, name) == 0;
    if (!taken)
      return name;
    g_free (name);
  }
}

char *
corm_foreign_key_index_sql (const CormLook *look, const CormTable *table, const CormForeignKey *key,
                            GError **error)
{
  g_autoptr (CormSchema) schema = corm_schema_new (look->dialect->name);
  CormTable *alone = corm_schema_add_table (schema, table->name);
  g_autofree char *name = free_name (table, (const char *const *) key->columns);
  CormTableIndex *index = corm_table_add_index (alone, name);
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; key->columns[i] != NULL; i++) {
    const CormTableColumn *column = corm_table_find_column (table, key->columns[i]);
    CormTableColumn *copy = corm_table_add_column (alone, column->name);
    copy->type = column->type;
    copy->type_sql = g_strdup (column->type_sql);
    corm_index_add_part (index, key->columns[i]);
  }
  if (!corm_render_create_index (sql, look->dialect, alone, index, error))
    return NULL;
  return g_strdup (sql->pdata[0]);
}

static gboolean
columns_are_there (const CormTable *table, const CormForeignKey *key)
{
  for (guint i = 0; key->columns[i] != NULL; i++)
    if (corm_table_find_column (table, key->columns[i]) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
corm_look_for_missing_indexes (CormLook *look, const CormTable *table, G_GNUC_UNUSED GError **error)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    if (!columns_are_there (table, key) || corm_foreign_key_has_index (look, table, key))
      continue;
    g_autofree char *sql = corm_foreign_key_index_sql (look, table, key, NULL);
    corm_look_add (look, CORM_AILMENT_MISSING_INDEX, table, (const char *const *) key->columns, key->name,
                   g_strdup_printf ("no index begins with what points to %s: each delete or change of a key "
                                    "there reads all of %s",
                                    key->target_table, table->name),
                   g_strdup_printf ("--fix indexes: %s", sql != NULL ? sql : "CREATE INDEX"));
  }
  return TRUE;
}

/* --- double --------------------------------------------------------------------------------------------------------- */

static gboolean
same_part (const CormLook *look, const CormIndexPart *a, const CormIndexPart *b)
{
  if (a->is_expression != b->is_expression || a->descending != b->descending || a->prefix != b->prefix ||
      a->nulls_otherwise != b->nulls_otherwise || g_strcmp0 (a->collation, b->collation) != 0 ||
      g_strcmp0 (a->operator_class, b->operator_class) != 0)
    return FALSE;
  if (a->is_expression)
    return corm_words_equal (a->sql, b->sql);
  return look->dialect->names_fold ? g_ascii_strcasecmp (a->sql, b->sql) == 0 : strcmp (a->sql, b->sql) == 0;
}

static gboolean
same_include (const CormTableIndex *a, const CormTableIndex *b)
{
  return a->include == NULL || (b->include != NULL && g_strv_equal ((const char *const *) a->include,
                                                                    (const char *const *) b->include));
}

/* Whether @b does all that @a does. Of two that are the same the one that stands first stays. */
static gboolean
index_covers (const CormLook *look, const CormTableIndex *b, const CormTableIndex *a, gboolean b_is_first)
{
  gboolean same_length = a->parts->len == b->parts->len;
  if (b->invalid || a->parts->len > b->parts->len || g_strcmp0 (a->method, b->method) != 0 ||
      (a->method != NULL && !same_length) || !corm_words_equal (a->where, b->where) || !same_include (a, b))
    return FALSE;
  if (a->unique && (!b->unique || !same_length || !corm_words_equal (a->options, b->options)))
    return FALSE;
  for (guint i = 0; i < a->parts->len; i++)
    if (!same_part (look, a->parts->pdata[i], b->parts->pdata[i]))
      return FALSE;
  return !same_length || (b->unique && !a->unique) || a->include != b->include || b_is_first;
}

/* A key is an index over columns, from small to large. */
static gboolean
key_covers (const CormLook *look, const CormKey *key, const CormTableIndex *a)
{
  guint n = key != NULL && key->columns != NULL ? g_strv_length (key->columns) : 0;
  if (n < a->parts->len || a->where != NULL || a->method != NULL || a->include != NULL ||
      (a->unique && (n != a->parts->len || key->deferrable != CORM_NOT_DEFERRABLE || a->options != NULL)))
    return FALSE;
  for (guint i = 0; i < a->parts->len; i++) {
    const CormIndexPart column = { .sql = key->columns[i] };
    if (!same_part (look, a->parts->pdata[i], &column))
      return FALSE;
  }
  return TRUE;
}

/* What does the work of index @at; a text for a person, NULL: nothing else. */
static char *
find_cover (const CormLook *look, const CormTable *table, guint at)
{
  const CormTableIndex *a = table->indexes->pdata[at];
  if (key_covers (look, table->primary_key, a))
    return g_strdup ("the primary key");
  for (guint i = 0; i < table->uniques->len; i++) {
    const CormKey *key = table->uniques->pdata[i];
    if (key_covers (look, key, a))
      return g_strdup_printf ("the unique key %s", key->name != NULL ? key->name : "without a name");
  }
  for (guint i = 0; i < table->indexes->len; i++) {
    const CormTableIndex *b = table->indexes->pdata[i];
    if (i != at && index_covers (look, b, a, i < at))
      return g_strdup_printf ("the index %s", b->name);
  }
  return NULL;
}

/* Two keys over the same columns; a database that makes one index for both keeps one of them only. */
static void
look_for_double_keys (CormLook *look, const CormTable *table)
{
  for (guint i = 0; i < table->uniques->len; i++) {
    const CormKey *key = table->uniques->pdata[i], *other = table->primary_key;
    const char *const *columns = (const char *const *) key->columns;
    gboolean same = FALSE;
    for (guint n = 0; !same && n <= i; n++) {
      same = other != NULL && other->columns != NULL &&
             g_strv_equal ((const char *const *) other->columns, columns) &&
             other->deferrable == key->deferrable;
      if (!same)
        other = n < i ? table->uniques->pdata[n] : NULL;
    }
    if (same)
      corm_look_add (look, CORM_AILMENT_DOUBLE_INDEX, table, columns, key->name,
                     g_strdup_printf ("the %s key %s holds the same columns; every write pays for both",
                                      other == table->primary_key ? "primary" : "unique",
                                      other->name != NULL ? other->name : "without a name"),
                     g_strdup ("drop this key, when no foreign key leans on it"));
  }
}

gboolean
corm_look_for_double_indexes (CormLook *look, const CormTable *table, G_GNUC_UNUSED GError **error)
{
  for (guint i = 0; i < table->indexes->len; i++) {
    const CormTableIndex *index = table->indexes->pdata[i];
    g_autofree char *cover = find_cover (look, table, i);
    if (cover == NULL || index->invalid)
      continue;
    g_auto (GStrv) columns = corm_look_index_columns (index);
    g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
    corm_render_drop_index (sql, look->dialect, table, index->name);
    corm_look_add (look, CORM_AILMENT_DOUBLE_INDEX, table, (const char *const *) columns, index->name,
                   g_strdup_printf ("%s does the same work; every write pays for both", cover),
                   g_strdup_printf ("when nothing asks for it by name: %s", (char *) sql->pdata[0]));
  }
  look_for_double_keys (look, table);
  return TRUE;
}
