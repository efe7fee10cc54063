/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The structure of the current schema, or of the session's temporary one, with six catalogue queries whatever the
 * number of tables. Speaks through corm_query() alone and asks for text alone, so that any driver can run it. */
#include "../dialects.h"
#include "words.h"

#include <string.h>

typedef struct {
  CormSchema *schema;
  const char *place; /* an expression: the oid of the schema that is read */
  char *prefix;      /* its name, quoted where needed */
  GHashTable *enums; /* oid as text -> GPtrArray of labels */
} Reading;

typedef void (*AddRow) (Reading *reading, CormCursor *cursor);

/* --- rows -------------------------------------------------------------------------------------------------------- */

static char *
get_text (CormCursor *cursor, guint column)
{
  const CormValue *value = corm_cursor_get_value (cursor, column);
  return value->is_null ? NULL : g_strndup (value->data, value->size);
}

static gboolean
is_true (CormCursor *cursor, guint column)
{
  return !corm_cursor_get_value (cursor, column)->is_null;
}

/* A text that may name things of the schema. */
static char *
get_words (Reading *reading, CormCursor *cursor, guint column)
{
  return corm_pgsql_words_strip_schema (get_text (cursor, column), reading->prefix);
}

/* The table that a row is about; rows come by table, so it is mostly the last one's. */
static CormTable *
get_table (Reading *reading, CormCursor *cursor)
{
  g_autofree char *name = get_text (cursor, 0);
  return corm_schema_find_table (reading->schema, name);
}

/* "{place}" in @sql stands for the schema's oid. */
static gboolean
for_each_row (Reading *reading, CormConnection *conn, const char *sql, AddRow add, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_auto (GStrv) parts = g_strsplit (sql, "{place}", -1);
  g_autofree char *text = g_strjoinv (reading->place, parts);
  g_autoptr (CormCursor) cursor = corm_query (conn, text, NULL, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local))
    add (reading, cursor);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static void
