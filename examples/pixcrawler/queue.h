/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The table job_chunks as a queue that any number of workers empty side by side, in threads, processes or machines. */
#pragma once

#include "models.h"

typedef struct {
  const char *name; /* stands in task_id while a chunk is this worker's; no other worker has it */
  guint batch;      /* chunks that are claimed at once */
  guint fail_every; /* to try retries: the first try of every chunk whose number it divides fails; 0: none */
  guint pause_ms;   /* for each chunk: what fetching the images takes */
} PixWorker;

typedef struct {
  guint64 completed, failed;
  guint64 lost; /* done, but taken away meanwhile: nothing of them was written */
} PixTally;

/* Works until no chunk is pending. */
gboolean pix_work (CormDb *db, const PixWorker *worker, PixTally *tally, GError **error);

typedef struct {
  guint below;      /* a chunk that was tried so often again stays failed */
  gint64 stale_s;   /* a chunk that was claimed so long ago belongs to a dead worker; -1: no chunk does */
  guint64 again;    /* out: chunks that are pending again */
  guint64 given_up; /* out: chunks of dead workers that were tried often enough */
} PixRetry;
/* For corm_transact(); data is a PixRetry. */
gboolean pix_retry (CormConnection *conn, gpointer data, GError **error);
