/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A flush under way: what is to be written, by model. */
#pragma once

#include "session/private.h"

typedef struct {
  const CormMapping *mapping;
  GPtrArray *inserts; /* CormEntry, as updates and deletes */
  GPtrArray *updates;
  GPtrArray *deletes;
} CormFlushPart;

typedef struct {
  CormSession *session;
  CormFlushPart *parts; /* a model each, referenced ones first */
  guint n_parts;
  guint n_known;      /* entries when it began; those behind came in through slots */
  GPtrArray *saved;   /* entries into whose struct the flush writes */
  GPtrArray *orphans; /* entries that it deletes before its inserts, as another row takes their place */
  GHashTable *
      loose; /* CormPath of a has-one slot -> GPtrArray of the entries that it let go, their key already unset */
  GHashTable *gone; /* entries that it really deletes, by key */
  GHashTable *left; /* structs of all rows that it deletes or marks */
  guint n_batches;
  guint single;       /* the batch that goes row by row, to find the row that fails; G_MAXUINT: none */
  guint failed_batch; /* G_MAXUINT: none */
  gboolean each;      /* all go row by row: keys were not sure otherwise */
  CormEntry *failed;  /* NULL: not known */
} CormFlush;

/* cascade.c: what follows from slots and foreign keys. */

/* Rows that slots point to come in; children are linked to their parents; rows that a has-one slot let go are cut loose or
 * deleted. */
gboolean corm_cascade_slots (CormFlush *flush, GError **error);
/* The link's key columns, from parent to child. */
gboolean corm_cascade_key (CormFlush *flush, CormEntry *child, const CormParentLink *link, GError **error);
/* Behind the deletes: rows that the database deleted or cut loose with them. */
void corm_cascade_deleted (CormFlush *flush);

typedef struct {
  const CormField *fields[16];
  const CormField *to[16]; /* of target */
  guint n;
  const CormMapping *target;
  gboolean is_key; /* to its whole primary key, in that order */
  CormAction on_delete;
  gboolean nullable;
} CormReference;
/* The foreign keys of @mapping: an array of CormReference. */
GArray *corm_cascade_list_references (CormSession *session, const CormMapping *mapping);
/* The entry among those that are gone which @row refers to; NULL: none. */
CormEntry *corm_cascade_find_gone (CormFlush *flush, const CormReference *reference,
                                   const CormMapping *mapping, gconstpointer row);

/* Keeps the struct as it is, before the flush writes into it. */
void corm_flush_save (CormFlush *flush, CormEntry *entry);

/* @entry is deleted, and no longer the session's. */
void corm_flush_leave (CormFlush *flush, CormEntry *entry);

/* check.c: every row that is to be written. Errors: INVALID for a key that was changed, else those of corm_row_check (); flush->failed
 * is the row. */
gboolean corm_flush_check (CormFlush *flush, GError **error);

/* send.c: the SQL. Errors are the database's; flush->failed is the row, where it is known. */
gboolean corm_flush_send (CormFlush *flush, GError **error);
