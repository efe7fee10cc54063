/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a port that is not done yet keeps in its target: tables named corm_port…, which go with its last step. A target
 * that has them is half-done, and says so. Each batch of rows commits together with the step's row here. */
#pragma once

#include "engine/connection.h"
#include "port/reject.h"
#include "port/walk.h"

typedef enum {
  CORM_STEP_ROWS,
  CORM_STEP_SIFT,
  CORM_STEP_INDEX,
  CORM_STEP_CHECK,
  CORM_STEP_KEY,
  CORM_STEP_SETTLE,
  CORM_STEP_OBJECT
} CormStepKind;
typedef enum { CORM_STEP_WAITING, CORM_STEP_RUNNING, CORM_STEP_FINISHED } CormStepState;

/* One piece of work; of a table, of its nth index, check or foreign key; of an object. */
typedef struct {
  guint number;
  CormStepKind kind;
  char *table; /* of the target; of an object its kind and name */
  guint part;  /* which index, check or foreign key; which range */
  CormStepState state;
  char *after, *until; /* of rows: the range; NULL: an end of the table */
  char *last;          /* key of the last row that is in the target, or was rejected; NULL: none yet */
  guint64 rows, rejected, bytes;
  gint64 spent; /* µs of this run's work on it; not kept */
} CormPortStep;

CormPortStep *corm_port_step_new (CormStepKind kind, const char *table, guint part);
void corm_port_step_free (CormPortStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormPortStep, corm_port_step_free)

#define CORM_LEDGER_END "\036" /* in no name that people write */

/* What is said of the whole port; texts are the ledger's. */
typedef struct {
  char *source; /* its URI without the password */
  char *
      fingerprint; /* of the target's schema and of what was chosen: a port is only taken up as it was begun */
  char *began;     /* when, ISO */
  char *made;      /* tables and types that are the port's, DROP statements, each ended by CORM_LEDGER_END */
  gboolean has_tables; /* all of them are there */
} CormPortRecord;

void corm_port_record_clear (CormPortRecord *record);

/* *@found: whether an unfinished port is in @conn's database. */
gboolean corm_ledger_find (CormConnection *conn, const CormSchema *live, CormPortRecord *record,
                           gboolean *found, GError **error);
/* FALSE, with what to do about an unfinished port. Error: SCHEMA. */
gboolean corm_ledger_refuse (const CormPortRecord *record, GError **error);
/* Makes the tables, with the record and all @steps (CormPortStep) in it. */
gboolean corm_ledger_begin (CormConnection *conn, const CormPortRecord *record, GPtrArray *steps,
                            GError **error);
/* A part of it is: where DDL is in no transaction, making it may have stopped. */
gboolean corm_ledger_is_there (CormConnection *conn);
gboolean corm_ledger_set_tables (CormConnection *conn, GError **error);
/* The steps in their order, when what a killed port had sent last has come to its end: a COMMIT may still be on its way. */
GPtrArray *corm_ledger_take (CormConnection *conn, GError **error);
/* Saves how far a step is, in the transaction that @conn is in. */
gboolean corm_ledger_save (CormConnection *conn, const CormPortStep *step, GError **error);
/* Adds to the rejects of @step. */
gboolean corm_ledger_reject (CormConnection *conn, const CormPortStep *step, const CormReject *reject,
                             GError **error);
/* Appends the keys (guint64) of the rows of @table that the target refused. */
gboolean corm_ledger_read_refused (CormConnection *conn, const char *table, GArray *keys, GError **error);
/* All lines, in the steps' order, to @fd. */
gboolean corm_ledger_write_rejects (CormConnection *conn, int fd, const char *path, GError **error);
/* Drops what the record says that the port made, and the ledger itself. */
gboolean corm_ledger_undo (CormConnection *conn, const CormPortRecord *record, GError **error);
gboolean corm_ledger_drop (CormConnection *conn, GError **error);
