/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Schema parts as SQL of a dialect. Each appends whole statements, without the semicolon, to @sql (char *).
 * What a schema says in another dialect's words must have been taken out before: corm_schema_fit(). */
#pragma once

#include <corm/sys/driver.h>

/* The type's name of a column, in @dialect's words; with type_sql set, exactly that. */
void corm_render_type (GString *text, const CormDialect *dialect, const CormTableColumn *column);
/* " COMMENT 'text'", where the dialect says it there; @comment may be NULL. */
void corm_render_comment (GString *text, const CormDialect *dialect, const char *comment);
/* "name type NOT NULL DEFAULT …", as it stands in CREATE TABLE and ADD COLUMN. @is_only_key: it is the whole primary key. */
gboolean corm_render_column (GString *text, const CormDialect *dialect, const CormTableColumn *column,
                             gboolean is_only_key, GError **error);
/* The same for a column of @table, whose keys decide on PRIMARY KEY and on the type where a key needs another one. */
gboolean corm_render_table_column (GString *text, const CormDialect *dialect, const CormTable *table,
                                   const CormTableColumn *column, GError **error);
/* The part of @options that stands in a definition; free with g_free(). */
char *corm_render_options_within (const CormDialect *dialect, const char *options);
/* What of the options of @table, or of its column @column where that is not NULL, is said behind its making. */
void corm_render_options_behind (GPtrArray *sql, const CormDialect *dialect, const char *table,
                                 const char *column, const char *options);
/* What stands behind DEFAULT. */
gboolean corm_render_default (GString *text, const CormDialect *dialect, const CormTableColumn *column,
                              GError **error);
/* The type that a key of @table asks for in place of @column's own; NULL: its own will do. */
const char *corm_render_key_type (const CormDialect *dialect, const CormTable *table,
                                  const CormTableColumn *column);
/* "CONSTRAINT name FOREIGN KEY (…) REFERENCES …", UNIQUE (…), CHECK (…). */
void corm_render_foreign_key (GString *text, const CormDialect *dialect, const CormForeignKey *key);
void corm_render_unique (GString *text, const CormDialect *dialect, const CormKey *key);
void corm_render_primary_key (GString *text, const CormDialect *dialect, const CormKey *key);
/* Behind a column whose key says more than PRIMARY KEY. */
void corm_render_inline_key (GString *text, const CormDialect *dialect, const CormKey *key);
/* The primary key of @table is @column alone, and is said with it. */
gboolean corm_render_has_key_inline (const CormTable *table, const CormTableColumn *column);
void corm_render_check (GString *text, const CormDialect *dialect, const CormCheck *check);
/* "REFERENCES target (…) ON DELETE …": what follows FOREIGN KEY (…), or a column. */
void corm_render_references (GString *text, const CormDialect *dialect, const CormForeignKey *key);
/* "a, b" in parentheses. */
void corm_render_names (GString *text, const CormDialect *dialect, const char *const *names);
/* The check that holds a column to its labels, ck_TABLE_COLUMN: status IN ('A', 'B'). NULL where the column's type does,
 * or where @table has that check already. Free the strings and the struct with g_free(). */
CormCheck *corm_render_label_check (const CormDialect *dialect, const CormTable *table,
                                    const CormTableColumn *column);

typedef enum {
  CORM_DDL_FOREIGN_KEYS = 1 << 0, /* within CREATE TABLE; else left out */
  CORM_DDL_INDEXES = 1 << 1,      /* CREATE INDEX statements behind it */
} CormDdlFlags;

/* CREATE TABLE and what @flags ask for; enum types that it needs first (those in @known, name -> anything, are
 * there already and new ones are added; NULL: none are there). */
gboolean corm_render_create_table (GPtrArray *sql, const CormDialect *dialect, const CormTable *table,
                                   guint flags, GHashTable *known, GError **error);
/* CREATE TYPE, where @column's type is an enum type of the database's own; else nothing. */
void corm_render_create_enum (GPtrArray *sql, const CormDialect *dialect, const CormTableColumn *column,
                              GHashTable *known);
/* Errors: UNSUPPORTED, where the database has no such index and a plainer one would mean something else. */
gboolean corm_render_create_index (GPtrArray *sql, const CormDialect *dialect, const CormTable *table,
                                   const CormTableIndex *index, GError **error);
void corm_render_drop_index (GPtrArray *sql, const CormDialect *dialect, const CormTable *table,
                             const char *index);
