/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The structure of the current schema, or of the scratch place, with nine catalogue queries at most, whatever the number of
 * tables. Speaks through corm_query() alone and asks for text alone, so that any driver can run it.
 *
 * It reads in a transaction of its own, in which the search path is that one schema: the server then writes its names bare
 * and all others with their schema, whatever path the program has. */
#include "introspect.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

/* --- rows -------------------------------------------------------------------------------------------------------- */

char *
corm_pgsql_get_text (CormCursor *cursor, guint column)
{
  const CormValue *value = corm_cursor_get_value (cursor, column);
  return value->is_null ? NULL : g_strndup (value->data, value->size);
}

gboolean
corm_pgsql_is_true (CormCursor *cursor, guint column)
{
  return !corm_cursor_get_value (cursor, column)->is_null;
}

char *
corm_pgsql_get_words (CormPgsqlReading *reading, CormCursor *cursor, guint column)
{
  char *text = corm_pgsql_get_text (cursor, column);
  return reading->place != reading->live ? corm_pgsql_words_strip_schema (text, reading->prefix) : text;
}

CormTable *
corm_pgsql_get_table (CormPgsqlReading *reading, CormCursor *cursor)
{
  g_autofree char *oid = corm_pgsql_get_text (cursor, 0);
  return g_hash_table_lookup (reading->tables, oid);
}

/* What the catalogue of older servers lacks. */
static char *
for_version (const CormPgsqlReading *reading, const char *sql)
{
  static const struct {
    const char *name;
    int since;
    const char *text, *before;
  } words[] = {
    { "{set_columns}", 150000, "k.confdelsetcols", "CAST(NULL AS pg_catalog.int2[])" },
    { "{nulls_equal}", 150000, "x.indnullsnotdistinct", "false" },
    { "{compression}", 140000, "a.attcompression", "''" },
    { "{body}", 140000, "p.prosqlbody IS NOT NULL", "false" },
    { "{multirange}", 140000, "r.rngmultitypid", "0" },
    { "{parent_trigger}", 130000, "t.tgparentid", "0" },
    { "{statistics}", 130000, "coalesce(s.stxstattarget, -1)", "-1" },
  };
  GString *text = g_string_new (sql);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_string_replace (text, words[i].name,
                      reading->version >= words[i].since ? words[i].text : words[i].before, 0);
  return g_string_free (text, FALSE);
}

gboolean
corm_pgsql_for_each_row (CormPgsqlReading *reading, CormConnection *conn, const char *sql, CormPgsqlRow row,
                         GError **error)
{
  const CormParam place = CORM_PARAM ("place", reading->place), live = CORM_PARAM ("live", reading->live);
  const CormParam params[] = { place, strstr (sql, ":live") != NULL ? live : (CormParam){ 0 }, { 0 } };
  g_autoptr (GError) local = NULL;
  g_autofree char *text = for_version (reading, sql);
  g_autoptr (CormCursor) cursor = corm_query (conn, text, params, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local))
    row (reading, cursor);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* --- the place ------------------------------------------------------------------------------------------------------ */

/* The first schema of the path, and the first that is no scratch place. What is set is set for a transaction: the path,
 * and that no query is compiled, which takes seconds where the planner thinks that a large catalogue is worth it. */
