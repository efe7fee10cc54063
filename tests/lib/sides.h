/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Two empty databases, each of whichever backend, for tests that move one into the other. */
#pragma once

#include "place.h"
#include "suite.h"

typedef enum { SIDE_SQLITE3, SIDE_PGSQL, SIDE_MYSQL, N_SIDES } Side;

typedef struct {
  CormDb *source, *target;
  CormConnection *from, *to;
} Sides;

static Places *sides_places[N_SIDES];
static guint sides_wait_ms; /* for a lock, of what is opened next; 0: as usual */

static inline CormDb *
sides_open (Side side)
{
  const CormDbOptions roomy = { .pool_size = 6, .busy_timeout_ms = sides_wait_ms };
  const char *missing = NULL;
  CormDb *db = NULL;
  if (sides_places[side] == NULL)
    sides_places[side] = places_new (side, &missing);
  if (sides_places[side] == NULL) {
    print_message ("# skip %s\n", missing);
    return NULL;
  }
  g_autofree char *uri = places_take (sides_places[side]);
  places_forget (sides_places[side]);
  assert_ok ((db = corm_db_open_full (uri, NULL, &roomy, error)) != NULL);
  return db;
}

static inline void
sides_clear (Sides *sides)
{
  g_clear_pointer (&sides->from, corm_connection_free);
  g_clear_pointer (&sides->to, corm_connection_free);
  g_clear_pointer (&sides->source, corm_db_free);
  g_clear_pointer (&sides->target, corm_db_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sides, sides_clear)

/* FALSE: one of the backends is not here, which was said. */
static inline gboolean
sides_begin (Sides *sides, Side from, Side to)
{
  sides->source = sides_open (from);
  sides->target = sides->source != NULL ? sides_open (to) : NULL;
  if (sides->target == NULL)
    return FALSE;
  sides->from = suite_connect (sides->source);
  sides->to = suite_connect (sides->target);
  return TRUE;
}

static inline void
sides_end (void)
{
  for (guint i = 0; i < N_SIDES; i++)
    g_clear_pointer (&sides_places[i], places_free);
}

/* A statement, ended by NULL. */
static inline void
sides_run (CormConnection *conn, const char *const *statements)
{
  for (; *statements != NULL; statements++)
    suite_sql (conn, *statements);
}

static inline CormPortReport *
sides_port (Sides *sides, const CormPortOptions *options)
{
  CormPortReport *report = NULL;
  assert_ok ((report = corm_port (sides->source, sides->target, options, error)) != NULL);
  return report;
}

/* The first line with @part in it; NULL: there is none. */
static inline const char *
sides_find_line (GPtrArray *lines, const char *part)
{
  for (guint i = 0; i < lines->len; i++)
    if (strstr (g_ptr_array_index (lines, i), part) != NULL)
      return g_ptr_array_index (lines, i);
  return NULL;
}

/* Some line has both. */
static inline void
sides_assert_line (GPtrArray *lines, const char *part, const char *also)
{
  for (guint i = 0; i < lines->len; i++)
    if (strstr (g_ptr_array_index (lines, i), part) != NULL &&
        strstr (g_ptr_array_index (lines, i), also) != NULL)
      return;
  for (guint i = 0; i < lines->len; i++)
    print_message ("#   %s\n", (char *) g_ptr_array_index (lines, i));
  fail_msg ("no line has '%s' and '%s'", part, also);
}

static inline const CormTableReport *
sides_find_report (const CormPortReport *report, const char *name)
{
  for (guint i = 0; i < report->tables->len; i++)
    if (strcmp (((const CormTableReport *) g_ptr_array_index (report->tables, i))->table, name) == 0)
      return g_ptr_array_index (report->tables, i);
  return NULL;
}

/* All that was compared is equal; else says what is not. */
static inline void
sides_assert_equal (const CormPortReport *report)
{
  for (guint i = 0; i < report->tables->len; i++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, i);
    for (guint k = 0; k < table->differences->len; k++)
      print_message ("# %s: %s\n", table->table, (char *) g_ptr_array_index (table->differences, k));
  }
  assert_true (report->equal);
}
