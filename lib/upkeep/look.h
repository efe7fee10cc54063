/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One look at a database: what it is made of, what was found. A look that a query refuses is noted and is no error, unless
 * the connection itself is gone. */
#pragma once

#include "render/sql.h"

#include <corm/sys/upkeep.h>

typedef struct {
  CormConnection *conn;
  const CormDialect *dialect;
  const CormUpkeepSql *sql; /* never NULL */
  const CormDoctorOptions *options;
  CormSchema *live;
  char *unfinished;   /* "an unfinished port of …"; NULL: there is none */
  CormSchema *wanted; /* what options->schema says in this database's words; NULL: nothing */
  CormDiagnosis *diagnosis;
} CormLook;

/* The looks, a line each in doctor.c. FALSE: the connection is gone. */
gboolean corm_look_for_orphans (CormLook *look, const CormTable *table, GError **error);
gboolean corm_look_for_missing_indexes (CormLook *look, const CormTable *table, GError **error);
gboolean corm_look_for_double_indexes (CormLook *look, const CormTable *table, GError **error);
gboolean corm_look_for_misfits (CormLook *look, const CormTable *table, GError **error);
gboolean corm_look_for_duplicates (CormLook *look, const CormTable *table, GError **error);
/* Those of the database as a whole; @tables are the ones that are asked for. */
gboolean corm_look_for_damage (CormLook *look, GError **error);
gboolean corm_look_for_late_sequences (CormLook *look, const GPtrArray *tables, GError **error);
gboolean corm_look_for_unused_indexes (CormLook *look, const GPtrArray *tables, GError **error);

/* An index over the columns that a foreign key of @table needs, borrowing from the schema; and whether one is there. */
gboolean corm_foreign_key_has_index (const CormLook *look, const CormTable *table, const CormForeignKey *key);
/* Its CREATE INDEX; NULL with an error where there can be none. Free with g_free(). */
char *corm_foreign_key_index_sql (const CormLook *look, const CormTable *table, const CormForeignKey *key,
                                  GError **error);

/* Appends an ailment without keys. Takes @reason and @advice. @columns may be NULL. */
CormAilment *corm_look_add (CormLook *look, CormAilmentKind kind, const CormTable *table,
                            const char *const *columns, const char *part, char *reason, char *advice);
/* The keys of the first rows that meet @condition go to @ailment; with @beside (nullable), columns that stand behind them
 * in parentheses. */
gboolean corm_look_keys (CormLook *look, CormAilment *ailment, const CormTable *table, const char *condition,
                         const char *const *beside, GError **error);
/* count(*) of the rows of @table that meet @condition. -1: could not be seen, which is noted under @what. */
gboolean corm_look_count (CormLook *look, const CormTable *table, const char *condition, const char *what,
                          gint64 *count, GError **error);
/* Takes @error. TRUE: noted that @what could not be seen; FALSE: *@to has it, the connection is gone. */
gboolean corm_look_unseen (CormLook *look, GError *error, const char *what, GError **to);

/* The answer to one query, in a transaction of its own where policies could hide rows: it has all of them, or an error. */
typedef struct {
  CormTransaction *read; /* NULL: nothing hides rows here */
  CormCursor *cursor;
} CormSight;
gboolean corm_sight_open (CormSight *sight, const CormLook *look, const char *sql, GError **error);
void corm_sight_clear (CormSight *sight);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormSight, corm_sight_clear)

/* Pieces of SQL. Names are quoted, those of a table's columns with the table's in front where @table is not NULL. */
void corm_look_append_name (const CormLook *look, GString *sql, const CormTable *table, const char *name);
/* A template of CormUpkeepSql with its gaps filled; free with g_free(). */
char *corm_look_fill (const CormLook *look, const char *template, const CormTable *table, const char *column);
/* "a, b" */
char *corm_look_join (const char *const *names);
/* "id" and its like of an index's parts; free with g_strfreev(). */
GStrv corm_look_index_columns (const CormTableIndex *index);
/* By name, in any case where case says nothing. NULL: there is none, or no @schema, no @table. */
const CormTable *corm_look_find_table (const CormLook *look, const CormSchema *schema, const char *name);
const CormTableColumn *corm_look_find_column (const CormLook *look, const CormTable *table, const char *name);
/* How many keys an ailment names. */
guint corm_look_n_keys (const CormLook *look);
/* 5, 'text': as a message shows it. */
void corm_look_append_value (GString *text, const CormValue *value);

CormMend *corm_diagnosis_add_mend (CormDiagnosis *diagnosis, char *text, char *sql, gint64 rows);
CormDiagnosis *corm_diagnosis_new (void);
