/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What runs the lines of expressions.h and reads what they gave. */
#pragma once

#include "expressions.h"

#define TABLE_N_BACKENDS 6
/* The value that is right. */
#define TABLE_SAME "same"

Table *table_new (void);
void table_free (Table *table);
/* @families: ended by NULL. */
void table_run (Table *table, CormConnection *conn, guint backend, void (*const *families) (Table *));
guint table_get_length (const Table *table);
/* What line @i gave: TABLE_SAME, another value, or an error in words; NULL: did not run. */
const char *table_get (const Table *table, guint i, guint backend, const char **code, const char **want);
guint table_get_n_parts (const Table *table);
const char *table_get_part (const Table *table, guint part, const char **about);
guint table_get_part_of (const Table *table, guint i);
