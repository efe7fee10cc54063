/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Foreign keys and indexes; those indexes that are keys become such. The index that InnoDB makes for a foreign key is
 * left out while the key is there. */
#include "catalogue.h"

#include <string.h>

static void
append_to_list (GStrv *names, const char *name)
{
  guint n = *names != NULL ? g_strv_length (*names) : 0;
  *names = g_renew (char *, *names, n + 2);
  (*names)[n] = g_strdup (name);
  (*names)[n + 1] = NULL;
}

/* --- foreign keys --- */

/* The rules come first. A join of the two takes ten times as long as both. */
static const char foreign_keys_sql[] =
    "SELECT 0 AS kind, table_name, constraint_name, 0 AS position, delete_rule, update_rule, NULL, NULL FROM "
    "information_schema.referential_constraints WHERE constraint_schema = DATABASE() UNION ALL "
    "SELECT 1, table_name, constraint_name, ordinal_position, column_name, referenced_table_schema, "
    "referenced_table_name, referenced_column_name FROM information_schema.key_column_usage "
    "WHERE table_schema = DATABASE() AND constraint_schema = DATABASE() AND referenced_table_name IS NOT "
    "NULL "
    "ORDER BY 1, CAST(table_name AS BINARY), CAST(constraint_name AS BINARY), 4";

/* InnoDB makes no difference between RESTRICT and NO ACTION. */
static CormAction
read_action (const char *rule)
{
  if (g_str_has_prefix (rule, "CASCADE"))
    return CORM_CASCADE;
  if (g_str_has_prefix (rule, "SET NULL"))
    return CORM_SET_NULL;
  if (g_str_has_prefix (rule, "SET DEFAULT"))
    return CORM_SET_DEFAULT;
  return CORM_NO_ACTION;
}

static void
start_foreign_key (CormMysqlReader *reader, char **cells, const char *id)
{
  CormForeignKey *key = corm_table_add_foreign_key (reader->table, cells[2]);
  const CormAction *actions = g_hash_table_lookup (reader->rules, id);
  if (actions != NULL) {
    key->on_delete = actions[0];
    key->on_update = actions[1];
  } else if (!g_ptr_array_find (reader->unruled, reader->table, NULL)) {
    g_ptr_array_add (reader->unruled, reader->table);
  }
  gboolean here = cells[5] == NULL || g_strcmp0 (cells[5], reader->database) == 0;
  key->target_table = here ? g_strdup (cells[6]) : g_strdup_printf ("%s.%s", cells[5], cells[6]);
}

static void
read_foreign_key (CormMysqlReader *reader, char **cells)
{
  g_autofree char *id = g_strconcat (cells[1], "\n", cells[2], NULL);
  if (strcmp (cells[0], "0") == 0) {
    CormAction *actions = g_new (CormAction, 2);
    actions[0] = read_action (cells[4]);
    actions[1] = read_action (cells[5]);
    g_hash_table_insert (reader->rules, g_steal_pointer (&id), actions);
    return;
  }
  if (!corm_mysql_find_table (reader, cells[1]))
    return;
  GPtrArray *keys = reader->table->foreign_keys;
  if (keys->len == 0 || strcmp (((CormForeignKey *) keys->pdata[keys->len - 1])->name, cells[2]) != 0)
    start_foreign_key (reader, cells, id);
  CormForeignKey *key = keys->pdata[keys->len - 1];
  append_to_list (&key->columns, cells[4]);
  append_to_list (&key->target_columns, cells[7]);
}

/* A role that may do no more than read sees no rules; but it may see the statement:
 * "CONSTRAINT `name` FOREIGN KEY (`a`) REFERENCES `t` (`b`) ON DELETE SET NULL ON UPDATE CASCADE,". */
static void
read_rules (CormMysqlReader *reader, char **cells)
{
  for (guint i = 0; cells[1] != NULL && i < reader->table->foreign_keys->len; i++) {
    CormForeignKey *key = reader->table->foreign_keys->pdata[i];
    g_autoptr (GString) start = g_string_new ("\n  CONSTRAINT ");
    corm_mysql_append_name (start, key->name);
    g_string_append (start, " FOREIGN KEY ");
    const char *line = strstr (cells[1], start->str);
    g_autofree char *words = line != NULL ? g_strndup (line + 1, strcspn (line + 1, "\n")) : NULL;
    const char *end = words != NULL ? strrchr (words, ')') : NULL;
    const char *on_delete = end != NULL ? strstr (end, " ON DELETE ") : NULL;
    const char *on_update = end != NULL ? strstr (end, " ON UPDATE ") : NULL;
    if (on_delete != NULL)
      key->on_delete = read_action (on_delete + strlen (" ON DELETE "));
    if (on_update != NULL)
      key->on_update = read_action (on_update + strlen (" ON UPDATE "));
  }
}

static gboolean
read_all_rules (CormMysqlReader *reader, GError **error)
{
  for (guint i = 0; i < reader->unruled->len; i++) {
    g_autoptr (GString) sql = g_string_new ("SHOW CREATE TABLE ");
    reader->table = reader->unruled->pdata[i];
    corm_mysql_append_name (sql, reader->table->name);
    if (!corm_mysql_read_rows (reader, sql->str, read_rules, error))
      return FALSE;
  }
  return TRUE;
}

/* --- indexes --- */

static const char indexes_sql[] =
    "SELECT table_name, index_name, non_unique, column_name, sub_part, collation, index_type, index_comment, "
    "ignored FROM information_schema.statistics WHERE table_schema = DATABASE() "
    "ORDER BY CAST(table_name AS BINARY), CAST(index_name AS BINARY), seq_in_index";

