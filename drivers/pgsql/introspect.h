/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files that read the catalogue share. No libpq here: the generic driver uses them too. */
#pragma once

#include "../dialects.h"

typedef struct {
  CormSchema *schema;
  gint64 place; /* oid of the schema that is read */
  gint64 live;  /* of the one that the database's own tables lie in; the same, but for a scratch place */
  char *prefix; /* the name of place, quoted where needed */
  int version;  /* 150018 */
  GHashTable *tables; /* oid as text -> CormTable */
  GHashTable *enums;  /* oid as text -> CormPgsqlEnum */
  GHashTable *nodes;  /* oid as text -> CormPgsqlNode */
  GPtrArray *order;   /* CormPgsqlNode, by kind and name; owns them */
  GString *objects;   /* the SELECTs of those kinds of objects of which there may be one */
} CormPgsqlReading;

typedef struct {
  char *name;
  gboolean foreign; /* of another schema, or an extension's */
  gboolean ours;    /* of the place that is read */
  gboolean used;    /* by a column */
  GPtrArray *labels;
  char *comment;
} CormPgsqlEnum;

/* An object before it has its place in the order. */
typedef struct {
  char *kind, *name, *table, *sql, *comment;
  GPtrArray *needs; /* CormPgsqlNode; NULL: none */
  gboolean placed;
} CormPgsqlNode;

/* A row of the cursor's query. */
typedef void (*CormPgsqlRow) (CormPgsqlReading *reading, CormCursor *cursor);

/* @sql with what only some versions of the server have, {names}, filled in, and its parameters :place and :live. */
gboolean corm_pgsql_for_each_row (CormPgsqlReading *reading, CormConnection *conn, const char *sql,
                                  CormPgsqlRow row, GError **error);
/* A copy; NULL for NULL. Of a text that may name things of the scratch place: without its name. */
char *corm_pgsql_get_text (CormCursor *cursor, guint column);
char *corm_pgsql_get_words (CormPgsqlReading *reading, CormCursor *cursor, guint column);
gboolean corm_pgsql_is_true (CormCursor *cursor, guint column);                  /* not NULL */
CormTable *corm_pgsql_get_table (CormPgsqlReading *reading, CormCursor *cursor); /* column 0 is its oid */

/* What a pg_class c is when it is ours: not a partition, which belongs to its table, and not an extension's. */
/* clang-format off */
#define CORM_PGSQL_IN_PLACE(alias, namespace, class) \
  alias "." namespace " = CAST(:place AS pg_catalog.oid) AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend own " \
  "WHERE own.classid = CAST('pg_catalog." class "' AS pg_catalog.regclass) AND own.objid = " alias ".oid AND " \
  "own.deptype = 'e')"
#define CORM_PGSQL_IS_RELATION CORM_PGSQL_IN_PLACE ("c", "relnamespace", "pg_class")
#define CORM_PGSQL_IS_TABLE "c.relkind IN ('r', 'p') AND NOT c.relispartition AND " CORM_PGSQL_IS_RELATION
/* "fillfactor='70', …" of an array of options; NULL: none. Those that begin with pg_ are a server's own notes. */
#define CORM_PGSQL_OPTIONS(array) \
  "CASE WHEN " array "[1] NOT LIKE 'pg\\_%' OR " array "[2] IS NOT NULL THEN (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(w.option_name) || " \
  "'=' || pg_catalog.quote_literal(w.option_value), ', ' ORDER BY w.option_name) FROM " \
  "pg_catalog.pg_options_to_table(" array ") w WHERE w.option_name NOT LIKE 'pg\\_%') END"
/* Whether the default of another column, not of an heir's, takes from the sequence that the pg_depend o gives a column. */
#define CORM_PGSQL_IS_SHARED(o) \
  "EXISTS (SELECT 1 FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_depend u ON u.objid = f.oid AND u.refobjid = " o \
  ".objid AND u.classid = CAST('pg_catalog.pg_attrdef' AS pg_catalog.regclass) WHERE (f.adrelid <> " o \
  ".refobjid OR f.adnum <> " o ".refobjsubid) AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE " \
  "h.inhrelid = f.adrelid))"
/* What a pg_sequence says beside the usual, "START WITH 5 CYCLE"; NULL: nothing */
#define CORM_PGSQL_SEQUENCE(q) \
  "nullif(pg_catalog.concat_ws(' ', CASE WHEN " q ".seqincrement <> 1 THEN 'INCREMENT BY ' || " q ".seqincrement " \
  "END, CASE WHEN " q ".seqmin <> CASE WHEN " q ".seqincrement > 0 THEN 1 WHEN " q ".seqtypid = 21 THEN -32768 " \
  "WHEN " q ".seqtypid = 23 THEN -2147483648 ELSE -9223372036854775808 END THEN 'MINVALUE ' || " q ".seqmin END, " \
  "CASE WHEN " q ".seqmax <> CASE WHEN " q ".seqincrement < 0 THEN -1 WHEN " q ".seqtypid = 21 THEN 32767 WHEN " q \
  ".seqtypid = 23 THEN 2147483647 ELSE 9223372036854775807 END THEN 'MAXVALUE ' || " q ".seqmax END, CASE WHEN " q \
  ".seqstart <> CASE WHEN " q ".seqincrement > 0 THEN " q ".seqmin ELSE " q ".seqmax END THEN 'START WITH ' || " q \
  ".seqstart END, CASE WHEN " q ".seqcache <> 1 THEN 'CACHE ' || " q ".seqcache END, CASE WHEN " q ".seqcycle " \
  "THEN 'CYCLE' END), '')"
/* clang-format on */

/* CormDialect.elsewhere: unread.c */
extern const char corm_pgsql_elsewhere[];
/* Queries and what to do with their rows: introspect-table.c */
extern const char corm_pgsql_tables_sql[], corm_pgsql_enums_sql[], corm_pgsql_columns_sql[];
void corm_pgsql_add_table (CormPgsqlReading *reading, CormCursor *cursor);
void corm_pgsql_add_label (CormPgsqlReading *reading, CormCursor *cursor);
void corm_pgsql_add_column (CormPgsqlReading *reading, CormCursor *cursor);
/* introspect-key.c */
extern const char corm_pgsql_constraints_sql[], corm_pgsql_indexes_sql[];
void corm_pgsql_add_constraint (CormPgsqlReading *reading, CormCursor *cursor);
void corm_pgsql_add_index (CormPgsqlReading *reading, CormCursor *cursor);
/* introspect-object.c: all objects, and how they need each other; then, with both read, they are put into the schema. */
gboolean corm_pgsql_read_objects (CormPgsqlReading *reading, CormConnection *conn, GError **error);
void corm_pgsql_place_objects (CormPgsqlReading *reading);
void corm_pgsql_node_free (gpointer node);
