/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tables, enum types and columns. What has no member of its own goes to options, as <corm/schema.h> says: what stands in
 * the definition, then, each behind ";\n", what ALTER TABLE or ALTER COLUMN has to add. */
#include "introspect.h"
#include "words.h"

#include <string.h>

/* --- tables --------------------------------------------------------------------------------------------------------- */

/* clang-format off */
const char corm_pgsql_tables_sql[] =
    "SELECT CAST(c.oid AS text) AS a, CAST(c.relname AS text) AS b, d.description AS c, pg_catalog.concat_ws(' ', "
    "'INHERITS (' || (SELECT pg_catalog.string_agg(CAST(CAST(h.inhparent AS pg_catalog.regclass) AS text), ', ' "
    "ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) || ')', CASE WHEN c.relkind = "
    "'p' THEN 'PARTITION BY ' || pg_catalog.pg_get_partkeydef(c.oid) END, CASE WHEN m.amname <> 'heap' THEN 'USING "
    "' || pg_catalog.quote_ident(m.amname) END, 'WITH (' || nullif(pg_catalog.concat_ws(', ', "
    CORM_PGSQL_OPTIONS ("c.reloptions") ", CASE WHEN o.reloptions IS NOT NULL THEN (SELECT "
    "pg_catalog.string_agg('toast.' || pg_catalog.quote_ident(w.option_name) || '=' || "
    "pg_catalog.quote_literal(w.option_value), ', ' ORDER BY w.option_name) FROM "
    "pg_catalog.pg_options_to_table(o.reloptions) w) END), '') || ')', 'TABLESPACE ' || "
    "pg_catalog.quote_ident(s.spcname)) AS d, nullif(pg_catalog.concat_ws(';' || pg_catalog.chr(10), CASE WHEN "
    "c.relpersistence = 'u' THEN 'SET UNLOGGED' END, CASE WHEN c.reloftype <> 0 THEN 'OF ' || pg_catalog.format_type(c.reloftype, "
    "NULL) END, CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END, CASE WHEN c.relforcerowsecurity "
    "THEN 'FORCE ROW LEVEL SECURITY' END, CASE c.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' WHEN 'n' THEN "
    "'REPLICA IDENTITY NOTHING' END), '')"
    " AS e, CASE WHEN c.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid) "
    "THEN '1' END AS f FROM pg_catalog.pg_class c LEFT JOIN "
    "pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = CAST('pg_catalog.pg_class' AS "
    "pg_catalog.regclass) AND d.objsubid = 0 LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam LEFT JOIN "
    "pg_catalog.pg_class o ON o.oid = c.reltoastrelid LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = "
    "c.reltablespace WHERE " CORM_PGSQL_IS_TABLE " ORDER BY c.oid";
/* clang-format on */

/* What stands in the definition, and what is behind it. NULL: nothing of both. */
static char *
join_options (const char *inner, const char *behind)
{
  gboolean more = behind != NULL && behind[0] != '\0';
  if (!more && (inner == NULL || inner[0] == '\0'))
    return NULL;
  return g_strconcat (inner != NULL ? inner : "", more ? ";\n" : "", more ? behind : "", NULL);
}

void
corm_pgsql_add_table (CormPgsqlReading *reading, CormCursor *cursor)
{
  g_autofree char *name = corm_pgsql_get_text (cursor, 1), *inner = corm_pgsql_get_words (reading, cursor, 3),
                  *behind = corm_pgsql_get_words (reading, cursor, 4);
  CormTable *table = corm_schema_add_table (reading->schema, name);
  table->comment = corm_pgsql_get_text (cursor, 2);
  table->options = join_options (inner, behind);
  table->has_heirs = corm_pgsql_is_true (cursor, 5);
  g_hash_table_insert (reading->tables, corm_pgsql_get_text (cursor, 0), table);
}

/* --- enum types ----------------------------------------------------------------------------------------------------- */

/* All of them, as a column may have one of another schema. */
/* clang-format off */
const char corm_pgsql_enums_sql[] =
    "SELECT CAST(t.oid AS text) AS a, CAST(e.enumlabel AS text) AS b, CAST(t.typname AS text) AS c, CASE WHEN "
    "t.typnamespace NOT IN (CAST(:place AS pg_catalog.oid), CAST(:live AS pg_catalog.oid)) OR x.objid IS NOT NULL "
    "THEN '1' END AS d, CASE WHEN t.typnamespace = CAST(:place AS pg_catalog.oid) THEN '1' END AS e, d.description "
    "AS f FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid LEFT JOIN "
    "pg_catalog.pg_depend x ON x.objid = t.oid AND x.deptype = 'e' AND x.classid = CAST('pg_catalog.pg_type' AS "
    "pg_catalog.regclass) LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.objsubid = 0 AND "
    "d.classoid = CAST('pg_catalog.pg_type' AS pg_catalog.regclass) WHERE t.typtype = 'e' ORDER BY t.typname "
    "COLLATE \"C\", t.oid, e.enumsortorder";