/* The prefix that goes without saying: of a text without a length the one that Corm writes; of a long one the one that
 * the server takes where none is given (3072 bytes of four-byte characters). */
static guint
read_prefix (const CormTable *table, const char *column, const char *sub_part)
{
  guint n = sub_part != NULL ? (guint) g_ascii_strtoull (sub_part, NULL, 10) : 0;
  const CormTableColumn *of = corm_table_find_column (table, column);
  gboolean any_length = of != NULL && (of->type.type == CORM_TYPE_JSON || of->type.type == CORM_TYPE_BYTES ||
                                       (of->type.type == CORM_TYPE_TEXT && of->type.length == 0));
  return n == 768 || (any_length && n == corm_mysql_dialect.index_prefix) ? 0 : n;
}

static void
start_index (CormMysqlReader *reader, char **cells)
{
  CormTableIndex *index = corm_table_add_index (reader->table, cells[1]);
  index->unique = strcmp (cells[2], "0") == 0;
  if (strcmp (cells[6], "FULLTEXT") == 0 || strcmp (cells[6], "SPATIAL") == 0)
    index->method = g_ascii_strdown (cells[6], -1);
  if (cells[7] != NULL && *cells[7] != '\0')
    index->comment = g_strdup (cells[7]);
  if (g_strcmp0 (cells[8], "YES") == 0)
    index->options = g_strdup ("IGNORED");
}

static void
read_index_part (CormMysqlReader *reader, char **cells)
{
  if (!corm_mysql_find_table (reader, cells[0]) || cells[3] == NULL)
    return;
  GPtrArray *indexes = reader->table->indexes;
  if (indexes->len == 0 ||
      strcmp (((CormTableIndex *) indexes->pdata[indexes->len - 1])->name, cells[1]) != 0)
    start_index (reader, cells);
  CormTableIndex *index = indexes->pdata[indexes->len - 1];
  CormIndexPart *part = corm_index_add_part (index, cells[3]);
  part->descending = g_strcmp0 (cells[5], "D") == 0;
  if (index->method == NULL)
    part->prefix = read_prefix (reader->table, cells[3], cells[4]);
}

/* --- which of them are keys --- */

static gboolean
is_plain_index (const CormTableIndex *index)
{
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    if (part->is_expression || part->descending || part->prefix > 0)
      return FALSE;
  }
  return index->method == NULL && index->options == NULL;
}

static GStrv
columns_of (const CormTableIndex *index)
{
  GStrv columns = NULL;
  for (guint i = 0; i < index->parts->len; i++)
    append_to_list (&columns, ((const CormIndexPart *) index->parts->pdata[i])->sql);
  return columns;
}

/* InnoDB makes an index for a foreign key that has none, under the key's name, or under the column's for a key
 * without a name. */
static gboolean
is_made_for_key (const CormTable *table, const CormTableIndex *index)
{
  g_autofree char *unnamed = g_strdup_printf ("%s_ibfk", table->name);
  g_auto (GStrv) columns = columns_of (index);
  if (index->unique || !is_plain_index (index) || index->comment != NULL)
    return FALSE;
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    CormForeignKey *key = table->foreign_keys->pdata[i];
    if (!g_strv_equal ((const char *const *) columns, (const char *const *) key->columns))
      continue;
    if (strcmp (index->name, key->name) == 0 || (corm_mysql_is_numbered (key->name, unnamed) &&
                                                 corm_mysql_is_numbered (index->name, key->columns[0]))) {
      key->index = g_strdup (index->name);
      return TRUE;
    }
  }
  return FALSE;
}

/* What was read as indexes becomes keys where it is one; TRUE: the index is used up. */
static gboolean
take_as_key (const CormMysqlReader *reader, CormTable *table, CormTableIndex *index)
{
  CormKey *key = NULL;
  const char *first = ((const CormIndexPart *) index->parts->pdata[0])->sql;
  if (strcmp (index->name, "PRIMARY") == 0)
    key = corm_table_set_primary_key (table, NULL);
  else if (index->unique && is_plain_index (index)) {
    gboolean unnamed = reader->scratch && corm_mysql_is_numbered (index->name, first);
    key = corm_table_add_unique (table, unnamed ? NULL : index->name);
  }
  if (key == NULL)
    return is_made_for_key (table, index);
  key->columns = columns_of (index);
  key->comment = g_strdup (index->comment);
  return TRUE;
}

static void
sort_out_indexes (const CormMysqlReader *reader, CormTable *table)
{
  for (guint i = 0; i < table->indexes->len;) {
    if (take_as_key (reader, table, table->indexes->pdata[i]))
      g_ptr_array_remove_index (table->indexes, i);
    else
      i++;
  }
}

/* After the indexes have been told apart by them. */
static void
forget_made_up_names (CormTable *table)
{
  g_autofree char *unnamed = g_strdup_printf ("%s_ibfk", table->name);
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    CormForeignKey *key = table->foreign_keys->pdata[i];
    if (corm_mysql_is_numbered (key->name, unnamed))
      g_clear_pointer (&key->name, g_free);
  }
}

gboolean
corm_mysql_read_keys (CormMysqlReader *reader, GError **error)
{
  reader->table = NULL;
  if (!corm_mysql_read_rows (reader, foreign_keys_sql, read_foreign_key, error) ||
      !read_all_rules (reader, error))
    return FALSE;
  reader->table = NULL;
  if (!corm_mysql_read_rows (reader, indexes_sql, read_index_part, error))
    return FALSE;
  for (guint i = 0; i < reader->schema->tables->len; i++) {
    CormTable *table = reader->schema->tables->pdata[i];
    sort_out_indexes (reader, table);
    if (reader->scratch)
      forget_made_up_names (table);
  }
  return TRUE;
}
