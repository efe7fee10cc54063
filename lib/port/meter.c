/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See meter.h. */
#include "port/meter.h"

void
corm_meter_init (CormMeter *meter, const CormPortOptions *options)
{
  *meter = (CormMeter){ .progress = options->progress, .data = options->data };
  g_mutex_init (&meter->mutex);
}

void
corm_meter_clear (CormMeter *meter)
{
  g_mutex_clear (&meter->mutex);
}

void
corm_meter_tell (CormMeter *meter, CormPortPhase phase, const char *table, guint64 rows, guint64 rows_total,
                 guint64 more_rows, guint64 more_bytes)
{
  g_mutex_lock (&meter->mutex);
  CormProgress *state = &meter->state;
  state->phase = phase;
  state->table = table;
  state->rows = rows;
  state->rows_total = rows_total;
  state->all_rows += more_rows;
  state->all_bytes += more_bytes;
  if (meter->progress != NULL)
    meter->progress (state, meter->data);
  g_mutex_unlock (&meter->mutex);
}
