/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Files to import, and messages of a peer. Rows that were read and can be written are read again as they were, and a value
 * that a column takes is written and read as the same. The readers have files: an unnamed one in memory. */
#define _GNU_SOURCE /* memfd_create() */
#include "target.h"

#include "exchange/reader.h"
#include "exchange/writer.h"
#include "sync/line.h"

#include <corm/error.h>

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef gboolean (*ReadFile) (const char *path, CormSink *sink, GError **error);

/* The path of a file with these bytes, until the next call. */
static const char *
in_memory (const guint8 *data, gsize size)
{
  static int fd = -1;
  static char path[32];
  if (fd < 0)
    fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
  if (ftruncate (fd, 0) != 0 || pwrite (fd, data, size, 0) != (gssize) size)
    g_error ("no file in memory");
  return path;
}

/* --- values ------------------------------------------------------------------------------------------------------------ */

static const CormTableColumn columns[] = {
  { .name = (char *) "b", .type = { .type = CORM_TYPE_BOOLEAN } },
  { .name = (char *) "s", .type = { .type = CORM_TYPE_INT16 }, .not_null = TRUE },
  { .name = (char *) "i", .type = { .type = CORM_TYPE_INT64 } },
  { .name = (char *) "f", .type = { .type = CORM_TYPE_FLOAT32 } },
  { .name = (char *) "d", .type = { .type = CORM_TYPE_FLOAT64 } },
  { .name = (char *) "n", .type = { .type = CORM_TYPE_DECIMAL, .precision = 12, .scale = 3 } },
  { .name = (char *) "t", .type = { .type = CORM_TYPE_TEXT, .length = 8 } },
  { .name = (char *) "x", .type = { .type = CORM_TYPE_BYTES } },
  { .name = (char *) "day", .type = { .type = CORM_TYPE_DATE } },
  { .name = (char *) "time", .type = { .type = CORM_TYPE_TIME } },
  { .name = (char *) "ts", .type = { .type = CORM_TYPE_TIMESTAMP } },
  { .name = (char *) "l", .type = { .type = CORM_TYPE_LOCAL_TIMESTAMP } },
  { .name = (char *) "u", .type = { .type = CORM_TYPE_UUID } },
  { .name = (char *) "j", .type = { .type = CORM_TYPE_JSON } },
  { .name = (char *) "raw", .type = { .type = CORM_TYPE_RAW }, .type_sql = (char *) "inet" },
  { .name = (char *) "any", .type = { .type = CORM_TYPE_NONE } },
};

static void
check_value (const CormForm *form, const CormTableColumn *column, CormWords words)
{
  g_autoptr (CormRoom) room = corm_room_new (), room_of_form = corm_room_new (),
                       room_again = corm_room_new ();
  g_autoptr (GError) error = NULL;
  CormValue value, again;
  CormForm written;
  gboolean ok = corm_form_to_value (form, column, words, room, &value, &error);
  fuzz_check_error (ok, error, form->text);
  if (!ok)
    return;
  if (!corm_form_from_value (column, &value, room_of_form, &written, &error) ||
      !corm_form_to_value (&written, column, words, room_again, &again, &error))
    fuzz_complain (error->message, form->text);
  if (!corm_value_equal (&value, &again))
    fuzz_complain ("another value", form->text);
}

/* --- rows -------------------------------------------------------------------------------------------------------------- */

enum { MAX_ROWS = 20 };

typedef struct {
  CormSink sink;
  GString *text; /* all that was read, in words */
  CormWriter *writer;
  GPtrArray *names; /* of the table that is written */
  GHashTable *tables;
  gboolean check_values, cannot; /* this can't be written: a nested value, rows of different members */
  gboolean in_table;
} Rows;

static gboolean
take_snapshot (CormSink *sink, const char *json, GError **error G_GNUC_UNUSED)
{
  Rows *rows = (Rows *) sink;
  rows->cannot |= json == NULL;
  return TRUE;
}

static gboolean
end_table (Rows *rows)
{
  gboolean ok = !rows->in_table || rows->writer == NULL || rows->writer->table_end (rows->writer, NULL);
  rows->in_table = FALSE;
  return ok;
}

static gboolean
take_table (CormSink *sink, const char *name, GError **error G_GNUC_UNUSED)
{
  Rows *rows = (Rows *) sink;
  if (rows->writer != NULL && !end_table (rows))
    rows->cannot = TRUE;
  if (*name == '\0' || !g_hash_table_add (rows->tables, g_strdup (name)) || !g_utf8_validate (name, -1, NULL))
    rows->cannot = TRUE;
  g_ptr_array_set_size (rows->names, 0);
  g_ptr_array_add (rows->names, g_strdup (name));
  return TRUE;
}

