/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The two connections of a comparison, and how far it is. */
#pragma once

#include "engine/connection.h"

#include <corm/port.h>

typedef struct {
  CormConnection *source;
  CormConnection *target;
  gboolean
      skip_misfits; /* rows of the source that the target can't hold: they were rejected, and are left out here */
  CormProgressFunc progress;
  gpointer data;
  CormProgress state;
} CormVerify;