append_name (GStrv *names, char *name)
{
  guint n = *names != NULL ? g_strv_length (*names) : 0;
  *names = g_renew (char *, *names, n + 2);
  (*names)[n] = name;
  (*names)[n + 1] = NULL;
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

/* Partitions are part of their table; what an extension brought is the extension's. */
#define IS_OURS \
  "c.relnamespace = {place} AND NOT c.relispartition AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e " \
  "WHERE e.classid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass) AND e.objid = c.oid AND e.deptype " \
  "= 'e')"
#define IS_TABLE "c.relkind IN ('r', 'p') AND " IS_OURS

static const char tables_sql[] =
    "SELECT CAST(c.relname AS text) AS a, pg_catalog.obj_description(c.oid, 'pg_class') AS b, "
    "pg_catalog.quote_ident(n.nspname) AS c FROM pg_catalog.pg_class c "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE " IS_TABLE " ORDER BY c.oid";

static void
add_table (Reading *reading, CormCursor *cursor)
{
  g_autofree char *name = get_text (cursor, 0);
  CormTable *table = corm_schema_add_table (reading->schema, name);
  table->comment = get_text (cursor, 1);
  if (reading->prefix == NULL)
    reading->prefix = get_text (cursor, 2);
}

/* --- enum types ----------------------------------------------------------------------------------------------------- */

static const char enums_sql[] =
    "SELECT CAST(e.enumtypid AS text) AS a, CAST(e.enumlabel AS text) AS b FROM pg_catalog.pg_enum e "
    "ORDER BY e.enumtypid, e.enumsortorder";

static void
add_label (Reading *reading, CormCursor *cursor)
{
  g_autofree char *oid = get_text (cursor, 0);
  GPtrArray *labels = g_hash_table_lookup (reading->enums, oid);
  if (labels == NULL) {
    labels = g_ptr_array_new_with_free_func (g_free);
    g_hash_table_insert (reading->enums, g_steal_pointer (&oid), labels);
  }
  g_ptr_array_add (labels, get_text (cursor, 1));
}

static GStrv
get_labels (Reading *reading, const char *oid)
{
  GPtrArray *labels = g_hash_table_lookup (reading->enums, oid);
  GStrv copy = g_new0 (char *, (labels != NULL ? labels->len : 0) + 1);
  for (guint i = 0; labels != NULL && i < labels->len; i++)
    copy[i] = g_strdup (labels->pdata[i]);
  return copy;
}

/* --- columns -------------------------------------------------------------------------------------------------------- */

/* b: the type itself, or the one that a domain stands on. */
static const char columns_sql[] =
    "SELECT CAST(c.relname AS text) AS a, CAST(a.attname AS text) AS b, "
    "pg_catalog.format_type(a.atttypid, a.atttypmod) AS c, CAST(b.typname AS text) AS d, "
    "pg_catalog.format_type(b.oid, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END) AS e, "
    "CASE WHEN b.typtype = 'e' THEN CAST(b.oid AS text) END AS f, CASE WHEN a.attnotnull THEN '1' END AS g, "
    "pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS h, CASE WHEN a.attidentity <> '' THEN '1' END AS i, "
    "CASE WHEN a.attgenerated <> '' THEN CAST(a.attgenerated AS text) END AS j, "
    "CASE WHEN a.attcollation <> t.typcollation THEN CAST(l.collname AS text) END AS k, "
    "pg_catalog.col_description(c.oid, a.attnum) AS l, "
    "CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_depend s "
    "JOIN pg_catalog.pg_class q ON q.oid = s.objid AND q.relkind = 'S' "
    "WHERE s.refobjid = c.oid AND s.refobjsubid = a.attnum AND s.deptype = 'a' "
    "AND s.classid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass)) THEN '1' END AS m "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
    "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
    "JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END "
    "LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    "LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation "
    "WHERE a.attnum > 0 AND NOT a.attisdropped AND " IS_TABLE " ORDER BY c.oid, a.attnum";

/* By the name in pg_type: people's names say less (REAL may have 64 bits elsewhere, INTEGER too). */
static CormSqlType
get_neutral_type (const char *name, const char *formatted)
{
  static const struct {
    const char *name;
    CormType type;
  } names[] = {
    { "bool", CORM_TYPE_BOOLEAN },
    { "bpchar", CORM_TYPE_TEXT },
    { "bytea", CORM_TYPE_BYTES },
    { "char", CORM_TYPE_TEXT },
    { "date", CORM_TYPE_DATE },
    { "float4", CORM_TYPE_FLOAT32 },
    { "float8", CORM_TYPE_FLOAT64 },
    { "int2", CORM_TYPE_INT16 },
    { "int4", CORM_TYPE_INT32 },
    { "int8", CORM_TYPE_INT64 },
    { "json", CORM_TYPE_JSON },
    { "jsonb", CORM_TYPE_JSON },
    { "name", CORM_TYPE_TEXT },
    { "numeric", CORM_TYPE_DECIMAL },
    { "oid", CORM_TYPE_INT64 },
    { "text", CORM_TYPE_TEXT },
    { "time", CORM_TYPE_TIME },
    { "timestamp", CORM_TYPE_LOCAL_TIMESTAMP },
    { "timestamptz", CORM_TYPE_TIMESTAMP },
    { "uuid", CORM_TYPE_UUID },
    { "varchar", CORM_TYPE_TEXT },
  };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (strcmp (names[i].name, name) != 0)
      continue;
    CormSqlType parsed =
        strchr (formatted, '(') != NULL ? corm_sql_type_parse (formatted) : (CormSqlType){ 0 };
    if (parsed.type == names[i].type)
      return parsed;
    return (CormSqlType){ .type = names[i].type };
  }
  return (CormSqlType){ .type = CORM_TYPE_RAW };
}

static void
set_type (Reading *reading, CormTableColumn *column, CormCursor *cursor)
{
  g_autofree char *name = get_text (cursor, 3), *formatted = get_text (cursor, 4),
                  *oid = get_text (cursor, 5);
  column->type_sql = get_words (reading, cursor, 2);
  if (oid != NULL) {
    column->type = (CormSqlType){ .type = CORM_TYPE_ENUM };
    column->enum_type = g_steal_pointer (&name);
    column->labels = get_labels (reading, oid);
  } else {
    column->type = get_neutral_type (name, formatted);
  }
}

/* serial is a default that takes from the column's own sequence. */
static gboolean
is_serial (CormCursor *cursor, const char *default_sql)
{
  return is_true (cursor, 12) && default_sql != NULL && g_str_has_prefix (default_sql, "nextval(");
}

static void
add_column (Reading *reading, CormCursor *cursor)
{
  CormTable *table = get_table (reading, cursor);
  g_autofree char *name = get_text (cursor, 1), *expression = get_words (reading, cursor, 7);
  g_autofree char *generated = get_text (cursor, 9);
  if (table == NULL)
    return;
  CormTableColumn *column = corm_table_add_column (table, name);
  set_type (reading, column, cursor);
  column->not_null = is_true (cursor, 6);
  column->auto_increment = is_true (cursor, 8) || is_serial (cursor, expression);
  column->collation = get_text (cursor, 10);
  column->comment = get_text (cursor, 11);
  if (generated != NULL) {
    column->generated_sql = corm_pgsql_words_unwrap (g_steal_pointer (&expression));
    column->generated_stored = strcmp (generated, "s") == 0;
  } else if (!column->auto_increment) {
    corm_column_set_default (column, expression);
  }
}

