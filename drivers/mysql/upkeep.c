/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What MariaDB and MySQL can say about themselves and do for themselves. */
#include "../dialects.h"

#include <corm/sys/upkeep.h>

const CormUpkeepSql corm_mysql_upkeep = {
  .char_length = "char_length({n})",
  .keys_dangle = true,
};
