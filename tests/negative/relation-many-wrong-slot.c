/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* Has many needs a CormRows. */
#include "job.h"

extern const CormRelation relations[];

#ifdef MENDED
const CormRelation relations[] = { CORM_HAS_MANY (Cluster, jobs, Job, cluster_id) };
#else
const CormRelation relations[] = { CORM_HAS_MANY (Cluster, name, Job, cluster_id) };
#endif
