/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* The slot of a relation points to the target's struct. */
#include "job.h"

extern const CormRelation relations[];

#ifdef MENDED
typedef struct {
  CormOptInt64 cluster_id;
  Cluster *cluster;
} Part;
const CormRelation relations[] = { CORM_BELONGS_TO (Part, cluster, Cluster, cluster_id) };
#else
typedef struct {
  CormOptInt64 cluster_id;
  Job *cluster;
} Part;
const CormRelation relations[] = { CORM_BELONGS_TO (Part, cluster, Cluster, cluster_id) };
#endif
