/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* YAML by libyaml's events, one row in memory. What is not in quotes is read by its column's type; null, ~ and nothing at
 * all are NULL. There are no references: an alias is an error. */
#include "exchange/input.h"
#include "exchange/reader.h"

#include <corm/error.h>
#include <corm/sys/text.h>

#include <string.h>
#include <yaml.h>

#define BINARY "tag:yaml.org,2002:binary"

typedef struct {
  CormInput *input;
  CormSink *sink;
  CormRecord *record;
  yaml_parser_t parser;
  yaml_event_t event; /* the one that is looked at */
  gboolean is_export;
  gint64 rows;
} Yaml;

static void
yaml_clear (Yaml *yaml)
{
  yaml_event_delete (&yaml->event);
  yaml_parser_delete (&yaml->parser);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Yaml, yaml_clear)

static int
read_bytes (void *data, unsigned char *buffer, size_t size, size_t *n)
{
  CormInput *input = ((Yaml *) data)->input;
  *n = 0;
  if (corm_input_peek (input) == CORM_INPUT_END)
    return input->failed == 0;
  *n = MIN (size, input->size - input->at);
  memcpy (buffer, input->buffer + input->at, *n);
  input->at += *n;
  return 1;
}

static guint64
line_of (const Yaml *yaml)
{
  return yaml->event.start_mark.line + 1;
}

static gboolean
fail (Yaml *yaml, GError **error, const char *what)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s, line %" G_GUINT64_FORMAT ", column %" G_GSIZE_FORMAT ": %s", yaml->input->path,
               line_of (yaml), yaml->event.start_mark.column + 1, what);
  return FALSE;
}

static gboolean
next (Yaml *yaml, GError **error)
{
  yaml_event_delete (&yaml->event);
  if (yaml_parser_parse (&yaml->parser, &yaml->event) != 0)
    return yaml->event.type != YAML_ALIAS_EVENT || fail (yaml, error, "an alias; write the value itself");
  if (!corm_input_check (yaml->input, error))
    return FALSE;
  const yaml_parser_t *parser = &yaml->parser;
  gboolean has_mark = parser->error != YAML_READER_ERROR;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s, line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT ": %s%s%s", yaml->input->path,
               (has_mark ? parser->problem_mark : parser->mark).line + 1,
               (has_mark ? parser->problem_mark : parser->mark).column + 1,
               parser->context != NULL ? parser->context : "", parser->context != NULL ? ", " : "",
               parser->problem != NULL ? parser->problem : "this is not YAML");
  return FALSE;
}

static gboolean
expect (Yaml *yaml, yaml_event_type_t type, const char *what, GError **error)
{
  return next (yaml, error) && (yaml->event.type == type || fail (yaml, error, what));
}

static const char *
text_of (const Yaml *yaml)
{
  return (const char *) yaml->event.data.scalar.value;
}

/* A scalar that stands in place of a name. */
static gboolean
check_name (Yaml *yaml, GError **error)
{
  return (yaml->event.type == YAML_SCALAR_EVENT &&
          strlen (text_of (yaml)) == yaml->event.data.scalar.length) ||
         fail (yaml, error, "a name is expected");
}

static CormFormKind
kind_of (const Yaml *yaml)
{
  static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
  const char *tag = (const char *) yaml->event.data.scalar.tag;
  if (tag != NULL && strcmp (tag, BINARY) == 0)
    return CORM_FORM_BYTES;
  if (yaml->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE || tag != NULL)
    return CORM_FORM_QUOTED;
  return g_strv_contains (nulls, text_of (yaml)) ? CORM_FORM_NULL : CORM_FORM_BARE;
}

/* Behind the event that begins it. libyaml takes longer for each token the deeper it stands. */
static gboolean
skip_nested (Yaml *yaml, GError **error)
{
  enum { MAX_DEPTH = 1000 };
  for (guint depth = 1; depth > 0;) {
    if (!next (yaml, error))
      return FALSE;
    if (depth > MAX_DEPTH)
      return fail (yaml, error, "nested deeper than 1000 levels");
    yaml_event_type_t type = yaml->event.type;
    depth += type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT;
    depth -= type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT;
  }
  return TRUE;
}

static gboolean
read_value (Yaml *yaml, GError **error)
{
  CormRecord *record = yaml->record;
  if (!next (yaml, error))
    return FALSE;
  guint64 line = line_of (yaml);
  if (yaml->event.type != YAML_SCALAR_EVENT) {
    corm_record_value (record, CORM_FORM_NESTED, line);
    return skip_nested (yaml, error);
  }
  CormFormKind kind = kind_of (yaml);
  if (kind != CORM_FORM_NULL)
    g_string_append_len (record->bytes, text_of (yaml), (gssize) yaml->event.data.scalar.length);
  corm_record_value (record, kind, line);
  return TRUE;
}

