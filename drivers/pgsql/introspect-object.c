/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whatever is no table, each as the statements that make it, in an order in which they can be made: by kind and name, and
 * what another one needs before it. What is not known of here by kind is a sequence of a column, an enum type that a
 * column has, an index, which all belong to a table; and what an extension brought. */
#include "introspect.h"
#include "words.h"

#include <string.h>

/* clang-format off */
#define COMMENT(oid, class) \
  "(SELECT d.description FROM pg_catalog.pg_description d WHERE d.objoid = " oid " AND d.objsubid = 0 AND " \
  "d.classoid = CAST('pg_catalog." class "' AS pg_catalog.regclass))"
#define OURS(alias, namespace, class) CORM_PGSQL_IN_PLACE (alias, namespace, class)
#define QUOTED(name) "pg_catalog.quote_ident(" name ")"
#define NEXT "';' || pg_catalog.chr(10) || "
/* "COMMENT ON COLUMN …" behind a relation's own statement, for what has columns and is no table */
#define COLUMN_COMMENTS \
  "coalesce((SELECT pg_catalog.string_agg(" NEXT "'COMMENT ON COLUMN ' || " QUOTED ("c.relname") " || '.' || " \
  QUOTED ("a.attname") " || ' IS ' || pg_catalog.quote_literal(d.description), '' ORDER BY a.attnum) FROM " \
  "pg_catalog.pg_description d JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid " \
  "WHERE d.objoid = c.oid AND d.objsubid > 0 AND d.classoid = CAST('pg_catalog.pg_class' AS " \
  "pg_catalog.regclass)), '')"

/* Each SELECT: rank, oid, kind, name, table, text, comment. */
#define COLLATIONS \
  "SELECT 0, o.oid, 'collation', CAST(o.collname AS text), NULL, 'CREATE COLLATION ' || " QUOTED ("o.collname") \
  " || ' (' || pg_catalog.concat_ws(', ', 'provider = ' || CASE CAST(o.collprovider AS text) WHEN 'i' THEN 'icu' " \
  "WHEN 'c' THEN 'libc' ELSE 'builtin' END, 'locale = ' || " \
  "pg_catalog.quote_literal(coalesce(pg_catalog.to_jsonb(o) ->> 'colliculocale', pg_catalog.to_jsonb(o) ->> " \
  "'colllocale', o.collcollate)), CASE WHEN NOT o.collisdeterministic THEN 'deterministic = false' END) || ')', " \
  COMMENT ("o.oid", "pg_collation") " FROM pg_catalog.pg_collation o WHERE " \
  OURS ("o", "collnamespace", "pg_collation")

/* Those that go with a column whose default does not take from them, or not alone; and those that belong to nobody. */
#define IS_SEQUENCE \
  "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_sequence q ON q.seqrelid = c.oid LEFT JOIN pg_catalog.pg_depend o ON " \
  "o.objid = c.oid AND o.classid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass) AND o.refclassid = o.classid " \
  "AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i') LEFT JOIN pg_catalog.pg_class t ON t.oid = o.refobjid LEFT JOIN " \
  "pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid WHERE (o.deptype IS NULL OR " \
  "o.deptype = 'a' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_depend u ON u.objid " \
  "= f.oid AND u.refobjid = c.oid AND u.classid = CAST('pg_catalog.pg_attrdef' AS pg_catalog.regclass) WHERE " \
  "f.adrelid = o.refobjid AND f.adnum = o.refobjsubid) OR o.deptype = 'a' AND " CORM_PGSQL_IS_SHARED ("o") ") AND " \
  CORM_PGSQL_IS_RELATION
#define SEQUENCES \
  "SELECT 2, c.oid, 'sequence', CAST(c.relname AS text), NULL, pg_catalog.concat_ws(' ', 'CREATE SEQUENCE', " \
  QUOTED ("c.relname") ", CASE q.seqtypid WHEN 21 THEN 'AS smallint' WHEN 23 THEN 'AS integer' END, " \
  CORM_PGSQL_SEQUENCE ("q") "), " COMMENT ("c.oid", "pg_class") " " IS_SEQUENCE
#define OWNERSHIPS \
  "SELECT 8, c.oid, 'ownership', CAST(c.relname AS text), CAST(t.relname AS text), 'ALTER SEQUENCE ' || " \
  QUOTED ("c.relname") " || ' OWNED BY ' || CAST(CAST(t.oid AS pg_catalog.regclass) AS text) || '.' || " \
  QUOTED ("a.attname") ", NULL " IS_SEQUENCE " AND t.oid IS NOT NULL"

