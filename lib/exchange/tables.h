/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which tables go into a file or out of it, the form that a path stands for, and the report. */
#pragma once

#include <corm/exchange.h>

/* Leaves in @schema what "job*,!job_old" chooses; NULL: all. */
void corm_exchange_choose (CormSchema *schema, const char *globs);
gboolean corm_exchange_is_chosen (const char *globs, const char *name);
/* The tables in the order of the bytes of their names; borrowed. */
GPtrArray *corm_exchange_by_name (const CormSchema *schema);
/* @format, or for AUTO what @path says. Errors: INVALID. */
gboolean corm_exchange_find_format (CormFormat *format, const char *path, GError **error);

CormExchangeReport *corm_exchange_report_new (void);
/* Borrowed. */
CormExchangeTable *corm_exchange_report_add (CormExchangeReport *report, const char *table);
