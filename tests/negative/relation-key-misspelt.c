/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* A relation names a key that the struct does not have. */
#include "job.h"

extern const CormRelation relations[];

#ifdef MENDED
const CormRelation relations[] = { CORM_HAS_MANY (Cluster, jobs, Job, cluster_id) };
#else
const CormRelation relations[] = { CORM_HAS_MANY (Cluster, jobs, Job, machine_id) };
#endif
