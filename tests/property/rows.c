/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows that satisfy a schema of generate.c. Every table has as many; a value follows from the seed and the names of its
 * table and column alone; where a column can be a key its values are unlike each other. A foreign key points from row i
 * to row i + shift, so that what is unique there is unique here. */
#include "property.h"

#include <string.h>

static const CormForeignKey *
foreign_key_of (const CormTable *table, const char *column, guint *at)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    for (*at = 0; key->columns[*at] != NULL; (*at)++)
      if (strcmp (key->columns[*at], column) == 0)
        return key;
  }
  return NULL;
}

static guint
place_of (const CormSchema *schema, const CormTable *table)
{
  guint at = 0;
  g_ptr_array_find (schema->tables, table, &at);
  return at;
}

static gboolean
points_forward (const CormSchema *schema, const CormTable *table, const CormForeignKey *key)
{
  return place_of (schema, corm_schema_find_table (schema, key->target_table)) > place_of (schema, table);
}

static char *
pointing_value (const Rows *rows, const CormSchema *schema, const CormTable *table, const CormForeignKey *key,
                guint at, gboolean not_null, guint row)
{
  const CormTable *target = corm_schema_find_table (schema, key->target_table);
  guint64 hash = random_hash (rows->seed, table->name, key->columns[0]);
  guint to = target == table ? row : (guint) ((row + hash) % rows->n_rows);
  if (!not_null && (hash >> 8) % 3 == row % 3)
    return NULL;
  return rows_value (rows, schema, target, corm_table_find_column (target, key->target_columns[at]), to);
}

static char *
text_value (const CormTableColumn *column, guint64 hash, guint row)
{
  static const char *const words[] = { "plain",     "it's", "\"q\"", "ü日", "a\\b",
                                       "new\nline", "NULL", "  x",   "%_",  "-- c" };
  char *text = g_strdup_printf ("%s %u", words[(hash + row) % G_N_ELEMENTS (words)], row);
  g_assert (column->type.length == 0 || strlen (text) <= column->type.length);
  return text;
}

static char *
raw_value (const CormDialect *dialect, const CormTableColumn *column, guint row)
{
  const RawKind *raw = texts_of (dialect)->raws;
  g_autofree char *number = g_strdup_printf ("%u", row + 1);
  while (raw->type != NULL && g_strcmp0 (raw->type, column->type_sql) != 0)
    raw++;
  return texts_fill (raw->type != NULL ? raw->sample : "raw {i}", "i", number, NULL);
}

static char *
moment_value (CormType type, guint64 hash, guint row)
{
  guint days = (guint) (hash % 28) + 1,
        us = (guint) (hash % 1000) * 1000 + (type == CORM_TYPE_TIMESTAMP ? 0 : 0);
  switch (type) {
  case CORM_TYPE_DATE:
    return g_strdup_printf ("%04u-02-%02u", 1900 + row * 7, days);
  case CORM_TYPE_TIME:
    return g_strdup_printf ("%02u:%02u:07.%06u", row % 24, days, us);
  case CORM_TYPE_TIMESTAMP:
    return g_strdup_printf ("%04u-03-%02uT10:20:30.%06uZ", 1980 + row, days, us);
  default:
    return g_strdup_printf ("%04u-03-%02uT10:20:30.%06u", 1980 + row, days, us);
  }
}

static char *
own_value (const Rows *rows, const CormSchema *schema, const CormTable *table, const CormTableColumn *column,
           guint row)
{
  const CormDialect *dialect = rows->dialect;
  guint64 hash = random_hash (rows->seed, table->name, column->name);
  (void) schema;
  switch (column->type.type) {
  case CORM_TYPE_BOOLEAN:
    return g_strdup ((hash + row) % 2 ? "true" : "false");
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    return g_strdup_printf ("%d", column->auto_increment ? (int) (hash % 50 + row + 1)
                                                         : (int) (hash % 2000) - 1000 + (int) row);
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    return g_strdup_printf ("%d.5", (int) (hash % 2000) - 1000 + (int) row);
  case CORM_TYPE_DECIMAL:
    return g_strdup_printf ("%d.%02u", (int) (hash % 2000) - 1000, 10 + row);
  case CORM_TYPE_TEXT:
    return text_value (column, hash, row);
  case CORM_TYPE_BYTES:
    return g_strdup_printf ("00ff%02x27%02x", (guint) (hash % 256), row);
  case CORM_TYPE_UUID:
    return g_strdup_printf ("%08x-0000-4000-8000-%012x", (guint) hash, row);
  case CORM_TYPE_JSON:
    return g_strdup_printf ("{\"it's\": [%u, \"\\u00fc\"]}", row);
  case CORM_TYPE_ENUM:
    return g_strdup (column->labels[(hash + row) % g_strv_length (column->labels)]);
  case CORM_TYPE_RAW:
    return raw_value (dialect, column, row);
  default:
    return moment_value (column->type.type, hash, row);
  }
}

char *
rows_value (const Rows *rows, const CormSchema *schema, const CormTable *table, const CormTableColumn *column,
            guint row)
{
  guint at;
  const CormForeignKey *key = foreign_key_of (table, column->name, &at);
  guint64 hash = random_hash (rows->seed + 3, table->name, column->name);
  if (key != NULL)
    return pointing_value (rows, schema, table, key, at, column->not_null, row);
  if (!column->not_null && hash % 4 == 0 && (hash >> 8) % 3 == row % 3)
    return NULL;
  return own_value (rows, schema, table, column, row);
}

