/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Games of a program with a session: what every move must keep, and how many are played. A game has a log of its moves. */
#pragma once

#include "../lib/suite.h"
#include "../property/random.h"

#define need(game, what) \
  do { \
    if (!(what)) \
      fail_msg ("line %d: %s; what was done:%s", __LINE__, #what, (game)->log->str); \
  } while (0)

#define works(game, call) \
  do { \
    g_autoptr (GError) failure = NULL; \
    GError **error = &failure; \
    if (!(call)) \
      fail_msg ("line %d: %s; what was done:%s", __LINE__, failure != NULL ? failure->message : "?", \
                (game)->log->str); \
  } while (0)

static guint64
games_number (const char *variable, guint64 otherwise)
{
  const char *text = g_getenv (variable);
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

/* CORM_TEST_SESSIONS of them (100), fifty times as many on SQLite, where one is quick; from CORM_TEST_SEED (1). */
static void
games_play (Suite *suite, void (*play) (Suite *suite, guint64 seed))
{
  guint64 first = games_number ("CORM_TEST_SEED", 1), n = games_number ("CORM_TEST_SESSIONS", 100);
  if (strcmp (suite->backend, "sqlite3") == 0)
    n *= 50;
  for (guint64 seed = first; seed < first + n; seed++)
    play (suite, seed);
}
