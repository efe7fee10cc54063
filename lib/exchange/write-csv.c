/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A folder of CSV files (RFC 4180, lines end with \n): TABLE.csv with a line of names, schema.json with the snapshot, and
 * export.json, which says what belongs to it. What is a string in JSON stands in quotes, an empty one too; a field with
 * nothing in it is NULL. */
#include "exchange/writer.h"

#include <string.h>

typedef struct {
  CormWriter writer;
  CormFolder *folder;
  CormOutput *output; /* of the table */
  GString *text;
  GString *manifest; /* of the tables that are written */
  guint n_columns;
  guint64 n_rows;
} Csv;

/* A name that every file system takes: letters, digits, '_', '-', '.' not in front; other bytes of ASCII as %XX. */
static char *
file_name (const char *table)
{
  GString *name = g_string_new (NULL);
  for (const char *p = table; *p != '\0'; p++)
    if (g_ascii_isalnum (*p) || *p == '_' || *p == '-' || (*p == '.' && p > table) || (guchar) *p >= 0x80)
      g_string_append_c (name, *p);
    else
      g_string_append_printf (name, "%%%02X", (guchar) *p);
  g_string_append (name, ".csv");
  return g_string_free (name, FALSE);
}

static gboolean
put (Csv *csv, CormOutput *output, GError **error)
{
  corm_output_write (output, csv->text->str, csv->text->len);
  g_string_truncate (csv->text, 0);
  return corm_output_check (output, error);
}

static gboolean
write_file (Csv *csv, const char *name, const char *text, GError **error)
{
  g_autoptr (CormOutput) output = corm_folder_add (csv->folder, name, error);
  if (output == NULL)
    return FALSE;
  corm_output_print (output, text);
  return corm_output_close (g_steal_pointer (&output), error);
}

static gboolean
begin (CormWriter *writer, const char *snapshot, GError **error)
{
  return snapshot == NULL || write_file ((Csv *) writer, "schema.json", snapshot, error);
}

static void
append_quoted (GString *text, const char *field, gsize size)
{
  g_string_append_c (text, '"');
  for (const char *quote; (quote = memchr (field, '"', size)) != NULL;) {
    gsize n = (gsize) (quote - field) + 1;
    g_string_append_len (text, field, (gssize) n);
    g_string_append_c (text, '"');
    field += n;
    size -= n;
  }
  g_string_append_len (text, field, (gssize) size);
  g_string_append_c (text, '"');
}

static gboolean
begin_table (CormWriter *writer, const char *name, const char *const *columns, guint n, GError **error)
{
  Csv *csv = (Csv *) writer;
  g_autofree char *file = file_name (name);
  csv->output = corm_folder_add (csv->folder, file, error);
  if (csv->output == NULL)
    return FALSE;
  g_string_append (csv->manifest, csv->manifest->len > 0 ? ",\n" : "\n");
  corm_json_append_string (csv->manifest, name, strlen (name));
  g_string_append (csv->manifest, ": {\"file\": ");
  corm_json_append_string (csv->manifest, file, strlen (file));
  csv->n_columns = n;
  csv->n_rows = 0;
  for (guint i = 0; i < n; i++) {
    /* A byte order mark in front of the first name would be taken for the file's. */
    gboolean plain = columns[i][0] != '\0' && columns[i][strcspn (columns[i], ",\"\r\n")] == '\0' &&
                     !g_str_has_prefix (columns[i], "\xef\xbb\xbf");
    g_string_append (csv->text, i > 0 ? "," : "");
    if (plain)
      g_string_append (csv->text, columns[i]);
    else
      append_quoted (csv->text, columns[i], strlen (columns[i]));
  }
  g_string_append_c (csv->text, '\n');
  return put (csv, csv->output, error);
}

static gboolean
write_row (CormWriter *writer, const CormForm *forms, GError **error)
{
  Csv *csv = (Csv *) writer;
  for (guint i = 0; i < csv->n_columns; i++) {
    g_string_append (csv->text, i > 0 ? "," : "");
    if (forms[i].kind == CORM_FORM_QUOTED)
      append_quoted (csv->text, forms[i].text, forms[i].size);
    else if (forms[i].kind == CORM_FORM_BYTES)
      g_string_append_printf (csv->text, "base64:%s", forms[i].text);
    else
      g_string_append_len (csv->text, forms[i].text, (gssize) forms[i].size);
  }
  g_string_append_c (csv->text, '\n');
  csv->n_rows++;
  return put (csv, csv->output, error);
}

static gboolean
end_table (CormWriter *writer, GError **error)
{
  Csv *csv = (Csv *) writer;
  g_string_append_printf (csv->manifest, ", \"rows\": %" G_GUINT64_FORMAT "}", csv->n_rows);
  return corm_output_close (g_steal_pointer (&csv->output), error);
}

static gboolean
end (CormWriter *writer, guint64 rows, GError **error)
{
  Csv *csv = (Csv *) writer;
  g_autofree char *manifest =
      g_strdup_printf ("{\n\"corm_export\": 1,\n\"tables\": {%s\n},\n\"rows\": %" G_GUINT64_FORMAT "\n}\n",
                       csv->manifest->str, rows);
  return write_file (csv, "export.json", manifest, error) &&
         corm_folder_close (g_steal_pointer (&csv->folder), error);
}

static void
free_csv (CormWriter *writer)
{
  Csv *csv = (Csv *) writer;
  corm_output_free (csv->output);
  corm_folder_free (csv->folder);
  g_string_free (csv->text, TRUE);
  g_string_free (csv->manifest, TRUE);
  g_free (csv);
}

CormWriter *
corm_csv_writer_new (const char *path, GError **error)
{
  CormFolder *folder = corm_folder_new (path, error);
  if (folder == NULL)
    return NULL;
  Csv *csv = g_new0 (Csv, 1);
  csv->writer = (CormWriter){ begin, begin_table, write_row, end_table, end, free_csv };
  csv->folder = folder;
  csv->text = g_string_new (NULL);
  csv->manifest = g_string_new (NULL);
  return &csv->writer;
}
