/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What PostgreSQL can say about itself and do for itself. */
#include "../dialects.h"

#include <corm/sys/upkeep.h>

/* Every sequence that a column owns or takes its default from. */
static const char sequences_sql[] =
    "SELECT DISTINCT c.relname, a.attname, pg_catalog.quote_ident(n.nspname) || '.' || "
    "pg_catalog.quote_ident(s.relname), q.seqincrement FROM pg_catalog.pg_sequence AS q "
    "JOIN pg_catalog.pg_class AS s ON s.oid = q.seqrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = "
    "s.relnamespace "
    "JOIN (SELECT d.objid AS seq, d.refobjid AS tab, d.refobjsubid AS col FROM pg_catalog.pg_depend AS d "
    "WHERE "
    "d.classid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass) AND d.deptype IN ('a', 'i') AND "
    "d.refobjsubid "
    "> 0 "
    "UNION SELECT d.refobjid, f.adrelid, f.adnum FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_attrdef "
    "AS f ON "
    "d.classid = CAST('pg_catalog.pg_attrdef' AS pg_catalog.regclass) AND f.oid = d.objid WHERE d.refclassid "
    "= "
    "CAST('pg_catalog.pg_class' AS pg_catalog.regclass)) AS u ON u.seq = q.seqrelid "
    "JOIN pg_catalog.pg_class AS c ON c.oid = u.tab AND c.relkind IN ('r', 'p') "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = u.col AND a.atttypid IN (20, 21, "
    "23) "
    "WHERE c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema()) AND "
    "q.seqincrement > 0 ORDER BY 1, 2";

static char *
get_text (CormCursor *cursor, guint column)
{
  GString *text = g_string_new (NULL);
  corm_value_append_text (corm_cursor_get_value (cursor, column), text);
  return g_string_free (text, FALSE);
}

static void
add_sequence (CormCursor *cursor, GPtrArray *keys)
{
  CormNextKey *key = g_new0 (CormNextKey, 1);
  g_autofree char *step = get_text (cursor, 3);
  key->table = get_text (cursor, 0);
  key->column = get_text (cursor, 1);
  key->sequence = get_text (cursor, 2);
  key->next = g_ascii_strtoll (step, NULL, 10);
  g_ptr_array_add (keys, key);
}

/* Only the sequence itself knows whether its last value has been given out. */
static gboolean
read_next (CormConnection *conn, CormNextKey *key, GError **error)
{
  g_autofree char *step = g_strdup_printf ("%" G_GINT64_FORMAT, key->next);
  g_autofree char *sql = g_strconcat ("SELECT CASE WHEN is_called THEN last_value + ", step,
                                      " ELSE last_value END FROM ", key->sequence, NULL);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  g_autofree char *next = get_text (cursor, 0);
  key->next = g_ascii_strtoll (next, NULL, 10);
  return TRUE;
}

static gboolean
next_keys (CormConnection *conn, GPtrArray *keys, GError **error)
{
  GError *local = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sequences_sql, NULL, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local))
    add_sequence (cursor, keys);
  g_clear_pointer (&cursor, corm_cursor_free);
  for (guint i = 0; local == NULL && i < keys->len; i++)
    read_next (conn, keys->pdata[i], &local);
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL;
}

static const char *const index_use[] = {
  "SELECT i.relname, i.indexrelname, i.idx_scan, t.seq_scan + coalesce(t.idx_scan, 0) FROM "
  "pg_catalog.pg_stat_user_indexes AS i JOIN pg_catalog.pg_stat_user_tables AS t ON t.relid = i.relid WHERE "
  "i.schemaname = current_schema() ORDER BY 1, 2",
  NULL
};

/* The server takes no other bytes, but for a database that was made with the encoding SQL_ASCII. */
#define BYTES "pg_catalog.encode(pg_catalog.convert_to({n}::text, 'SQL_ASCII'), 'hex')"
#define UTF8 \
  "'^(([0-7].)|((c[2-9a-f]|d.)[89ab].)|(e0[ab].[89ab].)|((e[1-9a-c]|e[ef])([89ab].){2})|(ed[89].[89ab].)|(" \
  "f0[9ab]." \
  "([89ab].){2})|(f[1-3]([89ab].){3})|(f48.([89ab].){2}))*$'"

static const CormMaintainSql maintain[] = {
  { CORM_MAINTAIN_CHECK, NULL,
    "PostgreSQL has no statement for it; the program pg_amcheck looks at tables and indexes", false },
  { CORM_MAINTAIN_REINDEX, "REINDEX TABLE CONCURRENTLY {t}", NULL, false },
  { CORM_MAINTAIN_VACUUM, "VACUUM {t}", NULL, false },
  { CORM_MAINTAIN_ANALYZE, "ANALYZE {t}", NULL, false },
  { 0, NULL, NULL, false },
};

#define THE_TABLE \
  "c.relname = {c} AND c.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = " \
  "current_schema())"

/* Tables of others are passed over by the server with a warning only. */
static const char may_not[] =
    "SELECT 'the table belongs to ' || pg_catalog.pg_get_userbyid(c.relowner) || ': maintain it as that "
    "role' FROM "
    "pg_catalog.pg_class AS c WHERE " THE_TABLE " AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') AND "
    "NOT (SELECT pg_catalog.pg_has_role(d.datdba, 'USAGE') FROM "
    "pg_catalog.pg_database AS d WHERE d.datname = current_database())";