#define DOMAINS \
  "SELECT 3, t.oid, 'domain', CAST(t.typname AS text), NULL, pg_catalog.concat_ws(' ', 'CREATE DOMAIN', " \
  QUOTED ("t.typname") ", 'AS', pg_catalog.format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typcollation <> " \
  "b.typcollation THEN 'COLLATE ' || (SELECT " QUOTED ("n.nspname") " || '.' || " QUOTED ("l.collname") " FROM " \
  "pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = " \
  "t.typcollation) END, 'DEFAULT ' || coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault), CASE " \
  "WHEN t.typnotnull THEN 'NOT NULL' END, (SELECT pg_catalog.string_agg('CONSTRAINT ' || " QUOTED ("k.conname") \
  " || ' ' || pg_catalog.pg_get_constraintdef(k.oid, true), ' ' ORDER BY k.conname COLLATE \"C\") FROM " \
  "pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated)) || " \
  "coalesce((SELECT pg_catalog.string_agg(" NEXT "'ALTER DOMAIN ' || " QUOTED ("t.typname") " || ' ADD " \
  "CONSTRAINT ' || " QUOTED ("k.conname") " || ' ' || pg_catalog.pg_get_constraintdef(k.oid, true), '' ORDER BY " \
  "k.conname COLLATE \"C\") FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND NOT " \
  "k.convalidated), '') || coalesce((SELECT pg_catalog.string_agg(" NEXT "'COMMENT ON CONSTRAINT ' || " \
  QUOTED ("k.conname") " || ' ON DOMAIN ' || " QUOTED ("t.typname") " || ' IS ' || pg_catalog.quote_literal(d.description), " \
  "'' ORDER BY k.conname COLLATE \"C\") FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_description d ON d.objoid = " \
  "k.oid AND d.classoid = CAST('pg_catalog.pg_constraint' AS pg_catalog.regclass) WHERE k.contypid = t.oid), ''), " \
  COMMENT ("t.oid", "pg_type") " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_type b ON " \
  "b.oid = t.typbasetype WHERE t.typtype = 'd' AND " OURS ("t", "typnamespace", "pg_type")

#define COMPOSITES \
  "SELECT 3, t.oid, 'type', CAST(t.typname AS text), NULL, 'CREATE TYPE ' || " QUOTED ("t.typname") " || ' AS (' " \
  "|| coalesce((SELECT pg_catalog.string_agg(" QUOTED ("a.attname") " || ' ' || " \
  "pg_catalog.format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation <> y.typcollation THEN ' COLLATE " \
  "' || (SELECT " QUOTED ("n.nspname") " || '.' || " QUOTED ("l.collname") " FROM pg_catalog.pg_collation l JOIN " \
  "pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) ELSE '' END, ', ' ORDER BY " \
  "a.attnum) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid WHERE a.attrelid = " \
  "t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')' || " COLUMN_COMMENTS ", " \
  COMMENT ("t.oid", "pg_type") " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c' WHERE " \
  OURS ("t", "typnamespace", "pg_type")

#define RANGES \
  "SELECT 3, t.oid, 'type', CAST(t.typname AS text), NULL, 'CREATE TYPE ' || " QUOTED ("t.typname") " || ' AS " \
  "RANGE (' || pg_catalog.concat_ws(', ', 'SUBTYPE = ' || pg_catalog.format_type(r.rngsubtype, NULL), CASE WHEN " \
  "NOT o.opcdefault THEN 'SUBTYPE_OPCLASS = ' || " QUOTED ("o.opcname") " END, CASE WHEN r.rngcollation <> " \
  "y.typcollation THEN 'COLLATION = ' || CAST(CAST(r.rngcollation AS pg_catalog.regcollation) AS text) END, CASE " \
  "WHEN CAST(r.rngcanonical AS pg_catalog.oid) <> 0 THEN 'CANONICAL = ' || CAST(r.rngcanonical AS text) END, " \
  "CASE WHEN CAST(r.rngsubdiff AS pg_catalog.oid) <> 0 THEN 'SUBTYPE_DIFF = ' || CAST(r.rngsubdiff AS text) END, " \
  "'MULTIRANGE_TYPE_NAME = ' || (SELECT " QUOTED ("u.typname") " FROM pg_catalog.pg_type u WHERE u.oid = " \
  "{multirange})) || ')', " COMMENT ("t.oid", "pg_type") " FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type t " \
  "ON t.oid = r.rngtypid JOIN pg_catalog.pg_type y ON y.oid = r.rngsubtype JOIN pg_catalog.pg_opclass o ON o.oid " \
  "= r.rngsubopc WHERE " OURS ("t", "typnamespace", "pg_type")

