/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The driver of MariaDB and MySQL, in one table. */
#include "mysql.h"

const CormDriver corm_mysql_driver = {
  .name = "mysql",
  .dbi_name = "mysql",
  .dialect = &corm_mysql_dialect,
  .configure = corm_mysql_configure,
  .explain = corm_mysql_explain,
  .connect = corm_mysql_connect,
  .disconnect = corm_mysql_disconnect,
  .ping = corm_mysql_ping,
  .is_alive = corm_mysql_is_alive,
  .in_transaction = corm_mysql_in_transaction,
  .set_deadline = corm_mysql_set_deadline,
  .run = corm_mysql_run,
  .prepare = corm_mysql_prepare,
  .execute = corm_mysql_execute,
  .n_columns = corm_mysql_n_columns,
  .column_name = corm_mysql_column_name,
  .step = corm_mysql_step,
  .n_changed = corm_mysql_n_changed,
  .last_id = corm_mysql_last_id,
  .reset = corm_mysql_reset,
  .finalize = corm_mysql_finalize,
  .bulk_begin = corm_mysql_bulk_begin,
  .bulk_row = corm_mysql_bulk_row,
  .bulk_end = corm_mysql_bulk_end,
  .inspect = corm_mysql_inspect,
  .scratch_begin = corm_mysql_scratch_begin,
  .scratch_end = corm_mysql_scratch_end,
  .last_number = corm_mysql_last_number,
  .after_load = corm_mysql_after_load,
  .position = corm_mysql_position,
  .later = corm_mysql_later,
  .has_replayed = corm_mysql_has_replayed,
};
