/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The parts of the reader, a file each, and what they share: a place among the tokens of one statement. */
#pragma once

#include "lint/action.h"

typedef struct {
  const CormDialect *dialect;
  CormLintStatement *statement;
  guint at;
  guint end; /* of what is being read: a clause of ALTER TABLE, an item of CREATE TABLE */
} CormReader;

/* The token at @at + @ahead; NULL behind the end. */
const CormToken *corm_reader_peek (const CormReader *reader, guint ahead);
gboolean corm_reader_is_word (const CormReader *reader, guint ahead, const char *word);
gboolean corm_reader_is_sign (const CormReader *reader, guint ahead, const char *sign);
/* Passes over @words, "if not exists", when they all stand there. */
gboolean corm_reader_accept (CormReader *reader, const char *words);
gboolean corm_reader_accept_sign (CormReader *reader, const char *sign);
/* A name with its schema, of which the last part is returned, or NULL; free with g_free(). */
char *corm_reader_take_name (CormReader *reader);
/* The same, and @action gives it to something new. */
char *corm_reader_take_new_name (CormReader *reader, CormLintAction *action);
/* "(a, b DESC, lower(c))" as names, NULL for an expression, "a(10)" for a part of a. */
GPtrArray *corm_reader_take_columns (CormReader *reader);
/* Behind the parenthesis that closes the one at @at; or the end. */
guint corm_reader_find_close (const CormReader *reader);
/* The next comma outside parentheses, or the end. */
guint corm_reader_find_comma (const CormReader *reader);
/* The next place outside parentheses where @word stands, or the end. */
guint corm_reader_find_word (const CormReader *reader, const char *word);
char *corm_reader_join (const CormReader *reader, guint from, guint to);
CormLintAction *corm_reader_add (CormReader *reader, CormLintActionKind kind, const char *table);

/* Behind CREATE, ALTER or DROP. */
void corm_read_create (CormReader *reader);
void corm_read_alter (CormReader *reader);
void corm_read_drop (CormReader *reader);
/* Any other first word: data, locks, settings, transactions. */
void corm_read_command (CormReader *reader);
/* An item of CREATE TABLE, or what follows ADD: a column or a constraint. @flags go with each of its actions. */
void corm_read_definition (CormReader *reader, const char *table, guint flags);
/* A column: its type and attributes, into @action; the constraints in it as actions of their own. */
void corm_read_column (CormReader *reader, CormLintAction *action, guint flags);
/* A constraint without its name, which it takes; FALSE where none stands. */
gboolean corm_read_constraint (CormReader *reader, const char *table, char *name, guint flags);
/* Behind INDEX or KEY in a table, or CREATE … INDEX: "[name] [ON table] (parts) …". */
void corm_read_index (CormReader *reader, const char *table, guint flags);
/* REFERENCES … into a new action for @column. */
void corm_read_references (CormReader *reader, CormLintAction *key);
