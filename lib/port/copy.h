/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rows of one table, from a streaming read to a bulk load, one row in memory. */
#pragma once

#include "engine/connection.h"
#include "port/reject.h"

typedef struct {
  CormConnection *source;
  CormConnection *target;
  CormRejects *rejects; /* NULL: the first value that does not fit stops */
  CormProgressFunc progress;
  gpointer data;
  CormProgress state;
} CormCopy;

/* Errors: CONVERSION and NOT_NULL with table, key, column, value and reason; those of the databases. */
gboolean corm_copy_table (CormCopy *copy, const CormPair *pair, CormTableReport *report, GError **error);
