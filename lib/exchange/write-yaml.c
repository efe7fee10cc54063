/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* YAML by libyaml's events. A text always stands in double quotes, so that no reader takes "no" or "1e3" for something
 * else; the snapshot is a text too. */
#include "exchange/writer.h"

#include <corm/error.h>

#include <string.h>
#include <yaml.h>

#define BINARY "tag:yaml.org,2002:binary"

typedef struct {
  CormWriter writer;
  CormOutput *output;
  yaml_emitter_t emitter;
  gboolean failed;
  GPtrArray *names; /* of the table's columns */
} Yaml;

static int
write_bytes (void *data, unsigned char *bytes, size_t size)
{
  Yaml *yaml = data;
  corm_output_write (yaml->output, (const char *) bytes, size);
  return corm_output_check (yaml->output, NULL);
}

static void
emit (Yaml *yaml, yaml_event_t *event)
{
  yaml->failed |= yaml_emitter_emit (&yaml->emitter, event) == 0;
}

static void
scalar (Yaml *yaml, const char *tag, const char *text, gsize size, yaml_scalar_style_t style)
{
  yaml_event_t event;
  yaml->failed |=
      yaml_scalar_event_initialize (&event, NULL, (const yaml_char_t *) tag, (const yaml_char_t *) text,
                                    (int) size, tag == NULL, tag == NULL, style) == 0;
  if (!yaml->failed)
    emit (yaml, &event);
}

/* Plain where every reader takes it for a text. */
static void
name (Yaml *yaml, const char *text)
{
  static const char *const words[] = { "y", "n", "yes", "no", "true", "false", "on", "off", "null", NULL };
  g_autofree char *lower = g_ascii_strdown (text, -1);
  gboolean plain = g_ascii_isalpha (*text) && !g_strv_contains (words, lower);
  for (const char *p = text; plain && *p != '\0'; p++)
    plain = g_ascii_isalnum (*p) || *p == '_';
  scalar (yaml, NULL, text, strlen (text), plain ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

static void
begin_mapping (Yaml *yaml)
{
  yaml_event_t event;
  yaml_mapping_start_event_initialize (&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE);
  emit (yaml, &event);
}

static void
end_mapping (Yaml *yaml)
{
  yaml_event_t event;
  yaml_mapping_end_event_initialize (&event);
  emit (yaml, &event);
}

static gboolean
check (Yaml *yaml, GError **error)
{
  if (!corm_output_check (yaml->output, error))
    return FALSE;
  if (!yaml->failed)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_FAILED, "write YAML: %s",
               yaml->emitter.problem != NULL ? yaml->emitter.problem : "out of memory");
  return FALSE;
}

static gboolean
begin (CormWriter *writer, const char *snapshot, GError **error)
{
  Yaml *yaml = (Yaml *) writer;
  yaml_event_t event;
  yaml_stream_start_event_initialize (&event, YAML_UTF8_ENCODING);
  emit (yaml, &event);
  yaml_document_start_event_initialize (&event, NULL, NULL, NULL, 1);
  emit (yaml, &event);
  begin_mapping (yaml);
  name (yaml, "corm_export");
  scalar (yaml, NULL, "1", 1, YAML_PLAIN_SCALAR_STYLE);
  if (snapshot != NULL) {
    name (yaml, "schema");
    scalar (yaml, NULL, snapshot, strlen (snapshot), YAML_LITERAL_SCALAR_STYLE);
  }
  name (yaml, "tables");
  begin_mapping (yaml);
  return check (yaml, error);
}

static gboolean
begin_table (CormWriter *writer, const char *table, const char *const *columns, guint n, GError **error)
{
  Yaml *yaml = (Yaml *) writer;
  yaml_event_t event;
  g_ptr_array_set_size (yaml->names, 0);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (yaml->names, g_strdup (columns[i]));
  name (yaml, table);
  yaml_sequence_start_event_initialize (&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE);
  emit (yaml, &event);
  return check (yaml, error);
}

static gboolean
write_row (CormWriter *writer, const CormForm *forms, GError **error)
{
  Yaml *yaml = (Yaml *) writer;
  begin_mapping (yaml);
  for (guint i = 0; i < yaml->names->len; i++) {
    name (yaml, yaml->names->pdata[i]);
    if (forms[i].kind == CORM_FORM_NULL)
      scalar (yaml, NULL, "null", 4, YAML_PLAIN_SCALAR_STYLE);
    else
      scalar (yaml, forms[i].kind == CORM_FORM_BYTES ? BINARY : NULL, forms[i].text, forms[i].size,
              forms[i].kind == CORM_FORM_BARE ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE);
  }
  end_mapping (yaml);
  return check (yaml, error);
}

static gboolean
end_table (CormWriter *writer, GError **error)
{
  Yaml *yaml = (Yaml *) writer;
  yaml_event_t event;
  yaml_sequence_end_event_initialize (&event);
  emit (yaml, &event);
  return check (yaml, error);
}

static gboolean
end (CormWriter *writer, guint64 rows, GError **error)
{
  Yaml *yaml = (Yaml *) writer;
  yaml_event_t event;
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, rows);
  end_mapping (yaml);
  name (yaml, "rows");
  scalar (yaml, NULL, number, strlen (number), YAML_PLAIN_SCALAR_STYLE);
  end_mapping (yaml);
  yaml_document_end_event_initialize (&event, 1);
  emit (yaml, &event);
  yaml_stream_end_event_initialize (&event);
  emit (yaml, &event);
  yaml->failed |= yaml_emitter_flush (&yaml->emitter) == 0;
  return check (yaml, error) && corm_output_close (g_steal_pointer (&yaml->output), error);
}

static void
free_yaml (CormWriter *writer)
{
  Yaml *yaml = (Yaml *) writer;
  yaml_emitter_delete (&yaml->emitter);
  corm_output_free (yaml->output);
  g_ptr_array_unref (yaml->names);
  g_free (yaml);
}

CormWriter *
corm_yaml_writer_new (const char *path, GError **error)
{
  CormOutput *output = corm_output_open (path, error);
  if (output == NULL)
    return NULL;
  Yaml *yaml = g_new0 (Yaml, 1);
  yaml->writer = (CormWriter){ begin, begin_table, write_row, end_table, end, free_yaml };
  yaml->output = output;
  yaml->names = g_ptr_array_new_with_free_func (g_free);
  if (yaml_emitter_initialize (&yaml->emitter) == 0)
    g_error ("out of memory");
  yaml_emitter_set_output (&yaml->emitter, write_bytes, yaml);
  yaml_emitter_set_unicode (&yaml->emitter, 1);
  yaml_emitter_set_width (&yaml->emitter, -1);
  return &yaml->writer;
}
