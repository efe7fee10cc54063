/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A port that something happens to: a source of three tables (a text key without rowid, one that refers to it with two
 * indexes and a check, one without a key), the port in a process of its own, and what must be there at the end. */
#pragma once

#include "../lib/suite.h"

#include <sys/types.h>

/* The status of a port that did not come to its end. */
enum { PORTING_FAILED = 1, PORTING_LOST = 3 };

/* Of the environment. */
guint porting_number (const char *name, guint otherwise);
/* The path of a new SQLite file with @n_rows in each table; free with g_free(), and unlink it. */
char *porting_make_source (guint n_rows);
CormDb *porting_open (const char *path);
gboolean porting_run (const char *source_uri, const char *target_uri, const CormPortOptions *options,
                      GError **error);
/* The same in a process of its own, which ends with 0, PORTING_LOST (a connection) or PORTING_FAILED. */
pid_t porting_start (const char *source_uri, const char *target_uri, const CormPortOptions *options);
/* A port of the SQLite file in a process of its own, killed after @after_us. TRUE: it had come to its end before. */
gboolean porting_and_kill (const char *path, const char *target_uri, const CormPortOptions *options,
                           gint64 after_us);
/* All rows of all three tables are there once, with indexes and key, with @n_checks checks, and nothing of the ledger. */
void porting_assert_whole (const char *source_uri, const char *target_uri, guint n_rows, guint n_checks);
