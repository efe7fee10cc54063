/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One neutral description of a database's structure. Models, a live database, an SQL file and a saved snapshot all
 * become one; diff, migrate, port, inspect and diagrams read nothing else.
 *
 * The parts are plain structs; strings and arrays belong to the schema. Tables and the parts of a table keep the
 * order in which the source has them. */
#pragma once

#include <corm/db.h>

G_BEGIN_DECLS

/* What a default is, so that another dialect can say it too. */
typedef enum {
  CORM_DEFAULT_NONE,
  CORM_DEFAULT_LITERAL, /* default_text is a constant, unquoted */
  CORM_DEFAULT_NOW,
  CORM_DEFAULT_NULL,
  CORM_DEFAULT_SQL, /* default_text is an expression of the schema's dialect */
} CormDefaultKind;

/* When a constraint is looked at. */
typedef enum {
  CORM_NOT_DEFERRABLE,
  CORM_INITIALLY_IMMEDIATE, /* behind each statement, until a transaction says otherwise */
  CORM_INITIALLY_DEFERRED,  /* at the end of the transaction */
} CormDeferrable;

/* Options, here and below: what else the server says of a part, in its own words and as it stands in the statement that
 * makes it ("WITH (fillfactor=70)", "ON UPDATE current_timestamp()", "STORAGE external"). Kept and compared as text. */
typedef struct {
  char *name;
  CormSqlType type;
  char *type_sql; /* the server's own words; NULL before the schema has been in a database */
  gboolean not_null;
  CormDefaultKind default_kind;
  char *default_text;
  char *default_sql; /* the server's own words */
  gboolean auto_increment;
  gboolean
      identity_always; /* the automatic key takes no value of the program's (GENERATED ALWAYS AS IDENTITY) */
  char *generated_sql; /* expression of a generated column */
  gboolean generated_stored;
  char *collation;
  char *enum_type;    /* name of the database's own enum type */
  GStrv labels;       /* of an enum; NULL: none */
  char *labels_check; /* name of the check that holds the column to them; NULL: ck_TABLE_COLUMN */
  GStrv raw; /* of RAW, before it has been in a database: dialect, type, dialect, type, …; NULL: none */
  char *was;
  char *
      convert; /* SQL over the table as it was that gives the value when type, expression or NOT NULL change; NULL: a cast */
  char *comment;
  char *options;
} CormTableColumn;

/* A primary key or a unique constraint. */
typedef struct {
  char *name; /* NULL: the database made one up */
  GStrv columns;
  CormDeferrable deferrable;
  char *options; /* "NULLS NOT DISTINCT", "INCLUDE (a)", "ON CONFLICT REPLACE" */
  char *comment;
  GStrv column_options; /* behind each of the columns: "COLLATE NOCASE", "DESC", ""; NULL: nothing */
} CormKey;

typedef struct {
  char *name;
  GStrv columns;
  char *target_table;
  GStrv target_columns;
  CormAction on_delete;
  CormAction on_update;
  GStrv set_columns; /* those that SET NULL or SET DEFAULT of on_delete means; NULL: all of them */
  CormDeferrable deferrable;
  gboolean match_full;
  gboolean not_valid; /* the rows that were there before it have not been looked at */
  char *index;        /* that the server made for it by itself; NULL: none */
  char *comment;
} CormForeignKey;

typedef struct {
  char *name;
  char *sql; /* the expression, in the server's own words once it was there */
  gboolean not_valid;
  char *options; /* "NO INHERIT", "NOT ENFORCED" */
  char *comment;
} CormCheck;

typedef struct {
  char *sql; /* column name, or an expression */
  gboolean is_expression;
  gboolean descending;
  gboolean nulls_otherwise; /* NULLs stand at the other end than this database puts them in that direction */
  guint prefix;             /* so many characters of the column alone; 0: all */
  char *collation;          /* another than the column's */
  char *operator_class;     /* another than the type's, with its parameters: "gin_trgm_ops" */
} CormIndexPart;

typedef struct {
  char *name;
  GPtrArray *parts; /* CormIndexPart */
  gboolean unique;
  char *method;  /* "gin", "fulltext"; NULL: the usual one */
  GStrv include; /* columns that are carried along; NULL: none */
  char *where;
  char *options;    /* "NULLS NOT DISTINCT WITH (fillfactor='70')" */
  gboolean invalid; /* PostgreSQL: it was not built to its end, and no query uses it */
  char *comment;
  char *sql; /* the server's own CREATE INDEX, where it keeps one */
} CormTableIndex;

typedef struct {
  char *name;
  GPtrArray *columns; /* CormTableColumn */
  CormKey *primary_key;
  GPtrArray *uniques;      /* CormKey */
  GPtrArray *foreign_keys; /* CormForeignKey */
  GPtrArray *checks;       /* CormCheck */
  GPtrArray *indexes;      /* CormTableIndex; those that back a key are not among them */
  gboolean strict;         /* SQLite */
  gboolean without_rowid;  /* SQLite */
  gboolean
      has_heirs; /* PostgreSQL: read alone, FROM ONLY, it is without the rows of those that inherit from it */
  char *
      sql; /* the stored CREATE TABLE, where the database keeps one; whoever changes a member sets it to NULL, corm_table_add_…() do */
  char *options; /* behind the closing parenthesis, "ENGINE=Aria", "WITH (fillfactor='70')" */
  char *was;
  char *comment;
} CormTable;

