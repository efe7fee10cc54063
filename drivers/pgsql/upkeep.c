/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What PostgreSQL can say about itself and do for itself. */
#include "../dialects.h"

#include <corm/sys/upkeep.h>

const CormUpkeepSql corm_pgsql_upkeep = {
  .char_length = "char_length({n})",
  .row_name = "ctid",
};
