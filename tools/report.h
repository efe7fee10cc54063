/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The reports of port and verify, as text and as JSON. */
#pragma once

#include "app.h"

void app_print_report (const App *app, const CormPortReport *report, const char *verb, double seconds);
