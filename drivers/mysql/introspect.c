/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The structure of the connection's database out of information_schema, in eight queries whatever its size.
 * Invariant: what the server makes by itself (the index behind a foreign key, the check behind JSON, names of unnamed
 * constraints) is left out, so that it is never a difference. */
#include "catalogue.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  CormSchema *schema;
  CormTable *table; /* of the last row: rows come by table */
  char *database;
} Reader;

enum { MAX_CELLS = 10 };

typedef void (*ReadRow) (Reader *reader, char **cells);

/* Calls @read for each row. A cell that it keeps, it takes out of the array. */
static gboolean
read_rows (CormConnection *conn, Reader *reader, const char *sql, ReadRow read, GError **error)
{
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, error);
  GError *failure = NULL;
  if (cursor == NULL)
    return FALSE;
  guint n = MIN (corm_cursor_get_n_columns (cursor), MAX_CELLS);
  while (corm_cursor_next (cursor, &failure)) {
    char *cells[MAX_CELLS] = { NULL };
    for (guint i = 0; i < n; i++)
      cells[i] = corm_mysql_cell (cursor, i);
    read (reader, cells);
    for (guint i = 0; i < n; i++)
      g_free (cells[i]);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

/* FALSE for a view, which information_schema mixes with the tables. */
static gboolean
find_table (Reader *reader, const char *name)
{
  if (reader->table == NULL || strcmp (reader->table->name, name) != 0)
    reader->table = corm_schema_find_table (reader->schema, name);
  return reader->table != NULL;
}

static void
append_name (GStrv *names, const char *name)
{
  guint n = *names != NULL ? g_strv_length (*names) : 0;
  *names = g_renew (char *, *names, n + 2);
  (*names)[n] = g_strdup (name);
  (*names)[n + 1] = NULL;
}

/* @name is @base, or @base with @separator and a number behind it. */
static gboolean
is_numbered (const char *name, const char *base, const char *separator)
{
  gsize length = strlen (base);
  if (strncmp (name, base, length) != 0)
    return FALSE;
  if (name[length] == '\0')
    return TRUE;
  const char *digits = name + length + strlen (separator);
  return g_str_has_prefix (name + length, separator) && *digits != '\0' &&
         strspn (digits, "0123456789") == strlen (digits);
}

/* --- tables and columns --- */

static const char database_sql[] = "SELECT DATABASE()";

static void
read_database (Reader *reader, char **cells)
{
  reader->database = g_steal_pointer (&cells[0]);
}

static const char tables_sql[] =
    "SELECT table_name, table_comment FROM information_schema.tables "
    "WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') "
    "ORDER BY CAST(table_name AS BINARY)";

static void
read_table (Reader *reader, char **cells)
{
  CormTable *table = corm_schema_add_table (reader->schema, cells[0]);
  if (cells[1] != NULL && *cells[1] != '\0')
    table->comment = g_steal_pointer (&cells[1]);
}

static const char columns_sql[] =
    "SELECT table_name, column_name, data_type, column_type, is_nullable, column_default, extra, "
    "collation_name, "
    "generation_expression, column_comment FROM information_schema.columns WHERE table_schema = DATABASE() "
    "ORDER BY CAST(table_name AS BINARY), ordinal_position";

/* "auto_increment", "on update current_timestamp(6)", "STORED GENERATED", "INVISIBLE". Words that have no place of
 * their own stay with the type, behind which the server takes them. */
static void
read_extra (CormTableColumn *column, const char *extra)
{
  const char *update = strstr (extra, "on update ");
  const char *words = update != NULL ? update : strstr (extra, "INVISIBLE");
  column->auto_increment = strstr (extra, "auto_increment") != NULL;
  column->generated_stored = strstr (extra, "STORED GENERATED") != NULL;
  if (words == NULL)
    return;
  g_autofree char *type = g_steal_pointer (&column->type_sql);
  g_auto (GStrv) parts = g_strsplit (words, ",", -1); /* "…, INVISIBLE" */
  g_autofree char *joined = g_strjoinv ("", parts);
  column->type_sql = g_strdup_printf ("%s %s", type, joined);
}

static void
read_default (CormTableColumn *column, const char *text)
{
  if (text == NULL || g_ascii_strcasecmp (text, "NULL") == 0)
    return; /* the catalogue's word for none */
  g_autofree char *sql = corm_mysql_standard_sql (text, NULL);
  corm_column_set_default (column, sql);
}

static void
read_column (Reader *reader, char **cells)
{
  if (!find_table (reader, cells[0]))
    return;
  CormTableColumn *column = corm_table_add_column (reader->table, cells[1]);
  corm_mysql_set_type (column, cells[2], cells[3]);
  column->not_null = strcmp (cells[4], "NO") == 0;
  if (cells[6] != NULL)
    read_extra (column, cells[6]);
  /* As Corm's own tables have it, it goes without saying (dialect.c, table_suffix). */
  if (cells[7] != NULL && strcmp (cells[7], "utf8mb4_nopad_bin") != 0)
    column->collation = g_strdup (cells[7]);
  if (cells[8] != NULL && *cells[8] != '\0')
    column->generated_sql = corm_mysql_standard_sql (cells[8], NULL);
  else
    read_default (column, cells[5]);
  if (cells[9] != NULL && *cells[9] != '\0')
    column->comment = g_strdup (cells[9]);
}

/* --- foreign keys --- */

static const char foreign_keys_sql[] =
    "SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema, "
    "k.referenced_table_name, "
    "k.referenced_column_name, r.delete_rule, r.update_rule FROM information_schema.key_column_usage k "
    "JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema "
    "AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name "
    "WHERE k.table_schema = DATABASE() AND k.constraint_schema = DATABASE() AND r.constraint_schema = "
    "DATABASE() "
    "AND k.referenced_table_name IS NOT NULL "
    "ORDER BY CAST(k.table_name AS BINARY), CAST(k.constraint_name AS BINARY), k.ordinal_position";

/* InnoDB makes no difference between RESTRICT and NO ACTION. */
static CormAction
read_action (const char *rule)
{
  if (strcmp (rule, "CASCADE") == 0)
    return CORM_CASCADE;
  if (strcmp (rule, "SET NULL") == 0)
    return CORM_SET_NULL;
  if (strcmp (rule, "SET DEFAULT") == 0)
    return CORM_SET_DEFAULT;
  return CORM_NO_ACTION;
}

static void
read_foreign_key (Reader *reader, char **cells)
{
  if (!find_table (reader, cells[0]))
    return;
  GPtrArray *keys = reader->table->foreign_keys;
  CormForeignKey *key = keys->len > 0 ? g_ptr_array_index (keys, keys->len - 1) : NULL;
  if (key == NULL || strcmp (key->name, cells[1]) != 0) {
    key = corm_table_add_foreign_key (reader->table, cells[1]);
    key->on_delete = read_action (cells[6]);
    key->on_update = read_action (cells[7]);
    gboolean here = cells[3] == NULL || g_strcmp0 (cells[3], reader->database) == 0;
    key->target_table = here ? g_strdup (cells[4]) : g_strdup_printf ("%s.%s", cells[3], cells[4]);
  }
  append_name (&key->columns, cells[2]);
  append_name (&key->target_columns, cells[5]);
}

/* --- keys and indexes --- */

static const char indexes_sql[] =
    "SELECT table_name, index_name, non_unique, column_name, sub_part, collation, index_type "
    "FROM information_schema.statistics WHERE table_schema = DATABASE() "
    "ORDER BY CAST(table_name AS BINARY), CAST(index_name AS BINARY), seq_in_index";

/* The prefix that goes without saying: the one that Corm writes, and the one that the server takes where none is
 * given (3072 bytes of four-byte characters). */
static gboolean
is_usual_prefix (const char *sub_part)
{
  guint64 n = sub_part != NULL ? g_ascii_strtoull (sub_part, NULL, 10) : 0;
  return n == 0 || n == corm_mysql_dialect.index_prefix || n == 768;
}

static gboolean
is_special (const char *index_type)
{
  return g_strcmp0 (index_type, "FULLTEXT") == 0 || g_strcmp0 (index_type, "SPATIAL") == 0;
}

/* What the parts cannot say: kinds of indexes, and other prefixes. Then the statement is kept, up to its last
 * parenthesis; all parts up to this one have to be in it. */
static gboolean
needs_own_words (const CormTableIndex *index, char **cells)
{
  return index->sql != NULL || is_special (cells[6]) ||
         (!is_usual_prefix (cells[4]) && index->parts->len > 0);
}

static void
append_own_words (const CormTable *table, CormTableIndex *index, char **cells)
{
  GString *sql = g_string_new (index->sql);
  const CormIndexPart *part;
  if (index->sql == NULL) {
    const char *kind = is_special (cells[6]) ? cells[6] : index->unique ? "UNIQUE" : "";
    g_string_append_printf (sql, "CREATE %s%sINDEX `%s` ON `%s` (", kind, *kind ? " " : "", index->name,
                            table->name);
    for (guint i = 0; i + 1 < index->parts->len; i++) {
      part = g_ptr_array_index (index->parts, i);
      g_string_append_printf (sql, "`%s`%s, ", part->sql, part->descending ? " DESC" : "");
    }
  } else {
    g_string_truncate (sql, sql->len - 1);
    g_string_append (sql, ", ");
  }
  part = g_ptr_array_index (index->parts, index->parts->len - 1);
  g_string_append_printf (sql, "`%s`", part->sql);
  if (cells[4] != NULL && !is_special (cells[6]))
    g_string_append_printf (sql, "(%s)", cells[4]);
  g_string_append (sql, part->descending ? " DESC)" : ")");
  g_free (index->sql);
  index->sql = g_string_free (sql, FALSE);
}

static void
read_index_part (Reader *reader, char **cells)
{
  if (!find_table (reader, cells[0]) || cells[3] == NULL)
    return;
  GPtrArray *indexes = reader->table->indexes;
  CormTableIndex *index = indexes->len > 0 ? g_ptr_array_index (indexes, indexes->len - 1) : NULL;
  if (index == NULL || strcmp (index->name, cells[1]) != 0) {
    index = corm_table_add_index (reader->table, cells[1]);
    index->unique = strcmp (cells[2], "0") == 0;
  }
  CormIndexPart *part = corm_index_add_part (index, cells[3]);
  part->descending = g_strcmp0 (cells[5], "D") == 0;
  if (needs_own_words (index, cells))
    append_own_words (reader->table, index, cells);
}

static gboolean
is_plain_index (const CormTableIndex *index)
{
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = g_ptr_array_index (index->parts, i);
    if (part->is_expression || part->descending)
      return FALSE;
  }
  return index->sql == NULL;
}

