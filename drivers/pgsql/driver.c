/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The PostgreSQL driver: one struct, and everything behind it in this folder. */
#include "pgsql.h"

extern const CormDriver corm_pgsql_driver; /* named in lib/engine/drivers.c */

const CormDriver corm_pgsql_driver = {
  .name = "pgsql",
  .dbi_name = "pgsql",
  .dialect = &corm_pgsql_dialect,
  .configure = corm_pgsql_configure,
  .explain = corm_pgsql_explain,
  .connect = corm_pgsql_connect,
  .disconnect = corm_pgsql_disconnect,
  .ping = corm_pgsql_ping,
  .is_alive = corm_pgsql_is_alive,
  .in_transaction = corm_pgsql_in_transaction,
  .set_deadline = corm_pgsql_set_deadline,
  .run = corm_pgsql_run,
  .prepare = corm_pgsql_prepare,
  .execute = corm_pgsql_execute,
  .n_columns = corm_pgsql_n_columns,
  .column_name = corm_pgsql_column_name,
  .step = corm_pgsql_step,
  .n_changed = corm_pgsql_n_changed,
  .reset = corm_pgsql_reset,
  .finalize = corm_pgsql_finalize,
  .bulk_begin = corm_pgsql_bulk_begin,
  .bulk_row = corm_pgsql_bulk_row,
  .bulk_end = corm_pgsql_bulk_end,
  .inspect = corm_pgsql_inspect,
  .scratch_begin = corm_pgsql_scratch_begin,
  .scratch_end = corm_pgsql_scratch_end,
  .last_number = corm_pgsql_last_number,
  .after_load = corm_pgsql_after_load,
  .position = corm_pgsql_position,
  .later = corm_pgsql_later,
  .has_replayed = corm_pgsql_has_replayed,
};