/* Behind CREATE OR REPLACE FUNCTION the text has the schema's name, which is left out. */
#define ROUTINES \
  "SELECT 4, p.oid, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, " QUOTED ("p.proname") " || " \
  "'(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', NULL, v.verb || " QUOTED ("p.proname") " || " \
  "pg_catalog.rtrim(pg_catalog.substr(pg_catalog.pg_get_functiondef(p.oid), pg_catalog.length(v.verb || " \
  QUOTED ("n.nspname") " || '.' || " QUOTED ("p.proname") ") + 1), pg_catalog.chr(10)), " COMMENT ("p.oid", "pg_proc") " " \
  "FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace CROSS JOIN LATERAL (SELECT " \
  "'CREATE OR REPLACE ' || CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END AS verb) v WHERE " \
  "p.prokind <> 'a' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend i WHERE i.objid = p.oid AND i.classid = " \
  "CAST('pg_catalog.pg_proc' AS pg_catalog.regclass) AND i.deptype = 'i') AND " \
  OURS ("p", "pronamespace", "pg_proc")

#define AGGREGATES \
  "SELECT 4, p.oid, 'aggregate', " QUOTED ("p.proname") " || '(' || CASE WHEN g.aggkind = 'n' AND p.pronargs = 0 " \
  "THEN '*' ELSE pg_catalog.pg_get_function_identity_arguments(p.oid) END || ')', NULL, 'CREATE AGGREGATE ' || " \
  QUOTED ("p.proname") " || '(' || CASE WHEN g.aggkind = 'n' AND p.pronargs = 0 THEN '*' ELSE " \
  "pg_catalog.pg_get_function_arguments(p.oid) END || ') (' || pg_catalog.concat_ws(', ', 'SFUNC = ' || " \
  "CAST(g.aggtransfn AS text), 'STYPE = ' || pg_catalog.format_type(g.aggtranstype, NULL), CASE WHEN " \
  "g.aggtransspace <> 0 THEN 'SSPACE = ' || g.aggtransspace END, CASE WHEN CAST(g.aggfinalfn AS pg_catalog.oid) " \
  "<> 0 THEN 'FINALFUNC = ' || CAST(g.aggfinalfn AS text) END, CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' " \
  "END, CASE WHEN CAST(g.aggcombinefn AS pg_catalog.oid) <> 0 THEN 'COMBINEFUNC = ' || CAST(g.aggcombinefn AS " \
  "text) END, 'INITCOND = ' || pg_catalog.quote_literal(g.agginitval), CASE WHEN CAST(g.aggmtransfn AS " \
  "pg_catalog.oid) <> 0 THEN 'MSFUNC = ' || CAST(g.aggmtransfn AS text) || ', MINVFUNC = ' || " \
  "CAST(g.aggminvtransfn AS text) || ', MSTYPE = ' || pg_catalog.format_type(g.aggmtranstype, NULL) END, CASE " \
  "WHEN CAST(g.aggmfinalfn AS pg_catalog.oid) <> 0 THEN 'MFINALFUNC = ' || CAST(g.aggmfinalfn AS text) END, " \
  "'MINITCOND = ' || pg_catalog.quote_literal(g.aggminitval), CASE WHEN g.aggkind = 'h' THEN 'HYPOTHETICAL' END, " \
  "CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END) || ')', " \
  COMMENT ("p.oid", "pg_proc") " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_aggregate g ON CAST(g.aggfnoid AS " \
  "pg_catalog.oid) = p.oid WHERE " OURS ("p", "pronamespace", "pg_proc")

#define VIEWS \
  "SELECT 6, c.oid, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, CAST(c.relname AS text), " \
  "NULL, pg_catalog.concat_ws(' ', CASE c.relkind WHEN 'v' THEN 'CREATE VIEW' ELSE 'CREATE MATERIALIZED VIEW' " \
  "END, " QUOTED ("c.relname") ", CASE WHEN m.amname <> 'heap' THEN 'USING ' || " QUOTED ("m.amname") " END, " \
  "'WITH (' || " CORM_PGSQL_OPTIONS ("c.reloptions") " || ')', 'TABLESPACE ' || (SELECT " QUOTED ("s.spcname") " " \
  "FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace), 'AS') || pg_catalog.chr(10) || " \
  "pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';') || coalesce((SELECT pg_catalog.string_agg(" NEXT \
  "pg_catalog.pg_get_indexdef(x.indexrelid, 0, true) || coalesce(" NEXT "'COMMENT ON INDEX ' || " QUOTED ("i.relname") \
  " || ' IS ' || pg_catalog.quote_literal(" COMMENT ("i.oid", "pg_class") "), ''), '' ORDER BY i.relname COLLATE " \
  "\"C\") FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid), " \
  "'') || coalesce((SELECT pg_catalog.string_agg(" NEXT "'ALTER VIEW ' || " QUOTED ("c.relname") " || ' ALTER COLUMN ' " \
  "|| " QUOTED ("a.attname") " || ' SET DEFAULT ' || pg_catalog.pg_get_expr(f.adbin, f.adrelid), '' ORDER BY f.adnum) " \
  "FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum WHERE " \
  "f.adrelid = c.oid), '') || " COLUMN_COMMENTS ", " COMMENT ("c.oid", "pg_class") " FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_am m " \
  "ON m.oid = c.relam WHERE c.relkind IN ('v', 'm') AND " CORM_PGSQL_IS_RELATION