static void
add_parts (const CormTableIndex *index, CormKey *key)
{
  for (guint i = 0; i < index->parts->len; i++)
    append_name (&key->columns, ((const CormIndexPart *) g_ptr_array_index (index->parts, i))->sql);
}

static const char *
first_column (const CormTableIndex *index)
{
  return ((const CormIndexPart *) g_ptr_array_index (index->parts, 0))->sql;
}

static gboolean
has_columns (const CormTableIndex *index, const GStrv columns)
{
  if (g_strv_length (columns) != index->parts->len)
    return FALSE;
  for (guint i = 0; i < index->parts->len; i++)
    if (strcmp (columns[i], ((const CormIndexPart *) g_ptr_array_index (index->parts, i))->sql) != 0)
      return FALSE;
  return TRUE;
}

/* InnoDB makes an index for a foreign key that has none, under the key's name, or under the column's for a key
 * without a name. */
static gboolean
is_made_for_key (const CormTable *table, const CormTableIndex *index)
{
  g_autofree char *unnamed = g_strdup_printf ("%s_ibfk", table->name);
  if (index->unique || !is_plain_index (index))
    return FALSE;
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
    if (!has_columns (index, key->columns))
      continue;
    if (strcmp (index->name, key->name) == 0 ||
        (is_numbered (key->name, unnamed, "_") && is_numbered (index->name, key->columns[0], "_")))
      return TRUE;
  }
  return FALSE;
}

