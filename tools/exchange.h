/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What export and import share: the form of a file, and what is said at the end. */
#pragma once

#include "app.h"

/* "jsonl" of --as; NULL: AUTO. */
gboolean app_format_parse (const char *as, CormFormat *format, GError **error);
/* On stdout; for an export to standard output nothing. */
void app_print_exchange (const App *app, const CormExchangeReport *report, const char *verb, double seconds);
