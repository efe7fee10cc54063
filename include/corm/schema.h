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

typedef struct {
  char *name;
  CormSqlType type;
  char *type_sql; /* the server's own words; NULL before the schema has been in a database */
  gboolean not_null;
  CormDefaultKind default_kind;
  char *default_text;
  char *default_sql; /* the server's own words */
  gboolean auto_increment;
  char *generated_sql; /* expression of a generated column */
  gboolean generated_stored;
  char *collation;
  char *enum_type; /* name of the database's own enum type */
  GStrv labels;    /* of an enum; NULL: none */
  GStrv raw; /* of RAW, before it has been in a database: dialect, type, dialect, type, …; NULL: none */
  char *was;
  char *comment;
} CormTableColumn;

/* A primary key or a unique constraint. */
typedef struct {
  char *name; /* NULL: the database made one up */
  GStrv columns;
} CormKey;

typedef struct {
  char *name;
  GStrv columns;
  char *target_table;
  GStrv target_columns;
  CormAction on_delete;
  CormAction on_update;
  gboolean deferrable;
} CormForeignKey;

typedef struct {
  char *name;
  char *sql; /* the expression, in the server's own words once it was there */
} CormCheck;

typedef struct {
  char *sql; /* column name, or an expression */
  gboolean is_expression;
  gboolean descending;
} CormIndexPart;

typedef struct {
  char *name;
  GPtrArray *parts; /* CormIndexPart */
  gboolean unique;
  char *where;
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
  char *sql;               /* the stored CREATE TABLE, where the database keeps one */
  char *was;
  char *comment;
} CormTable;

typedef struct {
  char *kind; /* "view", "trigger" */
  char *name;
  char *table; /* of a trigger */
  char *sql;   /* kept as text */
} CormSchemaObject;

typedef struct {
  char *dialect;        /* of the texts in it */
  GPtrArray *tables;    /* CormTable */
  GPtrArray *objects;   /* CormSchemaObject */
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

/* From the models of a registry, in neutral terms. */
CORM_PUBLIC CormSchema *corm_schema_from_registry (CormRegistry *registry) CORM_MUST_USE;
/* What is in the database now, in a constant number of catalogue queries. Errors: CONNECTION, DENIED. */
CORM_PUBLIC CormSchema *corm_schema_inspect (CormConnection *conn, GError **error) CORM_MUST_USE;
/* @schema as this database would say it: made in a scratch place and read back; the database is as before. */
CORM_PUBLIC CormSchema *corm_schema_canonical (CormConnection *conn, const CormSchema *schema,
                                               GError **error) CORM_MUST_USE;
/* An SQL script, run in a scratch place of @conn's database and read back. */
CORM_PUBLIC CormSchema *corm_schema_from_sql (CormConnection *conn, const char *script,
                                              GError **error) CORM_MUST_USE;

/* Snapshot: JSON text, the same bytes for the same schema; and back. */
CORM_PUBLIC char *corm_schema_to_json (const CormSchema *schema) CORM_MUST_USE;
CORM_PUBLIC CormSchema *corm_schema_from_json (const char *json, GError **error) CORM_MUST_USE;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSchema, corm_schema_free)

G_END_DECLS
