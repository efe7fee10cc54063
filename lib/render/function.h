/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the files that render expressions share. */
#pragma once

#include "query/signature.h"
#include "render/sql.h"

/* The template of @dialect for @function, a CormFunction or CormTemplate; NULL: none at all, "": not here. */
const char *corm_function_find_sql (const CormDialect *dialect, guint function, CormClass class);
/* Sets UNSUPPORTED, naming the function and the mend; always FALSE. */
gboolean corm_function_refuse (const char *name, CormClass class, GError **error);

/* How an operand stands in its place. */
typedef enum {
  CORM_OPERAND_PLAIN,    /* made as wide as wanted */
  CORM_OPERAND_COMPARED, /* a column or value as CORM_EQ compares it */
  CORM_OPERAND_KEY,      /* through CORM_TEMPLATE_KEY */
} CormOperandUse;

gboolean corm_render_operand (CormSql *sql, const CormScope *scope, const CormExpr *expr,
                              const CormTyping *wanted, CormOperandUse use, GError **error);
/* @template around an operand. */
gboolean corm_render_around (CormSql *sql, const char *template, const CormScope *scope, const CormExpr *expr,
                             const CormTyping *typing, GError **error);
/* A call; @window: what CORM_OVER adds; NULL: none. */
gboolean corm_render_call (CormSql *sql, const CormScope *scope, const CormExpr *call,
                           const CormWindow *window, GError **error);
gboolean corm_render_compare (CormSql *sql, const CormScope *scope, const CormExpr *call, GError **error);
gboolean corm_render_predicate (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error);
/* " OVER (…)" */
gboolean corm_render_window (CormSql *sql, const CormScope *scope, const CormWindow *window, GError **error);
/* Any expression, in parentheses where the operators around it could tear it apart. */
gboolean corm_render_closed (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error);