#define FOREIGN_TABLES \
  "SELECT 5, c.oid, 'foreign table', CAST(c.relname AS text), NULL, 'CREATE FOREIGN TABLE ' || " \
  QUOTED ("c.relname") " || ' (' || coalesce((SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', " \
  QUOTED ("a.attname") ", pg_catalog.format_type(a.atttypid, a.atttypmod), 'OPTIONS (' || " \
  "nullif(pg_catalog.array_to_string(ARRAY(SELECT " QUOTED ("w.option_name") " || ' ' || " \
  "pg_catalog.quote_literal(w.option_value) FROM pg_catalog.pg_options_to_table(a.attfdwoptions) w ORDER BY 1), " \
  "', '), '') || ')', CASE WHEN a.attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_catalog.pg_get_expr(e.adbin, " \
  "e.adrelid)), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid " \
  "= a.attrelid AND e.adnum = a.attnum AND CAST(a.attgenerated AS text) = '' WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') || ') SERVER " \
  "' || " QUOTED ("v.srvname") " || coalesce(' OPTIONS (' || nullif(pg_catalog.array_to_string(ARRAY(SELECT " \
  QUOTED ("w.option_name") " || ' ' || pg_catalog.quote_literal(w.option_value) FROM " \
  "pg_catalog.pg_options_to_table(f.ftoptions) w ORDER BY 1), ', '), '') || ')', '') || coalesce((SELECT " \
  "pg_catalog.string_agg(" NEXT "'ALTER FOREIGN TABLE ' || " QUOTED ("c.relname") " || ' ADD CONSTRAINT ' || " \
  QUOTED ("k.conname") " || ' ' || pg_catalog.pg_get_constraintdef(k.oid, true), '' ORDER BY k.conname COLLATE \"C\") " \
  "FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'), '') || " COLUMN_COMMENTS ", " \
  COMMENT ("c.oid", "pg_class") " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = " \
  "c.oid JOIN pg_catalog.pg_foreign_server v ON v.oid = f.ftserver WHERE " CORM_PGSQL_IS_RELATION

/* With the indexes and the checks that it does not have from its parent. */
#define PARTITIONS \
  "SELECT 5, c.oid, 'partition', CAST(c.relname AS text), CAST(t.relname AS text), pg_catalog.concat_ws(' ', " \
  "'CREATE TABLE', " QUOTED ("c.relname") ", 'PARTITION OF', CAST(CAST(t.oid AS pg_catalog.regclass) AS text), " \
  "pg_catalog.pg_get_expr(c.relpartbound, c.oid), CASE WHEN c.relkind = 'p' THEN 'PARTITION BY ' || " \
  "pg_catalog.pg_get_partkeydef(c.oid) END, 'WITH (' || " CORM_PGSQL_OPTIONS ("c.reloptions") " || ')') || " \
  "coalesce((SELECT pg_catalog.string_agg(" NEXT "'ALTER TABLE ' || " QUOTED ("c.relname") " || ' ADD CONSTRAINT " \
  "' || " QUOTED ("k.conname") " || ' ' || pg_catalog.pg_get_constraintdef(k.oid, true), '' ORDER BY k.conname " \
  "COLLATE \"C\") FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.conislocal AND k.conparentid = " \
  "0 AND k.contype <> 'n'), '') || coalesce((SELECT pg_catalog.string_agg(" NEXT \
  "pg_catalog.pg_get_indexdef(x.indexrelid, 0, true), '' ORDER BY i.relname COLLATE \"C\") FROM " \
  "pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND NOT " \
  "i.relispartition AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.oid)), '') || " \
  COLUMN_COMMENTS ", " COMMENT ("c.oid", "pg_class") " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits h " \
  "ON h.inhrelid = c.oid JOIN pg_catalog.pg_class t ON t.oid = h.inhparent WHERE c.relispartition AND c.relkind " \
  "IN ('r', 'p') AND " CORM_PGSQL_IS_RELATION

