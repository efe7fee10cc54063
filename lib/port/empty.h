/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Emptying the tables that rows are to take the place in, and what other tables say to that. */
#pragma once

#include "port/job.h"

/* Empties the pairs' tables in the target, within its transaction. Errors: FOREIGN_KEY, with the table that refers to one of
 * them and stays. */
gboolean corm_port_empty (CormPortJob *job, GError **error);
/* Takes @why, that of a COMMIT which failed with FOREIGN_KEY and left its transaction open, and names the row. */
void corm_port_name_orphan (CormPortJob *job, GError *why, GError **error);