static const char place_sql[] =
    "WITH s AS (SELECT pg_catalog.current_schemas(false) AS path), "
    "l AS (SELECT n.oid, CAST(n.nspname AS text) AS name FROM s "
    "CROSS JOIN LATERAL pg_catalog.unnest(s.path) WITH ORDINALITY AS p(name, i) "
    "JOIN pg_catalog.pg_namespace n ON n.nspname = p.name WHERE n.nspname NOT LIKE 'pg\\_temp%%' "
    "AND n.nspname NOT LIKE 'corm\\_scratch\\_%%' ORDER BY p.i LIMIT 1), "
    "c AS (SELECT n.oid, CAST(n.nspname AS text) AS name FROM s "
    "JOIN pg_catalog.pg_namespace n ON n.nspname = s.path[1] AND n.nspname LIKE 'corm\\_scratch\\_%%'), "
    "o AS MATERIALIZED (SELECT coalesce(%s) AS place, coalesce((SELECT oid FROM l), 0) AS live, "
    "coalesce(%s) AS name, pg_catalog.concat_ws(', ', %s, "
    "(SELECT pg_catalog.quote_ident(name) FROM l), %s) AS path) "
    "SELECT CAST(o.place AS text) AS a, CAST(o.live AS text) AS b, pg_catalog.quote_ident(o.name) AS c, "
    "pg_catalog.current_setting('server_version_num') AS d, "
    "pg_catalog.set_config('search_path', o.path, true) AS e, "
    "pg_catalog.set_config('jit', 'off', true) AS f FROM o";

static char *
sql_of_place (gboolean scratch)
{
  if (!scratch)
    return g_strdup_printf (place_sql, "(SELECT oid FROM l), 0", "(SELECT name FROM l)", "NULL", "'pg_temp'");
  return g_strdup_printf (
      place_sql, "(SELECT oid FROM c), pg_catalog.pg_my_temp_schema()", "(SELECT name FROM c), 'pg_temp'",
      "coalesce((SELECT pg_catalog.quote_ident(name) FROM c), 'pg_temp')", "(SELECT 'pg_temp' FROM c)");
}

static gint64
get_number (CormCursor *cursor, guint column)
{
  g_autofree char *text = corm_pgsql_get_text (cursor, column);
  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean
find_place (CormPgsqlReading *reading, CormConnection *conn, gboolean scratch, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *sql = sql_of_place (scratch);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, error);
  if (cursor == NULL)
    return FALSE;
  if (corm_cursor_next (cursor, &local)) {
    reading->place = get_number (cursor, 0);
    reading->live = get_number (cursor, 1);
    reading->prefix = corm_pgsql_get_text (cursor, 2);
    reading->version = (int) get_number (cursor, 3);
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* --- all of it ------------------------------------------------------------------------------------------------------ */

static void
enum_free (gpointer data)
{
  CormPgsqlEnum *type = data;
  g_free (type->name);
  g_free (type->comment);
  g_ptr_array_unref (type->labels);
  g_free (type);
}

static gboolean
read_all (CormPgsqlReading *reading, CormConnection *conn, gboolean scratch, GError **error)
{
  static const struct {
    const char *sql;
    CormPgsqlRow row;
  } steps[] = { { corm_pgsql_tables_sql, corm_pgsql_add_table },
                { corm_pgsql_enums_sql, corm_pgsql_add_label },
                { corm_pgsql_columns_sql, corm_pgsql_add_column },
                { corm_pgsql_constraints_sql, corm_pgsql_add_constraint },
                { corm_pgsql_indexes_sql, corm_pgsql_add_index } };
  if (!find_place (reading, conn, scratch, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (!corm_pgsql_for_each_row (reading, conn, steps[i].sql, steps[i].row, error))
      return FALSE;
  if (!corm_pgsql_read_objects (reading, conn, error))
    return FALSE;
  corm_pgsql_place_objects (reading);
  return TRUE;
}

gboolean
corm_pgsql_inspect (CormConnection *conn, gboolean scratch, CormSchema *schema, GError **error)
{
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error);
  if (transaction == NULL)
    return FALSE;
  g_autoptr (GHashTable) tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) enums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, enum_free);
  g_autoptr (GHashTable) nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) order = g_ptr_array_new_with_free_func (corm_pgsql_node_free);
  CormPgsqlReading reading = {
    .schema = schema, .tables = tables, .enums = enums, .nodes = nodes, .order = order
  };
  gboolean done = read_all (&reading, conn, scratch, error);
  g_free (reading.prefix);
  return done;
}
