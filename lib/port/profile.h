/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a table holds, column by column, found by one reading of it in constant memory: SQLite keeps any value in any
 * column, so the declared types alone tell little. */
#pragma once

#include "engine/connection.h"
#include "port/conversion.h"
#include "port/crew.h"
#include "port/walk.h"

/* Values of one kind, and the first of them. */
typedef struct {
  guint64 n;
  char *key;    /* "id = '5'" */
  char *value;  /* quoted, shortened */
  char *reason; /* why it does not fit */
  CormError code;
} CormFound;

typedef enum {
  CORM_LOOK_NONE,
  CORM_LOOK_FIT,   /* does each value fit the column? */
  CORM_LOOK_TIMES, /* which forms of a time are there? */
  CORM_LOOK_FREE,  /* which kinds of values are there? */
} CormLook;

/* How a column is looked at, and what was found. */
typedef struct {
  CormLook look;
  CormTableColumn
      want;         /* FIT: borrows all but the type from the target's column; other looks: not_null counts */
  guint conversion; /* FIT: done first */

  guint64 rows, nulls, integers, reals, texts, blobs;
  gint64 least, greatest; /* of the integers */
  double lowest, highest; /* of the reals */
  guint64 long_integers;  /* that a float does not hold */
  gsize longest;          /* text or blob, bytes */

  /* TIMES: each value is of exactly one kind; a text of digits counts as its number. */
  guint64 dates, locals, zoned, seconds, milliseconds, microseconds, small, small_days, fractions, julian;
  gboolean has_hours; /* one of them is no midnight */

  CormFound misfits; /* FIT: values that do not fit; TIMES: that are no time; FREE: texts that are none */
  CormFound smalls;  /* TIMES: numbers that may count anything */
  CormFound bytes;   /* FREE: blobs that are no text */
} CormColumnProfile;

/* Reads the source's side of @pair for @profiles, one a column of the pair, with look, want and conversion set; free each
 * with corm_column_profile_clear(). @crew: nullable; its hands share a large table out. */
gboolean corm_profile_table (CormConnection *conn, CormCrew *crew, const CormPair *pair,
                             CormColumnProfile *profiles, GError **error);
/* The rows of one range of a walk: @after and @until are nullable. */
gboolean corm_profile_range (CormConnection *conn, const CormWalk *walk, const CormKeyValues *after,
                             const CormKeyValues *until, CormColumnProfile *profiles, GError **error);
/* What was found in the range behind that of @sum; examples are taken over. */
void corm_column_profile_add (CormColumnProfile *sum, CormColumnProfile *part);
void corm_column_profile_clear (CormColumnProfile *profile);
/* "990 whole numbers from 1 to 1000, 10 NULL"; free with g_free(). */
char *corm_column_profile_describe (const CormColumnProfile *profile);