static const char *const table_stats[] = {
  "SELECT CASE WHEN c.reltuples >= 0 THEN CAST(c.reltuples AS bigint) END, 0, "
  "pg_catalog.pg_table_size(c.oid), "
  "pg_catalog.pg_indexes_size(c.oid), s.n_dead_tup, CAST(NULL AS bigint), "
  "pg_catalog.to_char(greatest(s.last_analyze, s.last_autoanalyze) AT TIME ZONE 'UTC', "
  "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM pg_catalog.pg_class AS c LEFT JOIN pg_catalog.pg_stat_user_tables "
  "AS s ON "
  "s.relid = c.oid WHERE " THE_TABLE,
  NULL
};

static const char *const index_stats[] = {
  "SELECT i.relname, pg_catalog.pg_relation_size(i.oid), s.idx_scan, CAST(NULL AS bigint) FROM "
  "pg_catalog.pg_class AS c "
  "JOIN pg_catalog.pg_index AS x ON x.indrelid = c.oid JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid "
  "LEFT JOIN "
  "pg_catalog.pg_stat_user_indexes AS s ON s.indexrelid = i.oid WHERE " THE_TABLE " ORDER BY 1",
  NULL
};

/* --- copies --------------------------------------------------------------------------------------------------------- */

/* name='value' of a connection string. */
static void
append_keyword (GString *text, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append_printf (text, "%s%s='", text->len > 0 ? " " : "", name);
  for (const char *p = value; *p != '\0'; p++) {
    if (*p == '\'' || *p == '\\')
      g_string_append_c (text, '\\');
    g_string_append_c (text, *p);
  }
  g_string_append_c (text, '\'');
}

/* What the URI says, without the password. The schema that a session works in is no matter of a copy. */
static char *
connection_string (const CormUri *uri)
{
  GString *text = g_string_new (NULL);
  const char *name, *value;
  g_autofree char *port =
      corm_uri_get_port (uri) != 0 ? g_strdup_printf ("%d", corm_uri_get_port (uri)) : NULL;
  append_keyword (text, "host", corm_uri_get_host (uri));
  append_keyword (text, "port", port);
  append_keyword (text, "user", corm_uri_get_user (uri));
  append_keyword (text, "dbname", corm_uri_get_database (uri));
  for (guint i = 0; corm_uri_get_nth_parameter (uri, i, &name, &value); i++) {
    if (g_str_equal (name, "ssl"))
      append_keyword (text, "sslmode", g_strcmp0 (value, "true") == 0 ? "require" : "prefer");
    else if (!g_str_equal (name, "pooler") && !g_str_equal (name, "sslpassword"))
      append_keyword (text, name, value);
  }
  return g_string_free (text, FALSE);
}

static void
add (CormTool *tool, const char *argument)
{
  g_ptr_array_add (tool->argv, g_strdup (argument));
}

static gboolean
make_tool (const CormUri *uri, const char *file, gboolean restore, gboolean force, CormTool *tool,
           G_GNUC_UNUSED GError **error)
{
  g_autofree char *connection = connection_string (uri);
  const char *password = corm_uri_get_password (uri);
  add (tool, restore ? "pg_restore" : "pg_dump");
  add (tool, "--no-password");
  if (restore) {
    add (tool, "--single-transaction");
    add (tool, "--exit-on-error");
  } else
    add (tool, "--format=custom");
  if (restore && force) {
    add (tool, "--clean");
    add (tool, "--if-exists");
  }
  g_ptr_array_add (tool->argv, g_strconcat ("--dbname=", connection, NULL));
  g_ptr_array_add (tool->argv, restore ? g_strdup (file) : g_strconcat ("--file=", file, NULL));
  if (password != NULL && *password != '\0')
    g_ptr_array_add (tool->env, g_strconcat ("PGPASSWORD=", password, NULL));
  tool->package = "postgresql-client";
  return TRUE;
}

static const char count_objects[] = "SELECT count(*) FROM pg_catalog.pg_class AS c JOIN "
                                    "pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE "
                                    "c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname NOT LIKE "
                                    "'pg\\_%' AND n.nspname <> 'information_schema'";

const CormUpkeepSql corm_pgsql_upkeep = {
  .bad_text = "pg_catalog.getdatabaseencoding() = 'SQL_ASCII' AND " BYTES " !~ " UTF8,
  .char_length = "pg_catalog.char_length({n}::text)",
  .as_text = "{n}::text",
  .row_name = "ctid",
  .index_use = index_use,
  .next_keys = next_keys,
  /* Never backwards: another table may take its keys from the same sequence. */
  .set_next = "SELECT pg_catalog.setval(CAST({c} AS pg_catalog.regclass), greatest({v}, "
              "pg_catalog.pg_sequence_last_value(CAST({c} AS pg_catalog.regclass))))",
  .maintain = maintain,
  .may_not = may_not,
  .table_stats = table_stats,
  .index_stats = index_stats,
  .tool = make_tool,
  .count_objects = count_objects,
};
