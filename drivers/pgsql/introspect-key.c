/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Keys, checks and indexes. A foreign key to a table of another schema, which a schema cannot name, is among the
 * objects: introspect-object.c. */
#include "introspect.h"
#include "words.h"

#include <string.h>

static void
append_name (GStrv *names, char *name)
{
  guint n = *names != NULL ? g_strv_length (*names) : 0;
  *names = g_renew (char *, *names, n + 2);
  (*names)[n] = name;
  (*names)[n + 1] = NULL;
}

/* --- keys and checks ------------------------------------------------------------------------------------------------ */

/* One row per column of a key, one per check. What a partition has of its parent has a parent too. */
/* clang-format off */
const char corm_pgsql_constraints_sql[] =
    "SELECT CAST(k.conrelid AS text) AS a, CAST(k.conname AS text) AS b, CAST(k.contype AS text) AS c, CASE WHEN "
    "k.condeferred THEN 'd' WHEN k.condeferrable THEN 'i' END AS d, CAST(k.confdeltype AS text) AS e, "
    "CAST(k.confupdtype AS text) AS f, CAST(r.relname AS text) AS g, CAST(a.attname AS text) AS h, CAST(y.attname "
    "AS text) AS i, CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END AS j, CASE "
    "WHEN coalesce(s.i, 1) = 1 THEN '1' END AS k, CASE WHEN k.confmatchtype = 'f' THEN '1' END AS l, CASE WHEN NOT "
    "k.convalidated THEN '1' END AS m, CASE WHEN k.contype = 'c' AND k.connoinherit THEN '1' END AS n, "
    "d.description AS o, CASE WHEN a.attnum = ANY ({set_columns}) THEN '1' END AS p, nullif(pg_catalog.concat_ws(' "
    "', CASE WHEN {nulls_equal} THEN 'NULLS NOT DISTINCT' END, CASE WHEN x.indnatts > x.indnkeyatts THEN 'INCLUDE "
    "(' || (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(v.attname), ', ' ORDER BY v.attnum) FROM "
    "pg_catalog.pg_attribute v WHERE v.attrelid = x.indexrelid AND v.attnum > x.indnkeyatts) || ')' END, 'WITH (' "
    "|| " CORM_PGSQL_OPTIONS ("i.reloptions") " || ')', CASE WHEN i.reltablespace <> 0 THEN 'USING INDEX "
    "TABLESPACE ' || (SELECT pg_catalog.quote_ident(w.spcname) FROM pg_catalog.pg_tablespace w WHERE w.oid = "
    "i.reltablespace) END), '') AS q FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = "
    "k.conrelid LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid LEFT JOIN pg_catalog.pg_index x ON "
    "k.contype IN ('p', 'u') AND x.indexrelid = k.conindid LEFT JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid "
    "LEFT JOIN pg_catalog.pg_description d ON d.objoid = k.oid AND d.classoid = CAST('pg_catalog.pg_constraint' AS "
    "pg_catalog.regclass) LEFT JOIN LATERAL pg_catalog.generate_subscripts(k.conkey, 1) AS s(i) ON k.contype <> "
    "'c' LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[s.i] LEFT JOIN "
    "pg_catalog.pg_attribute y ON y.attrelid = k.confrelid AND y.attnum = k.confkey[s.i] WHERE k.contype IN ('p', "
    "'u', 'f', 'c') AND k.conparentid = 0 AND (k.contype <> 'f' OR r.relnamespace IN (CAST(:place AS "
    "pg_catalog.oid), CAST(:live AS pg_catalog.oid))) AND " CORM_PGSQL_IS_TABLE " ORDER BY c.oid, k.oid, s.i";
/* clang-format on */