#define CONSTRAINTS \
  "SELECT 7, k.oid, 'constraint', CAST(k.conname AS text), CAST(c.relname AS text), 'ALTER TABLE ' || " \
  QUOTED ("c.relname") " || ' ADD CONSTRAINT ' || " QUOTED ("k.conname") " || ' ' || " \
  "pg_catalog.pg_get_constraintdef(k.oid, true), " COMMENT ("k.oid", "pg_constraint") " FROM " \
  "pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid LEFT JOIN pg_catalog.pg_class r " \
  "ON r.oid = k.confrelid WHERE (k.contype = 'x' OR k.contype = 'f' AND r.relnamespace NOT IN (CAST(:place AS " \
  "pg_catalog.oid), CAST(:live AS pg_catalog.oid))) AND k.conparentid = 0 AND " CORM_PGSQL_IS_TABLE

#define STATISTICS \
  "SELECT 8, s.oid, 'statistics', CAST(s.stxname AS text), CAST(c.relname AS text), 'CREATE STATISTICS ' || " \
  QUOTED ("s.stxname") " || pg_catalog.substr(pg_catalog.pg_get_statisticsobjdef(s.oid), " \
  "pg_catalog.length('CREATE STATISTICS ' || " QUOTED ("n.nspname") " || '.' || " QUOTED ("s.stxname") ") + 1) " \
  "|| CASE WHEN {statistics} <> -1 THEN " NEXT "'ALTER STATISTICS ' || " QUOTED ("s.stxname") " || ' SET " \
  "STATISTICS ' || {statistics} ELSE '' END, " COMMENT ("s.oid", "pg_statistic_ext") " FROM " \
  "pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace JOIN " \
  "pg_catalog.pg_class c ON c.oid = s.stxrelid WHERE " OURS ("s", "stxnamespace", "pg_statistic_ext")

#define RULES \
  "SELECT 8, r.oid, 'rule', CAST(r.rulename AS text), CAST(c.relname AS text), " \
  "pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid, true), ';') || CASE r.ev_enabled WHEN 'O' THEN '' ELSE " NEXT \
  "'ALTER TABLE ' || " QUOTED ("c.relname") " || CASE r.ev_enabled WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' " \
  "ENABLE REPLICA' ELSE ' ENABLE ALWAYS' END || ' RULE ' || " QUOTED ("r.rulename") " END, " \
  COMMENT ("r.oid", "pg_rewrite") " FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = " \
  "r.ev_class WHERE r.rulename <> '_RETURN' AND " CORM_PGSQL_IS_RELATION

#define POLICIES \
  "SELECT 8, p.oid, 'policy', CAST(p.polname AS text), CAST(c.relname AS text), pg_catalog.concat_ws(' ', " \
  "'CREATE POLICY', " QUOTED ("p.polname") ", 'ON', " QUOTED ("c.relname") ", CASE WHEN NOT p.polpermissive THEN " \
  "'AS RESTRICTIVE' END, CASE p.polcmd WHEN 'r' THEN 'FOR SELECT' WHEN 'a' THEN 'FOR INSERT' WHEN 'w' THEN 'FOR " \
  "UPDATE' WHEN 'd' THEN 'FOR DELETE' END, 'TO ' || (SELECT pg_catalog.string_agg(" QUOTED ("u.rolname") ", ', ' " \
  "ORDER BY u.rolname) FROM pg_catalog.pg_roles u WHERE u.oid = ANY (p.polroles)), 'USING (' || " \
  "pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', 'WITH CHECK (' || " \
  "pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')'), " COMMENT ("p.oid", "pg_policy") " FROM " \
  "pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid WHERE " CORM_PGSQL_IS_RELATION

#define TRIGGERS \
  "SELECT 9, t.oid, 'trigger', CAST(t.tgname AS text), CAST(c.relname AS text), " \
  "pg_catalog.pg_get_triggerdef(t.oid, true) || CASE t.tgenabled WHEN 'O' THEN '' ELSE " NEXT "'ALTER TABLE ' || " \
  QUOTED ("c.relname") " || CASE t.tgenabled WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' ELSE ' " \
  "ENABLE ALWAYS' END || ' TRIGGER ' || " QUOTED ("t.tgname") " END, " COMMENT ("t.oid", "pg_trigger") " FROM " \
  "pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND " \
  "{parent_trigger} = 0 AND " CORM_PGSQL_IS_RELATION

