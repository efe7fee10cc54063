/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a role lacks, when a database refuses something to a port. */
#pragma once

#include "port/job.h"

/* Puts the GRANT statements that are missing behind @error's message, where it says DENIED and they can be told. */
void corm_port_tell_grants (const CormPortJob *job, GError *error);
