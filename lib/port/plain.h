/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Expressions that mean the same in every database, said again in another one's words. An expression is read by a
 * grammar, with the type of each part; whatever is not known to give the same value everywhere ends the reading, and
 * says why. Nothing is guessed. */
#pragma once

#include "port/tables.h"
#include "port/tokens.h"

/* What is known of a value. */
typedef enum {
  CORM_PLAIN_OPAQUE, /* may be shown as it is, counted, asked whether it is NULL */
  CORM_PLAIN_NULL,
  CORM_PLAIN_BOOL,
  CORM_PLAIN_NARROW, /* integers of less than 64 bits: where they overflow differs */
  CORM_PLAIN_INT,
  CORM_PLAIN_REAL,
  CORM_PLAIN_DECIMAL, /* numbers with a fraction in decimal; also a constant such as 1.5 */
  CORM_PLAIN_TEXT,    /* equal when the bytes are */
} CormPlainClass;

typedef struct {
  CormPlainClass class;
  gboolean is_constant;
  const CormPair *pair; /* of a column that stands by itself; NULL: it is none */
  guint column;
} CormPlain;

/* A table that names can be of. */
typedef struct {
  const CormPair *pair;
  char *name;  /* by which it is called in the text */
  char *shown; /* and in what comes out */
} CormPlainTable;

typedef struct {
  const CormPair *pair;
  guint column;
} CormPlainRef;

typedef struct {
  const CormDialect *from, *to;
  GPtrArray *relations; /* const CormPair: tables, and views that were translated */
  GArray *tokens;       /* CormPortToken */
  guint at;
  GString *out;
  GArray *scope;      /* CormPlainTable */
  GArray *refs;       /* CormPlainRef: columns outside of count(), sum() and their like */
  guint n_aggregates; /* of those */
  gboolean no_aggregates;
  gboolean is_stored; /* what is computed goes into a column, which sets its own bounds */
  guint depth;
  char *why; /* the first thing that is not plain; NULL: all is */
} CormReading;

void corm_reading_init (CormReading *reading, const char *sql, const CormDialect *from, const CormDialect *to,
                        GPtrArray *relations);
void corm_reading_clear (CormReading *reading);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormReading, corm_reading_clear)

const CormPortToken *corm_reading_peek (const CormReading *reading);
/* Goes on behind the next token when it is @word. */
gboolean corm_reading_take (CormReading *reading, const char *word);
gboolean corm_reading_expect (CormReading *reading, const char *word);
/* A name; NULL, with the reason, when none stands there. Borrowed. */
const char *corm_reading_name (CormReading *reading);
/* Always FALSE; the first reason counts. */
gboolean corm_reading_refuse (CormReading *reading, const char *format, ...) G_GNUC_PRINTF (2, 3);

const CormPair *corm_reading_find_relation (const CormReading *reading, const char *name);
/* Names may be of @pair from now on. */
void corm_reading_add_table (CormReading *reading, const CormPair *pair, const char *name, const char *shown);
/* Index of the source's column; G_MAXUINT: there is none. */
guint corm_plain_find_column (const CormPair *pair, const char *name);
CormPlainClass corm_plain_class_of (const CormReading *reading, const CormPair *pair, guint column);

/* Appends the expression that comes next. */
gboolean corm_plain_read (CormReading *reading, CormPlain *result);
/* The same for a condition. */
gboolean corm_plain_read_condition (CormReading *reading);
/* A column, with its table where one stands in front. */
gboolean corm_plain_read_column (CormReading *reading, CormPlain *result);
/* Whether both sides of a union, a CASE, a coalesce() are of one kind, and which that is. */
gboolean corm_plain_join (CormPlain *into, const CormPlain *other);

/* What the files of the grammar call of each other. */
gboolean corm_plain_is_number (const CormPlain *value);
/* An operand, or a sum of some: everything that binds more closely than a comparison. */
gboolean corm_plain_read_sum (CormReading *reading, CormPlain *result);
/* From CASE to END. */
gboolean corm_plain_read_case (CormReading *reading, CormPlain *result);
/* A function's name and its arguments. */
gboolean corm_plain_read_call (CormReading *reading, CormPlain *result);
/* A sum that stands beside a value of @left's class: 0 and 1 are truths beside a boolean. */
gboolean corm_plain_read_beside (CormReading *reading, const CormPlain *left, CormPlain *right);
