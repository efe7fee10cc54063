/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A folder of CSV files, or one: its name is the table's. The first line has the names of the columns. A field in quotes
 * is a text, one without is what its column's type says; one with nothing in it is NULL. */
#include "base/error.h"
#include "exchange/input.h"
#include "exchange/reader.h"
#include "value/json.h"

#include <corm/error.h>

#include <json-glib/json-glib.h>
#include <string.h>

typedef struct {
  CormInput *input;
  CormSink *sink;
  CormRecord *record;
  GPtrArray *names; /* of the columns */
} Csv;

/* What a field is followed by. */
typedef enum { MORE, LINE_END, FILE_END, BROKEN } Behind;

static Behind
behind (Csv *csv, GError **error)
{
  int c = corm_input_peek (csv->input);
  if (c == CORM_INPUT_END)
    return corm_input_check (csv->input, error) ? FILE_END : BROKEN;
  corm_input_next (csv->input);
  if (c == ',')
    return MORE;
  if (c == '\r' && corm_input_peek (csv->input) == '\n')
    corm_input_next (csv->input);
  return LINE_END;
}

static gboolean
read_quoted (Csv *csv, GString *text, GError **error)
{
  CormInput *input = csv->input;
  guint64 began = input->line;
  corm_input_next (input);
  for (;;) {
    int c = corm_input_next (input);
    if (c == CORM_INPUT_END)
      return corm_input_fail (input, error,
                              "the quote that opens in line %" G_GUINT64_FORMAT " is not closed", began);
    if (c == '"' && corm_input_peek (input) != '"')
      break;
    if (c == '"')
      corm_input_next (input);
    g_string_append_c (text, (char) c);
  }
  int next = corm_input_peek (input);
  return next == ',' || next == '\n' || next == '\r' || next == CORM_INPUT_END ||
         corm_input_fail (input, error,
                          "something stands behind a closing quote; a quote within a text is written twice");
}

static gboolean
read_bare (Csv *csv, GString *text, GError **error)
{
  int c;
  while ((c = corm_input_peek (csv->input)) != ',' && c != '\n' && c != CORM_INPUT_END && c != '\r') {
    if (c == '"')
      return corm_input_fail (
          csv->input, error,
          "a quote within a field without quotes; put the field in quotes, and write the quote twice");
    g_string_append_c (text, (char) corm_input_next (csv->input));
  }
  return TRUE;
}

static Behind
read_field (Csv *csv, GString *text, CormFormKind *kind, GError **error)
{
  gsize start = text->len;
  gboolean quoted = corm_input_peek (csv->input) == '"';
  if (!(quoted ? read_quoted : read_bare) (csv, text, error))
    return BROKEN;
  *kind = quoted ? CORM_FORM_QUOTED : text->len == start ? CORM_FORM_NULL : CORM_FORM_BARE;
  if (*kind == CORM_FORM_BARE && g_str_has_prefix (text->str + start, "base64:")) {
    g_string_erase (text, (gssize) start, 7);
    *kind = CORM_FORM_BYTES;
  }
  return behind (csv, error);
}

static gboolean
read_names (Csv *csv, GError **error)
{
  Behind next = MORE;
  CormFormKind kind;
  g_autoptr (GString) text = g_string_new (NULL);
  while (next == MORE) {
    g_string_truncate (text, 0);
    if ((next = read_field (csv, text, &kind, error)) == BROKEN)
      return FALSE;
    if (kind == CORM_FORM_NULL && next != MORE && csv->names->len == 0)
      return TRUE; /* a table without columns */
    if (text->len == 0 || !g_utf8_validate (text->str, (gssize) text->len, NULL))
      return corm_input_fail (csv->input, error, "the first line names the columns; one of them %s",
                              text->len == 0 ? "is empty" : "is not UTF-8");
    g_ptr_array_add (csv->names, g_strdup (text->str));
  }
  return TRUE;
}

static gboolean
wrong_number (Csv *csv, guint64 line, guint n, GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s, line %" G_GUINT64_FORMAT ": %s%u fields, the first line names %u columns",
               csv->input->path, line, n > csv->names->len ? "more than " : "", MIN (n, csv->names->len),
               csv->names->len);
  return FALSE;
}

static gboolean
read_row (Csv *csv, GError **error)
{
  Behind next = MORE;
  CormFormKind kind;
  guint64 line = csv->input->line;
  guint n = 0;
  corm_record_clear (csv->record, line);
  for (; next == MORE; n++) {
    if (n == MAX (csv->names->len, 1))
      return wrong_number (csv, line, n + 1, error);
    if (n < csv->names->len) {
      g_string_append (csv->record->bytes, csv->names->pdata[n]);
      corm_record_name (csv->record);
    }
    if ((next = read_field (csv, csv->record->bytes, &kind, error)) == BROKEN)
      return FALSE;
    if (csv->names->len > 1 && n == 0 && next != MORE && kind == CORM_FORM_NULL)
      return TRUE; /* an empty line */
    if (n < csv->names->len)
      corm_record_value (csv->record, kind, line);
  }
  return n < csv->names->len ? wrong_number (csv, line, n, error)
                             : corm_record_send (csv->record, csv->sink, error);
}

