/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Numbers out of a seed: the same seed gives the same schemas and rows on every machine (splitmix64, Steele, Lea and
 * Flood, OOPSLA 2014). */
#pragma once

#include <glib.h>

typedef struct {
  guint64 state;
} Random;

static inline guint64
random_mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline guint64
random_next (Random *random)
{
  random->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return random_mix (random->state);
}

/* 0 … n - 1 */
static inline guint
random_below (Random *random, guint n)
{
  return n > 0 ? (guint) (random_next (random) % n) : 0;
}

static inline gboolean
random_chance (Random *random, guint percent)
{
  return random_below (random, 100) < percent;
}

/* One of an array that is ended by NULL. */
static inline const char *
random_word (Random *random, const char *const *words)
{
  guint n = 0;
  while (words[n] != NULL)
    n++;
  return words[random_below (random, n)];
}

/* The same for the same names, whatever else there is: a part that is left out changes no other part's rows. */
static inline guint64
random_hash (guint64 seed, const char *a, const char *b)
{
  guint64 hash = random_mix (seed + 1);
  for (; *a != '\0'; a++)
    hash = random_mix (hash ^ (guchar) *a);
  hash = random_mix (hash + 7);
  for (; b != NULL && *b != '\0'; b++)
    hash = random_mix (hash ^ (guchar) *b);
  return hash;
}
