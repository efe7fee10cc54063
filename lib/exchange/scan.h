/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* JSON as a stream of tokens (RFC 8259). Numbers stay text: no digit is lost. Errors: INVALID, with the place. */
#pragma once

#include "exchange/input.h"

void corm_scan_space (CormInput *input);
/* The next token is @c: it is taken. */
gboolean corm_scan_has (CormInput *input, char c);
gboolean corm_scan_expect (CormInput *input, char c, GError **error);
/* Appends the string's text. */
gboolean corm_scan_string (CormInput *input, GString *text, GError **error);
/* Appends a number, true, false or null as it stands. */
gboolean corm_scan_word (CormInput *input, GString *text, GError **error);
/* Appends any value as it stands. */
gboolean corm_scan_raw (CormInput *input, GString *text, GError **error);
