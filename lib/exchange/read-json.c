/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* JSON and JSON lines, one row in memory. A file that begins as an export ends as one: with the number of its rows. */
#include "exchange/reader.h"
#include "exchange/scan.h"

#include <corm/error.h>
#include <corm/sys/text.h>

#include <string.h>

typedef struct {
  CormInput *input;
  CormSink *sink;
  CormRecord *record;
  GString *name;
  gboolean is_export; /* it said so */
  gint64 rows;        /* that it says it has; -1: not said */
} Json;

static gboolean
fail (Json *json, GError **error, const char *what)
{
  return corm_input_fail (json->input, error, "%s", what);
}

/* {"base64":"…"} is bytes, any other object or array a nested value. */
static gboolean
read_nested (Json *json, guint64 line, GError **error)
{
  GString *bytes = json->record->bytes;
  gsize start = bytes->len;
  if (!corm_scan_raw (json->input, bytes, error))
    return FALSE;
  const char *text = bytes->str + start, mark[] = "{\"base64\":\"";
  gsize size = bytes->len - start, n = sizeof mark - 1;
  gboolean is_bytes =
      size > n + 1 && memcmp (text, mark, n) == 0 && memchr (text + n, '"', size - n) == text + size - 2;
  if (is_bytes) {
    g_string_truncate (bytes, bytes->len - 2);
    g_string_erase (bytes, (gssize) start, (gssize) n);
  }
  corm_record_value (json->record, is_bytes ? CORM_FORM_BYTES : CORM_FORM_NESTED, line);
  return TRUE;
}

static gboolean
read_value (Json *json, GError **error)
{
  GString *bytes = json->record->bytes;
  corm_scan_space (json->input);
  guint64 line = json->input->line;
  int c = corm_input_peek (json->input);
  gsize start = bytes->len;
  if (c == '{' || c == '[')
    return read_nested (json, line, error);
  if (!(c == '"' ? corm_scan_string : corm_scan_word) (json->input, bytes, error))
    return FALSE;
  CormFormKind kind = c == '"' ? CORM_FORM_QUOTED : c == 'n' ? CORM_FORM_NULL : CORM_FORM_BARE;
  if (kind == CORM_FORM_NULL)
    g_string_truncate (bytes, start);
  corm_record_value (json->record, kind, line);
  return TRUE;
}

/* Appends the name of a member, a table or a column: messages cite it. */
static gboolean
scan_name (Json *json, GString *text, GError **error)
{
  gsize start = text->len;
  return corm_scan_string (json->input, text, error) &&
         (g_utf8_validate_len (text->str + start, text->len - start, NULL) ||
          fail (json, error, "a name is not UTF-8, or has a NUL in it"));
}

static gboolean
read_row (Json *json, GError **error)
{
  corm_scan_space (json->input);
  corm_record_clear (json->record, json->input->line);
  if (!corm_scan_has (json->input, '{'))
    return fail (json, error, "a row is an object: {\"column\": value, …}");
  for (gboolean first = TRUE; !corm_scan_has (json->input, '}'); first = FALSE) {
    if ((!first && !corm_scan_expect (json->input, ',', error)) ||
        !scan_name (json, json->record->bytes, error))
      return FALSE;
    corm_record_name (json->record);
    if (!corm_scan_expect (json->input, ':', error) || !read_value (json, error))
      return FALSE;
  }
  return corm_record_send (json->record, json->sink, error);
}

static gboolean
read_number (Json *json, gint64 *number, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  return corm_scan_word (json->input, text, error) && (corm_text_to_int (text->str, text->len, number) ||
                                                       fail (json, error, "a whole number is expected"));
}

static gboolean
read_version (Json *json, GError **error)
{
  gint64 version = 0;
  if (!read_number (json, &version, error))
    return FALSE;
  json->is_export = TRUE;
  return version == 1 ||
         fail (json, error,
               "corm_export is not 1: a newer Corm has written this file; read it with that one");
}

static gboolean
read_snapshot (Json *json, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  return corm_scan_raw (json->input, text, error) && json->sink->snapshot (json->sink, text->str, error);
}

