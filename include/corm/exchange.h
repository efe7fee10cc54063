/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows into files and back: YAML, JSON, JSON lines, a folder of CSV files. The same rows give the same bytes, whatever
 * database they come from. doc/manual/exchange.md says how each value is written. */
#pragma once

#include <corm/port.h>
#include <corm/store.h>

G_BEGIN_DECLS

typedef enum {
  CORM_FORMAT_AUTO, /* .yaml .yml, .json, .jsonl .ndjson; a folder, or a name that ends with '/': CSV */
  CORM_FORMAT_YAML,
  CORM_FORMAT_JSON,
  CORM_FORMAT_JSON_LINES,
  CORM_FORMAT_CSV,
} CormFormat;

typedef struct {
  CormFormat format;
  CormRegistry *registry; /* types and the snapshot come from these models; NULL: from the database */
  const char *tables;     /* comma-separated globs, '!' first to leave out; NULL: all */
  bool no_schema;         /* rows only, without the snapshot of the schema */
  const char
      *rejects; /* JSON lines of rows that can't be written exactly; NULL: the first one stops the export */
  CormProgressFunc progress;
  gpointer data;
} CormExportOptions;

/* What an import does with a row whose key the table holds already. */
typedef enum { CORM_CONFLICT_REFUSE, CORM_CONFLICT_UPSERT } CormConflict;

/* A value of a file that has no place in the database; or a row, then @column and @value are NULL. */
typedef struct {
  const char *file;
  guint64 line; /* where the value stands, from 1; 0: not known */
  const char *table;
  const char *key; /* "id = '5'"; "row 17" where the table has none, or it is not known yet */
  const char *column;
  const char *value; /* as the file has it; NULL: none */
  const char *reason;
} CormFault;

typedef void (*CormFaultFunc) (const CormFault *fault, gpointer data);

typedef struct {
  CormFormat format;
  CormRegistry *registry; /* rows are checked against these models; NULL: against the tables that are there */
  const char *tables;
  CormConflict on_conflict;
  bool create;  /* tables that are missing are made, from the models or else the file's snapshot */
  bool dry_run; /* read and check the file, and change nothing */
  const char
      *rejects; /* JSON lines of values that do not fit; NULL: one is enough, and nothing is imported */
  CormFaultFunc on_fault; /* told of every value that does not fit, in the file's order */
  CormProgressFunc progress;
  gpointer data;
} CormImportOptions;

typedef struct {
  char *table;
  guint64 rows;    /* written to the file, or into the table: new ones, */
  guint64 updated; /* and those that were there */
  guint64 rejected;
  gboolean created;
} CormExchangeTable;

typedef struct {
  GPtrArray *tables; /* CormExchangeTable */
  GPtrArray *notes;  /* char *: what of a schema was left out */
  guint64 n_faults;
} CormExchangeReport;

/**
 * corm_export:
 * @path: the file, a folder for CSV, or "-" for standard output (then @options->format is needed)
 *
 * Writes tables by name and rows by key, as the database is at one moment, in constant memory. The file appears under
 * its name when it is whole and on the disk; one that was there is replaced then. A folder must be new or empty.
 * Errors: CONVERSION (table, key, column, value: text that is not UTF-8 or holds a NUL, a value that its column's type
 * can't have), NOT_FOUND (no table matches), SCHEMA, INVALID, DENIED, FULL, CONNECTION.
 */
CORM_PUBLIC CormExchangeReport *corm_export (CormDb *db, const char *path, const CormExportOptions *options,
                                             GError **error) CORM_MUST_USE;
/**
 * corm_import:
 * @path: a file or a folder that corm_export() wrote, one of that form, a single CSV file, or "-" for standard input
 *
 * Reads and checks the whole file first, and tells @options->on_fault of everything that does not fit; then all rows go in
 * within one transaction, referenced tables before those that refer to them.
 * Errors: CONVERSION, NOT_NULL, CHECK, UNIQUE, FOREIGN_KEY (file, line, table, key, column, reason), SCHEMA (a table or
 * column that is not there), INVALID (the file can't be read as what it should be), NOT_FOUND, DENIED, FULL, CONNECTION.
 */
CORM_PUBLIC CormExchangeReport *corm_import (CormDb *db, const char *path, const CormImportOptions *options,
                                             GError **error) CORM_MUST_USE;
/* A JSON Schema (draft 2020-12) of the JSON files that an export of @schema's tables writes; free with g_free(). */
CORM_PUBLIC char *corm_schema_to_json_schema (const CormSchema *schema) CORM_MUST_USE;

/**
 * corm_row_to_json:
 * @model: the row's model, or a shape
 * @without: (nullable): CORM_MEMBERS (…) that are left out
 *
 * One row as a JSON object on one line, its members named as those of the struct; relations are none of it. Values are
 * written as in an export, JSON as part of the whole. Free with g_free().
 * Errors: CONVERSION and CHECK, when a member holds what its column can't.
 */
CORM_PUBLIC char *corm_row_to_json (const CormModel *model, gconstpointer row, const gsize *without,
                                    GError **error) CORM_MUST_USE;

#ifndef __cplusplus
/* corm_to_json (Job, job, CORM_MEMBERS (Job, work_dir), &error) */
#define corm_to_json(T, row, without, error) \
  corm_row_to_json (&T##_model, CORM_ROW_OF (T, row), (without), (error))
#endif

static inline void
corm_exchange_report_free (CormExchangeReport *report)
{
  if (report == NULL)
    return;
  g_ptr_array_unref (report->tables);
  g_ptr_array_unref (report->notes);
  g_free (report);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormExchangeReport, corm_exchange_report_free)

G_END_DECLS
