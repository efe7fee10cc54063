/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the tables say: the queries of the commands, each printed a row a line on stdout. */
#pragma once

#include "models.h"

/* Pending chunks of a job, most urgent first. */
gboolean pix_print_pending (CormConnection *conn, gint32 job_id, GError **error);
/* The ten most urgent chunks that are being processed. */
gboolean pix_print_urgent (CormConnection *conn, GError **error);
/* Failed chunks that were retried fewer than @below times, oldest first. */
gboolean pix_print_failed (CormConnection *conn, gint32 below, GError **error);
/* Chunks of each job by status, and how much of it is done. */
gboolean pix_print_progress (CormConnection *conn, GError **error);
/* Profiles of each tier. */
gboolean pix_print_tiers (CormConnection *conn, GError **error);
/* Times, failures, retries, tiers, and the database's plan for the next claim. */
gboolean pix_print_monitor (CormConnection *conn, GError **error);
