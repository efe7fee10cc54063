/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a trigger does: plain INSERT, UPDATE and DELETE of other tables, and NEW.column set. */
#pragma once

#include "port/plain.h"

typedef struct {
  const CormPair *table;    /* that the trigger is on */
  const CormSchema *source; /* its triggers */
  gboolean sets_new;        /* NEW may be changed: before an insert or an update */
  const char *returns;      /* "NEW", "OLD": what a function has to end with; NULL: it does not matter */
} CormTriggerBody;

/* Statements up to END, each with a semicolon behind it, appended. RETURN ends them too, and is left out. */
gboolean corm_trigger_read_block (CormReading *reading, const CormTriggerBody *body);
/* One of them, without the semicolon. */
gboolean corm_trigger_read_statement (CormReading *reading, const CormTriggerBody *body);
