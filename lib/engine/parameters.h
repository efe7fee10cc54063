/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Named parameters of SQL written by hand, turned into a dialect's placeholders. */
#pragma once

#include <corm/sys/driver.h>

typedef struct {
  GString *sql;
  GArray *values;   /* CormValue, in the order of the placeholders */
  GArray *types;    /* CormSqlType */
  GPtrArray *names; /* borrowed */
} CormParameters;

/* Errors: INVALID: a name without a value, a value without a name, the same name twice, a bare '?'. */
gboolean corm_parameters_resolve (CormParameters *parameters, const CormDialect *dialect, const char *sql,
                                  const CormParam *params, GError **error);
void corm_parameters_clear (CormParameters *parameters);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormParameters, corm_parameters_clear)