static gboolean
read_rows (Json *json, GError **error)
{
  if (!corm_scan_has (json->input, '['))
    return fail (json, error, "the rows of a table are a list: [ {…}, {…} ]");
  for (gboolean first = TRUE; !corm_scan_has (json->input, ']'); first = FALSE)
    if ((!first && !corm_scan_expect (json->input, ',', error)) || !read_row (json, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_name (Json *json, GError **error)
{
  g_string_truncate (json->name, 0);
  return scan_name (json, json->name, error);
}

static gboolean
read_tables (Json *json, GError **error)
{
  if (!corm_scan_expect (json->input, '{', error))
    return FALSE;
  for (gboolean first = TRUE; !corm_scan_has (json->input, '}'); first = FALSE)
    if ((!first && !corm_scan_expect (json->input, ',', error)) || !read_name (json, error) ||
        !corm_scan_expect (json->input, ':', error) ||
        !json->sink->table (json->sink, json->name->str, error) || !read_rows (json, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_member (Json *json, GError **error)
{
  if (!read_name (json, error) || !corm_scan_expect (json->input, ':', error))
    return FALSE;
  const char *name = json->name->str;
  if (strcmp (name, "corm_export") == 0)
    return read_version (json, error);
  if (strcmp (name, "schema") == 0)
    return read_snapshot (json, error);
  if (strcmp (name, "tables") == 0)
    return read_tables (json, error);
  if (strcmp (name, "rows") == 0)
    return read_number (json, &json->rows, error);
  return corm_input_fail (json->input, error,
                          "'%s' is unknown here: a file to import is {\"tables\": {\"name\": [rows]}}", name);
}

static gboolean
read_file (Json *json, GError **error)
{
  if (!corm_scan_has (json->input, '{'))
    return fail (json, error,
                 "no JSON object begins here: a file to import is {\"tables\": {\"name\": [rows]}}");
  for (gboolean first = TRUE; !corm_scan_has (json->input, '}'); first = FALSE)
    if ((!first && !corm_scan_expect (json->input, ',', error)) || !read_member (json, error))
      return FALSE;
  corm_scan_space (json->input);
  return corm_input_peek (json->input) == CORM_INPUT_END ||
         fail (json, error, "something stands behind the end");
}

/* --- lines ----------------------------------------------------------------------------------------------------- */

/* One member of a line's object. */
static gboolean
read_line_member (Json *json, gboolean *has_table, GError **error)
{
  if (!read_name (json, error) || !corm_scan_expect (json->input, ':', error))
    return FALSE;
  const char *name = json->name->str;
  if (strcmp (name, "row") == 0)
    return *has_table ? read_row (json, error) : fail (json, error, "\"table\" stands in front of \"row\"");
  if (strcmp (name, "table") == 0) {
    *has_table = TRUE;
    return read_name (json, error) && json->sink->table (json->sink, json->name->str, error);
  }
  if (strcmp (name, "corm_export") == 0)
    return read_version (json, error);
  if (strcmp (name, "schema") == 0)
    return read_snapshot (json, error);
  if (strcmp (name, "rows") == 0)
    return read_number (json, &json->rows, error);
  return corm_input_fail (json->input, error,
                          "'%s' is unknown here: a line is {\"table\": \"name\", \"row\": {…}}", name);
}

static gboolean
read_line (Json *json, GError **error)
{
  gboolean has_table = FALSE;
  if (json->rows >= 0)
    return fail (json, error, "something stands behind the last line of an export");
  if (!corm_scan_has (json->input, '{'))
    return fail (json, error, "a line is an object: {\"table\": \"name\", \"row\": {…}}");
  for (gboolean first = TRUE; !corm_scan_has (json->input, '}'); first = FALSE)
    if ((!first && !corm_scan_expect (json->input, ',', error)) ||
        !read_line_member (json, &has_table, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_lines (Json *json, GError **error)
{
  corm_scan_space (json->input);
  while (corm_input_peek (json->input) != CORM_INPUT_END) {
    if (!read_line (json, error))
      return FALSE;
    corm_scan_space (json->input);
  }
  return TRUE;
}

gboolean
corm_reader_check_count (const char *path, const CormSink *sink, gint64 rows, GError **error)
{
  if (rows == (gint64) sink->n_rows)
    return TRUE;
  g_autofree char *said = g_strdup_printf ("%" G_GINT64_FORMAT " rows at its end", rows);
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s is not whole: it says %s, and holds %" G_GUINT64_FORMAT
               "; export it again, or copy it whole",
               path, rows < 0 ? "that it is an export, but not how many rows it has" : said, sink->n_rows);
  return FALSE;
}

static gboolean
run (const char *path, CormSink *sink, gboolean (*read) (Json *, GError **), GError **error)
{
  g_autoptr (CormInput) input = corm_input_open (path, error);
  if (input == NULL)
    return FALSE;
  g_autoptr (CormRecord) record = corm_record_new ();
  g_autoptr (GString) name = g_string_new (NULL);
  Json json = { .input = input, .sink = sink, .record = record, .name = name, .rows = -1 };
  sink->words = CORM_WORDS_STRICT;
  sink->file = path;
  corm_input_skip_mark (input);
  if (!read (&json, error) || !corm_input_check (input, error))
    return FALSE;
  return (!json.is_export && json.rows < 0) || corm_reader_check_count (path, sink, json.rows, error);
}

gboolean
corm_read_json (const char *path, CormSink *sink, GError **error)
{
  return run (path, sink, read_file, error);
}

gboolean
corm_read_json_lines (const char *path, CormSink *sink, GError **error)
{
  return run (path, sink, read_lines, error);
}