static CormAction
get_action (CormCursor *cursor, guint column)
{
  g_autofree char *code = corm_pgsql_get_text (cursor, column);
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

static CormDeferrable
get_deferrable (CormCursor *cursor)
{
  g_autofree char *code = corm_pgsql_get_text (cursor, 3);
  return code == NULL   ? CORM_NOT_DEFERRABLE
         : *code == 'd' ? CORM_INITIALLY_DEFERRED
                        : CORM_INITIALLY_IMMEDIATE;
}

/* One row per column of the key. */
static void
add_foreign_key (CormTable *table, const char *name, CormCursor *cursor)
{
  CormForeignKey *key;
  if (corm_pgsql_is_true (cursor, 10)) {
    key = corm_table_add_foreign_key (table, name);
    key->deferrable = get_deferrable (cursor);
    key->on_delete = get_action (cursor, 4);
    key->on_update = get_action (cursor, 5);
    key->target_table = corm_pgsql_get_text (cursor, 6);
    key->match_full = corm_pgsql_is_true (cursor, 11);
    key->not_valid = corm_pgsql_is_true (cursor, 12);
    key->comment = corm_pgsql_get_text (cursor, 14);
  }
  key = table->foreign_keys->pdata[table->foreign_keys->len - 1];
  append_name (&key->columns, corm_pgsql_get_text (cursor, 7));
  append_name (&key->target_columns, corm_pgsql_get_text (cursor, 8));
  if (corm_pgsql_is_true (cursor, 15))
    append_name (&key->set_columns, corm_pgsql_get_text (cursor, 7));
}

static void
add_check (CormPgsqlReading *reading, CormTable *table, const char *name, CormCursor *cursor)
{
  g_autofree char *sql = corm_pgsql_words_unwrap (corm_pgsql_get_words (reading, cursor, 9));
  CormCheck *check = corm_table_add_check (table, name, sql);
  check->not_valid = corm_pgsql_is_true (cursor, 12);
  check->options = g_strdup (corm_pgsql_is_true (cursor, 13) ? "NO INHERIT" : NULL);
  check->comment = corm_pgsql_get_text (cursor, 14);
}

/* The name that the server gives to a primary key counts as none: then nobody said one. */
static void
add_key (CormTable *table, const char *name, gboolean primary, CormCursor *cursor)
{
  CormKey *key;
  if (corm_pgsql_is_true (cursor, 10)) {
    g_autofree char *made_up = g_strconcat (table->name, "_pkey", NULL);
    key = !primary ? corm_table_add_unique (table, name)
                   : corm_table_set_primary_key (table, strcmp (name, made_up) != 0 ? name : NULL);
    key->deferrable = get_deferrable (cursor);
    key->comment = corm_pgsql_get_text (cursor, 14);
    key->options = corm_pgsql_get_text (cursor, 16);
  }
  key = primary ? table->primary_key : table->uniques->pdata[table->uniques->len - 1];
  append_name (&key->columns, corm_pgsql_get_text (cursor, 7));
}

void
corm_pgsql_add_constraint (CormPgsqlReading *reading, CormCursor *cursor)
{
  CormTable *table = corm_pgsql_get_table (reading, cursor);
  g_autofree char *name = corm_pgsql_get_text (cursor, 1), *kind = corm_pgsql_get_text (cursor, 2);
  if (table == NULL)
    return;
  if (*kind == 'f')
    add_foreign_key (table, name, cursor);
  else if (*kind == 'c')
    add_check (reading, table, name, cursor);
  else
    add_key (table, name, *kind == 'p', cursor);
}

/* --- indexes -------------------------------------------------------------------------------------------------------- */

/* One row per part, those of INCLUDE behind the others. An operator class is said when it is not the type's own, or has
 * parameters, which stand with the index's column (o). */
/* clang-format off */
const char corm_pgsql_indexes_sql[] =
    "SELECT CAST(x.indrelid AS text) AS a, CAST(i.relname AS text) AS b, CASE WHEN x.indisunique THEN '1' END AS "
    "c, pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS d, CASE WHEN o.attnum = 1 THEN "
    "pg_catalog.pg_get_indexdef(x.indexrelid, 0, true) END AS e, CAST(a.attname AS text) AS f, CASE WHEN a.attnum "
    "IS NULL THEN pg_catalog.pg_get_indexdef(x.indexrelid, o.attnum, false) END AS g, CASE WHEN o.attnum > "
    "x.indnkeyatts THEN '1' END AS h, CASE WHEN (x.indoption[o.attnum - 1] & 1) = 1 THEN '1' END AS i, CASE WHEN "
    "(x.indoption[o.attnum - 1] & 2) = 2 THEN '1' END AS j, CASE WHEN x.indcollation[o.attnum - 1] <> "
    "coalesce(a.attcollation, t.typcollation, 0) AND x.indcollation[o.attnum - 1] <> 0 THEN CAST(l.collname AS "
    "text) END AS k, CASE WHEN NOT p.opcdefault OR o.attoptions IS NOT NULL THEN CASE WHEN "
    "pg_catalog.pg_opclass_is_visible(p.oid) THEN '' ELSE pg_catalog.quote_ident(n.nspname) || '.' END || "
    "pg_catalog.quote_ident(p.opcname) || coalesce(' (' || " CORM_PGSQL_OPTIONS ("o.attoptions") " || ')', '') END "
    "AS l, CASE WHEN m.amname <> 'btree' THEN CAST(m.amname AS text) END AS m, nullif(pg_catalog.concat_ws(' ', "
    "CASE WHEN {nulls_equal} THEN 'NULLS NOT DISTINCT' END, 'WITH (' || " CORM_PGSQL_OPTIONS ("i.reloptions") " || "
    "')', CASE WHEN i.reltablespace <> 0 THEN 'TABLESPACE ' || (SELECT pg_catalog.quote_ident(w.spcname) FROM "
    "pg_catalog.pg_tablespace w WHERE w.oid = i.reltablespace) END), '') AS n, CASE WHEN NOT x.indisvalid THEN '1' "
    "END AS o, d.description AS p FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN "
    "pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am m ON m.oid = i.relam JOIN "
    "pg_catalog.pg_attribute o ON o.attrelid = x.indexrelid LEFT JOIN pg_catalog.pg_type t ON t.oid = o.atttypid "
    "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[o.attnum - 1] AND "
    "a.attnum > 0 LEFT JOIN pg_catalog.pg_opclass p ON p.oid = x.indclass[o.attnum - 1] LEFT JOIN "
    "pg_catalog.pg_namespace n ON n.oid = p.opcnamespace LEFT JOIN pg_catalog.pg_collation l ON l.oid = "
    "x.indcollation[o.attnum - 1] LEFT JOIN pg_catalog.pg_description d ON d.objoid = i.oid AND d.objsubid = 0 AND "
    "d.classoid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass) WHERE NOT EXISTS (SELECT 1 FROM "
    "pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')) AND "
    CORM_PGSQL_IS_TABLE " ORDER BY c.oid, i.oid, o.attnum";
/* clang-format on */

static CormTableIndex *
add_index (CormPgsqlReading *reading, CormTable *table, const char *name, CormCursor *cursor)
{
  CormTableIndex *index = corm_table_add_index (table, name);
  index->unique = corm_pgsql_is_true (cursor, 2);
  index->where = corm_pgsql_words_unwrap (corm_pgsql_get_words (reading, cursor, 3));
  index->sql = corm_pgsql_get_words (reading, cursor, 4);
  index->method = corm_pgsql_get_text (cursor, 12);
  index->options = corm_pgsql_get_text (cursor, 13);
  index->invalid = corm_pgsql_is_true (cursor, 14);
  index->comment = corm_pgsql_get_text (cursor, 15);
  return index;
}

static void
add_part (CormPgsqlReading *reading, CormTableIndex *index, const char *column, CormCursor *cursor)
{
  g_autofree char *expression = corm_pgsql_get_words (reading, cursor, 6);
  CormIndexPart *part = corm_index_add_part (index, column != NULL ? column : expression);
  part->is_expression = column == NULL;
  part->descending = corm_pgsql_is_true (cursor, 8);
  part->nulls_otherwise = corm_pgsql_is_true (cursor, 9) != part->descending;
  part->collation = corm_pgsql_get_text (cursor, 10);
  part->operator_class = corm_pgsql_get_words (reading, cursor, 11);
}

void
corm_pgsql_add_index (CormPgsqlReading *reading, CormCursor *cursor)
{
  CormTable *table = corm_pgsql_get_table (reading, cursor);
  g_autofree char *name = corm_pgsql_get_text (cursor, 1), *column = corm_pgsql_get_text (cursor, 5);
  if (table == NULL)
    return;
  if (corm_pgsql_is_true (cursor, 4))
    add_index (reading, table, name, cursor);
  CormTableIndex *index = table->indexes->pdata[table->indexes->len - 1];
  if (corm_pgsql_is_true (cursor, 7))
    append_name (&index->include, g_steal_pointer (&column));
  else
    add_part (reading, index, column, cursor);
}
