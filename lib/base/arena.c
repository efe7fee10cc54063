/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Pages and their growth. Every block, the first too, ends its header with a pointer to the arena, so that the first
 * allocation in a block finds its arena one word before itself. */
#include "base/arena.h"

#ifdef CORM_TINY
#define FIRST_PAGE 64
#define LARGEST_PAGE 256
#else
#define FIRST_PAGE 4096
#define LARGEST_PAGE (1024 * 1024)
#endif
/* The address sanitizer sees the ends of blocks only: under it every allocation is a block. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define BLOCK_EACH 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define BLOCK_EACH 1
#endif
#ifndef BLOCK_EACH
#define BLOCK_EACH 0
#endif
#define ROUND_UP(n) (((n) + CORM_ARENA_ALIGN - 1) & ~(gsize) (CORM_ARENA_ALIGN - 1))

struct _CormArenaBlock {
  CormArenaBlock *next;
  CormArena *arena;
};

G_STATIC_ASSERT (sizeof (CormArena) % CORM_ARENA_ALIGN == 0);
G_STATIC_ASSERT (sizeof (CormArenaBlock) % CORM_ARENA_ALIGN == 0);
G_STATIC_ASSERT (FIRST_PAGE > sizeof (CormArena));
G_STATIC_ASSERT (offsetof (CormArena, self) == sizeof (CormArena) - sizeof (gpointer));

static CormArena *
arena_with_room (gsize room)
{
  gsize size = sizeof (CormArena) + (BLOCK_EACH ? 0 : room);
  CormArena *arena = g_malloc (size);
  arena->next = (char *) (arena + 1);
  arena->end = (char *) arena + size;
  arena->blocks = NULL;
  arena->page = 2 * FIRST_PAGE;
  arena->first = size;
  arena->self = arena;
  return arena;
}

CormArena *
corm_arena_new (void)
{
  return arena_with_room (FIRST_PAGE - sizeof (CormArena));
}

CormArena *
corm_arena_new_sized (gsize size)
{
  g_assert (size < G_MAXSIZE / 2);
  return arena_with_room (ROUND_UP (size));
}

static char *
add_block (CormArena *arena, gsize room)
{
  CormArenaBlock *block = g_malloc (sizeof (CormArenaBlock) + room);
  block->next = arena->blocks;
  block->arena = arena;
  arena->blocks = block;
  return (char *) (block + 1);
}

gpointer
corm_arena_grow (CormArena *arena, gsize size)
{
  /* A size so near to the end of the address space is a sum that overflowed. */
  g_assert (size < G_MAXSIZE / 2);
  if (BLOCK_EACH || size > arena->page / 4)
    return add_block (arena, size);
  gsize room = arena->page - sizeof (CormArenaBlock);
  char *start = add_block (arena, room);
  arena->next = start + size;
  arena->end = start + room;
  arena->page = MIN (arena->page * 2, (gsize) LARGEST_PAGE);
  return start;
}

static void
free_blocks (CormArena *arena)
{
  for (CormArenaBlock *block = arena->blocks, *next; block != NULL; block = next) {
    next = block->next;
    g_free (block);
  }
}

void
corm_arena_clear (CormArena *arena)
{
  free_blocks (arena);
  arena->next = (char *) (arena + 1);
  arena->end = (char *) arena + arena->first;
  arena->blocks = NULL;
  arena->page = 2 * FIRST_PAGE;
}

void
corm_arena_free (CormArena *arena)
{
  if (arena == NULL)
    return;
  free_blocks (arena);
  g_free (arena);
}

CormArena *
corm_arena_from_first (gpointer first)
{
  return ((CormArena **) first)[-1];
}
