/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where the writer was at some moments of the last seconds. Whoever keeps one locks it. */
#pragma once

#include <glib.h>

/* How many are kept, and how far apart at least. */
enum { CORM_N_SAMPLES = 64, CORM_SAMPLE_GAP_US = 25 * 1000 };

typedef struct {
  char *position;
  gint64 time; /* µs, monotonic */
} CormSample;

/* Zero: none yet. */
typedef struct {
  CormSample ring[CORM_N_SAMPLES];
  guint newest;
} CormSamples;

void corm_samples_clear (CormSamples *samples);
/* @position was asked for at @time, so that it lies behind all that was committed then. */
void corm_samples_keep (CormSamples *samples, const char *position, gint64 time);
/* The earliest position that is known to lie behind all that was committed at @time; NULL: none is. Borrowed. */
const char *corm_samples_find (const CormSamples *samples, gint64 time);
