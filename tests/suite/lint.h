/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Shows what a rule of lint warns of on a real database: the bad example does the harm, the safe one does not. */
#pragma once

#include "../lib/suite.h"

typedef struct _LintHarm LintHarm;

/* An empty database with the tables that the examples speak of. */
typedef struct {
  const char *dialect;
  char *uri;
  CormDb *db;
  CormConnection *conn;
  const LintHarm *harm;
  GString *log; /* why there was no harm, for the message */
} LintPlace;

/* TRUE when @script (statements parted by ";\n") did harm. */
typedef gboolean (*LintHarmFunc) (LintPlace *place, const char *script);

struct _LintHarm {
  const char *rule;
  LintHarmFunc harm;
  const char *probe; /* what it looks with, see below; NULL: nothing */
  const char *setup; /* beside the common tables; NULL: nothing */
};

extern const LintHarm *const lint_pgsql, *const lint_mysql, *const lint_sqlite3; /* ended by { NULL } */

/* --- ways to see harm, on any database --------------------------------------------------------------------------- */

/* The database refuses the script. */
gboolean lint_is_refused (LintPlace *place, const char *script);
/* The script runs, and then the probe, which worked before, does not. */
gboolean lint_breaks (LintPlace *place, const char *script);
/* The script runs, then the probe's statements do, and the last one gives a number other than 0. A statement of the probe
 * that is refused is no harm. */
gboolean lint_shows (LintPlace *place, const char *script);
/* The script runs, and the probe gives something else than before; a probe that fails then is harm too. */
gboolean lint_changes (LintPlace *place, const char *script);
/* The probe, "TEXT|QUERY", explained: TEXT stands in the plan. */
gboolean lint_plan_has (LintPlace *place, const char *script);

/* The probe is "QUERY|QUERY": what the first one gives before is given afterwards neither by it nor by the second one. */
gboolean lint_loses (LintPlace *place, const char *script);
/* The probe is "SQL|SQL": behind the script the first runs, the second does not. */
gboolean lint_breaks_after (LintPlace *place, const char *script);
/* The probe is "QUERY|QUERY": behind the script neither runs. */
gboolean lint_breaks_either (LintPlace *place, const char *script);
/* Whoever runs the script rolls it back, and the probe still gives a number other than 0. */
gboolean lint_survives_rollback (LintPlace *place, const char *script);
/* Behind the script, a new connection cannot run the probe. */
gboolean lint_breaks_others (LintPlace *place, const char *script);

/* Lint has a finding of the rule that the probe names. */
gboolean lint_finds (LintPlace *place, const char *script);

/* The database that the probe names refuses the script. */
gboolean lint_other_refuses (LintPlace *place, const char *script);

/* --- PostgreSQL --------------------------------------------------------------------------------------------------- */

/* While a statement of the script is at work, another connection cannot run the probe. */
gboolean lint_blocks (LintPlace *place, const char *script);
/* The same, and the statement read rows of tables meanwhile. */
gboolean lint_blocks_and_reads (LintPlace *place, const char *script);
/* Somebody reads jobs in a long transaction; the script waits for him, and the probe for the script. */
gboolean lint_queues (LintPlace *place, const char *script);

/* --- MariaDB ------------------------------------------------------------------------------------------------------ */

/* Told that others go on writing (LOCK=NONE), the server refuses one of the script's ALTERs. */
gboolean lint_locks_out (LintPlace *place, const char *script);

/* Behind the script another connection cannot run the probe without waiting. */
gboolean lint_holds (LintPlace *place, const char *script);

gboolean lint_run (LintPlace *place, const char *sql); /* FALSE: refused, the words go to the log */
gboolean lint_run_script (LintPlace *place, const char *script);
void lint_close (LintPlace *place);