gboolean
rows_append_literal (GString *sql, const CormDialect *dialect, const CormTableColumn *column,
                     const char *text, GError **error)
{
  CormValue value = corm_value_null ();
  gboolean textual = column->type.type == CORM_TYPE_ENUM || column->type.type == CORM_TYPE_RAW;
  if (text != NULL && textual)
    value = corm_value_text (text);
  else if (text != NULL && !corm_value_parse (&column->type, text, -1, &value, error))
    return FALSE;
  return corm_sql_append_literal (sql, dialect, &value, error);
}

/* --- into the database */

static gboolean
is_given (const CormTableColumn *column)
{
  return column->generated_sql == NULL;
}

static gboolean
waits (const CormSchema *schema, const CormTable *table, const CormTableColumn *column)
{
  guint at;
  const CormForeignKey *key = foreign_key_of (table, column->name, &at);
  return key != NULL && points_forward (schema, table, key);
}

static gboolean
append_row (GString *sql, const Rows *rows, const CormSchema *schema, const CormTable *table, guint row,
            GError **error)
{
  const char *separator = "(";
  for (guint c = 0; c < table->columns->len; c++) {
    const CormTableColumn *column = table->columns->pdata[c];
    if (!is_given (column))
      continue;
    g_autofree char *text =
        waits (schema, table, column) ? NULL : rows_value (rows, schema, table, column, row);
    g_string_append (sql, separator);
    separator = ", ";
    if (!rows_append_literal (sql, rows->dialect, column, text, error))
      return FALSE;
  }
  g_string_append_c (sql, ')');
  return TRUE;
}

static gboolean
fill_table (const Rows *rows, CormConnection *conn, const CormSchema *schema, const CormTable *table,
            GError **error)
{
  g_autofree char *name = texts_quote (rows->dialect, table->name);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_string_printf (sql, "INSERT INTO %s (", name);
  const char *separator = "";
  for (guint c = 0; c < table->columns->len; c++) {
    const CormTableColumn *column = table->columns->pdata[c];
    g_autofree char *quoted = texts_quote (rows->dialect, column->name);
    if (is_given (column))
      g_string_append_printf (sql, "%s%s", separator, quoted), separator = ", ";
  }
  g_string_append (sql, ") VALUES ");
  for (guint i = 0; i < rows->n_rows; i++) {
    g_string_append (sql, i > 0 ? ", " : "");
    if (!append_row (sql, rows, schema, table, i, error))
      return FALSE;
  }
  if (corm_execute (conn, sql->str, NULL, NULL, error))
    return TRUE;
  g_prefix_error (error, "%s: ", sql->str);
  return FALSE;
}

/* "UPDATE t SET fk = … WHERE key = …" */
static gboolean
point_forward (const Rows *rows, CormConnection *conn, const CormSchema *schema, const CormTable *table,
               const CormForeignKey *key, guint row, GError **error)
{
  g_autofree char *name = texts_quote (rows->dialect, table->name);
  g_autoptr (GString) sql = g_string_new (NULL);
  const GStrv lists[2] = { key->columns, table->primary_key->columns };
  static const char *const first[2] = { " SET ", " WHERE " }, *const next[2] = { ", ", " AND " };
  g_string_printf (sql, "UPDATE %s", name);
  for (guint l = 0; l < 2; l++)
    for (char **p = lists[l]; *p != NULL; p++) {
      const CormTableColumn *column = corm_table_find_column (table, *p);
      g_autofree char *quoted = texts_quote (rows->dialect, *p);
      g_autofree char *text = rows_value (rows, schema, table, column, row);
      g_string_append_printf (sql, "%s%s = ", p == lists[l] ? first[l] : next[l], quoted);
      if (!rows_append_literal (sql, rows->dialect, column, text, error))
        return FALSE;
    }
  if (corm_execute (conn, sql->str, NULL, NULL, error))
    return TRUE;
  g_prefix_error (error, "%s: ", sql->str);
  return FALSE;
}

static gboolean
close_cycles (const Rows *rows, CormConnection *conn, const CormSchema *schema, const CormTable *table,
              GError **error)
{
  for (guint i = 0; i < table->foreign_keys->len; i++)
    for (guint row = 0; row < rows->n_rows; row++)
      if (points_forward (schema, table, table->foreign_keys->pdata[i]) && table->primary_key != NULL &&
          !point_forward (rows, conn, schema, table, table->foreign_keys->pdata[i], row, error))
        return FALSE;
  return TRUE;
}

gboolean
rows_fill (const Rows *rows, CormConnection *conn, const CormSchema *schema, GError **error)
{
  gboolean ok = TRUE;
  for (guint i = 0; ok && rows->n_rows > 0 && i < schema->tables->len; i++)
    ok = fill_table (rows, conn, schema, schema->tables->pdata[i], error);
  for (guint i = 0; ok && rows->n_rows > 0 && i < schema->tables->len; i++)
    ok = close_cycles (rows, conn, schema, schema->tables->pdata[i], error);
  return ok;
}

gboolean
rows_empty (CormConnection *conn, const CormSchema *schema, GError **error)
{
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  const Texts *texts = texts_of (dialect);
  if (texts->empty_begin != NULL && !corm_execute (conn, texts->empty_begin, NULL, NULL, error))
    return FALSE;
  for (guint i = 0; i < schema->tables->len; i++) {
    g_autofree char *name = texts_quote (dialect, ((const CormTable *) schema->tables->pdata[i])->name);
    g_autofree char *sql = texts_fill (texts->empty, "t", name, NULL);
    if (!corm_execute (conn, sql, NULL, NULL, error))
      return FALSE;
  }
  return texts->empty_end == NULL || corm_execute (conn, texts->empty_end, NULL, NULL, error);
}
