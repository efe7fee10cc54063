/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a database has and its schema, as it is read here, has not: tables of other schemas, and things of kinds that no
 * schema of ours knows, each as the statement that makes it. What an extension or the server itself brought is none. */
#include "introspect.h"

/* clang-format off */
#define QUOTED(name) "pg_catalog.quote_ident(" name ")"
#define TYPE(oid) "pg_catalog.format_type(" oid ", NULL)"
#define CLASS(name) "CAST('pg_catalog." name "' AS pg_catalog.regclass)"
#define HERE "CAST(pg_catalog.quote_ident((pg_catalog.current_schemas(false))[1]) AS pg_catalog.regnamespace)"
#define AS_TEXT(what, type) "CAST(CAST(" what " AS pg_catalog." type ") AS text)"

/* A partition goes with its table, which alone may stand elsewhere. */
#define ROWS_OF(alias) \
  "CASE WHEN " alias ".reltuples > 0 THEN CAST(" alias ".reltuples AS bigint) ELSE " \
  "pg_catalog.pg_stat_get_live_tuples(" alias ".oid) END"
#define TABLES \
  "SELECT 0 AS rank, n.nspname AS place, CAST(c.relname AS text) AS a, 'table ' || " QUOTED ("n.nspname") " || '.' || " \
  QUOTED ("c.relname") " || ' (' || CASE WHEN c.relkind = 'p' THEN (SELECT coalesce(sum(" ROWS_OF ("l") "), 0) FROM " \
  "pg_catalog.pg_partition_tree(c.oid) p JOIN pg_catalog.pg_class l ON l.oid = p.relid WHERE p.isleaf) ELSE " \
  ROWS_OF ("c") " END || ' rows by statistics) stands in another schema; set search_path' AS b, NULL AS c FROM " \
  "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND " \
  "NOT c.relispartition AND n.nspname <> coalesce((pg_catalog.current_schemas(false))[1], '') AND " \
  "n.nspname !~ '^(pg_|corm_scratch_)' AND n.nspname <> 'information_schema' AND " \
  "pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT EXISTS " \
  "(SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = " CLASS ("pg_class") " AND d.objid = c.oid AND d.deptype = " \
  "'e')"

/* Each SELECT: class, oid, text. */
#define CASTS \
  "SELECT " CLASS ("pg_cast") ", k.oid, 'cast: CREATE CAST (' || " TYPE ("k.castsource") " || ' AS ' || " \
  TYPE ("k.casttarget") " || ')' || CASE CAST(k.castmethod AS text) WHEN 'f' THEN ' WITH FUNCTION ' || " \
  AS_TEXT ("k.castfunc", "regprocedure") " WHEN 'i' THEN ' WITH INOUT' ELSE ' WITHOUT FUNCTION' END || CASE " \
  "CAST(k.castcontext AS text) WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END FROM " \
  "pg_catalog.pg_cast k WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_type t WHERE t.oid IN (k.castsource, k.casttarget) AND " \
  "t.typnamespace = " HERE ") OR EXISTS (SELECT 1 FROM pg_catalog.pg_proc p WHERE p.oid = k.castfunc AND p.pronamespace = " \
  HERE ")"
#define OPERATORS \
  "SELECT " CLASS ("pg_operator") ", o.oid, 'operator: CREATE OPERATOR ' || o.oprname || ' (' || " \
  "pg_catalog.concat_ws(', ', 'FUNCTION = ' || nullif(CAST(o.oprcode AS text), '-'), 'LEFTARG = ' || CASE WHEN " \
  "o.oprleft <> 0 THEN " TYPE ("o.oprleft") " END, 'RIGHTARG = ' || CASE WHEN o.oprright <> 0 THEN " \
  TYPE ("o.oprright") " END, CASE WHEN o.oprcom <> 0 THEN 'COMMUTATOR = ' || " AS_TEXT ("o.oprcom", "regoper") " END, " \
  "CASE WHEN o.oprnegate <> 0 THEN 'NEGATOR = ' || " AS_TEXT ("o.oprnegate", "regoper") " END, 'RESTRICT = ' || " \
  "nullif(CAST(o.oprrest AS text), '-'), 'JOIN = ' || nullif(CAST(o.oprjoin AS text), '-'), CASE WHEN o.oprcanhash " \
  "THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END) || ')' FROM pg_catalog.pg_operator o WHERE " \
  "o.oprnamespace = " HERE
