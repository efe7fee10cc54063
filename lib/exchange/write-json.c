/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* JSON, one row a line within one object; and JSON lines, each line an object. Members stand in the order of the table's
 * columns; there is one way to write each value. */
#include "exchange/writer.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef struct {
  CormWriter writer;
  CormOutput *output;
  gboolean lines;
  GString *text;
  GPtrArray *names; /* of the table's columns, as JSON strings with the colon */
  GString *prefix;  /* of a line, up to the row */
  guint n_tables;
  guint64 n_rows; /* of the table */
} Json;

void
corm_json_append_string (GString *json, const char *text, gsize size)
{
  static const char controls[] = "\b\t\n\f\r", letters[] = "btnfr", hex[] = "0123456789abcdef";
  gsize run = 0;
  g_string_append_c (json, '"');
  for (gsize i = 0; i < size; i++) {
    guchar c = (guchar) text[i];
    if (G_LIKELY (c >= 0x20 && c != '"' && c != '\\'))
      continue;
    g_string_append_len (json, text + run, (gssize) (i - run));
    run = i + 1;
    const char *control = c != 0 ? strchr (controls, c) : NULL;
    if (control != NULL || c >= 0x20) {
      g_string_append_c (json, '\\');
      g_string_append_c (json, control != NULL ? letters[control - controls] : (char) c);
    } else {
      g_string_append (json, "\\u00");
      g_string_append_c (json, hex[c >> 4]);
      g_string_append_c (json, hex[c & 15]);
    }
  }
  g_string_append_len (json, text + run, (gssize) (size - run));
  g_string_append_c (json, '"');
}

static gboolean
put (Json *json, GError **error)
{
  corm_output_write (json->output, json->text->str, json->text->len);
  g_string_truncate (json->text, 0);
  return corm_output_check (json->output, error);
}

/* On one line for JSON lines, else as it stands. */
static void
append_snapshot (Json *json, const char *snapshot)
{
  if (json->lines) {
    g_autoptr (JsonNode) root = json_from_string (snapshot, NULL);
    g_autofree char *line = json_to_string (root, FALSE);
    g_string_append_printf (json->text, ",\"schema\":%s", line);
    return;
  }
  g_autofree char *bare = g_strchomp (g_strdup (snapshot));
  g_string_append_printf (json->text, ",\n\"schema\": %s", bare);
}

static gboolean
begin (CormWriter *writer, const char *snapshot, GError **error)
{
  Json *json = (Json *) writer;
  g_string_append (json->text, json->lines ? "{\"corm_export\":1" : "{\n\"corm_export\": 1");
  if (snapshot != NULL)
    append_snapshot (json, snapshot);
  g_string_append (json->text, json->lines ? "}\n" : ",\n\"tables\": {");
  return put (json, error);
}

static gboolean
begin_table (CormWriter *writer, const char *name, const char *const *columns, guint n, GError **error)
{
  Json *json = (Json *) writer;
  g_ptr_array_set_size (json->names, 0);
  for (guint i = 0; i < n; i++) {
    GString *text = g_string_new (i > 0 ? "," : "{");
    corm_json_append_string (text, columns[i], strlen (columns[i]));
    g_string_append_c (text, ':');
    g_ptr_array_add (json->names, g_string_free (text, FALSE));
  }
  json->n_rows = 0;
  g_string_assign (json->prefix, "");
  if (json->lines) {
    g_string_append (json->prefix, "{\"table\":");
    corm_json_append_string (json->prefix, name, strlen (name));
    g_string_append (json->prefix, ",\"row\":");
    return TRUE;
  }
  g_string_append (json->text, json->n_tables++ > 0 ? ",\n" : "\n");
  corm_json_append_string (json->text, name, strlen (name));
  g_string_append (json->text, ": [");
  return put (json, error);
}

static void
append_value (GString *text, const CormForm *form)
{
  switch (form->kind) {
  case CORM_FORM_NULL:
    g_string_append (text, "null");
    break;
  case CORM_FORM_QUOTED:
    corm_json_append_string (text, form->text, form->size);
    break;
  case CORM_FORM_BYTES:
    g_string_append (text, "{\"base64\":");
    corm_json_append_string (text, form->text, form->size);
    g_string_append_c (text, '}');
    break;
  default:
    g_string_append_len (text, form->text, (gssize) form->size);
  }
}

static gboolean
write_row (CormWriter *writer, const CormForm *forms, GError **error)
{
  Json *json = (Json *) writer;
  GString *text = json->text;
  if (json->lines)
    g_string_append_len (text, json->prefix->str, (gssize) json->prefix->len);
  else
    g_string_append (text, json->n_rows > 0 ? ",\n" : "\n");
  for (guint i = 0; i < json->names->len; i++) {
    g_string_append (text, json->names->pdata[i]);
    append_value (text, &forms[i]);
  }
  g_string_append (text, json->names->len > 0 ? "}" : "{}");
  g_string_append (text, json->lines ? "}\n" : "");
  json->n_rows++;
  return put (json, error);
}

static gboolean
end_table (CormWriter *writer, GError **error)
{
  Json *json = (Json *) writer;
  if (!json->lines)
    g_string_append (json->text, json->n_rows > 0 ? "\n]" : "]");
  return put (json, error);
}

static gboolean
end (CormWriter *writer, guint64 rows, GError **error)
{
  Json *json = (Json *) writer;
  if (json->lines)
    g_string_append_printf (json->text, "{\"rows\":%" G_GUINT64_FORMAT "}\n", rows);
  else
    g_string_append_printf (json->text, "%s},\n\"rows\": %" G_GUINT64_FORMAT "\n}\n",
                            json->n_tables > 0 ? "\n" : "", rows);
  return put (json, error) && corm_output_close (g_steal_pointer (&json->output), error);
}

static void
free_json (CormWriter *writer)
{
  Json *json = (Json *) writer;
  corm_output_free (json->output);
  g_ptr_array_unref (json->names);
  g_string_free (json->text, TRUE);
  g_string_free (json->prefix, TRUE);
  g_free (json);
}

CormWriter *
corm_json_writer_new (const char *path, gboolean lines, GError **error)
{
  CormOutput *output = corm_output_open (path, error);
  if (output == NULL)
    return NULL;
  Json *json = g_new0 (Json, 1);
  json->writer = (CormWriter){ begin, begin_table, write_row, end_table, end, free_json };
  json->output = output;
  json->lines = lines;
  json->text = g_string_new (NULL);
  json->prefix = g_string_new (NULL);
  json->names = g_ptr_array_new_with_free_func (g_free);
  return &json->writer;
}
