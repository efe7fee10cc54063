/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* CREATE INDEX and DROP INDEX. An index that only makes things faster may be plainer than asked for where the database
 * has no better one; one that is UNIQUE may not, as it would then refuse other rows. */
#include "render/ddl.h"
#include "schema/words.h"

#include <string.h>

static gboolean
refuse (const CormTable *table, const CormTableIndex *index, const char *what, GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
               "index %s of table %s: this database has no index %s; leave it out for this database",
               index->name, table->name, what);
  return FALSE;
}

/* TRUE when the column is as long as one likes, so that an index takes a prefix of it. */
static gboolean
needs_prefix (const CormDialect *dialect, const CormTable *table, const char *name)
{
  const CormTableColumn *column = corm_table_find_column (table, name);
  if (dialect->index_prefix == 0 || column == NULL || corm_render_key_type (dialect, table, column) != NULL)
    return FALSE;
  return (column->type.type == CORM_TYPE_TEXT && column->type.length == 0) ||
         column->type.type == CORM_TYPE_BYTES || column->type.type == CORM_TYPE_JSON;
}

static void
append_direction (GString *text, const CormDialect *dialect, const CormIndexPart *part)
{
  gboolean descending = part->descending && (dialect->caps & CORM_CAP_DESCENDING_INDEX);
  if (descending)
    g_string_append (text, " DESC");
  /* NULLs stand behind all values where they are the largest, unless the order runs down. */
  if (part->nulls_otherwise)
    g_string_append (text, dialect->nulls_largest != descending ? " NULLS FIRST" : " NULLS LAST");
}

static void
append_part (GString *text, const CormDialect *dialect, const CormTable *table, const CormTableIndex *index,
             const CormIndexPart *part)
{
  if (part->is_expression)
    g_string_append_printf (text, corm_words_is_wrapped (part->sql, strlen (part->sql)) ? "%s" : "(%s)",
                            part->sql);
  else
    corm_sql_append_identifier (text, dialect, part->sql);
  if (part->prefix > 0)
    g_string_append_printf (text, "(%u)", part->prefix);
  else if (!part->is_expression && !index->unique && index->method == NULL &&
           needs_prefix (dialect, table, part->sql))
    g_string_append_printf (text, "(%u)", dialect->index_prefix);
  if (part->collation != NULL) {
    g_string_append (text, " COLLATE ");
    corm_sql_append_identifier (text, dialect, part->collation);
  }
  if (part->operator_class != NULL)
    g_string_append_printf (text, " %s", part->operator_class);
  append_direction (text, dialect, part);
}

static gboolean
append_parts (GString *text, const CormDialect *dialect, const CormTable *table, const CormTableIndex *index,
              GError **error)
{
  g_string_append (text, " (");
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    if (part->is_expression && !(dialect->caps & CORM_CAP_EXPRESSION_INDEX))
      return refuse (table, index, "over an expression", error);
    if (i > 0)
      g_string_append (text, ", ");
    append_part (text, dialect, table, index, part);
  }
  g_string_append_c (text, ')');
  return TRUE;
}

static void
append_head (GString *text, const CormDialect *dialect, const CormTable *table, const CormTableIndex *index)
{
  gboolean in_front = index->method != NULL && dialect->index_method_first;
  g_autofree char *method = index->method != NULL ? g_ascii_strup (index->method, -1) : NULL;
  g_string_append_printf (text, "CREATE %s%s%sINDEX ", index->unique ? "UNIQUE " : "", in_front ? method : "",
                          in_front ? " " : "");
  corm_sql_append_identifier (text, dialect, index->name);
  g_string_append (text, " ON ");
  corm_sql_append_identifier (text, dialect, table->name);
  if (index->method != NULL && !in_front)
    g_string_append_printf (text, " USING %s", index->method);
}

gboolean
corm_render_create_index (GPtrArray *sql, const CormDialect *dialect, const CormTable *table,
                          const CormTableIndex *index, GError **error)
{
  gboolean partial = (dialect->caps & CORM_CAP_PARTIAL_INDEX) != 0;
  if (index->where != NULL && !partial && index->unique)
    return refuse (table, index, "over a part of the rows (WHERE)", error);
  g_autoptr (GString) text = g_string_new (NULL);
  append_head (text, dialect, table, index);
  if (!append_parts (text, dialect, table, index, error))
    return FALSE;
  if (index->include != NULL) {
    g_string_append (text, " INCLUDE ");
    corm_render_names (text, dialect, (const char *const *) index->include);
  }
  if (index->options != NULL)
    g_string_append_printf (text, " %s", index->options);
  if (index->where != NULL && partial)
    g_string_append_printf (text, " WHERE %s", index->where);
  corm_render_comment (text, dialect, index->comment);
  g_ptr_array_add (sql, g_string_free (g_steal_pointer (&text), FALSE));
  return TRUE;
}

void
corm_render_drop_index (GPtrArray *sql, const CormDialect *dialect, const CormTable *table, const char *index)
{
  const char *format = dialect->drop_index != NULL ? dialect->drop_index : "DROP INDEX {i}";
  GString *text = g_string_new (NULL);
  for (const char *p = format; *p != '\0'; p++) {
    if (p[0] == '{' && (p[1] == 'i' || p[1] == 't') && p[2] == '}') {
      corm_sql_append_identifier (text, dialect, p[1] == 'i' ? index : table->name);
      p += 2;
    } else {
      g_string_append_c (text, *p);
    }
  }
  g_ptr_array_add (sql, g_string_free (text, FALSE));
}
