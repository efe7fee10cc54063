/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is done to a database while something fails: each scenario makes a small database, does one thing to it, and knows how
 * to go on behind a failure. */
#pragma once

#include "../lib/suite.h"

#include "../lib/seam.h"

typedef struct {
  char *uri;         /* of the database that is judged */
  char *other;       /* of a SQLite file that a port reads, or a peer has; NULL: none */
  char *message;     /* path of a file for a peer; NULL: none */
  guint deadline_ms; /* of a transaction; 0: none */
  guint busy_ms; /* how long a lock is waited for, and a transaction with a token tried again; 0: some time */
  CormDb *db[2]; /* open during the work, and freed behind it */
} Stage;

typedef gboolean (*StageFunc) (Stage *stage, GError **error);

typedef struct {
  const char *name;
  StageFunc prepare;
  StageFunc work;
  StageFunc go_on; /* behind a failure, as a user would */
  gboolean
      in_steps; /* a failure may leave it between, in a state that is known and that go_on brings to its end */
  gboolean changes_tables; /* the same where DDL has no transactions */
} Scenario;

extern const Scenario scenarios[];
extern const guint n_scenarios;

/* The pool has two connections. */
CormDb *stage_open (Stage *stage, guint which, const CormModel *const *models, GError **error);
void stage_clear (Stage *stage);
/* Both connections of each pool are to be had, and answer. */
gboolean stage_check_pools (Stage *stage, GError **error);
/* The same, and the files of the other database; the one that is judged goes with its place. */
void stage_end (Stage *stage);
/* Waits for what the fault has left at a server; FALSE: something stays. */
typedef gboolean (*StageWaitFunc) (CormConnection *conn);
/* What the database holds, tables and rows, but for Corm's own tables; fails when somebody else could not write all of it at once.
 * @wait may be NULL; free with g_free(). */
char *stage_observe (const Stage *stage, StageWaitFunc wait);
