/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Queries in a loop: the same one, run again and again from one place, where one query for all would do. Corm reports
 * such a place once; see detect_repeats in CormDbOptions. */
#pragma once

#include <corm/types.h>

G_BEGIN_DECLS

typedef struct {
  const char *
      file; /* of the corm_find, corm_get, … that was run; NULL: not known, as behind a function of its own */
  int line;
  const char *table;
  guint n;             /* times that it was run */
  const char *message; /* a sentence: the place, the table, and what to write instead */
} CormRepeat;

/* Called on the thread that runs the query; must not use the connection. */
typedef void (*CormRepeatFunc) (const CormRepeat *repeat, gpointer data);

/* For the macros: notes where the next query of @conn is written. Returns @conn. */
CORM_PUBLIC CormConnection *corm_connection_at (CormConnection *conn, const char *file, int line);

G_END_DECLS
