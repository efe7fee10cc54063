/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A port at work: what all of its parts know. */
#pragma once

#include "port/copy.h"
#include "port/names.h"

typedef struct {
  const CormPortOptions *options;
  CormConnection *from;
  CormConnection *to;
  CormCrew *crew; /* its transactions read the source */
  CormSchema *source;
  CormPortMapping *mapping; /* NULL: none */
  CormNames *names;         /* of the source's tables and columns in the target */
  CormSchema *target;       /* what the moved tables are in the target */
  GPtrArray *pairs;         /* CormPair, in the order of report->tables */
  GPtrArray *views; /* CormPair of views that were translated, which borrow from the two below; NULL: none */
  CormSchema *views_left, *views_right;
  CormPortReport *report;
  CormMeter meter;
} CormPortJob;

/* Fills job->target, job->pairs and the report's tables. @resume: the target's tables are the port's own.
 * Errors: SCHEMA (a table is there, or is not; a column has no place), NOT_FOUND. */
gboolean corm_port_settle (CormPortJob *job, const CormSchema *live, gboolean resume, GError **error);
/* TRUE when the rows go into tables that are there. */
static inline gboolean
corm_port_is_fill (const CormPortOptions *options)
{
  return options->data_only || options->append || options->truncate;
}

/* Rows into tables that are there, in one transaction. */
gboolean corm_port_fill (CormPortJob *job, GError **error);
/* Makes the tables, fills and finishes them, from the beginning or from where a port that was killed had come to. */
gboolean corm_port_make (CormPortJob *job, GError **error);
/* Compares both sides; @skip_misfits as in CormVerify. FALSE only when it could not be done. */
gboolean corm_port_prove (CormPortJob *job, GError **error);
