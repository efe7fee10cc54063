/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What SQLite can say about itself and do for itself. A column's type is a hint to SQLite, so that every cell is asked what
 * it holds: the same limits as in cell.c, said in SQL. */
#include "config.h"

#include "../dialects.h"

#include <corm/sys/upkeep.h>
#include <string.h>

/* By type; each {} is the column. NULL: anything goes. */
static const char *const misfits[CORM_N_TYPES] = {
  [CORM_TYPE_BOOLEAN] = "typeof({}) <> 'integer' OR {} NOT IN (0, 1)",
  [CORM_TYPE_INT16] = "typeof({}) <> 'integer'",
  [CORM_TYPE_INT32] = "typeof({}) <> 'integer'",
  [CORM_TYPE_INT64] = "typeof({}) <> 'integer'",
  [CORM_TYPE_FLOAT32] = "typeof({}) NOT IN ('real', 'integer')",
  [CORM_TYPE_FLOAT64] = "typeof({}) NOT IN ('real', 'integer')",
  [CORM_TYPE_DECIMAL] = "typeof({}) = 'blob' OR (typeof({}) = 'text' AND ({} GLOB '*[^-+.0-9eE]*' OR {} NOT "
                        "GLOB '*[0-9]*'))",
  [CORM_TYPE_TEXT] = "typeof({}) = 'blob'",
  [CORM_TYPE_ENUM] = "typeof({}) = 'blob'",
  [CORM_TYPE_BYTES] = "typeof({}) NOT IN ('blob', 'text')",
  [CORM_TYPE_DATE] = "typeof({}) <> 'text' OR date(substr({}, 1, 10), '+0 days') IS NOT substr({}, 1, 10)",
  [CORM_TYPE_TIME] = "typeof({}) <> 'text' OR {} NOT GLOB '[0-9][0-9]:[0-9][0-9]*' OR time({}) IS NULL",
  [CORM_TYPE_TIMESTAMP] =
      "typeof({}) <> 'text' OR date(substr({}, 1, 10), '+0 days') IS NOT substr({}, 1, 10) OR "
      "datetime({}) IS NULL",
  [CORM_TYPE_LOCAL_TIMESTAMP] =
      "typeof({}) <> 'text' OR date(substr({}, 1, 10), '+0 days') IS NOT substr({}, 1, 10) OR "
      "datetime({}) IS NULL",
  [CORM_TYPE_UUID] =
      "NOT (typeof({}) = 'blob' AND length({}) = 16) AND (typeof({}) <> 'text' OR length({}) <> 36 "
      "OR {} GLOB '*[^-0-9a-fA-F]*')",
  [CORM_TYPE_JSON] = "typeof({}) = 'blob' OR NOT json_valid({})",
};

/* An integer column of a table takes 64 bits whatever it is called; a model means the width that it says. */
static void
append_range (GString *sql, const CormTableColumn *column)
{
  if (column->type_sql != NULL)
    return;
  if (column->type.type == CORM_TYPE_INT16)
    g_string_append (sql, " OR {} NOT BETWEEN -32768 AND 32767");
  if (column->type.type == CORM_TYPE_INT32)
    g_string_append (sql, " OR {} NOT BETWEEN -2147483648 AND 2147483647");
}

static gboolean
append_misfit (GString *sql, const char *name, const CormTableColumn *column)
{
  const char *template = misfits[column->type.type];
  if (template == NULL)
    return FALSE;
  g_autoptr (GString) text = g_string_new (template);
  append_range (text, column);
  g_auto (GStrv) pieces = g_strsplit (text->str, "{}", -1);
  for (guint i = 0; pieces[i] != NULL; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? name : "", pieces[i]);
  return TRUE;
}

static void
add_next (CormCursor *cursor, GPtrArray *keys)
{
  CormNextKey *key = g_new0 (CormNextKey, 1);
  g_autoptr (GString) table = g_string_new (NULL), next = g_string_new (NULL);
  corm_value_append_text (corm_cursor_get_value (cursor, 0), table);
  corm_value_append_text (corm_cursor_get_value (cursor, 1), next);
  key->table = g_strdup (table->str);
  key->next = g_ascii_strtoll (next->str, NULL, 10);
  g_ptr_array_add (keys, key);
}

