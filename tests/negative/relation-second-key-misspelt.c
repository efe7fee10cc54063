/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* One of the members of a key of several is misspelt. */
#include "job.h"

extern const CormRelation relations[];

#ifdef MENDED
const CormRelation relations[] = { CORM_HAS_MANY (Cluster, jobs, Job, (cluster_id, priority)) };
#else
const CormRelation relations[] = { CORM_HAS_MANY (Cluster, jobs, Job, (cluster_id, urgency)) };
#endif
