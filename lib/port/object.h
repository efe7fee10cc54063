/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What becomes of views, triggers and whatever else is no table. Between equal dialects they keep their words; into
 * another one plain views and triggers are translated, and all others are listed. */
#pragma once

#include "port/job.h"

/* Fills job->target->objects, job->views and the report. Types and conversions are chosen by then. */
void corm_port_settle_objects (CormPortJob *job, const CormSchema *live, gboolean resume);
/* When the steps are done: what the target has refused, or had before, was not moved. */
void corm_port_settle_steps (CormPortJob *job, GPtrArray *steps);
/* "trigger t on items": what a step calls it; free with g_free(). */
char *corm_port_object_key (const char *kind, const char *name, const char *table);
