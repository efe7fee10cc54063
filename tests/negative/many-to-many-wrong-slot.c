/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* The slot of a many-to-many relation is a CormRows pointer. */
#include "job.h"

extern const CormRelation relations[];

#ifdef MENDED
const CormRelation relations[] = { CORM_MANY_TO_MANY (Cluster, jobs, Job, "pairs", "cluster_id", "job_id") };
#else
const CormRelation relations[] = { CORM_MANY_TO_MANY (Cluster, name, Job, "pairs", "cluster_id", "job_id") };
#endif
