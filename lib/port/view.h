/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A view of one database in another one's words, where every word of it is known to mean the same there. */
#pragma once

#include "port/view-parts.h"

/* The statement that makes it, free with g_free(), and in *@pair its columns on both sides, which borrow from left and
 * right. NULL: it is not plain, and *@why (free with g_free()) says what is not. */
char *corm_view_translate (const CormViewWork *work, const char *name, const char *sql, CormPair **pair,
                           char **why);
