/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Building error messages. */
#pragma once

#include <corm/error.h>

/* An error's message is one line, whatever names and values it cites: so are those that a file with this header makes. */
void corm_error_set (GError **error, GQuark domain, int code, const char *format, ...) G_GNUC_PRINTF (4, 5);
void corm_error_prefix_line (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
#define g_set_error corm_error_set
#define g_prefix_error corm_error_prefix_line

/* Puts "TEXT: " before the message of *error, code kept. Nothing when *error is NULL. Always FALSE, for a return. */
gboolean corm_error_prefix (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* @text as it may stand in a message: quoted with '…', control characters escaped, cut after 60 characters. */
char *corm_error_quote (const char *text, gssize size);
/* g_warning(), g_message() and g_debug() on one line, whatever names and values the text cites: a log has a line a message. */
void corm_warn (const char *format, ...) G_GNUC_PRINTF (1, 2);
void corm_note (const char *format, ...) G_GNUC_PRINTF (1, 2);
void corm_debug (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* The database refuses a row for what is in it: another row, or the same one elsewhere, may fare better. */
gboolean corm_error_is_about_row (const GError *error);
/* What stopped it lies outside of the statement, the data and the schemas, and may be gone the next time. */
gboolean corm_error_may_pass (const GError *error);
/* The file or the disk is to blame, or what has no code: what a damaged database says. */
gboolean corm_error_may_be_damage (const GError *error);
/* Neither the statement nor a row is to blame, but what the database stands on: that, or the disk. */
gboolean corm_error_is_outside (const GError *error);
