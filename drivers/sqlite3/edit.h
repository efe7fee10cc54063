/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A stored CREATE TABLE changed token by token. Invariant: every byte that no edit concerns stays where it is, comments
 * and spaces with it. */
#pragma once

#include "ddl.h"

/* --- patches: pieces of a text and what stands there instead ------------------------------------------------------- */

typedef struct {
  const char *sql;
  const GArray *tokens;
  GArray *patches;
} CormSqlite3Patches;

void corm_patches_init (CormSqlite3Patches *patches, const char *sql, const GArray *tokens);
/* The text with all of them, which ends them; g_free(). What lies within another is gone with it. */
char *corm_patches_apply (CormSqlite3Patches *patches);
/* Takes tokens away, with the space in front of them; what a line comment before them would swallow stays apart. */
void corm_patches_remove (CormSqlite3Patches *patches, CormSqlite3Span span);
/* The same with the comma behind them. */
void corm_patches_remove_element (CormSqlite3Patches *patches, CormSqlite3Span span);
/* Writes @text instead of tokens. */
void corm_patches_replace (CormSqlite3Patches *patches, CormSqlite3Span span, const char *text);
/* Writes @text behind the token before @token, as words of their own where @apart. */
void corm_patches_insert (CormSqlite3Patches *patches, guint token, const char *text, gboolean apart);

/* --- edits ----------------------------------------------------------------------------------------------------------- */

typedef struct {
  const CormTable *live; /* what the edits speak of */
  const CormTableEdit *edits;
  guint n_edits;
} CormSqlite3Edits;

/* Where in the live table's columns the one stands that the edit concerns; -1: nowhere. */
int corm_sqlite3_edit_column (const CormSqlite3Edits *edits, const CormTableEdit *edit);
/* Does an edit drop it? */
gboolean corm_sqlite3_edits_drop (const CormSqlite3Edits *edits, guint column);
/* Takes columns and constraints away, in @sql, which has all columns that are there and behind them those that are
 * added. Errors: SCHEMA, NOT_FOUND. */
char *corm_sqlite3_edit_drops (const CormSqlite3Edits *edits, const char *sql, GError **error);
/* @sql, the live table's text after its renames, with all other edits. Errors: SCHEMA, NOT_FOUND. */
char *corm_sqlite3_edit (const CormSqlite3Edits *edits, const char *sql, GError **error);