/* --- keys and checks ------------------------------------------------------------------------------------------------ */

static const char constraints_sql[] =
    "SELECT CAST(c.relname AS text) AS a, CAST(k.conname AS text) AS b, CAST(k.contype AS text) AS c, "
    "CASE WHEN k.condeferred THEN '1' END AS d, CAST(k.confdeltype AS text) AS e, "
    "CAST(k.confupdtype AS text) AS f, CAST(r.relname AS text) AS g, CAST(a.attname AS text) AS h, "
    "CAST(x.attname AS text) AS i, pg_catalog.pg_get_expr(k.conbin, k.conrelid) AS j, "
    "CASE WHEN coalesce(s.i, 1) = 1 THEN '1' END AS k "
    "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid "
    "LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid "
    "LEFT JOIN LATERAL pg_catalog.generate_subscripts(k.conkey, 1) AS s(i) ON k.contype <> 'c' "
    "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[s.i] "
    "LEFT JOIN pg_catalog.pg_attribute x ON x.attrelid = k.confrelid AND x.attnum = k.confkey[s.i] "
    "WHERE k.contype IN ('p', 'u', 'f', 'c') AND " IS_TABLE " ORDER BY c.oid, k.oid, s.i";

static CormAction
get_action (CormCursor *cursor, guint column)
{
  g_autofree char *code = get_text (cursor, column);
  switch (code != NULL ? *code : 'a') {
  case 'r':
    return CORM_RESTRICT;
  case 'c':
    return CORM_CASCADE;
  case 'n':
    return CORM_SET_NULL;
  case 'd':
    return CORM_SET_DEFAULT;
  default:
    return CORM_NO_ACTION;
  }
}

/* One row per column of the key. Deferrable means checked at the end of the transaction; one that only may be told to,
 * INITIALLY IMMEDIATE, behaves as any other until somebody does. */
static void
add_foreign_key (CormTable *table, const char *name, CormCursor *cursor)
{
  CormForeignKey *key;
  if (is_true (cursor, 10)) {
    key = corm_table_add_foreign_key (table, name);
    key->deferrable = is_true (cursor, 3) ? CORM_INITIALLY_DEFERRED : CORM_NOT_DEFERRABLE;
    key->on_delete = get_action (cursor, 4);
    key->on_update = get_action (cursor, 5);
    key->target_table = get_text (cursor, 6);
  }
  key = table->foreign_keys->pdata[table->foreign_keys->len - 1];
  append_name (&key->columns, get_text (cursor, 7));
  append_name (&key->target_columns, get_text (cursor, 8));
}

/* The name that the server gives to a primary key counts as none: then nobody said one. */
static void
add_key (CormTable *table, const char *name, gboolean primary, CormCursor *cursor)
{
  if (is_true (cursor, 10)) {
    g_autofree char *made_up = g_strconcat (table->name, "_pkey", NULL);
    if (primary)
      corm_table_set_primary_key (table, strcmp (name, made_up) != 0 ? name : NULL);
    else
      corm_table_add_unique (table, name);
  }
  CormKey *key = primary ? table->primary_key : table->uniques->pdata[table->uniques->len - 1];
  append_name (&key->columns, get_text (cursor, 7));
}

static void
add_constraint (Reading *reading, CormCursor *cursor)
{
  CormTable *table = get_table (reading, cursor);
  g_autofree char *name = get_text (cursor, 1), *kind = get_text (cursor, 2);
  if (table == NULL)
    return;
  if (*kind == 'f') {
    add_foreign_key (table, name, cursor);
  } else if (*kind == 'c') {
    g_autofree char *sql = corm_pgsql_words_unwrap (get_words (reading, cursor, 9));
    corm_table_add_check (table, name, sql);
  } else {
    add_key (table, name, *kind == 'p', cursor);
  }
}

/* --- indexes -------------------------------------------------------------------------------------------------------- */