static gboolean
is_json_word (const CormForm *form)
{
  const char *digits = form->text[0] == '-' ? form->text + 1 : form->text;
  return form->size > 0 &&
         (g_ascii_isdigit (*digits) || strcmp (form->text, "true") == 0 ||
          strcmp (form->text, "false") == 0) &&
         g_utf8_validate (form->text, (gssize) form->size, NULL) &&
         strspn (form->text, "-+.0123456789eEtrufals") == form->size;
}

static gboolean
is_base64 (const CormForm *form)
{
  gsize size;
  g_autofree guchar *bytes = g_base64_decode (form->text, &size);
  g_autofree char *text = g_base64_encode (bytes, size);
  return strcmp (text, form->text) == 0;
}

/* As a writer may be given it. */
static CormForm
written_form (Rows *rows, const CormForm *form)
{
  CormForm out = *form;
  if (form->kind == CORM_FORM_BARE && !is_json_word (form))
    out.kind = CORM_FORM_QUOTED;
  if (form->kind == CORM_FORM_NESTED || (form->kind == CORM_FORM_BYTES && !is_base64 (form)) ||
      !g_utf8_validate (form->text, (gssize) form->size, NULL))
    rows->cannot = TRUE;
  return out;
}

/* The names of a table's first row are those of all. */
static gboolean
begin_rows (Rows *rows, const CormMember *members, guint n)
{
  gboolean first = rows->names->len == 1 && !rows->in_table;
  gboolean same = first || rows->names->len == n + 1;
  for (guint i = 0; i < n && same; i++) {
    const char *name = members[i].name;
    same = *name != '\0' && g_utf8_validate (name, -1, NULL) &&
           (first || strcmp (rows->names->pdata[i + 1], name) == 0);
    for (guint j = 0; j < i && same; j++)
      same = strcmp (members[j].name, name) != 0;
    if (first)
      g_ptr_array_add (rows->names, g_strdup (name));
  }
  return same && n > 0;
}

static gboolean
write_row (Rows *rows, const CormForm *forms, guint n, GError **error)
{
  if (!rows->in_table) {
    g_ptr_array_add (rows->names, NULL);
    gboolean ok = rows->writer->table (rows->writer, rows->names->pdata[0],
                                       (const char *const *) rows->names->pdata + 1, n, error);
    g_ptr_array_set_size (rows->names, (int) rows->names->len - 1);
    if (!ok)
      return FALSE;
    rows->in_table = TRUE;
  }
  return rows->writer->row (rows->writer, forms, error);
}

static gboolean
take_row (CormSink *sink, const CormMember *members, guint n, guint64 line, GError **error)
{
  Rows *rows = (Rows *) sink;
  g_autofree CormForm *forms = g_new0 (CormForm, MAX (n, 1));
  if (line == 0 || sink->n_rows > MAX_ROWS || rows->names->len == 0 || !begin_rows (rows, members, n))
    rows->cannot = TRUE;
  if (rows->names->len > 0)
    g_string_append_printf (rows->text, "table %s:", (char *) rows->names->pdata[0]);
  for (guint i = 0; i < n; i++) {
    forms[i] = written_form (rows, &members[i].form);
    g_autofree char *shown = g_strescape (forms[i].text, NULL);
    g_string_append_printf (rows->text, " %s=%u %s", members[i].name, forms[i].kind, shown);
    if (strlen (members[i].form.text) > members[i].form.size)
      fuzz_complain ("no NUL behind a value", members[i].form.text);
    for (guint c = 0; c < G_N_ELEMENTS (columns) && rows->check_values; c++)
      check_value (&members[i].form, &columns[c], sink->words);
  }
  g_string_append_c (rows->text, '\n');
  return rows->cannot || rows->writer == NULL || write_row (rows, forms, n, error);
}

static Rows *
rows_new (void)
{
  Rows *rows = g_new0 (Rows, 1);
  rows->sink = (CormSink){ .snapshot = take_snapshot, .table = take_table, .row = take_row };
  rows->text = g_string_new (NULL);
  rows->names = g_ptr_array_new_with_free_func (g_free);
  rows->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return rows;
}

static void
rows_free (Rows *rows)
{
  if (rows->writer != NULL)
    rows->writer->free (rows->writer);
  g_string_free (rows->text, TRUE);
  g_ptr_array_unref (rows->names);
  g_hash_table_unref (rows->tables);
  g_free (rows);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rows, rows_free)

/* --- there and back ------------------------------------------------------------------------------------------------------ */

static char *work;

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    unlink (file);
  }
  rmdir (path);
}

static void
remove_work (void)
{
  remove_folder (work);
}

