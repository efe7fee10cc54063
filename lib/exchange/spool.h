/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows on the disk, in a file without a name: it goes with the process. In $TMPDIR, else /var/tmp. */
#pragma once

#include <corm/value.h>

typedef struct _CormSpool CormSpool;

/* What a cell holds that the file said nothing about: the column's default. */
#define CORM_SPOOL_ABSENT CORM_N_TYPES

/* The rows of one table in a spool of many. */
typedef struct {
  guint n_columns;
  guint64 n_rows;
  GArray *pieces; /* of the file; one where a table's rows come together */
} CormSpoolPart;

/* Where a reader of a part stands; may be copied. */
typedef struct {
  const CormSpoolPart *part;
  guint piece;
  guint64 place;
} CormSpoolPlace;

void corm_spool_part_init (CormSpoolPart *part, guint n_columns);
void corm_spool_part_clear (CormSpoolPart *part);

CormSpool *corm_spool_new (GError **error);
void corm_spool_free (CormSpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSpool, corm_spool_free)
/* Appends a row; @tag (a line of the file) comes back with it. A cell of type CORM_SPOOL_ABSENT stays one. Errors: FULL. */
gboolean corm_spool_add (CormSpool *spool, CormSpoolPart *part, const CormValue *row, guint64 tag,
                         GError **error);
/* No row can be added any more. */
gboolean corm_spool_end (CormSpool *spool, GError **error);
CormSpoolPlace corm_spool_begin (const CormSpoolPart *part);
/* The row at @place, which moves on; borrowed until the next call. NULL at the end, then *@error is unset. */
const CormValue *corm_spool_next (CormSpool *spool, CormSpoolPlace *place, guint64 *tag, GError **error);

/* The same form for other files: appends a row's bytes, without the tag; and reads them into @row, which borrows. */
void corm_spool_pack (const CormValue *row, guint n, GString *bytes);
void corm_spool_unpack (const char *bytes, guint n, CormValue *row);
/* A file without a name, for reading and writing. */
int corm_spool_open_file (GError **error);
