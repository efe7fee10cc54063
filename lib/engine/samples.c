/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A ring, in the order of time: from the newest backwards until one is too old. */
#include "engine/samples.h"

void
corm_samples_clear (CormSamples *samples)
{
  for (guint i = 0; i < CORM_N_SAMPLES; i++)
    g_free (samples->ring[i].position);
  *samples = (CormSamples){ 0 };
}

void
corm_samples_keep (CormSamples *samples, const char *position, gint64 time)
{
  const CormSample *newest = &samples->ring[samples->newest];
  if (newest->position != NULL && time - newest->time < CORM_SAMPLE_GAP_US)
    return;
  samples->newest = (samples->newest + 1) % CORM_N_SAMPLES;
  CormSample *next = &samples->ring[samples->newest];
  g_free (next->position);
  *next = (CormSample){ .position = g_strdup (position), .time = time };
}

const char *
corm_samples_find (const CormSamples *samples, gint64 time)
{
  const char *found = NULL;
  for (guint i = 0; i < CORM_N_SAMPLES; i++) {
    const CormSample *sample = &samples->ring[(samples->newest + CORM_N_SAMPLES - i) % CORM_N_SAMPLES];
    if (sample->position == NULL || sample->time < time)
      break;
    found = sample->position;
  }
  return found;
}