/* The event is the beginning of its mapping. */
static gboolean
read_row (Yaml *yaml, GError **error)
{
  if (yaml->event.type != YAML_MAPPING_START_EVENT)
    return fail (yaml, error, "a row is a mapping: column: value");
  corm_record_clear (yaml->record, line_of (yaml));
  while (next (yaml, error)) {
    if (yaml->event.type == YAML_MAPPING_END_EVENT)
      return corm_record_send (yaml->record, yaml->sink, error);
    if (!check_name (yaml, error))
      return FALSE;
    g_string_append (yaml->record->bytes, text_of (yaml));
    corm_record_name (yaml->record);
    if (!read_value (yaml, error))
      return FALSE;
  }
  return FALSE;
}

static gboolean
read_table (Yaml *yaml, GError **error)
{
  if (!check_name (yaml, error) || !yaml->sink->table (yaml->sink, text_of (yaml), error) ||
      !next (yaml, error))
    return FALSE;
  if (yaml->event.type == YAML_SCALAR_EVENT && kind_of (yaml) == CORM_FORM_NULL)
    return TRUE; /* "jobs:" with nothing behind it */
  if (yaml->event.type != YAML_SEQUENCE_START_EVENT)
    return fail (yaml, error, "the rows of a table are a list, each with '-' in front");
  while (next (yaml, error)) {
    if (yaml->event.type == YAML_SEQUENCE_END_EVENT)
      return TRUE;
    if (!read_row (yaml, error))
      return FALSE;
  }
  return FALSE;
}

static gboolean
read_tables (Yaml *yaml, GError **error)
{
  if (!expect (yaml, YAML_MAPPING_START_EVENT, "the tables are a mapping: their names, and a list of rows",
               error))
    return FALSE;
  while (next (yaml, error)) {
    if (yaml->event.type == YAML_MAPPING_END_EVENT)
      return TRUE;
    if (!read_table (yaml, error))
      return FALSE;
  }
  return FALSE;
}

static gboolean
read_number (Yaml *yaml, gint64 *number, GError **error)
{
  return expect (yaml, YAML_SCALAR_EVENT, "a whole number is expected", error) &&
         (corm_text_to_int (text_of (yaml), yaml->event.data.scalar.length, number) ||
          fail (yaml, error, "a whole number is expected"));
}

static gboolean
read_version (Yaml *yaml, GError **error)
{
  gint64 version;
  yaml->is_export = TRUE;
  return read_number (yaml, &version, error) &&
         (version == 1 ||
          fail (yaml, error,
                "corm_export is not 1: a newer Corm has written this file; read it with that one"));
}

static gboolean
read_member (Yaml *yaml, GError **error)
{
  if (!check_name (yaml, error))
    return FALSE;
  g_autofree char *name = g_strdup (text_of (yaml));
  if (strcmp (name, "corm_export") == 0)
    return read_version (yaml, error);
  if (strcmp (name, "tables") == 0)
    return read_tables (yaml, error);
  if (strcmp (name, "rows") == 0)
    return read_number (yaml, &yaml->rows, error);
  if (strcmp (name, "schema") == 0)
    return expect (yaml, YAML_SCALAR_EVENT, "the schema is a text: the JSON of a snapshot", error) &&
           yaml->sink->snapshot (yaml->sink, text_of (yaml), error);
  g_autofree char *what =
      g_strdup_printf ("'%s' is unknown here: a file to import has 'tables:', and under it the tables", name);
  return fail (yaml, error, what);
}

static gboolean
read_file (Yaml *yaml, GError **error)
{
  if (!expect (yaml, YAML_STREAM_START_EVENT, "no YAML", error) ||
      !expect (yaml, YAML_DOCUMENT_START_EVENT, "there is nothing to import", error) ||
      !expect (yaml, YAML_MAPPING_START_EVENT, "a file to import has 'tables:', and under it the tables",
               error))
    return FALSE;
  while (next (yaml, error) && yaml->event.type != YAML_MAPPING_END_EVENT)
    if (!read_member (yaml, error))
      return FALSE;
  return yaml->event.type == YAML_MAPPING_END_EVENT &&
         expect (yaml, YAML_DOCUMENT_END_EVENT, "something stands behind the end", error) &&
         expect (yaml, YAML_STREAM_END_EVENT, "a second document; a file to import has one", error);
}

gboolean
corm_read_yaml (const char *path, CormSink *sink, GError **error)
{
  g_autoptr (CormInput) input = corm_input_open (path, error);
  if (input == NULL)
    return FALSE;
  g_autoptr (CormRecord) record = corm_record_new ();
  g_auto (Yaml) yaml = { .input = input, .sink = sink, .record = record, .rows = -1 };
  if (yaml_parser_initialize (&yaml.parser) == 0)
    g_error ("out of memory");
  yaml_parser_set_input (&yaml.parser, read_bytes, &yaml);
  sink->words = CORM_WORDS_LOOSE;
  sink->file = path;
  if (!read_file (&yaml, error))
    return FALSE;
  return (!yaml.is_export && yaml.rows < 0) || corm_reader_check_count (path, sink, yaml.rows, error);
}
