/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Templates and what fills them. */
#pragma once

#include "render/function.h"

enum { CORM_TEMPLATE_OPERANDS = 3 };

typedef struct {
  const CormScope *scope;
  const CormExpr *operands;
  const CormTyping *typings; /* of the first three operands, as they are wanted */
  CormOperandUse use;
  const CormWindow *window; /* NULL: none */
  gint64 number;            /* {n} {up} {down} */
  CormSqlType type;         /* {p} {s} */
  const CormValue *text;    /* {v} */
} CormFilling;

gboolean corm_template_append (CormSql *sql, const char *template, const CormFilling *filling,
                               GError **error);