#define OPERATOR_CLASSES \
  "SELECT " CLASS ("pg_opclass") ", o.oid, 'operator class: CREATE OPERATOR CLASS ' || " QUOTED ("o.opcname") " || CASE " \
  "WHEN o.opcdefault THEN ' DEFAULT' ELSE '' END || ' FOR TYPE ' || " TYPE ("o.opcintype") " || ' USING ' || " \
  QUOTED ("m.amname") " || ' FAMILY ' || " QUOTED ("f.opfname") " || ' AS ' || pg_catalog.concat_ws(', ', (SELECT " \
  "pg_catalog.string_agg('OPERATOR ' || p.amopstrategy || ' ' || " AS_TEXT ("p.amopopr", "regoperator") ", ', ' ORDER " \
  "BY p.amopstrategy, p.amopopr) FROM pg_catalog.pg_amop p WHERE p.amopfamily = f.oid), (SELECT " \
  "pg_catalog.string_agg('FUNCTION ' || p.amprocnum || ' ' || " AS_TEXT ("p.amproc", "regprocedure") ", ', ' ORDER BY " \
  "p.amprocnum, p.amproc) FROM pg_catalog.pg_amproc p WHERE p.amprocfamily = f.oid)) FROM pg_catalog.pg_opclass o JOIN " \
  "pg_catalog.pg_am m ON m.oid = o.opcmethod JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily WHERE " \
  "o.opcnamespace = " HERE
#define OPERATOR_FAMILIES \
  "SELECT " CLASS ("pg_opfamily") ", f.oid, 'operator family: CREATE OPERATOR FAMILY ' || " QUOTED ("f.opfname") " || ' " \
  "USING ' || " QUOTED ("m.amname") " FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod WHERE " \
  "f.opfnamespace = " HERE " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_opclass o WHERE o.opcfamily = f.oid)"
#define SEARCH_CONFIGURATIONS \
  "SELECT " CLASS ("pg_ts_config") ", t.oid, 'text search configuration: CREATE TEXT SEARCH CONFIGURATION ' || " \
  QUOTED ("t.cfgname") " || ' (PARSER = ' || " QUOTED ("p.prsname") " || ')' || coalesce((SELECT " \
  "pg_catalog.string_agg('; ALTER TEXT SEARCH CONFIGURATION ' || " QUOTED ("t.cfgname") " || ' ADD MAPPING FOR ' || " \
  "w.words || ' WITH ' || w.dictionaries, '' ORDER BY w.dictionaries) FROM (SELECT z.dictionaries, " \
  "pg_catalog.string_agg(z.alias, ', ' ORDER BY z.alias) AS words FROM (SELECT y.alias, pg_catalog.string_agg(" \
  AS_TEXT ("u.mapdict", "regdictionary") ", ', ' ORDER BY u.mapseqno) AS dictionaries FROM pg_catalog.pg_ts_config_map " \
  "u JOIN pg_catalog.ts_token_type(t.cfgparser) y ON y.tokid = u.maptokentype WHERE u.mapcfg = t.oid GROUP BY y.alias) " \
  "z GROUP BY z.dictionaries) w), '') FROM pg_catalog.pg_ts_config t JOIN pg_catalog.pg_ts_parser p ON p.oid = " \
  "t.cfgparser WHERE t.cfgnamespace = " HERE
#define SEARCH_DICTIONARIES \
  "SELECT " CLASS ("pg_ts_dict") ", t.oid, 'text search dictionary: CREATE TEXT SEARCH DICTIONARY ' || " \
  QUOTED ("t.dictname") " || ' (' || pg_catalog.concat_ws(', ', 'TEMPLATE = ' || " QUOTED ("p.tmplname") ", " \
  "t.dictinitoption) || ')' FROM pg_catalog.pg_ts_dict t JOIN pg_catalog.pg_ts_template p ON p.oid = t.dicttemplate " \
  "WHERE t.dictnamespace = " HERE
#define SEARCH_PARSERS \
  "SELECT " CLASS ("pg_ts_parser") ", t.oid, 'text search parser: CREATE TEXT SEARCH PARSER ' || " QUOTED ("t.prsname") \
  " || ' (START = ' || t.prsstart || ', GETTOKEN = ' || t.prstoken || ', END = ' || t.prsend || ', LEXTYPES = ' || " \
  "t.prslextype || ')' FROM pg_catalog.pg_ts_parser t WHERE t.prsnamespace = " HERE " UNION ALL SELECT " \
  CLASS ("pg_ts_template") ", t.oid, 'text search template: CREATE TEXT SEARCH TEMPLATE ' || " QUOTED ("t.tmplname") \
  " || ' (LEXIZE = ' || t.tmpllexize || ')' FROM pg_catalog.pg_ts_template t WHERE t.tmplnamespace = " HERE
