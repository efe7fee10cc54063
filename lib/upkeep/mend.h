/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The mends that the options name. */
#pragma once

#include "upkeep/look.h"

/* Lists them in the diagnosis, and runs them unless it is a dry run. */
gboolean corm_mend (CormLook *look, const GPtrArray *tables, GError **error);
