/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Lists of any length. */
#pragma once

#include "render/function.h"

/* So many elements stand in the SQL as parameters of their own; more are a list in one text. */
enum { CORM_SHORT_LIST = 64 };

typedef struct _CormList CormList;
struct _CormList {
  const CormScope *scope;
  const CormExpr *column; /* what is looked for in the list, of kind COLUMN */
  const CormField *field;
  const CormMapping *mapping;
  CormListForm form;
  gsize n;
  gboolean (*get) (const CormList *list, gsize i, CormValue *value, GError **error);
  const CormExpr *expr; /* for get() */
};

/* The column IN the list; corm_list_is_unbounded() has said yes. */
gboolean corm_render_list (CormSql *sql, const CormList *list, GError **error);