#define CONVERSIONS \
  "SELECT " CLASS ("pg_conversion") ", v.oid, 'conversion: CREATE ' || CASE WHEN v.condefault THEN 'DEFAULT ' ELSE '' END " \
  "|| 'CONVERSION ' || " QUOTED ("v.conname") " || ' FOR ' || " \
  "pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(v.conforencoding)) || ' TO ' || " \
  "pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(v.contoencoding)) || ' FROM ' || v.conproc FROM " \
  "pg_catalog.pg_conversion v WHERE v.connamespace = " HERE
/* What belongs to the whole database. */
#define PUBLICATIONS \
  "SELECT " CLASS ("pg_publication") ", p.oid, 'publication: CREATE PUBLICATION ' || " QUOTED ("p.pubname") " || CASE WHEN " \
  "p.puballtables THEN ' FOR ALL TABLES' ELSE coalesce(' FOR TABLE ' || (SELECT pg_catalog.string_agg(" \
  AS_TEXT ("r.prrelid", "regclass") ", ', ' ORDER BY " AS_TEXT ("r.prrelid", "regclass") ") FROM " \
  "pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid), '') END || ' WITH (publish = ' || " \
  "pg_catalog.quote_literal(pg_catalog.concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate " \
  "THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)) || ')' " \
  "FROM pg_catalog.pg_publication p UNION ALL SELECT " CLASS ("pg_subscription") ", s.subdbid, 'subscription ' || " \
  QUOTED ("s.subname") " || ' to ' || pg_catalog.array_to_string(s.subpublications, ', ') FROM " \
  "pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = " \
  "pg_catalog.current_database()"
#define EVENT_TRIGGERS \
  "SELECT " CLASS ("pg_event_trigger") ", e.oid, 'event trigger: CREATE EVENT TRIGGER ' || " QUOTED ("e.evtname") " || ' ON " \
  "' || e.evtevent || coalesce(' WHEN TAG IN (''' || pg_catalog.array_to_string(e.evttags, ''', ''') || ''')', '') || ' " \
  "EXECUTE FUNCTION ' || " AS_TEXT ("e.evtfoid", "regprocedure") " FROM pg_catalog.pg_event_trigger e"
#define FOREIGN_SERVERS \
  "SELECT " CLASS ("pg_foreign_data_wrapper") ", w.oid, 'foreign data wrapper: CREATE FOREIGN DATA WRAPPER ' || " \
  QUOTED ("w.fdwname") " FROM pg_catalog.pg_foreign_data_wrapper w UNION ALL SELECT " CLASS ("pg_foreign_server") ", " \
  "s.oid, 'server: CREATE SERVER ' || " QUOTED ("s.srvname") " || ' FOREIGN DATA WRAPPER ' || " QUOTED ("w.fdwname") \
  " FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw"
#define LANGUAGES \
  "SELECT " CLASS ("pg_language") ", l.oid, 'language: CREATE LANGUAGE ' || " QUOTED ("l.lanname") " FROM " \
  "pg_catalog.pg_language l UNION ALL SELECT " CLASS ("pg_am") ", m.oid, 'access method: CREATE ACCESS METHOD ' || " \
  QUOTED ("m.amname") " || ' TYPE ' || CASE CAST(m.amtype AS text) WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END || ' HANDLER ' " \
  "|| m.amhandler FROM pg_catalog.pg_am m UNION ALL SELECT " CLASS ("pg_transform") ", t.oid, 'transform: CREATE " \
  "TRANSFORM FOR ' || " TYPE ("t.trftype") " || ' LANGUAGE ' || " QUOTED ("l.lanname") " FROM pg_catalog.pg_transform t " \
  "JOIN pg_catalog.pg_language l ON l.oid = t.trflang"
/* An enum type that a column has comes with its labels alone. */
#define TYPE_COMMENTS \
  "SELECT " CLASS ("pg_type") ", t.oid, 'what is said of the type ' || " QUOTED ("t.typname") " FROM " \
  "pg_catalog.pg_type t JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.objsubid = 0 AND d.classoid = " \
  CLASS ("pg_type") " WHERE t.typtype = 'e' AND t.typnamespace = " HERE " AND EXISTS (SELECT 1 FROM " \
  "pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid WHERE a.atttypid = t.oid AND c.relkind IN " \
  "('r', 'p') AND c.relnamespace = " HERE ")"

