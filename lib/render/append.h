/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Text made of many short pieces. */
#pragma once

#include <glib.h>

#include <string.h>

/* g_string_append(), without a call where there is room; the length of a literal is known when it is compiled. */
static inline void
corm_append (GString *text, const char *piece)
{
  gsize n = strlen (piece);
  if (G_LIKELY (text->len + n < text->allocated_len)) {
    memcpy (text->str + text->len, piece, n + 1);
    text->len += n;
  } else
    g_string_append_len (text, piece, (gssize) n);
}
