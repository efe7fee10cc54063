/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A trigger of one database in another one's words, where all that it does is known to mean the same there. */
#pragma once

#include "port/tables.h"

typedef struct {
  const CormDialect *from, *to;
  GPtrArray *tables; /* CormPair that are moved */
  const CormSchema
      *source; /* for the functions that triggers call, and for triggers that could call each other */
} CormTriggerWork;

/* The statement that makes the trigger; with *@function (nullable) the one in front of it, where the body has to stand in
 * a function. Free both with g_free(). NULL: it is not plain, and *@why (free with g_free()) says what is not. */
char *corm_trigger_translate (const CormTriggerWork *work, const CormSchemaObject *object, char **function,
                              char **why);
