/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Versions, their order, and the targets that people give. */
#include "evolve/migration.h"

#include <string.h>

gboolean
corm_version_is_valid (const char *version)
{
  gboolean digit = FALSE;
  for (const char *p = version; *p != '\0'; p++) {
    if (!g_ascii_isdigit (*p) && (*p != '.' || !digit))
      return FALSE;
    digit = *p != '.';
  }
  return digit && strlen (version) <= 100;
}

/* The number at *@p without its leading zeros; *@p is moved behind it and behind a dot. */
static const char *
next_number (const char **p, gsize *size)
{
  const char *start = *p + strspn (*p, "0");
  *size = strspn (start, "0123456789");
  *p = start + *size;
  *p += **p == '.';
  return start;
}

int
corm_version_compare (const char *a, const char *b)
{
  while (*a != '\0' || *b != '\0') {
    gsize a_size, b_size;
    const char *x = next_number (&a, &a_size), *y = next_number (&b, &b_size);
    int order = a_size != b_size ? (a_size > b_size) - (a_size < b_size) : strncmp (x, y, a_size);
    if (order != 0)
      return order;
  }
  return 0;
}

CormMigration *
corm_migrations_find (const CormMigrations *set, const char *version)
{
  for (guint i = 0; i < set->all->len; i++) {
    CormMigration *migration = set->all->pdata[i];
    if (corm_version_compare (migration->version, version) == 0)
      return migration;
  }
  return NULL;
}

gboolean
corm_migrations_add (CormMigrations *set, CormMigration *migration, GError **error)
{
  guint at = set->all->len;
  while (at > 0) {
    const CormMigration *other = set->all->pdata[at - 1];
    int order = corm_version_compare (other->version, migration->version);
    if (order == 0) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "%s and %s have one version, %s: give the later one the next version (corm merge does it)",
                   corm_migration_describe (other), corm_migration_describe (migration), migration->version);
      corm_migration_free (migration);
      return FALSE;
    }
    if (order < 0)
      break;
    at--;
  }
  g_ptr_array_insert (set->all, (int) at, migration);
  return TRUE;
}

static gboolean
refuse (GError **error, const char *target, const char *why)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "the target '%s' %s; a target is a version, the beginning of one, head, base, +N or -N",
               target, why);
  return FALSE;
}

/* From the newest of @applied so many steps on, over what is in the set. */
static gboolean
count_on (const CormMigrations *set, const GPtrArray *applied, const char *target, const char **version,
          GError **error)
{
  char *end = NULL;
  guint64 n = g_ascii_strtoull (target + 1, &end, 10);
  if (!g_ascii_isdigit (target[1]) || *end != '\0' || n == 0)
    return refuse (error, target, "is no number of steps");
  if (target[0] == '-') {
    if (n > applied->len)
      return refuse (error, target, "reaches further back than the first migration");
    *version = n < applied->len ? applied->pdata[applied->len - 1 - n] : NULL;
    return TRUE;
  }
  const char *from = applied->len > 0 ? applied->pdata[applied->len - 1] : NULL;
  for (guint i = 0; i < set->all->len && n > 0; i++) {
    const CormMigration *migration = set->all->pdata[i];
    if (from == NULL || corm_version_compare (migration->version, from) > 0) {
      *version = migration->version;
      n--;
    }
  }
  return n == 0 || refuse (error, target, "reaches further than the last migration");
}

static gboolean
find_beginning (const CormMigrations *set, const char *target, const char **version, GError **error)
{
  const CormMigration *exact = corm_version_is_valid (target) ? corm_migrations_find (set, target) : NULL;
  guint n = 0;
  for (guint i = 0; exact == NULL && i < set->all->len; i++) {
    const CormMigration *migration = set->all->pdata[i];
    if (g_str_has_prefix (migration->version, target)) {
      *version = migration->version;
      n++;
    }
  }
  if (exact != NULL)
    *version = exact->version;
  return exact != NULL || n == 1 ||
         refuse (error, target,
                 n == 0 ? "is none of the migrations" : "is the beginning of several versions");
}

gboolean
corm_migrations_resolve (const CormMigrations *set, const GPtrArray *applied, const char *target,
                         const char **version, GError **error)
{
  *version = NULL;
  if (strcmp (target, "base") == 0)
    return TRUE;
  if (strcmp (target, "head") == 0) {
    if (set->all->len > 0)
      *version = ((const CormMigration *) set->all->pdata[set->all->len - 1])->version;
    return TRUE;
  }
  if (target[0] == '+' || target[0] == '-')
    return count_on (set, applied, target, version, error);
  return target[0] != '\0' ? find_beginning (set, target, version, error)
                           : refuse (error, target, "is empty");
}
