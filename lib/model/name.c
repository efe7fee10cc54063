/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The names of constraints. They end up in databases: what this file makes of a table and a column may never change. */
#include "model/name.h"

#include <string.h>

#define HASH_SIZE 9 /* '_' and eight digits */

/* FNV-1a, 32 bits (draft-eastlake-fnv). */
static guint32
hash_name (const char *name)
{
  guint32 hash = 2166136261u;
  for (; *name != '\0'; name++)
    hash = (hash ^ (guint8) *name) * 16777619u;
  return hash;
}

char *
corm_name_make (const char *prefix, const char *table, const char *rest)
{
  g_autofree char *name = g_strconcat (prefix, "_", table, "_", rest, NULL);
  if (strlen (name) <= CORM_NAME_MAX)
    return g_steal_pointer (&name);

  guint32 hash = hash_name (name);
  gsize size = CORM_NAME_MAX - HASH_SIZE;
  while (((guint8) name[size] & 0xc0) == 0x80) /* never half a character */
    size--;
  name[size] = '\0';
  return g_strdup_printf ("%s_%08x", name, hash);
}
