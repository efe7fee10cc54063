/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What each function takes and gives, as a table. */
#pragma once

#include "query/typing.h"

/* How the operands decide about the result. */
typedef enum {
  CORM_RULE_NONE,
  CORM_RULE_COMPARE,   /* of one family; BOOLEAN */
  CORM_RULE_NULL_TEST, /* anything; BOOLEAN */
  CORM_RULE_LIKE,
  CORM_RULE_ARITHMETIC, /* numbers; the widest of them */
  CORM_RULE_ROUND,      /* a number, and how many digits */
  CORM_RULE_FIXED,      /* as .operands says; .result */
  CORM_RULE_COALESCE,   /* of one family; that */
  CORM_RULE_IF,
  CORM_RULE_CAST,
  CORM_RULE_JSON,
  CORM_RULE_SUM,
  CORM_RULE_AVG,
  CORM_RULE_EXTREME, /* MIN, MAX */
  CORM_RULE_SAME,    /* the type of the first; behind it whole numbers that are constants */
} CormRule;

typedef struct {
  const char *name; /* as the macro is called: "CORM_LOWER" */
  CormRule rule;
  guint8 min, max; /* numbers of operands */
  guint allow;     /* CORM_ALLOW_AGGREGATE: it is one; CORM_ALLOW_WINDOW: stands in CORM_OVER only */
  const char *
      operands; /* FIXED: a letter each; t text, i integer, k constant integer, n number, d day, c clock, s timestamp */
  CormType result; /* FIXED */
} CormSignature;

/* NULL when @function is none. */
const CormSignature *corm_signature_get (guint function);
