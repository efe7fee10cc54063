/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files that read information_schema share. They speak SQL through corm_query() alone: the generic driver
 * uses them too, so there is no native library here. */
#pragma once

#include "../dialects.h"

typedef struct {
  CormConnection *conn;
  CormSchema *schema;
  CormTable *table;                                  /* of the last row: rows come by table */
  gboolean scratch;                                  /* names that the server made up are none */
  char *database, *qualifier, *sql_mode, *collation; /* the connection's */
  GHashTable *rules;    /* "table constraint" of a foreign key -> its two actions */
  GPtrArray *unruled;   /* tables with keys whose rules the role may not see */
  GPtrArray *sequences; /* their names */
  GPtrArray *views;     /* of introspect-object.c */
  gpointer routine;     /* of introspect-routine.c */
  GPtrArray *programs;  /* of introspect-program.c, as is the one that is read */
  gpointer program;
  GPtrArray *texts; /* of introspect-text.c, as is the one that is read */
  gpointer text;
  GPtrArray *partitioned; /* names of tables that are */
} CormMysqlReader;

enum { CORM_MYSQL_MAX_CELLS = 20 };

typedef void (*CormMysqlReadRow) (CormMysqlReader *reader, char **cells);

/* Calls @read for each row of @sql. A cell that it keeps, it takes out of the array. */
gboolean corm_mysql_read_rows (CormMysqlReader *reader, const char *sql, CormMysqlReadRow read,
                               GError **error);
/* Sets reader->table. FALSE for a view, which information_schema mixes with the tables. */
gboolean corm_mysql_find_table (CormMysqlReader *reader, const char *name);
/* Adds a word, with a blank before it where there is something already. */
void corm_mysql_append_words (char **text, const char *words);
/* @name is @base, or @base with "_" and a number behind it, as the server makes them up. */
gboolean corm_mysql_is_numbered (const char *name, const char *base);

/* What each file reads: the first two add to the schema's tables, the last one its objects. */
gboolean corm_mysql_read_tables (CormMysqlReader *reader, GError **error);
gboolean corm_mysql_read_keys (CormMysqlReader *reader, GError **error);
gboolean corm_mysql_read_objects (CormMysqlReader *reader, GError **error);
gboolean corm_mysql_read_routines (CormMysqlReader *reader, GError **error);

/* @sql is taken; NULL: the role may not see it. */
CormSchemaObject *corm_mysql_add_object (CormMysqlReader *reader, const char *kind, const char *name,
                                         char *sql);
/* @object's statement, which ends where its body begins, gets @body (NULL: the role may not see it), and what has to be
 * said of the sql_mode and the time zone (nullable) that it was made in; when they are finished. */
void corm_mysql_add_program (CormMysqlReader *reader, CormSchemaObject *object, const char *body,
                             const char *sql_mode, const char *time_zone);
gboolean corm_mysql_finish_programs (CormMysqlReader *reader, GError **error);
void corm_mysql_program_free (gpointer program);

/* Where @sql, which is standard SQL, may lack characters, it is read from the statement of the "TABLE" @name, behind
 * @mark, when texts are completed: until then its place has to stay. The same for a view, and for the default of a
 * column. */
void corm_mysql_complete_text (CormMysqlReader *reader, const char *kind, const char *name, const char *mark,
                               char **sql);
void corm_mysql_complete_view (CormMysqlReader *reader, const char *name, char **sql);
void corm_mysql_complete_default (CormMysqlReader *reader, const char *table, CormTableColumn *column);
gboolean corm_mysql_complete_texts (CormMysqlReader *reader, GError **error);
void corm_mysql_text_free (gpointer text);

/* The catalogue writes literals with backslashes, whatever the session's sql_mode: as standard SQL. Without
 * @qualifier, "`database`.", when given. */
char *corm_mysql_standard_sql (const char *text, const char *qualifier);
/* Appends a name in backticks; a text as a literal of standard SQL. */
void corm_mysql_append_name (GString *sql, const char *name);
void corm_mysql_append_text (GString *sql, const char *text);
/* Neutral type, type_sql and labels from the words of information_schema.columns. */
void corm_mysql_set_type (CormTableColumn *column, const char *data_type, const char *column_type);
/* A cell of the cursor's row as text, NULL for NULL; free with g_free(). */
char *corm_mysql_cell (CormCursor *cursor, guint column);

/* CormDialect.append_loss: loss.c */
gboolean corm_mysql_append_loss (GString *sql, const char *name, const CormTableColumn *from,
                                 const CormTableColumn *to);
/* CormDialect.change_options: options.c */
char *corm_mysql_change_options (const char *from, const char *to);
