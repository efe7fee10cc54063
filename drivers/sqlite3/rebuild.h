/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the parts of a rebuild give to each other: the texts before and after, the way of the rows, the renames. */
#pragma once

#include "../dialects.h"
#include "edit.h"

typedef struct {
  CormSqlite3Edits edits;      /* with the table as it is */
  const CormSchema *live;      /* as it is */
  const CormSchema *schema;    /* after the renames */
  const CormTable *table;      /* after the renames */
  const CormSqlite3Table *old; /* its text as it is, */
  const CormSqlite3Table *was; /* after the renames, */
  const CormSqlite3Table *is;  /* after all edits */
  const GPtrArray *aside;      /* char *, by addition: its name on the way back; NULL: its own */
} CormSqlite3Rebuild;

/* The name of the column that an ADD_COLUMN makes; g_free(). */
char *corm_sqlite3_edit_new_name (const CormTableEdit *edit);
/* Is it among the edits that it has been dropped before? */
gboolean corm_sqlite3_edits_drop_named (const CormSqlite3Edits *edits, CormOpKind kind, const char *name);

/* --- rows.c: which values are kept, and where they go ---------------------------------------------------------------- */

typedef struct {
  GPtrArray
      *saved; /* char *, expressions over the table that is dropped: c0, c1, … of the table they wait in */
  GPtrArray *columns; /* char *, of the table that is made, quoted */
  GPtrArray *values;  /* char *, what each of them gets: expressions over the waiting rows */
} CormSqlite3Rows;

CormSqlite3Rows *corm_sqlite3_rows_there (const CormSqlite3Rebuild *rebuild);
/* The other way: what was dropped comes back with its default, with NULL, or with some value that its constraints take. */
CormSqlite3Rows *corm_sqlite3_rows_back (const CormSqlite3Rebuild *rebuild);
void corm_sqlite3_rows_free (CormSqlite3Rows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSqlite3Rows, corm_sqlite3_rows_free)

/* --- rename.c: SQLite's own renames, tried out in memory --------------------------------------------------------------- */

typedef struct {
  GPtrArray *sql, *reverse; /* char * */
  GPtrArray *aside;         /* see CormSqlite3Rebuild */
  CormSchema *after;        /* NULL: nothing is renamed */
} CormSqlite3Renames;

/* Fills @renames, and sets the schema and the table of @rebuild to what they are then. Errors: SCHEMA, NOT_FOUND. */
gboolean corm_sqlite3_renames_plan (CormSqlite3Rebuild *rebuild, CormSqlite3Renames *renames, GError **error);
/* Where names go or change: do views and triggers that worked before still work? Adds to @reverse what brings those back
 * whose text would not be the old one. Errors: SCHEMA, with the view's or trigger's name. */
gboolean corm_sqlite3_renames_prove (const CormSqlite3Rebuild *rebuild, const GPtrArray *sql,
                                     GPtrArray *reverse, GError **error);
void corm_sqlite3_renames_clear (CormSqlite3Renames *renames);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormSqlite3Renames, corm_sqlite3_renames_clear)