/* Which of its indexes a table is identified or sorted by; a key's or another one. */
#define INDEX_ROLE(rank, kind, flag, clause) \
  "SELECT " rank ", x.indexrelid, '" kind "', CAST(i.relname AS text), CAST(c.relname AS text), 'ALTER TABLE ' || " \
  QUOTED ("c.relname") " || ' " clause " ' || " QUOTED ("i.relname") ", NULL FROM pg_catalog.pg_index x JOIN " \
  "pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE x." flag \
  " AND " CORM_PGSQL_IS_TABLE
#define REPLICA_IDENTITIES \
  INDEX_ROLE ("8", "replica identity", "indisreplident", "REPLICA IDENTITY USING INDEX") " AND c.relreplident = 'i'"
#define CLUSTERINGS INDEX_ROLE ("8", "clustering", "indisclustered", "CLUSTER ON")

#define PLACE "CAST(:place AS pg_catalog.oid)"
#define RELATION_OF(kinds) "pg_class c WHERE c.relnamespace = " PLACE " AND c.relkind IN (" kinds ")"
#define FREE_SEQUENCE \
  RELATION_OF ("'S'") " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend o WHERE o.objid = c.oid AND o.classid = " \
  "CAST('pg_catalog.pg_class' AS pg_catalog.regclass) AND o.deptype = 'i')"
#define FOREIGN_TARGET \
  "pg_constraint k WHERE k.connamespace = " PLACE " AND (k.contype = 'x' OR k.contype = 'f' AND NOT EXISTS (SELECT 1 " \
  "FROM pg_catalog.pg_class r WHERE r.oid = k.confrelid AND r.relnamespace IN (" PLACE ", CAST(:live AS " \
  "pg_catalog.oid))))"

/* Planning all of them takes the server longer than reading a small schema: only those run of which there may be one. */
static const struct {
  const char *sql, *exists; /* a row of this */
} kinds[] = {
  { COLLATIONS, "pg_collation o WHERE o.collnamespace = " PLACE },
  { SEQUENCES, FREE_SEQUENCE },
  { DOMAINS, "pg_type t WHERE t.typnamespace = " PLACE " AND t.typtype = 'd'" },
  { COMPOSITES, RELATION_OF ("'c'") },
  { RANGES, "pg_type t WHERE t.typnamespace = " PLACE " AND t.typtype = 'r'" },
  { ROUTINES, "pg_proc p WHERE p.pronamespace = " PLACE " AND p.prokind <> 'a'" },
  { AGGREGATES, "pg_proc p WHERE p.pronamespace = " PLACE " AND p.prokind = 'a'" },
  { VIEWS, RELATION_OF ("'v', 'm'") },
  { FOREIGN_TABLES, RELATION_OF ("'f'") },
  { PARTITIONS, RELATION_OF ("'r', 'p'") " AND c.relispartition" },
  { CONSTRAINTS, FOREIGN_TARGET },
  { STATISTICS, "pg_statistic_ext s WHERE s.stxnamespace = " PLACE },
  { RULES, "pg_rewrite r WHERE r.rulename <> '_RETURN' AND r.oid >= 16384" },
  { POLICIES, "pg_policy" },
  { TRIGGERS, "pg_trigger t WHERE NOT t.tgisinternal" },
  { OWNERSHIPS, FREE_SEQUENCE },
  { REPLICA_IDENTITIES, "pg_index x WHERE x.indisreplident" },
  { CLUSTERINGS, "pg_index x WHERE x.indisclustered" },
};

/* Which of them needs which, by the oid under which each is listed above. A view's needs are its rule's, a relation's
 * row type stands for it. What has a table comes behind all others anyway. */