/* Whatever is no table: "view", "materialized view", "trigger", "sequence", "enum", "domain", "function", "procedure",
 * "event", "virtual table", "constraint" (an EXCLUDE), "policy", "rule", "statistics", … Kept as text. */
typedef struct {
  char *kind;
  char *name; /* of a function with its arguments, as DROP wants it: "add(integer, integer)" */
  char *
      table; /* that it belongs to and goes with: of a trigger, a constraint, an owned sequence; NULL: none */
  char *sql; /* the statement that makes it, in the server's own words; several parted by ";\n" */
  char *comment;
} CormSchemaObject;

typedef struct {
  char *dialect;        /* of the texts in it */
  GPtrArray *tables;    /* CormTable */
  GPtrArray *objects;   /* CormSchemaObject, in an order in which they can be made */
  gboolean from_models; /* models made it: it has nothing to say about views and triggers */
} CormSchema;

CORM_PUBLIC CormSchema *corm_schema_new (const char *dialect) CORM_MUST_USE;
CORM_PUBLIC void corm_schema_free (CormSchema *schema);
/* Each add copies the name, appends an empty part and returns it, borrowed. */
CORM_PUBLIC CormTable *corm_schema_add_table (CormSchema *schema, const char *name);
CORM_PUBLIC CormSchemaObject *corm_schema_add_object (CormSchema *schema, const char *kind, const char *name);
CORM_PUBLIC CormTableColumn *corm_table_add_column (CormTable *table, const char *name);
CORM_PUBLIC CormKey *corm_table_add_unique (CormTable *table, const char *name);
CORM_PUBLIC CormForeignKey *corm_table_add_foreign_key (CormTable *table, const char *name);
CORM_PUBLIC CormCheck *corm_table_add_check (CormTable *table, const char *name, const char *sql);
CORM_PUBLIC CormTableIndex *corm_table_add_index (CormTable *table, const char *name);
CORM_PUBLIC CormIndexPart *corm_index_add_part (CormTableIndex *index, const char *sql);
CORM_PUBLIC CormKey *corm_table_set_primary_key (CormTable *table, const char *name);
/* NULL when there is none. */
CORM_PUBLIC CormTable *corm_schema_find_table (const CormSchema *schema, const char *name);
CORM_PUBLIC CormTableColumn *corm_table_find_column (const CormTable *table, const char *name);
CORM_PUBLIC CormSchemaObject *corm_schema_find_object (const CormSchema *schema, const char *kind,
                                                       const char *name);
/* Takes out every table and object whose name no glob of @include (nullable: all) matches, or one of @exclude (nullable:
 * none); "logs_*", "view:v_*" for one kind. What belongs to a table goes with it. */
CORM_PUBLIC void corm_schema_filter (CormSchema *schema, const char *const *include,
                                     const char *const *exclude);

/* From the models of a registry, in neutral terms. */
CORM_PUBLIC CormSchema *corm_schema_from_registry (CormRegistry *registry) CORM_MUST_USE;
/* What is in the database now, in a constant number of catalogue queries. Errors: CONNECTION, DENIED. */
CORM_PUBLIC CormSchema *corm_schema_inspect (CormConnection *conn, GError **error) CORM_MUST_USE;
/* @schema as this database would say it: made in a scratch place and read back; the database is as before. */
CORM_PUBLIC CormSchema *corm_schema_canonical (CormConnection *conn, const CormSchema *schema,
                                               GError **error) CORM_MUST_USE;
/* The same; what stands word for word in @live, which corm_schema_inspect() has read just now, is not made. */
CORM_PUBLIC CormSchema *corm_schema_canonical_like (CormConnection *conn, const CormSchema *schema,
                                                    const CormSchema *live, GError **error) CORM_MUST_USE;
/* An SQL script, run in a scratch place of @conn's database and read back. */
CORM_PUBLIC CormSchema *corm_schema_from_sql (CormConnection *conn, const char *script,
                                              GError **error) CORM_MUST_USE;

/* Snapshot: JSON text, the same bytes for the same schema; and back. */
CORM_PUBLIC char *corm_schema_to_json (const CormSchema *schema) CORM_MUST_USE;
/* SHA-256 of that text, without what only leads from one schema to another (was, convert), in whatever order its parts
 * were made and however the statements were written; free with g_free(). */
CORM_PUBLIC char *corm_schema_fingerprint (const CormSchema *schema) CORM_MUST_USE;
CORM_PUBLIC CormSchema *corm_schema_from_json (const char *json, GError **error) CORM_MUST_USE;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSchema, corm_schema_free)

G_END_DECLS
