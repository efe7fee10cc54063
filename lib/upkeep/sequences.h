/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Sequences that are behind their column, for the look and for the mend. */
#pragma once

#include "upkeep/look.h"

typedef struct {
  const CormTable *table;
  const CormTableColumn *column;
  const CormNextKey *key;
  gint64 last; /* key that is taken */
  char *sql;   /* that sets what is behind it */
} CormLate;

typedef gboolean (*CormLateFunc) (CormLook *look, const CormLate *late, gpointer data, GError **error);

/* Calls @late for each; stops where it returns FALSE. */
gboolean corm_sequences_each_late (CormLook *look, const GPtrArray *tables, CormLateFunc late, gpointer data,
                                   GError **error);