static const char needs_sql[] =
    "SELECT DISTINCT CAST(coalesce(w.ev_class, k.contypid, c.reltype, d.objid) AS text) AS a, "
    "CAST(coalesce(nullif(y.typrelid, 0), nullif(y.typelem, 0), d.refobjid) AS text) AS b, "
    "CAST(coalesce(nullif(y.typrelid, 0), d.refobjid) AS text) AS c FROM pg_catalog.pg_depend d LEFT JOIN "
    "pg_catalog.pg_rewrite w ON w.oid = d.objid AND d.classid = CAST('pg_catalog.pg_rewrite' AS "
    "pg_catalog.regclass) LEFT JOIN pg_catalog.pg_constraint k ON k.oid = d.objid AND k.contypid <> 0 AND "
    "d.classid = CAST('pg_catalog.pg_constraint' AS pg_catalog.regclass) LEFT JOIN pg_catalog.pg_class c ON c.oid "
    "= d.objid AND c.relkind = 'c' AND d.classid = CAST('pg_catalog.pg_class' AS pg_catalog.regclass) LEFT JOIN "
    "pg_catalog.pg_type y ON y.oid = d.refobjid AND d.refclassid = CAST('pg_catalog.pg_type' AS "
    "pg_catalog.regclass) WHERE d.deptype IN ('n', 'a') AND d.objid >= 16384 AND d.refobjid >= 16384 AND "
    "d.classid IN (CAST('pg_catalog.pg_rewrite' AS pg_catalog.regclass), CAST('pg_catalog.pg_proc' AS "
    "pg_catalog.regclass), CAST('pg_catalog.pg_type' AS pg_catalog.regclass), CAST('pg_catalog.pg_constraint' AS "
    "pg_catalog.regclass), CAST('pg_catalog.pg_class' AS pg_catalog.regclass)) AND (d.classid NOT IN "
    "(CAST('pg_catalog.pg_constraint' AS pg_catalog.regclass), CAST('pg_catalog.pg_class' AS pg_catalog.regclass)) "
    "OR k.oid IS NOT NULL OR c.oid IS NOT NULL) AND CAST(:place AS pg_catalog.oid) IS NOT NULL";

/* clang-format on */

/* --- nodes ---------------------------------------------------------------------------------------------------------- */

void
corm_pgsql_node_free (gpointer data)
{
  CormPgsqlNode *node = data;
  g_free (node->kind);
  g_free (node->name);
  g_free (node->table);
  g_free (node->sql);
  g_free (node->comment);
  g_clear_pointer (&node->needs, g_ptr_array_unref);
  g_free (node);
}

/* The comment is part of what makes it: nothing else would make it anew. */
static void
say_comment (CormPgsqlNode *node)
{
  static const char *const of_table[] = { "constraint", "policy", "rule", "trigger", NULL };
  if (node->comment == NULL)
    return;
  gboolean partition = strcmp (node->kind, "partition") == 0, quoted = strchr (node->name, '(') != NULL;
  g_autofree char *kind = g_ascii_strup (partition ? "table" : node->kind, -1);
  GString *sql = g_string_new (node->sql);
  CormValue comment = corm_value_text (node->comment);
  g_string_append_printf (sql, ";\nCOMMENT ON %s ", kind);
  if (quoted)
    g_string_append (sql, node->name);
  else
    corm_sql_append_identifier (sql, &corm_pgsql_dialect, node->name);
  if (g_strv_contains (of_table, node->kind)) {
    g_string_append (sql, " ON ");
    corm_sql_append_identifier (sql, &corm_pgsql_dialect, node->table);
  }
  g_string_append (sql, " IS ");
  corm_sql_append_literal (sql, &corm_pgsql_dialect, &comment, NULL);
  g_free (node->sql);
  node->sql = g_string_free (sql, FALSE);
}

/* A routine's body is the program's own text. */
static void
add_object (CormPgsqlReading *reading, CormCursor *cursor)
{
  CormPgsqlNode *node = g_new0 (CormPgsqlNode, 1);
  g_ptr_array_add (reading->order, node);
  node->kind = corm_pgsql_get_text (cursor, 1);
  node->name = corm_pgsql_get_words (reading, cursor, 2);
  node->table = corm_pgsql_get_text (cursor, 3);
  node->sql = strcmp (node->kind, "function") == 0 || strcmp (node->kind, "procedure") == 0
                  ? corm_pgsql_get_text (cursor, 4)
                  : corm_pgsql_get_words (reading, cursor, 4);
  node->comment = corm_pgsql_get_text (cursor, 5);
  say_comment (node);
  g_hash_table_insert (reading->nodes, corm_pgsql_get_text (cursor, 0), node);
}

static void
add_need (CormPgsqlReading *reading, CormPgsqlNode *node, const char *oid)
{
  CormPgsqlNode *other = oid != NULL ? g_hash_table_lookup (reading->nodes, oid) : NULL;
  if (other == NULL || other == node)
    return;
  if (node->needs == NULL)
    node->needs = g_ptr_array_new ();
  g_ptr_array_add (node->needs, other);
}

static void
add_need_of (CormPgsqlReading *reading, CormCursor *cursor)
{
  g_autofree char *oid = corm_pgsql_get_text (cursor, 0), *element = corm_pgsql_get_text (cursor, 1),
                  *other = corm_pgsql_get_text (cursor, 2);
  CormPgsqlNode *node = g_hash_table_lookup (reading->nodes, oid);
  if (node == NULL)
    return;
  add_need (reading, node, other);
  if (strcmp (element, other) != 0)
    add_need (reading, node, element);
}

