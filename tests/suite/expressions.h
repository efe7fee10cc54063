/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The conformance table of the expressions: each line is an expression as a program writes it, and the value that is
 * right, which somebody worked out by hand. The same lines run on every backend, and no line knows on which.
 *
 * In the sources S (m) and I (m) stand for CORM_COL (Sample, m) and CORM_COL (Item, m); the table spells them out. */
#pragma once

#include "../lib/suite.h"
#include "sample.h"

typedef struct _Table Table;

#define S(m) CORM_COL (Sample, m)
#define I(m) CORM_COL (Item, m)
#define L(m) CORM_COL (Label, m)

/* What an expression gives, by its type; want: canonical text. */
#define INT(want, e) table_check (table, #e, CORM_BARE (e), CORM_TYPE_INT64, #want)
#define FLOAT(want, e) table_check (table, #e, CORM_BARE (e), CORM_TYPE_FLOAT64, want)
#define DECIMAL(want, e) table_check (table, #e, CORM_BARE (e), CORM_TYPE_DECIMAL, want)
#define TEXT(want, e) table_check (table, #e, CORM_BARE (e), CORM_TYPE_TEXT, want)
#define DATE(want, e) table_check (table, #e, CORM_BARE (e), CORM_TYPE_DATE, want)
#define TIMESTAMP(want, e) table_check (table, #e, CORM_BARE (e), CORM_TYPE_TIMESTAMP, want)
/* A predicate: it is also tried as a WHERE and inside a NOT. */
#define YES(e) table_check (table, #e, (e), CORM_TYPE_BOOLEAN, "true")
#define NO(e) table_check (table, #e, (e), CORM_TYPE_BOOLEAN, "false")
#define UNKNOWN(e) table_check (table, #e, (e), CORM_TYPE_BOOLEAN, NULL)
#define NIL(e) table_check (table, #e, CORM_BARE (e), CORM_TYPE_NONE, NULL)
/* An error that says so, instead of a wrong value. */
#define FAILS(code, e) table_check_error (table, #e, CORM_BARE (e), CORM_ERROR_##code)

/* The value for each of the five items, by their id: "10; 20; NULL; -5; 20". */
#define EACH(want, e) table_check_each (table, #e, CORM_BARE (e), (want))
/* The ids of the items that a predicate finds; of all items in an order. */
#define FOUND(want, e) table_check_found (table, #e, (e), (want))
#define SORTED(want, ...) table_check_sorted (table, #__VA_ARGS__, CORM_ORDER (__VA_ARGS__), (want))
/* Calls on `query`, a new query of T, joined by commas; want: its rows, "1, Corm; 2, NULL". */
#define ROWS(want, T, ...) \
  do { \
    g_autoptr (CormQuery) query = corm_query_new (&T##_model); \
    (void) (__VA_ARGS__); \
    table_check_rows (table, #T, #__VA_ARGS__, query, (want)); \
  } while (0)

/* Begins a part of the table, whose expressions read @model. */
void table_part (Table *table, const char *title, const CormModel *model, const char *about);
void table_check (Table *table, const char *code, CormExpr expr, CormType type, const char *want);
void table_check_error (Table *table, const char *code, CormExpr expr, CormError want);
void table_check_each (Table *table, const char *code, CormExpr expr, const char *want);
void table_check_found (Table *table, const char *code, CormExpr expr, const char *want);
void table_check_sorted (Table *table, const char *code, const CormOrder *order, const char *want);
void table_check_rows (Table *table, const char *model, const char *code, CormQuery *query, const char *want);

void expressions_compare (Table *table);
void expressions_null (Table *table);
void expressions_list (Table *table);
void expressions_like (Table *table);
void expressions_number (Table *table);
void expressions_decimal (Table *table);
void expressions_text (Table *table);
void expressions_choice (Table *table);
void expressions_cast (Table *table);
void expressions_time (Table *table);
void expressions_json (Table *table);
void expressions_aggregate (Table *table);
void expressions_window (Table *table);
void expressions_subquery (Table *table);
void expressions_join (Table *table);
void expressions_order (Table *table);
void expressions_set (Table *table);