static gboolean
read_table (CormSink *sink, const char *path, const char *table, GError **error)
{
  g_autoptr (CormInput) input = corm_input_open (path, error);
  if (input == NULL)
    return FALSE;
  g_autoptr (CormRecord) record = corm_record_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  Csv csv = { input, sink, record, names };
  sink->file = path;
  corm_input_skip_mark (input);
  if (!read_names (&csv, error) || !sink->table (sink, table, error))
    return FALSE;
  while (corm_input_peek (input) != CORM_INPUT_END)
    if (!read_row (&csv, error))
      return FALSE;
  return corm_input_check (input, error);
}

/* --- a folder -------------------------------------------------------------------------------------------------- */

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* The table of "a%2Fb.csv". */
static char *
table_name (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  if (g_str_has_suffix (base, ".csv"))
    base[strlen (base) - 4] = '\0';
  char *name = g_uri_unescape_string (base, NULL);
  return name != NULL ? name : g_steal_pointer (&base);
}

static gboolean
read_every (CormSink *sink, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  if (dir == NULL)
    return FALSE;
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    if (g_str_has_suffix (name, ".csv") && name[0] != '.')
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_texts);
  for (guint i = 0; i < paths->len; i++) {
    g_autofree char *table = table_name (paths->pdata[i]);
    if (!read_table (sink, paths->pdata[i], table, error))
      return FALSE;
  }
  if (paths->len > 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "the folder %s holds no file TABLE.csv: there is nothing to import", folder);
  return FALSE;
}

static gboolean
broken_manifest (const char *path, const char *why, GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s: %s; export the folder again, or remove this file to import every TABLE.csv beside it",
               path, why);
  return FALSE;
}

/* NULL: there is no such member, or it is of another type. */
static JsonNode *
find_value (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node
                                                                                                 : NULL;
}

static gint64
find_number (JsonObject *object, const char *name)
{
  JsonNode *node = find_value (object, name, G_TYPE_INT64);
  return node != NULL ? json_node_get_int (node) : -1;
}

static gboolean
read_listed (CormSink *sink, const char *folder, const char *manifest, const char *table, JsonObject *about,
             GError **error)
{
  JsonNode *file_node = find_value (about, "file", G_TYPE_STRING);
  const char *file = file_node != NULL ? json_node_get_string (file_node) : NULL;
  gint64 rows = find_number (about, "rows");
  guint64 before = sink->n_rows;
  if (file == NULL || strchr (file, '/') != NULL)
    return broken_manifest (manifest, "a table has no file", error);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  if (!read_table (sink, path, table, error))
    return FALSE;
  CormSink alone = { .n_rows = sink->n_rows - before };
  return corm_reader_check_count (path, &alone, rows, error);
}

static gboolean
read_manifest (CormSink *sink, const char *folder, const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) why = NULL;
  g_autofree char *text = NULL;
  const char *reason;
  gsize size, at;
  if (!g_file_get_contents (path, &text, &size, &why))
    return broken_manifest (path, why->message, error);
  if (!corm_json_check (text, size, &reason, &at)) /* JsonParser calls itself as deep as it is nested */
    return broken_manifest (path, reason, error);
  if (!json_parser_load_from_data (parser, text, (gssize) size, &why))
    return broken_manifest (path, why->message, error);
  JsonNode *root = json_parser_get_root (parser);
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (object == NULL || find_number (object, "corm_export") != 1 ||
      !json_object_has_member (object, "tables") ||
      !JSON_NODE_HOLDS_OBJECT (json_object_get_member (object, "tables")))
    return broken_manifest (path, "it is no list of an export that this Corm knows", error);
  JsonObject *tables = json_object_get_object_member (object, "tables");
  g_autoptr (GList) names = json_object_get_members (tables);
  for (GList *l = names; l != NULL; l = l->next) {
    JsonNode *about = json_object_get_member (tables, l->data);
    if (!JSON_NODE_HOLDS_OBJECT (about))
      return broken_manifest (path, "a table has no file", error);
    if (!read_listed (sink, folder, path, l->data, json_node_get_object (about), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_snapshot (CormSink *sink, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "schema.json", NULL);
  g_autofree char *text = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  sink->file = path;
  gboolean ok = g_file_get_contents (path, &text, NULL, error) && sink->snapshot (sink, text, error);
  sink->file = folder;
  return ok;
}

gboolean
corm_read_csv (const char *path, CormSink *sink, GError **error)
{
  sink->words = CORM_WORDS_LOOSE;
  sink->file = path;
  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_autofree char *table = table_name (path);
    return read_table (sink, path, table, error);
  }
  g_autofree char *manifest = g_build_filename (path, "export.json", NULL);
  gboolean ok = read_snapshot (sink, path, error) &&
                (g_file_test (manifest, G_FILE_TEST_EXISTS) ? read_manifest (sink, path, manifest, error)
                                                            : read_every (sink, path, error));
  sink->file = path;
  return ok;
}
