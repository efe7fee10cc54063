/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A scenario of faulty.h is done again and again, each time with a fault at another call of the driver, and judged: the database
 * is as before or as after, success is only said of what is as after, the error says what happened, nothing is left behind,
 * and the work goes on. */
#pragma once

#include "faulty.h"

/* How the work ended; shared with the process that did it. */
typedef struct {
  gboolean ok;
  int code; /* of an error of the domain CORM_ERROR */
  guint n_calls, commit;
  char message[600], struck[100], left[200];
} Outcome;

typedef struct {
  const char *name; /* behind "a call": "fails" */
  SeamFault
      seam; /* SEAM_CALL: @strike is called in front of the call, and may do nothing where it can't happen */
  void (*strike) (gpointer stage);
  void (*mend) (Stage *stage); /* behind the work, before anybody looks; NULL: nothing is to be mended */
  /* Whether code and words of an error are those of the fault. */
  gboolean (*is_known) (const Stage *stage, const Outcome *outcome);
  guint
      rarity; /* of the calls that are tried for others only one in so many; 0: all of them, and the COMMIT */
  gboolean is_early; /* it can't come in the middle: only in front of the work */
} Fault;

typedef struct {
  const char *backend;  /* for the report */
  gboolean in_process;  /* there an answer gets lost with the process */
  char *(*take) (void); /* the URI of an empty database; free with g_free() */
  StageWaitFunc wait;   /* see stage_observe() */
  guint busy_ms;        /* see Stage */
  guint few;  /* calls of a scenario that are tried, if CORM_TEST_FAULTS says neither a number nor "all" */
  guint most; /* that are tried with "all"; 0: every one */
} Site;

/* A case behind all scenarios: of each fault there was one that failed by it. */
void trial_every_fault_struck (void **state);
void trial_run (const Scenario *scenario, const Site *site, const Fault *faults, guint n_faults);
