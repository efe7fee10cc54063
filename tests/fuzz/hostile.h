/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Strings that somebody might send who means no good, made from a seed: the same seed, the same strings. */
#pragma once

#include <glib.h>

typedef struct {
  guint64 state;
} Hostile;

guint32 hostile_number (Hostile *hostile, guint32 below);
/* The next string, of any bytes but NUL; borrowed until the next call. */
const char *hostile_next (Hostile *hostile, GString *text);