/* Only AUTOINCREMENT keeps one. Where no table has it, there is no sqlite_sequence either. */
static gboolean
next_keys (CormConnection *conn, GPtrArray *keys, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (CormCursor) cursor = corm_query (
      conn, "SELECT name, seq + 1 FROM sqlite_sequence WHERE typeof(seq) = 'integer'", NULL, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local))
    add_next (cursor, keys);
  if (local == NULL || strstr (local->message, "no such table") != NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* --- maintenance ------------------------------------------------------------------------------------------------ */

static CormAnswer
read_check (CormCursor *cursor, GString *words)
{
  corm_value_append_text (corm_cursor_get_value (cursor, 0), words);
  g_string_replace (words, "\n", " ", 0);
  if (strcmp (words->str, "ok") != 0)
    return CORM_ANSWER_DAMAGED;
  g_string_truncate (words, 0);
  return CORM_ANSWER_FINE;
}

/* wal_checkpoint: busy, frames in the log, frames written back. */
static CormAnswer
read_checkpoint (CormCursor *cursor, GString *words)
{
  const CormValue *busy = corm_cursor_get_value (cursor, 0);
  if (corm_cursor_get_n_columns (cursor) < 3 || busy->type != CORM_TYPE_INT64 || busy->i == 0)
    return CORM_ANSWER_FINE;
  g_string_append (words, "somebody reads or writes: the log stays until they are done");
  return CORM_ANSWER_FINE;
}

static CormAnswer
answer (guint task, CormCursor *cursor, GString *words)
{
  return task == CORM_MAINTAIN_CHECK ? read_check (cursor, words) : read_checkpoint (cursor, words);
}

/* @answers: the checkpoint's rows can be read; libdbi's driver reads only what looks like a query. */
#define MAINTAIN(answers) \
  { \
    { CORM_MAINTAIN_CHECK, "PRAGMA integrity_check(1000)", NULL, true }, \
        { CORM_MAINTAIN_REINDEX, "REINDEX main.{t}", NULL, false }, \
        { CORM_MAINTAIN_VACUUM, "VACUUM", NULL, false }, \
        { CORM_MAINTAIN_VACUUM, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, answers }, \
        { CORM_MAINTAIN_ANALYZE, "ANALYZE main.{t}", NULL, false }, \
        { CORM_MAINTAIN_ANALYZE, "PRAGMA optimize", NULL, answers }, { 0, NULL, NULL, false }, \
  }

static const CormMaintainSql maintain[] = MAINTAIN (true);
static const CormMaintainSql plain_maintain[] = MAINTAIN (false);

/* --- figures ------------------------------------------------------------------------------------------------------ */

#define PAGES(what, name) "(SELECT coalesce(sum(" what "), 0) FROM dbstat WHERE name " name ")"

static const char *const table_stats[] = {
  "SELECT (SELECT count(*) FROM {t}), 1, " PAGES ("pgsize", "= {c}") ", " PAGES (
      "pgsize", "IN (SELECT name FROM sqlite_schema WHERE type = 'index' AND "
                "tbl_name = {c})") ", NULL, " PAGES ("unused", "= {c}") ", NULL",
  "SELECT (SELECT count(*) FROM {t}), 1, NULL, NULL, NULL, NULL, NULL", NULL
};

/* sqlite_stat1 ends in the number of rows that a whole key finds. */
#define INDEX_BYTES "(SELECT sum(pgsize) FROM dbstat AS d WHERE d.name = i.name)"
#define INDEXES " FROM sqlite_schema AS i WHERE i.type = 'index' AND i.tbl_name = {c} ORDER BY i.name"
static const char *const index_stats[] = {
  "SELECT i.name, " INDEX_BYTES
  ", NULL, (SELECT CAST(substr(stat, length(rtrim(stat, '0123456789')) + 1) AS INTEGER) FROM "
  "sqlite_stat1 AS s WHERE s.idx = i.name)" INDEXES,
  "SELECT i.name, " INDEX_BYTES ", NULL, NULL" INDEXES, "SELECT i.name, NULL, NULL, NULL" INDEXES, NULL
};

/* Values that a column should not hold are no damage: the doctor looks for them itself. */
#define COMMON \
  .integrity = \
      "SELECT integrity_check FROM pragma_integrity_check(1000) WHERE integrity_check NOT LIKE 'NULL value " \
      "in %' AND integrity_check NOT LIKE 'CHECK constraint failed in %'", \
  .repair = \
      "stop writing to it; restore a backup, or save what can be read: sqlite3 {c} .recover | sqlite3 " \
      "recovered.db", \
  .char_length = "CASE WHEN typeof({n}) = 'text' THEN length({n}) ELSE 0 END", \
  .as_text = "CAST({n} AS TEXT)", .append_misfit = append_misfit, .row_name = "rowid", .keys_dangle = true, \
  .next_keys = next_keys, .set_next = "UPDATE sqlite_sequence SET seq = {v} WHERE name = {c}", \
  .answer = answer, .table_stats = table_stats, .index_stats = index_stats

static const char *const logs[] = { "-wal", "-shm", "-journal", NULL };

#ifdef HAVE_SQLITE3
#define COPY .copy = corm_sqlite3_copy,
#else
#define COPY
#endif

const CormUpkeepSql corm_sqlite3_upkeep = {
  COMMON,
  COPY.copy_name = "sqlite3_backup()",
  .logs = logs,
  .maintain = maintain,
  .bad_text = "typeof({n}) = 'text' AND NOT corm_is_text({n})",
};

const CormUpkeepSql corm_sqlite3_plain_upkeep = { COMMON, .maintain = plain_maintain };