/* --- reading them --------------------------------------------------------------------------------------------------- */

/* What may be there, a column for each kind. */
static void
note_kinds (CormPgsqlReading *reading, CormCursor *cursor)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (corm_pgsql_is_true (cursor, i))
      g_string_append_printf (reading->objects, "%s%s", reading->objects->len > 0 ? " UNION ALL " : "",
                              kinds[i].sql);
}

static gboolean
read_objects (CormPgsqlReading *reading, CormConnection *conn, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_string_append_printf (sql, "%sCASE WHEN EXISTS (SELECT 1 FROM pg_catalog.%s) THEN '1' END AS k%u",
                            i > 0 ? ", " : "", kinds[i].exists, i);
  if (!corm_pgsql_for_each_row (reading, conn, sql->str, note_kinds, error))
    return FALSE;
  if (reading->objects->len == 0)
    return TRUE;
  g_string_printf (sql,
                   "SELECT CAST(o.id AS text) AS a, o.kind AS b, o.name AS c, o.tab AS d, o.sql AS e, "
                   "o.comment AS f FROM (%s) AS o (rank, id, kind, name, tab, sql, comment) ORDER BY o.rank, "
                   "o.kind, o.tab COLLATE \"C\" NULLS FIRST, o.name COLLATE \"C\"",
                   reading->objects->str);
  return corm_pgsql_for_each_row (reading, conn, sql->str, add_object, error) &&
         corm_pgsql_for_each_row (reading, conn, needs_sql, add_need_of, error);
}

gboolean
corm_pgsql_read_objects (CormPgsqlReading *reading, CormConnection *conn, GError **error)
{
  reading->objects = g_string_new (NULL);
  gboolean done = read_objects (reading, conn, error);
  g_string_free (g_steal_pointer (&reading->objects), TRUE);
  return done;
}

/* --- the schema's --------------------------------------------------------------------------------------------------- */

static int
compare_enums (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(CormPgsqlEnum *const *) a)->name, (*(CormPgsqlEnum *const *) b)->name);
}

static void
place_enum (CormSchema *schema, const CormPgsqlEnum *type)
{
  CormSchemaObject *object = corm_schema_add_object (schema, "enum", type->name);
  GString *sql = g_string_new ("CREATE TYPE ");
  corm_sql_append_identifier (sql, &corm_pgsql_dialect, type->name);
  g_string_append (sql, " AS ENUM (");
  for (guint i = 0; i < type->labels->len; i++) {
    CormValue label = corm_value_text (type->labels->pdata[i]);
    g_string_append (sql, i > 0 ? ", " : "");
    corm_sql_append_literal (sql, &corm_pgsql_dialect, &label, NULL);
  }
  g_string_append_c (sql, ')');
  object->comment = g_strdup (type->comment);
  if (type->comment != NULL) {
    CormValue comment = corm_value_text (type->comment);
    g_string_append (sql, ";\nCOMMENT ON TYPE ");
    corm_sql_append_identifier (sql, &corm_pgsql_dialect, type->name);
    g_string_append (sql, " IS ");
    corm_sql_append_literal (sql, &corm_pgsql_dialect, &comment, NULL);
  }
  object->sql = g_string_free (sql, FALSE);
}

/* Types that no column has by name. */
static void
place_enums (CormPgsqlReading *reading)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer type;
  g_hash_table_iter_init (&iter, reading->enums);
  while (g_hash_table_iter_next (&iter, NULL, &type))
    if (((CormPgsqlEnum *) type)->ours && !((CormPgsqlEnum *) type)->used)
      g_ptr_array_add (rest, type);
  g_ptr_array_sort (rest, compare_enums);
  for (guint i = 0; i < rest->len; i++)
    place_enum (reading->schema, rest->pdata[i]);
}

static void
place (CormPgsqlReading *reading, CormPgsqlNode *node)
{
  if (node->placed)
    return;
  node->placed = TRUE;
  for (guint i = 0; node->needs != NULL && i < node->needs->len; i++)
    place (reading, node->needs->pdata[i]);
  CormSchemaObject *object = corm_schema_add_object (reading->schema, node->kind, node->name);
  object->table = g_strdup (node->table);
  object->sql = g_strdup (node->sql);
  object->comment = g_strdup (node->comment);
}

void
corm_pgsql_place_objects (CormPgsqlReading *reading)
{
  place_enums (reading);
  for (guint i = 0; i < reading->order->len; i++)
    place (reading, reading->order->pdata[i]);
}
