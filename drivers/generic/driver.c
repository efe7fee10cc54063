/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The table of flavors: a driver for each of the three databases that Corm knows well, one for all others. Their dialects
 * are the native drivers' with changes, made at the first use. */
#include "generic.h"

static CormDialect sqlite3_dialect, pgsql_dialect, mysql_dialect, ansi_dialect;

#define COMMON \
  .name = "generic", .explain = corm_generic_explain, .connect = corm_generic_connect, \
  .disconnect = corm_generic_disconnect, .ping = corm_generic_ping, .is_alive = corm_generic_is_alive, \
  .in_transaction = corm_generic_in_transaction, .run = corm_generic_run, .prepare = corm_generic_prepare, \
  .execute = corm_generic_execute, .n_columns = corm_generic_n_columns, \
  .column_name = corm_generic_column_name, .step = corm_generic_step, .n_changed = corm_generic_n_changed, \
  .reset = corm_generic_reset, .finalize = corm_generic_finalize

static const CormDriver sqlite3_driver = {
  COMMON,
  .dbi_name = "sqlite3",
  .dialect = &sqlite3_dialect,
  .detail = &corm_generic_sqlite3,
  .configure = corm_generic_sqlite3_configure,
  .last_id = corm_generic_last_id,
  .inspect = corm_sqlite3_inspect,
  .scratch_begin = corm_generic_sqlite3_scratch_begin,
  .scratch_end = corm_sqlite3_scratch_end,
  .lock_try = corm_sqlite3_lock_try,
  .lock_check = corm_sqlite3_lock_check,
  .lock_free = corm_sqlite3_lock_free,
  .last_number = corm_sqlite3_last_number,
  .after_load = corm_sqlite3_after_load,
};

static const CormDriver pgsql_driver = {
  COMMON,
  .dbi_name = "pgsql",
  .dialect = &pgsql_dialect,
  .detail = &corm_generic_pgsql,
  .configure = corm_generic_pgsql_configure,
  .inspect = corm_pgsql_inspect,
  .scratch_begin = corm_pgsql_scratch_begin,
  .scratch_end = corm_pgsql_scratch_end,
  .last_number = corm_pgsql_last_number,
  .after_load = corm_pgsql_after_load,
  .position = corm_pgsql_position,
  .later = corm_pgsql_later,
  .has_replayed = corm_pgsql_has_replayed,
};

static const CormDriver mysql_driver = {
  COMMON,
  .dbi_name = "mysql",
  .dialect = &mysql_dialect,
  .detail = &corm_generic_mysql,
  .configure = corm_generic_mysql_configure,
  .last_id = corm_generic_last_id,
  .inspect = corm_mysql_inspect,
  .scratch_begin = corm_mysql_scratch_begin,
  .scratch_end = corm_mysql_scratch_end,
  .list_hidden = corm_mysql_list_hidden,
  .last_number = corm_mysql_last_number,
  .after_load = corm_mysql_after_load,
  .position = corm_mysql_position,
  .later = corm_mysql_later,
  .has_replayed = corm_mysql_has_replayed,
};

static const CormDriver ansi_driver = {
  COMMON,
  .dialect = &ansi_dialect,
  .detail = &corm_generic_ansi,
  .configure = corm_generic_ansi_configure,
};

static void
fill_dialects (void)
{
  corm_generic_fill_sqlite3 (&sqlite3_dialect);
  corm_generic_fill_pgsql (&pgsql_dialect);
  corm_generic_fill_mysql (&mysql_dialect);
  corm_generic_fill_ansi (&ansi_dialect);
}

const CormDriver *
corm_generic_find (const char *dbi_driver)
{
  static gsize filled;
  static const CormDriver *const drivers[] = { &sqlite3_driver, &pgsql_driver, &mysql_driver };
  if (g_once_init_enter (&filled)) {
    fill_dialects ();
    g_once_init_leave (&filled, 1);
  }
  for (guint i = 0; i < G_N_ELEMENTS (drivers); i++)
    if (g_str_equal (drivers[i]->dbi_name, dbi_driver))
      return drivers[i];
  return &ansi_driver;
}
