/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An import while it runs: the tables that it goes into, and what has been found wrong. */
#pragma once

#include "engine/connection.h"
#include "exchange/reader.h"
#include "exchange/reject.h"
#include "exchange/sort.h"
#include "exchange/spool.h"
#include "exchange/tables.h"

/* A table that rows go into. */
typedef struct {
  const CormTable *table; /* as it is in the database, or will be made */
  guint n;
  const CormTableColumn *
      *columns;       /* what values must fit: the model's column, else the table's; in the table's order */
  gboolean *computed; /* by the database: nothing is sent */
  gboolean *required;
  guint n_keys;
  guint *keys;
  GHashTable
      *by_name; /* a column as the file calls it -> its place + 1; 0: there is none, which has been told */
  CormRoom **rooms;
  CormValue *values;
  CormSpoolPart part;
  CormSort *seen; /* the keys of its rows; NULL: none, or nobody wants to know */
  GArray *twice;  /* guint64, in order: which of its rows have the key of one before them, and are left out */
  CormExchangeTable *report;
} CormTarget;

typedef struct {
  CormSink sink; /* the first member: readers know it alone */
  const CormImportOptions *options;
  CormConnection *conn;
  CormExchangeReport *report;
  CormSchema *live;    /* the database's, and behind the end of n_live the tables that are to be made */
  guint n_live;        /* tables that are there */
  CormSchema *models;  /* NULL: none are given */
  CormSchema *makings; /* models, or else the file's snapshot, in this database's words; NULL: none */
  GPtrArray *targets;
  GHashTable *by_name; /* a table as the file calls it -> CormTarget; NULL: it is left out */
  CormTarget *current; /* NULL: the rows that come are left out */
  char *current_name;
  CormSpool *spool;
  CormRejectFile *rejects;
  GError *first;    /* fault, with its place */
  gboolean misfits; /* a table or column is not there: no reject file helps */
} CormImport;

/* The target for a table of the file; NULL where it is not chosen, or not there: then that has been told as a fault. */
gboolean corm_import_find_target (CormImport *import, const char *name, CormTarget **target, GError **error);
/* All tables of import->makings that are chosen and not there become targets. */
gboolean corm_import_add_missing (CormImport *import, GError **error);
void corm_target_free (CormTarget *target);
/* Takes the words of @schema for this database; NULL: nothing to make tables of. */
gboolean corm_import_set_makings (CormImport *import, const CormSchema *schema, GError **error);

/* All rows that were kept go in, within the caller's transaction. */
gboolean corm_import_load (CormImport *import, GPtrArray *ordered, GError **error);
/* In front: foreign keys that the order of the tables cannot satisfy are looked at later; behind: now. */
gboolean corm_import_hold_keys (CormImport *import, GPtrArray *ordered, gboolean *held, GError **error);
gboolean corm_import_release_keys (CormImport *import, GPtrArray *ordered, GError **error);
/* Makes the tables that are missing. */
gboolean corm_import_create (CormImport *import, GPtrArray *reverse, GError **error);

/* Tells of @fault (whose file and key are filled in here): to who asked, and to the reject file. FALSE only where that
 * can't be written. */
gboolean corm_import_fault (CormImport *import, CormError code, CormFault *fault, const CormKeyPart *parts,
                            guint n_parts, GError **error);
/* Keys that stand twice in the file, where the database would not tell. Before the row is spooled, its values in
 * target->values; when all have been read; and whether a row is one that is left out. */
gboolean corm_twice_add (CormTarget *target, guint64 line, GError **error);
gboolean corm_twice_find (CormImport *import, GError **error);
gboolean corm_twice_has (const CormTarget *target, guint64 row);
/* What import->sink does with a row. */
void corm_import_accept (CormImport *import);