/* Where the export goes: a file, or a folder of CSV. */
static char *
export_path (void)
{
  if (work == NULL) {
    const char *folder = g_getenv ("CORM_TEST_TMP");
    work = g_build_filename (folder != NULL ? folder : g_get_tmp_dir (), "fuzz-XXXXXX", NULL);
    if (g_mkdtemp (work) == NULL)
      g_error ("no folder to work in");
    atexit (remove_work);
  }
  return g_build_filename (work, "export", NULL);
}

static void
remove_export (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    remove_folder (path);
  else
    unlink (path);
}

/* @first has shown that its rows can be written. */
static void
check_again (ReadFile read, CormFormat format, const char *from, const Rows *first, const char *text)
{
  g_autoptr (Rows) rows = rows_new (), again = rows_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = export_path ();
  if ((rows->writer = corm_writer_new (format, path, &error)) == NULL ||
      !rows->writer->begin (rows->writer, NULL, &error) || !read (from, &rows->sink, &error) ||
      !end_table (rows) || !rows->writer->end (rows->writer, rows->sink.n_rows, &error))
    fuzz_complain (error != NULL ? error->message : "not written", text);
  if (!read (path, &again->sink, &error))
    fuzz_complain (error->message, text);
  remove_export (path);
  fuzz_check_same ("other rows", first->text->str, again->text->str, text);
}

static void
check_file (ReadFile read, CormFormat format, const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (Rows) rows = rows_new ();
  const char *path = in_memory (data, size);
  rows->check_values = TRUE;
  gboolean ok = read (path, &rows->sink, &error);
  fuzz_check_error (ok, error, text);
  if (!ok && !g_utf8_validate (error->message, -1, NULL))
    fuzz_complain ("an error that is not UTF-8", text);
  if (ok && !rows->cannot && rows->sink.n_rows > 0)
    check_again (read, format, path, rows, text);
}

static void
check_csv (const guint8 *data, gsize size)
{
  check_file (corm_read_csv, CORM_FORMAT_CSV, data, size);
}

/* A folder of CSV whose list this is. */
static void
check_manifest (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *folder = export_path (), *list = g_build_filename (folder, "export.json", NULL);
  g_autofree char *table = g_build_filename (folder, "t.csv", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Rows) rows = rows_new ();
  g_mkdir (folder, 0700);
  if (!g_file_set_contents_full (list, text, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL) ||
      !g_file_set_contents_full (table, "i,t\n1,\"a\"\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    g_error ("no file in %s", folder);
  gboolean ok = corm_read_csv (folder, &rows->sink, &error);
  fuzz_check_error (ok, error, text);
  remove_export (folder);
}

static void
check_json (const guint8 *data, gsize size)
{
  check_file (corm_read_json, CORM_FORMAT_JSON, data, size);
}

static void
check_json_lines (const guint8 *data, gsize size)
{
  check_file (corm_read_json_lines, CORM_FORMAT_JSON_LINES, data, size);
}

static void
check_yaml (const guint8 *data, gsize size)
{
  check_file (corm_read_yaml, CORM_FORMAT_YAML, data, size);
}

/* --- messages -------------------------------------------------------------------------------------------------------------- */

static void
check_line (const char *bytes, gsize size, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSyncLine) line = corm_sync_line_parse (bytes, size, &error);
  fuzz_check_error (line != NULL, error, text);
  if (line == NULL)
    return;
  g_autofree char *written = corm_sync_line_to_text (line);
  g_autoptr (CormSyncLine) again = corm_sync_line_parse (written, strlen (written), &error);
  if (again == NULL)
    fuzz_complain (error->message, text);
  g_autofree char *rewritten = corm_sync_line_to_text (again);
  fuzz_check_same ("another line", written, rewritten, text);
}

static void
check_message (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSyncSpool) spool = corm_sync_spool_open (in_memory (data, size), &error);
  gsize n = 0, read = 0;
  for (const char *line; (line = corm_sync_spool_next (spool, &n, &error)) != NULL; read += n)
    check_line (line, n, text);
  if (error != NULL || read > size)
    fuzz_complain ("lines of a file are lost or made up", text);
}

const FuzzTarget fuzz_file_targets[] = {
  { "csv", check_csv, NULL, NULL },
  { "manifest", check_manifest, NULL, "{\"corm_export\": 1, \"tables\": " },
  { "json", check_json, NULL, "{\"tables\": {\"a\": [{\"j\": " },
  { "json-lines", check_json_lines, NULL, "{\"table\": \"a\", \"row\": {\"j\": " },
  { "yaml", check_yaml, NULL, "tables:\n  a:\n  - j: " },
  { "message", check_message, NULL, NULL },
  { NULL, NULL, NULL, NULL },
};
