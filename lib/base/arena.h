/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Memory that is freed in one go: rows, their strings, copied expressions. What an arena gives is aligned for any
 * type and stays where it is until clear or free. */
#pragma once

#include <glib.h>

typedef struct _CormArena CormArena;

CormArena *corm_arena_new (void);
/* Zeroed. */
gpointer corm_arena_alloc (CormArena *arena, gsize size);
/* A copy with a NUL behind it. */
char *corm_arena_copy (CormArena *arena, gconstpointer data, gsize size);
/* Forgets all of it but keeps the first page for the next use. */
void corm_arena_clear (CormArena *arena);
void corm_arena_free (CormArena *arena);
/* The arena whose first block @first is: a row that carries its own arena. Only for the first allocation. */
CormArena *corm_arena_from_first (gpointer first);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormArena, corm_arena_free)
