/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite, spoken to through sqlite3_prepare_v3() and kin on the handle that libdbi opened. */
#include "sqlite3.h"

extern const CormDriver corm_sqlite3_driver;

const CormDriver corm_sqlite3_driver = {
  .name = "sqlite3",
  .dbi_name = "sqlite3",
  .dialect = &corm_sqlite3_dialect,
  .one_by_one = true,
  .configure = corm_sqlite3_configure,
  .explain = corm_sqlite3_explain,
  .connect = corm_sqlite3_connect,
  .disconnect = corm_sqlite3_disconnect,
  .ping = corm_sqlite3_ping,
  .is_alive = corm_sqlite3_is_alive,
  .in_transaction = corm_sqlite3_in_transaction,
  .set_deadline = corm_sqlite3_set_deadline,
  .run = corm_sqlite3_run,
  .prepare = corm_sqlite3_prepare,
  .execute = corm_sqlite3_execute,
  .n_columns = corm_sqlite3_n_columns,
  .column_name = corm_sqlite3_column_name,
  .step = corm_sqlite3_step,
  .n_changed = corm_sqlite3_n_changed,
  .last_id = corm_sqlite3_last_id,
  .n_writes = corm_sqlite3_n_writes,
  .is_view = corm_sqlite3_is_view,
  .reset = corm_sqlite3_reset,
  .finalize = corm_sqlite3_finalize,
  .inspect = corm_sqlite3_inspect,
  .scratch_begin = corm_sqlite3_scratch_begin,
  .scratch_end = corm_sqlite3_scratch_end,
  .lock_try = corm_sqlite3_lock_try,
  .lock_check = corm_sqlite3_lock_check,
  .lock_free = corm_sqlite3_lock_free,
  .last_number = corm_sqlite3_last_number,
  .after_load = corm_sqlite3_after_load,
};
