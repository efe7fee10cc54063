/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Functions as a dialect writes them: SQL text by function and by class of operand. In it {a}, {b}, {c} are the operands,
 * each as often as it is needed; {w} is the place of an aggregate's OVER, {n} a number that stands in the SQL,
 * {up} and {down} "* 1e2" and "/ 1e2" for rounding to two digits, {p} and {s} a decimal's precision and scale, {v} a bound
 * text: a JSON path, or a whole list of values. */
#pragma once

#include <corm/function.h>

G_BEGIN_DECLS

/* What templates tell apart, by the type that the operands have in common. */
typedef enum {
  CORM_CLASS_ANY,
  CORM_CLASS_BOOLEAN,
  CORM_CLASS_INTEGER,
  CORM_CLASS_FLOAT,
  CORM_CLASS_DECIMAL,
  CORM_CLASS_TEXT,
  CORM_CLASS_BYTES,
  CORM_CLASS_DATE,
  CORM_CLASS_TIME,
  CORM_CLASS_TIMESTAMP,
  CORM_CLASS_LOCAL_TIMESTAMP,
  CORM_CLASS_UUID,
  CORM_CLASS_JSON,
  CORM_CLASS_ENUM,
  CORM_CLASS_RAW,
  CORM_N_CLASSES
} CormClass;

/* Templates that are no function of their own, behind the functions. */
typedef enum {
  CORM_TEMPLATE_TO_TEXT = CORM_N_FUNCTIONS, /* casts, by the class of what is cast */
  CORM_TEMPLATE_TO_INT,
  CORM_TEMPLATE_TO_FLOAT,
  CORM_TEMPLATE_TO_DECIMAL,    /* with precision and scale */
  CORM_TEMPLATE_WIDEN_INT,     /* operands that are put beside a wider number: to INT64 */
  CORM_TEMPLATE_WIDEN_FLOAT,   /* … to FLOAT64 */
  CORM_TEMPLATE_WIDEN_DECIMAL, /* … to a DECIMAL of any precision */
  CORM_TEMPLATE_ROUND_TENS,    /* ROUND of an integer to a negative number of digits */
  CORM_TEMPLATE_KEY,   /* what is sorted, grouped, told apart and compared by; NULL: the value itself */
  CORM_TEMPLATE_VALUE, /* around a bound value in an expression; NULL: bare */
  CORM_TEMPLATE_FIT, /* around what is assigned to a narrower column, of {p} bits, or digits with {s} behind the point; NULL: bare */
  CORM_TEMPLATE_IN_LIST, /* {a} is in the list {v} */
  CORM_N_TEMPLATES
} CormTemplate;

/* What a dialect writes for a function: by the class of its first operand, CORM_N_CLASSES of them or NULL where it does not matter; and
 * for any other. NULL: what all dialects have in common; "": this database cannot do it exactly. */
typedef struct {
  const char *any;
  const char *const *of;
} CormFunctionSql;

/* How a long list, and a path into JSON, travels in its one text. */
typedef enum {
  CORM_LIST_NONE,
  CORM_LIST_JSON,  /* [1,"a"], bytes as hex */
  CORM_LIST_ARRAY, /* {1,"a"}, as PostgreSQL writes arrays */
} CormListForm;

G_END_DECLS
