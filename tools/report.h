/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The reports of port and verify, as text, as JSON and as a page. */
#pragma once

#include "app.h"

/* A page of HTML; free with g_free(). */
char *app_report_to_html (const CormPortReport *report, const char *title, double seconds);
/* FALSE: no report could be written to @path (nullable) later on. Leaves nothing there. */
gboolean app_check_report (const char *path, GError **error);
/* Writes that to @path, or JSON where its name ends so. */
gboolean app_write_report (const CormPortReport *report, const char *verb, const char *title, double seconds,
                           const char *path, GError **error);
/* Members "choices", and lines of what is not moved and of notes. */
void app_json_choices (JsonBuilder *builder, const CormPortReport *report);
/* Those that are not just as declared, a line each. */
void app_print_choices (const App *app, const CormPortReport *report);
/* Member "objects". */
void app_json_objects (JsonBuilder *builder, const CormPortReport *report);
/* With what else came along. */
void app_print_not_moved (const App *app, const CormPortReport *report);
/* The choices and what is not moved; TRUE when there are values that do not fit. */
gboolean app_print_plan (const App *app, const CormPortReport *report);
void app_print_report (const App *app, const CormPortReport *report, const char *verb, double seconds);
