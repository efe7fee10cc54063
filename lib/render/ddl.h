/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Schema parts as SQL of a dialect. Each appends whole statements, without the semicolon, to @sql (char *). */
#pragma once

#include <corm/sys/driver.h>

/* The type's name of a column, in @dialect's words; with type_sql set and the schema of that dialect, exactly that. */
void corm_render_type (GString *text, const CormDialect *dialect, const CormTableColumn *column);
/* "name type NOT NULL DEFAULT …", as it stands in CREATE TABLE and ADD COLUMN. @is_only_key: it is the whole primary key. */
gboolean corm_render_column (GString *text, const CormDialect *dialect, const CormTableColumn *column,
                             gboolean is_only_key, GError **error);
/* "CONSTRAINT name FOREIGN KEY (…) REFERENCES …", UNIQUE (…), CHECK (…). */
void corm_render_foreign_key (GString *text, const CormDialect *dialect, const CormForeignKey *key);
void corm_render_unique (GString *text, const CormDialect *dialect, const CormKey *key);
void corm_render_check (GString *text, const CormDialect *dialect, const CormCheck *check);

typedef enum {
  CORM_DDL_FOREIGN_KEYS = 1 << 0, /* within CREATE TABLE; else left out */
  CORM_DDL_INDEXES = 1 << 1,      /* CREATE INDEX statements behind it */
} CormDdlFlags;

/* CREATE TABLE and what @flags ask for; enum types that it needs first (those in @known, name -> anything, are
 * there already and new ones are added). */
gboolean corm_render_create_table (GPtrArray *sql, const CormDialect *dialect, const CormTable *table,
                                   guint flags, GHashTable *known, GError **error);
gboolean corm_render_create_index (GPtrArray *sql, const CormDialect *dialect, const CormTable *table,
                                   const CormTableIndex *index, GError **error);
