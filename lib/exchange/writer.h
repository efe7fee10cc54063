/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a format must know to write: the frame around the rows, and the three kinds of form. */
#pragma once

#include "exchange/form.h"
#include "exchange/output.h"

#include <corm/exchange.h>

typedef struct _CormWriter CormWriter;
struct _CormWriter {
  /* @snapshot: JSON of the schema; NULL: none. */
  gboolean (*begin) (CormWriter *writer, const char *snapshot, GError **error);
  gboolean (*table) (CormWriter *writer, const char *name, const char *const *columns, guint n,
                     GError **error);
  gboolean (*row) (CormWriter *writer, const CormForm *forms, GError **error);
  gboolean (*table_end) (CormWriter *writer, GError **error);
  /* @rows: of all tables. All that was written is on the disk under its name. */
  gboolean (*end) (CormWriter *writer, guint64 rows, GError **error);
  /* Without end() nothing is left. */
  void (*free) (CormWriter *writer);
};

/* For @path; @format is not AUTO. */
CormWriter *corm_writer_new (CormFormat format, const char *path, GError **error);
CormWriter *corm_json_writer_new (const char *path, gboolean lines, GError **error);
CormWriter *corm_yaml_writer_new (const char *path, GError **error);
CormWriter *corm_csv_writer_new (const char *path, GError **error);

static inline void
corm_writer_free (CormWriter *writer)
{
  writer->free (writer);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormWriter, corm_writer_free)

/* Appends a JSON string: '"', '\\' and control characters escaped, all else as it is. */
void corm_json_append_string (GString *json, const char *text, gsize size);