/* What was read as indexes becomes keys where it is one; TRUE: the index is used up. */
static gboolean
take_as_key (CormTable *table, CormTableIndex *index)
{
  if (strcmp (index->name, "PRIMARY") == 0) {
    add_parts (index, corm_table_set_primary_key (table, NULL));
    return TRUE;
  }
  if (index->unique && is_plain_index (index)) {
    gboolean unnamed = is_numbered (index->name, first_column (index), "_");
    add_parts (index, corm_table_add_unique (table, unnamed ? NULL : index->name));
    return TRUE;
  }
  return is_made_for_key (table, index);
}

static void
sort_out_indexes (CormTable *table)
{
  for (guint i = 0; i < table->indexes->len;) {
    CormTableIndex *index = g_ptr_array_index (table->indexes, i);
    if (take_as_key (table, index))
      g_ptr_array_remove_index (table->indexes, i);
    else
      i++;
  }
}

/* Names that the server made up are none; after the indexes have been told apart by them. */
static void
forget_made_up_names (CormTable *table)
{
  g_autofree char *unnamed = g_strdup_printf ("%s_ibfk", table->name);
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
    if (is_numbered (key->name, unnamed, "_"))
      g_clear_pointer (&key->name, g_free);
  }
}

/* --- checks, views, triggers --- */

