/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Memory that is freed in one go: rows, their strings, copied expressions. What an arena gives stays where it is
 * until clear or free. Its own header lies in its first block, so a small row with its strings is one malloc.
 * Invariant: next <= end, and end is a multiple of 16. */
#pragma once

#include <glib.h>
#include <string.h>

typedef struct _CormArena CormArena;
typedef struct _CormArenaBlock CormArenaBlock;

/* Open to the eye only for the inline functions below. */
struct _CormArena {
  char *next; /* of the current page */
  char *end;
  CormArenaBlock *blocks; /* beside the first, newest in front */
  gsize page;             /* size of the next page */
  gsize first;            /* size of the first block, this header in it */
  CormArena *self;        /* the word before the first allocation: corm_arena_from_first() */
};

#define CORM_ARENA_ALIGN 16

CormArena *corm_arena_new (void);
/* An arena whose first block has room for @size bytes: an arena for one row. */
CormArena *corm_arena_new_sized (gsize size);
/* Forgets all of it but keeps the first page for the next use. */
void corm_arena_clear (CormArena *arena);
void corm_arena_free (CormArena *arena);
/* The arena whose first allocation @first is: a row that carries its own arena. */
CormArena *corm_arena_from_first (gpointer first);

/* The slow path of the two below: a new page, or a block of its own. Not zeroed. */
gpointer corm_arena_grow (CormArena *arena, gsize size);

/* Not zeroed; @align is a power of two, at most 16. */
static inline gpointer
corm_arena_take (CormArena *arena, gsize size, gsize align)
{
  char *start = (char *) (((guintptr) arena->next + align - 1) & ~(guintptr) (align - 1));
  if (G_UNLIKELY (size > (gsize) (arena->end - start)))
    return corm_arena_grow (arena, size);
  arena->next = start + size;
  return start;
}

/* Zeroed, aligned for any type. */
static inline gpointer
corm_arena_alloc (CormArena *arena, gsize size)
{
  return memset (corm_arena_take (arena, size, CORM_ARENA_ALIGN), 0, size);
}

/* A copy with a NUL behind it. Aligned for any type whose array has @size bytes: text lies packed. */
static inline char *
corm_arena_copy (CormArena *arena, gconstpointer data, gsize size)
{
  gsize align = (size | CORM_ARENA_ALIGN) & -(size | CORM_ARENA_ALIGN);
  char *copy = (char *) corm_arena_take (arena, size + 1, align);
  if (size > 0)
    memcpy (copy, data, size);
  copy[size] = '\0';
  return copy;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormArena, corm_arena_free)