static const char indexes_sql[] =
    "SELECT CAST(c.relname AS text) AS a, CAST(i.relname AS text) AS b, "
    "CASE WHEN x.indisunique THEN '1' END AS c, pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS d, "
    "pg_catalog.pg_get_indexdef(x.indexrelid) AS e, CAST(a.attname AS text) AS f, "
    "pg_catalog.pg_get_indexdef(x.indexrelid, s.i, false) AS g, "
    "CASE WHEN (x.indoption[s.i - 1] & 1) = 1 THEN '1' END AS h, CASE WHEN s.i = 1 THEN '1' END AS i "
    "FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid "
    "JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid "
    "CROSS JOIN LATERAL pg_catalog.generate_series(1, x.indnkeyatts) AS s(i) "
    "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[s.i - 1] AND a.attnum "
    "> 0 "
    "WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid "
    "AND k.contype IN ('p', 'u', 'x')) AND " IS_TABLE " ORDER BY c.oid, i.oid, s.i";

/* One row per part of the index. */
static void
add_index (Reading *reading, CormCursor *cursor)
{
  CormTable *table = get_table (reading, cursor);
  g_autofree char *name = get_text (cursor, 1), *column = get_text (cursor, 5);
  if (table == NULL)
    return;
  if (is_true (cursor, 8)) {
    CormTableIndex *made = corm_table_add_index (table, name);
    made->unique = is_true (cursor, 2);
    made->where = corm_pgsql_words_unwrap (get_words (reading, cursor, 3));
    made->sql = get_words (reading, cursor, 4);
  }
  CormTableIndex *index = table->indexes->pdata[table->indexes->len - 1];
  g_autofree char *expression = get_words (reading, cursor, 6);
  CormIndexPart *part = corm_index_add_part (index, column != NULL ? column : expression);
  part->is_expression = column == NULL;
  part->descending = is_true (cursor, 7);
}

/* --- what is kept as text ------------------------------------------------------------------------------------------- */

static const char objects_sql[] =
    "SELECT kind AS a, name AS b, tab AS c, sql AS d FROM ("
    "SELECT 1 AS place, c.oid AS made, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS "
    "kind, "
    "CAST(c.relname AS text) AS name, CAST(NULL AS text) AS tab, "
    "CASE c.relkind WHEN 'v' THEN 'CREATE VIEW ' ELSE 'CREATE MATERIALIZED VIEW ' END || "
    "pg_catalog.quote_ident(c.relname) || ' AS' || chr(10) || "
    "pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';') AS sql FROM pg_catalog.pg_class c "
    "WHERE c.relkind IN ('v', 'm') AND " IS_OURS " UNION ALL "
    "SELECT 2, k.oid, 'constraint', CAST(k.conname AS text), CAST(c.relname AS text), "
    "'ALTER TABLE ' || pg_catalog.quote_ident(c.relname) || ' ADD CONSTRAINT ' || "
    "pg_catalog.quote_ident(k.conname) "
    "|| ' ' || pg_catalog.pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k "
    "JOIN pg_catalog.pg_class c ON c.oid = k.conrelid WHERE k.contype = 'x' AND " IS_TABLE " UNION ALL "
    "SELECT 3, t.oid, 'trigger', CAST(t.tgname AS text), CAST(c.relname AS text), "
    "pg_catalog.pg_get_triggerdef(t.oid) FROM pg_catalog.pg_trigger t "
    "JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND " IS_OURS ") AS o "
    "ORDER BY place, made";

static void
add_object (Reading *reading, CormCursor *cursor)
{
  g_autofree char *kind = get_text (cursor, 0), *name = get_text (cursor, 1);
  CormSchemaObject *object = corm_schema_add_object (reading->schema, kind, name);
  object->table = get_text (cursor, 2);
  object->sql = get_words (reading, cursor, 3);
}

gboolean
corm_pgsql_inspect (CormConnection *conn, gboolean scratch, CormSchema *schema, GError **error)
{
  static const struct {
    const char *sql;
    AddRow add;
  } steps[] = {
    { tables_sql, add_table },           { enums_sql, add_label },   { columns_sql, add_column },
    { constraints_sql, add_constraint }, { indexes_sql, add_index }, { objects_sql, add_object }
  };
  g_autoptr (GHashTable) enums =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  Reading reading = { .schema = schema,
                      .enums = enums,
                      .place = scratch ? "pg_catalog.pg_my_temp_schema()"
                                       : "(SELECT z.oid FROM pg_catalog.pg_namespace z "
                                         "WHERE z.nspname = pg_catalog.current_schema())" };
  gboolean done = TRUE;
  for (guint i = 0; done && i < G_N_ELEMENTS (steps); i++)
    done = for_each_row (&reading, conn, steps[i].sql, steps[i].add, error);
  g_free (reading.prefix);
  return done;
}
