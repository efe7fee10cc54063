/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Checks, and the predicates of indexes: whether they hold for the same rows in the target. */
#pragma once

#include "port/job.h"

/* Takes out of the target's table of @pair, whose types are chosen, each check and each unique index whose condition might
 * mean something else there; they are listed as not moved, with the reason. */
void corm_port_check_conditions (const CormPortJob *job, const CormPair *pair);
