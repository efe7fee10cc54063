/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What MariaDB and MySQL can say about themselves and do for themselves. */
#include "../dialects.h"

#include <corm/sys/upkeep.h>

/* What a session without strict mode leaves: dates of zeros, and a boolean is a small integer. */
static gboolean
append_misfit (GString *sql, const char *name, const CormTableColumn *column)
{
  switch (column->type.type) {
  case CORM_TYPE_BOOLEAN:
    g_string_append_printf (sql, "%s NOT IN (0, 1)", name);
    return TRUE;
  case CORM_TYPE_DATE:
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_LOCAL_TIMESTAMP:
    g_string_append_printf (sql, "month(%s) = 0 OR dayofmonth(%s) = 0", name, name);
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean
next_keys (CormConnection *conn, GPtrArray *keys, GError **error)
{
  GError *local = NULL;
  g_autoptr (CormCursor) cursor =
      corm_query (conn,
                  "SELECT table_name, CAST(auto_increment AS SIGNED) FROM information_schema.tables WHERE "
                  "table_schema = database() AND table_type = 'BASE TABLE' AND auto_increment BETWEEN 1 AND "
                  "9223372036854775807 ORDER BY 1",
                  NULL, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local)) {
    CormNextKey *key = g_new0 (CormNextKey, 1);
    g_autoptr (GString) table = g_string_new (NULL), next = g_string_new (NULL);
    corm_value_append_text (corm_cursor_get_value (cursor, 0), table);
    corm_value_append_text (corm_cursor_get_value (cursor, 1), next);
    key->table = g_strdup (table->str);
    key->next = g_ascii_strtoll (next->str, NULL, 10);
    g_ptr_array_add (keys, key);
  }
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL;
}

/* Either of them has to be switched on: performance_schema when the server starts, userstat at any time. */
static const char *const index_use[] = {
  "SELECT object_name, index_name, count_read, sum(count_read) OVER (PARTITION BY object_name) FROM "
  "performance_schema.table_io_waits_summary_by_index_usage WHERE object_schema = database() AND "
  "@@performance_schema",
  "SELECT s.table_name, s.index_name, max(coalesce(i.rows_read, 0)), max(t.rows_read) FROM "
  "information_schema.statistics AS s JOIN information_schema.table_statistics AS t ON t.table_schema = "
  "s.table_schema AND t.table_name = s.table_name LEFT JOIN information_schema.index_statistics AS i ON "
  "i.table_schema = s.table_schema AND i.table_name = s.table_name AND i.index_name = s.index_name WHERE "
  "s.table_schema = database() AND @@userstat GROUP BY s.table_name, s.index_name ORDER BY 1, 2",
  NULL
};

/* --- maintenance ------------------------------------------------------------------------------------------------ */

/* Table, what was done, kind of message, message. */
static CormAnswer
answer (guint task, CormCursor *cursor, GString *words)
{
  g_autoptr (GString) kind = g_string_new (NULL);
  if (corm_cursor_get_n_columns (cursor) < 4)
    return CORM_ANSWER_FINE;
  corm_value_append_text (corm_cursor_get_value (cursor, 2), kind);
  corm_value_append_text (corm_cursor_get_value (cursor, 3), words);
  gboolean is_status = g_ascii_strcasecmp (kind->str, "status") == 0;
  if (is_status &&
      (g_str_has_prefix (words->str, "OK") || g_str_has_prefix (words->str, "Engine-independent")))
    g_string_truncate (words, 0);
  if (g_ascii_strcasecmp (kind->str, "error") != 0 && !g_str_has_prefix (words->str, "Corrupt"))
    return CORM_ANSWER_FINE;
  return task == CORM_MAINTAIN_CHECK ? CORM_ANSWER_DAMAGED : CORM_ANSWER_FAILED;
}

static const CormMaintainSql maintain[] = {
  { CORM_MAINTAIN_CHECK, "CHECK TABLE {t}", NULL, true },
  { CORM_MAINTAIN_REINDEX, NULL, "OPTIMIZE TABLE makes the indexes anew with the table: --vacuum", false },
  { CORM_MAINTAIN_VACUUM, "OPTIMIZE TABLE {t}", NULL, true },
  { CORM_MAINTAIN_ANALYZE, "ANALYZE TABLE {t}", NULL, true },
  { 0, NULL, NULL, false },
};

/* --- figures ------------------------------------------------------------------------------------------------------ */

static const char *const table_stats[] = {
  "SELECT table_rows, engine IN ('MyISAM', 'Aria', 'MEMORY'), data_length, index_length, NULL, data_free, "
  "NULL FROM "
  "information_schema.tables WHERE table_schema = database() AND table_name = {c}",
  NULL
};

/* Sizes stand in a table of the server's own, which not every role may read; nor performance_schema. */
#define BYTES \
  "(SELECT max(z.stat_value) * @@innodb_page_size FROM mysql.innodb_index_stats AS z WHERE z.database_name " \
  "= database() " \
  "AND z.table_name = {c} AND z.index_name = s.index_name AND z.stat_name = 'size')"
#define READS \
  "(SELECT max(p.count_read) FROM performance_schema.table_io_waits_summary_by_index_usage AS p WHERE " \
  "p.object_schema = " \
  "database() AND p.object_name = {c} AND p.index_name = s.index_name AND @@performance_schema)"
#define PER_KEY \
  "CAST(round((SELECT t.table_rows FROM information_schema.tables AS t WHERE t.table_schema = database() " \
  "AND " \
  "t.table_name = {c}) / nullif(max(s.cardinality), 0)) AS SIGNED)"
#define INDEXES \
  " FROM information_schema.statistics AS s WHERE s.table_schema = database() AND s.table_name = {c} GROUP " \
  "BY " \
  "s.index_name ORDER BY 1"
static const char *const index_stats[] = { "SELECT s.index_name, " BYTES ", " READS ", " PER_KEY INDEXES,
                                           "SELECT s.index_name, " BYTES ", NULL, " PER_KEY INDEXES,
                                           "SELECT s.index_name, NULL, " READS ", " PER_KEY INDEXES,
                                           "SELECT s.index_name, NULL, NULL, " PER_KEY INDEXES, NULL };

/* --- copies --------------------------------------------------------------------------------------------------------- */

/* name="value" of an option file. */
static void
append_option (GString *text, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append_printf (text, "%s=\"", name);
  for (const char *p = value; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_c (text, '\\');
    g_string_append_c (text, *p);
  }
  g_string_append (text, "\"\n");
}

/* The whole connection, so that nothing of it stands on a command line. */
static char *
option_file (const CormUri *uri)
{
  GString *text = g_string_new ("[client]\n");
  const char *name, *value;
  g_autofree char *port =
      corm_uri_get_port (uri) > 0 ? g_strdup_printf ("%d", corm_uri_get_port (uri)) : NULL;
  append_option (text, "host", corm_uri_get_host (uri));
  append_option (text, "port", port);
  append_option (text, "user", corm_uri_get_user (uri));
  append_option (text, "password", corm_uri_get_password (uri));
  for (guint i = 0; corm_uri_get_nth_parameter (uri, i, &name, &value); i++) {
    g_autofree char *option = g_strdelimit (g_strdup (name), "_", '-');
    if (g_str_equal (option, "ssl-enforce"))
      append_option (text, "ssl", value);
    else if (!g_str_equal (option, "connect-timeout") && !g_str_equal (option, "compress"))
      append_option (text, option, value);
  }
  return g_string_free (text, FALSE);
}

static void
add (CormTool *tool, const char *argument)
{
  g_ptr_array_add (tool->argv, g_strdup (argument));
}

/* MySQL's own name where there is no other. */
static const char *
find_program (const char *name, const char *other)
{
  g_autofree char *path = g_find_program_in_path (name);
  g_autofree char *other_path = path == NULL ? g_find_program_in_path (other) : NULL;
  return other_path != NULL ? other : name;
}

static gboolean
make_tool (const CormUri *uri, const char *file, gboolean restore, G_GNUC_UNUSED gboolean force,
           CormTool *tool, GError **error)
{
  const char *database = corm_uri_get_database (uri);
  if (database == NULL || *database == '\0') {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s names no database",
                 corm_uri_get_public_text (uri));
    return FALSE;
  }
  add (tool, restore ? find_program ("mariadb", "mysql") : find_program ("mariadb-dump", "mysqldump"));
  add (tool, "--defaults-extra-file={secret}");
  add (tool, "--default-character-set=utf8mb4");
  if (restore)
    add (tool, "--binary-mode");
  else {
    add (tool, "--single-transaction");
    add (tool, "--routines");
    add (tool, "--triggers");
    add (tool, "--events");
    add (tool, "--hex-blob");
    g_ptr_array_add (tool->argv, g_strconcat ("--result-file=", file, NULL));
  }
  add (tool, "--");
  add (tool, database);
  tool->secret = option_file (uri);
  tool->reads_file = restore;
  tool->ending = "-- Dump completed";
  tool->package = "mariadb-client";
  return TRUE;
}

static const char count_objects[] = "SELECT (SELECT count(*) FROM information_schema.tables WHERE "
                                    "table_schema = database()) + (SELECT count(*) FROM "
                                    "information_schema.routines WHERE routine_schema = database())";

const CormUpkeepSql corm_mysql_upkeep = {
  .char_length = "char_length({n})",
  .as_text = "CONVERT({n} USING utf8mb4)",
  .append_misfit = append_misfit,
  .keys_dangle = true,
  .index_use = index_use,
  .next_keys = next_keys,
  .set_next = "ALTER TABLE {t} AUTO_INCREMENT = {u}",
  .set_alone = true,
  .maintain = maintain,
  .answer = answer,
  .table_stats = table_stats,
  .index_stats = index_stats,
  .tool = make_tool,
  .count_objects = count_objects,
};