/* What others than the owner may do with tables, views and sequences. */
#define RIGHTS \
  "SELECT 2, '', CAST(g.relname AS text), pg_catalog.concat_ws(' ', 'rights: GRANT', g.what, 'ON', CASE WHEN g.kind = 'S' THEN " \
  "'SEQUENCE' END, " QUOTED ("g.relname") ", 'TO', CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE " \
  QUOTED ("pg_catalog.pg_get_userbyid(g.grantee)") " END), '' FROM (SELECT c.relname, CAST(c.relkind AS text) AS kind, " \
  "x.grantee, pg_catalog.string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type) AS what FROM pg_catalog.pg_class " \
  "c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) x WHERE c.relnamespace = " HERE " AND x.grantee <> c.relowner " \
  "AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT c.relispartition AND NOT EXISTS (SELECT 1 FROM " \
  "pg_catalog.pg_depend d WHERE d.classid = " CLASS ("pg_class") " AND d.objid = c.oid AND d.deptype = 'e') GROUP BY " \
  "c.oid, c.relname, c.relkind, x.grantee) g"

/* A column's own sequence is made anew with it, and called as the server calls such: by then nobody finds it by another
 * name. One that several columns take from keeps its name. */
#define SEQUENCE_NAMES \
  "SELECT 2, '', CAST(t.relname AS text), 'that the sequence of ' || " QUOTED ("t.relname") " || '.' || " \
  QUOTED ("a.attname") " || ' is called ' || " QUOTED ("c.relname") ", '' FROM pg_catalog.pg_depend o JOIN " \
  "pg_catalog.pg_class c ON c.oid = o.objid AND c.relkind = 'S' JOIN pg_catalog.pg_class t ON t.oid = o.refobjid JOIN " \
  "pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid WHERE o.classid = " CLASS ("pg_class") \
  " AND o.refclassid = o.classid AND o.deptype IN ('a', 'i') AND t.relnamespace = " HERE " AND NOT t.relispartition AND " \
  "(o.deptype = 'i' OR NOT " CORM_PGSQL_IS_SHARED ("o") " AND EXISTS (SELECT 1 FROM pg_catalog.pg_attrdef f JOIN " \
  "pg_catalog.pg_depend u ON u.objid = f.oid AND u.refobjid = o.objid AND u.classid = " CLASS ("pg_attrdef") " WHERE " \
  "f.adrelid = o.refobjid AND f.adnum = o.refobjsubid)) AND c.relname <> t.relname || '_' || a.attname || '_seq' AND " \
  "pg_catalog.octet_length(t.relname || '_' || a.attname || '_seq') < 64"
#define LARGE_OBJECTS \
  "SELECT 3, '', NULL, pg_catalog.count(*) || ' large objects (pg_largeobject)', '' FROM " \
  "pg_catalog.pg_largeobject_metadata HAVING pg_catalog.count(*) > 0"
/* c: behind which words of its statement it is said that it holds nothing. */
#define EMPTY_VIEWS \
  "SELECT 4, '', CAST(c.relname AS text), 'that the materialized view ' || c.relname || ' has not been filled', " \
  "pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';') FROM pg_catalog.pg_class c WHERE c.relkind = 'm' AND NOT " \
  "c.relispopulated AND c.relnamespace = " HERE

const char corm_pgsql_elsewhere[] =
    "SELECT e.a, e.b, e.c FROM (" TABLES " UNION ALL SELECT 1, '', NULL, u.b || coalesce('; comment: ' || "
    "d.description, ''), '' FROM (" CASTS " UNION ALL " OPERATORS " UNION ALL " OPERATOR_CLASSES " UNION ALL "
    OPERATOR_FAMILIES " UNION ALL " SEARCH_CONFIGURATIONS " UNION ALL " SEARCH_DICTIONARIES " UNION ALL " SEARCH_PARSERS
    " UNION ALL " CONVERSIONS " UNION ALL " PUBLICATIONS " UNION ALL " EVENT_TRIGGERS " UNION ALL " FOREIGN_SERVERS
    " UNION ALL " LANGUAGES " UNION ALL " TYPE_COMMENTS ") AS u(class, id, b) LEFT JOIN pg_catalog.pg_description d ON "
    "d.classoid = u.class AND d.objoid = u.id AND d.objsubid = 0 WHERE u.id >= 16384 AND NOT EXISTS (SELECT 1 FROM "
    "pg_catalog.pg_depend x WHERE x.classid = u.class AND x.objid = u.id AND x.deptype IN ('e', 'i')) UNION ALL "
    RIGHTS " UNION ALL " SEQUENCE_NAMES " UNION ALL " LARGE_OBJECTS " UNION ALL " EMPTY_VIEWS ") AS e ORDER BY e.rank, e.place COLLATE \"C\", e.a COLLATE \"C\", e.b "
    "COLLATE \"C\"";
/* clang-format on */