/* clang-format on */

static CormPgsqlEnum *
add_enum (CormPgsqlReading *reading, CormCursor *cursor, char *oid)
{
  CormPgsqlEnum *type = g_new0 (CormPgsqlEnum, 1);
  type->name = corm_pgsql_get_text (cursor, 2);
  type->foreign = corm_pgsql_is_true (cursor, 3);
  type->ours = corm_pgsql_is_true (cursor, 4) && !type->foreign;
  type->comment = corm_pgsql_get_text (cursor, 5);
  type->labels = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (reading->enums, oid, type);
  return type;
}

void
corm_pgsql_add_label (CormPgsqlReading *reading, CormCursor *cursor)
{
  g_autofree char *oid = corm_pgsql_get_text (cursor, 0);
  CormPgsqlEnum *type = g_hash_table_lookup (reading->enums, oid);
  if (type == NULL)
    type = add_enum (reading, cursor, g_strdup (oid));
  if (corm_pgsql_is_true (cursor, 1))
    g_ptr_array_add (type->labels, corm_pgsql_get_text (cursor, 1));
}

static GStrv
copy_labels (const CormPgsqlEnum *type)
{
  GStrv copy = g_new0 (char *, type->labels->len + 1);
  for (guint i = 0; i < type->labels->len; i++)
    copy[i] = g_strdup (type->labels->pdata[i]);
  return copy;
}

/* --- columns -------------------------------------------------------------------------------------------------------- */

/* clang-format off */
#define DEPENDS_AS_CLASS(alias) \
  alias ".classid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass) AND " alias ".refclassid = " \
  "CAST('pg_catalog.pg_class' AS pg_catalog.regclass)"

/* b: the type itself, or the one that a domain stands on. i: a default names no columns, and is written in a third of the
 * time when the server is not told the table. q: the sequence of an identity, or of a default that takes from
 * a sequence which the column owns, and no other takes from. */
const char corm_pgsql_columns_sql[] =
    "SELECT CAST(a.attrelid AS text) AS a, CAST(a.attname AS text) AS b, pg_catalog.format_type(a.atttypid, "
    "a.atttypmod) AS c, CAST(b.typname AS text) AS d, CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(b.oid, "
    "t.typtypmod) END AS e, CASE WHEN b.typtype = 'e' THEN CAST(b.oid AS text) END AS f, CASE WHEN t.typtype = 'd' "
    "THEN '1' END AS g, CASE WHEN a.attnotnull THEN '1' END AS h, pg_catalog.pg_get_expr(d.adbin, CASE WHEN "
    "CAST(a.attgenerated AS text) <> '' THEN d.adrelid ELSE 0 END) AS i, "
    "nullif(CAST(a.attidentity AS text), '') AS j, nullif(CAST(a.attgenerated AS text), '') AS k, CASE WHEN "
    "a.attcollation <> t.typcollation THEN CAST(l.collname AS text) END AS l, CASE WHEN a.attcollation <> "
    "t.typcollation AND NOT pg_catalog.pg_collation_is_visible(l.oid) THEN pg_catalog.quote_ident(n.nspname) || "
    "'.' || pg_catalog.quote_ident(l.collname) END AS m, e.description AS n, CASE WHEN q.seqrelid IS NOT NULL THEN "
    "'1' END AS o, " CORM_PGSQL_SEQUENCE ("q") " AS p, nullif(pg_catalog.concat_ws(';' || pg_catalog.chr(10), CASE WHEN "
    "a.attstorage <> t.typstorage THEN 'SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'm' THEN "
    "'MAIN' WHEN 'e' THEN 'EXTERNAL' ELSE 'EXTENDED' END END, CASE {compression} WHEN 'p' THEN 'SET COMPRESSION "
    "pglz' WHEN 'l' THEN 'SET COMPRESSION lz4' END, CASE WHEN coalesce(a.attstattarget, -1) <> -1 THEN 'SET "
    "STATISTICS ' || a.attstattarget END, 'SET (' || " CORM_PGSQL_OPTIONS ("a.attoptions") " || ')'), '') AS q "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid JOIN pg_catalog.pg_type t ON "
    "t.oid = a.atttypid JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE "
    "t.oid END LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum LEFT JOIN "
    "pg_catalog.pg_collation l ON l.oid = a.attcollation LEFT JOIN pg_catalog.pg_namespace n ON n.oid = "
    "l.collnamespace LEFT JOIN pg_catalog.pg_description e ON e.objoid = c.oid AND e.objsubid = a.attnum AND "
    "e.classoid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass) LEFT JOIN (SELECT o.refobjid, o.refobjsubid, "
    "z.* FROM pg_catalog.pg_depend o JOIN pg_catalog.pg_sequence z ON z.seqrelid = o.objid WHERE "
    DEPENDS_AS_CLASS ("o") " AND (o.deptype = 'i' OR o.deptype = 'a' AND EXISTS (SELECT 1 FROM "
    "pg_catalog.pg_attrdef f JOIN pg_catalog.pg_depend u ON u.objid = f.oid AND u.refobjid = o.objid AND u.classid "
    "= CAST('pg_catalog.pg_attrdef' AS pg_catalog.regclass) WHERE f.adrelid = o.refobjid AND f.adnum = "
    "o.refobjsubid) AND NOT " CORM_PGSQL_IS_SHARED ("o") ")) q ON q.refobjid = c.oid AND q.refobjsubid = a.attnum WHERE a.attnum > 0 AND NOT "
    "a.attisdropped AND " CORM_PGSQL_IS_TABLE " ORDER BY c.oid, a.attnum";
