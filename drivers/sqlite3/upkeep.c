/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What SQLite can say about itself and do for itself. */
#include "../dialects.h"

#include <corm/sys/upkeep.h>

const CormUpkeepSql corm_sqlite3_upkeep = {
  .char_length = "length({n})",
  .row_name = "rowid",
  .keys_dangle = true,
};
