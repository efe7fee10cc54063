/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Checks of calls, for infer.c. */
#pragma once

#include "query/signature.h"

/* A call, an aggregate in @allow, a window function only with @windowed. */
gboolean corm_call_check (const CormScope *scope, const CormExpr *expr, guint allow, gboolean windowed,
                          CormTyping *typing, GError **error);
gboolean corm_over_check (const CormScope *scope, const CormExpr *expr, guint allow, CormTyping *typing,
                          GError **error);
/* "$.a.b[0]", names in double quotes where they are no words. */
gboolean corm_json_path_check (const char *path, gsize size);