static const char checks_sql[] =
    "SELECT table_name, constraint_name, level, check_clause FROM information_schema.check_constraints "
    "WHERE constraint_schema = DATABASE() ORDER BY CAST(table_name AS BINARY), level, CAST(constraint_name "
    "AS BINARY)";

static void
read_check (Reader *reader, char **cells)
{
  if (!find_table (reader, cells[0]))
    return;
  gboolean of_column = g_strcmp0 (cells[2], "Column") == 0;
  CormTableColumn *column = of_column ? corm_table_find_column (reader->table, cells[1]) : NULL;
  g_autofree char *json = g_strdup_printf ("json_valid(`%s`)", cells[1]);
  if (column != NULL && strcmp (cells[3], json) == 0 && strcmp (column->type_sql, "longtext") == 0) {
    column->type.type = CORM_TYPE_JSON;
    g_free (column->type_sql);
    column->type_sql = g_strdup ("json");
    g_clear_pointer (&column->collation, g_free);
    return;
  }
  g_autofree char *sql = corm_mysql_standard_sql (cells[3], NULL);
  gboolean unnamed = of_column || is_numbered (cells[1], "CONSTRAINT", "_");
  corm_table_add_check (reader->table, unnamed ? NULL : cells[1], sql);
}

static const char views_sql[] = "SELECT table_name, view_definition FROM information_schema.views "
                                "WHERE table_schema = DATABASE() ORDER BY CAST(table_name AS BINARY)";

static void
read_view (Reader *reader, char **cells)
{
  CormSchemaObject *view = corm_schema_add_object (reader->schema, "view", cells[0]);
  g_autofree char *sql = corm_mysql_standard_sql (cells[1] != NULL ? cells[1] : "", reader->database);
  view->sql = g_strdup_printf ("CREATE VIEW `%s` AS %s", cells[0], sql);
}

static const char triggers_sql[] =
    "SELECT trigger_name, event_object_table, action_timing, event_manipulation, action_statement "
    "FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY CAST(trigger_name AS "
    "BINARY)";

static void
read_trigger (Reader *reader, char **cells)
{
  CormSchemaObject *trigger = corm_schema_add_object (reader->schema, "trigger", cells[0]);
  trigger->table = g_strdup (cells[1]);
  trigger->sql = g_strdup_printf ("CREATE TRIGGER `%s` %s %s ON `%s` FOR EACH ROW %s", cells[0], cells[2],
                                  cells[3], cells[1], cells[4] != NULL ? cells[4] : "");
}

/* --- all of it --- */

static gboolean
read_all (CormConnection *conn, Reader *reader, GError **error)
{
  static const struct {
    const char *sql;
    ReadRow read;
  } steps[] = {
    { database_sql, read_database },  { tables_sql, read_table },
    { columns_sql, read_column },     { foreign_keys_sql, read_foreign_key },
    { indexes_sql, read_index_part }, { checks_sql, read_check },
    { views_sql, read_view },         { triggers_sql, read_trigger },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    reader->table = NULL;
    if (!read_rows (conn, reader, steps[i].sql, steps[i].read, error)) {
      g_prefix_error (error, "read the catalogue: ");
      return FALSE;
    }
    if (i == 0 && reader->database == NULL) {
      corm_driver_error (error, CORM_ERROR_INVALID, "read the catalogue", "no database is selected",
                         "name one in the URI: mysql://user@host/DATABASE");
      return FALSE;
    }
  }
  return TRUE;
}

/* The scratch place is a database of its own on a connection of its own: both are "the connection's database". */
gboolean
corm_mysql_inspect (CormConnection *conn, gboolean scratch G_GNUC_UNUSED, CormSchema *schema, GError **error)
{
  Reader reader = { .schema = schema };
  gboolean ok = read_all (conn, &reader, error);
  for (guint i = 0; ok && i < schema->tables->len; i++) {
    CormTable *table = g_ptr_array_index (schema->tables, i);
    sort_out_indexes (table);
    forget_made_up_names (table);
  }
  g_free (reader.database);
  return ok;
}