/* clang-format on */

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

/* An enum type of elsewhere, or below a domain, is named by the column's own words alone. */
static void
set_type (CormPgsqlReading *reading, CormTableColumn *column, CormCursor *cursor)
{
  g_autofree char *name = corm_pgsql_get_text (cursor, 3), *below = corm_pgsql_get_text (cursor, 4),
                  *oid = corm_pgsql_get_text (cursor, 5), *collation = corm_pgsql_get_text (cursor, 12);
  CormPgsqlEnum *type = oid != NULL ? g_hash_table_lookup (reading->enums, oid) : NULL;
  column->type_sql = corm_pgsql_get_words (reading, cursor, 2);
  if (type != NULL) {
    column->type = (CormSqlType){ .type = CORM_TYPE_ENUM };
    column->labels = copy_labels (type);
    if (!type->foreign && !corm_pgsql_is_true (cursor, 6)) {
      column->enum_type = g_strdup (type->name);
      type->used = TRUE;
    }
  } else {
    column->type = get_neutral_type (name, below != NULL ? below : column->type_sql);
  }
  if (collation == NULL) {
    column->collation = corm_pgsql_get_text (cursor, 11);
  } else {
    char *whole = g_strconcat (column->type_sql, " COLLATE ", collation, NULL);
    g_free (column->type_sql);
    column->type_sql = whole;
  }
}

static const char *
serial_of (CormType type)
{
  return type == CORM_TYPE_INT16 ? "smallserial" : type == CORM_TYPE_INT32 ? "serial" : "bigserial";
}

/* An identity; or serial, which is a default that takes from the column's own sequence. */
static void
set_automatic (CormTableColumn *column, CormCursor *cursor, const char *expression)
{
  g_autofree char *identity = corm_pgsql_get_text (cursor, 9), *sequence = corm_pgsql_get_text (cursor, 15),
                  *behind = corm_pgsql_get_text (cursor, 16);
  gboolean serial = identity == NULL && corm_pgsql_is_true (cursor, 14) && expression != NULL &&
                    g_str_has_prefix (expression, "nextval('") &&
                    g_str_has_suffix (expression, "'::regclass)");
  const char *inner = serial ? serial_of (column->type.type) : NULL;
  g_autofree char *in_parentheses = identity != NULL && sequence != NULL ? g_strdup_printf ("(%s)", sequence)
                                    : serial && sequence != NULL
                                        ? g_strdup_printf ("%s;\nSEQUENCE %s", inner, sequence)
                                        : NULL;
  column->auto_increment = serial || identity != NULL;
  column->identity_always = identity != NULL && *identity == 'a';
  column->options = join_options (in_parentheses != NULL ? in_parentheses : inner, behind);
}

void
corm_pgsql_add_column (CormPgsqlReading *reading, CormCursor *cursor)
{
  CormTable *table = corm_pgsql_get_table (reading, cursor);
  g_autofree char *name = corm_pgsql_get_text (cursor, 1),
                  *expression = corm_pgsql_get_words (reading, cursor, 8);
  g_autofree char *generated = corm_pgsql_get_text (cursor, 10);
  if (table == NULL)
    return;
  CormTableColumn *column = corm_table_add_column (table, name);
  set_type (reading, column, cursor);
  set_automatic (column, cursor, expression);
  column->not_null = corm_pgsql_is_true (cursor, 7);
  column->comment = corm_pgsql_get_text (cursor, 13);
  if (generated != NULL) {
    column->generated_sql = corm_pgsql_words_unwrap (g_steal_pointer (&expression));
    column->generated_stored = strcmp (generated, "s") == 0;
  } else if (!column->auto_increment) {
    corm_column_set_default (column, expression);
  }
}
