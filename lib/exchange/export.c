/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm_export(): one transaction that reads, one writer, one row in memory. */
#include "base/error.h"
#include "engine/transaction.h"
#include "engine/unfinished.h"
#include "exchange/order.h"
#include "exchange/reject.h"
#include "exchange/tables.h"
#include "exchange/writer.h"

#include <string.h>

#define ROWS_PER_PROGRESS 1024

typedef struct {
  const CormExportOptions *options;
  CormConnection *conn;
  CormTransaction *read;
  CormSchema *schema;
  GPtrArray *tables; /* CormTable, in the order of the file */
  CormWriter *writer;
  CormRejectFile *rejects;
  CormProgress state;
  CormExchangeReport *report;
} Export;

static void
export_clear (Export *export)
{
  g_clear_pointer (&export->writer, corm_writer_free);
  g_clear_pointer (&export->rejects, corm_reject_file_free);
  g_clear_pointer (&export->tables, g_ptr_array_unref);
  g_clear_pointer (&export->schema, corm_schema_free);
  g_clear_pointer (&export->report, corm_exchange_report_free);
  g_clear_pointer (&export->read, corm_transaction_free);
  g_clear_pointer (&export->conn, corm_connection_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Export, export_clear)

/* --- what is written ------------------------------------------------------------------------------------------- */

/* What the models say must be there; how it is read, the database says. */
static gboolean
check_live (const CormSchema *live, CormSchema *models, GError **error)
{
  for (guint i = 0; i < models->tables->len; i++) {
    CormTable *table = models->tables->pdata[i];
    const CormTable *there = corm_schema_find_table (live, table->name);
    table->has_heirs = there != NULL && there->has_heirs;
    for (guint c = 0; c < table->columns->len; c++) {
      const char *name = ((const CormTableColumn *) table->columns->pdata[c])->name;
      if (there != NULL && corm_table_find_column (there, name) != NULL)
        continue;
      g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                   "the database has no %s %s%s%s, which the models have: migrate it first",
                   there == NULL ? "table" : "column", table->name, there == NULL ? "" : ".",
                   there == NULL ? "" : name);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
settle_schema (Export *export, GError **error)
{
  const CormExportOptions *options = export->options;
  g_autoptr (CormSchema) live = corm_schema_inspect (export->conn, error);
  if (live == NULL || !corm_unfinished_refuse (export->conn, live, "the database",
                                               "what it has is a part of that, and is not exported", error))
    return FALSE;
  corm_unfinished_leave_out (live);
  export->schema =
      options->registry != NULL ? corm_schema_from_registry (options->registry) : g_steal_pointer (&live);
  corm_exchange_choose (export->schema, options->tables);
  if (live != NULL && !check_live (live, export->schema, error))
    return FALSE;
  export->tables = corm_exchange_by_name (export->schema);
  if (export->tables->len > 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "the database has no table%s%s",
               options->tables != NULL ? " that matches " : "",
               options->tables != NULL ? options->tables : "");
  return FALSE;
}

static gboolean
count_rows (Export *export, GError **error)
{
  for (guint i = 0; export->options->progress != NULL && i < export->tables->len; i++) {
    guint64 count = 0;
    if (!corm_ordered_count (export->conn, export->tables->pdata[i], &count, error))
      return FALSE;
    export->state.all_total += count;
  }
  return TRUE;
}

/* --- a table --------------------------------------------------------------------------------------------------- */

typedef struct {
  Export *export;
  const CormTable *table;
  const CormTableColumn *const *columns;
  guint n;
  CormForm *forms;
  CormRoom **rooms;
  CormExchangeTable *report;
  guint64 number; /* of the row, from 1 */
} Flow;

static char *
shown (const CormValue *value)
{
  GString *text = g_string_new (NULL);
  corm_value_append_text (value, text);
  return g_string_free (text, FALSE);
}

/* The key of @row: an array of texts to be freed, as many as @parts. */
static GPtrArray *
key_of (const Flow *flow, const CormValue *row, CormKeyPart *parts)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  const GStrv names = flow->table->primary_key != NULL ? flow->table->primary_key->columns : NULL;
  for (guint k = 0; names != NULL && names[k] != NULL; k++)
    for (guint i = 0; i < flow->n; i++) {
      if (strcmp (flow->columns[i]->name, names[k]) != 0)
        continue;
      parts[texts->len] = (CormKeyPart){ names[k], row[i].is_null ? NULL : shown (&row[i]) };
      g_ptr_array_add (texts, (char *) parts[texts->len].value);
      break;
    }
  return texts;
}

/* Either into the reject file, or into the error that stops the export. */
static gboolean
misfit (Flow *flow, const CormValue *row, guint column, const GError *why, GError **error)
{
  g_autofree CormKeyPart *parts = g_new0 (CormKeyPart, flow->n + 1);
  g_autoptr (GPtrArray) texts = key_of (flow, row, parts);
  g_autofree char *value = shown (&row[column]);
  CormFault fault = {
    .table = flow->table->name, .column = flow->columns[column]->name, .value = value, .reason = why->message
  };
  if (flow->export->rejects != NULL) {
    flow->report->rejected++;
    flow->export->report->n_faults++;
    return corm_reject_file_add (flow->export->rejects, &fault, parts, texts->len, error);
  }
  g_autofree char *key = texts->len > 0 ? corm_key_text (parts, texts->len)
                                        : g_strdup_printf ("row %" G_GUINT64_FORMAT, flow->number);
  g_autofree char *quoted = corm_error_quote (value, -1);
  g_set_error (
      error, CORM_ERROR, why->code,
      "%s, %s, column %s: the value %s can't be written as %s: %s; mend it in the database, or pass a reject "
      "file",
      fault.table, key, fault.column, quoted, corm_type_name (flow->columns[column]->type.type),
      why->message);
  return FALSE;
}

static gboolean
write_row (Flow *flow, const CormValue *row, GError **error)
{
  for (guint i = 0; i < flow->n; i++) {
    g_autoptr (GError) why = NULL;
    if (!corm_form_from_value (flow->columns[i], &row[i], flow->rooms[i], &flow->forms[i], &why))
      return misfit (flow, row, i, why, error);
  }
  flow->report->rows++;
  return flow->export->writer->row (flow->export->writer, flow->forms, error);
}

static gboolean
write_rows (Flow *flow, CormOrdered *ordered, GError **error)
{
  Export *export = flow->export;
  const CormValue *row = NULL;
  CormStep step;
  while ((step = corm_ordered_next (ordered, &row, error)) == CORM_STEP_ROW) {
    flow->number++;
    export->state.rows = flow->number;
    export->state.all_rows++;
    if (!write_row (flow, row, error))
      return FALSE;
    if (export->options->progress != NULL && flow->number % ROWS_PER_PROGRESS == 0)
      export->options->progress (&export->state, export->options->data);
  }
  return step == CORM_STEP_DONE;
}

static gboolean
write_table (Export *export, const CormTable *table, GError **error)
{
  CormWriter *writer = export->writer;
  guint n = table->columns->len;
  g_autofree const char **names = g_new0 (const char *, n + 1);
  g_autofree CormForm *forms = g_new0 (CormForm, n + 1);
  g_autofree CormRoom **rooms = g_new0 (CormRoom *, n + 1);
  Flow flow = { .export = export, .table = table, .n = n, .forms = forms, .rooms = rooms };
  flow.columns = (const CormTableColumn *const *) table->columns->pdata;
  flow.report = corm_exchange_report_add (export->report, table->name);
  export->state.table = table->name;
  for (guint i = 0; i < n; i++) {
    names[i] = flow.columns[i]->name;
    rooms[i] = corm_room_new ();
  }
  g_autoptr (CormOrdered) ordered = corm_ordered_open (export->conn, table, flow.columns, n, error);
  gboolean ok = ordered != NULL && writer->table (writer, table->name, names, n, error) &&
                write_rows (&flow, ordered, error) && writer->table_end (writer, error);
  for (guint i = 0; i < n; i++)
    corm_room_free (rooms[i]);
  return ok || (ordered == NULL && corm_error_prefix (error, "export %s", table->name));
}

static gboolean
write_all (Export *export, GError **error)
{
  guint64 rows = 0;
  CormWriter *writer = export->writer;
  g_autofree char *snapshot = export->options->no_schema ? NULL : corm_schema_to_json (export->schema);
  if (snapshot != NULL && !g_utf8_validate (snapshot, -1, NULL)) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_CONVERSION,
        "export: the structure of the database has a name or a statement that is not UTF-8; the doctor "
        "says whether it is damaged");
    return FALSE;
  }
  if (!writer->begin (writer, snapshot, error))
    return FALSE;
  for (guint i = 0; i < export->tables->len; i++)
    if (!write_table (export, export->tables->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < export->report->tables->len; i++)
    rows += ((const CormExchangeTable *) export->report->tables->pdata[i])->rows;
  if (export->rejects != NULL && !corm_reject_file_close (g_steal_pointer (&export->rejects), error))
    return FALSE;
  return writer->end (writer, rows, error);
}

CormWriter *
corm_writer_new (CormFormat format, const char *path, GError **error)
{
  switch (format) {
  case CORM_FORMAT_YAML:
    return corm_yaml_writer_new (path, error);
  case CORM_FORMAT_CSV:
    return corm_csv_writer_new (path, error);
  default:
    return corm_json_writer_new (path, format == CORM_FORMAT_JSON_LINES, error);
  }
}

CormExchangeReport *
corm_export (CormDb *db, const char *path, const CormExportOptions *options, GError **error)
{
  static const CormExportOptions none = { 0 };
  g_return_val_if_fail (db != NULL && path != NULL, NULL);
  g_auto (Export) export = { .options = options != NULL ? options : &none,
                             .state = { .phase = CORM_PORT_ROWS } };
  CormFormat format = export.options->format;
  export.report = corm_exchange_report_new ();
  if (!corm_exchange_find_format (&format, path, error) ||
      (export.conn = corm_db_connect (db, error)) == NULL)
    return NULL;
  export.read = corm_transaction_begin_whole (export.conn, error);
  if (export.read == NULL || !settle_schema (&export, error) || !count_rows (&export, error))
    return NULL;
  if (export.options->rejects != NULL &&
      (export.rejects = corm_reject_file_open (export.options->rejects, error)) == NULL)
    return NULL;
  if ((export.writer = corm_writer_new (format, path, error)) == NULL || !write_all (&export, error))
    return NULL;
  return g_steal_pointer (&export.report);
}
