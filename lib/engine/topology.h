/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where a CormDb reads: its replicas, each with a pool, and the writer through a pool of connections that only read.
 * Nothing runs in the background: a replica is looked at when somebody wants to read. */
#pragma once

#include "engine/connection.h"

typedef struct _CormTopology CormTopology;

/* For @db with its @uri, both of which outlive it. Opens nothing.
 * Errors: INVALID (a reader's URI, or one of another driver), UNSUPPORTED (a database without replicas). */
CormTopology *corm_topology_new (CormDb *db, const CormUri *uri, const CormDbOptions *options,
                                 GError **error);
void corm_topology_free (CormTopology *topology);
/* What the writer's connections leave their traces by; 0: there are no replicas. */
guint corm_topology_get_traces (const CormTopology *topology);
/* Whether positions can be had from a writer's connection, where they are needed. */
gboolean corm_topology_check (CormTopology *topology, CormConnection *conn, GError **error);
/* Errors: INVALID. */
gboolean corm_topology_check_position (CormTopology *topology, const char *position, GError **error);
/* What the writer has by now is needed by all threads. */
void corm_topology_expect (CormTopology *topology);
CormConnection *corm_topology_take (CormTopology *topology, const char *position, GError **error);
void corm_topology_give (CormTopology *topology, CormConnection *conn);
char *corm_topology_get_position (CormTopology *topology, const char *since, GError **error);
