/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a format must know to read: it finds the rows and hands them to a sink, one by one. */
#pragma once

#include "exchange/form.h"

#include <corm/exchange.h>

/* One member of a row: a column's name, as the file has it, and its value. */
typedef struct {
  const char *name;
  CormForm form;
} CormMember;

/* Who gets what is read; each may stop the reading with an error. */
typedef struct _CormSink CormSink;
struct _CormSink {
  /* At most once, and in front of all tables. */
  gboolean (*snapshot) (CormSink *sink, const char *json, GError **error);
  /* The rows that follow are this table's; it may come again. */
  gboolean (*table) (CormSink *sink, const char *name, GError **error);
  gboolean (*row) (CormSink *sink, const CormMember *members, guint n, guint64 line, GError **error);
  CormWords words; /* set by the reader */
  const char *file;
  guint64 n_rows; /* counted by the readers */
};

/* Each checks the count of rows that an export ends with. Errors: INVALID, with the place. */
gboolean corm_reader_run (CormFormat format, const char *path, CormSink *sink, GError **error);
gboolean corm_read_json (const char *path, CormSink *sink, GError **error);
gboolean corm_read_json_lines (const char *path, CormSink *sink, GError **error);
gboolean corm_read_yaml (const char *path, CormSink *sink, GError **error);
gboolean corm_read_csv (const char *path, CormSink *sink, GError **error);

/* --- a row while it is read ------------------------------------------------------------------------------------ */

typedef struct {
  GString *bytes;
  GArray *members; /* CormMember, whose texts are places in bytes until corm_record_get() */
  guint64 line;
} CormRecord;

CormRecord *corm_record_new (void);
void corm_record_free (CormRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormRecord, corm_record_free)
void corm_record_clear (CormRecord *record, guint64 line);
/* The next member: its name is what was appended to bytes since the last call here. */
void corm_record_name (CormRecord *record);
/* Its value: what was appended since the name. */
void corm_record_value (CormRecord *record, CormFormKind kind, guint64 line);
/* The row into the sink. */
gboolean corm_record_send (CormRecord *record, CormSink *sink, GError **error);

/* The end of a file that says it is an export: @rows is what it says; -1: nothing. */
gboolean corm_reader_check_count (const char *path, const CormSink *sink, gint64 rows, GError **error);
