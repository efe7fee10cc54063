/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* A key of the model in between is misspelt. */
#include "job.h"

extern const CormRelation relations[];

#ifdef MENDED
const CormRelation relations[] = { CORM_MANY_THROUGH (Cluster, jobs, Job, Job, cluster_id, id) };
#else
const CormRelation relations[] = { CORM_MANY_THROUGH (Cluster, jobs, Job, Job, cluster_id, job) };
#endif
