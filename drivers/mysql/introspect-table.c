/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tables with their options, columns and checks. Options stand in one order, whatever the order they were given in, so
 * that they compare as text; a table that is as Corm's own CREATE TABLE makes it has none. */
#include "catalogue.h"

#include <stdlib.h>
#include <string.h>

/* As Corm's own tables have it, it goes without saying (dialect.c, table_suffix). */
#define OWN_COLLATION "utf8mb4_nopad_bin"

/* --- tables --- */

static const char tables_sql[] =
    "SELECT t.table_name, t.table_type, t.engine, t.table_collation, t.create_options, t.table_comment, "
    "c.character_set_name FROM information_schema.tables t LEFT JOIN "
    "information_schema.collation_character_set_applicability c ON c.full_collation_name = t.table_collation "
    "WHERE t.table_schema = DATABASE() AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE') "
    "ORDER BY CAST(t.table_name AS BINARY)";

static int
compare_words (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Aria lists what it does anyway, and once that was said also what else it does anyway. */
static gboolean
is_said_by_itself (const char *engine, const char *option)
{
  return g_strcmp0 (engine, "Aria") == 0 &&
         (strcmp (option, "transactional=1") == 0 || strcmp (option, "page_checksum=1") == 0);
}

/* "max_rows=100 row_format=COMPRESSED partitioned `page_compressed`='1'", sorted and as CREATE TABLE takes them. */
static char *
sort_options (CormMysqlReader *reader, const char *table, const char *engine, const char *create_options)
{
  g_auto (GStrv) words = g_strsplit (create_options, " ", -1);
  g_autoptr (GString) text = g_string_new (NULL);
  qsort (words, g_strv_length (words), sizeof *words, compare_words);
  for (char **word = words; *word != NULL; word++) {
    char *equals = strchr (*word, '=');
    if (strcmp (*word, "partitioned") == 0)
      g_ptr_array_add (reader->partitioned, g_strdup (table));
    if (equals == NULL || is_said_by_itself (engine, *word))
      continue;
    g_autofree char *name = g_strndup (*word, (gsize) (equals - *word));
    g_autofree char *upper = g_ascii_strup (name, -1);
    g_string_append_printf (text, " %s%s", name[0] == '`' ? name : upper, equals);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
table_options (CormMysqlReader *reader, char **cells)
{
  gboolean versioned = strcmp (cells[1], "SYSTEM VERSIONED") == 0;
  const char *engine = cells[2], *collation = cells[3], *charset = cells[6];
  g_autofree char *others = sort_options (reader, cells[0], engine, cells[4] != NULL ? cells[4] : "");
  gboolean own = g_strcmp0 (engine, "InnoDB") == 0 && g_strcmp0 (collation, OWN_COLLATION) == 0;
  gboolean partitioned = cells[4] != NULL && strstr (cells[4], "partitioned") != NULL;
  if (own && others[0] == '\0' && !versioned && !partitioned)
    return NULL;
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "ENGINE=%s", engine != NULL ? engine : "InnoDB");
  if (charset != NULL)
    g_string_append_printf (text, " DEFAULT CHARSET=%s COLLATE=%s", charset, collation);
  g_string_append_printf (text, "%s%s", others, versioned ? " WITH SYSTEM VERSIONING" : "");
  return g_string_free (text, FALSE);
}

static void
read_table (CormMysqlReader *reader, char **cells)
{
  if (strcmp (cells[1], "SEQUENCE") == 0) {
    g_ptr_array_add (reader->sequences, g_steal_pointer (&cells[0]));
    return;
  }
  CormTable *table = corm_schema_add_table (reader->schema, cells[0]);
  table->options = table_options (reader, cells);
  if (cells[5] != NULL && *cells[5] != '\0')
    table->comment = g_steal_pointer (&cells[5]);
}

/* --- partitions: information_schema.partitions lacks DEFAULT, intervals and algorithms, so those few tables that have
 * some are asked for their own words --- */

/* "PARTITION BY …" out of SHOW CREATE TABLE, on one line. What the clock made up is no part of it. */
static void
read_partitions (CormMysqlReader *reader, char **cells)
{
  char *end = cells[1] != NULL ? g_strrstr (cells[1], "\n) ENGINE=") : NULL;
  char *words = end != NULL ? strstr (end, "\n PARTITION BY") : NULL;
  if (words == NULL || !corm_mysql_find_table (reader, cells[0]))
    return;
  g_autoptr (GString) text = g_string_new (words + strlen ("\n "));
  char *starts =
      g_str_has_prefix (text->str, "PARTITION BY SYSTEM_TIME") ? strstr (text->str, " STARTS ") : NULL;
  char *moment = starts != NULL ? strchr (starts, '\'') : NULL;
  char *close = moment != NULL ? strchr (moment + 1, '\'') : NULL;
  if (close != NULL)
    g_string_erase (text, starts - text->str, close + 1 - starts);
  g_string_replace (text, "\n ", "\n", 0);
  g_string_replace (text, "\n", " ", 0);
  corm_mysql_append_words (&reader->table->options, text->str);
}

static gboolean
read_all_partitions (CormMysqlReader *reader, GError **error)
{
  for (guint i = 0; i < reader->partitioned->len; i++) {
    g_autoptr (GString) sql = g_string_new ("SHOW CREATE TABLE ");
    corm_mysql_append_name (sql, reader->partitioned->pdata[i]);
    if (!corm_mysql_read_rows (reader, sql->str, read_partitions, error))
      return FALSE;
  }
  return TRUE;
}

/* --- columns --- */

static const char columns_sql[] =
    "SELECT table_name, column_name, data_type, column_type, is_nullable, column_default, extra, "
    "collation_name, generation_expression, column_comment FROM information_schema.columns WHERE "
    "table_schema = "
    "DATABASE() ORDER BY CAST(table_name AS BINARY), ordinal_position";

/* "auto_increment", "on update current_timestamp(6)", "STORED GENERATED, INVISIBLE", "WITHOUT SYSTEM VERSIONING". */
static void
read_extra (CormTableColumn *column, const char *extra)
{
  g_auto (GStrv) parts = g_strsplit (extra, ", ", -1);
  for (char **part = parts; *part != NULL; part++) {
    if (strcmp (*part, "auto_increment") == 0)
      column->auto_increment = TRUE;
    else if (strcmp (*part, "STORED GENERATED") == 0)
      column->generated_stored = TRUE;
    else if (g_str_has_prefix (*part, "on update ")) {
      g_autofree char *words = g_strconcat ("ON UPDATE ", *part + strlen ("on update "), NULL);
      corm_mysql_append_words (&column->options, words);
    } else if (strcmp (*part, "VIRTUAL GENERATED") != 0 && **part != '\0')
      corm_mysql_append_words (&column->options, *part);
  }
}

static void
read_default (CormMysqlReader *reader, CormTableColumn *column, const char *text)
{
  if (text == NULL || g_ascii_strcasecmp (text, "NULL") == 0)
    return; /* the catalogue's word for none */
  g_autofree char *sql = corm_mysql_standard_sql (text, reader->qualifier);
  corm_column_set_default (column, sql);
  corm_mysql_complete_default (reader, reader->table->name, column);
}

/* The two columns of a period are generated, but not from an expression. */
static gboolean
read_row_time (CormTableColumn *column, const char *expression)
{
  if (strcmp (expression, "ROW START") != 0 && strcmp (expression, "ROW END") != 0)
    return FALSE;
  g_autofree char *rest = g_steal_pointer (&column->options);
  column->options = g_strconcat ("GENERATED ALWAYS AS ", expression, NULL);
  if (rest != NULL)
    corm_mysql_append_words (&column->options, rest);
  column->generated_stored = FALSE;
  column->not_null = FALSE;
  return TRUE;
}

static void
read_generated (CormMysqlReader *reader, CormTableColumn *column, const char *expression)
{
  g_autofree char *mark = g_strdup_printf ("\n  `%s` ", column->name);
  column->generated_sql = corm_mysql_standard_sql (expression, reader->qualifier);
  corm_mysql_complete_text (reader, "TABLE", reader->table->name, mark, &column->generated_sql);
}

/* A column without one would get it. */
static gboolean
has_other_collation (const CormTable *table)
{
  return table->options != NULL && strstr (table->options, "COLLATE=") != NULL &&
         strstr (table->options, "COLLATE=" OWN_COLLATION) == NULL;
}

static void
read_column (CormMysqlReader *reader, char **cells)
{
  if (!corm_mysql_find_table (reader, cells[0]))
    return;
  CormTableColumn *column = corm_table_add_column (reader->table, cells[1]);
  corm_mysql_set_type (column, cells[2], cells[3]);
  column->not_null = strcmp (cells[4], "NO") == 0;
  if (cells[6] != NULL)
    read_extra (column, cells[6]);
  if (cells[7] != NULL && (strcmp (cells[7], OWN_COLLATION) != 0 || has_other_collation (reader->table)))
    column->collation = g_strdup (cells[7]);
  if (cells[8] == NULL || *cells[8] == '\0')
    read_default (reader, column, cells[5]);
  else if (!read_row_time (column, cells[8]))
    read_generated (reader, column, cells[8]);
  if (cells[9] != NULL && *cells[9] != '\0')
    column->comment = g_strdup (cells[9]);
}

/* --- checks --- */

static const char checks_sql[] =
    "SELECT table_name, constraint_name, level, check_clause FROM information_schema.check_constraints "
    "WHERE constraint_schema = DATABASE() ORDER BY CAST(table_name AS BINARY), level, "
    "CAST(constraint_name AS BINARY)";

/* The check that the server puts behind the type JSON, which is its word for longtext. */
static gboolean
take_as_json (CormTableColumn *column, const char *check)
{
  g_autoptr (GString) json = g_string_new ("json_valid(");
  corm_mysql_append_name (json, column->name);
  g_string_append_c (json, ')');
  if (strcmp (check, json->str) != 0 || strcmp (column->type_sql, "longtext") != 0 ||
      g_strcmp0 (column->collation, "utf8mb4_bin") != 0)
    return FALSE;
  column->type.type = CORM_TYPE_JSON;
  g_free (column->type_sql);
  column->type_sql = g_strdup ("json");
  g_clear_pointer (&column->collation, g_free);
  return TRUE;
}

/* A check behind a column has the column's name in the catalogue. */
static void
read_check (CormMysqlReader *reader, char **cells)
{
  if (!corm_mysql_find_table (reader, cells[0]))
    return;
  gboolean of_column = g_strcmp0 (cells[2], "Column") == 0;
  CormTableColumn *column = of_column ? corm_table_find_column (reader->table, cells[1]) : NULL;
  if (column != NULL && take_as_json (column, cells[3]))
    return;
  g_autofree char *sql = corm_mysql_standard_sql (cells[3], NULL);
  gboolean unnamed = reader->scratch && (of_column || corm_mysql_is_numbered (cells[1], "CONSTRAINT"));
  CormCheck *check = corm_table_add_check (reader->table, unnamed ? NULL : cells[1], sql);
  g_autofree char *mark = g_strdup_printf (of_column ? "\n  `%s` " : "\n  CONSTRAINT `%s` ", cells[1]);
  corm_mysql_complete_text (reader, "TABLE", reader->table->name, mark, &check->sql);
}

static gboolean
read_step (CormMysqlReader *reader, const char *sql, CormMysqlReadRow read, GError **error)
{
  reader->table = NULL;
  return corm_mysql_read_rows (reader, sql, read, error);
}

gboolean
corm_mysql_read_tables (CormMysqlReader *reader, GError **error)
{
  return read_step (reader, tables_sql, read_table, error) && read_all_partitions (reader, error) &&
         read_step (reader, columns_sql, read_column, error) &&
         read_step (reader, checks_sql, read_check, error);
}
