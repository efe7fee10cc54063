/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The two connections of a comparison, what of the tables is compared, and how far it is. */
#pragma once

#include "engine/connection.h"
#include "port/mapping.h"
#include "port/meter.h"

#include <corm/port.h>

typedef struct {
  CormConnection *source;
  CormConnection *target;
  gboolean
      skip_misfits; /* rows of the source that the target can't hold: they were rejected, and are left out here */
  gboolean has_keys; /* only rows with an integer key from key_from to key_until */
  gint64 key_from, key_until;
  double sample;            /* per cent of the rows; 0: all */
  CormPortMapping *mapping; /* of the port that made the copy; NULL: none */
  CormMeter *meter;
} CormVerify;
