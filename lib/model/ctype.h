/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How the C types of members lie in memory. */
#pragma once

#include <corm/model.h>

typedef struct {
  const char *name; /* as a program writes it */
  gsize size;
  gsize alignment;
  gsize value_offset; /* of value in a CormOpt… */
} CormCTypeInfo;

/* NULL when there is no such C type. */
const CormCTypeInfo *corm_ctype_get_info (CormCType ctype);
/* The type says NULL by itself: text, bytes, decimal, json. Without CORM_C_OPT. */
gboolean corm_ctype_is_pointer (CormCType ctype);
