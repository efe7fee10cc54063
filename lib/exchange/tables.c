/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See tables.h. */
#include "exchange/tables.h"

#include <corm/error.h>

#include <string.h>

/* "a*,!b" as two lists that end with NULL; NULL where there is none of the kind. */
static void
split (const char *globs, GPtrArray *include, GPtrArray *exclude)
{
  g_auto (GStrv) list = g_strsplit (globs != NULL ? globs : "", ",", -1);
  for (guint i = 0; list[i] != NULL; i++) {
    const char *glob = g_strstrip (list[i]);
    if (*glob == '!')
      g_ptr_array_add (exclude, g_strconcat ("*:", glob + 1, NULL));
    else if (*glob != '\0')
      g_ptr_array_add (include, g_strconcat ("*:", glob, NULL));
  }
  g_ptr_array_add (include, NULL);
  g_ptr_array_add (exclude, NULL);
}

void
corm_exchange_choose (CormSchema *schema, const char *globs)
{
  g_autoptr (GPtrArray) include = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) exclude = g_ptr_array_new_with_free_func (g_free);
  split (globs, include, exclude);
  corm_schema_filter (schema, include->len > 1 ? (const char *const *) include->pdata : NULL,
                      exclude->len > 1 ? (const char *const *) exclude->pdata : NULL);
}

gboolean
corm_exchange_is_chosen (const char *globs, const char *name)
{
  g_autoptr (CormSchema) schema = corm_schema_new (NULL);
  corm_schema_add_table (schema, name);
  corm_exchange_choose (schema, globs);
  return schema->tables->len > 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(CormTable *const *) a)->name, (*(CormTable *const *) b)->name);
}

GPtrArray *
corm_exchange_by_name (const CormSchema *schema)
{
  GPtrArray *tables = g_ptr_array_new ();
  for (guint i = 0; i < schema->tables->len; i++)
    g_ptr_array_add (tables, schema->tables->pdata[i]);
  g_ptr_array_sort (tables, compare_names);
  return tables;
}

gboolean
corm_exchange_find_format (CormFormat *format, const char *path, GError **error)
{
  static const struct {
    const char *ending;
    CormFormat format;
  } endings[] = { { ".yaml", CORM_FORMAT_YAML },         { ".yml", CORM_FORMAT_YAML },
                  { ".json", CORM_FORMAT_JSON },         { ".jsonl", CORM_FORMAT_JSON_LINES },
                  { ".ndjson", CORM_FORMAT_JSON_LINES }, { "/", CORM_FORMAT_CSV } };
  for (guint i = 0; *format == CORM_FORMAT_AUTO && i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (path, endings[i].ending))
      *format = endings[i].format;
  if (*format == CORM_FORMAT_AUTO && g_file_test (path, G_FILE_TEST_IS_DIR))
    *format = CORM_FORMAT_CSV;
  if (*format == CORM_FORMAT_AUTO && g_str_has_suffix (path, ".csv") &&
      g_file_test (path, G_FILE_TEST_IS_REGULAR))
    *format = CORM_FORMAT_CSV;
  if (*format != CORM_FORMAT_AUTO)
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_INVALID,
      "'%s' does not say its form: end it with .yaml, .json, .jsonl, or with '/' for a folder of CSV files, "
      "or name the form",
      path);
  return FALSE;
}

static void
table_free (gpointer data)
{
  CormExchangeTable *table = data;
  g_free (table->table);
  g_free (table);
}

CormExchangeReport *
corm_exchange_report_new (void)
{
  CormExchangeReport *report = g_new0 (CormExchangeReport, 1);
  report->tables = g_ptr_array_new_with_free_func (table_free);
  report->notes = g_ptr_array_new_with_free_func (g_free);
  return report;
}

CormExchangeTable *
corm_exchange_report_add (CormExchangeReport *report, const char *name)
{
  CormExchangeTable *table = g_new0 (CormExchangeTable, 1);
  table->table = g_strdup (name);
  g_ptr_array_add (report->tables, table);
  return table;
}
