/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How far a port or a comparison is; several threads tell it, the program's function is called by one at a time. */
#pragma once

#include <corm/port.h>

typedef struct {
  CormProgressFunc progress;
  gpointer data;
  CormProgress state;
  GMutex mutex;
} CormMeter;

void corm_meter_init (CormMeter *meter, const CormPortOptions *options);
void corm_meter_clear (CormMeter *meter);
/* @table has @rows of @rows_total done, @more_rows and @more_bytes of them since it was last told. */
void corm_meter_tell (CormMeter *meter, CormPortPhase phase, const char *table, guint64 rows,
                      guint64 rows_total, guint64 more_rows, guint64 more_bytes);
